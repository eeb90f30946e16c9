//! A layered layout for graphs of computations, after Sugiyama, Tagawa and Toda (1981).
//!
//! Three steps, each linear or `n log n` in the number of boxes and arrows, and none of them recursive:
//!
//! 1. [`ranks`]: a box stands one layer after the last of its operands (longest path), and what has no
//!    operands stands right before its first use;
//! 2. the order within each layer starts as the operands are written and then loses crossings, by
//!    barycentres and by exchanging neighbours (`order`);
//! 3. coordinates draw every box towards its neighbours without disturbing the order (`place`).
//!
//! [`layout`] runs left to right or top down, whichever shows the picture larger on a page.

pub(crate) mod constants;
mod order;
mod place;
#[cfg(test)]
mod tests;

/// The page whose shape decides between left to right and top down.
const PAGE: (f64, f64) = (1200.0, 800.0);

/// A box to lay out: its size and the layer it stands in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    /// The width, in the unit of all coordinates (a CSS pixel in the SVG).
    pub width: f64,
    /// The height.
    pub height: f64,
    /// The layer, from 0. See [`ranks`].
    pub rank: usize,
}

/// An arrow: box `from` is operand number `slot` of box `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The operand.
    pub from: usize,
    /// The box that uses it.
    pub to: usize,
    /// The place among the operands of `to`, from 0.
    pub slot: usize,
}

/// Which way the layers follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Left to right.
    Right,
    /// Top down.
    Down,
}

/// A point of the picture: `x` grows to the right, `y` downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// A picture with coordinates, whose left upper corner is the origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Which way the layers follow each other.
    pub direction: Direction,
    /// The width of the picture.
    pub width: f64,
    /// The height of the picture.
    pub height: f64,
    /// The centre of each item.
    pub centres: Vec<Point>,
    /// The way of each link, from the border of its operand to the border of its user. The segments take
    /// turns: along a layer, across the gap to the next one, along that layer, and so on.
    pub routes: Vec<Vec<Point>>,
}

/// The layer of each of `count` boxes: one more than the last of its operands; without operands, one
/// less than its first user.
///
/// # Panics
///
/// When a link does not lead from a smaller to a larger number: boxes come in topological order.
pub fn ranks(count: usize, links: &[Link]) -> Vec<usize> {
    let mut operands: Vec<Vec<usize>> = vec![Vec::new(); count];
    for link in links {
        assert!(link.from < link.to, "box {} uses box {}, which does not precede it", link.to, link.from);
        operands[link.to].push(link.from);
    }
    let mut ranks = vec![0; count];
    for (index, operands) in operands.iter().enumerate() {
        ranks[index] = operands.iter().map(|&operand| ranks[operand] + 1).max().unwrap_or(0);
    }
    let mut first_use = vec![usize::MAX; count];
    for link in links {
        first_use[link.from] = first_use[link.from].min(ranks[link.to]);
    }
    for index in 0..count {
        if operands[index].is_empty() && first_use[index] != usize::MAX {
            ranks[index] = first_use[index] - 1;
        }
    }
    ranks
}

/// Gives every item and link its place.
///
/// The same items and links always give the same picture. No two items overlap, and no link runs through
/// an item.
///
/// # Panics
///
/// When a link does not lead to a later layer.
pub fn layout(items: &[Item], links: &[Link]) -> Layout {
    let layers = order::Layers::new(items, links);
    let right = place::place(items, links, &layers, Direction::Right);
    let down = place::place(items, links, &layers, Direction::Down);
    let scale = |layout: &Layout| (PAGE.0 / layout.width).min(PAGE.1 / layout.height).min(1.0);
    if scale(&right) >= scale(&down) { right } else { down }
}

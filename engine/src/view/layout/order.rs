//! Layers, and the order within them that keeps crossings few.

use super::constants::{EXCHANGES, PATIENCE, SWEEPS};
use super::{Item, Link};

/// Items and the bends of long links, in layers. Vertices below the number of items are the items; the
/// others are bends: a link that passes through a layer has one there.
pub(super) struct Layers {
    /// The vertices of each layer, in order.
    pub rows: Vec<Vec<usize>>,
    /// The vertices that each vertex is reached from, with the slot they enter at.
    pub before: Vec<Vec<(usize, usize)>>,
    /// The vertices that each vertex leads to, with the slot it enters them at.
    pub after: Vec<Vec<(usize, usize)>>,
    /// The bends of each link, from operand to user.
    pub bends: Vec<Vec<usize>>,
    /// The place of each vertex in its layer.
    position: Vec<usize>,
}

impl Layers {
    /// Splits long links, puts the vertices in the order of their operands, and removes crossings.
    pub fn new(items: &[Item], links: &[Link]) -> Self {
        let depth = items.iter().map(|item| item.rank + 1).max().unwrap_or(0);
        let mut graph = Layers {
            rows: vec![Vec::new(); depth],
            before: vec![Vec::new(); items.len()],
            after: vec![Vec::new(); items.len()],
            bends: Vec::with_capacity(links.len()),
            position: Vec::new(),
        };
        for link in links {
            graph.connect(items, link);
        }
        graph.start(items, links);
        graph.improve();
        graph
    }

    /// Whether no link starts or ends at this vertex.
    pub fn is_alone(&self, vertex: usize) -> bool {
        self.before[vertex].is_empty() && self.after[vertex].is_empty()
    }

    /// Adds a link with a bend in every layer between its ends.
    fn connect(&mut self, items: &[Item], link: &Link) {
        let (first, last) = (items[link.from].rank, items[link.to].rank);
        assert!(first < last, "{link:?} leads backwards");
        let mut bends = Vec::with_capacity(last - first - 1);
        let mut end = link.from;
        for _ in first + 1..last {
            let bend = self.before.len();
            self.before.push(vec![(end, 0)]);
            self.after.push(Vec::new());
            self.after[end].push((bend, 0));
            bends.push(bend);
            end = bend;
        }
        self.before[link.to].push((end, link.slot));
        self.after[end].push((link.to, link.slot));
        self.bends.push(bends);
    }

    /// Fills the layers as a reader of the expression would: operands in order, then their user.
    fn start(&mut self, items: &[Item], links: &[Link]) {
        let mut incoming: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
        for (number, link) in links.iter().enumerate() {
            incoming[link.to].push(number);
        }
        for numbers in &mut incoming {
            numbers.sort_by_key(|&number| links[number].slot);
        }
        self.position = vec![usize::MAX; self.before.len()];
        let sinks = (0..items.len()).filter(|&item| self.after[item].is_empty());
        // A depth-first walk with a stack of its own: an item and how many of its links are done.
        for sink in sinks.collect::<Vec<_>>() {
            let mut stack = vec![(sink, 0)];
            while let Some((item, done)) = stack.pop() {
                if done > 0 {
                    self.append_bends(items, links, incoming[item][done - 1]);
                }
                if let Some(&next) = incoming[item].get(done) {
                    stack.push((item, done + 1));
                    if self.position[links[next].from] == usize::MAX {
                        self.position[links[next].from] = 0; // on the stack: not to be pushed again
                        stack.push((links[next].from, 0));
                    }
                } else {
                    self.append(item, items[item].rank);
                }
            }
        }
    }

    fn append_bends(&mut self, items: &[Item], links: &[Link], number: usize) {
        let first = items[links[number].from].rank + 1;
        for step in 0..self.bends[number].len() {
            self.append(self.bends[number][step], first + step);
        }
    }

    fn append(&mut self, vertex: usize, rank: usize) {
        self.position[vertex] = self.rows[rank].len();
        self.rows[rank].push(vertex);
    }

    /// Sweeps until crossings stop falling, and keeps the best order met.
    fn improve(&mut self) {
        let mut best = (self.crossings(), self.rows.clone());
        let mut patience = PATIENCE;
        for sweep in 0..SWEEPS {
            if best.0 == 0 || patience == 0 {
                break;
            }
            self.sweep(sweep % 2 == 0);
            self.transpose();
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.rows.clone());
                patience = PATIENCE;
            } else {
                patience -= 1;
            }
        }
        self.rows = best.1;
        self.number_all();
    }

    /// Sorts each layer by the mean position of the neighbours in the layer before (or after) it.
    fn sweep(&mut self, forward: bool) {
        let depth = self.rows.len();
        for step in 1..depth {
            let rank = if forward { step } else { depth - 1 - step };
            let mut layer = std::mem::take(&mut self.rows[rank]);
            let keys: Vec<f64> = layer.iter().map(|&vertex| self.barycentre(vertex, forward)).collect();
            // A stable sort: equal barycentres keep the order that they have.
            layer.sort_by(|&a, &b| keys[self.position[a]].total_cmp(&keys[self.position[b]]));
            self.rows[rank] = layer;
            self.number(rank);
        }
    }

    fn barycentre(&self, vertex: usize, forward: bool) -> f64 {
        let ends = self.ends(vertex, forward);
        if ends.is_empty() {
            return (self.position[vertex] * SLOTS) as f64;
        }
        ends.iter().sum::<usize>() as f64 / ends.len() as f64
    }

    /// Where the links of a vertex end in the layer before or after it, sorted.
    fn ends(&self, vertex: usize, before: bool) -> Vec<usize> {
        let mut ends: Vec<usize> = if before {
            self.before[vertex].iter().map(|&(other, _)| self.position[other] * SLOTS).collect()
        } else {
            self.after[vertex].iter().map(|&(other, slot)| port(self.position[other], slot)).collect()
        };
        ends.sort_unstable();
        ends
    }

    /// Exchanges neighbours wherever that removes crossings on both sides together.
    fn transpose(&mut self) {
        for rank in 0..self.rows.len() {
            let mut progress = true;
            let mut rounds = EXCHANGES;
            while progress && rounds > 0 {
                progress = false;
                rounds -= 1;
                let mut left = self.rows[rank].first().map(|&vertex| self.both_ends(vertex));
                for place in 1..self.rows[rank].len() {
                    let right = self.both_ends(self.rows[rank][place]);
                    let [mut now, mut swapped] = [0, 0];
                    if let Some(left) = &left {
                        now = inversions(&left.0, &right.0) + inversions(&left.1, &right.1);
                        swapped = inversions(&right.0, &left.0) + inversions(&right.1, &left.1);
                    }
                    if swapped < now {
                        self.rows[rank].swap(place - 1, place);
                        progress = true; // `left` has moved to `place`, and stays the left one of the next pair
                    } else {
                        left = Some(right);
                    }
                }
                self.number(rank);
            }
        }
    }

    fn both_ends(&self, vertex: usize) -> (Vec<usize>, Vec<usize>) {
        (self.ends(vertex, true), self.ends(vertex, false))
    }

    /// How many pairs of links cross, over all gaps between layers.
    pub fn crossings(&self) -> usize {
        let mut total = 0;
        for pair in self.rows.windows(2) {
            // Links in the order of their start; each crosses those already counted that end later.
            let mut seen = Counter::new(pair[1].len() * SLOTS);
            for (count, end) in pair[0].iter().flat_map(|&vertex| self.ends(vertex, false)).enumerate() {
                total += count - seen.up_to(end);
                seen.add(end);
            }
        }
        total
    }

    fn number(&mut self, rank: usize) {
        for (position, &vertex) in self.rows[rank].iter().enumerate() {
            self.position[vertex] = position;
        }
    }

    fn number_all(&mut self) {
        (0..self.rows.len()).for_each(|rank| self.number(rank));
    }
}

/// The ports of one vertex, as whole numbers: operations have at most three operands.
const SLOTS: usize = 4;

fn port(position: usize, slot: usize) -> usize {
    position * SLOTS + slot.min(SLOTS - 1)
}

/// How many pairs have an element of `left` greater than one of `right`, both sorted.
fn inversions(left: &[usize], right: &[usize]) -> usize {
    let mut smaller = 0;
    let mut total = 0;
    for end in left {
        while smaller < right.len() && right[smaller] < *end {
            smaller += 1;
        }
        total += smaller;
    }
    total
}

/// Counts numbers and answers how many are at most a bound (a Fenwick tree).
struct Counter(Vec<usize>);

impl Counter {
    fn new(bound: usize) -> Self {
        Counter(vec![0; bound + 1])
    }

    fn add(&mut self, number: usize) {
        let mut index = number + 1;
        while index < self.0.len() {
            self.0[index] += 1;
            index += index & index.wrapping_neg();
        }
    }

    fn up_to(&self, number: usize) -> usize {
        let mut index = number + 1;
        let mut count = 0;
        while index > 0 {
            count += self.0[index];
            index -= index & index.wrapping_neg();
        }
        count
    }
}

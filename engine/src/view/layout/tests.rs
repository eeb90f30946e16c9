//! The invariants of the layout, on random graphs and on small ones whose best picture is known.

use super::order::Layers;
use super::{Direction, Item, Layout, Link, layout, ranks};

/// A pseudo-random number below `bound`: Marsaglia's xorshift, 2003.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}

/// A graph of `count` boxes with up to three operands, mostly from nearby.
fn random(seed: u64, count: usize) -> (Vec<Item>, Vec<Link>) {
    let mut random = Random(seed);
    let mut links = Vec::new();
    for to in 1..count {
        for slot in 0..random.below(4) {
            links.push(Link { from: to - 1 - random.below(to.min(9)), to, slot });
        }
    }
    let ranks = ranks(count, &links);
    let size = |random: &mut Random| (30 + random.below(120)) as f64;
    let items =
        ranks.into_iter().map(|rank| Item { width: size(&mut random), height: size(&mut random), rank });
    (items.collect(), links)
}

fn overlap((a, b): (f64, f64), (c, d): (f64, f64)) -> bool {
    a < d - 1e-6 && c < b - 1e-6
}

/// Left, right, top, bottom of an item.
fn sides(layout: &Layout, items: &[Item], index: usize) -> ((f64, f64), (f64, f64)) {
    let (centre, item) = (layout.centres[index], items[index]);
    let around = |middle: f64, size: f64| (middle - size / 2.0, middle + size / 2.0);
    (around(centre.x, item.width), around(centre.y, item.height))
}

#[test]
fn ranks_rise_along_every_link() {
    for seed in 1..40 {
        let (items, links) = random(seed, 60);
        for link in &links {
            assert!(items[link.from].rank < items[link.to].rank, "{link:?}");
        }
    }
}

#[test]
fn an_operation_follows_its_last_operand_and_an_input_precedes_its_first_use() {
    let link = |from, to, slot| Link { from, to, slot };
    // 0 and 1 make 2; 2 and the input 3 make 4; nothing uses 5.
    let links = [link(0, 2, 0), link(1, 2, 1), link(2, 4, 0), link(3, 4, 1)];
    assert_eq!(ranks(6, &links), [0, 0, 1, 1, 2, 0]);
}

#[test]
#[should_panic(expected = "does not precede it")]
fn links_come_in_topological_order() {
    ranks(2, &[Link { from: 1, to: 0, slot: 0 }]);
}

#[test]
fn boxes_do_not_overlap_and_lie_in_the_picture() {
    for seed in 1..40 {
        let (items, links) = random(seed, 50);
        let layout = layout(&items, &links);
        for a in 0..items.len() {
            let (x, y) = sides(&layout, &items, a);
            assert!(x.0 > -1e-6 && y.0 > -1e-6 && x.1 < layout.width + 1e-6 && y.1 < layout.height + 1e-6);
            for b in 0..a {
                let (u, v) = sides(&layout, &items, b);
                assert!(!(overlap(x, u) && overlap(y, v)), "{a} and {b} overlap with seed {seed}");
            }
        }
    }
}

#[test]
fn links_end_at_their_boxes_and_run_through_no_other() {
    for seed in 1..40 {
        let (items, links) = random(seed, 50);
        let layout = layout(&items, &links);
        for (link, route) in links.iter().zip(&layout.routes) {
            let (start, end) = (route[0], route[route.len() - 1]);
            let (from, to) = (sides(&layout, &items, link.from), sides(&layout, &items, link.to));
            let (leaves, enters) = match layout.direction {
                Direction::Right => (start.x - from.0.1, end.x - to.0.0),
                Direction::Down => (start.y - from.1.1, end.y - to.1.0),
            };
            assert!(leaves.abs() < 1e-6 && enters.abs() < 1e-6);
            // A curve stays in the rectangle that its ends span.
            for pair in route.windows(2) {
                let spans = |a: f64, b: f64| (a.min(b), a.max(b));
                let (x, y) = (spans(pair[0].x, pair[1].x), spans(pair[0].y, pair[1].y));
                for other in (0..items.len()).filter(|&other| other != link.from && other != link.to) {
                    let (u, v) = sides(&layout, &items, other);
                    assert!(!(overlap(x, u) && overlap(y, v)), "{link:?} runs through {other}, seed {seed}");
                }
            }
        }
    }
}

#[test]
fn the_same_graph_gives_the_same_picture() {
    let (items, links) = random(7, 200);
    assert_eq!(layout(&items, &links), layout(&items, &links));
}

#[test]
fn operands_stand_in_their_order() {
    let item = |rank| Item { width: 50.0, height: 30.0, rank };
    let items = [item(0), item(0), item(0), item(1)];
    // The third box is the first operand.
    let links = [2, 0, 1].iter().enumerate().map(|(slot, &from)| Link { from, to: 3, slot });
    let layout = layout(&items, &links.collect::<Vec<_>>());
    let across = |index: usize| match layout.direction {
        Direction::Right => layout.centres[index].y,
        Direction::Down => layout.centres[index].x,
    };
    assert!(across(2) < across(0) && across(0) < across(1));
}

#[test]
fn expression_trees_have_no_crossings() {
    // A balanced tree of 64 leaves, whose leaves are numbered so that neighbours are far apart.
    let mut links = Vec::new();
    let mut level: Vec<usize> = (0..64).map(|leaf| (leaf * 37) % 64).collect();
    let mut count = 64;
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| {
                links.extend(pair.iter().enumerate().map(|(slot, &from)| Link { from, to: count, slot }));
                count += 1;
                count - 1
            })
            .collect();
    }
    let ranks = ranks(count, &links);
    let items: Vec<Item> = ranks.into_iter().map(|rank| Item { width: 40.0, height: 40.0, rank }).collect();
    assert_eq!(Layers::new(&items, &links).crossings(), 0);
}

#[test]
fn crossings_that_can_be_avoided_are() {
    // Two operations share their operands crosswise; a third hangs on each. The start in operand order
    // crosses, another order does not.
    let item = |rank| Item { width: 40.0, height: 40.0, rank };
    let items = [item(0), item(0), item(0), item(1), item(1), item(1)];
    let link = |from, to| Link { from, to, slot: 0 };
    let links = [link(0, 5), link(1, 4), link(2, 3), link(0, 4), link(1, 3)];
    assert_eq!(Layers::new(&items, &links).crossings(), 0);
}

#[test]
fn counted_crossings_are_those_of_every_pair() {
    for seed in 1..20 {
        let (items, links) = random(seed, 40);
        let layers = Layers::new(&items, &links);
        let mut expected = 0;
        for pair in layers.rows.windows(2) {
            let place = |vertex| pair[1].iter().position(|&other| other == vertex).unwrap();
            let ends = |(start, vertex): (usize, &usize)| {
                let ends = layers.after[*vertex].iter();
                ends.map(move |&(other, slot)| (start, (place(other), slot))).collect::<Vec<_>>()
            };
            let all: Vec<_> = pair[0].iter().enumerate().flat_map(ends).collect();
            for a in &all {
                expected += all.iter().filter(|b| a.0 < b.0 && a.1 > b.1).count();
            }
        }
        assert_eq!(layers.crossings(), expected);
    }
}

#[test]
fn large_and_deep_graphs_end() {
    let (items, links) = random(3, 3000);
    let layout = layout(&items, &links);
    assert!(layout.width.is_finite() && layout.height.is_finite());
}

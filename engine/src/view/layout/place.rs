//! Coordinates: every vertex drawn towards its neighbours, in the order that is given.
//!
//! One axis runs *along* the layers' sequence, the other *across* it. Along, layers stand one after the
//! other. Across, each layer solves a small least-squares problem: stay close to where the neighbours
//! want you, keep the order and the distances. That is an isotonic regression, which pooling adjacent
//! violators solves exactly and in linear time (Ayer et al. 1955; Best and Chakravarti 1990).

use super::constants::{ARROW_GAP, BOX_GAP, LAYER_GAP, LONE, ROUNDS, STAY, STRAIGHTNESS};
use super::order::Layers;
use super::{Direction, Item, Layout, Link, Point};

/// Coordinates for items and links in the given direction.
pub(super) fn place(items: &[Item], links: &[Link], layers: &Layers, direction: Direction) -> Layout {
    let across = place_across(items, layers, direction);
    let bands = bands(items, layers, direction);
    let width = bands.last().map_or(0.0, |band| band.1);
    let height = (0..items.len()).map(|item| across[item] + extent(items, item, direction) / 2.0);
    let height = height.chain(across.iter().copied()).fold(0.0, f64::max);
    let point = |along: f64, across: f64| match direction {
        Direction::Right => Point { x: along, y: across },
        Direction::Down => Point { x: across, y: along },
    };
    let middle = |item: &Item| f64::midpoint(bands[item.rank].0, bands[item.rank].1);
    let centres = items.iter().zip(&across).map(|(item, &across)| point(middle(item), across)).collect();
    let mut slots = vec![1; items.len()];
    for link in links {
        slots[link.to] = slots[link.to].max(link.slot + 1);
    }
    let route = |(link, bends): (&Link, &Vec<usize>)| {
        let (from, to) = (&items[link.from], &items[link.to]);
        let entry = across[link.to] + port(extent(items, link.to, direction), link.slot, slots[link.to]);
        let mut route = Vec::with_capacity(4 + 2 * bends.len());
        route.push(point(middle(from) + thickness(from, direction) / 2.0, across[link.from]));
        route.push(point(bands[from.rank].1, across[link.from]));
        for (band, &bend) in bands[from.rank + 1..].iter().zip(bends) {
            route.push(point(band.0, across[bend]));
            route.push(point(band.1, across[bend]));
        }
        route.push(point(bands[to.rank].0, entry));
        route.push(point(middle(to) - thickness(to, direction) / 2.0, entry));
        route
    };
    let routes = links.iter().zip(&layers.bends).map(route).collect();
    let Point { x: width, y: height } = point(width, height);
    Layout { direction, width, height, centres, routes }
}

/// Where each layer begins and ends, along.
fn bands(items: &[Item], layers: &Layers, direction: Direction) -> Vec<(f64, f64)> {
    let mut bands = Vec::with_capacity(layers.rows.len());
    let mut start = 0.0;
    for layer in &layers.rows {
        let real = layer.iter().filter_map(|&vertex| items.get(vertex));
        let end = start + real.map(|item| thickness(item, direction)).fold(0.0, f64::max);
        bands.push((start, end));
        start = end + LAYER_GAP;
    }
    bands
}

/// The size of an item along.
fn thickness(item: &Item, direction: Direction) -> f64 {
    match direction {
        Direction::Right => item.width,
        Direction::Down => item.height,
    }
}

/// The size of a vertex across; bends have none.
fn extent(items: &[Item], vertex: usize, direction: Direction) -> f64 {
    items.get(vertex).map_or(0.0, |item| match direction {
        Direction::Right => item.height,
        Direction::Down => item.width,
    })
}

/// Where operand `slot` of `slots` enters, measured across from the centre.
fn port(extent: f64, slot: usize, slots: usize) -> f64 {
    extent * ((slot + 1) as f64 / (slots + 1) as f64 - 0.5)
}

/// The coordinate of every vertex across; the smallest border is 0.
fn place_across(items: &[Item], layers: &Layers, direction: Direction) -> Vec<f64> {
    let count = layers.before.len();
    let mut slots = vec![1; count];
    for (vertex, before) in layers.before.iter().enumerate() {
        slots[vertex] = before.iter().map(|&(_, slot)| slot + 1).max().unwrap_or(1);
    }
    let extent = |vertex| extent(items, vertex, direction);
    let offset = |vertex, slot| port(extent(vertex), slot, slots[vertex]);
    let pull = |a: usize, b: usize| match (a >= items.len(), b >= items.len()) {
        (true, true) => STRAIGHTNESS,
        _ => 1.0,
    };
    let distance = |pair: &[usize]| {
        let gap = if pair.iter().all(|&vertex| vertex < items.len()) { BOX_GAP } else { ARROW_GAP };
        f64::midpoint(extent(pair[0]), extent(pair[1])) + gap
    };
    let mut across = vec![0.0; count];
    let depth = layers.rows.len();
    for round in 0..ROUNDS {
        // The last round listens to both sides at once, which centres what lies between.
        let (listen_before, listen_after) = (round % 2 == 0, round % 2 == 1);
        let both = round + 1 == ROUNDS;
        for step in 0..depth {
            let layer = &layers.rows[if listen_before { step } else { depth - 1 - step }];
            let wish = |&vertex: &usize| {
                // A weak wish to stay keeps what has no neighbours on this side where it is.
                let (mut sum, mut weight) = (STAY * across[vertex], STAY);
                if listen_before || both {
                    for &(other, slot) in &layers.before[vertex] {
                        sum += pull(vertex, other) * (across[other] - offset(vertex, slot));
                        weight += pull(vertex, other);
                    }
                }
                if listen_after || both {
                    for &(other, slot) in &layers.after[vertex] {
                        sum += pull(vertex, other) * (across[other] + offset(other, slot));
                        weight += pull(vertex, other);
                    }
                }
                (sum / weight, weight)
            };
            let mut wishes: Vec<(f64, f64)> = layer.iter().map(wish).collect();
            gather_lone(&mut wishes, layer.iter().map(|&vertex| layers.is_alone(vertex)));
            let distances: Vec<f64> = layer.windows(2).map(distance).collect();
            for (&vertex, place) in layer.iter().zip(closest_in_order(&wishes, &distances)) {
                across[vertex] = place;
            }
        }
    }
    let start = (0..count).map(|vertex| across[vertex] - extent(vertex) / 2.0).fold(f64::INFINITY, f64::min);
    across.iter().map(|place| place - start).collect()
}

/// Vertices without any neighbour have no wish but to be where the others of their layer are.
fn gather_lone(wishes: &mut [(f64, f64)], lone: impl Iterator<Item = bool>) {
    let lone: Vec<bool> = lone.collect();
    let others = wishes.iter().zip(&lone).filter(|&(_, &lone)| !lone);
    let (count, sum) = others.fold((0.0, 0.0), |(count, sum), (wish, _)| (count + 1.0, sum + wish.0));
    for (wish, lone) in wishes.iter_mut().zip(lone) {
        if lone && count > 0.0 {
            *wish = (sum / count, LONE);
        }
    }
}

/// The places closest to the wishes (place, weight) that keep the distances to the next one: least
/// squares, by pooling adjacent violators.
fn closest_in_order(wishes: &[(f64, f64)], distances: &[f64]) -> Vec<f64> {
    // Without the distances the places only have to be in order.
    let mut offsets = vec![0.0; wishes.len()];
    for (index, distance) in distances.iter().enumerate() {
        offsets[index + 1] = offsets[index] + distance;
    }
    // Pools of neighbours that ended up together: mean, weight, how many.
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (&(wish, weight), offset) in wishes.iter().zip(&offsets) {
        let mut pool = (wish - offset, weight, 1);
        while let Some(last) = pools.pop_if(|last| last.0 > pool.0) {
            let weight = last.1 + pool.1;
            pool = ((last.0 * last.1 + pool.0 * pool.1) / weight, weight, last.2 + pool.2);
        }
        pools.push(pool);
    }
    let means = pools.into_iter().flat_map(|(mean, _, count)| std::iter::repeat_n(mean, count));
    means.zip(&offsets).map(|(mean, offset)| mean + offset).collect()
}

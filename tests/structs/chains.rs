//! Structs in control flow: `match`, `if let`, closures, early returns, `while let`, swaps.

use gradus::{Differentiable, differentiable};

#[derive(Clone, Copy, Debug, Default, PartialEq, Differentiable)]
struct Interval {
    low: f64,
    high: f64,
}

#[differentiable]
impl Interval {
    fn width(&self) -> f64 {
        self.high - self.low
    }

    fn middle(&self) -> f64 {
        0.5 * (self.low + self.high)
    }

    fn contains(&self, x: f64) -> bool {
        self.low <= x && x <= self.high
    }

    fn holds(&self, other: &Interval) -> bool {
        self.contains(other.low) && self.contains(other.high)
    }

    fn lower(self) -> Interval {
        Interval { high: self.middle(), ..self }
    }

    fn upper(self) -> Interval {
        Interval { low: self.middle(), ..self }
    }
}

/// Bisection on a struct; which half, a comparison says.
#[differentiable]
fn bisected(start: Interval, target: f64) -> f64 {
    let mut interval = start;
    for _ in 0..6 {
        let m = interval.middle();
        interval = if m * m > target { interval.lower() } else { interval.upper() };
    }
    interval.middle() + interval.width()
}

case! {
    bisected::BACKEND => Compiled;
    bisected, bisected_grad, bisected_graph;
    with bisection |start: Interval, target: f64| (start, target);
    at (Interval { low: 0.0, high: 3.0 }, 2.0);
}

/// A struct out of a `match`, taken apart by a pattern.
#[differentiable]
fn matched(a: Interval, b: Interval, #[constant] which: u8) -> f64 {
    let chosen = match which {
        0 => a,
        1 => Interval { low: a.low, high: b.high },
        _ => Interval { low: b.low * 2.0, ..b },
    };
    let Interval { low, high: top } = chosen;
    low * top
}

case! {
    matched::BACKEND => Compiled;
    matched, matched_grad, matched_graph;
    with matched_struct |a: Interval, b: Interval| (a, b, 1);
    at (Interval { low: 0.5, high: 3.0 }, Interval { low: -1.0, high: 2.0 });
}

/// A closure that takes and returns structs.
#[differentiable]
fn by_closure(a: Interval, k: f64) -> f64 {
    let widen = |i: Interval, by: f64| Interval { low: i.low - by * k, high: i.high + by };
    let wide = widen(widen(a, 0.1), 0.2);
    wide.width() * wide.low
}

case! {
    by_closure::BACKEND => Compiled;
    by_closure, by_closure_grad, by_closure_graph;
    with closure_over_structs |a: Interval, k: f64| (a, k);
    at (Interval { low: 0.5, high: 3.0 }, 1.5);
}

/// Structs that change places.
#[differentiable]
fn swapped(a: Interval, b: Interval) -> f64 {
    let (mut a, mut b) = (a, b);
    if a.width() > b.width() {
        std::mem::swap(&mut a, &mut b);
    }
    b.low *= 3.0;
    a.width() * 2.0 + b.width()
}

case! {
    swapped::BACKEND => Compiled;
    swapped, swapped_grad, swapped_graph;
    with swapped_structs |a: Interval, b: Interval| (a, b);
    at (Interval { low: 0.5, high: 3.0 }, Interval { low: -1.0, high: 0.2 });
}

/// A stack of structs, popped.
#[differentiable]
fn quadrature(start: Interval, k: f64) -> f64 {
    let mut stack = vec![start];
    let mut sum = 0.0;
    while let Some(interval) = stack.pop() {
        if interval.width() < 0.8 {
            sum += interval.width() * (k * interval.middle()).sin();
        } else {
            stack.push(interval.lower());
            stack.push(interval.upper());
        }
    }
    sum
}

case! {
    quadrature::BACKEND => Graph;
    quadrature, quadrature_grad, quadrature_graph;
    with quadrature_by_stack |start: Interval, k: f64| (start, k);
    at (Interval { low: 0.0, high: 2.0 }, 1.3);
}

/// `fold` over structs, and the widest by `fold` too.
#[differentiable]
fn hull(intervals: &[Interval]) -> f64 {
    let hull = intervals
        .iter()
        .fold(intervals[0], |hull, i| Interval { low: hull.low.min(i.low), high: hull.high.max(i.high) });
    hull.width() * hull.middle()
}

case! {
    hull::BACKEND => Graph;
    hull, hull_grad, hull_graph;
    with hull_of_intervals |intervals: Vec<Interval>| (&intervals);
    at vec![Interval { low: 0.0, high: 1.0 }, Interval { low: -0.5, high: 0.7 }, Interval { low: 0.4, high: 2.0 }];
}

#[differentiable]
fn first_of(intervals: &[Interval]) -> f64 {
    if let Some(first) = intervals.first() { first.width().powi(2) } else { 0.0 }
}

case! {
    first_of::BACKEND => Compiled;
    first_of, first_of_grad, first_of_graph;
    with if_let_first |intervals: Vec<Interval>| (&intervals);
    at vec![Interval { low: 0.0, high: 1.5 }], vec![];
}

/// A struct in a tuple that is changed part by part.
#[differentiable]
fn in_tuple(pair: (Interval, f64)) -> f64 {
    let mut pair = pair;
    pair.0.low += pair.1;
    pair.1 *= pair.0.high;
    let (interval, k) = pair;
    interval.width() * k
}

case! {
    in_tuple::BACKEND => Graph;
    in_tuple, in_tuple_grad, in_tuple_graph;
    with tuple_with_struct |pair: (Interval, f64)| (pair);
    at (Interval { low: 0.5, high: 3.0 }, 1.5);
}

/// Which predicates hold, numbers and structs say that carry gradients.
#[differentiable]
fn where_it_lies(a: Interval, b: &Interval, x: f64) -> f64 {
    let mut sum = x * a.low;
    if a.contains(x) {
        sum += a.high * x;
    }
    if a.contains(0.25) && b.contains(x * x) {
        sum *= b.low;
    }
    if a.holds(b) { sum * b.high } else { sum - b.low }
}

case! {
    where_it_lies::BACKEND => Compiled;
    where_it_lies, where_it_lies_grad, where_it_lies_graph;
    with predicates_of_active_arguments |a: Interval, b: Interval, x: f64| (a, &b, x);
    at (Interval { low: 0.0, high: 3.0 }, Interval { low: 0.5, high: 2.5 }, 1.3),
        (Interval { low: 0.5, high: 3.0 }, Interval { low: -0.5, high: 1.0 }, 0.7),
        (Interval { low: 0.1, high: 1.1 }, Interval { low: 0.2, high: 1.0 }, 2.0);
}

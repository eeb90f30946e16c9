//! Structs in which numbers and data of many types are beside each other: texts, enums, indices, flags.

use gradus::{Differentiable, differentiable, stop_gradient};
use std::ops::Add;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Left,
    Right,
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Labelled {
    weights: Vec<f64>,
    name: String,
    #[constant]
    side: Side,
    count: usize,
    factor: f64,
    is_open: bool,
    tags: Vec<String>,
}

#[differentiable]
impl Labelled {
    /// Data is moved and copied from one to the other.
    fn scaled(&self, k: f64) -> Labelled {
        Labelled {
            weights: vec![self.weights[0] * k],
            name: self.name.clone(),
            side: self.side,
            count: self.count + 1,
            factor: self.factor,
            is_open: !self.is_open,
            tags: self.tags.clone(),
        }
    }

    /// Field after field.
    fn become_like(&mut self, other: &Labelled) {
        self.name = other.name.clone();
        self.side = other.side;
        self.count = other.count;
        self.factor *= other.factor;
        self.weights = other.weights.clone();
    }

    /// Some fields of another, and the rest of this one.
    fn with(&self, other: Labelled) -> Labelled {
        Labelled { name: other.name, side: other.side, factor: other.factor, ..self.clone() }
    }

    /// What it is worth depends on its data.
    fn worth(&self) -> f64 {
        let sign = match self.side {
            Side::Left => -1.0,
            Side::Right => 1.0,
        };
        let mut sum = sign * self.factor;
        for _ in 0..self.count {
            sum *= self.weights[0];
        }
        if self.is_open { sum } else { 0.5 * sum }
    }
}

#[differentiable]
impl Add for Labelled {
    type Output = Labelled;
    fn add(self, other: Labelled) -> Labelled {
        Labelled {
            weights: vec![self.weights[0] + other.weights[0]],
            name: self.name,
            side: other.side,
            count: self.count,
            factor: other.factor,
            is_open: other.is_open,
            tags: self.tags,
        }
    }
}

fn labelled(weight: f64, side: Side) -> Labelled {
    Labelled {
        weights: vec![weight],
        name: format!("weight {weight}"),
        side,
        count: 2,
        factor: 1.5,
        is_open: weight > 1.0,
        tags: vec!["a".to_owned(), "b".to_owned()],
    }
}

case! {
    Labelled::WORTH_BACKEND => Compiled;
    Labelled::worth, Labelled::worth_grad, Labelled::worth_graph;
    with worth_by_data |thing: Labelled| (&thing);
    at labelled(1.2, Side::Left), labelled(0.8, Side::Right);
}

#[differentiable]
fn handed_on(a: Labelled, #[constant] b: Labelled, k: f64) -> f64 {
    let other = b.clone();
    let sum = a + b;
    let mut last = sum.scaled(k) + other;
    let with = last.with(sum.clone());
    last.become_like(&with);
    last.weights[0] * k * last.factor + last.worth()
}

case! {
    handed_on::BACKEND => Compiled;
    handed_on, handed_on_grad, handed_on_graph;
    with data_that_is_handed_on |a: Labelled, k: f64| (a, labelled(0.7, Side::Right), k);
    at (labelled(1.2, Side::Left), 1.3), (labelled(0.8, Side::Right), 0.6);
}

/// Flags and counts of elements decide.
#[differentiable]
fn open_ones(things: &[Labelled], k: f64) -> f64 {
    let mut sum = 0.0;
    for thing in things {
        if thing.is_open && thing.count > 1 {
            sum += thing.factor * k;
        } else if thing.side == Side::Left {
            sum += thing.weights[0];
        }
        if !thing.is_open {
            sum *= thing.factor;
        }
    }
    sum
}

case! {
    open_ones::BACKEND => Compiled;
    open_ones, open_ones_grad, open_ones_graph;
    with flags_of_elements |things: Vec<Labelled>, k: f64| (&things, k);
    at (vec![labelled(1.2, Side::Left), labelled(0.8, Side::Right), labelled(0.3, Side::Left)], 1.3);
}

#[test]
fn gradients_hold_the_data() {
    let (_, (gradient, _)) = handed_on_grad(labelled(1.2, Side::Left), labelled(0.7, Side::Right), 1.3);
    let expected =
        Labelled { weights: gradient.weights.clone(), factor: gradient.factor, ..labelled(1.2, Side::Left) };
    assert_eq!(gradient, expected);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Contract {
    price: f64,
    #[constant]
    calls: u32,
    #[constant]
    is_open: bool,
    #[constant]
    lots: (i8, u16),
}

#[differentiable]
impl Contract {
    /// Integers of fields become numbers, also by way of a variable.
    fn worth(&self, x: f64) -> f64 {
        let calls = self.calls;
        self.price * f64::from(self.calls)
            + f64::from(self.lots.1) * x
            + f64::from(calls) * f64::from(self.is_open)
    }
}

#[differentiable]
impl Add for Contract {
    type Output = Contract;
    fn add(self, other: Contract) -> Contract {
        Contract { price: self.price * f64::from(other.calls) + other.price, ..self }
    }
}

#[differentiable]
fn all_contracts(contracts: &[Contract], x: f64) -> f64 {
    let sum = contracts[0] + contracts[1];
    contracts.iter().map(|contract| f64::from(contract.calls) * x * contract.price).sum::<f64>()
        + sum.price * f64::from(x)
}

case! {
    all_contracts::BACKEND => Compiled;
    all_contracts, all_contracts_grad, all_contracts_graph;
    with integers_of_fields |contracts: Vec<Contract>, x: f64| (&contracts, x);
    at (vec![
        Contract { price: 1.2, calls: 2, is_open: true, lots: (1, 3) },
        Contract { price: 0.7, calls: 3, is_open: false, lots: (-1, 4) },
    ], 1.3);
}

#[test]
fn integers_of_fields_become_numbers() {
    let contract = Contract { price: 3.0, calls: 2, is_open: true, lots: (1, 4) };
    let (value, (gradient, x)) = contract.worth_grad(0.5);
    assert_eq!((value, gradient, x), (10.0, Contract { price: 2.0, ..contract }, 4.0));
}

const TABLE: [f64; 2] = [0.5, 1.5];

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Pair {
    x: f64,
    y: f64,
}

/// Structs in which nothing is active but what is stopped.
#[differentiable]
impl Pair {
    fn turned(&self, k: f64) -> Self {
        Pair { x: stop_gradient(if TABLE.len() == 3 { k } else { self.x * k }), y: TABLE[1] }
    }
}

#[differentiable]
impl Add for Pair {
    type Output = Pair;
    fn add(self, other: Pair) -> Pair {
        Pair { x: 0.77, y: stop_gradient(TABLE[1] + other.y) }
    }
}

#[differentiable]
fn stopped_in_literals(pair: Pair, x: f64) -> f64 {
    let other = Pair { x: stop_gradient(x) * 2.0, y: 1.0 };
    let sum = pair + other;
    sum.x * x + sum.y * pair.x + other.x * pair.y + pair.turned(x).x * x
}

#[test]
fn what_is_stopped_goes_into_literals() {
    let (value, (pair, x)) = stopped_in_literals_grad(Pair { x: 3.0, y: 2.0 }, 1.5);
    assert!((value - 21.405).abs() < 1e-12 && (x - 5.27).abs() < 1e-12, "{value} {x}");
    assert_eq!(pair, Pair { x: 2.5, y: 3.0 });
    assert_eq!(stopped_in_literals_graph(Pair { x: 3.0, y: 2.0 }, 1.5).value(), value);
    assert!(matches!(stopped_in_literals::BACKEND, gradus::Backend::Compiled));
}

//! Every rule of the table against `tests/reference/ops.csv`, which mpmath has computed with 2,400 bits.

use gradus::Op;
use gradus::ops::{Kind, Read};
use std::collections::BTreeMap;

/// A line of the reference.
struct Point {
    op: Op,
    operands: Vec<f64>,
    /// Of functions of our own.
    value: Option<f64>,
    /// `None` where the table has no rule.
    partials: Vec<Option<f64>>,
}

fn reference() -> Vec<Point> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/reference/ops.csv");
    let text = std::fs::read_to_string(path).expect(path);
    let number = |text: &str| text.parse::<f64>().expect("a number");
    let point = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let op = Op::ALL.iter().copied().find(|op| op.name() == cells[0]).expect(line);
        let operands: Vec<f64> = cells[1].split(' ').map(number).collect();
        let partials = cells[3].split(' ').map(|cell| (cell != "-").then(|| number(cell))).collect();
        let value = (!cells[2].is_empty()).then(|| number(cells[2]));
        Point { op, operands, value, partials }
    };
    text.lines().filter(|line| !line.starts_with('#')).map(point).collect()
}

/// The distance from a number to the next one: the unit in its last place.
fn unit(x: f64) -> f64 {
    let x = x.abs().min(f64::MAX.next_down());
    x.next_up() - x
}

/// How many units in the last place a partial may be off: of itself, and in saturation of the output.
struct Bound {
    own: f64,
    saturated: f64,
}

/// The bounds that the table's documentation states. "A few" is four.
fn bound(op: Op, operands: &[f64], y: f64) -> Bound {
    let mut bound = Bound { own: 4.0, saturated: 0.0 };
    match op {
        Op::ExpM1 | Op::Sigmoid => bound.saturated = 1.0,
        Op::Tanh => bound.saturated = 2.0,
        // The exponent of the exponential is rounded: |u| units.
        Op::Gelu if operands[0] < -1.0 => {
            let a = operands[0].abs();
            bound.own += 2.0 * 0.8 * (a + 0.044715 * a * a * a);
        }
        Op::Powi => bound.own += operands[1].abs(),
        _ => {}
    }
    if let Some(made_of) = made_of_subnormal(op, operands, y) {
        bound.own *= 1.0 + unit(made_of) / made_of.abs() / f64::EPSILON;
    }
    bound
}

/// The subnormal number that a value and a partial are made of, if they are: they have no more digits than that.
fn made_of_subnormal(op: Op, operands: &[f64], y: f64) -> Option<f64> {
    let made_of = match op {
        // The logistic function.
        Op::Silu | Op::Gelu => y / operands[0],
        _ if (0..op.arity()).any(|k| op.reads(k).contains(&Read::Y)) => y,
        _ => return None,
    };
    made_of.is_subnormal().then_some(made_of)
}

/// What an error is measured against: the reference, or the larger of two terms of which it is the sum.
fn scale(op: Op, operands: &[f64], y: f64, reference: f64) -> f64 {
    match op {
        Op::Silu | Op::Gelu if operands[0] < 0.0 && operands[0] > -2.0 => {
            reference.abs().max((y / operands[0]).abs())
        }
        _ => reference,
    }
}

/// The largest errors of one rule.
#[derive(Default)]
struct Largest {
    points: usize,
    /// In units of the last place of the partial, where that is what holds.
    own: f64,
    /// In units of the last place of the output, where only that holds.
    saturated: f64,
    wrong: Vec<String>,
}

#[test]
fn partials_are_those_of_higher_precision() {
    let mut largest: BTreeMap<(&str, usize), Largest> = BTreeMap::new();
    for Point { op, operands, partials, .. } in reference() {
        let y = op.value(&operands);
        let active: Vec<bool> = partials.iter().map(Option::is_some).collect();
        let computed = op.partials(&operands, y, &active);
        let bound = bound(op, &operands, y);
        for (k, reference) in partials.iter().enumerate() {
            let Some(reference) = *reference else {
                assert_eq!(computed[k], 0.0);
                continue;
            };
            let ours = computed[k];
            let entry = largest.entry((op.name(), k)).or_default();
            entry.points += 1;
            if ours == reference {
                continue;
            }
            let error = (ours - reference).abs();
            let own = error / unit(scale(op, &operands, y, reference));
            let saturated = error / unit(y);
            if own <= bound.own {
                if made_of_subnormal(op, &operands, y).is_none() {
                    entry.own = entry.own.max(own);
                }
            } else if saturated <= bound.saturated {
                entry.saturated = entry.saturated.max(saturated);
            } else {
                entry.wrong.push(format!(
                    "{} at {operands:?}, operand {k}: {ours:e}, exactly {reference:e}: {own:.1} units of its last place, \
                     {saturated:.1} of the output's",
                    op.name()
                ));
            }
        }
    }
    println!(
        "operation, operand: points; largest error in units of the partial's last place; in saturation, of the output's"
    );
    for ((name, k), Largest { points, own, saturated, .. }) in &largest {
        println!("{name:>12} {k}: {points:>4} {own:>8.2} {saturated:>6.2}");
    }
    let wrong: Vec<String> = largest.into_values().flat_map(|largest| largest.wrong).collect();
    assert!(wrong.is_empty(), "{} of these:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

#[test]
fn our_own_values_are_those_of_higher_precision() {
    let mut largest: BTreeMap<&str, (usize, f64)> = BTreeMap::new();
    for Point { op, operands, value, .. } in reference() {
        let Some(reference) = value else { continue };
        let ours = op.value(&operands);
        let error = if ours == reference { 0.0 } else { (ours - reference).abs() / unit(reference) };
        let entry = largest.entry(op.name()).or_default();
        let subnormal = made_of_subnormal(op, &operands, reference).is_some();
        *entry = (entry.0 + 1, entry.1.max(if subnormal { 0.0 } else { error }));
        let allowed = bound(op, &operands, reference).own;
        assert!(error <= allowed, "{} at {operands:?}: {ours:e}, exactly {reference:e}", op.name());
    }
    for (name, (points, error)) in &largest {
        println!("{name:>12}: {points:>4} values, off by at most {error:.2} units of the last place");
    }
    let ours = ["gelu", "leaky_relu", "relu", "sigmoid", "silu", "softplus"];
    assert!(largest.keys().copied().eq(ours));
}

#[test]
fn every_rule_is_in_the_reference() {
    let points = reference();
    for &op in Op::ALL.iter().filter(|op| op.arity() > 0 && op.kind() != Kind::Flat) {
        let count = points.iter().filter(|point| point.op == op).count();
        assert!(count > 0, "`{}` has no points", op.name());
    }
}

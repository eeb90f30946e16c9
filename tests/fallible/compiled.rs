//! Functions that may fail and whose gradients are compiled: what a failure leaves behind, in buffers and in records.

use super::harness::close;
use gradus::{Differentiable, differentiable};
use std::cell::Cell;

#[differentiable]
fn root(x: f64) -> Option<f64> {
    if x < 0.0 { None } else { Some(x.sqrt()) }
}

#[differentiable]
fn logarithm(x: f64) -> Result<f64, String> {
    if x <= 0.0 {
        return Err(format!("{x} has no logarithm"));
    }
    Ok(x.ln())
}

/// A loss over samples, one of which may be no number.
#[differentiable]
fn misfit(a: f64, b: f64, #[constant] points: &[(f64, f64)]) -> Result<f64, usize> {
    let mut sum = 0.0;
    for (at, &(x, y)) in points.iter().enumerate() {
        if y.is_nan() {
            return Err(at);
        }
        let r = a * x + b - y;
        sum += r * r;
    }
    Ok(sum / points.len() as f64)
}

/// The same over arrays, which gradients are added to.
#[differentiable]
fn energy(xs: &[f64]) -> Option<f64> {
    let mut sum = 0.0;
    for x in xs {
        sum += root(*x)? * x;
    }
    Some(sum)
}

#[test]
fn buffers_stay_as_they_are_where_a_function_fails() {
    compiled!(misfit, energy);
    let points = [(1.0, 2.0), (2.0, 3.5), (3.0, f64::NAN)];
    let (mut a, mut b) = (10.0, 20.0);
    assert_eq!(misfit_grad_add(1.0, 0.5, &points, &mut a, &mut b), Err(2));
    assert_eq!((a, b), (10.0, 20.0));
    assert_eq!(misfit_grad_add(1.0, 0.5, &points[..2], &mut a, &mut b), Ok(0.625));
    assert!(close(a, 10.0 - 2.5) && close(b, 20.0 - 1.5), "{a} {b}");
    given!(misfit, misfit_grad; 1.2, 0.3, &points[..2]);

    let mut gradient = [1.0, 2.0, 3.0];
    assert_eq!(energy_grad_add(&[4.0, 9.0, -1.0], &mut gradient), None);
    assert_eq!(gradient, [1.0, 2.0, 3.0]);
    assert_eq!(energy_grad_add(&[4.0, 9.0, 1.0], &mut gradient), Some(36.0));
    assert_eq!(gradient, [4.0, 6.5, 4.5]);
    given!(energy, energy_grad; &[4.0, 9.0, 1.0]);
}

/// Some calls fail, and the function goes on: their records are gone.
#[differentiable]
fn those_that_are(xs: &[f64], scale: f64) -> f64 {
    let mut total = 0.0;
    for x in xs {
        total += match energy(&[*x, 2.0 * scale * x, x * x]) {
            Some(energy) => energy * scale,
            None => x * scale,
        };
        if let Ok(logarithm) = logarithm(x + 1.0) {
            total += logarithm * x;
        }
    }
    total
}

#[test]
fn calls_that_fail_leave_no_records() {
    compiled!(those_that_are);
    let (xs, scale) = ([2.0, -3.0, 0.5, -0.25, 7.0], 1.5);
    let checked = gradus::check::assert_gradient!(those_that_are, &xs, scale);
    assert!(checked.kinks.is_empty(), "{checked}");
    let by_hand = |x: f64| {
        let parts = [x, 2.0 * scale * x, x * x];
        let energy =
            if x < 0.0 { x * scale } else { scale * parts.iter().map(|p| p.sqrt() * p).sum::<f64>() };
        if x + 1.0 > 0.0 { energy + (x + 1.0).ln() * x } else { energy }
    };
    let (value, _) = those_that_are_grad(&xs, scale);
    assert!(close(value, xs.iter().map(|&x| by_hand(x)).sum()));
}

/// What leaves in a loop in a loop, with a state, after records.
#[differentiable]
fn settled(start: f64, rate: f64, steps: usize) -> Result<f64, (usize, f64)> {
    let mut x = start;
    for step in 0..steps {
        let mut inner = x;
        let mut k = 0;
        while k < 3 {
            inner = inner - rate * (inner * inner - 2.0) / (2.0 * inner);
            if inner < 0.1 {
                return Err((step, inner));
            }
            k += 1;
        }
        if (inner - x).abs() < 1e-9 {
            return Ok(inner * start);
        }
        x = inner;
    }
    Err((steps, x))
}

#[test]
fn loops_are_left() {
    compiled!(settled);
    given!(settled, settled_grad; 1.0, 0.9, 100);
    assert!(settled_grad(0.2, 20.0, 100).is_err_and(|(step, x)| step == 0 && x > 0.1 || x < 0.1));
    assert_eq!(settled_grad(1.0, 0.9, 1), Err((1, settled(1.0, 0.9, 1).unwrap_err().1)));
}

/// Data that is read, an expression that counts how often it is evaluated, and an error that is converted.
#[derive(Debug, PartialEq)]
enum Trouble {
    Number(std::num::ParseFloatError),
    Missing(&'static str),
    Value(f64),
}

impl From<std::num::ParseFloatError> for Trouble {
    fn from(error: std::num::ParseFloatError) -> Trouble {
        Trouble::Number(error)
    }
}

#[differentiable]
fn read(x: f64, #[constant] words: &[&str], #[constant] count: &Cell<u32>) -> Result<f64, Trouble> {
    let mut sum = 0.0;
    for word in words {
        count.set(count.get() + 1);
        let factor: f64 = word.trim().parse()?;
        let part = factor * x;
        if part > 100.0 {
            return Err(Trouble::Value(part));
        }
        sum += part.sin();
    }
    let last = words.last().ok_or(Trouble::Missing("words"))?;
    Ok(sum * last.len() as f64)
}

#[test]
fn data_is_read_once() {
    compiled!(read);
    let count = Cell::new(0);
    let gradient = read_grad(0.5, &["1", " 2.5"], &count).expect("numbers").1;
    assert!(close(gradient, 4.0 * (0.5_f64.cos() + 2.5 * 1.25_f64.cos())));
    assert_eq!(count.take(), 2);
    assert!(matches!(read_grad(0.5, &["1", "two", "3"], &count), Err(Trouble::Number(_))));
    assert_eq!(count.take(), 2);
    assert_eq!(read_grad(0.5, &["300"], &count), Err(Trouble::Value(150.0)));
    assert_eq!(read_grad(0.5, &[], &count), Err(Trouble::Missing("words")));
}

/// Several results, of which each is a row; a failure after some of them.
#[differentiable]
fn scaled_roots(xs: &[f64], scale: f64) -> Option<Vec<f64>> {
    let mut roots = Vec::new();
    for x in xs {
        roots.push(scale * root(*x)?);
    }
    Some(roots)
}

#[differentiable]
fn in_parts(xs: &[f64], scale: f64) -> Option<f64> {
    let roots = scaled_roots(xs, scale)?;
    let (first, last) = (roots.first()?, roots.last()?);
    let more = scaled_roots(&roots, *first).unwrap_or_default();
    Some(first * last + more.iter().sum::<f64>())
}

#[test]
fn several_results() {
    compiled!(scaled_roots, in_parts);
    let rows = given!(scaled_roots, scaled_roots_jacobian; &[4.0, 9.0], 3.0);
    assert_eq!(rows, [(vec![0.75, 0.0], 2.0), (vec![0.0, 0.5], 3.0)]);
    assert_eq!(scaled_roots_jacobian(&[4.0, -9.0], 3.0), None);
    assert_eq!(
        scaled_roots_vjp(&[4.0, 9.0], 3.0, vec![1.0, 10.0]),
        Some((vec![6.0, 9.0], (vec![0.75, 5.0], 32.0)))
    );
    given!(in_parts, in_parts_grad; &[4.0, 9.0, 2.0], 3.0);
    assert_eq!(in_parts_grad(&[], 3.0), None);
    assert_eq!(in_parts_grad(&[1.0, -1.0], 3.0), None);
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Body {
    mass: f64,
    at: [f64; 2],
}

#[differentiable]
fn pulled(body: &Body, by: f64) -> Result<Body, String> {
    if body.mass <= 0.0 {
        return Err(format!("a mass of {}", body.mass));
    }
    let pull = by / body.mass;
    Ok(Body { mass: body.mass, at: [body.at[0] + pull, body.at[1] * pull] })
}

#[differentiable]
fn distance(body: &Body, by: f64) -> Result<f64, String> {
    let once = pulled(body, by)?;
    let twice = pulled(&once, 2.0 * by).map_err(|error| error + "!")?;
    let [x, y] = twice.at;
    Ok(x.hypot(y))
}

#[test]
fn structs_that_come_from_calls() {
    let body = Body { mass: 2.0, at: [1.0, 3.0] };
    compiled!(pulled, distance);
    given!(distance, distance_grad; &body, 0.5);
    let light = Body { mass: -1.0, ..body };
    assert_eq!(distance_grad(&light, 0.5).unwrap_err(), "a mass of -1");
}

/// The panic of `unwrap` and of `expect` is the user's own.
#[differentiable]
fn taken(x: f64, y: f64) -> f64 {
    root(x).expect("a root") + logarithm(y).unwrap()
}

#[test]
fn panics_are_those_of_the_function() {
    compiled!(taken);
    let told = |run: &(dyn Fn() + std::panic::RefUnwindSafe)| {
        let panic = std::panic::catch_unwind(run).expect_err("a panic");
        panic.downcast_ref::<String>().cloned().or(panic.downcast_ref::<&str>().map(|text| text.to_string()))
    };
    assert_eq!(
        told(&|| {
            let _ = taken_grad(-1.0, 1.0);
        }),
        told(&|| {
            let _ = taken(-1.0, 1.0);
        })
    );
    assert_eq!(
        told(&|| {
            let _ = taken_grad(1.0, -1.0);
        }),
        told(&|| {
            let _ = taken(1.0, -1.0);
        })
    );
    let (value, gradient) = taken_grad(4.0, 2.0);
    assert_eq!((value, gradient), (2.0 + 2.0_f64.ln(), (0.25, 0.5)));
}

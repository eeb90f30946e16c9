//! Calls of functions that may fail: taken out, matched, repaired, in loops, with records of calls that have failed.

use gradus::differentiable;

#[differentiable(second)]
fn root(x: f64) -> Option<f64> {
    if x < 0.0 {
        return None;
    }
    Some(x.sqrt())
}

#[differentiable(second)]
fn logarithm(x: f64) -> Result<f64, String> {
    if x > 0.0 { Ok(x.ln()) } else { Err(format!("{x} has no logarithm")) }
}

/// Fails after records.
#[differentiable(second)]
fn energy(xs: &[f64]) -> Option<f64> {
    let mut sum = 0.0;
    for x in xs {
        sum += root(*x)? * x;
    }
    Some(sum)
}

#[differentiable(second)]
fn roots_and_sum(x: f64, y: f64) -> Result<(f64, f64), String> {
    let sum = logarithm(x)? + logarithm(y).map_err(|error| error + "!")?;
    let product = root(x * y).ok_or("a negative product")?;
    Ok((product, sum))
}

/// `unwrap` and `expect`.
#[differentiable(second)]
fn taken_out(x: f64, y: f64) -> f64 {
    let (product, sum) = roots_and_sum(x, y).unwrap();
    product * sum + root(x).expect("a root") * logarithm(y).unwrap()
}

case! {
    taken_out, taken_out_grad, taken_out_grad_add, taken_out_graph;
    with |x: f64, y: f64| (x, y);
    at (2.0, 0.7), (1.3, 4.0);
    gradient {
        let (p, s) = ((x * y).sqrt(), (x * y).ln());
        (0.5 * p / x * s + p / x + 0.5 * y.ln() / x.sqrt(), 0.5 * p / y * s + p / y + x.sqrt() / y)
    };
}

/// A loop that goes on where a call has failed.
#[differentiable(second)]
fn goes_on(xs: &[f64], scale: f64) -> f64 {
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

case! {
    goes_on, goes_on_grad, goes_on_grad_add, goes_on_graph;
    with |xs: Vec<f64>, scale: f64| (&xs, scale);
    at (vec![2.0, -3.0, 0.5, -0.25, 7.0], 1.5), (vec![-2.0, -0.5], 0.3), (vec![1.0], 2.0), (vec![], 1.0);
}

/// Values in the stead of what is missing.
#[differentiable(second)]
fn repaired(x: f64, y: f64) -> f64 {
    let first = root(x);
    let known = if first.is_some() { x } else { -y };
    let Some(second) = root(y) else { return known * x };
    first.unwrap_or(2.0 * second)
        + 10.0 * root(x).or(Some(y)).unwrap_or(0.0)
        + 100.0 * root(x).map_or(second, |root| root * y)
        + 1000.0 * root(x).unwrap_or_else(|| y * known)
}

case! {
    repaired, repaired_grad, repaired_grad_add, repaired_graph;
    with |x: f64, y: f64| (x, y);
    at (2.0, 0.7), (-1.3, 4.0), (-2.0, -3.0), (2.0, -3.0);
}

/// While there is one more.
#[differentiable(second)]
fn again_and_again(x: f64) -> f64 {
    let (mut at, mut sum, mut steps) = (x, 0.0, 0);
    while let Some(next) = root(at - 1.0) {
        sum += next * x;
        at = next;
        steps += 1;
        if steps == 9 {
            break;
        }
    }
    sum + at
}

case! {
    again_and_again, again_and_again_grad, again_and_again_grad_add, again_and_again_graph;
    with |x: f64| (x);
    at 30.0, 1.5, 0.5;
}

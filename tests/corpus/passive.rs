//! Arguments that carry no gradient, beside those that do; assertions and printing on the way.

use gradus::differentiable;

#[differentiable(second)]
fn gathered(xs: &[f64], indices: &[usize], doubled: bool) -> f64 {
    let mut s = 0.0;
    for &i in indices {
        s += xs[i] * xs[i];
    }
    if doubled { 2.0 * s } else { s }
}

case! {
    gathered, gathered_grad, gathered_grad_add, gathered_graph;
    for doubled in [true, false];
    with |xs: Vec<f64>| (&xs, &[2, 0, 2, 1, 2], doubled);
    at vec![1.0, -2.0, 0.5, 7.0];
    gradient {
        let times = if doubled { 2.0 } else { 1.0 };
        [1.0, 1.0, 3.0, 0.0].iter().zip(&xs).map(|(count, x)| times * count * 2.0 * x).collect()
    };
}

#[differentiable(second)]
fn by_letter(x: f64, letters: &str, first: char, power: i32) -> f64 {
    let mut y = x;
    for letter in letters.chars() {
        if letter == first {
            y = y.powi(power);
        } else {
            y += 1.0;
        }
    }
    y
}

case! {
    by_letter, by_letter_grad, by_letter_grad_add, by_letter_graph;
    for power in [1, 2, 3];
    with |x: f64| (x, "abca", 'a', power);
    at 1.1, -0.4;
    gradient {
        let p = f64::from(power);
        p * (x.powi(power) + 2.0).powi(power - 1) * p * x.powi(power - 1)
    };
}

#[differentiable(second)]
fn integer_arithmetic(x: f64, n: usize, shift: i64) -> f64 {
    let half = n / 2;
    let offset = (half as i64 - shift).abs() as f64;
    let factor = if n % 2 == 0 && half > 1 { offset } else { offset + 1.0 };
    x * x * factor
}

case! {
    integer_arithmetic, integer_arithmetic_grad, integer_arithmetic_grad_add, integer_arithmetic_graph;
    for n in [0, 3, 8];
    with |x: f64| (x, n, 9);
    at 1.5, -0.2;
    gradient {
        let offset = (9 - n as i64 / 2) as f64;
        2.0 * x * if n == 8 { offset } else { offset + 1.0 }
    };
}

/// Labels are data: only the scores carry a gradient.
#[differentiable(second)]
fn margin_loss(scores: &[f64], labels: &[bool]) -> f64 {
    assert_eq!(scores.len(), labels.len(), "one label a score");
    let mut loss = 0.0;
    for (s, &positive) in scores.iter().zip(labels) {
        let margin = if positive { *s } else { -s };
        loss += (1.0 - margin).max(0.0);
    }
    debug_assert!(loss >= 0.0, "a loss of {loss}");
    loss / labels.len() as f64
}

case! {
    margin_loss, margin_loss_grad, margin_loss_grad_add, margin_loss_graph;
    with |scores: Vec<f64>| (&scores, &[true, false, true, false]);
    at vec![0.5, 0.5, 2.0, -3.0], vec![0.999, -0.999, 1.001, -1.001];
    gradient {
        let signs = [1.0, -1.0, 1.0, -1.0];
        scores.iter().zip(signs).map(|(s, sign)| if sign * s < 1.0 { -sign / 4.0 } else { 0.0 }).collect()
    };
}

#[differentiable(second)]
fn printed(x: f64, y: f64) -> f64 {
    let product = x * y;
    println!("x = {x}, y = {:.3}, product = {product:>8.2e}", y);
    let half = product / 2.0;
    if half > 1e6 {
        panic!("half of {product} is more than a million");
    }
    half
}

case! {
    printed, printed_grad, printed_grad_add, printed_graph;
    with |x: f64, y: f64| (x, y);
    at (1.5, 2.0);
    gradient (y / 2.0, x / 2.0);
}

/// Comparisons and predicates see the plain number.
#[differentiable(second)]
fn predicates(x: f64, y: f64) -> f64 {
    let mut s = 0.0;
    if x.is_sign_negative() || y.is_nan() {
        s -= x;
    }
    if x.total_cmp(&y).is_lt() && y.is_finite() {
        s += y * y;
    }
    if x.partial_cmp(&y) == Some(std::cmp::Ordering::Greater) {
        s += x * y;
    }
    let both = x > 0.0 && y > 0.0;
    if both { s * x } else { s }
}

case! {
    predicates, predicates_grad, predicates_grad_add, predicates_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 2.0), (2.0, 1.0), (-1.0, 2.0), (-1.0, -2.0);
    gradient match (x > 0.0 && y > 0.0, x > y) {
        (true, true) => (2.0 * x * y, x * x),
        (true, false) => (y * y, 2.0 * x * y),
        (false, true) => (y - 1.0, x),
        (false, false) => (-1.0, 2.0 * y),
    };
}

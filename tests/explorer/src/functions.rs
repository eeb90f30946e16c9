//! Functions whose pages are tested, written as users write them.

#![allow(missing_docs, reason = "the attribute's companions of functions that only tests use")]
#![allow(
    clippy::let_and_return,
    clippy::assign_op_pattern,
    clippy::manual_midpoint,
    reason = "written as people write it"
)]

use gradus::{differentiable, stop_gradient};

/// The neuron of micrograd's lecture.
#[differentiable]
pub fn neuron(x1: f64, x2: f64, w1: f64, w2: f64, b: f64) -> f64 {
    let s = w1 * x1 + w2 * x2;
    let n = s + b;
    let out = n.tanh();
    out
}

/// A shared node.
#[differentiable]
pub fn shared(a: f64) -> f64 {
    let b = a * a;
    let out = b * b + b;
    out
}

/// Square root by Newton's method.
#[differentiable]
pub fn newton(a: f64, steps: usize) -> f64 {
    let mut x = a;
    for _ in 0..steps {
        x = 0.5 * (x + a / x);
    }
    x
}

/// A damped spring, by the semi-implicit Euler method.
#[differentiable]
pub fn spring(k: f64, c: f64, x0: f64) -> f64 {
    let dt = 0.1;
    let (mut x, mut v) = (x0, 0.0);
    let mut energy = 0.0;
    for _ in 0..50 {
        let a = -k * x - c * v;
        v = v + a * dt;
        x = x + v * dt;
        energy = energy + x * x;
    }
    energy
}

/// Takes one of two ways.
#[differentiable]
pub fn leaning(x: f64, y: f64) -> f64 {
    let z = x * y;
    let bent = if z < 1.0 { z * z } else { 2.0 * z - 1.0 };
    bent + x
}

/// Insists on its domain.
///
/// # Panics
///
/// For a negative `x`.
#[differentiable]
pub fn root(x: f64) -> f64 {
    assert!(x >= 0.0, "no root of {x}");
    x.sqrt()
}

/// Its derivative leaves one factor alone.
#[differentiable]
pub fn scaled(x: f64, y: f64) -> f64 {
    x * y / stop_gradient(x)
}

/// Loops in loops, and calls.
#[differentiable]
pub fn layered(w: &[f64], x: f64) -> f64 {
    let mut h = x;
    for _ in 0..3 {
        let mut s = 0.0;
        for weight in w {
            s += weight * h;
        }
        h = squashed(s);
    }
    h
}

/// Called by [`layered()`].
#[differentiable]
pub fn squashed(s: f64) -> f64 {
    let e = (2.0 * s).exp();
    (e - 1.0) / (e + 1.0)
}

/// What tries to get out of a page: `</script><script>document.title = 'escaped'</script>`.
#[differentiable]
pub fn größe(länge: f64, b: f64) -> f64 {
    /* 😀 </script><img src="x" onerror="alert(1)"> <!-- "'`&amp; \u{202e} */
    let fläche = länge * b; // ä
    let s = "</script>😀".len() as f64;
    fläche * s
}

/// Two results.
#[differentiable]
pub fn polar(x: f64, y: f64) -> (f64, f64) {
    (x.hypot(y), y.atan2(x))
}

/// Iterators, whose closures are called in turns.
#[differentiable]
pub fn variance(xs: &[f64]) -> f64 {
    let n = xs.len() as f64;
    let mean = xs.iter().sum::<f64>() / n;
    xs.iter().map(|x| x - mean).map(|d| d * d).fold(0.0, |sum, square| sum + square) / n
}

/// A loop that its own numbers end.
#[differentiable]
pub fn halved(x: f64) -> f64 {
    let mut y = x;
    while y > 1.0 {
        y = if y > 4.0 { y / 4.0 } else { y / 2.0 };
    }
    y * y
}

/// Calls itself.
#[differentiable]
pub fn continued(x: f64, depth: usize) -> f64 {
    if depth == 0 { x } else { 1.0 / (1.0 + continued(x, depth - 1)) }
}

/// |x|, rounded off at 0: an operation of its own, in the graph one node.
#[differentiable(partials = softabs_partials)]
pub fn softabs(x: f64, k: f64) -> f64 {
    x.hypot(k)
}

fn softabs_partials(x: f64, k: f64) -> (f64, f64) {
    (x / x.hypot(k), k / x.hypot(k))
}

/// Uses an operation that is not in the table.
#[differentiable]
pub fn softened(x: f64, y: f64) -> f64 {
    let z = 2.0 * y;
    z + 3.0 * softabs(x, 4.0)
}

/// No operation at all.
#[differentiable]
pub fn unchanged(x: f64) -> f64 {
    x
}

/// A result that its argument does not reach.
#[differentiable]
pub fn constant(x: f64, n: usize) -> f64 {
    if n > 3 { x } else { 2.5 }
}

/// The logistic function.
#[differentiable]
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Calls the same function three times.
#[differentiable]
pub fn two_layers(w: f64, x: f64) -> f64 {
    let first = sigmoid(w * x);
    let second = sigmoid(w * first) + sigmoid(x);
    second * second
}

/// A long sum and a product.
#[differentiable]
pub fn total(xs: &[f64], k: f64) -> f64 {
    let sum = xs.iter().sum::<f64>();
    sum * k
}

/// The greatest of them, with a start that is a constant.
#[differentiable]
pub fn greatest(xs: &[f64]) -> f64 {
    xs.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

/// Uses the variable that a loop carries more than eight times in every iteration.
#[differentiable]
pub fn busy(a: f64) -> f64 {
    let mut x = a;
    for _ in 0..4 {
        x = (x + x * x + x * x * x + x * x * x * x) / 5.0 + x.sin();
    }
    x
}

/// Carries a variable, and reads an array by the number of the iteration.
#[differentiable]
pub fn recurrence(x: &[f64]) -> f64 {
    let mut h = 0.5;
    for value in x {
        h = (h + value) * 0.5;
    }
    h * h
}

/// A matrix times a vector, and a bend.
#[differentiable]
pub fn dense(w: [[f64; 3]; 2], x: [f64; 3]) -> f64 {
    let mut out = 0.0;
    for row in w {
        let mut s = 0.0;
        for (a, b) in row.iter().zip(x) {
            s += a * b;
        }
        out += s.tanh();
    }
    out
}

/// A logarithm that may be of a negative number, and an argument without effect.
#[differentiable]
pub fn logs(x: f64, _unused: f64) -> f64 {
    let shifted = x - 1.0;
    shifted.ln() + x
}

/// Two thousand nodes or nearly so.
#[differentiable]
pub fn long(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        let z = y * 0.5;
        y = z + x * 0.25;
    }
    y
}

/// Every node is used twice by the next: recursion takes every one of the paths.
#[differentiable]
pub fn doubled(x: f64) -> f64 {
    let mut y = x;
    for _ in 0..16 {
        y = y + y;
    }
    y
}

/// Computes in the condition of its loop, which runs once more than the body.
#[differentiable]
pub fn settled(a: f64) -> f64 {
    let mut x = a;
    while (x * x - a).abs() > 1e-3 {
        x = 0.5 * (x + a / x);
    }
    x
}

/// A sum over products that a closure makes.
#[differentiable]
pub fn dot(xs: &[f64], ys: &[f64]) -> f64 {
    xs.iter().zip(ys).map(|(x, y)| x * y).sum::<f64>().sqrt()
}

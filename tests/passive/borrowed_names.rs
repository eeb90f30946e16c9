//! Closures and iterators that borrow numbers by name, and items that a closure only looks at.

use gradus::check::assert_gradient;
use gradus::differentiable;

struct Small {
    n: u8,
}
const K: [f64; 3] = [1.0, 2.0, 3.0];
static PAIRS: &[(f64, u8)] = &[(1.0, 250), (2.5, 3)];
static ROWS: [[f64; 2]; 3] = [[0.5, 1.0], [-1.5, 0.25], [0.75, 2.0]];
struct Lib;
impl Lib {
    const WEIGHTS: &'static [f32] = &[0.5, 1.5];
}

fn evens(n: usize) -> impl Iterator<Item = usize> {
    (0..n).filter(|i| i % 2 == 0)
}

#[differentiable(compiled)]
fn named_in_a_macro(x: f64) -> f64 {
    let n: i32 = 1;
    let weight = |z: f64| {
        if matches!(n, 0 | 2..=5) {
            return 1.5;
        }
        1.5 * z
    };
    let wide: u8 = 250;
    let bytes = [1_u8, 250, 3];
    let chosen = bytes.iter().filter(|byte| matches!(**byte, 250) && format!("{wide}").len() == 3);
    let mut sum = x * weight(2.0);
    for byte in chosen.map(|byte| *byte as f64) {
        sum += byte * x;
    }
    sum
}

#[differentiable(compiled)]
fn named_in_a_loop(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    let mut n: u8 = 1;
    for x in xs {
        n += 1;
        let scale = |z: f64| if matches!(n, 0 | 2..=3) { z } else { 2.0 * z };
        let shadowed = |z: f64| {
            let n = n as f64 + z;
            n
        };
        let made = move || Small { n };
        s += x * x * scale(2.0) * shadowed(1.0) * made().n as f64;
    }
    let last = |z: f64| if matches!(n, 0 | 2..=5) { z } else { 2.0 * z };
    s * last(1.0)
}

#[differentiable(compiled)]
fn arguments_and_arrays_named(xs: &[f64], n: usize, names: &[&str], w: f64) -> f64 {
    let k = [0.5, 1.5, 2.5];
    let length = |z: usize| {
        if z > 7 {
            return format!("{n}{names:?}").len();
        }
        format!("{k:?}").len()
    };
    let lengths = (0..3).map(|z| format!("{n}{z}").len()).collect::<Vec<usize>>();
    let mut s = 0.0;
    for x in xs {
        s += x * w * length(2) as f64 * length(8) as f64;
    }
    s + xs[0] * lengths[1] as f64
}

#[differentiable(compiled)]
fn looked_at_items(x: f64, y: f64, #[constant] data: &[f64]) -> f64 {
    let a = K.iter().filter(|c| **c < y).count();
    let b = PAIRS.iter().filter(|&&(c, _)| c < y).count();
    let c = PAIRS.iter().filter(|(c, _)| *c < y).map(|(_, k)| *k as usize).count();
    let d = Lib::WEIGHTS.iter().filter(|w| (**w as f64) * 2.0 < y).count();
    let e = data.iter().filter(|w| 2.0 * **w < y).count();
    let f = K.iter().position(|c| *c > y).unwrap_or(7);
    let skipped = K.iter().rev().skip_while(|c| **c > y).take(2).map(|c| c * 2.0).sum::<f64>();
    let mut best = 0.0;
    for c in K.iter().filter(|c| **c < y) {
        best += *c;
    }
    let repeated = std::iter::repeat(x).take(3).skip(1).sum::<f64>();
    x * (a + b + c + d + e + f) as f64 * skipped * best + repeated * x
}

#[differentiable(compiled)]
fn closures_that_return(u: &[f64]) -> (usize, f64) {
    let smaller = 1.5
        > ROWS[2]
            .windows(2)
            .map(|w| w[0] * 1.5)
            .map(|z| {
                if z > 0.0 {
                    return 0.5;
                }
                u[0]
            })
            .sum::<f64>();
    (usize::from(smaller), u[0] * u[0])
}

#[differentiable(compiled)]
fn mapped_twice(x: f64, y: f64) -> f64 {
    let most = evens(5).map(|t| t as f64 * y).map(|b| x + b).fold(0.5, f64::max);
    let first = evens(5).map(|t| t as f64 * y).take(2).fold((1.5, 1.5), |(a, b), z| (a + z, b * z)).1;
    first + most + evens(4).map(|t| t as f64 * y).map(|b| x * b).fold(x, |a, b| a + b)
}

#[allow(clippy::self_assignment, dead_code, reason = "it is what is tested")]
mod useless {
    #[gradus::differentiable(compiled)]
    pub fn assigned_to_itself(mut x: f64) -> f64 {
        x = x;
        x * x
    }
}

#[test]
fn names_live_as_long_as_what_borrows_them() {
    assert_gradient!(named_in_a_macro, 0.4);
    assert_gradient!(named_in_a_loop, &[0.3, 0.4, 0.1]);
    assert_gradient!(arguments_and_arrays_named, &[0.3, 0.4, 0.1], 5, &["a"], 0.3);
    assert_gradient!(looked_at_items, 0.4, 2.2, &[1.0, 3.0]);
    assert_gradient!(closures_that_return, &[0.5, 0.2]);
    assert_gradient!(mapped_twice, 0.4, 0.2);
    let useless = useless::assigned_to_itself_grad(3.0);
    assert_eq!(useless, (9.0, 6.0));
}

//! What micrograd (<https://github.com/karpathy/micrograd>) shows and tests, on our values.

use gradus::{Graph, Value};
use std::ops::{Add, Div, Mul, Sub};

/// The example of its README.
#[allow(clippy::misrefactored_assign_op, reason = "as it is written there")]
fn readme<'g>(a: Value<'g>, b: Value<'g>) -> Value<'g> {
    let mut c = a + b;
    let mut d = a * b + b.powi(3);
    c += c + 1.0;
    c += 1.0 + c + (-a);
    d += d * 2.0 + (b + a).relu();
    d += 3.0 * d + (b - a).relu();
    let e = c - d;
    let f = e.powi(2);
    let mut g = f / 2.0;
    g += 10.0 / f;
    g
}

#[test]
fn readme_example() {
    let graph = Graph::new();
    let (a, b) = (graph.value(-4.0), graph.value(2.0));
    let g = readme(a, b);
    g.backward();
    assert_eq!(format!("{:.4}", g.data()), "24.7041");
    assert_eq!(format!("{:.4}", a.grad()), "138.8338");
    assert_eq!(format!("{:.4}", b.grad()), "645.5773");
}

/// A number and its derivative for one of the inputs: the same gradients by the forward mode.
#[derive(Clone, Copy)]
struct Dual {
    value: f64,
    tangent: f64,
}

impl Dual {
    fn constant(value: f64) -> Dual {
        Dual { value, tangent: 0.0 }
    }
    fn relu(self) -> Dual {
        if self.value > 0.0 { self } else { Dual::constant(0.0) }
    }
}

impl Add for Dual {
    type Output = Dual;
    fn add(self, other: Dual) -> Dual {
        Dual { value: self.value + other.value, tangent: self.tangent + other.tangent }
    }
}

impl Sub for Dual {
    type Output = Dual;
    fn sub(self, other: Dual) -> Dual {
        Dual { value: self.value - other.value, tangent: self.tangent - other.tangent }
    }
}

impl Mul for Dual {
    type Output = Dual;
    fn mul(self, other: Dual) -> Dual {
        let tangent = self.tangent * other.value + self.value * other.tangent;
        Dual { value: self.value * other.value, tangent }
    }
}

impl Div for Dual {
    type Output = Dual;
    fn div(self, other: Dual) -> Dual {
        let numerator = self.tangent * other.value - self.value * other.tangent;
        Dual { value: self.value / other.value, tangent: numerator / (other.value * other.value) }
    }
}

/// The same example in dual numbers.
fn readme_dual(a: Dual, b: Dual) -> Dual {
    let k = Dual::constant;
    let c = a + b;
    let d = a * b + b * b * b;
    let c = c + (c + k(1.0));
    let c = c + (k(1.0) + c + (k(0.0) - a));
    let d = d + (d * k(2.0) + (b + a).relu());
    let d = d + (k(3.0) * d + (b - a).relu());
    let e = c - d;
    let f = e * e;
    f / k(2.0) + k(10.0) / f
}

#[test]
fn more_ops() {
    for (x, y) in [(-4.0, 2.0), (1.5, -0.5), (0.25, 3.0)] {
        let graph = Graph::new();
        let (a, b) = (graph.value(x), graph.value(y));
        let g = readme(a, b);
        g.backward();
        let for_a = readme_dual(Dual { value: x, tangent: 1.0 }, Dual::constant(y));
        let for_b = readme_dual(Dual::constant(x), Dual { value: y, tangent: 1.0 });
        for (ours, reference) in
            [(g.data(), for_a.value), (a.grad(), for_a.tangent), (b.grad(), for_b.tangent)]
        {
            assert!((ours - reference).abs() <= 1e-13 * reference.abs(), "{ours} is not {reference}");
        }
    }
}

#[test]
fn sanity_check() {
    let graph = Graph::new();
    let x = graph.value(-4.0);
    let z = 2.0 * x + 2.0 + x;
    let q = z.relu() + z * x;
    let h = (z * z).relu();
    let y = h + q + q * x;
    y.backward();
    // z = −10, q = 40, h = 100; dz = 3, dq = 3x + z = −22, dh = 2z · 3 = −60, dy = dh + dq + (dq · x + q).
    assert_eq!(y.data(), 100.0 + 40.0 + 40.0 * -4.0);
    assert_eq!(x.grad(), -60.0 - 22.0 + (-22.0 * -4.0 + 40.0));
}

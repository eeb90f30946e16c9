//! The Lorenz system by the classical Runge-Kutta method over ten units of time: a long loop that carries its state.

use super::Kernel;
use crate::peers::Number;
use crate::session::Session;
use crate::variant::{Variant, on_graph};
use gradus::{Graph, differentiable};
use std::hint::black_box;

pub const KERNEL: Kernel = Kernel { name: "Lorenz RK4", sizes: &[1_000, 1_000_000], run };

/// The time that is simulated.
const DURATION: f64 = 10.0;

#[differentiable]
fn lorenz(start: [f64; 3], sigma: f64, rho: f64, beta: f64, steps: usize) -> f64 {
    let h = DURATION / steps as f64;
    let flow = |x: f64, y: f64, z: f64| (sigma * (y - x), x * (rho - z) - y, x * y - beta * z);
    let [mut x, mut y, mut z] = start;
    for _ in 0..steps {
        let (x1, y1, z1) = flow(x, y, z);
        let (x2, y2, z2) = flow(x + 0.5 * h * x1, y + 0.5 * h * y1, z + 0.5 * h * z1);
        let (x3, y3, z3) = flow(x + 0.5 * h * x2, y + 0.5 * h * y2, z + 0.5 * h * z2);
        let (x4, y4, z4) = flow(x + h * x3, y + h * y3, z + h * z3);
        x += h / 6.0 * (x1 + 2.0 * x2 + 2.0 * x3 + x4);
        y += h / 6.0 * (y1 + 2.0 * y2 + 2.0 * y3 + y4);
        z += h / 6.0 * (z1 + 2.0 * z2 + 2.0 * z3 + z4);
    }
    x * x + y * y + z
}

/// σ, ρ and β.
struct Parameters {
    sigma: f64,
    rho: f64,
    beta: f64,
}

impl Parameters {
    #[inline]
    fn flow(&self, [x, y, z]: [f64; 3]) -> [f64; 3] {
        [self.sigma * (y - x), x * (self.rho - z) - y, x * y - self.beta * z]
    }

    /// The adjoint of the state from that of the flow; the parameters' is added.
    #[inline]
    fn pull_back(&self, [x, y, z]: [f64; 3], [u, v, w]: [f64; 3], parameters: &mut [f64; 3]) -> [f64; 3] {
        parameters[0] += u * (y - x);
        parameters[1] += v * x;
        parameters[2] -= w * z;
        [v * (self.rho - z) - self.sigma * u + w * y, self.sigma * u - v + w * x, -v * x - self.beta * w]
    }
}

/// `a + t b`.
#[inline]
fn moved(a: [f64; 3], t: f64, b: [f64; 3]) -> [f64; 3] {
    [a[0] + t * b[0], a[1] + t * b[1], a[2] + t * b[2]]
}

/// Stores the state at the start of each step; the stages are computed again on the way back.
fn by_hand(
    start: [f64; 3],
    p: &Parameters,
    steps: usize,
    gradient: &mut [f64; 6],
    stored: &mut Vec<[f64; 3]>,
) -> f64 {
    let h = DURATION / steps as f64;
    let stages = |s: [f64; 3]| {
        let k1 = p.flow(s);
        let s2 = moved(s, 0.5 * h, k1);
        let k2 = p.flow(s2);
        let s3 = moved(s, 0.5 * h, k2);
        let k3 = p.flow(s3);
        let s4 = moved(s, h, k3);
        ([s2, s3, s4], [k1, k2, k3])
    };
    stored.clear();
    stored.reserve(steps);
    let mut s = start;
    for _ in 0..steps {
        stored.push(s);
        let ([_, _, s4], [k1, k2, k3]) = stages(s);
        let k4 = p.flow(s4);
        let sum = moved(moved(moved(k1, 2.0, k2), 2.0, k3), 1.0, k4);
        s = moved(s, h / 6.0, sum);
    }
    let [x, y, z] = s;

    let (mut by_s, mut by_p) = ([2.0 * x, 2.0 * y, 1.0], [0.0; 3]);
    for &s in stored.iter().rev() {
        let ([s2, s3, s4], _) = stages(s);
        let by_k = by_s.map(|bar| h / 6.0 * bar);
        let twice = by_k.map(|bar| 2.0 * bar);
        let by_s4 = p.pull_back(s4, by_k, &mut by_p);
        let by_s3 = p.pull_back(s3, moved(twice, h, by_s4), &mut by_p);
        let by_s2 = p.pull_back(s2, moved(twice, 0.5 * h, by_s3), &mut by_p);
        let by_s1 = p.pull_back(s, moved(by_k, 0.5 * h, by_s2), &mut by_p);
        for i in 0..3 {
            by_s[i] += by_s1[i] + by_s2[i] + by_s3[i] + by_s4[i];
        }
    }
    *gradient = [by_s[0], by_s[1], by_s[2], by_p[0], by_p[1], by_p[2]];
    x * x + y * y + z
}

fn of_numbers<T: Number>(&[mut x, mut y, mut z, sigma, rho, beta]: &[T; 6], steps: usize) -> T {
    let h = DURATION / steps as f64;
    let flow = |x: T, y: T, z: T| (sigma * (y - x), x * (rho - z) - y, x * y - beta * z);
    for _ in 0..steps {
        let (x1, y1, z1) = flow(x, y, z);
        let (x2, y2, z2) = flow(x + x1 * (0.5 * h), y + y1 * (0.5 * h), z + z1 * (0.5 * h));
        let (x3, y3, z3) = flow(x + x2 * (0.5 * h), y + y2 * (0.5 * h), z + z2 * (0.5 * h));
        let (x4, y4, z4) = flow(x + x3 * h, y + y3 * h, z + z3 * h);
        x = x + (x1 + x2 * 2.0 + x3 * 2.0 + x4) * (h / 6.0);
        y = y + (y1 + y2 * 2.0 + y3 * 2.0 + y4) * (h / 6.0);
        z = z + (z1 + z2 * 2.0 + z3 * 2.0 + z4) * (h / 6.0);
    }
    x * x + y * y + z
}

fn run(steps: usize, session: &mut Session) {
    let start = [1.0, 0.5, 20.0];
    let (sigma, rho, beta) = (10.0, 28.0, 8.0 / 3.0);
    let at = [1.0, 0.5, 20.0, sigma, rho, beta];
    let graph = Graph::new();
    let values = on_graph(&graph, &at);
    let mut stored = Vec::new();
    let variants = vec![
        Variant::hand([0.0; 6], |g| {
            by_hand(black_box(start), &black_box(Parameters { sigma, rho, beta }), steps, g, &mut stored)
        }),
        Variant::grad_add(
            lorenz::BACKEND,
            ([0.0; 3], 0.0, 0.0, 0.0),
            |(by_start, by_sigma, by_rho, by_beta)| {
                let (start, [sigma, rho, beta]) = black_box((start, [sigma, rho, beta]));
                lorenz_grad_add(start, sigma, rho, beta, steps, by_start, by_sigma, by_rho, by_beta)
            },
        ),
        Variant::grad(|| {
            let (start, [sigma, rho, beta]) = black_box((start, [sigma, rho, beta]));
            lorenz_grad(start, sigma, rho, beta, steps)
        }),
        Variant::graph(&graph, &values, |v| lorenz::on_values([v[0], v[1], v[2]], v[3], v[4], v[5], steps)),
        Variant::reverse(&at, |v| of_numbers(v.first_chunk().expect("six inputs"), steps)),
        Variant::num_dual(at, |v| of_numbers(v, steps)),
    ];
    session.measure(Some(steps), variants);
}

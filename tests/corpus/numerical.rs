//! Numerical Rust as it stands in libraries and scripts: filters, quadrature, root finding, tables, splines, small matrices.

use gradus::{differentiable, stop_gradient};
use std::collections::{BTreeMap, HashMap, HashSet};

// --- filters

/// A direct form II biquad, whose coefficients come from a design at the function's head.
#[differentiable(second)]
fn biquad(signal: &[f64], cutoff: f64, q: f64) -> f64 {
    let w = std::f64::consts::TAU * cutoff;
    let (sin, cos) = w.sin_cos();
    let alpha = sin / (2.0 * q);
    let (b0, b1, b2) = ((1.0 - cos) / 2.0, 1.0 - cos, (1.0 - cos) / 2.0);
    let (a0, a1, a2) = (1.0 + alpha, -2.0 * cos, 1.0 - alpha);
    let [mut z1, mut z2] = [0.0; 2];
    let mut power = 0.0;
    for &x in signal {
        let y = (b0 * x + z1) / a0;
        z1 = b1 * x - a1 * y + z2;
        z2 = b2 * x - a2 * y;
        power += y * y;
    }
    power / signal.len() as f64
}

case! {
    biquad, biquad_grad, biquad_grad_add, biquad_graph;
    with |signal: Vec<f64>, cutoff: f64, q: f64| (&signal, cutoff, q);
    at (vec![1.0, 0.5, -0.25, 0.75, 0.0], 0.1, 0.7);
}

/// A median of three over a window, edges kept.
#[differentiable(second)]
fn median_filter(xs: &[f64]) -> f64 {
    let mut out = xs.to_vec();
    for (i, w) in xs.windows(3).enumerate() {
        let (a, b, c) = (w[0], w[1], w[2]);
        out[i + 1] = a.max(b).min(a.min(b).max(c));
    }
    out.iter().zip(xs).map(|(o, x)| (o - 0.5 * x).powi(2)).sum()
}

case! {
    median_filter, median_filter_grad, median_filter_grad_add, median_filter_graph;
    with |xs: Vec<f64>| (&xs);
    at (vec![1.0, 5.0, 2.0, -3.0, 4.0, 0.5]), (vec![1.0, 2.0]);
}

/// Convolution with a `const fn` kernel length, zero padding by checked indices.
const fn half_width(n: usize) -> usize {
    n / 2
}

#[differentiable(second)]
fn convolved(signal: &[f64], kernel: [f64; 3]) -> f64 {
    const HALF: usize = half_width(3);
    let mut energy = 0.0;
    for i in 0..signal.len() {
        let mut acc = 0.0;
        for (j, k) in kernel.iter().enumerate() {
            if let Some(at) = (i + j).checked_sub(HALF) {
                if at < signal.len() {
                    acc += k * signal[at];
                }
            }
        }
        energy += acc.powi(2);
    }
    energy.sqrt()
}

case! {
    convolved, convolved_grad, convolved_grad_add, convolved_graph;
    with |signal: Vec<f64>, kernel: [f64; 3]| (&signal, kernel);
    at (vec![1.0, 0.5, -0.25, 0.75], [0.25, 0.5, 0.3]);
}

/// Exponential smoothing of levels and trend (Holt), forecasts by `fold` with a tuple.
#[differentiable(second)]
fn holt(alpha: f64, beta: f64, #[constant] ys: &[f64]) -> f64 {
    let [first, rest @ ..] = ys else { return 0.0 };
    let (level, trend, sse) = rest.iter().fold((*first, 0.0, 0.0), |(level, trend, sse), &y| {
        let forecast = level + trend;
        let error = y - forecast;
        let next = forecast + alpha * error;
        (next, trend + beta * (next - level - trend), sse + error * error)
    });
    sse + 1e-3 * (level + trend)
}

case! {
    holt, holt_grad, holt_grad_add, holt_graph;
    for ys in [vec![], vec![1.0], vec![1.0, 1.5, 2.25, 2.0, 3.5]];
    with |alpha: f64, beta: f64| (alpha, beta, &ys);
    at (0.4, 0.2);
}

// --- interpolation

/// A table looked up by `partition_point`, linear between knots, constant outside.
#[differentiable(second)]
fn interpolated(x: f64, ys: &[f64], #[constant] knots: &[f64]) -> f64 {
    let i = knots.partition_point(|&k| k <= x);
    if i == 0 {
        return ys[0];
    }
    if i == knots.len() {
        return ys[ys.len() - 1];
    }
    let (x0, x1) = (knots[i - 1], knots[i]);
    let t = (x - x0) / (x1 - x0);
    ys[i - 1] + t * (ys[i] - ys[i - 1])
}

case! {
    interpolated, interpolated_grad, interpolated_grad_add, interpolated_graph;
    for knots in [vec![0.0, 1.0, 2.5, 4.0]];
    with |x: f64, ys: Vec<f64>| (x, &ys, &knots);
    at (1.7, vec![1.0, 3.0, -2.0, 0.5]), (-1.0, vec![1.0, 3.0, -2.0, 0.5]), (9.0, vec![1.0, 3.0, -2.0, 0.5]);
}

/// Natural cubic spline: Thomas algorithm for the second derivatives, then a value.
#[differentiable(second)]
fn natural_spline(ys: &[f64], at: f64) -> f64 {
    let n = ys.len();
    let mut m = vec![0.0; n];
    let (mut c, mut d) = (vec![0.0; n], vec![0.0; n]);
    for i in 1..n - 1 {
        let rhs = 6.0 * (ys[i + 1] - 2.0 * ys[i] + ys[i - 1]);
        let denominator = 4.0 - c[i - 1];
        c[i] = 1.0 / denominator;
        d[i] = (rhs - d[i - 1]) / denominator;
    }
    for i in (1..n - 1).rev() {
        m[i] = d[i] - c[i] * m[i + 1];
    }
    let k = (gradus::stop_gradient(at) as usize).min(n - 2);
    let (a, b) = (k as f64 + 1.0 - at, at - k as f64);
    a * ys[k] + b * ys[k + 1] + ((a.powi(3) - a) * m[k] + (b.powi(3) - b) * m[k + 1]) / 6.0
}

case! {
    natural_spline, natural_spline_grad, natural_spline_grad_add, natural_spline_graph;
    with |ys: Vec<f64>, at: f64| (&ys, at);
    at (vec![1.0, 3.0, -2.0, 0.5, 2.0], 2.3), (vec![1.0, 3.0, -2.0], 0.1);
}

/// Newton's divided differences, in place, and Horner's evaluation of them.
#[differentiable(second)]
fn newton_polynomial(x: f64, ys: [f64; 4]) -> f64 {
    const XS: [f64; 4] = [-1.0, 0.0, 0.5, 2.0];
    let mut coefficients = ys;
    for level in 1..coefficients.len() {
        for i in (level..coefficients.len()).rev() {
            coefficients[i] = (coefficients[i] - coefficients[i - 1]) / (XS[i] - XS[i - level]);
        }
    }
    coefficients.iter().zip(&XS).rev().fold(0.0, |acc, (c, k)| acc * (x - k) + c)
}

case! {
    newton_polynomial, newton_polynomial_grad, newton_polynomial_grad_add, newton_polynomial_graph;
    with |x: f64, ys: [f64; 4]| (x, ys);
    at (0.7, [1.0, -2.0, 0.5, 3.0]);
}

/// Bilinear interpolation in a generic grid.
#[differentiable(second)]
fn bilinear<const R: usize, const C: usize>(grid: &[[f64; C]; R], u: f64, v: f64) -> f64 {
    let (u, v) = (u.clamp(0.0, (R - 1) as f64), v.clamp(0.0, (C - 1) as f64));
    let (i, j) = ((stop_gradient(u) as usize).min(R - 2), (stop_gradient(v) as usize).min(C - 2));
    let (s, t) = (u - i as f64, v - j as f64);
    let [top, bottom] = [i, i + 1].map(|row| grid[row][j] * (1.0 - t) + grid[row][j + 1] * t);
    top * (1.0 - s) + bottom * s
}

case! {
    bilinear, bilinear_grad, bilinear_grad_add, bilinear_graph;
    with |grid: [[f64; 3]; 2], u: f64, v: f64| (&grid, u, v);
    at ([[1.0, 2.0, 4.0], [0.5, -1.0, 3.0]], 0.3, 1.6);
}

// --- roots, integrals, equations

/// Bisection: which half, a sign says; the result is polished by a Newton step that carries the derivative.
#[differentiable(second)]
fn bisected(a: f64, b: f64) -> f64 {
    let f = |x: f64| x.powi(3) - a * x - b;
    let (mut lo, mut hi) = (0.0_f64, 10.0_f64);
    let mut iterations = 0u8;
    while hi - lo > 1e-3 && iterations < 40 {
        let mid = 0.5 * (lo + hi);
        if f(mid) > 0.0 {
            hi = mid
        } else {
            lo = mid
        }
        iterations += 1;
    }
    let x = lo;
    let x = x - f(x) / (3.0 * x * x - a);
    x - f(x) / (3.0 * x * x - a)
}

case! {
    bisected, bisected_grad, bisected_grad_add, bisected_graph;
    with |a: f64, b: f64| (a, b);
    at (1.0, 2.0);
}

/// The secant method in a labelled block that gives a value.
#[differentiable(second)]
fn secant(k: f64) -> f64 {
    let g = |x: f64| x.cos() - k * x;
    let (mut x0, mut x1) = (0.2, 1.1);
    'root: {
        for _ in 0..30 {
            let (g0, g1) = (g(x0), g(x1));
            if (g1 - g0).abs() < 1e-13 {
                break 'root x1;
            }
            (x0, x1) = (x1, x1 - g1 * (x1 - x0) / (g1 - g0));
            if (x1 - x0).abs() < 1e-9 {
                break 'root 0.5 * (x0 + x1);
            }
        }
        f64::NAN
    }
}

case! {
    secant, secant_grad, secant_grad_add, secant_graph;
    with |k: f64| (k);
    at (1.0);
}

/// Simpson's rule with alternating weights out of `match`.
#[differentiable(second)]
fn simpson(a: f64, b: f64, k: f64) -> f64 {
    const N: u32 = 8;
    let h = (b - a) / f64::from(N);
    (0..=N)
        .map(|i| {
            let weight = match i {
                0 | N => 1.0,
                odd if odd % 2 == 1 => 4.0,
                _ => 2.0,
            };
            weight * (k * (a + f64::from(i) * h)).sin().exp()
        })
        .sum::<f64>()
        * h
        / 3.0
}

case! {
    simpson, simpson_grad, simpson_grad_add, simpson_graph;
    with |a: f64, b: f64, k: f64| (a, b, k);
    at (0.1, 1.3, 2.0);
}

/// Adaptive Simpson without recursion: a stack of intervals.
#[differentiable(second)]
fn adaptive(k: f64, end: f64) -> f64 {
    let f = |x: f64| (-k * x * x).exp();
    let rule = |a: f64, b: f64| (b - a) / 6.0 * (f(a) + 4.0 * f(0.5 * (a + b)) + f(b));
    let mut stack = vec![(0.0, end, 0usize)];
    let mut total = 0.0;
    while let Some((a, b, depth)) = stack.pop() {
        let m = 0.5 * (a + b);
        let (whole, halves) = (rule(a, b), rule(a, m) + rule(m, b));
        if depth >= 6 || (whole - halves).abs() < 1e-5 {
            total += halves + (halves - whole) / 15.0;
        } else {
            stack.push((a, m, depth + 1));
            stack.push((m, b, depth + 1));
        }
    }
    total
}

case! {
    adaptive, adaptive_grad, adaptive_grad_add, adaptive_graph;
    with |k: f64, end: f64| (k, end);
    at (1.3, 2.0);
}

/// Romberg's triangle of rows, each a `Vec` of its own.
#[differentiable(second)]
fn romberg(a: f64, b: f64) -> f64 {
    let f = |x: f64| x.ln() * x;
    let mut rows: Vec<Vec<f64>> = vec![vec![0.5 * (b - a) * (f(a) + f(b))]];
    for k in 1..5usize {
        let n = 1usize << (k - 1);
        let h = (b - a) / (1u32 << k) as f64;
        let mids: f64 = (0..n).map(|i| f(a + (2 * i + 1) as f64 * h)).sum();
        let mut row = vec![0.5 * rows[k - 1][0] + h * mids];
        for j in 1..=k {
            let factor = 4f64.powi(j as i32);
            row.push((factor * row[j - 1] - rows[k - 1][j - 1]) / (factor - 1.0));
        }
        rows.push(row);
    }
    rows[4][4]
}

case! {
    romberg, romberg_grad, romberg_grad_add, romberg_graph;
    with |a: f64, b: f64| (a, b);
    at (1.0, 2.5);
}

/// Jacobi iterations until the change is small; buffers swap.
#[differentiable(second)]
fn jacobi_iteration(diagonal: [f64; 3], rhs: [f64; 3]) -> f64 {
    let off = [[0.0, 0.2, -0.1], [0.1, 0.0, 0.3], [-0.2, 0.1, 0.0]];
    let mut x = [0.0; 3];
    let mut next = [0.0; 3];
    for step in 0.. {
        for i in 0..3 {
            let s: f64 = off[i].iter().zip(x.iter()).map(|(a, b)| a * b).sum();
            next[i] = (rhs[i] - s) / diagonal[i];
        }
        let change = x.iter().zip(&next).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        std::mem::swap(&mut x, &mut next);
        if change < 1e-14 || step == 60 {
            break;
        }
    }
    x.iter().map(|v| v * v).sum()
}

case! {
    jacobi_iteration, jacobi_iteration_grad, jacobi_iteration_grad_add, jacobi_iteration_graph;
    with |diagonal: [f64; 3], rhs: [f64; 3]| (diagonal, rhs);
    at ([2.0, 3.0, 2.5], [1.0, -0.5, 2.0]);
}

// --- matrices

/// Gaussian elimination with partial pivoting on a flat matrix: rows swap by `swap`.
#[differentiable(second)]
fn determinant(entries: &[f64], #[constant] n: usize) -> f64 {
    let mut a = entries.to_owned();
    let mut det = 1.0;
    for column in 0..n {
        let pivot =
            (column..n).max_by(|&i, &j| a[i * n + column].abs().total_cmp(&a[j * n + column].abs())).unwrap();
        if a[pivot * n + column] == 0.0 {
            return 0.0;
        }
        if pivot != column {
            for k in 0..n {
                a.swap(pivot * n + k, column * n + k);
            }
            det = -det;
        }
        det *= a[column * n + column];
        for row in column + 1..n {
            let factor = a[row * n + column] / a[column * n + column];
            for k in column..n {
                a[row * n + k] -= factor * a[column * n + k];
            }
        }
    }
    det
}

case! {
    determinant, determinant_grad, determinant_grad_add, determinant_graph;
    for n in [3];
    with |entries: Vec<f64>| (&entries, n);
    at (vec![1.0, 2.0, 3.0, -4.0, 5.0, 1.5, 0.5, 2.0, 7.0]);
}

/// Modified Gram–Schmidt on columns as nested `Vec`s, by `split_at_mut`.
#[differentiable(second)]
fn gram_schmidt(columns: &[Vec<f64>]) -> f64 {
    let mut q: Vec<Vec<f64>> = columns.to_vec();
    let mut trace = 0.0;
    for j in 0..q.len() {
        let (done, rest) = q.split_at_mut(j);
        let current = &mut rest[0];
        for other in done.iter() {
            let dot: f64 = other.iter().zip(current.iter()).map(|(a, b)| a * b).sum();
            for (c, o) in current.iter_mut().zip(other) {
                *c -= dot * o;
            }
        }
        let norm = current.iter().map(|c| c * c).sum::<f64>().sqrt();
        current.iter_mut().for_each(|c| *c /= norm);
        trace += norm.ln();
    }
    trace + q[1][0]
}

case! {
    gram_schmidt, gram_schmidt_grad, gram_schmidt_grad_add, gram_schmidt_graph;
    with |columns: Vec<Vec<f64>>| (&columns);
    at (vec![vec![1.0, 2.0, 0.5], vec![-1.0, 0.3, 2.0]]);
}

/// The power method with a generic matrix type and early exit by a label.
#[differentiable(second)]
fn dominant<const N: usize>(a: [[f64; N]; N]) -> f64 {
    let mut v = [1.0; N];
    let mut eigenvalue = 0.0;
    'outer: for round in 0..200 {
        let w: [f64; N] = std::array::from_fn(|i| a[i].iter().zip(v).map(|(a, v)| a * v).sum());
        let norm = w.iter().fold(0.0, |n: f64, w| n.hypot(*w));
        let next = w.map(|w| w / norm);
        let previous = std::mem::replace(&mut eigenvalue, norm);
        for (old, new) in v.iter_mut().zip(next) {
            *old = new;
        }
        if round > 3 && (eigenvalue - previous).abs() < 1e-15 * norm {
            break 'outer;
        }
    }
    eigenvalue
}

case! {
    dominant, dominant_grad, dominant_grad_add, dominant_graph;
    with |a: [[f64; 2]; 2]| (a);
    at ([[2.0, 1.0], [1.0, 3.0]]);
}

/// A banded product: rows by `chunks_exact`, offsets by signed integers.
#[differentiable(second)]
fn banded(bands: &[f64], x: &[f64]) -> f64 {
    let n = x.len() as isize;
    bands
        .chunks_exact(3)
        .enumerate()
        .map(|(row, band)| {
            let row = row as isize;
            let mut sum = 0.0;
            for offset in -1isize..=1 {
                let column = row + offset;
                if !(0..n).contains(&column) {
                    continue;
                }
                sum += band[(offset + 1) as usize] * x[column as usize];
            }
            sum * x[row as usize]
        })
        .sum()
}

case! {
    banded, banded_grad, banded_grad_add, banded_graph;
    with |bands: Vec<f64>, x: Vec<f64>| (&bands, &x);
    at (vec![0.0, 2.0, 1.0, 1.0, 2.5, -0.5, 0.3, 3.0, 0.0], vec![1.0, -2.0, 0.5]);
}

// --- tables and data

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Element {
    Hydrogen,
    Carbon,
    Oxygen,
}

impl Element {
    const fn valence(self) -> u8 {
        match self {
            Element::Hydrogen => 1,
            Element::Carbon => 4,
            Element::Oxygen => 2,
        }
    }
}

/// Parameters by index in a table of names; the atoms are a slice of enums.
#[differentiable(second)]
fn formation_energy(
    parameters: &[f64],
    #[constant] atoms: &[Element],
    #[constant] index: &HashMap<&str, usize>,
) -> f64 {
    let mut energy = 0.0;
    for (i, atom) in atoms.iter().enumerate() {
        let name = match atom {
            Element::Hydrogen => "H",
            Element::Carbon => "C",
            Element::Oxygen => "O",
        };
        let Some(&at) = index.get(name) else { continue };
        let p = parameters[at];
        energy += p * f64::from(atom.valence());
        if matches!(atom, Element::Carbon | Element::Oxygen) && i > 0 {
            energy -= p * p / (i as f64 + 1.0);
        }
    }
    energy
}

case! {
    formation_energy, formation_energy_grad, formation_energy_grad_add, formation_energy_graph;
    for given in [(
        vec![Element::Carbon, Element::Hydrogen, Element::Oxygen, Element::Hydrogen],
        HashMap::from([("C", 1), ("H", 0)])
    ), (vec![Element::Oxygen, Element::Oxygen], HashMap::from([("O", 0)]))];
    with |parameters: Vec<f64>| (&parameters, &given.0, &given.1);
    at (vec![0.7, -1.2]);
}

/// The rate that holds at a time: the last entry of a `BTreeMap` not after it.
#[differentiable(second)]
fn discounted(
    spread: f64,
    cash: &[f64],
    #[constant] curve: &BTreeMap<u32, f64>,
    #[constant] days: &[u32],
) -> f64 {
    let mut value = 0.0;
    for (c, day) in cash.iter().zip(days) {
        let rate = curve.range(..=*day).next_back().map_or(0.01, |(_, rate)| *rate);
        let t = f64::from(*day) / 365.0;
        value += c * (-(rate + spread) * t).exp();
    }
    value
}

case! {
    discounted, discounted_grad, discounted_grad_add, discounted_graph;
    for given in [(BTreeMap::from([(30, 0.02), (180, 0.03), (365, 0.035)]), vec![10, 200, 365, 900])];
    with |spread: f64, cash: Vec<f64>| (spread, &cash, &given.0, &given.1);
    at (0.01, vec![1.0, 2.0, 3.0, 4.0]);
}

struct Series<'a> {
    name: &'a str,
    samples: &'a [(f64, f64)],
    weight: Option<f64>,
}

/// Data in a struct with a lifetime; missing weights count as one.
#[differentiable(second)]
fn residual(slope: f64, offset: f64, #[constant] series: &Series<'_>) -> f64 {
    let weight = series.weight.unwrap_or(1.0);
    let sum: f64 = series.samples.iter().map(|&(x, y)| (slope * x + offset - y).powi(2)).sum();
    weight * sum / (series.samples.len().max(1) as f64)
        + if series.name.starts_with('r') { 0.1 * slope * slope } else { 0.0 }
}

case! {
    residual, residual_grad, residual_grad_add, residual_graph;
    for series in [
        Series { name: "raw", samples: &[(0.0, 1.0), (1.0, 2.5)], weight: Some(0.5) },
        Series { name: "fit", samples: &[], weight: None }
    ];
    with |slope: f64, offset: f64| (slope, offset, &series);
    at (0.7, -0.3);
}

trait Weighting {
    fn weight(&self, i: usize) -> f64;
    fn skips(&self, i: usize) -> bool {
        i % 3 == 2
    }
}
struct Flat(f64);
struct Ramp;
impl Weighting for Flat {
    fn weight(&self, _: usize) -> f64 {
        self.0
    }
}
impl Weighting for Ramp {
    fn weight(&self, i: usize) -> f64 {
        i as f64
    }
    fn skips(&self, _: usize) -> bool {
        false
    }
}

/// A trait object is data.
#[differentiable(second)]
fn weighed(xs: &[f64], #[constant] by: &dyn Weighting) -> f64 {
    let mut total = 0.0;
    for (i, x) in xs.iter().enumerate().filter(|(i, _)| !by.skips(*i)) {
        total += by.weight(i) * x.sin();
    }
    total / xs.len() as f64
}

case! {
    weighed, weighed_grad, weighed_grad_add, weighed_graph;
    for by in [Box::new(Flat(1.5)) as Box<dyn Weighting>, Box::new(Ramp)];
    with |xs: Vec<f64>| (&xs, &*by);
    at (vec![1.0, 0.5, -0.25, 0.75]);
}

/// Distances over an adjacency list, breadth first with a set of those seen.
#[differentiable(second)]
fn spread(weights: &[f64], #[constant] neighbours: &[Vec<usize>]) -> f64 {
    let mut seen = HashSet::new();
    let mut queue = std::collections::VecDeque::from([(0usize, 0u32)]);
    let mut total = 0.0;
    while let Some((at, depth)) = queue.pop_front() {
        if !seen.insert(at) {
            continue;
        }
        total += weights[at].powi(2) * 0.5f64.powi(depth as i32);
        for &next in &neighbours[at] {
            queue.push_back((next, depth + 1));
        }
    }
    total
}

case! {
    spread, spread_grad, spread_grad_add, spread_graph;
    for neighbours in [vec![vec![1, 2], vec![0, 3], vec![3], vec![]]];
    with |weights: Vec<f64>| (&weights, &neighbours);
    at (vec![1.0, 0.5, -0.25, 0.75]);
}

/// A little language of operations, whose program is data and whose stack is active.
#[derive(Clone)]
enum Token {
    Push(usize),
    Constant(f64),
    Add,
    Mul,
    Call(String),
}

#[differentiable(second)]
fn evaluated(inputs: &[f64], #[constant] program: &[Token]) -> f64 {
    let mut stack = Vec::new();
    for token in program {
        match token {
            Token::Push(i) => stack.push(inputs[*i]),
            Token::Constant(c) => stack.push(*c),
            Token::Add | Token::Mul => {
                let b = stack.pop().unwrap();
                let a = stack.pop().unwrap();
                stack.push(if let Token::Add = token { a + b } else { a * b });
            }
            Token::Call(name) => {
                let x = stack.pop().expect("an operand");
                stack.push(match name.as_str() {
                    "sin" => x.sin(),
                    "exp" => x.exp(),
                    other => panic!("unknown function {other}"),
                });
            }
        }
    }
    stack.pop().unwrap_or_default()
}

case! {
    evaluated, evaluated_grad, evaluated_grad_add, evaluated_graph;
    for program in [
        vec![Token::Push(0), Token::Push(1), Token::Mul, Token::Call("sin".to_owned()), Token::Constant(2.0), Token::Add, Token::Push(0), Token::Mul],
        vec![]
    ];
    with |inputs: Vec<f64>| (&inputs, &program);
    at (vec![0.7, -1.2]);
}

// --- integers beside floats

/// A linear congruential generator drives a walk; bits choose the step.
#[differentiable(second)]
fn random_walk(drift: f64, sigma: f64, #[constant] seed: u64) -> f64 {
    let mut state = seed;
    let mut x = 0.0;
    let mut maximum = f64::NEG_INFINITY;
    for _ in 0..12 {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let u = (state >> 11) as f64 / (1u64 << 53) as f64;
        let jump = if state & 0x10 != 0 { sigma * (u - 0.5) } else { -sigma * u * u };
        x += drift * 0.1 + jump;
        maximum = maximum.max(x);
    }
    x + 0.5 * maximum
}

case! {
    random_walk, random_walk_grad, random_walk_grad_add, random_walk_graph;
    for seed in [1, 77];
    with |drift: f64, sigma: f64| (drift, sigma, seed);
    at (0.3, 1.2);
}

/// An FFT of four points by bit reversal, twiddles from integers.
#[differentiable(second)]
fn spectrum(signal: [f64; 4]) -> f64 {
    let n = signal.len();
    let bits = n.trailing_zeros();
    let mut re = [0.0; 4];
    let mut im = [0.0; 4];
    for (i, x) in signal.into_iter().enumerate() {
        re[i.reverse_bits() >> (usize::BITS - bits)] = x;
    }
    let mut size = 2;
    while size <= n {
        let half = size / 2;
        for start in (0..n).step_by(size) {
            for k in 0..half {
                let angle = -std::f64::consts::TAU * k as f64 / size as f64;
                let (s, c) = angle.sin_cos();
                let (i, j) = (start + k, start + k + half);
                let (tr, ti) = (re[j] * c - im[j] * s, re[j] * s + im[j] * c);
                (re[j], im[j]) = (re[i] - tr, im[i] - ti);
                re[i] += tr;
                im[i] += ti;
            }
        }
        size <<= 1;
    }
    re.iter().zip(&im).enumerate().map(|(k, (r, i))| k as f64 * r.hypot(*i)).sum()
}

case! {
    spectrum, spectrum_grad, spectrum_grad_add, spectrum_graph;
    with |signal: [f64; 4]| (signal);
    at ([1.0, 0.5, -0.25, 0.75]);
}

/// Binomial weights by integers, as a lattice of prices.
#[differentiable(second)]
fn american_put(spot: f64, sigma: f64, strike: f64) -> f64 {
    const STEPS: usize = 6;
    let dt = 1.0 / STEPS as f64;
    let up = (sigma * dt.sqrt()).exp();
    let (down, growth) = (up.recip(), (0.03 * dt).exp());
    let p = (growth - down) / (up - down);
    let payoff = |level: usize, ups: usize| (strike - spot * up.powi(2 * ups as i32 - level as i32)).max(0.0);
    let mut values: Vec<_> = (0..=STEPS).map(|ups| payoff(STEPS, ups)).collect();
    for level in (0..STEPS).rev() {
        for ups in 0..=level {
            let hold = (p * values[ups + 1] + (1.0 - p) * values[ups]) / growth;
            values[ups] = hold.max(payoff(level, ups));
        }
        values.truncate(level + 1);
    }
    values[0]
}

case! {
    american_put, american_put_grad, american_put_grad_add, american_put_graph;
    with |spot: f64, sigma: f64, strike: f64| (spot, sigma, strike);
    at (100.0, 0.31, 103.0);
}

/// Counts by class beside a likelihood: integer code with shadowed loop variables.
#[differentiable(second)]
fn multinomial(logits: &[f64], #[constant] labels: &[u8]) -> f64 {
    let mut counts = vec![0u32; logits.len()];
    for label in labels {
        counts[usize::from(*label)] += 1;
    }
    let top = logits.iter().copied().fold(f64::MIN, f64::max);
    let z: f64 = logits.iter().map(|l| (l - top).exp()).sum();
    let mut likelihood = 0.0;
    for (i, i_count) in counts.iter().enumerate() {
        for i in [i] {
            likelihood += f64::from(*i_count) * (logits[i] - top - z.ln());
        }
    }
    -likelihood
}

case! {
    multinomial, multinomial_grad, multinomial_grad_add, multinomial_graph;
    for labels in [vec![0, 2, 2, 1, 0, 0u8]];
    with |logits: Vec<f64>| (&logits, &labels);
    at (vec![0.7, -1.2, 0.4]);
}

// --- iterators

/// Three sequences at once.
#[differentiable(second)]
fn weighted_error(xs: &[f64], ys: &[f64], ws: &[f64]) -> f64 {
    let (num, den) = xs
        .iter()
        .zip(ys.iter())
        .zip(ws.iter())
        .map(|((x, y), w)| (w * (x - y).powi(2), w))
        .fold((0.0, 0.0), |(n, d), (a, b)| (n + a, d + b));
    num / den
}

case! {
    weighted_error, weighted_error_grad, weighted_error_grad_add, weighted_error_graph;
    with |xs: Vec<f64>, ys: Vec<f64>, ws: Vec<f64>| (&xs, &ys, &ws);
    at (vec![0.7, -1.2, 0.4], vec![1.0, 2.0, 0.5], vec![0.1, 0.7, 0.4]);
}

/// The trapezoid rule on pairs, the arc length beside it.
#[differentiable(second)]
fn trapezoid(points: &[(f64, f64)]) -> f64 {
    let area: f64 = points.windows(2).map(|p| (p[1].0 - p[0].0) * (p[0].1 + p[1].1) / 2.0).sum();
    let length = points.windows(2).fold(0.0, |length, pair| match pair {
        [(x0, y0), (x1, y1)] => length + (x1 - x0).hypot(y1 - y0),
        _ => unreachable!(),
    });
    area / length
}

case! {
    trapezoid, trapezoid_grad, trapezoid_grad_add, trapezoid_graph;
    with |points: Vec<(f64, f64)>| (&points);
    at (vec![(0.0, 1.0), (0.5, 2.0), (1.5, -0.5)]);
}

/// Running maxima by `scan`, taken while positive, the best by `max_by`.
#[differentiable(second)]
fn drawdown(returns: &[f64]) -> f64 {
    let mut wealth = 1.0;
    let path: Vec<f64> = returns
        .iter()
        .map(|r| {
            wealth *= 1.0 + r;
            wealth
        })
        .collect();
    let worst = path
        .iter()
        .scan(1.0_f64, |peak, w| {
            *peak = peak.max(*w);
            Some((*peak - w) / *peak)
        })
        .max_by(|a, b| a.partial_cmp(b).unwrap());
    worst.unwrap_or(0.0) * wealth
}

case! {
    drawdown, drawdown_grad, drawdown_grad_add, drawdown_graph;
    with |returns: Vec<f64>| (&returns);
    at (vec![0.1, -0.2, 0.3, -0.05, -0.1]), (vec![]);
}

/// Pairs below the diagonal by `flat_map`, with a cutoff.
#[differentiable(second)]
fn lennard_jones(positions: &[[f64; 3]], sigma: f64) -> f64 {
    (0..positions.len())
        .flat_map(|i| (0..i).map(move |j| (i, j)))
        .filter_map(|(i, j)| {
            let r2: f64 = positions[i].iter().zip(&positions[j]).map(|(a, b)| (a - b) * (a - b)).sum();
            (r2 < 9.0).then(|| {
                let s6 = (sigma * sigma / r2).powi(3);
                4.0 * (s6 * s6 - s6)
            })
        })
        .sum()
}

case! {
    lennard_jones, lennard_jones_grad, lennard_jones_grad_add, lennard_jones_graph;
    with |positions: Vec<[f64; 3]>, sigma: f64| (&positions, sigma);
    at (vec![[0.0, 0.0, 0.1], [1.1, 0.2, 0.0], [0.3, 1.4, -0.2], [9.0, 0.0, 0.0]], 1.05);
}

/// Sorted by value; the trimmed mean.
#[differentiable(second)]
fn trimmed_mean(xs: &[f64], #[constant] share: f64) -> f64 {
    let mut sorted = xs.to_vec();
    sorted.sort_by(|a, b| b.partial_cmp(a).unwrap());
    let cut = (share * xs.len() as f64).floor() as usize;
    let kept = &sorted[cut..sorted.len() - cut];
    kept.iter().sum::<f64>() / kept.len() as f64
}

case! {
    trimmed_mean, trimmed_mean_grad, trimmed_mean_grad_add, trimmed_mean_graph;
    for share in [0.0, 0.25];
    with |xs: Vec<f64>| (&xs, share);
    at (vec![0.7, -1.2, 0.4, 9.0, 2.0]);
}

/// Edit distance with soft costs: two rows of dynamic programming over characters.
#[differentiable(second)]
fn edit_cost(insert: f64, replace: f64, #[constant] a: &str, #[constant] b: &str) -> f64 {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<f64> = (0..=b.len()).map(|j| j as f64 * insert).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = (i + 1) as f64 * insert;
        for (j, cb) in b.iter().enumerate() {
            let substitution = diagonal + if ca == *cb { 0.0 } else { replace };
            diagonal = row[j + 1];
            row[j + 1] = substitution.min(row[j] + insert).min(diagonal + insert);
        }
    }
    *row.last().unwrap()
}

case! {
    edit_cost, edit_cost_grad, edit_cost_grad_add, edit_cost_graph;
    for given in [("kitten", "sitting"), ("", "ab")];
    with |insert: f64, replace: f64| (insert, replace, given.0, given.1);
    at (1.0, 1.3);
}

/// Viterbi in logarithms with the state's indices in a `Vec` of arrays.
#[differentiable(second)]
fn viterbi(
    start: [f64; 2],
    transition: [[f64; 2]; 2],
    emission: [[f64; 3]; 2],
    #[constant] observed: &[usize],
) -> f64 {
    let mut score = [0, 1].map(|s| start[s] + emission[s][observed[0]]);
    let mut back: Vec<[usize; 2]> = Vec::new();
    for &o in observed.iter().skip(1) {
        let mut pointers = [0usize; 2];
        let mut next = [f64::NEG_INFINITY; 2];
        for s in 0..2 {
            for (r, from) in score.iter().enumerate() {
                let candidate = from + transition[r][s] + emission[s][o];
                if candidate > next[s] {
                    next[s] = candidate;
                    pointers[s] = r;
                }
            }
        }
        back.push(pointers);
        score = next;
    }
    let mut state = if score[0] > score[1] { 0 } else { 1 };
    let best = score[state];
    let mut changes = 0;
    for pointers in back.iter().rev() {
        let before = pointers[state];
        changes += usize::from(before != state);
        state = before;
    }
    best - 0.5 * changes as f64 * start[state]
}

case! {
    viterbi, viterbi_grad, viterbi_grad_add, viterbi_graph;
    for observed in [vec![0usize, 1, 2, 2, 0]];
    with |start: [f64; 2], transition: [[f64; 2]; 2], emission: [[f64; 3]; 2]| (start, transition, emission, &observed);
    at ([-0.5, -1.0], [[-0.3, -1.2], [-0.9, -0.5]], [[-0.6, -1.5, -2.0], [-2.0, -1.0, -0.7]]);
}

/// Runge–Kutta with a tableau of constant slices, stages in a `Vec` of arrays.
#[differentiable(second)]
fn dormand(y0: [f64; 2], k: f64) -> f64 {
    const A: &[&[f64]] = &[&[], &[0.5], &[0.0, 0.5], &[0.0, 0.0, 1.0]];
    const B: [f64; 4] = [1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0];
    let f = |y: [f64; 2]| [y[1], -k * y[0].sin() - 0.1 * y[1]];
    let h = 0.2;
    let mut y = y0;
    for _ in 0..5 {
        let mut stages: Vec<[f64; 2]> = Vec::with_capacity(A.len());
        for row in A {
            let mut at = y;
            for (a, stage) in row.iter().zip(&stages) {
                for d in 0..2 {
                    at[d] += h * a * stage[d];
                }
            }
            stages.push(f(at));
        }
        for (b, stage) in B.iter().zip(stages) {
            y[0] += h * b * stage[0];
            y[1] += h * b * stage[1];
        }
    }
    y[0] * y[1]
}

case! {
    dormand, dormand_grad, dormand_grad_add, dormand_graph;
    with |y0: [f64; 2], k: f64| (y0, k);
    at ([1.0, 0.2], 1.7);
}

/// Kahan's sum, and a mean of those that are finite.
#[differentiable(second)]
fn compensated(xs: &[f64]) -> f64 {
    let (mut sum, mut lost, mut n) = (0.0, 0.0, 0_i32);
    for x in xs.iter().filter(|x| x.is_finite()) {
        let y = x * x - lost;
        let t = sum + y;
        lost = (t - sum) - y;
        sum = t;
        n += 1;
    }
    match n {
        0 => 0.0,
        n if n < 0 => unreachable!(),
        n => sum / f64::from(n),
    }
}

case! {
    compensated, compensated_grad, compensated_grad_add, compensated_graph;
    with |xs: Vec<f64>| (&xs);
    at (vec![0.7, -1.2, 0.4, 9.0, 2.0]), (vec![]);
}

//! Problems of Moré, Garbow and Hillstrom, "Testing Unconstrained Optimization Software" (1981): sums of squares, written as
//! loops over residuals; their gradients are held against dual numbers.

use super::dual::Dual;
use gradus::differentiable;

/// Problem 7.
#[differentiable(second)]
fn helical_valley(x: &[f64; 3]) -> f64 {
    let turn = if x[0] > 0.0 {
        (x[1] / x[0]).atan() / (2.0 * std::f64::consts::PI)
    } else {
        (x[1] / x[0]).atan() / (2.0 * std::f64::consts::PI) + 0.5
    };
    let r = [10.0 * (x[2] - 10.0 * turn), 10.0 * (x[0].hypot(x[1]) - 1.0), x[2]];
    r.iter().map(|r| r * r).sum()
}

case! {
    helical_valley, helical_valley_grad, helical_valley_grad_add, helical_valley_graph;
    with |x: [f64; 3]| (&x);
    at [-1.0, 0.5, 0.3], [0.8, 0.4, 0.1];
}

/// Problem 8, with its data.
#[differentiable(second)]
fn bard(x: &[f64]) -> f64 {
    const Y: [f64; 15] =
        [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39];
    let mut sum = 0.0;
    for (i, y) in Y.iter().enumerate() {
        let u = (i + 1) as f64;
        let v = 16.0 - u;
        let w = u.min(v);
        let r = y - (x[0] + u / (v * x[1] + w * x[2]));
        sum += r * r;
    }
    sum
}

case! {
    bard, bard_grad, bard_grad_add, bard_graph;
    with |x: Vec<f64>| (&x);
    at vec![1.0, 1.0, 1.0], vec![0.08, 1.13, 2.34];
    gradient {
        let y = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39];
        let mut g = vec![0.0; 3];
        for (i, y) in y.iter().enumerate() {
            let (u, v) = ((i + 1) as f64, 15.0 - i as f64);
            let w = u.min(v);
            let below = v * x[1] + w * x[2];
            let r = y - x[0] - u / below;
            g[0] -= 2.0 * r;
            g[1] += 2.0 * r * u * v / (below * below);
            g[2] += 2.0 * r * u * w / (below * below);
        }
        g
    };
}

/// Problem 13.
#[differentiable(second)]
fn powell_singular(x: &[f64]) -> f64 {
    let [a, b, c, d] = x else { panic!("four variables") };
    let residuals = vec![
        a + 10.0 * b,
        5.0_f64.sqrt() * (c - d),
        (b - 2.0 * c).powi(2),
        10.0_f64.sqrt() * (a - d).powi(2),
    ];
    residuals.into_iter().map(|r| r * r).sum()
}

case! {
    powell_singular, powell_singular_grad, powell_singular_grad_add, powell_singular_graph;
    with |x: Vec<f64>| (&x);
    at vec![3.0, -1.0, 0.0, 1.0], vec![0.5, 0.2, -0.3, 0.9];
    gradient {
        let [a, b, c, d] = x[..] else { panic!("four variables") };
        let (p, q, r, s) = (a + 10.0 * b, c - d, (b - 2.0 * c).powi(3), (a - d).powi(3));
        vec![2.0 * p + 40.0 * s, 20.0 * p + 4.0 * r, 10.0 * q - 8.0 * r, -10.0 * q - 40.0 * s]
    };
}

/// Problem 5.
#[differentiable(second)]
fn beale(x: f64, y: f64) -> f64 {
    [1.5, 2.25, 2.625].iter().zip(1..).take(3).map(|(c, i)| c - x * (1.0 - y.powi(i))).map(|r| r * r).sum()
}

case! {
    beale, beale_grad, beale_grad_add, beale_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 1.0), (2.5, 0.4);
    gradient {
        let r = |c: f64, i: i32| c - x * (1.0 - y.powi(i));
        let of = [(1.5, 1), (2.25, 2), (2.625, 3)];
        (
            of.iter().map(|&(c, i)| -2.0 * r(c, i) * (1.0 - y.powi(i))).sum(),
            of.iter().map(|&(c, i)| 2.0 * r(c, i) * x * i as f64 * y.powi(i - 1)).sum(),
        )
    };
}

/// Problem 21, in as many variables as there are.
#[differentiable(second)]
fn extended_rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for pair in x.chunks_exact(2) {
        let (a, b) = (pair[0], pair[1]);
        sum += (10.0 * (b - a * a)).powi(2) + (1.0 - a).powi(2);
    }
    sum
}

case! {
    extended_rosenbrock, extended_rosenbrock_grad, extended_rosenbrock_grad_add, extended_rosenbrock_graph;
    with |x: Vec<f64>| (&x);
    at vec![-1.2, 1.0, -1.2, 1.0], vec![0.5, 0.2], vec![];
    gradient x.chunks(2).flat_map(|p| {
        let d = p[1] - p[0] * p[0];
        [-400.0 * d * p[0] - 2.0 * (1.0 - p[0]), 200.0 * d]
    }).collect();
}

/// Problem 25.
#[differentiable(second)]
fn variably_dimensioned(x: &[f64]) -> f64 {
    let weighted: f64 = x.iter().zip(1..).map(|(x, j)| j as f64 * (x - 1.0)).sum();
    let residuals = x.iter().map(|x| x - 1.0).chain([weighted, weighted * weighted]);
    residuals.map(|r| r * r).sum()
}

case! {
    variably_dimensioned, variably_dimensioned_grad, variably_dimensioned_grad_add, variably_dimensioned_graph;
    with |x: Vec<f64>| (&x);
    at vec![0.75, 0.5, 0.25, 0.0], vec![2.0];
    gradient {
        let s: f64 = x.iter().enumerate().map(|(j, x)| (j + 1) as f64 * (x - 1.0)).sum();
        let slope = 2.0 * s + 4.0 * s.powi(3);
        x.iter().enumerate().map(|(j, x)| 2.0 * (x - 1.0) + (j + 1) as f64 * slope).collect()
    };
}

/// Problem 26.
#[differentiable(second)]
fn trigonometric(x: &[f64]) -> f64 {
    let n = x.len() as f64;
    let cosines: f64 = x.iter().map(|x| x.cos()).sum();
    x.iter()
        .enumerate()
        .map(|(i, x)| {
            let (sine, cosine) = x.sin_cos();
            n - cosines + (i + 1) as f64 * (1.0 - cosine) - sine
        })
        .map(|r| r * r)
        .sum()
}

case! {
    trigonometric, trigonometric_grad, trigonometric_grad_add, trigonometric_graph;
    with |x: Vec<f64>| (&x);
    at vec![0.25, 0.3, 0.2, 0.5], vec![1.0];
    forward |x| {
        let n = x.len();
        let mut sum = Dual::from(0.0);
        let mut cosines = Dual::from(0.0);
        for &x in x {
            cosines = cosines + x.cos();
        }
        for (i, &x) in x.iter().enumerate() {
            let r = n as f64 - cosines + (i + 1) as f64 * (1.0 - x.cos()) - x.sin();
            sum = sum + r * r;
        }
        sum
    };
}

/// Problem 28: a boundary value problem.
#[differentiable(second)]
fn discrete_boundary(x: &[f64]) -> f64 {
    let n = x.len();
    let h = 1.0 / (n + 1) as f64;
    let mut sum = 0.0;
    for i in 0..n {
        let left = if i > 0 { x[i - 1] } else { 0.0 };
        let right = if i + 1 < n { x[i + 1] } else { 0.0 };
        let t = (i + 1) as f64 * h;
        let r = 2.0 * x[i] - left - right + 0.5 * h * h * (x[i] + t + 1.0).powi(3);
        sum += r * r;
    }
    sum
}

case! {
    discrete_boundary, discrete_boundary_grad, discrete_boundary_grad_add, discrete_boundary_graph;
    with |x: Vec<f64>| (&x);
    at vec![-0.1, -0.2, -0.15, -0.1], vec![0.3];
}

/// Problem 30.
#[differentiable(second)]
fn broyden_tridiagonal(x: &[f64]) -> f64 {
    let padded: Vec<f64> =
        std::iter::once(0.0).chain(x.iter().copied()).chain(std::iter::once(0.0)).collect();
    padded.windows(3).map(|w| (3.0 - 2.0 * w[1]) * w[1] - w[0] - 2.0 * w[2] + 1.0).map(|r| r * r).sum()
}

case! {
    broyden_tridiagonal, broyden_tridiagonal_grad, broyden_tridiagonal_grad_add, broyden_tridiagonal_graph;
    with |x: Vec<f64>| (&x);
    at vec![-1.0, -1.0, -1.0, -0.5], vec![0.3];
    gradient {
        let at = |i: isize| if i < 0 || i >= x.len() as isize { 0.0 } else { x[i as usize] };
        let r = |i: isize| (3.0 - 2.0 * at(i)) * at(i) - at(i - 1) - 2.0 * at(i + 1) + 1.0;
        let n = x.len() as isize;
        let slope = |i: isize| {
            let own = 2.0 * r(i) * (3.0 - 4.0 * at(i));
            let before = if i > 0 { -4.0 * r(i - 1) } else { 0.0 };
            let after = if i + 1 < n { -2.0 * r(i + 1) } else { 0.0 };
            own + before + after
        };
        (0..n).map(slope).collect()
    };
}

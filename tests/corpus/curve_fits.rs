//! More problems of Moré, Garbow and Hillstrom, "Testing Unconstrained Optimization Software" (1981): fits of curves, and
//! equations whose residuals are coupled.

use super::dual::Dual;
use gradus::differentiable;

/// The sum of the squares of residuals on dual numbers.
fn squares(residuals: impl IntoIterator<Item = Dual>) -> Dual {
    residuals.into_iter().fold(Dual::from(0.0), |sum, r| sum + r * r)
}

/// Problem 6, by Jennrich and Sampson.
#[differentiable(second)]
fn jennrich_sampson(x: &[f64; 2], count: usize) -> f64 {
    let mut sum = 0.0;
    for i in 1..=count {
        let t = i as f64;
        sum += (2.0 + 2.0 * t - ((t * x[0]).exp() + (t * x[1]).exp())).powi(2);
    }
    sum
}

case! {
    jennrich_sampson, jennrich_sampson_grad, jennrich_sampson_grad_add, jennrich_sampson_graph;
    for count in [1, 10];
    with |x: [f64; 2]| (&x, count);
    at [0.3, 0.4], [0.25, -0.5];
    forward |x| squares((1..=count).map(|i| {
        let t = i as f64;
        2.0 + 2.0 * t - ((t * x[0]).exp() + (t * x[1]).exp())
    }));
}

/// Problem 14, by Wood.
#[differentiable(second)]
fn wood(x: &[f64]) -> f64 {
    let &[a, b, c, d] = x else { panic!("four variables, not {}", x.len()) };
    let residuals = [
        10.0 * (b - a * a),
        1.0 - a,
        90_f64.sqrt() * (d - c * c),
        1.0 - c,
        10_f64.sqrt() * (b + d - 2.0),
        (b - d) / 10_f64.sqrt(),
    ];
    residuals.iter().map(|r| r.powi(2)).sum()
}

case! {
    wood, wood_grad, wood_grad_add, wood_graph;
    with |x: Vec<f64>| (&x);
    at vec![-3.0, -1.0, -3.0, -1.0], vec![0.5, 0.2, 0.9, 1.1];
    gradient {
        let [a, b, c, d] = x[..] else { panic!("four variables") };
        let (first, second, third, fourth) = (b - a * a, d - c * c, b + d - 2.0, b - d);
        vec![
            -400.0 * a * first - 2.0 * (1.0 - a),
            200.0 * first + 20.0 * third + 0.2 * fourth,
            -360.0 * c * second - 2.0 * (1.0 - c),
            180.0 * second + 20.0 * third - 0.2 * fourth,
        ]
    };
}

/// The data of problem 15: a rate and its measurement.
static RATES: [(f64, f64); 11] = [
    (4.0, 0.1957),
    (2.0, 0.1947),
    (1.0, 0.1735),
    (0.5, 0.16),
    (0.25, 0.0844),
    (0.167, 0.0627),
    (0.125, 0.0456),
    (0.1, 0.0342),
    (0.0833, 0.0323),
    (0.0714, 0.0235),
    (0.0625, 0.0246),
];

/// Problem 15, by Kowalik and Osborne.
#[differentiable(second)]
fn kowalik_osborne(x: &[f64], #[constant] data: &[(f64, f64)]) -> f64 {
    let model = |u: f64| x[0] * (u * u + u * x[1]) / (u * u + u * x[2] + x[3]);
    data.iter().map(|&(u, y)| y - model(u)).map(|r| r * r).sum()
}

case! {
    kowalik_osborne, kowalik_osborne_grad, kowalik_osborne_grad_add, kowalik_osborne_graph;
    with |x: Vec<f64>| (&x, &RATES);
    at vec![0.25, 0.39, 0.415, 0.39], vec![0.5, 1.0, 0.2, 0.1];
    forward |x| squares(RATES.iter().map(|&(u, y)| {
        y - x[0] * (u * u + u * x[1]) / (u * u + u * x[2] + x[3])
    }));
}

/// Problem 16, by Brown and Dennis.
#[differentiable(second)]
fn brown_dennis(x: [f64; 4]) -> f64 {
    let [a, b, c, d] = x;
    let mut sum = 0.0;
    let mut t = 0.0;
    while t < 3.9 {
        t += 0.2;
        let r = (a + t * b - t.exp()).powi(2) + (c + d * t.sin() - t.cos()).powi(2);
        sum += r * r;
    }
    sum
}

case! {
    brown_dennis, brown_dennis_grad, brown_dennis_grad_add, brown_dennis_graph;
    with |x: [f64; 4]| (x);
    at [25.0, 5.0, -5.0, -1.0], [-10.0, 13.0, -0.4, 0.2];
    gradient {
        let mut g = [0.0; 4];
        let mut t = 0.0;
        for _ in 0..20 {
            t += 0.2;
            let (p, q) = (x[0] + t * x[1] - f64::exp(t), x[2] + x[3] * f64::sin(t) - f64::cos(t));
            let r = p * p + q * q;
            for (k, slope) in [p, p * t, q, q * f64::sin(t)].into_iter().enumerate() {
                g[k] += 4.0 * r * slope;
            }
        }
        g
    };
}

/// Problem 18, by Biggs.
#[differentiable(second)]
fn biggs(x: &[f64; 6], count: usize) -> f64 {
    let measured = |t: f64| (-t).exp() - 5.0 * (-10.0 * t).exp() + 3.0 * (-4.0 * t).exp();
    (1..=count)
        .map(|i| {
            let t = i as f64 / 10.0;
            let model = x[2] * (-t * x[0]).exp() - x[3] * (-t * x[1]).exp() + x[5] * (-t * x[4]).exp();
            model - measured(t)
        })
        .fold(0.0, |sum, r| sum + r * r)
}

case! {
    biggs, biggs_grad, biggs_grad_add, biggs_graph;
    for count in [0, 13];
    with |x: [f64; 6]| (&x, count);
    at [1.0, 2.0, 1.0, 1.0, 1.0, 1.0], [1.1, 8.0, 0.9, 4.0, 3.0, 2.0];
    forward |x| squares((1..=count).map(|i| {
        let t = i as f64 / 10.0;
        let measured = (-t).exp() - 5.0 * (-10.0 * t).exp() + 3.0 * (-4.0 * t).exp();
        x[2] * (-t * x[0]).exp() - x[3] * (-t * x[1]).exp() + x[5] * (-t * x[4]).exp() - measured
    }));
}

/// Problem 20, by Watson: polynomials by Horner's rule.
#[differentiable(second)]
fn watson(x: &[f64]) -> f64 {
    let mut sum = x[0] * x[0] + (x[1] - x[0] * x[0] - 1.0).powi(2);
    for i in 1..=29 {
        let t = i as f64 / 29.0;
        let (mut value, mut slope) = (0.0, 0.0);
        for c in x.iter().rev() {
            slope = slope * t + value;
            value = value * t + c;
        }
        sum += (slope - value * value - 1.0).powi(2);
    }
    sum
}

case! {
    watson, watson_grad, watson_grad_add, watson_graph;
    with |x: Vec<f64>| (&x);
    at vec![0.5, -0.3], vec![-0.01, 1.01, -0.23, 1.26, -1.5, 0.99];
    gradient {
        let mut g = vec![0.0; x.len()];
        let last = x[1] - x[0] * x[0] - 1.0;
        g[0] += 2.0 * x[0] - 4.0 * last * x[0];
        g[1] += 2.0 * last;
        for i in 1..=29 {
            let t = f64::from(i) / 29.0;
            let power = |k: usize| t.powi(k as i32);
            let value: f64 = x.iter().enumerate().map(|(k, x)| x * power(k)).sum();
            let slope: f64 = x.iter().enumerate().skip(1).map(|(k, x)| k as f64 * x * power(k - 1)).sum();
            for k in 0..x.len() {
                let of_slope = if k > 0 { k as f64 * power(k - 1) } else { 0.0 };
                g[k] += 2.0 * (slope - value * value - 1.0) * (of_slope - 2.0 * value * power(k));
            }
        }
        g
    };
}

/// Problem 29: an integral equation.
#[differentiable(second)]
fn discrete_integral(x: &[f64]) -> f64 {
    let n = x.len();
    let h = 1.0 / (n + 1) as f64;
    let t: Vec<f64> = (1..=n).map(|i| i as f64 * h).collect();
    let cubes: Vec<f64> = x.iter().zip(&t).map(|(x, t)| (x + t + 1.0).powi(3)).collect();
    let mut sum = 0.0;
    for i in 0..n {
        let below: f64 = cubes[..=i].iter().zip(&t).map(|(c, t)| t * c).sum();
        let above: f64 = (i + 1..n).map(|j| (1.0 - t[j]) * cubes[j]).sum();
        let r = x[i] + 0.5 * h * ((1.0 - t[i]) * below + t[i] * above);
        sum += r * r;
    }
    sum
}

case! {
    discrete_integral, discrete_integral_grad, discrete_integral_grad_add, discrete_integral_graph;
    with |x: Vec<f64>| (&x);
    at vec![-0.1, -0.2, -0.15, -0.1], vec![0.3];
    forward |x| {
        let n = x.len();
        let h = 1.0 / (n + 1) as f64;
        let t = |i: usize| (i + 1) as f64 * h;
        let cube = |i: usize| { let y = x[i] + (t(i) + 1.0); y * y * y };
        squares((0..n).map(|i| {
            let weight = |j: usize| if j <= i { (1.0 - t(i)) * t(j) } else { t(i) * (1.0 - t(j)) };
            (0..n).fold(x[i], |sum, j| sum + 0.5 * h * weight(j) * cube(j))
        }))
    };
}

/// Problem 31, by Broyden: a band of neighbours.
#[differentiable(second)]
fn broyden_banded(x: &[f64]) -> f64 {
    let n = x.len();
    let mut residuals = vec![1.0; n];
    for i in 0..n {
        residuals[i] += x[i] * (2.0 + 5.0 * x[i] * x[i]);
        for j in i.saturating_sub(5)..=(i + 1).min(n - 1) {
            if j == i {
                continue;
            }
            residuals[i] -= x[j] * (1.0 + x[j]);
        }
    }
    residuals.iter().map(|r| r * r).sum()
}

case! {
    broyden_banded, broyden_banded_grad, broyden_banded_grad_add, broyden_banded_graph;
    with |x: Vec<f64>| (&x);
    at vec![-1.0; 8], vec![0.3, -0.4, 0.2], vec![0.7];
    forward |x| squares((0..x.len()).map(|i| {
        let near = (0..x.len()).filter(|&j| j != i && j + 5 >= i && j <= i + 1);
        near.fold(x[i] * (2.0 + 5.0 * x[i] * x[i]) + 1.0, |r, j| r - x[j] * (1.0 + x[j]))
    }));
}

/// Problem 35: how far the means of Chebyshev's polynomials over points are from their integrals.
#[differentiable(second)]
fn chebyquad(x: &[f64]) -> f64 {
    let n = x.len();
    let mut means = vec![0.0; n];
    for &x in x {
        let (mut before, mut now) = (1.0, 2.0 * x - 1.0);
        for mean in means.iter_mut() {
            *mean += now / n as f64;
            let next = 2.0 * (2.0 * x - 1.0) * now - before;
            before = now;
            now = next;
        }
    }
    let mut sum = 0.0;
    for (k, mean) in means.iter().enumerate() {
        let degree = (k + 1) as f64;
        let integral = if k % 2 == 1 { -1.0 / (degree * degree - 1.0) } else { 0.0 };
        sum += (mean - integral).powi(2);
    }
    sum
}

case! {
    chebyquad, chebyquad_grad, chebyquad_grad_add, chebyquad_graph;
    with |x: Vec<f64>| (&x);
    at vec![0.2, 0.4, 0.6, 0.8], vec![0.1, 0.7], vec![0.3];
    gradient {
        // T_k(cos θ) = cos kθ, and its slope k sin kθ / sin θ.
        let (n, turn) = (x.len(), |x: &f64| (2.0 * x - 1.0).acos());
        let residual = |k: usize| {
            let mean = x.iter().map(|x| (k as f64 * turn(x)).cos()).sum::<f64>() / n as f64;
            mean + if k % 2 == 0 { 1.0 / (k * k - 1) as f64 } else { 0.0 }
        };
        let slope = |k: usize, x: &f64| 2.0 * k as f64 * (k as f64 * turn(x)).sin() / turn(x).sin();
        x.iter().map(|x| (1..=n).map(|k| 2.0 * residual(k) * slope(k, x) / n as f64).sum()).collect()
    };
}

//! A pattern that is the name of a constant, a static or a unit struct means that item: generated code has other names.
#![allow(non_upper_case_globals, non_camel_case_types, dead_code)]
use gradus::differentiable;

macro_rules! constants {
    ($($name:ident)*) => { $(const $name: usize = 7;)* };
}
macro_rules! statics {
    ($($name:ident)*) => { $(static $name: usize = 7;)* };
}
macro_rules! structs {
    ($($name:ident)*) => { $(struct $name;)* };
}

constants! { value exponent frame graph gradient numbers rows row at operand matched turns state }
statics! { seed root roots shift inputs outputs recording copy rest function way partial }
structs! { seeds reverse borrowed stored pushed element place reached item given parts items gradients }

#[differentiable]
fn polynomial(xs: &[f64], k: f64) -> f64 {
    let mut sum = 0.0;
    for x in xs {
        if *x > 0.0 {
            sum += (k * x).exp() * x.powi(2) * value as f64;
        } else {
            sum -= x / k;
        }
    }
    sum
}

#[differentiable]
fn changed(xs: &[f64], k: f64) -> f64 {
    let mut ys = vec![0.0; xs.len()];
    for i in 0..xs.len() {
        ys[i] += k * xs[i];
        ys[i] *= ys[i];
    }
    ys.push(k);
    ys.iter().sum::<f64>() + ys.pop().unwrap_or(0.0)
}

#[differentiable]
fn polar(x: f64, y: f64) -> (f64, f64) {
    (x.hypot(y), y.atan2(x))
}

#[differentiable]
fn rotated(xs: &[f64; 2]) -> Vec<f64> {
    let (radius, angle) = polar(xs[0], xs[1]);
    vec![radius, 2.0 * angle]
}

/// On a graph: a sort is not compiled here.
#[differentiable]
fn sorted(xs: &[f64]) -> f64 {
    let mut ys = xs.to_vec();
    ys.sort_by(|a, b| a.total_cmp(b));
    let mut weighted = 0.0;
    for (i, y) in ys.iter().enumerate() {
        weighted += *y * (i + 1) as f64;
    }
    match weighted {
        w if w > 1e3 => 0.0,
        w => w,
    }
}

#[differentiable(partials = cubic_partials)]
fn cubic(x: f64, #[constant] k: f64) -> f64 {
    k * x * x * x
}

fn cubic_partials(x: f64, k: f64) -> f64 {
    3.0 * k * x * x
}

#[differentiable]
fn all(xs: &[f64], k: f64) -> f64 {
    let (radius, _) = polar(k, 4.0);
    polynomial(xs, k) + changed(xs, k) + sorted(xs) + cubic(k, 2.0) + radius
}

fn main() {
    let xs = [3.0, 1.0, 2.0];
    for at_point in [0.5, 3.0] {
        gradus::assert_gradient!(polynomial, &xs, at_point);
        gradus::assert_gradient!(changed, &xs, at_point);
        gradus::assert_gradient!(sorted, &xs);
        gradus::assert_gradient!(all, &xs, at_point);
        gradus::assert_gradient!(polar, at_point, 2.0);
        gradus::assert_gradient!(rotated, &[at_point, 2.0]);
    }
    assert_eq!(sorted_grad(&xs), (14.0, vec![3.0, 1.0, 2.0]));
    assert_eq!(cubic_grad(2.0, 1.0), (8.0, 12.0));
    assert_eq!(polar_vjp(3.0, 4.0, (10.0, 0.0)).1, (6.0, 8.0));
    assert_eq!(polar_jacobian(3.0, 4.0).1[0], (0.6, 0.8));
    let (mut dxs, mut dk) = ([0.0; 3], 0.0);
    changed_grad_add(&xs, 1.0, &mut dxs, &mut dk);
    assert_eq!((dxs, dk), ([6.0, 2.0, 4.0], 30.0));
    assert!(all_graph(&xs, 0.5).listing().to_string().contains("polynomial"));
    assert_eq!(all::BACKEND, gradus::Backend::Compiled);
}

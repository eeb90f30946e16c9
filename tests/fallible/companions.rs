//! Every companion of a function that may fail.

use super::harness::close;
use gradus::{Backend, differentiable};

#[differentiable]
fn root(x: f64, scale: f64) -> Option<f64> {
    if x < 0.0 { None } else { Some(scale * x.sqrt()) }
}

#[differentiable]
fn polar(x: f64, y: f64) -> Result<[f64; 2], &'static str> {
    let r = x.hypot(y);
    if r == 0.0 { Err("the origin has no angle") } else { Ok([r, y.atan2(x)]) }
}

#[test]
fn of_a_number() {
    assert_eq!(root_grad(4.0, 3.0), Some((6.0, (0.75, 2.0))));
    assert_eq!(root_jvp(4.0, 3.0, 1.0, 10.0), Some((6.0, 20.75)));
    let (mut x, mut scale) = (1.0, 1.0);
    assert_eq!(root_grad_add(4.0, 3.0, &mut x, &mut scale), Some(6.0));
    assert_eq!((x, scale), (1.75, 3.0));
    assert_eq!(root_grad_add(-4.0, 3.0, &mut x, &mut scale), None);
    assert_eq!((x, scale), (1.75, 3.0));
    assert_eq!(root_jvp(-4.0, 3.0, 1.0, 10.0), None);
    let trace = root_graph(4.0, 3.0).unwrap();
    assert_eq!(trace.value(), 6.0);
    let gradients: Vec<f64> = trace.gradients().flat_map(|(_, _, gradient)| gradient).collect();
    assert_eq!(gradients, [0.75, 2.0]);
    assert!(trace.to_string().contains("scale * x.sqrt()"));
    assert!(root_graph(-4.0, 3.0).is_none());
    assert!(matches!(root::BACKEND, Backend::Graph { .. } | Backend::Compiled));
}

#[test]
fn of_several_numbers() {
    let (value, rows) = polar_jacobian(3.0, 4.0).unwrap();
    assert_eq!(Ok(value), polar(3.0, 4.0));
    assert!(
        close(rows[0].0, 0.6) && close(rows[0].1, 0.8) && close(rows[1].0, -0.16) && close(rows[1].1, 0.12)
    );
    let (_, (x, y)) = polar_vjp(3.0, 4.0, [1.0, 10.0]).unwrap();
    assert!(close(x, 0.6 - 1.6) && close(y, 0.8 + 1.2));
    let (_, tangent) = polar_jvp(3.0, 4.0, 1.0, 1.0).unwrap();
    assert!(close(tangent[0], 1.4) && close(tangent[1], -0.04));
    let error = Err("the origin has no angle");
    assert_eq!(polar_jacobian(0.0, 0.0).map(|_| ()), error);
    assert_eq!(polar_vjp(0.0, 0.0, [1.0, 0.0]).map(|_| ()), error);
    assert_eq!(polar_jvp(0.0, 0.0, 1.0, 0.0).map(|_| ()), error);
    assert_eq!(polar_graph(0.0, 0.0).map(|_| ()), error);
}

/// Forward mode and the two sweeps go through calls of such functions.
#[differentiable]
fn angles(xs: &[f64]) -> f64 {
    let mut sum = 0.0;
    for pair in xs.windows(2) {
        if let Ok([r, angle]) = polar(pair[0], pair[1]) {
            sum += r * angle;
        }
    }
    sum
}

#[differentiable]
fn outer(xs: &[f64], k: f64) -> f64 {
    k * angles(xs) + angles(&xs[1..])
}

#[test]
fn callers() {
    let xs = [3.0, 4.0, 0.0, 0.0, 2.0];
    gradus::check::assert_gradient!(outer, &xs[..2], 2.0);
    let (value, (gradient, k)) = outer_grad(&xs, 2.0);
    assert_eq!(value.to_bits(), outer(&xs, 2.0).to_bits());
    assert_eq!(k, angles(&xs));
    let direction = [0.5, -1.0, 0.25, 2.0, 1.0];
    let (_, along) = outer_jvp(&xs, 2.0, &direction, 3.0);
    let product: f64 = gradient.iter().zip(direction).map(|(g, d)| g * d).sum::<f64>() + 3.0 * k;
    assert!(close(along, product));
}

// --- second derivatives

#[differentiable(second)]
fn scaled(x: f64, y: f64) -> Option<f64> {
    if x < 0.0 { None } else { Some(x.sqrt() * y * y) }
}

#[differentiable(second)]
fn energy(xs: &[f64], k: f64) -> Result<f64, String> {
    let mut sum = 0.0;
    for x in xs {
        sum += scaled(*x, k).ok_or_else(|| format!("{x} is negative"))?;
    }
    Ok(sum * sum)
}

/// A caller that asks, and one that goes through what there is.
#[differentiable(second)]
fn asked(x: f64) -> f64 {
    scaled(x, x).unwrap_or(x * x * x)
}

#[differentiable(second)]
fn gathered(xs: &[f64]) -> f64 {
    xs.iter().flat_map(|x| scaled(*x, *x)).sum()
}

#[test]
fn second_derivatives() {
    assert_eq!(scaled_hessian(4.0, 3.0), Some((18.0, (2.25, 12.0), vec![(-0.28125, 1.5), (1.5, 4.0)])));
    assert_eq!(scaled_hvp(4.0, 3.0, 1.0, 2.0), Some((18.0, (2.25, 12.0), (2.71875, 9.5))));
    assert_eq!([scaled_hvp(-4.0, 3.0, 1.0, 2.0).is_none(), scaled_hessian(-4.0, 3.0).is_none()], [true; 2]);
    let (mut gradient, mut product) = ((0.5, 0.5), (0.25, 0.25));
    let mut add = |x: f64| {
        scaled_hvp_add(x, 3.0, 1.0, 2.0, &mut gradient.0, &mut gradient.1, &mut product.0, &mut product.1)
    };
    assert_eq!([add(4.0), add(-4.0)], [Some(18.0), None]);
    assert_eq!((gradient, product), ((2.75, 12.5), (2.96875, 9.75)));
    // x·k⁴
    let (value, gradient, rows) = energy_hessian(&[4.0], 3.0).unwrap();
    assert_eq!((value, gradient), (324.0, (vec![81.0], 432.0)));
    assert_eq!(rows, [(vec![0.0], 108.0), (vec![108.0], 432.0)]);
    assert_eq!(energy_hvp(&[4.0, -1.0], 3.0, &[1.0, 0.0], 0.0).unwrap_err(), "-1 is negative");
    assert_eq!(energy_hessian(&[-1.0], 3.0).unwrap_err(), "-1 is negative");
    // x^(5/2), and x³.
    assert_eq!(asked_hessian(4.0), (32.0, 20.0, vec![7.5]));
    assert_eq!(asked_hessian(-3.0), (-27.0, 27.0, vec![-18.0]));
    let (value, gradient, rows) = gathered_hessian(&[4.0, -3.0, 1.0]);
    assert_eq!((value, gradient), (33.0, vec![20.0, 0.0, 2.5]));
    assert_eq!(rows, [[7.5, 0.0, 0.0], [0.0; 3], [0.0, 0.0, 3.75]]);
}

// --- forms of results

mod shapes {
    use gradus::differentiable;

    pub type Found<T> = std::option::Option<T>;
    pub type Res<T, E = String> = std::result::Result<T, E>;

    #[differentiable]
    pub fn full_path(x: f64) -> std::option::Option<f64> {
        (x > 0.0).then(|| x.ln())
    }

    #[differentiable]
    pub fn core_path(x: f64) -> core::result::Result<f64, core::num::TryFromIntError> {
        let n = u8::try_from(300_i32 - gradus::stop_gradient(x) as i32)?;
        Ok(x * f64::from(n))
    }

    #[differentiable]
    pub fn aliased(x: f64) -> Res<f64> {
        if x > 0.0 { Ok(x.ln()) } else { Err("no".into()) }
    }

    #[differentiable]
    pub fn aliased_option(x: f64) -> Found<f64> {
        if x > 0.0 { Some(x.ln()) } else { None }
    }

    #[differentiable]
    pub fn with_unit_error(x: f64) -> Result<f64, ()> {
        if x > 0.0 { Ok(x.ln()) } else { Err(()) }
    }

    #[differentiable]
    pub fn number_and_data(x: f64, names: &[String]) -> Option<(f64, usize)> {
        let name = names.get(1)?;
        Some((x * names.len() as f64, name.len()))
    }

    #[differentiable]
    pub fn error_holds_numbers(x: f64, y: f64) -> Result<f64, (f64, Vec<f64>)> {
        let both = vec![x, y];
        let sum = x + y;
        if sum < 0.0 {
            return Err((sum, both));
        }
        Ok(sum.sqrt() * both[0])
    }

    #[differentiable]
    pub fn never(x: f64) -> Result<f64, std::convert::Infallible> {
        Ok(x * x)
    }
}

#[test]
fn results_of_every_form() {
    use shapes::*;
    for gradient in [full_path_grad, aliased_option_grad] {
        assert_eq!(gradient(4.0), Some((4.0_f64.ln(), 0.25)));
        assert_eq!(gradient(-4.0), None);
    }
    assert_eq!(core_path_grad(100.0), Ok((20000.0, 200.0)));
    assert_eq!(
        core_path_grad(2.0).map_err(|error| error.to_string()),
        core_path(2.0).map(|_| unreachable!()).map_err(|error| error.to_string())
    );
    assert_eq!(aliased_grad(4.0), Ok((4.0_f64.ln(), 0.25)));
    assert_eq!(aliased_grad(-4.0), Err("no".to_string()));
    assert_eq!(with_unit_error_grad(-4.0), Err(()));
    let names = ["a".to_string(), "b".to_string()];
    let (value, rows) = number_and_data_jacobian(3.0, &names).unwrap();
    assert_eq!((value, rows), ((6.0, 1), vec![2.0]));
    assert_eq!(number_and_data_jacobian(3.0, &[]), None);
    assert_eq!(error_holds_numbers_grad(-2.0, 1.0), Err((-1.0, vec![-2.0, 1.0])));
    assert_eq!(error_holds_numbers_grad(2.0, 2.0), Ok((4.0, (2.5, 0.5))));
    assert_eq!(never_grad(3.0), Ok((9.0, 6.0)));
}

#[test]
fn gradients_are_compiled() {
    compiled!(root, polar, angles, outer, scaled, energy, asked, gathered);
}

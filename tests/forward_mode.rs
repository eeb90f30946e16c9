//! Forward mode: `f_jvp` beside the gradient, on both back ends.

use gradus::{Backend, differentiable};

#[differentiable]
fn growth(rates: &[f64], k: f64) -> f64 {
    let mut size = 1.0;
    for rate in rates {
        if *rate > 0.0 {
            size *= (k * rate).exp();
        }
        if size > 9.0 {
            break;
        }
    }
    size
}

#[test]
fn a_direction_is_weighed_by_the_gradient() {
    assert_eq!(growth::BACKEND, Backend::Compiled);
    let (rates, k) = ([0.3, -0.2, 0.5], 1.2);
    let (value, tangent) = growth_jvp(&rates, k, &[1.0, 2.0, -0.5], 0.25);
    let (expected, (drates, dk)) = growth_grad(&rates, k);
    assert_eq!(value, expected);
    assert!((tangent - (drates[0] + 2.0 * drates[1] - 0.5 * drates[2] + 0.25 * dk)).abs() < 1e-14);
}

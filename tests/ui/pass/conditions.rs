//! Parameters, markers, statements and arms that are there under a condition.
#![deny(warnings)]

use gradus::check::assert_gradient;
use gradus::differentiable;

/// One of each pair is there.
#[differentiable(compiled)]
fn conditional(
    x: f64,
    #[cfg(any())] gone: f64,
    #[cfg(not(any()))] y: f64,
    #[cfg_attr(all(), constant)] k: f64,
    #[cfg_attr(any(), constant)] active: f64,
    #[cfg_attr(not(any()), allow(unused), gradus::constant)] unused: f64,
) -> f64 {
    #[cfg(not(any()))]
    let z = x * 3.0;
    #[cfg(any())]
    let z = x * gone;
    let mut sum = z + y * active;
    #[cfg(any())]
    for _ in 0..2 {
        sum *= 5.0;
    }
    #[cfg(any())]
    {
        sum *= 7.0;
    }
    #[cfg(any())]
    sum.unknown();
    sum *= match 1 {
        #[cfg(any())]
        1 => 100.0,
        _ => 2.0,
    };
    #[cfg(all())]
    const fn two() -> f64 {
        2.0
    }
    #[cfg(any())]
    const fn two() -> f64 {
        3.0
    }
    let list = [
        #[cfg(any())]
        3.0,
        #[cfg(all())]
        4.0 * x,
    ];
    #[cfg(any())]
    return 3.0;
    sum * k * two() + list[0]
}

/// Without the condition nothing is an attribute of this library.
#[cfg_attr(any(), differentiable)]
fn plain(x: f64, #[cfg_attr(any(), constant)] y: f64) -> f64 {
    x * y
}

#[cfg_attr(all(), differentiable)]
fn annotated(x: f64, #[cfg_attr(all(), constant)] y: f64) -> f64 {
    x * y
}

mod inner {
    pub use gradus;
}

#[differentiable(crate = inner::gradus, partials = operation_partials)]
fn operation(x: f64, #[cfg_attr(all(), constant)] k: f64) -> f64 {
    x * k
}

fn operation_partials(_: f64, k: f64) -> f64 {
    k
}

fn main() {
    assert_gradient!(conditional, 1.0, 2.0, 3.0, 4.0, 5.0);
    let (value, (x, y, active)) = conditional_grad(1.0, 2.0, 3.0, 4.0, 5.0);
    assert_eq!((value, x, y, active), (136.0, 40.0, 48.0, 24.0));
    assert_eq!(plain(2.0, 3.0), 6.0);
    assert_eq!(annotated_grad(2.0, 3.0), (6.0, 3.0));
    assert_eq!(operation_grad(2.0, 3.0), (6.0, 3.0));
    assert!(annotated::SOURCE.contains("#[cfg_attr(all(), constant)] y: f64"));
}

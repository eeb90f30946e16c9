//! A plain function hides an annotated one that a glob import brings along: the name stands for the plain function, the
//! companion item is the annotated one's. Calling it with an active value must not give a gradient of the wrong one.

use gradus::differentiable;

mod library {
    use gradus::differentiable;

    #[differentiable]
    pub fn gain(x: f64) -> f64 {
        3.0 * x
    }

    #[differentiable]
    pub fn total<const N: usize>(xs: [f64; N]) -> f64 {
        xs.iter().sum()
    }
}

mod hides {
    use super::library::*;
    use gradus::differentiable;

    fn gain(x: f64) -> f64 {
        x * x
    }

    #[differentiable]
    pub fn amplified(x: f64) -> f64 {
        gain(x) + total([x, 1.0])
    }
}

mod sees {
    use super::library::*;
    use gradus::differentiable;

    #[differentiable]
    pub fn amplified(x: f64) -> f64 {
        gain(x) + total([x, 1.0])
    }
}

#[test]
fn a_hidden_function_is_not_differentiated_in_the_place_of_the_one_that_hides_it() {
    assert_eq!(hides::amplified(2.0), 7.0);
    let panic =
        std::panic::catch_unwind(|| hides::amplified_grad(2.0)).expect_err("two functions of one name");
    let message = panic.downcast_ref::<String>().expect("a message");
    assert!(message.contains("hides::gain"), "{message}");
    assert!(message.contains("library::gain"), "{message}");
}

#[test]
fn a_glob_import_alone_is_fine() {
    assert_eq!(sees::amplified_grad(2.0), (9.0, 4.0));
}

#[differentiable]
fn same(same: f64) -> f64 {
    same * 2.0
}

#[differentiable]
fn calls_same(x: f64) -> f64 {
    same(x)
}

#[test]
fn a_parameter_may_have_the_functions_name() {
    assert_eq!(calls_same_grad(1.5), (3.0, 2.0));
}

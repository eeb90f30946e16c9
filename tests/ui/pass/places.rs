//! Functions in functions, modules and macros, and the crate under other names.
#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, clippy::pedantic)]

mod facade {
    pub(crate) use gradus as calculus;
}

mod models {
    pub(crate) mod growth {
        use gradus::differentiable;

        /// In a module of a module.
        #[differentiable]
        pub(crate) fn exponential(t: f64) -> f64 {
            t.exp()
        }
    }
    pub(crate) use growth::exponential as renamed;
}

/// Through a re-export.
#[facade::calculus::differentiable(crate = crate::facade::calculus)]
fn through_a_path(x: f64) -> f64 {
    x * models::renamed(x)
}

/// The path in quotes.
#[gradus::differentiable(crate = "crate::facade::calculus")]
fn in_quotes(x: f64) -> f64 {
    x * x
}

macro_rules! power {
    ($name:ident, $exponent:expr, $type:ty) => {
        /// A power.
        #[gradus::differentiable]
        fn $name(x: $type) -> $type {
            x.powi($exponent)
        }
    };
}

power!(square, 2, f64);
power!(cube, 1 + 2, f64);

macro_rules! whole {
    ($($item:tt)*) => { $($item)* };
}

whole! {
    /// All of it through a macro.
    #[gradus::differentiable]
    fn difference(x: f64, y: f64) -> f64 {
        (x - y) * (x - y)
    }
}

fn local(x: f64) -> (f64, f64) {
    use gradus::differentiable;

    #[differentiable]
    fn inner(x: f64) -> f64 {
        5.0 * x
    }

    inner_grad(x)
}

/// With an item of its own.
#[gradus::differentiable]
fn with_an_item(x: f64) -> f64 {
    const FACTOR: f64 = 2.0;
    fn plain(n: f64) -> f64 {
        n + 1.0
    }
    x * plain(FACTOR)
}

fn main() {
    let e = 1f64.exp();
    assert_eq!(through_a_path_grad(1.0), (e, 2.0 * e));
    assert_eq!(in_quotes_grad(3.0), (9.0, 6.0));
    assert_eq!(square_grad(3.0), (9.0, 6.0));
    assert_eq!(cube_grad(2.0), (8.0, 12.0));
    assert_eq!(difference_grad(3.0, 1.0), (4.0, (4.0, -4.0)));
    assert_eq!(local(2.0), (10.0, 5.0));
    assert_eq!(with_an_item_grad(2.0), (6.0, 3.0));
}

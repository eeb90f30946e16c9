//! What holds of each function that may fail.

/// An `Option` or a `Result`.
pub trait Outcome {
    type Value;
    fn value(self) -> Option<Self::Value>;
}

impl<T> Outcome for Option<T> {
    type Value = T;
    fn value(self) -> Option<T> {
        self
    }
}

impl<T, E> Outcome for Result<T, E> {
    type Value = T;
    fn value(self) -> Option<T> {
        self.ok()
    }
}

/// `given!(root, root_grad; 2.0, 1.0)`: the function succeeds, `root_grad` gives its value to the last bit, and the gradient agrees with
/// differences and with the graph. The gradient is returned. With `_jacobian` in place of `_grad` the rows are.
macro_rules! given {
    ($f:ident, $derived:ident; $($argument:expr),* $(,)?) => {{
        let checked = gradus::check::assert_gradient!($f, $($argument),*);
        assert!(checked.kinks.is_empty(), "{checked}");
        let plain = super::harness::Outcome::value($f($($argument),*)).expect("the function succeeds");
        let (value, gradient) = super::harness::Outcome::value($derived($($argument),*)).expect("the derivative exists");
        assert_eq!(format!("{plain:?}"), format!("{value:?}"), "the value of {}", stringify!($derived));
        gradient
    }};
}

/// `compiled!(root, logarithm)`: the gradients of these functions are compiled.
macro_rules! compiled {
    ($($f:ident),* $(,)?) => {
        $(assert!(matches!($f::BACKEND, gradus::Backend::Compiled), "{}: {:?}", stringify!($f), $f::BACKEND);)*
    };
}

/// Whether two numbers agree to rounding.
pub fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-11 * a.abs().max(b.abs()).max(1.0)
}

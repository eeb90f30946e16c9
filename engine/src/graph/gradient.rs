//! The gradient of a function of values in one call.

use super::{Graph, Value};

/// The value and the gradient of a function of [`Value`]s.
///
/// It is for functions that are generic over their number type, and so cannot have the attribute
/// [`differentiable`](macro@crate::differentiable). With the feature `num-traits`, `Value` is a `num_traits::Float`:
///
/// ```
/// # #[cfg(feature = "num-traits")] {
/// use num_traits::Float;
///
/// fn rosenbrock<T: Float>(x: &[T]) -> T {
///     let hundred = T::from(100.0).unwrap();
///     (T::one() - x[0]).powi(2) + hundred * (x[1] - x[0] * x[0]).powi(2)
/// }
///
/// let (value, gradient) = gradus::gradient(|x| rosenbrock(x), &[2.0, 3.0]);
/// assert_eq!(value, rosenbrock(&[2.0, 3.0]));
/// assert_eq!(gradient, [2.0 + 800.0, -200.0]);
/// # }
/// ```
///
/// The function runs on a graph: an annotated function is several times as fast.
#[track_caller]
pub fn gradient(f: impl for<'g> FnOnce(&[Value<'g>]) -> Value<'g>, at: &[f64]) -> (f64, Vec<f64>) {
    let graph = Graph::new();
    let inputs: Vec<_> = at.iter().map(|number| graph.value(*number)).collect();
    let result = f(&inputs);
    // A result that depends on no input has no node.
    if result.node().is_none() {
        return (result.data(), vec![0.0; at.len()]);
    }
    result.backward();
    (result.data(), inputs.iter().map(|input| input.grad()).collect())
}

//! Differentiable shapes as numbers in a row, and back: for optimizers, which work on slices.
//!
//! ```
//! use gradus::optim::{Adam, Optimizer};
//! use gradus::{Differentiable, differentiable, flat};
//!
//! #[derive(Clone, Debug, Differentiable)]
//! struct Line {
//!     slope: f64,
//!     height: f64,
//! }
//!
//! /// The mean squared error of a line.
//! #[differentiable]
//! fn error(line: &Line, #[constant] x: &[f64], #[constant] y: &[f64]) -> f64 {
//!     let squares = x.iter().zip(y).map(|(x, y)| (line.slope * x + line.height - y).powi(2));
//!     squares.sum::<f64>() / x.len() as f64
//! }
//!
//! let (x, y) = ([0.0, 1.0, 2.0], [1.0, 3.0, 5.0]);
//! let mut line = Line { slope: 0.0, height: 0.0 };
//! let mut adam = Adam::new(0.05);
//! for _ in 0..2000 {
//!     let (_, gradient) = error_grad(&line, &x, &y);
//!     let mut numbers = flat::to_vec(&line);
//!     adam.step(&mut numbers, &flat::to_vec(&gradient));
//!     line = flat::from_slice(&line, &numbers);
//! }
//! assert!((line.slope - 2.0).abs() < 1e-3 && (line.height - 1.0).abs() < 1e-3);
//! ```

use crate::rt::Differentiable;

/// The numbers of a shape that carry a gradient, in reading order: fields as they are declared, elements by their index.
///
/// ```
/// assert_eq!(gradus::flat::to_vec(&(1.0, [2.0, 3.0])), [1.0, 2.0, 3.0]);
/// ```
pub fn to_vec<T: Differentiable + ?Sized>(shape: &T) -> Vec<f64> {
    let mut numbers = Vec::new();
    shape.map_numbers(&mut |number| {
        numbers.push(number);
        number
    });
    numbers
}

/// The shape of `like` with these numbers, in reading order. What carries no gradient is that of `like`.
///
/// # Panics
///
/// If there are not as many numbers as in `like`.
///
/// ```
/// assert_eq!(gradus::flat::from_slice(&(0.0, [0.0; 2]), &[1.0, 2.0, 3.0]), (1.0, [2.0, 3.0]));
/// ```
#[track_caller]
pub fn from_slice<T: Differentiable + ?Sized>(like: &T, numbers: &[f64]) -> T::Gradient {
    let (mut expected, given) = (0, numbers.len());
    let shape = like.map_numbers(&mut |_| {
        expected += 1;
        numbers.get(expected - 1).copied().unwrap_or_default()
    });
    assert!(expected == given, "the shape has {expected} numbers, the slice {given}");
    shape
}

//! What a neuron makes of its weighted sum.

use super::Scalar;
use std::fmt;

/// The function that a neuron passes its weighted sum through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Activation {
    /// None: the sum itself.
    Linear,
    /// The rectifier max(x, 0).
    Relu,
    /// The hyperbolic tangent, from −1 to 1.
    Tanh,
    /// The logistic function, from 0 to 1.
    Sigmoid,
    /// ln(1 + eˣ).
    Softplus,
    /// The Gaussian error linear unit.
    Gelu,
    /// x times its sigmoid.
    Silu,
}

impl Activation {
    /// The function's value at `x`.
    ///
    /// ```
    /// use gradus::nn::Activation;
    /// assert_eq!(Activation::Relu.of(-2.0), 0.0);
    /// assert_eq!(Activation::Tanh.of(0.5), 0.5_f64.tanh());
    /// ```
    #[inline]
    pub fn of<T: Scalar>(self, x: T) -> T {
        match self {
            Activation::Linear => x,
            Activation::Relu => x.relu(),
            Activation::Tanh => x.tanh(),
            Activation::Sigmoid => x.sigmoid(),
            Activation::Softplus => x.softplus(),
            Activation::Gelu => x.gelu(),
            Activation::Silu => x.silu(),
        }
    }
}

/// The name as it is written in papers: `ReLU`.
impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Activation::Linear => "Linear",
            Activation::Relu => "ReLU",
            Activation::Tanh => "Tanh",
            Activation::Sigmoid => "Sigmoid",
            Activation::Softplus => "Softplus",
            Activation::Gelu => "GELU",
            Activation::Silu => "SiLU",
        })
    }
}

//! The guide: from the first gradient to the questions that come later.
//!
//! | chapter | what it answers |
//! |---|---|
//! | [`start`] | the first gradient, its check and its listing, in five minutes |
//! | [`choosing`] | what gradus is for, when not to use it, and how it compares |
//! | [`arguments`] | shapes of arguments, gradients and results; `#[constant]` and `stop_gradient` |
//! | [`forward_mode`] | derivatives in one direction, for few inputs and many results |
//! | [`structs`] | structs of your own, their methods and operators |
//! | [`language`] | what a function may contain, and whether its gradient is compiled |
//! | [`performance`] | figures, memory, several cores, compile time |
//! | [`cookbook`] | fits, least squares, differential equations, solvers, training, second derivatives, arrays of other crates |
//! | [`testing`] | how to test a gradient |
//! | [`debugging`] | a NaN, a zero, a number that looks wrong |
//! | [`sharp_bits`] | where the derivative is not what one expects |
//! | [`errors`] | how to read a message, and the usual repairs |
//! | [`migrating`] | from finite differences, micrograd, PyTorch, num-dual and `std::autodiff` |
//! | [`values`] | the `Value` API: graphs by hand |
//! | [`stability`] | what may change between versions |
//!
//! Every Rust example in these chapters is run as a test.

#[doc(alias = "tutorial", alias = "getting started", alias = "quickstart")]
pub mod start {
    #![doc = include_str!("start.md")]
}
#[doc(
    alias = "comparison",
    alias = "alternatives",
    alias = "limits",
    alias = "GPU",
    alias = "f32",
    alias = "no_std"
)]
pub mod choosing {
    #![doc = include_str!("choosing.md")]
}
#[doc(alias = "constant", alias = "active", alias = "shapes", alias = "jacobian", alias = "vjp")]
pub mod arguments {
    #![doc = include_str!("arguments.md")]
}
#[doc(alias = "jvp", alias = "tangent", alias = "directional derivative", alias = "dual numbers")]
pub mod forward_mode {
    #![doc = include_str!("forward_mode.md")]
}
#[doc(alias = "derive", alias = "methods", alias = "operators", alias = "impl")]
pub mod structs {
    #![doc = include_str!("structs.md")]
}
#[doc(alias = "constructs", alias = "BACKEND", alias = "compiled")]
pub mod language {
    #![doc = include_str!("language.md")]
}
#[doc(alias = "benchmark", alias = "speed", alias = "memory", alias = "compile time")]
pub mod performance {
    #![doc = include_str!("performance.md")]
}
pub mod cookbook;
#[doc(alias = "finite differences", alias = "gradcheck")]
pub mod testing {
    #![doc = include_str!("testing.md")]
}
#[doc(alias = "NaN", alias = "dead input", alias = "infinity")]
pub mod debugging {
    #![doc = include_str!("debugging.md")]
}
#[doc(alias = "pitfalls", alias = "limitations", alias = "kink", alias = "subgradient")]
pub mod sharp_bits {
    #![doc = include_str!("sharp_bits.md")]
}
#[doc(alias = "refusals", alias = "compile error")]
pub mod errors {
    #![doc = include_str!("errors.md")]
}
#[doc(
    alias = "micrograd",
    alias = "PyTorch",
    alias = "num-dual",
    alias = "autodiff",
    alias = "enzyme",
    alias = "JAX"
)]
pub mod migrating {
    #![doc = include_str!("migrating.md")]
}
#[doc(alias = "tape", alias = "graph", alias = "backward")]
pub mod values {
    #![doc = include_str!("values.md")]
}
#[doc(alias = "semver", alias = "MSRV", alias = "versions")]
pub mod stability {
    #![doc = include_str!("stability.md")]
}

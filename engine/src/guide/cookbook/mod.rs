//! Recipes: gradus with solvers, differential equations, data and arrays.
//!
//! * [`fit`]: maximum likelihood with BFGS of `argmin`
//! * [`least_squares`]: `_jacobian` and the method of Levenberg and Marquardt, with `nalgebra`
//! * [`ode`]: the gradient through a differential equation
//! * [`implicit`]: a solver, a table or foreign code with a derivative of its own
//! * [`training`]: minibatches, Adam, schedules, several cores, files
//! * [`second_derivatives`]: Hessians, standard errors, Newton's method
//! * [`arrays`]: `nalgebra` and `ndarray`

#[doc(alias = "argmin", alias = "BFGS", alias = "maximum likelihood", alias = "optimization")]
pub mod fit {
    #![doc = include_str!("fit.md")]
}
#[doc(alias = "Levenberg-Marquardt", alias = "Gauss-Newton", alias = "curve fit", alias = "regression")]
pub mod least_squares {
    #![doc = include_str!("least_squares.md")]
}
#[doc(alias = "Runge-Kutta", alias = "differential equation", alias = "simulation")]
pub mod ode {
    #![doc = include_str!("ode.md")]
}
#[doc(
    alias = "partials",
    alias = "implicit function theorem",
    alias = "solver",
    alias = "FFI",
    alias = "root"
)]
pub mod implicit {
    #![doc = include_str!("implicit.md")]
}
#[doc(alias = "minibatch", alias = "Adam", alias = "checkpoint", alias = "rayon")]
pub mod training {
    #![doc = include_str!("training.md")]
}
#[doc(alias = "Hessian", alias = "Newton", alias = "standard error")]
pub mod second_derivatives {
    #![doc = include_str!("second_derivatives.md")]
}
#[doc(alias = "nalgebra", alias = "ndarray", alias = "matrix")]
pub mod arrays {
    #![doc = include_str!("arrays.md")]
}

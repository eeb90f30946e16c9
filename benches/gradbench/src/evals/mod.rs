//! The functions of the suite, by module.

pub mod ba;
pub mod det;
pub mod dual;
pub mod gmm;
pub mod hello;
pub mod ht;
pub mod kmeans;
pub mod llsq;
pub mod lse;
pub mod lstm;
pub mod ode;
pub mod particle;
pub mod saddle;
pub mod search;

use crate::protocol::{Evaluated, run};
use serde_json::Value;

const MODULES: [&str; 12] =
    ["ba", "det", "gmm", "hello", "ht", "kmeans", "llsq", "lse", "lstm", "ode", "particle", "saddle"];

/// Whether there is a module of this name.
pub fn is_there(module: &str) -> bool {
    MODULES.contains(&module)
}

/// Runs a function of a module.
///
/// # Errors
///
/// If there is no such function, or the input is not that of the function.
pub fn evaluate(module: &str, function: &str, input: Value) -> Result<Evaluated, String> {
    match (module, function) {
        ("ba", "objective") => run(input, ba::objective),
        ("ba", "jacobian") => run(input, ba::jacobian),
        ("det", "primal") => run(input, det::primal),
        ("det", "gradient") => run(input, det::gradient),
        ("gmm", "objective") => run(input, gmm::objective),
        ("gmm", "jacobian") => run(input, gmm::jacobian),
        ("hello", "square") => run(input, |x: &f64| hello::square(*x)),
        ("hello", "double") => run(input, |x: &f64| hello::square_grad(*x).1),
        ("ht", "objective") => run(input, ht::objective),
        ("ht", "jacobian") => run(input, ht::jacobian),
        ("kmeans", "cost") => run(input, kmeans::primal),
        ("kmeans", "dir") => run(input, kmeans::direction),
        ("llsq", "primal") => run(input, llsq::primal),
        ("llsq", "gradient") => run(input, llsq::gradient),
        ("lse", "primal") => run(input, lse::primal),
        ("lse", "gradient") => run(input, lse::gradient),
        ("lstm", "objective") => run(input, lstm::objective),
        ("lstm", "jacobian") => run(input, lstm::jacobian),
        ("ode", "primal") => run(input, ode::primal),
        ("ode", "gradient") => run(input, ode::gradient),
        ("particle", "ff") => run(input, particle::forward),
        ("particle", "rf") => run(input, particle::reverse),
        ("saddle", "ff") => run(input, saddle::forward),
        ("saddle", "rf") => run(input, saddle::reverse),
        ("particle" | "saddle", "fr" | "rr") => {
            Err("reverse mode inside another derivative is not supported".to_owned())
        }
        _ => Err(format!("there is no function `{function}` in a module `{module}`")),
    }
}

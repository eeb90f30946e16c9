//! The kernels: a file each, with the function as users write it, the gradient as an expert writes it, and the same
//! function for other crates' numbers. To add one, write its file and list it here.

mod black_scholes;
mod calls;
mod carried;
mod dot;
mod heat;
mod huber;
mod logistic;
mod lorenz;
mod margin;
mod mixture;
mod mlp;
mod newton;
mod rosenbrock;
mod rosenbrock_n;

use crate::session::Session;

/// A function whose gradient is measured.
pub struct Kernel {
    /// Its name in the table.
    pub name: &'static str,
    /// The sizes at which it is measured.
    pub sizes: &'static [usize],
    /// Hands its variants at one of the sizes to the session.
    pub run: fn(usize, &mut Session),
}

impl Kernel {
    /// The name of the kernel at a size.
    pub fn label(&self, size: usize) -> String {
        match self.sizes {
            [_] => self.name.to_owned(),
            _ => format!("{}, {}", self.name, grouped(size)),
        }
    }
}

/// A count as one reads it: `10`, `1e3`, `1e5`.
fn grouped(count: usize) -> String {
    if count >= 1000 { format!("{:e}", count as f64) } else { count.to_string() }
}

/// All kernels, in the order of the table.
pub const KERNELS: &[Kernel] = &[
    rosenbrock::KERNEL,
    rosenbrock_n::KERNEL,
    black_scholes::KERNEL,
    dot::KERNEL,
    logistic::KERNEL,
    mlp::TANH,
    mlp::RELU,
    margin::KERNEL,
    mixture::KERNEL,
    lorenz::KERNEL,
    huber::KERNEL,
    newton::KERNEL,
    heat::KERNEL,
    calls::KERNEL,
    carried::KERNEL,
];

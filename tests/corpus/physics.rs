//! Differentiable functions of another module, for `calls.rs` to call by path, by `use` and under another name.

use gradus::differentiable;

#[differentiable(second)]
pub fn kinetic(mass: f64, speed: f64) -> f64 {
    0.5 * mass * speed * speed
}

case! {
    kinetic, kinetic_grad, kinetic_grad_add, kinetic_graph;
    with |mass: f64, speed: f64| (mass, speed);
    at (2.0, 3.0), (1e-3, -1e3);
    gradient (0.5 * speed * speed, mass * speed);
    forward |v| 0.5 * v[0] * v[1] * v[1];
}

#[differentiable(second)]
pub fn potential(mass: f64, height: f64) -> f64 {
    mass * 9.81 * height
}

case! {
    potential, potential_grad, potential_grad_add, potential_graph;
    with |mass: f64, height: f64| (mass, height);
    at (2.0, 3.0);
    gradient (9.81 * height, 9.81 * mass);
}

pub mod fields {
    use gradus::differentiable;

    /// Gravity of a point mass at the origin: a vector.
    #[differentiable(second)]
    pub fn gravity(at: [f64; 3], mass: f64) -> [f64; 3] {
        let squared = at[0] * at[0] + at[1] * at[1] + at[2] * at[2];
        let strength = -mass / (squared * squared.sqrt());
        [strength * at[0], strength * at[1], strength * at[2]]
    }
}

pub use fields::gravity as pull;

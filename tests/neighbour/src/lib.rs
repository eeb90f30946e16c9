//! Another crate with differentiable functions, to test calls across crates.

use gradus::differentiable;

/// The logistic function `1 / (1 + e⁻ˣ)`.
#[differentiable(second)]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Both roots of `t² − sum·t + product`, the lower one first; they are real if `sum² ≥ 4·product`.
#[differentiable(second)]
pub fn roots(sum: f64, product: f64) -> (f64, f64) {
    let half = (sum * sum - 4.0 * product).sqrt() / 2.0;
    (sum / 2.0 - half, sum / 2.0 + half)
}

/// The cross product of two vectors.
#[differentiable(second)]
pub fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Positive weights that sum to one, in the proportions of `eˣ`.
#[differentiable(second)]
pub fn softmax(xs: &[f64]) -> Vec<f64> {
    let peak = xs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = xs.iter().map(|x| (x - peak).exp()).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}

/// Mechanics, one module down.
pub mod mechanics {
    use gradus::differentiable;

    /// The energy in a spring of a given stiffness (N/m) at an extension (m).
    #[differentiable(second)]
    pub fn spring(extension: f64, #[constant] stiffness: f64) -> f64 {
        0.5 * stiffness * extension * extension
    }
}

/// The sum of what is won, by a function that leaves the losses out.
#[differentiable(second)]
pub fn winnings(xs: &[f64]) -> f64 {
    above(xs, 0.0)
}

/// The sum of the numbers above a limit.
#[differentiable(second)]
pub fn above(xs: &[f64], #[constant] limit: f64) -> f64 {
    let mut kept = xs.to_vec();
    kept.retain(|x| *x > limit);
    kept.iter().sum()
}

/// Structs, with methods and operators.
pub mod space {
    use gradus::{Differentiable, differentiable};
    use std::ops::{Add, AddAssign, Mul, Neg, Sub};

    /// A vector.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Differentiable)]
    pub struct Vec3 {
        /// Forwards.
        pub x: f64,
        /// To the left.
        pub y: f64,
        /// Upwards.
        pub z: f64,
    }

    #[differentiable(second)]
    impl Add for Vec3 {
        type Output = Vec3;
        fn add(self, other: Vec3) -> Vec3 {
            Vec3 { x: self.x + other.x, y: self.y + other.y, z: self.z + other.z }
        }
    }

    #[differentiable(second)]
    impl Sub for Vec3 {
        type Output = Vec3;
        fn sub(self, other: Vec3) -> Vec3 {
            self + -other
        }
    }

    #[differentiable(second)]
    impl Neg for Vec3 {
        type Output = Vec3;
        fn neg(self) -> Vec3 {
            Vec3 { x: -self.x, y: -self.y, z: -self.z }
        }
    }

    #[differentiable(second)]
    impl Mul<f64> for Vec3 {
        type Output = Vec3;
        fn mul(self, by: f64) -> Vec3 {
            Vec3 { x: self.x * by, y: self.y * by, z: self.z * by }
        }
    }

    #[differentiable(second)]
    impl Mul<Vec3> for f64 {
        type Output = Vec3;
        fn mul(self, by: Vec3) -> Vec3 {
            by * self
        }
    }

    #[differentiable(second)]
    impl AddAssign for Vec3 {
        fn add_assign(&mut self, other: Vec3) {
            *self = *self + other;
        }
    }

    #[differentiable(second)]
    impl Vec3 {
        /// Upwards, of length 1.
        pub const UP: Vec3 = Vec3 { x: 0.0, y: 0.0, z: 1.0 };

        /// A vector of three numbers.
        #[must_use]
        pub fn new(x: f64, y: f64, z: f64) -> Vec3 {
            Vec3 { x, y, z }
        }

        /// The sum of products.
        #[must_use]
        pub fn dot(self, other: Vec3) -> f64 {
            self.x * other.x + self.y * other.y + self.z * other.z
        }

        /// The length.
        #[must_use]
        pub fn norm(&self) -> f64 {
            self.dot(*self).sqrt()
        }

        /// Whether the other is longer.
        #[must_use]
        pub fn is_shorter(&self, other: &Vec3) -> bool {
            self.norm() < other.norm()
        }

        /// Makes its length 1.
        pub fn normalize(&mut self) {
            *self = *self * (1.0 / self.norm());
        }
    }

    /// A ball with private parts.
    #[derive(Clone, Debug, PartialEq, Differentiable)]
    pub struct Ball {
        /// Where it is.
        pub centre: Vec3,
        velocity: Vec3,
        #[constant]
        gravity: f64,
        label: String,
    }

    #[differentiable(second)]
    impl Ball {
        /// At rest.
        #[must_use]
        pub fn at_rest(centre: Vec3, gravity: f64) -> Ball {
            Ball {
                centre,
                velocity: Vec3::new(0.0, 0.0, 0.0),
                gravity: gradus::stop_gradient(gravity),
                label: name(),
            }
        }

        /// Its energy.
        #[must_use]
        pub fn energy(&self) -> f64 {
            0.5 * self.velocity.dot(self.velocity) + self.gravity * self.centre.z
        }

        /// Falls for some time.
        pub fn fall(&mut self, time: f64) {
            self.velocity += -self.gravity * time * Vec3::UP;
            self.centre += self.velocity * time;
        }

        /// What it is called.
        #[passive]
        #[must_use]
        pub fn label(&self) -> &str {
            &self.label
        }
    }

    fn name() -> String {
        "ball".to_owned()
    }

    /// Of any length.
    #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
    pub struct Polynomial<const N: usize> {
        /// That of the lowest power first.
        pub coefficients: [f64; N],
    }

    #[differentiable(second)]
    impl<const N: usize> Polynomial<N> {
        /// Its value.
        #[must_use]
        pub fn at(&self, x: f64) -> f64 {
            let mut value = 0.0;
            for c in self.coefficients.iter().rev() {
                value = value * x + c;
            }
            value
        }
    }

    /// Moves each point towards the next.
    #[differentiable(second)]
    pub fn smooth(points: &mut [Vec3], rate: f64) {
        for i in 1..points.len() {
            points[i - 1] = points[i - 1] + (points[i] - points[i - 1]) * rate;
        }
    }
}

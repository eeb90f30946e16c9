//! A robot's arm that reaches for points: inverse kinematics by least squares. `cargo run --release --example
//! inverse_kinematics`.
//!
//! The position of the hand is an annotated function of the joints' angles. Its Jacobian goes to the method of Levenberg and
//! Marquardt of the crate `levenberg-marquardt`, whose vectors are nalgebra's.

use gradus::{Differentiable, differentiable};
use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::storage::Owned;
use nalgebra::{Const, Dyn, OMatrix, OVector};

/// A point in space.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Point {
    /// Forwards.
    pub x: f64,
    /// To the left.
    pub y: f64,
    /// Upwards.
    pub z: f64,
}

/// The arm: a base that turns, and three links, each with a joint that bends.
pub const LINKS: [f64; 3] = [0.4, 0.35, 0.15];

/// Where the hand is.
#[differentiable]
pub fn hand(angles: &[f64]) -> Point {
    let (mut reach, mut height, mut pitch) = (0.0, 0.1, 0.0);
    for (length, bend) in LINKS.iter().zip(&angles[1..]) {
        pitch += bend;
        reach += length * pitch.cos();
        height += length * pitch.sin();
    }
    Point { x: reach * angles[0].cos(), y: reach * angles[0].sin(), z: height }
}

/// How far the hand is from the target in each direction, and, with a small weight, how far each joint is bent. The second part
/// chooses among the ways to reach a point.
#[differentiable]
pub fn residuals(angles: &[f64], #[constant] target: [f64; 3], #[constant] comfort: f64) -> Vec<f64> {
    let hand = hand(angles);
    let mut residuals = vec![hand.x - target[0], hand.y - target[1], hand.z - target[2]];
    for bend in &angles[1..] {
        residuals.push(comfort * bend);
    }
    residuals
}

/// What the solver sees.
struct Reaching {
    angles: OVector<f64, Const<4>>,
    target: [f64; 3],
}

/// The weight of a bent joint.
const COMFORT: f64 = 1e-5;

impl LeastSquaresProblem<f64, Dyn, Const<4>> for Reaching {
    type ParameterStorage = Owned<f64, Const<4>>;
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Const<4>>;

    fn set_params(&mut self, angles: &OVector<f64, Const<4>>) {
        self.angles = *angles;
    }

    fn params(&self) -> OVector<f64, Const<4>> {
        self.angles
    }

    fn residuals(&self) -> Option<OVector<f64, Dyn>> {
        Some(OVector::<f64, Dyn>::from_vec(residuals(self.angles.as_slice(), self.target, COMFORT)))
    }

    fn jacobian(&self) -> Option<OMatrix<f64, Dyn, Const<4>>> {
        let (_, rows) = residuals_jacobian(self.angles.as_slice(), self.target, COMFORT);
        Some(OMatrix::<f64, Dyn, Const<4>>::from_fn(rows.len(), |row, column| rows[row][column]))
    }
}

/// The angles that bring the hand to a target, and how often the residuals were evaluated.
pub fn reach(target: [f64; 3], start: [f64; 4]) -> ([f64; 4], usize) {
    let problem = Reaching { angles: OVector::<f64, Const<4>>::from(start), target };
    let (solved, report) = LevenbergMarquardt::new().minimize(problem);
    (solved.angles.into(), report.number_of_evaluations)
}

/// The distance of the hand from a target.
pub fn miss(angles: &[f64; 4], target: [f64; 3]) -> f64 {
    let hand = hand(angles);
    (hand.x - target[0]).hypot(hand.y - target[1]).hypot(hand.z - target[2])
}

/// Points on a line through the arm's reach.
pub fn path() -> impl Iterator<Item = [f64; 3]> {
    (0..=10).map(|i| {
        let share = f64::from(i) / 10.0;
        [0.6 - 0.4 * share, -0.3 + 0.7 * share, 0.2 + 0.3 * share]
    })
}

fn main() {
    println!("{:>22}{:>38}{:>8}{:>12}", "target", "angles in degrees", "calls", "miss");
    let mut angles = [0.0, 0.5, -0.5, -0.5];
    for target in path() {
        let calls;
        (angles, calls) = reach(target, angles);
        let ([x, y, z], [a, b, c, d]) = (target, angles.map(f64::to_degrees));
        let shown = format!("{a:>9.2}{b:>9.2}{c:>9.2}{d:>9.2}");
        println!("({x:>6.2},{y:>6.2},{z:>6.2}){shown}{calls:>8}{:>12.1e}", miss(&angles, target));
    }
}

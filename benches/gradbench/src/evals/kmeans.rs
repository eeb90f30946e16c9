//! A step of Newton's method for the centres of clusters: its Hessian is diagonal.

use super::dual::Dual;
use gradus::differentiable;
use serde::Deserialize;

/// Points and centres.
#[derive(Deserialize)]
pub struct Input {
    points: Vec<Vec<f64>>,
    centroids: Vec<Vec<f64>>,
}

/// The sum of the squared distances of all points from the nearest centre.
#[differentiable(compiled)]
fn cost(#[constant] points: &[Vec<f64>], centres: &[Vec<f64>]) -> f64 {
    let mut total = 0.0;
    for point in points {
        let mut nearest = f64::INFINITY;
        for centre in centres {
            let mut squared = 0.0;
            for i in 0..point.len() {
                squared += (point[i] - centre[i]) * (point[i] - centre[i]);
            }
            nearest = nearest.min(squared);
        }
        total += nearest;
    }
    total
}

/// How fast the cost grows if all coordinates of all centres grow alike.
#[differentiable]
fn growth(#[constant] points: &[Vec<f64>], centres: &[Vec<f64>]) -> f64 {
    let mut total = 0.0;
    for point in points {
        let mut nearest = Dual { value: f64::INFINITY, slope: 0.0 };
        for centre in centres {
            let mut squared = Dual { value: 0.0, slope: 0.0 };
            for i in 0..point.len() {
                let difference = Dual { value: centre[i] - point[i], slope: 1.0 };
                squared = squared + difference * difference;
            }
            if squared.value < nearest.value {
                nearest = squared;
            }
        }
        total += nearest.slope;
    }
    total
}

/// The cost.
pub fn primal(input: &Input) -> f64 {
    cost(&input.points, &input.centroids)
}

/// The gradient divided by the Hessian. The gradient of [`growth`] is the product of the Hessian and a vector of ones, which is its
/// diagonal.
pub fn direction(input: &Input) -> Vec<Vec<f64>> {
    let (_, gradient) = cost_grad(&input.points, &input.centroids);
    let (_, diagonal) = growth_grad(&input.points, &input.centroids);
    let divided = |(gradient, diagonal): (Vec<f64>, Vec<f64>)| {
        gradient.iter().zip(diagonal).map(|(slope, curvature)| slope / curvature).collect()
    };
    gradient.into_iter().zip(diagonal).map(divided).collect()
}

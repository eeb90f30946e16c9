//! Structs, methods, operators and `&mut` functions of another crate, of which nothing but the types is imported.

use gradus::{Differentiable, differentiable};
use neighbour::space::{Ball, Polynomial, Vec3, smooth};

/// A struct of this crate with one of the other.
#[derive(Clone, Debug, Differentiable)]
struct Throw {
    start: Vec3,
    direction: Vec3,
    curve: Polynomial<3>,
    tries: u32,
}

fn throw() -> Throw {
    Throw {
        start: Vec3::new(0.1, 0.2, 1.5),
        direction: Vec3::new(1.0, 0.5, 0.7),
        curve: Polynomial { coefficients: [0.3, -0.2, 0.1] },
        tries: 2,
    }
}

#[differentiable]
fn aimed(throw: &Throw, k: f64) -> f64 {
    let mut direction = throw.direction + Vec3::UP * k;
    direction.normalize();
    let from = throw.start - 0.5 * direction;
    let mut sum = throw.curve.at(from.x) + from.dot(direction);
    for _ in 0..throw.tries {
        direction += from * k;
        sum += (-direction).norm();
    }
    if from.is_shorter(&direction) { sum * k } else { sum }
}

case! {
    aimed::BACKEND => Compiled;
    aimed, aimed_grad, aimed_graph;
    with aimed_throw |throw: Throw, k: f64| (&throw, k);
    at (throw(), 0.4);
}

#[differentiable]
fn fallen(start: Vec3, time: f64) -> f64 {
    let mut ball = Ball::at_rest(start, 9.81);
    for _ in 0..3 {
        ball.fall(time);
    }
    ball.energy() + ball.centre.z * ball.centre.x
}

case! {
    fallen::BACKEND => Compiled;
    fallen, fallen_grad, fallen_graph;
    with fallen_ball |start: Vec3, time: f64| (start, time);
    at (Vec3::new(0.1, 0.2, 5.0), 0.2);
}

#[differentiable]
fn smoothed(points: &[Vec3], rate: f64) -> Vec3 {
    let mut points = points.to_vec();
    smooth(&mut points, rate);
    smooth(&mut points[1..], 0.5);
    let mut sum = Vec3::default();
    for (i, p) in points.iter().enumerate() {
        sum += *p * (i as f64 + p.norm());
    }
    sum
}

case! {
    smoothed::BACKEND => Compiled;
    smoothed, smoothed_vjp, smoothed_jacobian, smoothed_graph;
    with smoothed_points |points: Vec<Vec3>, rate: f64| (&points, rate);
    at (vec![Vec3::new(0.1, 0.2, 1.5), Vec3::new(1.0, 0.5, 0.7), Vec3::new(-0.3, 0.5, 0.2)], 0.3);
}

#[test]
fn companions_of_the_other_crate() {
    let ball = Ball::at_rest(Vec3::UP, 2.0);
    let (energy, gradient) = ball.energy_grad();
    assert_eq!((energy, gradient.centre, gradient.label()), (2.0, Vec3::new(0.0, 0.0, 2.0), "ball"));
    let mut points = [Vec3::UP, Vec3::default()];
    let ((), (by_points, by_rate)) = neighbour::space::smooth_vjp(&mut points, 0.25, &[Vec3::UP, Vec3::UP]);
    assert_eq!((points[0].z, by_points[0].z, by_points[1].z, by_rate), (0.75, 0.75, 1.25, -1.0));
    let (value, (gradient, slope)) = Polynomial { coefficients: [1.0, 2.0, 3.0] }.at_grad(2.0);
    assert_eq!((value, gradient.coefficients, slope), (17.0, [1.0, 2.0, 4.0], 14.0));
}

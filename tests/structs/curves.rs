//! Splines and other curves by their knots.

use gradus::{Differentiable, differentiable};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Knot {
    x: f64,
    y: f64,
    slope: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Hermite {
    knots: Vec<Knot>,
}

#[differentiable]
impl Hermite {
    fn segment(&self, x: f64) -> usize {
        let mut i = 0;
        while i + 2 < self.knots.len() && self.knots[i + 1].x < x {
            i += 1;
        }
        i
    }

    fn at(&self, x: f64) -> f64 {
        let i = self.segment(x);
        let (a, b) = (self.knots[i], self.knots[i + 1]);
        let h = b.x - a.x;
        let t = (x - a.x) / h;
        let (t2, t3) = (t * t, t * t * t);
        (2.0 * t3 - 3.0 * t2 + 1.0) * a.y
            + (t3 - 2.0 * t2 + t) * h * a.slope
            + (3.0 * t2 - 2.0 * t3) * b.y
            + (t3 - t2) * h * b.slope
    }
}

fn spline() -> Hermite {
    let knot = |x: f64| Knot { x, y: x.sin(), slope: x.cos() };
    Hermite { knots: vec![knot(0.0), knot(0.7), knot(1.9), knot(3.0)] }
}

case! {
    Hermite::AT_BACKEND => Compiled;
    Hermite::at, Hermite::at_grad, Hermite::at_graph;
    with hermite |spline: Hermite, x: f64| (&spline, x);
    at (spline(), 1.1), (spline(), 2.8);
}

#[differentiable]
fn misfit(spline: &Hermite, #[constant] samples: &[(f64, f64)], smooth: f64) -> f64 {
    let mut sum = 0.0;
    for &(x, y) in samples {
        sum += (spline.at(x) - y).powi(2);
    }
    for pair in spline.knots.windows(2) {
        sum += smooth * (pair[1].slope - pair[0].slope).powi(2);
    }
    sum
}

case! {
    misfit::BACKEND => Compiled;
    misfit, misfit_grad, misfit_graph;
    with spline_misfit |spline: Hermite, smooth: f64| (&spline, &[(0.3, 0.2), (1.1, 0.8), (2.5, 0.7)], smooth);
    at (spline(), 0.05);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Point(f64, f64);

#[differentiable]
impl Point {
    fn mix(self, other: Point, t: f64) -> Point {
        Point(self.0 + (other.0 - self.0) * t, self.1 + (other.1 - self.1) * t)
    }

    fn distance(self, other: Point) -> f64 {
        (self.0 - other.0).hypot(self.1 - other.1)
    }
}

/// De Casteljau's method on any number of control points.
#[differentiable]
fn bezier(control: &[Point], t: f64) -> Point {
    let mut points = control.to_vec();
    for level in 1..points.len() {
        for i in 0..points.len() - level {
            points[i] = points[i].mix(points[i + 1], t);
        }
    }
    points[0]
}

fn control() -> Vec<Point> {
    vec![Point(0.0, 0.0), Point(0.5, 1.5), Point(1.5, -0.5), Point(2.0, 1.0)]
}

case! {
    bezier::BACKEND => Compiled;
    bezier, bezier_vjp, bezier_jacobian, bezier_graph;
    with bezier_curve |control: Vec<Point>, t: f64| (&control, t);
    at (control(), 0.3);
}

#[differentiable]
fn length_of_curve(control: &[Point], #[constant] pieces: usize) -> f64 {
    let mut length = 0.0;
    let mut last = control[0];
    for i in 1..=pieces {
        let next = bezier(control, i as f64 / pieces as f64);
        length += next.distance(last);
        last = next;
    }
    length
}

case! {
    length_of_curve::BACKEND => Compiled;
    length_of_curve, length_of_curve_grad, length_of_curve_graph;
    with length_of_bezier |control: Vec<Point>| (&control, 5);
    at control();
}

/// The knots as structs that a chain of iterators makes.
#[differentiable]
fn from_samples(xs: &[f64], ys: &[f64]) -> f64 {
    let knots: Vec<Knot> = xs.iter().zip(ys).map(|(&x, &y)| Knot { x, y, slope: 0.5 * y }).collect();
    let spline = Hermite { knots };
    spline.at(0.5) + spline.at(1.5)
}

case! {
    from_samples::BACKEND => Compiled;
    from_samples, from_samples_grad, from_samples_graph;
    with spline_from_samples |xs: Vec<f64>, ys: Vec<f64>| (&xs, &ys);
    at (vec![0.0, 1.0, 2.0], vec![0.3, 0.9, -0.4]);
}

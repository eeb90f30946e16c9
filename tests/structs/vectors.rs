//! Vectors in space with operators, the type that most other files use.

use gradus::{Differentiable, differentiable};
use std::ops::{Add, AddAssign, Div, Index, Mul, MulAssign, Neg, Sub, SubAssign};

#[derive(Clone, Copy, Debug, Default, PartialEq, Differentiable)]
pub struct Vec3 {
    pub x: f64,
    pub y: f64,
    pub z: f64,
}

pub fn v(x: f64, y: f64, z: f64) -> Vec3 {
    Vec3 { x, y, z }
}

#[differentiable]
impl Add for Vec3 {
    type Output = Vec3;
    fn add(self, other: Vec3) -> Vec3 {
        Vec3 { x: self.x + other.x, y: self.y + other.y, z: self.z + other.z }
    }
}

#[differentiable]
impl Sub for Vec3 {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { x: self.x - other.x, y: self.y - other.y, z: self.z - other.z }
    }
}

#[differentiable]
impl Mul<f64> for Vec3 {
    type Output = Vec3;
    fn mul(self, k: f64) -> Self::Output {
        Vec3 { x: self.x * k, y: self.y * k, z: self.z * k }
    }
}

#[differentiable]
impl Mul<Vec3> for f64 {
    type Output = Vec3;
    fn mul(self, v: Vec3) -> Vec3 {
        v * self
    }
}

#[differentiable]
impl Div<f64> for Vec3 {
    type Output = Vec3;
    fn div(self, k: f64) -> Vec3 {
        self * (1.0 / k)
    }
}

#[differentiable]
impl Neg for Vec3 {
    type Output = Vec3;
    fn neg(self) -> Vec3 {
        Vec3 { x: -self.x, y: -self.y, z: -self.z }
    }
}

#[differentiable]
impl AddAssign for Vec3 {
    fn add_assign(&mut self, other: Vec3) {
        self.x += other.x;
        self.y += other.y;
        self.z += other.z;
    }
}

#[differentiable]
impl SubAssign for Vec3 {
    fn sub_assign(&mut self, other: Vec3) {
        *self = *self - other;
    }
}

#[differentiable]
impl MulAssign<f64> for Vec3 {
    fn mul_assign(&mut self, k: f64) {
        *self = *self * k;
    }
}

#[differentiable]
impl Vec3 {
    pub const ZERO: Vec3 = Vec3 { x: 0.0, y: 0.0, z: 0.0 };

    pub fn new(x: f64, y: f64, z: f64) -> Vec3 {
        Vec3 { x, y, z }
    }

    pub fn dot(self, other: Vec3) -> f64 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    pub fn cross(self, other: Vec3) -> Vec3 {
        Vec3 {
            x: self.y * other.z - self.z * other.y,
            y: self.z * other.x - self.x * other.z,
            z: self.x * other.y - self.y * other.x,
        }
    }

    pub fn norm_squared(&self) -> f64 {
        self.dot(*self)
    }

    pub fn norm(&self) -> f64 {
        self.norm_squared().sqrt()
    }

    pub fn normalized(self) -> Vec3 {
        self / self.norm()
    }

    pub fn distance(self, other: Vec3) -> f64 {
        (self - other).norm()
    }

    pub fn is_long(&self) -> bool {
        self.x * self.x + self.y * self.y + self.z * self.z > 1.0
    }
}

case! {
    Vec3::DOT_BACKEND => Compiled;
    Vec3::dot, Vec3::dot_grad, Vec3::dot_graph;
    with dot |a: Vec3, b: Vec3| (a, b);
    at (v(1.0, 2.0, 3.0), v(-0.5, 0.25, 2.0));
}

case! {
    Vec3::CROSS_BACKEND => Compiled;
    Vec3::cross, Vec3::cross_vjp, Vec3::cross_jacobian, Vec3::cross_graph;
    with cross |a: Vec3, b: Vec3| (a, b);
    at (v(1.0, 2.0, 3.0), v(-0.5, 0.25, 2.0));
}

case! {
    Vec3::NORM_BACKEND => Compiled;
    Vec3::norm, Vec3::norm_grad, Vec3::norm_graph;
    with norm |a: Vec3| (&a);
    at v(1.0, 2.0, 3.0), v(-3.0, 0.0, 4.0);
}

case! {
    Vec3::NORMALIZED_BACKEND => Compiled;
    Vec3::normalized, Vec3::normalized_vjp, Vec3::normalized_jacobian, Vec3::normalized_graph;
    with normalized |a: Vec3| (a);
    at v(1.0, 2.0, 3.0);
}

case! {
    Vec3::NEW_BACKEND => Compiled;
    Vec3::new, Vec3::new_vjp, Vec3::new_jacobian, Vec3::new_graph;
    with new |x: f64, y: f64, z: f64| (x, y, z);
    at (1.0, 2.0, 3.0);
}

#[differentiable]
fn lerp(a: Vec3, b: Vec3, t: f64) -> Vec3 {
    a + (b - a) * t
}

case! {
    lerp::BACKEND => Compiled;
    lerp, lerp_vjp, lerp_jacobian, lerp_graph;
    with lerp_of_two |a: Vec3, b: Vec3, t: f64| (a, b, t);
    at (v(1.0, 2.0, 3.0), v(0.0, -1.0, 2.0), 0.25);
}

#[differentiable]
fn triple(a: &Vec3, b: &Vec3, c: &Vec3) -> f64 {
    a.dot(b.cross(*c))
}

case! {
    triple::BACKEND => Compiled;
    triple, triple_grad, triple_graph;
    with triple_product |a: Vec3, b: Vec3, c: Vec3| (&a, &b, &c);
    at (v(1.0, 2.0, 3.0), v(0.0, -1.0, 2.0), v(3.0, 1.0, 1.0));
}

#[differentiable]
fn reflect(incoming: Vec3, normal: Vec3) -> Vec3 {
    let n = normal.normalized();
    incoming - 2.0 * n.dot(incoming) * n
}

case! {
    reflect::BACKEND => Compiled;
    reflect, reflect_vjp, reflect_jacobian, reflect_graph;
    with reflect_at_plane |incoming: Vec3, normal: Vec3| (incoming, normal);
    at (v(1.0, -2.0, 0.5), v(0.2, 1.0, 0.1));
}

/// The area of a polygon that need not be flat.
#[differentiable]
fn area(corners: &[Vec3]) -> f64 {
    let mut sum = Vec3::ZERO;
    for i in 0..corners.len() {
        let next = corners[(i + 1) % corners.len()];
        sum += corners[i].cross(next);
    }
    0.5 * sum.norm()
}

case! {
    area::BACKEND => Compiled;
    area, area_grad, area_graph;
    with polygon |corners: Vec<Vec3>| (&corners);
    at vec![v(0.0, 0.0, 0.0), v(1.0, 0.0, 0.2), v(1.2, 1.0, 0.0), v(0.0, 1.0, -0.3)];
}

#[differentiable]
fn centroid(points: &[Vec3]) -> Vec3 {
    let mut sum = Vec3::default();
    for p in points {
        sum += *p;
    }
    sum / points.len() as f64
}

case! {
    centroid::BACKEND => Compiled;
    centroid, centroid_vjp, centroid_jacobian, centroid_graph;
    with centroid_of_points |points: Vec<Vec3>| (&points);
    at vec![v(0.0, 0.0, 0.0), v(1.0, 0.0, 0.2), v(1.2, 1.0, 0.0)];
}

/// What is far away is drawn in, what is near is left.
#[differentiable]
fn drawn_in(points: &[Vec3], k: f64) -> f64 {
    let mut moved = points.to_vec();
    for p in moved.iter_mut() {
        if p.is_long() {
            *p *= k;
        } else {
            *p -= Vec3 { x: 0.1, ..Vec3::ZERO };
        }
    }
    moved.iter().map(|p| p.norm_squared()).sum::<f64>()
}

case! {
    drawn_in::BACKEND => Compiled;
    drawn_in, drawn_in_grad, drawn_in_graph;
    with points_drawn_in |points: Vec<Vec3>, k: f64| (&points, k);
    at (vec![v(0.1, 0.2, 0.3), v(1.0, 2.0, 0.2), v(1.2, 1.0, 0.0)], 0.5);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Axes([f64; 3]);

impl Index<usize> for Axes {
    type Output = f64;
    fn index(&self, at: usize) -> &f64 {
        &self.0[at]
    }
}

/// A tuple struct whose array is taken apart.
#[differentiable]
fn ellipsoid(axes: Axes, direction: Vec3) -> f64 {
    let Axes([a, b, c]) = axes;
    let Vec3 { x, y, z } = direction;
    1.0 / ((x / a).powi(2) + (y / b).powi(2) + (z / c).powi(2)).sqrt() * axes.0[1]
}

case! {
    ellipsoid::BACKEND => Compiled;
    ellipsoid, ellipsoid_grad, ellipsoid_graph;
    with radius_of_ellipsoid |axes: Axes, direction: Vec3| (axes, direction);
    at (Axes([1.0, 2.0, 3.0]), v(1.0, 1.0, -1.0));
}

/// Vectors of plain numbers, written out: operators on them, and what is done with the results.
#[differentiable]
fn written_out(k: f64) -> f64 {
    let start = -(Vec3 { x: 1.5, y: 0.5, z: -1.0 } * 2.0);
    let moved = start + Vec3 { x: 1.0, y: -2.0, z: 0.25 } * k;
    moved.dot(start) * (Vec3 { x: 1.5, y: 1.5, z: 0.5 } * 2.0 - Vec3 { x: 0.5, y: 0.0, z: 0.0 }).dot(moved)
}

case! {
    written_out::BACKEND => Compiled;
    written_out, written_out_grad, written_out_graph;
    with vectors_written_out |k: f64| (k);
    at 0.7, -1.2;
}

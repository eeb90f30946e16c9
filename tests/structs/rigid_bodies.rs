//! Orientation by quaternions, and bodies that turn.

use super::vectors::{Vec3, v};
use gradus::{Differentiable, differentiable};
use std::ops::{Add, Mul};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Quaternion {
    w: f64,
    vector: Vec3,
}

#[differentiable]
impl Mul for Quaternion {
    type Output = Quaternion;
    fn mul(self, other: Quaternion) -> Quaternion {
        let (a, b) = (self.vector, other.vector);
        Quaternion { w: self.w * other.w - a.dot(b), vector: self.w * b + other.w * a + a.cross(b) }
    }
}

#[differentiable]
impl Mul<f64> for Quaternion {
    type Output = Quaternion;
    fn mul(self, k: f64) -> Quaternion {
        Quaternion { w: self.w * k, vector: self.vector * k }
    }
}

#[differentiable]
impl Add for Quaternion {
    type Output = Quaternion;
    fn add(self, other: Quaternion) -> Quaternion {
        Quaternion { w: self.w + other.w, vector: self.vector + other.vector }
    }
}

#[differentiable]
impl Quaternion {
    fn pure(vector: Vec3) -> Self {
        Self { w: 0.0, vector }
    }

    fn about(axis: Vec3, angle: f64) -> Self {
        let (sin, cos) = (0.5 * angle).sin_cos();
        Self { w: cos, vector: sin * axis.normalized() }
    }

    fn conjugate(self) -> Self {
        Self { vector: -self.vector, ..self }
    }

    fn norm(&self) -> f64 {
        (self.w * self.w + self.vector.norm_squared()).sqrt()
    }

    fn normalized(self) -> Self {
        self * (1.0 / self.norm())
    }

    fn rotate(self, v: Vec3) -> Vec3 {
        let turned = self * Self::pure(v) * self.conjugate();
        turned.vector
    }
}

case! {
    Quaternion::ROTATE_BACKEND => Compiled;
    Quaternion::rotate, Quaternion::rotate_vjp, Quaternion::rotate_jacobian, Quaternion::rotate_graph;
    with rotate |q: Quaternion, p: Vec3| (q, p);
    at (Quaternion { w: 0.9, vector: v(0.1, -0.3, 0.2) }, v(1.0, 2.0, 3.0));
}

case! {
    Quaternion::ABOUT_BACKEND => Compiled;
    Quaternion::about, Quaternion::about_vjp, Quaternion::about_jacobian, Quaternion::about_graph;
    with about |axis: Vec3, angle: f64| (axis, angle);
    at (v(1.0, 2.0, 3.0), 0.7);
}

#[derive(Clone, Debug, Differentiable)]
struct Rigid {
    position: Vec3,
    velocity: Vec3,
    orientation: Quaternion,
    spin: Vec3,
    mass: f64,
    inertia: Vec3,
    name: String,
}

#[differentiable]
impl Rigid {
    fn kinetic(&self) -> f64 {
        let i = self.inertia;
        let s = self.spin;
        0.5 * self.mass * self.velocity.norm_squared()
            + 0.5 * (i.x * s.x * s.x + i.y * s.y * s.y + i.z * s.z * s.z)
    }

    fn apply(&mut self, force: Vec3, at: Vec3, dt: f64) {
        let torque = at.cross(force);
        self.velocity += force * (dt / self.mass);
        self.spin +=
            Vec3 { x: torque.x / self.inertia.x, y: torque.y / self.inertia.y, z: torque.z / self.inertia.z }
                * dt;
    }

    fn advance(&mut self, dt: f64) {
        self.position += self.velocity * dt;
        let rate = Quaternion::pure(self.spin) * self.orientation * 0.5;
        self.orientation = (self.orientation + rate * dt).normalized();
    }

    fn corner(&self, local: Vec3) -> Vec3 {
        self.position + self.orientation.rotate(local)
    }
}

fn brick() -> Rigid {
    Rigid {
        position: v(0.0, 1.0, 0.0),
        velocity: v(0.5, 0.0, -0.2),
        orientation: Quaternion { w: 1.0, vector: v(0.1, 0.0, 0.2) },
        spin: v(0.3, -0.4, 0.1),
        mass: 2.0,
        inertia: v(0.4, 0.5, 0.6),
        name: "brick".to_string(),
    }
}

case! {
    Rigid::KINETIC_BACKEND => Compiled;
    Rigid::kinetic, Rigid::kinetic_grad, Rigid::kinetic_graph;
    with kinetic |body: Rigid| (&body);
    at brick();
}

case! {
    Rigid::CORNER_BACKEND => Compiled;
    Rigid::corner, Rigid::corner_vjp, Rigid::corner_jacobian, Rigid::corner_graph;
    with corner |body: Rigid, local: Vec3| (&body, local);
    at (brick(), v(0.5, 0.5, 0.5));
}

/// Where a corner of a body is after some pushes.
#[differentiable]
fn tumble(body: &Rigid, force: Vec3, at: Vec3, #[constant] steps: usize) -> f64 {
    let mut body = body.clone();
    for step in 0..steps {
        if step % 2 == 0 {
            body.apply(force, at, 0.1);
        }
        body.advance(0.1);
    }
    let corner = body.corner(Vec3 { x: 0.5, y: 0.5, z: -0.5 });
    corner.norm_squared() + body.kinetic()
}

case! {
    tumble::BACKEND => Compiled;
    tumble, tumble_grad, tumble_graph;
    with tumbling |body: Rigid, force: Vec3, at: Vec3| (&body, force, at, 5);
    at (brick(), v(0.1, 1.0, 0.3), v(0.2, 0.0, 0.1));
}

#[test]
fn gradients_keep_data() {
    let (_, (gradient, ..)) = tumble_grad(&brick(), v(0.1, 1.0, 0.3), v(0.2, 0.0, 0.1), 3);
    assert_eq!(gradient.name, "brick");
}

use gradus::{Differentiable, differentiable, stop_gradient};
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

#[derive(Clone, Copy, Debug, Differentiable)]
pub struct Vec2 {
    pub x: f64,
    pub y: f64,
}

#[differentiable]
impl Vec2 {
    pub fn new(x: f64, y: f64) -> Vec2 {
        Vec2 { x, y }
    }

    pub fn dot(&self, other: &Vec2) -> f64 {
        self.x * other.x + self.y * other.y
    }

    pub fn norm(&self) -> f64 {
        self.dot(self).sqrt()
    }

    pub fn turned(self, angle: f64) -> Self {
        let (sin, cos) = angle.sin_cos();
        Self { x: cos * self.x - sin * self.y, y: sin * self.x + cos * self.y }
    }

    pub fn stretch(&mut self, by: f64) {
        self.x *= by;
        self.y *= by;
    }

    pub fn is_right(&self) -> bool {
        self.x > 0.0
    }
}

#[differentiable]
impl Add for Vec2 {
    type Output = Vec2;
    fn add(self, other: Vec2) -> Vec2 {
        Vec2 { x: self.x + other.x, y: self.y + other.y }
    }
}

#[differentiable]
impl Sub for Vec2 {
    type Output = Vec2;
    fn sub(self, other: Vec2) -> Self::Output {
        Vec2::new(self.x - other.x, self.y - other.y)
    }
}

#[differentiable]
impl Mul<f64> for Vec2 {
    type Output = Vec2;
    fn mul(self, factor: f64) -> Vec2 {
        Vec2 { x: self.x * factor, y: self.y * factor }
    }
}

#[differentiable]
impl Neg for Vec2 {
    type Output = Vec2;
    fn neg(self) -> Vec2 {
        Vec2 { x: -self.x, y: -self.y }
    }
}

#[differentiable]
impl AddAssign for Vec2 {
    fn add_assign(&mut self, other: Vec2) {
        self.x += other.x;
        self.y += other.y;
    }
}

#[derive(Clone, Debug, Differentiable)]
pub struct Body {
    pub position: Vec2,
    pub velocity: Vec2,
    pub mass: f64,
    #[constant]
    pub charge: f64,
    pub id: u32,
}

#[derive(Clone, Debug, Differentiable)]
pub struct Line(pub f64, pub Vec<f64>);

#[differentiable]
pub fn kinetic(body: &Body) -> f64 {
    0.5 * body.mass * body.velocity.dot(&body.velocity)
}

#[differentiable]
pub fn flight(body: Body, dt: f64, steps: usize) -> f64 {
    let mut body = body;
    for _ in 0..steps {
        let force = Vec2 { x: 0.0, y: -9.81 } * body.mass - body.velocity * (0.1 * body.charge);
        body.velocity = body.velocity + force * (dt / body.mass);
        body.position += body.velocity * dt;
    }
    body.position.norm()
}

#[differentiable]
pub fn turned_sum(a: Vec2, b: Vec2, angle: f64) -> f64 {
    let Vec2 { x, y } = (a + -b).turned(angle);
    x * y
}

#[differentiable]
pub fn stretched(v: Vec2, by: f64) -> f64 {
    let mut own = v;
    own.stretch(by);
    if own.is_right() { own.norm() } else { own.x * own.y }
}

#[differentiable]
pub fn line(line: &Line, at: f64) -> f64 {
    let mut sum = line.0;
    let mut power = at;
    for factor in &line.1 {
        sum += factor * power;
        power *= at;
    }
    sum
}

#[differentiable]
pub fn middle(bodies: &[Body]) -> Vec2 {
    let mut sum = Vec2::new(0.0, 0.0);
    let mut mass = 0.0;
    for body in bodies {
        sum += body.position * body.mass;
        mass += body.mass;
    }
    sum * (1.0 / mass)
}

#[differentiable]
pub fn moved(body: &Body, by: f64) -> f64 {
    let other = Body { mass: body.mass * by, ..body.clone() };
    kinetic(&other) + stop_gradient(other.mass) * other.position.x
}

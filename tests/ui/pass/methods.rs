//! Methods and associated functions of every form.
#![deny(warnings, missing_docs, unused_qualifications, clippy::pedantic)]

use gradus::{Backend, Differentiable, differentiable};

/// A vector.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Vec2 {
    /// Its first number.
    pub x: f64,
    /// Its second number.
    pub y: f64,
}

#[differentiable]
impl Vec2 {
    /// A constant.
    pub const UP: Vec2 = Vec2 { x: 0.0, y: 1.0 };
    const HALF: f64 = 0.5;

    /// Without a receiver.
    #[must_use]
    pub fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// Of data alone.
    #[must_use]
    pub fn corner(at: usize) -> Self {
        Self::new(at as f64, Self::HALF)
    }

    /// By value.
    #[must_use]
    pub fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    /// By reference, and it calls another.
    #[must_use]
    pub fn norm(&self) -> f64 {
        self.dot(*self).sqrt()
    }

    /// Takes a reference.
    #[must_use]
    pub fn distance(&self, other: &Vec2) -> f64 {
        Vec2::new(self.x - other.x, self.y - other.y).norm()
    }

    /// Changes it.
    pub fn scale(&mut self, by: f64) {
        self.x *= by;
        self.y *= by;
    }

    /// Leaves early.
    pub fn limit(&mut self, most: f64) {
        let norm = self.norm();
        if norm <= most {
            return;
        }
        self.scale(most / norm);
    }

    /// A predicate.
    #[must_use]
    pub fn is_long(&self, than: f64) -> bool {
        self.norm() > than
    }

    /// What gradients do not see.
    #[passive]
    #[must_use]
    pub fn shown(&self) -> String {
        format!("({}, {})", self.x, self.y)
    }

    /// Calls itself.
    #[must_use]
    pub fn halved(self, times: u32) -> Vec2 {
        if times == 0 { self } else { Vec2::new(self.x * Self::HALF, self.y).halved(times - 1) }
    }

    /// A raw name, and one of the standard library.
    #[must_use]
    pub fn r#match(&self, max: f64) -> f64 {
        self.x * max + self.max()
    }

    /// The same name as one of `f64`.
    #[must_use]
    pub fn max(&self) -> f64 {
        self.x.max(self.y)
    }
}

/// A second block.
#[differentiable]
impl Vec2 {
    /// Its area.
    #[must_use]
    pub fn area(&self) -> f64 {
        self.x * self.y
    }
}

/// Things that hold vectors.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Body {
    velocity: Vec2,
    places: Vec<Vec2>,
    mass: f64,
    name: String,
}

#[differentiable]
impl Body {
    /// Methods of fields, of elements, of results.
    #[must_use]
    pub fn measure(&self, k: f64) -> f64 {
        let first = self.places[0].norm() + self.velocity.halved(1).norm();
        let mut sum = first * k;
        for place in &self.places {
            sum += place.distance(&self.velocity);
        }
        if self.velocity.is_long(k) { sum + Vec2::new(k, k).dot(Vec2::UP) } else { sum * self.mass }
    }

    /// Changes fields and elements by their methods.
    pub fn advance(&mut self, dt: f64) {
        self.velocity.scale(dt);
        self.places[0].limit(dt);
        for place in self.places.iter_mut() {
            place.scale(1.0 + dt);
        }
        self.mass += self.velocity.area();
    }
}

/// Const generic, with the names of generated code.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Matrix<const M: usize, const E: usize> {
    rows: [[f64; E]; M],
}

#[differentiable]
impl<const M: usize, const E: usize> Matrix<M, E> {
    /// Zeros.
    #[must_use]
    pub fn filled(with: f64) -> Self {
        Self { rows: [[with; E]; M] }
    }

    /// Times a vector.
    #[must_use]
    pub fn apply(&self, v: &[f64; E]) -> [f64; M] {
        let mut product = [0.0; M];
        for i in 0..M {
            for j in 0..E {
                product[i] += self.rows[i][j] * v[j];
            }
        }
        product
    }

    /// Adds to the first number.
    pub fn shift(&mut self, by: f64) {
        self.rows[0][0] += by;
    }
}

#[differentiable]
impl Matrix<2, 2> {
    /// Of one shape alone.
    #[must_use]
    pub fn determinant(&self) -> f64 {
        self.rows[0][0] * self.rows[1][1] - self.rows[0][1] * self.rows[1][0]
    }
}

#[differentiable]
fn steps(body: &Body, dt: f64) -> f64 {
    let mut body = body.clone();
    for _ in 0..2 {
        body.advance(dt);
    }
    body.measure(dt) + body.places[1].r#match(2.0)
}

#[differentiable]
fn matrices(m: Matrix<2, 3>, k: f64) -> f64 {
    let mut m = m;
    m.shift(k);
    let other = Matrix::<2, 2>::filled(k);
    let [a, b] = m.apply(&[k, 1.0, 2.0]);
    a * b + other.determinant() + Matrix::<2, 2> { rows: [[a, 1.0], [2.0, b]] }.determinant()
}

fn main() {
    use gradus::check::assert_gradient;

    let v = Vec2::new(3.0, 4.0);
    assert_eq!(Vec2::NORM_BACKEND, Backend::Compiled);
    let up = Vec2::new(0.0, 2.0);
    assert_eq!(up.norm_grad(), (2.0, Vec2::UP));
    let mut sum = Vec2::zeros_like(&up);
    assert_eq!(up.norm_grad_add(&mut sum), 2.0);
    assert_eq!(sum, Vec2::UP);
    assert_eq!(up.norm_jvp(&Vec2::new(1.0, 3.0)), (2.0, 3.0));
    assert_eq!(v.dot_grad(Vec2::UP), (4.0, (Vec2::UP, v)));
    assert_eq!(v.norm_graph().value(), 5.0);
    assert_eq!(Vec2::new_vjp(1.0, 2.0, v), (Vec2::new(1.0, 2.0), (3.0, 4.0)));
    assert_eq!(v.halved_jacobian(1).1, [Vec2::new(0.5, 0.0), Vec2::new(0.0, 1.0)]);
    assert_eq!(v.match_grad(2.0).0, v.r#match(2.0));
    assert_eq!((Vec2::corner(2).x, v.shown()), (2.0, "(3, 4)".to_owned()));
    let mut changed = v;
    let ((), (by_self, by)) = changed.scale_vjp(2.0, &Vec2::UP);
    assert_eq!((changed, by_self, by), (Vec2::new(6.0, 8.0), Vec2::new(0.0, 2.0), 4.0));
    let mut tangent = Vec2::UP;
    changed.scale_jvp(0.5, &mut tangent, 1.0);
    assert_eq!((changed, tangent), (v, Vec2::new(6.0, 8.5)));
    assert_eq!(v.limit_graph(2.5).values(), [1.5, 2.0]);

    let body = Body { velocity: v, places: vec![Vec2::new(0.5, 2.0), v], mass: 2.0, name: "body".to_owned() };
    assert_gradient!(steps, &body, 0.7);
    assert_eq!(body.measure_grad(0.7).1.0.name, "body");
    assert_gradient!(matrices, Matrix { rows: [[1.0, 2.0, 3.0], [0.5, 0.25, 4.0]] }, 0.7);
    assert_eq!(Matrix::<1, 2>::filled_vjp(2.0, Matrix { rows: [[1.0, 5.0]] }).1, 6.0);
}

use gradus::{Differentiable, differentiable};
use std::ops::Add;

#[derive(Clone, Copy, Differentiable)]
struct Vec2 {
    x: f64,
    y: f64,
}

impl Add for Vec2 {
    type Output = Vec2;
    fn add(self, other: Vec2) -> Vec2 {
        Vec2 { x: self.x + other.x, y: self.y + other.y }
    }
}

#[differentiable]
fn height(a: Vec2, b: Vec2) -> f64 {
    (a + b).y
}

fn main() {
    println!("{:?}", height_grad(Vec2 { x: 3.0, y: 4.0 }, Vec2 { x: 3.0, y: 4.0 }).0);
}

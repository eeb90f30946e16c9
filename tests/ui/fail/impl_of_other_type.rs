use gradus::{Differentiable, differentiable};
use std::ops::Mul;

#[derive(Clone, Copy, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[differentiable]
impl Mul<Point> for [f64; 2] {
    type Output = Point;
    fn mul(self, point: Point) -> Point {
        Point { x: self[0] * point.x, y: self[1] * point.y }
    }
}

fn main() {
    println!("{:?}", ([1.0, 2.0] * Point { x: 3.0, y: 4.0 }).x);
}

use gradus::{Differentiable, differentiable};

#[derive(Clone, Copy, Differentiable)]
struct Vec2 {
    x: f64,
    y: f64,
}

impl Vec2 {
    fn norm(self) -> f64 {
        self.x.hypot(self.y)
    }
}

#[differentiable]
fn speed(velocity: Vec2, factor: f64) -> f64 {
    factor * velocity.norm()
}

fn main() {
    println!("{:?}", speed_grad(Vec2 { x: 3.0, y: 4.0 }, 2.0).0);
}

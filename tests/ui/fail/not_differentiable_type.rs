use gradus::differentiable;

struct Spring {
    stiffness: f64,
}

impl Spring {
    fn twice(self) -> f64 {
        2.0 * self.stiffness
    }
}

#[differentiable]
fn force(spring: Spring, extension: f64) -> f64 {
    extension * extension
}

struct Point {
    x: f64,
    y: f64,
}

#[differentiable]
fn distance(x: f64, y: f64) -> f64 {
    let point = Point { x: 2.0 * x, y };
    point.x.hypot(point.y)
}

fn main() {
    println!("{:?} {}", force_grad(Spring { stiffness: 2.0 }, 3.0), Spring { stiffness: 1.0 }.twice());
    println!("{:?}", distance_grad(3.0, 4.0));
}

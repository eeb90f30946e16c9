use gradus::differentiable;

enum Shape {
    Circle(f64),
    Square(f64),
}

#[differentiable]
fn area(size: f64, #[constant] round: bool) -> f64 {
    let shape = if round { Shape::Circle(size) } else { Shape::Square(2.0 * size) };
    match shape {
        Shape::Circle(radius) => 3.0 * radius * radius,
        Shape::Square(side) => side * side,
    }
}

fn main() {
    println!("{:?}", area_grad(2.0, true));
}

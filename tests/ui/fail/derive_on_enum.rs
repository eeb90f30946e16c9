use gradus::Differentiable;

#[derive(Clone, Differentiable)]
enum Shape {
    Circle(f64),
    Rectangle(f64, f64),
}

fn main() {
    let shapes = [Shape::Circle(1.0), Shape::Rectangle(1.0, 2.0)];
    println!("{}", shapes.len());
}

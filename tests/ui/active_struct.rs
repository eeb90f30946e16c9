use gradus::differentiable;

struct Point {
    x: f64,
    y: f64,
}

struct Metres(f64);

#[differentiable]
fn distance(x: f64, y: f64) -> f64 {
    let point = Point { x: 2.0 * x, y };
    point.x.hypot(point.y)
}

#[differentiable]
fn wrapped(x: f64) -> f64 {
    let length = Metres(x);
    length.0 * 2.0
}

fn main() {
    println!("{} {}", distance(3.0, 4.0), wrapped(1.0));
}

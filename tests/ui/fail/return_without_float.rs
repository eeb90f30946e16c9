use gradus::differentiable;

#[differentiable]
fn is_close(x: f64, y: f64) -> bool {
    (x - y).abs() < 1e-6
}

#[differentiable]
fn show(x: f64) {
    println!("{x}");
}

fn main() {
    show(is_close_grad(1.0, 2.0).1);
}

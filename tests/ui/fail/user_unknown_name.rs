use gradus::differentiable;

#[differentiable]
fn unknown_variable(x: f64) -> f64 {
    x * y
}

#[differentiable]
fn unknown_function(x: f64) -> f64 {
    2.0 * squared(x + 1.0)
}

#[differentiable]
fn unknown_passive_function(x: f64) -> f64 {
    x * squared(2.0)
}

#[differentiable]
fn unknown_type(x: f64) -> f64 {
    let y: Real = x;
    y * y
}

fn main() {
    println!("{} {}", unknown_variable(1.0), unknown_function(1.0));
    println!("{} {}", unknown_passive_function(1.0), unknown_type(1.0));
}

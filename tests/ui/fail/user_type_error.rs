use gradus::differentiable;

fn scale(count: usize) -> f64 {
    count as f64
}

#[differentiable]
fn in_a_let(x: f64) -> f64 {
    let y: usize = x * x;
    y as f64
}

#[differentiable]
fn in_a_call(x: f64) -> f64 {
    x * scale(2.0)
}

#[differentiable]
fn in_the_result(x: f64) -> f64 {
    let ys = [x, x * x];
    ys
}

#[differentiable]
fn in_an_operator(x: f64, n: usize) -> f64 {
    x * n
}

#[differentiable]
fn without_a_result(x: f64) -> f64 {
    x * x;
}

fn main() {
    println!("{} {} {}", in_a_let(1.0), in_a_call(1.0), in_the_result(1.0));
    println!("{} {}", in_an_operator(1.0, 2), without_a_result(1.0));
}

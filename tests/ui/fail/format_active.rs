use gradus::differentiable;

#[differentiable]
fn digits(x: f64) -> f64 {
    let text = format!("{x:.3}");
    x * text.len() as f64
}

#[differentiable]
fn letters(x: f64) -> f64 {
    x * x.to_string().len() as f64
}

fn main() {
    println!("{:?} {:?}", digits_grad(2.0), letters_grad(2.0));
}

use gradus::differentiable;

macro_rules! pair {
    ($a:ident, $b:ident) => { ($a, $b) };
}

#[differentiable]
fn length(pair!(x, y): (f64, f64)) -> f64 {
    x.hypot(y)
}

fn main() {
    println!("{:?}", length_grad((3.0, 4.0)));
}

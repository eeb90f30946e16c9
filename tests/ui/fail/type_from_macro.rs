use gradus::differentiable;

macro_rules! vector {
    ($n:literal) => { [f64; $n] };
}

#[differentiable]
fn norm(x: vector!(2)) -> f64 {
    x[0].hypot(x[1])
}

fn main() {
    println!("{:?}", norm_grad([3.0, 4.0]));
}

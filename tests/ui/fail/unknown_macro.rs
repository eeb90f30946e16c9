use gradus::differentiable;

macro_rules! square {
    ($e:expr) => {
        $e * $e
    };
}

#[differentiable]
fn energy(speed: f64) -> f64 {
    0.5 * square!(speed)
}

fn main() {
    println!("{:?}", energy_grad(2.0));
}

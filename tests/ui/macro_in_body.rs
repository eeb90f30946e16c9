use gradus::differentiable;

#[differentiable]
fn fourth_power(x: f64) -> f64 {
    macro_rules! square {
        ($e:expr) => {
            $e * $e
        };
    }
    square!(square!(x))
}

fn main() {
    println!("{:?}", fourth_power_grad(2.0));
}

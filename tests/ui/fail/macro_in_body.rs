use gradus::differentiable;

#[differentiable]
fn line(x: f64) -> f64 {
    macro_rules! plus {
        ($e:expr) => {
            x + $e
        };
    }
    plus!(2.0)
}

fn main() {
    println!("{:?}", line_grad(2.0));
}

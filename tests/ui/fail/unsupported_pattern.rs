use gradus::differentiable;

macro_rules! pair {
    ($a:ident, $b:ident) => {
        ($a, $b)
    };
}

#[differentiable]
fn product(pair: (f64, f64)) -> f64 {
    let pair!(a, b) = pair;
    a * b
}

fn main() {
    println!("{:?}", product_grad((1.0, 2.0)));
}

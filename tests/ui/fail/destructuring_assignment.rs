use gradus::differentiable;

struct Pair {
    first: f64,
    second: f64,
}

#[differentiable]
fn product(x: f64) -> f64 {
    let (a, b);
    Pair { first: a, second: b } = Pair { first: 1.0, second: 2.0 };
    let c;
    (c, ..) = (a * x, 3.0);
    b * c
}

fn main() {
    println!("{:?}", product_grad(2.0));
}

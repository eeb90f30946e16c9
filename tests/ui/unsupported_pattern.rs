use gradus::differentiable;

struct Pair(f64, f64);

#[differentiable]
fn product(pair: Pair) -> f64 {
    let Pair(a, b) = pair;
    a * b
}

fn main() {
    println!("{:?}", product_grad(Pair(1.0, 2.0)));
}

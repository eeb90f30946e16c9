use gradus::{Differentiable, differentiable};

#[derive(Clone, Copy, Differentiable)]
struct Pair(f64, f64);

impl Pair {
    fn apply(self, f: impl Fn(f64) -> f64) -> Pair {
        Pair(f(self.0), f(self.1))
    }
}

#[differentiable]
fn scaled(pair: Pair, k: f64) -> f64 {
    let Pair(a, b) = pair.apply(|x| k * x);
    a * b
}

fn main() {
    println!("{:?}", scaled_grad(Pair(2.0, 3.0), 4.0).0);
}

use gradus::{Differentiable, differentiable};
use std::ops::Mul;

#[differentiable]
fn square<T: Mul<Output = T> + Copy>(x: T) -> T {
    x * x
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Pair<T> {
    first: T,
    second: T,
}

#[differentiable]
impl<T: Mul<Output = T> + Copy> Pair<T> {
    fn product(self) -> T {
        self.first * self.second
    }
}

#[differentiable]
fn product(pair: Pair<f64>) -> f64 {
    pair.first * pair.second
}

fn main() {
    let pair = Pair { first: 2.0, second: 3.0 };
    println!("{} {:?}", square(2), square_grad(2.0));
    println!("{} {:?}", pair.product(), product_grad(pair));
}

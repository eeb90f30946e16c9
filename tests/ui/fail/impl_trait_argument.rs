use gradus::differentiable;

#[differentiable]
fn total(xs: impl Iterator<Item = f64>) -> f64 {
    xs.sum()
}

#[differentiable]
fn described(shape: &dyn std::fmt::Debug, x: f64) -> f64 {
    println!("{shape:?}");
    x
}

fn main() {
    println!("{} {}", total([1.0].into_iter()), described(&"round", 1.0));
}

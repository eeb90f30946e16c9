use gradus::differentiable;

#[differentiable]
fn total(xs: impl Iterator<Item = f64>) -> f64 {
    xs.sum()
}

#[differentiable]
fn apply(f: &dyn Fn(f64) -> f64, x: f64) -> f64 {
    f(x)
}

fn main() {
    println!("{} {}", total([1.0].into_iter()), apply(&f64::sin, 1.0));
}

use gradus::differentiable;

#[differentiable]
fn squares(xs: &[f64]) -> impl Iterator<Item = f64> {
    xs.iter().map(|x| x * x)
}

fn main() {
    println!("{}", squares(&[1.0]).count());
}

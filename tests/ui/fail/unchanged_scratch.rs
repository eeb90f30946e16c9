use gradus::differentiable;

#[differentiable]
fn energy(x: &[f64], #[scratch] work: &[f64]) -> f64 {
    x.iter().zip(work).map(|(x, w)| w * x * x).sum()
}

fn main() {
    println!("{}", energy(&[1.0], &[2.0]));
}

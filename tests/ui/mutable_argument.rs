use gradus::differentiable;

#[differentiable]
fn normalise(xs: &mut [f64]) -> f64 {
    let total: f64 = xs.iter().sum();
    xs.iter_mut().for_each(|x| *x /= total);
    total
}

fn main() {
    println!("{}", normalise(&mut [1.0, 2.0]));
}

use gradus::differentiable;

#[differentiable]
fn halved(xs: &mut [f64]) -> Option<f64> {
    for x in xs.iter_mut() {
        *x *= 0.5;
    }
    xs.first().copied()
}

fn main() {
    println!("{:?}", halved_vjp(&mut [2.0], 1.0, &[1.0]));
}

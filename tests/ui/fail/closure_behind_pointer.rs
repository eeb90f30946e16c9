use gradus::differentiable;

#[differentiable]
fn work(stiffness: f64) -> f64 {
    let force: &dyn Fn(f64) -> f64 = &|extension| stiffness * extension;
    0.5 * force(2.0)
}

fn main() {
    println!("{:?}", work_grad(3.0));
}

use gradus::differentiable;

#[differentiable]
fn root(x: f64) -> Result<f64, f64> {
    let negative = Some(x).filter(|x| *x < 0.0);
    negative.map_or(Ok(x.sqrt()), Err)
}

fn main() {
    println!("{:?}", root_grad(2.0));
}

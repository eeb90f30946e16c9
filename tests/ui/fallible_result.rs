use gradus::differentiable;

#[differentiable]
fn root(x: f64) -> Option<f64> {
    if x < 0.0 { None } else { Some(x.sqrt()) }
}

fn main() {
    println!("{:?} {:?}", root(2.0), root_grad(2.0));
}

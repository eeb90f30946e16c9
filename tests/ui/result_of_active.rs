use gradus::differentiable;

#[differentiable]
fn root(x: f64) -> f64 {
    let root = if x < 0.0 { Err("negative") } else { Ok(x.sqrt()) };
    root.unwrap()
}

fn main() {
    println!("{:?}", root_grad(2.0));
}

use gradus::differentiable;

type Found = Option<f64>;

#[differentiable]
fn root(x: f64) -> Found {
    if x < 0.0 { None } else { Some(x.sqrt()) }
}

fn main() {
    println!("{:?}", root_grad(2.0));
}

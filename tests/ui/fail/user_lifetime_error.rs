use gradus::differentiable;

#[differentiable]
fn dangling(x: f64) -> f64 {
    let y;
    {
        let z = x * x;
        y = &z;
    }
    *y
}

fn main() {
    println!("{}", dangling(1.0));
}

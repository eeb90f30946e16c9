use gradus::differentiable;

#[differentiable]
fn stepped(x: f64) -> f64 {
    x.next_up() - x
}

#[differentiable]
fn smoothed(x: f64) -> f64 {
    x.midpoint(1.0) + f64::midpoint(x, 2.0)
}

fn main() {
    println!("{} {}", stepped(2.0), smoothed(2.0));
}

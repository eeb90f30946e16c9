use gradus::differentiable;

#[differentiable]
fn total(x: f64) -> f64 {
    let half = std::thread::spawn(move || x * 0.5);
    half.join().unwrap() + x
}

fn main() {
    println!("{:?}", total_grad(1.0));
}

use gradus::differentiable;

#[differentiable]
fn counted(x: f64, calls: &mut usize) -> f64 {
    *calls += 1;
    x * x
}

fn main() {
    println!("{}", counted(3.0, &mut 0));
}

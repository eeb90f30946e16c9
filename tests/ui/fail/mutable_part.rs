use gradus::differentiable;

#[differentiable]
fn total(parts: (&mut f64, f64)) -> f64 {
    *parts.0 + parts.1
}

fn main() {
    println!("{}", total((&mut 1.0, 2.0)));
}

use gradus::differentiable;

#[differentiable]
struct Spring {
    stiffness: f64,
}

fn main() {
    println!("{}", Spring { stiffness: 2.0 }.stiffness);
}

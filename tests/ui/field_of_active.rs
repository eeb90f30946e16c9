use gradus::differentiable;

struct Spring {
    stiffness: f64,
}

#[differentiable]
fn energy(spring: &Spring, extension: f64) -> f64 {
    0.5 * spring.stiffness * extension * extension
}

fn main() {
    println!("{}", energy(&Spring { stiffness: 2.0 }, 1.0));
}

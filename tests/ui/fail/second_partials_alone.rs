use gradus::differentiable;

#[differentiable(second_partials = cube_second)]
fn cube(x: f64) -> f64 {
    x * x * x
}

fn cube_second(x: f64, tangent: f64) -> f64 {
    6.0 * x * tangent
}

fn main() {
    println!("{:?}", cube_hessian(1.0));
}

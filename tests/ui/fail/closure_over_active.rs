use gradus::differentiable;

struct Grid;

impl Grid {
    fn integrate(f: impl Fn(f64) -> f64) -> f64 {
        (0..100).map(|step| f(f64::from(step) / 100.0) / 100.0).sum()
    }
}

#[differentiable]
fn area(slope: f64) -> f64 {
    Grid::integrate(|t| slope * t)
}

fn main() {
    println!("{:?}", area_grad(2.0));
}

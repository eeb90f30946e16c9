use gradus::differentiable;

mod models {
    pub fn growth(t: f64) -> f64 {
        t.exp()
    }
    pub fn decay(t: f64) -> f64 {
        (-t).exp()
    }
}

use models::decay as fading;

fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn model(t: f64) -> f64 {
    let here = square(t);
    let path = models::growth(t);
    let renamed = fading(t);
    here + path + renamed
}

#[differentiable]
fn energies(speeds: &[f64]) -> f64 {
    speeds.iter().copied().map(square).sum()
}

fn applied(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(x)
}

#[differentiable]
fn doubled(x: f64) -> f64 {
    applied(|y| 2.0 * y, x)
}

#[differentiable]
fn twice(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(f(x))
}

#[differentiable]
fn fourth_power(x: f64) -> f64 {
    twice(square, x)
}

fn main() {
    println!("{:?} {:?} {:?}", model_grad(1.0), energies_grad(&[1.0]), doubled_grad(1.0));
    println!("{:?}", fourth_power_grad(1.0));
}

use gradus::differentiable;

struct Celsius;

impl Celsius {
    fn from_kelvin(kelvin: f64) -> f64 {
        kelvin - 273.15
    }
}

#[differentiable]
fn excess(kelvin: f64) -> f64 {
    Celsius::from_kelvin(kelvin) - 37.0
}

fn main() {
    println!("{:?}", excess_grad(310.0));
}

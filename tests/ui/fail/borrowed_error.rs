use gradus::{Differentiable, differentiable};

#[derive(Clone, Differentiable)]
struct Bond {
    rate: f64,
    name: String,
}

#[differentiable]
impl Bond {
    fn growth(&self, years: f64) -> Result<f64, &str> {
        if years < 0.0 {
            return Err(&self.name);
        }
        Ok((self.rate * years).exp())
    }
}

fn main() {
    println!("{:?}", Bond { rate: 0.0, name: String::new() }.growth(-1.0));
}

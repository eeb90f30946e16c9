use gradus::Differentiable;

#[derive(Clone, Copy, Differentiable)]
struct Signal<'a> {
    samples: &'a [f64],
    rate: f64,
}

fn main() {
    let signal = Signal { samples: &[1.0], rate: 2.0 };
    println!("{:?}", signal.samples.len() as f64 / signal.rate);
}

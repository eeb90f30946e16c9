use gradus::differentiable;

#[differentiable]
fn total<'a>(xs: &'a [f64]) -> f64
where
    'a: 'static,
{
    xs.iter().sum()
}

fn main() {
    println!("{:?}", total_grad(&[1.0, 2.0]));
}

use gradus::differentiable;

#[differentiable]
fn roots(xs: &[f64]) -> Vec<Option<f64>> {
    xs.iter().map(|x| if *x < 0.0 { None } else { Some(x.sqrt()) }).collect()
}

fn main() {
    println!("{:?}", roots_graph(&[2.0]));
}

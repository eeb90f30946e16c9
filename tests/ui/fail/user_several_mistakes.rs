use gradus::differentiable;

#[differentiable]
fn tangled(xs: &[f64], at: f64) -> f64 {
    let index = at as usize;
    let text = xs[0].to_string();
    let bits = at.to_bits();
    xs[index] * text.len() as f64 + bits as f64
}

#[differentiable]
fn caller(x: f64) -> f64 {
    2.0 * tangled(&[x, x], x)
}

fn main() {
    let (value, (slopes, slope)) = tangled_grad(&[1.0, 2.0], 1.0);
    let total: f64 = slopes.iter().sum();
    let mut gradient = [0.0; 2];
    let again = tangled_grad_add(&[1.0, 2.0], 1.0, &mut gradient, &mut 0.0);
    println!("{value} {total} {slope} {again} {} {}", tangled(&[1.0], 0.0), caller_grad(1.0).1);
}

use gradus::differentiable;

#[differentiable]
unsafe fn first(xs: &[f64]) -> f64 {
    unsafe { *xs.get_unchecked(0) }
}

fn main() {
    println!("{}", unsafe { first(&[1.0]) });
}

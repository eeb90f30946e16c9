use gradus::differentiable;
use std::sync::atomic::{AtomicUsize, Ordering};

#[differentiable]
fn counted(x: f64) -> f64 {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let calls = CALLS.fetch_add(1, Ordering::Relaxed);
    calls as f64 * x
}

fn main() {
    println!("{:?}", counted_grad(2.0));
}

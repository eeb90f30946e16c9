use gradus::differentiable;
use std::collections::VecDeque;

#[differentiable]
pub fn waiting(x: f64) -> f64 {
    let mut queue = VecDeque::new();
    queue.push_back(x * x);
    queue.push_front(x);
    queue.iter().sum()
}

/// The cross-entropy of softmax: its gradient is the
/// probabilities, less 1 at the label.
#[differentiable]
fn cross_entropy(scores: &[f64], label: usize) -> f64 {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for score in scores {
        sum += (score - largest).exp();
    }
    sum.ln() + largest - scores[label]
}

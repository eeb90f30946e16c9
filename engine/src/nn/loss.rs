//! What a network is to make small.

use super::Scalar;

/// The mean of (prediction − target)².
///
/// # Panics
///
/// If there are no predictions, or another number of targets.
///
/// ```
/// use gradus::nn::mean_squared_error;
/// assert_eq!(mean_squared_error(&[1.0, 2.0], &[0.0, 4.0]), (1.0 + 4.0) / 2.0);
/// ```
#[track_caller]
pub fn mean_squared_error<T: Scalar>(predictions: &[T], targets: &[f64]) -> T {
    mean(predictions, targets, |prediction, &target| {
        let miss = prediction - target;
        miss * miss
    })
}

/// The max-margin or hinge loss, the mean of max(0, 1 − sign · score): a score costs nothing once it lies beyond the
/// margin of 1 on its own side. The signs are −1 and 1.
///
/// Vapnik, *The Nature of Statistical Learning Theory* (1995); it is the loss of micrograd's demo.
///
/// # Panics
///
/// If there are no scores, or another number of signs.
///
/// ```
/// use gradus::nn::max_margin;
/// assert_eq!(max_margin(&[3.0, 0.5, 0.5], &[1.0, 1.0, -1.0]), (0.0 + 0.5 + 1.5) / 3.0);
/// ```
#[track_caller]
pub fn max_margin<T: Scalar>(scores: &[T], signs: &[f64]) -> T {
    mean(scores, signs, |score, &sign| (score * -sign + 1.0).relu())
}

/// The logarithms of the probabilities that scores stand for: score − ln Σ exp(scores).
///
/// The greatest score is taken off first, which changes nothing but keeps the exponentials in range.
///
/// ```
/// use gradus::nn::log_softmax;
/// let [a, b] = log_softmax(&[1000.0, 1000.0]).try_into().unwrap();
/// assert_eq!((a, b), (0.5_f64.ln(), 0.5_f64.ln()));
/// ```
pub fn log_softmax<T: Scalar>(scores: &[T]) -> Vec<T> {
    let greatest = scores.iter().map(|score| score.data()).fold(f64::NEG_INFINITY, f64::max);
    let shifted: Vec<T> = scores.iter().map(|&score| score - greatest).collect();
    let log_of_sum = shifted.iter().map(|score| score.exp()).sum::<T>().ln();
    shifted.iter().map(|&score| score - log_of_sum).collect()
}

/// The cross entropy between the probabilities that scores stand for and the one true class: minus the logarithm of
/// its probability, by [`log_softmax`].
///
/// # Panics
///
/// If there is no score for the class.
///
/// ```
/// use gradus::nn::cross_entropy;
/// assert_eq!(cross_entropy(&[0.0, 0.0, 0.0, 0.0], 2), 4.0_f64.ln());
/// ```
#[track_caller]
pub fn cross_entropy<T: Scalar>(scores: &[T], class: usize) -> T {
    assert!(class < scores.len(), "class {class} of {}", scores.len());
    -log_softmax(scores)[class]
}

/// The mean [`cross_entropy`] of a batch: for each sample its scores and its class.
///
/// # Panics
///
/// If the batch is empty, the numbers differ, or a sample has no score for its class.
#[track_caller]
pub fn mean_cross_entropy<T: Scalar>(scores: &[Vec<T>], classes: &[usize]) -> T {
    mean(scores, classes, |scores, &class| cross_entropy(&scores, class))
}

/// The sum of the squares. Times a small factor and added to a loss, it keeps parameters small (L2 regularisation).
///
/// ```
/// use gradus::nn::l2;
/// assert_eq!(l2(&[3.0, -4.0]), 25.0);
/// ```
pub fn l2<T: Scalar>(parameters: &[T]) -> T {
    parameters.iter().map(|&parameter| parameter * parameter).sum()
}

/// The index of the greatest score, of equal ones the first: the class that a network decides for. NaN is no score.
///
/// # Panics
///
/// If there is no score, or none but NaN.
///
/// ```
/// use gradus::nn::argmax;
/// assert_eq!(argmax(&[0.5, 2.0, -1.0, 2.0]), 1);
/// ```
#[track_caller]
pub fn argmax<T: Scalar>(scores: &[T]) -> usize {
    assert!(!scores.is_empty(), "no scores to choose from");
    let numbers = scores.iter().map(|score| score.data()).enumerate().filter(|(_, score)| !score.is_nan());
    let best = numbers.reduce(|best, other| if other.1 > best.1 { other } else { best });
    let (index, _) = best.expect("all scores are NaN, so that none is the greatest");
    index
}

/// The mean of the losses of outputs and what they should be.
#[track_caller]
fn mean<O: Clone, Y, T: Scalar>(outputs: &[O], targets: &[Y], loss: impl Fn(O, &Y) -> T) -> T {
    let (outputs_given, targets_given) = (outputs.len(), targets.len());
    assert_eq!(outputs_given, targets_given, "{outputs_given} outputs, but {targets_given} targets");
    assert!(!outputs.is_empty(), "the mean loss of no outputs");
    let losses = outputs.iter().zip(targets).map(|(output, target)| loss(output.clone(), target));
    losses.sum::<T>() / outputs.len() as f64
}

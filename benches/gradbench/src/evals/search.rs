//! Gradient descent with steps that adapt, as the suite prescribes it for `particle` and `saddle`.

/// Where a step may lead no further, and where a gradient is zero.
const NEARLY: f64 = 1e-5;

fn length<const N: usize>(vector: [f64; N]) -> f64 {
    vector.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// Where a function is least, from a starting point.
pub fn least<const N: usize>(
    start: [f64; N],
    function: impl Fn([f64; N]) -> f64,
    gradient: impl Fn([f64; N]) -> [f64; N],
) -> [f64; N] {
    let (mut at, mut value, mut slope) = (start, function(start), gradient(start));
    let (mut rate, mut successes) = (1e-5, 0);
    while length(slope) > NEARLY {
        if successes == 10 {
            rate *= 2.0;
            successes = 0;
            continue;
        }
        let next: [f64; N] = std::array::from_fn(|i| at[i] - rate * slope[i]);
        if length::<N>(std::array::from_fn(|i| at[i] - next[i])) <= NEARLY {
            break;
        }
        let there = function(next);
        if there < value {
            (at, value, slope) = (next, there, gradient(next));
            successes += 1;
        } else {
            rate /= 2.0;
            successes = 0;
        }
    }
    at
}

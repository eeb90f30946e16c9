//! Gradient clipping: a bound on how far one step can go.

/// Scales the gradient down to this norm if its Euclidean norm is greater, and returns the norm that it had. The
/// direction stays. A gradient with a NaN or an infinity in it stays as it is, for the caller to see. (So the norm ∞ is also
/// returned, and the gradient scaled down, where it is finite and its norm is more than [`f64::MAX`].)
///
/// Pascanu, Mikolov and Bengio, *On the difficulty of training recurrent neural networks* (2013), algorithm 1.
///
/// ```
/// use gradus::optim::clip_norm;
/// let mut gradient = [3.0, 4.0];
/// assert_eq!(clip_norm(&mut gradient, 10.0), 5.0);
/// assert_eq!(gradient, [3.0, 4.0]);
/// clip_norm(&mut gradient, 1.0);
/// assert!((gradient[0] - 0.6).abs() < 1e-15 && (gradient[1] - 0.8).abs() < 1e-15);
/// ```
///
/// # Panics
///
/// If `greatest` is negative or NaN.
#[track_caller]
pub fn clip_norm(gradient: &mut [f64], greatest: f64) -> f64 {
    assert!(
        greatest >= 0.0,
        "a norm of at most {greatest:?}, which no gradient has\n\nhelp: give a bound that is 0 or more"
    );
    let squares = gradient.iter().map(|g| g * g).sum::<f64>();
    let (norm, scale) = (squares.sqrt(), greatest / squares.sqrt());
    // Neither squares nor the scale lose digits: the common case.
    if (TINY_SQUARE..f64::INFINITY).contains(&squares) && (scale.is_normal() || norm <= greatest) {
        if norm > greatest {
            gradient.iter_mut().for_each(|g| *g *= scale);
        }
        return norm;
    }
    let largest = gradient.iter().fold(0.0, |largest: f64, g| largest.max(g.abs()));
    if largest == 0.0 || gradient.iter().any(|g| !g.is_finite()) {
        return norm;
    }
    // The norm in units of the largest derivative, from 1 to √n: what can overflow is only their product.
    let relative = gradient.iter().map(|g| (g / largest).powi(2)).sum::<f64>().sqrt();
    if relative > greatest / largest {
        gradient.iter_mut().for_each(|g| *g = *g / largest * (greatest / relative));
    }
    largest * relative
}

/// Below this the sum of squares may lack digits of squares that underflowed.
const TINY_SQUARE: f64 = 1e-280;

/// Cuts every derivative to between −`greatest` and `greatest`. NaN stays.
///
/// # Panics
///
/// If `greatest` is negative or NaN.
///
/// ```
/// use gradus::optim::clip_values;
/// let mut gradient = [0.5, -7.0];
/// clip_values(&mut gradient, 1.0);
/// assert_eq!(gradient, [0.5, -1.0]);
/// ```
#[track_caller]
pub fn clip_values(gradient: &mut [f64], greatest: f64) {
    assert!(greatest >= 0.0, "no derivative lies between {:?} and {greatest:?}", -greatest);
    for g in gradient {
        *g = g.clamp(-greatest, greatest);
    }
}

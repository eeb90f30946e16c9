//! Gradient clipping: a bound on how far one step can go.

/// Scales the gradient down to this norm if its Euclidean norm is greater, and returns the norm that it had. The
/// direction stays. A gradient with a NaN or an infinity in it stays as it is, for the caller to see.
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
pub fn clip_norm(gradient: &mut [f64], greatest: f64) -> f64 {
    let norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
    if norm > greatest && norm.is_finite() {
        let scale = greatest / norm;
        for g in gradient {
            *g *= scale;
        }
    }
    norm
}

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
    assert!(greatest >= 0.0, "no derivative lies between {} and {greatest}", -greatest);
    for g in gradient {
        *g = g.clamp(-greatest, greatest);
    }
}

//! Roots, inverses and linear systems, which need not exist.

use super::harness::close;
use gradus::differentiable;

/// The larger root of `a·x² + b·x + c`.
#[differentiable]
fn quadratic(a: f64, b: f64, c: f64) -> Option<f64> {
    let discriminant = b * b - 4.0 * a * c;
    if discriminant < 0.0 { None } else { Some((-b + discriminant.sqrt()) / (2.0 * a)) }
}

#[test]
fn a_root_has_a_gradient_where_it_is_real() {
    let (a, b, c) = given!(quadratic, quadratic_grad; 1.0, -3.0, 2.0);
    // x = 2: dx/dp = −(∂f/∂p)/(∂f/∂x), and ∂f/∂x = 2ax + b = 1.
    assert!(close(a, -4.0) && close(b, -2.0) && close(c, -1.0));
    assert_eq!(quadratic_grad(1.0, 0.0, 1.0), None);
    assert!(quadratic_graph(1.0, 0.0, 1.0).is_none());
}

/// A root of `x³ + x − target` between two numbers, by bisection and Newton's method.
#[differentiable]
fn cubic_root(target: f64, mut low: f64, mut high: f64) -> Option<f64> {
    let f = |x: f64| x * x * x + x - target;
    if f(low) * f(high) > 0.0 {
        return None;
    }
    for _ in 0..8 {
        let middle = 0.5 * (low + high);
        if f(low) * f(middle) <= 0.0 {
            high = middle;
        } else {
            low = middle;
        }
    }
    let mut x = 0.5 * (low + high);
    for _ in 0..40 {
        let step = f(x) / (3.0 * x * x + 1.0);
        x -= step;
        if step.abs() < 1e-14 {
            return Some(x);
        }
    }
    None
}

#[test]
fn a_root_finder_is_differentiated_at_its_root() {
    let (target, low, high) = cubic_root_grad(10.0, 0.0, 5.0).unwrap().1;
    // x = 2: dx/dtarget = 1/(3x² + 1); where the search began has no part in it.
    assert!((target - 1.0 / 13.0).abs() < 1e-9 && low.abs() < 1e-9 && high.abs() < 1e-9);
    assert_eq!(
        cubic_root_grad(10.0, 0.0, 5.0).unwrap().0.to_bits(),
        cubic_root(10.0, 0.0, 5.0).unwrap().to_bits()
    );
    assert_eq!(cubic_root_grad(10.0, 3.0, 5.0), None);
}

#[differentiable]
fn inverse(m: [[f64; 2]; 2]) -> Option<[[f64; 2]; 2]> {
    let det = m[0][0] * m[1][1] - m[0][1] * m[1][0];
    if det.abs() < 1e-12 {
        return None;
    }
    Some([[m[1][1] / det, -m[0][1] / det], [-m[1][0] / det, m[0][0] / det]])
}

#[test]
fn the_inverse_of_a_matrix_has_a_jacobian_where_it_exists() {
    let m = [[2.0, 1.0], [0.5, 3.0]];
    let rows = given!(inverse, inverse_jacobian; m);
    let inv = inverse(m).unwrap();
    // d(M⁻¹) = −M⁻¹ dM M⁻¹.
    for (row, (i, j)) in rows.iter().zip([(0, 0), (0, 1), (1, 0), (1, 1)]) {
        for k in 0..2 {
            for l in 0..2 {
                assert!(close(row[k][l], -inv[i][k] * inv[l][j]));
            }
        }
    }
    let (value, gradient) = inverse_vjp(m, [[1.0, 0.0], [0.0, 1.0]]).unwrap();
    assert_eq!(value, inv);
    assert!(close(gradient[0][1], rows[0][0][1] + rows[3][0][1]));
    let singular = [[1.0, 2.0], [2.0, 4.0]];
    assert_eq!(inverse_jacobian(singular), None);
    assert_eq!(inverse_vjp(singular, [[1.0; 2]; 2]), None);
    assert_eq!(inverse_jvp(singular, [[1.0; 2]; 2]), None);
    assert!(inverse_graph(singular).is_none());
}

/// Both roots, the lower one first.
#[differentiable]
fn roots(sum: f64, product: f64) -> Option<(f64, f64)> {
    let square = sum * sum - 4.0 * product;
    if square < 0.0 {
        return None;
    }
    let half = square.sqrt() / 2.0;
    Some((sum / 2.0 - half, sum / 2.0 + half))
}

/// How far apart they are.
#[differentiable]
fn distance(sum: f64, product: f64) -> Option<f64> {
    let (low, high) = roots(sum, product)?;
    Some(high - low)
}

#[test]
fn a_tuple_may_be_missing() {
    let rows = given!(roots, roots_jacobian; 5.0, 6.0);
    assert!(close(rows[0].0 + rows[1].0, 1.0) && close(rows[0].1 + rows[1].1, 0.0));
    let (sum, product) = given!(distance, distance_grad; 5.0, 6.0);
    assert!(close(sum, 5.0) && close(product, -2.0));
    assert_eq!(distance_grad(1.0, 6.0), None);
}

#[derive(Debug, Clone, PartialEq)]
enum SolveError {
    Singular { column: usize, pivot: f64 },
    Shape(usize, usize),
}

/// Gaussian elimination with pivots.
#[differentiable]
fn solve<const N: usize>(mut a: [[f64; N]; N], mut b: [f64; N]) -> Result<[f64; N], SolveError> {
    for k in 0..N {
        let mut pivot = k;
        for i in k + 1..N {
            if a[i][k].abs() > a[pivot][k].abs() {
                pivot = i;
            }
        }
        if a[pivot][k].abs() < 1e-12 {
            return Err(SolveError::Singular { column: k, pivot: a[pivot][k] });
        }
        a.swap(k, pivot);
        b.swap(k, pivot);
        for i in k + 1..N {
            let factor = a[i][k] / a[k][k];
            for j in k..N {
                a[i][j] -= factor * a[k][j];
            }
            b[i] -= factor * b[k];
        }
    }
    let mut x = [0.0; N];
    for i in (0..N).rev() {
        let mut sum = b[i];
        for j in i + 1..N {
            sum -= a[i][j] * x[j];
        }
        x[i] = sum / a[i][i];
    }
    Ok(x)
}

#[test]
fn a_linear_system_has_a_jacobian_or_an_error() {
    let (a, b) = ([[0.0, 2.0, 1.0], [1.0, -2.0, 0.5], [3.0, 1.0, 4.0]], [1.0, -0.5, 2.0]);
    given!(solve, solve_jacobian; a, b);
    // Aᵀλ = seed: the gradient for b.
    let (_, (of_a, of_b)) = solve_vjp(a, b, [1.0, 0.0, 0.0]).unwrap();
    let x = solve(a, b).unwrap();
    for i in 0..3 {
        for j in 0..3 {
            assert!(close(of_a[i][j], -of_b[i] * x[j]));
        }
    }
    let singular = [[1.0, 2.0], [2.0, 4.0]];
    let error = solve_jacobian(singular, [1.0, 2.0]).unwrap_err();
    assert_eq!(error, SolveError::Singular { column: 1, pivot: 0.0 });
}

/// The same for matrices whose size is known at run time.
#[differentiable]
fn solve_rows(rows: &[Vec<f64>], b: &[f64]) -> Result<Vec<f64>, SolveError> {
    if rows.len() != b.len() {
        return Err(SolveError::Shape(rows.len(), b.len()));
    }
    let n = b.len();
    let mut a = rows.to_vec();
    let mut x = b.to_vec();
    for k in 0..n {
        let pivot = a[k][k];
        if pivot == 0.0 {
            return Err(SolveError::Singular { column: k, pivot });
        }
        for i in 0..n {
            if i != k {
                let factor = a[i][k] / pivot;
                for j in k..n {
                    let kj = a[k][j];
                    a[i][j] -= factor * kj;
                }
                let xk = x[k];
                x[i] -= factor * xk;
            }
        }
    }
    for k in 0..n {
        x[k] /= a[k][k];
    }
    Ok(x)
}

/// A norm of its solution; what it fails with is passed on.
#[differentiable]
fn energy(rows: &[Vec<f64>], b: &[f64]) -> Result<f64, SolveError> {
    let x = solve_rows(rows, b)?;
    Ok(x.iter().zip(b).map(|(x, b)| 0.5 * x * b).sum())
}

#[test]
fn errors_are_passed_on() {
    let rows = vec![vec![4.0, 1.0], vec![1.0, 3.0]];
    given!(solve_rows, solve_rows_jacobian; &rows, &[1.0, 2.0]);
    let (of_rows, of_b) = given!(energy, energy_grad; &rows, &[1.0, 2.0]);
    let x = solve_rows(&rows, &[1.0, 2.0]).unwrap();
    for i in 0..2 {
        // The matrix is symmetric: E = ½ bᵀA⁻¹b.
        assert!(close(of_b[i], x[i]));
        for j in 0..2 {
            assert!(close(of_rows[i][j], -0.5 * x[i] * x[j]));
        }
    }
    assert_eq!(energy_grad(&rows, &[1.0]), Err(SolveError::Shape(2, 1)));
    let zero = vec![vec![0.0, 1.0], vec![1.0, 0.0]];
    assert_eq!(energy_grad(&zero, &[1.0, 2.0]), Err(SolveError::Singular { column: 0, pivot: 0.0 }));
    assert_eq!(energy_graph(&zero, &[1.0, 2.0]).err(), Some(SolveError::Singular { column: 0, pivot: 0.0 }));
}

#[test]
fn gradients_are_compiled() {
    compiled!(quadratic, cubic_root, inverse, roots, distance, solve, solve_rows, energy);
}

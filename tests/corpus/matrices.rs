//! Small linear algebra on nested arrays and `Vec<Vec<f64>>`.

use gradus::differentiable;

#[differentiable(second)]
fn determinant3(m: [[f64; 3]; 3]) -> f64 {
    let [a, b, c] = m;
    a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0])
        + a[2] * (b[0] * c[1] - b[1] * c[0])
}

case! {
    determinant3, determinant3_grad, determinant3_grad_add, determinant3_graph;
    with |m: [[f64; 3]; 3]| (m);
    at [[2.0, 1.0, 0.5], [-1.0, 3.0, 4.0], [0.2, 0.0, 1.0]], [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.5]];
    gradient {
        // The cofactors, indices taken round the matrix.
        let at = |i: usize, j: usize| m[i % 3][j % 3];
        let cofactor = |i: usize, j: usize| at(i + 1, j + 1) * at(i + 2, j + 2) - at(i + 1, j + 2) * at(i + 2, j + 1);
        std::array::from_fn(|i| std::array::from_fn(|j| cofactor(i, j)))
    };
}

/// `log det A` of a symmetric positive definite matrix by Cholesky's decomposition; reads the lower triangle.
#[differentiable(second)]
fn log_determinant(a: &[Vec<f64>]) -> f64 {
    let n = a.len();
    let mut l = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let mut sum = a[i][j];
            for k in 0..j {
                sum -= l[i][k] * l[j][k];
            }
            if i == j {
                l[i][j] = sum.sqrt();
            } else {
                l[i][j] = sum / l[j][j];
            }
        }
    }
    let mut log_det = 0.0;
    for i in 0..n {
        log_det += 2.0 * l[i][i].ln();
    }
    log_det
}

case! {
    log_determinant, log_determinant_grad, log_determinant_grad_add, log_determinant_graph;
    with |a: Vec<Vec<f64>>| (&a);
    at vec![vec![2.0, 9.0], vec![0.5, 1.0]], vec![vec![4.0]],
       vec![vec![4.0, 0.0, 0.0], vec![1.0, 3.0, 0.0], vec![-0.5, 0.7, 2.0]];
    gradient {
        // Jacobi: the derivative of log det A is its inverse; an entry below the diagonal stands for two.
        match a.len() {
            1 => vec![vec![1.0 / a[0][0]]],
            2 => {
                let det = a[0][0] * a[1][1] - a[1][0] * a[1][0];
                vec![vec![a[1][1] / det, 0.0], vec![-2.0 * a[1][0] / det, a[0][0] / det]]
            }
            _ => {
                let s = |i: usize, j: usize| if i >= j { a[i][j] } else { a[j][i] };
                let cofactor = |i: usize, j: usize| {
                    let (i1, i2, j1, j2) = ((i + 1) % 3, (i + 2) % 3, (j + 1) % 3, (j + 2) % 3);
                    s(i1, j1) * s(i2, j2) - s(i1, j2) * s(i2, j1)
                };
                let det: f64 = (0..3).map(|j| s(0, j) * cofactor(0, j)).sum();
                let times = |i: usize, j: usize| if i == j { 1.0 } else if i > j { 2.0 } else { 0.0 };
                (0..3).map(|i| (0..3).map(|j| times(i, j) * cofactor(i, j) / det).collect()).collect()
            }
        }
    };
}

#[differentiable(second)]
fn matrix_product_trace(a: &Vec<Vec<f64>>, b: &Vec<Vec<f64>>) -> f64 {
    let (n, m) = (a.len(), b.len());
    let mut c = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..n {
            for k in 0..m {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    let mut trace = 0.0;
    for i in 0..n {
        trace += c[i][i];
    }
    trace
}

case! {
    matrix_product_trace, matrix_product_trace_grad, matrix_product_trace_grad_add, matrix_product_trace_graph;
    with |a: Vec<Vec<f64>>, b: Vec<Vec<f64>>| (&a, &b);
    at (vec![vec![1.0, 2.0, -1.0], vec![0.5, 0.0, 3.0]], vec![vec![2.0, 1.0], vec![4.0, -2.0], vec![0.3, 0.7]]);
    gradient {
        let transposed = |m: &[Vec<f64>]| -> Vec<Vec<f64>> {
            (0..m[0].len()).map(|j| m.iter().map(|row| row[j]).collect()).collect()
        };
        (transposed(&b), transposed(&a))
    };
}

/// `xᵀAx` over rows borrowed from elsewhere.
#[differentiable(second)]
fn quadratic_form(a: &[&[f64]], x: &[f64]) -> f64 {
    let mut q = 0.0;
    for (row, xi) in a.iter().zip(x) {
        let mut dot = 0.0;
        for (aij, xj) in row.iter().zip(x) {
            dot += aij * xj;
        }
        q += xi * dot;
    }
    q
}

case! {
    quadratic_form, quadratic_form_grad, quadratic_form_grad_add, quadratic_form_graph;
    with |a: Vec<Vec<f64>>, x: Vec<f64>| (&a.iter().map(Vec::as_slice).collect::<Vec<_>>(), &x);
    at (vec![vec![1.0, 2.0], vec![-0.5, 3.0]], vec![0.3, 0.9]), (vec![], vec![]);
    gradient {
        let by_x = |i: usize| (0..x.len()).map(|j| (a[i][j] + a[j][i]) * x[j]).sum();
        (x.iter().map(|xi| x.iter().map(|xj| xi * xj).collect()).collect(), (0..x.len()).map(by_x).collect())
    };
}

/// Solves a tridiagonal system (Thomas' algorithm) and returns the sum of the squares of the solution.
#[differentiable(second)]
fn tridiagonal(diagonal: &[f64], off: f64, right: &[f64]) -> f64 {
    let n = diagonal.len();
    let mut d = diagonal.to_vec();
    let mut x = right.to_vec();
    for i in 1..n {
        let w = off / d[i - 1];
        d[i] -= w * off;
        x[i] = x[i] - w * x[i - 1];
    }
    x[n - 1] /= d[n - 1];
    for i in (0..n - 1).rev() {
        x[i] = (x[i] - off * x[i + 1]) / d[i];
    }
    x.iter().map(|v| v * v).sum()
}

case! {
    tridiagonal, tridiagonal_grad, tridiagonal_grad_add, tridiagonal_graph;
    with |diagonal: Vec<f64>, off: f64, right: Vec<f64>| (&diagonal, off, &right);
    at (vec![4.0, 3.0, 5.0, 2.5], -1.0, vec![1.0, 0.5, -2.0, 3.0]), (vec![2.0], 0.5, vec![3.0]);
}

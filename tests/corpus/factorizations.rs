//! Linear algebra on rows, in place: LU, QR by reflections, Cholesky, inverse, iterations.

use gradus::differentiable;

/// The determinant by LU, the exchanges of rows kept in a list of their own.
#[differentiable(second)]
fn determinant(a: &[Vec<f64>]) -> f64 {
    let n = a.len();
    let mut lu = a.to_vec();
    let mut rows: Vec<usize> = (0..n).collect();
    let mut det = 1.0;
    for k in 0..n {
        let mut pivot = k;
        for i in k + 1..n {
            if lu[rows[i]][k].abs() > lu[rows[pivot]][k].abs() {
                pivot = i;
            }
        }
        if pivot != k {
            rows.swap(k, pivot);
            det = -det;
        }
        det *= lu[rows[k]][k];
        for at in k + 1..n {
            let i = rows[at];
            lu[i][k] /= lu[rows[k]][k];
            for j in k + 1..n {
                lu[i][j] -= lu[i][k] * lu[rows[k]][j];
            }
        }
    }
    det
}

case! {
    determinant, determinant_grad, determinant_grad_add, determinant_graph;
    with |a: Vec<Vec<f64>>| (&a);
    at
        vec![vec![1.0, 4.0, 2.0], vec![3.0, -1.0, 0.5], vec![-2.0, 0.3, 6.0]],
        vec![vec![5.0, 4.0, 2.0], vec![3.0, -1.0, 0.5], vec![-2.0, 0.3, 6.0]];
    gradient {
        // The cofactors.
        let minor = |i: usize, j: usize| {
            let [p, q] = [(i + 1) % 3, (i + 2) % 3];
            let [r, s] = [(j + 1) % 3, (j + 2) % 3];
            a[p][r] * a[q][s] - a[p][s] * a[q][r]
        };
        (0..3).map(|i| (0..3).map(|j| minor(i, j)).collect()).collect()
    };
}

/// The squared residual of a linear least squares problem, by Householder's reflections.
#[differentiable(second)]
fn unexplained(a: &[Vec<f64>], b: &[f64]) -> f64 {
    let (m, n) = (b.len(), a[0].len());
    let mut r = a.to_vec();
    let mut y = b.to_vec();
    for k in 0..n {
        let norm = (k..m).map(|i| r[i][k] * r[i][k]).sum::<f64>().sqrt();
        let mut v: Vec<f64> = (k..m).map(|i| r[i][k]).collect();
        v[0] += if v[0] > 0.0 { norm } else { -norm };
        let scale = 2.0 / v.iter().map(|x| x * x).sum::<f64>();
        for j in k..n {
            let along: f64 = (k..m).map(|i| v[i - k] * r[i][j]).sum();
            for i in k..m {
                r[i][j] -= scale * along * v[i - k];
            }
        }
        let along: f64 = v.iter().zip(&y[k..]).map(|(v, y)| v * y).sum();
        for (y, v) in y[k..].iter_mut().zip(&v) {
            *y -= scale * along * v;
        }
    }
    y[n..].iter().map(|y| y * y).sum()
}

case! {
    unexplained, unexplained_grad, unexplained_grad_add, unexplained_graph;
    with |a: Vec<Vec<f64>>, b: Vec<f64>| (&a, &b);
    at
        (vec![vec![1.0, 0.5], vec![1.0, 1.5], vec![1.0, -2.0], vec![1.0, 3.0]], vec![1.0, 2.0, 0.3, -1.0]),
        (vec![vec![-2.0], vec![0.5], vec![1.0]], vec![1.0, 2.0, 0.3]);
    gradient {
        // With the residual r = b − A x at the solution of AᵀA x = Aᵀb: dA = −2 r xᵀ, db = 2 r.
        let n = a[0].len();
        let product = |i: usize, j: usize| a.iter().map(|row| row[i] * row[j]).sum::<f64>();
        let right = |i: usize| a.iter().zip(&b).map(|(row, b)| row[i] * b).sum::<f64>();
        let x = if n == 1 { vec![right(0) / product(0, 0)] } else {
            let det = product(0, 0) * product(1, 1) - product(0, 1).powi(2);
            vec![
                (right(0) * product(1, 1) - right(1) * product(0, 1)) / det,
                (right(1) * product(0, 0) - right(0) * product(0, 1)) / det,
            ]
        };
        let fitted = |row: &Vec<f64>| row.iter().zip(&x).map(|(a, x)| a * x).sum::<f64>();
        let r: Vec<f64> = a.iter().zip(&b).map(|(row, b)| b - fitted(row)).collect();
        let by_a = r.iter().map(|r| x.iter().map(|x| -2.0 * r * x).collect()).collect();
        (by_a, r.iter().map(|r| 2.0 * r).collect())
    };
}

/// The log likelihood of a Gaussian process, by Cholesky's factor of its covariances.
#[differentiable(second)]
fn process_likelihood(#[constant] at: &[f64], ys: &[f64], length: f64, noise: f64) -> f64 {
    let n = at.len();
    let mut l = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let mut sum = (-0.5 * ((at[i] - at[j]) / length).powi(2)).exp();
            if i == j {
                sum += noise * noise;
            }
            for k in 0..j {
                sum -= l[i][k] * l[j][k];
            }
            l[i][j] = if i == j { sum.sqrt() } else { sum / l[j][j] };
        }
    }
    let mut likelihood = 0.0;
    let mut z = Vec::with_capacity(n);
    for i in 0..n {
        let known: f64 = l[i].iter().zip(&z).map(|(l, z)| l * z).sum();
        z.push((ys[i] - known) / l[i][i]);
        likelihood -= 0.5 * z[i] * z[i] + l[i][i].ln();
    }
    likelihood
}

const PLACES: [f64; 3] = [0.0, 0.7, 1.9];

case! {
    process_likelihood, process_likelihood_grad, process_likelihood_grad_add, process_likelihood_graph;
    with |ys: Vec<f64>, length: f64, noise: f64| (&PLACES, &ys, length, noise);
    at (vec![0.3, 0.8, -0.5], 1.1, 0.4), (vec![1.0, -2.0, 0.1], 0.5, 1.2);
    gradient {
        // With K⁻¹ by cofactors and α = K⁻¹ y: −α for y, and ½ tr((α αᵀ − K⁻¹) dK) for the others.
        let apart = |i: usize, j: usize| (PLACES[i] - PLACES[j]).powi(2);
        let kernel = |i: usize, j: usize| (-0.5 * apart(i, j) / (length * length)).exp();
        let k = |i: usize, j: usize| kernel(i, j) + if i == j { noise * noise } else { 0.0 };
        let cofactor = |i: usize, j: usize| {
            let ([p, q], [r, s]) = ([(i + 1) % 3, (i + 2) % 3], [(j + 1) % 3, (j + 2) % 3]);
            k(p, r) * k(q, s) - k(p, s) * k(q, r)
        };
        let det: f64 = (0..3).map(|j| k(0, j) * cofactor(0, j)).sum();
        let inverse = |i: usize, j: usize| cofactor(i, j) / det;
        let alpha: Vec<f64> = (0..3).map(|i| (0..3).map(|j| inverse(i, j) * ys[j]).sum()).collect();
        let trace = |slope: &dyn Fn(usize, usize) -> f64| -> f64 {
            (0..9).map(|ij| (ij / 3, ij % 3)).map(|(i, j)| 0.5 * (alpha[i] * alpha[j] - inverse(i, j)) * slope(i, j)).sum()
        };
        (
            alpha.iter().map(|a| -a).collect(),
            trace(&|i, j| kernel(i, j) * apart(i, j) / length.powi(3)),
            trace(&|i, j| if i == j { 2.0 * noise } else { 0.0 }),
        )
    };
}

/// An inverse, by Gauss and Jordan.
#[differentiable(second)]
fn inverse(a: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = a.len();
    let mut rows: Vec<Vec<f64>> = a
        .iter()
        .enumerate()
        .map(|(i, row)| {
            let mut row = row.clone();
            row.extend((0..n).map(|j| if i == j { 1.0 } else { 0.0 }));
            row
        })
        .collect();
    for k in 0..n {
        let pivot = rows[k][k];
        rows[k].iter_mut().for_each(|x| *x /= pivot);
        let chosen = rows[k].clone();
        for (i, row) in rows.iter_mut().enumerate() {
            if i != k {
                let factor = row[k];
                for (x, c) in row.iter_mut().zip(&chosen) {
                    *x -= factor * c;
                }
            }
        }
    }
    rows.iter().map(|row| row[n..].to_vec()).collect()
}

#[differentiable(second)]
fn trace_of_inverse(a: &[Vec<f64>]) -> f64 {
    inverse(a).iter().enumerate().map(|(i, row)| row[i]).sum()
}

case! {
    trace_of_inverse, trace_of_inverse_grad, trace_of_inverse_grad_add, trace_of_inverse_graph;
    with |a: Vec<Vec<f64>>| (&a);
    at vec![vec![2.0, 1.0], vec![-0.5, 3.0]], vec![vec![0.5]];
    gradient {
        // −(A⁻²)ᵀ
        if let [row] = a.as_slice() { vec![vec![-1.0 / (row[0] * row[0])]] } else {
            let det = a[0][0] * a[1][1] - a[0][1] * a[1][0];
            let b = [[a[1][1] / det, -a[0][1] / det], [-a[1][0] / det, a[0][0] / det]];
            let squared = |i: usize, j: usize| b[i][0] * b[0][j] + b[i][1] * b[1][j];
            vec![vec![-squared(0, 0), -squared(1, 0)], vec![-squared(0, 1), -squared(1, 1)]]
        }
    };
}

#[differentiable(second)]
fn product(a: [[f64; 2]; 2], b: [[f64; 2]; 2]) -> [[f64; 2]; 2] {
    let mut c = [[0.0; 2]; 2];
    for i in 0..2 {
        for j in 0..2 {
            for k in 0..2 {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c
}

/// The trace of a matrix exponential, by scaling and squaring.
#[differentiable(second)]
fn trace_of_exponential(a: [[f64; 2]; 2]) -> f64 {
    let scaled = a.map(|row| row.map(|x| x / 16.0));
    let mut sum = [[1.0, 0.0], [0.0, 1.0]];
    let mut term = sum;
    for n in 1..=14 {
        let next: [[f64; 2]; 2] = product(term, scaled);
        term = next.map(|row| row.map(|x| x / n as f64));
        for i in 0..2 {
            for j in 0..2 {
                sum[i][j] += term[i][j];
            }
        }
    }
    for _ in 0..4 {
        sum = product(sum, sum);
    }
    sum[0][0] + sum[1][1]
}

case! {
    trace_of_exponential, trace_of_exponential_grad, trace_of_exponential_grad_add, trace_of_exponential_graph;
    with |a: [[f64; 2]; 2]| (a);
    at [[0.5, 1.2], [0.7, -0.3]], [[1.5, 0.2], [0.9, 1.1]];
    gradient {
        // exp(A)ᵀ, where exp(A) = eˢ (cosh q + (A − s) sinh q / q) with s half the trace and q² = s² − det A.
        let s = 0.5 * (a[0][0] + a[1][1]);
        let q = (s * s - a[0][0] * a[1][1] + a[0][1] * a[1][0]).sqrt();
        let (even, odd) = (s.exp() * q.cosh(), s.exp() * q.sinh() / q);
        [[even + odd * (a[0][0] - s), odd * a[1][0]], [odd * a[0][1], even + odd * (a[1][1] - s)]]
    };
}

/// Conjugate gradients for a chain of springs that are tied to the ground: how far all move under a load.
#[differentiable(second)]
fn moved_by_load(stiffness: f64, load: &[f64]) -> f64 {
    let n = load.len();
    let mut x = vec![0.0; n];
    let mut residual = load.to_vec();
    let mut direction = residual.clone();
    let mut squared: f64 = residual.iter().map(|r| r * r).sum();
    for _ in 0..n {
        let mut pulled = vec![0.0; n];
        for i in 0..n {
            pulled[i] = (2.0 + stiffness) * direction[i];
            if i > 0 {
                pulled[i] -= direction[i - 1];
            }
            if i + 1 < n {
                pulled[i] -= direction[i + 1];
            }
        }
        let along: f64 = direction.iter().zip(&pulled).map(|(d, p)| d * p).sum();
        let step = squared / along;
        for i in 0..n {
            x[i] += step * direction[i];
            residual[i] -= step * pulled[i];
        }
        let next: f64 = residual.iter().map(|r| r * r).sum();
        if next < 1e-24 {
            break;
        }
        direction = residual.iter().zip(&direction).map(|(r, d)| r + next / squared * d).collect();
        squared = next;
    }
    x.iter().sum()
}

case! {
    moved_by_load, moved_by_load_grad, moved_by_load_grad_add, moved_by_load_graph;
    with |stiffness: f64, load: Vec<f64>| (stiffness, &load);
    at (0.5, vec![1.0, -0.3]), (2.0, vec![0.4, 3.0]);
    gradient {
        // A⁻¹ of two masses; λ = A⁻¹ (1, 1) is the derivative for the load, and −λ·x the one for the stiffness.
        let (d, det) = (2.0 + stiffness, (2.0 + stiffness).powi(2) - 1.0);
        let x = [(d * load[0] + load[1]) / det, (load[0] + d * load[1]) / det];
        let lambda = (d + 1.0) / det;
        (-lambda * (x[0] + x[1]), vec![lambda, lambda])
    };
}

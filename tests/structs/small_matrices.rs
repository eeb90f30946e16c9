//! Matrices of fixed size, const generic ones among them.

use gradus::{Differentiable, differentiable};
use std::ops::{Add, Mul, Sub};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Mat2 {
    pub rows: [[f64; 2]; 2],
}

pub fn mat2(a: f64, b: f64, c: f64, d: f64) -> Mat2 {
    Mat2 { rows: [[a, b], [c, d]] }
}

#[differentiable]
impl Add for Mat2 {
    type Output = Mat2;
    fn add(self, o: Mat2) -> Mat2 {
        let [[a, b], [c, d]] = self.rows;
        let [[e, f], [g, h]] = o.rows;
        Mat2 { rows: [[a + e, b + f], [c + g, d + h]] }
    }
}

#[differentiable]
impl Sub for Mat2 {
    type Output = Mat2;
    fn sub(self, o: Mat2) -> Mat2 {
        let mut rows = self.rows;
        for i in 0..2 {
            for j in 0..2 {
                rows[i][j] -= o.rows[i][j];
            }
        }
        Mat2 { rows }
    }
}

#[differentiable]
impl Mul for Mat2 {
    type Output = Mat2;
    fn mul(self, o: Mat2) -> Mat2 {
        let mut rows = [[0.0; 2]; 2];
        for i in 0..2 {
            for j in 0..2 {
                for k in 0..2 {
                    rows[i][j] += self.rows[i][k] * o.rows[k][j];
                }
            }
        }
        Mat2 { rows }
    }
}

#[differentiable]
impl Mat2 {
    pub fn determinant(&self) -> f64 {
        self.rows[0][0] * self.rows[1][1] - self.rows[0][1] * self.rows[1][0]
    }

    pub fn inverse(&self) -> Mat2 {
        let d = self.determinant();
        let [[a, b], [c, e]] = self.rows;
        Mat2 { rows: [[e / d, -b / d], [-c / d, a / d]] }
    }

    pub fn transpose(self) -> Mat2 {
        Mat2 { rows: [[self.rows[0][0], self.rows[1][0]], [self.rows[0][1], self.rows[1][1]]] }
    }

    pub fn apply(&self, v: [f64; 2]) -> [f64; 2] {
        let r = self.rows;
        [r[0][0] * v[0] + r[0][1] * v[1], r[1][0] * v[0] + r[1][1] * v[1]]
    }

    pub fn trace(&self) -> f64 {
        self.rows[0][0] + self.rows[1][1]
    }
}

case! {
    Mat2::DETERMINANT_BACKEND => Compiled;
    Mat2::determinant, Mat2::determinant_grad, Mat2::determinant_graph;
    with determinant |m: Mat2| (&m);
    at mat2(1.0, 2.0, 3.0, -1.0);
}

case! {
    Mat2::INVERSE_BACKEND => Compiled;
    Mat2::inverse, Mat2::inverse_vjp, Mat2::inverse_jacobian, Mat2::inverse_graph;
    with inverse |m: Mat2| (&m);
    at mat2(1.0, 2.0, 3.0, -1.0);
}

case! {
    Mat2::APPLY_BACKEND => Compiled;
    Mat2::apply, Mat2::apply_vjp, Mat2::apply_jacobian, Mat2::apply_graph;
    with apply |m: Mat2, v: [f64; 2]| (&m, v);
    at (mat2(1.0, 2.0, 3.0, -1.0), [0.5, -2.0]);
}

/// The exponential as a series.
#[differentiable]
fn exponential(m: Mat2) -> f64 {
    let mut term = Mat2 { rows: [[1.0, 0.0], [0.0, 1.0]] };
    let mut sum = term;
    for k in 1..12 {
        let next = term * m;
        let mut rows = next.rows;
        for row in rows.iter_mut() {
            for number in row.iter_mut() {
                *number /= k as f64;
            }
        }
        term = Mat2 { rows };
        sum = sum + term;
    }
    sum.trace() + sum.rows[0][1]
}

case! {
    exponential::BACKEND => Compiled;
    exponential, exponential_grad, exponential_graph;
    with exponential_of_matrix |m: Mat2| (m);
    at mat2(0.1, 0.4, -0.3, 0.2);
}

#[differentiable]
fn riccati(a: Mat2, q: Mat2, r: Mat2) -> f64 {
    let mut p = q;
    for _ in 0..3 {
        let gain = (p + r).inverse() * p * a;
        p = q + a.transpose() * p * (a - gain);
    }
    p.trace()
}

case! {
    riccati::BACKEND => Compiled;
    riccati, riccati_grad, riccati_graph;
    with riccati_steps |a: Mat2, q: Mat2, r: Mat2| (a, q, r);
    at (mat2(0.9, 0.2, -0.1, 0.7), mat2(1.0, 0.1, 0.1, 0.8), mat2(0.5, 0.0, 0.0, 0.4));
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Matrix<const M: usize, const N: usize> {
    rows: [[f64; N]; M],
}

#[differentiable]
impl<const M: usize, const N: usize> Matrix<M, N> {
    fn apply(&self, v: &[f64; N]) -> [f64; M] {
        let mut result = [0.0; M];
        for i in 0..M {
            for j in 0..N {
                result[i] += self.rows[i][j] * v[j];
            }
        }
        result
    }

    fn frobenius(&self) -> f64 {
        let mut sum = 0.0;
        for row in &self.rows {
            for number in row {
                sum += number * number;
            }
        }
        sum.sqrt()
    }
}

#[differentiable]
fn chain(a: &Matrix<2, 3>, b: &Matrix<3, 2>, v: &[f64; 2], k: f64) -> f64 {
    let inner = b.apply(v);
    let outer = a.apply(&inner);
    k * outer[0] * outer[1] + a.frobenius()
}

case! {
    chain::BACKEND => Compiled;
    chain, chain_grad, chain_graph;
    with const_generic_matrices |a: Matrix<2, 3>, b: Matrix<3, 2>, v: [f64; 2], k: f64| (&a, &b, &v, k);
    at (Matrix { rows: [[1.0, 2.0, -1.0], [0.5, 0.3, 0.2]] }, Matrix { rows: [[0.4, 1.0], [2.0, -0.3], [0.1, 0.9]] }, [0.7, -1.2], 1.5);
}

/// A const generic function over a const generic struct.
#[differentiable]
fn column_sums<const M: usize, const N: usize>(m: &Matrix<M, N>) -> [f64; N] {
    let mut sums = [0.0; N];
    for row in m.rows.iter() {
        for j in 0..N {
            sums[j] += row[j] * row[j];
        }
    }
    sums
}

case! {
    column_sums::BACKEND => Compiled;
    column_sums, column_sums_vjp, column_sums_jacobian, column_sums_graph;
    with column_sums_of_matrix |m: Matrix<2, 3>| (&m);
    at Matrix { rows: [[1.0, 2.0, -1.0], [0.5, 0.3, 0.2]] };
}

//! Every shape of argument the language knows; the gradient comes back in the same.

use gradus::differentiable;

#[differentiable(second)]
fn borrowed_scalar(x: &f64, y: &f64) -> f64 {
    x * y + *x / 2.0 + x.exp()
}

case! {
    borrowed_scalar, borrowed_scalar_grad, borrowed_scalar_grad_add, borrowed_scalar_graph;
    with |x: f64, y: f64| (&x, &y);
    at (0.5, 2.0), (-1.0, 0.1);
    gradient (y + 0.5 + x.exp(), x);
    forward |v| v[0] * v[1] + v[0] / 2.0 + v[0].exp();
}

#[differentiable(second)]
fn array_by_value(v: [f64; 3]) -> f64 {
    (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt()
}

case! {
    array_by_value, array_by_value_grad, array_by_value_grad_add, array_by_value_graph;
    with |v: [f64; 3]| (v);
    at [1.0, 2.0, 2.0], [1e-3, 0.0, 1e-3], [3e5, -4e5, 1.0];
    gradient {
        let norm = v[0].hypot(v[1]).hypot(v[2]);
        v.map(|x| x / norm)
    };
    forward |v| (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt();
}

#[differentiable(second)]
fn array_by_reference(v: &[f64; 2], w: &[f64; 3]) -> f64 {
    let mut s = 0.0;
    for x in v {
        for y in w {
            s += x / y;
        }
    }
    s
}

case! {
    array_by_reference, array_by_reference_grad, array_by_reference_grad_add, array_by_reference_graph;
    with |v: [f64; 2], w: [f64; 3]| (&v, &w);
    at ([1.0, 2.0], [0.5, -4.0, 8.0]);
    gradient ([w.iter().map(|y| 1.0 / y).sum(); 2], w.map(|y| -(v[0] + v[1]) / (y * y)));
}

/// The same for any number of components.
#[differentiable(second)]
fn const_generic<const N: usize>(v: [f64; N], w: &[f64; N]) -> f64 {
    let mut dot = 0.0;
    for i in 0..N {
        dot += v[i] * w[i];
    }
    dot / N as f64
}

case! {
    const_generic, const_generic_grad, const_generic_grad_add, const_generic_graph;
    with |v: [f64; 4], w: [f64; 4]| (v, &w);
    at ([1.0, 2.0, -3.0, 0.5], [0.3, 0.0, 7.0, 1.0]);
    gradient (w.map(|y| y / 4.0), v.map(|x| x / 4.0));
}

#[differentiable(second)]
fn owned_vec(mut xs: Vec<f64>, factor: f64) -> f64 {
    xs[0] *= factor;
    xs.push(factor);
    let mut s = 1.0;
    for x in xs {
        s *= x;
    }
    s
}

case! {
    owned_vec, owned_vec_grad, owned_vec_grad_add, owned_vec_graph;
    with |xs: Vec<f64>, factor: f64| (xs, factor);
    at (vec![1.0, 2.0, 3.0], 0.5), (vec![-4.0], 3.0);
    gradient {
        let others = |i: usize| (0..xs.len()).filter(|&j| j != i).map(|j| xs[j]).product::<f64>();
        let all: f64 = xs.iter().product();
        ((0..xs.len()).map(|i| factor * factor * others(i)).collect(), 2.0 * factor * all)
    };
}

#[differentiable(second)]
fn borrowed_vec(xs: &Vec<f64>) -> f64 {
    xs.iter().map(|x| x.ln()).sum::<f64>() / xs.len() as f64
}

case! {
    borrowed_vec, borrowed_vec_grad, borrowed_vec_grad_add, borrowed_vec_graph;
    with |xs: Vec<f64>| (&xs);
    at vec![1.0, 2.0, 30.0], vec![1e-2];
    gradient xs.iter().map(|x| 1.0 / (x * xs.len() as f64)).collect();
}

/// The length of a path of points in space.
#[differentiable(second)]
fn slice_of_arrays(path: &[[f64; 3]]) -> f64 {
    let mut length = 0.0;
    for i in 1..path.len() {
        let mut squared = 0.0;
        for k in 0..3 {
            let d = path[i][k] - path[i - 1][k];
            squared += d * d;
        }
        length += squared.sqrt();
    }
    length
}

case! {
    slice_of_arrays, slice_of_arrays_grad, slice_of_arrays_grad_add, slice_of_arrays_graph;
    with |path: Vec<[f64; 3]>| (&path);
    at vec![[0.0, 0.0, 0.0], [1.0, 2.0, 2.0], [1.0, 0.5, 0.0]], vec![[1.0, 1.0, 1.0]], vec![];
    gradient {
        let mut g = vec![[0.0; 3]; path.len()];
        for i in 1..path.len() {
            let d: [f64; 3] = std::array::from_fn(|k| path[i][k] - path[i - 1][k]);
            let norm = d[0].hypot(d[1]).hypot(d[2]);
            for k in 0..3 {
                g[i][k] += d[k] / norm;
                g[i - 1][k] -= d[k] / norm;
            }
        }
        g
    };
}

#[differentiable(second)]
fn ragged_rows(rows: &[Vec<f64>], weight: f64) -> f64 {
    let mut s = 0.0;
    for (i, row) in rows.iter().enumerate() {
        for x in row {
            s += x * x * weight.powi(i as i32);
        }
    }
    s
}

case! {
    ragged_rows, ragged_rows_grad, ragged_rows_grad_add, ragged_rows_graph;
    with |rows: Vec<Vec<f64>>, weight: f64| (&rows, weight);
    at (vec![vec![1.0, 2.0], vec![], vec![-0.5]], 0.7), (vec![], 2.0);
    gradient {
        let square = |row: &Vec<f64>| row.iter().map(|x| x * x).sum::<f64>();
        let scaled = |(i, row): (usize, &Vec<f64>)| row.iter().map(|x| 2.0 * x * weight.powi(i as i32)).collect();
        let slope = |(i, row): (usize, &Vec<f64>)| i as f64 * weight.powi(i as i32 - 1) * square(row);
        (rows.iter().enumerate().map(scaled).collect(), rows.iter().enumerate().map(slope).sum())
    };
}

/// The area of a polygon (Gauss's shoelace).
#[differentiable(second)]
fn slice_of_pairs(corners: &[(f64, f64)]) -> f64 {
    let n = corners.len();
    let mut twice = 0.0;
    for i in 0..n {
        let (x0, y0) = corners[i];
        let (x1, y1) = corners[(i + 1) % n];
        twice += x0 * y1 - x1 * y0;
    }
    0.5 * twice
}

case! {
    slice_of_pairs, slice_of_pairs_grad, slice_of_pairs_grad_add, slice_of_pairs_graph;
    with |corners: Vec<(f64, f64)>| (&corners);
    at vec![(0.0, 0.0), (2.0, 0.1), (1.5, 1.0), (-0.3, 2.0)], vec![];
    gradient {
        let n = corners.len();
        let neighbours = |i: usize| (corners[(i + n - 1) % n], corners[(i + 1) % n]);
        let by_corner = |((px, py), (nx, ny)): ((f64, f64), (f64, f64))| (0.5 * (ny - py), 0.5 * (px - nx));
        (0..n).map(neighbours).map(by_corner).collect()
    };
}

#[differentiable(second)]
fn nested_by_value(m: [[f64; 2]; 3], v: (f64, f64)) -> f64 {
    let mut s = 0.0;
    for row in m {
        s += (row[0] * v.0 + row[1] * v.1).tanh();
    }
    s
}

case! {
    nested_by_value, nested_by_value_grad, nested_by_value_grad_add, nested_by_value_graph;
    with |m: [[f64; 2]; 3], v: (f64, f64)| (m, v);
    at ([[0.1, 0.2], [-0.3, 0.4], [1.0, -1.0]], (0.5, -2.0));
    gradient {
        let slope = m.map(|row| (row[0] * v.0 + row[1] * v.1).cosh().powi(-2));
        let weighted = |column: usize| (0..3).map(|i| slope[i] * m[i][column]).sum();
        (slope.map(|s| [s * v.0, s * v.1]), (weighted(0), weighted(1)))
    };
    forward |a| {
        let row = |i: usize| (a[2 * i] * a[6] + a[2 * i + 1] * a[7]).tanh();
        row(0) + row(1) + row(2)
    };
}

#[differentiable(second)]
fn tuple_of_parts(line: ((f64, f64), [f64; 2]), at: f64) -> f64 {
    let ((slope, offset), bend) = line;
    slope * at + offset * line.0.0 + bend[0] * bend[1] * at * at
}

case! {
    tuple_of_parts, tuple_of_parts_grad, tuple_of_parts_grad_add, tuple_of_parts_graph;
    with |line: ((f64, f64), [f64; 2]), at: f64| (line, at);
    at (((1.0, 2.0), [0.5, -0.2]), 3.0);
    gradient {
        let ((slope, offset), [p, q]) = line;
        (((at + offset, slope), [q * at * at, p * at * at]), slope + 2.0 * p * q * at)
    };
}

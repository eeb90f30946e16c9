//! `Vec`s of rows and of tuples that grow, shrink and change hands: all compiled.

use gradus::differentiable;

/// Rows of different lengths, pushed in a loop and popped in another.
#[differentiable(compiled, second)]
fn triangle(xs: &[f64], k: f64) -> f64 {
    let mut rows = Vec::new();
    for i in 0..xs.len() {
        let row: Vec<f64> = xs[..i].iter().map(|x| x * k).collect();
        rows.push(row);
    }
    let mut sum = 0.0;
    while let Some(mut last) = rows.pop() {
        last.push(k);
        for (i, x) in last.iter().enumerate() {
            sum += x * x * (i + 1) as f64;
        }
        if let Some(before) = rows.last() {
            sum *= 1.0 + before.len() as f64 * k;
        }
    }
    sum
}

case! {
    triangle, triangle_grad, triangle_grad_add, triangle_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![], 0.5), (vec![1.5], 0.7), (vec![1.5, -0.5, 2.0, 0.25], 0.3);
}

/// A row that is changed after it was pushed is another one; an element of a row grows where it is.
#[differentiable(compiled, second)]
fn copies_that_grow(xs: &[f64], k: f64) -> f64 {
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(4);
    let mut row = xs.to_vec();
    for i in 0..3 {
        rows.push(row.clone());
        row[0] *= k;
        if i == 1 {
            row.push(k * k);
        }
    }
    for i in 0..rows.len() {
        let last = rows[i][0];
        rows[i].push(last * k);
    }
    rows.swap(0, 2);
    let popped = rows[1].pop().unwrap_or(0.0);
    rows.push(vec![k; 2]);
    rows.push(rows[0].clone());
    rows.iter().enumerate().map(|(i, row)| (i + 1) as f64 * row.iter().product::<f64>()).sum::<f64>() + popped
}

case! {
    copies_that_grow, copies_that_grow_grad, copies_that_grow_grad_add, copies_that_grow_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5], 0.7), (vec![1.5, -0.5], -1.3);
}

/// Pairs: pushed, taken apart, sorted into two.
#[differentiable(compiled, second)]
fn pairs(xs: &[f64], k: f64) -> f64 {
    let mut pairs = Vec::new();
    for (i, x) in xs.iter().enumerate() {
        pairs.push((x * k, k.powi(i as i32)));
    }
    pairs.push((k, 1.5));
    pairs[0].1 *= 2.0;
    let (first, second): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (below, above): (Vec<f64>, Vec<f64>) = first.iter().partition(|x| **x < 0.0);
    let last = pairs.pop().unwrap();
    let with_weights: Vec<(f64, f64)> = xs.iter().zip(&second).map(|(x, w)| (*x, w * x)).collect();
    let total: f64 = with_weights.iter().map(|(x, w)| x * w).sum();
    total
        + last.0 * last.1
        + below.iter().map(|x| x * x).sum::<f64>() * above.iter().sum::<f64>()
        + pairs.iter().map(|&(a, b)| a * b).sum::<f64>()
}

case! {
    pairs, pairs_grad, pairs_grad_add, pairs_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -0.5, 2.0], 0.7), (vec![0.5], -1.5);
}

/// Rows that begin alike, and grids of rows of rows.
#[differentiable(compiled, second)]
fn alike(x: f64, k: f64) -> f64 {
    let mut grid = vec![vec![x; 3]; 2];
    grid[1][2] *= k;
    grid[0][0] = k;
    let mut cubes = vec![vec![vec![x * k; 2]; 2]; 2];
    cubes[1][0][1] += x;
    let kernel = vec![[x, k, 1.0]; 2];
    let flat = grid.concat();
    let deep: f64 = cubes.iter().flatten().flatten().map(|c| c * c).sum();
    let rows = [grid[0].as_slice(), &flat].concat();
    deep + rows.iter().zip(kernel.iter().flatten()).map(|(a, b)| a * b).sum::<f64>()
}

case! {
    alike, alike_grad, alike_grad_add, alike_graph;
    with |x: f64, k: f64| (x, k);
    at (1.5, 0.7), (-0.5, 2.0);
}

/// What is taken leaves an empty one; what is replaced is handed out.
#[differentiable(compiled, second)]
fn changing_hands(xs: &[f64], k: f64) -> f64 {
    let mut current = xs.to_vec();
    let mut sum = 0.0;
    for step in 0..3 {
        let before = std::mem::take(&mut current);
        for x in &before {
            current.push(x * k + step as f64);
        }
        if step == 1 {
            current.extend(before.iter().take(1));
        }
        let old = std::mem::replace(&mut current, vec![k, k * k]);
        sum += old.iter().map(|x| x * x).sum::<f64>() + before.len() as f64 * k;
        current.push(old[0]);
    }
    sum * current.iter().sum::<f64>()
}

case! {
    changing_hands, changing_hands_grad, changing_hands_grad_add, changing_hands_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![1.5, -0.5, 2.0], 0.7), (vec![0.5], -1.5);
}

/// The inverse by Gauss–Jordan elimination on rows that hold the matrix and the identity.
#[differentiable(compiled, second)]
fn trace_of_inverse(a: &[Vec<f64>]) -> f64 {
    let n = a.len();
    let mut rows: Vec<Vec<f64>> = a
        .iter()
        .enumerate()
        .map(|(i, row)| row.iter().copied().chain((0..n).map(|j| if i == j { 1.0 } else { 0.0 })).collect())
        .collect();
    for k in 0..n {
        let pivot = (k..n).max_by(|&i, &j| rows[i][k].abs().total_cmp(&rows[j][k].abs())).unwrap();
        rows.swap(k, pivot);
        let scale = rows[k][k];
        for x in &mut rows[k] {
            *x /= scale;
        }
        let top = rows[k].clone();
        for (i, row) in rows.iter_mut().enumerate() {
            if i != k {
                let factor = row[k];
                for (x, t) in row.iter_mut().zip(&top) {
                    *x -= factor * t;
                }
            }
        }
    }
    (0..n).map(|i| rows[i][n + i]).sum()
}

case! {
    trace_of_inverse, trace_of_inverse_grad, trace_of_inverse_grad_add, trace_of_inverse_graph;
    with |a: Vec<Vec<f64>>| (&a);
    at vec![vec![2.0, 1.0], vec![0.5, 3.0]], vec![vec![0.1, 2.0, 0.3], vec![4.0, 1.0, -1.0], vec![0.5, -0.25, 2.0]];
    gradient {
        // d tr(A⁻¹) / dA = −(A⁻²)ᵀ.
        let n = a.len();
        let inverse = {
            let mut rows: Vec<Vec<f64>> = (0..n)
                .map(|i| a[i].iter().copied().chain((0..n).map(|j| f64::from(u8::from(i == j)))).collect())
                .collect();
            for k in 0..n {
                let pivot = (k..n).max_by(|&i, &j| rows[i][k].abs().total_cmp(&rows[j][k].abs())).unwrap();
                rows.swap(k, pivot);
                let scale = rows[k][k];
                rows[k].iter_mut().for_each(|x| *x /= scale);
                for i in (0..n).filter(|i| *i != k) {
                    let factor = rows[i][k];
                    for j in 0..2 * n {
                        rows[i][j] -= factor * rows[k][j];
                    }
                }
            }
            rows.iter().map(|row| row[n..].to_vec()).collect::<Vec<_>>()
        };
        let square = |i: usize, j: usize| (0..n).map(|m| inverse[i][m] * inverse[m][j]).sum::<f64>();
        (0..n).map(|i| (0..n).map(|j| -square(j, i)).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
}

/// Arrays from functions.
#[differentiable(compiled, second)]
fn from_functions(x: f64, y: f64) -> f64 {
    let powers: [f64; 4] = std::array::from_fn(|i| x.powi(i as i32) * y);
    let mut sums = [0.0; 4];
    for i in 0..4 {
        let prefix: [f64; 2] = std::array::from_fn(|j| powers[(i + j) % 4]);
        sums[i] = prefix[0] * prefix[1];
    }
    sums.iter().sum::<f64>() + powers.map(|p| p * p).iter().sum::<f64>()
}

case! {
    from_functions, from_functions_grad, from_functions_grad_add, from_functions_graph;
    with |x: f64, y: f64| (x, y);
    at (1.5, 0.7), (-0.5, 2.0);
}

#[differentiable(compiled, second)]
fn halved(xs: &[f64], k: f64) -> Vec<f64> {
    if xs.is_empty() {
        return vec![k];
    }
    let mut out = Vec::new();
    for x in xs {
        if *x < 0.0 {
            return vec![x * k, k];
        }
        if *x > 9.0 {
            return out;
        }
        out.push(x * k);
    }
    out.push(k * k);
    out
}

/// `Vec`s that branches, loops and exits give.
#[differentiable(compiled, second)]
fn given_by_branches(xs: &[f64], k: f64) -> f64 {
    let chosen = if k > 0.0 { halved(xs, k) } else { xs.to_vec() };
    let mut by_length = match chosen.len() {
        0 | 1 => vec![k; 2],
        2 => chosen.clone(),
        _ => chosen.iter().skip(1).map(|c| c * c).collect(),
    };
    by_length.push(chosen.first().copied().unwrap_or(k));
    let mut rows = Vec::new();
    for (i, x) in xs.iter().enumerate() {
        let row = if i % 2 == 0 { vec![*x, k] } else { by_length.clone() };
        rows.push(row);
    }
    let found = loop {
        match rows.pop() {
            Some(row) if row.len() > 2 => break row,
            Some(row) => by_length.extend(row),
            None => break vec![k, k * k],
        }
    };
    let labelled = 'early: {
        if found[0] > 1.0 {
            break 'early by_length.clone();
        }
        let mut longer = found.clone();
        longer.extend_from_slice(xs);
        longer
    };
    let sum = |v: &Vec<f64>| v.iter().enumerate().map(|(i, x)| x * (i + 1) as f64).sum::<f64>();
    sum(&chosen) * sum(&by_length) + sum(&found) * sum(&labelled)
}

case! {
    given_by_branches, given_by_branches_grad, given_by_branches_grad_add, given_by_branches_graph;
    with |xs: Vec<f64>, k: f64| (&xs, k);
    at (vec![], 0.5), (vec![1.5], 0.7), (vec![1.5, -0.5, 2.0, 0.25], 0.3), (vec![0.5, 10.0, 2.0], 0.4),
        (vec![0.5, 1.1, 2.0], -0.4), (vec![0.5, 1.35], 0.8);
}

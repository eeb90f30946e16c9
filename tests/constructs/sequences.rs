//! Arrays, slices and `Vec`s that are made and looked at.

use gradus::differentiable;

#[differentiable]
fn indexing(xs: &[f64], m: [[f64; 2]; 2]) -> f64 {
    xs[0] * m[1][0] + xs[1] * m[0][1]
}

#[differentiable]
fn parts(xs: &[f64]) -> f64 {
    let inner = &xs[1..xs.len() - 1];
    inner[0] * xs[..=1][0] * xs[2..][1]
}

#[differentiable]
fn array_literals(x: f64, y: f64) -> f64 {
    let v = [x, y, x * y];
    let zeros = [0.0; 3];
    v[0] * v[2] + zeros[1]
}

#[differentiable]
fn computed_index(xs: &[f64], k: f64) -> f64 {
    let table = [k, k * k, k * k * k];
    let mut total = 0.0;
    for i in 0..xs.len() {
        total += table[(2 * i) % 3] * xs[i];
    }
    total
}

#[differentiable]
fn array_map(v: [f64; 3], k: f64) -> f64 {
    let scaled = v.map(|x| k * x * x);
    scaled[0] + scaled[1] * scaled[2]
}

#[differentiable]
fn len_and_is_empty(xs: &[f64]) -> f64 {
    if xs.is_empty() { 0.0 } else { xs.iter().sum::<f64>().powi(2) / xs.len() as f64 }
}

#[differentiable]
fn first_and_last(xs: &[f64]) -> f64 {
    xs.first().unwrap() * xs.last().unwrap()
}

#[differentiable]
fn get(xs: &[f64], k: f64) -> f64 {
    xs.get(1).unwrap() * xs.get(5).unwrap_or(&k)
}

#[differentiable]
fn split_at(xs: &[f64]) -> f64 {
    let (left, right) = xs.split_at(2);
    left.iter().sum::<f64>() * right.iter().product::<f64>()
}

#[differentiable]
fn split_first_and_last(xs: &[f64]) -> f64 {
    let (first, rest) = xs.split_first().unwrap();
    let (last, inner) = rest.split_last().unwrap();
    first * last * inner[0]
}

#[differentiable]
fn copies(xs: &[f64], k: f64) -> f64 {
    let ys = xs.to_vec();
    let zs = ys.clone();
    let owned = xs.to_owned();
    ys[0] * zs[1] * owned[1] * k
}

#[differentiable]
fn vec_literals(x: f64, y: f64) -> f64 {
    let pair = vec![x, y * x];
    let filled = vec![y; 3];
    pair[0] * pair[1] * filled[2]
}

#[differentiable]
fn vec_of_rows(x: f64, y: f64) -> f64 {
    let rows = vec![vec![x, y], vec![x * y]];
    rows[0][1] * rows[1][0] * rows[0][0]
}

#[differentiable]
fn vec_of_equal_rows(x: f64, n: usize) -> f64 {
    let square = vec![vec![x; n]; n];
    square[0][1] * square[1][0]
}

#[differentiable]
fn vec_from(v: [f64; 2], k: f64) -> f64 {
    let ys = Vec::from(v);
    ys[0] * ys[1] * k
}

#[differentiable]
fn lists_of_tuples(xs: &[f64]) -> f64 {
    let points: Vec<(f64, f64)> = xs.iter().map(|x| (*x, x * x)).collect();
    points.iter().map(|(x, y)| x * y).sum()
}

#[differentiable]
fn concatenated(xs: &[f64], ys: &[f64]) -> f64 {
    let all = [xs, ys].concat();
    all[0] * all[2] + all[1]
}

#[differentiable]
fn vec_concat(xs: &[f64], k: f64) -> f64 {
    let rows = vec![xs.to_vec(), vec![k, 2.0]];
    let all = rows.concat();
    all[0] * all[2]
}

#[differentiable]
fn references_in_variables(xs: &[f64], ys: &[f64], left: bool) -> f64 {
    let chosen = if left { xs } else { ys };
    chosen[0] * chosen[1]
}

#[differentiable]
fn slice_patterns(xs: &[f64]) -> f64 {
    let [a, middle @ .., b] = xs else { return 0.0 };
    a * b * middle[0]
}

#[differentiable]
fn contains_and_comparisons(xs: &[f64], k: f64) -> f64 {
    if xs.contains(&0.3) && xs[0] > k { xs[0] * k } else { k }
}

constructs! {
    "indices, of rows too" => indexing(&[1.5, 0.3], [[0.7, 2.0], [0.4, 1.1]]);
    "parts: `[a..b]`, `[..=b]`, `[a..]`" => parts(&[1.5, 0.3, 0.7, 2.0]);
    "`[a, b]`, `[v; N]`" => array_literals(1.5, 0.3);
    "an index that only the run knows" => computed_index(&[1.5, 0.3], 0.7);
    "`map` of arrays" => array_map([1.5, 0.3, 0.7], 0.4);
    "`len`, `is_empty`" => len_and_is_empty(&[1.5, 0.3]);
    "`first`, `last`" => first_and_last(&[1.5, 0.3]);
    "`get`" => get(&[1.5, 0.3], 0.7);
    "`split_at`" => split_at(&[1.5, 0.3, 0.7, 2.0]);
    "`split_first`, `split_last`" => split_first_and_last(&[1.5, 0.3, 0.7]);
    "`to_vec`, `to_owned`, `clone`" => copies(&[1.5, 0.3], 0.7);
    "`vec![a, b]`, `vec![v; n]`" => vec_literals(1.5, 0.3);
    "`vec![vec![a, b], …]`" => vec_of_rows(1.5, 0.3);
    "`vec![vec![v; n]; m]`" => vec_of_equal_rows(1.5, 2);
    "`Vec::from`" => vec_from([1.5, 0.3], 0.7);
    "`Vec`s of tuples" => lists_of_tuples(&[1.5, 0.3]);
    "`concat` of slices" => concatenated(&[1.5, 0.3], &[0.7]);
    "`concat` of rows" => vec_concat(&[1.5, 0.3], 0.7);
    "references that a branch chooses" => references_in_variables(&[1.5, 0.3], &[0.7, 2.0], false);
    "slice patterns" => slice_patterns(&[1.5, 0.3, 0.7]);
    "`contains`" => contains_and_comparisons(&[1.5, 0.3], 0.7);
}

//! Data as a result, and arrays of data that branches and exits give.

use gradus::check::assert_gradient;
use gradus::differentiable;

type State = [f64; 2];
const K: [f64; 2] = [0.3, 0.4];
const GRID: [[f64; 2]; 2] = [[0.3, 0.4], [1.0, 2.0]];
static WEIGHTS: &[f64] = &[0.4, 0.6, 1.1];

#[differentiable(compiled)]
fn array_of_data(x: f64, n: usize) -> [f64; 2] {
    let _ = x * x;
    [0.5, n as f64]
}

#[differentiable(compiled)]
fn vec_of_data(x: f64, n: usize) -> Vec<f64> {
    let v = vec![0.5, n as f64, K[0]];
    let mut s = 0.0;
    for k in &v {
        s += x * k;
    }
    assert!(s.is_finite());
    v
}

#[differentiable(compiled)]
fn tuple_of_data(x: f64, n: usize) -> ((f64, usize), f64, [f64; 2]) {
    let v = (0.5, n);
    (v, x * x, K)
}

#[differentiable(compiled)]
fn argument_as_result(x: f64, #[constant] k: Vec<f64>) -> Vec<f64> {
    let _ = x * k[0];
    k
}

#[differentiable(compiled)]
fn called(x: f64, n: usize) -> f64 {
    let v = array_of_data(x, n);
    let (w, y, k) = tuple_of_data(x, 3);
    v[0] * x + v[1] + w.0 * x * w.1 as f64 + y * k[1]
}

#[differentiable(compiled)]
fn returned_early(x: f64, n: usize) -> [f64; 2] {
    if n > 3 {
        return K;
    }
    if x > 2.0 { [x, x] } else { K }
}

#[differentiable(compiled)]
fn literals_returned_early(x: f64, n: usize) -> State {
    let Some(weight) = WEIGHTS.get(n).copied() else {
        return [1.0, 0.682];
    };
    let weight = &weight;
    [x * weight, 1.3]
}

#[differentiable(compiled)]
fn returned_in_loops(xs: &[f64], n: usize) -> [f64; 2] {
    for (i, x) in xs.iter().enumerate() {
        if i == n {
            return [x * x, 2.0 * x];
        }
        if *x > 5.0 {
            return [*x, i as f64];
        }
    }
    let y = 'found: {
        for x in xs {
            if *x > 0.4 {
                break 'found [*x, 1.0];
            }
        }
        [xs[0], 2.0]
    };
    let first = |k: usize| {
        for x in xs {
            if *x > k as f64 {
                return [1.0, 2.0];
            }
        }
        [xs[1], 3.0]
    };
    let z = first(0);
    [y[0] * 2.0 * z[0], y[1]]
}

#[differentiable(compiled)]
fn arrays_chosen(x: f64, #[constant] w: [f64; 2]) -> f64 {
    let a = if x > 2.0 { [x, x] } else { K };
    let b = match x {
        v if v > 5.0 => w,
        v if v > 0.0 => [2.0, v],
        _ => K,
    };
    let c = if x > 1.0 { a } else { w };
    let m = if x > 2.0 { [[x, 1.0], [0.0, x]] } else { GRID };
    let v = if x > 2.0 { vec![x, x] } else { GRID[0].to_vec() };
    let mut s = 0.0;
    for i in 0..2 {
        s += a[i] * b[i] * c[i];
    }
    s + m[0][0] * m[1][1] + v[1]
}

#[differentiable(compiled)]
fn data_chosen_by_numbers(xs: &[f64]) -> f64 {
    let bytes = if xs[0] > 0.0 { [1_u8, 2] } else { [3, 4] };
    let slice: &[f64] = if xs[0] < 0.9 { &K } else { WEIGHTS };
    let mut s = xs[0] * bytes[0] as f64 + slice.iter().map(|k| k * xs[1]).sum::<f64>();
    for x in xs {
        let w: Vec<u8> = if *x > 0.5 { vec![1, 2, 3] } else { Vec::new() };
        let name = match *x {
            v if v > 1.0 => "abc",
            _ => "z",
        };
        let pair = if *x < 0.7 { (250_u8, 0.1_f32) } else { (7, 0.5) };
        for k in &w {
            s += x * *k as f64;
        }
        s += x * x * name.len() as f64 * pair.0 as f64 * pair.1 as f64;
    }
    s
}

#[differentiable(compiled)]
fn arrays_made_by_a_function(x: f64) -> f64 {
    let plain: [f64; 3] = std::array::from_fn(|i| if x > 9.0 { 0.5 } else { i as f64 });
    let [a, b]: [f64; 2] = std::array::from_fn(|i| x * i as f64);
    plain[2] * x + a + b
}

fn place(n: usize) -> usize {
    (n * 7 + 1) % 3
}

#[differentiable(compiled)]
fn smaller_of_two_places(x: f64) -> f64 {
    let q = place(3);
    x * K.get(q.min(q) % 5).copied().unwrap_or(x)
}

#[test]
fn data_is_a_result_like_any_other() {
    assert_gradient!(array_of_data, 0.3, 4);
    assert_gradient!(vec_of_data, 0.3, 4);
    assert_gradient!(tuple_of_data, 0.3, 4);
    assert_gradient!(argument_as_result, 0.3, vec![1.0, 2.0]);
    assert_gradient!(called, 0.3, 4);
}

#[test]
fn branches_and_exits_give_data() {
    for x in [0.3, 2.3, 6.3] {
        assert_gradient!(returned_early, x, 4);
        assert_gradient!(returned_early, x, 1);
        assert_gradient!(literals_returned_early, x, 1);
        assert_gradient!(literals_returned_early, x, 7);
        assert_gradient!(arrays_chosen, x, [0.4, 0.5]);
    }
    assert_gradient!(returned_in_loops, &[0.3, 0.6, 1.2], 1);
    assert_gradient!(returned_in_loops, &[0.3, 0.6, 1.2], 7);
    assert_gradient!(data_chosen_by_numbers, &[0.3, 0.6, 1.2]);
    assert_gradient!(arrays_made_by_a_function, 0.3);
    assert_gradient!(smaller_of_two_places, 0.3);
}

#[differentiable(compiled)]
fn product(x: f64, y: f64) -> f64 {
    x * y
}

#[differentiable(compiled)]
fn declared_number_changed(x: f64) -> f64 {
    let mut s: f64 = 1.5;
    s -= s.powi(3);
    product(x, s)
}

#[test]
fn a_declared_number_keeps_its_type() {
    assert_gradient!(declared_number_changed, 0.3);
}

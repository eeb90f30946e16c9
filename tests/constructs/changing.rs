//! Arrays and `Vec`s that change.

use std::collections::VecDeque;

use gradus::differentiable;

#[differentiable]
fn written_in_place(xs: &[f64], k: f64) -> f64 {
    let mut state = [k, 1.0];
    for x in xs {
        state[0] = state[0] * x + state[1];
        state[1] *= state[0];
    }
    state[0] + state[1]
}

#[differentiable]
fn rows_in_place(x: f64, y: f64) -> f64 {
    let mut m = vec![vec![0.0; 2]; 2];
    for i in 0..2 {
        for j in 0..2 {
            m[i][j] = x.powi(i as i32 + 1) * y + j as f64;
        }
    }
    m[1][0] -= m[0][1] * x;
    m[0][0] * m[1][0] * m[1][1]
}

#[differentiable]
fn nested_arrays_in_place(x: f64, y: f64) -> f64 {
    let mut m = [[x, y], [1.0, 0.0]];
    m[1][1] = m[0][0] * y;
    m[0][1] -= m[1][1];
    m[0][1] * m[1][1]
}

#[differentiable]
fn rows_assigned(x: f64, y: f64) -> f64 {
    let mut m = [[x, y], [1.0, 0.0]];
    m[1] = [y, m[0][0] * x];
    m[0][1] * m[1][1]
}

#[differentiable]
fn push(xs: &[f64]) -> f64 {
    let mut sums = Vec::new();
    let mut total = 0.0;
    for x in xs {
        total += x;
        sums.push(total);
    }
    sums.iter().product()
}

#[differentiable]
fn push_rows(xs: &[f64], k: f64) -> f64 {
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for x in xs {
        rows.push(vec![*x, x * k]);
    }
    rows[0][1] * rows[1][0]
}

#[differentiable]
fn with_capacity(xs: &[f64]) -> f64 {
    let mut squares = Vec::with_capacity(xs.len());
    for x in xs {
        squares.push(x * x);
    }
    squares[0] * squares[1]
}

#[differentiable]
fn pop(xs: &[f64]) -> f64 {
    let mut ys = xs.to_vec();
    let last = ys.pop().unwrap();
    last * last * ys[0]
}

#[differentiable]
fn insert(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    ys.insert(1, k * k);
    ys[0] * ys[1] + ys[2]
}

#[differentiable]
fn remove(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    let removed = ys.remove(0);
    removed * ys[0] * k
}

#[differentiable]
fn swap_remove(xs: &[f64]) -> f64 {
    let mut ys = xs.to_vec();
    let removed = ys.swap_remove(0);
    removed * ys[0]
}

#[differentiable]
fn truncate(xs: &[f64]) -> f64 {
    let mut ys = xs.to_vec();
    ys.truncate(2);
    ys.iter().product()
}

#[differentiable]
fn resize(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    ys.resize(3, k);
    ys.iter().product()
}

#[differentiable]
fn drain(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    let taken: f64 = ys.drain(..2).map(|x| x * k).sum();
    taken * ys[0]
}

#[differentiable]
fn clear(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    let before = ys[0];
    ys.clear();
    ys.push(k);
    before * ys[0]
}

#[differentiable]
fn extend(xs: &[f64], k: f64) -> f64 {
    let mut ys = vec![k];
    ys.extend(xs.iter().map(|x| x * x));
    ys[0] * ys[1] + ys[2]
}

#[differentiable]
fn extend_from_slice(xs: &[f64], k: f64) -> f64 {
    let mut ys = vec![k];
    ys.extend_from_slice(&xs[1..]);
    ys[0] * ys[1]
}

#[differentiable]
fn append(xs: &[f64], k: f64) -> f64 {
    let mut ys = vec![k];
    let mut zs = xs.to_vec();
    ys.append(&mut zs);
    ys[0] * ys[1] * ys[2]
}

#[differentiable]
fn reverse(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    ys.reverse();
    ys.iter().fold(0.0, |total, y| total * k + y)
}

#[differentiable]
fn swap(xs: &[f64]) -> f64 {
    let mut ys = xs.to_vec();
    ys.swap(0, 1);
    ys[0] * ys[0] + ys[1]
}

#[differentiable]
fn fill(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    ys[1..].fill(k * k);
    ys.iter().product()
}

#[differentiable]
fn copy_from_slice(xs: &[f64], k: f64) -> f64 {
    let mut ys = [k, k, k];
    ys[..2].copy_from_slice(&xs[..2]);
    ys[2..].clone_from_slice(&xs[..1]);
    ys[0] * ys[1] * ys[2]
}

#[differentiable]
fn rotate(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    ys.rotate_left(1);
    ys[0] *= k;
    ys.rotate_right(2);
    ys.iter().fold(0.0, |total, y| total * k + y)
}

#[differentiable]
fn sorted(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    ys.sort_by(f64::total_cmp);
    ys.iter().fold(0.0, |total, y| total * k + y)
}

#[differentiable]
fn sorted_by_comparison(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    ys.sort_by(|a, b| b.partial_cmp(a).unwrap());
    ys.iter().fold(0.0, |total, y| total * k + y)
}

#[differentiable]
fn sorted_indices(xs: &[f64], k: f64) -> f64 {
    let mut order: Vec<usize> = (0..xs.len()).collect();
    order.sort_by(|&i, &j| xs[i].total_cmp(&xs[j]));
    order.iter().fold(0.0, |total, &i| total * k + xs[i])
}

#[differentiable]
fn split_at_mut(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    let (left, right) = ys.split_at_mut(1);
    right[0] += left[0] * k;
    left[0] *= right[1];
    ys[0] * ys[1]
}

#[differentiable]
fn parts_borrowed_to_change(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    let part = &mut ys[1..];
    part[0] *= k;
    for y in part {
        *y *= *y;
    }
    ys.iter().sum()
}

#[differentiable]
fn first_mut_and_last_mut(xs: &[f64], k: f64) -> f64 {
    let mut ys = xs.to_vec();
    *ys.first_mut().unwrap() *= k;
    if let Some(last) = ys.last_mut() {
        *last += k;
    }
    ys.iter().product()
}

#[differentiable]
fn rows_taken_to_change(x: f64, y: f64) -> f64 {
    let mut m = vec![vec![x, y], vec![y, 1.0]];
    for row in m.iter_mut() {
        row[0] *= x;
    }
    m[0][0] * m[1][0] + m[1][1]
}

#[differentiable]
fn swapped_buffers(xs: &[f64], k: f64) -> f64 {
    let mut now = xs.to_vec();
    let mut next = vec![0.0; xs.len()];
    for _ in 0..3 {
        for i in 0..now.len() {
            next[i] = now[i] + k * now[(i + 1) % now.len()];
        }
        std::mem::swap(&mut now, &mut next);
    }
    now.iter().product()
}

#[differentiable]
fn assigned_whole(xs: &[f64], k: f64) -> f64 {
    let mut state = xs.to_vec();
    for _ in 0..2 {
        state = state.iter().map(|x| x * k + 1.0).collect();
    }
    state.iter().product()
}

#[differentiable]
fn queue(xs: &[f64], k: f64) -> f64 {
    let mut queue: VecDeque<f64> = VecDeque::new();
    let mut total = k;
    for x in xs {
        queue.push_back(x * k);
        if queue.len() > 2 {
            total *= queue.pop_front().unwrap();
        }
    }
    total
}

#[differentiable]
fn pop_rows(xs: &[f64], k: f64) -> f64 {
    let mut rows = vec![xs.to_vec(), vec![k, 2.0]];
    rows[0].push(k);
    let mut sum = 0.0;
    while let Some(row) = rows.pop() {
        sum = sum * k + row.iter().product::<f64>();
    }
    sum
}

constructs! {
    "elements of an array, in a loop" => written_in_place(&[1.5, 0.3], 0.7);
    "elements of `Vec<Vec<f64>>`" => rows_in_place(1.5, 0.3);
    "elements of `[[f64; N]; M]`" => nested_arrays_in_place(1.5, 0.3);
    "rows of `[[f64; N]; M]`" => rows_assigned(1.5, 0.3);
    "`Vec::new`, `push`" => push(&[1.5, 0.3, 0.7]);
    "`pop` of rows, `push` onto a row" => pop_rows(&[1.5, 0.3], 0.4);
    "`push` of rows" => push_rows(&[1.5, 0.3], 0.7);
    "`with_capacity`" => with_capacity(&[1.5, 0.3]);
    "`pop`" => pop(&[1.5, 0.3]);
    "`insert`" => insert(&[1.5, 0.3], 0.7);
    "`remove`" => remove(&[1.5, 0.3], 0.7);
    "`swap_remove`" => swap_remove(&[1.5, 0.3, 0.7]);
    "`truncate`" => truncate(&[1.5, 0.3, 0.7]);
    "`resize`" => resize(&[1.5, 0.3], 0.7);
    "`drain`" => drain(&[1.5, 0.3, 0.7], 0.4);
    "`clear`" => clear(&[1.5, 0.3], 0.7);
    "`extend`" => extend(&[1.5, 0.3], 0.7);
    "`extend_from_slice`" => extend_from_slice(&[1.5, 0.3], 0.7);
    "`append`" => append(&[1.5, 0.3], 0.7);
    "`reverse`" => reverse(&[1.5, 0.3, 0.7], 0.4);
    "`swap`" => swap(&[1.5, 0.3]);
    "`fill`" => fill(&[1.5, 0.3, 0.7], 0.4);
    "`copy_from_slice`, `clone_from_slice`" => copy_from_slice(&[1.5, 0.3], 0.7);
    "`rotate_left`, `rotate_right`" => rotate(&[1.5, 0.3, 0.7], 0.4);
    "`sort_by(f64::total_cmp)`" => sorted(&[1.5, 0.3, 0.7], 0.4);
    "`sort_by` with `partial_cmp`" => sorted_by_comparison(&[1.5, 0.3, 0.7], 0.4);
    "indices sorted by values" => sorted_indices(&[1.5, 0.3, 0.7], 0.4);
    "`split_at_mut`" => split_at_mut(&[1.5, 0.3, 0.7], 0.4);
    "`&mut v[a..]`" => parts_borrowed_to_change(&[1.5, 0.3, 0.7], 0.4);
    "`first_mut`, `last_mut`" => first_mut_and_last_mut(&[1.5, 0.3, 0.7], 0.4);
    "rows taken by `iter_mut`" => rows_taken_to_change(1.5, 0.3);
    "`mem::swap` of two buffers" => swapped_buffers(&[1.5, 0.3, 0.7], 0.4);
    "a `Vec` assigned anew" => assigned_whole(&[1.5, 0.3], 0.4);
    "`VecDeque` as a queue" => queue(&[1.5, 0.3, 0.7], 0.4);
}

//! Closures and functions with effects, under every kind of loop and adapter: called as often as in the plain function.

use super::effects::{Shown, note, noted};
use gradus::differentiable;
use std::cell::Cell;

fn weight(n: usize) -> f64 {
    note(n);
    n as f64 * 0.5 + 1.0
}

#[differentiable(compiled)]
fn zipped_shorter(v: &[f64], k: f64) -> f64 {
    let mut n = 0.0;
    let s: f64 = v
        .iter()
        .map(|x| {
            n += k;
            x * n
        })
        .zip(&v[..2])
        .map(|(a, b)| a * b)
        .sum();
    s * n
}

case! {
    zipped_shorter, zipped_shorter_grad, zipped_shorter_grad_add, zipped_shorter_graph;
    with |v: Vec<f64>, k: f64| (&v, k);
    at (vec![0.53, 0.71, -0.37, 1.12], 0.83), (vec![0.5, 1.5], 2.0);
}

#[differentiable(compiled)]
fn counter_in_a_map(x: f64) -> f64 {
    let mut calls = 0;
    let s: f64 = [1.0, 2.0, 3.0]
        .iter()
        .map(|w| {
            calls += 1;
            w * x * calls as f64
        })
        .sum();
    s * calls as f64
}

case! {
    counter_in_a_map, counter_in_a_map_grad, counter_in_a_map_grad_add, counter_in_a_map_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 3.0 * 14.0;
}

#[differentiable(compiled)]
fn counter_under_zip(x: f64, n: usize) -> f64 {
    let mut calls = 0usize;
    let s: f64 = (0..n)
        .map(|i| {
            calls += 1;
            x * i as f64
        })
        .zip(0..2)
        .map(|(a, b)| a + b as f64)
        .sum();
    s * calls as f64
}

case! {
    counter_under_zip, counter_under_zip_grad, counter_under_zip_grad_add, counter_under_zip_graph;
    with |x: f64| (x, 4);
    at 0.83, 1.7, -0.6;
}

#[differentiable]
fn counter_under_two_zips(x: f64, #[constant] w: &[f64]) -> f64 {
    let (mut a, mut b) = (0u8, 250u8);
    let s: f64 = w
        .iter()
        .map(|v| {
            a += 1;
            v * x
        })
        .zip(w[1..].iter().map(|v| {
            b = b.wrapping_add(3);
            v + x
        }))
        .zip(&w[2..])
        .map(|((p, q), r)| p * q * r)
        .sum();
    s * a as f64 + x * b as f64
}

case! {
    counter_under_two_zips, counter_under_two_zips_grad, counter_under_two_zips_grad_add, counter_under_two_zips_graph;
    with |x: f64| (x, &[0.5, 1.5, -2.0, 0.25]);
    at 0.83, 1.7, -0.6;
}

#[differentiable]
fn zipped_longer(v: &[f64], k: f64) -> f64 {
    let (mut n, mut m) = (1.0, 1.0);
    let s: f64 = v[..2]
        .iter()
        .map(|x| {
            n *= k;
            x * n
        })
        .zip(v.iter().map(|y| {
            m += 1.0;
            y * m
        }))
        .map(|(a, b)| a * b)
        .sum();
    s + n * m
}

case! {
    zipped_longer, zipped_longer_grad, zipped_longer_grad_add, zipped_longer_graph;
    with |v: Vec<f64>, k: f64| (&v, k);
    at (vec![0.53, 0.71, -0.37, 1.12], 0.83), (vec![0.5, 1.5], 2.0);
}

#[differentiable(compiled)]
fn counter_in_a_for(x: f64) -> f64 {
    let mut calls = 0;
    let mut s = x;
    for w in (0..4).map(|i| {
        calls += 1;
        i * 2
    }) {
        if w == 4 {
            break;
        }
        s = s * x + w as f64;
    }
    s * calls as f64
}

case! {
    counter_in_a_for, counter_in_a_for_grad, counter_in_a_for_grad_add, counter_in_a_for_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn counter_collected(x: f64) -> f64 {
    let mut calls = 0;
    let w: Vec<f64> = (0..4)
        .map(|i| {
            calls += i;
            calls as f64
        })
        .collect();
    let mut s = 0.0;
    for v in &w {
        s += v * x;
    }
    s + x * calls as f64
}

case! {
    counter_collected, counter_collected_grad, counter_collected_grad_add, counter_collected_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 0.0 + 1.0 + 3.0 + 6.0 + 6.0;
}

#[differentiable(compiled)]
fn counter_in_a_filter(x: f64) -> f64 {
    let mut seen = 0;
    let s: f64 = (0..6)
        .filter(|i| {
            seen += 1;
            i % 2 == 0
        })
        .take(2)
        .map(|i| x * i as f64)
        .sum();
    s + x * x * seen as f64
}

case! {
    counter_in_a_filter, counter_in_a_filter_grad, counter_in_a_filter_grad_add, counter_in_a_filter_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn counter_in_take_while(x: f64) -> f64 {
    let mut seen = 0;
    let mut s = x;
    for i in (1..9).take_while(|i| {
        seen += 1;
        *i < 4
    }) {
        s *= x * i as f64;
    }
    s * seen as f64
}

case! {
    counter_in_take_while, counter_in_take_while_grad, counter_in_take_while_grad_add, counter_in_take_while_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn counter_in_skip_while(x: f64, #[constant] w: &[f64]) -> f64 {
    let mut seen = 0;
    let s: f64 = w
        .iter()
        .skip_while(|v| {
            seen += 1;
            **v < 1.0
        })
        .map(|v| v * x)
        .sum();
    s * seen as f64
}

case! {
    counter_in_skip_while, counter_in_skip_while_grad, counter_in_skip_while_grad_add, counter_in_skip_while_graph;
    with |x: f64| (x, &[0.5, 1.5, -2.0, 0.25]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn counter_in_any(x: f64) -> f64 {
    let mut seen = 0;
    let found = (0..9).any(|i| {
        seen += 1;
        i == 3
    });
    let all = (0..9).all(|i| {
        seen += 10;
        i < 2
    });
    let p = (0..9).position(|i| {
        seen += 100;
        i == 1
    });
    if found && !all { x * seen as f64 + p.unwrap() as f64 } else { x }
}

case! {
    counter_in_any, counter_in_any_grad, counter_in_any_grad_add, counter_in_any_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 234.0;
}

#[differentiable(compiled)]
fn counter_in_find(x: f64, #[constant] w: &[f64]) -> f64 {
    let mut seen = 0;
    let v = w
        .iter()
        .find(|v| {
            seen += 1;
            **v > 1.0
        })
        .copied()
        .unwrap_or(9.0);
    x * v * seen as f64
}

case! {
    counter_in_find, counter_in_find_grad, counter_in_find_grad_add, counter_in_find_graph;
    with |x: f64| (x, &[0.5, 1.5, -2.0, 0.25]);
    at 0.83, 1.7, -0.6;
    gradient 3.0;
}

#[differentiable(compiled)]
fn counter_in_a_flat_map(x: f64) -> f64 {
    let mut seen = 0;
    let s: f64 = (1..4)
        .flat_map(|i| {
            seen += 1;
            (0..i).map(move |j| i * j)
        })
        .map(|k| x * k as f64)
        .sum();
    s * seen as f64
}

case! {
    counter_in_a_flat_map, counter_in_a_flat_map_grad, counter_in_a_flat_map_grad_add, counter_in_a_flat_map_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn counter_in_an_inspect(x: f64) -> f64 {
    let mut seen = 0;
    let s: f64 = (0..5).inspect(|i| seen += i).map(|i| x.powi(i)).sum();
    s * seen as f64
}

case! {
    counter_in_an_inspect, counter_in_an_inspect_grad, counter_in_an_inspect_grad_add, counter_in_an_inspect_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn counter_in_a_scan(x: f64) -> f64 {
    let mut calls = 0;
    let s: f64 = (1..5)
        .scan(1, |p, i| {
            calls += 1;
            *p *= i;
            if *p > 6 { None } else { Some(*p) }
        })
        .map(|p| p as f64 * x)
        .sum();
    s * calls as f64
}

case! {
    counter_in_a_scan, counter_in_a_scan_grad, counter_in_a_scan_grad_add, counter_in_a_scan_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 9.0 * 4.0;
}

#[differentiable(compiled)]
fn counter_in_a_fold(x: f64) -> f64 {
    let mut calls = 0u8;
    let k = (0..3).fold(250u8, |a, i| {
        calls += 1;
        a.wrapping_add(i * 3)
    });
    x * k as f64 * calls as f64
}

case! {
    counter_in_a_fold, counter_in_a_fold_grad, counter_in_a_fold_grad_add, counter_in_a_fold_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
    gradient 3.0 * 3.0;
}

#[differentiable(compiled)]
fn counter_in_a_sort(x: f64, #[constant] w: &[f64]) -> f64 {
    let mut r = w.to_vec();
    let mut touched = false;
    r.sort_by(|a, b| {
        touched = true;
        b.total_cmp(a)
    });
    r.retain(|v| {
        touched = !touched;
        *v < 1.0
    });
    if touched { x * r[0] } else { x * x * r[0] }
}

case! {
    counter_in_a_sort, counter_in_a_sort_grad, counter_in_a_sort_grad_add, counter_in_a_sort_graph;
    with |x: f64| (x, &[0.5, 1.5, -2.0, 0.25]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn counter_reversed(x: f64) -> f64 {
    let mut n = 1;
    let s: f64 = (0..4)
        .map(|i| {
            n *= 2;
            i * n
        })
        .rev()
        .map(|k| x * k as f64)
        .sum();
    s + n as f64 * x
}

case! {
    counter_reversed, counter_reversed_grad, counter_reversed_grad_add, counter_reversed_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn counter_under_step_by(x: f64) -> f64 {
    let mut n = 0;
    let s: f64 = (0..7)
        .map(|i| {
            n += 1;
            i
        })
        .step_by(3)
        .map(|k| x * k as f64)
        .sum();
    s * n as f64
}

case! {
    counter_under_step_by, counter_under_step_by_grad, counter_under_step_by_grad_add, counter_under_step_by_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn counter_under_skip(x: f64) -> f64 {
    let mut n = 0;
    let s: f64 = (0..7)
        .map(|i| {
            n += 1;
            i
        })
        .skip(2)
        .take(3)
        .map(|k| x * k as f64)
        .sum();
    s * n as f64
}

case! {
    counter_under_skip, counter_under_skip_grad, counter_under_skip_grad_add, counter_under_skip_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn counter_under_chain(x: f64) -> f64 {
    let mut n = 0;
    let mut m = 0;
    let s: f64 = (0..3)
        .map(|i| {
            n += 1;
            i
        })
        .chain((5..9).map(|i| {
            m += 1;
            i
        }))
        .take(4)
        .map(|k| x * k as f64)
        .sum();
    s * n as f64 + x * m as f64
}

case! {
    counter_under_chain, counter_under_chain_grad, counter_under_chain_grad_add, counter_under_chain_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn counter_under_nth(x: f64, #[constant] w: &[f64]) -> f64 {
    let mut n = 0;
    let a = w
        .iter()
        .map(|v| {
            n += 1;
            v * 2.0
        })
        .nth(1)
        .unwrap();
    let mut m = 0;
    let b = w
        .iter()
        .map(|v| {
            m += 1;
            v + 1.0
        })
        .last()
        .unwrap();
    x * a * n as f64 + b * m as f64 * x * x * x
}

case! {
    counter_under_nth, counter_under_nth_grad, counter_under_nth_grad_add, counter_under_nth_graph;
    with |x: f64| (x, &[0.5, 1.5, -2.0, 0.25]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn counter_under_count(x: f64, #[constant] w: &[f64]) -> f64 {
    let mut n = 0;
    let c = w.iter().map(|_| n += 1).count();
    let mut m = 0;
    let top = w
        .iter()
        .map(|v| {
            m += 1;
            *v
        })
        .fold(f64::MIN, f64::max);
    x * c as f64 * n as f64 * top + m as f64 * x
}

case! {
    counter_under_count, counter_under_count_grad, counter_under_count_grad_add, counter_under_count_graph;
    with |x: f64| (x, &[0.5, 1.5, -2.0, 0.25]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn counter_under_min(x: f64, #[constant] w: &[f64]) -> f64 {
    let mut n = 0;
    let b = w
        .iter()
        .min_by(|a, b| {
            n += 1;
            a.total_cmp(b)
        })
        .unwrap();
    let mut m = 0;
    let c = w
        .iter()
        .max_by_key(|v| {
            m += 1;
            (**v * 10.0) as i64
        })
        .unwrap();
    x * b * n as f64 + c * m as f64 * x * x
}

case! {
    counter_under_min, counter_under_min_grad, counter_under_min_grad_add, counter_under_min_graph;
    with |x: f64| (x, &[0.5, 1.5, -2.0, 0.25]);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn counter_under_unzip(x: f64) -> f64 {
    let mut n = 0;
    let (a, b): (Vec<usize>, Vec<f64>) = (0..3)
        .map(|i| {
            n += 1;
            (i, i as f64 * 0.5)
        })
        .unzip();
    let mut s = x * n as f64;
    for (i, w) in a.iter().zip(&b) {
        s += x.powi(*i as i32) * w;
    }
    s
}

case! {
    counter_under_unzip, counter_under_unzip_grad, counter_under_unzip_grad_add, counter_under_unzip_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn counter_under_peekable(x: f64) -> f64 {
    let mut n = 0;
    let mut s = x;
    {
        let mut it = (0..5)
            .map(|i| {
                n += i;
                i
            })
            .peekable();
        while let Some(i) = it.next() {
            if it.peek() == Some(&3) {
                break;
            }
            s = s * x + i as f64;
        }
    }
    s * n as f64
}

case! {
    counter_under_peekable, counter_under_peekable_grad, counter_under_peekable_grad_add, counter_under_peekable_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn noted_weights(x: f64, n: usize) -> f64 {
    let mut s = 0.0;
    for i in 0..n {
        s += x * weight(i);
    }
    s
}

case! {
    noted_weights, noted_weights_grad, noted_weights_grad_add, noted_weights_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

counted! { noted_weights, noted_weights_grad, noted_weights_grad_add, noted_weights_graph; 0.5, 3; 3 }

#[differentiable(compiled)]
fn noted_in_a_sum(x: f64, n: usize) -> f64 {
    (0..n).map(|i| weight(i) * x.sin()).sum()
}

case! {
    noted_in_a_sum, noted_in_a_sum_grad, noted_in_a_sum_grad_add, noted_in_a_sum_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn noted_factor(x: f64) -> f64 {
    let w = weight(4);
    let mut y = x;
    for _ in 0..3 {
        y *= w * y;
    }
    y
}

case! {
    noted_factor, noted_factor_grad, noted_factor_grad_add, noted_factor_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn noted_conditions(x: f64, n: usize) -> f64 {
    let mut s = x;
    for i in 0..n {
        if weight(i) > 1.2 && noted(i) != 3 || noted(i * 10) == 0 {
            s *= x;
        } else {
            s += weight(100) * x;
        }
    }
    s
}

case! {
    noted_conditions, noted_conditions_grad, noted_conditions_grad_add, noted_conditions_graph;
    with |x: f64| (x, 5);
    at 0.83, 1.7, -0.6;
}

counted! { noted_conditions, noted_conditions_grad, noted_conditions_grad_add, noted_conditions_graph; 0.5, 5; 12 }

#[differentiable(compiled)]
fn noted_index(v: &[f64]) -> f64 {
    let mut w = v.to_vec();
    w[noted(1)] *= v[noted(0)];
    w[noted(0)] += w[noted(1)] * v[noted(2)];
    w[0] * w[1]
}

case! {
    noted_index, noted_index_grad, noted_index_grad_add, noted_index_graph;
    with |v: Vec<f64>| (&v);
    at vec![0.5, 1.5, -2.0];
}

#[differentiable(compiled)]
fn noted_exponent(x: f64) -> f64 {
    x.powi(noted(3)) * x.abs().powf(noted(2.5)) + x.clamp(noted(-0.5), noted(0.9))
}

case! {
    noted_exponent, noted_exponent_grad, noted_exponent_grad_add, noted_exponent_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

counted! { noted_exponent, noted_exponent_grad, noted_exponent_grad_add, noted_exponent_graph; 0.5; 4 }

#[differentiable(compiled)]
fn noted_in_arms(x: f64, kind: usize) -> f64 {
    match noted(kind) {
        0 => x * weight(7),
        k if noted(k) == 2 => weight(8),
        1 | 3 => {
            let _ = noted("skipped");
            x
        }
        _ => weight(9) * weight(10) * x,
    }
}

case! {
    noted_in_arms, noted_in_arms_grad, noted_in_arms_grad_add, noted_in_arms_graph;
    for kind in [0, 1, 2, 5];
    with |x: f64| (x, kind);
    at 0.83, -0.6;
}

counted! { noted_in_arms, noted_in_arms_grad, noted_in_arms_grad_add, noted_in_arms_graph; 0.5, 5; 4 }

#[differentiable(compiled)]
fn noted_in_an_array(x: f64) -> f64 {
    let p = [weight(1), x, weight(2)];
    let q = (x, weight(3));
    let r = vec![weight(4); 2];
    p[0] * p[1] * p[2] + q.0 * q.1 + r[1] * x
}

case! {
    noted_in_an_array, noted_in_an_array_grad, noted_in_an_array_grad_add, noted_in_an_array_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

counted! { noted_in_an_array, noted_in_an_array_grad, noted_in_an_array_grad_add, noted_in_an_array_graph; 0.5; 4 }

#[differentiable(compiled)]
fn noted_in_arguments(x: f64) -> f64 {
    scaled(x, weight(1)) * scaled(weight(2), x)
}

case! {
    noted_in_arguments, noted_in_arguments_grad, noted_in_arguments_grad_add, noted_in_arguments_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

counted! { noted_in_arguments, noted_in_arguments_grad, noted_in_arguments_grad_add, noted_in_arguments_graph; 0.5; 2 }

#[differentiable(compiled)]
fn scaled(x: f64, by: f64) -> f64 {
    x * by
}

case! {
    scaled, scaled_grad, scaled_grad_add, scaled_graph;
    with |x: f64, by: f64| (x, by);
    at (0.5, 2.0);
}

#[differentiable(compiled)]
fn noted_range(x: f64) -> f64 {
    let mut s = x;
    for i in noted(1)..noted(4) {
        s = s * x + i as f64;
    }
    let mut k = 0;
    while noted(k) < 3 {
        k += 1;
        s *= x;
    }
    s
}

case! {
    noted_range, noted_range_grad, noted_range_grad_add, noted_range_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

counted! { noted_range, noted_range_grad, noted_range_grad_add, noted_range_graph; 0.5; 6 }

#[differentiable(compiled)]
fn noted_iterable(x: f64) -> f64 {
    let mut s = x;
    for w in noted(vec![0.5, 1.5]) {
        s = s * w + x;
    }
    s
}

case! {
    noted_iterable, noted_iterable_grad, noted_iterable_grad_add, noted_iterable_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

counted! { noted_iterable, noted_iterable_grad, noted_iterable_grad_add, noted_iterable_graph; 0.5; 1 }

#[differentiable(compiled)]
fn shown_once(x: f64) -> f64 {
    let y = x * x;
    println!("{} and {}", Shown(2.5), Shown(1.5));
    for i in 0..2 {
        print!("{}", Shown(i as f64));
    }
    eprintln!("{}", Shown(9.0));
    y * x
}

case! {
    shown_once, shown_once_grad, shown_once_grad_add, shown_once_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

counted! { shown_once, shown_once_grad, shown_once_grad_add, shown_once_graph; 0.5; 5 }

#[differentiable(compiled)]
fn shown_values(x: f64) -> f64 {
    let y = x * x;
    println!("{}", Shown(y));
    if y > 0.1 {
        println!("{y} {}", Shown(y + x));
    }
    y * x
}

case! {
    shown_values, shown_values_grad, shown_values_grad_add, shown_values_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn asserted_once(x: f64) -> f64 {
    assert!(noted(true));
    assert_eq!(noted(3), 3, "{}", weight(5));
    debug_assert!(noted(1) > 0);
    x * 2.0
}

case! {
    asserted_once, asserted_once_grad, asserted_once_grad_add, asserted_once_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

counted! { asserted_once, asserted_once_grad, asserted_once_grad_add, asserted_once_graph; 0.5; 2 + usize::from(cfg!(debug_assertions)) }

#[differentiable]
fn noted_break(x: f64) -> f64 {
    let mut s = x;
    let w = loop {
        s *= x;
        if noted(s.abs() < 0.5) || noted(true) {
            break weight(6);
        }
    };
    s * w
}

case! {
    noted_break, noted_break_grad, noted_break_grad_add, noted_break_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn noted_return(x: f64, n: usize) -> f64 {
    for i in 0..n {
        if noted(i) == 2 {
            return x * weight(i);
        }
    }
    weight(50) * x * x
}

case! {
    noted_return, noted_return_grad, noted_return_grad_add, noted_return_graph;
    for n in [1, 5];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

counted! { noted_return, noted_return_grad, noted_return_grad_add, noted_return_graph; 0.5, 5; 4 }

#[differentiable(compiled)]
fn noted_late(x: f64) -> f64 {
    let w;
    let v: f64;
    if noted(x > 0.0) {
        w = noted(2u8);
        v = weight(1);
    } else {
        w = noted(255);
        v = weight(2);
    }
    x * w.wrapping_add(3) as f64 * v
}

case! {
    noted_late, noted_late_grad, noted_late_grad_add, noted_late_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

counted! { noted_late, noted_late_grad, noted_late_grad_add, noted_late_graph; 0.5; 3 }

#[differentiable(compiled)]
fn noted_options(x: f64, n: usize) -> f64 {
    let w = [0.5, 1.5].get(noted(n)).copied().unwrap_or_else(|| weight(3));
    let v = Some(noted(2.0)).filter(|v| noted(*v) > 1.0).map_or(0.5, |v| weight(1) * v);
    x * w * v
}

case! {
    noted_options, noted_options_grad, noted_options_grad_add, noted_options_graph;
    for n in [1, 5];
    with |x: f64| (x, n);
    at 0.83, -0.6;
}

counted! { noted_options, noted_options_grad, noted_options_grad_add, noted_options_graph; 0.5, 5; 5 }

#[differentiable(compiled)]
fn read_from_a_cell(x: f64) -> f64 {
    let cell = Cell::new(250u8);
    let mut s = x;
    for _ in 0..3 {
        cell.set(cell.get().wrapping_add(3));
        s += x * cell.get() as f64;
    }
    s * cell.get() as f64
}

case! {
    read_from_a_cell, read_from_a_cell_grad, read_from_a_cell_grad_add, read_from_a_cell_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn replaced_in_a_loop(x: f64) -> f64 {
    let mut w = vec![1u8, 2];
    let mut s = x;
    for i in 0..3 {
        let old = std::mem::replace(&mut w, vec![i, 7, 255]);
        s = s * x + old.len() as f64 * (!old[0]) as f64;
    }
    let t = std::mem::take(&mut w);
    s * t.len() as f64 + w.len() as f64
}

case! {
    replaced_in_a_loop, replaced_in_a_loop_grad, replaced_in_a_loop_grad_add, replaced_in_a_loop_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

fn mk(n: usize) -> Vec<f64> {
    note(n);
    vec![0.5; n]
}

#[differentiable(compiled)]
fn noted_vecs(x: f64) -> f64 {
    let mut v = mk(2);
    v.push(x);
    let w = mk(1);
    let mut s = v[0] * v[2] + w[0] * x;
    for r in [mk(1), mk(2)] {
        s += x * r.len() as f64;
    }
    s
}

case! {
    noted_vecs, noted_vecs_grad, noted_vecs_grad_add, noted_vecs_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

counted! { noted_vecs, noted_vecs_grad, noted_vecs_grad_add, noted_vecs_graph; 0.5; 4 }

#[differentiable(compiled)]
fn noted_iterable_borrowed(x: f64) -> f64 {
    let mut s = x;
    for (i, w) in noted([2.0, 3.0]).iter().enumerate() {
        s += x * w * i as f64;
    }
    s
}

case! {
    noted_iterable_borrowed, noted_iterable_borrowed_grad, noted_iterable_borrowed_grad_add, noted_iterable_borrowed_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

counted! { noted_iterable_borrowed, noted_iterable_borrowed_grad, noted_iterable_borrowed_grad_add, noted_iterable_borrowed_graph; 0.5; 1 }

#[differentiable(compiled)]
fn noted_chunks(x: f64) -> f64 {
    let mut s = x;
    for c in noted(vec![2.0, 3.0, 4.0, 5.0]).chunks_exact(noted(2)) {
        s = s * c[0] + x * c[1];
    }
    s + noted([1.5, 2.5]).iter().zip(&noted(vec![1.0, 2.0])).map(|(a, b)| a * b * x * x).sum::<f64>()
}

case! {
    noted_chunks, noted_chunks_grad, noted_chunks_grad_add, noted_chunks_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

counted! { noted_chunks, noted_chunks_grad, noted_chunks_grad_add, noted_chunks_graph; 0.5; 4 }

#[differentiable(compiled)]
fn written_to_a_string(x: f64, n: usize) -> f64 {
    let mut log = String::new();
    for i in 0..n {
        log += &format!("{i},");
        if i % 2 == 0 {
            log.push('x');
        }
    }
    println!("{log}");
    let k = log.len();
    let up = log.chars().filter(|c| *c == 'x').count();
    let mut s = x;
    for c in log.bytes() {
        s += (c ^ 0x55) as f64 * x * 0.01;
    }
    s * k as f64 + up as f64 * x
}

case! {
    written_to_a_string, written_to_a_string_grad, written_to_a_string_grad_add, written_to_a_string_graph;
    with |x: f64| (x, 4);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn noted_iterables(x: f64, n: usize) -> f64 {
    let mut s = x;
    for i in noted(0..n) {
        s = s * 0.5 + i as f64 * x;
    }
    for i in (0..n).map(|i| noted(i)) {
        s += i as f64 * x;
    }
    for (i, c) in noted("ab").chars().enumerate() {
        s += (c as u8 as f64) * x * i as f64;
    }
    for w in noted(&[0.5, 1.5]) {
        s += w * x;
    }
    for w in noted(vec![vec![0.5]]) {
        for v in noted(w) {
            s += v * x;
        }
    }
    s
}

counted! { noted_iterables, noted_iterables_grad, noted_iterables_grad_add, noted_iterables_graph; 0.5, 2; 7 }

case! {
    noted_iterables, noted_iterables_grad, noted_iterables_grad_add, noted_iterables_graph;
    with |x: f64| (x, 2);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn noted_closures(x: f64, n: usize) -> f64 {
    let f = |i: usize| {
        note("f");
        i as f64 * 0.5
    };
    let g = |i: usize| {
        note("g");
        x * i as f64
    };
    let mut s = f(n) * x;
    s += g(2);
    for i in 0..n {
        s += f(i) * g(i);
        if f(9) > 100.0 {
            s = 0.0;
        }
    }
    let v: Vec<f64> = (0..n).map(f).collect();
    let w = (0..n).map(g).sum::<f64>();
    s + v[1] * w
}

counted! { noted_closures, noted_closures_grad, noted_closures_grad_add, noted_closures_graph; 0.5, 2; 12 }

case! {
    noted_closures, noted_closures_grad, noted_closures_grad_add, noted_closures_graph;
    with |x: f64| (x, 2);
    at 0.83, 1.7, -0.6;
}

#[differentiable]
fn noted_everywhere(x: f64, n: usize) -> f64 {
    let v = [noted(0.5), x * noted(2.0), noted(3.0)];
    let t = (noted(1u8), x, noted("s"));
    let y = if noted(n) > 2 && noted(true) { v[noted(1)] } else { x * noted(7.0) };
    let z = match noted(n) % 2 {
        0 => noted(0.25),
        _ => y,
    };
    let o = Some(noted(4.0)).map(|w| noted(w) * x);
    y * z + o.unwrap_or(noted(1.0)) + t.0 as f64 * t.1 + t.2.len() as f64
}

counted! { noted_everywhere, noted_everywhere_grad, noted_everywhere_grad_add, noted_everywhere_graph; 0.5, 3; 12 }

case! {
    noted_everywhere, noted_everywhere_grad, noted_everywhere_grad_add, noted_everywhere_graph;
    for n in [1, 2, 3, 4];
    with |x: f64| (x, n);
    at 0.83;
}

#[differentiable(compiled)]
fn noted_assignments(x: f64) -> f64 {
    let mut s = x;
    s += noted(1.0);
    s *= noted(2.0) + x;
    let mut a = [x, 1.0];
    a[noted(1)] += noted(3.0);
    a[noted(0)] = noted(2.0) * x;
    let b = -noted(0.5) * x;
    let c = x.max(noted(0.1)).min(noted(9.0));
    let d = (x + noted(1.0)).powi(noted(2));
    {
        let r = &mut s;
        *r += noted(4.0);
    }
    s * a[0] * a[1] + b * c + d
}

counted! { noted_assignments, noted_assignments_grad, noted_assignments_grad_add, noted_assignments_graph; 0.5; 12 }

case! {
    noted_assignments, noted_assignments_grad, noted_assignments_grad_add, noted_assignments_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn noted_exits(x: f64, n: usize) -> f64 {
    let mut i = 0;
    let mut s = x;
    loop {
        i += 1;
        if noted(i) > n {
            break;
        }
        if noted(i % 2 == 0) {
            continue;
        }
        s = s * x + noted(1.5);
    }
    'o: for a in 0..3 {
        for b in 0..3 {
            if noted(a * b) == 2 {
                break 'o;
            }
            s += x * noted(0.5);
        }
    }
    s
}

counted! { noted_exits, noted_exits_grad, noted_exits_grad_add, noted_exits_graph; 0.5, 3; 20 }

case! {
    noted_exits, noted_exits_grad, noted_exits_grad_add, noted_exits_graph;
    with |x: f64| (x, 3);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn noted_and_dropped(x: f64) -> f64 {
    let _unused = noted(5);
    let _ = noted(6);
    noted(7);
    let (a, _) = (noted(2.0), noted(3.0));
    let _b = noted(x > 0.0);
    drop(noted(String::from("z")));
    {
        noted(8);
    }
    if noted(false) {
        noted(9);
    }
    (noted(1), noted(2));
    x * a
}

counted! { noted_and_dropped, noted_and_dropped_grad, noted_and_dropped_grad_add, noted_and_dropped_graph; 0.5; 11 }

case! {
    noted_and_dropped, noted_and_dropped_grad, noted_and_dropped_grad_add, noted_and_dropped_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn noted_in_macros(x: f64) -> f64 {
    let y = x * x;
    println!("{} {:?} {y:.2} {}", noted(1.5), noted("k"), Shown(2.0));
    assert!(noted(y < 100.0), "{}", noted("not shown"));
    eprint!("{}", noted(3));
    let t = format!("{}{}", Shown(1.0), noted(2));
    y * t.len() as f64
}

counted! { noted_in_macros, noted_in_macros_grad, noted_in_macros_grad_add, noted_in_macros_graph; 0.5; 7 }

case! {
    noted_in_macros, noted_in_macros_grad, noted_in_macros_grad_add, noted_in_macros_graph;
    with |x: f64| (x);
    at 0.83, 1.7, -0.6;
}

#[differentiable(compiled)]
fn noted_chains(x: f64, n: usize) -> f64 {
    let w = weights(n);
    let first = w.first().copied().unwrap_or(noted(9.0));
    let k = w.iter().map(|v| noted(*v)).filter(|v| noted(v > &0.6)).count();
    let s: f64 = w.iter().map(|v| noted(*v) * x).sum();
    let m = w.iter().map(|v| noted(v * 2.0)).fold(noted(0.0), |a, b| a + b * x);
    s * k as f64 + m * first
}
fn weights(n: usize) -> Vec<f64> {
    note("weights");
    (0..n).map(|i| 0.5 + i as f64).collect()
}

counted! { noted_chains, noted_chains_grad, noted_chains_grad_add, noted_chains_graph; 0.5, 2; 11 }

case! {
    noted_chains, noted_chains_grad, noted_chains_grad_add, noted_chains_graph;
    with |x: f64| (x, 2);
    at 0.83, 1.7, -0.6;
}

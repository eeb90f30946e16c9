//! Programs on which the compiler was wrong, each as small as it could be made.

use super::datum::Datum;
use super::differential::{Passed, tried};
use super::module::Module;

fn is_right(text: &str, arguments: &[Datum]) {
    let module = Module::of(&syn::parse_file(text).expect("Rust"));
    let passed = tried(&module, &module.units["f"], arguments);
    assert!(matches!(passed, Ok(Passed::Compared(..))), "{passed:?}");
}

fn numbers(numbers: &[f64]) -> Vec<Datum> {
    numbers.iter().copied().map(Datum::from).collect()
}

#[test]
fn a_number_in_a_tuple_is_read_when_the_tuple_is_made() {
    let text = "#[differentiable] fn f(x: f64, y: f64, n: usize) -> f64 {
        let mut r = [x, y, 0.0, 1.0];
        let p = (r[n % 2], y);
        r[n % 2] += x;
        p.0 * x
    }";
    is_right(text, &[numbers(&[1.5, 0.5]), vec![Datum::from(0)]].concat());
}

#[test]
fn what_breaks_out_of_a_block_keeps_its_derivative() {
    let text = "#[differentiable] fn f(x: f64, y: f64) -> f64 {
        let a = 'b: {
            for i in 0..3 {
                if x * i as f64 > 0.5 { break 'b x * y; }
            }
            0.5
        };
        a * x
    }";
    is_right(text, &numbers(&[1.5, 0.5]));
}

#[test]
fn an_element_may_be_popped_and_forgotten() {
    let text = "#[differentiable] fn f(x: f64, y: f64) -> f64 {
        let mut s = vec![x, y];
        s.pop();
        s.push(y);
        x * s[0]
    }";
    is_right(text, &numbers(&[1.5, 0.5]));
}

#[test]
fn names_may_end_in_underscores() {
    let text = "#[differentiable] fn f(x_: f64, y: f64) -> f64 {
        let x = x_ * 2.0;
        x * x_ + y
    }";
    is_right(text, &numbers(&[1.5, 0.5]));
}

#[test]
fn an_array_in_a_tuple_is_a_copy() {
    let text = "#[differentiable] fn f(x: f64, y: f64, n: usize) -> f64 {
        let mut r = [x, y, 0.5];
        let t = (r, y);
        r[n % 3] = 0.0;
        t.0[n % 3] * x + t.1
    }";
    is_right(text, &[numbers(&[1.5, 0.5]), vec![Datum::from(0)]].concat());
}

#[test]
fn a_copied_element_is_read_when_it_is_copied() {
    let text = "#[differentiable] fn f(x: f64, y: f64) -> f64 {
        let mut s = vec![x, y];
        let q = s.last().copied();
        s[1] = 0.0;
        q.unwrap_or(0.5) * x
    }";
    is_right(text, &numbers(&[1.5, 0.5]));
}

#[test]
fn a_move_closure_has_arrays_of_its_own() {
    let text = "#[differentiable] fn f(x: f64, y: f64, n: usize) -> f64 {
        let mut r = [x, y, 0.5];
        let g = move |u: f64| u * r[n % 3];
        r[n % 3] = 5.0;
        g(x) + r[0]
    }";
    is_right(text, &[numbers(&[1.5, 0.5]), vec![Datum::from(0)]].concat());
}

#[test]
fn a_parameter_that_is_changed_comes_before_others() {
    let text = "#[differentiable] fn f(mut v: [f64; 2], xs: &[f64], y: f64) -> f64 {
        v[0] *= y;
        let n = xs.len() % 2;
        v[n] * xs[0] + y
    }";
    let lists = [[1.5, 0.5], [2.0, -1.0]].map(|list| Datum::List(numbers(&list)));
    is_right(text, &[lists.to_vec(), numbers(&[0.75])].concat());
}

//! Panics of data: the same message and line in each companion.

use gradus::differentiable;

const TABLE: [f64; 3] = [0.5, 1.5, 2.5];
fn checked(n: u8) -> u8 {
    assert!(n < 10, "n is {n}");
    n
}

#[differentiable(compiled)]
fn overflow_of_an_unused_value(x: f64, n: u8) -> f64 {
    let y = x * x;
    let unused = n - 1;
    y * 2.0
}

panics! { overflow_of_an_unused_value, overflow_of_an_unused_value_grad, overflow_of_an_unused_value_grad_add, overflow_of_an_unused_value_graph; 0.5, 0; "attempt to subtract with overflow" }

#[differentiable(compiled)]
fn negated_minimum(x: f64, n: i64) -> f64 {
    let m = -n;
    x * m as f64
}

panics! { negated_minimum, negated_minimum_grad, negated_minimum_grad_add, negated_minimum_graph; 0.5, i64::MIN; "attempt to negate with overflow" }

#[differentiable(compiled)]
fn divided_by_zero(x: f64, n: usize) -> f64 {
    let mut s = x;
    for i in 0..3 {
        s += x * (10 / (n - i)) as f64;
    }
    s
}

panics! { divided_by_zero, divided_by_zero_grad, divided_by_zero_grad_add, divided_by_zero_graph; 0.5, 2; "attempt to divide by zero" }

#[differentiable(compiled)]
fn remainder_of_zero(x: f64, n: u16) -> f64 {
    let r = 7 % n;
    let y = x * r as f64;
    y * y
}

panics! { remainder_of_zero, remainder_of_zero_grad, remainder_of_zero_grad_add, remainder_of_zero_graph; 0.5, 0; "attempt to calculate the remainder with a divisor of zero" }

#[differentiable(compiled)]
fn outside_a_table(x: f64, n: usize) -> f64 {
    let mut s = x;
    for i in 0..n {
        s *= TABLE[i];
    }
    s
}

panics! { outside_a_table, outside_a_table_grad, outside_a_table_grad_add, outside_a_table_graph; 0.5, 4; "index out of bounds: the len is 3 but the index is 3" }

#[differentiable(compiled)]
fn outside_an_argument(x: f64, #[constant] d: &[f64]) -> f64 {
    let y = x * d[0];
    let z = y * d[2];
    z * x
}

panics! { outside_an_argument, outside_an_argument_grad, outside_an_argument_grad_add, outside_an_argument_graph; 0.5, &[1.0]; "index out of bounds" }

#[differentiable(compiled)]
fn sliced_too_far(x: f64, #[constant] d: &[f64]) -> f64 {
    let part = &d[1..4];
    x * part[0]
}

panics! { sliced_too_far, sliced_too_far_grad, sliced_too_far_grad_add, sliced_too_far_graph; 0.5, &[1.0, 2.0]; "range end index 4 out of range" }

#[differentiable(compiled)]
fn unwrapped_nothing(x: f64, n: usize) -> f64 {
    let w = TABLE.get(n).unwrap();
    x * w
}

panics! { unwrapped_nothing, unwrapped_nothing_grad, unwrapped_nothing_grad_add, unwrapped_nothing_graph; 0.5, 7; "called `Option::unwrap()` on a `None` value" }

#[differentiable(compiled)]
fn expected(x: f64, text: &str) -> f64 {
    let n: u8 = text.parse().expect("a small number");
    x * n as f64
}

panics! { expected, expected_grad, expected_grad_add, expected_graph; 0.5, "300"; "a small number" }

#[differentiable(compiled)]
fn asserted(x: f64, n: usize) -> f64 {
    let y = x * x;
    assert!(n < 3, "n is {n} at {}", 2 * n);
    y * n as f64
}

panics! { asserted, asserted_grad, asserted_grad_add, asserted_graph; 0.5, 5; "n is 5 at 10" }

#[differentiable(compiled)]
fn asserted_equal(x: f64, n: usize) -> f64 {
    let mut s = x;
    for i in 0..n {
        s *= x;
        assert_eq!(i % 3, i, "in step {i}");
    }
    s
}

panics! { asserted_equal, asserted_equal_grad, asserted_equal_grad_add, asserted_equal_graph; 0.5, 5; "in step 3" }

#[differentiable(compiled)]
fn asserted_of_active(x: f64) -> f64 {
    let y = x * 2.0;
    assert!(y < 1.0, "{y} is too large");
    debug_assert_ne!(x, 0.0);
    y.sin()
}

panics! { asserted_of_active, asserted_of_active_grad, asserted_of_active_grad_add, asserted_of_active_graph; 0.75; "1.5 is too large" }

#[differentiable]
fn panicked_in_an_arm(x: f64, kind: &str) -> f64 {
    let y = x * x;
    match kind {
        "sin" => y.sin(),
        "cos" => y.cos(),
        other => panic!("no function {other:?}"),
    }
}

panics! { panicked_in_an_arm, panicked_in_an_arm_grad, panicked_in_an_arm_grad_add, panicked_in_an_arm_graph; 0.5, "tan"; "no function \"tan\"" }

#[differentiable(compiled)]
fn unreachable_arm(x: f64, n: i32) -> f64 {
    let w = match n {
        0 => 0.5,
        1 => 1.5,
        _ => unreachable!("n = {n}"),
    };
    x * w
}

panics! { unreachable_arm, unreachable_arm_grad, unreachable_arm_grad_add, unreachable_arm_graph; 0.5, 2; "n = 2" }

#[differentiable(compiled)]
fn panicked_in_a_plain_function(x: f64, n: u8) -> f64 {
    let k = checked(n);
    let m = checked(k + 9);
    x * m as f64
}

panics! { panicked_in_a_plain_function, panicked_in_a_plain_function_grad, panicked_in_a_plain_function_grad_add, panicked_in_a_plain_function_graph; 0.5, 5; "n is 14" }

#[differentiable(compiled)]
fn panicked_in_a_closure(x: f64, n: usize) -> f64 {
    let w = |i: usize| TABLE[i + 1];
    let a = w(0);
    x * a + w(n)
}

panics! { panicked_in_a_closure, panicked_in_a_closure_grad, panicked_in_a_closure_grad_add, panicked_in_a_closure_graph; 0.5, 2; "index out of bounds" }

#[differentiable(compiled)]
fn panicked_on_the_spot(x: f64, n: usize) -> f64 {
    let y = (|| {
        let k = n - 3;
        x * k as f64
    })();
    y * y
}

panics! { panicked_on_the_spot, panicked_on_the_spot_grad, panicked_on_the_spot_grad_add, panicked_on_the_spot_graph; 0.5, 2; "attempt to subtract with overflow" }

#[differentiable(compiled)]
fn panicked_in_a_condition(x: f64, n: usize) -> f64 {
    let mut s = x;
    if n - 1 > 3 && s > 0.0 {
        s *= x;
    }
    s
}

panics! { panicked_in_a_condition, panicked_in_a_condition_grad, panicked_in_a_condition_grad_add, panicked_in_a_condition_graph; 0.5, 0; "attempt to subtract with overflow" }

#[differentiable(compiled)]
fn panicked_in_an_exponent(x: f64, k: i32) -> f64 {
    let y = x.powi(k + 1);
    y * x
}

panics! { panicked_in_an_exponent, panicked_in_an_exponent_grad, panicked_in_an_exponent_grad_add, panicked_in_an_exponent_graph; 0.5, i32::MAX; "attempt to add with overflow" }

#[differentiable(compiled)]
fn panicked_in_const_arithmetic(x: f64, n: usize) -> f64 {
    let total: usize = [1usize, 2, n].iter().sum();
    let table = vec![0.5; total - 4];
    x * table[0]
}

panics! { panicked_in_const_arithmetic, panicked_in_const_arithmetic_grad, panicked_in_const_arithmetic_grad_add, panicked_in_const_arithmetic_graph; 0.5, 0; "attempt to subtract with overflow" }

#[differentiable(compiled)]
fn late_panicking(x: f64, n: i16) -> f64 {
    let m: i16;
    m = n.abs();
    x * m as f64
}

panics! { late_panicking, late_panicking_grad, late_panicking_grad_add, late_panicking_graph; 0.5, i16::MIN; "attempt to negate with overflow" }

#[differentiable(compiled)]
fn changed_in_place(x: f64, n: usize) -> f64 {
    let mut counts = [0u8; 3];
    for i in 0..n {
        counts[i % 3] += 90;
    }
    x * counts[0] as f64
}

panics! { changed_in_place, changed_in_place_grad, changed_in_place_grad_add, changed_in_place_graph; 0.5, 9; "attempt to add with overflow" }

#[differentiable(compiled)]
fn let_else_panicking(x: f64, #[constant] o: Option<f64>) -> f64 {
    let Some(w) = o else { panic!("nothing to weigh with") };
    x * w
}

panics! { let_else_panicking, let_else_panicking_grad, let_else_panicking_grad_add, let_else_panicking_graph; 0.5, None; "nothing to weigh with" }

#[differentiable(compiled)]
fn helper(x: f64, n: usize) -> f64 {
    let k = 3 - n;
    x * k as f64
}

panics! { helper, helper_grad, helper_grad_add, helper_graph; 0.5, 4; "attempt to subtract with overflow" }

#[differentiable(compiled)]
fn panicked_in_a_helper(x: f64, n: usize) -> f64 {
    let a = helper(x, 2);
    a * helper(x, n)
}

panics! { panicked_in_a_helper, panicked_in_a_helper_grad, panicked_in_a_helper_grad_add, panicked_in_a_helper_graph; 0.5, 4; "attempt to subtract with overflow" }

#[differentiable(compiled)]
fn divided_numbers(x: f64, n: i32) -> f64 {
    let d = i32::MIN / n;
    x + d as f64
}

panics! { divided_numbers, divided_numbers_grad, divided_numbers_grad_add, divided_numbers_graph; 0.5, -1; "attempt to divide with overflow" }

#[differentiable(compiled)]
fn cut_text(x: f64, text: &str) -> f64 {
    let part = &text[2..];
    x * part.len() as f64
}

panics! { cut_text, cut_text_grad, cut_text_grad_add, cut_text_graph; 0.5, "aé"; "byte index 2 is not a char boundary" }

#[differentiable(compiled)]
fn copied_from_a_shorter_one(x: f64, #[constant] d: &[f64]) -> f64 {
    let mut w = [0.0; 3];
    w.copy_from_slice(d);
    x * w[0]
}

panics! { copied_from_a_shorter_one, copied_from_a_shorter_one_grad, copied_from_a_shorter_one_grad_add, copied_from_a_shorter_one_graph; 0.5, &[1.0]; "slice" }

#[differentiable(compiled)]
fn index_below_zero(x: f64) -> f64 {
    let mut i: usize = 1;
    for _ in 0..3 {
        i -= 1;
    }
    x * i as f64
}

panics! { index_below_zero, index_below_zero_grad, index_below_zero_grad_add, index_below_zero_graph; 2.0; "attempt to subtract with overflow" }

#[differentiable(compiled)]
fn byte_overflow(x: f64) -> f64 {
    let a: u8 = 250;
    let mut s = x;
    for i in 0..9u8 {
        s *= x;
        let b = a + i;
        s += b as f64;
    }
    s
}

panics! { byte_overflow, byte_overflow_grad, byte_overflow_grad_add, byte_overflow_graph; 0.5; "attempt to add with overflow" }

#[differentiable(compiled)]
fn inferred_overflow(x: f64, n: i8) -> f64 {
    let c = 100;
    let d = c * n;
    x * d as f64
}

panics! { inferred_overflow, inferred_overflow_grad, inferred_overflow_grad_add, inferred_overflow_graph; 0.5, 2; "attempt to multiply with overflow" }

#[differentiable(compiled)]
fn overflow_in_a_branch(x: f64, n: u32) -> f64 {
    let mut k = n;
    if x > 0.2 {
        let z = x * x;
        k += 1;
        return z * k as f64;
    }
    x
}

panics! { overflow_in_a_branch, overflow_in_a_branch_grad, overflow_in_a_branch_grad_add, overflow_in_a_branch_graph; 0.5, u32::MAX; "attempt to add with overflow" }

#[differentiable(compiled)]
fn shifted_too_far(x: f64, by: u32) -> f64 {
    let a: u8 = 3;
    let y = x.sin();
    y * (a << by) as f64
}

panics! { shifted_too_far, shifted_too_far_grad, shifted_too_far_grad_add, shifted_too_far_graph; 0.5, 8; "attempt to shift left with overflow" }

#[differentiable(compiled)]
fn outside_a_local(x: f64, n: usize) -> f64 {
    let ids = vec![1usize, 5];
    let v = [x, x * x];
    let y = v[ids[0]];
    y * v[ids[n]]
}

panics! { outside_a_local, outside_a_local_grad, outside_a_local_grad_add, outside_a_local_graph; 0.5, 1; "index out of bounds: the len is 2 but the index is 5" }

#[differentiable(compiled)]
fn panicked_in_a_chain(x: f64, n: u8) -> f64 {
    let s: f64 = (0..n)
        .map(|i| {
            let k = 250 + i;
            x * k as f64
        })
        .sum();
    s * x
}

panics! { panicked_in_a_chain, panicked_in_a_chain_grad, panicked_in_a_chain_grad_add, panicked_in_a_chain_graph; 0.5, 9; "attempt to add with overflow" }

#[differentiable(compiled)]
fn panicked_while_looping(x: f64) -> f64 {
    let mut n: u8 = 0;
    let mut s = x;
    while s > -1.0 {
        n += 100;
        s *= 0.9;
    }
    s * n as f64
}

panics! { panicked_while_looping, panicked_while_looping_grad, panicked_while_looping_grad_add, panicked_while_looping_graph; 0.5; "attempt to add with overflow" }

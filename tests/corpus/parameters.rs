//! Parameters that are patterns: companions call them by the names in the pattern.

use gradus::differentiable;
use std::collections::VecDeque;

#[differentiable(second)]
fn distance((x1, y1): (f64, f64), [x2, mut y2]: [f64; 2], &scale: &f64, _: f64) -> f64 {
    y2 += 1.0;
    (x1 - x2).hypot(y1 - y2) * scale
}

case! {
    distance, distance_grad, distance_grad_add, distance_graph;
    with |x1_y1: (f64, f64), x2_y2: [f64; 2], scale: f64, argument3: f64| (x1_y1, x2_y2, &scale, argument3);
    at ((1.0, 2.0), [4.0, 5.0], 2.0, 1.0), ((-1.0, 0.5), [0.3, 0.2], -1.0, 0.0);
    gradient {
        let ((x1, y1), [x2, y2]) = (x1_y1, x2_y2);
        let (dx, dy) = (x1 - x2, y1 - y2 - 1.0);
        let length = dx.hypot(dy);
        let (gx, gy) = (scale * dx / length, scale * dy / length);
        ((gx, gy), [-gx, -gy], length, 0.0)
    };
}

/// A name of the body that is the one a pattern would get.
#[differentiable(second)]
fn area((x, y): (f64, f64), #[constant] (factor, count): (f64, usize)) -> f64 {
    let x_y = x * y;
    x_y * factor * count as f64
}

case! {
    area, area_grad, area_grad_add, area_graph;
    with |x_y_: (f64, f64)| (x_y_, (0.5, 3));
    at (1.0, 2.0), (-1.0, 0.5);
    gradient (1.5 * x_y_.1, 1.5 * x_y_.0);
}

#[differentiable(second)]
fn ends(&[first, .., last]: &[f64; 4]) -> f64 {
    first * last * last
}

#[differentiable(second)]
fn of_ends(x: f64, y: f64) -> f64 {
    ends(&[x, 9.0, x, y]) + distance((x, 1.0), [0.0, y], &2.0, y)
}

case! {
    of_ends, of_ends_grad, of_ends_grad_add, of_ends_graph;
    with |x: f64, y: f64| (x, y);
    at (1.0, 2.0), (-1.0, 0.5);
    gradient {
        let length = x.hypot(y);
        (y * y + 2.0 * x / length, 2.0 * x * y + 2.0 * y / length)
    };
}

#[differentiable(second)]
fn weighted(waiting: &VecDeque<f64>, k: f64) -> f64 {
    let mut line = waiting.clone();
    line.push_front(k);
    line.iter().enumerate().map(|(i, x)| i as f64 * x * k).sum()
}

#[test]
fn a_deque_has_a_gradient_of_its_own_shape() {
    let waiting = VecDeque::from([2.0, 3.0]);
    let (value, (by_waiting, by_k)) = weighted_grad(&waiting, 0.5);
    assert_eq!(value, weighted(&waiting, 0.5));
    assert_eq!((by_waiting, by_k), (VecDeque::from([0.5, 1.0]), 8.0));
    let (mut buffer, mut k) = (VecDeque::from([1.0, 1.0]), 1.0);
    weighted_grad_add(&waiting, 0.5, &mut buffer, &mut k);
    assert_eq!((buffer, k), (VecDeque::from([1.5, 2.0]), 9.0));
}

//! Second derivatives: `f_hvp`, `f_hvp_add` and `f_hessian`, on both back ends, against closed forms and differences of the
//! gradient. (The corpus does the same with every function there.)

#![allow(clippy::needless_pass_by_value, reason = "arguments of every shape are what is tested")]

use gradus::{Activations, Differentiable, Graph, differentiable};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * a.abs().max(b.abs()).max(1.0)
}

// --- closed forms

#[differentiable(second)]
fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

#[test]
fn the_hessian_of_rosenbrock() {
    let compiled = [
        rosenbrock::SECOND_COMPILED,
        quadratic::SECOND_COMPILED,
        stretched::SECOND_COMPILED,
        product::SECOND_COMPILED,
        of_product::SECOND_COMPILED,
        calls::SECOND_COMPILED,
        calls_the_graph::SECOND_COMPILED,
    ];
    assert_eq!(compiled, [true; 7]);
    assert_eq!([on_the_graph::SECOND_COMPILED], [false]);
    let (value, gradient, rows) = rosenbrock_hessian(-1.2, 1.0);
    assert_eq!(value, rosenbrock(-1.2, 1.0));
    assert_eq!(gradient, rosenbrock_grad(-1.2, 1.0).1);
    assert_eq!(rows.len(), 2);
    for ((a, b), (c, d)) in rows.iter().zip([(2.0 - 400.0 * (1.0 - 3.0 * 1.44), 480.0), (480.0, 200.0)]) {
        assert!(close(*a, c) && close(*b, d), "{rows:?}");
    }
    let (_, gradient, (hx, hy)) = rosenbrock_hvp(-1.2, 1.0, 0.5, -2.0);
    assert_eq!(gradient, rosenbrock_grad(-1.2, 1.0).1);
    assert!(close(hx, 0.5 * rows[0].0 - 2.0 * rows[1].0) && close(hy, 0.5 * rows[0].1 - 2.0 * rows[1].1));
}

/// A quadratic form: its Hessian is A + Aᵀ.
#[differentiable(second)]
fn quadratic(x: &[f64], #[constant] a: &[Vec<f64>]) -> f64 {
    let mut sum = 0.0;
    for (row, xi) in a.iter().zip(x) {
        for (entry, xj) in row.iter().zip(x) {
            sum += entry * xi * xj;
        }
    }
    sum
}

#[test]
fn the_hessian_of_a_quadratic_form() {
    let a = vec![vec![1.0, 2.0, -0.5], vec![0.25, 3.0, 1.5], vec![-2.0, 0.0, 4.0]];
    let (_, _, rows) = quadratic_hessian(&[0.3, -1.0, 2.0], &a);
    for i in 0..3 {
        for j in 0..3 {
            assert!(close(rows[i][j], a[i][j] + a[j][i]));
        }
    }
    let none = quadratic_hessian(&[], &[]);
    assert_eq!(none, (0.0, vec![], vec![]));
}

// --- arguments of every shape

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Spring {
    length: f64,
    #[constant]
    stiffness: f64,
    ends: [f64; 2],
}

#[differentiable(second)]
fn stretched(springs: &[Spring], scale: f64, points: [(f64, f64); 2]) -> f64 {
    let mut energy = 0.0;
    for (spring, (x, y)) in springs.iter().zip(points) {
        let stretch = (spring.ends[1] * x - spring.ends[0] * y) * scale - spring.length;
        energy += 0.5 * spring.stiffness * stretch * stretch;
    }
    energy.ln_1p()
}

fn springs() -> Vec<Spring> {
    vec![
        Spring { length: 1.0, stiffness: 3.0, ends: [0.5, 2.0] },
        Spring { length: 0.7, stiffness: 1.5, ends: [-1.0, 0.4] },
    ]
}

/// The numbers of a gradient of `stretched`.
fn numbers((springs, scale, points): &(Vec<Spring>, f64, [(f64, f64); 2])) -> Vec<f64> {
    let mut all: Vec<f64> = springs.iter().flat_map(|s| [s.length, s.ends[0], s.ends[1]]).collect();
    all.push(*scale);
    all.extend(points.iter().flat_map(|(x, y)| [*x, *y]));
    all
}

#[test]
fn tangents_and_products_have_the_shapes_of_the_arguments() {
    let points = [(1.0, 2.0), (0.3, -0.8)];
    let (value, gradient, rows) = stretched_hessian(&springs(), 1.2, points);
    assert_eq!(value, stretched(&springs(), 1.2, points));
    assert_eq!(rows.len(), 11);
    let h: Vec<_> = rows.iter().map(numbers).collect();
    for (i, row) in h.iter().enumerate() {
        for (j, number) in row.iter().enumerate() {
            assert!(close(*number, h[j][i]), "{i} {j}: {h:?}");
        }
    }
    // Constant fields hold the argument's own numbers.
    assert!(rows.iter().all(|row| row.0[0].stiffness == 3.0 && row.0[1].stiffness == 1.5));
    // The gradient is a direction, too.
    let direction = numbers(&gradient);
    let (_, again, product) = stretched_hvp(&springs(), 1.2, points, &gradient.0, gradient.1, gradient.2);
    assert_eq!(again, gradient);
    for (j, number) in numbers(&product).iter().enumerate() {
        let expected: f64 = (0..11).map(|i| direction[i] * h[i][j]).sum();
        assert!(close(*number, expected), "{j}: {number}, {expected}");
    }
    // And differences of gradients.
    let step = 1e-5;
    for (at, row) in h.iter().enumerate().take(3) {
        let moved = |by: f64| {
            let mut springs = springs();
            if at == 0 {
                springs[0].length += by;
            }
            if at == 0 {
                by
            } else {
                0.0
            };
            if at > 0 {
                springs[0].ends[at - 1] += by;
            }
            numbers(&stretched_grad(&springs, 1.2, points).1)
        };
        for ((number, more), less) in row.iter().zip(moved(step)).zip(moved(-step)) {
            assert!((number - (more - less) / (2.0 * step)).abs() < 1e-7);
        }
    }
}

#[test]
fn products_are_added_into_buffers() {
    let a = vec![vec![1.0, 2.0], vec![0.0, 3.0]];
    let (mut gradient, mut product) = (vec![10.0, 20.0], vec![1.0, 1.0]);
    let value = quadratic_hvp_add(&[1.0, 1.0], &a, &[1.0, 0.0], &mut gradient, &mut product);
    assert_eq!((value, gradient, product), (6.0, vec![14.0, 28.0], vec![3.0, 3.0]));
    let (mut gx, mut gy, mut hx, mut hy) = (0.0, 0.0, 1.0, 1.0);
    rosenbrock_hvp_add(1.0, 1.0, 1.0, 0.0, &mut gx, &mut gy, &mut hx, &mut hy);
    assert_eq!((gx, gy, hx, hy), (0.0, 0.0, 803.0, -399.0));
}

#[test]
#[should_panic(expected = "the argument has 2 elements, its tangent 1")]
fn a_tangent_of_another_length() {
    let _ = quadratic_hvp(&[1.0, 2.0], &[vec![0.0; 2], vec![0.0; 2]], &[1.0]);
}

#[test]
#[should_panic(expected = "2 elements")]
fn a_buffer_of_another_length() {
    quadratic_hvp_add(&[1.0, 2.0], &[vec![0.0; 2], vec![0.0; 2]], &[1.0, 0.0], &mut [0.0; 2], &mut [0.0; 1]);
}

// --- conventions

#[differentiable(second)]
fn power(a: f64, b: f64) -> f64 {
    a.powf(b)
}

#[differentiable(second)]
fn leaky(a: f64, b: f64) -> f64 {
    a.leaky_relu(b)
}

#[differentiable(second)]
fn kinks(x: f64, y: f64) -> f64 {
    x.max(y) * x + y.abs() + (x * y).clamp(0.0, 1.0) + x.max(0.0).sqrt()
}

#[test]
fn the_second_derivative_of_a_selecting_operation_is_0() {
    // y is taken, and xy stands at a bound.
    assert_eq!(kinks_hessian(-1.0, 0.0).2, [(0.0, 2.0), (2.0, 0.0)]);
    // At a tie the first operand is taken: x².
    let rows = kinks_hessian(-1.0, -1.0).2;
    assert_eq!(rows, [(2.0, 1.0), (1.0, 0.0)]);
}

#[test]
fn rows_with_second_rules_of_their_own() {
    let rows = power_hessian(4.0, 0.0).2;
    assert_eq!((rows[0], rows[1].0), ((0.0, 0.25), 0.25));
    assert!(close(rows[1].1, 4.0_f64.ln().powi(2)));
    assert_eq!(leaky_hessian(-2.0, 0.1).2, [(0.0, 1.0), (1.0, 0.0)]);
    assert_eq!(leaky_hessian(2.0, 0.1).2, [(0.0, 0.0), (0.0, 0.0)]);
    assert_eq!(leaky_hessian(0.0, 0.1).2, [(0.0, 1.0), (1.0, 0.0)]);
}

// --- operations with partials of their own

#[differentiable(partials = product_partials, second_partials = product_second)]
fn product(a: f64, xs: &[f64]) -> f64 {
    a * xs.iter().product::<f64>()
}

fn product_partials(a: f64, xs: &[f64]) -> (f64, Vec<f64>) {
    let all: f64 = xs.iter().product();
    (all, xs.iter().map(|x| a * all / x).collect())
}

fn product_second(a: f64, xs: &[f64], da: f64, dxs: &[f64]) -> (f64, Vec<f64>) {
    let all: f64 = xs.iter().product();
    let relative: f64 = xs.iter().zip(dxs).map(|(x, dx)| dx / x).sum();
    let of = |(x, dx): (&f64, &f64)| all / x * (da + a * (relative - dx / x));
    (all * relative, xs.iter().zip(dxs).map(of).collect())
}

#[differentiable(second)]
fn of_product(x: f64, y: f64) -> f64 {
    product(x * y, &[x, y.exp()])
}

#[differentiable(second)]
fn spelled_out(x: f64, y: f64) -> f64 {
    x * y * (x * y.exp())
}

#[test]
fn an_operation_gives_its_second_derivatives() {
    let (value, gradient, rows) = of_product_hessian(1.5, 0.3);
    let expected = spelled_out_hessian(1.5, 0.3);
    assert!(close(value, expected.0) && close(gradient.0, expected.1.0) && close(gradient.1, expected.1.1));
    for (row, expected) in rows.iter().zip(&expected.2) {
        assert!(close(row.0, expected.0) && close(row.1, expected.1), "{rows:?}");
    }
    let (value, (ga, gxs), (ha, hxs)) = product_hvp(2.0, &[3.0, 4.0], 1.0, &[0.0, 1.0]);
    assert_eq!((value, ga, gxs, ha, hxs), (24.0, 12.0, vec![8.0, 6.0], 3.0, vec![6.0, 3.0]));
    let rows = product_hessian(2.0, &[3.0, 4.0]).2;
    assert_eq!(rows, [(0.0, vec![4.0, 3.0]), (4.0, vec![0.0, 2.0]), (3.0, vec![2.0, 0.0])]);
}

// --- calls

#[differentiable(second)]
fn norm(xs: &[f64]) -> f64 {
    xs.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[differentiable(second)]
fn scaled(xs: &[f64], by: f64) -> Vec<f64> {
    xs.iter().map(|x| x * by.sin()).collect()
}

#[differentiable(second)]
fn calls(xs: &[f64], k: f64) -> f64 {
    let scaled = scaled(xs, k);
    norm(&scaled) * power(k, 1.5) + rosenbrock(xs[0], scaled[1])
}

#[differentiable(second)]
fn inlined(xs: &[f64], k: f64) -> f64 {
    let scaled: Vec<f64> = xs.iter().map(|x| x * k.sin()).collect();
    let norm = scaled.iter().map(|x| x * x).sum::<f64>().sqrt();
    norm * k.powf(1.5) + (1.0 - xs[0]).powi(2) + 100.0 * (scaled[1] - xs[0] * xs[0]).powi(2)
}

#[test]
fn called_functions_give_theirs() {
    let xs = [0.7, -0.4, 1.1];
    let (value, gradient, rows) = calls_hessian(&xs, 0.8);
    let expected = inlined_hessian(&xs, 0.8);
    assert!(close(value, expected.0) && close(gradient.1, expected.1.1));
    assert_eq!(rows.len(), 4);
    for (row, expected) in rows.iter().zip(&expected.2) {
        assert!(close(row.1, expected.1), "{row:?}, {expected:?}");
        assert!(row.0.iter().zip(&expected.0).all(|(a, b)| close(*a, *b)), "{row:?}, {expected:?}");
    }
}

// --- graphs

/// A construct that is not compiled.
#[differentiable(second)]
fn on_the_graph(xs: &[f64], k: f64) -> f64 {
    let (mut first, mut second) = (xs[0] * k, xs[1] * k);
    let squared = if k > 0.0 { &mut first } else { &mut second };
    *squared = *squared * *squared;
    (first + second) * k
}

#[differentiable(second)]
fn calls_the_graph(x: f64) -> f64 {
    on_the_graph(&[x, 2.0 * x], x.sin()) + on_the_graph(&[1.0, 2.0], x)
}

#[test]
fn graphs_give_the_same() {
    let (value, gradient, product) = on_the_graph_hvp(&[1.5, 2.0], 3.0, &[1.0, 0.0], 0.0);
    // k (x₁ k + x₀² k²)
    assert_eq!(value, 3.0 * (6.0 + 2.25 * 9.0));
    assert!(close(gradient.0[0], 2.0 * 1.5 * 27.0) && close(gradient.0[1], 9.0));
    assert!(
        close(product.0[0], 2.0 * 27.0) && close(product.0[1], 0.0) && close(product.1, 2.0 * 1.5 * 27.0)
    );
    let slope = |x: f64| calls_the_graph_grad(x).1;
    let (_, _, second) = calls_the_graph_hvp(0.7, 1.0);
    assert!((second - (slope(0.7 + 1e-6) - slope(0.7 - 1e-6)) / 2e-6).abs() < 1e-6);
    let graph = Graph::new();
    let x = graph.value(0.7);
    let root = calls_the_graph::on_values(x);
    assert!(close(graph.hvp(root, &[x], &[1.0])[0], second));
}

// --- methods

#[differentiable(second)]
impl Spring {
    fn energy(&self, x: f64) -> f64 {
        let stretch = self.ends[1] * x - self.ends[0] - self.length;
        0.5 * self.stiffness * stretch * stretch
    }
    fn cubed(self) -> f64 {
        self.energy(self.length).powi(3)
    }
}

#[test]
fn methods_have_them_too() {
    let spring = springs().remove(0);
    let (value, gradient, rows) = spring.energy_hessian(2.0);
    assert_eq!((value, &gradient), (spring.energy(2.0), &spring.energy_grad(2.0).1));
    let rows: Vec<_> = rows.iter().map(|(s, x)| [s.length, s.ends[0], s.ends[1], *x]).collect();
    // The stretch is 2·2 − 0.5 − 1 = 2.5.
    let expected = [
        [3.0, 3.0, -6.0, -6.0],
        [3.0, 3.0, -6.0, -6.0],
        [-6.0, -6.0, 12.0, 3.0 * (2.0 * 2.0 + 2.5)],
        [-6.0, -6.0, 3.0 * (2.0 * 2.0 + 2.5), 12.0],
    ];
    assert_eq!(rows, expected);
    let tangent = Spring { length: 1.0, stiffness: 99.0, ends: [0.0; 2] };
    let (_, _, (s, x)) = spring.energy_hvp(2.0, &tangent, 0.0);
    assert_eq!((s.length, s.stiffness, s.ends, x), (3.0, 3.0, [3.0, -6.0], -6.0));
    let (mut gs, mut gx) = (springs().remove(0), 0.0);
    let (mut hs, mut hx) = (springs().remove(0), 1.0);
    spring.energy_hvp_add(2.0, &tangent, 0.0, &mut gs, &mut gx, &mut hs, &mut hx);
    assert_eq!((hs.length, hx, gx), (4.0, -5.0, gradient.1));
    let slope = |length: f64| Spring { length, ..springs().remove(0) }.cubed_grad().1.length;
    let second = spring.clone().cubed_hvp(tangent).2.length;
    let expected = (slope(1.0 + 1e-5) - slope(1.0 - 1e-5)) / 2e-5;
    assert!((second - expected).abs() < 1e-6 * expected.abs().max(1.0), "{second}, {expected}");
}

// --- what is stopped does not change

#[differentiable(second)]
fn straight_through(x: f64, scale: f64) -> f64 {
    let rounded = x + gradus::stop_gradient(x.round() - x);
    scale * rounded * rounded
}

#[test]
fn a_stopped_value_does_not_change() {
    let (_, _, rows) = straight_through_hessian(2.3, 0.5);
    assert_eq!(rows, [(1.0, 4.0), (4.0, 0.0)]);
}

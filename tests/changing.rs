//! Functions that change their arguments through `&mut`: on their own, and called by others.
//!
//! A [`changing!`] checks a function's own companions, which change their arguments as it does: what it gives and leaves, `_vjp` for
//! each unit seed and for a weighted one, `_jacobian`, `_graph`, and differences. A `case!` checks a caller.

#![allow(clippy::all, clippy::pedantic, reason = "users write what clippy would reword")]

#[macro_use]
#[path = "structs/harness.rs"]
mod harness;

/// ```text
/// changing! {
///     relax::BACKEND => Compiled;
///     relax, relax_vjp, relax_jacobian, relax_graph;
///     with relaxed |grid: Vec<f64>, rate: f64| (&mut grid, rate);      the test's name, the arguments, and the call's
///     gives |()| grid; seeded |seed| (&seed);                          what it leaves, of its result too; the seeds, of such a thing
///     looked at (&grid, rate);                                         the arguments of `_graph`, which changes nothing
///     at (vec![1.0, 2.0], 0.5);
/// }
/// ```
macro_rules! changing {
    (
        $backend:path => $expected:ident;
        $function:path, $vjp:path, $jacobian:path, $graph:path;
        with $name:ident |$($argument:ident: $ty:ty),+| ($($given:expr),+);
        gives |$value:pat_param| $left:expr; seeded |$seed:pat_param| ($($seeds:expr),+);
        looked at ($($looked:expr),+);
        at $($point:expr),+;
    ) => {
        #[test]
        #[allow(unused_parens, unused_mut)]
        fn $name() {
            use crate::harness::{Expected, check_backend, check_several};
            check_backend(stringify!($name), $backend, Expected::$expected);
            let points: Vec<($($ty),+)> = vec![$($point),+];
            for point in &points {
                check_several(
                    stringify!($name),
                    point,
                    |point| {
                        let ($(mut $argument),+) = point.clone();
                        let $value = $function($($given),+);
                        $left
                    },
                    |point, seed| {
                        let ($(mut $argument),+) = point.clone();
                        let $seed = seed.clone();
                        let ($value, gradient) = $vjp($($given),+, $($seeds),+);
                        ($left, gradus::flat::to_vec(&gradient))
                    },
                    |point| {
                        let ($(mut $argument),+) = point.clone();
                        let ($value, rows) = $jacobian($($given),+);
                        ($left, rows.into_iter().map(|row| gradus::flat::to_vec(&row)).collect())
                    },
                    |point| { let ($($argument),+) = point.clone(); $graph($($looked),+) },
                );
            }
        }
    };
}

#[path = "changing/states.rs"]
mod states;

mod grids {
    use gradus::differentiable;

    /// A step of the heat equation, in place: each point sees what its left neighbour has become.
    #[differentiable]
    fn heat(grid: &mut [f64], rate: f64) {
        let last = grid.len() - 1;
        for i in 1..last {
            grid[i] += rate * (grid[i - 1] - 2.0 * grid[i] + grid[i + 1]);
        }
        grid[last] *= rate;
    }

    changing! {
        heat::BACKEND => Compiled;
        heat, heat_vjp, heat_jacobian, heat_graph;
        with heat_step |grid: Vec<f64>, rate: f64| (&mut grid, rate);
        gives |()| grid; seeded |seed| (&seed);
        looked at (&grid, rate);
        at (vec![1.0, 0.5, -0.2, 2.0, 0.3], 0.3), (vec![1.0, 2.0], 0.7);
    }

    #[test]
    fn tangents_of_a_slice() {
        let (mut grid, mut tangent) = (vec![1.0, 2.0, 4.0], [0.0, 1.0, 0.0]);
        heat_jvp(&mut grid, 0.5, &mut tangent, 1.0);
        // With rate r and y = 2 + t: y becomes y + r (1 − 2 y + 4), and the last number 4 r.
        assert_eq!((grid, tangent), (vec![1.0, 2.5, 2.0], [0.0, 1.0, 4.0]));
    }

    #[differentiable]
    fn warmth(start: &[f64], rate: f64, #[constant] steps: usize) -> f64 {
        let mut grid = start.to_vec();
        for _ in 0..steps {
            heat(&mut grid, rate);
        }
        grid.iter().map(|x| x * x).sum()
    }

    case! {
        warmth::BACKEND => Compiled;
        warmth, warmth_grad, warmth_graph;
        with warmth_after_steps |start: Vec<f64>, rate: f64| (&start, rate, 4);
        at (vec![1.0, 0.5, -0.2, 2.0, 0.3], 0.3);
    }

    /// Two buffers that change places.
    #[differentiable]
    fn diffuse(u: &mut Vec<f64>, v: &mut Vec<f64>, k: f64, #[constant] steps: usize) {
        let n = u.len();
        for _ in 0..steps {
            for i in 0..n {
                let left = if i == 0 { u[n - 1] } else { u[i - 1] };
                v[i] = (1.0 - k) * u[i] + k * left * u[i];
            }
            std::mem::swap(u, v);
        }
    }

    changing! {
        diffuse::BACKEND => Compiled;
        diffuse, diffuse_vjp, diffuse_jacobian, diffuse_graph;
        with swapped_buffers |u: Vec<f64>, v: Vec<f64>, k: f64| (&mut u, &mut v, k, 3);
        gives |()| (u, v); seeded |(u_seed, v_seed)| (&u_seed, &v_seed);
        looked at (&u, &v, k, 3);
        at (vec![1.0, 0.5, -0.2], vec![9.0, 9.0, 9.0], 0.3);
    }

    #[differentiable]
    fn diffused(start: &[f64], k: f64) -> Vec<f64> {
        let mut u = start.to_vec();
        let mut v = vec![0.0; u.len()];
        diffuse(&mut u, &mut v, k, 3);
        u
    }

    case! {
        diffused::BACKEND => Compiled;
        diffused, diffused_vjp, diffused_jacobian, diffused_graph;
        with caller_of_swapped_buffers |start: Vec<f64>, k: f64| (&start, k);
        at (vec![1.0, 0.5, -0.2], 0.3);
    }

    /// Cells behind a wall keep their values; the result counts the others.
    #[differentiable]
    fn relax(grid: &mut [f64], #[constant] wall: &[bool], rate: f64) -> usize {
        let mut changed = 0;
        for (cell, wall) in grid.iter_mut().zip(wall) {
            if !*wall {
                *cell -= rate * cell.powi(3);
                changed += 1;
            }
        }
        changed
    }

    changing! {
        relax::BACKEND => Compiled;
        relax, relax_vjp, relax_jacobian, relax_graph;
        with relaxed_cells |grid: Vec<f64>, rate: f64| (&mut grid, &[false, true, false], rate);
        gives |_| grid; seeded |seed| (&seed);
        looked at (&grid, &[false, true, false], rate);
        at (vec![1.0, 0.5, -0.2], 0.3);
    }

    #[test]
    fn data_in_the_result_comes_too() {
        let mut grid = vec![1.0, 0.5, -0.2];
        let (changed, (_, drate)) = relax_vjp(&mut grid, &[false, true, false], 0.5, &[1.0, 1.0, 0.0]);
        assert_eq!((changed, grid[0], drate), (2, 0.5, -1.0));
    }
}

mod factorizations {
    use gradus::differentiable;

    /// LU without pivots, in place.
    #[differentiable]
    fn lu(a: &mut [[f64; 3]; 3]) {
        for k in 0..3 {
            for i in k + 1..3 {
                a[i][k] /= a[k][k];
                for j in k + 1..3 {
                    a[i][j] -= a[i][k] * a[k][j];
                }
            }
        }
    }

    changing! {
        lu::BACKEND => Compiled;
        lu, lu_vjp, lu_jacobian, lu_graph;
        with lu_in_place |a: [[f64; 3]; 3]| (&mut a);
        gives |()| a; seeded |seed| (&seed);
        looked at (&a);
        at [[4.0, 1.0, 0.5], [1.0, 3.0, -0.2], [0.3, 0.1, 2.0]];
    }

    /// Solves with what `lu` leaves, in place.
    #[differentiable]
    fn substitute<const N: usize>(lu: &[[f64; N]; N], b: &mut [f64; N]) {
        for i in 0..N {
            for j in 0..i {
                b[i] -= lu[i][j] * b[j];
            }
        }
        for i in (0..N).rev() {
            for j in i + 1..N {
                b[i] -= lu[i][j] * b[j];
            }
            b[i] /= lu[i][i];
        }
    }

    changing! {
        substitute::BACKEND => Compiled;
        substitute, substitute_vjp, substitute_jacobian, substitute_graph;
        with substituted |lu: [[f64; 3]; 3], b: [f64; 3]| (&lu, &mut b);
        gives |()| b; seeded |seed| (&seed);
        looked at (&lu, &b);
        at ([[4.0, 1.0, 0.5], [1.0, 3.0, -0.2], [0.3, 0.1, 2.0]], [1.0, -2.0, 0.5]);
    }

    #[differentiable]
    fn solved(a: [[f64; 3]; 3], b: &[f64; 3]) -> [f64; 3] {
        let mut a = a;
        let mut x = *b;
        lu(&mut a);
        substitute(&a, &mut x);
        x
    }

    case! {
        solved::BACKEND => Compiled;
        solved, solved_vjp, solved_jacobian, solved_graph;
        with linear_system |a: [[f64; 3]; 3], b: [f64; 3]| (a, &b);
        at ([[4.0, 1.0, 0.5], [1.0, 3.0, -0.2], [0.3, 0.1, 2.0]], [1.0, -2.0, 0.5]);
    }

    #[differentiable]
    fn log_determinant(a: &[[f64; 3]; 3]) -> f64 {
        let mut factors = *a;
        lu(&mut factors);
        (0..3).map(|i| factors[i][i].abs().ln()).sum()
    }

    case! {
        log_determinant::BACKEND => Compiled;
        log_determinant, log_determinant_grad, log_determinant_graph;
        with log_determinant_by_lu |a: [[f64; 3]; 3]| (&a);
        at [[4.0, 1.0, 0.5], [1.0, 3.0, -0.2], [0.3, 0.1, 2.0]];
    }

    /// Cholesky of a matrix in rows, in place; whether it is positive definite.
    #[differentiable]
    fn cholesky(a: &mut [f64], #[constant] n: usize) -> bool {
        for j in 0..n {
            for k in 0..j {
                a[j * n + j] -= a[j * n + k] * a[j * n + k];
            }
            if a[j * n + j] <= 0.0 {
                return false;
            }
            a[j * n + j] = a[j * n + j].sqrt();
            for i in j + 1..n {
                for k in 0..j {
                    a[i * n + j] -= a[i * n + k] * a[j * n + k];
                }
                a[i * n + j] /= a[j * n + j];
            }
        }
        true
    }

    changing! {
        cholesky::BACKEND => Compiled;
        cholesky, cholesky_vjp, cholesky_jacobian, cholesky_graph;
        with cholesky_in_place |a: Vec<f64>| (&mut a, 3);
        gives |_| a; seeded |seed| (&seed);
        looked at (&a, 3);
        at vec![4.0, 1.0, 0.5, 1.0, 3.0, -0.2, 0.5, -0.2, 2.0], vec![4.0, 1.0, 0.5, 1.0, -3.0, -0.2, 0.5, -0.2, 2.0];
    }

    /// The likelihood of a normal distribution with a squared exponential kernel.
    #[differentiable]
    fn likelihood(#[constant] xs: &[f64], y: &[f64], length: f64, noise: f64) -> f64 {
        let n = xs.len();
        let mut k = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..n {
                let d = (xs[i] - xs[j]) / length;
                k[i * n + j] = (-0.5 * d * d).exp() + if i == j { noise } else { 0.0 };
            }
        }
        if !cholesky(&mut k, n) {
            return f64::INFINITY;
        }
        let mut z = y.to_vec();
        for i in 0..n {
            for j in 0..i {
                z[i] -= k[i * n + j] * z[j];
            }
            z[i] /= k[i * n + i];
        }
        let logs: f64 = (0..n).map(|i| k[i * n + i].ln()).sum();
        0.5 * z.iter().map(|z| z * z).sum::<f64>() + logs
    }

    case! {
        likelihood::BACKEND => Compiled;
        likelihood, likelihood_grad, likelihood_graph;
        with gaussian_process |y: Vec<f64>, length: f64, noise: f64| (&[0.0, 0.5, 1.2, 2.0], &y, length, noise);
        at (vec![0.1, 0.4, 0.2, -0.3], 0.8, 0.1);
    }
}

mod numbers {
    use gradus::differentiable;

    #[differentiable]
    fn bump(x: &mut f64, k: f64) -> f64 {
        let before = *x;
        *x = k * before.sin();
        before * k
    }

    changing! {
        bump::BACKEND => Compiled;
        bump, bump_vjp, bump_jacobian, bump_graph;
        with number |x: f64, k: f64| (&mut x, k);
        gives |value| (value, x); seeded |(seed, x_seed)| (seed, &x_seed);
        looked at (&x, k);
        at (0.7, 1.3);
    }

    #[differentiable]
    fn bumped(xs: &[f64], k: f64) -> f64 {
        let mut xs = xs.to_vec();
        let mut sum = 0.0;
        for i in 0..xs.len() {
            sum += bump(&mut xs[i], k);
        }
        let mut total = sum;
        bump(&mut total, k);
        bump(&mut total, sum);
        total + xs[0] * xs[1]
    }

    case! {
        bumped::BACKEND => Compiled;
        bumped, bumped_grad, bumped_graph;
        with numbers_of_a_vec |xs: Vec<f64>, k: f64| (&xs, k);
        at (vec![0.7, -0.4, 1.1], 1.3);
    }

    /// Both roots, in place.
    #[differentiable]
    fn ordered(a: &mut f64, b: &mut f64) {
        if *a > *b {
            std::mem::swap(a, b);
        }
        *a *= 2.0;
    }

    changing! {
        ordered::BACKEND => Compiled;
        ordered, ordered_vjp, ordered_jacobian, ordered_graph;
        with two_numbers |a: f64, b: f64| (&mut a, &mut b);
        gives |()| (a, b); seeded |(a_seed, b_seed)| (&a_seed, &b_seed);
        looked at (&a, &b);
        at (1.0, 2.0), (2.0, 1.0);
    }

    #[differentiable]
    fn of_ordered(x: f64, y: f64) -> f64 {
        let (mut a, mut b) = (x * y, x + y);
        ordered(&mut a, &mut b);
        a / b
    }

    case! {
        of_ordered::BACKEND => Compiled;
        of_ordered, of_ordered_grad, of_ordered_graph;
        with two_variables |x: f64, y: f64| (x, y);
        at (1.0, 2.0), (3.0, 2.0);
    }

    /// The result is a pair.
    #[differentiable]
    fn shared(purse: &mut f64, #[constant] parts: usize) -> (f64, f64) {
        let part = *purse / parts as f64;
        *purse -= part * part;
        (part, purse.sqrt())
    }

    changing! {
        shared::BACKEND => Compiled;
        shared, shared_vjp, shared_jacobian, shared_graph;
        with pair_as_result |purse: f64| (&mut purse, 3);
        gives |value| (value, purse); seeded |(seed, purse_seed)| (seed, &purse_seed);
        looked at (&purse, 3);
        at 7.0;
    }
}

mod sequences {
    use gradus::differentiable;

    /// The logistic map, point after point.
    #[differentiable]
    fn extended(path: &mut Vec<f64>, k: f64, #[constant] steps: usize) {
        for _ in 0..steps {
            let last = path[path.len() - 1];
            path.push(k * last * (1.0 - last));
        }
    }

    #[differentiable]
    fn orbit(start: f64, k: f64, #[constant] steps: usize) -> f64 {
        let mut path = vec![start];
        extended(&mut path, k, steps);
        extended(&mut path, start, 1);
        path.iter().sum::<f64>() + path[path.len() - 1]
    }

    case! {
        orbit::BACKEND => Compiled;
        orbit, orbit_grad, orbit_graph;
        with grown_vec |start: f64, k: f64| (start, k, 4);
        at (0.3, 2.9);
    }

    #[test]
    fn a_vec_that_grows_has_a_seed_of_its_final_length() {
        let mut path = vec![0.5];
        let (value, (dpath, dk)) = extended_vjp(&mut path, 3.0, 2, &[0.0, 1.0, 0.0]);
        assert_eq!((value, path.len()), ((), 3));
        assert_eq!((dpath, dk), (vec![0.0], 0.25)); // 3 · (1 − 2 · 0.5), and 0.5 · (1 − 0.5)
        let (value, rows) = extended_jacobian(&mut path, 3.0, 1);
        assert_eq!((value, path.len(), rows.len()), ((), 4, 4));
        assert_eq!(extended_graph(&path, 3.0, 2).values().len(), 6);
    }

    #[test]
    #[should_panic(expected = "the result has 3 values, the seed 1")]
    fn a_seed_of_the_initial_length_is_refused() {
        extended_vjp(&mut vec![0.5], 3.0, 2, &vec![1.0]);
    }

    /// Scales a row, and gives its sum.
    #[differentiable]
    fn normalised(row: &mut [f64]) -> f64 {
        let sum: f64 = row.iter().sum();
        row.iter_mut().for_each(|x| *x /= sum);
        sum
    }

    changing! {
        normalised::BACKEND => Compiled;
        normalised, normalised_vjp, normalised_jacobian, normalised_graph;
        with normalised_row |row: Vec<f64>| (&mut row);
        gives |value| (value, row); seeded |(seed, row_seed)| (seed, &row_seed);
        looked at (&row);
        at vec![0.7, 0.4, 1.1];
    }

    #[differentiable]
    fn stochastic(rows: &[Vec<f64>]) -> f64 {
        let mut rows = rows.to_vec();
        let mut product = 1.0;
        for row in rows.iter_mut() {
            product *= normalised(row);
        }
        for i in 0..rows.len() {
            rows[i][0] *= product;
            normalised(&mut rows[i]);
        }
        rows[0][0] * rows[1][1]
    }

    case! {
        stochastic::BACKEND => Compiled;
        stochastic, stochastic_grad, stochastic_graph;
        with rows_of_a_matrix |rows: Vec<Vec<f64>>| (&rows);
        at vec![vec![0.7, 0.4], vec![1.1, 0.2]];
    }

    #[differentiable]
    fn of_parts(xs: &[f64], k: f64) -> f64 {
        let mut v = xs.to_vec();
        normalised(&mut v[1..]);
        v[2] *= k;
        normalised(&mut v[..3]);
        let (low, high) = v.split_at_mut(2);
        let a = normalised(low);
        let b = normalised(high);
        v.iter().enumerate().map(|(i, x)| i as f64 * x).sum::<f64>() * a + b
    }

    case! {
        of_parts::BACKEND => Compiled;
        of_parts, of_parts_grad, of_parts_graph;
        with parts_of_a_vec |xs: Vec<f64>, k: f64| (&xs, k);
        at (vec![0.7, 0.4, 1.1, 0.3, 0.9], 1.3);
    }

    /// Calls another with its own parameter.
    #[differentiable]
    fn twice(v: &mut Vec<f64>, k: f64) {
        normalised(v);
        v[0] *= k;
        normalised(v);
        v[1] += v[0];
    }

    changing! {
        twice::BACKEND => Compiled;
        twice, twice_vjp, twice_jacobian, twice_graph;
        with own_parameter |v: Vec<f64>, k: f64| (&mut v, k);
        gives |()| v; seeded |seed| (&seed);
        looked at (&v, k);
        at (vec![0.7, 0.4, 1.1], 1.3);
    }

    /// Calls itself on each half.
    #[differentiable]
    fn haar(v: &mut [f64]) {
        let n = v.len();
        if n < 2 {
            return;
        }
        let half = n / 2;
        let old = v.to_vec();
        for i in 0..half {
            v[i] = 0.5 * (old[2 * i] + old[2 * i + 1]);
            v[half + i] = 0.5 * (old[2 * i] - old[2 * i + 1]) * old[0];
        }
        haar(&mut v[..half]);
    }

    changing! {
        haar::BACKEND => Compiled;
        haar, haar_vjp, haar_jacobian, haar_graph;
        with calls_itself |v: Vec<f64>| (&mut v);
        gives |()| v; seeded |seed| (&seed);
        looked at (&v);
        at vec![0.7, 0.4, 1.1, 0.3, 0.9, -0.2, 0.1, 0.6];
    }

    #[differentiable]
    fn scaled<const N: usize>(v: &mut [f64; N], k: f64) {
        for x in v.iter_mut() {
            *x *= k;
        }
        v.swap(0, N - 1);
    }

    changing! {
        scaled::BACKEND => Compiled;
        scaled, scaled_vjp, scaled_jacobian, scaled_graph;
        with array_of_any_length |v: [f64; 3], k: f64| (&mut v, k);
        gives |()| v; seeded |seed| (&seed);
        looked at (&v, k);
        at ([0.7, 0.4, 1.1], 1.3);
    }

    #[differentiable]
    fn of_scaled(v: [f64; 3], k: f64) -> f64 {
        let mut v = v;
        scaled(&mut v, k);
        scaled(&mut v, 2.0);
        v[0] * v[1] + v[2]
    }

    case! {
        of_scaled::BACKEND => Compiled;
        of_scaled, of_scaled_grad, of_scaled_graph;
        with array_twice |v: [f64; 3], k: f64| (v, k);
        at ([0.7, 0.4, 1.1], 1.3);
    }
}

mod structs {
    use gradus::{Differentiable, differentiable};

    #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
    struct Vec2 {
        x: f64,
        y: f64,
    }

    #[derive(Clone, Debug, PartialEq, Differentiable)]
    struct Body {
        position: Vec2,
        velocity: Vec2,
        mass: f64,
        name: String,
    }

    fn body(x: f64, vx: f64) -> Body {
        Body {
            position: Vec2 { x, y: 0.5 },
            velocity: Vec2 { x: vx, y: -0.3 },
            mass: 2.0,
            name: format!("body at {x}"),
        }
    }

    #[differentiable]
    fn turn(v: &mut Vec2, angle: f64) {
        let (sin, cos) = angle.sin_cos();
        *v = Vec2 { x: cos * v.x - sin * v.y, y: sin * v.x + cos * v.y };
    }

    changing! {
        turn::BACKEND => Compiled;
        turn, turn_vjp, turn_jacobian, turn_graph;
        with turned_vector |v: Vec2, angle: f64| (&mut v, angle);
        gives |()| v; seeded |seed| (&seed);
        looked at (&v, angle);
        at (Vec2 { x: 0.3, y: 1.2 }, 0.4);
    }

    /// Changes the body, and gives the work.
    #[differentiable]
    fn step(body: &mut Body, force: Vec2, dt: f64) -> f64 {
        let work = force.x * body.velocity.x + force.y * body.velocity.y;
        body.velocity.x += dt * force.x / body.mass;
        body.velocity.y += dt * force.y / body.mass;
        body.position.x += dt * body.velocity.x;
        body.position.y += dt * body.velocity.y;
        turn(&mut body.velocity, 0.1 * dt);
        work * dt
    }

    changing! {
        step::BACKEND => Compiled;
        step, step_vjp, step_jacobian, step_graph;
        with stepped_body |body: Body, force: Vec2, dt: f64| (&mut body, force, dt);
        gives |value| (value, body); seeded |(seed, body_seed)| (seed, &body_seed);
        looked at (&body, force, dt);
        at (body(0.2, 0.7), Vec2 { x: 0.4, y: -1.0 }, 0.1);
    }

    #[test]
    fn the_gradient_keeps_data() {
        let mut moved = body(0.2, 0.7);
        let seed = Body::zeros_like(&moved);
        let (_, (gradient, ..)) = step_vjp(&mut moved, Vec2 { x: 0.4, y: -1.0 }, 0.1, 1.0, &seed);
        assert_eq!(gradient.name, "body at 0.2");
        assert_ne!(moved.position, body(0.2, 0.7).position);
    }

    #[differentiable]
    fn work(start: &Body, force: Vec2, dt: f64) -> f64 {
        let mut body = start.clone();
        let mut work = 0.0;
        for _ in 0..3 {
            work += step(&mut body, force, dt);
        }
        work + body.position.x * body.velocity.y
    }

    case! {
        work::BACKEND => Compiled;
        work, work_grad, work_graph;
        with work_of_steps |start: Body, force: Vec2, dt: f64| (&start, force, dt);
        at (body(0.2, 0.7), Vec2 { x: 0.4, y: -1.0 }, 0.1);
    }

    /// Both change.
    #[differentiable]
    fn collide(a: &mut Body, b: &mut Body) {
        let total = a.mass + b.mass;
        let common = (a.mass * a.velocity.x + b.mass * b.velocity.x) / total;
        a.velocity.x = 2.0 * common - a.velocity.x;
        b.velocity.x = 2.0 * common - b.velocity.x;
    }

    changing! {
        collide::BACKEND => Compiled;
        collide, collide_vjp, collide_jacobian, collide_graph;
        with collided_bodies |a: Body, b: Body| (&mut a, &mut b);
        gives |()| (a, b); seeded |(a_seed, b_seed)| (&a_seed, &b_seed);
        looked at (&a, &b);
        at (body(0.2, 0.7), body(1.0, -0.4));
    }

    #[differentiable]
    fn gas(start: &[Body], force: Vec2) -> f64 {
        let mut bodies = start.to_vec();
        for body in bodies.iter_mut() {
            step(body, force, 0.1);
        }
        let (first, rest) = bodies.split_at_mut(1);
        collide(&mut first[0], &mut rest[0]);
        bodies.iter().map(|b| b.mass * b.velocity.x * b.velocity.x * b.position.y).sum()
    }

    case! {
        gas::BACKEND => Compiled;
        gas, gas_grad, gas_graph;
        with gas_of_bodies |start: Vec<Body>, force: Vec2| (&start, force);
        at (vec![body(0.2, 0.7), body(1.0, -0.4), body(2.0, 0.1)], Vec2 { x: 0.4, y: -1.0 });
    }

    /// Every body of a slice.
    #[differentiable]
    fn drift(bodies: &mut [Body], dt: f64) {
        for body in bodies.iter_mut() {
            body.position.x += dt * body.velocity.x;
        }
        let last = bodies.len() - 1;
        bodies[last].mass *= dt;
    }

    changing! {
        drift::BACKEND => Compiled;
        drift, drift_vjp, drift_jacobian, drift_graph;
        with drifted_bodies |bodies: Vec<Body>, dt: f64| (&mut bodies, dt);
        gives |()| bodies; seeded |seed| (&seed);
        looked at (&bodies, dt);
        at (vec![body(0.2, 0.7), body(1.0, -0.4)], 0.5);
    }
    #[test]
    fn tangents_change_with_the_arguments() {
        let (force, dforce) = (Vec2 { x: 0.4, y: -1.0 }, Vec2 { x: 0.3, y: 0.2 });
        let (mut moved, mut tangent) = (body(0.2, 0.7), body(1.5, -0.5));
        let seed = body(0.9, 2.0);
        let (work, dwork) = step_jvp(&mut moved, force, 0.1, &mut tangent, dforce, 0.25);
        let mut again = body(0.2, 0.7);
        let (value, (gradient, of_force, of_dt)) = step_vjp(&mut again, force, 0.1, 3.0, &seed);
        assert_eq!((work, &moved), (value, &again));
        // Both sum up the same products, each in its own order.
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let (given, left) = (gradus::flat::to_vec(&body(1.5, -0.5)), gradus::flat::to_vec(&tangent));
        let forward = 3.0 * dwork + product(&gradus::flat::to_vec(&seed), &left);
        let reverse = product(&gradus::flat::to_vec(&gradient), &given)
            + of_force.x * dforce.x
            + of_force.y * dforce.y
            + of_dt * 0.25;
        assert!((forward - reverse).abs() < 1e-14, "{forward} and {reverse}");
        assert_eq!(tangent.name, "body at 0.2");
    }
}

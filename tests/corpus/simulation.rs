//! Differential equations and fixed points: the loops that carry their state.

use gradus::differentiable;

/// The Lorenz system by the classical Runge-Kutta method.
#[differentiable(second)]
fn lorenz(start: [f64; 3], sigma: f64, rho: f64, beta: f64, steps: usize) -> f64 {
    let h = 0.01;
    let flow = |s: [f64; 3]| [sigma * (s[1] - s[0]), s[0] * (rho - s[2]) - s[1], s[0] * s[1] - beta * s[2]];
    let step = |s: [f64; 3], k: [f64; 3], t: f64| [s[0] + t * k[0], s[1] + t * k[1], s[2] + t * k[2]];
    let mut s = start;
    for _ in 0..steps {
        let k1 = flow(s);
        let k2 = flow(step(s, k1, 0.5 * h));
        let k3 = flow(step(s, k2, 0.5 * h));
        let k4 = flow(step(s, k3, h));
        for i in 0..3 {
            s[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
    }
    s[0] + 0.5 * s[1] - s[2]
}

case! {
    lorenz, lorenz_grad, lorenz_grad_add, lorenz_graph;
    for steps in [0, 1, 40];
    with |start: [f64; 3], sigma: f64, rho: f64, beta: f64| (start, sigma, rho, beta, steps);
    at ([1.0, 0.5, 20.0], 10.0, 28.0, 8.0 / 3.0);
}

/// A pendulum by the semi-implicit Euler method: its angle after some steps.
#[differentiable(second)]
fn pendulum(angle: f64, speed: f64, length: f64, steps: usize) -> f64 {
    let (mut angle, mut speed) = (angle, speed);
    let dt = 0.02;
    for _ in 0..steps {
        speed -= dt * 9.81 / length * angle.sin();
        angle += dt * speed;
    }
    angle
}

case! {
    pendulum, pendulum_grad, pendulum_grad_add, pendulum_graph;
    for steps in [0, 1, 100];
    with |angle: f64, speed: f64, length: f64| (angle, speed, length, steps);
    at (0.5, 0.0, 1.0), (2.5, -1.0, 0.3);
    gradient {
        // The tangent of the recurrence, in each of the three directions.
        let tangent = |seed: [f64; 3]| {
            let (mut a, mut v, [mut da, mut dv, dl]) = (angle, speed, seed);
            for _ in 0..steps {
                dv -= 0.02 * 9.81 * (a.cos() * da / length - a.sin() * dl / (length * length));
                v -= 0.02 * 9.81 / length * a.sin();
                da += 0.02 * dv;
                a += 0.02 * v;
            }
            da
        };
        (tangent([1.0, 0.0, 0.0]), tangent([0.0, 1.0, 0.0]), tangent([0.0, 0.0, 1.0]))
    };
}

/// Kepler's equation `E − e sin E = M` by Newton's method.
#[differentiable(second)]
fn kepler(mean_anomaly: f64, eccentricity: f64) -> f64 {
    let mut e = mean_anomaly;
    for _ in 0..50 {
        let delta = (e - eccentricity * e.sin() - mean_anomaly) / (1.0 - eccentricity * e.cos());
        e -= delta;
        if delta.abs() < 1e-13 {
            break;
        }
    }
    e
}

case! {
    kepler, kepler_grad, kepler_grad_add, kepler_graph;
    with |mean_anomaly: f64, eccentricity: f64| (mean_anomaly, eccentricity);
    at (0.5, 0.2), (3.0, 0.7), (-1.2, 0.05);
    gradient {
        // By the implicit function theorem, at a root found by bisection.
        let (mut low, mut high) = (mean_anomaly - 1.0, mean_anomaly + 1.0);
        for _ in 0..80 {
            let middle = 0.5 * (low + high);
            if middle - eccentricity * middle.sin() < mean_anomaly { low = middle } else { high = middle }
        }
        let slope = 1.0 - eccentricity * low.cos();
        (1.0 / slope, low.sin() / slope)
    };
}

#[differentiable(second)]
fn logistic_map(x: f64, r: f64, n: usize) -> f64 {
    let mut x = x;
    for _ in 0..n {
        x = r * x * (1.0 - x);
    }
    x
}

case! {
    logistic_map, logistic_map_grad, logistic_map_grad_add, logistic_map_graph;
    for n in [0, 1, 2, 15];
    with |x: f64, r: f64| (x, r, n);
    at (0.3, 2.5), (0.6, 3.4);
    gradient {
        let (mut by_x, mut by_r, mut now) = (1.0, 0.0, x);
        for _ in 0..n {
            let slope = r * (1.0 - 2.0 * now);
            (by_x, by_r) = (slope * by_x, slope * by_r + now * (1.0 - now));
            now = r * now * (1.0 - now);
        }
        (by_x, by_r)
    };
}

/// A ball that bounces: each time it meets the floor its speed turns and shrinks.
#[differentiable(second)]
fn bouncing_ball(height: f64, restitution: f64) -> f64 {
    let (mut y, mut v) = (height, 0.0);
    let dt = 0.05;
    for _ in 0..60 {
        v -= 9.81 * dt;
        y += v * dt;
        if y < 0.0 {
            y = -y * restitution;
            v = -v * restitution;
        }
    }
    y + 0.1 * v
}

case! {
    bouncing_ball, bouncing_ball_grad, bouncing_ball_grad_add, bouncing_ball_graph;
    with |height: f64, restitution: f64| (height, restitution);
    at (2.0, 0.8), (5.0, 0.5);
}

/// Three bodies in the plane, positions and velocities in one `Vec`, by leapfrog; returns the kinetic energy.
#[differentiable(second)]
fn three_bodies(state: Vec<f64>, masses: [f64; 3], steps: usize) -> f64 {
    let mut s = state;
    let dt = 0.01;
    for _ in 0..steps {
        for i in 0..6 {
            s[i] += 0.5 * dt * s[i + 6];
        }
        for i in 0..3 {
            for j in 0..3 {
                if i == j {
                    continue;
                }
                let (dx, dy) = (s[2 * j] - s[2 * i], s[2 * j + 1] - s[2 * i + 1]);
                let r2 = dx * dx + dy * dy + 0.01;
                let pull = masses[j] * dt / (r2 * r2.sqrt());
                s[6 + 2 * i] += pull * dx;
                s[7 + 2 * i] += pull * dy;
            }
        }
        for i in 0..6 {
            s[i] += 0.5 * dt * s[i + 6];
        }
    }
    (0..3).map(|i| 0.5 * masses[i] * (s[6 + 2 * i].powi(2) + s[7 + 2 * i].powi(2))).sum()
}

case! {
    three_bodies, three_bodies_grad, three_bodies_grad_add, three_bodies_graph;
    for steps in [0, 1, 30];
    with |state: Vec<f64>, masses: [f64; 3]| (state, masses, steps);
    at (vec![1.0, 0.0, -0.5, 0.8, -0.5, -0.9, 0.1, 0.6, -0.5, -0.3, 0.5, -0.2], [1.0, 0.8, 1.2]);
}

//! Springs, pendulums, and integrators over states with operators.

use super::vectors::{Vec3, v};
use gradus::{Differentiable, differentiable};
use std::ops::{Add, Mul};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct State {
    q: f64,
    p: f64,
}

#[differentiable]
impl Add for State {
    type Output = State;
    fn add(self, o: State) -> State {
        State { q: self.q + o.q, p: self.p + o.p }
    }
}

#[differentiable]
impl Mul<State> for f64 {
    type Output = State;
    fn mul(self, s: State) -> State {
        State { q: self * s.q, p: self * s.p }
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Pendulum {
    length: f64,
    gravity: f64,
    damping: f64,
}

#[differentiable]
impl Pendulum {
    fn rate(&self, s: State) -> State {
        State { q: s.p, p: -(self.gravity / self.length) * s.q.sin() - self.damping * s.p }
    }

    fn rk4(&self, s: State, h: f64) -> State {
        let k1 = self.rate(s);
        let k2 = self.rate(s + 0.5 * h * k1);
        let k3 = self.rate(s + 0.5 * h * k2);
        let k4 = self.rate(s + h * k3);
        s + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    }

    fn energy(&self, s: State) -> f64 {
        0.5 * (self.length * s.p).powi(2) + self.gravity * self.length * (1.0 - s.q.cos())
    }
}

fn clock() -> Pendulum {
    Pendulum { length: 0.9, gravity: 9.81, damping: 0.1 }
}

case! {
    Pendulum::RK4_BACKEND => Compiled;
    Pendulum::rk4, Pendulum::rk4_vjp, Pendulum::rk4_jacobian, Pendulum::rk4_graph;
    with rk4_step |pendulum: Pendulum, s: State, h: f64| (&pendulum, s, h);
    at (clock(), State { q: 0.4, p: -0.3 }, 0.05);
}

#[differentiable]
fn swing(pendulum: &Pendulum, start: State, n: usize) -> f64 {
    let mut s = start;
    for _ in 0..n {
        s = pendulum.rk4(s, 0.05);
    }
    s.q
}

case! {
    swing::BACKEND => Compiled;
    swing, swing_grad, swing_graph;
    with swinging |pendulum: Pendulum, start: State| (&pendulum, start, 20);
    at (clock(), State { q: 0.4, p: -0.3 });
}

/// The largest energy on the way, by a branch.
#[differentiable]
fn worst_energy(pendulum: Pendulum, start: State) -> f64 {
    let mut s = start;
    let mut worst = pendulum.energy(s);
    for _ in 0..10 {
        s = s + 0.02 * pendulum.rate(s);
        let here = pendulum.energy(s);
        if here > worst {
            worst = here;
        }
    }
    worst
}

case! {
    worst_energy::BACKEND => Compiled;
    worst_energy, worst_energy_grad, worst_energy_graph;
    with worst |pendulum: Pendulum, start: State| (pendulum, start);
    at (Pendulum { damping: -0.3, ..clock() }, State { q: 0.4, p: -0.3 });
}

#[derive(Clone, Debug, Differentiable)]
struct Spring {
    from: usize,
    to: usize,
    rest: f64,
    stiffness: f64,
}

#[differentiable]
impl Spring {
    fn energy(&self, points: &[Vec3]) -> f64 {
        let stretch = points[self.from].distance(points[self.to]) - self.rest;
        0.5 * self.stiffness * stretch * stretch
    }

    fn pull(&self, points: &[Vec3]) -> Vec3 {
        let d = points[self.to] - points[self.from];
        d.normalized() * (self.stiffness * (d.norm() - self.rest))
    }
}

case! {
    Spring::ENERGY_BACKEND => Compiled;
    Spring::energy, Spring::energy_grad, Spring::energy_graph;
    with spring_energy |spring: Spring, points: Vec<Vec3>| (&spring, &points);
    at (Spring { from: 0, to: 1, rest: 0.7, stiffness: 3.0 }, vec![v(0.0, 0.0, 0.0), v(1.0, 0.3, 0.2)]);
}

#[differentiable]
fn net_energy(springs: &[Spring], points: &[Vec3]) -> f64 {
    springs.iter().map(|spring| spring.energy(points)).sum()
}

fn net() -> Vec<Spring> {
    let spring = |from, to, rest| Spring { from, to, rest, stiffness: 2.0 + rest };
    vec![spring(0, 1, 0.8), spring(1, 2, 0.5), spring(0, 2, 1.1)]
}

fn corners() -> Vec<Vec3> {
    vec![v(0.0, 0.0, 0.0), v(1.0, 0.3, 0.2), v(0.4, 1.1, -0.3)]
}

case! {
    net_energy::BACKEND => Compiled;
    net_energy, net_energy_grad, net_energy_graph;
    with net_of_springs |springs: Vec<Spring>, points: Vec<Vec3>| (&springs, &points);
    at (net(), corners());
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Oscillator {
    amplitude: f64,
    frequency: f64,
    phase: f64,
    decay: f64,
}

#[differentiable]
impl Oscillator {
    fn at(&self, t: f64) -> f64 {
        self.amplitude * (-self.decay * t).exp() * (self.frequency * t + self.phase).sin()
    }
}

/// The misfit of a bank of oscillators.
#[differentiable]
fn bank_misfit(bank: &[Oscillator], #[constant] samples: &[f64], dt: f64) -> f64 {
    let mut sum = 0.0;
    for (i, sample) in samples.iter().enumerate() {
        let t = i as f64 * dt;
        let mut signal = 0.0;
        for o in bank {
            signal += o.at(t);
        }
        sum += (signal - sample).powi(2);
    }
    sum
}

case! {
    bank_misfit::BACKEND => Compiled;
    bank_misfit, bank_misfit_grad, bank_misfit_graph;
    with bank_of_oscillators |bank: Vec<Oscillator>, dt: f64| (&bank, &[0.1, 0.4, 0.2, -0.5], dt);
    at (vec![
        Oscillator { amplitude: 1.0, frequency: 2.0, phase: 0.3, decay: 0.1 },
        Oscillator { amplitude: 0.5, frequency: 5.0, phase: -0.3, decay: 0.4 },
    ], 0.2);
}

/// A ball that bounces: the step at the ground is a branch on the state.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Ball {
    height: f64,
    speed: f64,
    bounciness: f64,
}

#[differentiable]
impl Ball {
    fn fall(&mut self, g: f64, dt: f64) {
        self.speed -= g * dt;
        self.height += self.speed * dt;
        if self.height < 0.0 {
            self.height = -self.height * self.bounciness;
            self.speed = -self.speed * self.bounciness;
        }
    }
}

#[differentiable]
fn bounced(ball: Ball, g: f64, n: usize) -> f64 {
    let mut ball = ball;
    for _ in 0..n {
        ball.fall(g, 0.1);
    }
    ball.height + 0.1 * ball.speed
}

case! {
    bounced::BACKEND => Compiled;
    bounced, bounced_grad, bounced_graph;
    with bouncing_ball |ball: Ball, g: f64| (ball, g, 12);
    at (Ball { height: 1.0, speed: 0.3, bounciness: 0.8 }, 9.81);
}

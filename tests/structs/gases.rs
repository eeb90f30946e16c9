//! Equations of state and cells of a fluid.

use gradus::{Differentiable, differentiable};
use std::ops::{Add, Mul, Sub};

#[derive(Clone, Copy, Debug, Differentiable)]
struct VanDerWaals {
    a: f64,
    b: f64,
}

#[differentiable]
impl VanDerWaals {
    const R: f64 = 8.314;

    fn pressure(&self, volume: f64, temperature: f64) -> f64 {
        Self::R * temperature / (volume - self.b) - self.a / (volume * volume)
    }

    /// The volume at a pressure, by Newton's method.
    fn volume(&self, pressure: f64, temperature: f64) -> f64 {
        let mut v = Self::R * temperature / pressure;
        for _ in 0..8 {
            let f = self.pressure(v, temperature) - pressure;
            let slope = -Self::R * temperature / (v - self.b).powi(2) + 2.0 * self.a / v.powi(3);
            v -= f / slope;
        }
        v
    }
}

case! {
    VanDerWaals::PRESSURE_BACKEND => Compiled;
    VanDerWaals::pressure, VanDerWaals::pressure_grad, VanDerWaals::pressure_graph;
    with pressure |gas: VanDerWaals, volume: f64, temperature: f64| (&gas, volume, temperature);
    at (VanDerWaals { a: 1.4, b: 0.04 }, 2.0, 300.0);
}

case! {
    VanDerWaals::VOLUME_BACKEND => Compiled;
    VanDerWaals::volume, VanDerWaals::volume_grad, VanDerWaals::volume_graph;
    with volume |gas: VanDerWaals, pressure: f64, temperature: f64| (&gas, pressure, temperature);
    at (VanDerWaals { a: 1.4, b: 0.04 }, 900.0, 300.0);
}

/// Shallow water: conserved quantities with operators.
#[derive(Clone, Copy, Debug, Default, Differentiable)]
struct Cell {
    depth: f64,
    momentum: f64,
}

#[differentiable]
impl Add for Cell {
    type Output = Cell;
    fn add(self, o: Cell) -> Cell {
        Cell { depth: self.depth + o.depth, momentum: self.momentum + o.momentum }
    }
}

#[differentiable]
impl Sub for Cell {
    type Output = Cell;
    fn sub(self, o: Cell) -> Cell {
        Cell { depth: self.depth - o.depth, momentum: self.momentum - o.momentum }
    }
}

#[differentiable]
impl Mul<f64> for Cell {
    type Output = Cell;
    fn mul(self, k: f64) -> Cell {
        Cell { depth: self.depth * k, momentum: self.momentum * k }
    }
}

#[differentiable]
impl Cell {
    fn flux(&self, g: f64) -> Cell {
        let u = self.momentum / self.depth;
        Cell { depth: self.momentum, momentum: self.momentum * u + 0.5 * g * self.depth * self.depth }
    }
}

case! {
    Cell::FLUX_BACKEND => Compiled;
    Cell::flux, Cell::flux_vjp, Cell::flux_jacobian, Cell::flux_graph;
    with flux |cell: Cell, g: f64| (&cell, g);
    at (Cell { depth: 1.2, momentum: 0.4 }, 9.81);
}

/// Lax–Friedrichs steps on a ring.
#[differentiable]
fn waves(start: &[Cell], g: f64, ratio: f64, #[constant] steps: usize) -> f64 {
    let n = start.len();
    let mut cells = start.to_vec();
    for _ in 0..steps {
        let mut next = cells.clone();
        for i in 0..n {
            let (left, right) = (cells[(i + n - 1) % n], cells[(i + 1) % n]);
            next[i] = (left + right) * 0.5 - (right.flux(g) - left.flux(g)) * (0.5 * ratio);
        }
        cells = next;
    }
    cells.iter().map(|cell| cell.momentum * cell.momentum / cell.depth).sum()
}

case! {
    waves::BACKEND => Compiled;
    waves, waves_grad, waves_graph;
    with shallow_water |start: Vec<Cell>, g: f64, ratio: f64| (&start, g, ratio, 3);
    at (vec![
        Cell { depth: 1.2, momentum: 0.4 },
        Cell { depth: 1.0, momentum: 0.0 },
        Cell { depth: 0.9, momentum: -0.1 },
        Cell { depth: 1.1, momentum: 0.2 },
    ], 9.81, 0.1);
}

/// A reaction with two rates, kept in a unit-like newtype.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Differentiable)]
struct Kelvin(f64);

#[derive(Clone, Copy, Debug, Differentiable)]
struct Arrhenius {
    factor: f64,
    energy: f64,
}

#[differentiable]
impl Arrhenius {
    fn rate(&self, t: Kelvin) -> f64 {
        self.factor * (-self.energy / (8.314 * t.0)).exp()
    }
}

#[differentiable]
fn converted(forward: Arrhenius, backward: Arrhenius, start: Kelvin, heating: f64) -> f64 {
    let mut t = start;
    let mut share = 0.0;
    for _ in 0..5 {
        let hot = t.0 > 400.0;
        share += 0.1 * (forward.rate(t) * (1.0 - share) - backward.rate(t) * share);
        t = Kelvin(t.0 + if hot { 0.5 * heating } else { heating });
    }
    share
}

case! {
    converted::BACKEND => Compiled;
    converted, converted_grad, converted_graph;
    with reaction |forward: Arrhenius, backward: Arrhenius, start: Kelvin, heating: f64| (forward, backward, start, heating);
    at (Arrhenius { factor: 50.0, energy: 9000.0 }, Arrhenius { factor: 80.0, energy: 12000.0 }, Kelvin(350.0), 20.0);
}

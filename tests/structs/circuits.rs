//! Networks of impedances, with nested structs.

use gradus::{Differentiable, differentiable};

#[derive(Clone, Copy, Debug, Differentiable)]
struct Impedance {
    re: f64,
    im: f64,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Branch {
    resistance: f64,
    inductance: f64,
    capacity: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Filter {
    input: Branch,
    stages: Vec<Branch>,
    load: f64,
    label: String,
}

#[differentiable]
impl Impedance {
    fn parallel(self, other: Impedance) -> Impedance {
        // z1 z2 / (z1 + z2)
        let (nr, ni) = (self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re);
        let (dr, di) = (self.re + other.re, self.im + other.im);
        let d = dr * dr + di * di;
        Impedance { re: (nr * dr + ni * di) / d, im: (ni * dr - nr * di) / d }
    }

    fn series(self, other: Impedance) -> Impedance {
        Impedance { re: self.re + other.re, im: self.im + other.im }
    }

    fn magnitude(self) -> f64 {
        self.re.hypot(self.im)
    }
}

#[differentiable]
impl Branch {
    fn impedance(&self, omega: f64) -> Impedance {
        Impedance { re: self.resistance, im: omega * self.inductance - 1.0 / (omega * self.capacity) }
    }
}

#[differentiable]
impl Filter {
    fn impedance(&self, omega: f64) -> Impedance {
        let mut z = Impedance { re: self.load, im: 0.0 };
        for stage in self.stages.iter() {
            z = z.parallel(stage.impedance(omega));
        }
        z.series(self.input.impedance(omega))
    }

    fn loss(&self, omegas: &[f64]) -> f64 {
        let mut sum = 0.0;
        for &omega in omegas {
            sum += self.impedance(omega).magnitude().ln().powi(2);
        }
        sum
    }
}

fn filter() -> Filter {
    let branch = |resistance| Branch { resistance, inductance: 0.2 * resistance, capacity: 0.7 };
    Filter { input: branch(0.5), stages: vec![branch(1.0), branch(2.0)], load: 5.0, label: "pi".into() }
}

case! {
    Impedance::PARALLEL_BACKEND => Compiled;
    Impedance::parallel, Impedance::parallel_vjp, Impedance::parallel_jacobian, Impedance::parallel_graph;
    with parallel |a: Impedance, b: Impedance| (a, b);
    at (Impedance { re: 1.0, im: 2.0 }, Impedance { re: 0.4, im: -3.0 });
}

case! {
    Branch::IMPEDANCE_BACKEND => Compiled;
    Branch::impedance, Branch::impedance_vjp, Branch::impedance_jacobian, Branch::impedance_graph;
    with impedance_of_branch |branch: Branch, omega: f64| (&branch, omega);
    at (filter().input, 1.3);
}

case! {
    Filter::IMPEDANCE_BACKEND => Compiled;
    Filter::impedance, Filter::impedance_vjp, Filter::impedance_jacobian, Filter::impedance_graph;
    with impedance_of_filter |filter: Filter, omega: f64| (&filter, omega);
    at (filter(), 1.3);
}

case! {
    Filter::LOSS_BACKEND => Compiled;
    Filter::loss, Filter::loss_grad, Filter::loss_graph;
    with loss_of_filter |filter: Filter, omegas: Vec<f64>| (&filter, &omegas);
    at (filter(), vec![0.5, 1.0, 2.0]);
}

/// A field two structs deep is written.
#[differentiable]
fn tuned(filter: &Filter, capacity: f64) -> f64 {
    let mut tuned = filter.clone();
    tuned.input.capacity = capacity;
    tuned.stages[1].resistance *= 2.0;
    tuned.load += capacity;
    tuned.loss(&[0.7, 1.1])
}

case! {
    tuned::BACKEND => Compiled;
    tuned, tuned_grad, tuned_graph;
    with tuned_filter |filter: Filter, capacity: f64| (&filter, capacity);
    at (filter(), 0.9);
}

//! Prices and their sensitivities to markets and contracts.

use gradus::{Differentiable, differentiable};

#[derive(Clone, Copy, Debug, Differentiable)]
struct Market {
    spot: f64,
    rate: f64,
    dividend: f64,
    volatility: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Right {
    Call,
    Put,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Spec {
    strike: f64,
    expiry: f64,
    #[constant]
    right: Right,
}

#[differentiable]
fn normal(x: f64) -> f64 {
    1.0 / (1.0 + (-1.5976 * x - 0.070565992 * x * x * x).exp())
}

#[differentiable]
impl Market {
    fn discount(&self, t: f64) -> f64 {
        (-self.rate * t).exp()
    }

    fn forward(&self, t: f64) -> f64 {
        self.spot * ((self.rate - self.dividend) * t).exp()
    }

    fn bumped(self, by: f64) -> Market {
        Market { spot: self.spot + by, ..self }
    }
}

#[differentiable]
impl Spec {
    fn price(&self, market: &Market) -> f64 {
        let forward = market.forward(self.expiry);
        let deviation = market.volatility * self.expiry.sqrt();
        let d1 = (forward / self.strike).ln() / deviation + 0.5 * deviation;
        let d2 = d1 - deviation;
        let undiscounted = match self.right {
            Right::Call => forward * normal(d1) - self.strike * normal(d2),
            Right::Put => self.strike * normal(-d2) - forward * normal(-d1),
        };
        market.discount(self.expiry) * undiscounted
    }
}

fn market() -> Market {
    Market { spot: 100.0, rate: 0.03, dividend: 0.01, volatility: 0.2 }
}

fn call(strike: f64) -> Spec {
    Spec { strike, expiry: 0.5, right: Right::Call }
}

case! {
    Spec::PRICE_BACKEND => Compiled;
    Spec::price, Spec::price_grad, Spec::price_graph;
    with price |spec: Spec, market: Market| (&spec, &market);
    at (call(95.0), market()), (Spec { right: Right::Put, ..call(105.0) }, market());
}

#[derive(Clone, Debug, Differentiable)]
struct Position {
    spec: Spec,
    quantity: f64,
    #[constant]
    desk: String,
}

#[differentiable]
fn value_of_book(book: &[Position], market: &Market) -> f64 {
    let mut total = 0.0;
    for position in book {
        total += position.quantity * position.spec.price(market);
    }
    total
}

fn book() -> Vec<Position> {
    let position = |spec, quantity| Position { spec, quantity, desk: "A".to_string() };
    vec![position(call(95.0), 2.0), position(Spec { right: Right::Put, ..call(100.0) }, -1.5)]
}

case! {
    value_of_book::BACKEND => Compiled;
    value_of_book, value_of_book_grad, value_of_book_graph;
    with book_of_positions |book: Vec<Position>, market: Market| (&book, &market);
    at (book(), market());
}

/// Profit and loss over scenarios that are made of the market.
#[differentiable]
fn scenarios(spec: &Spec, market: Market, #[constant] bumps: &[f64]) -> Vec<f64> {
    let base = spec.price(&market);
    bumps.iter().map(|&bump| spec.price(&market.bumped(bump)) - base).collect()
}

case! {
    scenarios::BACKEND => Compiled;
    scenarios, scenarios_vjp, scenarios_jacobian, scenarios_graph;
    with scenarios_of_market |spec: Spec, market: Market| (&spec, market, &[-10.0, 5.0]);
    at (call(95.0), market());
}

#[derive(Clone, Debug, Differentiable)]
struct Curve {
    times: Vec<f64>,
    rates: Vec<f64>,
}

#[differentiable]
impl Curve {
    fn rate(&self, t: f64) -> f64 {
        let last = self.times.len() - 1;
        if t <= self.times[0] {
            return self.rates[0];
        }
        if t >= self.times[last] {
            return self.rates[last];
        }
        let mut i = 0;
        while self.times[i + 1] < t {
            i += 1;
        }
        let w = (t - self.times[i]) / (self.times[i + 1] - self.times[i]);
        (1.0 - w) * self.rates[i] + w * self.rates[i + 1]
    }

    fn discount(&self, t: f64) -> f64 {
        (-self.rate(t) * t).exp()
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Swap {
    fixed: f64,
    notional: f64,
    periods: usize,
}

#[differentiable]
impl Swap {
    fn value(&self, curve: &Curve) -> f64 {
        let annuity: f64 = (1..=self.periods).map(|i| curve.discount(i as f64)).sum();
        let floating = 1.0 - curve.discount(self.periods as f64);
        self.notional * (floating - self.fixed * annuity)
    }
}

fn curve() -> Curve {
    Curve { times: vec![0.5, 1.6, 3.3, 5.0], rates: vec![0.02, 0.025, 0.03, 0.028] }
}

case! {
    Curve::RATE_BACKEND => Compiled;
    Curve::rate, Curve::rate_grad, Curve::rate_graph;
    with rate_of_curve |curve: Curve, t: f64| (&curve, t);
    at (curve(), 2.2), (curve(), 0.3), (curve(), 7.0);
}

case! {
    Swap::VALUE_BACKEND => Compiled;
    Swap::value, Swap::value_grad, Swap::value_graph;
    with value_of_swap |swap: Swap, curve: Curve| (&swap, &curve);
    at (Swap { fixed: 0.027, notional: 100.0, periods: 4 }, curve());
}

/// Paths of a stochastic volatility model with given normal numbers.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Heston {
    speed: f64,
    level: f64,
    vol_of_vol: f64,
    correlation: f64,
    start: f64,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Path {
    log_spot: f64,
    variance: f64,
}

#[differentiable]
impl Heston {
    fn step(&self, path: Path, rate: f64, dt: f64, z1: f64, z2: f64) -> Path {
        let v = path.variance.max(0.0);
        let root = (v * dt).sqrt();
        let w = self.correlation * z1 + (1.0 - self.correlation * self.correlation).sqrt() * z2;
        Path {
            log_spot: path.log_spot + (rate - 0.5 * v) * dt + root * z1,
            variance: path.variance + self.speed * (self.level - v) * dt + self.vol_of_vol * root * w,
        }
    }
}

#[differentiable]
fn payoff(model: &Heston, market: &Market, strike: f64, #[constant] normals: &[(f64, f64)]) -> f64 {
    let dt = 1.0 / normals.len() as f64;
    let mut path = Path { log_spot: market.spot.ln(), variance: model.start };
    for &(z1, z2) in normals {
        path = model.step(path, market.rate, dt, z1, z2);
    }
    market.discount(1.0) * (path.log_spot.exp() - strike).max(0.0)
}

case! {
    payoff::BACKEND => Compiled;
    payoff, payoff_grad, payoff_graph;
    with heston_path |model: Heston, market: Market, strike: f64| (&model, &market, strike, &[(0.3, -0.5), (1.1, 0.2), (-0.4, 0.9)]);
    at (Heston { speed: 1.5, level: 0.04, vol_of_vol: 0.3, correlation: -0.6, start: 0.05 }, market(), 90.0);
}

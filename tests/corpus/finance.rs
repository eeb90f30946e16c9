//! Formulas of finance: a price of several calls and branches, yields, and a bond as a series.

use gradus::differentiable;

/// The cumulative normal distribution (Abramowitz and Stegun 26.2.17).
#[differentiable(second)]
fn cnd(x: f64) -> f64 {
    let k = 1.0 / (1.0 + 0.2316419 * x.abs());
    let poly =
        k * (0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
    let tail = (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt() * poly;
    if x >= 0.0 { 1.0 - tail } else { tail }
}

case! {
    cnd, cnd_grad, cnd_grad_add, cnd_graph;
    with |x: f64| (x);
    at 0.3, -1.2, 1e-3, 3.5;
}

/// The price of a European call.
#[differentiable(second)]
fn black_scholes(spot: f64, strike: f64, rate: f64, volatility: f64, years: f64) -> f64 {
    let spread = volatility * years.sqrt();
    let d1 = ((spot / strike).ln() + (rate + volatility * volatility / 2.0) * years) / spread;
    let d2 = d1 - spread;
    spot * cnd(d1) - strike * (-rate * years).exp() * cnd(d2)
}

case! {
    black_scholes, black_scholes_grad, black_scholes_grad_add, black_scholes_graph;
    with |spot: f64, strike: f64, rate: f64, volatility: f64, years: f64| (spot, strike, rate, volatility, years);
    at (100.0, 110.0, 0.05, 0.2, 1.0), (42.0, 40.0, 0.1, 0.25, 0.5), (10.0, 30.0, 0.02, 0.6, 3.0);
}

/// The present value of a bond's coupons and face value at a yield.
#[differentiable(second)]
fn bond_price(face: f64, coupon: f64, rate: f64, periods: usize) -> f64 {
    let mut price = 0.0;
    let mut discount = 1.0;
    for _ in 0..periods {
        discount /= 1.0 + rate;
        price += coupon * discount;
    }
    price + face * discount
}

case! {
    bond_price, bond_price_grad, bond_price_grad_add, bond_price_graph;
    for n in [0, 1, 10];
    with |face: f64, coupon: f64, rate: f64| (face, coupon, rate, n);
    at (100.0, 4.0, 0.03), (50.0, 1.0, 0.2);
    gradient {
        let discount = |years: usize| (1.0 + rate).powi(-(years as i32));
        let annuity: f64 = (1..=n).map(discount).sum();
        let slope: f64 = (1..=n).map(|years| -(years as f64) * discount(years + 1)).sum();
        (discount(n), annuity, coupon * slope - face * n as f64 * discount(n + 1))
    };
}

/// Progressive tax: rates by bracket, the last one open.
#[differentiable(second)]
fn tax(income: f64) -> f64 {
    match income {
        x if x <= 10_000.0 => 0.0,
        x if x <= 40_000.0 => 0.2 * (x - 10_000.0),
        x => 0.2 * 30_000.0 + 0.4 * (x - 40_000.0),
    }
}

case! {
    tax, tax_grad, tax_grad_add, tax_graph;
    with |income: f64| (income);
    at 5_000.0, 10_001.0, 25_000.0, 39_999.0, 90_000.0;
    gradient if income <= 10_000.0 { 0.0 } else if income <= 40_000.0 { 0.2 } else { 0.4 };
}

//! Options priced: an error type of the user's own, methods, aliases.

use super::harness::close;
use gradus::{Differentiable, differentiable};
use std::error::Error;
use std::fmt;

#[derive(Debug, Clone, PartialEq)]
enum PriceError {
    Spot(f64),
    Volatility { given: f64 },
    NoRoot,
}

impl fmt::Display for PriceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PriceError::Spot(spot) => write!(f, "a spot of {spot}"),
            PriceError::Volatility { given } => write!(f, "a volatility of {given}"),
            PriceError::NoRoot => write!(f, "no root"),
        }
    }
}

impl Error for PriceError {}

/// The normal distribution, by a logistic function.
#[differentiable]
fn normal(x: f64) -> f64 {
    1.0 / (1.0 + (-1.702 * x).exp())
}

#[differentiable]
fn call(spot: f64, strike: f64, volatility: f64, time: f64) -> Result<f64, PriceError> {
    if !(spot > 0.0) {
        return Err(PriceError::Spot(spot));
    }
    if volatility <= 0.0 {
        return Err(PriceError::Volatility { given: volatility });
    }
    let deviation = volatility * time.sqrt();
    let d1 = ((spot / strike).ln() + 0.5 * deviation * deviation) / deviation;
    Ok(spot * normal(d1) - strike * normal(d1 - deviation))
}

#[test]
fn a_price_has_greeks_or_an_error() {
    given!(call, call_grad; 100.0, 95.0, 0.2, 0.5);
    assert_eq!(call_grad(-1.0, 95.0, 0.2, 0.5), Err(PriceError::Spot(-1.0)));
    assert_eq!(call_grad(100.0, 95.0, 0.0, 0.5), Err(PriceError::Volatility { given: 0.0 }));
    assert_eq!(call_graph(100.0, 95.0, 0.0, 0.5).err(), Some(PriceError::Volatility { given: 0.0 }));
    let trace = call_graph(100.0, 95.0, 0.2, 0.5).unwrap();
    assert_eq!(trace.value().to_bits(), call(100.0, 95.0, 0.2, 0.5).unwrap().to_bits());
}

/// A sum of prices: the first error ends it.
#[differentiable]
fn book(spot: f64, volatility: f64, #[constant] contracts: &[(f64, f64)]) -> Result<f64, PriceError> {
    let mut total = 0.0;
    for &(strike, amount) in contracts {
        total += amount * call(spot, strike, volatility, 1.0)?;
    }
    Ok(total)
}

/// The same, collected.
#[differentiable]
fn collected(spot: f64, volatility: f64, #[constant] contracts: &[(f64, f64)]) -> Result<f64, PriceError> {
    let prices: Vec<f64> = contracts
        .iter()
        .map(|&(strike, amount)| call(spot, strike, volatility, 1.0).map(|price| amount * price))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(prices.iter().sum())
}

/// The same, summed as `Result`s are.
#[differentiable]
fn summed(spot: f64, volatility: f64, #[constant] contracts: &[(f64, f64)]) -> Result<f64, PriceError> {
    contracts.iter().map(|&(strike, amount)| Ok(amount * call(spot, strike, volatility, 1.0)?)).sum()
}

#[test]
fn sums_of_prices() {
    let contracts = [(90.0, 2.0), (100.0, -1.5), (120.0, 4.0)];
    let greeks = given!(book, book_grad; 100.0, 0.3, &contracts);
    for others in [
        given!(collected, collected_grad; 100.0, 0.3, &contracts),
        given!(summed, summed_grad; 100.0, 0.3, &contracts),
    ] {
        assert!(close(greeks.0, others.0) && close(greeks.1, others.1), "{greeks:?}, {others:?}");
    }
    for gradient in [book_grad, collected_grad, summed_grad] {
        assert_eq!(gradient(100.0, -0.3, &contracts), Err(PriceError::Volatility { given: -0.3 }));
    }
    assert_eq!(book_grad(100.0, -0.3, &[]), Ok((0.0, (0.0, 0.0))));
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Market {
    spot: f64,
    volatility: f64,
    #[constant]
    calls: u32,
}

type Priced<T = f64> = Result<T, PriceError>;

#[differentiable]
impl Market {
    fn checked(&self) -> Result<f64, PriceError> {
        if self.spot <= 0.0 {
            return Err(PriceError::Spot(self.spot));
        }
        Ok(self.spot)
    }

    fn call(&self, strike: f64) -> Priced<f64> {
        let spot = self.checked()?;
        Ok(call(spot, strike, self.volatility, 1.0)? * self.calls as f64)
    }

    fn spread(&self, low: f64, high: f64) -> Priced<f64> {
        Ok(self.call(low)? - self.call(high)?)
    }

    /// A market whose volatility explains a price.
    fn fitted(&self, price: f64, strike: f64) -> Option<Market> {
        let mut volatility = self.volatility;
        for _ in 0..30 {
            let market = Market { volatility, ..*self };
            let error = market.call(strike).ok()? - price;
            let bumped = Market { volatility: volatility + 1e-4, ..*self };
            let slope = (bumped.call(strike).ok()? - price - error) / 1e-4;
            volatility -= error / slope;
            if error.abs() < 1e-12 {
                return Some(Market { volatility, ..*self });
            }
        }
        None
    }
}

#[test]
fn methods_of_a_market() {
    let market = Market { spot: 100.0, volatility: 0.25, calls: 2 };
    let (value, (gradient, of_strike)) = market.call_grad(105.0).unwrap();
    let (price, greeks) = call_grad(100.0, 105.0, 0.25, 1.0).unwrap();
    assert_eq!(value, 2.0 * price);
    assert!(close(gradient.spot, 2.0 * greeks.0) && close(gradient.volatility, 2.0 * greeks.2));
    assert!(close(of_strike, 2.0 * greeks.1));
    assert_eq!(gradient.calls, 2);
    let (spread, (gradient, low, high)) = market.spread_grad(95.0, 105.0).unwrap();
    assert_eq!(spread.to_bits(), market.spread(95.0, 105.0).unwrap().to_bits());
    let step = 1e-5;
    let moved = |by: f64| Market { spot: 100.0 + by, ..market }.spread(95.0, 105.0).unwrap();
    assert!((gradient.spot - (moved(step) - moved(-step)) / (2.0 * step)).abs() < 1e-7);
    assert!(low < 0.0 && high > 0.0);
    let worthless = Market { spot: 0.0, ..market };
    assert_eq!(worthless.spread_grad(95.0, 105.0), Err(PriceError::Spot(0.0)));
    assert_eq!(worthless.checked_grad(), Err(PriceError::Spot(0.0)));
    assert!(worthless.spread_graph(95.0, 105.0).is_err());
    assert!(market.spread_graph(95.0, 105.0).is_ok());
    let mut buffers = (Market::zeros_like(&market), 0.0, 0.0);
    let added = market.spread_grad_add(95.0, 105.0, &mut buffers.0, &mut buffers.1, &mut buffers.2);
    assert_eq!(added, Ok(spread));
    assert_eq!(buffers.0.spot, gradient.spot);
    assert_eq!(
        worthless.spread_grad_add(95.0, 105.0, &mut buffers.0, &mut buffers.1, &mut buffers.2),
        Err(PriceError::Spot(0.0))
    );
    assert_eq!(buffers.0.spot, gradient.spot);
}

#[test]
fn a_struct_may_be_missing() {
    let market = Market { spot: 100.0, volatility: 0.2, calls: 1 };
    let price = Market { volatility: 0.31, ..market }.call(100.0).unwrap();
    let (fitted, rows) = market.fitted_jacobian(price, 100.0).unwrap();
    assert!((fitted.volatility - 0.31).abs() < 1e-9 && fitted.calls == 1);
    // dσ/dprice = 1/vega.
    let vega = Market { volatility: fitted.volatility, ..market }.call_grad(100.0).unwrap().1.0.volatility;
    assert!((rows[1].1 * vega - 1.0).abs() < 1e-3);
    assert!(market.fitted_jacobian(1e6, 100.0).is_none());
    assert!(market.fitted_vjp(1e6, 100.0, Market::zeros_like(&market)).is_none());
}

/// Errors of every kind in a box.
#[differentiable]
fn boxed(spot: f64, text: &str) -> Result<f64, Box<dyn Error>> {
    let strike: f64 = text.trim().parse()?;
    if strike <= 0.0 {
        return Err(format!("a strike of {strike} at {spot}").into());
    }
    let price = call(spot, strike, 0.2, 1.0)?;
    Ok(price / spot)
}

#[test]
fn errors_of_every_kind_in_a_box() {
    given!(boxed, boxed_grad; 100.0, " 105 ");
    assert_eq!(boxed_grad(100.0, "x").unwrap_err().to_string(), boxed(100.0, "x").unwrap_err().to_string());
    assert_eq!(boxed_grad(100.0, "-2").unwrap_err().to_string(), "a strike of -2 at 100");
    assert_eq!(boxed_grad(-3.0, "2").unwrap_err().to_string(), "a spot of -3");
}

#[derive(Debug)]
enum Failure {
    Price(PriceError),
    Number(std::num::ParseFloatError),
    Text(String),
}

impl From<PriceError> for Failure {
    fn from(error: PriceError) -> Self {
        Failure::Price(error)
    }
}

impl From<std::num::ParseFloatError> for Failure {
    fn from(error: std::num::ParseFloatError) -> Self {
        Failure::Number(error)
    }
}

/// `?` converts errors.
#[differentiable]
fn read(spot: f64, line: &str) -> Result<f64, Failure> {
    let (strike, volatility) = line.split_once(',').ok_or_else(|| Failure::Text(line.to_string()))?;
    let (strike, volatility): (f64, f64) = (strike.parse()?, volatility.parse()?);
    let price = call(spot, strike, volatility, 1.0)?;
    if price < 1e-3 {
        return Err(Failure::Text(format!("{price:.1} is nothing")));
    }
    Ok(price.ln())
}

#[test]
fn errors_are_converted() {
    given!(read, read_grad; 100.0, "100,0.2");
    assert!(matches!(read_grad(100.0, "100"), Err(Failure::Text(text)) if text == "100"));
    assert!(
        matches!(read_grad(100.0, "100,x"), Err(Failure::Number(error)) if error == "x".parse::<f64>().unwrap_err())
    );
    assert!(matches!(
        read_grad(100.0, "100,-1"),
        Err(Failure::Price(PriceError::Volatility { given: -1.0 }))
    ));
    assert!(matches!(read_grad(1.0, "100,0.01"), Err(Failure::Text(text)) if text == "0.0 is nothing"));
}

/// The error is looked at.
#[differentiable]
fn repaired(spot: f64, volatility: f64) -> f64 {
    match call(spot, 100.0, volatility, 1.0) {
        Ok(price) => price,
        Err(PriceError::Volatility { given }) if given == 0.0 => (spot - 100.0).max(0.0),
        Err(PriceError::Volatility { .. }) => 2.0 * spot,
        Err(_) => 0.0,
    }
}

#[test]
fn an_error_may_be_looked_at() {
    assert_eq!(repaired_grad(100.0, 0.2).1.0, call_grad(100.0, 100.0, 0.2, 1.0).unwrap().1.0);
    assert_eq!(repaired_grad(120.0, 0.0), (20.0, (1.0, 0.0)));
    assert_eq!(repaired_grad(120.0, -1.0), (240.0, (2.0, 0.0)));
    assert_eq!(repaired_grad(-120.0, 1.0), (0.0, (0.0, 0.0)));
}

/// An implied volatility by bisection: prices that fail end the search.
#[differentiable]
fn implied(price: f64, spot: f64, strike: f64) -> Result<f64, PriceError> {
    let mut sigma = 0.3;
    for _ in 0..50 {
        let (low, high) = (call(spot, strike, sigma, 1.0)?, call(spot, strike, sigma + 1e-5, 1.0)?);
        let step = (low - price) * 1e-5 / (high - low);
        sigma -= step;
        if step.abs() < 1e-13 {
            return Ok(sigma);
        }
    }
    Err(PriceError::NoRoot)
}

#[test]
fn an_implied_volatility() {
    let price = call(100.0, 110.0, 0.42, 1.0).unwrap();
    let (sigma, (of_price, of_spot, _)) = implied_grad(price, 100.0, 110.0).unwrap();
    let (_, (delta, _, vega, _)) = call_grad(100.0, 110.0, sigma, 1.0).unwrap();
    assert!((sigma - 0.42).abs() < 1e-10);
    assert!((of_price * vega - 1.0).abs() < 1e-3 && (of_spot * vega / delta + 1.0).abs() < 1e-3);
    assert!(implied_grad(-1.0, 100.0, 110.0).is_err());
}

#[test]
fn gradients_are_compiled() {
    compiled!(normal, call, book, boxed, read, implied);
}

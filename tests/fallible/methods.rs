//! Methods, and functions that belong to a type, that may fail.

use super::harness::close;
use gradus::{Backend, Differentiable, differentiable};

#[derive(Clone, Debug, PartialEq)]
pub enum PriceError {
    Expired(f64),
    Unknown(&'static str),
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Market {
    spot: f64,
    rate: f64,
    volatility: f64,
    name: String,
}

#[differentiable]
impl Market {
    fn new(spot: f64, volatility: f64) -> Result<Market, PriceError> {
        if spot <= 0.0 {
            return Err(PriceError::Unknown("spot"));
        }
        Ok(Market { spot, rate: 0.02, volatility: volatility.abs(), name: String::new() })
    }

    fn forward(&self, years: f64) -> Result<f64, PriceError> {
        if years < 0.0 {
            return Err(PriceError::Expired(years));
        }
        Ok(self.spot * (self.rate * years).exp())
    }

    fn price(&self, strike: f64, years: f64) -> Result<f64, PriceError> {
        let forward = self.forward(years)?;
        let width = self.volatility * years.sqrt();
        let distance = ((forward / strike).ln() + 0.5 * width * width) / width;
        if !distance.is_finite() {
            return Err(PriceError::Unknown("width"));
        }
        Ok(forward * distance.tanh() - strike)
    }

    fn first_forward(&self, years: &[f64]) -> Option<f64> {
        let first = years.first()?;
        self.forward(*first).ok()
    }

    /// Two numbers.
    fn both(&self, years: f64) -> Option<(f64, f64)> {
        let forward = self.forward(years).ok()?;
        Some((forward, forward * self.volatility))
    }
}

#[differentiable]
fn book(market: &Market, #[constant] strikes: &[f64], years: f64) -> Result<f64, PriceError> {
    let mut total = 0.0;
    for strike in strikes {
        total += market.price(*strike, years)?;
    }
    Ok(total)
}

/// A function of the type, the method by its path, and what there is instead.
#[differentiable]
fn made(spot: f64, volatility: f64, years: f64) -> Result<f64, PriceError> {
    let market = Market::new(spot, volatility)?;
    let near = Market::forward(&market, years)?;
    let far = market.forward(2.0 * years).unwrap_or(0.0);
    let (one, other) = market.both(years).ok_or(PriceError::Unknown("both"))?;
    Ok(near * far + one * other)
}

/// An error of another type.
#[differentiable]
fn converted(market: &Market, years: f64) -> Result<f64, String> {
    Ok(market.forward(years).map_err(|error| format!("{}: {error:?}", market.name))?.ln())
}

fn market() -> Market {
    Market { spot: 100.0, rate: 0.02, volatility: 0.3, name: "gold".to_owned() }
}

#[test]
fn methods_are_compiled() {
    compiled!(book, made, converted);
    for backend in [Market::NEW_BACKEND, Market::FORWARD_BACKEND, Market::PRICE_BACKEND] {
        assert_eq!(backend, Backend::Compiled);
    }
    for backend in [Market::FIRST_FORWARD_BACKEND, Market::BOTH_BACKEND] {
        assert_eq!(backend, Backend::Compiled);
    }
    given!(book, book_grad; &market(), &[80.0, 100.0], 0.5);
    given!(made, made_grad; 90.0, 0.2, 0.5);
    given!(converted, converted_grad; &market(), 0.5);
}

#[test]
fn failures_of_methods_come_through() {
    assert_eq!(book_grad(&market(), &[80.0], -1.0), Err(PriceError::Expired(-1.0)));
    assert_eq!(book_grad(&market(), &[80.0], 0.0), Err(PriceError::Unknown("width")));
    assert_eq!(made_grad(-1.0, 0.2, 0.5), Err(PriceError::Unknown("spot")));
    assert_eq!(converted_grad(&market(), -0.5), Err("gold: Expired(-0.5)".to_owned()));
    assert_eq!(market().forward_grad(-1.0), Err(PriceError::Expired(-1.0)));
    let mut of_market = market();
    let mut of_years = 3.0;
    assert!(market().forward_grad_add(-1.0, &mut of_market, &mut of_years).is_err());
    assert_eq!((of_market, of_years), (market(), 3.0));
    assert_eq!(market().first_forward_grad(&[]), None);
}

#[test]
fn companions_of_methods_that_may_fail() {
    let at = market();
    let growth = (0.02_f64 * 0.5).exp();
    let (value, (of_market, of_years)) = at.forward_grad(0.5).expect("a forward");
    assert!(close(value, 100.0 * growth) && close(of_market.spot, growth) && close(of_years, 2.0 * growth));
    let (_, (of_market, _)) = at.both_vjp(0.5, (1.0, 10.0)).expect("both");
    assert!(close(of_market.volatility, 1000.0 * growth) && close(of_market.spot, 4.0 * growth));
    assert_eq!(at.both_jacobian(0.5).expect("both").1.len(), 2);
}

/// Of each market what there is: methods and functions in adapters.
#[differentiable]
fn forwards_that_are(markets: &[Market], #[constant] years: &[f64]) -> f64 {
    let firsts: f64 = markets.iter().filter_map(|market| market.first_forward(years)).sum();
    let volatilities: f64 = markets.iter().filter_map(|market| expensive(market)).sum();
    let found = markets.iter().find_map(|market| market.both(years[0])).map(|(one, other)| one * other);
    firsts * volatilities + found.unwrap_or(0.0)
}

#[differentiable]
fn expensive(market: &Market) -> Option<f64> {
    if market.spot < 50.0 { None } else { Some(market.volatility * market.spot) }
}

#[test]
fn methods_in_adapters_are_compiled() {
    compiled!(forwards_that_are, expensive);
    let cheap = Market { spot: 20.0, ..market() };
    given_number(&[market(), cheap.clone()], &[0.5]);
    given_number(&[cheap], &[0.25, 0.5]);
}

fn given_number(markets: &[Market], years: &[f64]) {
    let checked = gradus::check::assert_gradient!(forwards_that_are, markets, years);
    assert!(checked.kinks.is_empty(), "{checked}");
}

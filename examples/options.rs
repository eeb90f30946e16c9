//! A book of options: its value, and how that changes with the market and with every contract, the "Greeks". `cargo run --release
//! --example options`.
//!
//! Market, contracts and book are structs with methods, and the formula of Black, Scholes and Merton is one of them. One gradient has
//! all first derivatives: that for the market has the shape of a market, and that for the book the shape of a book. A quote is a
//! `Result`, and so is its gradient: a market without volatility and a contract of yesterday have none.

#[path = "support/picture.rs"]
mod picture;

use gradus::{Differentiable, differentiable};
use picture::Curves;
use std::error::Error;
use std::f64::consts::TAU;
use std::fmt;

/// What the market says.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Market {
    /// The price of the share.
    pub spot: f64,
    /// The interest, continuously compounded, a year.
    pub rate: f64,
    /// The dividends, in the same way.
    pub dividend: f64,
    /// The standard deviation of the logarithm of the price after a year.
    pub volatility: f64,
}

#[differentiable]
impl Market {
    /// What one unit of money at a time is worth today.
    pub fn discount(&self, time: f64) -> f64 {
        (-self.rate * time).exp()
    }

    /// The price at which the share is sold for a later time.
    pub fn forward(&self, time: f64) -> f64 {
        self.spot * ((self.rate - self.dividend) * time).exp()
    }
}

/// What the owner of an option may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Buy the share.
    Call,
    /// Sell it.
    Put,
}

/// The right to trade a share at a price, at a time.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Contract {
    /// Which right.
    #[constant]
    pub right: Right,
    /// The price.
    pub strike: f64,
    /// The time, in years from today.
    pub expiry: f64,
}

/// The share of a normal distribution below a number, by the method of Hart and West.
#[differentiable(partials = density)]
fn normal(x: f64) -> f64 {
    let a = x.abs();
    let polynomial = |coefficients: &[f64]| coefficients.iter().fold(0.0, |sum, c| sum * a + c);
    let bell = (-0.5 * a * a).exp();
    let tail = if a < 7.07 {
        let above = polynomial(&[
            3.52624965998911e-2,
            0.700383064443688,
            6.37396220353165,
            33.912866078383,
            112.079291497871,
            221.213596169931,
            220.206867912376,
        ]);
        let below = polynomial(&[
            8.83883476483184e-2,
            1.75566716318264,
            16.064177579207,
            86.7807322029461,
            296.564248779674,
            637.333633378831,
            793.826512519948,
            440.413735824752,
        ]);
        bell * above / below
    } else {
        let fraction = [4.0, 3.0, 2.0, 1.0].iter().fold(a + 0.65, |below, above| a + above / below);
        bell / fraction / TAU.sqrt()
    };
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// Its derivative.
fn density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / TAU.sqrt()
}

#[differentiable]
impl Contract {
    /// What it is worth.
    pub fn price(&self, market: &Market) -> f64 {
        let sign = match self.right {
            Right::Call => 1.0,
            Right::Put => -1.0,
        };
        let forward = market.forward(self.expiry);
        let deviation = market.volatility * self.expiry.sqrt();
        let d1 = (forward / self.strike).ln() / deviation + 0.5 * deviation;
        let d2 = d1 - deviation;
        sign * market.discount(self.expiry) * (forward * normal(sign * d1) - self.strike * normal(sign * d2))
    }
}

/// So many of a contract; fewer than none are sold.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Position {
    /// What they are called.
    pub name: String,
    /// How many.
    pub quantity: f64,
    /// Of what.
    pub contract: Contract,
}

/// Some positions.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Book {
    /// Each of them.
    pub positions: Vec<Position>,
}

#[differentiable]
impl Book {
    /// What all of it is worth.
    pub fn value(&self, market: &Market) -> f64 {
        let mut value = 0.0;
        for position in &self.positions {
            value += position.quantity * position.contract.price(market);
        }
        value
    }
}

/// Why a book has no value.
#[derive(Clone, Debug, PartialEq)]
pub enum QuoteError {
    /// This is no volatility.
    Volatility(f64),
    /// A contract of this position has expired.
    Expired(String),
}

impl fmt::Display for QuoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QuoteError::Volatility(given) => write!(f, "a volatility of {given} is not positive"),
            QuoteError::Expired(name) => write!(f, "a contract of the position `{name}` has expired"),
        }
    }
}

impl Error for QuoteError {}

#[differentiable]
impl Position {
    /// What it is worth, if it can be priced.
    ///
    /// # Errors
    ///
    /// If the contract has expired.
    pub fn quote(&self, market: &Market) -> Result<f64, QuoteError> {
        if self.contract.expiry <= 0.0 {
            return Err(QuoteError::Expired(self.name.clone()));
        }
        Ok(self.quantity * self.contract.price(market))
    }
}

#[differentiable]
impl Book {
    /// What all of it is worth, if every position can be priced.
    ///
    /// # Errors
    ///
    /// If the volatility is not positive, or a contract has expired.
    pub fn quote(&self, market: &Market) -> Result<f64, QuoteError> {
        if market.volatility.is_nan() || market.volatility <= 0.0 {
            return Err(QuoteError::Volatility(market.volatility));
        }
        let mut value = 0.0;
        for position in &self.positions {
            value += position.quote(market)?;
        }
        Ok(value)
    }
}

/// A butterfly around a price of 100, and a protection against a fall.
pub fn book() -> Book {
    let position = |name: &str, quantity: f64, right: Right, strike: f64, expiry: f64| Position {
        name: name.to_owned(),
        quantity,
        contract: Contract { right, strike, expiry },
    };
    Book {
        positions: vec![
            position("lower wing", 10.0, Right::Call, 90.0, 0.25),
            position("body", -20.0, Right::Call, 100.0, 0.25),
            position("upper wing", 10.0, Right::Call, 110.0, 0.25),
            position("protection", 2.0, Right::Put, 85.0, 1.0),
        ],
    }
}

/// Today's market.
pub fn market() -> Market {
    Market { spot: 98.0, rate: 0.03, dividend: 0.01, volatility: 0.22 }
}

/// What a day that passes adds: the book's expiries and no other number change.
pub fn theta(by_book: &Book) -> f64 {
    -by_book.positions.iter().map(|position| position.contract.expiry).sum::<f64>() / 365.0
}

fn main() -> Result<(), Box<dyn Error>> {
    let (book, market) = (book(), market());
    let (value, (by_book, by_market)) = book.quote_grad(&market)?;
    println!("the book is worth {value:.4}");
    println!("delta {:>9.4}  a unit of the price", by_market.spot);
    println!("vega  {:>9.4}  a percent of volatility", 0.01 * by_market.volatility);
    println!("rho   {:>9.4}  a percent of interest", 0.01 * by_market.rate);
    println!("theta {:>9.4}  a day\n", theta(&by_book));
    println!("{:>12}{:>10}{:>10}{:>14}{:>14}", "position", "quantity", "price", "by strike", "by expiry");
    for (position, by) in book.positions.iter().zip(&by_book.positions) {
        let (quantity, by_contract) = (position.quantity, by.contract);
        // The derivative by the quantity is the price of one.
        println!(
            "{:>12}{quantity:>10.0}{:>10.4}{:>14.4}{:>14.4}",
            by.name, by.quantity, by_contract.strike, by_contract.expiry
        );
    }

    // What happens if all moves at once: the gradient's answer in one direction, and the truth.
    let moved = Market { spot: 99.0, volatility: 0.21, ..market };
    let direction = Market { spot: 1.0, rate: 0.0, dividend: 0.0, volatility: -0.01 };
    let (_, change) = book.value_jvp(&market, &Book::zeros_like(&book), &direction);
    println!(
        "\nprice + 1, volatility − 1 %: {change:.4} by derivatives, {:.4} in truth",
        book.value(&moved) - value
    );

    let spots = (0..=120).map(|i| 70.0 + 0.5 * f64::from(i));
    let along: Vec<(f64, f64, f64)> = spots
        .map(|spot| {
            let (value, (_, by_market)) = book.value_grad(&Market { spot, ..market });
            (spot, value, by_market.spot)
        })
        .collect();
    let path = picture::place("options")?;
    picture::lines(
        &path,
        Curves {
            title: "A book of options",
            axes: ["price of the share", ""],
            spans: [(70.0, 130.0), (-20.0, 50.0)],
            lines: vec![
                ("value", along.iter().map(|(spot, value, _)| [*spot, *value]).collect()),
                ("10 × delta", along.iter().map(|(spot, _, delta)| [*spot, 10.0 * delta]).collect()),
            ],
        },
    )?;
    println!("{}", path.display());
    Ok(())
}

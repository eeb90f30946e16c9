//! The second derivatives of an option's price: gamma, vanna and volga. `cargo run --release --example gamma`.
//!
//! One Hessian has all of them, and one Hessian-vector product has those that a trader asks for who watches the price of the share:
//! how delta and vega change when it moves. The program compares them with their closed forms, and draws gamma and vanna to
//! `target/pictures/gamma.svg`.

#[path = "support/picture.rs"]
mod picture;

use gradus::differentiable;
use picture::Curves;
use std::error::Error;
use std::f64::consts::TAU;

/// The share of a normal distribution below a number.
#[differentiable(partials = density, second_partials = density_turned)]
pub fn normal(x: f64) -> f64 {
    let a = x.abs();
    let tail = if a < 5.0 {
        let (mut term, mut sum) = (a, a);
        for k in 1..120 {
            term *= a * a / f64::from(2 * k + 1);
            sum += term;
        }
        0.5 - density(a) * sum
    } else {
        density(a) / (1..60).rev().fold(a, |below, k| a + f64::from(k) / below)
    };
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// Its derivative.
fn density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / TAU.sqrt()
}

/// How fast the derivative changes.
fn density_turned(x: f64, dx: f64) -> f64 {
    -x * density(x) * dx
}

/// What a call is worth, by Black, Scholes and Merton.
#[differentiable(compiled, second)]
pub fn call(spot: f64, volatility: f64, expiry: f64, #[constant] strike: f64, #[constant] rate: f64) -> f64 {
    let deviation = volatility * expiry.sqrt();
    let d1 = ((spot / strike).ln() + rate * expiry) / deviation + 0.5 * deviation;
    spot * normal(d1) - strike * (-rate * expiry).exp() * normal(d1 - deviation)
}

/// The second derivatives that have names.
#[derive(Clone, Copy, Debug)]
pub struct Greeks {
    /// By the price of the share, twice.
    pub gamma: f64,
    /// By the price of the share and the volatility.
    pub vanna: f64,
    /// By the volatility, twice.
    pub volga: f64,
    /// By the price of the share and the time that passes.
    pub charm: f64,
}

/// From the Hessian.
pub fn greeks(spot: f64, volatility: f64, expiry: f64, strike: f64, rate: f64) -> Greeks {
    let (_, _, rows) = call_hessian(spot, volatility, expiry, strike, rate);
    Greeks { gamma: rows[0].0, vanna: rows[0].1, volga: rows[1].1, charm: -rows[0].2 }
}

/// By their formulas.
pub fn closed_forms(spot: f64, volatility: f64, expiry: f64, strike: f64, rate: f64) -> Greeks {
    let deviation = volatility * expiry.sqrt();
    let d1 = ((spot / strike).ln() + rate * expiry) / deviation + 0.5 * deviation;
    let d2 = d1 - deviation;
    let vega = spot * density(d1) * expiry.sqrt();
    Greeks {
        gamma: density(d1) / (spot * deviation),
        vanna: -density(d1) * d2 / volatility,
        volga: vega * d1 * d2 / volatility,
        charm: -density(d1) * (2.0 * rate * expiry - d2 * deviation) / (2.0 * expiry * deviation),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (volatility, expiry, strike, rate) = (0.25, 0.5, 100.0, 0.03);
    println!("{:>6}{:>12}{:>12}{:>12}{:>12}{:>14}", "spot", "gamma", "vanna", "volga", "charm", "error");
    for spot in [80.0, 90.0, 100.0, 110.0, 120.0] {
        let (found, closed) = (
            greeks(spot, volatility, expiry, strike, rate),
            closed_forms(spot, volatility, expiry, strike, rate),
        );
        let error = [
            found.gamma - closed.gamma,
            found.vanna - closed.vanna,
            found.volga - closed.volga,
            found.charm - closed.charm,
        ];
        let error = error.iter().fold(0.0_f64, |error, part| error.max(part.abs()));
        let Greeks { gamma, vanna, volga, charm } = found;
        println!("{spot:>6.0}{gamma:>12.6}{vanna:>12.6}{volga:>12.4}{charm:>12.6}{error:>14.1e}");
    }
    // A hedge of delta and vega, and how it has to change when the share moves by 1.
    let (_, (delta, vega, _), (gamma, vanna, _)) =
        call_hvp(98.0, volatility, expiry, strike, rate, 1.0, 0.0, 0.0);
    println!(
        "\nat 98: delta {delta:.4}, vega {vega:.4}; a share that rises by 1 adds {gamma:.4} and {vanna:.4}"
    );

    let spots = (0..=160).map(|i| 60.0 + 0.5 * f64::from(i));
    let along: Vec<(f64, Greeks)> =
        spots.map(|spot| (spot, greeks(spot, volatility, expiry, strike, rate))).collect();
    let path = picture::place("gamma")?;
    picture::lines(
        &path,
        Curves {
            title: "Second derivatives of a call",
            axes: ["price of the share", ""],
            spans: [(60.0, 140.0), (-1.5, 2.5)],
            lines: vec![
                ("100 × gamma", along.iter().map(|(spot, g)| [*spot, 100.0 * g.gamma]).collect()),
                ("vanna", along.iter().map(|(spot, g)| [*spot, g.vanna]).collect()),
            ],
        },
    )?;
    println!("{}", path.display());
    Ok(())
}

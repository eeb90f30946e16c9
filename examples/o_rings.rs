//! Bayesian regression by Hamiltonian Monte Carlo: how likely was damage to the Space Shuttle's O-rings on the cold morning of
//! the last flight of Challenger? `cargo run --release --example o_rings`.
//!
//! Before it there were 23 flights whose O-rings were looked at. The model is a logistic regression of damage on the temperature
//! of the joints. The sampler needs the logarithm of the posterior density and its gradient, which is `log_posterior_grad`.
//!
//! Four chains start at different points. The program prints summaries with the usual checks of convergence, and draws the trace of
//! every chain to `target/pictures/o_rings.svg`.

#[path = "support/picture.rs"]
mod picture;

use gradus::{Activations, differentiable};
use std::error::Error;
use std::f64::consts::TAU;

/// The temperature of the joints, in degrees Fahrenheit, on 28 January 1986.
pub const FORECAST: f64 = 31.0;

/// One flight: the temperature in degrees Fahrenheit, and 1 if an O-ring was damaged, else 0.
pub type Flight = [f64; 2];

/// The flights of the file.
///
/// # Panics
///
/// If the file has something else than pairs of numbers.
pub fn flights() -> Vec<Flight> {
    let rows = include_str!("data/o_rings.csv").lines().skip(1);
    rows.map(|row| {
        let (temperature, damaged) = row.split_once(',').expect("two cells");
        [temperature, damaged].map(|cell| cell.parse().expect("a number"))
    })
    .collect()
}

/// A temperature in the units of the model: its distance from 70 °F, in tens of degrees.
#[differentiable]
pub fn scaled(temperature: f64) -> f64 {
    (temperature - 70.0) / 10.0
}

/// The logarithm of the likelihood. The logarithm of the odds of damage is `line[0] + line[1] · temperature`.
#[differentiable(compiled)]
pub fn log_likelihood(line: [f64; 2], #[constant] flights: &[Flight]) -> f64 {
    let mut total = 0.0;
    for [temperature, damaged] in flights {
        let odds = line[0] + line[1] * scaled(*temperature);
        total += damaged * odds - odds.softplus();
    }
    total
}

/// The standard deviations of the priors of the line's height and slope, which are normal distributions around 0.
pub const PRIOR: [f64; 2] = [5.0, 2.5];

/// The logarithm of the posterior density, up to a constant.
#[differentiable(compiled)]
pub fn log_posterior(line: [f64; 2], #[constant] flights: &[Flight]) -> f64 {
    let mut total = log_likelihood(line, flights);
    for (parameter, deviation) in line.iter().zip(PRIOR) {
        total -= 0.5 * (parameter / deviation).powi(2);
    }
    total
}

/// The probability of damage at a temperature.
pub fn probability(line: [f64; 2], temperature: f64) -> f64 {
    (line[0] + line[1] * scaled(temperature)).sigmoid()
}

/// Random numbers: the generator `SplitMix64` of Steele, Lea and Flood (2014).
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Evenly between 0 and 1, neither of them.
    fn even(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// From the normal distribution of variance 1, by Box and Muller.
    fn normal(&mut self) -> f64 {
        (-2.0 * self.even().ln()).sqrt() * (TAU * self.even()).cos()
    }
}

/// How the sampler moves.
pub struct Settings {
    /// Draws of a chain that are kept.
    pub draws: usize,
    /// Draws before them.
    pub warmup: usize,
    /// The time of a step of the leapfrog integrator. It is varied by a fifth, so that no orbit closes.
    pub step: f64,
    /// Steps of a draw.
    pub steps: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { draws: 1000, warmup: 200, step: 0.35, steps: 5 }
    }
}

/// The draws of one chain.
pub struct Chain {
    /// The lines that were drawn.
    pub draws: Vec<[f64; 2]>,
    /// The share of proposals that were accepted.
    pub accepted: f64,
}

/// One chain of Hamiltonian Monte Carlo. `density` gives the logarithm of a density and its gradient.
pub fn sample(
    density: impl Fn([f64; 2]) -> (f64, [f64; 2]),
    start: [f64; 2],
    settings: &Settings,
    seed: u64,
) -> Chain {
    let mut random = Random(seed);
    let mut place = start;
    let (mut height, mut slope) = density(place);
    let mut chain = Chain { draws: Vec::with_capacity(settings.draws), accepted: 0.0 };
    for draw in 0..settings.warmup + settings.draws {
        let mut speed = [random.normal(), random.normal()];
        let energy = |height: f64, speed: [f64; 2]| 0.5 * (speed[0].powi(2) + speed[1].powi(2)) - height;
        let before = energy(height, speed);
        let step = settings.step * (0.8 + 0.4 * random.even());
        let (mut moved, mut value, mut uphill) = (place, height, slope);
        for _ in 0..settings.steps {
            for i in 0..2 {
                speed[i] += 0.5 * step * uphill[i];
                moved[i] += step * speed[i];
            }
            (value, uphill) = density(moved);
            for i in 0..2 {
                speed[i] += 0.5 * step * uphill[i];
            }
        }
        // A NaN is never accepted.
        let accepted = random.even().ln() < before - energy(value, speed);
        if accepted {
            (place, height, slope) = (moved, value, uphill);
        }
        if draw >= settings.warmup {
            chain.draws.push(place);
            chain.accepted += f64::from(accepted) / settings.draws as f64;
        }
    }
    chain
}

/// Four chains from different points.
pub fn posterior(flights: &[Flight], settings: &Settings) -> Vec<Chain> {
    let starts = [[0.0, 0.0], [3.0, -4.0], [-3.0, 2.0], [2.0, 1.0]];
    (1..)
        .zip(starts)
        .map(|(seed, start)| sample(|line| log_posterior_grad(line, flights), start, settings, seed))
        .collect()
}

fn mean(xs: &[f64]) -> f64 {
    xs.iter().sum::<f64>() / xs.len() as f64
}

/// The sample variance.
fn variance(xs: &[f64]) -> f64 {
    let mean = mean(xs);
    xs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (xs.len() - 1) as f64
}

/// What is known of one quantity after sampling.
pub struct Summary {
    /// The mean of all draws.
    pub mean: f64,
    /// Their standard deviation.
    pub deviation: f64,
    /// The bounds that 5 % and 95 % of the draws are below.
    pub interval: [f64; 2],
    /// Gelman and Rubin's R̂ of half chains: 1 if all of them have the same mean and spread.
    pub r_hat: f64,
    /// How many independent draws would estimate the mean as well.
    pub effective: f64,
}

/// Summarises the chains of one quantity.
pub fn summary(chains: &[Vec<f64>]) -> Summary {
    let halves: Vec<&[f64]> = chains.iter().flat_map(|chain| chain.chunks_exact(chain.len() / 2)).collect();
    let n = halves[0].len() as f64;
    let within = mean(&halves.iter().map(|half| variance(half)).collect::<Vec<_>>());
    let means: Vec<f64> = halves.iter().map(|half| mean(half)).collect();
    let total = (n - 1.0) / n * within + variance(&means);

    // The autocorrelations, summed in pairs for as long as the pairs are positive (Geyer).
    let correlation = |lag: usize| {
        let moved = |half: &[f64]| {
            let squares = half[lag..].iter().zip(half.iter()).map(|(a, b)| (a - b).powi(2));
            squares.sum::<f64>() / (half.len() - lag) as f64
        };
        1.0 - mean(&halves.iter().map(|half| moved(half)).collect::<Vec<_>>()) / (2.0 * total)
    };
    let pairs = (0..halves[0].len() / 2 - 1).map(|k| correlation(2 * k) + correlation(2 * k + 1));
    let time = 2.0 * pairs.take_while(|pair| *pair > 0.0).sum::<f64>() - 1.0;

    let mut all: Vec<f64> = chains.concat();
    all.sort_by(f64::total_cmp);
    let count = all.len();
    Summary {
        mean: mean(&all),
        deviation: variance(&all).sqrt(),
        interval: [all[count / 20], all[count - 1 - count / 20]],
        r_hat: (total / within).sqrt(),
        effective: count as f64 / time,
    }
}

/// One number of every draw.
pub fn quantity(chains: &[Chain], number: impl Fn([f64; 2]) -> f64) -> Vec<Vec<f64>> {
    chains.iter().map(|chain| chain.draws.iter().map(|line| number(*line)).collect()).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let flights = flights();
    let chains = posterior(&flights, &Settings::default());
    let accepted = mean(&chains.iter().map(|chain| chain.accepted).collect::<Vec<_>>());
    println!(
        "{} flights, {} chains; {:.0} % of the proposals accepted\n",
        flights.len(),
        chains.len(),
        100.0 * accepted
    );

    let slopes = quantity(&chains, |line| line[1]);
    let rows = [
        ("log odds of damage at 70 °F", quantity(&chains, |line| line[0])),
        ("their change by 10 °F", slopes.clone()),
        ("probability at 70 °F", quantity(&chains, |line| probability(line, 70.0))),
        ("probability at 31 °F", quantity(&chains, |line| probability(line, FORECAST))),
    ];
    println!("{:<30}{:>8}{:>8}{:>18}{:>8}{:>12}", "", "mean", "σ", "5 % … 95 %", "R̂", "effective");
    for (name, chains) in &rows {
        let Summary { mean, deviation, interval: [low, high], r_hat, effective } = summary(chains);
        let interval = format!("{low:.3} … {high:.3}");
        println!("{name:<30}{mean:>8.3}{deviation:>8.3}{interval:>18}{r_hat:>8.3}{effective:>12.0}");
    }

    let path = picture::place("o_rings")?;
    picture::chains(&path, "The change of the log odds by 10 °F", &slopes)?;
    println!("\nThe chains: {}", path.display());
    Ok(())
}

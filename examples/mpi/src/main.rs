//! A network that reads digits, trained by all processes of an MPI program.
//!
//! ```sh
//! mpirun -n 4 target/release/gradus-mpi            # trains, and says how well the digits are read
//! mpirun -n 4 target/release/gradus-mpi gradient   # prints the bits of one gradient, the same with any number of processes
//! mpirun -n 4 target/release/gradus-mpi panic      # one process panics: all of them end
//! mpirun -n 4 target/release/gradus-mpi exit       # one process exits without a message: all of them end
//! ```

use gradus::optim::{Adam, Optimizer, Schedule};
use gradus::{differentiable, log_sum_exp};
use gradus_mpi::{abort_on_panic, sum_gradients};
use mpi::traits::Communicator;

const PIXELS: usize = 64;
const HIDDEN: usize = 24;
const CLASSES: usize = 10;
/// Weights and biases of two layers.
const PARAMETERS: usize = HIDDEN * (PIXELS + 1) + CLASSES * (HIDDEN + 1);
/// How many parts of the samples are summed apart.
const CHUNKS: usize = 8;

/// An image, from 0 (paper) to 1 (ink), and its digit.
struct Digit {
    pixels: [f64; PIXELS],
    class: usize,
}

/// What the network gives for each class.
#[differentiable(compiled)]
fn scores(p: &[f64], #[constant] pixels: &[f64; 64]) -> Vec<f64> {
    let (first, second) = p.split_at(HIDDEN * (PIXELS + 1));
    let mut hidden = [0.0; HIDDEN];
    for i in 0..HIDDEN {
        let row = &first[i * (PIXELS + 1)..(i + 1) * (PIXELS + 1)];
        let mut sum = row[PIXELS];
        for k in 0..PIXELS {
            sum += row[k] * pixels[k];
        }
        hidden[i] = sum.tanh();
    }
    let mut scores = vec![0.0; CLASSES];
    for i in 0..CLASSES {
        let row = &second[i * (HIDDEN + 1)..(i + 1) * (HIDDEN + 1)];
        scores[i] = row[HIDDEN];
        for k in 0..HIDDEN {
            scores[i] += row[k] * hidden[k];
        }
    }
    scores
}

/// The cross-entropy of one image.
#[differentiable]
fn loss(p: &[f64], #[constant] pixels: &[f64; 64], class: usize) -> f64 {
    let scores = scores(p, pixels);
    log_sum_exp(&scores) - scores[class]
}

fn digits() -> Vec<Digit> {
    let rows = include_str!("../../data/digits.csv").lines();
    rows.map(|row| {
        let cells: Vec<usize> = row.split(',').map(|cell| cell.parse().expect("a number")).collect();
        Digit { pixels: std::array::from_fn(|k| cells[k] as f64 / 16.0), class: cells[PIXELS] }
    })
    .collect()
}

/// Small weights that differ, the same on all processes.
fn start() -> Vec<f64> {
    (0..PARAMETERS).map(|i| 0.2 * (1.7 * i as f64 + 0.3).sin()).collect()
}

/// The mean loss of the samples and its gradient, by all processes.
fn gradient(
    world: &impl mpi::traits::CommunicatorCollectives,
    p: &[f64],
    samples: &[Digit],
) -> (f64, Vec<f64>) {
    let mut sum = vec![0.0; p.len()];
    let total = sum_gradients(world, samples.len(), CHUNKS, &mut sum, |range, buffer| {
        samples[range].iter().map(|digit| loss_grad_add(p, &digit.pixels, digit.class, buffer)).sum()
    });
    let count = samples.len() as f64;
    for slope in &mut sum {
        *slope /= count;
    }
    (total / count, sum)
}

fn accuracy(p: &[f64], samples: &[Digit]) -> f64 {
    let right = samples.iter().filter(|digit| {
        let scores = scores(p, &digit.pixels);
        scores.iter().all(|score| *score <= scores[digit.class])
    });
    right.count() as f64 / samples.len() as f64
}

fn main() {
    let universe = mpi::initialize().expect("MPI is not initialized yet");
    abort_on_panic();
    let world = universe.world();
    let last = world.size() - 1;
    let digits = digits();
    let (training, held_out) = digits.split_at(1437);
    let mut p = start();
    match std::env::args().nth(1).as_deref() {
        None => {
            let mut adam = Adam::new(0.02);
            let epochs = 60;
            let schedule = Schedule::Cosine { from: 0.02, to: 0.001, steps: epochs };
            for epoch in 0..epochs {
                adam.set_rate(schedule.rate(epoch));
                let (loss, gradient) = gradient(&world, &p, training);
                adam.step(&mut p, &gradient);
                if world.rank() == 0 && (epoch + 1) % 10 == 0 {
                    println!("{:>4}  loss {loss:.4}", epoch + 1);
                }
            }
            if world.rank() == 0 {
                let share = 100.0 * accuracy(&p, held_out);
                println!(
                    "{} processes; {share:.1} % of {} other digits are read right",
                    world.size(),
                    held_out.len()
                );
            }
        }
        Some("gradient") => {
            let (loss, gradient) = gradient(&world, &p, training);
            if world.rank() == 0 {
                println!("{:016x}", loss.to_bits());
                for slope in gradient {
                    println!("{:016x}", slope.to_bits());
                }
            }
        }
        Some("panic") => {
            assert!(world.rank() != last, "this process panics");
            gradient(&world, &p, training);
        }
        Some("exit") => {
            if world.rank() == last {
                std::process::exit(3);
            }
            gradient(&world, &p, training);
        }
        Some(other) => panic!("`{other}` is not one of gradient, panic and exit"),
    }
}

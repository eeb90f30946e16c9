//! Data sets to learn on: points in the plane, made from a seed, and two classics, read from files.
//!
//! ```
//! use gradus::datasets;
//! let moons = datasets::moons(100, 0.1, 42);
//! assert_eq!((moons.len(), moons.inputs[0].len()), (100, 2));
//! assert_eq!(moons, datasets::moons(100, 0.1, 42)); // the same seed makes the same points
//! let (training, held_out) = moons.split(20, 1);
//! assert_eq!((training.len(), held_out.len()), (80, 20));
//! for batch in training.batches(32, 7) {
//!     assert!(batch.len() == 32 || batch.len() == 16);
//! }
//! ```

mod files;
mod plane;

pub use files::{DataError, digits, iris};
pub use plane::{circles, moons, spirals, xor};

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom;

/// Samples of `N` numbers each, sorted into classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset<const N: usize> {
    /// The samples.
    pub inputs: Vec<[f64; N]>,
    /// The class of each sample, from 0.
    pub labels: Vec<usize>,
    /// The names of the classes.
    pub names: Vec<String>,
}

impl<const N: usize> Dataset<N> {
    /// The number of samples.
    pub fn len(&self) -> usize {
        self.inputs.len()
    }

    /// Whether there are no samples.
    pub fn is_empty(&self) -> bool {
        self.inputs.is_empty()
    }

    /// The classes of a set of two as signs, for max-margin losses: class 0 is −1, class 1 is 1.
    ///
    /// # Panics
    ///
    /// If there are not two classes.
    #[track_caller]
    pub fn signs(&self) -> Vec<f64> {
        let classes = self.names.len();
        assert_eq!(classes, 2, "{classes} classes are not told apart by a sign");
        self.labels.iter().map(|&label| if label == 0 { -1.0 } else { 1.0 }).collect()
    }

    /// The samples at these indices, in this order.
    ///
    /// # Panics
    ///
    /// If there is no sample at an index.
    #[track_caller]
    #[must_use = "it makes a new data set"]
    pub fn select(&self, indices: &[usize]) -> Dataset<N> {
        Dataset {
            inputs: indices.iter().map(|&index| self.inputs[index]).collect(),
            labels: indices.iter().map(|&index| self.labels[index]).collect(),
            names: self.names.clone(),
        }
    }

    /// The set in two, shuffled: what is left to learn from, and `held_out` samples to judge by.
    ///
    /// # Panics
    ///
    /// If there are not that many samples.
    #[track_caller]
    pub fn split(&self, held_out: usize, seed: u64) -> (Dataset<N>, Dataset<N>) {
        assert!(held_out <= self.len(), "{held_out} samples held out of {}", self.len());
        let order = self.shuffled(seed);
        let (held_out, rest) = order.split_at(held_out);
        (self.select(rest), self.select(held_out))
    }

    /// The samples in batches of this size, shuffled; the last one holds what is left. Another seed for each epoch
    /// makes other batches.
    ///
    /// # Panics
    ///
    /// If the size is 0.
    #[track_caller]
    pub fn batches(&self, size: usize, seed: u64) -> impl Iterator<Item = Dataset<N>> {
        assert!(size > 0, "batches of no samples");
        let mut order = self.shuffled(seed);
        std::iter::from_fn(move || {
            let rest = order.split_off(size.min(order.len()));
            let batch = std::mem::replace(&mut order, rest);
            (!batch.is_empty()).then(|| self.select(&batch))
        })
    }

    fn shuffled(&self, seed: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
        order
    }
}

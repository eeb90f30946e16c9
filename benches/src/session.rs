//! What is done with the variants of a kernel: timed, counted, or run by themselves for another program to watch.

use crate::memory::{self, Memory};
use crate::table::{Cell, Row};
use crate::variant::{Column, Variant};
use crate::{instructions, timing};

/// What a run of the program is for.
pub enum Mode {
    /// Times, and what is taken from the heap.
    Time,
    /// Instructions per call, counted by callgrind.
    Instructions,
    /// A single variant: one call to warm up, then `calls` more.
    Only {
        /// The variant.
        column: Column,
        /// The number of calls.
        calls: usize,
    },
}

/// One run of a kernel at one size.
pub struct Session {
    /// The name of kernel and size.
    pub label: String,
    /// What it is for.
    pub mode: Mode,
    /// What came out.
    pub row: Option<Row>,
}

/// How far apart two gradients may be, relative to the component, or to a thousandth of the largest: they are
/// computed in different orders, and the long loops amplify rounding.
const TOLERANCE: f64 = 1e-9;

impl Session {
    /// Does with the variants of a kernel what the session is for. The hand-written one comes first. `iterations` is how
    /// often the main loop of the kernel runs, if it has one.
    ///
    /// # Panics
    ///
    /// If the gradients disagree.
    pub fn measure(&mut self, iterations: Option<usize>, mut variants: Vec<Variant<'_>>) {
        assert!(variants[0].column == Column::Hand, "the hand-written gradient comes first");
        if let Mode::Only { column, calls } = self.mode {
            let wanted = variants.iter_mut().find(|variant| variant.column == column);
            let variant = wanted.expect("the parent asks for a variant that there is");
            variant.repeat(1);
            variant.repeat(calls);
            return;
        }
        // First of all: nothing has been taken from the heap yet for the calls to come.
        let memory = variants.iter_mut().find(|v| v.column == Column::GradAdd).map(memory::of);
        for variant in &mut variants {
            variant.repeat(1);
        }
        self.check(&variants);
        let (measures, unit) = match self.mode {
            Mode::Time => (timing::measure(&mut variants), "s"),
            _ => (instructions::measure(&self.label, &mut variants), "instructions"),
        };
        self.row = Some(Row {
            label: self.label.clone(),
            unit,
            cells: Column::ALL.map(|column| {
                let at = variants.iter().position(|variant| variant.column == column)?;
                Some(Cell::new(&measures[at], &measures[0]))
            }),
            backend: variants.iter().find_map(|variant| variant.backend),
            memory: memory.map(|Memory { first_bytes, later_allocations }| {
                let per_iteration = iterations.map(|n| first_bytes as f64 / n as f64);
                (later_allocations, per_iteration)
            }),
        });
    }

    /// Compares every value and gradient with the hand-written one.
    fn check(&self, variants: &[Variant<'_>]) {
        let (value, gradient) = variants[0].result();
        for variant in &variants[1..] {
            let (other_value, other) = variant.result();
            let (label, title) = (&self.label, variant.column.title());
            assert!(
                close(other_value, value, value.abs()),
                "{label}: the value by {title} is {other_value:e}, by hand {value:e}"
            );
            assert!(
                other.len() == gradient.len(),
                "{label}: the gradient by {title} has {} components, by hand {}",
                other.len(),
                gradient.len()
            );
            let largest = gradient.iter().fold(0.0, |largest: f64, g| largest.max(g.abs()));
            for (at, (&found, &expected)) in other.iter().zip(&gradient).enumerate() {
                assert!(
                    close(found, expected, largest),
                    "{label}: component {at} of the gradient by {title} is {found:e}, by hand {expected:e}"
                );
            }
        }
    }
}

/// Whether two numbers agree; NaN agrees with nothing.
fn close(found: f64, expected: f64, largest: f64) -> bool {
    (found - expected).abs() <= TOLERANCE * expected.abs().max(1e-3 * largest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_hand() -> Variant<'static> {
        Variant::hand([0.0; 2], |g| {
            *g = [4.0, 1e-6];
            2.0
        })
    }

    fn compare(value: f64, gradient: [f64; 2]) {
        let other = Variant::grad(move || (value, gradient));
        let mut variants = [by_hand(), other];
        for variant in &mut variants {
            variant.repeat(1);
        }
        let session = Session { label: "test".to_owned(), mode: Mode::Time, row: None };
        session.check(&variants);
    }

    #[test]
    fn rounding_is_no_disagreement() {
        compare(2.0 + 1e-10, [4.0 - 1e-10, 1e-6 + 1e-13]);
    }

    #[test]
    #[should_panic(expected = "component 1 of the gradient by _grad is 1.1e-6, by hand 1e-6")]
    fn a_small_component_that_is_wrong_is_found() {
        compare(2.0, [4.0, 1.1e-6]);
    }

    #[test]
    #[should_panic(expected = "component 0 of the gradient by _grad is NaN, by hand 4")]
    fn nan_agrees_with_nothing() {
        compare(2.0, [f64::NAN, 1e-6]);
    }

    #[test]
    #[should_panic(expected = "the value by _grad is 2.1e0, by hand 2e0")]
    fn values_are_compared() {
        compare(2.1, [4.0, 1e-6]);
    }
}

//! Arguments of which one number is changed, for checks of gradients.

/// Changes one of the numbers of a function's differentiable arguments, which are counted in reading order.
#[derive(Clone, Copy, Debug)]
pub struct Shift {
    index: usize,
    by: f64,
    seen: usize,
}

impl Shift {
    /// Changes nothing.
    pub fn none() -> Shift {
        Shift::of(usize::MAX, 0.0)
    }

    /// Adds `by` to the number at `index`.
    pub fn of(index: usize, by: f64) -> Shift {
        Shift { index, by, seen: 0 }
    }

    /// The next number, changed if it is the one.
    pub fn next(&mut self, number: f64) -> f64 {
        let here = self.seen == self.index;
        self.seen += 1;
        if here { number + self.by } else { number }
    }
}

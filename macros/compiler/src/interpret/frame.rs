//! The frame of the interpreter: everything on it bears the name under which it was saved, so that what is taken back in
//! another order is noticed.

use super::datum::{Datum, Evaluated, wrong};

#[derive(Default)]
pub struct Frame(Vec<(String, Datum)>);

impl Frame {
    pub fn save(&mut self, name: &str, datum: Datum) {
        self.0.push((name.to_owned(), datum));
    }

    pub fn back(&mut self, name: &str) -> Evaluated<Datum> {
        match self.0.pop() {
            Some((saved, datum)) if saved == name => Ok(datum),
            Some((saved, _)) => wrong(format!("`{name}` is taken back where `{saved}` was saved")),
            None => wrong(format!("`{name}` is taken back and was not saved")),
        }
    }

    /// How much there is on it.
    pub fn mark(&self) -> usize {
        self.0.len()
    }

    /// Forgets what was saved since then.
    pub fn take_back(&mut self, mark: usize) {
        self.0.truncate(mark);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

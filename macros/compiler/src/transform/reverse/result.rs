//! Where the reverse sweep begins: the result of the function.

use super::Reversal;
use super::adjoint::Contribution;
use super::storage::host;
use crate::ir::{Amount, Atom, Class, Expression, Outcome, Piece, Place, StatementKind, Step, StorageId};
use proc_macro2::{Literal, TokenStream, TokenTree};

impl Reversal {
    /// ∂result/∂result = 1, or the caller's weights.
    pub(super) fn seed(&mut self, outcome: &Outcome, seed: Option<StorageId>) {
        debug_assert_eq!(self.seeded, seed.is_some());
        match (seed, outcome) {
            (Some(seed), outcome) => {
                let place = self.whole(seed);
                self.seeds(outcome, &place);
            }
            (None, Outcome::Atom(atom)) => {
                let expression = Expression::Atom(Atom::number(1.0));
                self.add(atom, Contribution::certain(expression));
            }
            (None, Outcome::Place(place)) => {
                // A number behind a name that only rustc knows.
                let place = self.adjoint_of(place);
                let expression = Expression::Atom(Atom::number(1.0));
                self.accumulate(place, Contribution::certain(expression));
            }
            (None, Outcome::Tuple(_) | Outcome::List(_)) => {
                unreachable!("a result of several numbers has weights")
            }
        }
    }

    fn seeds(&mut self, outcome: &Outcome, seed: &Place) {
        match outcome {
            Outcome::Atom(atom) => {
                if self.program.active(atom).is_some() {
                    let out = self.value("weight", Class::Float);
                    self.push(StatementKind::Load { out, place: seed.clone() });
                    let weight = self.found(out);
                    self.add(atom, weight);
                }
            }
            Outcome::Place(place) => {
                let place = self.adjoint_of(place);
                let amount = Amount::Storage(seed.clone());
                self.push(StatementKind::Accumulate { place, amount });
            }
            Outcome::Tuple(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    self.seeds(part, &seed.part(Step::Field(number(at))));
                }
            }
            Outcome::List(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    let at = host(vec![Piece::Tokens(number(at))]);
                    self.seeds(part, &seed.part(Step::Index(at)));
                }
            }
        }
    }
}

fn number(at: usize) -> TokenStream {
    TokenStream::from(TokenTree::from(Literal::usize_unsuffixed(at)))
}

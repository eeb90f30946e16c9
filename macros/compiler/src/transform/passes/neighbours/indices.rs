//! How an index follows the number of the iteration.

use crate::ir::{Atom, Class, Place, Program, Region, StatementKind, Step, ValueId};
use crate::transform::passes::value_numbering::key::{Bracket, Key, Part, number_of, of_host};
use std::collections::HashMap;

/// What passive integers are computed from.
pub struct Indices {
    keys: HashMap<ValueId, Key>,
}

/// A constant, or the number of the iteration and a constant.
#[derive(Clone, Copy)]
struct Affine {
    follows: bool,
    plus: i64,
}

impl Indices {
    /// Those of both sweeps.
    pub fn of(program: &Program, reverse: &Region) -> Indices {
        let mut keys = HashMap::new();
        for sweep in [&program.body, reverse] {
            sweep.each(&mut |_, statement| {
                if let StatementKind::Passive { out: Some(out), host } = &statement.kind
                    && program.value(*out).class == Class::Scalar
                    && !program.changing.contains(out)
                    && let Some(key) = of_host(program, host)
                {
                    keys.insert(*out, plain(key));
                }
            });
        }
        Indices { keys }
    }

    /// How far from the number of the iteration an element stands; none if that is not the same in each.
    pub fn distance(&self, program: &Program, place: &Place, index: ValueId) -> Option<i64> {
        let (last, before) = place.steps.split_last()?;
        let Step::Index(element) = last else { return None };
        let mut sum = self.affine(&plain(of_host(program, element)?), index)?;
        for step in before {
            let Step::Range(range) = step else { return None };
            sum = sum.and(self.start(&plain(of_host(program, range)?), index)?)?;
        }
        sum.follows.then_some(sum.plus)
    }

    /// Where a range begins.
    fn start(&self, range: &[Part], index: ValueId) -> Option<Affine> {
        let dots = range.windows(2).position(|two| two.iter().all(|part| *part == Part::Sign('.')))?;
        if dots == 0 { Some(Affine { follows: false, plus: 0 }) } else { self.affine(&range[..dots], index) }
    }

    fn affine(&self, parts: &[Part], index: ValueId) -> Option<Affine> {
        match parts {
            [Part::Value(value)] if *value == index => Some(Affine { follows: true, plus: 0 }),
            [Part::Value(value)] => self.affine(self.keys.get(value)?, index),
            [Part::Open(Bracket::Round | Bracket::None), inner @ .., Part::Close] => {
                self.affine(inner, index)
            }
            [Part::Literal(literal)] => Some(Affine { follows: false, plus: small(literal)? }),
            [first, Part::Sign(sign @ ('+' | '-')), Part::Literal(literal)] => {
                let plus = if *sign == '+' { small(literal)? } else { -small(literal)? };
                self.affine(std::slice::from_ref(first), index)?.and(Affine { follows: false, plus })
            }
            [first @ Part::Literal(_), Part::Sign('+'), other @ Part::Value(_)] => {
                let first = self.affine(std::slice::from_ref(first), index)?;
                first.and(self.affine(std::slice::from_ref(other), index)?)
            }
            _ => None,
        }
    }

    /// Whether a bound of a loop and a constant are an index that rustc cannot take for a negative number while it compiles.
    pub fn is_index(&self, bound: &Atom, plus: i64, index: ValueId) -> bool {
        let Atom::Value(value) = bound else { return plus >= 0 };
        match self.affine(&[Part::Value(*value)], index) {
            Some(constant) => constant.plus + plus >= 0,
            None => plus >= 0 || self.is_known_at_run_time(*value),
        }
    }

    fn is_known_at_run_time(&self, value: ValueId) -> bool {
        let Some(key) = self.keys.get(&value) else { return true };
        key.iter().any(|part| match part {
            Part::Value(value) => self.is_known_at_run_time(*value),
            Part::Storage(_) => true,
            Part::Word(_)
            | Part::Literal(_)
            | Part::Sign(_)
            | Part::Open(_)
            | Part::Close
            | Part::Number
            | Part::Deref
            | Part::Behind(_) => false,
        })
    }
}

impl Affine {
    fn and(self, other: Affine) -> Option<Affine> {
        let plus = self.plus + other.plus;
        (!(self.follows && other.follows)).then_some(Affine { follows: self.follows || other.follows, plus })
    }
}

/// A key without the marks of names that stand for the value itself.
fn plain(key: Key) -> Key {
    key.into_iter().filter(|part| *part != Part::Behind(0)).collect()
}

/// A literal that no sum of a few takes far.
fn small(literal: &str) -> Option<i64> {
    number_of(literal).and_then(|number| i32::try_from(number).ok()).map(i64::from)
}

//! Adjoints of values: contributions, their sums, and what is known of being reached.

use super::partial::is_number;
use super::{Accumulator, Reversal, Scope};
use crate::ir::{
    Amount, Atom, Class, Expression, Init, Place, Region, Shape, StatementKind, StorageId, Test, ValueId,
};
use gradus_ops::Op;
use std::collections::BTreeSet;

/// When an adjoint, or a contribution to one, has been reached.
#[derive(Clone, Debug)]
pub enum Reach {
    Certain,
    /// Where this holds, or fails; elsewhere it is any number.
    Where {
        condition: Atom,
        holds: bool,
    },
    /// Where the value is not −0. The value belongs to the scope at this depth.
    Unless {
        unreached: ValueId,
        depth: usize,
    },
}

/// The adjoint of a value, complete.
#[derive(Clone, Debug)]
pub struct Adjoint {
    pub atom: Atom,
    pub reach: Reach,
    /// Whether it is not −0 where it is reached.
    pub distinct: bool,
}

/// What is added to an adjoint.
#[derive(Clone, Debug)]
pub struct Contribution {
    pub expression: Expression,
    pub reach: Reach,
    pub distinct: bool,
    /// Whether it is reached wherever its condition holds; else it is −0 where it is not.
    pub sure: bool,
}

impl Adjoint {
    /// The adjoint handed on as it is.
    pub fn contribution(&self) -> Contribution {
        self.times(Expression::Atom(self.atom.clone()))
    }

    /// An expression of the adjoint, as a contribution.
    pub fn times(&self, expression: Expression) -> Contribution {
        let is_same = self.distinct && matches!(expression, Expression::Atom(_));
        let distinct = is_same || is_number(&expression);
        Contribution { expression, reach: self.reach.clone(), distinct, sure: true }
    }
}

impl Contribution {
    /// A contribution that is certainly reached.
    pub fn certain(expression: Expression) -> Contribution {
        let distinct = is_number(&expression);
        Contribution { expression, reach: Reach::Certain, distinct, sure: true }
    }

    fn is_certain(&self) -> bool {
        matches!(self.reach, Reach::Certain) && self.sure
    }

    /// Whether it is −0 where it is not reached.
    fn is_nothing_elsewhere(&self) -> bool {
        match self.reach {
            Reach::Certain => true,
            Reach::Where { .. } => false,
            Reach::Unless { unreached, .. } => {
                matches!(self.expression, Expression::Atom(Atom::Value(value)) if value == unreached)
            }
        }
    }
}

impl Reversal {
    // --- contributions

    /// Adds a contribution to the adjoint of an active atom.
    pub fn add(&mut self, atom: &Atom, contribution: Contribution) {
        let Some(value) = self.program.active(atom) else { return };
        match self.accumulators.get(&value).copied() {
            Some(Accumulator { storage, certain }) => {
                let amount = if certain { self.guarded(contribution) } else { self.distinct(contribution) };
                let place = self.whole(storage);
                self.push(StatementKind::Accumulate { place, amount: Amount::Number(amount) });
            }
            None => self.scope().pending.entry(value).or_default().push(contribution),
        }
    }

    /// Adds to an adjoint of the caller's, or of a storage.
    pub fn accumulate(&mut self, place: Place, contribution: Contribution) {
        let amount = if self.is_read(place.storage) {
            self.distinct(contribution)
        } else {
            self.guarded(contribution)
        };
        self.push(StatementKind::Accumulate { place, amount: Amount::Number(amount) });
    }

    /// Accumulators for the values of this region that inner regions contribute to.
    pub fn prepare(&mut self, inner: &[&Region]) {
        let none = BTreeSet::new();
        let receivers = |region: &&Region| self.receivers.get(&region.id).unwrap_or(&none);
        let values: BTreeSet<_> = inner.iter().flat_map(receivers).copied().collect();
        self.accumulators_for(values);
    }

    /// Accumulators for these values, as far as they are this region's.
    pub fn accumulators_for(&mut self, values: impl IntoIterator<Item = ValueId>) {
        let here = self.scope().of;
        for value in values {
            let is_own = self.program.value(value).region == here;
            if !is_own || self.accumulators.contains_key(&value) {
                continue;
            }
            let sum = self.pending_sum(value);
            let certain = self.certain.contains(&value);
            let init = match sum {
                None => Init::Unreached(Shape::Number),
                Some(sum) if certain => Init::Number(self.guarded(sum)),
                Some(sum) => Init::Number(self.distinct(sum)),
            };
            let storage = self.adjoint_storage(&self.bar(value));
            self.push(StatementKind::New { storage, init });
            self.accumulators.insert(value, Accumulator { storage, certain });
        }
    }

    // --- sums

    /// The adjoint of a value, to which nothing is added any more; none where nothing can reach it.
    pub fn finish(&mut self, value: ValueId) -> Option<Adjoint> {
        let sum = self.sum(value)?;
        let Contribution { expression, reach, distinct, sure } = sum;
        if !sure {
            let sum = Contribution { expression, reach, distinct, sure };
            let expression = self.guarded(sum);
            let out = self.value(&self.bar(value), Class::Float);
            self.push(StatementKind::Compute { out, expression });
            return Some(Adjoint { atom: Atom::Value(out), reach: self.unless(out), distinct: true });
        }
        if let Expression::Atom(atom) = expression {
            return Some(Adjoint { atom, reach, distinct });
        }
        let out = self.value(&self.bar(value), Class::Float);
        self.push(StatementKind::Compute { out, expression });
        Some(Adjoint { atom: Atom::Value(out), reach, distinct })
    }

    /// The same as a contribution to what comes next.
    pub fn sum(&mut self, value: ValueId) -> Option<Contribution> {
        let Some(Accumulator { storage, certain }) = self.accumulators.remove(&value) else {
            return self.pending_sum(value);
        };
        // The accumulator is complete: its number keeps its name.
        let ident = self.program.storage(storage).ident.clone();
        let region = self.scope().id;
        let out = self.value_of(ident, Class::Float, region);
        let place = self.whole(storage);
        self.push(StatementKind::Load { out, place });
        let reach = if certain { Reach::Certain } else { self.unless(out) };
        let expression = Expression::Atom(Atom::Value(out));
        Some(Contribution { expression, reach, distinct: !certain, sure: true })
    }

    fn pending_sum(&mut self, value: ValueId) -> Option<Contribution> {
        let mut terms = self.scope().pending.remove(&value)?;
        if terms.len() == 1 {
            return terms.pop();
        }
        let reach = terms[0].reach.clone();
        let sure = terms.iter().any(|term| term.sure);
        if sure && terms.iter().all(|term| same_condition(&term.reach, &reach)) {
            let expression = self.added(value, terms.into_iter().map(|term| term.expression).collect());
            return Some(Contribution { expression, reach, distinct: false, sure });
        }
        let is_certain = self.certain.contains(&value) || terms.iter().any(Contribution::is_certain);
        let groups = grouped(terms);
        let is_certain = is_certain || groups.iter().any(Group::is_certain);
        let terms = groups.into_iter().map(|group| self.group(value, group, is_certain)).collect();
        let expression = self.added(value, terms);
        if is_certain {
            return Some(Contribution { expression, reach: Reach::Certain, distinct: false, sure: true });
        }
        let out = self.value(&self.bar(value), Class::Float);
        self.push(StatementKind::Compute { out, expression });
        let (expression, reach) = (Expression::Atom(Atom::Value(out)), self.unless(out));
        Some(Contribution { expression, reach, distinct: true, sure: true })
    }

    /// The sum of contributions that exclude each other or hold together, −0 where nothing is reached.
    fn group(&mut self, value: ValueId, group: Group, is_certain: bool) -> Expression {
        let Group { then, otherwise } = group;
        let sides = [then, otherwise].map(|terms| {
            let first = terms.first()?;
            let (reach, sure) = (first.reach.clone(), terms.iter().any(|term| term.sure));
            let distinct = terms.len() == 1 && first.distinct || !sure;
            let expression = self.added(value, terms.into_iter().map(|term| term.expression).collect());
            Some(Contribution { expression, reach, distinct, sure })
        });
        let [then, otherwise] = match sides {
            [Some(then), Some(otherwise)] => [then, otherwise],
            [Some(one), None] | [None, Some(one)] => {
                return if is_certain { self.guarded(one) } else { self.distinct(one) };
            }
            [None, None] => unreachable!("a group has contributions"),
        };
        let Reach::Where { condition, .. } = then.reach.clone() else {
            unreachable!("contributions exclude each other by a condition")
        };
        // Each side is a value of its own: between values that are there a processor selects without a branch.
        let [then, otherwise] = [(then, "if"), (otherwise, "else")].map(|(side, name)| {
            let side = Contribution { reach: Reach::Certain, ..side };
            let expression = if is_certain { self.guarded(side) } else { self.distinct(side) };
            self.atom(expression, &format!("{}_{name}", self.bar(value)))
        });
        Expression::Choice { condition, then, otherwise }
    }

    /// An expression as an atom: a value of this name, unless it is one.
    pub fn atom(&mut self, expression: Expression, name: &str) -> Atom {
        if let Expression::Atom(atom) = expression {
            return atom;
        }
        let out = self.value(name, Class::Float);
        self.push(StatementKind::Compute { out, expression });
        Atom::Value(out)
    }

    /// The sum of terms in their order, as an expression of bounded size.
    fn added(&mut self, value: ValueId, terms: Vec<Expression>) -> Expression {
        const MOST: usize = 6;
        let (mut sum, mut atoms) = (None, 0);
        for term in terms {
            let size = size(&term);
            if let Some(expression) = sum.take_if(|_| atoms + size > MOST) {
                let out = self.value(&self.bar(value), Class::Float);
                self.push(StatementKind::Compute { out, expression });
                (sum, atoms) = (Some(Expression::Atom(Atom::Value(out))), 1);
            }
            atoms += size;
            sum = Some(match sum {
                None => term,
                Some(sum) => Expression::Operation(Op::Add, vec![sum, term]),
            });
        }
        sum.expect("a sum has terms")
    }

    // --- what is reached

    /// A value of the innermost region, which is −0 where it is not reached.
    pub fn unless(&self, unreached: ValueId) -> Reach {
        Reach::Unless { unreached, depth: self.scopes.len() - 1 }
    }

    /// A contribution that is −0 where it is not reached.
    pub fn guarded(&mut self, contribution: Contribution) -> Expression {
        if contribution.is_nothing_elsewhere() {
            return contribution.expression;
        }
        let Contribution { expression, reach, .. } = contribution;
        match self.condition(&reach) {
            Some((condition, holds)) => Expression::Where { condition, holds, then: Box::new(expression) },
            None => expression,
        }
    }

    /// The same, which is not −0 where it is reached.
    pub fn distinct(&mut self, mut contribution: Contribution) -> Expression {
        if !contribution.distinct {
            let zero = Atom::number(0.0);
            let terms = vec![contribution.expression, Expression::Atom(zero)];
            contribution.expression = Expression::Operation(Op::Add, terms);
        }
        self.guarded(contribution)
    }

    /// The condition under which something is reached, or none if it certainly is.
    pub fn condition(&mut self, reach: &Reach) -> Option<(Atom, bool)> {
        match reach {
            Reach::Certain => None,
            Reach::Where { condition, holds } => Some((condition.clone(), *holds)),
            Reach::Unless { unreached, depth } => {
                if let Some(test) = self.tests.get(unreached) {
                    return Some((Atom::Value(*test), true));
                }
                let test = Test::Reached(Atom::Value(*unreached));
                let out = self.test_at(*depth, &format!("{}_reached", self.name_of(*unreached)), test);
                self.tests.insert(*unreached, out);
                Some((Atom::Value(out), true))
            }
        }
    }

    /// Where an adjoint is reached, and another condition holds as well.
    pub fn reached_where(&mut self, reach: &Reach, name: &str, test: Test) -> Reach {
        let test = match (self.condition(reach), test) {
            (None, Test::Atom { condition, holds }) => return Reach::Where { condition, holds },
            (None, test) => test,
            (Some((condition, holds)), test) => {
                Test::Both(Box::new(Test::Atom { condition, holds }), Box::new(test))
            }
        };
        let condition = Atom::Value(self.test_at(self.scopes.len() - 1, name, test));
        Reach::Where { condition, holds: true }
    }

    /// A condition, in the region at a depth, before what is written next.
    fn test_at(&mut self, depth: usize, name: &str, test: Test) -> ValueId {
        let ident = self.named(name);
        let Scope { id, span, .. } = self.scopes[depth];
        let out = self.value_of(ident, Class::Scalar, id);
        let kind = StatementKind::Test { out, test };
        self.scopes[depth].statements.push(crate::ir::Statement { kind, span });
        out
    }

    pub fn name_of(&self, value: ValueId) -> String {
        self.program.stem(&self.program.value(value).ident)
    }

    /// Whether somebody reads this adjoint storage as an adjoint. A caller's buffer is read by a caller that is itself reversed.
    fn is_read(&self, storage: StorageId) -> bool {
        use crate::ir::{Mode, StorageKind};
        match self.program.storage(storage).kind {
            StorageKind::Buffer { .. } => self.mode == Mode::Split,
            StorageKind::Adjoint { .. }
            | StorageKind::Parameter { .. }
            | StorageKind::Local { .. }
            | StorageKind::Seed => true,
        }
    }
}

/// Whether two contributions are reached under one condition, so that their sum is too.
fn same_condition(a: &Reach, b: &Reach) -> bool {
    match (a, b) {
        (Reach::Certain, Reach::Certain) => true,
        (
            Reach::Where { condition: Atom::Value(a), holds },
            Reach::Where { condition: Atom::Value(b), holds: same },
        ) => a == b && holds == same,
        (Reach::Unless { unreached: a, .. }, Reach::Unless { unreached: b, .. }) => a == b,
        (Reach::Certain | Reach::Where { .. } | Reach::Unless { .. }, _) => false,
    }
}

/// How many atoms an expression has.
fn size(expression: &Expression) -> usize {
    match expression {
        Expression::Atom(_) => 1,
        Expression::Operation(_, operands) => operands.iter().map(size).sum(),
        Expression::Partial { reads, .. } | Expression::Second { reads, .. } => 1 + reads.len(),
        Expression::Push { partial, tangent } => size(partial) + size(tangent),
        Expression::Where { then, .. } => 2 + size(then),
        Expression::Choice { .. } => 3,
    }
}

/// Contributions under one condition: where it holds, and where it fails.
#[derive(Default)]
struct Group {
    then: Vec<Contribution>,
    otherwise: Vec<Contribution>,
}

impl Group {
    /// Whether something is reached on either side.
    fn is_certain(&self) -> bool {
        let sure = |terms: &[Contribution]| terms.iter().any(|term| term.sure);
        sure(&self.then) && sure(&self.otherwise)
    }

    fn takes(&self, contribution: &Contribution) -> bool {
        self.then.iter().chain(&self.otherwise).next().is_some_and(|own| {
            match (&own.reach, &contribution.reach) {
                (
                    Reach::Where { condition: Atom::Value(a), .. },
                    Reach::Where { condition: Atom::Value(b), .. },
                ) => a == b,
                (a, b) => same_condition(a, b),
            }
        })
    }
}

/// Contributions by their conditions, in the order of the first of each.
fn grouped(terms: Vec<Contribution>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for term in terms {
        let at = groups.iter().position(|group| group.takes(&term)).unwrap_or_else(|| {
            groups.push(Group::default());
            groups.len() - 1
        });
        match term.reach {
            Reach::Where { holds: false, .. } => groups[at].otherwise.push(term),
            Reach::Where { .. } | Reach::Certain | Reach::Unless { .. } => groups[at].then.push(term),
        }
    }
    groups
}

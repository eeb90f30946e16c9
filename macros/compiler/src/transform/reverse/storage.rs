//! Arrays and `Vec`s: the adjoint of a storage is a storage of the same shape, and is changed in place where the storage was.

use super::adjoint::Contribution;
use super::{Reversal, Scope};
use crate::ir::{
    Amount, Atom, Change, Class, HostExpression, Init, Loop, Mode, Order, Out, Piece, Place, Region,
    RegionId, Shape, StatementKind, Step, StorageId, StorageKind, ValueId,
};
use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::collections::HashMap;

impl Reversal {
    /// The adjoint of a place.
    pub(super) fn adjoint_of(&self, place: &Place) -> Place {
        let storage = self.storages.get(&place.storage).copied();
        let storage = storage.expect("a storage has an adjoint as long as it is in scope");
        Place { storage, steps: place.steps.clone(), span: place.span }
    }

    /// The adjoints of the storages that a region makes.
    pub(super) fn declare(&mut self, region: &Region) {
        for statement in &region.statements {
            let mut storages = Vec::new();
            statement.kind.makes(&mut Vec::new(), &mut storages);
            self.span = statement.span;
            for storage in storages {
                self.declare_storage(storage);
            }
        }
    }

    fn declare_storage(&mut self, storage: StorageId) {
        let of = self.program.storage(storage);
        let StorageKind::Local { region, fixed } = of.kind else { return };
        let name = format!("{}_b", self.program.stem(&of.ident));
        let stays = region == RegionId(0) && self.mode == Mode::Joint;
        let shape = if fixed && !stays { Shape::Type(storage) } else { Shape::Like(self.whole(storage)) };
        let adjoint = self.adjoint_storage(&name);
        self.push(StatementKind::New { storage: adjoint, init: Init::Unreached(shape) });
        self.storages.insert(storage, adjoint);
    }

    pub(super) fn load(&mut self, out: ValueId, place: &Place) {
        if let Some(adjoint) = self.finish(out) {
            let place = self.adjoint_of(place);
            self.accumulate(place, adjoint.contribution());
        }
    }

    pub(super) fn store(&mut self, place: &Place, value: &Atom) {
        self.stored(self.adjoint_of(place), value);
    }

    /// A value that was stored receives an adjoint, which is left as −0.
    fn stored(&mut self, place: Place, value: &Atom) {
        if self.program.active(value).is_none() {
            self.push(StatementKind::Take { out: None, place });
            return;
        }
        let taken = self.taken_number(place);
        self.add(value, taken);
    }

    /// A number that is taken from an adjoint, which is left as −0.
    fn taken_number(&mut self, place: Place) -> Contribution {
        let out = self.value("stored", Class::Float);
        self.push(StatementKind::Take { out: Some(Out::Value(out)), place });
        self.found(out)
    }

    /// A number of an adjoint: −0 where it was not reached.
    pub(super) fn found(&self, out: ValueId) -> Contribution {
        let expression = crate::ir::Expression::Atom(Atom::Value(out));
        Contribution { expression, reach: self.unless(out), distinct: true, sure: true }
    }

    pub(super) fn copy(&mut self, to: &Place, from: &Place) {
        let place = self.adjoint_of(to);
        if let Some(Step::Field(_)) = to.steps.last() {
            self.field_to(place, from, true);
            return;
        }
        let from = self.adjoint_of(from);
        let taken = self.adjoint_storage("stored");
        self.push(StatementKind::Take { out: Some(Out::Storage(taken)), place });
        let amount = Amount::Storage(self.whole(taken));
        self.push(StatementKind::Accumulate { place: from, amount });
    }

    /// The adjoint of a field goes to that of what the field was made of.
    fn field_to(&mut self, field: Place, from: &Place, taken: bool) {
        let place = self.adjoint_of(from);
        self.push(StatementKind::Accumulate { place, amount: Amount::Field { from: field, taken } });
    }

    /// What changed a length or an order changes that of the adjoint back.
    pub(super) fn change(&mut self, place: &Place, change: &Change) {
        let place = self.adjoint_of(place);
        let change = match change {
            Change::Push(element) => {
                self.pushed(place, element);
                return;
            }
            Change::Swap(a, b) => Change::Swap(a.clone(), b.clone()),
            Change::Pop(Out::Value(last)) => {
                let adjoint = self.finish(*last);
                Change::Push(match adjoint {
                    Some(adjoint) => {
                        let sum = adjoint.contribution();
                        Init::Number(self.distinct(sum))
                    }
                    None => Init::Unreached(Shape::Number),
                })
            }
            Change::Pop(Out::Storage(last)) => {
                let adjoint = self.storages[last];
                Change::Push(Init::Storage(adjoint))
            }
            Change::Pop(Out::Tuple(_)) => unreachable!("an element is a number or a storage"),
            Change::Truncate { before, .. } => Change::Resize(before.clone()),
            Change::Resize(_) => unreachable!("adjoints alone are resized"),
        };
        self.push(StatementKind::Change { place, change });
    }

    /// An element that was pushed is popped, and its adjoint goes to what it was made of.
    fn pushed(&mut self, place: Place, element: &Init) {
        match element {
            Init::Atom(_) | Init::Passive(_) => {
                let out = self.value("popped", Class::Float);
                let change = Change::Pop(Out::Value(out));
                self.push(StatementKind::Change { place, change });
                if let Init::Atom(atom) = element {
                    let popped = self.found(out);
                    self.add(atom, popped);
                }
            }
            Init::List { .. }
            | Init::Tuple(_)
            | Init::Struct { .. }
            | Init::Repeat { .. }
            | Init::Copy { .. } => {
                let popped = self.adjoint_storage("popped");
                let change = Change::Pop(Out::Storage(popped));
                self.push(StatementKind::Change { place, change });
                let popped = self.whole(popped);
                self.initial(&popped, element);
            }
            Init::Unset | Init::Storage(_) | Init::Number(_) | Init::Unreached(_) => {
                unreachable!("no element begins so")
            }
        }
    }

    pub(super) fn made(&mut self, storage: StorageId, init: &Init) {
        let adjoint = self.storages[&storage];
        let place = self.whole(adjoint);
        self.initial(&place, init);
    }

    /// What a storage began with receives the storage's adjoint, which lies at a place.
    fn initial(&mut self, adjoint: &Place, init: &Init) {
        match init {
            Init::Passive(_) | Init::Unset => {}
            Init::Atom(atom) if self.program.active(atom).is_none() => {}
            Init::Atom(atom) => {
                let out = self.value("element", Class::Float);
                self.push(StatementKind::Load { out, place: adjoint.clone() });
                let element = self.found(out);
                self.add(atom, element);
            }
            Init::List { elements, .. } => {
                for (at, element) in elements.iter().enumerate() {
                    let part = adjoint.part(Step::Index(host(vec![Piece::Tokens(number(at))])));
                    self.initial(&part, element);
                }
            }
            Init::Tuple(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    let place = adjoint.part(Step::Field(number(at)));
                    self.initial(&place, part);
                }
            }
            Init::Struct { fields, base, .. } => self.initial_struct(adjoint, fields, base.as_ref()),
            Init::Repeat { element, .. } => self.repeated(adjoint, element),
            Init::Copy { place, .. } => {
                let place = self.adjoint_of(place);
                let amount = Amount::Storage(adjoint.clone());
                self.push(StatementKind::Accumulate { place, amount });
            }
            Init::Storage(_) | Init::Number(_) | Init::Unreached(_) => {
                unreachable!("adjoints alone begin so")
            }
        }
    }

    /// Each field of the adjoint goes to what the field began with, and the rest to the base.
    fn initial_struct(&mut self, adjoint: &Place, fields: &[(syn::Member, Init)], base: Option<&Place>) {
        for (member, init) in fields {
            let place = adjoint.part(Step::Field(member.to_token_stream()));
            match (init, base) {
                (Init::Atom(atom), Some(_)) => self.stored(place, atom),
                (Init::Copy { place: from, .. }, _) => self.field_to(place, from, base.is_some()),
                // Data has no adjoint.
                (_, Some(_)) => {}
                (init, None) => self.initial(&place, init),
            }
        }
        if let Some(base) = base {
            let place = self.adjoint_of(base);
            let amount = Amount::Storage(adjoint.clone());
            self.push(StatementKind::Accumulate { place, amount });
        }
    }

    /// `[element; n]`: every element of the adjoint goes to the one.
    fn repeated(&mut self, adjoint: &Place, element: &Init) {
        match element {
            Init::Passive(_) => {}
            Init::Atom(atom) => {
                if self.program.active(atom).is_some() {
                    let out = self.value("elements", Class::Float);
                    self.push(StatementKind::Sum { out, place: adjoint.clone() });
                    let sum = self.found(out);
                    self.add(atom, sum);
                }
            }
            Init::List { .. }
            | Init::Repeat { .. }
            | Init::Copy { .. }
            | Init::Tuple(_)
            | Init::Struct { .. } => {
                self.rows(adjoint, element);
            }
            Init::Unset | Init::Storage(_) | Init::Number(_) | Init::Unreached(_) => {
                unreachable!("no element begins so")
            }
        }
    }

    /// The same for rows: a loop over those of the adjoint.
    fn rows(&mut self, adjoint: &Place, row: &Init) {
        let mut receivers = Vec::new();
        self.receivers_of(row, &mut receivers);
        self.accumulators_for(receivers);
        let id = RegionId(self.regions);
        self.regions += 1;
        let here = self.scope().of;
        let scope = Scope { id, of: here, statements: Vec::new(), span: self.span, pending: HashMap::new() };
        self.scopes.push(scope);
        let index = self.value("row", Class::Scalar);
        let at = host(vec![Piece::Atom(Atom::Value(index))]);
        let place = adjoint.part(Step::Index(at));
        self.initial(&place, row);
        let statements = self.scopes.pop().map(|scope| scope.statements).unwrap_or_default();
        let iterator = host(vec![
            Piece::Tokens(quote!(0..)),
            Piece::Place(adjoint.clone()),
            Piece::Tokens(quote!(.len())),
        ]);
        let body = Region { id, statements, yields: Vec::new() };
        self.push(StatementKind::Loop(Box::new(Loop {
            index,
            iterator: Some(iterator),
            items: None,
            carried: Vec::new(),
            test: None,
            body,
            until: None,
            order: Order::Forward,
            fused: None,
            block: None,
        })));
    }

    fn receivers_of(&self, init: &Init, found: &mut Vec<ValueId>) {
        match init {
            Init::Atom(atom) => found.extend(self.program.active(atom)),
            Init::List { elements, .. } | Init::Tuple(elements) => {
                elements.iter().for_each(|element| self.receivers_of(element, found));
            }
            Init::Struct { fields, .. } => {
                fields.iter().for_each(|(_, init)| self.receivers_of(init, found));
            }
            Init::Repeat { element, .. } => self.receivers_of(element, found),
            Init::Passive(_)
            | Init::Unset
            | Init::Copy { .. }
            | Init::Storage(_)
            | Init::Number(_)
            | Init::Unreached(_) => {}
        }
    }
}

pub(super) fn host(pieces: Vec<Piece>) -> HostExpression {
    HostExpression { pieces, pure: true, ..HostExpression::default() }
}

fn number(at: usize) -> TokenStream {
    TokenStream::from(TokenTree::from(Literal::usize_unsuffixed(at)))
}

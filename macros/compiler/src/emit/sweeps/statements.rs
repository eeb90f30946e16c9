//! Statements.

use super::Printer;
use crate::emit::code::{Code, Piece as _, Token, code};
use crate::ir::{
    Amount, Atom, Change, Init, Out, Place, Region, Statement, StatementKind, Step, StorageKind, ValueId,
};
use proc_macro2::{Ident, Span};
use quote::quote;

impl<'p> Printer<'p> {
    /// A statement, with the user's line for those who read it.
    pub(super) fn statement(&'p self, out: &mut Code<'p>, statement: &'p Statement) {
        out.tokens.push(Token::Line(statement.span.start().line));
        let begin = out.tokens.len();
        self.kind(out, &statement.kind, statement.span);
        if out.tokens.len() == begin {
            out.tokens.pop();
        }
    }

    /// `let mut storage`, with the type that the user declared where the value does not tell it.
    fn storage_begun(&'p self, out: &mut Code<'p>, storage: crate::ir::StorageId) {
        let ident = self.storage(storage);
        code!(out <- let mut #ident);
        if let Some(declared) = &self.program.storage(storage).declared {
            code!(out <- : #declared);
        }
    }

    fn kind(&'p self, out: &mut Code<'p>, kind: &'p StatementKind, span: Span) {
        match kind {
            StatementKind::Operation { out: result, op, operands } => {
                let result = self.ident(*result);
                code!(out <- let #result = #(self.operation(*op, operands, span)););
            }
            StatementKind::Passive { out: Some(result), host } => {
                let value = self.program.value(*result);
                out.token("let");
                if self.program.changing.contains(result) {
                    out.token("mut");
                }
                match &value.pattern {
                    Some(pattern) => pattern.append(out),
                    None => self.ident(*result).append(out),
                }
                match &value.declared {
                    Some(declared) => {
                        code!(out <- : #declared);
                    }
                    // Plain arithmetic does not tell rustc what a number is that its context was to tell.
                    None if self.operands.contains(result) && value.pattern.is_none() => {
                        out.tokens.push(Token::Either(quote!(: __gradus_f64), Vec::new()));
                    }
                    None => {}
                }
                // An empty host expression declares the variable only: it is assigned later.
                if !host.pieces.is_empty() {
                    code!(out <- = #(self.host(host)));
                }
                out.token(";");
            }
            StatementKind::Passive { out: None, host } => {
                code!(out <- #(self.host(host)););
            }
            StatementKind::Load { out: result, place } => {
                let result = self.ident(*result);
                code!(out <- let #result = #(self.place(place, span)););
            }
            StatementKind::New { storage, init: Init::Unset } => {
                let ident = self.storage(*storage);
                code!(out <- let mut #ident;);
            }
            StatementKind::New { storage, init } => {
                self.storage_begun(out, *storage);
                code!(out <- = #(self.init(init)); #(self.see(*storage)));
            }
            StatementKind::Store { place, value } => {
                code!(out <- #(self.place(place, span)) = #(self.atom(value)););
            }
            StatementKind::Copy { to, from } if matches!(to.steps.last(), Some(Step::Range(_))) => {
                code!(out <- #(self.place(to, span)).clone_from_slice(&#(self.place(from, span))););
            }
            StatementKind::Copy { to, from } => {
                code!(out <- #(self.place(to, span)) = #(self.place(from, span)).clone(););
            }
            StatementKind::Swap { a, b } => {
                code!(out <- __gradus_std::mem::swap(
                    &mut #(self.place(a, span)), &mut #(self.place(b, span))
                ););
            }
            StatementKind::Change { place, change } => self.change(out, place, change, span),
            StatementKind::Call(call) => self.call(out, call),
            StatementKind::CallReverse(call) => self.call_reverse(out, call),
            StatementKind::If { condition, then, otherwise, outs } => {
                self.branches(out, condition, [then, otherwise], outs);
            }
            StatementKind::Choose { out: result, condition, then, otherwise } => {
                let result = self.ident(*result);
                code!(out <- let #result =
                    if #(self.atom(condition)) { #(self.atom(then)) } else { #(self.atom(otherwise)) };
                );
            }
            StatementKind::Loop(repeat) => self.repeat(out, repeat),
            StatementKind::Compute { out: result, expression } => {
                let result = self.ident(*result);
                code!(out <- let #result = #(self.expression(expression)););
            }
            StatementKind::Test { out: result, test } => {
                let result = self.ident(*result);
                code!(out <- let #result = #(self.test(test)););
            }
            StatementKind::Accumulate { place, amount: Amount::Number(amount) } => {
                code!(out <- #(self.place(place, span)) += #(self.expression(amount)););
            }
            StatementKind::Accumulate { place, amount: Amount::Storage(from) } => {
                let engine = &self.names.engine;
                code!(out <- #engine::rt::accumulate(#(self.borrowed(place, true)), #(self.borrowed(from, false))););
            }
            StatementKind::Accumulate { place, amount: Amount::Field { from, taken } } => {
                self.accumulate_field(out, place, from, *taken);
            }
            StatementKind::Take { out: result, place } => self.take(out, result.as_ref(), place, span),
            StatementKind::Sum { out: result, place } => {
                let result = self.ident(*result);
                code!(out <- let #result = #(self.place(place, span)).iter().sum::<__gradus_f64>(););
            }
            StatementKind::Record(record) => self.record(out, record),
            StatementKind::Replay(record) => self.replay(out, record),
        }
    }

    /// Whether there is anything to add rustc finds out by the types.
    fn accumulate_field(&'p self, out: &mut Code<'p>, place: &'p Place, from: &'p Place, taken: bool) {
        let engine = &self.names.engine;
        let to = Code::of(|out| self.borrowed(out, place, true));
        let adjoint = Code::of(|out| self.borrowed(out, from, true));
        let (lent_to, lent) = (to.stream(), adjoint.stream());
        let method = Ident::new(if taken { "move_up" } else { "add_up" }, Span::mixed_site());
        let compiled = quote!({
            use #engine::rt::{DataField as _, NumberField as _};
            (&&#engine::rt::FieldAdjoint::of(#lent_to, #lent)).#method();
        });
        let read = Code::of(|out| {
            code!(out <- #engine::rt::accumulate(#(self.borrowed(place, true)), #(self.borrowed(from, false))););
        });
        out.tokens.push(Token::Either(compiled, read.tokens));
    }

    fn change(&'p self, out: &mut Code<'p>, place: &'p Place, change: &'p Change, span: Span) {
        match change {
            Change::Push(element) => {
                code!(out <- #(self.place(place, span)).push(#(self.init(element))););
            }
            Change::Swap(a, b) => {
                code!(out <- #(self.place(place, span)).swap(#(self.atom(a)), #(self.atom(b))););
            }
            Change::Pop(Out::Storage(last)) if self.is_adjoint(*last) => {
                // An array need not have a default.
                let last = self.storage(*last);
                code!(out <- let __gradus_std::option::Option::Some(#last) = #(self.place(place, span)).pop() else {
                    __gradus_std::unreachable!()
                };);
            }
            Change::Pop(last) => {
                code!(out <- let #(self.out(last)) = #(self.place(place, span)).pop().unwrap_or_default(););
                if let Out::Storage(last) = last {
                    self.see(out, *last);
                }
            }
            Change::Truncate { length, .. } => {
                code!(out <- #(self.place(place, span)).truncate(#(self.host(length))););
            }
            Change::Resize(length) => {
                code!(out <- #(self.place(place, span)).resize(#(self.atom(length)), -0.0););
            }
        }
    }

    fn is_adjoint(&self, storage: crate::ir::StorageId) -> bool {
        matches!(self.program.storage(storage).kind, StorageKind::Adjoint { .. })
    }

    fn take(&'p self, out: &mut Code<'p>, result: Option<&'p Out>, place: &'p Place, span: Span) {
        match result {
            None => {
                code!(out <- #(self.place(place, span)) = -0.0;);
            }
            Some(Out::Storage(taken)) => {
                let (engine, taken) = (&self.names.engine, self.storage(*taken));
                let is_part = matches!(place.steps.last(), Some(Step::Range(_)));
                let take = Ident::new(if is_part { "take_part" } else { "take" }, Span::mixed_site());
                code!(out <- let mut #taken = #engine::rt::#take(&mut #(self.place(place, span))););
            }
            Some(result) => {
                code!(out <- let #(self.out(result)) =
                    __gradus_std::mem::replace(&mut #(self.place(place, span)), -0.0);
                );
            }
        }
    }

    fn branches(
        &'p self,
        out: &mut Code<'p>,
        condition: &'p Atom,
        [then, otherwise]: [&'p Region; 2],
        outs: &'p [ValueId],
    ) {
        if outs.is_empty() && then.statements.is_empty() {
            code!(out <- if !#(self.atom(condition)) #(self.branch(otherwise)));
            return;
        }
        if !outs.is_empty() {
            code!(out <- let #{
                self.one_or_tuple(out, outs, |out, result| self.ident(*result).append(out));
            } =);
        }
        code!(out <- if #(self.atom(condition)) #(self.branch(then)) else #(self.branch(otherwise)));
        if !outs.is_empty() {
            out.token(";");
        }
    }

    fn branch(&'p self, out: &mut Code<'p>, branch: &'p Region) {
        code!(out <- { #(self.region(branch)) #(self.yields(branch)) });
    }

    pub(super) fn yields(&'p self, out: &mut Code<'p>, region: &'p Region) {
        self.one_or_tuple(out, &region.yields, |out, atom| self.atom(out, atom));
    }
}

//! The forward sweep: the function itself, saving as it goes.

use super::Printer;
use crate::emit::code::{Code, Piece as _, code};
use crate::ir::{Atom, Change, MemoryId, Out, Region, Statement, StatementKind};
use gradus_ops::{Form, Op};
use proc_macro2::{Delimiter, Ident, Span};

impl<'p> Printer<'p> {
    /// The forward sweep.
    pub fn forward(&'p self, out: &mut Code<'p>) {
        self.run(out, &self.adjoint.program.body);
    }

    /// The forward half: what the reverse half reads is saved at the end.
    pub fn forward_half(&'p self, out: &mut Code<'p>) {
        self.forward(out);
        self.save(out, &self.adjoint.program.body);
    }

    pub(super) fn run(&'p self, out: &mut Code<'p>, region: &'p Region) {
        region.statements.iter().for_each(|statement| self.statement(out, statement));
    }

    pub(super) fn statement(&'p self, out: &mut Code<'p>, statement: &'p Statement) {
        self.headed(out, statement.span, |out| self.run_statement(out, statement));
    }

    fn run_statement(&'p self, out: &mut Code<'p>, statement: &'p Statement) {
        let span = statement.span;
        match &statement.kind {
            StatementKind::Operation { out: result, op, operands, slope: Some(slope) } => {
                let (result, slope) = (self.ident(*result), self.ident(*slope));
                let (sin, cos) = if *op == Op::Sin { (result, slope) } else { (slope, result) };
                code!(out <- let (#sin, #cos) = __gradus_f64::sin_cos(#(self.atoms(operands))););
            }
            StatementKind::Operation { out: result, op, operands, slope: None } => {
                let result = self.ident(*result);
                code!(out <- let #result = #(self.operation(*op, operands, span)););
            }
            StatementKind::Passive { out: Some(result), template } => {
                let value = self.adjoint.program.value(*result);
                out.token("let");
                if self.adjoint.program.changing.contains(result) {
                    out.token("mut");
                }
                match &value.pattern {
                    Some(pattern) => pattern.append(out),
                    None => self.ident(*result).append(out),
                }
                if let Some(declared) = &value.declared {
                    code!(out <- : #declared);
                }
                // An empty template declares the variable only: it is assigned later.
                if !template.pieces.is_empty() {
                    code!(out <- = #(self.template(template)));
                }
                out.token(";");
            }
            StatementKind::Passive { out: None, template } => {
                code!(out <- #(self.template(template)););
            }
            StatementKind::Load { out: result, place } => {
                let result = self.ident(*result);
                code!(out <- let #result = #(self.place(place, false, span)););
            }
            StatementKind::New { memory, init } => {
                let ident = self.memory(*memory);
                code!(out <- let mut #ident = #(self.init(init)); #(self.seen(*memory)));
            }
            StatementKind::Store { place, value } => {
                code!(out <- #(self.place(place, false, span)) = #(self.atom(value)););
            }
            StatementKind::Copy { to, from } => {
                code!(out <- #(self.place(to, false, span)) = #(self.place(from, false, span)).clone(););
            }
            StatementKind::Swap { a, b } => {
                code!(out <- __gradus_std::mem::swap(
                    &mut #(self.place(a, false, span)), &mut #(self.place(b, false, span))
                ););
            }
            StatementKind::Change { place, change } => match change {
                Change::Push(element) => {
                    code!(out <- #(self.place(place, false, span)).push(#(self.init(element))););
                }
                Change::Swap(a, b) => {
                    code!(out <- #(self.place(place, false, span)).swap(#(self.atom(a)), #(self.atom(b))););
                }
                Change::Pop(last) => {
                    code!(out <-
                        let #(self.out(last)) = #(self.place(place, false, span)).pop().unwrap_or_default();
                    );
                    if let Out::Memory(last) = last {
                        self.seen(out, *last);
                    }
                }
                Change::Truncate { length, .. } => {
                    code!(out <- #(self.place(place, false, span)).truncate(#(self.template(length))););
                }
            },
            StatementKind::Call(call) => self.call(out, call),
            StatementKind::If { condition, then, otherwise, outs } => {
                if self.adjoint.light.contains(&then.id) {
                    self.run(out, then);
                    self.run(out, otherwise);
                    for ((result, a), b) in outs.iter().zip(&then.yields).zip(&otherwise.yields) {
                        let result = self.ident(*result);
                        code!(out <- let #result =
                            if #(self.atom(condition)) { #(self.atom(a)) } else { #(self.atom(b)) };
                        );
                    }
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
            StatementKind::Loop(repeat) => self.repeat(out, repeat),
        }
    }

    fn branch(&'p self, out: &mut Code<'p>, branch: &'p Region) {
        code!(out <- { #(self.run(branch)) #(self.save(branch)) #(self.yields(branch)) });
    }

    pub(super) fn yields(&'p self, out: &mut Code<'p>, region: &'p Region) {
        self.one_or_tuple(out, &region.yields, |out, atom| self.atom(out, atom));
    }

    fn operation(&'p self, out: &mut Code<'p>, op: Op, operands: &'p [Atom], span: Span) {
        let operator = match op {
            Op::Add => "+",
            Op::Sub | Op::Neg => "-",
            Op::Mul => "*",
            Op::Div => "/",
            Op::Rem => "%",
            _ => {
                let function = Ident::new(op.name(), span);
                out.at(span, |out| {
                    if op.form() == Form::Own {
                        code!(out <- __gradus_rules::#function);
                    } else {
                        code!(out <- __gradus_f64::#function);
                    }
                    out.group(Delimiter::Parenthesis, |out| self.atoms(out, operands));
                });
                return;
            }
        };
        match operands {
            [a, b] => {
                self.atom(out, a);
                out.token(operator);
                self.atom(out, b);
            }
            operands => {
                out.token(operator);
                self.atoms(out, operands);
            }
        }
    }

    fn atoms(&'p self, out: &mut Code<'p>, atoms: &'p [Atom]) {
        out.list(atoms, |out, atom| self.atom(out, atom));
    }

    /// Tells the type of a memory that the reverse sweep makes anew.
    pub(super) fn seen(&'p self, out: &mut Code<'p>, memory: MemoryId) {
        let memory = self.adjoint.program.memory(memory);
        if memory.local().is_some_and(|(region, _)| !self.adjoint.stays(region)) {
            let (ident, witness) = (&memory.ident, Self::witness(&memory.ident));
            code!(out <- #witness.see(&#ident););
        }
    }

    /// Nothing, one thing as it is, or several in a tuple.
    pub(super) fn one_or_tuple<T>(
        &'p self,
        out: &mut Code<'p>,
        parts: &'p [T],
        print: impl Fn(&mut Code<'p>, &'p T),
    ) {
        match parts {
            [one] => print(out, one),
            [] => {}
            several => out.group(Delimiter::Parenthesis, |out| out.list(several, print)),
        }
    }
}

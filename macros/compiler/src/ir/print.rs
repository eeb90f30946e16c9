//! A program as text, for people and for tests.

use super::{
    Amount, Argument, Atom, Change, Expression, HostExpression, Init, Loop, Order, Out, Outcome, Piece,
    Place, Program, Record, Region, Seed, Shape, Statement, StatementKind, Step, Test, ValueId,
};
use gradus_ops::Op;
use quote::ToTokens;
use std::fmt;

/// The program with the user's names; a passive value is marked `°`.
impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.region(f, &self.body, 0)?;
        writeln!(f, "return {}", self.outcome(&self.outcome))?;
        match &self.reverse {
            Some(reverse) => {
                writeln!(f, "reverse")?;
                self.region(f, &reverse.region, 0)
            }
            None => Ok(()),
        }
    }
}

impl Program {
    pub fn name(&self, id: ValueId) -> String {
        let value = self.value(id);
        let name = self.stem(&value.ident);
        if value.active { name } else { format!("{name}°") }
    }

    fn names(&self, ids: impl IntoIterator<Item = ValueId>) -> String {
        ids.into_iter().map(|id| self.name(id)).collect::<Vec<_>>().join(", ")
    }

    pub fn atom(&self, atom: &Atom) -> String {
        match atom {
            Atom::Value(id) => self.name(*id),
            Atom::Literal(literal) => literal.to_token_stream().to_string(),
        }
    }

    fn atoms(&self, atoms: &[Atom]) -> String {
        atoms.iter().map(|atom| self.atom(atom)).collect::<Vec<_>>().join(", ")
    }

    fn place(&self, place: &Place) -> String {
        let steps = place.steps.iter().map(|step| match step {
            Step::Index(host) | Step::Range(host) => format!("[{}]", self.host(host)),
            Step::Field(member) => format!(".{member}"),
            Step::Deref => ".*".to_owned(),
        });
        format!("{}{}", self.storage(place.storage).ident, steps.collect::<String>())
    }

    fn out(&self, out: &Out) -> String {
        match out {
            Out::Value(value) => self.name(*value),
            Out::Storage(storage) => self.storage(*storage).ident.to_string(),
            Out::Tuple(parts) => parts.iter().map(|part| self.out(part)).collect::<Vec<_>>().join(", "),
        }
    }

    fn outcome(&self, outcome: &Outcome) -> String {
        let list =
            |parts: &[Outcome]| parts.iter().map(|part| self.outcome(part)).collect::<Vec<_>>().join(", ");
        match outcome {
            Outcome::Atom(atom) => self.atom(atom),
            Outcome::Place(place) => self.place(place),
            Outcome::Tuple(parts) => format!("({})", list(parts)),
            Outcome::List(parts) => format!("[{}]", list(parts)),
        }
    }

    fn init(&self, init: &Init) -> String {
        match init {
            Init::Passive(host) => format!("⟨{}⟩", self.host(host)),
            Init::List { elements, .. } => {
                let elements = elements.iter().map(|element| self.init(element)).collect::<Vec<_>>();
                format!("[{}]", elements.join(", "))
            }
            Init::Tuple(parts) => {
                format!("({})", parts.iter().map(|part| self.init(part)).collect::<Vec<_>>().join(", "))
            }
            Init::Struct { path, fields, base } => {
                let fields = fields
                    .iter()
                    .map(|(member, init)| format!("{}: {}", member.to_token_stream(), self.init(init)));
                let base = base.iter().map(|base| format!("..{}", self.place(base)));
                let name = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
                format!("{name} {{ {} }}", fields.chain(base).collect::<Vec<_>>().join(", "))
            }
            Init::Repeat { element, length, .. } => {
                format!("[{}; ⟨{}⟩]", self.init(element), self.host(length))
            }
            Init::Copy { place, .. } => format!("copy of {}", self.place(place)),
            Init::Atom(atom) => self.atom(atom),
            Init::Unset => "unset".to_owned(),
            Init::Storage(storage) => self.storage(*storage).ident.to_string(),
            Init::Number(expression) => self.expression(expression),
            Init::Unreached(Shape::Number) => "unreached".to_owned(),
            Init::Unreached(Shape::Like(place)) => format!("unreached like {}", self.place(place)),
            Init::Unreached(Shape::Same(place)) => format!("no tangent of {}", self.place(place)),
            Init::Unreached(Shape::Type(storage)) => {
                format!("unreached of the type of {}", self.storage(*storage).ident)
            }
        }
    }

    fn host(&self, host: &HostExpression) -> String {
        let pieces = host.pieces.iter().map(|piece| match piece {
            Piece::Tokens(tokens) => tokens.to_string(),
            Piece::Atom(atom) => self.atom(atom),
            Piece::Index(atom) => format!("[{}]", self.atom(atom)),
            Piece::Below(atom) => format!("0 .. {}", self.atom(atom)),
            Piece::Place(place) => self.place(place),
            Piece::HostExpression(host) => self.host(host),
            Piece::Braces(host) => format!("{{ {} }}", self.host(host)),
            Piece::Number(host) => format!("number({})", self.host(host)),
        });
        pieces.collect::<Vec<_>>().join(" ")
    }

    fn region(&self, f: &mut fmt::Formatter<'_>, region: &Region, depth: usize) -> fmt::Result {
        for statement in &region.statements {
            write!(f, "{:1$}", "", 4 * depth)?;
            self.statement(f, statement, depth)?;
        }
        if !region.yields.is_empty() {
            writeln!(f, "{:1$}yield {2}", "", 4 * depth, self.atoms(&region.yields))?;
        }
        Ok(())
    }

    fn statement(&self, f: &mut fmt::Formatter<'_>, statement: &Statement, depth: usize) -> fmt::Result {
        match &statement.kind {
            StatementKind::Operation { out, op, operands } => {
                writeln!(f, "{} = {}({})", self.name(*out), op.name(), self.atoms(operands))
            }
            StatementKind::Passive { out: Some(out), host } => {
                writeln!(f, "{} = ⟨{}⟩", self.name(*out), self.host(host))
            }
            StatementKind::Passive { out: None, host } => writeln!(f, "⟨{}⟩", self.host(host)),
            StatementKind::Load { out, place } => {
                writeln!(f, "{} = load {}", self.name(*out), self.place(place))
            }
            StatementKind::New { storage, init } => {
                writeln!(f, "{} = new {}", self.storage(*storage).ident, self.init(init))
            }
            StatementKind::Store { place, value } => {
                writeln!(f, "store {} = {}", self.place(place), self.atom(value))
            }
            StatementKind::Copy { to, from } => {
                writeln!(f, "copy {} = {}", self.place(to), self.place(from))
            }
            StatementKind::Swap { a, b } => writeln!(f, "swap {}, {}", self.place(a), self.place(b)),
            StatementKind::Change { place, change } => {
                let place = self.place(place);
                match change {
                    Change::Push(element) => writeln!(f, "change {place}.push({})", self.init(element)),
                    Change::Swap(a, b) => {
                        writeln!(f, "change {place}.swap({}, {})", self.atom(a), self.atom(b))
                    }
                    Change::Pop(out) => writeln!(f, "{} = change {place}.pop()", self.out(out)),
                    Change::Truncate { length, .. } => {
                        writeln!(f, "change {place}.truncate(⟨{}⟩)", self.host(length))
                    }
                    Change::Resize(length) => writeln!(f, "change {place}.resize({})", self.atom(length)),
                }
            }
            StatementKind::Call(call) => {
                let partials = call.arguments.iter().filter_map(|argument| match argument {
                    Argument::Number { partial, .. } => *partial,
                    Argument::Place { .. } | Argument::Changed { .. } | Argument::Passive(_) => None,
                });
                let partials = self.names(partials);
                let outs = match (partials.is_empty(), self.out(&call.out)) {
                    (true, out) => out,
                    (false, out) => format!("{out}, {partials}"),
                };
                let arguments = listed(call.arguments.iter().map(|argument| self.argument(argument)));
                let callee = &call.callee;
                let rest =
                    call.rest.as_ref().map_or_else(String::new, |rest| format!(" ⟨{}⟩", self.host(rest)));
                writeln!(f, "({outs}) = call ⟨{}⟩({arguments}){rest}", quote::quote!(#callee))
            }
            StatementKind::If { condition, then, otherwise, outs } => {
                if !outs.is_empty() {
                    write!(f, "({}) = ", self.names(outs.iter().copied()))?;
                }
                writeln!(f, "if {}", self.atom(condition))?;
                self.region(f, then, depth + 1)?;
                if otherwise.statements.is_empty() && otherwise.yields.is_empty() {
                    return Ok(());
                }
                writeln!(f, "{:1$}else", "", 4 * depth)?;
                self.region(f, otherwise, depth + 1)
            }
            StatementKind::Choose { out, condition, then, otherwise } => {
                let [condition, then, otherwise] = [condition, then, otherwise].map(|atom| self.atom(atom));
                writeln!(f, "{} = choose {condition}, {then}, {otherwise}", self.name(*out))
            }
            StatementKind::Loop(repeat) => self.repeat(f, repeat, depth),
            StatementKind::Compute { .. }
            | StatementKind::Test { .. }
            | StatementKind::Accumulate { .. }
            | StatementKind::Take { .. }
            | StatementKind::Sum { .. }
            | StatementKind::Record(_)
            | StatementKind::Replay(_)
            | StatementKind::CallReverse(_) => self.of_the_reverse_sweep(f, &statement.kind),
        }
    }

    fn of_the_reverse_sweep(&self, f: &mut fmt::Formatter<'_>, kind: &StatementKind) -> fmt::Result {
        match kind {
            StatementKind::Compute { out, expression } => {
                writeln!(f, "{} = {}", self.name(*out), self.expression(expression))
            }
            StatementKind::Test { out, test } => writeln!(f, "{} = {}", self.name(*out), self.test(test)),
            StatementKind::Accumulate { place, amount } => {
                let amount = match amount {
                    Amount::Number(expression) => self.expression(expression),
                    Amount::Storage(from) | Amount::Field { from, .. } => self.place(from),
                };
                writeln!(f, "accumulate {} += {amount}", self.place(place))
            }
            StatementKind::Take { out, place } => {
                if let Some(out) = out {
                    write!(f, "{} = ", self.out(out))?;
                }
                writeln!(f, "take {}", self.place(place))
            }
            StatementKind::Sum { out, place } => {
                writeln!(f, "{} = sum {}", self.name(*out), self.place(place))
            }
            StatementKind::Record(record) => {
                writeln!(f, "record #{} ({})", record.number, self.recorded(record))
            }
            StatementKind::Replay(record) => {
                writeln!(f, "({}) = replay #{}", self.recorded(record), record.number)
            }
            StatementKind::CallReverse(call) => {
                let arguments = call.arguments.iter().map(|argument| self.argument(argument));
                let buffers = call.buffers.iter().map(|buffer| match buffer {
                    Some(place) => self.place(place),
                    None => "_".to_owned(),
                });
                let (arguments, buffers) = (listed(arguments), listed(buffers));
                let (callee, seed) = (&call.callee, self.seed(&call.seed));
                writeln!(f, "reverse ⟨{}⟩({arguments}), {seed}, ({buffers})", quote::quote!(#callee))
            }
            StatementKind::Operation { .. }
            | StatementKind::Passive { .. }
            | StatementKind::Load { .. }
            | StatementKind::New { .. }
            | StatementKind::Store { .. }
            | StatementKind::Copy { .. }
            | StatementKind::Swap { .. }
            | StatementKind::Change { .. }
            | StatementKind::Call(_)
            | StatementKind::If { .. }
            | StatementKind::Choose { .. }
            | StatementKind::Loop(_) => Ok(()),
        }
    }

    fn repeat(&self, f: &mut fmt::Formatter<'_>, repeat: &Loop, depth: usize) -> fmt::Result {
        let after = self.names(repeat.carried.iter().map(|carried| carried.after));
        let start = repeat
            .carried
            .iter()
            .map(|carried| format!("{} = {}", self.name(carried.inside), self.atom(&carried.start)));
        let index = self.name(repeat.index);
        let iterator = repeat.iterator.iter().map(|iterator| format!(" in ⟨{}⟩", self.host(iterator)));
        let items = repeat
            .items
            .iter()
            .map(|(item, items)| format!(", {} of ⟨{}⟩", self.name(*item), self.host(items)));
        let order = match repeat.order {
            Order::Forward => String::new(),
            Order::Backward { trips: None, .. } => " backward".to_owned(),
            Order::Backward { trips: Some(trips), .. } => format!(" backward from {}", self.name(trips)),
        };
        let iterator = iterator.chain(items).collect::<String>();
        if !repeat.carried.is_empty() || repeat.order == Order::Forward {
            write!(f, "({after}) = ")?;
        }
        let block = repeat.block.map(|number| format!(", records #{number} in a block")).unwrap_or_default();
        writeln!(f, "loop {index}{iterator}{order}{block} ({})", listed(start))?;
        if let Some((test, atom)) = &repeat.test {
            self.region(f, test, depth + 1)?;
            writeln!(f, "{:1$}while {2}", "", 4 * depth, self.atom(atom))?;
        }
        self.region(f, &repeat.body, depth + 1)?;
        if let Some(fused) = &repeat.fused {
            writeln!(f, "{:1$}reverse", "", 4 * depth)?;
            self.region(f, fused, depth + 1)?;
        }
        match &repeat.until {
            None => Ok(()),
            Some((last, trips)) => {
                let (last, trips) = (self.atom(last), self.name(*trips));
                writeln!(f, "{:1$}until {last}, after {trips}", "", 4 * depth)
            }
        }
    }

    fn argument(&self, argument: &Argument) -> String {
        match argument {
            Argument::Number { atom, .. } => self.atom(atom),
            Argument::Place { place, .. } => self.place(place),
            Argument::Changed { place, .. } => format!("mut {}", self.place(place)),
            Argument::Passive(host) => format!("⟨{}⟩", self.host(host)),
        }
    }

    fn recorded(&self, record: &Record) -> String {
        let storages = record.storages.iter().map(|storage| self.storage(*storage).ident.to_string());
        listed(record.values.iter().map(|value| self.name(*value)).chain(storages))
    }

    fn seed(&self, seed: &Seed) -> String {
        match seed {
            Seed::Number(expression) => self.expression(expression),
            Seed::Storage(storage) => self.storage(*storage).ident.to_string(),
            Seed::Nothing(_) => "nothing".to_owned(),
            Seed::Tuple(parts) => format!("({})", listed(parts.iter().map(|part| self.seed(part)))),
        }
    }

    // --- the reverse sweep's arithmetic

    fn expression(&self, expression: &Expression) -> String {
        match expression {
            Expression::Atom(atom) => self.atom(atom),
            Expression::Operation(Op::Neg, operands) => format!("-{}", self.operand(&operands[0])),
            Expression::Operation(op, operands) => match (op, operands.as_slice()) {
                (Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Rem, [a, b]) => {
                    format!("{} {} {}", self.operand(a), op.symbol(), self.operand(b))
                }
                (op, operands) => {
                    let operands = operands.iter().map(|operand| self.expression(operand));
                    format!("{}({})", op.name(), listed(operands))
                }
            },
            Expression::Second { op, operands: [first, other], reads } => {
                let name = op.second(*first, *other).map_or("", |(name, _)| name);
                format!("{name}({})", self.atoms(reads))
            }
            Expression::Partial { op, operand, reads, .. } => {
                format!("{}_d{}({})", op.name(), ["a", "b", "c"][*operand], self.atoms(reads))
            }
            Expression::Push { partial, tangent } => {
                format!("push({}, {})", self.expression(partial), self.expression(tangent))
            }
            Expression::Choice { condition, then, otherwise } => {
                let [then, otherwise] = [then, otherwise].map(|side| self.atom(side));
                format!("choose {}, {then}, {otherwise}", self.atom(condition))
            }
            Expression::Where { condition, holds, then } => {
                let not = if *holds { "" } else { "not " };
                format!("{} where {not}{}", self.operand(then), self.atom(condition))
            }
        }
    }

    fn operand(&self, expression: &Expression) -> String {
        let text = self.expression(expression);
        match expression {
            Expression::Operation(Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Rem, _)
            | Expression::Where { .. }
            | Expression::Choice { .. } => format!("({text})"),
            Expression::Atom(_)
            | Expression::Operation(..)
            | Expression::Partial { .. }
            | Expression::Second { .. }
            | Expression::Push { .. } => text,
        }
    }

    fn test(&self, test: &Test) -> String {
        match test {
            Test::Atom { condition, holds: true } => self.atom(condition),
            Test::Atom { condition, holds: false } => format!("not {}", self.atom(condition)),
            Test::Reached(atom) => format!("reached {}", self.atom(atom)),
            Test::Nonzero(expression) => format!("{} ≠ 0", self.expression(expression)),
            Test::Taken(host) => format!("⟨{}⟩", self.host(host)),
            Test::Both(a, b) => format!("{} and {}", self.test(a), self.test(b)),
        }
    }
}

fn listed(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

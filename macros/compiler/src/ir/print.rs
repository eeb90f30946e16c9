//! A program as text, for people and for tests.

use super::{
    Argument, Atom, Change, Init, Out, Outcome, Piece, Place, Program, Region, Statement, StatementKind,
    Step, Template, ValueId,
};
use std::fmt;

/// The program with the user's names; a passive value is marked `°`.
impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.region(f, &self.body, 0)?;
        writeln!(f, "return {}", self.outcome(&self.outcome))
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
            Atom::Literal(tokens) => tokens.to_string(),
        }
    }

    fn atoms(&self, atoms: &[Atom]) -> String {
        atoms.iter().map(|atom| self.atom(atom)).collect::<Vec<_>>().join(", ")
    }

    fn place(&self, place: &Place) -> String {
        let steps = place.steps.iter().map(|step| match step {
            Step::Index(template) => format!("[{}]", self.template(template)),
            Step::Field(member) => format!(".{member}"),
            Step::Deref => ".*".to_owned(),
        });
        format!("{}{}", self.memory(place.memory).ident, steps.collect::<String>())
    }

    fn out(&self, out: &Out) -> String {
        match out {
            Out::Value(value) => self.name(*value),
            Out::Memory(memory) => self.memory(*memory).ident.to_string(),
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
            Init::Passive(template) => format!("⟨{}⟩", self.template(template)),
            Init::List { elements, .. } => {
                let elements = elements.iter().map(|element| self.init(element)).collect::<Vec<_>>();
                format!("[{}]", elements.join(", "))
            }
            Init::Tuple(parts) => {
                format!("({})", parts.iter().map(|part| self.init(part)).collect::<Vec<_>>().join(", "))
            }
            Init::Repeat { element, length, .. } => {
                format!("[{}; ⟨{}⟩]", self.init(element), self.template(length))
            }
            Init::Copy { place, .. } => format!("copy of {}", self.place(place)),
            Init::Atom(atom) => self.atom(atom),
        }
    }

    fn template(&self, template: &Template) -> String {
        let pieces = template.pieces.iter().map(|piece| match piece {
            Piece::Tokens(tokens) => tokens.to_string(),
            Piece::Atom(atom) => self.atom(atom),
            Piece::Index(atom) => format!("[{}]", self.atom(atom)),
            Piece::Place(place) => self.place(place),
            Piece::Template(template) => self.template(template),
            Piece::Braces(template) => format!("{{ {} }}", self.template(template)),
            Piece::Number(template) => format!("number({})", self.template(template)),
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
            StatementKind::Operation { out, op, operands, slope } => {
                let outs = self.names([*out].into_iter().chain(*slope));
                writeln!(f, "{outs} = {}({})", op.name(), self.atoms(operands))
            }
            StatementKind::Passive { out: Some(out), template } => {
                writeln!(f, "{} = ⟨{}⟩", self.name(*out), self.template(template))
            }
            StatementKind::Passive { out: None, template } => writeln!(f, "⟨{}⟩", self.template(template)),
            StatementKind::Load { out, place } => {
                writeln!(f, "{} = load {}", self.name(*out), self.place(place))
            }
            StatementKind::New { memory, init } => {
                writeln!(f, "{} = new {}", self.memory(*memory).ident, self.init(init))
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
                        writeln!(f, "change {place}.truncate(⟨{}⟩)", self.template(length))
                    }
                }
            }
            StatementKind::Call(call) => {
                let partials = call.arguments.iter().filter_map(|argument| match argument {
                    Argument::Number { partial, .. } => *partial,
                    Argument::Place { .. } | Argument::Passive(_) => None,
                });
                let partials = self.names(partials);
                let outs = match (partials.is_empty(), self.out(&call.out)) {
                    (true, out) => out,
                    (false, out) => format!("{out}, {partials}"),
                };
                let arguments = call.arguments.iter().map(|argument| match argument {
                    Argument::Number { atom, .. } => self.atom(atom),
                    Argument::Place { place, .. } => self.place(place),
                    Argument::Passive(template) => format!("⟨{}⟩", self.template(template)),
                });
                let arguments = arguments.collect::<Vec<_>>().join(", ");
                let callee = &call.callee;
                writeln!(f, "({outs}) = call ⟨{}⟩({arguments})", quote::quote!(#callee))
            }
            StatementKind::If { condition, then, otherwise, outs } => {
                writeln!(f, "({}) = if {}", self.names(outs.iter().copied()), self.atom(condition))?;
                self.region(f, then, depth + 1)?;
                writeln!(f, "{:1$}else", "", 4 * depth)?;
                self.region(f, otherwise, depth + 1)
            }
            StatementKind::Loop(repeat) => {
                let after = self.names(repeat.carried.iter().map(|carried| carried.after));
                let start = repeat
                    .carried
                    .iter()
                    .map(|carried| format!("{} = {}", self.name(carried.inside), self.atom(&carried.start)));
                let index = self.name(repeat.index);
                let iterator =
                    repeat.iterator.iter().map(|iterator| format!(" in ⟨{}⟩", self.template(iterator)));
                let items = repeat
                    .items
                    .iter()
                    .map(|(item, items)| format!(", {} of ⟨{}⟩", self.name(*item), self.template(items)));
                let iterator = iterator.chain(items).collect::<String>();
                let start = start.collect::<Vec<_>>().join(", ");
                writeln!(f, "({after}) = loop {index}{iterator} ({start})")?;
                if let Some((test, atom)) = &repeat.test {
                    self.region(f, test, depth + 1)?;
                    writeln!(f, "{:1$}while {2}", "", 4 * depth, self.atom(atom))?;
                }
                self.region(f, &repeat.body, depth + 1)?;
                match &repeat.until {
                    None => Ok(()),
                    Some((last, trips)) => {
                        let (last, trips) = (self.atom(last), self.name(*trips));
                        writeln!(f, "{:1$}until {last}, after {trips}", "", 4 * depth)
                    }
                }
            }
        }
    }
}

//! The compiled adjoint: plain `f64` code, the function forward with what it must keep, then the reverse sweep.

mod call;
mod forward;
mod init;
mod repeat;
mod reverse;

use super::code::{Code, Piece as _, Token, code};
use super::types::Names;
use crate::adjoint::Adjoint;
use crate::ir::{
    Atom, Class, MemoryId, MemoryKind, Name, Named, Outcome, Piece, Place, Program, Region, RegionId, Step,
    Template, Uses, ValueId,
};
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::format_ident;
use std::cell::{OnceCell, RefCell};

/// What the module of the engine's derivatives is called in the sweeps: an alias, since they are full of it.
pub const RULES: &str = "__gradus_rules";

/// Prints a program and its adjoint.
pub struct Printer<'f> {
    pub adjoint: &'f Adjoint,
    pub names: &'f Names,
    /// `x_b` of every value and of every memory, once it is asked for.
    bars: OnceCell<[Vec<Ident>; 2]>,
    pub frame: Ident,
    pub seed: Ident,
    /// What an element was overwritten by.
    stored: Ident,
    /// What was pushed, and a row of rows that are the same.
    pushed: Ident,
    element: Ident,
    /// In a light branch: its region, and the condition under which it was taken, or not taken.
    guard: RefCell<Option<(RegionId, Atom, bool)>>,
}

impl<'f> Printer<'f> {
    pub fn new(adjoint: &'f Adjoint, names: &'f Names) -> Printer<'f> {
        Printer {
            adjoint,
            names,
            bars: OnceCell::new(),
            frame: Ident::new("__frame", Span::mixed_site()),
            seed: Ident::new("__seed", Span::mixed_site()),
            stored: Ident::new("__stored", Span::mixed_site()),
            pushed: Ident::new("__pushed", Span::mixed_site()),
            element: Ident::new("__element", Span::mixed_site()),
            guard: RefCell::default(),
        }
    }
}

impl<'p> Printer<'p> {
    /// The value of the function.
    pub fn outcome(&'p self, out: &mut Code<'p>) {
        self.given(out, &self.adjoint.program.outcome);
    }

    fn given(&'p self, out: &mut Code<'p>, outcome: &'p Outcome) {
        match outcome {
            Outcome::Atom(atom) => self.atom(out, atom),
            Outcome::Place(place) => {
                code!(out <- #(self.place(place, false, place.span)).clone());
            }
            Outcome::Tuple(parts) => {
                code!(out <- (#{ out.parts(parts, |out, part| self.given(out, part)); }));
            }
            Outcome::List(parts) => {
                code!(out <- [#{ out.list(parts, |out, part| self.given(out, part)); }]);
            }
        }
    }

    /// The items of the user's body, which both sweeps may name.
    pub fn items(&self) -> TokenStream {
        let items = &self.adjoint.program.items;
        // Items that only types name are not used in the sweeps.
        quote::quote!(#(#[allow(dead_code)] #items)*)
    }

    /// A statement, with its line for those who read it.
    fn headed(&'p self, out: &mut Code<'p>, span: Span, print: impl FnOnce(&mut Code<'p>)) {
        out.tokens.push(Token::Line(span.start().line));
        let begin = out.tokens.len();
        print(out);
        if out.tokens.len() == begin {
            out.tokens.pop();
        }
    }

    /// What the reverse sweep needs, set apart for those who read it.
    fn apart(&'p self, out: &mut Code<'p>, print: impl FnOnce(&mut Code<'p>)) {
        out.tokens.push(Token::Note("Taken back, or computed again:"));
        let begin = out.tokens.len();
        print(out);
        if out.tokens.len() == begin {
            out.tokens.pop();
        } else {
            out.tokens.push(Token::End);
        }
    }

    /// Whether iterations leave records.
    pub fn has_frame(&self) -> bool {
        self.adjoint.saved.values().any(|saved| !saved.is_empty())
            || self.adjoint.kept.values().any(|kept| !kept.is_empty())
            || self.adjoint.program.calls_halves()
    }

    /// The names of all adjoints: those of values, and those of memories.
    pub fn bars(&self) -> &[Vec<Ident>; 2] {
        self.bars.get_or_init(|| {
            let program = &self.adjoint.program;
            let Program { values, memories, .. } = program;
            let bar = |ident| format_ident!("{}_b", program.stem(ident), span = Span::mixed_site());
            let values = values.iter().map(|value| bar(&value.ident)).collect();
            [values, memories.iter().map(|memory| bar(&memory.ident)).collect()]
        })
    }

    /// `x_b` of a value.
    fn bar(&self, value: ValueId) -> &Ident {
        &self.bars()[0][value.0]
    }

    fn memory_bar(&self, memory: MemoryId) -> &Ident {
        &self.bars()[1][memory.0]
    }

    fn ident(&self, value: ValueId) -> &Ident {
        &self.adjoint.program.value(value).ident
    }

    fn memory(&self, memory: MemoryId) -> &Ident {
        &self.adjoint.program.memory(memory).ident
    }

    fn atom(&'p self, out: &mut Code<'p>, atom: &Atom) {
        match atom {
            Atom::Value(value) => self.ident(*value).append(out),
            Atom::Literal(tokens) => tokens.clone().append(out),
        }
    }

    /// What tells the type of something that is saved.
    fn witness(ident: &Ident) -> Ident {
        format_ident!("{ident}type", span = Span::mixed_site())
    }

    /// Witnesses for what is saved and is no number.
    pub fn witnesses(&'p self, out: &mut Code<'p>) {
        let engine = &self.names.engine;
        let program = &self.adjoint.program;
        let words = self.adjoint.saved.values().flatten().filter(|value| !self.is_float(**value));
        let words = words.map(|value| self.ident(*value));
        let locals = program.memories.iter().filter_map(|memory| {
            let (region, _) = memory.local()?;
            (!self.adjoint.stays(region)).then_some(&memory.ident)
        });
        for witness in words.chain(locals).map(Self::witness) {
            code!(out <- let #witness = #engine::rt::Witness::default(););
        }
    }

    fn is_float(&self, value: ValueId) -> bool {
        self.adjoint.program.value(value).class == Class::Float
    }

    /// The numbers of a region's record, and the rest that it saves.
    fn record(&self, region: RegionId) -> (Vec<&Ident>, Vec<&Ident>) {
        let saved = self.adjoint.saved.get(&region).map_or(&[][..], Vec::as_slice);
        let (floats, words): (Vec<ValueId>, Vec<ValueId>) =
            saved.iter().partition(|value| self.is_float(**value));
        let ident = |value: ValueId| self.ident(value);
        (floats.into_iter().map(ident).collect(), words.into_iter().map(ident).collect())
    }

    /// The memories that a region saves whole.
    fn kept(&self, region: RegionId) -> impl Iterator<Item = &Ident> {
        self.adjoint.kept.get(&region).into_iter().flatten().map(|memory| self.memory(*memory))
    }

    /// Saves what the reverse sweep takes back where it comes to this region.
    fn save(&'p self, out: &mut Code<'p>, region: &Region) {
        let (engine, frame) = (&self.names.engine, &self.frame);
        let (floats, words) = self.record(region.id);
        for other in self.kept(region.id).chain(words) {
            let witness = Self::witness(other);
            code!(out <- #witness.keep(#frame, &#other););
        }
        if !floats.is_empty() {
            code!(out <- #engine::rt::Frame::record(#frame, &[#(self.names_of(floats))]););
        }
    }

    /// Takes back what was saved.
    fn restore(&'p self, out: &mut Code<'p>, region: &Region) {
        let (engine, frame) = (&self.names.engine, &self.frame);
        let (floats, words) = self.record(region.id);
        if !floats.is_empty() {
            code!(out <- let [#(self.names_of(floats))] = #engine::rt::pop(#frame););
        }
        let others: Vec<_> = self.kept(region.id).chain(words).collect();
        for other in others.into_iter().rev() {
            let witness = Self::witness(other);
            code!(out <- let #other = #witness.back(#frame););
        }
    }

    fn names_of(&self, out: &mut Code<'p>, names: Vec<&'p Ident>) {
        out.list(names, |out, name| name.append(out));
    }

    // --- templates and places

    fn template(&'p self, out: &mut Code<'p>, template: &'p Template) {
        let begin = out.tokens.len();
        for name in template.names.iter().filter(|name| matches!(name.uses, Uses::Bound)) {
            // A parameter that was never assigned keeps its name.
            if !self.keeps_its_name(name) {
                let ident = &name.ident;
                code!(out <- let #ident = #(self.named(&name.stands_for)););
            }
        }
        let is_plain = out.tokens.len() == begin;
        template.pieces.iter().for_each(|piece| self.piece(out, piece, &template.names));
        if !is_plain {
            let inner = out.tokens.split_off(begin);
            out.group(Delimiter::Brace, |out| out.tokens = inner);
        }
    }

    fn keeps_its_name(&self, name: &Name) -> bool {
        matches!(name.stands_for, Named::Atom(Atom::Value(value), _) if *self.ident(value) == name.ident)
    }

    /// What a name stands for.
    fn named(&'p self, out: &mut Code<'p>, named: &'p Named) {
        match named {
            Named::Atom(atom, references) => {
                (0..*references).for_each(|_| out.token("&"));
                self.atom(out, atom);
            }
            Named::Copy(place) => {
                code!(out <- #(self.place(place, false, place.span)).clone());
            }
            Named::Place(place) => {
                code!(out <- &#(self.place(place, false, place.span)));
            }
        }
    }

    fn piece(&'p self, out: &mut Code<'p>, piece: &'p Piece, names: &'p [Name]) {
        match piece {
            Piece::Tokens(tokens) if names.iter().all(|name| self.keeps_its_name(name)) => tokens.append(out),
            Piece::Tokens(tokens) => self.replaced(out, tokens, names),
            Piece::Atom(atom) => self.atom(out, atom),
            Piece::Index(atom) => {
                code!(out <- [#(self.atom(atom))]);
            }
            Piece::Place(place) => self.place(out, place, false, place.span),
            Piece::Template(template) => {
                let span = template.span.unwrap_or_else(Span::call_site);
                out.group_at(Delimiter::Parenthesis, span, |out| self.template(out, template));
            }
            Piece::Braces(template) => {
                code!(out <- { #(self.template(template)) });
            }
            Piece::Number(template) => {
                let engine = &self.names.engine;
                code!(out <- #engine::rt::number((#(self.template(template)))));
            }
        }
    }

    /// The user's tokens, with each use of a name replaced by what it stands for.
    fn replaced(&'p self, out: &mut Code<'p>, tokens: &TokenStream, names: &'p [Name]) {
        // Tokens that stay as they are, since the last one that does not.
        let mut same = TokenStream::new();
        for token in tokens.clone() {
            match &token {
                TokenTree::Ident(ident) => {
                    if let Some(name) = names.iter().find(|name| is_use(name, ident))
                        && !self.keeps_its_name(name)
                    {
                        std::mem::take(&mut same).append(out);
                        self.used(out, name, ident.span());
                        continue;
                    }
                }
                TokenTree::Group(group) if mentions(&group.stream(), names) => {
                    std::mem::take(&mut same).append(out);
                    out.group_at(group.delimiter(), group.span(), |out| {
                        self.replaced(out, &group.stream(), names);
                    });
                    continue;
                }
                TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            same.extend([token]);
        }
        same.append(out);
    }

    /// What a name stands for, where the user wrote the name.
    fn used(&'p self, out: &mut Code<'p>, name: &'p Name, span: Span) {
        // In parentheses with the user's span: where tokens of the user's and of the macro's meet, rustc reports a panic at the attribute.
        out.group_at(Delimiter::Parenthesis, span, |out| self.named(out, &name.stands_for));
    }

    /// A borrow of a place, or of its adjoint; of a parameter it is the parameter itself, or its buffer.
    fn borrowed(&'p self, out: &mut Code<'p>, place: &'p Place, adjoint: bool) {
        let whole = place.steps.is_empty();
        match (adjoint, self.adjoint.program.memory(place.memory).kind) {
            (true, MemoryKind::Parameter { .. }) if whole => {
                code!(out <- &mut *);
            }
            (false, MemoryKind::Parameter { reference: true }) if whole => {}
            (true, _) => {
                code!(out <- &mut);
            }
            (false, _) => {
                code!(out <- &);
            }
        }
        self.place(out, place, adjoint, place.span);
    }

    /// A place of a memory, or of its adjoint.
    fn place(&'p self, out: &mut Code<'p>, place: &'p Place, adjoint: bool, span: Span) {
        self.reached(out, (place.memory, &place.steps), adjoint, span);
    }

    /// What is reached by these steps.
    fn reached(
        &'p self,
        out: &mut Code<'p>,
        (memory, steps): (MemoryId, &'p [Step]),
        adjoint: bool,
        span: Span,
    ) {
        let Some((last, before)) = steps.split_last() else {
            if adjoint {
                self.memory_bar(memory).append(out);
            } else if self.adjoint.program.memory(memory).local().is_some() {
                out.group_at(Delimiter::Parenthesis, span, |out| {
                    located(self.memory(memory), span).append(out);
                });
            } else {
                located(self.memory(memory), span).append(out);
            }
            return;
        };
        let before = (memory, before);
        match last {
            Step::Index(template) => {
                self.reached(out, before, adjoint, span);
                out.group_at(Delimiter::Bracket, span, |out| self.template(out, template));
            }
            Step::Field(member) => {
                code!(out <- #(self.reached(before, adjoint, span)).#member);
            }
            Step::Deref => {
                code!(out <- (*#(self.reached(before, adjoint, span))));
            }
        }
    }
}

/// Whether a token of the user's is this name, as it is meant.
fn is_use(name: &Name, token: &Ident) -> bool {
    match &name.uses {
        Uses::At(spans) => name.ident == *token && spans.contains(&crate::source::key(token.span())),
        Uses::Bound => false,
    }
}

/// Whether there is a use of a name among tokens.
fn mentions(tokens: &TokenStream, names: &[Name]) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.iter().any(|name| is_use(name, &ident)),
        TokenTree::Group(group) => mentions(&group.stream(), names),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// `x_b` of the parameter `x`.
pub fn bar(parameter: &Ident) -> Ident {
    format_ident!("{parameter}_b", span = Span::mixed_site())
}

/// A name at a place, so that a panic points there.
fn located(ident: &Ident, span: Span) -> Ident {
    let mut ident = ident.clone();
    // A panic points at the line it comes from.
    ident.set_span(ident.span().located_at(span));
    ident
}

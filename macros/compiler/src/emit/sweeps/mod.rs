//! The printer: a program with its two sweeps, as code in plain `f64`. The same code is compiled, and laid out as a text for
//! people by [`readable`](super::readable).

mod blocks;
mod call;
mod expressions;
mod loops;
mod records;
mod statements;
mod storage;

use super::code::{Code, Piece as _, Token, code};
use super::types::Names;
use crate::ir::{
    Atom, Class, HostExpression, Name, Named, Outcome, Piece, Place, Program, Region, Reverse, StatementKind,
    Step, StorageId, StorageKind, Uses, ValueId,
};
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::{BTreeSet, HashSet};

/// What the module of the rule table is called in the sweeps: an alias, since they are full of it.
pub const RULES: &str = "__gradus_rules";

/// Prints a program.
pub struct Printer<'f> {
    pub program: &'f Program,
    reverse: Option<&'f Reverse>,
    pub names: &'f Names,
    pub frame: Ident,
    /// Storages whose types tell the shapes of their adjoints.
    typed: BTreeSet<StorageId>,
    /// The numbers of records that lie in blocks.
    blocks: BTreeSet<usize>,
    /// What anything reads.
    read: HashSet<ValueId>,
    /// What operations read.
    operands: HashSet<ValueId>,
}

impl<'f> Printer<'f> {
    /// The printer of a program, with its reverse sweep if it has one.
    pub fn new(program: &'f Program, names: &'f Names) -> Printer<'f> {
        let reverse = program.reverse.as_ref();
        let frame = Ident::new("__frame", Span::mixed_site());
        let mut read = Vec::new();
        program.body.all_reads(&mut read);
        program.outcome.read(&mut read);
        if let Some(reverse) = reverse {
            reverse.region.all_reads(&mut read);
        }
        if let Some(tangent) = &program.tangent {
            tangent.outcome.read(&mut read);
        }
        let mut operands = Vec::new();
        program.body.each(&mut |_, statement| {
            if let StatementKind::Operation { .. } = statement.kind {
                statement.kind.read(&mut operands);
            }
        });
        let (read, operands) = (read.into_iter().collect(), operands.into_iter().collect());
        let typed =
            reverse.map(|reverse| records::typed([&program.body, &reverse.region])).unwrap_or_default();
        let blocks = blocks::numbers(&program.body);
        Printer { program, reverse, names, frame, typed, blocks, read, operands }
    }

    /// The reverse sweep.
    pub fn sweep(&self) -> &'f Reverse {
        self.reverse.expect("a program that was reversed")
    }
}

impl<'p> Printer<'p> {
    /// The value of the function.
    pub fn outcome(&'p self, out: &mut Code<'p>) {
        self.given(out, &self.program.outcome);
    }

    /// The tangent of the value.
    pub fn tangent(&'p self, out: &mut Code<'p>) {
        let tangent = self.program.tangent.as_ref().expect("a program in forward mode");
        self.given(out, &tangent.outcome);
    }

    fn given(&'p self, out: &mut Code<'p>, outcome: &'p Outcome) {
        match outcome {
            Outcome::Atom(atom) => self.atom(out, atom),
            Outcome::Place(place) => {
                code!(out <- #(self.place(place, place.span)).clone());
            }
            Outcome::Tuple(parts) => {
                code!(out <- (#{ out.parts(parts, |out, part| self.given(out, part)); }));
            }
            Outcome::List(parts) => {
                code!(out <- [#{ out.list(parts, |out, part| self.given(out, part)); }]);
            }
        }
    }

    /// The statements of the forward sweep.
    pub fn forward(&'p self, out: &mut Code<'p>) {
        self.region(out, &self.program.body);
    }

    /// Those of the reverse sweep.
    pub fn reverse(&'p self, out: &mut Code<'p>) {
        self.region(out, &self.sweep().region);
        if self.sweep().closing == 0 {
            out.tokens.push(Token::End);
        }
    }

    /// The statements of a region, those apart that restore what the reverse sweep reads.
    fn region(&'p self, out: &mut Code<'p>, region: &'p Region) {
        let restored = self.reverse.and_then(|reverse| reverse.restored.get(&region.id).copied());
        let restored = restored.unwrap_or_default();
        let (restoring, statements) = region.statements.split_at(restored);
        let closing = match self.reverse {
            Some(reverse) if reverse.region.id == region.id => reverse.closing,
            Some(_) | None => 0,
        };
        let (statements, closing) = statements.split_at(statements.len() - closing);
        if !restoring.is_empty() {
            out.tokens.push(Token::Note("Restored or recomputed:"));
            restoring.iter().for_each(|statement| self.statement(out, statement));
            out.tokens.push(Token::End);
        }
        statements.iter().for_each(|statement| self.statement(out, statement));
        if !closing.is_empty() {
            out.tokens.push(Token::Note("Add the gradients of numbers to the caller's buffers."));
            closing.iter().for_each(|statement| self.statement(out, statement));
        }
    }

    /// The items of the user's body, which both sweeps may name.
    pub fn items(&self) -> TokenStream {
        let items = &self.program.items;
        // Items that only types name are not used in the sweeps.
        quote::quote!(#(#[allow(dead_code)] #items)*)
    }

    fn ident(&self, value: ValueId) -> &Ident {
        &self.program.value(value).ident
    }

    fn storage(&self, storage: StorageId) -> &Ident {
        &self.program.storage(storage).ident
    }

    fn is_float(&self, value: ValueId) -> bool {
        self.program.value(value).class == Class::Float
    }

    fn atom(&'p self, out: &mut Code<'p>, atom: &Atom) {
        match atom {
            Atom::Value(value) => self.ident(*value).append(out),
            Atom::Literal(literal) => literal.to_token_stream().append(out),
        }
    }

    /// Nothing, one thing as it is, or several in a tuple.
    fn one_or_tuple<T>(&'p self, out: &mut Code<'p>, parts: &'p [T], print: impl Fn(&mut Code<'p>, &'p T)) {
        match parts {
            [one] => print(out, one),
            [] => {}
            several => out.group(Delimiter::Parenthesis, |out| out.list(several, print)),
        }
    }

    // --- host expressions and places

    fn host(&'p self, out: &mut Code<'p>, host: &'p HostExpression) {
        let begin = out.tokens.len();
        for name in host.names.iter().filter(|name| matches!(name.uses, Uses::Bound)) {
            // A parameter that was never assigned keeps its name.
            if !self.keeps_its_name(name) {
                let ident = &name.ident;
                code!(out <- let #ident = #(self.named(&name.stands_for)););
            }
        }
        let is_plain = out.tokens.len() == begin;
        for (at, piece) in host.pieces.iter().enumerate() {
            match host.pieces.get(at + 1) {
                Some(Piece::Tokens(next)) if is_method(next) => self.receiver_piece(out, piece, &host.names),
                Some(_) | None => self.piece(out, piece, &host.names),
            }
        }
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
                self.receiver(out, atom);
            }
            Named::Copy(place) => {
                code!(out <- #(self.place(place, place.span)).clone());
            }
            Named::Place(place) => {
                code!(out <- &#(self.place(place, place.span)));
            }
        }
    }

    /// A piece on which a method is called.
    fn receiver_piece(&'p self, out: &mut Code<'p>, piece: &'p Piece, names: &'p [Name]) {
        let mut alone = std::slice::from_ref(piece);
        if let Piece::HostExpression(inner) = piece
            && inner.names.is_empty()
        {
            alone = &inner.pieces;
        }
        if let [Piece::Atom(atom @ Atom::Literal(_))] = alone {
            self.receiver(out, atom);
        } else {
            self.piece(out, piece, names);
        }
    }

    /// An atom on which a method may be called: a literal that the user's variable holds needs the variable's type.
    fn receiver(&'p self, out: &mut Code<'p>, atom: &'p Atom) {
        match atom {
            Atom::Literal(literal) if literal.number().is_some() => {
                code!(out <- (#(self.atom(atom)) as __gradus_f64));
            }
            Atom::Literal(_) | Atom::Value(_) => self.atom(out, atom),
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
            Piece::Below(atom) => {
                code!(out <- 0..#(self.atom(atom)));
            }
            Piece::Place(place) => self.place(out, place, place.span),
            Piece::HostExpression(host) => {
                let span = host.span.unwrap_or_else(Span::call_site);
                out.group_at(Delimiter::Parenthesis, span, |out| self.host(out, host));
            }
            Piece::Braces(host) => {
                code!(out <- { #(self.host(host)) });
            }
            Piece::Number(host) => {
                let engine = &self.names.engine;
                code!(out <- #engine::rt::number((#(self.host(host)))));
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

    /// A borrow of a place; of a parameter or buffer that is a reference, the reference itself.
    fn borrowed(&'p self, out: &mut Code<'p>, place: &'p Place, mutable: bool) {
        let whole = place.steps.is_empty();
        match (mutable, self.program.storage(place.storage).kind) {
            (true, StorageKind::Buffer { number: false }) if whole => {
                code!(out <- &mut *);
            }
            (false, StorageKind::Parameter { reference: true }) if whole => {}
            (true, _) => {
                code!(out <- &mut);
            }
            (false, _) => {
                code!(out <- &);
            }
        }
        self.place(out, place, place.span);
    }

    /// A place of a storage, where a panic points to a span.
    fn place(&'p self, out: &mut Code<'p>, place: &'p Place, span: Span) {
        self.reached(out, (place.storage, &place.steps), span);
    }

    /// What is reached by these steps.
    fn reached(&'p self, out: &mut Code<'p>, (storage, steps): (StorageId, &'p [Step]), span: Span) {
        let Some((last, before)) = steps.split_last() else {
            self.root(out, storage, span);
            return;
        };
        let before = (storage, before);
        match last {
            Step::Index(host) | Step::Range(host) => {
                self.reached(out, before, span);
                out.group_at(Delimiter::Bracket, span, |out| self.host(out, host));
            }
            Step::Field(member) => {
                code!(out <- #(self.reached(before, span)).#member);
            }
            Step::Deref => {
                code!(out <- (*#(self.reached(before, span))));
            }
        }
    }

    fn root(&'p self, out: &mut Code<'p>, storage: StorageId, span: Span) {
        match self.program.storage(storage).kind {
            StorageKind::Local { .. } => out.group_at(Delimiter::Parenthesis, span, |out| {
                located(self.storage(storage), span).append(out);
            }),
            StorageKind::Parameter { .. } => located(self.storage(storage), span).append(out),
            StorageKind::Adjoint { .. } | StorageKind::Buffer { number: false } => {
                self.storage(storage).append(out);
            }
            StorageKind::Buffer { number: true } => {
                code!(out <- *#(self.storage_name(storage)));
            }
            StorageKind::Seed => {
                code!(out <- (*#(self.storage_name(storage))));
            }
        }
    }

    fn storage_name(&'p self, out: &mut Code<'p>, storage: StorageId) {
        self.storage(storage).append(out);
    }
}

/// Whether tokens go on with a method or a field of what stands before them.
fn is_method(tokens: &TokenStream) -> bool {
    matches!(tokens.clone().into_iter().next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '.')
}

/// Whether a token of the user's is this name, as it is meant.
fn is_use(name: &Name, token: &Ident) -> bool {
    match &name.uses {
        Uses::At(spans) => name.ident == *token && spans.contains(&crate::syntax::source::key(token.span())),
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

/// A name at a place, so that a panic points there.
fn located(ident: &Ident, span: Span) -> Ident {
    let mut ident = ident.clone();
    // A panic points at the line it comes from.
    ident.set_span(ident.span().located_at(span));
    ident
}

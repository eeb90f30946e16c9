//! The compiled adjoint: plain `f64` code, the function forward with what it must keep, then the reverse sweep.

mod forward;
mod reverse;

use super::readable;
use super::types::Names;
use crate::adjoint::Adjoint;
use crate::ir::{
    Atom, MemoryId, MemoryKind, Named, Outcome, Piece, Place, Region, RegionId, Step, Template, ValueId,
};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use std::cell::RefCell;

/// Prints a program and its adjoint.
pub struct Printer<'f> {
    pub adjoint: &'f Adjoint,
    pub names: &'f Names,
    /// In a light branch: its region, and the condition under which it was taken.
    guard: RefCell<Option<(RegionId, TokenStream)>>,
}

impl<'f> Printer<'f> {
    pub fn new(adjoint: &'f Adjoint, names: &'f Names) -> Printer<'f> {
        Printer { adjoint, names, guard: RefCell::default() }
    }
}

impl Printer<'_> {
    /// The value of the function.
    pub fn outcome(&self) -> TokenStream {
        self.given(&self.adjoint.program.outcome)
    }

    fn given(&self, outcome: &Outcome) -> TokenStream {
        match outcome {
            Outcome::Atom(atom) => self.atom(atom),
            Outcome::Place(place) => {
                let place = self.place(place, false, place.span);
                quote!(#place.clone())
            }
            Outcome::Tuple(parts) => {
                let parts = parts.iter().map(|part| self.given(part));
                quote!((#(#parts,)*))
            }
            Outcome::List(parts) => {
                let parts = parts.iter().map(|part| self.given(part));
                quote!([#(#parts),*])
            }
        }
    }

    /// The items of the user's body, which both sweeps may name.
    pub fn items(&self) -> TokenStream {
        let items = &self.adjoint.program.items;
        quote!(#(#items)*)
    }

    /// The tokens of a statement, with its line where they are to be read.
    fn headed(&self, span: Span, tokens: TokenStream) -> TokenStream {
        if !self.names.reading || tokens.is_empty() {
            return tokens;
        }
        let line = readable::line(span);
        quote!(#line #tokens)
    }

    /// A remark for those who read the code.
    pub fn note(&self, text: &str) -> TokenStream {
        if self.names.reading { readable::note(text) } else { TokenStream::new() }
    }

    /// What the reverse sweep needs, set apart where it is to be read.
    fn apart(&self, available: TokenStream) -> TokenStream {
        if !self.names.reading || available.is_empty() {
            return available;
        }
        let (note, end) = (self.note("Taken back, or computed again:"), readable::end());
        quote!(#note #available #end)
    }

    /// Whether iterations leave records.
    pub fn has_frame(&self) -> bool {
        self.adjoint.saved.values().any(|saved| !saved.is_empty())
            || self.adjoint.kept.values().any(|kept| !kept.is_empty())
            || self.adjoint.program.calls_halves()
    }

    /// `x_b` of a value.
    pub fn bar(&self, value: ValueId) -> Ident {
        bar(&self.adjoint.program.value(value).ident)
    }

    fn memory_bar(&self, memory: MemoryId) -> Ident {
        bar(&self.adjoint.program.memory(memory).ident)
    }

    fn ident(&self, value: ValueId) -> &Ident {
        &self.adjoint.program.value(value).ident
    }

    fn atom(&self, atom: &Atom) -> TokenStream {
        match atom {
            Atom::Value(value) => self.ident(*value).to_token_stream(),
            Atom::Literal(tokens) => tokens.clone(),
        }
    }

    /// What tells the type of something that is saved.
    fn witness(ident: &Ident) -> Ident {
        Ident::new(&format!("{ident}type"), Span::mixed_site())
    }

    /// Witnesses for what is saved and is no number.
    pub fn witnesses(&self) -> TokenStream {
        let engine = &self.names.engine;
        let program = &self.adjoint.program;
        let words = self.adjoint.saved.values().flatten().filter(|value| !self.is_float(**value));
        let words = words.map(|value| self.ident(*value));
        let locals = program.memories.iter().enumerate().filter_map(|(at, memory)| {
            let (region, _) = memory.local()?;
            (!self.adjoint.stays(region)).then(|| &program.memory(MemoryId(at)).ident)
        });
        let witnesses = words.chain(locals).map(Self::witness);
        quote!(#(let #witnesses = #engine::rt::Witness::default();)*)
    }

    fn is_float(&self, value: ValueId) -> bool {
        self.adjoint.program.value(value).class == crate::ir::Class::Float
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
    fn kept(&self, region: RegionId) -> Vec<&Ident> {
        let kept = self.adjoint.kept.get(&region).map_or(&[][..], Vec::as_slice);
        kept.iter().map(|memory| &self.adjoint.program.memory(*memory).ident).collect()
    }

    /// Saves what the reverse sweep takes back where it comes to this region.
    fn save(&self, region: &Region) -> TokenStream {
        let engine = &self.names.engine;
        let frame = Ident::new("frame", Span::mixed_site());
        let (floats, words) = self.record(region.id);
        let others: Vec<_> = self.kept(region.id).into_iter().chain(words).collect();
        let witnesses = others.iter().map(|other| Self::witness(other));
        let record =
            (!floats.is_empty()).then(|| quote!(#engine::rt::Frame::record(#frame, &[#(#floats),*]);));
        quote!(#(#witnesses.keep(#frame, &#others);)* #record)
    }

    /// Takes back what was saved.
    fn restore(&self, region: &Region) -> TokenStream {
        let engine = &self.names.engine;
        let frame = Ident::new("frame", Span::mixed_site());
        let (floats, words) = self.record(region.id);
        let others: Vec<_> = self.kept(region.id).into_iter().chain(words).rev().collect();
        let witnesses = others.iter().map(|other| Self::witness(other));
        let record = (!floats.is_empty()).then(|| quote!(let [#(#floats),*] = #engine::rt::pop(#frame);));
        quote!(#record #(let #others = #witnesses.back(#frame);)*)
    }

    // --- templates and places

    fn template(&self, template: &Template) -> TokenStream {
        let pieces = template.pieces.iter().map(|piece| match piece {
            Piece::Tokens(tokens) => tokens.clone(),
            Piece::Atom(atom) => self.atom(atom),
            Piece::Index(atom) => {
                let atom = self.atom(atom);
                quote!([#atom])
            }
            Piece::Place(place) => self.place(place, false, place.span),
            Piece::Template(template) => {
                let mut group = Group::new(Delimiter::Parenthesis, self.template(template));
                if let Some(span) = template.span {
                    group.set_span(span);
                }
                group.to_token_stream()
            }
            Piece::Braces(template) => {
                let inner = self.template(template);
                quote!({ #inner })
            }
        });
        let names = template.names.iter().filter_map(|(name, named)| match named {
            Named::Atom(atom, references) => {
                let references = std::iter::repeat_n(quote!(&), *references);
                let atom = self.atom(atom);
                // A parameter that was never assigned keeps its name.
                (*name != atom.to_string()).then(|| quote!(let #name = #(#references)* #atom;))
            }
            Named::Place(place) => {
                let place = self.place(place, false, place.span);
                Some(quote!(let #name = &#place;))
            }
        });
        let names: Vec<_> = names.collect();
        if names.is_empty() { quote!(#(#pieces)*) } else { quote!({ #(#names)* #(#pieces)* }) }
    }

    /// A borrow of a place, or of its adjoint; of a parameter it is the parameter itself, or its buffer.
    fn borrowed(&self, place: &Place, adjoint: bool) -> TokenStream {
        let tokens = self.place(place, adjoint, place.span);
        let whole = place.steps.is_empty();
        match (adjoint, self.adjoint.program.memory(place.memory).kind) {
            (true, MemoryKind::Parameter { .. }) if whole => quote!(&mut *#tokens),
            (false, MemoryKind::Parameter { reference: true }) if whole => tokens,
            (true, _) => quote!(&mut #tokens),
            (false, _) => quote!(&#tokens),
        }
    }

    /// A place of a memory, or of its adjoint.
    fn place(&self, place: &Place, adjoint: bool, span: Span) -> TokenStream {
        let memory = &self.adjoint.program.memory(place.memory).ident;
        let mut tokens = if adjoint { bar(memory).to_token_stream() } else { located(memory, span) };
        for step in &place.steps {
            match step {
                Step::Index(template) => {
                    let mut index = Group::new(Delimiter::Bracket, self.template(template));
                    index.set_span(span);
                    tokens.extend(index.to_token_stream());
                }
                Step::Field(member) => tokens.extend(quote!(.#member)),
                Step::Deref => tokens = quote!((*#tokens)),
            }
        }
        tokens
    }
}

/// `x_b` of `x`, or of `x_`.
pub fn bar(ident: &Ident) -> Ident {
    let name = ident.to_string();
    let name = name.strip_prefix("r#").unwrap_or(&name);
    Ident::new(&format!("{}_b", name.trim_end_matches('_')), Span::mixed_site())
}

/// A name at a place, so that a panic points there.
fn located(ident: &Ident, span: Span) -> TokenStream {
    let mut ident = ident.clone();
    // A panic points at the line it comes from.
    ident.set_span(ident.span().located_at(span));
    ident.to_token_stream()
}

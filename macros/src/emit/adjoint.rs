//! The compiled adjoint: plain `f64` code, the function forward with what it must keep, then the reverse sweep.

use super::types::Names;
use crate::adjoint::{Adjoint, is_active, is_active_loop};
use crate::ir::{
    Atom, Loop, Piece, Place, Region, RegionId, Statement, StatementKind, Step, Template, ValueId,
};
use crate::rows::{self, Kind, Row};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// Prints a program and its adjoint.
pub struct Printer<'f> {
    pub adjoint: &'f Adjoint,
    pub names: &'f Names,
}

/// Operations that are no methods of `f64`.
const OURS: &[&str] = &["relu", "leaky_relu", "sigmoid", "softplus", "gelu", "silu", "powi"];

impl Printer<'_> {
    /// The forward sweep; its last expression is the value.
    pub fn forward(&self) -> TokenStream {
        self.run(&self.adjoint.program.body)
    }

    /// The reverse sweep, the seed at hand as `seed`.
    pub fn reverse(&self) -> TokenStream {
        let program = &self.adjoint.program;
        let body = &program.body;
        let seed = Ident::new("seed", Span::mixed_site());
        let declared = self.declared(body);
        let seeded = self.add(&program.outcome, &seed.to_token_stream());
        let statements = body.statements.iter().rev().map(|statement| self.undo(statement));
        quote!(#declared #seeded #(#statements)*)
    }

    /// The value of the function.
    pub fn outcome(&self) -> TokenStream {
        self.atom(&self.adjoint.program.outcome)
    }

    /// Whether iterations leave records.
    pub fn has_frame(&self) -> bool {
        self.adjoint.saved.values().any(|saved| !saved.is_empty())
    }

    /// `x_b` of a value.
    pub fn bar(&self, value: ValueId) -> Ident {
        bar(&self.adjoint.program.value(value).ident)
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

    // --- forward

    fn run(&self, region: &Region) -> TokenStream {
        region.statements.iter().map(|statement| self.statement(statement)).collect()
    }

    fn statement(&self, statement: &Statement) -> TokenStream {
        let span = statement.span;
        match &statement.kind {
            StatementKind::Operation { out, name, operands } => {
                let (out, value) = (self.ident(*out), self.computed(name, operands, span));
                quote!(let #out = #value;)
            }
            StatementKind::Passive { out: Some(out), template } => {
                let (out, value) = (self.ident(*out), self.template(template));
                quote!(let #out = #value;)
            }
            StatementKind::Passive { out: None, template } => {
                let effect = self.template(template);
                quote!(#effect;)
            }
            StatementKind::Load { out, place } => {
                let (out, value) = (self.ident(*out), self.place(place, false, statement.span));
                quote!(let #out = #value;)
            }
            StatementKind::If { condition, then, otherwise, outs } => {
                let condition = self.atom(condition);
                let [then, otherwise] = [then, otherwise].map(|branch| {
                    let (statements, yields) =
                        (self.run(branch), branch.yields.iter().map(|atom| self.atom(atom)));
                    quote!({ #statements (#(#yields,)*) })
                });
                let outs = outs.iter().map(|out| self.ident(*out));
                quote!(let (#(#outs,)*) = if #condition #then else #otherwise;)
            }
            StatementKind::Loop(repeat) => self.repeat(repeat),
        }
    }

    fn computed(&self, name: &str, operands: &[Atom], span: Span) -> TokenStream {
        let engine = &self.names.engine;
        let atoms: Vec<_> = operands.iter().map(|operand| self.atom(operand)).collect();
        match (name, atoms.as_slice()) {
            ("add", [a, b]) => quote!(#a + #b),
            ("sub", [a, b]) => quote!(#a - #b),
            ("mul", [a, b]) => quote!(#a * #b),
            ("div", [a, b]) => quote!(#a / #b),
            ("rem", [a, b]) => quote!(#a % #b),
            ("neg", [a]) => quote!(-#a),
            _ => {
                let name_ident = Ident::new(name, span);
                if OURS.contains(&name) {
                    quote_spanned!(span=> #engine::ops::rules::#name_ident(#(#atoms),*))
                } else {
                    quote_spanned!(span=> f64::#name_ident(#(#atoms),*))
                }
            }
        }
    }

    fn repeat(&self, repeat: &Loop) -> TokenStream {
        let insides: Vec<_> = repeat.carried.iter().map(|carried| self.ident(carried.inside)).collect();
        let starts = repeat.carried.iter().map(|carried| self.atom(&carried.start));
        let afters = repeat.carried.iter().map(|carried| self.ident(carried.after));
        let nexts = repeat.body.yields.iter().map(|next| self.atom(next));
        let (index, iterator) = (self.ident(repeat.index), self.template(&repeat.iterator));
        let body = self.run(&repeat.body);
        let record = self.record(repeat.body.id);
        let save = record.map(|record| {
            let frame = Ident::new("frame", Span::mixed_site());
            quote!(#frame.extend_from_slice(&[#(#record),*]);)
        });
        quote! {
            #(let mut #insides = #starts;)*
            for #index in (#iterator) {
                #body
                #save
                (#(#insides,)*) = (#(#nexts,)*);
            }
            #(let #afters = #insides;)*
        }
    }

    fn record(&self, region: RegionId) -> Option<Vec<&Ident>> {
        let saved = self.adjoint.saved.get(&region).filter(|saved| !saved.is_empty())?;
        Some(saved.iter().map(|value| self.ident(*value)).collect())
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
            Piece::Place(place) => self.place(place, false, Span::call_site()),
            Piece::Template(template) => {
                let inner = self.template(template);
                quote!((#inner))
            }
        });
        let names = template.names.iter().filter_map(|(name, atom, references)| {
            let references = std::iter::repeat_n(quote!(&), *references);
            let atom = self.atom(atom);
            // A parameter that was never assigned keeps its name.
            (*name != atom.to_string()).then(|| quote!(let #name = #(#references)* #atom;))
        });
        let names: Vec<_> = names.collect();
        if names.is_empty() { quote!(#(#pieces)*) } else { quote!({ #(#names)* #(#pieces)* }) }
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
            }
        }
        tokens
    }

    // --- reverse

    /// The adjoints of a region's values, before anything has arrived: −0, since −0 + x is x to the last bit.
    fn declared(&self, region: &Region) -> TokenStream {
        let program = &self.adjoint.program;
        let declare = |value: &ValueId| {
            let bar = self.bar(*value);
            program.value(*value).active.then(|| quote!(let mut #bar = -0.0_f64;))
        };
        region
            .statements
            .iter()
            .map(|statement| match &statement.kind {
                StatementKind::Operation { out, .. } | StatementKind::Load { out, .. } => {
                    declare(out).unwrap_or_default()
                }
                StatementKind::Passive { .. } => TokenStream::new(),
                StatementKind::If { outs, .. } => outs.iter().filter_map(declare).collect(),
                StatementKind::Loop(repeat) => {
                    repeat.carried.iter().filter_map(|carried| declare(&carried.after)).collect()
                }
            })
            .collect()
    }

    /// What the reverse sweep of a region reads, made available: computed again in the order of the forward sweep.
    fn available(&self, region: &Region) -> TokenStream {
        let exported = self.adjoint.exported.get(&region.id).into_iter().flatten().map(|(value, name)| {
            let (value, name) = (self.ident(*value), self.ident(*name));
            quote!(let #value = #name;)
        });
        let again = region.statements.iter().filter(|statement| match &statement.kind {
            StatementKind::Operation { out, .. }
            | StatementKind::Load { out, .. }
            | StatementKind::Passive { out: Some(out), .. } => self.adjoint.again.contains(out),
            _ => false,
        });
        let again = again.map(|statement| self.statement(statement));
        quote!(#(#exported)* #(#again)*)
    }

    /// `value_b += amount`, for an active atom.
    fn add(&self, atom: &Atom, amount: &TokenStream) -> TokenStream {
        match self.adjoint.program.active(atom) {
            Some(value) => {
                let bar = self.bar(value);
                quote!(#bar += #amount;)
            }
            None => TokenStream::new(),
        }
    }

    fn undo(&self, statement: &Statement) -> TokenStream {
        let program = &self.adjoint.program;
        match &statement.kind {
            StatementKind::Operation { out, name, operands } if program.value(*out).active => {
                rows::find(name).map(|row| self.pull(row, *out, operands)).unwrap_or_default()
            }
            StatementKind::Load { out, place } if program.value(*out).active => {
                let (place, bar) = (self.place(place, true, statement.span), self.bar(*out));
                quote!(#place += #bar;)
            }
            StatementKind::If { condition, then, otherwise, outs }
                if is_active(program, then)
                    || is_active(program, otherwise)
                    || outs.iter().any(|out| program.value(*out).active) =>
            {
                let condition = self.atom(condition);
                let [then, otherwise] = [then, otherwise].map(|branch| self.undo_branch(branch, outs));
                quote!(if #condition { #then } else { #otherwise })
            }
            StatementKind::Loop(repeat) if is_active_loop(program, repeat) => self.undo_loop(repeat),
            _ => TokenStream::new(),
        }
    }

    /// The adjoint of an operation: to each active operand the adjoint times the partial derivative.
    fn pull(&self, row: &Row, out: ValueId, operands: &[Atom]) -> TokenStream {
        let engine = &self.names.engine;
        let arrived = self.bar(out);
        let program = &self.adjoint.program;
        let both = operands.iter().filter(|operand| program.active(operand).is_some()).count() > 1;
        let pulls = operands.iter().zip(row.partials).zip(["da", "db", "dc"]).filter_map(|((operand, reads), d)| {
            let (reads, to) = ((*reads)?, self.bar(program.active(operand)?));
            let rule = Ident::new(&format!("{}_{d}", row.name), Span::mixed_site());
            let reads = reads.split_whitespace().map(|read| match read {
                "a" => self.atom(&operands[0]),
                "b" => self.atom(&operands[1]),
                "c" => self.atom(&operands[2]),
                "y" => self.ident(out).to_token_stream(),
                _ => quote!(#both),
            });
            let partial = quote!(#engine::ops::rules::#rule(#(#reads),*));
            Some(if row.kind == Kind::Selecting {
                let here = Span::mixed_site();
                quote_spanned!(here=> { let partial = #partial; if partial != 0.0 { #to += #arrived * partial; } })
            } else {
                quote!(#to += #arrived * #partial;)
            })
        });
        pulls.collect()
    }

    fn undo_branch(&self, branch: &Region, outs: &[ValueId]) -> TokenStream {
        let (available, declared) = (self.available(branch), self.declared(branch));
        let given =
            outs.iter().zip(&branch.yields).filter(|(out, _)| self.adjoint.program.value(**out).active);
        let given = given.map(|(out, atom)| self.add(atom, &self.bar(*out).to_token_stream()));
        let statements = branch.statements.iter().rev().map(|statement| self.undo(statement));
        quote!(#available #declared #(#given)* #(#statements)*)
    }

    fn undo_loop(&self, repeat: &Loop) -> TokenStream {
        let program = &self.adjoint.program;
        let body = &repeat.body;
        let active: Vec<_> = repeat
            .carried
            .iter()
            .zip(&body.yields)
            .filter(|(carried, _)| program.value(carried.inside).active)
            .collect();
        let carry = |inside: ValueId| {
            let ident = self.ident(inside);
            Ident::new(&format!("{ident}carried"), Span::mixed_site())
        };
        let carries: Vec<_> = active.iter().map(|(carried, _)| carry(carried.inside)).collect();
        let insides: Vec<_> = active.iter().map(|(carried, _)| self.bar(carried.inside)).collect();
        let afters = active.iter().map(|(carried, _)| self.bar(carried.after));
        let given =
            active.iter().zip(&carries).map(|((_, next), carry)| self.add(next, &carry.to_token_stream()));
        let starts = active
            .iter()
            .zip(&carries)
            .map(|((carried, _), carry)| self.add(&carried.start, &carry.to_token_stream()));
        let restored = self.record(body.id).map(|record| {
            let (engine, frame) = (&self.names.engine, Ident::new("frame", Span::mixed_site()));
            quote!(let [#(#record),*] = #engine::rt::pop(#frame);)
        });
        let (available, declared) = (self.available(body), self.declared(body));
        let statements = body.statements.iter().rev().map(|statement| self.undo(statement));
        let (index, iterator) = (self.ident(repeat.index), self.template(&repeat.iterator));
        let backward = (!self.adjoint.forward.contains(&body.id)).then(|| quote!(.rev()));
        quote! {
            #(let mut #carries = #afters;)*
            for #index in (#iterator) #backward {
                #restored
                #available
                #(let mut #insides = -0.0_f64;)*
                #declared
                #(#given)*
                #(#statements)*
                #(#carries = #insides;)*
            }
            #(#starts)*
        }
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

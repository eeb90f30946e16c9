//! The reverse sweep: every statement undone, the last one first.

use super::Printer;
use crate::adjoint::{is_active, is_active_loop};
use crate::emit::call::{Buffer, reverse_half};
use crate::ir::{
    Argument, Atom, Call, Change, Init, Loop, MemoryId, Out, Outcome, Piece, Region, Statement,
    StatementKind, Template, ValueId,
};
use crate::rows::{self, Kind, Row};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

impl Printer<'_> {
    /// The reverse sweep, the seed at hand as `seed`.
    pub fn reverse(&self) -> TokenStream {
        let program = &self.adjoint.program;
        let body = &program.body;
        let seed = Ident::new("seed", Span::mixed_site());
        let declared = self.declared(body);
        let seeded = self.seeded(&program.outcome, &quote!((*#seed)));
        let statements = body.statements.iter().rev().map(|statement| self.undo(statement));
        quote!(#declared #seeded #(#statements)*)
    }

    /// The reverse half.
    pub fn reverse_half(&self) -> TokenStream {
        let (available, reverse) = (self.available(&self.adjoint.program.body), self.reverse());
        quote!(#available #reverse)
    }

    /// The seed of the result, added to the adjoints of what it is made of.
    fn seeded(&self, outcome: &Outcome, seed: &TokenStream) -> TokenStream {
        let engine = &self.names.engine;
        match outcome {
            Outcome::Atom(atom) => self.add(atom, seed),
            Outcome::Place(place) => {
                let place = self.borrowed(place, true);
                quote!(#engine::rt::accumulate(#place, &#seed);)
            }
            Outcome::Tuple(parts) => parts
                .iter()
                .enumerate()
                .map(|(at, part)| {
                    let at = proc_macro2::Literal::usize_unsuffixed(at);
                    self.seeded(part, &quote!(#seed.#at))
                })
                .collect(),
            Outcome::List(parts) => parts
                .iter()
                .enumerate()
                .map(|(at, part)| {
                    let at = proc_macro2::Literal::usize_unsuffixed(at);
                    self.seeded(part, &quote!(#seed[#at]))
                })
                .collect(),
        }
    }

    /// The adjoints of a region's values, before anything has arrived: −0, since −0 + x is x to the last bit.
    fn declared(&self, region: &Region) -> TokenStream {
        let program = &self.adjoint.program;
        let zero = self.zero();
        let declare = |value: &ValueId| {
            let bar = self.bar(*value);
            program.value(*value).active.then(|| quote!(let mut #bar = #zero;))
        };
        region
            .statements
            .iter()
            .map(|statement| match &statement.kind {
                StatementKind::Operation { out, .. } | StatementKind::Load { out, .. } => {
                    declare(out).unwrap_or_default()
                }
                StatementKind::Call(call) => {
                    let (mut values, mut memories) = (Vec::new(), Vec::new());
                    call.out.parts(&mut values, &mut memories);
                    let values = values.iter().filter_map(declare);
                    values.chain(memories.iter().map(|memory| self.declared_memory(*memory))).collect()
                }
                StatementKind::Change { change: Change::Pop(out), .. } => declare(out).unwrap_or_default(),
                StatementKind::New { memory, .. } => self.declared_memory(*memory),
                StatementKind::If { outs, .. } => outs.iter().filter_map(declare).collect(),
                StatementKind::Loop(repeat) => {
                    repeat.carried.iter().filter_map(|carried| declare(&carried.after)).collect()
                }
                _ => TokenStream::new(),
            })
            .collect()
    }

    /// The adjoint of a memory, of the shape that the memory has at its end.
    fn declared_memory(&self, memory: MemoryId) -> TokenStream {
        let engine = &self.names.engine;
        let (ident, bar) = (&self.adjoint.program.memory(memory).ident, self.memory_bar(memory));
        if self.adjoint.is_at_hand(memory) {
            quote!(let mut #bar = #engine::rt::Differentiable::zeros(&#ident);)
        } else {
            let witness = Self::witness(ident);
            quote!(let mut #bar = #witness.zeros();)
        }
    }

    /// What the reverse sweep of a region reads, made available: taken back, or computed again in the order of the forward
    /// sweep.
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
        let restored = self.restore(region);
        self.apart(quote!(#restored #(#exported)* #(#again)*))
    }

    /// What adjoints begin with.
    pub fn zero(&self) -> TokenStream {
        if self.adjoint.passes.negative_zeros { quote!(-0.0_f64) } else { quote!(0.0_f64) }
    }

    /// `value_b += amount`, for an active atom.
    fn add(&self, atom: &Atom, amount: &TokenStream) -> TokenStream {
        self.adjoint.program.active(atom).map(|value| self.give(value, amount)).unwrap_or_default()
    }

    /// `value_b += amount`; from a light branch only if it was taken.
    fn give(&self, value: ValueId, amount: &TokenStream) -> TokenStream {
        let bar = self.bar(value);
        match &*self.guard.borrow() {
            Some((region, taken)) if self.adjoint.program.value(value).region != *region => {
                quote!(#bar += if #taken { #amount } else { -0.0 };)
            }
            _ => quote!(#bar += #amount;),
        }
    }

    fn undo(&self, statement: &Statement) -> TokenStream {
        self.headed(statement.span, self.undo_statement(statement))
    }

    fn undo_statement(&self, statement: &Statement) -> TokenStream {
        let (program, engine) = (&self.adjoint.program, &self.names.engine);
        let span = statement.span;
        match &statement.kind {
            StatementKind::Operation { out, name, operands, slope: Some(slope) }
                if program.value(*out).active =>
            {
                let (arrived, slope) = (self.bar(*out), self.ident(*slope));
                let amount =
                    if *name == "sin" { quote!(#arrived * #slope) } else { quote!(#arrived * -#slope) };
                operands.iter().map(|operand| self.add(operand, &amount)).collect()
            }
            StatementKind::Operation { out, name, operands, slope: None } if program.value(*out).active => {
                rows::find(name).map(|row| self.pull(row, *out, operands)).unwrap_or_default()
            }
            StatementKind::Load { out, place } if program.value(*out).active => {
                let (place, bar) = (self.place(place, true, span), self.bar(*out));
                quote!(#place += #bar;)
            }
            StatementKind::New { memory, init } => self.undo_init(&self.memory_bar(*memory), init),
            StatementKind::Store { place, value } => {
                let place = self.place(place, true, span);
                let stored = Ident::new("stored", Span::mixed_site());
                let given = self.add(value, &stored.to_token_stream());
                quote!({ let #stored = ::core::mem::replace(&mut #place, 0.0); #given })
            }
            StatementKind::Copy { to, from } => {
                let (to, from) = (self.place(to, true, span), self.borrowed(from, true));
                let stored = Ident::new("stored", Span::mixed_site());
                quote!({ let #stored = #engine::rt::take(&mut #to); #engine::rt::accumulate(#from, &#stored); })
            }
            StatementKind::Swap { a, b } => {
                let (a, b) = (self.place(a, true, span), self.place(b, true, span));
                quote!(::core::mem::swap(&mut #a, &mut #b);)
            }
            StatementKind::Change { place, change } => {
                self.undo_change(&self.place(place, true, span), change)
            }
            StatementKind::Call(call) => {
                let Out::Value(out) = call.out else { return self.undo_halves(call) };
                if call.in_halves {
                    return self.undo_halves(call);
                }
                if !program.value(out).active {
                    return TokenStream::new();
                }
                let arrived = self.bar(out);
                let given = call.arguments.iter().filter_map(|argument| match argument {
                    Argument::Number { atom, partial: Some(partial) } => {
                        let partial = self.ident(*partial);
                        Some(self.add(atom, &quote!(#arrived * #partial)))
                    }
                    _ => None,
                });
                quote!(#(#given)*)
            }
            StatementKind::If { condition, then, otherwise, outs }
                if self.adjoint.light.contains(&then.id) =>
            {
                let condition = self.atom(condition);
                let taken = [quote!(#condition), quote!(!#condition)];
                let undone = [then, otherwise].into_iter().zip(taken).map(|(branch, taken)| {
                    *self.guard.borrow_mut() = Some((branch.id, taken));
                    let undone = self.undo_branch(branch, outs);
                    *self.guard.borrow_mut() = None;
                    quote!({ #undone })
                });
                undone.collect()
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

    /// What changed a length or an order, on the adjoint `place`.
    fn undo_change(&self, place: &TokenStream, change: &Change) -> TokenStream {
        let program = &self.adjoint.program;
        match change {
            Change::Push(value) => {
                let popped = quote!(#place.pop().unwrap_or_default());
                match program.active(value) {
                    Some(_) => self.add(value, &popped),
                    None => quote!(#place.pop();),
                }
            }
            Change::Swap(a, b) => {
                let (a, b) = (self.atom(a), self.atom(b));
                quote!(#place.swap(#a, #b);)
            }
            Change::Pop(out) => {
                let used = program.value(*out).active;
                let arrived = if used { self.bar(*out).to_token_stream() } else { quote!(0.0) };
                quote!(#place.push(#arrived);)
            }
            Change::Truncate { before, .. } => {
                let before = self.atom(before);
                quote!(#place.resize(#before, 0.0);)
            }
        }
    }

    /// The reverse half of a callee.
    fn undo_halves(&self, call: &Call) -> TokenStream {
        let (engine, program) = (&self.names.engine, &self.adjoint.program);
        let arguments = self.arguments(call);
        let (mut before, mut after, mut buffers) = (Vec::new(), Vec::new(), Vec::new());
        let mut taken = Vec::new();
        for (at, (argument, tokens)) in call.arguments.iter().zip(&arguments).enumerate() {
            let own = Ident::new(&format!("argument{at}_b"), Span::mixed_site());
            buffers.push(match argument {
                Argument::Number { atom, .. } if program.active(atom).is_some() => {
                    before.push(quote!(let mut #own = 0.0;));
                    after.push(self.add(atom, &own.to_token_stream()));
                    Buffer::Of(quote!(&mut #own))
                }
                Argument::Place { place, .. } if taken.contains(&place.memory) => {
                    let (plain, adjoint) = (self.borrowed(place, false), self.borrowed(place, true));
                    before.push(quote!(let mut #own = #engine::rt::Differentiable::zeros(#plain);));
                    after.push(quote!(#engine::rt::accumulate(#adjoint, &#own);));
                    Buffer::Of(quote!(&mut #own))
                }
                Argument::Place { place, .. } => {
                    taken.push(place.memory);
                    Buffer::Of(self.borrowed(place, true))
                }
                Argument::Number { .. } | Argument::Passive(_) => Buffer::Nobody(tokens.clone()),
            });
        }
        let seed = self.seed_of(&call.out);
        let call = reverse_half(self.names, &call.callee, &arguments, &quote!(&#seed), &buffers);
        quote!({ #(#before)* #call #(#after)* })
    }

    /// The adjoint of what a callee gave.
    fn seed_of(&self, out: &Out) -> TokenStream {
        match out {
            Out::Value(value) if self.adjoint.program.value(*value).active => {
                let bar = self.bar(*value);
                // Not −0, which the callee's own numbers need not be.
                quote!((#bar + 0.0))
            }
            Out::Value(_) => quote!(::core::default::Default::default()),
            Out::Memory(memory) => {
                let bar = self.memory_bar(*memory);
                quote!(#bar)
            }
            Out::Tuple(parts) => {
                let parts = parts.iter().map(|part| match part {
                    Out::Memory(memory) => {
                        let bar = self.memory_bar(*memory);
                        quote!(#bar.clone())
                    }
                    other => self.seed_of(other),
                });
                quote!((#(#parts,)*))
            }
        }
    }

    /// What a memory began with gets the memory's adjoint.
    fn undo_init(&self, bar: &Ident, init: &Init) -> TokenStream {
        self.undo_part(&bar.to_token_stream(), init)
    }

    fn undo_part(&self, bar: &TokenStream, init: &Init) -> TokenStream {
        let engine = &self.names.engine;
        match init {
            Init::Passive(_) => TokenStream::new(),
            Init::Atom(atom) => self.add(atom, bar),
            Init::List { elements, .. } => elements
                .iter()
                .enumerate()
                .map(|(at, element)| {
                    let at = proc_macro2::Literal::usize_unsuffixed(at);
                    self.undo_part(&quote!(#bar[#at]), element)
                })
                .collect(),
            Init::Tuple(parts) => parts
                .iter()
                .enumerate()
                .map(|(at, part)| {
                    let at = proc_macro2::Literal::usize_unsuffixed(at);
                    self.undo_part(&quote!(#bar.#at), part)
                })
                .collect(),
            Init::Repeat { element, .. } => match &**element {
                Init::Atom(atom) => self.add(atom, &quote!(#bar.iter().sum::<f64>())),
                _ => TokenStream::new(),
            },
            Init::Copy { place, .. } => {
                let place = self.borrowed(place, true);
                quote!(#engine::rt::accumulate(#place, &#bar);)
            }
        }
    }

    /// The adjoint of an operation: to each active operand the adjoint times the partial derivative.
    fn pull(&self, row: &Row, out: ValueId, operands: &[Atom]) -> TokenStream {
        let engine = &self.names.engine;
        let arrived = self.bar(out);
        let program = &self.adjoint.program;
        let both = operands.iter().filter(|operand| program.active(operand).is_some()).count() > 1;
        let pulls =
            operands.iter().zip(row.partials).zip(["da", "db", "dc"]).filter_map(|((operand, reads), d)| {
                let (reads, to) = ((*reads)?, program.active(operand)?);
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
                    // Skipped rather than multiplied by 0, which would make NaN of an infinite adjoint.
                    let here = Span::mixed_site();
                    let given = quote_spanned!(here=> if partial != 0.0 { #arrived * partial } else { -0.0 });
                    let given = self.give(to, &given);
                    quote_spanned!(here=> { let partial = #partial; #given })
                } else if row.name == "div" && !self.adjoint.passes.divisions_apart && d == "da" {
                    let divisor = self.atom(&operands[1]);
                    self.give(to, &quote!(#arrived / #divisor))
                } else {
                    self.give(to, &quote!(#arrived * #partial))
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
        let afters = active.iter().map(|(carried, _)| {
            let used = program.value(carried.after).active;
            if used { self.bar(carried.after).to_token_stream() } else { self.zero() }
        });
        let given =
            active.iter().zip(&carries).map(|((_, next), carry)| self.add(next, &carry.to_token_stream()));
        let starts = active
            .iter()
            .zip(&carries)
            .map(|((carried, _), carry)| self.add(&carried.start, &carry.to_token_stream()));
        let (available, declared) = (self.available(body), self.declared(body));
        let statements = body.statements.iter().rev().map(|statement| self.undo(statement));
        let (index, iterator, zero) = (self.ident(repeat.index), self.backward(repeat), self.zero());
        quote! {
            #(let mut #carries = #afters;)*
            for #index in #iterator {
                #available
                #(let mut #insides = #zero;)*
                #declared
                #(#given)*
                #(#statements)*
                #(#carries = #insides;)*
            }
            #(#starts)*
        }
    }

    /// The iterations that ran, the last one first.
    fn backward(&self, repeat: &Loop) -> TokenStream {
        let iterator = repeat.iterator.as_ref().map(|iterator| self.template(iterator));
        let trips = repeat.until.as_ref().map(|(_, trips)| self.ident(*trips));
        match (iterator, trips) {
            (Some(iterator), None) if self.adjoint.forward.contains(&repeat.body.id) => iterator,
            (Some(iterator), None) => quote!((#iterator).rev()),
            // The indices of as many iterations as there were.
            (Some(_), Some(trips)) if repeat.iterator.as_ref().is_some_and(counts_up) => {
                quote!((0..#trips).rev())
            }
            (Some(iterator), Some(trips)) => {
                quote!((#iterator).rev().skip((#iterator).count() - #trips))
            }
            (None, Some(trips)) => quote!((0..#trips).rev()),
            (None, None) => quote!(::core::iter::empty::<()>()),
        }
    }
}

/// `0..n` of the compiler's own making.
fn counts_up(iterator: &Template) -> bool {
    match iterator.pieces.as_slice() {
        [Piece::Tokens(start), Piece::Atom(_)] => start.to_string().replace(' ', "") == "0..",
        _ => false,
    }
}

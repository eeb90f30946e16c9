//! The forward sweep: the function itself, saving as it goes.

use super::Printer;
use crate::emit::call::{forward_half, partials_of};
use crate::ir::{Argument, Atom, Call, Change, Init, Loop, MemoryId, Out, Region, Statement, StatementKind};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// Operations that are no methods of `f64`.
const OURS: &[&str] = &["relu", "leaky_relu", "sigmoid", "softplus", "gelu", "silu", "powi"];

impl Printer<'_> {
    /// The forward sweep.
    pub fn forward(&self) -> TokenStream {
        self.run(&self.adjoint.program.body)
    }

    /// The forward half: what the reverse half reads is saved at the end.
    pub fn forward_half(&self) -> TokenStream {
        let (run, save) = (self.forward(), self.save(&self.adjoint.program.body));
        quote!(#run #save)
    }

    fn run(&self, region: &Region) -> TokenStream {
        region.statements.iter().map(|statement| self.statement(statement)).collect()
    }

    pub(super) fn statement(&self, statement: &Statement) -> TokenStream {
        self.headed(statement.span, self.run_statement(statement))
    }

    fn run_statement(&self, statement: &Statement) -> TokenStream {
        let span = statement.span;
        match &statement.kind {
            StatementKind::Operation { out, name, operands, slope: Some(slope) } => {
                let (out, slope) = (self.ident(*out), self.ident(*slope));
                let operand = operands.iter().map(|operand| self.atom(operand));
                let pair = if *name == "sin" { quote!((#out, #slope)) } else { quote!((#slope, #out)) };
                quote!(let #pair = f64::sin_cos(#(#operand)*);)
            }
            StatementKind::Operation { out, name, operands, slope: None } => {
                let (out, value) = (self.ident(*out), self.operation(name, operands, span));
                quote!(let #out = #value;)
            }
            StatementKind::Passive { out: Some(out), template } => {
                let mutable = self.adjoint.program.changing.contains(out).then(|| quote!(mut));
                let (out, value) = (self.ident(*out), self.template(template));
                quote!(let #mutable #out = #value;)
            }
            StatementKind::Passive { out: None, template } => {
                let effect = self.template(template);
                quote!(#effect;)
            }
            StatementKind::Load { out, place } => {
                let (out, value) = (self.ident(*out), self.place(place, false, span));
                quote!(let #out = #value;)
            }
            StatementKind::New { memory, init } => self.new_memory(*memory, init),
            StatementKind::Store { place, value } => {
                let (place, value) = (self.place(place, false, span), self.atom(value));
                quote!(#place = #value;)
            }
            StatementKind::Copy { to, from } => {
                let (to, from) = (self.place(to, false, span), self.place(from, false, span));
                quote!(#to = #from.clone();)
            }
            StatementKind::Swap { a, b } => {
                let (a, b) = (self.place(a, false, span), self.place(b, false, span));
                quote!(::core::mem::swap(&mut #a, &mut #b);)
            }
            StatementKind::Change { place, change } => {
                let place = self.place(place, false, span);
                match change {
                    Change::Push(value) => {
                        let value = self.atom(value);
                        quote!(#place.push(#value);)
                    }
                    Change::Swap(a, b) => {
                        let (a, b) = (self.atom(a), self.atom(b));
                        quote!(#place.swap(#a, #b);)
                    }
                    Change::Pop(out) => {
                        let out = self.ident(*out);
                        quote!(let #out = #place.pop().unwrap_or_default();)
                    }
                    Change::Truncate { length, .. } => {
                        let length = self.template(length);
                        quote!(#place.truncate(#length);)
                    }
                }
            }
            StatementKind::Call(call) => self.call(call),
            StatementKind::If { condition, then, otherwise, outs }
                if self.adjoint.light.contains(&then.id) =>
            {
                let condition = self.atom(condition);
                let (first, second) = (self.run(then), self.run(otherwise));
                let outs = outs.iter().map(|out| self.ident(*out));
                let [a, b] = [then, otherwise].map(|branch| branch.yields.iter().map(|atom| self.atom(atom)));
                quote!(#first #second #(let #outs = if #condition { #a } else { #b };)*)
            }
            StatementKind::If { condition, then, otherwise, outs } => {
                let condition = self.atom(condition);
                let [then, otherwise] = [then, otherwise].map(|branch| {
                    let (statements, save) = (self.run(branch), self.save(branch));
                    let yields = one_or_tuple(branch.yields.iter().map(|atom| self.atom(atom)));
                    quote!({ #statements #save #yields })
                });
                match one_or_tuple(outs.iter().map(|out| self.ident(*out))) {
                    Some(outs) => quote!(let #outs = if #condition #then else #otherwise;),
                    None => quote!(if #condition #then else #otherwise),
                }
            }
            StatementKind::Loop(repeat) => self.repeat(repeat),
        }
    }

    fn operation(&self, name: &str, operands: &[Atom], span: Span) -> TokenStream {
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

    fn new_memory(&self, memory: MemoryId, init: &Init) -> TokenStream {
        let of = self.adjoint.program.memory(memory);
        let (ident, value) = (&of.ident, self.init(init));
        let seen = self.seen(memory);
        quote!(let mut #ident = #value; #seen)
    }

    /// Tells the type of a memory that the reverse sweep makes anew.
    fn seen(&self, memory: MemoryId) -> Option<TokenStream> {
        let memory = self.adjoint.program.memory(memory);
        let gone = memory.local().is_some_and(|(region, _)| !self.adjoint.stays(region));
        gone.then(|| {
            let (ident, witness) = (&memory.ident, Self::witness(&memory.ident));
            quote!(#witness.see(&#ident);)
        })
    }

    fn init(&self, init: &Init) -> TokenStream {
        match init {
            Init::Passive(template) => self.template(template),
            Init::List { vec, elements } => {
                let elements = elements.iter().map(|element| self.init(element));
                if *vec { quote!(::std::vec![#(#elements),*]) } else { quote!([#(#elements),*]) }
            }
            Init::Tuple(parts) => {
                let parts = parts.iter().map(|part| self.init(part));
                quote!((#(#parts,)*))
            }
            Init::Repeat { vec, element, length } => {
                let (element, length) = (self.init(element), self.template(length));
                if *vec { quote!(::std::vec![#element; #length]) } else { quote!([#element; #length]) }
            }
            Init::Copy { place, method } => {
                let place = self.place(place, false, place.span);
                quote!(#place #method)
            }
            Init::Atom(atom) => self.atom(atom),
        }
    }

    fn call(&self, call: &Call) -> TokenStream {
        let arguments = self.arguments(call);
        let out = self.out(&call.out);
        if call.in_halves {
            let value = forward_half(self.names, &call.callee, &arguments);
            let mut memories = Vec::new();
            call.out.parts(&mut Vec::new(), &mut memories);
            let seen = memories.into_iter().map(|memory| self.seen(memory));
            return quote!(let #out = #value; #(#seen)*);
        }
        let partials = call.arguments.iter().map(|argument| match argument {
            Argument::Number { partial: Some(partial), .. } => self.ident(*partial).to_token_stream(),
            _ => quote!(_),
        });
        let value = partials_of(self.names, &call.callee, &arguments);
        quote!(let (#out, (#(#partials,)*)) = #value;)
    }

    pub(super) fn arguments(&self, call: &Call) -> Vec<TokenStream> {
        let argument = |argument: &Argument| match argument {
            Argument::Number { atom, .. } => self.atom(atom),
            Argument::Place { place, borrowed: true } => self.borrowed(place, false),
            Argument::Place { place, borrowed: false } => {
                let place = self.place(place, false, place.span);
                quote!(#place.clone())
            }
            Argument::Passive(template) => self.template(template),
        };
        call.arguments.iter().map(argument).collect()
    }

    fn out(&self, out: &Out) -> TokenStream {
        match out {
            Out::Value(value) => self.ident(*value).to_token_stream(),
            Out::Memory(memory) => {
                let ident = &self.adjoint.program.memory(*memory).ident;
                quote!(mut #ident)
            }
            Out::Tuple(parts) => {
                let parts = parts.iter().map(|part| self.out(part));
                quote!((#(#parts,)*))
            }
        }
    }

    fn repeat(&self, repeat: &Loop) -> TokenStream {
        let insides: Vec<_> = repeat.carried.iter().map(|carried| self.ident(carried.inside)).collect();
        let starts = repeat.carried.iter().map(|carried| self.atom(&carried.start));
        let inside = one_or_tuple(&insides);
        let afters = repeat.carried.iter().map(|carried| self.ident(carried.after));
        let next = one_or_tuple(repeat.body.yields.iter().map(|next| self.atom(next)));
        let carried = next.map(|next| quote!(#inside = #next;));
        let index = self.ident(repeat.index);
        let (body, save) = (self.run(&repeat.body), self.save(&repeat.body));
        let (mut begin, mut end) = (None, None);
        if let Some((last, trips)) = &repeat.until {
            let (trips, last) = (self.ident(*trips), self.atom(last));
            begin = Some(quote!(let mut #trips = 0_usize;));
            end = Some(quote!(#trips += 1; if #last { break; }));
        }
        let mut number = None;
        let head = match (&repeat.iterator, &repeat.until) {
            (Some(iterator), _) => {
                let iterator = self.template(iterator);
                quote!(for #index in (#iterator))
            }
            (None, _) => match &repeat.items {
                Some((item, items)) => {
                    let engine = &self.names.engine;
                    let float = self.is_float(*item);
                    let (item, items) = (self.ident(*item), self.template(items));
                    number = float.then(|| quote!(let #item = #engine::rt::number(#item);));
                    quote!(for #item in (#items))
                }
                None => quote!(loop),
            },
        };
        let test = repeat.test.as_ref().map(|(test, atom)| {
            let (run, atom) = (self.run(test), self.atom(atom));
            quote!(if !{ #run #atom } { break; })
        });
        quote! {
            #(let mut #insides = #starts;)*
            #begin
            #head {
                #test
                #number
                #body
                #save
                #carried
                #end
            }
            #(let #afters = #insides;)*
        }
    }
}

/// Nothing, one thing as it is, or several in a tuple.
fn one_or_tuple(parts: impl IntoIterator<Item = impl ToTokens>) -> Option<TokenStream> {
    let mut parts = parts.into_iter();
    let (first, second) = (parts.next()?, parts.next());
    Some(match second {
        None => first.to_token_stream(),
        Some(second) => quote!((#first, #second #(, #parts)*)),
    })
}

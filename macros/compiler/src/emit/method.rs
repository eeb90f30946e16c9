//! How generated code calls a differentiable method or a function of a type: by a trait of the engine, since only rustc knows the
//! type.

use super::code::{Code, Piece as _, Token, code};
use super::types::Names;
use crate::syntax::callee::{Callee, Gives, Operator, number_of, number_of_changing};
use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

/// What goes into a call beside an argument: a buffer for its gradient, or its tangent.
pub(super) enum Given<'c> {
    /// One that is there.
    Of(Code<'c>),
    /// That of a passive argument, which nobody reads. Whether the callee takes one its item says.
    Nobody,
}

/// A callee that belongs to a type.
pub(super) enum OfType<'c> {
    Method(&'c Ident),
    Changing(&'c Ident, Gives),
    Associated(&'c syn::Path, &'c Ident),
    Operator(Operator, Span),
}

impl<'c> OfType<'c> {
    /// `None` for a function.
    pub(super) fn of(callee: &'c Callee) -> Option<OfType<'c>> {
        match callee {
            Callee::Function(_) => None,
            Callee::Method(name) => Some(OfType::Method(name)),
            Callee::Changing(name, gives) => Some(OfType::Changing(name, *gives)),
            Callee::Associated { owner, name } => Some(OfType::Associated(owner, name)),
            Callee::Operator(operator, span) => Some(OfType::Operator(*operator, *span)),
        }
    }

    /// What the traits call it.
    fn number(&self) -> Literal {
        match self {
            OfType::Method(name) | OfType::Associated(_, name) => number_of(name),
            OfType::Changing(name, gives) => number_of_changing(name, *gives),
            OfType::Operator(operator, _) => operator.number(),
        }
    }

    /// Where everything that can be wrong with the call is shown.
    pub(super) fn here(&self) -> Span {
        let span = match self {
            OfType::Method(name) | OfType::Changing(name, _) | OfType::Associated(_, name) => name.span(),
            OfType::Operator(_, span) => *span,
        };
        Span::mixed_site().located_at(span)
    }

    /// The trait that the type implements for the name.
    fn of_trait(&self, names: &Names, owner: &syn::Path, may_fail: bool) -> TokenStream {
        let (engine, number) = (&names.engine, self.number());
        let name = Ident::new(if may_fail { "FailingAssociated" } else { "Associated" }, self.here());
        quote_spanned!(self.here()=> <#owner as #engine::rt::#name<#number>>)
    }

    /// How an argument is held, on values.
    pub(super) fn held(
        &self,
        names: &Names,
        at: usize,
        active: bool,
        tokens: &TokenStream,
        span: Span,
    ) -> TokenStream {
        let (engine, number) = (&names.engine, self.number());
        match self {
            OfType::Method(_) | OfType::Changing(..) => {
                let hold = Ident::new(if active { "hold_active" } else { "hold_passive" }, span);
                let receiver = Self::this();
                quote_spanned!(span=> #engine::rt::#hold::<#number, #at, _, _>(&#receiver, #tokens))
            }
            // An operator takes what its operands are.
            OfType::Operator(..) => tokens.clone(),
            OfType::Associated(owner, _) => {
                let hold = Ident::new(if active { "HoldActive" } else { "HoldPassive" }, span);
                let of_trait = self.of_trait(names, owner, false);
                quote_spanned!(span=>
                    <<#of_trait::Item as #engine::rt::Parameter<#at>>::Kind as #engine::rt::#hold<_>>::hold(#tokens)
                )
            }
        }
    }

    /// What the receiver is called in a call on values.
    pub(super) fn this() -> Ident {
        Ident::new("__receiver", Span::mixed_site())
    }

    /// The call on values, with arguments that are given.
    pub(super) fn on_values(&self, names: &Names, mode: &TokenStream, given: &[TokenStream]) -> TokenStream {
        let (engine, number) = (&names.engine, self.number());
        match self {
            OfType::Method(_) | OfType::Changing(..) => {
                let receiver = Self::this();
                quote_spanned!(self.here()=> #engine::rt::method::<#number, _, _>(#mode, &#receiver, (#(#given,)*)))
            }
            OfType::Associated(owner, _) => {
                let of_trait = self.of_trait(names, owner, false);
                quote_spanned!(self.here()=> #of_trait::on_values(#mode, (#(#given,)*)))
            }
            // On values it is printed where it stands.
            OfType::Operator(..) => TokenStream::new(),
        }
    }

    /// The forward half: the frame and the arguments, of which the first is a method's receiver.
    pub(super) fn forward<'o>(
        &self,
        out: &mut Code<'o>,
        names: &Names,
        arguments: Vec<Code<'o>>,
        may_fail: bool,
    ) {
        let (engine, number) = (&names.engine, self.number());
        let frame = frame();
        let [forward, method_forward] = self.halves(["forward", "method_forward"], may_fail);
        let streams: Vec<_> = arguments.iter().map(Code::stream).collect();
        let compiled = match (self, streams.as_slice()) {
            (OfType::Method(_) | OfType::Changing(..), [this, rest @ ..]) => quote_spanned! {self.here()=>
                #engine::rt::#method_forward::<#number, _>(#this, (#(#rest,)*), #frame)
            },
            (OfType::Method(_) | OfType::Changing(..), []) => TokenStream::new(),
            (OfType::Associated(owner, _), all) => {
                let of_trait = self.of_trait(names, owner, may_fail);
                quote_spanned!(self.here()=> #of_trait::#forward((#(#all,)*), #frame))
            }
            (OfType::Operator(..), all) => {
                let half = self.half(all.len(), "forward");
                let underscores = all.iter().map(|_| quote!(_));
                quote_spanned!(self.here()=> #engine::rt::#half::<#number, #(#underscores),*>(#(#all,)* #frame))
            }
        };
        let read = self.as_read("forward", arguments, Vec::new());
        out.tokens.push(Token::Either(compiled, read.tokens));
    }

    /// The reverse half: the frame, the arguments again, the seed, and a buffer for each argument.
    pub(super) fn reverse<'o>(
        &self,
        out: &mut Code<'o>,
        names: &Names,
        arguments: Vec<Code<'o>>,
        (seed, may_fail): (Code<'o>, bool),
        buffers: Vec<Given<'o>>,
    ) {
        let (engine, number) = (&names.engine, self.number());
        let [reverse, method_reverse] = self.halves(["reverse", "method_reverse"], may_fail);
        let (frame, weight) = (frame(), seed.stream());
        let streams: Vec<_> = arguments.iter().map(Code::stream).collect();
        let lent: Vec<TokenStream> = buffers
            .iter()
            .map(|buffer| match buffer {
                Given::Of(code) => {
                    let buffer = code.stream();
                    quote!(#engine::rt::Lent::Into(#buffer))
                }
                Given::Nobody => quote!(#engine::rt::Lent::Nobody),
            })
            .collect();
        let compiled = match (self, streams.as_slice(), buffers.first()) {
            (OfType::Method(_) | OfType::Changing(..), [this, rest @ ..], Some(own)) => {
                let own = match own {
                    Given::Of(code) => code.stream(),
                    Given::Nobody => quote!(&mut #engine::rt::scratch(#this)),
                };
                let lent = &lent[1..];
                quote_spanned! {self.here()=>
                    #engine::rt::#method_reverse::<#number, _>(#this, (#(#rest,)*), #frame, #weight, #own, (#(#lent,)*));
                }
            }
            (OfType::Method(_) | OfType::Changing(..), _, _) => TokenStream::new(),
            (OfType::Associated(owner, _), all, _) => {
                let of_trait = self.of_trait(names, owner, may_fail);
                quote_spanned!(self.here()=> #of_trait::#reverse((#(#all,)*), #frame, #weight, (#(#lent,)*));)
            }
            (OfType::Operator(..), all, _) => {
                let half = self.half(all.len(), "reverse");
                let underscores = all.iter().map(|_| quote!(_));
                let own = buffers.iter().zip(all).map(|(buffer, argument)| match buffer {
                    Given::Of(code) => code.stream(),
                    Given::Nobody => quote!(&mut #engine::rt::scratch(#argument)),
                });
                quote_spanned! {self.here()=>
                    #engine::rt::#half::<#number, #(#underscores),*>(#(#all,)* #frame, #weight, #(#own),*);
                }
            }
        };
        let buffers = buffers.into_iter().map(|buffer| match buffer {
            Given::Of(code) => code,
            Given::Nobody => Code::of(|out| out.group(Delimiter::Parenthesis, |_| {})),
        });
        let mut read = self.as_read("reverse", arguments, std::iter::once(seed).chain(buffers).collect());
        read.token(";");
        out.tokens.push(Token::Either(compiled, read.tokens));
    }

    /// The names of a half of a function and of a method, or of one that may fail.
    fn halves(&self, names: [&str; 2], may_fail: bool) -> [Ident; 2] {
        let half = |name: &str| match name.strip_prefix("method_") {
            Some(half) => format!("method_try_{half}"),
            None => format!("try_{name}"),
        };
        names.map(
            |name| {
                if may_fail { Ident::new(&half(name), self.here()) } else { Ident::new(name, self.here()) }
            },
        )
    }

    /// The engine's function for a half of an operator.
    fn half(&self, operands: usize, half: &str) -> Ident {
        let name = if operands == 1 { "unary" } else { "binary" };
        Ident::new(&format!("{name}_{half}"), self.here())
    }

    /// A call of a half as people read it: `kinetic_forward(frame, &body)`.
    fn as_read<'o>(&self, half: &str, arguments: Vec<Code<'o>>, rest: Vec<Code<'o>>) -> Code<'o> {
        let name = match self {
            OfType::Method(name) | OfType::Changing(name, _) | OfType::Associated(_, name) => {
                crate::syntax::ident::unraw(name)
            }
            OfType::Operator(operator, _) => operator.name().to_owned(),
        };
        let name = Ident::new(&format!("{name}_{half}"), Span::call_site());
        let path = match self {
            OfType::Method(_) | OfType::Changing(..) | OfType::Operator(..) => quote!(#name),
            OfType::Associated(owner, _) => quote!(#owner::#name),
        };
        let own = Code::of(|out| frame().append(out));
        let arguments = std::iter::once(own).chain(arguments).chain(rest);
        Code::of(|out| {
            code!(out <- #path(#{
                out.list(arguments, |out, argument| argument.append(out));
            }));
        })
    }
}

fn frame() -> Ident {
    Ident::new("__frame", Span::mixed_site())
}

//! Host expressions: the user's tokens around values and places, as one expression in which these are names.

use super::datum::{Evaluated, unknown};
use crate::ir::{Atom, HostExpression, Named, Piece, Place, Program, ValueId};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::collections::{BTreeSet, HashSet};

/// A host expression that is ready to be evaluated.
pub struct Composed {
    pub block: syn::Block,
    /// The values and places that its names stand for.
    pub values: BTreeSet<ValueId>,
    pub places: Vec<(String, Place)>,
    /// The words in it, among them the names of passive data.
    pub words: HashSet<String>,
}

/// The name of the value that a host expression stands behind.
pub const GIVEN: &str = "__given";

/// The name of a value in composed tokens.
pub fn value_name(value: ValueId) -> String {
    format!("__value{}", value.0)
}

impl Composed {
    pub fn of(host: &HostExpression, program: &Program) -> Evaluated<Composed> {
        let mut composing = Composing { program, values: BTreeSet::new(), places: Vec::new() };
        let mut tokens = composing.host(host);
        if begins_behind(&tokens) {
            let given = Ident::new(GIVEN, Span::call_site());
            tokens = quote!(#given #tokens);
        }
        // A statement gives nothing; an expression is the value of the block.
        let parsed = syn::parse2::<syn::Block>(quote!({ #tokens }))
            .or_else(|_| syn::parse2::<syn::Block>(quote!({ #tokens ; })));
        let Ok(block) = parsed else { return unknown(format!("the host `{tokens}`")) };
        let mut words = HashSet::new();
        words_of(tokens, &mut words);
        Ok(Composed { block, values: composing.values, places: composing.places, words })
    }
}

/// Whether an expression stands behind another: `.unwrap()`, `?`.
fn begins_behind(tokens: &TokenStream) -> bool {
    let first = tokens.clone().into_iter().next();
    let first = if let Some(TokenTree::Punct(first)) = &first { first.as_char() } else { return false };
    let second = tokens.clone().into_iter().nth(1);
    let is_range = matches!(second, Some(TokenTree::Punct(second)) if second.as_char() == '.');
    first == '?' || first == '.' && !is_range
}

struct Composing<'p> {
    program: &'p Program,
    values: BTreeSet<ValueId>,
    places: Vec<(String, Place)>,
}

impl Composing<'_> {
    fn host(&mut self, host: &HostExpression) -> TokenStream {
        let names: TokenStream = host
            .names
            .iter()
            .filter(|name| match &name.stands_for {
                // What keeps its name may be changed by it.
                Named::Atom(Atom::Value(value), _) => self.program.value(*value).ident != name.ident,
                Named::Atom(Atom::Literal(_), _) | Named::Place(_) | Named::Copy(_) => true,
            })
            .collect::<Vec<_>>()
            .into_iter()
            .map(|name| {
                let ident = &name.ident;
                let (stands_for, pattern) = match &name.stands_for {
                    Named::Atom(atom, _) => {
                        let pattern = match atom {
                            Atom::Value(value) => self.program.value(*value).pattern.as_ref(),
                            Atom::Literal(_) => None,
                        };
                        (self.atom(atom), pattern)
                    }
                    Named::Place(place) | Named::Copy(place) => (self.place(place), None),
                };
                match pattern {
                    Some(pattern) => quote!(let #pattern = #stands_for;),
                    None => quote!(let #ident = #stands_for;),
                }
            })
            .collect();
        let pieces: TokenStream = host.pieces.iter().map(|piece| self.piece(piece)).collect();
        if names.is_empty() { pieces } else { quote!({ #names #pieces }) }
    }

    fn piece(&mut self, piece: &Piece) -> TokenStream {
        match piece {
            Piece::Tokens(tokens) => tokens.clone(),
            Piece::Atom(atom) => self.atom(atom),
            Piece::Place(place) => self.place(place),
            Piece::HostExpression(inner) | Piece::Number(inner) => {
                let inner = self.host(inner);
                quote!((#inner))
            }
            Piece::Index(atom) => {
                let atom = self.atom(atom);
                quote!([#atom])
            }
            Piece::Below(atom) => {
                let atom = self.atom(atom);
                quote!(0..#atom)
            }
            Piece::Braces(inner) => {
                let inner = self.host(inner);
                quote!({ #inner })
            }
        }
    }

    fn atom(&mut self, atom: &Atom) -> TokenStream {
        match atom {
            Atom::Value(value) => {
                self.values.insert(*value);
                Ident::new(&value_name(*value), Span::call_site()).to_token_stream()
            }
            Atom::Literal(literal) => literal.to_token_stream(),
        }
    }

    fn place(&mut self, place: &Place) -> TokenStream {
        let name = format!("__place{}", self.places.len());
        self.places.push((name.clone(), place.clone()));
        Ident::new(&name, Span::call_site()).to_token_stream()
    }
}

fn words_of(tokens: TokenStream, words: &mut HashSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(word) => drop(words.insert(word.to_string())),
            TokenTree::Group(group) => words_of(group.stream(), words),
            // A name in a format string.
            TokenTree::Literal(_) | TokenTree::Punct(_) => {}
        }
    }
}

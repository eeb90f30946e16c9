//! What arguments look like, as far as their types are written.

use super::structs::Struct;
use super::width::Width;
use quote::ToTokens;
use std::collections::HashMap;
use std::rc::Rc;

/// What an argument of a parameter looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `f64`
    Number,
    /// `bool`
    Truth,
    /// An integer between these.
    Integer {
        /// The name of its type.
        name: &'static str,
        /// The least.
        least: i128,
        /// The greatest.
        greatest: i128,
    },
    /// An array, slice or `Vec`.
    List {
        /// What its elements look like.
        element: Box<Shape>,
        /// How many there are, if the type tells.
        length: Option<usize>,
        /// The const generic that is its length: lists with the same are equally long.
        named: Option<String>,
    },
    /// A tuple of these.
    Tuple(Vec<Shape>),
    /// A struct.
    Struct {
        /// Its name.
        name: String,
        /// Its fields.
        fields: Vec<FieldShape>,
    },
}

/// What a field of a struct looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldShape {
    /// Its name, or its number.
    pub name: String,
    /// What it looks like.
    pub shape: Shape,
    /// Whether the gradient has a part for it, if it has one for the struct.
    pub differentiable: bool,
}

/// The type aliases and the structs of a file.
#[derive(Default)]
pub struct Aliases {
    types: HashMap<String, syn::Type>,
    /// Constants that are integers.
    lengths: HashMap<String, usize>,
    pub structs: HashMap<String, Rc<Struct>>,
}

/// How many aliases and structs may stand in each other.
const DEPTH: usize = 20;

impl Aliases {
    pub fn insert(&mut self, name: String, ty: syn::Type) {
        self.types.insert(name, ty);
    }

    /// A constant, which may be the length of arrays.
    pub fn length(&mut self, name: &proc_macro2::Ident, value: &syn::Expr) {
        if let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(length), .. }) = value
            && let Ok(length) = length.base10_parse()
        {
            self.lengths.insert(name.to_string(), length);
        }
    }

    /// The first struct in a type that does not derive `Differentiable`, fields included.
    pub fn underived(&self, ty: &syn::Type) -> Option<String> {
        self.underived_in(ty.to_token_stream(), DEPTH)
    }

    fn underived_in(&self, tokens: proc_macro2::TokenStream, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        tokens.into_iter().find_map(|token| match token {
            proc_macro2::TokenTree::Ident(word) => {
                let name = word.to_string();
                if let Some(alias) = self.types.get(&name) {
                    return self.underived_in(alias.to_token_stream(), depth);
                }
                let of = self.structs.get(&name)?;
                if !of.is_derived("Differentiable") {
                    return Some(name);
                }
                let fields = of.fields.iter().filter(|field| !field.constant);
                fields.into_iter().find_map(|field| self.underived_in(field.ty.to_token_stream(), depth))
            }
            proc_macro2::TokenTree::Group(group) => self.underived_in(group.stream(), depth),
            proc_macro2::TokenTree::Punct(_) | proc_macro2::TokenTree::Literal(_) => None,
        })
    }

    /// Whether there are floats in a type or parameter.
    pub fn has_floats(&self, syntax: &impl ToTokens) -> bool {
        self.floats_in(syntax.to_token_stream(), DEPTH)
    }

    fn floats_in(&self, tokens: proc_macro2::TokenStream, depth: usize) -> bool {
        depth > 0
            && tokens.into_iter().any(|token| match token {
                proc_macro2::TokenTree::Ident(word) => {
                    let (aliased, of) =
                        (self.types.get(&word.to_string()), self.structs.get(&word.to_string()));
                    let inside = |ty: &syn::Type| self.floats_in(ty.to_token_stream(), depth - 1);
                    word == "f64"
                        || aliased.is_some_and(inside)
                        || of.is_some_and(|of| {
                            of.fields.iter().any(|field| !field.constant && inside(&field.ty))
                        })
                }
                proc_macro2::TokenTree::Group(group) => self.floats_in(group.stream(), depth - 1),
                proc_macro2::TokenTree::Punct(_) | proc_macro2::TokenTree::Literal(_) => false,
            })
    }

    /// What arguments of a type look like, if that is known.
    pub fn shape(&self, ty: &syn::Type, generics: &syn::Generics) -> Option<Shape> {
        self.shape_within(ty, generics, DEPTH)
    }

    fn shape_within(&self, ty: &syn::Type, generics: &syn::Generics, depth: usize) -> Option<Shape> {
        let list = |element: &syn::Type, length: Option<usize>, named: Option<String>| {
            let element = Box::new(self.shape_within(element, generics, depth)?);
            Some(Shape::List { element, length, named })
        };
        match ty {
            syn::Type::Paren(inner) => self.shape_within(&inner.elem, generics, depth),
            syn::Type::Group(inner) => self.shape_within(&inner.elem, generics, depth),
            syn::Type::Reference(reference) => self.shape_within(&reference.elem, generics, depth),
            syn::Type::Slice(slice) => list(&slice.elem, None, None),
            syn::Type::Array(array) => match &array.len {
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(length), .. }) => {
                    list(&array.elem, Some(length.base10_parse().ok()?), None)
                }
                syn::Expr::Path(path) => {
                    let name = path.path.get_ident()?;
                    if generics.const_params().any(|constant| constant.ident == *name) {
                        return list(&array.elem, None, Some(name.to_string()));
                    }
                    list(&array.elem, Some(*self.lengths.get(&name.to_string())?), None)
                }
                _ => None,
            },
            syn::Type::Tuple(tuple) => {
                let parts = tuple.elems.iter().map(|part| self.shape_within(part, generics, depth));
                Some(Shape::Tuple(parts.collect::<Option<_>>()?))
            }
            syn::Type::Path(path) => {
                let last = path.path.segments.last()?;
                let name = last.ident.to_string();
                match (name.as_str(), &last.arguments) {
                    ("f64", _) => Some(Shape::Number),
                    ("bool", _) => Some(Shape::Truth),
                    ("Vec" | "VecDeque", syn::PathArguments::AngleBracketed(of)) => match of.args.first() {
                        Some(syn::GenericArgument::Type(element)) => list(element, None, None),
                        _ => None,
                    },
                    _ if self.structs.contains_key(&name) => {
                        let (of, depth) = (self.structs.get(&name)?, depth.checked_sub(1)?);
                        let fields = of.fields.iter().map(|field| {
                            let shape = self.shape_within(&field.ty, &of.generics, depth)?;
                            Some(FieldShape {
                                name: field.name.clone(),
                                shape,
                                differentiable: !field.constant,
                            })
                        });
                        Some(Shape::Struct { name, fields: fields.collect::<Option<_>>()? })
                    }
                    _ => match (Width::named(&name), self.types.get(&name)) {
                        (Some(Width::Known { name, least, greatest }), _) => {
                            Some(Shape::Integer { name, least, greatest })
                        }
                        (_, Some(alias)) => self.shape_within(alias, generics, depth.checked_sub(1)?),
                        _ => None,
                    },
                }
            }
            _ => None,
        }
    }
}

//! What the tokens of a struct say: its fields, and which of them carry a gradient.

use crate::syntax::refusals::{self, Refusals};
use crate::types::check::is_data;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

/// A struct to derive for.
pub struct Shape<'a> {
    /// The engine crate.
    pub engine: TokenStream,
    pub name: &'a Ident,
    /// The name of the struct on values.
    pub values: Ident,
    pub visibility: &'a syn::Visibility,
    pub generics: &'a syn::Generics,
    /// Of a struct that is refused, none.
    pub fields: Vec<Field<'a>>,
    /// The compile errors, if it is refused.
    pub refused: Option<TokenStream>,
}

pub struct Field<'a> {
    pub member: syn::Member,
    pub visibility: &'a syn::Visibility,
    pub ty: &'a syn::Type,
    pub content: Content,
}

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Numbers that have derivatives.
    Differentiable,
    /// An integer or `bool`.
    Scalar,
    /// Other data.
    Data,
}

impl<'a> Shape<'a> {
    pub fn of(input: &'a syn::DeriveInput, refusals: &mut Refusals) -> Shape<'a> {
        let fields = match &input.data {
            syn::Data::Struct(data) => {
                data.fields.iter().enumerate().map(|(at, field)| Field::of(field, at, refusals)).collect()
            }
            syn::Data::Enum(_) | syn::Data::Union(_) => Vec::new(),
        };
        Shape {
            engine: engine(&input.attrs, refusals),
            name: &input.ident,
            values: values_name(input),
            visibility: &input.vis,
            generics: &input.generics,
            fields,
            refused: None,
        }
    }

    /// The same with compile errors in place of its fields.
    pub fn refused(mut self, errors: TokenStream) -> Shape<'a> {
        self.fields.clear();
        self.refused = Some(errors);
        self
    }

    /// A type behind the gate: if the struct is refused or a field has a wrong type, rustc reports that once, and nothing about
    /// what is made of the type.
    pub fn gated(&self, ty: &impl ToTokens, place: Span) -> TokenStream {
        let engine = &self.engine;
        quote_spanned!(place=> <#engine::rt::Gate<{ __CHECKED }> as #engine::rt::Same<#ty>>::Type)
    }

    pub fn differentiable(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter().filter(|field| field.content == Content::Differentiable)
    }

    pub fn data(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter().filter(|field| field.content != Content::Differentiable)
    }

    /// Data in which there may be numbers.
    pub fn constants(&self) -> impl Iterator<Item = &Field<'a>> {
        self.data().filter(|field| field.content == Content::Data && !is_data(field.ty))
    }

    /// Whether there is a struct on values: one without numbers is its own.
    pub fn has_values(&self) -> bool {
        self.differentiable().next().is_some()
    }

    /// The name of the struct on values.
    pub fn on_values(&self) -> &Ident {
        if self.has_values() { &self.values } else { self.name }
    }

    /// `name { member: …, … }`, with what `part` makes of each field. What is refused is never made.
    pub fn built(&self, name: &Ident, part: impl Fn(&Field<'a>) -> TokenStream) -> TokenStream {
        if self.refused.is_some() {
            return quote!(loop {});
        }
        let parts = self.fields.iter().map(|field| {
            let (member, part) = (&field.member, part(field));
            quote!(#member: #part)
        });
        quote!(#name { #(#parts),* })
    }

    /// The same, where data stays what `data` says.
    pub fn mapped(
        &self,
        name: &Ident,
        owner: &TokenStream,
        part: impl Fn(&syn::Member, &TokenStream) -> TokenStream,
    ) -> TokenStream {
        let engine = &self.engine;
        self.built(name, |field| {
            let (member, ty) = (&field.member, field.gated(self));
            match field.content {
                Content::Differentiable => part(member, &ty),
                Content::Scalar => quote!(#owner.#member),
                Content::Data => quote!(<#ty as #engine::rt::std::clone::Clone>::clone(&#owner.#member)),
            }
        })
    }
}

impl<'a> Field<'a> {
    fn of(field: &'a syn::Field, at: usize, refusals: &mut Refusals) -> Field<'a> {
        let member = match &field.ident {
            Some(name) => syn::Member::Named(name.clone()),
            None => syn::Member::Unnamed(syn::Index {
                index: u32::try_from(at).unwrap_or(u32::MAX),
                span: field.ty.span(),
            }),
        };
        let content = if is_scalar(&field.ty) {
            Content::Scalar
        } else if is_data_field(field) {
            Content::Data
        } else {
            if is_option(&field.ty) {
                refusals.refuse(refusals::option_field(field.ty.span()).over(&field.ty));
            }
            // A lifetime with a name is refused where it is declared.
            if let syn::Type::Reference(reference) = &field.ty
                && reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident == "static")
            {
                refusals.refuse(refusals::derive_on_borrow(reference.and_token.span).over(&field.ty));
            }
            Content::Differentiable
        };
        Field { member, visibility: &field.vis, ty: &field.ty, content }
    }

    /// Its type behind the gate.
    pub fn gated(&self, shape: &Shape<'_>) -> TokenStream {
        shape.gated(self.ty, self.ty.span())
    }
}

/// A name that the struct does not mention.
fn values_name(input: &syn::DeriveInput) -> Ident {
    let mut name = format!("{}Values", crate::syntax::ident::unraw(&input.ident));
    while crate::syntax::ident::uses(input.to_token_stream(), &name) {
        name.push('_');
    }
    Ident::new(&name, Span::mixed_site())
}

/// Whether a field is data, of which there is no derivative.
pub fn is_data_field(field: &syn::Field) -> bool {
    field.attrs.iter().any(is_constant) || is_data(&field.ty)
}

/// `#[constant]`, or `#[gradus::constant]`.
fn is_constant(attribute: &syn::Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|last| last.ident == "constant")
}

/// Integers and `bool`s, which are copied, and which a frame can hold.
fn is_scalar(ty: &syn::Type) -> bool {
    let syn::Type::Path(path) = ty else { return false };
    let name = path.path.get_ident().map(ToString::to_string);
    name.is_some_and(|name| name == "bool" || crate::types::check::INTEGERS.contains(&name.as_str()))
}

fn is_option(ty: &syn::Type) -> bool {
    let syn::Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "Option")
}

/// The engine: what `#[gradus(crate = path)]` says, or `::gradus`.
fn engine(attributes: &[syn::Attribute], refusals: &mut Refusals) -> TokenStream {
    let mut engine = quote!(::gradus);
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("gradus")) {
        let read = attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("crate") {
                return Err(meta.error(""));
            }
            engine = meta.value()?.parse::<syn::Path>()?.into_token_stream();
            Ok(())
        });
        if let Err(error) = read {
            refusals.refuse(refusals::malformed_option(error.span()));
        }
    }
    engine
}

//! The struct on values, and the implementations of the engine's traits.

use super::fields::{Content, Field, Shape};
use crate::emit::muted;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

/// All that is derived, in a constant of its own.
pub fn of(shape: &Shape<'_>) -> TokenStream {
    let muted = muted();
    let parts = [
        check(shape),
        values(shape),
        differentiable(shape),
        buffers(shape),
        results(shape),
        adjoints(shape),
        tangents(shape),
        frames(shape),
        conversions(shape),
    ];
    quote! {
        #muted
        const _: () = { #(#parts)* };
    }
}

/// `impl` of a trait for the struct, or for the struct on values, which has the lifetime of the graph too.
struct Head {
    plain: TokenStream,
    plain_generics: TokenStream,
    values: TokenStream,
    values_generics: TokenStream,
}

impl Head {
    fn of(shape: &Shape<'_>) -> Head {
        let (name, values) = (shape.name, shape.on_values());
        let (declared, given, _) = shape.generics.split_for_impl();
        let mut lifted = shape.generics.clone();
        lifted.params.insert(0, syn::parse_quote!('g));
        let (lifted_declared, lifted_given, _) = lifted.split_for_impl();
        Head {
            plain: quote!(#name #given),
            plain_generics: declared.to_token_stream(),
            values: if shape.has_values() { quote!(#values #lifted_given) } else { quote!(#name #given) },
            values_generics: lifted_declared.to_token_stream(),
        }
    }
}

/// The constant that holds the check of the fields' types, so that rustc reports a type without a gradient once.
fn check(shape: &Shape<'_>) -> TokenStream {
    let engine = &shape.engine;
    // What the types of fields name must have a value here; any will do.
    let constants = shape.generics.const_params().map(|parameter| {
        let (name, ty) = (&parameter.ident, &parameter.ty);
        let value = match ty.to_token_stream().to_string().as_str() {
            "bool" => quote!(false),
            "char" => quote!('a'),
            _ => quote!(1),
        };
        quote!(const #name: #ty = #value;)
    });
    let fields = shape.differentiable().map(|field| {
        let ty = field.ty;
        quote_spanned!(ty.span()=> #engine::rt::field::<#ty>();)
    });
    let kept = shape.data().filter(|field| field.content == Content::Data).map(|field| {
        let ty = field.ty;
        quote_spanned!(ty.span()=> #engine::rt::constant_field::<#ty>();)
    });
    let refused = &shape.refused;
    quote! {
        const __CHECKED: #engine::rt::std::primitive::usize = {
            #(#constants)*
            #(#fields)*
            #(#kept)*
            #refused
            0
        };
    }
}

fn on_values(shape: &Shape<'_>, field: &Field<'_>) -> TokenStream {
    let (engine, ty) = (&shape.engine, field.gated(shape));
    match field.content {
        Content::Differentiable => quote!(<#ty as #engine::rt::Differentiable>::Active<'g>),
        Content::Scalar => field.ty.to_token_stream(),
        Content::Data => ty,
    }
}

/// The struct on values. It can be copied where the user's can: a bound with a lifetime of its own is not checked at once.
fn values(shape: &Shape<'_>) -> TokenStream {
    if !shape.has_values() {
        return TokenStream::new();
    }
    let Head { plain, values, values_generics, .. } = Head::of(shape);
    let (engine, name, visibility) = (&shape.engine, &shape.values, shape.visibility);
    let fields = shape.fields.iter().map(|field| {
        let (visibility, ty) = (field.visibility, on_values(shape, field));
        match &field.member {
            syn::Member::Named(name) => quote!(#visibility #name: #ty),
            syn::Member::Unnamed(_) => quote!(#visibility #ty),
        }
    });
    let body = match shape.fields.first().map(|field| &field.member) {
        Some(syn::Member::Unnamed(_)) => quote!((#(#fields),*);),
        Some(syn::Member::Named(_)) | None => quote!({ #(#fields),* }),
    };
    let copies = shape.fields.iter().map(|field| {
        let ty = on_values(shape, field);
        quote!(for<'x> #ty: #engine::rt::std::marker::Copy)
    });
    let cloned = shape.built(&shape.values, |field| {
        let (member, ty) = (&field.member, on_values(shape, field));
        quote!(<#ty as #engine::rt::std::clone::Clone>::clone(&self.#member))
    });
    quote! {
        #[doc(hidden)]
        #visibility struct #name #values_generics #body
        impl #values_generics #engine::rt::std::clone::Clone for #values {
            #[inline]
            fn clone(&self) -> Self { #cloned }
        }
        impl #values_generics #engine::rt::std::marker::Copy for #values
        where for<'x> #plain: #engine::rt::std::marker::Copy, #(#copies,)* {}
    }
}

fn differentiable(shape: &Shape<'_>) -> TokenStream {
    let Head { plain, plain_generics, values, .. } = Head::of(shape);
    let (engine, name, target) = (&shape.engine, shape.name, shape.on_values());
    let rt = quote!(#engine::rt);
    let this = quote!(self);
    let inputs = shape.mapped(target, &this, |member, ty| {
        let path = format!(".{}", member_name(member));
        quote!(__name.part(#rt::std::format_args!(#path), |__name| <#ty as #rt::Differentiable>::inputs(&self.#member, __graph, __name)))
    });
    let zeros = shape.mapped(
        name,
        &this,
        |member, ty| quote!(<#ty as #rt::Differentiable>::zeros_like(&self.#member)),
    );
    let numbers = shape.mapped(
        name,
        &this,
        |member, ty| quote!(<#ty as #rt::Differentiable>::map_numbers(&self.#member, __number)),
    );
    let gradient = shape.mapped(
        name,
        &quote!(__active),
        |member, ty| quote!(<#ty as #rt::Differentiable>::gradient(&__active.#member)),
    );
    let inside = each(shape, |_, ty| quote!(|| <#ty as #rt::Differentiable>::HAS_CONSTANTS));
    let active = match &shape.refused {
        Some(_) => shape.gated(&plain, Span::mixed_site()),
        None => values,
    };
    let own = shape.constants().next().is_some();
    let restored = each(
        shape,
        |member, ty| quote!(<#ty as #rt::Differentiable>::restore(&self.#member, &mut __gradient.#member);),
    );
    let constants = shape.constants().map(|field| {
        let (member, ty) = (&field.member, field.gated(shape));
        quote!(__gradient.#member = <#ty as #rt::std::clone::Clone>::clone(&self.#member);)
    });
    quote! {
        #[diagnostic::do_not_recommend]
        impl #plain_generics #rt::Differentiable for #plain {
            type Active<'g> = #active;
            type Behind<'g> = #active;
            type Lent<'l, 'g> = #active where 'g: 'l;
            type Gradient = #plain;
            type Buffer = #plain;
            type Direction = #plain;
            fn inputs<'g>(&self, __graph: &'g #engine::Graph, __name: &mut #rt::Namer<'_>) -> Self::Active<'g> { #inputs }
            fn zeros_like(&self) -> #plain { #zeros }
            fn gradient(__active: &Self::Active<'_>) -> #plain { #gradient }
            fn behind<'l, 'g>(__active: &'l Self::Active<'g>) -> &'l Self::Behind<'g> { __active }
            fn lend<'l, 'g: 'l>(__active: &'l Self::Active<'g>) -> Self::Lent<'l, 'g> { #rt::std::clone::Clone::clone(__active) }
            fn map_numbers(&self, __number: &mut dyn FnMut(#rt::std::primitive::f64) -> #rt::std::primitive::f64) -> #plain { #numbers }
            const HAS_CONSTANTS: #rt::std::primitive::bool = #own #(#inside)*;
            fn restore(&self, __gradient: &mut #plain) { #(#restored)* #(#constants)* }
            fn restore_buffer(&self, __buffer: &mut #plain) { #rt::Differentiable::restore(self, __buffer) }
        }
    }
}

fn member_name(member: &syn::Member) -> String {
    match member {
        syn::Member::Named(name) => crate::syntax::ident::unraw(name),
        syn::Member::Unnamed(at) => at.index.to_string(),
    }
}

/// What a call on every field that carries a gradient makes.
fn each<'s>(
    shape: &'s Shape<'_>,
    call: impl Fn(&syn::Member, &TokenStream) -> TokenStream + 's,
) -> impl Iterator<Item = TokenStream> + 's {
    shape.differentiable().map(move |field| call(&field.member, &field.gated(shape)))
}

/// Buffers that gradients are added into.
fn buffers(shape: &Shape<'_>) -> TokenStream {
    let Head { plain, plain_generics, values, values_generics } = Head::of(shape);
    let engine = &shape.engine;
    let rt = quote!(#engine::rt);
    let adds = each(
        shape,
        |member, ty| quote!(<<#ty as #rt::Differentiable>::Active<'_> as #rt::AddGradient<#ty>>::add_gradient(&self.#member, &mut __buffer.#member);),
    );
    let fits = each(
        shape,
        |member, ty| quote!(.or_else(|| <#ty as #rt::Fits<#ty>>::misfit(&self.#member, &__buffer.#member))),
    );
    let flat =
        each(shape, |member, ty| quote!(<#ty as #rt::AddFlat>::add_flat(&mut self.#member, __gradients);));
    quote! {
        impl #values_generics #rt::AddGradient<#plain> for #values {
            #[track_caller]
            fn add_gradient(&self, __buffer: &mut #plain) { #(#adds)* }
        }
        impl #plain_generics #rt::Fits<#plain> for #plain {
            fn misfit(&self, __buffer: &#plain) -> #rt::std::option::Option<(#rt::std::primitive::usize, #rt::std::primitive::usize)> {
                #rt::std::option::Option::None #(#fits)*
            }
        }
        impl #plain_generics #rt::AddFlat for #plain {
            fn add_flat(&mut self, __gradients: &mut dyn #rt::std::iter::Iterator<Item = #rt::std::primitive::f64>) { #(#flat)* }
        }
    }
}

/// Results: their numbers on a graph, and seeds.
fn results(shape: &Shape<'_>) -> TokenStream {
    let Head { plain, plain_generics, values, values_generics } = Head::of(shape);
    let (engine, name, this) = (&shape.engine, shape.name, quote!(self));
    let rt = quote!(#engine::rt);
    let roots = each(
        shape,
        |member, ty| quote!(<<#ty as #rt::Differentiable>::Active<'_> as #rt::Roots>::roots(&self.#member, __found);),
    );
    let flatten = each(shape, |member, ty| quote!(<#ty as #rt::Flatten>::flatten(&self.#member, __found);));
    let counts = each(shape, |member, ty| quote!(+ <#ty as #rt::Seed>::count(&self.#member)));
    let unit = shape.mapped(name, &this, |member, ty| quote!(<#ty as #rt::Seed>::unit(&self.#member, __at)));
    let weights = shape.mapped(name, &this, |member, ty| quote!(<#ty as #rt::Seed>::weights(&self.#member)));
    quote! {
        impl #values_generics #rt::Roots for #values {
            fn roots<'a>(&self, __found: &mut #rt::std::vec::Vec<#engine::Value<'a>>) where Self: 'a { #(#roots)* }
        }
        impl #plain_generics #rt::Flatten for #plain {
            fn flatten(&self, __found: &mut #rt::std::vec::Vec<#rt::std::primitive::f64>) { #(#flatten)* }
        }
        impl #plain_generics #rt::Seed for #plain {
            fn count(&self) -> #rt::std::primitive::usize { 0 #(#counts)* }
            fn unit(&self, __at: &mut #rt::std::option::Option<#rt::std::primitive::usize>) -> Self { #unit }
            fn weights(&self) -> Self { #weights }
        }
    }
}

/// Tangents of forward mode: they have the shape of the struct.
fn tangents(shape: &Shape<'_>) -> TokenStream {
    let Head { plain, plain_generics, .. } = Head::of(shape);
    let (engine, name, this) = (&shape.engine, shape.name, quote!(self));
    let rt = quote!(#engine::rt);
    let renumbered = shape.mapped(
        name,
        &this,
        |member, ty| quote!(<#ty as #rt::Tangent>::renumbered(&self.#member, __number)),
    );
    let unmoved = shape.built(name, |field| {
        let (member, ty) = (&field.member, field.gated(shape));
        match field.content {
            Content::Differentiable => quote!(<#ty as #rt::Tangent>::unmoved(&self.#member)),
            Content::Scalar => quote!(self.#member),
            Content::Data => quote!((&&&#rt::Unmoved::<#ty>(&self.#member)).unmoved()),
        }
    });
    let held = each(shape, |member, ty| quote!(<#ty as #rt::Tangent>::hold(&mut self.#member);));
    let constants = shape.constants().map(|field| {
        let (member, ty) = (&field.member, field.gated(shape));
        quote!(self.#member = (&&&#rt::Unmoved::<#ty>(&self.#member)).unmoved();)
    });
    quote! {
        #[diagnostic::do_not_recommend]
        impl #plain_generics #rt::Tangent for #plain {
            #[inline]
            fn renumbered(&self, __number: &mut dyn FnMut(#rt::std::primitive::f64) -> #rt::std::primitive::f64) -> Self { #renumbered }
            #[inline]
            fn unmoved(&self) -> Self {
                #[allow(unused_imports)]
                use #rt::{UnmovedData as _, UnmovedNumbers as _};
                #unmoved
            }
            fn hold(&mut self) {
                #[allow(unused_imports)]
                use #rt::{UnmovedData as _, UnmovedNumbers as _};
                #(#held)* #(#constants)*
            }
        }
    }
}

/// Adjoints of the reverse sweep: they have the shape of the struct.
fn adjoints(shape: &Shape<'_>) -> TokenStream {
    let Head { plain, plain_generics, .. } = Head::of(shape);
    let (engine, name, this) = (&shape.engine, shape.name, quote!(self));
    let rt = quote!(#engine::rt);
    let unreached =
        shape.mapped(name, &this, |member, ty| quote!(<#ty as #rt::Shaped>::unreached(&self.#member)));
    let accumulate = each(
        shape,
        |member, ty| quote!(<#ty as #rt::Accumulate<#ty>>::accumulate(&mut self.#member, &__other.#member);),
    );
    let fixed = (shape.data().all(|field| field.content == Content::Scalar)).then(|| {
        let bounds = each(shape, |_, ty| quote!(for<'x> #ty: #rt::Fixed));
        let parts = shape.built(name, |field| {
            let ty = field.gated(shape);
            match field.content {
                Content::Differentiable => quote!(<#ty as #rt::Fixed>::unreached()),
                Content::Scalar | Content::Data => quote!(#rt::std::default::Default::default()),
            }
        });
        quote! {
            impl #plain_generics #rt::Fixed for #plain where #(#bounds,)* {
                #[inline]
                fn unreached() -> Self { #parts }
            }
        }
    });
    quote! {
        #[diagnostic::do_not_recommend]
        impl #plain_generics #rt::Shaped for #plain {
            type Adjoint = #plain;
            #[inline]
            fn unreached(&self) -> #plain { #unreached }
        }
        impl #plain_generics #rt::Accumulate<#plain> for #plain {
            #[inline]
            fn accumulate(&mut self, __other: &#plain) { #(#accumulate)* }
        }
        #fixed
    }
}

/// What a frame holds between the sweeps.
fn frames(shape: &Shape<'_>) -> TokenStream {
    let Head { plain, plain_generics, .. } = Head::of(shape);
    let (engine, name) = (&shape.engine, shape.name);
    let rt = quote!(#engine::rt);
    let keep = shape.fields.iter().map(|field| {
        let (member, ty) = (&field.member, field.gated(shape));
        match field.content {
            Content::Differentiable => quote!(<#ty as #rt::Kept>::keep(&self.#member, __frame);),
            Content::Scalar => quote!(#rt::Kept::keep(&self.#member, __frame);),
            Content::Data => quote!(__frame.keep_data::<#ty>(&self.#member);),
        }
    });
    // What was saved last comes back first.
    let back = shape.fields.iter().rev().map(|field| {
        let (part, ty) = (part(&field.member), field.gated(shape));
        match field.content {
            Content::Differentiable | Content::Scalar => {
                quote!(let #part = <#ty as #rt::Kept>::back(__frame);)
            }
            Content::Data => quote!(let #part = __frame.data_back::<#ty>();),
        }
    });
    let built = shape.built(name, |field| part(&field.member).to_token_stream());
    quote! {
        impl #plain_generics #rt::Kept for #plain {
            #[inline]
            fn keep(&self, __frame: &mut #rt::Frame) { #(#keep)* }
            #[inline]
            fn back(__frame: &mut #rt::Frame) -> Self {
                #(#back)*
                #built
            }
        }
    }
}

fn part(member: &syn::Member) -> syn::Ident {
    quote::format_ident!("__part_{}", member_name(member))
}

/// Plain structs into structs on values, and back.
fn conversions(shape: &Shape<'_>) -> TokenStream {
    let Head { plain, plain_generics, values, values_generics } = Head::of(shape);
    let (engine, name, target, this) = (&shape.engine, shape.name, shape.on_values(), quote!(self));
    let rt = quote!(#engine::rt);
    let lift = shape.mapped(target, &this, |member, ty| quote!(<#ty as #rt::Lift<'g>>::lift(&self.#member)));
    let numbers = shape.mapped(
        name,
        &this,
        |member, ty| quote!(<<#ty as #rt::Differentiable>::Active<'g> as #rt::Plain>::plain(&self.#member)),
    );
    let copy =
        shape.mapped(name, &this, |member, ty| quote!(<#ty as #rt::std::clone::Clone>::clone(&self.#member)));
    let of_values = shape.has_values().then(|| {
        quote! {
            impl #values_generics #rt::Lift<'g> for #values {
                type Lifted = #values;
                fn lift(&self) -> #values { #rt::std::clone::Clone::clone(self) }
            }
            impl #values_generics #rt::IntoField<#values> for #plain {
                fn into_field(self) -> #values { #rt::Lift::lift(&self) }
            }
            impl #values_generics #rt::Receiver<'g> for #values {
                type Plain = #plain;
                #[inline]
                fn with<__R>(&self, __run: impl FnOnce(&#values) -> __R) -> __R { __run(self) }
            }
            impl #values_generics #rt::Plain for #values {
                type Numbers = #plain;
                fn plain(&self) -> #plain { #numbers }
            }
        }
    });
    quote! {
        impl #values_generics #rt::Lift<'g> for #plain {
            type Lifted = #values;
            fn lift(&self) -> #values { #lift }
        }
        impl #plain_generics #rt::Plain for #plain {
            type Numbers = #plain;
            fn plain(&self) -> #plain { #copy }
        }
        impl #plain_generics #rt::Stoppable for #plain {}
        #of_values
        impl #values_generics #rt::Receiver<'g> for #plain {
            type Plain = #plain;
            fn with<__R>(&self, __run: impl FnOnce(&#values) -> __R) -> __R { __run(&#rt::Lift::lift(self)) }
        }
        impl #plain_generics #rt::Known for #plain {}
        impl #plain_generics #rt::IntoField<#plain> for #plain {
            fn into_field(self) -> #plain { self }
        }
        impl #values_generics #rt::HoldPassive<'g, #plain> for #rt::Active {
            type Held = #rt::Owned<#values>;
            fn hold(__argument: #plain) -> Self::Held { #rt::Owned::of(#rt::Lift::lift(&__argument)) }
        }
    }
}

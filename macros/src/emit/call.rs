//! How generated code calls another differentiable function: through its companion item.

use super::types::Names;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// The companion item of a callee, looked up by importing it. If there is none, the lookup falls through to an outer block's,
/// which refuses. The function itself goes along with every call, so that the item can tell whether it is the item of that
/// function.
pub(super) struct Device<'n> {
    names: &'n Names,
    path: syn::Path,
    /// The callee's generic arguments.
    generics: TokenStream,
    /// A name that is not known has been reported in the user's function: where a macro of that name is seen, the import
    /// finds that at least, and is silent.
    known: Option<TokenStream>,
    span: Span,
    /// Everything that can be wrong with a call is shown at the callee's name.
    pub(super) here: Span,
    pub(super) item: Ident,
    /// The item's type, behind the gate.
    pub(super) gated: TokenStream,
}

impl<'n> Device<'n> {
    pub(super) fn of(names: &'n Names, callee: &syn::Path) -> Device<'n> {
        let mut path = callee.clone();
        let mut generics = TokenStream::new();
        if let Some(last) = path.segments.last_mut()
            && let syn::PathArguments::AngleBracketed(given) = std::mem::take(&mut last.arguments)
        {
            let given = &given.args;
            generics = quote!(::<#given>);
        }
        let name = callee.segments.last().map(|segment| &segment.ident);
        let span = name.map_or_else(Span::call_site, Ident::span);
        let here = Span::mixed_site().located_at(span);
        let item = Ident::new("__gradus_callee", span);
        let gated = names.gated_type(&quote!(#item), span);
        let known = callee
            .get_ident()
            .map(|name| quote_spanned!(here=> #[allow(unused_macros)] macro_rules! #name { () => {} }));
        Device { names, path, generics, known, span, here, item, gated }
    }

    /// A hidden function of the item.
    pub(super) fn function(&self, name: &str) -> TokenStream {
        let Device { names, span, item, gated, generics, .. } = self;
        let (support, name) = (&names.engine, Ident::new(name, *span));
        let called = names.gated_value(&quote_spanned!(*span=> #item::#name #generics), *span);
        quote_spanned!(*span=> <#gated as #support::rt::Callable>::function(#called))
    }

    /// How the callee takes its parameter at a position: `Active` or `Constant`.
    pub(super) fn kind(&self, at: usize) -> TokenStream {
        let (support, gated) = (&self.names.engine, &self.gated);
        quote_spanned!(self.here=> <#gated as #support::rt::Parameter<#at>>::Kind)
    }

    /// A block in which the item is known.
    pub(super) fn within(&self, body: &TokenStream) -> TokenStream {
        let Device { names, path, known, here, item, .. } = self;
        let support = &names.engine;
        quote_spanned! {*here=> {
            #[allow(dead_code, non_camel_case_types)]
            type #item = #support::rt::PlainFunction;
            #[allow(dead_code)]
            fn #item() {}
            #known
            {
                #[allow(unused_imports)]
                use #path as #item;
                #body
            }
        }}
    }
}

/// A call of a hidden function as people read it: what finds out whether the callee has such a function is left out.
fn as_read(callee: &syn::Path, function: &str, arguments: &[TokenStream]) -> TokenStream {
    let (mut path, function) = (callee.clone(), Ident::new(function, Span::call_site()));
    let generics = path.segments.last_mut().map(|last| std::mem::take(&mut last.arguments));
    let generics = match generics {
        Some(syn::PathArguments::AngleBracketed(given)) => {
            let given = &given.args;
            quote!(::<#given>)
        }
        _ => TokenStream::new(),
    };
    quote!(#path::#function #generics(#callee #(, #arguments)*))
}

/// The value of a callee on numbers, and its partial derivative for each.
pub(super) fn partials_of(names: &Names, callee: &syn::Path, arguments: &[TokenStream]) -> TokenStream {
    if names.reading {
        return as_read(callee, "__partials", arguments);
    }
    let device = Device::of(names, callee);
    let (function, item) = (device.function("__partials"), &device.item);
    device.within(&quote_spanned!(device.here=> (#function)(#item #(, #arguments)*)))
}

/// The forward half of a callee: the frame and the arguments.
pub(super) fn forward_half(names: &Names, callee: &syn::Path, arguments: &[TokenStream]) -> TokenStream {
    if names.reading {
        let frame = Ident::new("frame", Span::mixed_site()).to_token_stream();
        return as_read(callee, "__forward", &[&[frame], arguments].concat());
    }
    let device = Device::of(names, callee);
    let (function, item) = (device.function("__forward"), &device.item);
    let frame = Ident::new("frame", Span::mixed_site());
    device.within(&quote_spanned!(device.here=> (#function)(#item, #frame #(, #arguments)*)))
}

/// A buffer that the reverse half of a callee adds a gradient into.
pub(super) enum Buffer {
    /// One that is there.
    Of(TokenStream),
    /// One that nobody reads, for this passive argument.
    Nobody(TokenStream),
}

/// The reverse half of a callee: the frame, the arguments again, the seed, and a buffer for each argument.
pub(super) fn reverse_half(
    names: &Names,
    callee: &syn::Path,
    arguments: &[TokenStream],
    seed: &TokenStream,
    buffers: &[Buffer],
) -> TokenStream {
    if names.reading {
        let mut given = vec![Ident::new("frame", Span::mixed_site()).to_token_stream()];
        given.extend_from_slice(arguments);
        given.push(seed.clone());
        given.extend(buffers.iter().map(|buffer| match buffer {
            Buffer::Of(tokens) => tokens.clone(),
            // Whether the callee has a buffer there is for its item to say.
            Buffer::Nobody(_) => quote!(()),
        }));
        let call = as_read(callee, "__reverse", &given);
        return quote!(#call;);
    }
    let device = Device::of(names, callee);
    let (function, item, engine) = (device.function("__reverse"), &device.item, &names.engine);
    let frame = Ident::new("frame", Span::mixed_site());
    let buffers = buffers.iter().enumerate().map(|(at, buffer)| match buffer {
        Buffer::Of(tokens) => tokens.clone(),
        Buffer::Nobody(argument) => {
            let kind = device.kind(at);
            quote!(&mut <#kind as #engine::rt::Scratch<_>>::scratch(&#argument))
        }
    });
    device.within(
        &quote_spanned!(device.here=> (#function)(#item, #frame #(, #arguments)*, #seed #(, #buffers)*);),
    )
}

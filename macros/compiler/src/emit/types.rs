//! The names that generated code uses, and the types of companions.

use crate::syntax::function_parameters;
use crate::syntax::parse::Annotated;
use crate::types::tree::{Function, Parameter, Role};
use crate::types::ty::{Sequence, Ty};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

/// What the support module is called in the body on values: an alias, since every operation is one of its functions.
pub const SUPPORT: &str = "__gradus_rt";

/// What the standard library is called in bodies: the user's crate may have none, or something else of that name.
const STANDARD: &str = "__gradus_std";

/// What `f64` is called in bodies: the user's crate may have something else of that name.
const NUMBER: &str = "__gradus_f64";

/// The aliases that stand first in a body which says `__gradus_std` or `__gradus_f64`.
pub fn aliases(engine: &TokenStream) -> TokenStream {
    let (standard, number) = (Ident::new(STANDARD, Span::call_site()), Ident::new(NUMBER, Span::call_site()));
    quote! {
        use #engine::rt::std as #standard;
        use #engine::rt::std::primitive::f64 as #number;
    }
}

/// A path of generated code, without the aliases of its beginning.
pub fn without_aliases(path: &str) -> Option<String> {
    if let Some(rest) = path.strip_prefix(NUMBER) {
        return Some(format!("f64{rest}"));
    }
    let rest = path.strip_prefix(STANDARD)?;
    Some(match rest.strip_prefix("::primitive::") {
        Some(primitive) => primitive.to_owned(),
        None => format!("::std{rest}"),
    })
}

/// Paths and lifetimes of generated code.
pub struct Names {
    /// The engine crate.
    pub engine: TokenStream,
    /// The lifetime of the graph.
    pub lifetime: syn::Lifetime,
    /// The constant of the gate, which holds the user's own body.
    body: TokenStream,
    /// The const generics: items inside the function do not see them.
    pub constants: Vec<syn::ConstParam>,
}

impl Names {
    pub fn of(annotated: &Annotated) -> Names {
        let (engine, signature) = (annotated.options.engine.clone(), &annotated.item.sig);
        let taken = signature.generics.lifetimes().any(|parameter| parameter.lifetime.ident == "g");
        let name = if taken { "'__graph" } else { "'g" };
        let body = super::gate::path(annotated);
        let body = quote!({ #body });
        let constants = signature.generics.const_params().cloned().collect();
        Names { engine, lifetime: syn::Lifetime::new(name, Span::mixed_site()), body, constants }
    }

    /// `Value<'g>`.
    pub fn value(&self) -> TokenStream {
        let Names { engine, lifetime, .. } = self;
        quote!(#engine::Value<#lifetime>)
    }

    /// A type, or a value, that has no type if the user's own body does not type-check: rustc has told that at the
    /// user's line, and is silent about what comes through here.
    pub fn gated_type(&self, ty: &TokenStream, span: Span) -> TokenStream {
        let Names { engine, body, .. } = self;
        quote_spanned!(span=> <#engine::rt::Gate<#body> as #engine::rt::Same<#ty>>::Type)
    }

    pub fn gated_value(&self, value: &TokenStream, span: Span) -> TokenStream {
        let Names { engine, body, .. } = self;
        quote_spanned!(span=> #engine::rt::gate::<#body, _>(#value))
    }

    /// A path of the support module in the body on values, its tokens at `span`.
    pub fn support(&self, name: &str, span: Span) -> TokenStream {
        let span = Span::mixed_site().located_at(span);
        let (support, name) = (Ident::new(SUPPORT, span), Ident::new(name, span));
        quote_spanned!(span=> #support::#name)
    }

    /// A function of the support module that traces the run in traced mode.
    pub fn in_mode(&self, name: &str, span: Span) -> TokenStream {
        let (function, mode) = (self.support(name, span), mode());
        quote_spanned!(span=> #function::<#mode>)
    }

    /// The same for a function that has another type parameter.
    pub fn in_mode_of(&self, name: &str, span: Span) -> TokenStream {
        let (function, mode) = (self.support(name, span), mode());
        quote_spanned!(span=> #function::<#mode, _>)
    }
}

/// The type parameter of a rewritten body: traced or untraced mode.
pub fn mode() -> Ident {
    Ident::new("__GradusMode", Span::mixed_site())
}

/// How long what an alias of a reference refers to is lent to a body on values.
fn lent() -> syn::Lifetime {
    syn::Lifetime::new("'__lent", Span::mixed_site())
}

/// The lifetimes that a body on values has besides the user's, before these.
pub fn lifetimes_on_values(
    generics: &syn::Generics,
    names: &Names,
    function: &Function<'_>,
) -> syn::Generics {
    let mut generics = generics.clone();
    let lifetime = &names.lifetime;
    let mut parameters = function.parameters.iter();
    let lends = parameters.any(|parameter| parameter.is_differentiable() && parameter.is_alias(function));
    if lends {
        let lent = lent();
        generics.params.insert(0, syn::parse_quote!(#lent));
        generics.params.insert(0, syn::parse_quote!(#lifetime: #lent));
    } else {
        generics.params.insert(0, syn::parse_quote!(#lifetime));
    }
    generics
}

fn anonymous_as_static(written: &syn::Type) -> syn::Type {
    struct Static;
    impl syn::visit_mut::VisitMut for Static {
        fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
            if lifetime.ident == "_" {
                *lifetime = syn::Lifetime::new("'static", lifetime.span());
            }
        }
    }
    let mut written = written.clone();
    syn::visit_mut::VisitMut::visit_type_mut(&mut Static, &mut written);
    written
}

/// What a type becomes in a companion.
pub enum Purpose {
    /// On the caller's `Value`s.
    Values,
    /// The same as an argument or a variable, which may be a reference under another name, of this lifetime.
    Lent(TokenStream),
    /// The owned gradient.
    Gradient,
}

impl Purpose {
    fn float(&self, names: &Names, written: &syn::Type) -> TokenStream {
        match self {
            Purpose::Values | Purpose::Lent(_) => names.value(),
            Purpose::Gradient => written.to_token_stream(),
        }
    }

    fn opaque(&self, names: &Names, written: &syn::Type, behind: bool) -> TokenStream {
        let Names { engine, lifetime, .. } = names;
        let here = written.span();
        match self {
            Purpose::Values | Purpose::Lent(_) if behind => {
                quote_spanned!(here=> <#written as #engine::rt::Differentiable>::Behind<#lifetime>)
            }
            Purpose::Lent(lent) => {
                quote_spanned!(here=> <#written as #engine::rt::Differentiable>::Lent<#lent, #lifetime>)
            }
            Purpose::Values => {
                quote_spanned!(here=> <#written as #engine::rt::Differentiable>::Active<#lifetime>)
            }
            Purpose::Gradient => {
                // In a result `'_` would be a lifetime of the arguments, of which there may be several.
                let written = anonymous_as_static(written);
                quote_spanned!(here=> <#written as #engine::rt::Differentiable>::Gradient)
            }
        }
    }

    /// The type written in the source, for this purpose, where `is_active` tells for each part.
    pub fn of(&self, function: &Function<'_>, names: &Names, written: &syn::Type, ty: &Ty) -> TokenStream {
        self.at(function, names, written, ty, false)
    }

    /// The same of a type that may stand behind a reference.
    fn at(
        &self,
        function: &Function<'_>,
        names: &Names,
        written: &syn::Type,
        ty: &Ty,
        behind: bool,
    ) -> TokenStream {
        if !function.types.is_active(ty) {
            return written.to_token_stream();
        }
        let engine = &names.engine;
        // What is inside something else is never lent by itself.
        let inside = if let Purpose::Lent(_) = self { &Purpose::Values } else { self };
        let inner = |written: &syn::Type, ty: &Ty| inside.of(function, names, written, ty);
        match (written, function.types.shallow(ty)) {
            (syn::Type::Paren(paren), _) => self.at(function, names, &paren.elem, ty, behind),
            (syn::Type::Group(group), _) => self.at(function, names, &group.elem, ty, behind),
            (syn::Type::Reference(reference), Ty::Ref { inner: ty, .. }) => {
                let element = self.at(function, names, &reference.elem, &ty, true);
                match self {
                    Purpose::Values | Purpose::Lent(_) => {
                        let syn::TypeReference { and_token, lifetime, mutability, .. } = reference;
                        quote!(#and_token #lifetime #mutability #element)
                    }
                    Purpose::Gradient => element,
                }
            }
            (syn::Type::Slice(slice), Ty::Sequence(_, ty)) => {
                let element = inner(&slice.elem, &ty);
                match self {
                    Purpose::Values | Purpose::Lent(_) => quote!([#element]),
                    Purpose::Gradient => quote!(#engine::rt::std::vec::Vec<#element>),
                }
            }
            (syn::Type::Array(array), Ty::Sequence(_, ty)) => {
                let element = inner(&array.elem, &ty);
                let length = &array.len;
                quote!([#element; #length])
            }
            (syn::Type::Tuple(tuple), Ty::Tuple(parts)) => {
                let parts = tuple.elems.iter().zip(&parts).map(|(written, ty)| inner(written, ty));
                quote!((#(#parts,)*))
            }
            (syn::Type::Path(_), Ty::Float(_)) => self.float(names, written),
            (syn::Type::Path(path), Ty::Sequence(Sequence::Vec | Sequence::Deque, ty) | Ty::Option(ty)) => {
                self.generic(function, names, path, &ty)
            }
            (syn::Type::Infer(_), _) => written.to_token_stream(),
            _ => self.opaque(names, written, behind),
        }
    }

    /// `Vec<f64>` and the like: the same path with its argument for this purpose.
    fn generic(&self, function: &Function<'_>, names: &Names, path: &syn::TypePath, ty: &Ty) -> TokenStream {
        let mut path = path.clone();
        let Some(last) = path.path.segments.last_mut() else { return path.into_token_stream() };
        let syn::PathArguments::AngleBracketed(arguments) = &mut last.arguments else {
            return self.opaque(names, &syn::Type::Path(path), false);
        };
        let inside = if let Purpose::Lent(_) = self { &Purpose::Values } else { self };
        let is_type =
            |argument: &&mut syn::GenericArgument| matches!(argument, syn::GenericArgument::Type(_));
        // The error of a `Result` is data.
        if let Some(syn::GenericArgument::Type(written)) = arguments.args.iter_mut().find(is_type) {
            *written = syn::Type::Verbatim(inside.of(function, names, written, ty));
        }
        path.into_token_stream()
    }
}

impl Parameter<'_> {
    /// The type on values.
    pub fn on_values(&self, function: &Function<'_>, names: &Names) -> TokenStream {
        if let Some(of_values) = self.function_of_values(function, names, &TokenStream::new()) {
            return of_values;
        }
        let lent = lent();
        Purpose::Lent(quote!(#lent)).of(function, names, self.written, &self.ty)
    }

    /// Of a parameter that is a function: the same of values. `quantified` stands before `Fn`.
    pub fn function_of_values(
        &self,
        function: &Function<'_>,
        names: &Names,
        quantified: &TokenStream,
    ) -> Option<TokenStream> {
        if self.role != Role::Function {
            return None;
        }
        let signature = function_parameters::signature(self.written)?;
        let Ty::Closure(inputs, output, _) = &self.ty else { return None };
        let inputs = signature.inputs.iter().zip(inputs);
        let inputs = inputs.map(|(input, ty)| Purpose::Values.of(function, names, &input.ty, ty));
        let output = match &signature.output {
            syn::ReturnType::Type(_, written) => Purpose::Values.of(function, names, written, output),
            syn::ReturnType::Default => quote!(()),
        };
        let engine = &names.engine;
        let and = matches!(self.written, syn::Type::Reference(_)).then(|| quote!(&));
        let of_values = quote!(#quantified #engine::rt::std::ops::Fn(#(#inputs),*) -> #output);
        Some(if and.is_some() { quote!(&(impl #of_values)) } else { quote!(impl #of_values) })
    }

    /// Whether its type is a name of which only rustc knows what it stands for.
    pub fn is_alias(&self, function: &Function<'_>) -> bool {
        let mut written = self.written;
        while let syn::Type::Paren(syn::TypeParen { elem, .. })
        | syn::Type::Group(syn::TypeGroup { elem, .. }) = written
        {
            written = elem;
        }
        let syn::Type::Path(path) = written else { return false };
        let ty = function.types.shallow(&self.ty);
        let has_parameter = matches!(ty, Ty::Sequence(Sequence::Vec | Sequence::Deque, _) | Ty::Option(_));
        !(ty.is_float() || has_parameter && vec_element(path).is_some())
    }

    pub fn is_differentiable(&self) -> bool {
        self.role == Role::Differentiable
    }

    /// The type of its tangent, as a reference to it refers to it: slices stay slices.
    pub fn tangent(&self, function: &Function<'_>, names: &Names) -> TokenStream {
        let mut written = self.written;
        while let syn::Type::Reference(syn::TypeReference { elem, .. })
        | syn::Type::Paren(syn::TypeParen { elem, .. })
        | syn::Type::Group(syn::TypeGroup { elem, .. }) = written
        {
            written = elem;
        }
        match (written, function.types.peeled(&self.ty)) {
            (syn::Type::Slice(slice), Ty::Sequence(_, element)) => {
                let element = Purpose::Gradient.of(function, names, &slice.elem, &element);
                quote!([#element])
            }
            // An alias may be one of a slice.
            (syn::Type::Path(path), ty)
                if !(matches!(ty, Ty::Float(_))
                    || matches!(ty, Ty::Sequence(Sequence::Vec, _)) && vec_element(path).is_some()) =>
            {
                let engine = &names.engine;
                quote_spanned!(written.span()=> <#written as #engine::rt::Differentiable>::Direction)
            }
            _ => Purpose::Gradient.of(function, names, self.written, &self.ty),
        }
    }

    /// The type of the buffer that `_grad_add` adds this parameter's gradient into.
    pub fn buffer(&self, function: &Function<'_>, names: &Names) -> TokenStream {
        let engine = &names.engine;
        let gradient = Purpose::Gradient.of(function, names, self.written, &self.ty);
        let mut written = self.written;
        while let syn::Type::Reference(syn::TypeReference { elem, .. })
        | syn::Type::Paren(syn::TypeParen { elem, .. })
        | syn::Type::Group(syn::TypeGroup { elem, .. }) = written
        {
            written = elem;
        }
        match (written, function.types.peeled(&self.ty)) {
            (syn::Type::Slice(slice), Ty::Sequence(_, element)) => {
                let element = Purpose::Gradient.of(function, names, &slice.elem, &element);
                quote!(&mut [#element])
            }
            (syn::Type::Path(path), Ty::Sequence(Sequence::Vec, element)) => {
                let element = vec_element(path).map_or_else(
                    || quote!(#engine::rt::std::primitive::f64),
                    |written| Purpose::Gradient.of(function, names, written, &element),
                );
                quote!(&mut [#element])
            }
            // An alias may be one of a slice or a `Vec`.
            (syn::Type::Path(_), ty) if !matches!(ty, Ty::Float(_)) => {
                quote_spanned!(written.span()=> &mut <#written as #engine::rt::Differentiable>::Buffer)
            }
            _ => quote!(&mut #gradient),
        }
    }
}

fn vec_element(path: &syn::TypePath) -> Option<&syn::Type> {
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// Where generated code is written, paths of the standard library go through the engine.
    #[test]
    fn generated_code_names_no_crate_of_the_users() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut folders: Vec<_> = ["lower", "transform", "emit"].map(|folder| root.join(folder)).into();
        let mut files = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("a file").path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                files += 1;
                let text = std::fs::read_to_string(&path).expect("a text");
                for (at, line) in text.lines().enumerate() {
                    let code = line.split("//").next().unwrap_or_default();
                    let foreign = ["std", "core", "alloc"].iter().any(|name| {
                        code.match_indices(&format!("::{name}::")).any(|(place, _)| {
                            let before = code[..place].chars().last();
                            !before.is_some_and(|before| before.is_alphanumeric() || "_\"".contains(before))
                        })
                    });
                    assert!(!foreign, "{}:{}: {line}", path.display(), at + 1);
                }
            }
        }
        assert!(files > 60, "{files} files");
    }
}

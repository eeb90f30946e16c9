//! Parameters that are functions: `f: impl Fn(f64) -> f64`, and `f: F` where `F: Fn(f64) -> f64`, which becomes the first.

use syn::visit_mut::VisitMut;

/// What a function takes and gives that is a parameter by the bound `Fn(…) -> …`.
pub fn signature(written: &syn::Type) -> Option<&syn::ParenthesizedGenericArguments> {
    let written = match written {
        syn::Type::Reference(reference) if reference.mutability.is_none() => &reference.elem,
        syn::Type::Paren(inner) => &inner.elem,
        other => other,
    };
    let syn::Type::ImplTrait(function) = written else { return None };
    function.bounds.iter().find_map(of_bound)
}

fn of_bound(bound: &syn::TypeParamBound) -> Option<&syn::ParenthesizedGenericArguments> {
    let syn::TypeParamBound::Trait(bound) = bound else { return None };
    let last = bound.path.segments.last().filter(|last| last.ident == "Fn")?;
    match &last.arguments {
        syn::PathArguments::Parenthesized(signature) => Some(signature),
        syn::PathArguments::None | syn::PathArguments::AngleBracketed(_) => None,
    }
}

/// Writes `impl Fn(…) -> …` in place of type parameters with such a bound.
pub fn unnamed(signature: &mut syn::Signature) {
    let bounds = signature.generics.params.iter().filter_map(|parameter| match parameter {
        syn::GenericParam::Type(parameter) => Some((parameter.ident.clone(), parameter.bounds.clone())),
        syn::GenericParam::Lifetime(_) | syn::GenericParam::Const(_) => None,
    });
    let mut named: Vec<(syn::Ident, Bounds)> = bounds.collect();
    if let Some(clause) = &signature.generics.where_clause {
        for predicate in &clause.predicates {
            if let syn::WherePredicate::Type(predicate) = predicate
                && let syn::Type::Path(path) = &predicate.bounded_ty
                && let Some((_, bounds)) = named.iter_mut().find(|(name, _)| path.path.is_ident(name))
            {
                bounds.extend(predicate.bounds.clone());
            }
        }
    }
    named.retain(|(_, bounds)| bounds.iter().any(|bound| of_bound(bound).is_some()));
    if named.is_empty() {
        return;
    }
    let is_named = |path: &syn::Path| named.iter().any(|(name, _)| path.is_ident(name));
    let params = std::mem::take(&mut signature.generics.params).into_iter();
    signature.generics.params =
        params.filter(|parameter| !matches!(parameter, syn::GenericParam::Type(of) if named.iter().any(|(name, _)| of.ident == *name))).collect();
    if let Some(clause) = &mut signature.generics.where_clause {
        let predicates = std::mem::take(&mut clause.predicates).into_iter();
        clause.predicates = predicates
            .filter(|predicate| !matches!(predicate, syn::WherePredicate::Type(of) if matches!(&of.bounded_ty, syn::Type::Path(path) if is_named(&path.path))))
            .collect();
        if clause.predicates.is_empty() {
            signature.generics.where_clause = None;
        }
    }
    let mut replace = Replace(&named);
    signature.inputs.iter_mut().for_each(|input| replace.visit_fn_arg_mut(input));
}

type Bounds = syn::punctuated::Punctuated<syn::TypeParamBound, syn::Token![+]>;

struct Replace<'n>(&'n [(syn::Ident, Bounds)]);

impl VisitMut for Replace<'_> {
    fn visit_type_mut(&mut self, written: &mut syn::Type) {
        if let syn::Type::Path(path) = written
            && let Some((_, bounds)) = self.0.iter().find(|(name, _)| path.path.is_ident(name))
        {
            *written = syn::parse_quote!(impl #bounds);
            return;
        }
        syn::visit_mut::visit_type_mut(self, written);
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    #[test]
    fn type_parameters_become_unnamed() {
        for (written, expected) in [
            (
                "fn f<F: Fn(f64) -> f64>(f: F, x: f64) -> f64 {}",
                "fn f(f: impl Fn(f64) -> f64, x: f64) -> f64 {}",
            ),
            (
                "fn f<F, const N: usize>(f: &F, x: [f64; N]) -> f64 where F: Fn(f64) -> f64 + Copy {}",
                "fn f<const N: usize>(f: &impl Fn(f64) -> f64 + Copy, x: [f64; N]) -> f64 {}",
            ),
            ("fn f<T: Float>(x: T) -> T {}", "fn f<T: Float>(x: T) -> T {}"),
        ] {
            let mut item: syn::ItemFn = syn::parse_str(written).expect("a function");
            super::unnamed(&mut item.sig);
            assert_eq!(
                item.to_token_stream()
                    .to_string()
                    .replace("(impl Fn (f64) -> f64 + Copy)", "impl Fn (f64) -> f64 + Copy"),
                syn::parse_str::<proc_macro2::TokenStream>(expected).expect("tokens").to_string()
            );
        }
    }
}

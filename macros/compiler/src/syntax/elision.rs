//! Lifetimes that a signature leaves out. Companions have more parameters than the function, so that rustc would not know whose
//! lifetime the result has: it gets a name.

use proc_macro2::Span;
use syn::visit_mut::VisitMut;

/// Names the lifetime that is left out in the result, if the parameters have one lifetime in all.
pub fn name_lifetime(signature: &mut syn::Signature) {
    let syn::ReturnType::Type(_, result) = &mut signature.output else { return };
    let mut of_result = Lifetimes::default();
    of_result.visit_type_mut(result);
    let mut of_inputs = Lifetimes::default();
    signature.inputs.iter_mut().for_each(|input| of_inputs.visit_fn_arg_mut(input));
    if of_result.left_out == 0 || of_inputs.named.len() + of_inputs.left_out != 1 {
        return;
    }
    let lifetime = match of_inputs.named.pop() {
        Some(named) => named,
        None => syn::Lifetime::new("'input", Span::mixed_site()),
    };
    let name = |lifetimes: &mut Lifetimes| lifetimes.give = Some(lifetime.clone());
    name(&mut of_result);
    if let syn::ReturnType::Type(_, result) = &mut signature.output {
        of_result.visit_type_mut(result);
    }
    if of_inputs.left_out == 1 {
        name(&mut of_inputs);
        signature.inputs.iter_mut().for_each(|input| of_inputs.visit_fn_arg_mut(input));
        signature.generics.params.insert(0, syn::parse_quote!(#lifetime));
    }
}

/// Leaves the names of lifetimes out that only the parameters have: what stands for a method has no generics of the method's own.
pub fn leave_out(signature: &mut syn::Signature, body: &syn::Block) {
    let mut elsewhere = Lifetimes::default();
    let (mut output, mut body) = (signature.output.clone(), body.clone());
    elsewhere.visit_return_type_mut(&mut output);
    elsewhere.visit_block_mut(&mut body);
    let is_bounded = signature.generics.where_clause.is_some();
    let own = signature.generics.params.iter().filter_map(|parameter| match parameter {
        syn::GenericParam::Lifetime(own) if own.bounds.is_empty() && !is_bounded => Some(&own.lifetime),
        syn::GenericParam::Lifetime(_) | syn::GenericParam::Type(_) | syn::GenericParam::Const(_) => None,
    });
    let unnamed: Vec<syn::Lifetime> = own.filter(|own| !elsewhere.named.contains(own)).cloned().collect();
    let mut inputs = Unnamed(&unnamed);
    signature.inputs.iter_mut().for_each(|input| inputs.visit_fn_arg_mut(input));
    let params = std::mem::take(&mut signature.generics.params);
    let is_left = |parameter: &syn::GenericParam| match parameter {
        syn::GenericParam::Lifetime(own) => !unnamed.contains(&own.lifetime),
        syn::GenericParam::Type(_) | syn::GenericParam::Const(_) => true,
    };
    signature.generics.params = params.into_iter().filter(is_left).collect();
}

/// Whether a type has lifetimes besides these and `'static`, or leaves one out.
pub fn borrows(ty: &syn::Type, declared: &syn::Generics) -> bool {
    let mut lifetimes = Lifetimes::default();
    lifetimes.visit_type_mut(&mut ty.clone());
    let is_declared = |name: &syn::Lifetime| {
        name.ident == "static" || declared.lifetimes().any(|own| own.lifetime == *name)
    };
    lifetimes.left_out > 0 || !lifetimes.named.iter().all(is_declared)
}

/// Takes the names of these lifetimes away.
struct Unnamed<'l>(&'l [syn::Lifetime]);

impl VisitMut for Unnamed<'_> {
    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        reference.lifetime = reference.lifetime.take().filter(|lifetime| !self.0.contains(lifetime));
        syn::visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
        if self.0.contains(lifetime) {
            *lifetime = syn::Lifetime::new("'_", lifetime.span());
        }
    }
}

/// The lifetimes in types.
#[derive(Default)]
struct Lifetimes {
    named: Vec<syn::Lifetime>,
    /// How many are left out.
    left_out: usize,
    /// What takes their place.
    give: Option<syn::Lifetime>,
}

impl VisitMut for Lifetimes {
    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        if reference.lifetime.is_none() {
            self.left_out += usize::from(self.give.is_none());
            reference.lifetime.clone_from(&self.give);
        }
        syn::visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
        if lifetime.ident != "_" {
            self.named.push(lifetime.clone());
        } else if let Some(give) = &self.give {
            *lifetime = give.clone();
        } else {
            self.left_out += 1;
        }
    }

    // What functions take and give has lifetimes of its own.
    fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut syn::ParenthesizedGenericArguments) {}
    fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    #[test]
    fn lifetimes_of_parameters_alone_are_left_out() {
        for (written, left) in [
            ("fn f<'m>(&self, n: &'m [S<'m>]) -> f64 {}", "fn f(&self, n: &[S<'_>]) -> f64 {}"),
            ("fn f<'m>(&self, n: &'m str) -> R<'m> {}", "fn f<'m>(&self, n: &'m str) -> R<'m> {}"),
            (
                "fn f<'m>(n: &'m str) -> f64 { let k: &'m str = n; }",
                "fn f<'m>(n: &'m str) -> f64 { let k: &'m str = n; }",
            ),
        ] {
            let mut item: syn::ItemFn = syn::parse_str(written).expect("a function");
            super::leave_out(&mut item.sig, &item.block);
            let expected: syn::ItemFn = syn::parse_str(left).expect("a function");
            assert_eq!(item.to_token_stream().to_string(), expected.to_token_stream().to_string());
        }
    }

    #[test]
    fn one_lifetime_of_the_parameters_is_that_of_the_result() {
        for (written, named) in [
            (
                "fn f(x: f64, names: &[String]) -> Result<f64, &str>",
                "fn f<'input>(x: f64, names: &'input [String]) -> Result<f64, &'input str>",
            ),
            (
                "fn f<const N: usize>(x: [f64; N], list: Names<'_>) -> Result<f64, Missing<'_>>",
                "fn f<'input, const N: usize>(x: [f64; N], list: Names<'input>) -> Result<f64, Missing<'input>>",
            ),
            (
                "fn f<'a>(x: f64, names: &'a [String]) -> Result<f64, &str>",
                "fn f<'a>(x: f64, names: &'a [String]) -> Result<f64, &'a str>",
            ),
            ("fn f(x: f64) -> Result<f64, &'static str>", "fn f(x: f64) -> Result<f64, &'static str>"),
            ("fn f(x: &f64, n: &str) -> Result<f64, &str>", "fn f(x: &f64, n: &str) -> Result<f64, &str>"),
            ("fn f(x: &f64) -> f64", "fn f(x: &f64) -> f64"),
        ] {
            let mut signature: syn::Signature = syn::parse_str(written).expect("a signature");
            super::name_lifetime(&mut signature);
            let expected: syn::Signature = syn::parse_str(named).expect("a signature");
            assert_eq!(signature.to_token_stream().to_string(), expected.to_token_stream().to_string());
        }
    }
}

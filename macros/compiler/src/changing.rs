//! A function with `&mut` parameters as a function that gives what it leaves in them.
//!
//! ```text
//! fn relax(grid: &mut [f64], rate: f64) { … }
//!
//! fn __gradus_relax(grid: Vec<f64>, rate: f64) -> (Vec<f64>,) {
//!     let mut grid_changed = grid;
//!     { let grid: &mut [f64] = &mut grid_changed; … }
//!     (grid_changed,)
//! }
//! ```
//!
//! The second is differentiated; the item and the companions of the first are made of those of the second. Data that changes comes
//! back like numbers do. Memory marked `#[scratch]` is a `#[constant]` parameter of the second, and the last that it gives.

use crate::emit::{erased, muted};
use crate::syntax::ident::{unraw, uses};
use crate::syntax::parse::{Annotated, Change, Changing};
use crate::syntax::refusals::{self, Refusals};
use crate::types::check::{failing_result, may_hold_floats};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;

/// The function that stands for it, if it has parameters that it changes.
pub fn desugared(annotated: Annotated, refusals: &mut Refusals) -> Annotated {
    let inputs = &annotated.item.sig.inputs;
    for (input, _) in inputs.iter().zip(&annotated.scratch).filter(|(_, scratch)| **scratch) {
        if mutable_reference(input).is_none() {
            refusals.refuse(refusals::unchanged_scratch(input.span()).over(input));
        }
    }
    let markers = annotated.constant.iter().zip(&annotated.scratch);
    let behind: Vec<Option<(Change, syn::Type)>> = inputs
        .iter()
        .zip(markers)
        .map(|(input, (constant, scratch))| {
            let reference = mutable_reference(input)?;
            if annotated.method.is_some() {
                let (and, token) = (&reference.and_token, reference.mutability);
                refusals.refuse(refusals::mutable_argument(and.span).over(&quote!(#and #token)));
                return None;
            }
            let change = match (scratch, *constant || !may_hold_numbers(&reference.elem)) {
                (true, _) => Change::Scratch,
                (false, true) => Change::Data,
                (false, false) => Change::Numbers,
            };
            Some((change, erased(&reference.elem)))
        })
        .collect();
    if behind.iter().all(Option::is_none) {
        return annotated;
    }
    if let Some(result) = failing_result(&annotated.item) {
        refusals.refuse(refusals::failure_and_change(result.span()).over(result));
        return annotated;
    }
    let Annotated { user, item, mut constant, scratch, mut options, in_block, method, .. } = annotated;
    let name = item.sig.ident.clone();
    let (engine, result) = (options.engine.clone(), result_of(&item));
    let changes: Vec<Option<Change>> =
        behind.iter().map(|behind| behind.as_ref().map(|(change, _)| *change)).collect();
    constant.iter_mut().zip(&scratch).for_each(|(constant, scratch)| *constant |= scratch);
    let mut parameters: Vec<Parameter> = item
        .sig
        .inputs
        .iter()
        .zip(behind)
        .filter_map(|(input, behind)| Some(Parameter::of(input, behind?, &item, &engine)))
        .collect();
    // What nobody asks for comes last.
    parameters.sort_by_key(|parameter| parameter.change == Change::Scratch);
    let outputs = result.iter().map(ToTokens::to_token_stream);
    let outputs = outputs.chain(parameters.iter().map(|parameter| parameter.owned.to_token_stream()));
    let mut signature = item.sig.clone();
    signature.ident = format_ident!("__gradus_{}", unraw(&name), span = Span::mixed_site());
    signature.output = syn::parse_quote!(-> (#(#outputs,)*));
    for input in &mut signature.inputs {
        if let syn::FnArg::Typed(argument) = input
            && let syn::Pat::Ident(pattern) = &mut *argument.pat
            && let Some(parameter) = parameters.iter().find(|parameter| parameter.name == pattern.ident)
        {
            pattern.mutability = None;
            *argument.ty = parameter.owned.clone();
        }
    }
    let forwarding = forwarding(&signature, &name, &parameters, result.is_some());
    let block = body(&item, &parameters, result.as_ref());
    let own = syn::ItemFn { sig: signature, block: Box::new(block), ..item.clone() };
    options.item.get_or_insert(name);
    let changing = Changing { user, item, result, changes };
    Annotated {
        user: forwarding,
        item: own,
        constant,
        scratch,
        options,
        in_block,
        method,
        changing: Some(Box::new(changing)),
    }
}

/// A parameter that is changed.
struct Parameter {
    name: Ident,
    change: Change,
    /// Whether the reference itself is a variable.
    mutable: Option<syn::Token![mut]>,
    /// What it leads to.
    behind: syn::Type,
    /// The same, owned.
    owned: syn::Type,
    /// The variable that holds it.
    held: Ident,
}

impl Parameter {
    fn of(
        input: &syn::FnArg,
        (change, behind): (Change, syn::Type),
        item: &syn::ItemFn,
        engine: &TokenStream,
    ) -> Parameter {
        let (name, mutable) = match input {
            syn::FnArg::Typed(argument) => match &*argument.pat {
                syn::Pat::Ident(pattern) => (pattern.ident.clone(), pattern.mutability),
                _ => unreachable!("every parameter has a name"),
            },
            syn::FnArg::Receiver(_) => unreachable!("a function has no receiver"),
        };
        let owned = match &behind {
            syn::Type::Slice(slice) => {
                let element = &slice.elem;
                syn::parse_quote!(#engine::rt::std::vec::Vec<#element>)
            }
            _ => behind.clone(),
        };
        let mut held = format!("{}_changed", unraw(&name));
        while uses(item.to_token_stream(), &held) {
            held.push('_');
        }
        let held = Ident::new(&held, name.span());
        Parameter { name, change, mutable, behind, owned, held }
    }
}

fn mutable_reference(input: &syn::FnArg) -> Option<&syn::TypeReference> {
    let syn::FnArg::Typed(argument) = input else { return None };
    let mut written = &*argument.ty;
    while let syn::Type::Paren(syn::TypeParen { elem, .. }) | syn::Type::Group(syn::TypeGroup { elem, .. }) =
        written
    {
        written = elem;
    }
    let syn::Type::Reference(reference) = written else { return None };
    reference.mutability.is_some().then_some(reference)
}

fn may_hold_numbers(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Slice(slice) => may_hold_numbers(&slice.elem),
        ty => may_hold_floats(ty),
    }
}

fn result_of(item: &syn::ItemFn) -> Option<syn::Type> {
    match &item.sig.output {
        syn::ReturnType::Default => None,
        syn::ReturnType::Type(_, ty) => match &**ty {
            syn::Type::Tuple(tuple) if tuple.elems.is_empty() => None,
            ty => Some(ty.clone()),
        },
    }
}

/// The body, in which the parameters are borrows of variables that it owns.
fn body(item: &syn::ItemFn, parameters: &[Parameter], result: Option<&syn::Type>) -> syn::Block {
    let held: Vec<_> = parameters.iter().map(|parameter| &parameter.held).collect();
    let mut inner = (*item.block).clone();
    // What a `return` at the end gives is what the body gives.
    if let Some(syn::Stmt::Expr(syn::Expr::Return(leave), _)) = inner.stmts.last() {
        let value = leave.expr.clone();
        inner.stmts.pop();
        inner.stmts.extend(value.map(|value| syn::Stmt::Expr(*value, None)));
    }
    let mut leaves = Leaves::of(item, held[0].span());
    leaves.visit_block_mut(&mut inner);
    let label = leaves.found.then(|| {
        let label = &leaves.label;
        quote!(#label:)
    });
    let own = parameters.iter().map(|Parameter { name, held, .. }| quote!(let mut #held = #name;));
    let borrows = parameters.iter().map(|Parameter { name, mutable, behind, held, .. }| {
        quote!(let #mutable #name: &mut #behind = &mut #held;)
    });
    let statements = &inner.stmts;
    let inner = quote!(#label { #(#borrows)* #(#statements)* });
    if result.is_none() {
        return syn::parse_quote!({ #(#own)* #inner; (#(#held,)*) });
    }
    let given = format_ident!("{}_result", held[0], span = held[0].span());
    syn::parse_quote!({ #(#own)* let #given = #inner; (#given, #(#held,)*) })
}

/// The function that calls the user's.
fn forwarding(
    signature: &syn::Signature,
    name: &Ident,
    parameters: &[Parameter],
    has_result: bool,
) -> syn::ItemFn {
    let mut signature = signature.clone();
    let mut arguments = Vec::new();
    let mut own = Vec::new();
    for input in &mut signature.inputs {
        let syn::FnArg::Typed(argument) = input else { continue };
        argument.attrs.clear();
        let syn::Pat::Ident(pattern) = &mut *argument.pat else { continue };
        pattern.mutability = None;
        let argument = &pattern.ident;
        match parameters.iter().find(|parameter| parameter.name == *argument) {
            Some(Parameter { held, .. }) => {
                own.push(quote!(let mut #held = #argument;));
                arguments.push(quote!(&mut #held));
            }
            None => arguments.push(argument.to_token_stream()),
        }
    }
    let held = parameters.iter().map(|parameter| &parameter.held);
    let constants = signature.generics.const_params().map(|parameter| &parameter.ident);
    let call = quote!(#name::<#({ #constants }),*>(#(#arguments),*));
    let given = Ident::new("__given", Span::mixed_site());
    let (first, last) =
        if has_result { (quote!(let #given = #call;), quote!(#given,)) } else { (quote!(#call;), quote!()) };
    let muted = muted();
    syn::parse_quote! {
        #[doc(hidden)] #muted #[inline] #[track_caller]
        #signature { #(#own)* #first (#last #(#held,)*) }
    }
}

/// Turns `return value` into `break 'changed value`.
pub struct Leaves {
    pub label: syn::Lifetime,
    pub found: bool,
}

impl Leaves {
    /// With a label that the function does not use.
    pub fn of(function: &impl ToTokens, span: Span) -> Leaves {
        let mut label = "changed".to_owned();
        while uses(function.to_token_stream(), &label) {
            label.push('_');
        }
        Leaves { label: syn::Lifetime::new(&format!("'{label}"), span), found: false }
    }
}

impl VisitMut for Leaves {
    fn visit_expr_mut(&mut self, expression: &mut syn::Expr) {
        // A closure is left by its own `return`.
        if matches!(expression, syn::Expr::Closure(_)) {
            return;
        }
        syn::visit_mut::visit_expr_mut(self, expression);
        if let syn::Expr::Return(leave) = expression {
            self.found = true;
            let (label, value) = (&self.label, &leave.expr);
            *expression = syn::parse_quote_spanned!(leave.return_token.span=> break #label #value);
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

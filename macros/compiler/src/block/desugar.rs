//! A method as a function: its receiver is a parameter, and `Self` the type.

use super::is_marker;
use crate::syntax::callee::Gives;
use crate::syntax::elision;
use crate::syntax::ident::unraw;
use crate::syntax::parse::{Method, OperatorOf, Receiver};
use crate::syntax::refusals::{self, Refusals};
use crate::types::check::{is_data, may_fail, may_hold_floats};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::ReceiverKind;
use syn::spanned::Spanned;

/// The type that a block belongs to.
pub struct Owner {
    /// The type, `Model::<N>`: so written it stands where types do and where values do.
    pub tokens: TokenStream,
    pub generics: syn::Generics,
    /// The operator that the block is of.
    pub operator: Option<OperatorOf>,
    /// The associated type `Output` of an operator.
    output: Option<syn::Type>,
    /// The methods that change `self` and have a result.
    changing: Vec<String>,
}

impl Owner {
    pub fn of(block: &syn::ItemImpl, operator: Option<OperatorOf>, refusals: &mut Refusals) -> Option<Owner> {
        let output = block.items.iter().find_map(|item| match item {
            syn::ImplItem::Type(output) if output.ident == "Output" => Some(output.ty.clone()),
            _ => None,
        });
        for parameter in &block.generics.params {
            if let syn::GenericParam::Type(parameter) = parameter {
                let name = parameter.ident.to_string();
                refusals.refuse(refusals::generic_type(parameter.ident.span(), &name));
            }
        }
        if let Some(clause) = &block.generics.where_clause {
            refusals.refuse(refusals::where_clause(clause.where_token.span));
        }
        let syn::Type::Path(path) = &*block.self_ty else {
            refusals.refuse(refusals::impl_of_other_type(block.self_ty.span()).over(&block.self_ty));
            return None;
        };
        let mut path = path.path.clone();
        for segment in &mut path.segments {
            if let syn::PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                arguments.colon2_token.get_or_insert_with(Default::default);
            }
        }
        let methods = block.items.iter().filter_map(|item| match item {
            syn::ImplItem::Fn(method) if super::forms(method).len() > 1 => Some(method.sig.ident.to_string()),
            _ => None,
        });
        let changing = methods.collect();
        let (tokens, generics) = (path.into_token_stream(), block.generics.clone());
        Some(Owner { tokens, generics, operator, output, changing })
    }
}

/// A method as a function.
pub struct Desugared {
    pub item: syn::ItemFn,
    pub method: Method,
    /// Whether its result carries no gradient, so that it sees the plain numbers.
    pub is_predicate: bool,
}

/// `None` for one without a result that could carry a gradient or be looked at, or without an argument that could.
pub fn method(
    owner: &Owner,
    method: &syn::ImplItemFn,
    gives: Gives,
    refusals: &mut Refusals,
) -> Option<Desugared> {
    let receiver = match method.sig.receiver() {
        None => None,
        Some(receiver) => match &receiver.kind {
            ReceiverKind::Reference(_, _, Some(_)) => {
                if let syn::ReturnType::Type(_, written) = &method.sig.output
                    && refused_beside_change(written, refusals)
                {
                    return None;
                }
                Some(Receiver::Changed(gives))
            }
            ReceiverKind::Reference(_, _, None) => Some(Receiver::Reference),
            ReceiverKind::Value => Some(Receiver::Value),
            // `self: Box<Self>`, and what Rust may allow one day.
            _ => {
                refusals.refuse(refusals::typed_receiver(receiver.self_token.span).over(receiver));
                return None;
            }
        },
    };
    if let syn::ReturnType::Type(_, written) = &method.sig.output
        && may_fail(written)
        && elision::borrows(written, &owner.generics)
    {
        refusals.refuse(refusals::borrowed_error(written.span()).over(written));
        return None;
    }
    let changes = matches!(receiver, Some(Receiver::Changed(_)));
    let is_predicate = match &method.sig.output {
        _ if changes => false,
        syn::ReturnType::Default => return None,
        // `Self::Output`, say.
        syn::ReturnType::Type(..) if owner.operator.is_some() => false,
        syn::ReturnType::Type(_, written) => !may_hold_floats(written),
    };
    // What is made of data alone is as plain in other functions as here.
    if receiver.is_none() && !is_predicate && method.sig.inputs.iter().all(is_of_data) {
        return None;
    }
    let this = unused_name(method);
    let item = Replace { this: &this, owner: &owner.tokens };
    let mut signature = method.sig.clone();
    elision::leave_out(&mut signature, &method.block);
    let (name, own) = (signature.ident.clone(), &owner.tokens);
    let result = match &method.sig.output {
        syn::ReturnType::Type(_, written) if changes && !is_unit(written) => {
            syn::parse2(item.stream(written.to_token_stream())).ok()
        }
        syn::ReturnType::Type(..) | syn::ReturnType::Default => None,
    };
    signature.ident = format_ident!("__gradus_{}", unraw(&name), span = Span::mixed_site());
    if let Some(first) = signature.inputs.first_mut()
        && let syn::FnArg::Receiver(written) = first
    {
        let here = written.self_token.span;
        let named = Ident::new(&this, here);
        let mutable = written.mutability;
        let reference = (receiver == Some(Receiver::Reference)).then(|| quote!(&));
        *first = syn::parse_quote!(#mutable #named: #reference #own);
    }
    let mut generics = owner.generics.clone();
    generics.params.extend(signature.generics.params.clone());
    signature.generics = generics;
    if let (Some(output), false) = (&owner.output, changes) {
        signature.output = syn::parse_quote!(-> #output);
    }
    let mut block = method.block.to_token_stream();
    if let Some(Receiver::Changed(gives)) = receiver {
        // What the method changes is a variable here, and what it leaves is the result, or the last of it.
        let result = match &method.sig.output {
            syn::ReturnType::Type(_, written) => written.to_token_stream(),
            syn::ReturnType::Default => quote!(()),
        };
        signature.output = match gives {
            Gives::Left => syn::parse_quote!(-> #own),
            Gives::ResultAndLeft => syn::parse_quote!(-> (#result, #own)),
        };
        block = changing_block(method, &this, gives);
    }
    // The item of the companions is a part of the implementation of a public trait.
    let visibility = quote!(pub);
    let attributes = method.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let tokens = item.stream(quote!(#(#attributes)* #visibility #signature #block));
    let item = syn::parse2(tokens).ok()?;
    let shown = format!(
        "{}::{}",
        owner.tokens.to_string().replace(' ', "").split("::<").next().unwrap_or_default(),
        unraw(&name)
    );
    let method = Method {
        owner: owner.tokens.clone(),
        generics: owner.generics.clone(),
        name,
        receiver,
        result,
        operator: owner.operator.clone(),
        siblings: owner.changing.clone(),
        shown,
        visibility: method.vis.clone(),
    };
    Some(Desugared { item, method, is_predicate })
}

impl Desugared {
    /// The function that calls the method; `item` has a name for each parameter.
    pub fn forwarding(&self, item: &syn::ItemFn) -> syn::ItemFn {
        let names = item.sig.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Typed(argument) => match &*argument.pat {
                syn::Pat::Ident(name) => Some(name.ident.clone()),
                _ => None,
            },
            syn::FnArg::Receiver(_) => None,
        });
        let mut signature = item.sig.clone();
        for input in &mut signature.inputs {
            if let syn::FnArg::Typed(argument) = input
                && let syn::Pat::Ident(name) = &mut *argument.pat
            {
                name.mutability = None;
            }
        }
        let (owner, name) = (&self.method.owner, &self.method.name);
        let muted = crate::emit::muted();
        let names: Vec<_> = names.collect();
        let body = match (&self.method.operator, self.method.receiver, names.as_slice()) {
            (Some(of), Some(Receiver::Changed(_)), [this, rest @ ..]) => {
                let path = &of.path;
                quote!({ let mut changed = #this; <#owner as #path>::#name(&mut changed, #(#rest),*); changed })
            }
            (None, Some(Receiver::Changed(Gives::Left)), [this, rest @ ..]) => {
                quote!({ let mut changed = #this; changed.#name(#(#rest),*); changed })
            }
            (None, Some(Receiver::Changed(Gives::ResultAndLeft)), [this, rest @ ..]) => {
                quote!({ let mut changed = #this; let given = changed.#name(#(#rest),*); (given, changed) })
            }
            (Some(of), _, all) => {
                let path = &of.path;
                quote!({ <#owner as #path>::#name(#(#all),*) })
            }
            (None, _, all) => quote!({ #owner::#name(#(#all),*) }),
        };
        syn::parse_quote!(#muted #[inline] #[track_caller] #signature #body)
    }
}

pub fn is_unit(written: &syn::Type) -> bool {
    matches!(written, syn::Type::Tuple(unit) if unit.elems.is_empty())
}

/// Whether a method that changes `self` cannot give what it gives.
fn refused_beside_change(written: &syn::Type, refusals: &mut Refusals) -> bool {
    match written {
        syn::Type::Reference(reference) => {
            refusals.refuse(refusals::reference_result(reference.and_token.span).over(written));
            true
        }
        _ if may_fail(written) => {
            refusals.refuse(refusals::failure_and_change(written.span()).over(written));
            true
        }
        _ => false,
    }
}

/// The body of a method that changes `self`, in which that is a variable.
fn changing_block(method: &syn::ImplItemFn, this: &str, gives: Gives) -> TokenStream {
    let name = &method.sig.ident;
    let mut inner = method.block.clone();
    // What a `return` at the end gives is what the body gives.
    if let Some(syn::Stmt::Expr(syn::Expr::Return(leave), _)) = inner.stmts.last() {
        let value = leave.expr.clone();
        inner.stmts.pop();
        inner.stmts.extend(value.map(|value| syn::Stmt::Expr(*value, None)));
    }
    let mut leaves = crate::changing::Leaves::of(method, name.span());
    syn::visit_mut::VisitMut::visit_block_mut(&mut leaves, &mut inner);
    let (named, inner) = (Ident::new(this, name.span()), &inner.stmts);
    let label = leaves.found.then(|| {
        let label = &leaves.label;
        quote!(#label:)
    });
    let changed = Ident::new(&format!("{this}_changed"), name.span());
    let body = quote!(#label { let #named = &mut #changed; #(#inner)* });
    match (gives, &method.sig.output) {
        (Gives::Left, syn::ReturnType::Default) => quote!({ let mut #changed = #named; #body #changed }),
        (Gives::Left, syn::ReturnType::Type(..)) => {
            quote!({ let mut #changed = #named; let _ = #body; #changed })
        }
        (Gives::ResultAndLeft, _) => {
            let given = Ident::new(&format!("{this}_result"), name.span());
            quote!({ let mut #changed = #named; let #given = #body; (#given, #changed) })
        }
    }
}

/// The tokens of a method in a block as the user wrote them, from which its text is read.
pub fn as_written(block: &TokenStream, name: &Ident) -> TokenStream {
    let Some(TokenTree::Group(body)) = block.clone().into_iter().last() else { return TokenStream::new() };
    let tokens: Vec<TokenTree> = body.stream().into_iter().collect();
    let is_word = |at: usize, word: &str| matches!(&tokens[at], TokenTree::Ident(ident) if ident == word);
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Ident(_) | TokenTree::Literal(_) => false,
    };
    let name = name.to_string();
    let Some(at) = (1..tokens.len()).find(|at| is_word(*at, &name) && is_word(at - 1, "fn")) else {
        return TokenStream::new();
    };
    let start = tokens[..at].iter().rposition(is_end).map_or(0, |end| end + 1);
    let end = tokens[at..].iter().position(is_end).map_or(tokens.len(), |end| at + end + 1);
    tokens[start..end].iter().cloned().collect()
}

/// Whether an argument carries no gradient for certain.
fn is_of_data(input: &syn::FnArg) -> bool {
    match input {
        syn::FnArg::Typed(argument) => {
            is_data(&argument.ty) || argument.attrs.iter().any(|attribute| is_marker(attribute, "constant"))
        }
        syn::FnArg::Receiver(_) => false,
    }
}

/// A name for the receiver that the method does not use.
fn unused_name(method: &syn::ImplItemFn) -> String {
    let mut name = "this".to_owned();
    while crate::syntax::ident::uses(method.to_token_stream(), &name) {
        name.push('_');
    }
    name
}

struct Replace<'o> {
    this: &'o str,
    owner: &'o TokenStream,
}

impl Replace<'_> {
    /// The tokens without `self` and `Self`, inside macros too.
    fn stream(&self, tokens: TokenStream) -> TokenStream {
        let mut replaced = TokenStream::new();
        for token in tokens {
            match token {
                TokenTree::Ident(word) if word == "self" => {
                    replaced.extend([TokenTree::Ident(Ident::new(self.this, word.span()))]);
                }
                TokenTree::Ident(word) if word == "Self" => {
                    let here = word.span();
                    replaced.extend(self.owner.clone().into_iter().map(|mut token| {
                        token.set_span(here);
                        token
                    }));
                }
                TokenTree::Group(group) => {
                    let mut inner = Group::new(group.delimiter(), self.stream(group.stream()));
                    inner.set_span(group.span());
                    replaced.extend([TokenTree::Group(inner)]);
                }
                other => replaced.extend([other]),
            }
        }
        replaced
    }
}

//! Which names in the signature are names of structs, as far as the text of the function shows.
//!
//! A macro sees `z: Complex`, and not whether `Complex` is a struct or another name of `f64`. Mostly it need not know: rustc
//! does. But a method that `f64` has as well, such as `z.exp()`, is taken for that of a number, unless the function shows
//! elsewhere that the type is a struct: it names a field, or writes the struct out.

use super::float_methods;
use std::collections::{HashMap, HashSet};
use syn::visit::{self, Visit};

/// The names of types that the function uses as structs.
pub(super) fn structs(item: &syn::ItemFn) -> HashSet<String> {
    let mut evidence = Evidence::default();
    for argument in &item.sig.inputs {
        if let syn::FnArg::Typed(typed) = argument {
            evidence.declare(&typed.pat, Some(&typed.ty));
        }
    }
    evidence.visit_block(&item.block);
    evidence.found
}

/// Methods that give elements of a sequence as they are.
const OF_ELEMENTS: &[&str] = &[
    "iter",
    "iter_mut",
    "into_iter",
    "cloned",
    "copied",
    "rev",
    "skip",
    "take",
    "step_by",
    "filter",
    "skip_while",
    "take_while",
    "inspect",
    "cycle",
    "as_slice",
    "first",
    "last",
    "unwrap",
];

#[derive(Default)]
struct Evidence {
    /// The name of the type that each variable has, if it is a struct.
    types: HashMap<String, String>,
    found: HashSet<String>,
}

/// The name in a type: of `&[Vec<Body>]` it is `Body`.
fn name_in(ty: &syn::Type) -> Option<String> {
    match ty {
        syn::Type::Reference(inner) => name_in(&inner.elem),
        syn::Type::Slice(inner) => name_in(&inner.elem),
        syn::Type::Array(inner) => name_in(&inner.elem),
        syn::Type::Paren(inner) => name_in(&inner.elem),
        syn::Type::Group(inner) => name_in(&inner.elem),
        syn::Type::Path(path) => {
            let last = path.path.segments.last()?;
            match &last.arguments {
                syn::PathArguments::AngleBracketed(generics) => {
                    generics.args.iter().find_map(|argument| match argument {
                        syn::GenericArgument::Type(inner) => name_in(inner),
                        _ => None,
                    })
                }
                _ => Some(last.ident.to_string()),
            }
        }
        _ => None,
    }
}

impl Evidence {
    /// New variables hide those of the same name.
    fn declare(&mut self, pattern: &syn::Pat, ty: Option<&syn::Type>) {
        match (pattern, ty) {
            (syn::Pat::Type(typed), _) => self.declare(&typed.pat, Some(&typed.ty)),
            (syn::Pat::Ident(ident), Some(ty)) => match name_in(ty) {
                Some(name) => drop(self.types.insert(ident.ident.to_string(), name)),
                None => drop(self.types.remove(&ident.ident.to_string())),
            },
            _ => self.visit_pat(pattern),
        }
    }

    /// The type that an expression has if its methods give what they are called on; elements count as their sequence.
    fn of(&self, written: &syn::Expr) -> Option<&String> {
        match written {
            syn::Expr::Path(path) => self.types.get(&path.path.get_ident()?.to_string()),
            syn::Expr::MethodCall(call) => {
                let method = call.method.to_string();
                let is_of_numbers = float_methods::operation(&method, call.args.len()).is_some();
                (is_of_numbers || method == "clone").then(|| self.of(&call.receiver)).flatten()
            }
            syn::Expr::Index(index) => self.of(&index.expr),
            syn::Expr::Paren(inner) => self.of(&inner.expr),
            syn::Expr::Group(inner) => self.of(&inner.expr),
            syn::Expr::Reference(inner) => self.of(&inner.expr),
            syn::Expr::Unary(syn::ExprUnary { op: syn::UnOp::Deref(_), expr, .. }) => self.of(expr),
            _ => None,
        }
    }

    /// The type of the elements that an iterator gives, and whether they are counted.
    fn elements(&self, written: &syn::Expr) -> Option<(String, bool)> {
        match written {
            syn::Expr::MethodCall(call) if call.method == "enumerate" => {
                self.elements(&call.receiver).map(|(name, _)| (name, true))
            }
            syn::Expr::MethodCall(call) => OF_ELEMENTS
                .iter()
                .any(|name| call.method == name)
                .then(|| self.elements(&call.receiver))
                .flatten(),
            other => self.of(other).map(|name| (name.clone(), false)),
        }
    }

    /// Declares what a loop or a closure binds for each element.
    fn declare_element(&mut self, pattern: &syn::Pat, elements: Option<(String, bool)>) {
        self.visit_pat(pattern);
        let (Some((name, counted)), true) = (elements, !matches!(pattern, syn::Pat::Type(_))) else { return };
        let element = match (pattern, counted) {
            (syn::Pat::Tuple(pair), true) => pair.elems.last(),
            (other, false) => Some(other),
            (_, true) => None,
        };
        let element = match element {
            Some(syn::Pat::Reference(reference)) => Some(&*reference.pat),
            other => other,
        };
        if let Some(syn::Pat::Ident(ident)) = element {
            self.types.insert(ident.ident.to_string(), name);
        }
    }

    fn show(&mut self, name: Option<String>) {
        self.found.extend(name);
    }
}

impl<'ast> Visit<'ast> for Evidence {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let Some(init) = &local.init {
            self.visit_local_init(init);
        }
        let given = local.init.as_ref().and_then(|init| self.of(&init.expr)).cloned();
        match (&local.pat, given) {
            (syn::Pat::Ident(ident), Some(name)) => drop(self.types.insert(ident.ident.to_string(), name)),
            (pattern, _) => self.declare(pattern, None),
        }
    }

    fn visit_pat_ident(&mut self, ident: &'ast syn::PatIdent) {
        self.types.remove(&ident.ident.to_string());
        visit::visit_pat_ident(self, ident);
    }

    fn visit_pat_type(&mut self, typed: &'ast syn::PatType) {
        self.declare(&typed.pat, Some(&typed.ty));
    }

    fn visit_expr_field(&mut self, field: &'ast syn::ExprField) {
        if let syn::Member::Named(_) = field.member {
            let name = self.of(&field.base).cloned();
            self.show(name);
        }
        visit::visit_expr_field(self, field);
    }

    fn visit_expr_for_loop(&mut self, each: &'ast syn::ExprForLoop) {
        self.visit_expr(&each.expr);
        let elements = self.elements(&each.expr);
        self.declare_element(&each.pat, elements);
        self.visit_block(&each.body);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.visit_expr(&call.receiver);
        let elements = self.elements(&call.receiver);
        for argument in &call.args {
            let syn::Expr::Closure(closure) = argument else {
                self.visit_expr(argument);
                continue;
            };
            // The element comes last, after what is carried along.
            let (element, others) = match closure.inputs.iter().collect::<Vec<_>>().split_last() {
                Some((element, others)) => (Some(*element), others.to_vec()),
                None => (None, Vec::new()),
            };
            others.into_iter().for_each(|pattern| self.visit_pat(pattern));
            if let Some(element) = element {
                self.declare_element(element, elements.clone());
            }
            self.visit_expr(&closure.body);
        }
    }

    fn visit_expr_struct(&mut self, literal: &'ast syn::ExprStruct) {
        self.show(literal.path.segments.last().map(|last| last.ident.to_string()));
        visit::visit_expr_struct(self, literal);
    }

    /// What an item inside the function calls its variables says nothing of these.
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

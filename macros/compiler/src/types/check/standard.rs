//! Functions of the standard library that do the same to `Value`s as to numbers.

use super::Checker;
use crate::types::tree::{Argument, Expr, Kind};
use crate::types::ty::{Sequence, Ty};
use quote::ToTokens;

impl<'a> Checker<'a> {
    /// A call of such a function; `None` if it is another one.
    pub(super) fn standard_call(
        &mut self,
        path: &'a syn::Path,
        call: &'a syn::ExprCall,
        written: &'a syn::Expr,
    ) -> Option<Expr<'a>> {
        let names = self.resolved(path);
        let name = names.last()?.as_str();
        let owner = names.iter().rev().nth(1).map(String::as_str).or_else(|| assumed_owner(name, call));
        if let (_, "stop_gradient", [value]) = (owner, name, &*call.args.iter().collect::<Vec<_>>()) {
            let value = self.boxed(value);
            let ty = self.types.passive(&value.ty);
            return Some(self.expr(Kind::StopGradient(value), ty, written));
        }
        let (arguments, ty) = match owner {
            Some("Vec" | "VecDeque") => self.container(owner, name, call),
            Some("iter") => self.source(name, call),
            Some("mem" | "hint" | "convert") => self.moving(name, call),
            Some("array") if name == "from_fn" && call.args.len() == 1 => {
                let (argument, output) = self.function(&call.args[0], &[Ty::Int]);
                Some((vec![argument], Ty::sequence(Sequence::Array, output)))
            }
            None if matches!(name, "Some" | "Ok") && call.args.len() == 1 => {
                let arguments = self.plain_arguments(call);
                let inner = arguments[0].slot.clone();
                Some((arguments, Ty::option(inner)))
            }
            None if name == "Err" && call.args.len() == 1 => {
                let inner = self.types.open();
                return Some(self.plain(Ty::option(inner), &call.args, written));
            }
            _ => None,
        }?;
        Some(self.expr(Kind::Standard { path: &call.func, arguments }, ty, written))
    }

    /// What makes data of numbers: an error, which carries no gradient.
    pub(super) fn plain(&mut self, ty: Ty, part: &impl ToTokens, written: &'a syn::Expr) -> Expr<'a> {
        let variables = self.mentioned(&part.to_token_stream());
        variables.iter().for_each(|variable| self.note_use(*variable));
        self.expr(Kind::Plain(variables), ty, written)
    }

    /// `Vec::…` and `VecDeque::…`.
    fn container(
        &mut self,
        owner: Option<&str>,
        name: &str,
        call: &'a syn::ExprCall,
    ) -> Option<(Vec<Argument<'a>>, Ty)> {
        let kind = if owner == Some("Vec") { Sequence::Vec } else { Sequence::Deque };
        match (name, call.args.len()) {
            ("new", 0) | ("with_capacity", 1) => {
                let element = self.types.open();
                Some((self.plain_arguments(call), Ty::sequence(kind, element)))
            }
            ("from", 1) => {
                let arguments = self.plain_arguments(call);
                let element = self.types.element(&arguments[0].slot)?;
                Some((arguments, Ty::sequence(kind, element)))
            }
            ("from_iter", 1) => {
                let arguments = self.plain_arguments(call);
                let item = self.item_of(&arguments[0].slot.clone());
                Some((arguments, Ty::sequence(kind, item)))
            }
            _ => None,
        }
    }

    /// `std::iter::…`: what iterators begin with.
    fn source(&mut self, name: &str, call: &'a syn::ExprCall) -> Option<(Vec<Argument<'a>>, Ty)> {
        match (name, call.args.len()) {
            ("once" | "repeat", 1) | ("repeat_n", 2) => {
                let mut arguments = self.plain_arguments(call);
                let item = self.types.fresh_like(&arguments[0].slot);
                self.types.flow(&arguments[0].slot, &item);
                arguments[0].slot = item.clone();
                Some((arguments, Ty::iter(item)))
            }
            ("once_with" | "repeat_with", 1) => {
                let (argument, output) = self.function(&call.args[0], &[]);
                Some((vec![argument], Ty::iter(output)))
            }
            ("from_fn", 1) => {
                let (argument, output) = self.function(&call.args[0], &[]);
                Some((vec![argument], Ty::iter(self.item_of(&output))))
            }
            ("successors", 2) => {
                let mut first = self.any_argument(&call.args[0]);
                let item = self.item_of(&first.slot.clone());
                let state = self.types.fresh_like(&item);
                self.types.flow(&item, &state);
                first.slot = Ty::option(state.clone());
                let (next, output) = self.function(&call.args[1], &[Ty::reference(state.clone())]);
                let output = self.item_of(&output);
                self.types.equate(&output, &state);
                Some((vec![first, next], Ty::iter(state)))
            }
            ("zip", 2) => {
                let arguments = self.plain_arguments(call);
                let items: Vec<Ty> =
                    arguments.iter().map(|argument| self.item_of(&argument.slot.clone())).collect();
                Some((arguments, Ty::iter(Ty::Tuple(items))))
            }
            ("empty", 0) => Some((Vec::new(), Ty::iter(self.types.open()))),
            _ => None,
        }
    }

    /// `std::mem::…` and the like: values are moved, and stay what they are.
    fn moving(&mut self, name: &str, call: &'a syn::ExprCall) -> Option<(Vec<Argument<'a>>, Ty)> {
        match (name, call.args.len()) {
            ("swap", 2) => {
                let arguments = self.plain_arguments(call);
                self.types.equate(&arguments[0].slot, &arguments[1].slot);
                for (place, given) in [(0, 1), (1, 0)] {
                    self.oblige_place(&arguments[given].slot, &arguments[place].slot, &call.args[place]);
                }
                Some((arguments, Ty::Unit))
            }
            ("replace", 2) => {
                let place = self.any_argument(&call.args[0]);
                let inner = self.types.peeled(&place.slot);
                let value = self.boxed(&call.args[1]);
                self.oblige_place(&value.ty, &inner, &call.args[0]);
                self.types.flow(&value.ty, &inner);
                let value = Argument { value, slot: inner.clone() };
                Some((vec![place, value], inner))
            }
            ("take", 1) => {
                let arguments = self.plain_arguments(call);
                let inner = self.types.peeled(&arguments[0].slot);
                Some((arguments, inner))
            }
            ("drop", 1) => Some((self.plain_arguments(call), Ty::Unit)),
            ("black_box" | "identity", 1) => {
                let arguments = self.plain_arguments(call);
                let same = arguments[0].slot.clone();
                Some((arguments, same))
            }
            _ => None,
        }
    }

    /// The names of a path, those that the body imports spelled out.
    pub(super) fn resolved(&self, path: &syn::Path) -> Vec<String> {
        let mut names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if let Some(imported) = names.first().and_then(|first| self.imports.get(first)) {
            names.splice(..1, imported.iter().cloned());
        }
        names
    }

    /// Notes what a `use` inside the body brings.
    pub(super) fn import(&mut self, tree: &syn::UseTree, before: &[String]) {
        let joined = |name: &syn::Ident| before.iter().cloned().chain([name.to_string()]).collect::<Vec<_>>();
        match tree {
            syn::UseTree::Path(path) => self.import(&path.tree, &joined(&path.ident)),
            syn::UseTree::Name(name) => {
                drop(self.imports.insert(name.ident.to_string(), joined(&name.ident)));
            }
            syn::UseTree::Rename(name) => {
                drop(self.imports.insert(name.rename.to_string(), joined(&name.ident)));
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree, before)),
            syn::UseTree::Glob(_) => {}
        }
    }
}

/// The module of the standard library that a bare name comes from, where its arguments leave no other choice: no
/// differentiable function takes `&mut` borrows or closures.
fn assumed_owner(name: &str, call: &syn::ExprCall) -> Option<&'static str> {
    let borrowed = |at: usize| matches!(call.args.get(at), Some(syn::Expr::Reference(reference)) if reference.mutability.is_some());
    match name {
        "drop" => Some("mem"),
        "swap" if borrowed(0) && borrowed(1) => Some("mem"),
        "replace" | "take" if borrowed(0) => Some("mem"),
        "from_fn" => match call.args.first() {
            Some(syn::Expr::Closure(closure)) if closure.inputs.is_empty() => Some("iter"),
            Some(syn::Expr::Closure(_)) => Some("array"),
            _ => None,
        },
        "repeat_with" | "once_with" if matches!(call.args.first(), Some(syn::Expr::Closure(_))) => {
            Some("iter")
        }
        "successors" if matches!(call.args.get(1), Some(syn::Expr::Closure(_))) => Some("iter"),
        _ => None,
    }
}

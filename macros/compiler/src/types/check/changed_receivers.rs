//! Which methods change what they are called on, where their result is used: `let y = filter.update(x);`. Only rustc knows the
//! method; the function tells by what else it does. A variable is bound with `mut` for a reason: if nothing else in the function
//! changes it, its methods do. And a method that is called elsewhere as a statement, or as `Filter::update(&mut filter, x)`, does so
//! here too.

use super::root_name;
use crate::types::tree::{address, is_assigning};
use proc_macro2::Ident;
use std::collections::{HashMap, HashSet};
use syn::visit::Visit;

/// What methods that change something are called. It decides between several methods of one variable alone.
const VERBS: &[&str] = &[
    "add",
    "advance",
    "apply",
    "assimilate",
    "consume",
    "correct",
    "draw",
    "evolve",
    "feed",
    "filter",
    "insert",
    "kick",
    "learn",
    "move",
    "next",
    "observe",
    "pop",
    "predict",
    "process",
    "push",
    "record",
    "remove",
    "replace",
    "reset",
    "sample",
    "set",
    "step",
    "take",
    "tick",
    "train",
    "update",
];

/// The calls by [`address`] whose methods change the receiver. `siblings` are methods of the block around that do.
pub(super) fn changed_receivers(item: &syn::ItemFn, siblings: &[String]) -> HashSet<usize> {
    let mut search = Search { siblings, ..Search::default() };
    search.scopes.push(HashMap::new());
    for input in &item.sig.inputs {
        if let syn::FnArg::Typed(argument) = input {
            search.bind(&argument.pat, is_mutable_reference(&argument.ty));
        }
    }
    search.visit_block(&item.block);
    let Search { mut changing, bindings, parts, known, .. } = search;
    let is_known = |method: &Ident| known.iter().any(|name| method == name);
    for binding in bindings.iter().filter(|binding| binding.mutable) {
        if !binding.explained {
            changing.extend(changing_among(&binding.calls));
        }
        let others = binding.calls.iter().filter(|(_, method)| is_known(method));
        changing.extend(others.map(|(address, _)| *address));
    }
    let of_parts = parts.iter().filter(|(_, method, root)| bindings[*root].mutable && is_known(method));
    changing.extend(of_parts.map(|(address, _, _)| *address));
    changing
}

fn changing_among(calls: &[(usize, &Ident)]) -> Vec<usize> {
    let names: HashSet<String> = calls.iter().map(|(_, method)| method.to_string()).collect();
    let is_verb =
        |name: &str| VERBS.iter().any(|verb| name == *verb || name.starts_with(&format!("{verb}_")));
    let changing = calls.iter().filter(|(_, method)| names.len() == 1 || is_verb(&method.to_string()));
    changing.map(|(address, _)| *address).collect()
}

/// Whether an expression lends what it names, or the items of it, to be changed.
fn is_lent(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Reference(reference) => reference.mutability.is_some(),
        syn::Expr::MethodCall(call) => call.method == "iter_mut" || is_lent(&call.receiver),
        _ => false,
    }
}

fn is_mutable_reference(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Reference(reference) if reference.mutability.is_some())
}

/// A variable.
#[derive(Default)]
struct Binding<'a> {
    /// Whether it, or what it leads to, may be changed.
    mutable: bool,
    /// Whether something else than its methods changes it.
    explained: bool,
    /// The methods that are called on it for their result, and the addresses of the calls.
    calls: Vec<(usize, &'a Ident)>,
}

#[derive(Default)]
struct Search<'a> {
    siblings: &'a [String],
    bindings: Vec<Binding<'a>>,
    /// The variables by their names, from the outermost block to the innermost.
    scopes: Vec<HashMap<String, usize>>,
    /// Calls whose result nobody uses.
    statements: HashSet<usize>,
    changing: HashSet<usize>,
    /// Methods of parts of variables that are called for their result, the addresses of the calls, and the variables.
    parts: Vec<(usize, &'a Ident, usize)>,
    /// The names of methods that are known to change what they are called on.
    known: HashSet<String>,
    /// Whether what is bound is lent by `&mut`.
    lent: bool,
}

impl<'a> Search<'a> {
    fn bind(&mut self, pattern: &'a syn::Pat, lent: bool) {
        let before = std::mem::replace(&mut self.lent, lent);
        self.visit_pat(pattern);
        self.lent = before;
    }

    fn within(&mut self, inside: impl FnOnce(&mut Self)) {
        self.scopes.push(HashMap::new());
        inside(self);
        self.scopes.pop();
    }

    fn at(&self, name: &str) -> Option<usize> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name)).copied()
    }

    fn variable(&mut self, name: &str) -> Option<&mut Binding<'a>> {
        let at = self.at(name)?;
        self.bindings.get_mut(at)
    }

    /// Something else than a method for its result changes a place.
    fn explain(&mut self, place: &syn::Expr) {
        if let Some(variable) = root_name(place).and_then(|name| self.variable(&name)) {
            variable.explained = true;
        }
    }

    /// A call that may be a statement.
    fn note_statement(&mut self, statement: Option<&'a syn::Stmt>, is_last: bool) {
        if let Some(syn::Stmt::Expr(value @ syn::Expr::MethodCall(call), semicolon)) = statement
            && (semicolon.is_some() || is_last)
        {
            self.explain(&call.receiver);
            self.known.insert(call.method.to_string());
            self.statements.insert(address(value));
        }
    }

    fn call(&mut self, call: &'a syn::ExprMethodCall, at: usize) {
        let mut receiver = &*call.receiver;
        while let syn::Expr::Paren(inner) = receiver {
            receiver = &inner.expr;
        }
        if self.siblings.iter().any(|name| call.method == name) && root_name(receiver).is_some() {
            self.changing.insert(at);
        }
        match receiver {
            syn::Expr::Path(_) if call.method == "iter_mut" => self.explain(receiver),
            syn::Expr::Path(path) => {
                let name = path.path.get_ident().map(ToString::to_string);
                if let Some(variable) = name.and_then(|name| self.variable(&name)) {
                    variable.calls.push((at, &call.method));
                }
            }
            // `(&mut filter).update(x)`
            syn::Expr::Reference(reference) if reference.mutability.is_some() => {
                self.known.insert(call.method.to_string());
                self.changing.insert(at);
            }
            // A method of a part of it may be the reason.
            syn::Expr::Field(_) | syn::Expr::Index(_) => {
                self.explain(receiver);
                let root = root_name(receiver).and_then(|name| self.at(&name));
                self.parts.extend(root.map(|root| (at, &call.method, root)));
            }
            _ => {}
        }
    }
}

impl<'a> Visit<'a> for Search<'a> {
    fn visit_pat_ident(&mut self, name: &'a syn::PatIdent) {
        let mutable = self.lent || name.mutability.is_some();
        self.bindings.push(Binding { mutable, ..Binding::default() });
        let at = self.bindings.len() - 1;
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.ident.to_string(), at);
        }
    }

    fn visit_block(&mut self, block: &'a syn::Block) {
        self.within(|search| syn::visit::visit_block(search, block));
    }

    fn visit_arm(&mut self, arm: &'a syn::Arm) {
        self.within(|search| syn::visit::visit_arm(search, arm));
    }

    fn visit_expr_closure(&mut self, closure: &'a syn::ExprClosure) {
        self.within(|search| syn::visit::visit_expr_closure(search, closure));
    }

    fn visit_local(&mut self, local: &'a syn::Local) {
        let declared = matches!(&local.pat, syn::Pat::Type(typed) if is_mutable_reference(&typed.ty));
        if let Some(init) = &local.init {
            // A reference to all of a variable stands for it: `let this = &mut this_changed;`.
            if !matches!(&*init.expr, syn::Expr::Reference(_)) {
                self.visit_expr(&init.expr);
            }
            init.diverge.iter().for_each(|(_, otherwise)| self.visit_expr(otherwise));
        }
        let value = local.init.as_ref().map(|init| &*init.expr);
        self.bind(&local.pat, declared || value.is_some_and(is_lent));
    }

    fn visit_expr_assign(&mut self, assign: &'a syn::ExprAssign) {
        self.explain(&assign.left);
        syn::visit::visit_expr_assign(self, assign);
    }

    fn visit_expr_binary(&mut self, binary: &'a syn::ExprBinary) {
        if is_assigning(&binary.op) {
            self.explain(&binary.left);
        }
        syn::visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_reference(&mut self, reference: &'a syn::ExprReference) {
        if reference.mutability.is_some() {
            self.explain(&reference.expr);
        }
        syn::visit::visit_expr_reference(self, reference);
    }

    fn visit_expr_call(&mut self, call: &'a syn::ExprCall) {
        // A variable that is a `&mut` reference is lent to whom it is given.
        call.args
            .iter()
            .filter(|argument| matches!(argument, syn::Expr::Path(_)))
            .for_each(|path| self.explain(path));
        if let (syn::Expr::Path(path), Some(syn::Expr::Reference(first))) = (&*call.func, call.args.first())
            && first.mutability.is_some()
        {
            self.known.extend(path.path.segments.last().map(|last| last.ident.to_string()));
        }
        syn::visit::visit_expr_call(self, call);
    }

    fn visit_stmt(&mut self, statement: &'a syn::Stmt) {
        self.note_statement(Some(statement), false);
        syn::visit::visit_stmt(self, statement);
    }

    fn visit_expr_while(&mut self, repeat: &'a syn::ExprWhile) {
        self.visit_expr(&repeat.cond);
        // What stands at the end of a loop's body is a statement.
        self.note_statement(repeat.body.stmts.last(), true);
        self.visit_block(&repeat.body);
    }

    fn visit_expr_for_loop(&mut self, repeat: &'a syn::ExprForLoop) {
        self.visit_expr(&repeat.expr);
        self.within(|search| {
            search.bind(&repeat.pat, is_lent(&repeat.expr));
            search.note_statement(repeat.body.stmts.last(), true);
            search.visit_block(&repeat.body);
        });
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        self.visit_expr(&call.receiver);
        for argument in &call.args {
            match argument {
                syn::Expr::Closure(closure) => self.within(|search| {
                    closure.inputs.iter().for_each(|input| search.bind(input, is_lent(&call.receiver)));
                    search.visit_expr(&closure.body);
                }),
                argument => self.visit_expr(argument),
            }
        }
    }

    fn visit_expr(&mut self, expression: &'a syn::Expr) {
        if let syn::Expr::MethodCall(call) = expression
            && !self.statements.contains(&address(expression))
        {
            self.call(call, address(expression));
        }
        syn::visit::visit_expr(self, expression);
    }

    fn visit_item(&mut self, _: &'a syn::Item) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The methods that are found to change their receivers.
    fn found(item: &syn::ItemFn) -> Vec<String> {
        struct Names<'f>(&'f HashSet<usize>, Vec<String>);
        impl<'ast> Visit<'ast> for Names<'_> {
            fn visit_expr(&mut self, expression: &'ast syn::Expr) {
                if let syn::Expr::MethodCall(call) = expression
                    && self.0.contains(&address(expression))
                {
                    self.1.push(call.method.to_string());
                }
                syn::visit::visit_expr(self, expression);
            }
        }
        let changing = changed_receivers(item, &["own".to_owned()]);
        let mut names = Names(&changing, Vec::new());
        names.visit_block(&item.block);
        names.1
    }

    #[test]
    fn what_nothing_else_explains() {
        for (text, expected) in [
            ("fn f(a: A) -> f64 { let mut a = a; a.get() }", &["get"][..]),
            ("fn f(a: A) -> f64 { a.get() }", &[]),
            ("fn f(a: A) -> f64 { let mut a = a; a.x += 1.0; a.get() }", &[]),
            ("fn f(a: A) -> f64 { let mut a = a; a.go(); a.get() }", &[]),
            ("fn f(a: A) -> f64 { let mut a = a; for _ in 0..3 { a.go() } a.get() }", &[]),
            ("fn f(a: &mut A) -> f64 { a.get() + a.get() }", &["get", "get"]),
            ("fn f(a: &mut A) -> f64 { a.get() + g(a) }", &[]),
            ("fn f(mut a: A) -> f64 { a.energy() * a.step(1.0) }", &["step"]),
            ("fn f(a: &mut [A]) -> f64 { a.iter_mut().map(|a| a.get()).sum() }", &["get"]),
            ("fn f(a: &[A]) -> f64 { a.iter().map(|a| a.get()).sum() }", &[]),
            (
                "fn f(a: &mut [A]) -> f64 { let mut s = 0.0; for b in a.iter_mut() { s += b.get(); } s }",
                &["get"],
            ),
            ("fn f(a: A) -> f64 { let b = (&mut a).get(); b * a.get() }", &["get"]),
            ("fn f(a: A) -> f64 { let mut a = a; { let a = 1.0; a.sin() }; a.get() }", &["get"]),
            ("fn f(mut a: A) -> f64 { a.part.get() + a.get() }", &[]),
            ("fn f(a: A) -> f64 { a.own() }", &["own"]),
            ("fn f(a: A) -> f64 { let mut a = a; a.go(1.0); a.go(2.0) * a.get() }", &["go"]),
            (
                "fn f(a: A) -> f64 { let mut a = a; A::go(&mut a, 1.0); a.go(2.0) * a.part.go(2.0) }",
                &["go", "go"],
            ),
            ("fn f(a: A, b: A) -> f64 { let mut a = a; a.go(1.0); a.get() * b.go(2.0) }", &[]),
        ] {
            assert_eq!(found(&syn::parse_str(text).unwrap()), expected, "{text}");
        }
    }
}

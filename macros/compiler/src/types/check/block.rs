//! Blocks and statements.

use super::wanted::Consumer;
use super::{Checker, types};
use crate::syntax::refusals;
use crate::types::tree::{Block, Expr, Kind, Pattern, Statement};
use crate::types::ty::Ty;
use syn::spanned::Spanned;

impl<'a> Checker<'a> {
    /// A block; `expected` is the type of the place its value goes to, if known.
    pub(super) fn block(
        &mut self,
        written: &'a syn::Block,
        label: Option<&'a syn::Label>,
        expected: Option<&Ty>,
    ) -> Block<'a> {
        self.scoped(|checker| checker.block_in_scope(written, label, expected))
    }

    pub(super) fn block_in_scope(
        &mut self,
        written: &'a syn::Block,
        label: Option<&'a syn::Label>,
        expected: Option<&Ty>,
    ) -> Block<'a> {
        let mut statements = Vec::new();
        let mut tail = None;
        let mut diverges = false;
        for statement in &written.stmts {
            if let syn::Stmt::Item(syn::Item::Use(item)) = statement {
                self.import(&item.tree, &[]);
            }
        }
        for (at, statement) in written.stmts.iter().enumerate() {
            match statement {
                syn::Stmt::Local(local) => {
                    statements.push(self.local(local, &written.stmts[at + 1..]));
                }
                syn::Stmt::Expr(value, None)
                    if std::ptr::eq(statement, written.stmts.last().unwrap_or(statement)) =>
                {
                    tail = Some(Box::new(self.expect(value, expected, Consumer::Any)));
                }
                other => {
                    let statement = self.statement(other);
                    diverges |= matches!(&statement, Statement::Expr { value, .. } if value.ty == Ty::Never);
                    statements.push(statement);
                }
            }
        }
        let ty = match &tail {
            Some(tail) => tail.ty.clone(),
            None if diverges => Ty::Never,
            None => Ty::Unit,
        };
        Block { statements, tail, ty, label }
    }

    fn statement(&mut self, written: &'a syn::Stmt) -> Statement<'a> {
        match written {
            syn::Stmt::Local(local) => self.local(local, &[]),
            syn::Stmt::Item(item) => {
                self.item(item);
                Statement::Verbatim(written)
            }
            syn::Stmt::Expr(value, semicolon) => {
                if semicolon.is_some() {
                    self.unused.insert(crate::types::tree::address(value));
                }
                Statement::Expr { value: self.expression(value), semicolon: semicolon.is_some() }
            }
            syn::Stmt::Macro(statement) => match self.macros.statement(statement) {
                Some(expression) => Statement::Expr { value: self.expression(expression), semicolon: true },
                None => Statement::Verbatim(written),
            },
        }
    }

    /// A closure whose type is written as a pointer to any function of that signature computes with `f64`s.
    fn oblige_closure(&mut self, value: &Expr<'a>, pattern: &syn::Pat) {
        let syn::Pat::Type(typed) = pattern else { return };
        let mut ty = &*typed.ty;
        while let syn::Type::Reference(syn::TypeReference { elem, .. })
        | syn::Type::Paren(syn::TypeParen { elem, .. }) = ty
        {
            ty = elem;
        }
        if let (syn::Type::TraitObject(_) | syn::Type::FnPtr(_), Ty::Closure(_, output, _)) =
            (ty, self.types.peeled(&value.ty))
        {
            self.oblige(&output, refusals::closure_behind_pointer(typed.ty.span()).over(&typed.ty));
        }
    }

    /// A `let`, and the statements behind it.
    fn local(&mut self, written: &'a syn::Local, behind: &[syn::Stmt]) -> Statement<'a> {
        let annotation = match &written.pat {
            syn::Pat::Type(typed) => Some(self.annotation(&typed.ty)),
            _ => None,
        };
        let consumer = match &written.pat {
            // An array has a `map` too.
            syn::Pat::Ident(name)
                if name.mutability.is_some()
                    && written.init.as_ref().is_some_and(|init| is_mapped(&init.expr))
                    && is_advanced(&name.ident, behind) =>
            {
                Consumer::Iterator
            }
            pattern => Consumer::pattern(pattern),
        };
        self.declared = match (&written.pat, &written.init) {
            (syn::Pat::Type(typed), Some(init)) => {
                gathered(&init.expr, &typed.ty).map(|gathered| (gathered, &*typed.ty))
            }
            _ => None,
        };
        let value = written.init.as_ref().map(|init| self.expect(&init.expr, annotation.as_ref(), consumer));
        if let (syn::Pat::Ident(name), Some(init)) = (&written.pat, &written.init)
            && let syn::Expr::Call(call) = &*init.expr
            && let syn::Expr::Path(function) = &*call.func
            && let Some(owner) = super::call::collection_made_by(&function.path)
        {
            self.collections.insert(name.ident.to_string(), owner);
        }
        let otherwise = written
            .init
            .as_ref()
            .and_then(|init| init.diverge.as_ref())
            .map(|(_, otherwise)| self.expression(otherwise));
        let ty = match (annotation, &value) {
            (Some(annotation), _) => annotation,
            (None, Some(value)) if matches!(value.ty, Ty::Closure(..)) => value.ty.clone(),
            // A variable that is never assigned has the type of its value.
            (None, Some(value)) if !is_mutable(&written.pat) && self.types.has_unknown(&value.ty) => {
                value.ty.clone()
            }
            (None, Some(value)) => self.types.fresh_like(&value.ty),
            (None, None) => self.types.unknown(),
        };
        if let Some(value) = &value {
            self.oblige_closure(value, &written.pat);
            if let syn::Pat::Type(_) = &written.pat {
                self.tell_float(value, &ty);
            }
            // An alias may stand for `f32`: a literal does not show its type.
            let is_told =
                !matches!(self.types.shallow(&ty), Ty::Unknown(_)) || !is_float_literal(value.written);
            if is_told || !matches!(written.pat, syn::Pat::Type(_)) {
                self.types.flow(&value.ty, &ty);
            }
            if borrows(&written.pat) {
                self.types.flow(&ty, &value.ty);
            }
        }
        // Of several `let`s of a name under `#[cfg(…)]` one is compiled: what the name holds is any of them.
        let conditional = written.attrs.iter().any(|attribute| attribute.path().is_ident("cfg"));
        if conditional && let Some(other) = single_name(&written.pat).and_then(|name| self.lookup(&name)) {
            self.types.equate(&ty, &self.variables[other.0].ty.clone());
        }
        let pattern = self.let_pattern(&written.pat, &ty, written.init.as_ref().map(|init| &*init.expr));
        if let (Some(value), Some(name)) = (&value, single_name(&written.pat)) {
            self.name_site(value, &name);
        }
        Statement::Let { written, pattern, value, otherwise }
    }

    /// The pattern of a `let`: a plain name is the slot itself, so that assigning to it later finds it; and if it is
    /// given the name of a function it stands for that.
    fn let_pattern(&mut self, written: &'a syn::Pat, ty: &Ty, value: Option<&'a syn::Expr>) -> Pattern<'a> {
        let name = match written {
            syn::Pat::Type(typed) => &*typed.pat,
            other => other,
        };
        if let syn::Pat::Ident(name) = name
            && name.by_ref.is_none()
            && name.subpat.is_none()
        {
            let mut binding = self.bind(&name.ident, ty, false);
            binding.mutable = name.mutability.is_some();
            if let Some(syn::Expr::Path(function)) = value
                && self.lookup_path(&function.path).is_none()
                && !binding.mutable
            {
                self.aliases.insert(binding.variable.0, &function.path);
            }
            return Pattern { written, ty: ty.clone(), bindings: vec![binding] };
        }
        self.pattern(written, ty)
    }

    fn item(&mut self, item: &'a syn::Item) {
        match item {
            // The body is there several times: what a static remembers would be, too.
            syn::Item::Static(item)
                if !types::is_plain(&item.ty) || !matches!(item.mutability, syn::StaticMutability::None) =>
            {
                self.refusals.refuse(refusals::static_in_body(item.static_token.span));
            }
            syn::Item::Macro(item) if item.mac.path.is_ident("macro_rules") => {
                let name = item.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                for variable in self.mentioned(&item.mac.tokens) {
                    let ty = self.variables[variable.0].ty.clone();
                    self.oblige(&ty, refusals::macro_in_body(item.mac.path.span(), &name));
                }
            }
            _ => {}
        }
    }

    /// An expression whose value goes to a place of type `expected`.
    fn expect(&mut self, written: &'a syn::Expr, expected: Option<&Ty>, consumer: Consumer) -> Expr<'a> {
        let expression = self.consumed(written, consumer);
        // `Vec::new()`, `collect()` and the like learn their type from where they go.
        if let (Some(expected), Ty::Unknown(_)) = (expected, self.types.shallow(&expression.ty))
            && !matches!(expression.kind, Kind::Opaque)
        {
            self.types.flow(&expression.ty, expected);
        }
        expression
    }
}

/// Whether an expression is a call of `map`.
fn is_mapped(written: &syn::Expr) -> bool {
    matches!(written, syn::Expr::MethodCall(call) if call.method == "map")
}

/// Whether statements ask a variable for its next item.
fn is_advanced(name: &syn::Ident, statements: &[syn::Stmt]) -> bool {
    struct Find<'n>(&'n syn::Ident, bool);
    impl<'ast> syn::visit::Visit<'ast> for Find<'_> {
        fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
            let of_it = matches!(&*call.receiver, syn::Expr::Path(path) if path.path.is_ident(self.0));
            self.1 |= of_it && (call.method == "next" || call.method == "by_ref");
            syn::visit::visit_expr_method_call(self, call);
        }
    }
    let mut find = Find(name, false);
    statements.iter().for_each(|statement| syn::visit::Visit::visit_stmt(&mut find, statement));
    find.1
}

/// Whether a pattern borrows from what it takes apart.
fn borrows(pattern: &syn::Pat) -> bool {
    struct Find(bool);
    impl<'ast> syn::visit::Visit<'ast> for Find {
        fn visit_pat_ident(&mut self, name: &'ast syn::PatIdent) {
            self.0 |= name.by_ref.is_some();
            syn::visit::visit_pat_ident(self, name);
        }
    }
    let mut find = Find(false);
    syn::visit::Visit::visit_pat(&mut find, pattern);
    find.0
}

/// Whether a `let` binds one name that can be assigned to.
fn is_mutable(pattern: &syn::Pat) -> bool {
    matches!(pattern, syn::Pat::Ident(name) if name.mutability.is_some())
}

/// The name of a `let` that binds just one.
fn single_name(pattern: &syn::Pat) -> Option<String> {
    match pattern {
        syn::Pat::Ident(name) => Some(name.ident.to_string()),
        syn::Pat::Type(typed) => single_name(&typed.pat),
        _ => None,
    }
}

/// A float without a suffix, whose type rustc infers from its use.
fn is_float_literal(written: &syn::Expr) -> bool {
    match written {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Float(float), .. }) => float.suffix().is_empty(),
        syn::Expr::Unary(syn::ExprUnary { op: syn::UnOp::Neg(_), expr: inner, .. })
        | syn::Expr::Paren(syn::ExprParen { expr: inner, .. }) => is_float_literal(inner),
        _ => false,
    }
}

/// A call of `collect`, which gives what is wanted; or a sum of what may be missing.
fn gathered<'a>(value: &'a syn::Expr, declared: &syn::Type) -> Option<&'a syn::Expr> {
    match value {
        syn::Expr::MethodCall(call) if call.method == "collect" => Some(value),
        syn::Expr::MethodCall(call) if call.method == "sum" || call.method == "product" => {
            let name = types::last_segment(declared)?.ident.to_string();
            ["Option", "Result"].contains(&name.as_str()).then_some(value)
        }
        syn::Expr::Paren(inner) => gathered(&inner.expr, declared),
        _ => None,
    }
}

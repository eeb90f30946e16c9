//! Expressions: which construct it is.

use super::Checker;
use super::wanted::Consumer;
use crate::syntax::refusals;
use crate::types::tree::{Expr, Kind, StructLiteral};
use crate::types::ty::{Act, Sequence, Ty};
use crate::types::walk;
use quote::ToTokens;
use syn::spanned::Spanned;

impl<'a> Checker<'a> {
    pub(super) fn boxed(&mut self, written: &'a syn::Expr) -> Box<Expr<'a>> {
        Box::new(self.expression(written))
    }

    pub(super) fn expression(&mut self, written: &'a syn::Expr) -> Expr<'a> {
        match written {
            syn::Expr::Lit(literal) => self.literal(literal, written),
            syn::Expr::Path(path) => self.path(path, written),
            syn::Expr::Paren(paren) => {
                let inner = self.boxed(&paren.expr);
                let ty = inner.ty.clone();
                self.expr(Kind::Paren(inner), ty, written)
            }
            syn::Expr::Group(group) => {
                let inner = self.boxed(&group.expr);
                let ty = inner.ty.clone();
                self.expr(Kind::Paren(inner), ty, written)
            }
            syn::Expr::Unary(unary) => self.unary(unary, written),
            syn::Expr::Binary(binary) => self.binary(binary, written),
            syn::Expr::Assign(assign) => self.assign(assign, written),
            syn::Expr::Cast(cast) => self.cast(cast, written),
            syn::Expr::Index(index) => self.index(index, written),
            syn::Expr::Field(field) => self.field(field, written),
            syn::Expr::Reference(reference) => {
                let mutable = reference.mutability.is_some();
                let inner = self.boxed(&reference.expr);
                let ty = Ty::Ref { mutable, inner: Box::new(inner.ty.clone()) };
                self.expr(Kind::Reference(inner), ty, written)
            }
            syn::Expr::Tuple(tuple) => self.tuple(tuple, written),
            syn::Expr::Array(array) => self.list(&array.elems, false, written),
            syn::Expr::Repeat(repeat) => self.repeat(&repeat.expr, &repeat.len, false, written),
            syn::Expr::Range(range) => self.range(range, written),
            syn::Expr::Call(call) => self.call(call, written),
            syn::Expr::MethodCall(call) => self.method_call(call, written),
            syn::Expr::Macro(call) => self.macro_call(&call.mac, written),
            syn::Expr::Block(block) => self.block_expression(block, written),
            syn::Expr::If(branch) => self.branch(branch, written),
            syn::Expr::Let(binding) => self.let_condition(binding, written),
            syn::Expr::Match(choice) => self.choice(choice, written),
            syn::Expr::ForLoop(repeat) => self.for_loop(repeat, written),
            syn::Expr::While(repeat) => self.while_loop(repeat, written),
            syn::Expr::Loop(repeat) => self.endless_loop(repeat, written),
            syn::Expr::Break(leave) => self.leave(leave, written),
            syn::Expr::Continue(_) => self.expr(Kind::Opaque, Ty::Never, written),
            syn::Expr::Return(back) => self.give_back(back, written),
            syn::Expr::Closure(closure) => self.closure(closure, None, written),
            syn::Expr::Struct(literal) => self.struct_literal(literal, written),
            syn::Expr::Try(mark) => self.question_mark(mark, written),
            other => self.refuse_expression(other),
        }
    }

    /// `value?`
    fn question_mark(&mut self, mark: &'a syn::ExprTry, written: &'a syn::Expr) -> Expr<'a> {
        let value = Box::new(self.consumed(&mark.expr, Consumer::Option));
        let inner = self.inside_option(&value.ty);
        self.expr(Kind::Try(value), inner, written)
    }

    /// What is in an `Option` or a `Result`. What a function gives turns out to be one.
    pub(super) fn inside_option(&mut self, ty: &Ty) -> Ty {
        let known = self.types.peeled(ty);
        if let Ty::Option(inner) = known {
            return *inner;
        }
        self.types.expect_option(ty).unwrap_or_else(|| self.data())
    }

    /// What is not supported, by name; refused outright where it cannot be passive.
    fn refuse_expression(&mut self, written: &'a syn::Expr) -> Expr<'a> {
        match written {
            syn::Expr::Unsafe(block) => {
                self.refusals.refuse(refusals::unsafe_block(block.unsafe_token.span));
            }
            syn::Expr::Async(block) => {
                self.refusals.refuse(refusals::async_code(block.async_token.span));
            }
            syn::Expr::Await(wait) => {
                self.refusals.refuse(refusals::async_code(wait.await_token.span));
            }
            // It cannot name variables.
            syn::Expr::Const(_) => {}
            other => {
                let what = match other {
                    syn::Expr::RawAddr(_) => "a raw borrow",
                    syn::Expr::Infer(_) => "`_`",
                    _ => "this expression",
                };
                self.refusals.refuse(refusals::unsupported_expression(other.span(), what).over(other));
            }
        }
        self.foreign(written)
    }

    fn literal(&mut self, literal: &'a syn::ExprLit, written: &'a syn::Expr) -> Expr<'a> {
        let ty = match &literal.lit {
            syn::Lit::Float(float) if float.suffix() == "f32" => Ty::F32,
            syn::Lit::Float(_) => Ty::PASSIVE_FLOAT,
            syn::Lit::Int(int) if int.suffix() == "f64" => Ty::PASSIVE_FLOAT,
            syn::Lit::Int(int) if int.suffix() == "f32" => Ty::F32,
            syn::Lit::Int(_) | syn::Lit::Byte(_) => Ty::Int,
            syn::Lit::Bool(_) => Ty::Bool,
            _ => Ty::Data,
        };
        self.expr(Kind::Opaque, ty, written)
    }

    fn path(&mut self, path: &'a syn::ExprPath, written: &'a syn::Expr) -> Expr<'a> {
        if let Some(name) = path.path.get_ident()
            && path.qself.is_none()
            && let Some(variable) = self.lookup(&name.to_string())
        {
            self.note_use(variable);
            let ty = self.variables[variable.0].ty.clone();
            return self.expr(Kind::Variable(variable), ty, written);
        }
        let of_f64 =
            path.path.segments.iter().any(|segment| segment.ident == "f64" || segment.ident == "consts");
        if of_f64 && path.path.segments.len() > 1 {
            return self.expr(Kind::Opaque, Ty::PASSIVE_FLOAT, written);
        }
        if path.path.is_ident("None") {
            let inner = self.types.open();
            return self.expr(Kind::Opaque, Ty::option(inner), written);
        }
        // A constant of a type may be a struct: `Vec3::UP`.
        let owner = path.path.segments.iter().rev().nth(1).map(|owner| owner.ident.to_string());
        if owner.is_some_and(|owner| owner.starts_with(char::is_uppercase)) {
            let ty = self.types.named(Act::PASSIVE);
            return self.opaque(ty, written);
        }
        self.foreign(written)
    }

    fn index(&mut self, index: &'a syn::ExprIndex, written: &'a syn::Expr) -> Expr<'a> {
        let base = self.boxed(&index.expr);
        let at = self.boxed(&index.index);
        if !self.types.is_collection(&base.ty) {
            self.types.expect(&at.ty, &Ty::Int);
        }
        let element = self.types.element(&base.ty);
        let ty = match (element, self.types.shallow(&at.ty)) {
            (Some(element), Ty::Range) => Ty::sequence(Sequence::Slice, element),
            (Some(element), _) => element,
            (None, _) => self.types.unknown_with(Act::PASSIVE),
        };
        self.expr(Kind::Index { base, bracket: &index.bracket_token, index: at }, ty, written)
    }

    fn field(&mut self, field: &'a syn::ExprField, written: &'a syn::Expr) -> Expr<'a> {
        let base = self.boxed(&field.base);
        let ty = match (self.types.peeled(&base.ty), &field.member) {
            (Ty::Tuple(parts), syn::Member::Unnamed(at)) => {
                let part = usize::try_from(at.index).ok().and_then(|at| parts.get(at).cloned());
                part.unwrap_or(Ty::Unit)
            }
            (Ty::Unknown(whole), syn::Member::Unnamed(_)) => self.types.part(whole),
            (Ty::Struct(_) | Ty::Unknown(_), member) => {
                let field = self.types.field(&base.ty, &member_name(member));
                field.unwrap_or_else(|| self.types.unknown_with(Act::PASSIVE))
            }
            // Rustc says that there is no such field.
            _ => self.types.unknown_with(Act::PASSIVE),
        };
        self.expr(Kind::Field { base, member: &field.member }, ty, written)
    }

    fn tuple(&mut self, tuple: &'a syn::ExprTuple, written: &'a syn::Expr) -> Expr<'a> {
        let parts: Vec<_> = tuple.elems.iter().map(|part| self.expression(part)).collect();
        let ty = if parts.is_empty() {
            Ty::Unit
        } else {
            Ty::Tuple(parts.iter().map(|part| part.ty.clone()).collect())
        };
        self.expr(Kind::Tuple(parts), ty, written)
    }

    /// `Vec3 { x, y, z: 0.0 }`, `Body { mass: 1.0, ..body }`: a struct as active as what goes into it.
    fn struct_literal(&mut self, literal: &'a syn::ExprStruct, written: &'a syn::Expr) -> Expr<'a> {
        let fields: Vec<_> = literal.fields.iter().map(|field| self.expression(&field.expr)).collect();
        let base = literal.rest.as_deref().map(|base| self.boxed(base));
        let members = literal.fields.iter().map(|field| field.member.clone()).collect();
        self.structure(StructLiteral { path: &literal.path, members, fields, base }, written)
    }

    /// A struct that is written out. One of data alone stays as the user wrote it.
    pub(super) fn structure(&mut self, literal: StructLiteral<'a>, written: &'a syn::Expr) -> Expr<'a> {
        let mut parts = literal.fields.iter().chain(literal.base.as_deref());
        // What is stopped is computed from values, and is one.
        let mut is_stopped = false;
        parts.clone().for_each(|part| {
            walk::visit(part, &mut |inner| is_stopped |= matches!(inner.kind, Kind::StopGradient(_)));
        });
        if !is_stopped && parts.all(|part| self.types.is_passive_for_good(&part.ty)) {
            let ty = self.types.named(Act::PASSIVE);
            return self.opaque(ty, written);
        }
        let whole = if is_stopped { Act::ACTIVE } else { self.types.fresh_act() };
        let ty = self.types.structure(whole);
        for (member, value) in literal.members.iter().zip(&literal.fields) {
            self.types.depends(whole, &value.ty);
            if let Some(field) = self.types.field(&ty, &member_name(member)) {
                self.types.flow(&value.ty, &field);
            }
        }
        if let Some(base) = &literal.base {
            self.types.flow(&base.ty, &ty);
        }
        self.expr(Kind::Struct(literal), ty, written)
    }

    pub(super) fn list(
        &mut self,
        elements: impl IntoIterator<Item = &'a syn::Expr>,
        vec: bool,
        written: &'a syn::Expr,
    ) -> Expr<'a> {
        let elements: Vec<_> = elements.into_iter().map(|element| self.expression(element)).collect();
        let mut slot = None;
        for element in &elements {
            let slot = slot.get_or_insert_with(|| self.types.fresh_like(&element.ty));
            self.types.flow(&element.ty, slot);
        }
        let element = slot.unwrap_or_else(|| self.types.open());
        let kind = if vec { Sequence::Vec } else { Sequence::Array };
        self.expr(Kind::List { vec, elements }, Ty::sequence(kind, element), written)
    }

    pub(super) fn repeat(
        &mut self,
        element: &'a syn::Expr,
        length: &'a syn::Expr,
        vec: bool,
        written: &'a syn::Expr,
    ) -> Expr<'a> {
        let element = self.boxed(element);
        let length = self.boxed(length);
        let slot = self.types.fresh_like(&element.ty);
        self.types.flow(&element.ty, &slot);
        let kind = if vec { Sequence::Vec } else { Sequence::Array };
        self.expr(Kind::Repeat { vec, element, length }, Ty::sequence(kind, slot), written)
    }

    fn range(&mut self, range: &'a syn::ExprRange, written: &'a syn::Expr) -> Expr<'a> {
        let start = range.start.as_deref().map(|start| self.boxed(start));
        let end = range.end.as_deref().map(|end| self.boxed(end));
        let is_integer = |bound: &Option<Box<Expr<'a>>>| match bound {
            Some(bound) => self.types.peeled(&bound.ty) == Ty::Int,
            None => true,
        };
        if is_integer(&start) || is_integer(&end) {
            for bound in [&start, &end].into_iter().flatten() {
                self.types.expect(&bound.ty, &Ty::Int);
            }
        }
        for bound in [&start, &end].into_iter().flatten() {
            let refusal = refusals::range_of_active(range.limits.span()).over(range);
            self.oblige(&bound.ty, refusal);
        }
        self.expr(Kind::Range { start, limits: &range.limits, end }, Ty::Range, written)
    }

    fn cast(&mut self, cast: &'a syn::ExprCast, written: &'a syn::Expr) -> Expr<'a> {
        let value = self.boxed(&cast.expr);
        if let syn::Type::Ptr(_) = &*cast.ty {
            let refusal = refusals::pointer_to_active(cast.ty.span(), "this cast");
            self.oblige(&value.ty, refusal.over(&cast.ty));
            let ty = self.data();
            return self.expr(Kind::Cast { value, to: &cast.ty }, ty, written);
        }
        let to = self.annotation(&cast.ty);
        if matches!(to, Ty::Float(_)) {
            if matches!(self.types.peeled(&value.ty), Ty::Float(_)) {
                let ty = value.ty.clone();
                return self.expr(Kind::Cast { value, to: &cast.ty }, ty, written);
            }
            // From an integer: what it was before the cast is data.
            self.types.expect_part(&value.ty, &Ty::Int);
            return self.expr(Kind::Cast { value, to: &cast.ty }, Ty::PASSIVE_FLOAT, written);
        }
        // Another name for `f64`: a value of the body is cast to nothing else.
        if matches!(to, Ty::Unknown(_)) && matches!(self.types.peeled(&value.ty), Ty::Float(_)) {
            let act = self.types.fresh_act();
            self.types.depends(act, &value.ty);
            let ty = self.types.unknown_with(act);
            return self.expr(Kind::Cast { value, to: &cast.ty }, ty, written);
        }
        if to == Ty::Int {
            self.types.expect_part(&value.ty, &Ty::Int);
        }
        let span = cast.ty.span();
        let name = cast.ty.to_token_stream().to_string();
        let refusal =
            if to == Ty::F32 { refusals::cast_to_f32(span) } else { refusals::cast_to_integer(span, &name) };
        self.oblige(&value.ty, refusal);
        let ty = self.types.passive(&to);
        self.expr(Kind::Cast { value, to: &cast.ty }, ty, written)
    }
}

/// The name of a field.
pub(super) fn member_name(member: &syn::Member) -> String {
    match member {
        syn::Member::Named(name) => crate::syntax::ident::unraw(name),
        syn::Member::Unnamed(at) => at.index.to_string(),
    }
}

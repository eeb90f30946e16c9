//! Expressions.

use super::passive::{host, impure, tokens};
use super::{Lowered, Lowering, Meaning, unsupported};
use crate::ir::{Atom, Class, HostExpression, Init, Piece, StatementKind, Step};
use crate::reasons::{Reason, macro_name, shown};
use crate::types::tree::{Expr, FloatOperation, Kind, Operation, VariableId};
use crate::types::ty::{Sequence, Ty};
use gradus_ops::Op;
use proc_macro2::{Ident, Span};
use quote::{ToTokens, quote, quote_spanned};

impl<'t, 'a> Lowering<'t, 'a> {
    pub(super) fn meaning(&mut self, expression: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        if self.is_given_back(expression) {
            return self.value_given_back(expression);
        }
        let chooses = matches!(
            expression.kind,
            Kind::If { .. } | Kind::Match { .. } | Kind::For { .. } | Kind::While { .. } | Kind::Loop { .. }
        );
        if chooses && let Some(host) = self.all_passive(expression) {
            return self.passive_statement(expression, host);
        }
        let in_order = Self::is_lowered_in_order(expression);
        if !in_order && self.is_verbatim(expression) {
            return self.passive(expression);
        }
        if (!in_order || chooses || matches!(expression.kind, Kind::Block(_)))
            && let Some(host) = self.data_of_numbers(expression)
        {
            return self.passive_statement(expression, host);
        }
        // Chains of operations are deep: they take no more of the stack than they need.
        if let Kind::Operation(operation) = &expression.kind {
            return self.float_operation(operation);
        }
        self.lowered(expression)
    }

    /// Whether an expression decides which statements run, assigns, or is a function: that is lowered whether or not
    /// anything active takes part, since it may change variables.
    fn is_lowered_in_order(expression: &Expr<'a>) -> bool {
        let kind = matches!(
            expression.kind,
            Kind::Block(_)
                | Kind::If { .. }
                | Kind::Match { .. }
                | Kind::For { .. }
                | Kind::While { .. }
                | Kind::Loop { .. }
                | Kind::Break { .. }
                | Kind::Return(_)
                | Kind::Closure(_)
                | Kind::Function { .. }
        );
        kind || matches!(expression.written, syn::Expr::Continue(_)) || expression.assigned().is_some()
    }

    /// An expression that no host expression stands for as a whole.
    #[inline(never)]
    pub(super) fn lowered(&mut self, expression: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        let span = expression.span;
        match &expression.kind {
            Kind::Block(block) => self.block_of(block, &expression.ty),
            Kind::If { condition, then, otherwise } => {
                self.branch(condition, then, otherwise.as_deref(), &expression.ty, span)
            }
            Kind::Match { value, arms } => self.matched(value, arms, &expression.ty, span),
            Kind::For { label, pattern, iterator, body } => {
                self.for_loop(*label, pattern, iterator, body, span)
            }
            Kind::While { label, condition, body } => self.while_loop(*label, condition, body, span),
            Kind::Loop { label, body } => self.endless_loop(*label, body, &expression.ty, span),
            Kind::Break { label, value } => self.leave_labelled(*label, value.as_ref(), span),
            Kind::Return(value) => self.leave_function(value.as_ref(), span),
            // It changes nothing, and rustc would say that it is useless.
            Kind::Assign { place, value } if place.written == value.written => Ok(Meaning::Unit),
            // The user's own data, changed by the user's own tokens.
            Kind::Assign { .. } | Kind::Update { .. } | Kind::Binary { .. }
                if self.changes_data(expression) =>
            {
                let host = self.verbatim(expression)?;
                self.passive_statement(expression, host)
            }
            Kind::Assign { place, value } => self.assign(place, value),
            Kind::Update { place, op, value, .. } => self.update(place, *op, value, span),
            Kind::Binary { operator, left, right } if expression.assigned().is_some() => {
                self.passive_update(operator, left, right, span)
            }
            Kind::Closure(closure) => self.closure(closure),
            Kind::Function { path, what } => Ok(Meaning::Function(path, *what)),
            Kind::Variable(variable) => self.variable(*variable, span),
            Kind::Reference(inner) if expression.lent().is_some() => self.borrowed(inner),
            Kind::Paren(inner) | Kind::Reference(inner) => self.meaning(inner),
            Kind::Deref(inner) => {
                let meaning = self.meaning(inner)?;
                if let Meaning::Borrow(variable) = meaning {
                    self.variable(variable, span)
                } else {
                    Ok(meaning)
                }
            }
            // Numbers are numbers here, whether or not values are chained to them.
            Kind::Into(argument) => self.meaning(&argument.value),
            Kind::Operation(operation) => self.float_operation(operation),
            Kind::Operator { operator, operands, span, .. } => {
                self.operator(*operator, operands, expression, *span)
            }
            Kind::Struct(literal) => self.struct_literal(literal, expression).map(Meaning::Place),
            Kind::Tuple(parts) => self.tuple(parts),
            Kind::Field { base, member } => self.field(base, member, span),
            Kind::Index { .. } if self.is_number_of_data(expression) => {
                let part = self.part_of_data(expression)?;
                let class = super::class(&self.function.types.shallow(&expression.ty));
                Ok(Meaning::Atom(self.evaluated(part, class, "k", expression)))
            }
            Kind::Index { base, index, .. } => self.indexed_place(base, index, span),
            Kind::List { .. } | Kind::Repeat { .. } => self.array(expression),
            Kind::Apply { closure, arguments } => {
                let closure = self.through_borrow(closure)?;
                let arguments = arguments.iter().map(|argument| self.meaning(&argument.value));
                let arguments = arguments.collect::<Lowered<Vec<_>>>()?;
                self.inlined(closure, arguments, span)
            }
            Kind::Total { total, receiver, .. } => self.total(*total, receiver, span),
            Kind::Method { call, receiver, arguments } => self.method(expression, call, receiver, arguments),
            Kind::Call { callee, arguments } => self.call(callee, arguments, expression),
            Kind::Standard { path, arguments } => self.standard(expression, path, arguments),
            Kind::StopGradient(inner) => self.stopped(inner, expression),
            // What sees the plain numbers of active values, and gives something passive.
            Kind::Compare { .. }
            | Kind::Not(_)
            | Kind::Binary { .. }
            | Kind::Minus(_)
            | Kind::Predicate { .. } => {
                let host = self.host(expression)?;
                Ok(Meaning::Atom(self.evaluated(host, Class::Scalar, "test", expression)))
            }
            Kind::Cast { value, .. } => self.cast(value, expression),
            Kind::Try(value) => self.tried(value, expression),
            Kind::Plain(_) => unsupported(Reason::Fallible, span),
            Kind::Show { .. } => {
                let host = self.verbatim(expression)?;
                self.must_run(span)?;
                self.push(StatementKind::Passive { out: None, host }, span);
                let never = self.function.types.shallow(&expression.ty) == Ty::Never;
                Ok(if never { Meaning::Never } else { Meaning::Unit })
            }
            Kind::Range { .. } => self.source(expression).map(|source| Meaning::Iterator(source.into())),
            Kind::Let { .. } => unsupported(Reason::LetCondition, span),
            Kind::Debug { .. } | Kind::Format { .. } => {
                unsupported(Reason::Text(macro_name(expression.written)), span)
            }
            Kind::Opaque => match expression.written {
                syn::Expr::Continue(written) => self.go_on(written.label.as_ref(), span),
                written if super::passive::is_none(written) => self.passive(expression),
                written => unsupported(Reason::Expression(shown(written)), span),
            },
        }
    }

    /// A meaning, or that of the variable behind it.
    pub(super) fn through_borrow(&mut self, expression: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        let mut meaning = self.meaning(expression)?;
        while let Meaning::Borrow(variable) = meaning {
            meaning = self.variable(variable, expression.span)?;
        }
        Ok(meaning)
    }

    pub(super) fn tuple(&mut self, parts: &'t [Expr<'a>]) -> Lowered<Meaning<'t, 'a>> {
        let parts = parts.iter().map(|part| self.part(part));
        Ok(Meaning::Tuple(parts.collect::<Lowered<_>>()?))
    }

    fn field(&mut self, base: &'t Expr<'a>, member: &syn::Member, span: Span) -> Lowered<Meaning<'t, 'a>> {
        match (self.through_borrow(base)?, member) {
            (Meaning::Tuple(parts), syn::Member::Unnamed(at)) => parts
                .into_iter()
                .nth(at.index as usize)
                .map_or_else(|| unsupported(Reason::Field(shown(member)), span), Ok),
            (Meaning::Never, _) => Ok(Meaning::Never),
            (Meaning::Place(place), member) => {
                Ok(Meaning::Place(place.part(Step::Field(member.to_token_stream()))))
            }
            _ => unsupported(Reason::Field(shown(member)), span),
        }
    }

    /// An array that is written there: a list if it is small, else a storage.
    fn array(&mut self, expression: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        let types = &self.function.types;
        let is_lent =
            |element: &Expr<'a>| matches!(types.shallow(&element.ty), Ty::Ref { mutable: true, .. });
        if let Kind::List { elements, .. } = &expression.kind
            && elements.iter().any(is_lent)
        {
            return unsupported(Reason::MutableList, expression.span);
        }
        if Self::is_list(expression) {
            if let Kind::List { elements, .. } = &expression.kind {
                let ty = types.shallow(&expression.ty).item();
                let elements = elements.iter().map(|element| self.element_of_list(element, &ty));
                return Ok(Meaning::List(elements.collect::<Lowered<_>>()?));
            }
            if let Kind::Repeat { element, length, .. } = &expression.kind {
                let meaning = self.part(element)?;
                return Ok(Meaning::List(vec![meaning; super::storage::literal(length).unwrap_or_default()]));
            }
        }
        let ty = types.shallow(&expression.ty);
        self.storage_of(expression, &ty, "list").map(Meaning::Place)
    }

    /// An element of a list. Where other elements are sequences of active numbers, one of plain numbers is one of its own.
    fn element_of_list(&mut self, element: &'t Expr<'a>, ty: &Ty) -> Lowered<Meaning<'t, 'a>> {
        let types = &self.function.types;
        let is_sequence = matches!(types.peeled(ty), Ty::Sequence(..)) && types.is_active(ty);
        if !is_sequence || Self::is_list(element) || !self.is_verbatim(element) {
            return self.part(element);
        }
        self.numbers(&types.peeled(ty), element.span)?;
        let mut made = self.host(element)?;
        if types.shallow(&element.ty).is_reference() {
            made = host(vec![made.into(), tokens(quote!(.to_vec()))]);
        }
        Ok(Meaning::Place(self.new_storage("row", false, Init::Passive(made), element.span)))
    }

    /// A small array of numbers is a list, whether or not the numbers are active yet.
    pub(super) fn listed(&mut self, value: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        if Self::is_list(value) && self.is_of_floats(&value.ty) {
            return self.array(value);
        }
        self.meaning(value)
    }

    fn is_of_floats(&self, ty: &Ty) -> bool {
        let ty = self.function.types.shallow(ty);
        if let Ty::Sequence(_, element) = ty { self.is_of_floats(&element) } else { ty.is_float() }
    }

    /// A part of a tuple or a small array: arrays of numbers in it are lists too.
    pub(super) fn part(&mut self, part: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        let meaning = self.listed(part)?;
        self.owned(meaning, &part.ty, part.span)
    }

    /// Whether an index finds a passive number in data that only rustc needs to know.
    fn is_number_of_data(&self, expression: &'t Expr<'a>) -> bool {
        let types = &self.function.types;
        let is_number = matches!(types.shallow(&expression.ty), Ty::Float(_) | Ty::Int | Ty::Bool);
        is_number
            && !types.is_active(&expression.ty)
            && crate::types::walk::root_variable(expression).is_none()
            && self.is_in_data(expression)
    }

    /// Whether indices and fields lead to data that the user's own tokens name.
    fn is_in_data(&self, expression: &'t Expr<'a>) -> bool {
        let expression = expression.unparenthesized();
        if let Kind::Index { base, .. } | Kind::Field { base, .. } = &expression.kind
            && !self.is_verbatim(expression)
        {
            return self.is_in_data(base);
        }
        self.is_verbatim(expression)
    }

    /// A part of data by indices that look at active numbers; each is computed once.
    fn part_of_data(&mut self, expression: &'t Expr<'a>) -> Lowered<HostExpression> {
        let expression = expression.unparenthesized();
        if self.is_verbatim(expression) {
            return self.host(expression);
        }
        if let Kind::Index { base, index, .. } = &expression.kind {
            let (base, at) = (self.part_of_data(base)?, self.host(index)?);
            let at = self.evaluated(at, Class::Scalar, "at", index);
            return Ok(host(vec![base.into(), Piece::Index(at)]));
        }
        let Kind::Field { base, member } = &expression.kind else { return self.host(expression) };
        Ok(host(vec![self.part_of_data(base)?.into(), tokens(quote!(.#member))]))
    }

    fn indexed_place(
        &mut self,
        base: &'t Expr<'a>,
        index: &'t Expr<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let mut place = match (self.through_borrow(base)?, super::storage::literal(index)) {
            (Meaning::Place(place), _) => place,
            (Meaning::List(parts), Some(at)) if at < parts.len() => return Ok(parts[at].clone()),
            (list @ Meaning::List(_), None) => self.materialized(&list, "list", base.span)?,
            (other, _) => return unsupported(Reason::IndexedValue(self.described(&other)), span),
        };
        // The index has a value of its own, so that it is computed once.
        let step = if matches!(self.function.types.shallow(&index.ty), Ty::Range) {
            Step::Range(self.range_of_indices(index)?)
        } else {
            let at = self.host(index)?;
            let atom = self.evaluated(at, Class::Scalar, "at", index);
            Step::Index(host(vec![Piece::Atom(atom)]))
        };
        self.must_run(span)?;
        if let Ty::Sequence(Sequence::Deque, _) = self.function.types.peeled(&base.ty)
            && let Step::Index(at) = &step
        {
            self.found_in_queue(&place, at, span);
        }
        place.span = span;
        Ok(Meaning::Place(place.part(step)))
    }

    /// The panic of a `VecDeque`, if an index is out of bounds.
    fn found_in_queue(&mut self, place: &crate::ir::Place, at: &HostExpression, span: Span) {
        let fails =
            quote_spanned!(span=> let _ = __gradus_std::collections::VecDeque::<__gradus_f64>::new()[0];);
        let check = host(vec![
            tokens(quote!(if)),
            at.clone().into(),
            tokens(quote!(>=)),
            Self::looked(place.clone(), quote!(.len())).into(),
            Piece::Braces(host(vec![tokens(fails)])),
        ]);
        self.push(StatementKind::Passive { out: None, host: impure(check) }, span);
    }

    /// A range that cuts a part out: its ends are as they are now, whatever changes later.
    fn range_of_indices(&mut self, index: &'t Expr<'a>) -> Lowered<HostExpression> {
        let index = index.unparenthesized();
        let Kind::Range { start, limits, end } = &index.kind else {
            return unsupported(Reason::RangeVariable, index.span);
        };
        let mut pieces = Vec::new();
        for (at, bound) in [start, end].into_iter().enumerate() {
            if at == 1 {
                pieces.push(tokens(limits));
            }
            let Some(bound) = bound else { continue };
            let mut value = self.host(bound)?;
            if super::storage::literal(bound).is_none() {
                let bound = self.computed(value, Class::Scalar, "n", bound.span);
                value = host(vec![Piece::Atom(bound)]);
            }
            pieces.push(value.into());
        }
        Ok(host(pieces))
    }

    fn stopped(&mut self, inner: &'t Expr<'a>, expression: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        if !self.function.types.peeled(&expression.ty).is_float() {
            return unsupported(Reason::StoppedSequence, expression.span);
        }
        let meaning = self.meaning(inner)?;
        let atom = self.scalar(meaning, expression.span)?;
        let host = host(vec![Piece::Atom(atom)]);
        Ok(Meaning::Atom(self.evaluated(host, Class::Float, "stopped", expression)))
    }

    /// `value as f64` of a number is the number.
    fn cast(&mut self, value: &'t Expr<'a>, expression: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        let types = &self.function.types;
        let to = types.peeled(&expression.ty);
        if types.peeled(&value.ty).is_float() && (to.is_float() || types.is_active(&expression.ty)) {
            return self.meaning(value);
        }
        let host = self.host(expression)?;
        Ok(Meaning::Atom(self.evaluated(host, super::class(&to), "k", expression)))
    }

    /// `&mut x` of a variable: another name of it. Of a storage it is the storage.
    pub(super) fn borrowed(&mut self, inner: &'t Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        let inner = inner.unparenthesized();
        if let Kind::Index { base, .. } | Kind::Field { base, .. } = &inner.kind
            && self.is_own_whole(base)
        {
            self.splits(base)?;
        }
        let meaning = match inner.variable() {
            Some(variable) => self.variable(variable, inner.span)?,
            None => self.meaning(inner)?,
        };
        if let Meaning::Place(_) | Meaning::Borrow(_) = meaning {
            return Ok(meaning);
        }
        if let Some(variable) = inner.variable() {
            return Ok(Meaning::Borrow(variable));
        }
        // What has no place yet is borrowed in a variable of its own.
        if is_value(inner) {
            let own = self.own_variable("t", inner.ty.clone(), meaning);
            return Ok(Meaning::Borrow(VariableId(own)));
        }
        unsupported(Reason::BorrowedPart, inner.span)
    }

    /// Whether a place is a tuple or array of numbers in a variable, or a part of one.
    fn is_own_whole(&self, place: &Expr<'a>) -> bool {
        if let Some(variable) = place.variable() {
            return matches!(self.behind(variable), Some(Meaning::Tuple(_) | Meaning::List(_)));
        }
        if let Kind::Index { index, .. } = &place.kind
            && super::storage::literal(index).is_none()
        {
            return false;
        }
        !matches!(place.kind, Kind::Reference(_)) && place.base().is_some_and(|base| self.is_own_whole(base))
    }

    /// Makes variables of the parts of a place.
    fn splits(&mut self, place: &'t Expr<'a>) -> Lowered<()> {
        if let Some(variable) = place.variable() {
            return self.borrowed_parts(variable, &shown(place.written), place.span).map(drop);
        }
        if let Kind::Paren(inner) | Kind::Deref(inner) = &place.kind {
            return self.splits(inner);
        }
        if let Kind::Field { base, .. } | Kind::Index { base, .. } = &place.kind {
            self.splits(base)?;
            if let Meaning::Borrow(part) = self.meaning(place)? {
                return self.borrowed_parts(part, &shown(place.written), place.span).map(drop);
            }
        }
        Ok(())
    }

    /// Whether an assignment is one to passive data.
    fn changes_data(&self, expression: &'t Expr<'a>) -> bool {
        let root = expression.assigned().and_then(|place| self.root_of_data(place));
        let root = root.and_then(|root| self.variables.get(&root));
        matches!(root, Some(Meaning::Atom(atom)) if self.is_data(atom)) && self.is_verbatim(expression)
    }

    /// The variable that a place is a part of, also through a method that lends a part: `*v.last_mut().unwrap()`.
    fn root_of_data(&self, place: &Expr<'a>) -> Option<usize> {
        if let Kind::Method { receiver, .. } = &place.kind {
            return self.root_of_data(receiver);
        }
        if let Some(base) = place.base() {
            return self.root_of_data(base);
        }
        if let Kind::Opaque = place.kind {
            let first = first_name(place.written)?;
            let mentioned = self.function.mentioned.get(&crate::types::tree::address(place.written))?;
            let named = |variable: &&VariableId| self.function.variables[variable.0].name == *first;
            return mentioned.iter().find(named).map(|variable| variable.0);
        }
        place.variable().map(|variable| variable.0)
    }

    /// What is put somewhere by value is read, or copied, now.
    pub(super) fn owned(
        &mut self,
        meaning: Meaning<'t, 'a>,
        ty: &Ty,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let ty = self.function.types.shallow(ty);
        match (meaning, &ty) {
            (place @ Meaning::Place(_), Ty::Float(_) | Ty::Tuple(_)) => self.settled(place, &ty, span),
            (Meaning::Place(place), Ty::Sequence(..) | Ty::Struct(_) | Ty::Unknown(_))
                if self.is_local(&place) && !self.is_fresh(&place) =>
            {
                let name = Ident::new("copy", span);
                self.copied(place, &ty, &name).map(Meaning::Place)
            }
            (meaning @ (Meaning::List(_) | Meaning::Tuple(_)), Ty::Sequence(..) | Ty::Tuple(_)) => {
                self.settled(meaning, &ty, span)
            }
            (other, _) => Ok(other),
        }
    }

    /// What a variable holds: a number read from a storage is read now.
    pub(super) fn held(&mut self, meaning: Meaning<'t, 'a>, of: &Expr<'a>) -> Lowered<Meaning<'t, 'a>> {
        let is_number = self.function.types.shallow(&of.ty).is_float();
        if !matches!(meaning, Meaning::Place(_)) || !is_number {
            return Ok(meaning);
        }
        self.scalar(meaning, of.span).map(Meaning::Atom)
    }

    /// A number.
    pub(super) fn number(&mut self, expression: &'t Expr<'a>) -> Lowered<Atom> {
        let (meaning, span) = (self.meaning(expression)?, expression.span);
        match (meaning, self.function.types.peeled(&expression.ty)) {
            // A field of a struct.
            (Meaning::Place(place), Ty::Int | Ty::Bool) => {
                let field = host(vec![Piece::Place(place)]);
                Ok(self.computed(field, Class::Scalar, "field", span))
            }
            (Meaning::Place(place), Ty::Float(_)) => self.scalar(Meaning::Place(place), span),
            (Meaning::Place(_), _) => {
                unsupported(Reason::Number("a sequence or a part of one".to_owned()), span)
            }
            (meaning, _) => self.scalar(meaning, span),
        }
    }

    #[inline(never)]
    fn float_operation(&mut self, operation: &'t Operation<'a>) -> Lowered<Meaning<'t, 'a>> {
        let span = operation.span;
        let name = self.function.sites[operation.site.0].name.clone();
        let hint = name.as_deref().filter(|name| syn::parse_str::<Ident>(name).is_ok()).unwrap_or("t");
        let operands =
            operation.operands.iter().map(|operand| self.number(operand)).collect::<Lowered<Vec<_>>>()?;
        let floats = if operation.what == FloatOperation::Row(Op::Powi) { 1 } else { operands.len() };
        let operands = operands.into_iter().enumerate();
        let operands = operands
            .map(|(at, atom)| if at < floats { self.plain_number(atom, span) } else { atom })
            .collect();
        self.operated(operation.what, operands, hint, span)
    }

    /// A number that may be behind a reference, since only rustc knows its type: −0 + x is x to the last bit.
    pub(super) fn plain_number(&mut self, atom: Atom, span: Span) -> Atom {
        if !self.is_data(&atom) {
            return atom;
        }
        let plain = host(vec![tokens(quote!(-0.0_f64 +)), Piece::Atom(atom)]);
        self.computed(plain, Class::Float, "number", span)
    }

    /// A float operation, or the operations that it is made of.
    pub(super) fn operated(
        &mut self,
        operation: FloatOperation,
        operands: Vec<Atom>,
        hint: &str,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let one = || Atom::number(1.0);
        Ok(Meaning::Atom(match operation {
            FloatOperation::Recip => self.operation(Op::Div, vec![one(), operands[0].clone()], hint, span),
            FloatOperation::Log => {
                let logarithms = operands.into_iter().map(|a| self.operation(Op::Ln, vec![a], "t", span));
                let logarithms = logarithms.collect();
                self.operation(Op::Div, logarithms, hint, span)
            }
            FloatOperation::SinCos => {
                let parts = [Op::Sin, Op::Cos].map(|op| self.operation(op, operands.clone(), "t", span));
                return Ok(Meaning::Tuple(parts.map(Meaning::Atom).to_vec()));
            }
            FloatOperation::Row(Op::Powi) => {
                // The rule takes the exponent as a number.
                // It is an `i32` to the user, whatever it comes from.
                let n = &operands[1];
                let host = match n {
                    Atom::Literal(_) => host(vec![
                        tokens(quote!(__gradus_f64::from)),
                        host(vec![Piece::Atom(n.clone())]).into(),
                    ]),
                    Atom::Value(_) => {
                        let block = host(vec![
                            tokens(quote!(let __exponent: __gradus_std::primitive::i32 =)),
                            Piece::Atom(n.clone()),
                            tokens(quote!(; __gradus_f64::from(__exponent))),
                        ]);
                        host(vec![Piece::Braces(block)])
                    }
                };
                let n = self.computed(host, Class::Float, "n", span);
                self.operation(Op::Powi, vec![operands[0].clone(), n], hint, span)
            }
            FloatOperation::Row(op) => self.operation(op, operands, hint, span),
        }))
    }
}

/// The name that a place begins with.
fn first_name(place: &syn::Expr) -> Option<&Ident> {
    match place {
        syn::Expr::Path(path) => path.path.get_ident(),
        syn::Expr::MethodCall(syn::ExprMethodCall { receiver: inner, .. })
        | syn::Expr::Index(syn::ExprIndex { expr: inner, .. })
        | syn::Expr::Field(syn::ExprField { base: inner, .. })
        | syn::Expr::Paren(syn::ExprParen { expr: inner, .. })
        | syn::Expr::Unary(syn::ExprUnary { expr: inner, .. })
        | syn::Expr::Reference(syn::ExprReference { expr: inner, .. }) => first_name(inner),
        _ => None,
    }
}

/// Whether an expression makes a new value, rather than naming a place.
fn is_value(expression: &Expr<'_>) -> bool {
    let expression = expression.unparenthesized();
    matches!(
        expression.kind,
        Kind::Operation(_) | Kind::Tuple(_) | Kind::List { .. } | Kind::Call { .. } | Kind::Apply { .. }
    ) || matches!((&expression.kind, expression.written), (Kind::Opaque, syn::Expr::Lit(_)))
}

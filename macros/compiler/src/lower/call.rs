//! Calls of other differentiable functions, and methods of sequences.

use super::passive::{host, impure, tokens};
use super::replay::changes;
use super::{Lowered, Lowering, Meaning, class, unsupported};
use crate::ir::{Argument, Atom, Call, Class, HostExpression, Init, Out, Piece, Place, StatementKind};
use crate::reasons::{Reason, shown};
use crate::syntax::callee::{Callee, Gives};
use crate::types::tree::{self, Expr};
use crate::types::ty::{Sequence, Ty};
use proc_macro2::Span;
use quote::quote;

impl<'t, 'a> Lowering<'t, 'a> {
    /// A call of another differentiable function.
    pub(super) fn call(
        &mut self,
        callee: &'t Callee,
        arguments: &'t [Expr<'a>],
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        if !arguments.iter().any(|argument| self.function.types.goes_in_active(&argument.ty)) {
            return self.plain_call(callee, arguments, expression);
        }
        let (ty, span) = (self.function.types.shallow(&expression.ty), expression.span);
        let Ty::Option(item) = &ty else {
            return self.differentiable_call(callee, arguments, None, (&ty, span));
        };
        // What is there is the one item of a `Vec`.
        let items = Ty::Sequence(Sequence::Vec, item.clone());
        let Meaning::Place(items) = self.differentiable_call(callee, arguments, None, (&items, span))? else {
            return unsupported(Reason::Fallible, span);
        };
        let some = Self::looked(items.clone(), quote!(.len() > 0));
        let some = self.computed(some, Class::Scalar, "some", span);
        let first = items.part(crate::ir::Step::Index(host(vec![tokens(quote!(0))])));
        Ok(Meaning::Option(some, Box::new(Meaning::Place(first))))
    }

    /// A call of another differentiable function that may fail. `rest` stands behind the call, and takes the value out or leaves.
    pub(super) fn failing_call(
        &mut self,
        callee: &'t Callee,
        arguments: &'t [Expr<'a>],
        rest: HostExpression,
        given: (&Ty, Span),
    ) -> Lowered<Meaning<'t, 'a>> {
        match callee {
            Callee::Function(_) | Callee::Method(_) | Callee::Associated { .. } => {
                self.differentiable_call(callee, arguments, Some(rest), given)
            }
            Callee::Changing(..) | Callee::Operator(..) => unsupported(Reason::Fallible, given.1),
        }
    }

    fn differentiable_call(
        &mut self,
        callee: &'t Callee,
        arguments: &'t [Expr<'a>],
        rest: Option<HostExpression>,
        (ty, span): (&Ty, Span),
    ) -> Lowered<Meaning<'t, 'a>> {
        if arguments
            .iter()
            .any(|argument| matches!(self.function.types.peeled(&argument.ty), Ty::Closure(..)))
        {
            return unsupported(Reason::FunctionArgument(callee.shown()), span);
        }
        let ty = self.function.types.peeled(ty);
        let is_number = |ty: &Ty| matches!(ty, Ty::Float(_) | Ty::Int | Ty::Bool);
        let numbers = arguments.iter().all(|argument| is_number(&self.function.types.shallow(&argument.ty)));
        let of_type = !matches!(callee, Callee::Function(_));
        let in_halves = of_type || rest.is_some() || !(numbers && matches!(ty, Ty::Float(_)));
        let (mut given, mut lent) = (Vec::new(), Vec::new());
        for (at, argument) in arguments.iter().enumerate() {
            let argument = match (callee, at) {
                (Callee::Method(_) | Callee::Changing(..), 0) => self.receiver(callee, argument)?,
                (Callee::Function(_), _) if tree::is_changed(&self.function.types, argument) => {
                    let place = self.changed_argument(callee, argument, &mut lent)?;
                    Argument::Changed { before: self.set_aside(&place, "before"), place }
                }
                _ => self.given(callee, argument, in_halves)?,
            };
            given.push(argument);
        }
        let parted = self.part_from_changed(&mut given);
        self.must_run(span)?;
        let changed = match (callee, given.first()) {
            (Callee::Changing(..), Some(Argument::Place { place, .. })) => Some(place.clone()),
            (Callee::Changing(..), _) => {
                return unsupported(Reason::CallArgument(callee.shown()), span);
            }
            _ => None,
        };
        let ty = match (callee, arguments.first()) {
            (Callee::Changing(_, gives), Some(receiver)) => {
                let left = self.function.types.peeled(&receiver.ty);
                match gives {
                    Gives::Left => left,
                    Gives::ResultAndLeft => Ty::Tuple(vec![ty, left]),
                }
            }
            _ => ty,
        };
        let (out, meaning) = self.out(&ty, &callee.hint(), span)?;
        let call = Call { out, callee: callee.clone(), arguments: given, in_halves, rest, tangents: None };
        self.push(StatementKind::Call(Box::new(call)), span);
        for (to, from) in parted {
            self.push(StatementKind::Copy { to, from }, span);
        }
        for (variable, place) in lent {
            let left = self.scalar(Meaning::Place(place), span)?;
            self.variables.insert(variable, Meaning::Atom(left));
        }
        match changed {
            None => Ok(meaning),
            // What the method leaves is the receiver now.
            Some(place) => self.left_in_receiver(callee, place, meaning, span),
        }
    }

    /// What a method leaves goes to the receiver; what it gives, if it gives anything, is the value of the call.
    fn left_in_receiver(
        &mut self,
        callee: &Callee,
        place: Place,
        meaning: Meaning<'t, 'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        if let Callee::Changing(_, Gives::ResultAndLeft) = callee
            && let Meaning::Tuple(parts) = meaning
        {
            let mut parts = parts.into_iter();
            let (given, left) = (parts.next(), parts.next());
            left.map(|left| self.store(place, left, span)).transpose()?;
            return Ok(given.unwrap_or(Meaning::Unit));
        }
        self.store(place, meaning, span).map(|()| Meaning::Unit)
    }

    /// A call of any function with data, some of which looks at the numbers of active values.
    fn plain_call(
        &mut self,
        callee: &'t Callee,
        arguments: &'t [Expr<'a>],
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let call = self.host_of_call(callee, arguments, expression.span)?;
        let ty = self.function.types.shallow(&expression.ty);
        Ok(Meaning::Atom(self.computed(call, class(&ty), "given", expression.span)))
    }

    pub(super) fn host_of_call(
        &mut self,
        callee: &'t Callee,
        arguments: &'t [Expr<'a>],
        span: Span,
    ) -> Lowered<HostExpression> {
        let mut given = Vec::new();
        for argument in arguments {
            if !matches!(class(&self.function.types.shallow(&argument.ty)), Class::Float | Class::Scalar)
                && !self.is_verbatim(argument)
            {
                return unsupported(Reason::PlainCall(callee.shown()), span);
            }
            given.push(self.host(argument)?);
        }
        self.must_run(span)?;
        let (receiver, given) = match callee {
            Callee::Method(_) | Callee::Changing(..) => {
                (given.first().cloned(), &given[given.len().min(1)..])
            }
            Callee::Function(_) | Callee::Associated { .. } | Callee::Operator(..) => (None, &given[..]),
        };
        let given = given.iter().flat_map(|argument| [argument.clone().into(), tokens(quote!(,))]).collect();
        let dot = receiver.is_some().then(|| tokens(quote!(.)));
        let receiver = receiver.map(|receiver| Piece::HostExpression(host(vec![receiver.into()])));
        let call = receiver.into_iter().chain(dot).chain([tokens(callee), host(given).into()]).collect();
        Ok(impure(host(call)))
    }

    fn given(&mut self, callee: &Callee, argument: &'t Expr<'a>, in_halves: bool) -> Lowered<Argument> {
        let (types, span) = (&self.function.types, argument.span);
        let ty = types.shallow(&argument.ty);
        if ty.is_float() && types.is_active(&ty) {
            let atom = self.number(argument)?;
            return Ok(self.number_argument(atom, in_halves));
        }
        if let Ty::Float(_) | Ty::Int | Ty::Bool = ty {
            let atom = self.number(argument)?;
            return Ok(Argument::Passive(host(vec![Piece::Atom(atom)])));
        }
        if types.is_active(&ty) {
            let place = self.placed_argument(callee, argument)?;
            return Ok(Argument::Place { place, borrowed: ty.is_reference() });
        }
        // A reference to what is made here would have to live as long as both halves.
        if self.function.involves(argument) && ty.is_reference() {
            return unsupported(Reason::DataArgument(callee.shown()), span);
        }
        self.given_data(argument, &ty, in_halves).map(Argument::Passive)
    }

    /// A storage of its own with what is in a place now.
    fn set_aside(&mut self, place: &Place, name: &str) -> Place {
        let method = if place.steps.is_empty() { quote!(.clone()) } else { quote!(.to_owned()) };
        self.new_storage(name, false, Init::Copy { place: place.clone(), method }, place.span)
    }

    /// Parts of one storage are borrowed at once where the callee changes one of them: the others are copies. What a callee
    /// changes in a copy goes back afterwards: the places to which, and from which.
    fn part_from_changed(&mut self, arguments: &mut [Argument]) -> Vec<(Place, Place)> {
        let mut back = Vec::new();
        let mut borrowed = Vec::new();
        for argument in arguments.iter_mut() {
            if let Argument::Changed { place, .. } = argument {
                if borrowed.contains(&place.storage) {
                    let copy = self.set_aside(place, "part");
                    back.push((std::mem::replace(place, copy.clone()), copy));
                } else {
                    borrowed.push(place.storage);
                }
            }
        }
        for argument in arguments {
            if let Argument::Place { place, .. } = argument
                && borrowed.contains(&place.storage)
            {
                *place = self.set_aside(place, "part");
            }
        }
        back
    }

    /// What the callee changes. A number that is lent stands in a storage for the time of the call.
    fn changed_argument(
        &mut self,
        callee: &Callee,
        argument: &'t Expr<'a>,
        lent: &mut Vec<(usize, Place)>,
    ) -> Lowered<Place> {
        let span = argument.span;
        let meaning = self.meaning(argument)?;
        if let Meaning::Place(place) = meaning {
            if !self.is_local(&place) {
                return unsupported(Reason::ForeignChange(self.storage_name(&place)), span);
            }
            return Ok(place);
        }
        if let Meaning::Borrow(of) = meaning
            && let variable = self.root_of_borrow(of)
            && let Some(Meaning::Atom(number)) = self.variables.get(&variable).cloned()
            && !self.is_data(&number)
        {
            let place = self.new_storage("lent", true, Init::Atom(number), span);
            lent.push((variable, place.clone()));
            return Ok(place);
        }
        unsupported(Reason::CallArgument(callee.shown()), span)
    }

    /// An active argument that is no number, as a storage.
    fn placed_argument(&mut self, callee: &Callee, argument: &'t Expr<'a>) -> Lowered<Place> {
        let span = argument.span;
        if let Ty::Sequence(Sequence::Deque, _) = self.function.types.peeled(&argument.ty) {
            return unsupported(Reason::Queue, span);
        }
        let meaning = self.meaning(argument)?;
        if let Meaning::Place(place) = meaning {
            Ok(place)
        } else if let Meaning::Atom(number) = meaning {
            Ok(self.new_storage("argument", true, Init::Atom(number), span))
        } else if let Meaning::List(_) | Meaning::Tuple(_) = meaning {
            self.materialized(&meaning, "argument", span)
        } else {
            unsupported(Reason::CallArgument(callee.shown()), span)
        }
    }

    /// An argument that is data, such as a reference to some: a value of its own, so that it is made once.
    fn given_data(&mut self, argument: &'t Expr<'a>, ty: &Ty, in_halves: bool) -> Lowered<HostExpression> {
        let host_of = self.host(argument)?;
        let value = match self.meaning_of_name(argument) {
            Some(shared) => shared,
            None => self.computed(host_of, class(ty), "k", argument.span),
        };
        let is_copied = ty.is_reference() || matches!(&value, Atom::Value(id) if self.shared.contains(id));
        if !in_halves || is_copied {
            return Ok(host(vec![Piece::Atom(value)]));
        }
        // It is given away twice: to the forward half and to the reverse half. In a block, so that it may become a
        // reference to something else, as an argument does.
        let borrowed = host(vec![tokens(quote!(&)), Piece::Atom(value)]);
        let block = host(vec![
            tokens(quote!(let given = __gradus_std::clone::Clone::clone)),
            borrowed.into(),
            tokens(quote!(; given)),
        ]);
        Ok(host(vec![Piece::Braces(block)]))
    }

    /// What a method is called on is borrowed, whatever the method does with it.
    fn receiver(&mut self, callee: &Callee, receiver: &'t Expr<'a>) -> Lowered<Argument> {
        let span = receiver.span;
        if !self.function.types.is_active(&receiver.ty) {
            let of = self.host(receiver)?;
            let value = self.computed(of, Class::Data, "k", span);
            return Ok(Argument::Passive(host(vec![tokens(quote!(&)), Piece::Atom(value)])));
        }
        let place = match self.through_borrow(receiver)? {
            Meaning::Place(place) => place,
            Meaning::Atom(number) => self.new_storage("receiver", true, Init::Atom(number), span),
            Meaning::Unit
            | Meaning::Tuple(_)
            | Meaning::List(_)
            | Meaning::Option(..)
            | Meaning::Never
            | Meaning::Borrow(_)
            | Meaning::Iterator(_)
            | Meaning::Closure(..)
            | Meaning::Function(..)
            | Meaning::Passive(_) => return unsupported(Reason::CallArgument(callee.shown()), span),
        };
        Ok(Argument::Place { place, borrowed: true })
    }

    /// The shared reference to data that a name stands for.
    fn meaning_of_name(&self, argument: &'t Expr<'a>) -> Option<Atom> {
        let tree::Kind::Variable(variable) = &argument.kind else { return None };
        match self.variables.get(&variable.0) {
            Some(Meaning::Atom(Atom::Value(id))) if self.shared.contains(id) => Some(Atom::Value(*id)),
            _ => None,
        }
    }

    /// What a call gives: new values and storages.
    pub(super) fn out(&mut self, ty: &Ty, hint: &str, span: Span) -> Lowered<(Out, Meaning<'t, 'a>)> {
        match self.function.types.shallow(ty) {
            Ty::Float(_) => {
                let value = self.value(hint, Class::Float, true);
                Ok((Out::Value(value), Meaning::Atom(Atom::Value(value))))
            }
            Ty::Int | Ty::Bool => {
                let value = self.value(hint, Class::Scalar, false);
                Ok((Out::Value(value), Meaning::Atom(Atom::Value(value))))
            }
            Ty::Tuple(parts) => {
                let parts =
                    parts.iter().map(|part| self.out(part, hint, span)).collect::<Lowered<Vec<_>>>()?;
                let (outs, meanings) = parts.into_iter().unzip();
                Ok((Out::Tuple(outs), Meaning::Tuple(meanings)))
            }
            ty @ Ty::Sequence(Sequence::Array | Sequence::Vec | Sequence::Slice, _) => {
                let place = self.storage_named(hint, self.is_fixed(&ty));
                Ok((Out::Storage(place.storage), Meaning::Place(place)))
            }
            // What only rustc knows may be a number too: it is handed on as it is.
            Ty::Unknown(_) | Ty::Struct(_) => {
                let place = self.storage_named(hint, false);
                Ok((Out::Storage(place.storage), Meaning::Place(place)))
            }
            Ty::Sequence(Sequence::Deque, _)
            | Ty::F32
            | Ty::Data
            | Ty::Unit
            | Ty::Never
            | Ty::Ref { .. }
            | Ty::Range
            | Ty::Iter(_)
            | Ty::Option(_)
            | Ty::Closure(..) => unsupported(Reason::CallResult(hint.to_owned()), span),
        }
    }

    /// A call of a function that is named as a value.
    pub(super) fn called(&mut self, callee: &'t syn::Path, atoms: Vec<Atom>, span: Span) -> Meaning<'t, 'a> {
        let arguments = atoms.into_iter().map(|atom| self.number_argument(atom, false)).collect();
        let hint = callee.segments.last().map_or_else(String::new, |last| last.ident.to_string());
        let value = self.value(&hint, Class::Float, true);
        let callee = Callee::Function(callee.clone());
        let out = Out::Value(value);
        let call = Call { out, callee, arguments, in_halves: false, rest: None, tangents: None };
        self.push(StatementKind::Call(Box::new(call)), span);
        Meaning::Atom(Atom::Value(value))
    }

    fn number_argument(&mut self, atom: Atom, in_halves: bool) -> Argument {
        let keeps = self.is_active(&atom) && !in_halves;
        let partial = keeps.then(|| self.value("partial", Class::Float, false));
        Argument::Number { atom, partial }
    }

    // --- methods

    pub(super) fn method(
        &mut self,
        expression: &'t Expr<'a>,
        call: &'a syn::ExprMethodCall,
        receiver: &'t Expr<'a>,
        arguments: &'t [tree::Argument<'a>],
    ) -> Lowered<Meaning<'t, 'a>> {
        let (name, span) = (call.method.to_string(), call.method.span());
        if matches!(self.function.types.shallow(&expression.ty), Ty::Iter(_)) {
            return self.source(expression).map(|source| Meaning::Iterator(source.into()));
        }
        let of_iterator = matches!(self.function.types.peeled(&receiver.ty), Ty::Iter(_) | Ty::Range);
        match (name.as_str(), arguments) {
            ("fold", _) => return self.fold(receiver, arguments, expression.span),
            ("count", []) => return self.counted(receiver, span),
            ("last", []) if of_iterator => return self.last_item(receiver, expression),
            ("next" | "nth" | "find" | "find_map", _) if of_iterator => {
                return self.first_item(&name, receiver, arguments, expression);
            }
            ("unzip", []) => return self.in_two(receiver, None, expression),
            ("partition", [function]) => return self.in_two(receiver, Some(function), expression),
            ("concat", []) => return self.concatenated(receiver, expression),
            ("min_by" | "max_by", [function]) if of_iterator => {
                return self.extreme(&name, receiver, function, expression);
            }
            ("reduce", [function]) => return self.reduce(receiver, function, expression),
            ("any" | "all", [function]) => return self.search(&name, receiver, function, span),
            ("for_each", [function]) => return self.for_each(receiver, function, span),
            ("clone" | "to_owned", []) if self.may_be_struct(&self.function.types.peeled(&receiver.ty)) => {
                let place = self.through_borrow(receiver)?;
                let place = self.stored(place, &call.method.to_string(), call.method.span())?;
                return Ok(Meaning::Place(self.copied_struct(place, &call.method)));
            }
            ("collect", []) => {
                let ty = self.function.types.shallow(&expression.ty);
                return self.storage_of(expression, &ty, "collected").map(Meaning::Place);
            }
            (
                "first" | "last" | "get" | "first_mut" | "last_mut" | "get_mut" | "split_first"
                | "split_last" | "front" | "back" | "front_mut" | "back_mut",
                _,
            ) if !matches!(self.function.types.peeled(&receiver.ty), Ty::Iter(_)) => {
                return self.found(&name, receiver, arguments, span);
            }
            ("split_at" | "split_at_mut", [at]) => return self.split(call, receiver, at),
            ("position", [function]) => return self.position(receiver, function, span),
            ("then" | "then_some", [value]) if self.function.types.peeled(&receiver.ty) == Ty::Bool => {
                return self.if_so(&name, receiver, value, expression);
            }
            ("map", [function]) if matches!(self.function.types.peeled(&receiver.ty), Ty::Sequence(..)) => {
                return self.mapped_array(receiver, function, expression);
            }
            (
                "copied" | "cloned" | "as_slice" | "as_mut_slice" | "iter" | "as_ref" | "to_owned" | "clone",
                [],
            ) if !matches!(self.function.types.peeled(&expression.ty), Ty::Iter(_)) => {
                let meaning = self.meaning(receiver)?;
                if let ("copied" | "cloned", Meaning::Option(some, inside)) = (name.as_str(), &meaning)
                    && matches!(**inside, Meaning::Place(_))
                {
                    return self.copied_option(some.clone(), (**inside).clone(), expression);
                }
                if matches!(meaning, Meaning::Place(_))
                    && matches!(name.as_str(), "clone" | "to_owned")
                    && !matches!(self.function.types.peeled(&expression.ty), Ty::Float(_) | Ty::Option(_))
                {
                    let ty = self.function.types.shallow(&expression.ty);
                    return self.storage_of(expression, &ty, "copy").map(Meaning::Place);
                }
                return Ok(meaning);
            }
            ("as_mut", []) if matches!(self.function.types.peeled(&receiver.ty), Ty::Option(_)) => {
                if let tree::Kind::Variable(variable) = receiver.kind
                    && self.has_parts(variable)
                {
                    return self.borrowed_parts(variable, "as_mut", span);
                }
            }
            ("to_vec", []) => {
                let ty = self.function.types.shallow(&expression.ty);
                return self.storage_of(expression, &ty, "copy").map(Meaning::Place);
            }
            _ => {}
        }
        if (name == "unwrap" || name == "expect") && self.is_failing_call(receiver) {
            return self.unwrapped(call, receiver, arguments, expression);
        }
        if matches!(self.function.types.peeled(&receiver.ty), Ty::Option(_)) {
            return self.of_option(call, receiver, arguments, expression);
        }
        if changes(&name) {
            return self.change(&name, receiver, arguments, span);
        }
        let ty = self.function.types.peeled(&expression.ty);
        let looks = matches!(name.as_str(), "len" | "is_empty" | "contains");
        let of_data = looks || self.is_plain_data(receiver);
        if self.function.types.is_active(&ty) || !of_data {
            return unsupported(Reason::Method(name), span);
        }
        let host = self.host(expression)?;
        // `is_lt` of an ordering, whatever rustc knows of its type.
        let class = if name.starts_with("is_") { Class::Scalar } else { class(&ty) };
        Ok(Meaning::Atom(self.evaluated(host, class, "k", expression)))
    }

    /// Whether something is an integer, a truth value, an ordering: passive, and with methods of its own.
    pub(super) fn is_plain_data(&self, expression: &Expr<'a>) -> bool {
        let types = &self.function.types;
        let ty = types.peeled(&expression.ty);
        !types.is_active(&ty) && matches!(ty, Ty::Int | Ty::Bool | Ty::Data | Ty::Unknown(_))
    }

    /// The array of a small array's elements, each sent through a closure.
    fn mapped_array(
        &mut self,
        receiver: &'t Expr<'a>,
        function: &'t tree::Argument<'a>,
        expression: &'t Expr<'a>,
    ) -> Lowered<Meaning<'t, 'a>> {
        let span = expression.span;
        let meaning = self.meaning(receiver)?;
        let function = self.meaning(&function.value)?;
        if let Meaning::Place(place) = meaning {
            return self.mapped_storage(&place, (&receiver.ty, &expression.ty), &function, span);
        }
        if let Meaning::Atom(data) = &meaning {
            return self.mapped_data(data, (&receiver.ty, &expression.ty), &function, span);
        }
        let Meaning::List(parts) = meaning else { return unsupported(Reason::ArrayMap, span) };
        let parts = parts.into_iter().map(|part| self.inlined(function.clone(), vec![part], span));
        Ok(Meaning::List(parts.collect::<Lowered<_>>()?))
    }

    /// Whether the elements of a sequence are numbers.
    pub(super) fn has_numbers(&self, sequence: &Expr<'a>) -> bool {
        let types = &self.function.types;
        types.element_seen(&sequence.ty).is_some_and(|element| types.peeled(&element).is_float())
    }

    /// `pop`: whether there is a last element, and what it is; a row is a storage of its own.
    fn popped(&mut self, receiver: &'t Expr<'a>, place: &Place, span: Span) -> Lowered<Meaning<'t, 'a>> {
        use crate::ir::Change;
        let Ty::Sequence(_, element) = self.function.types.peeled(&receiver.ty) else {
            return unsupported(Reason::Method("pop".to_owned()), span);
        };
        self.numbers(&element, span)?;
        let some = Self::looked(place.clone(), quote!(.len() > 0));
        let some = self.computed(impure(some), Class::Scalar, "some", span);
        let change = |lowering: &mut Self, out: Out| {
            let change = Change::Pop(out);
            lowering.push(StatementKind::Change { place: place.clone(), change }, span);
        };
        let fixed = self.is_fixed(&element);
        let row = matches!(self.function.types.shallow(&element), Ty::Sequence(..)).then(|| {
            let nothing =
                Init::Passive(host(vec![tokens(quote!(__gradus_std::default::Default::default()))]));
            self.new_storage("row", fixed, nothing, span)
        });
        let popped = self.fork(
            some.clone(),
            span,
            |lowering| {
                if matches!(lowering.function.types.shallow(&element), Ty::Float(_)) {
                    let out = lowering.value("popped", Class::Float, true);
                    change(lowering, Out::Value(out));
                    return Ok(Meaning::Atom(Atom::Value(out)));
                }
                let popped = lowering.storage_named("popped", fixed);
                change(lowering, Out::Storage(popped.storage));
                match &row {
                    Some(row) => {
                        let swap = StatementKind::Swap { a: row.clone(), b: popped };
                        lowering.push(swap, span);
                        Ok(Meaning::Unit)
                    }
                    None => lowering.settled(Meaning::Place(popped), &element, span),
                }
            },
            |_| Ok(Meaning::Never),
        )?;
        Ok(Meaning::Option(some, Box::new(row.map_or(popped, Meaning::Place))))
    }

    /// A method that changes a sequence in place.
    fn change(
        &mut self,
        name: &str,
        receiver: &'t Expr<'a>,
        arguments: &'t [tree::Argument<'a>],
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        use crate::ir::Change;
        let place = self.storage_under(receiver, name, span)?;
        if !self.is_local(&place) {
            return unsupported(Reason::ForeignChange(shown(receiver.written)), span);
        }
        self.must_run(span)?;
        let change = |lowering: &mut Self, change: Change| {
            lowering.must_run(span)?;
            lowering.push(StatementKind::Change { place: place.clone(), change }, span);
            Ok(Meaning::Unit)
        };
        let is_queue = matches!(self.function.types.peeled(&receiver.ty), Ty::Sequence(Sequence::Deque, _));
        // Other methods that a `VecDeque` shares with a `Vec` panic with other words.
        let shared = ["truncate", "clear", "extend", "append", "resize", "push_front", "pop_front"];
        let name = match name {
            "push_back" => "push",
            "pop_back" => "pop",
            name if is_queue && !shared.contains(&name) => {
                return unsupported(Reason::Method(name.to_owned()), span);
            }
            name => name,
        };
        match (name, arguments) {
            ("push", [value]) => {
                self.numbers(&value.slot, span)?;
                let element = self.init_of(&value.value, &value.slot)?;
                change(self, Change::Push(element))
            }
            ("truncate" | "clear", _) if self.has_numbers(receiver) => {
                let length = match arguments {
                    [length] => self.host(&length.value)?,
                    _ => host(vec![tokens(quote!(0))]),
                };
                let before = impure(Self::looked(place.clone(), quote!(.len())));
                let before = self.computed(before, Class::Scalar, "length", span);
                change(self, Change::Truncate { length, before })
            }
            ("pop", []) => self.popped(receiver, &place, span),
            (name, [function]) if super::replay::SORTS.contains(&name) => {
                self.sorted(&syn::Ident::new(name, span), &place, receiver, function)
            }
            ("extend_from_slice" | "extend", [items]) => {
                self.extend(&place, receiver, &items.value, span)?;
                Ok(Meaning::Unit)
            }
            ("fill", [value]) => self.fill(&place, &value.value, span),
            ("copy_from_slice" | "clone_from_slice", [from]) => {
                self.copy_from(&place, &from.value, name, span)
            }
            ("reverse", []) => self.reversed(&place, span),
            (
                "append" | "resize" | "insert" | "remove" | "swap_remove" | "rotate_left" | "rotate_right"
                | "push_front" | "pop_front",
                _,
            ) if self.has_numbers(receiver) => {
                self.rearranged(&syn::Ident::new(name, span), &place, arguments)
            }
            ("swap", [a, b]) if !self.has_numbers(receiver) => {
                let (a, b) = (self.number(&a.value)?, self.number(&b.value)?);
                change(self, Change::Swap(a, b))
            }
            ("swap", [a, b]) => {
                let (a, b) = (self.number(&a.value)?, self.number(&b.value)?);
                let places = [a, b].map(|at| super::sequence::indexed(&place, at));
                let loaded = [
                    self.scalar(Meaning::Place(places[0].clone()), span)?,
                    self.scalar(Meaning::Place(places[1].clone()), span)?,
                ];
                let [a, b] = places;
                let [x, y] = loaded;
                self.store(a, Meaning::Atom(y), span)?;
                self.store(b, Meaning::Atom(x), span)?;
                Ok(Meaning::Unit)
            }
            _ => unsupported(Reason::Method(name.to_owned()), span),
        }
    }
}

//! Structs of the user's: each is a storage, whose fields are steps of places.

use super::passive::{host, tokens};
use super::{Lowered, Lowering, Meaning, unsupported};
use crate::ir::{Argument, Call, Init, Piece, Place, StatementKind, Step};
use crate::reasons::Reason;
use crate::syntax::callee::{Callee, Operator};
use crate::types::tree::{Expr, Kind, StructLiteral};
use crate::types::ty::Ty;
use proc_macro2::{Ident, Span};
use quote::{ToTokens, quote};

impl<'t, 'a> Lowering<'t, 'a> {
    /// Whether values of a type stand in storages.
    pub(super) fn is_stored(&self, ty: &Ty) -> bool {
        matches!(ty, Ty::Sequence(..) | Ty::Struct(_))
    }

    /// Whether a struct, or something of a type that only rustc knows, may stand in a storage.
    pub(super) fn may_be_struct(&self, ty: &Ty) -> bool {
        matches!(ty, Ty::Struct(_) | Ty::Unknown(_)) && self.function.types.is_active(ty)
    }

    /// `Vec3 { x, y, z: 0.0 }`
    pub(super) fn struct_literal(
        &mut self,
        literal: &'t StructLiteral<'a>,
        value: &Expr<'a>,
    ) -> Lowered<Place> {
        let init = self.struct_init(literal)?;
        let name = literal.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        Ok(self.new_storage(&name.to_lowercase(), false, init, value.span))
    }

    pub(super) fn struct_init(&mut self, literal: &'t StructLiteral<'a>) -> Lowered<Init> {
        let mut fields = Vec::new();
        for (member, value) in literal.members.iter().zip(&literal.fields) {
            fields.push((member.clone(), self.field_init(value)?));
        }
        let base = match &literal.base {
            None => None,
            Some(base) => {
                let meaning = self.through_borrow(base)?;
                Some(self.stored(meaning, "base", base.span)?)
            }
        };
        // What is named is taken out of the adjoint, before the rest of it goes to the base. Whether something plain of an unknown
        // type has an adjoint is not known.
        let types = &self.function.types;
        let is_known = |value: &Expr<'_>| {
            matches!(types.shallow(&value.ty), Ty::Float(_) | Ty::Int | Ty::Bool | Ty::Data)
        };
        let taken =
            literal.fields.iter().zip(&fields).all(|(value, (_, init))| {
                is_known(value) || matches!(init, Init::Atom(_) | Init::Copy { .. })
            });
        if let (Some(base), false) = (&literal.base, taken) {
            return unsupported(Reason::StructBase, base.span);
        }
        Ok(Init::Struct { path: literal.path.clone(), fields, base })
    }

    /// What a field begins with.
    pub(super) fn field_init(&mut self, value: &'t Expr<'a>) -> Lowered<Init> {
        if let Kind::Struct(literal) = &value.kind
            && self.function.involves(value)
        {
            return self.struct_init(literal);
        }
        let value = self.uncloned(value);
        let ty = self.function.types.shallow(&value.ty);
        if self.is_verbatim(value) && !matches!(ty, Ty::Float(_)) {
            return Ok(Init::Passive(self.host(value)?));
        }
        if matches!(ty, Ty::Float(_)) {
            return Ok(Init::Atom(self.number(value)?));
        }
        match (self.meaning(value)?, &ty) {
            (Meaning::Place(place), Ty::Unknown(_) | Ty::Struct(_)) => {
                Ok(Init::Copy { place, method: quote!(.clone()) })
            }
            (Meaning::Atom(atom), _) if self.is_active(&atom) => Ok(Init::Atom(atom)),
            (Meaning::Atom(atom), _) => Ok(Init::Passive(host(vec![Piece::Atom(atom)]))),
            (Meaning::Passive(of), _) => Ok(Init::Passive(of)),
            (meaning, ty) => self.init_as(meaning, ty, value.span),
        }
    }

    /// What is copied, where something of a type that only rustc knows is: it may be data, of which there is no storage.
    pub(super) fn uncloned(&self, value: &'t Expr<'a>) -> &'t Expr<'a> {
        let Kind::Method { call, receiver, arguments } = &value.kind else { return value };
        let clones = arguments.is_empty() && (call.method == "clone" || call.method == "to_owned");
        let is_unknown = matches!(self.function.types.shallow(&receiver.ty), Ty::Unknown(_));
        if clones && is_unknown && matches!(receiver.kind, Kind::Field { .. }) { receiver } else { value }
    }

    /// A field of a place.
    pub(super) fn field_of(place: &Place, member: &syn::Member) -> Place {
        let mut place = place.clone();
        place.steps.push(Step::Field(member.to_token_stream()));
        place
    }

    /// An operator of a struct's: a call in halves.
    pub(super) fn operator(
        &mut self,
        operator: Operator,
        operands: &'t [Expr<'a>],
        expression: &'t Expr<'a>,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        if let Operator::Assign(_) = operator {
            return self.operator_update(operator, operands, span);
        }
        let arguments = operands.iter().map(|operand| self.operand(operand)).collect::<Lowered<Vec<_>>>()?;
        let ty = self.function.types.peeled(&expression.ty);
        self.called_operator(operator, arguments, &ty, span)
    }

    fn called_operator(
        &mut self,
        operator: Operator,
        arguments: Vec<Argument>,
        ty: &Ty,
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        self.must_run(span)?;
        let callee = Callee::Operator(operator, span);
        let (out, meaning) = self.out(ty, &callee.hint(), span)?;
        let call = Call { out, callee, arguments, in_halves: true, rest: None, tangents: None };
        self.push(StatementKind::Call(Box::new(call)), span);
        Ok(meaning)
    }

    /// `place += value` of a struct: the place becomes what the operator gives.
    fn operator_update(
        &mut self,
        operator: Operator,
        operands: &'t [Expr<'a>],
        span: Span,
    ) -> Lowered<Meaning<'t, 'a>> {
        let [place, value] = operands else { return Ok(Meaning::Unit) };
        let value = self.operand(value)?;
        let old = self.operand(place)?;
        let ty = self.function.types.peeled(&place.ty);
        let new = self.called_operator(operator, vec![old.clone(), value], &ty, span)?;
        match (old, new) {
            (Argument::Place { place: to, .. } | Argument::Changed { place: to, .. }, new) => {
                self.must_run(span)?;
                self.store(to, new, span)?;
            }
            (Argument::Number { .. } | Argument::Passive(_), new) => {
                let new = Meaning::Atom(self.scalar(new, span)?);
                self.set(place, new, span)?;
            }
        }
        Ok(Meaning::Unit)
    }

    /// An operand, borrowed.
    fn operand(&mut self, operand: &'t Expr<'a>) -> Lowered<Argument> {
        let (types, span) = (&self.function.types, operand.span);
        let ty = types.peeled(&operand.ty);
        let active = types.is_active(&operand.ty);
        if let Ty::Float(_) = ty {
            let atom = self.number(operand)?;
            if active {
                return Ok(Argument::Number { atom, partial: None });
            }
            return Ok(Argument::Passive(host(vec![Piece::Atom(atom)])));
        }
        if !active {
            let of = self.host(operand)?;
            // A constant is the same wherever it is named.
            if matches!(operand.unparenthesized().written, syn::Expr::Path(_)) && operand.variable().is_none()
            {
                return Ok(Argument::Passive(of));
            }
            let place = self.new_storage("k", false, Init::Passive(of), span);
            return Ok(Argument::Place { place, borrowed: true });
        }
        match self.through_borrow(operand)? {
            Meaning::Place(place) => Ok(Argument::Place { place, borrowed: true }),
            Meaning::Atom(atom) if self.is_active(&atom) => Ok(Argument::Number { atom, partial: None }),
            Meaning::Atom(atom) => Ok(Argument::Passive(host(vec![Piece::Atom(atom)]))),
            Meaning::Passive(of) => Ok(Argument::Passive(of)),
            meaning @ (Meaning::Unit
            | Meaning::Tuple(_)
            | Meaning::List(_)
            | Meaning::Option(..)
            | Meaning::Never
            | Meaning::Borrow(_)
            | Meaning::Iterator(_)
            | Meaning::Closure(..)
            | Meaning::Function(..)) => unsupported(Reason::Number(self.described(&meaning)), span),
        }
    }

    /// A copy of a struct, for a variable that changes.
    pub(super) fn copied_struct(&mut self, place: Place, name: &Ident) -> Place {
        let init = Init::Copy { place, method: quote!(.clone()) };
        self.new_storage(&name.to_string(), false, init, name.span())
    }

    /// What stands in a storage of its own, whatever it is now.
    pub(super) fn stored(&mut self, meaning: Meaning<'t, 'a>, name: &str, span: Span) -> Lowered<Place> {
        let init = match meaning {
            Meaning::Place(place) => return Ok(place),
            Meaning::Passive(of) => Init::Passive(of),
            Meaning::Atom(atom) if self.is_data(&atom) => {
                Init::Passive(host(vec![Piece::Atom(atom), tokens(quote!(.clone()))]))
            }
            Meaning::Atom(atom) => Init::Atom(atom),
            meaning @ (Meaning::Unit
            | Meaning::Tuple(_)
            | Meaning::List(_)
            | Meaning::Option(..)
            | Meaning::Never
            | Meaning::Borrow(_)
            | Meaning::Iterator(_)
            | Meaning::Closure(..)
            | Meaning::Function(..)) => {
                return unsupported(Reason::Number(self.described(&meaning)), span);
            }
        };
        Ok(self.new_storage(name, false, init, span))
    }
}

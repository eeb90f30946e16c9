//! Methods of numbers, integers, options and orderings; those of sequences and iterators are in their own files.

use super::super::advice;
use super::super::datum::{Datum, Evaluated, Scope, panics, unknown};
use super::super::integer::checked;
use super::super::number::operation;
use super::super::observer::Look;
use super::super::width::Width;
use super::Machine;
use super::operator::{cast, compared};
use quote::ToTokens;
use std::cmp::Ordering;

impl Machine {
    pub(super) fn method(&self, call: &syn::ExprMethodCall, scope: &mut Scope) -> Evaluated<Datum> {
        let name = call.method.to_string();
        // A method of the user's that changes its receiver needs its place.
        if self.items.methods.iter().any(|((_, known), method)| *known == name && method.changes_receiver()) {
            let place = self.place(&call.receiver, scope)?.followed()?;
            let receiver = Datum::Reference(place);
            let arguments = self.all(&call.args, scope)?;
            self.here(call);
            return self.method_of(receiver, &name, arguments, "");
        }
        let hint = call.turbofish.as_ref().map(|types| types.args.to_token_stream().to_string());
        // What changes its receiver, or gives parts of it that can be changed, needs its place.
        if is_of_place(&name) {
            let place = self.place(&call.receiver, scope)?.followed()?;
            let arguments = self.all(&call.args, scope)?;
            self.here(call);
            return self.method_of(Datum::Reference(place), &name, arguments, "");
        }
        let receiver = self.expression(&call.receiver, scope)?;
        let arguments = self.all(&call.args, scope)?;
        self.here(call);
        self.method_of(receiver, &name, arguments, hint.as_deref().unwrap_or_default())
    }

    /// A method of a datum; `hint` is what the turbofish says.
    pub(super) fn method_of(
        &self,
        receiver: Datum,
        name: &str,
        arguments: Vec<Datum>,
        hint: &str,
    ) -> Evaluated<Datum> {
        if let Some(method) = self.method_for(&receiver, name)? {
            return self.call_method(&method, receiver, arguments);
        }
        if is_of_place(name)
            && let Datum::Reference(place) = &receiver
        {
            return self.of_place(place, name, arguments);
        }
        match receiver.read()? {
            Datum::Float(number) => self.of_float(Datum::Float(number), name, arguments),
            Datum::Default => match self.of_float(Datum::from(0.0), name, arguments.clone()) {
                Ok(value) => Ok(value),
                Err(_) => of_integer((0, Width::Open), name, arguments),
            },
            Datum::Int(value, width) => of_integer((value, width), name, arguments),
            Datum::Bool(value) => match (name, arguments.into_iter().next()) {
                ("then_some", Some(some)) => Ok(Datum::option(value.then_some(some))),
                ("then", Some(some)) => Ok(if value {
                    Datum::some(self.applied(&some, Vec::new())?)
                } else {
                    Datum::Option(None)
                }),
                ("clone", None) => Ok(Datum::Bool(value)),
                _ => unknown(format!("the method `{name}` of a truth value")),
            },
            Datum::Char(letter) => match name {
                "is_alphabetic" => Ok(Datum::Bool(letter.is_alphabetic())),
                _ => unknown(format!("the method `{name}` of a letter")),
            },
            Datum::Text(text) => match name {
                "chars" => Ok(Datum::Iterator(super::super::datum::Iter::of(
                    text.chars().map(Datum::Char).collect::<Vec<_>>(),
                ))),
                "len" => Ok(Datum::from(text.len())),
                "is_empty" => Ok(Datum::Bool(text.is_empty())),
                "to_string" | "to_owned" | "into" | "clone" => Ok(Datum::Text(text)),
                _ => unknown(format!("the method `{name}` of a text")),
            },
            Datum::Ordering(order) => of_ordering(order, name),
            Datum::Option(inside) => self.of_option(inside.map(|inside| *inside), name, arguments),
            Datum::Failure(error) => self.of_failure(*error, name, arguments),
            Datum::List(items) => self.of_list(items, name, arguments, hint),
            Datum::Range(start, end, width) => match (name, arguments.as_slice()) {
                ("contains", [value]) => {
                    let value = value.clone().int()?;
                    Ok(Datum::Bool(
                        start.is_none_or(|start| start <= value) && end.is_none_or(|end| value < end),
                    ))
                }
                ("clone", []) => Ok(Datum::Range(start, end, width)),
                ("len", []) => self.of_iterator(Datum::Range(start, end, width), "count", arguments, hint),
                ("is_empty", []) => Ok(Datum::Bool(end <= start)),
                _ => self.of_iterator(Datum::Range(start, end, width), name, arguments, hint),
            },
            iterator @ Datum::Iterator(_) => self.of_iterator(iterator, name, arguments, hint),
            own @ (Datum::Tuple(_) | Datum::Struct(..)) if matches!(name, "clone" | "to_owned") => Ok(own),
            Datum::Function(path, _) if !path.contains(':') => unknown(advice::no_variable(&path)),
            other => unknown(format!("the method `{name}` of {other}")),
        }
    }

    fn of_option(&self, inside: Option<Datum>, name: &str, arguments: Vec<Datum>) -> Evaluated<Datum> {
        let mut arguments = arguments.into_iter();
        let first = arguments.next();
        match (name, inside, first) {
            ("is_some" | "is_ok", inside, None) => Ok(Datum::Bool(inside.is_some())),
            ("is_none" | "is_err", inside, None) => Ok(Datum::Bool(inside.is_none())),
            ("copied" | "cloned" | "as_ref" | "clone" | "ok" | "as_mut", inside, None) => {
                Ok(Datum::option(inside))
            }
            ("unwrap" | "expect", Some(inside), _) | ("unwrap_or_else", Some(inside), Some(_)) => Ok(inside),
            ("unwrap" | "expect", None, _) => panics("`unwrap` of nothing"),
            ("unwrap_or", inside, Some(other)) => Ok(inside.unwrap_or(other)),
            ("unwrap_or_default", inside, None) => Ok(inside.unwrap_or(Datum::Default)),
            ("unwrap_or_else" | "or_else" | "map_or_else", None, Some(other)) => {
                self.applied(&other, Vec::new())
            }
            ("map", Some(inside), Some(function)) => Ok(Datum::some(self.applied(&function, vec![inside])?)),
            ("map" | "and_then", None, Some(_)) => Ok(Datum::Option(None)),
            ("and_then" | "is_some_and", Some(inside), Some(function)) => {
                self.applied(&function, vec![inside])
            }
            ("map_or", Some(inside), Some(_)) => match arguments.next() {
                Some(function) => self.applied(&function, vec![inside]),
                None => unknown("this `map_or`"),
            },
            ("map_or" | "or", None, Some(other)) => Ok(other),
            ("is_some_and", None, Some(_)) => Ok(Datum::Bool(false)),
            ("ok_or" | "ok_or_else", inside, Some(error)) => self.with_error(inside, name, &error),
            ("map_err" | "or" | "or_else", Some(inside), Some(_)) => Ok(Datum::some(inside)),
            ("map_or_else", Some(inside), Some(_)) => match arguments.next() {
                Some(function) => self.applied(&function, vec![inside]),
                None => unknown("this `map_or_else`"),
            },
            _ => unknown(format!("the method `{name}` of an option")),
        }
    }
}

/// The names of types that are integers.
pub(super) fn is_integer(ty: &str) -> bool {
    Width::named(ty).is_some()
}

/// Methods that work on places.
fn is_of_place(name: &str) -> bool {
    matches!(
        name,
        "push"
            | "pop"
            | "push_back"
            | "pop_front"
            | "push_front"
            | "pop_back"
            | "truncate"
            | "clear"
            | "swap"
            | "fill"
            | "copy_from_slice"
            | "clone_from_slice"
            | "extend_from_slice"
            | "extend"
            | "reverse"
            | "iter_mut"
            | "split_at_mut"
            | "chunks_mut"
            | "chunks_exact_mut"
            | "sort_by"
            | "sort_unstable_by"
            | "sort"
            | "sort_unstable"
            | "first_mut"
            | "last_mut"
            | "get_mut"
            | "as_mut_slice"
            | "insert"
            | "remove"
            | "rotate_left"
            | "rotate_right"
            | "resize"
            | "swap_remove"
            | "next"
            | "by_ref"
            | "split_first_mut"
    )
}

impl Machine {
    pub(super) fn of_float(&self, number: Datum, name: &str, arguments: Vec<Datum>) -> Evaluated<Datum> {
        let value = number.clone().float()?;
        if is_question(name) {
            self.tell_looked_at(Look::Question, &number, self.at());
            arguments.iter().for_each(|argument| self.tell_looked_at(Look::Question, argument, self.at()));
        }
        let truth = |truth: bool| Ok(Datum::Bool(truth));
        match (name, arguments.as_slice()) {
            ("is_nan", []) => return truth(value.is_nan()),
            ("is_finite", []) => return truth(value.is_finite()),
            ("is_infinite", []) => return truth(value.is_infinite()),
            ("is_sign_negative", []) => return truth(value.is_sign_negative()),
            ("is_sign_positive", []) => return truth(value.is_sign_positive()),
            ("total_cmp", [other]) => return Ok(Datum::Ordering(value.total_cmp(&other.clone().float()?))),
            ("partial_cmp", [other]) => {
                let order = compared(number, other.clone())?;
                return Ok(Datum::option(order.map(Datum::Ordering)));
            }
            ("clone" | "to_owned" | "into", []) => return Ok(number),
            ("recip", []) => return self.operated("div", vec![Datum::from(1.0), number]),
            ("log", [base]) => {
                let parts = [number, base.clone()].map(|part| self.operated("ln", vec![part]));
                return self.operated("div", parts.into_iter().collect::<Evaluated<_>>()?);
            }
            ("sin_cos", []) => {
                let parts = ["sin", "cos"].map(|name| self.operated(name, vec![number.clone()]));
                return Ok(Datum::Tuple(parts.into_iter().collect::<Evaluated<_>>()?));
            }
            ("powi", [power]) => {
                let power = cast(power.clone(), "f64")?;
                return self.operated("powi", vec![number, power]);
            }
            _ => {}
        }
        if operation(name).is_none() {
            return unknown(format!("the method `{name}` of a number"));
        }
        self.operated(name, [vec![number], arguments].concat())
    }
}

/// Methods that answer a question about a number, which have no derivative.
fn is_question(name: &str) -> bool {
    matches!(
        name,
        "is_nan"
            | "is_finite"
            | "is_infinite"
            | "is_sign_negative"
            | "is_sign_positive"
            | "total_cmp"
            | "partial_cmp"
    )
}

fn of_integer((value, width): (i128, Width), name: &str, arguments: Vec<Datum>) -> Evaluated<Datum> {
    if matches!(name, "cmp" | "partial_cmp") {
        let order = value.cmp(&arguments.into_iter().next().map_or(Ok(0), Datum::int)?);
        return Ok(if name == "cmp" { Datum::Ordering(order) } else { Datum::some(Datum::Ordering(order)) });
    }
    let arguments = arguments.into_iter().map(Datum::integer).collect::<Evaluated<Vec<_>>>()?;
    // Of two integers of one type either may tell it; an exponent is a `u32`.
    let same = !matches!(name, "pow" | "checked_pow" | "wrapping_pow" | "saturating_pow");
    let width = arguments.iter().filter(|_| same).fold(width, |width, (_, other)| width.and(*other));
    let arguments: Vec<i128> = arguments.into_iter().map(|(argument, _)| argument).collect();
    let exponent = |power: i128| u32::try_from(power).or_else(|_| panics("an exponent that is no `u32`"));
    let result = |value: Option<i128>, what: &str| {
        checked(value, width, what).map(|(value, width)| Datum::Int(value, width))
    };
    let maybe = |value: Option<i128>| -> Evaluated<Datum> {
        let fits = value.is_some_and(|value| checked(Some(value), width, "").is_ok());
        Ok(Datum::option(value.filter(|_| fits).map(|value| Datum::Int(value, width))))
    };
    let (least, greatest) = match width {
        Width::Known { least, greatest, .. } => (least, greatest),
        // Where nothing gives the type, it is `i32`.
        Width::Open | Width::OpenSigned => (i128::from(i32::MIN), i128::from(i32::MAX)),
    };
    let wrapped = |value: Option<i128>| match (value, width, greatest.checked_sub(least)) {
        (Some(value), Width::Known { .. }, Some(all)) if all < i128::MAX => {
            Ok(Datum::Int((value - least).rem_euclid(all + 1) + least, width))
        }
        _ => unknown(format!("the method `{name}` of an integer whose type is not written")),
    };
    let saturated = |value: Option<i128>| match (value, width) {
        (Some(value), Width::Known { .. }) => Ok(Datum::Int(value.clamp(least, greatest), width)),
        _ => unknown(format!("the method `{name}` of an integer whose type is not written")),
    };
    match (name, arguments.as_slice()) {
        ("abs", []) => result(value.checked_abs(), "negate"),
        ("unsigned_abs", []) => Ok(Datum::Int(value.abs(), Width::Open)),
        ("clone" | "to_owned", []) => Ok(Datum::Int(value, width)),
        ("into", []) => Ok(Datum::Int(value, Width::Open)),
        ("signum", []) => Ok(Datum::Int(value.signum(), width)),
        ("min", [other]) => Ok(Datum::Int(value.min(*other), width)),
        ("max", [other]) => Ok(Datum::Int(value.max(*other), width)),
        ("clamp", [low, high]) if low <= high => Ok(Datum::Int(value.clamp(*low, *high), width)),
        ("pow", [power]) => result(value.checked_pow(exponent(*power)?), "multiply"),
        ("abs_diff", [other]) => {
            Ok(Datum::Int((value - other).abs(), if least == 0 { width } else { Width::Open }))
        }
        ("saturating_sub", [other]) => saturated(value.checked_sub(*other)),
        ("saturating_add", [other]) => saturated(value.checked_add(*other)),
        ("saturating_mul", [other]) => saturated(value.checked_mul(*other)),
        ("wrapping_sub", [other]) => wrapped(value.checked_sub(*other)),
        ("wrapping_add", [other]) => wrapped(value.checked_add(*other)),
        ("wrapping_mul", [other]) => wrapped(value.checked_mul(*other)),
        ("rem_euclid", [other]) if *other != 0 => result(value.checked_rem_euclid(*other), "divide"),
        ("div_euclid", [other]) if *other != 0 => result(value.checked_div_euclid(*other), "divide"),
        ("div_ceil", [other]) if *other > 0 => result(value.checked_add(other - 1), "add")?
            .int()
            .map(|sum| Datum::Int(sum.div_euclid(*other), width)),
        ("count_ones", []) if value >= 0 => Ok(Datum::Int(i128::from(value.count_ones()), Width::Open)),
        ("isqrt", []) if value >= 0 => Ok(Datum::Int(value.isqrt(), width)),
        ("is_multiple_of", [other]) => {
            Ok(Datum::Bool(if *other == 0 { value == 0 } else { value % other == 0 }))
        }
        ("is_power_of_two", []) if value >= 0 => Ok(Datum::Bool(value.count_ones() == 1)),
        ("checked_sub", [other]) => maybe(value.checked_sub(*other)),
        ("checked_add", [other]) => maybe(value.checked_add(*other)),
        ("checked_mul", [other]) => maybe(value.checked_mul(*other)),
        _ => unknown(format!("the method `{name}` of an integer")),
    }
}

fn of_ordering(order: Ordering, name: &str) -> Evaluated<Datum> {
    Ok(Datum::Bool(match name {
        "is_lt" => order.is_lt(),
        "is_le" => order.is_le(),
        "is_gt" => order.is_gt(),
        "is_ge" => order.is_ge(),
        "is_eq" => order.is_eq(),
        "is_ne" => order.is_ne(),
        "reverse" => return Ok(Datum::Ordering(order.reverse())),
        _ => return unknown(format!("the method `{name}` of an ordering")),
    }))
}

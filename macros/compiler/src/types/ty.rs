//! Types and activity.
//!
//! ```text
//! type  ::= float | integer | bool | … | [type] | Vec<type> | (type, …) | &type | iterator of type | ?
//! ```
//!
//! A macro sees no types, so they are inferred from what the body says: declared parameters, literals, methods,
//! arithmetic. What cannot be seen stays an inference variable (`?`), and rustc resolves it later through the
//! engine's traits.
//!
//! **Activity** is part of the type: every `float` carries a node of a constraint graph. An edge `a → b` says that
//! if `a` depends on a differentiable input then so does `b`; the solution is reachability from [`Act::ACTIVE`].
//! Values *flow* along one direction (a passive number may go into an active variable: it is lifted there); what
//! is behind a reference is shared, so it flows both ways.
//!
//! A type that is *given* to the body (of a constant from outside, of the result of a call, of an argument whose type only rustc
//! knows) keeps its activity. A place that it goes to may become more active; then it is lifted there.

use std::collections::BTreeMap;

/// A node of the activity graph.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Act(usize);

impl Act {
    /// Never active: literals, `#[constant]` data, what surrounds the function. Nothing flows into it.
    pub const PASSIVE: Act = Act(0);
    /// Active from the start: differentiable arguments and results.
    pub const ACTIVE: Act = Act(1);
}

/// An inference variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unknown(usize);

/// A struct of the body: an index into [`Types::structs`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StructId(usize);

/// What is known of a struct.
#[derive(Debug)]
struct Struct {
    /// The activity of the struct as a whole.
    whole: Act,
    /// The types of the fields that the body names.
    fields: BTreeMap<String, Ty>,
}

/// The kinds of sequence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sequence {
    Array,
    Slice,
    Vec,
    Deque,
}

/// A type of the body.
#[derive(Clone, PartialEq, Debug)]
pub enum Ty {
    Float(Act),
    F32,
    Int,
    Bool,
    /// `char`, `str`, `String`, `Ordering`: data that never carries a gradient.
    Data,
    Unit,
    Never,
    Sequence(Sequence, Box<Ty>),
    Tuple(Vec<Ty>),
    Ref {
        mutable: bool,
        inner: Box<Ty>,
    },
    Range,
    Iter(Box<Ty>),
    Option(Box<Ty>),
    /// Parameters and result, and whether what it captures is active.
    Closure(Vec<Ty>, Box<Ty>, Act),
    /// A struct of the user's that derives `Differentiable`. Of its fields the body tells.
    Struct(StructId),
    Unknown(Unknown),
}

impl Ty {
    pub const PASSIVE_FLOAT: Ty = Ty::Float(Act::PASSIVE);

    pub fn sequence(kind: Sequence, element: Ty) -> Ty {
        Ty::Sequence(kind, Box::new(element))
    }

    pub fn reference(inner: Ty) -> Ty {
        Ty::Ref { mutable: false, inner: Box::new(inner) }
    }

    pub fn iter(item: Ty) -> Ty {
        Ty::Iter(Box::new(item))
    }

    pub fn option(inner: Ty) -> Ty {
        Ty::Option(Box::new(inner))
    }

    /// The types of the values that one of this type holds; what a closure captures is not among them.
    pub fn parts(&self) -> &[Ty] {
        match self {
            Ty::Sequence(_, part) | Ty::Ref { inner: part, .. } | Ty::Iter(part) | Ty::Option(part) => {
                std::slice::from_ref(part)
            }
            Ty::Tuple(parts) => parts,
            Ty::Float(_)
            | Ty::F32
            | Ty::Int
            | Ty::Bool
            | Ty::Data
            | Ty::Unit
            | Ty::Never
            | Ty::Range
            | Ty::Closure(..)
            | Ty::Struct(_)
            | Ty::Unknown(_) => &[],
        }
    }

    /// The same type with other parts.
    fn with_parts(mut self, mut new: impl FnMut(&Ty) -> Ty) -> Ty {
        match &mut self {
            Ty::Sequence(_, part) | Ty::Ref { inner: part, .. } | Ty::Iter(part) | Ty::Option(part) => {
                **part = new(part);
            }
            Ty::Tuple(parts) => parts.iter_mut().for_each(|part| *part = new(part)),
            Ty::Float(_)
            | Ty::F32
            | Ty::Int
            | Ty::Bool
            | Ty::Data
            | Ty::Unit
            | Ty::Never
            | Ty::Range
            | Ty::Closure(..)
            | Ty::Struct(_)
            | Ty::Unknown(_) => {}
        }
        self
    }

    /// What is behind it if it is a reference, else the type itself.
    pub fn behind(self) -> Ty {
        if let Ty::Ref { inner, .. } = self { *inner } else { self }
    }

    /// What it gives when it is iterated over, if that is seen from the type alone, else the type itself.
    pub fn item(self) -> Ty {
        if let Ty::Sequence(_, item) | Ty::Iter(item) | Ty::Option(item) = self { *item } else { self }
    }

    /// What a call of it gives if it is a closure, else the type itself.
    pub fn output(self) -> Ty {
        if let Ty::Closure(_, output, _) = self { *output } else { self }
    }

    pub fn is_float(&self) -> bool {
        matches!(self, Ty::Float(_))
    }

    pub fn is_reference(&self) -> bool {
        matches!(self, Ty::Ref { .. })
    }
}

/// The inference state of one function: what unknowns turned out to be, and the activity graph.
#[derive(Debug)]
pub struct Types {
    /// What each unknown is bound to.
    bound: Vec<Option<Ty>>,
    /// The activity of each unknown as a whole.
    whole: Vec<Act>,
    /// Whether each unknown is given to the body: all its parts are as active as the whole.
    given: Vec<bool>,
    /// Whether each unknown is a part of an empty container, or of one that has yet to be made (`Vec::new()`, `None`).
    open: Vec<bool>,
    /// Whether each unknown is a map, a set or a heap, which never turns out to be anything else.
    collection: Vec<bool>,
    /// Whether each unknown may be a struct of the user's: its type has a name, or it is a part of a struct, or what a method gives.
    named: Vec<bool>,
    /// Whether each node is the activity of something given.
    given_acts: Vec<bool>,
    structs: Vec<Struct>,
    /// Flows between unknowns, repeated when one of them is bound.
    pending: Vec<(Unknown, Unknown)>,
    edges: Vec<Vec<usize>>,
    active: Vec<bool>,
}

impl Default for Types {
    fn default() -> Self {
        Types {
            bound: Vec::new(),
            whole: Vec::new(),
            given: Vec::new(),
            open: Vec::new(),
            collection: Vec::new(),
            named: Vec::new(),
            structs: Vec::new(),
            given_acts: vec![true, true],
            pending: Vec::new(),
            edges: vec![Vec::new(), Vec::new()],
            active: Vec::new(),
        }
    }
}

impl Types {
    // --- making types

    pub fn fresh_act(&mut self) -> Act {
        self.edges.push(Vec::new());
        self.given_acts.push(false);
        Act(self.edges.len() - 1)
    }

    pub fn fresh_float(&mut self) -> Ty {
        Ty::Float(self.fresh_act())
    }

    /// An unknown type that may become active.
    pub fn unknown(&mut self) -> Ty {
        let act = self.fresh_act();
        self.unknown_with(act)
    }

    /// An unknown type with the activity `act`. It is given if `act` is fixed.
    pub fn unknown_with(&mut self, act: Act) -> Ty {
        self.bound.push(None);
        self.whole.push(act);
        self.given.push(self.given_acts[act.0]);
        self.open.push(false);
        self.collection.push(false);
        self.named.push(false);
        Ty::Unknown(Unknown(self.bound.len() - 1))
    }

    /// An unknown type that may be a struct of the user's.
    pub fn named(&mut self, act: Act) -> Ty {
        let ty = self.unknown_with(act);
        self.named.pop();
        self.named.push(true);
        ty
    }

    /// The same that is given to the body.
    pub fn given_named(&mut self, act: Act) -> Ty {
        self.given_acts[act.0] = true;
        self.named(act)
    }

    /// Whether a type is a struct, or may be one.
    pub fn may_be_struct(&self, ty: &Ty) -> bool {
        let ty = self.peeled(ty);
        matches!(ty, Ty::Struct(_)) || matches!(ty, Ty::Unknown(Unknown(id)) if self.named[id])
    }

    /// Whether anything in the function is known to be a struct.
    pub fn has_structs(&self) -> bool {
        !self.structs.is_empty()
    }

    pub fn is_struct(&self, ty: &Ty) -> bool {
        matches!(self.peeled(ty), Ty::Struct(_))
    }

    /// An unknown turns out to be a struct; anything else is left as it is.
    pub fn expect_struct(&mut self, ty: &Ty) {
        if let Ty::Unknown(unknown) = self.peeled(ty)
            && !self.collection[unknown.0]
            && !self.open[unknown.0]
        {
            let structure = self.structure(self.whole[unknown.0]);
            self.bind(unknown, structure);
        }
    }

    /// What is in an `Option` or a `Result`; an unknown that may be active turns out to be one. `None` for anything else.
    pub fn expect_option(&mut self, ty: &Ty) -> Option<Ty> {
        let known = self.peeled(ty);
        if let Ty::Option(inner) = known {
            return Some(*inner);
        }
        let Ty::Unknown(unknown) = known else { return None };
        if self.collection[unknown.0] {
            return None;
        }
        let inner = self.named(self.whole[unknown.0]);
        if !self.is_passive_for_good(&known) {
            self.bind(unknown, Ty::option(inner.clone()));
        }
        Some(inner)
    }

    /// A map, a set or a heap.
    pub fn collection(&mut self, act: Act) -> Ty {
        let ty = self.unknown_with(act);
        self.collection.pop();
        self.collection.push(true);
        ty
    }

    /// Whether `ty` is a map, a set or a heap.
    pub fn is_collection(&self, ty: &Ty) -> bool {
        matches!(self.peeled(ty), Ty::Unknown(Unknown(id)) if self.collection[id])
    }

    /// The type of an empty container's elements. It becomes the same type as that of the place that the container goes to.
    pub fn open(&mut self) -> Ty {
        let act = self.fresh_act();
        self.open_with(act)
    }

    /// The same with the activity `act`.
    pub fn open_with(&mut self, act: Act) -> Ty {
        let ty = self.unknown_with(act);
        self.open.pop();
        self.open.push(true);
        ty
    }

    /// A struct with the activity `whole`.
    pub fn structure(&mut self, whole: Act) -> Ty {
        self.structs.push(Struct { whole, fields: BTreeMap::new() });
        Ty::Struct(StructId(self.structs.len() - 1))
    }

    /// The same struct with another activity.
    fn structure_like(&mut self, of: StructId, whole: Act) -> Ty {
        let known: Vec<(String, Ty)> =
            self.structs[of.0].fields.iter().map(|(name, ty)| (name.clone(), ty.clone())).collect();
        let fields = known.into_iter().map(|(name, ty)| {
            let ty =
                if self.given_acts[whole.0] { self.with_act(&ty, whole) } else { self.slot_of(&ty, whole) };
            (name, ty)
        });
        let fields = fields.collect();
        self.structs.push(Struct { whole, fields });
        Ty::Struct(StructId(self.structs.len() - 1))
    }

    /// A slot like `ty`, as active as `whole`.
    fn slot_of(&mut self, ty: &Ty, whole: Act) -> Ty {
        let slot = self.fresh_like(ty);
        self.activates(whole, &slot);
        self.depends(whole, &slot);
        slot
    }

    /// The type of a field; an unknown turns out to be a struct. `None` for anything else.
    pub fn field(&mut self, ty: &Ty, name: &str) -> Option<Ty> {
        let mut ty = self.peeled(ty);
        if let Ty::Unknown(unknown) = ty
            && !self.collection[unknown.0]
            && !self.open[unknown.0]
        {
            ty = self.structure(self.whole[unknown.0]);
            self.bind(unknown, ty.clone());
        }
        let Ty::Struct(id) = ty else { return None };
        if let Some(known) = self.structs[id.0].fields.get(name) {
            return Some(known.clone());
        }
        let field = self.named(self.structs[id.0].whole);
        self.structs[id.0].fields.insert(name.to_owned(), field.clone());
        Some(field)
    }

    /// The fields that both structs are known to have.
    fn common_fields(&self, a: StructId, b: StructId) -> Vec<(Ty, Ty)> {
        let (a, b) = (&self.structs[a.0].fields, &self.structs[b.0].fields);
        a.iter().filter_map(|(name, ty)| Some((ty.clone(), b.get(name)?.clone()))).collect()
    }

    /// An unknown type that is given to the body, with an activity of its own.
    pub fn given(&mut self, act: Act) -> Ty {
        self.given_acts[act.0] = true;
        self.unknown_with(act)
    }

    /// The same structure with activities of its own: a slot that `ty` can flow into.
    pub fn fresh_like(&mut self, ty: &Ty) -> Ty {
        let ty = self.shallow(ty);
        if let Ty::Unknown(Unknown(id)) = ty {
            let act = self.fresh_act();
            return match (self.open[id], self.collection[id]) {
                (true, _) => self.open_with(act),
                (false, true) => self.collection(act),
                (false, false) if self.named[id] => self.named(act),
                (false, false) => self.unknown_with(act),
            };
        }
        if let Ty::Struct(id) = ty {
            let whole = self.fresh_act();
            return self.structure_like(id, whole);
        }
        if ty.is_float() { self.fresh_float() } else { ty.with_parts(|part| self.fresh_like(part)) }
    }

    // --- looking at types

    /// `ty` with bound unknowns replaced at the top.
    pub fn shallow(&self, ty: &Ty) -> Ty {
        let mut ty = ty;
        while let Ty::Unknown(Unknown(id)) = ty {
            match &self.bound[*id] {
                Some(bound) => ty = bound,
                None => break,
            }
        }
        ty.clone()
    }

    /// `ty` without references around it.
    pub fn peeled(&self, ty: &Ty) -> Ty {
        let mut ty = self.shallow(ty);
        while let Ty::Ref { inner, .. } = ty {
            ty = self.shallow(&inner);
        }
        ty
    }

    /// The elements of a sequence that is known to be one, through references.
    pub fn element_seen(&self, ty: &Ty) -> Option<Ty> {
        if let Ty::Sequence(_, element) = self.peeled(ty) { Some(*element) } else { None }
    }

    /// The activity nodes of all parts of `ty`.
    fn leaves(&self, ty: &Ty, found: &mut Vec<Act>) {
        let ty = self.shallow(ty);
        if let Ty::Float(act) = ty {
            found.push(act);
        } else if let Ty::Unknown(Unknown(id)) = ty {
            found.push(self.whole[id]);
        } else if let Ty::Struct(StructId(id)) = ty {
            found.push(self.structs[id].whole);
        }
        ty.parts().iter().for_each(|part| self.leaves(part, found));
    }

    // --- constraints

    fn edge(&mut self, from: Act, to: Act) {
        // A given type keeps its activity.
        if from != to && from != Act::PASSIVE && !self.given_acts[to.0] {
            self.edges[from.0].push(to.0);
        }
    }

    /// Every part of `from` makes `to` active.
    pub fn depends(&mut self, to: Act, from: &Ty) {
        let mut leaves = Vec::new();
        self.leaves(from, &mut leaves);
        for leaf in leaves {
            self.edge(leaf, to);
        }
    }

    /// A closure captures a variable of type `ty`, or of another closure what that captures.
    pub fn captures(&mut self, captured: Act, ty: &Ty) {
        if let Ty::Closure(_, _, inside) = self.peeled(ty) {
            self.edge(inside, captured);
        } else {
            self.depends(captured, ty);
        }
    }

    /// `act` makes every part of `ty` active.
    pub fn activates(&mut self, act: Act, ty: &Ty) {
        let mut leaves = Vec::new();
        self.leaves(ty, &mut leaves);
        for leaf in leaves {
            self.edge(act, leaf);
        }
    }

    /// Whether a part of `ty` is unknown.
    pub fn has_unknown(&self, ty: &Ty) -> bool {
        let ty = self.shallow(ty);
        matches!(ty, Ty::Unknown(_)) || ty.parts().iter().any(|part| self.has_unknown(part))
    }

    /// Whether a part of `ty` is unknown, or a struct.
    pub fn has_named(&self, ty: &Ty) -> bool {
        let ty = self.shallow(ty);
        matches!(ty, Ty::Unknown(_) | Ty::Struct(_)) || ty.parts().iter().any(|part| self.has_named(part))
    }

    /// Whether the unknown is a part of `ty`.
    fn occurs(&self, unknown: Unknown, ty: &Ty) -> bool {
        let ty = self.shallow(ty);
        if let Ty::Closure(inputs, output, _) = ty {
            return inputs.iter().chain([&*output]).any(|part| self.occurs(unknown, part));
        }
        ty == Ty::Unknown(unknown) || ty.parts().iter().any(|part| self.occurs(unknown, part))
    }

    fn bind(&mut self, unknown: Unknown, ty: Ty) {
        let whole = self.whole[unknown.0];
        self.activates(whole, &ty);
        self.depends(whole, &ty);
        self.bound[unknown.0] = Some(ty);
        let (again, rest) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(|(from, to)| *from == unknown || *to == unknown);
        self.pending = rest;
        let again: Vec<_> = again;
        for (from, to) in again {
            self.flow(&Ty::Unknown(from), &Ty::Unknown(to));
        }
    }

    /// A value of type `from` goes into a place of type `to`.
    pub fn flow(&mut self, from: &Ty, to: &Ty) {
        match (self.shallow(from), self.shallow(to)) {
            (Ty::Never, _) | (_, Ty::Never) => {}
            (Ty::Unknown(a), Ty::Unknown(b)) => {
                if a != b && self.open[a.0] && !self.given[b.0] {
                    // An empty `Vec` becomes what is pushed into it.
                    self.edge(self.whole[b.0], self.whole[a.0]);
                    self.bind(a, Ty::Unknown(b));
                } else if a != b {
                    self.pending.push((a, b));
                    self.edge(self.whole[a.0], self.whole[b.0]);
                }
            }
            (Ty::Unknown(a), known) if self.collection[a.0] => self.activates(self.whole[a.0], &known),
            (known, Ty::Unknown(b)) if self.collection[b.0] => self.depends(self.whole[b.0], &known),
            // A type that is a part of itself is the user's mistake, which rustc tells.
            (Ty::Unknown(a), known) | (known, Ty::Unknown(a)) if self.occurs(a, &known) => {}
            (Ty::Unknown(a), known) => {
                let slot = self.slot_for(a, &known);
                self.bind(a, slot.clone());
                self.flow(&slot, &known);
            }
            (known, Ty::Unknown(b)) => {
                let slot = self.slot_for(b, &known);
                self.bind(b, slot.clone());
                self.flow(&known, &slot);
            }
            (Ty::Float(a), Ty::Float(b)) => self.edge(a, b),
            (Ty::Struct(a), Ty::Struct(b)) if a == b => {}
            (Ty::Struct(a), Ty::Struct(b)) => {
                self.edge(self.structs[a.0].whole, self.structs[b.0].whole);
                self.common_fields(a, b).into_iter().for_each(|(a, b)| self.flow(&a, &b));
            }
            (Ty::Ref { inner: a, .. }, Ty::Ref { inner: b, .. }) => {
                self.flow(&a, &b);
                self.flow(&b, &a);
            }
            (Ty::Ref { inner, .. }, other) => self.flow(&inner, &other),
            (other, Ty::Ref { inner, .. }) => self.flow(&other, &inner),
            (Ty::Tuple(a), Ty::Tuple(b)) => a.iter().zip(&b).for_each(|(a, b)| self.flow(a, b)),
            (
                Ty::Sequence(_, a) | Ty::Iter(a) | Ty::Option(a),
                Ty::Sequence(_, b) | Ty::Iter(b) | Ty::Option(b),
            ) => self.flow_part(&a, &b),
            (Ty::Closure(a, x, captured), Ty::Closure(b, y, capturing)) => {
                b.iter().zip(&a).for_each(|(b, a)| self.flow(b, a));
                self.flow(&x, &y);
                self.edge(captured, capturing);
            }
            _ => {}
        }
    }

    /// The parts of a container go into those of another. Parts that are not known yet are of a container that is empty or
    /// has yet to be made (`Vec::new()`, `None`): they are what the place holds, and nothing needs lifting on the way.
    fn flow_part(&mut self, from: &Ty, to: &Ty) {
        match (self.shallow(from), self.shallow(to)) {
            (Ty::Unknown(a), known)
                if !matches!(known, Ty::Unknown(_)) && !self.given[a.0] && !self.occurs(a, &known) =>
            {
                self.bind(a, known);
            }
            (from, to) => self.flow(&from, &to),
        }
    }

    /// The structure of `known` for the unknown `a`; a given type keeps its activity.
    fn slot_for(&mut self, a: Unknown, known: &Ty) -> Ty {
        if self.given[a.0] { self.with_act(known, self.whole[a.0]) } else { self.fresh_like(known) }
    }

    /// The structure of `ty`, passive in all its parts.
    pub fn passive(&mut self, ty: &Ty) -> Ty {
        self.with_act(ty, Act::PASSIVE)
    }

    /// The structure of `ty`, as active as `act` in all its parts.
    fn with_act(&mut self, ty: &Ty, act: Act) -> Ty {
        let ty = self.shallow(ty);
        if let Ty::Unknown(_) = ty {
            return self.unknown_with(act);
        }
        if let Ty::Struct(id) = ty {
            return self.structure_like(id, act);
        }
        if ty.is_float() { Ty::Float(act) } else { ty.with_parts(|part| self.with_act(part, act)) }
    }

    /// A value of one type is the same as one of the other: activity goes both ways.
    pub fn equate(&mut self, a: &Ty, b: &Ty) {
        self.flow(a, b);
        self.flow(b, a);
    }

    /// Whether `ty` is unknown and comes from what surrounds the function.
    pub fn is_foreign(&self, ty: &Ty) -> bool {
        matches!(self.peeled(ty), Ty::Unknown(Unknown(id)) if self.whole[id] == Act::PASSIVE)
    }

    /// Whether `ty` is unknown, and what a call gives that no active value goes into.
    pub fn is_given_data(&self, ty: &Ty) -> bool {
        let Ty::Unknown(Unknown(id)) = self.peeled(ty) else { return false };
        let whole = self.whole[id];
        let depends = || whole == Act::ACTIVE || self.edges.iter().any(|edges| edges.contains(&whole.0));
        self.is_foreign(ty) || self.given[id] && !depends()
    }

    /// The structure of `ty`, active in all its parts.
    pub fn all_active(&self, ty: &Ty) -> Ty {
        let ty = self.shallow(ty);
        // Whatever the type of an unknown: a lifted value is lifted as a whole.
        if matches!(ty, Ty::Struct(_)) && self.is_active(&ty) {
            return ty;
        }
        if let Ty::Float(_) | Ty::Unknown(_) | Ty::Struct(_) = ty {
            return Ty::Float(Act::ACTIVE);
        }
        // The items of an iterator are lifted one by one.
        if let Ty::Iter(_) = ty { ty } else { ty.with_parts(|part| self.all_active(part)) }
    }

    /// Whether a part of `ty` may be passive for good, so that nothing that flows into it makes it active.
    pub fn is_fixed(&self, ty: &Ty) -> bool {
        let mut leaves = Vec::new();
        self.leaves(ty, &mut leaves);
        leaves.into_iter().any(|leaf| leaf != Act::ACTIVE && self.given_acts[leaf.0])
    }

    /// Whether no part of `ty` ever becomes active.
    pub fn is_passive_for_good(&self, ty: &Ty) -> bool {
        let mut leaves = Vec::new();
        self.leaves(ty, &mut leaves);
        leaves.into_iter().all(|leaf| leaf == Act::PASSIVE)
    }

    /// An unknown turns out to be a float; anything else is left as it is.
    pub fn expect_float(&mut self, ty: &Ty) {
        let peeled = self.peeled(ty);
        if let Ty::Unknown(unknown) = peeled
            && !self.collection[unknown.0]
        {
            let float = self.slot_for(unknown, &Ty::PASSIVE_FLOAT);
            self.bind(unknown, float);
        }
    }

    /// An unknown that may be active turns out to be data of the type `data`; anything else is left as it is.
    pub fn expect(&mut self, ty: &Ty, data: &Ty) {
        if let Ty::Unknown(unknown) = self.peeled(ty)
            && !self.collection[unknown.0]
            && !self.is_given_data(ty)
        {
            self.bind(unknown, data.clone());
        }
    }

    /// The same for what a call gives. An argument of an unknown type may be a number, and is not touched.
    pub fn expect_part(&mut self, ty: &Ty, data: &Ty) {
        if let Ty::Unknown(unknown) = self.peeled(ty)
            && self.given[unknown.0]
            && self.whole[unknown.0] != Act::ACTIVE
        {
            self.expect(ty, data);
        }
    }

    /// Whether `ty` is known, and no part of it can carry a gradient.
    pub fn is_data(&self, ty: &Ty) -> bool {
        let mut leaves = Vec::new();
        self.leaves(ty, &mut leaves);
        leaves.is_empty()
    }

    /// The elements of a sequence; an unknown turns out to be one. `None` for anything else.
    pub fn element(&mut self, ty: &Ty) -> Option<Ty> {
        let ty = self.peeled(ty);
        if let Ty::Sequence(_, element) = ty {
            return Some(*element);
        }
        let Ty::Unknown(unknown) = ty else { return None };
        let element = self.part(unknown);
        if !self.collection[unknown.0] {
            self.bind(unknown, Ty::sequence(Sequence::Slice, element.clone()));
        }
        Some(element)
    }

    /// What an `Option` holds; an unknown turns out to be one. `None` for anything else.
    pub fn inside(&mut self, ty: &Ty) -> Option<Ty> {
        self.inside_of(ty, Ty::option)
    }

    /// The elements of an array; an unknown turns out to be one. `None` for anything else.
    pub fn inside_array(&mut self, ty: &Ty) -> Option<Ty> {
        self.inside_of(ty, |element| Ty::sequence(Sequence::Array, element))
    }

    /// The items of an iterator; an unknown turns out to be one. `None` for anything else.
    pub fn inside_iterator(&mut self, ty: &Ty) -> Option<Ty> {
        self.inside_of(ty, Ty::iter)
    }

    fn inside_of(&mut self, ty: &Ty, whole: impl Fn(Ty) -> Ty) -> Option<Ty> {
        let Ty::Unknown(unknown) = self.peeled(ty) else { return None };
        if self.collection[unknown.0] {
            return None;
        }
        let inside = self.unknown_with(self.whole[unknown.0]);
        self.bind(unknown, whole(inside.clone()));
        Some(inside)
    }

    /// A part of an unknown, of which no more is seen: as active as the whole.
    pub fn part(&mut self, unknown: Unknown) -> Ty {
        self.unknown_with(self.whole[unknown.0])
    }

    /// The parts of a tuple of `length`; an unknown turns out to be one. `None` for anything else.
    pub fn tuple(&mut self, ty: &Ty, length: usize) -> Option<Vec<Ty>> {
        let ty = self.peeled(ty);
        if let Ty::Tuple(parts) = ty {
            return (parts.len() == length).then_some(parts);
        }
        let Ty::Unknown(unknown) = ty else { return None };
        let parts: Vec<_> = (0..length).map(|_| self.part(unknown)).collect();
        self.bind(unknown, Ty::Tuple(parts.clone()));
        Some(parts)
    }

    // --- the solution

    /// Propagates activity; from here on [`Types::is_active`] answers.
    pub fn solve(&mut self) {
        self.active = vec![false; self.edges.len()];
        let mut stack = vec![Act::ACTIVE.0];
        while let Some(node) = stack.pop() {
            if !std::mem::replace(&mut self.active[node], true) {
                stack.extend(&self.edges[node]);
            }
        }
    }

    /// Whether any part of `ty` is active.
    pub fn is_active(&self, ty: &Ty) -> bool {
        let mut leaves = Vec::new();
        self.leaves(ty, &mut leaves);
        leaves.into_iter().any(|leaf| self.active[leaf.0])
    }

    /// Whether a call of a closure of this type may read or change anything active. `false` for other types.
    pub fn is_active_closure(&self, ty: &Ty) -> bool {
        let Ty::Closure(inputs, output, captured) = self.peeled(ty) else { return false };
        self.active[captured.0] || inputs.iter().chain([&*output]).any(|ty| self.is_active(ty))
    }

    /// Whether anything active goes into a call with an argument of this type.
    pub fn goes_in_active(&self, ty: &Ty) -> bool {
        self.is_active(ty) || self.is_active_closure(ty)
    }

    /// Whether a value of type `from` can certainly not go into a place of type `to`: the user's mistake, which rustc tells.
    pub fn clashes(&self, from: &Ty, to: &Ty) -> bool {
        match (self.peeled(from), self.peeled(to)) {
            (Ty::Unknown(_) | Ty::Struct(_) | Ty::Never, _)
            | (_, Ty::Unknown(_) | Ty::Struct(_) | Ty::Never) => false,
            (Ty::Tuple(a), Ty::Tuple(b)) => {
                a.len() != b.len() || a.iter().zip(&b).any(|(a, b)| self.clashes(a, b))
            }
            (
                Ty::Sequence(_, a) | Ty::Iter(a) | Ty::Option(a),
                Ty::Sequence(_, b) | Ty::Iter(b) | Ty::Option(b),
            ) => self.clashes(&a, &b),
            (a, b) => std::mem::discriminant(&a) != std::mem::discriminant(&b),
        }
    }

    /// Whether a value of type `from` must be lifted to go into a place of type `to`.
    pub fn needs_lift(&self, from: &Ty, to: &Ty) -> bool {
        match (self.shallow(from), self.shallow(to)) {
            (Ty::Float(a), Ty::Float(b)) => self.active[b.0] && !self.active[a.0],
            (Ty::Tuple(a), Ty::Tuple(b)) => a.iter().zip(&b).any(|(a, b)| self.needs_lift(a, b)),
            // Items are lifted whether or not there is a reference between: `values.extend(&numbers)`.
            (Ty::Sequence(_, a) | Ty::Iter(a) | Ty::Option(a), Ty::Iter(b)) => {
                self.needs_lift(&self.peeled(&a), &self.peeled(&b))
            }
            (Ty::Ref { inner: a, .. }, Ty::Ref { inner: b, .. })
            | (Ty::Sequence(_, a) | Ty::Iter(a) | Ty::Option(a), Ty::Sequence(_, b) | Ty::Option(b)) => {
                self.needs_lift(&a, &b)
            }
            (Ty::Ref { inner: a, .. }, b) => self.needs_lift(&a, &b),
            (Ty::Never, _) => false,
            (a @ (Ty::Unknown(_) | Ty::Struct(_)), b) | (a, b @ (Ty::Unknown(_) | Ty::Struct(_))) => {
                self.is_active(&b) && !self.is_active(&a)
            }
            _ => false,
        }
    }
}

/// Whether a type is `f64` by that name.
pub fn is_f64(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.is_ident("f64"))
}

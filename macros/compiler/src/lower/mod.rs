//! From the typed tree to the intermediate representation: mutable variables become chains of values, iterator chains
//! become loops, closures are inlined. What is not understood is answered with the construct and its place: the reason
//! why a gradient runs on the graph.

mod adapter;
mod assignment;
mod block;
mod branch;
mod call;
mod closure;
mod consumer;
mod exit;
mod expression;
mod failure;
mod indexed;
mod iteration;
mod iterator_source;
mod leaving;
mod loops;
mod match_arms;
mod moved;
mod option;
mod passive;
mod pattern;
mod pattern_tests;
mod reordering;
mod replay;
mod search;
mod sequence;
mod sorting;
mod storage;
mod structs;
mod uses;
mod variables;
use crate::ir::{
    Atom, Class, Entry, HostExpression, Outcome, Piece, Place, Program, Region, RegionId, Statement,
    StatementKind, Storage, StorageId, StorageKind, Value, ValueId,
};
use crate::reasons::{Reason, Unsupported};
pub use crate::syntax::ident::unraw;
use crate::types::tree::{Closure, Expr, Function, FunctionValue, Parameter, Role, VariableId};
use crate::types::ty::{Sequence, Ty};
use gradus_ops::Op;
use passive::{host, impure};
use proc_macro2::{Ident, Span, TokenStream};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use variables::Variables;

/// How deep branches and loops may nest: rustc itself recurses over what is generated, and what a deep branch keeps for the
/// reverse sweep goes through every branch around it.
const DEEPEST: usize = 128;

type Lowered<T> = Result<T, Unsupported>;

fn unsupported<T>(reason: Reason, span: Span) -> Lowered<T> {
    Err(Unsupported { reason, span })
}

/// What an expression is, while lowering.
#[derive(Clone)]
enum Meaning<'t, 'a> {
    Unit,
    /// A number or other data.
    Atom(Atom),
    Tuple(Vec<Meaning<'t, 'a>>),
    /// A small array whose elements are all known apart.
    List(Vec<Meaning<'t, 'a>>),
    /// Whether there is something, and what.
    Option(Atom, Box<Meaning<'t, 'a>>),
    /// What is never there, since whoever would have computed it has left.
    Never,
    /// A passive expression that has no name yet.
    Passive(HostExpression),
    /// `&mut` of a variable.
    Borrow(VariableId),
    /// An element or part of a storage, or a reference to it.
    Place(Place),
    /// What is iterated over.
    Iterator(Rc<iterator_source::IteratorSource<'t, 'a>>),
    /// A closure and the variables it saw.
    Closure(&'t Closure<'a>, Variables<'t, 'a>),
    /// A function named as a value.
    Function(&'t syn::Path, FunctionValue),
}

impl Meaning<'_, '_> {
    /// The parts of a tuple or a list, or what is in an `Option`.
    fn parts(&self) -> &[Self] {
        match self {
            Meaning::Tuple(parts) | Meaning::List(parts) => parts,
            Meaning::Option(_, inside) => std::slice::from_ref(inside),
            Meaning::Unit
            | Meaning::Atom(_)
            | Meaning::Never
            | Meaning::Passive(_)
            | Meaning::Borrow(_)
            | Meaning::Place(_)
            | Meaning::Iterator(_)
            | Meaning::Closure(..)
            | Meaning::Function(..) => &[],
        }
    }

    /// The same with other parts.
    fn with_parts(mut self, mut new: impl FnMut(Self) -> Self) -> Self {
        if let Meaning::Tuple(parts) | Meaning::List(parts) = &mut self {
            *parts = std::mem::take(parts).into_iter().map(new).collect();
        } else if let Meaning::Option(_, inside) = &mut self {
            **inside = new(std::mem::replace(&mut **inside, Meaning::Never));
        }
        self
    }
}

struct Lowering<'t, 'a> {
    function: &'t Function<'a>,
    values: Vec<Value>,
    storages: Vec<Storage>,
    regions: usize,
    /// How many regions are open.
    depth: usize,
    /// The region that is being filled.
    region: RegionId,
    statements: Vec<Statement>,
    /// What the user's variables are, and after them those that the lowering makes for itself.
    variables: Variables<'t, 'a>,
    own: Vec<(String, Ty)>,
    /// The variable that holds the exit code.
    exit: usize,
    /// What one can leave at this point, innermost last.
    targets: Vec<exit::Target>,
    /// The exit codes that were set, and the last one given out.
    set: BTreeSet<u32>,
    codes: u32,
    /// How many closures deep the lowering is.
    inlining: usize,
    /// Passive data that is declared `mut`.
    changing: BTreeSet<ValueId>,
    /// Names of variables whose data may be moved away.
    moved: BTreeSet<String>,
    /// Data that the user's variables own, so that it can be moved, and shared references to data, which are copied.
    owned: BTreeSet<ValueId>,
    shared: BTreeSet<ValueId>,
    /// Numbers of the user's that are lent to be changed: they are variables of the generated code too, not chains of values.
    lent: BTreeSet<usize>,
    /// The names in tokens of which only rustc knows what they ask for.
    retyped: BTreeSet<String>,
    /// The types that variables were declared with.
    types: BTreeMap<usize, TokenStream>,
    /// What branches have given that is of a struct's type, or of one that only rustc knows.
    given: BTreeSet<String>,
    /// Memories that have a name of the user's.
    bound: BTreeSet<StorageId>,
    /// Variables whose elements are reached by more than literal indices.
    indexed: BTreeSet<usize>,
    /// The names that are taken.
    names: BTreeSet<String>,
    /// For each hint, how many names were made of it.
    counts: BTreeMap<String, usize>,
    /// The names of passive data and of parameters here, which are the user's own.
    data: BTreeSet<String>,
    /// The variables of the lowering's own that are parts of a variable of the user's, which are borrowed.
    parts: BTreeSet<usize>,
    /// Whether something is left with an array that no list of numbers can stand for.
    arrays_leave: bool,
    /// Variables that a closure or iterator borrows through a name of their own: what they stand for, and the name.
    borrowed: BTreeMap<usize, (String, ValueId)>,
    /// The names that numbers and storages have too, since a closure or iterator borrows them.
    renamed: BTreeSet<String>,
    /// The expressions whose values the function gives, if it may fail.
    given_back: BTreeSet<usize>,
}

/// Lowers a function.
pub fn lower(function: &Function<'_>) -> Result<Program, Unsupported> {
    if let Some(parameter) = function.parameters.iter().find(|parameter| parameter.role == Role::Function) {
        let reason = Reason::FunctionParameter(parameter.name.to_string());
        return unsupported(reason, parameter.name.span());
    }
    let mut lowering = Lowering {
        function,
        values: Vec::new(),
        storages: Vec::new(),
        regions: 1,
        depth: 0,
        region: RegionId(0),
        statements: Vec::new(),
        variables: Variables::default(),
        own: Vec::new(),
        exit: 0,
        targets: Vec::new(),
        set: BTreeSet::new(),
        codes: 0,
        inlining: 0,
        changing: BTreeSet::new(),
        moved: moved::names_moved(function.written),
        owned: BTreeSet::new(),
        shared: BTreeSet::new(),
        lent: passive::lent(function),
        retyped: passive::names_retyped(function),
        types: BTreeMap::new(),
        given: BTreeSet::new(),
        bound: BTreeSet::new(),
        indexed: storage::indexed(function),
        // Names of the lowering's own end in an underscore, which those of adjoints leave out.
        names: names_of(function).map(|name| stem(&name).to_owned()).collect(),
        counts: BTreeMap::new(),
        data: function.parameters.iter().map(|parameter| parameter.name.to_string()).collect(),
        parts: BTreeSet::new(),
        arrays_leave: exit::arrays_leave(function),
        borrowed: BTreeMap::new(),
        renamed: BTreeSet::new(),
        given_back: failure::given_back(function),
    };
    let output = function.value_type();
    let entries = lowering.entries()?;
    lowering.exit = lowering.own_variable("exit", Ty::Int, Meaning::Atom(exit::code(0)));
    let outcome = lowering
        .returning(&output, failure::returns_values(function), |lowering| lowering.block(&function.body))?;
    let outcome = lowering.settled(outcome, &output, Span::call_site())?;
    let outcome = lowering.outcome(outcome, &output)?;
    let body = Region { id: RegionId(0), statements: lowering.statements, yields: Vec::new() };
    let items = function.body.statements.iter().filter_map(hoisted).cloned().collect();
    let Lowering { values, storages, changing, .. } = lowering;
    let underscored = names_of(function).filter(|name| name.ends_with('_')).collect();
    Ok(Program {
        values,
        storages,
        entries,
        changing,
        underscored,
        items,
        body,
        outcome,
        reverse: None,
        tangent: None,
    })
}

/// The names of the parameters.
fn names_of(function: &Function<'_>) -> impl Iterator<Item = String> {
    function.parameters.iter().map(|parameter| unraw(parameter.name))
}

/// What a generated name is made of: `x` of `x_`, since it ends in one underscore of its own.
fn stem(hint: &str) -> &str {
    match hint.strip_prefix("r#").unwrap_or(hint).trim_end_matches('_') {
        "" => "value",
        stem => stem,
    }
}

impl<'t, 'a> Lowering<'t, 'a> {
    fn entries(&mut self) -> Lowered<Vec<Entry>> {
        let mut entries = Vec::new();
        for parameter in &self.function.parameters {
            let (entry, meaning) = self.entry(parameter)?;
            self.variables.insert(parameter.binding.variable.0, meaning);
            entries.push(entry);
        }
        Ok(entries)
    }

    /// How a parameter enters, and what its variable is.
    fn entry(&mut self, parameter: &'t Parameter<'a>) -> Lowered<(Entry, Meaning<'t, 'a>)> {
        let types = &self.function.types;
        // Through an alias, as far as the body tells what it is.
        let written = types.shallow(&parameter.ty);
        let ty = types.peeled(&written);
        let is_reference = written.is_reference();
        let is_number = ty.is_float() && !is_reference;
        if !parameter.is_differentiable() {
            let class = if is_number { Class::Float } else { class(&ty) };
            return Ok(self.passive_entry(parameter, &written, class));
        }
        if is_number {
            let value = self.value_named(parameter.name.clone(), Class::Float, true);
            return Ok((Entry::Scalar(value), Meaning::Atom(Atom::Value(value))));
        }
        let is_number_behind = ty.is_float() && types.shallow(&written.behind()).is_float();
        // What only rustc knows may be a number too: it is passed on as it is.
        let is_place = matches!(
            ty,
            Ty::Sequence(Sequence::Array | Sequence::Slice | Sequence::Vec, _)
                | Ty::Tuple(_)
                | Ty::Struct(_)
                | Ty::Unknown(_)
        );
        if !is_number_behind && !is_place {
            return unsupported(Reason::ArgumentType(parameter.name.to_string()), parameter.name.span());
        }
        let storage = StorageId(self.storages.len());
        let kind = StorageKind::Parameter { reference: is_reference };
        self.storages.push(Storage { ident: parameter.name.clone(), kind, declared: None });
        let mut place = Place { storage, steps: Vec::new(), span: Span::call_site() };
        if is_number_behind {
            place = Place { span: parameter.name.span(), ..place.part(crate::ir::Step::Deref) };
        } else if parameter.mutable {
            place = self.copied(place, &parameter.ty, parameter.name)?;
        }
        Ok((Entry::Storage(storage), Meaning::Place(place)))
    }

    fn passive_entry(
        &mut self,
        parameter: &Parameter<'a>,
        written: &Ty,
        class: Class,
    ) -> (Entry, Meaning<'t, 'a>) {
        // What stands behind a reference is the user's data.
        let lent = self.lent.contains(&parameter.binding.variable.0);
        let is_number = class == Class::Float && !written.is_reference();
        let class = if !is_number && (written.is_reference() || lent) { Class::Data } else { class };
        let mut value = self.value_named(parameter.name.clone(), class, false);
        let entry = Entry::Passive(value);
        self.notes_ownership(value, written);
        if parameter.mutable && class == Class::Data {
            let own = host(vec![Piece::Atom(Atom::Value(value))]);
            value = self.data_named(parameter.name);
            self.changing.insert(value);
            let kind = StatementKind::Passive { out: Some(value), host: impure(own) };
            self.push(kind, parameter.name.span());
        }
        (entry, Meaning::Atom(Atom::Value(value)))
    }

    /// What the function gives.
    fn outcome(&mut self, meaning: Meaning<'t, 'a>, ty: &Ty) -> Lowered<Outcome> {
        let span = Span::call_site();
        let ty = self.function.types.shallow(ty);
        let parts = |lowering: &mut Self,
                     parts: Vec<Meaning<'t, 'a>>,
                     types: &mut dyn Iterator<Item = Ty>| {
            parts.into_iter().zip(types).map(|(part, ty)| lowering.outcome(part, &ty)).collect::<Lowered<_>>()
        };
        match (meaning, &ty) {
            (Meaning::Tuple(inner), Ty::Tuple(types)) => {
                parts(self, inner, &mut types.iter().cloned()).map(Outcome::Tuple)
            }
            (Meaning::List(inner), Ty::Sequence(Sequence::Array | Sequence::Slice, element)) => {
                parts(self, inner, &mut std::iter::repeat((**element).clone())).map(Outcome::List)
            }
            (Meaning::Place(place), Ty::Sequence(Sequence::Array | Sequence::Vec | Sequence::Slice, _)) => {
                Ok(Outcome::Place(place))
            }
            (meaning, Ty::Float(_) | Ty::Int | Ty::Bool) => Ok(Outcome::Atom(self.scalar(meaning, span)?)),
            // Data, of which the caller may have its own: the reverse sweep may look at this one.
            (Meaning::Atom(atom), _) if self.is_data(&atom) => {
                let borrow = host(vec![passive::tokens(quote::quote!(&)), Piece::Atom(atom)]);
                let clone = passive::tokens(quote::quote!(__gradus_std::clone::Clone::clone));
                let copy = impure(host(vec![clone, borrow.into()]));
                Ok(Outcome::Atom(self.computed(copy, Class::Data, "result", span)))
            }
            (Meaning::Atom(atom), Ty::Unknown(_)) => Ok(Outcome::Atom(atom)),
            (Meaning::Place(place), Ty::Unknown(_) | Ty::Struct(_)) => Ok(Outcome::Place(place)),
            (_, Ty::Unknown(_)) => unsupported(Reason::ResultAlias, span),
            _ => unsupported(Reason::ResultType, span),
        }
    }

    // --- making

    fn value_named(&mut self, ident: Ident, class: Class, active: bool) -> ValueId {
        self.names.insert(stem(&ident.to_string()).to_owned());
        self.values.push(Value {
            ident,
            class,
            active,
            region: self.region,
            recordable: false,
            declared: None,
            pattern: None,
        });
        ValueId(self.values.len() - 1)
    }

    /// A new value, named after `hint` (`x`, then `x_2`, …).
    fn value(&mut self, hint: &str, class: Class, active: bool) -> ValueId {
        let hint = stem(hint);
        let count = self.counts.entry(hint.to_owned()).or_default();
        let name = loop {
            *count += 1;
            let name = if *count == 1 { hint.to_owned() } else { format!("{hint}_{count}") };
            if self.names.insert(name.clone()) {
                break name;
            }
        };
        let ident = Ident::new(&format!("{name}_"), Span::mixed_site());
        self.values.push(Value {
            ident,
            class,
            active,
            region: self.region,
            recordable: false,
            declared: None,
            pattern: None,
        });
        ValueId(self.values.len() - 1)
    }

    fn is_hoisted(&self, item: &syn::Item) -> bool {
        self.function.body.statements.iter().filter_map(hoisted).any(|known| std::ptr::eq(known, item))
    }

    /// A value that a host expression computes.
    fn computed(&mut self, host: HostExpression, class: Class, hint: &str, span: Span) -> Atom {
        let out = self.value(hint, class, false);
        self.push(StatementKind::Passive { out: Some(out), host }, span);
        Atom::Value(out)
    }

    fn push(&mut self, kind: StatementKind, span: Span) {
        self.statements.push(Statement { kind, span });
    }

    /// Whether a region may be opened here.
    fn may_nest(&self, span: Span) -> Lowered<()> {
        if self.depth < DEEPEST {
            return Ok(());
        }
        unsupported(Reason::DeepBranches(DEEPEST.to_string()), span)
    }

    /// Fills a region of its own.
    fn region<R>(
        &mut self,
        fill: impl FnOnce(&mut Self) -> Lowered<R>,
    ) -> Lowered<(RegionId, Vec<Statement>, R)> {
        let id = RegionId(self.regions);
        self.regions += 1;
        let outer = std::mem::replace(&mut self.region, id);
        let (data, borrowed) = (self.data.clone(), self.borrowed.clone());
        let statements = std::mem::take(&mut self.statements);
        self.depth += 1;
        let result = fill(self);
        self.depth -= 1;
        self.region = outer;
        (self.data, self.borrowed) = (data, borrowed);
        let filled = std::mem::replace(&mut self.statements, statements);
        Ok((id, filled, result?))
    }

    /// Whether data can be moved away, or is copied wherever it goes, as far as its type tells.
    fn notes_ownership(&mut self, value: ValueId, ty: &Ty) {
        if self.values[value.0].class != Class::Data {
            return;
        }
        let ty = self.function.types.shallow(ty);
        if let Ty::Ref { mutable: false, .. } = ty {
            self.shared.insert(value);
        } else if ty != Ty::Range && !self.is_copied_type(&ty) {
            self.owned.insert(value);
        }
    }

    /// Whether values of a type are copied, as far as it is known.
    fn is_copied_type(&self, ty: &Ty) -> bool {
        let ty = self.function.types.shallow(ty);
        match ty {
            Ty::Float(_) | Ty::F32 | Ty::Int | Ty::Bool | Ty::Unit => true,
            Ty::Ref { mutable, .. } => !mutable,
            Ty::Sequence(Sequence::Array, _) | Ty::Tuple(_) => {
                ty.parts().iter().all(|part| self.is_copied_type(part))
            }
            Ty::Sequence(Sequence::Slice | Sequence::Vec | Sequence::Deque, _)
            | Ty::Data
            | Ty::Never
            | Ty::Range
            | Ty::Iter(_)
            | Ty::Option(_)
            | Ty::Closure(..)
            | Ty::Struct(_)
            | Ty::Unknown(_) => false,
        }
    }

    fn is_active(&self, atom: &Atom) -> bool {
        matches!(atom, Atom::Value(id) if self.values[id.0].active)
    }

    /// Whether an atom is data of a type that only rustc knows.
    fn is_data(&self, atom: &Atom) -> bool {
        matches!(atom, Atom::Value(id) if self.values[id.0].class == Class::Data)
    }

    fn operation(&mut self, op: Op, operands: Vec<Atom>, hint: &str, span: Span) -> Atom {
        let active = operands.iter().any(|operand| self.is_active(operand));
        let out = self.value(hint, Class::Float, active);
        self.push(StatementKind::Operation { out, op, operands }, span);
        Atom::Value(out)
    }

    /// A variable of the lowering's own.
    fn own_variable(&mut self, name: &str, ty: Ty, meaning: Meaning<'t, 'a>) -> usize {
        let variable = self.function.variables.len() + self.own.len();
        self.own.push((name.to_owned(), ty));
        self.variables.insert(variable, meaning);
        variable
    }

    /// The name of a variable, and its type.
    fn known(&self, variable: usize) -> (String, Ty) {
        match self.function.variables.get(variable) {
            Some(known) => (known.name.to_string(), known.ty.clone()),
            None => self.own[variable - self.function.variables.len()].clone(),
        }
    }

    /// A variable in the words of a reason: the user's by its name, another by what it is for.
    fn named(&self, variable: usize) -> String {
        let (name, _) = self.known(variable);
        if variable < self.function.variables.len() {
            return format!("`{name}`");
        }
        match name.as_str() {
            "result" => "the value that a `break`, a `continue` or a `return` leaves with",
            "total" => "what an iterator adds up or folds",
            "state" => "the state of a `scan`",
            "first" => "what a search finds",
            // A part of a variable of the user's.
            name if self.parts.contains(&variable) => return format!("`{name}`"),
            _ => "what an iterator counts or asks",
        }
        .to_owned()
    }

    /// A meaning as a number: an element of a storage is loaded.
    fn scalar(&mut self, meaning: Meaning<'t, 'a>, span: Span) -> Lowered<Atom> {
        match meaning {
            Meaning::Atom(atom) => Ok(atom),
            Meaning::Place(place) => {
                let hint = self.storages[place.storage.0].ident.to_string();
                let out = self.value(hint.trim_end_matches('_'), Class::Float, true);
                self.push(StatementKind::Load { out, place }, span);
                Ok(Atom::Value(out))
            }
            Meaning::Borrow(variable) => {
                let meaning = self.variable(variable, span)?;
                self.scalar(meaning, span)
            }
            Meaning::Never => Ok(Atom::number(0.0)),
            Meaning::Unit
            | Meaning::Tuple(_)
            | Meaning::List(_)
            | Meaning::Option(..)
            | Meaning::Passive(_)
            | Meaning::Iterator(_)
            | Meaning::Closure(..)
            | Meaning::Function(..) => unsupported(Reason::Number(self.described(&meaning)), span),
        }
    }

    /// The sequence of a place, as the user calls it.
    fn storage_name(&self, place: &Place) -> String {
        self.storages[place.storage.0].ident.to_string().trim_end_matches('_').to_owned()
    }

    /// A meaning in the words of a reason.
    fn described(&self, meaning: &Meaning<'_, '_>) -> String {
        let described = match meaning {
            Meaning::Unit => "`()`",
            Meaning::Atom(atom) if self.is_data(atom) => "data",
            Meaning::Atom(_) => "a number",
            Meaning::Tuple(_) => "a tuple",
            Meaning::List(_) => "an array",
            Meaning::Option(..) => "an `Option`",
            Meaning::Never => "an expression that leaves",
            Meaning::Passive(_) => "data",
            Meaning::Borrow(_) => "a reference to a variable",
            Meaning::Place(_) => "a sequence or a part of one",
            Meaning::Iterator(_) => "an iterator",
            Meaning::Closure(..) => "a closure",
            Meaning::Function(..) => "a function",
        };
        described.to_owned()
    }

    /// The storage that a method is called on.
    fn storage_under(&mut self, receiver: &'t Expr<'a>, method: &str, span: Span) -> Lowered<Place> {
        let meaning = self.meaning(receiver)?;
        if let Meaning::Place(place) = meaning {
            return Ok(place);
        }
        unsupported(Reason::MethodOf(method.to_owned(), self.described(&meaning)), span)
    }

    fn variable(&self, variable: VariableId, span: Span) -> Lowered<Meaning<'t, 'a>> {
        match self.variables.get(&variable.0) {
            Some(meaning) => Ok(meaning.clone()),
            None => unsupported(Reason::Unassigned(self.known(variable.0).0), span),
        }
    }
}

/// An item of the body that both sweeps may name.
fn hoisted<'s>(statement: &'s crate::types::tree::Statement<'_>) -> Option<&'s syn::Item> {
    let crate::types::tree::Statement::Verbatim(syn::Stmt::Item(item)) = statement else { return None };
    (!matches!(item, syn::Item::Static(_))).then_some(item)
}

/// `true` or `false`.
fn truth<'t, 'a>(known: bool) -> Meaning<'t, 'a> {
    Meaning::Atom(Atom::truth(known))
}

/// What generated code must know of a type.
fn class(ty: &Ty) -> Class {
    match ty {
        Ty::Float(_) => Class::Float,
        Ty::Int | Ty::Bool => Class::Scalar,
        Ty::F32
        | Ty::Data
        | Ty::Unit
        | Ty::Never
        | Ty::Sequence(..)
        | Ty::Tuple(_)
        | Ty::Ref { .. }
        | Ty::Range
        | Ty::Iter(_)
        | Ty::Option(_)
        | Ty::Closure(..)
        | Ty::Struct(_)
        | Ty::Unknown(_) => Class::Data,
    }
}

#[cfg(test)]
mod tests {
    use crate::ir::Mode;
    use crate::transform::{Passes, differentiate};
    use proc_macro2::TokenStream;

    /// The program of a function, printed, or the construct that is not compiled.
    fn lowered(text: &str) -> Result<String, String> {
        let tokens: TokenStream = text.parse().expect("tokens");
        crate::checked(&tokens, |_, _, function| {
            let program = super::lower(function).map_err(|unsupported| unsupported.reason.construct())?;
            let text = program.to_string();
            differentiate(program, Mode::Joint, function.may_be_several(), Passes::ALL)
                .map_err(|unsupported| unsupported.reason.construct())?;
            Ok(text)
        })
    }

    /// Prints which functions of the corpus are not compiled, and why.
    #[test]
    #[ignore = "a list to read"]
    fn reasons() {
        let mut count = (0, 0);
        for tokens in crate::corpus::corpus() {
            let name = syn::parse2::<syn::ItemFn>(tokens.clone()).expect("a function").sig.ident;
            match std::panic::catch_unwind(|| lowered(&tokens.to_string())) {
                Ok(Ok(_)) => count.0 += 1,
                Ok(Err(construct)) => {
                    count.1 += 1;
                    println!("{construct}: {name}");
                }
                Err(_) => println!("panicked: {name}"),
            }
        }
        println!("{} compiled, {} not", count.0, count.1);
    }

    #[test]
    fn what_is_not_compiled_is_named() {
        let function = |body: &str| format!("fn f(x: f64, xs: &[f64]) -> f64 {{ {body} }}");
        for (body, construct) in [
            ("xs.rchunks(2).map(|c| x * c[0]).sum()", "the iterator adapter `rchunks`"),
            ("let mut v = xs.to_vec(); v.retain(|y| *y > 0.0); v[0] * x", "the method `retain`"),
        ] {
            assert_eq!(lowered(&function(body)), Err(construct.to_owned()), "{body}");
        }
    }
}

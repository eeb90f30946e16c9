//! What expressions of the user's evaluate to, and places that can be written to.

use super::advice;
use super::number::Number;
use super::structs::Struct;
use super::width::Width;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

/// Why an evaluation ends.
#[derive(Clone, Debug)]
#[allow(dead_code, reason = "what is wrong is printed")]
pub enum Stop {
    /// The interpreter does not know this.
    Unknown(String),
    /// The program is wrong: it reads what is not there, say.
    Wrong(String),
    /// The user's own panic.
    Panic(String),
    /// The user's code does what `#[differentiable]` does not allow.
    Refused(String),
    /// It takes longer, or more memory, than it may.
    Limit(String),
    Break(Option<String>, Box<Datum>),
    Continue(Option<String>),
    Return(Box<Datum>),
}

pub type Evaluated<T> = Result<T, Stop>;

pub fn unknown<T>(what: impl Into<String>) -> Evaluated<T> {
    Err(Stop::Unknown(what.into()))
}

#[cfg(test)]
pub fn wrong<T>(what: impl Into<String>) -> Evaluated<T> {
    Err(Stop::Wrong(what.into()))
}

/// What rustc would refuse.
pub fn wrong_program<T>(what: impl Into<String>) -> Evaluated<T> {
    Err(Stop::Wrong(what.into()))
}

pub fn limited<T>(what: impl Into<String>) -> Evaluated<T> {
    Err(Stop::Limit(what.into()))
}

pub fn panics<T>(what: impl Into<String>) -> Evaluated<T> {
    Err(Stop::Panic(what.into()))
}

/// Where an expression stands: its bytes in the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct At {
    pub start: usize,
    pub end: usize,
}

/// A variable.
pub type Cell = Rc<RefCell<Datum>>;

pub fn cell(datum: Datum) -> Cell {
    Rc::new(RefCell::new(datum))
}

/// Any value of a Rust program that the interpreter knows.
#[derive(Clone, Debug)]
pub enum Datum {
    Unit,
    /// `Default::default()`: whatever is wanted.
    Default,
    Bool(bool),
    Int(i128, Width),
    Float(Number),
    Char(char),
    Text(String),
    Ordering(Ordering),
    Tuple(Vec<Datum>),
    /// A struct of the user's: its fields, in the order of their declaration.
    Struct(Rc<Struct>, Vec<Datum>),
    /// An array, a slice, a `Vec`.
    List(Vec<Datum>),
    /// From, and up to, which is not in it.
    Range(Option<i128>, Option<i128>, Width),
    /// An `Option`, or an `Ok`.
    Option(Option<Box<Datum>>),
    /// An `Err`.
    Failure(Box<Datum>),
    /// What can be written to. A shared reference is the value itself.
    Reference(Place),
    Closure(Rc<Closure>),
    /// A function by its path, and where that stands.
    Function(String, At),
    Iterator(Iter),
}

/// A closure and what it sees.
#[derive(Debug)]
pub struct Closure {
    pub written: syn::ExprClosure,
    pub seen: Scope,
}

/// The names that are known, innermost first.
#[derive(Clone, Default)]
pub struct Scope(Option<Rc<Entry>>);

struct Entry {
    name: String,
    value: Cell,
    /// A `const` or a `static`, which a pattern compares with.
    is_constant: bool,
    outer: Scope,
}

impl std::fmt::Debug for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl Scope {
    pub fn bind(&mut self, name: &str, value: Cell) {
        self.enter(name, value, false);
    }

    /// Binds the name of a `const` or a `static`.
    pub fn bind_constant(&mut self, name: &str, value: Cell) {
        self.enter(name, value, true);
    }

    fn enter(&mut self, name: &str, value: Cell, is_constant: bool) {
        *self =
            Scope(Some(Rc::new(Entry { name: name.to_owned(), value, is_constant, outer: self.clone() })));
    }

    /// The value of a `const` or a `static` of the function's own.
    pub fn constant(&self, name: &str) -> Option<Cell> {
        self.entry(name).filter(|entry| entry.is_constant).map(|entry| entry.value.clone())
    }

    pub fn find(&self, name: &str) -> Option<Cell> {
        self.entry(name).map(|entry| entry.value.clone())
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        let mut scope = self;
        while let Some(entry) = &scope.0 {
            if entry.name == name {
                return Some(entry);
            }
            scope = &entry.outer;
        }
        None
    }

    /// The same names, with values of their own: what a `move` closure takes along.
    pub fn moved(&self) -> Scope {
        let mut entries = Vec::new();
        let mut scope = self;
        while let Some(entry) = &scope.0 {
            let value = cell(entry.value.borrow().clone());
            entries.push((entry.name.clone(), value, entry.is_constant));
            scope = &entry.outer;
        }
        let mut moved = Scope::default();
        entries
            .into_iter()
            .rev()
            .for_each(|(name, value, is_constant)| moved.enter(&name, value, is_constant));
        moved
    }
}

/// What gives the next item.
type Next = dyn FnMut() -> Evaluated<Option<Datum>>;

#[derive(Clone)]
pub struct Iter(pub Rc<RefCell<Next>>);

impl std::fmt::Debug for Iter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an iterator")
    }
}

impl Iter {
    pub fn new(next: impl FnMut() -> Evaluated<Option<Datum>> + 'static) -> Iter {
        Iter(Rc::new(RefCell::new(next)))
    }

    pub fn of(items: Vec<Datum>) -> Iter {
        let mut items = items.into_iter();
        Iter::new(move || Ok(items.next()))
    }

    pub fn next(&self) -> Evaluated<Option<Datum>> {
        (self.0.borrow_mut())()
    }

    pub fn all(&self) -> Evaluated<Vec<Datum>> {
        let mut items = Vec::new();
        while let Some(item) = self.next()? {
            items.push(item);
            if items.len() > 100_000 {
                return limited("an iterator of more than 100 000 items is collected");
            }
        }
        Ok(items)
    }
}

/// What it is, in words.
impl std::fmt::Display for Datum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Datum::Unit => "`()`",
            Datum::Default => "a default value",
            Datum::Bool(_) => "a truth value",
            Datum::Int(..) => "an integer",
            Datum::Float(_) => "a number",
            Datum::Char(_) => "a letter",
            Datum::Text(_) => "a text",
            Datum::Ordering(_) => "an ordering",
            Datum::Tuple(_) => "a tuple",
            Datum::Struct(of, _) => return write!(f, "a `{}`", of.name),
            Datum::List(_) => "a sequence",
            Datum::Range(..) => "a range",
            Datum::Option(_) => "an option",
            Datum::Failure(_) => "an error",
            Datum::Reference(place) => return place.get().map_or(Ok(()), |datum| datum.fmt(f)),
            Datum::Closure(_) => "a closure",
            Datum::Function(path, _) => return write!(f, "the function `{path}`"),
            Datum::Iterator(_) => "an iterator",
        })
    }
}

impl From<f64> for Datum {
    fn from(value: f64) -> Datum {
        Datum::Float(Number::from(value))
    }
}

impl From<usize> for Datum {
    fn from(value: usize) -> Datum {
        Datum::Int(value as i128, Width::size())
    }
}

impl Datum {
    pub fn some(datum: Datum) -> Datum {
        Datum::Option(Some(Box::new(datum)))
    }

    pub fn option(datum: Option<Datum>) -> Datum {
        Datum::Option(datum.map(Box::new))
    }

    /// What a reference leads to.
    pub fn read(self) -> Evaluated<Datum> {
        match self {
            Datum::Reference(place) => place.get()?.read(),
            other => Ok(other),
        }
    }

    /// The value without the references inside.
    pub fn owned(self) -> Evaluated<Datum> {
        Ok(match self.read()? {
            Datum::Tuple(parts) => {
                Datum::Tuple(parts.into_iter().map(Datum::owned).collect::<Evaluated<_>>()?)
            }
            Datum::Struct(of, parts) => {
                Datum::Struct(of, parts.into_iter().map(Datum::owned).collect::<Evaluated<_>>()?)
            }
            Datum::List(parts) => Datum::List(parts.into_iter().map(Datum::owned).collect::<Evaluated<_>>()?),
            other => other,
        })
    }

    pub fn int(self) -> Evaluated<i128> {
        match self.read()? {
            Datum::Int(value, _) => Ok(value),
            Datum::Default => Ok(0),
            other => unknown(format!("{other} as an integer")),
        }
    }

    pub fn size(self) -> Evaluated<usize> {
        let value = self.int()?;
        usize::try_from(value).or_else(|_| panics(format!("{value} as a size")))
    }

    pub fn bool(self) -> Evaluated<bool> {
        match self.read()? {
            Datum::Bool(value) => Ok(value),
            Datum::Default => Ok(false),
            other => unknown(format!("{other} as a truth value")),
        }
    }

    /// An integer and its type.
    pub fn integer(self) -> Evaluated<(i128, Width)> {
        match self.read()? {
            Datum::Int(value, width) => Ok((value, width)),
            Datum::Default => Ok((0, Width::Open)),
            other => unknown(format!("{other} as an integer")),
        }
    }

    pub fn number(self) -> Evaluated<Number> {
        match self.read()? {
            Datum::Float(value) => Ok(value),
            Datum::Default => Ok(Number::from(0.0)),
            Datum::Int(..) => unknown(advice::integer_as_number()),
            Datum::Function(path, _) if !path.contains(':') => unknown(advice::no_variable(&path)),
            other => unknown(format!("{other} as a number")),
        }
    }

    pub fn float(self) -> Evaluated<f64> {
        Ok(self.number()?.value)
    }

    pub fn list(self) -> Evaluated<Vec<Datum>> {
        match self.read()? {
            Datum::List(items) => Ok(items),
            other => unknown(format!("{other} as a sequence")),
        }
    }

    /// Visits every number inside, in reading order. Those of constant fields are data.
    pub fn numbers(&mut self, look: &mut dyn FnMut(&mut Number)) {
        match self {
            Datum::Float(number) => look(number),
            Datum::Tuple(parts) | Datum::List(parts) => parts.iter_mut().for_each(|part| part.numbers(look)),
            Datum::Struct(of, parts) => {
                let fields = of.fields.iter().zip(parts);
                fields.filter(|(field, _)| !field.constant).for_each(|(_, part)| part.numbers(look));
            }
            Datum::Option(Some(part)) => part.numbers(look),
            _ => {}
        }
    }

    /// Its numbers, in reading order.
    pub fn flat(&self) -> Vec<Number> {
        let mut numbers = Vec::new();
        self.clone().numbers(&mut |number| numbers.push(*number));
        numbers
    }

    /// The same with other numbers.
    #[cfg(test)]
    pub fn filled(&self, value: f64) -> Datum {
        let mut filled = self.clone();
        filled.numbers(&mut |number| *number = Number::from(value));
        filled
    }
}

/// A variable or a part of it.
#[derive(Clone, Debug)]
pub struct Place {
    pub cell: Cell,
    /// Elements and fields by their positions.
    pub path: Vec<usize>,
    /// A part of a sequence: where it begins, and its length.
    pub window: Option<(usize, usize)>,
}

impl From<Cell> for Place {
    fn from(cell: Cell) -> Place {
        Place { cell, path: Vec::new(), window: None }
    }
}

impl Place {
    /// Works on the datum at the end of the path, the window left aside.
    pub fn with<R>(&self, work: impl FnOnce(&mut Datum) -> Evaluated<R>) -> Evaluated<R> {
        let mut root = self.cell.try_borrow_mut().or_else(|_| unknown("a variable that is in use"))?;
        let mut datum = &mut *root;
        for at in &self.path {
            let (Datum::Tuple(parts) | Datum::List(parts) | Datum::Struct(_, parts)) = datum else {
                return unknown("a part of no sequence");
            };
            let length = parts.len();
            datum = match parts.get_mut(*at) {
                Some(part) => part,
                None => return panics(format!("the len is {length} but the index is {at}")),
            };
        }
        work(datum)
    }

    pub fn get(&self) -> Evaluated<Datum> {
        let window = self.window;
        self.with(|datum| match (window, &*datum) {
            (None, datum) => Ok(datum.clone()),
            (Some((start, length)), Datum::List(items)) if start + length <= items.len() => {
                Ok(Datum::List(items[start..start + length].to_vec()))
            }
            _ => panics("a range that is out of bounds"),
        })
    }

    pub fn set(&self, value: Datum) -> Evaluated<()> {
        let window = self.window;
        self.with(|datum| match (window, datum, value) {
            (None, datum, value) => {
                *datum = value;
                Ok(())
            }
            (Some((start, length)), Datum::List(items), Datum::List(value)) if value.len() == length => {
                items.splice(start..start + length, value);
                Ok(())
            }
            _ => unknown("an assignment to a part"),
        })
    }

    /// The place behind the references that it holds.
    pub fn followed(self) -> Evaluated<Place> {
        let inner = if self.window.is_some() {
            None
        } else {
            self.with(|datum| match datum {
                Datum::Reference(place) => Ok(Some(place.clone())),
                _ => Ok(None),
            })?
        };
        match inner {
            Some(place) => place.followed(),
            None => Ok(self),
        }
    }

    pub fn length(&self) -> Evaluated<usize> {
        match self.window {
            Some((_, length)) => Ok(length),
            None => self.with(|datum| match datum {
                Datum::List(items) | Datum::Tuple(items) => Ok(items.len()),
                other => unknown(format!("the length of {other}")),
            }),
        }
    }

    /// A field of a struct, or a part of a tuple.
    pub fn member(&self, member: &syn::Member) -> Evaluated<Place> {
        let at = match member {
            syn::Member::Named(name) => name.to_string(),
            syn::Member::Unnamed(at) => at.index.to_string(),
        };
        let position = self.with(|datum| match datum {
            Datum::Struct(of, _) => Ok(of.position(&at)),
            Datum::Tuple(parts) => Ok(at.parse().ok().filter(|at| *at < parts.len())),
            other => unknown(format!("the field `{at}` of {other}")),
        })?;
        match position {
            Some(position) => {
                let mut place = self.clone();
                place.path.push(position);
                Ok(place)
            }
            None => wrong_program(format!("no field `{at}`")),
        }
    }

    /// An element.
    pub fn at(&self, index: i128) -> Evaluated<Place> {
        let length = self.length()?;
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        if index >= length {
            return panics(format!("the len is {length} but the index is {index}"));
        }
        let mut place = self.clone();
        place.path.push(index + place.window.take().map_or(0, |(start, _)| start));
        Ok(place)
    }

    /// A part of a sequence.
    pub fn part(&self, start: Option<i128>, end: Option<i128>) -> Evaluated<Place> {
        let length = self.length()?;
        let (start, end) = (start.unwrap_or(0), end.unwrap_or(length as i128));
        if start < 0 || end < start || end > length as i128 {
            return panics(format!("the range {start}..{end} of {length}"));
        }
        let (start, end) = (usize::try_from(start).unwrap_or(0), usize::try_from(end).unwrap_or(0));
        let mut place = self.clone();
        let offset = place.window.map_or(0, |(offset, _)| offset);
        place.window = Some((offset + start, end - start));
        Ok(place)
    }

    /// An element or a part.
    pub fn indexed(&self, index: Datum) -> Evaluated<Place> {
        match index.read()? {
            Datum::Int(index, _) => self.at(index),
            Datum::Default => self.at(0),
            Datum::Range(start, end, _) => self.part(start, end),
            other => unknown(format!("the index {other}")),
        }
    }

    /// References to the elements.
    pub fn elements(&self) -> Evaluated<Vec<Datum>> {
        let length = self.length()?;
        (0..length).map(|at| Ok(Datum::Reference(self.at(at as i128)?))).collect()
    }
}

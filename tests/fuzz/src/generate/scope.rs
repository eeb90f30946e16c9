//! Variables in scope, and expressions that reach them.

use super::Generator;
use crate::tree::{Node, Ty};

/// A variable, parameter or constant.
#[derive(Clone, Debug)]
pub struct Var {
    pub name: String,
    pub ty: Ty,
    pub mutable: bool,
    /// Whether its value may depend on an input that carries a gradient.
    pub active: bool,
    /// How many elements it has at least, and each sequence in it.
    pub length: usize,
}

impl Var {
    pub fn new(name: &str, ty: Ty, active: bool) -> Var {
        Var { name: name.to_owned(), ty, mutable: false, active, length: 2 }
    }

    pub fn mutable(mut self) -> Var {
        self.mutable = true;
        self
    }

    pub fn length(mut self, length: usize) -> Var {
        self.length = length;
        self
    }
}

/// The fields of the programs' own type `Sample`.
pub const SAMPLE: [(&str, Ty); 5] =
    [("x", Ty::F64), ("y", Ty::F64), ("k", Ty::Int("u8")), ("flag", Ty::Bool), ("i", Ty::Int("usize"))];

impl Generator {
    pub(super) fn declare(&mut self, var: Var) {
        self.vars.push(var);
    }

    /// Variables and constants that satisfy `which`; one that is hidden by another of its name is not in scope.
    pub(super) fn all(&self, which: impl Fn(&Var) -> bool) -> Vec<Var> {
        let visible =
            |index: usize, var: &Var| !self.vars[index + 1..].iter().any(|later| later.name == var.name);
        let local =
            self.vars.iter().enumerate().filter(|(index, var)| visible(*index, var)).map(|(_, var)| var);
        self.globals
            .iter()
            .filter(|global| !self.vars.iter().any(|var| var.name == global.name))
            .chain(local)
            .filter(|var| which(var))
            .cloned()
            .collect()
    }

    pub(super) fn pick(&mut self, which: impl Fn(&Var) -> bool) -> Option<Var> {
        let all = self.all(which);
        (!all.is_empty()).then(|| all[self.below(all.len())].clone())
    }

    /// Every way to a value of the type: names, elements, fields.
    pub(super) fn paths(&self, ty: &Ty, active: bool) -> Vec<String> {
        let mut found = Vec::new();
        for var in self.all(|var| active || !var.active) {
            ways(&var.name, &var.ty, var.length, 0, &mut |path, here| {
                if here == ty {
                    found.push(path.to_owned());
                }
            });
        }
        found
    }

    /// One such way; local variables are preferred to constants.
    pub(super) fn path(&mut self, ty: &Ty, active: bool) -> Option<Node> {
        let paths = self.paths(ty, active);
        let way = if paths.is_empty() {
            return None;
        } else if self.one_in(2) {
            let recent = paths.len().saturating_sub(6);
            paths[recent + self.below(paths.len() - recent)].clone()
        } else {
            paths[self.below(paths.len())].clone()
        };
        Some(Node::leaf(ty.clone(), &way))
    }

    /// A sequence of `f64`s that can be iterated over and indexed, with its length at least: a place, not a value.
    pub(super) fn sequence(&mut self, active: bool) -> Option<(Node, usize)> {
        let mut found = Vec::new();
        for var in self.all(|var| active || !var.active) {
            ways(&var.name, &var.ty, var.length, 0, &mut |path, here| match here {
                Ty::Array(of, length) if **of == Ty::F64 => {
                    found.push((path.to_owned(), here.clone(), *length));
                }
                Ty::Slice(of) | Ty::Vec(of) if **of == Ty::F64 => {
                    found.push((path.to_owned(), here.clone(), var.length));
                }
                _ => {}
            });
        }
        if found.is_empty() {
            return None;
        }
        let (path, ty, length) = found[self.below(found.len())].clone();
        Some((Node::leaf(ty, &path), length))
    }

    /// The type as a person may write it: perhaps by an alias.
    pub(super) fn written(&mut self, ty: &Ty) -> String {
        if !self.one_in(6) {
            return ty.to_string();
        }
        match ty {
            Ty::F64 if self.have.contains("Real") => "Real".to_owned(),
            Ty::Array(of, 2) if **of == Ty::F64 && self.have.contains("State") => "State".to_owned(),
            Ty::Tuple(parts) if *parts == [Ty::F64, Ty::F64] && self.have.contains("Pair") => {
                "shapes::Pair".to_owned()
            }
            _ => ty.to_string(),
        }
    }
}

/// Calls `found` with every way into a value.
fn ways(path: &str, ty: &Ty, length: usize, depth: usize, found: &mut dyn FnMut(&str, &Ty)) {
    found(path, ty);
    if depth > 2 {
        return;
    }
    match ty {
        Ty::Tuple(parts) => {
            for (index, part) in parts.iter().enumerate() {
                ways(&format!("{path}.{index}"), part, length, depth + 1, found);
            }
        }
        Ty::Array(of, count) => {
            for index in 0..(*count).min(3) {
                ways(&format!("{path}[{index}]"), of, length, depth + 1, found);
            }
        }
        Ty::Slice(of) | Ty::Vec(of) => {
            for index in 0..length.min(3) {
                ways(&format!("{path}[{index}]"), of, length, depth + 1, found);
            }
        }
        Ty::Ref(of) => match **of {
            Ty::F64 | Ty::F32 | Ty::Int(_) | Ty::Bool | Ty::Char => {
                ways(&format!("(*{path})"), of, length, depth + 1, found);
            }
            Ty::Ref(_) => {}
            _ => ways(path, of, length, depth, found),
        },
        Ty::Named(name) if name == "Sample" => {
            for (field, ty) in SAMPLE {
                ways(&format!("{path}.{field}"), &ty, length, depth + 1, found);
            }
            ways(&format!("{path}.xs"), &Ty::vec(Ty::F64), 2, depth + 1, found);
            ways(&format!("{path}.at"), &Ty::array(Ty::F64, 2), 2, depth + 1, found);
        }
        Ty::Named(name) if name == "P2" => {
            for field in ["x", "y"] {
                ways(&format!("{path}.{field}"), &Ty::F64, length, depth + 1, found);
            }
        }
        Ty::Named(name) if name == "Net" => {
            ways(&format!("{path}.b"), &Ty::F64, length, depth + 1, found);
            ways(&format!("{path}.w"), &Ty::vec(Ty::F64), 2, depth + 1, found);
            ways(&format!("{path}.p"), &Ty::named("P2"), 2, depth + 1, found);
        }
        _ => {}
    }
}

impl Generator {
    /// What `write` writes without the variables that `hide` says.
    pub(super) fn without<T>(
        &mut self,
        hide: impl Fn(&Var) -> bool,
        write: impl FnOnce(&mut Generator) -> T,
    ) -> T {
        let kept = self.vars.clone();
        self.vars.retain(|var| !hide(var));
        let before = self.vars.len();
        let result = write(self);
        let declared = self.vars.split_off(before);
        self.vars = kept;
        self.vars.extend(declared);
        result
    }

    /// The same without this variable: it is borrowed.
    pub(super) fn borrowed<T>(&mut self, name: &str, write: impl FnOnce(&mut Generator) -> T) -> T {
        self.without(|var| var.name == name, write)
    }

    /// The same without variables that change: a closure that lives on borrows what it uses.
    pub(super) fn unchanging<T>(&mut self, write: impl FnOnce(&mut Generator) -> T) -> T {
        self.without(|var| var.mutable, write)
    }

    /// The same with variables alone that a closure may take by `move`.
    pub(super) fn copied<T>(&mut self, write: impl FnOnce(&mut Generator) -> T) -> T {
        self.without(
            |var| !matches!(var.ty, Ty::Slice(_) | Ty::Ref(_)) && var.ty.to_string().contains("Vec"),
            write,
        )
    }

    /// An active variable that may be changed.
    pub(super) fn changeable(&mut self, ty: &Ty) -> Option<Var> {
        self.pick(|var| var.mutable && var.active && var.ty == *ty)
    }

    /// An array or `Vec` of `f64` that may be changed.
    pub(super) fn changeable_sequence(&mut self) -> Option<Var> {
        self.pick(|var| {
            var.mutable
                && var.active
                && var.length > 0
                && matches!(&var.ty, Ty::Array(of, _) | Ty::Vec(of) if **of == Ty::F64)
        })
    }
}

//! Differentiable functions that `f` calls, and the calls.

use super::scope::Var;
use super::{Generator, expression};
use crate::tree::{Node, Ty, USIZE};

/// A function that exists.
#[derive(Clone, Debug)]
pub struct Helper {
    pub name: String,
    /// The types of the parameters, and whether they are `#[constant]`.
    pub parameters: Vec<(Ty, bool)>,
    pub result: Ty,
}

impl Generator {
    pub(super) fn helper(&mut self) {
        let name = self.name("h");
        let slice = || Ty::slice(Ty::F64);
        let (parameters, result) = match self.below(12) {
            0 | 1 => (vec![(Ty::F64, false), (Ty::F64, false)], Ty::F64),
            2 => (vec![(Ty::F64, false), (Ty::F64, true)], Ty::F64),
            3 => (vec![(Ty::F64, false), (slice(), true), (USIZE, false)], Ty::F64),
            4 => (vec![(slice(), false), (Ty::F64, false)], Ty::F64),
            5 => (vec![(slice(), false)], Ty::vec(Ty::F64)),
            6 => (vec![(Ty::F64, false)], Ty::array(Ty::F64, 2)),
            7 => (vec![(Ty::F64, false), (Ty::F64, false)], Ty::pair()),
            8 => (vec![(slice(), false)], Ty::Tuple(vec![USIZE, Ty::F64])),
            9 => (vec![(slice(), false)], Ty::vec(Ty::vec(Ty::F64))),
            10 => (vec![(Ty::pair(), false)], Ty::F64),
            _ => (vec![(Ty::vec(Ty::F64), false), (Ty::vec(Ty::F64), false)], Ty::F64),
        };
        let outer = std::mem::take(&mut self.vars);
        let mut texts = Vec::new();
        for (index, (ty, constant)) in parameters.iter().enumerate() {
            let parameter = format!("{}{index}", if *constant { "e" } else { "u" });
            texts.push(format!("{}{parameter}: {ty}", if *constant { "§c" } else { "" }));
            let active = !constant && *ty != USIZE;
            self.declare(Var::new(&parameter, ty.clone(), active));
        }
        let kept = self.result.replace(result.clone());
        self.budget = self.below(3);
        let mut body = Vec::new();
        while self.budget > 0 {
            body.push(self.statement());
        }
        let tail = match &result {
            Ty::Tuple(parts) if parts[0] == USIZE => {
                let index = self.index(2);
                expression(result.clone(), "($, $)", &[], vec![index, self.float(true, 2)])
            }
            Ty::Vec(of) if **of != Ty::F64 => {
                let (one, other) = (self.float(true, 1), self.float(true, 1));
                expression(
                    result.clone(),
                    "u0.iter().map(|z| vec![z * $, $]).collect()",
                    &[],
                    vec![one, other],
                )
            }
            _ => self.tail(&result),
        };
        let template = format!("§afn {name}({}) -> {result} {{\n$$\n}}", texts.join(", "));
        self.items.push(Node::item(&template, vec![Node::list(body), tail]));
        self.vars = outer;
        self.result = kept;
        self.helpers.push(Helper { name, parameters, result });
    }

    /// A call of a helper that returns this.
    pub(super) fn call(&mut self, result: &Ty, active: bool, depth: usize) -> Option<Node> {
        let fitting: Vec<Helper> =
            self.helpers.iter().filter(|helper| helper.result == *result).cloned().collect();
        if fitting.is_empty() {
            return None;
        }
        let helper = fitting[self.below(fitting.len())].clone();
        let mut nodes = Vec::new();
        for (ty, constant) in &helper.parameters {
            nodes.push(self.argument(ty, active && !constant, depth)?);
        }
        let holes = vec!["$"; nodes.len()].join(", ");
        Some(Node::expression(result.clone(), &format!("{}({holes})", helper.name), nodes))
    }

    /// An argument of this type.
    pub(super) fn argument(&mut self, ty: &Ty, active: bool, depth: usize) -> Option<Node> {
        let depth = depth.min(2);
        Some(match ty {
            Ty::F64 => self.float(active, depth),
            Ty::Int(_) if *ty == USIZE => self.index(4),
            Ty::Int(name) => self.int(name, depth),
            Ty::Bool => self.condition(active, depth),
            Ty::Tuple(parts) if *parts == [Ty::F64, Ty::F64] => match self.path(ty, active) {
                Some(path) if self.one_in(2) => path,
                _ => {
                    let parts = vec![self.float(active, depth), self.float(active, depth)];
                    Node::expression(ty.clone(), "($, $)", parts)
                }
            },
            Ty::Slice(of) if **of == Ty::F64 => match self.below(4) {
                0 => {
                    let parts = vec![self.float(active, depth), self.float(active, depth)];
                    Node::expression(ty.clone(), "&[$, $]", parts)
                }
                1 => {
                    let (sequence, length) = self.sequence(active)?;
                    Node::expression(
                        ty.clone(),
                        &format!("&$[{}..]", length.saturating_sub(2)),
                        vec![sequence],
                    )
                }
                _ => {
                    let (sequence, length) = self.sequence(active)?;
                    if length < 2 {
                        return None;
                    }
                    Node::expression(ty.clone(), "&$[..]", vec![sequence])
                }
            },
            Ty::Vec(of) if **of == Ty::F64 => match self.below(4) {
                0 => {
                    let parts = vec![self.float(active, depth), self.float(active, depth)];
                    Node::expression(ty.clone(), "vec![$, $]", parts)
                }
                1 => {
                    let parts = vec![self.float(active, depth), self.float(active, depth)];
                    Node::expression(ty.clone(), "Vec::from([$, $])", parts)
                }
                2 if self.have.contains("rowv") => {
                    Node::expression(ty.clone(), "rowv($)", vec![self.index(3)])
                }
                _ => {
                    let (sequence, length) = self.sequence(active)?;
                    if length < 2 {
                        return None;
                    }
                    Node::expression(ty.clone(), "$.to_vec()", vec![sequence])
                }
            },
            Ty::Array(of, 2) if **of == Ty::F64 => {
                let parts = vec![self.float(active, depth), self.float(active, depth)];
                Node::expression(ty.clone(), "[$, $]", parts)
            }
            _ => return None,
        })
    }
}

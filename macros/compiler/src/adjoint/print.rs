//! A plan as text, for people and for tests: what every loop and branch leaves for the reverse sweep, and how.

use super::Adjoint;
use crate::ir::{Region, StatementKind, ValueId};
use std::fmt;

/// The loops, and the branches that matter, in their order; what is within them is indented. A passive value is marked `°`.
impl fmt::Display for Adjoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = &self.program.body;
        if self.in_halves {
            writeln!(f, "body, apart from its reverse sweep")?;
            f.write_str(&self.left_by(body, 1))?;
        } else {
            writeln!(f, "body: still there when the reverse sweep runs")?;
        }
        f.write_str(&self.within(body, 1))
    }
}

impl Adjoint {
    /// What a region leaves for the reverse sweep.
    fn left_by(&self, region: &Region, depth: usize) -> String {
        let name = |value: &ValueId| self.program.name(*value);
        let saved = self.saved.get(&region.id).into_iter().flatten().map(name).collect();
        let kept = self.kept.get(&region.id).into_iter().flatten();
        let kept = kept.map(|memory| self.program.memory(*memory).ident.to_string()).collect();
        let exported = self.exported.get(&region.id).into_iter().flatten();
        let exported =
            exported.map(|(value, outside)| format!("{} as {}", name(value), name(outside))).collect();
        let again = self.again.iter().filter(|value| self.program.value(**value).region == region.id);
        let again = again.map(name).collect();
        let line = |(what, names): (&str, Vec<String>)| match names.as_slice() {
            [] => String::new(),
            names => format!("{:1$}{what}: {2}\n", "", 4 * depth, names.join(", ")),
        };
        [("saved", saved), ("kept whole", kept), ("exported", exported), ("computed again", again)]
            .map(line)
            .concat()
    }

    /// The loops and branches of a region.
    fn within(&self, region: &Region, depth: usize) -> String {
        let statements = region.statements.iter().map(|statement| match &statement.kind {
            StatementKind::If { condition, then, otherwise, .. } => {
                let light = if self.light.contains(&then.id) { ": light, both are computed" } else { "" };
                let [then, otherwise] = [then, otherwise]
                    .map(|branch| self.left_by(branch, depth + 1) + &self.within(branch, depth + 1));
                if light.is_empty() && then.is_empty() && otherwise.is_empty() {
                    return String::new();
                }
                let condition = self.program.atom(condition);
                let other = if otherwise.is_empty() { String::new() } else { self.indented("else", depth) };
                self.indented(&format!("if {condition}{light}"), depth) + &then + &other + &otherwise
            }
            StatementKind::Loop(repeat) => {
                let (body, index) = (&repeat.body, self.program.name(repeat.index));
                let order = if self.forward.contains(&body.id) { "in the same order" } else { "backward" };
                self.indented(&format!("loop {index}, undone {order}"), depth)
                    + &self.left_by(body, depth + 1)
                    + &self.within(body, depth + 1)
            }
            _ => String::new(),
        });
        statements.collect()
    }

    fn indented(&self, text: &str, depth: usize) -> String {
        format!("{:1$}{text}\n", "", 4 * depth)
    }
}

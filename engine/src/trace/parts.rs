//! The numbers of an argument by the structs that they stand in.

use super::{Input, Trace};

/// Numbers of an argument that stand beside each other in a struct, a tuple or an array: see [`Trace::parts`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// What they stand in: `body.velocity`; of an argument that is a number, its name.
    pub path: String,
    /// What each is called there, and its node: `x`, `y`; of an argument that is a number, nothing.
    pub numbers: Vec<(String, usize)>,
}

impl Part {
    /// Whether its numbers are fields with names: not the elements of an array or of a tuple.
    pub(super) fn has_names(&self) -> bool {
        self.numbers.iter().any(|(key, _)| is_field(key))
    }

    /// Whether it is a struct, or stands in one.
    pub(super) fn is_of_struct(&self) -> bool {
        self.has_names() || self.path.split('.').skip(1).any(is_field)
    }
}

/// Whether a step of a path is the name of a field: `x`, not `0` or `[0]`.
fn is_field(step: &str) -> bool {
    step.starts_with(|first: char| !first.is_ascii_digit() && first != '[')
}

/// The parts of an argument, in reading order.
pub(super) fn parts(trace: &Trace, input: &Input) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for &node in &input.nodes {
        let name = trace.graph().node(node).name();
        let name = name.as_deref().filter(|name| name.starts_with(input.name)).unwrap_or(input.name);
        let (path, key) = split(name, input.name.len());
        match parts.last_mut() {
            Some(last) if last.path == path => last.numbers.push((key.to_owned(), node)),
            _ => parts.push(Part { path: path.to_owned(), numbers: vec![(key.to_owned(), node)] }),
        }
    }
    parts
}

/// `body.velocity.x` is `x` of `body.velocity`; what comes before `least` stays together.
fn split(name: &str, least: usize) -> (&str, &str) {
    match name.rfind(['.', '[']).filter(|at| *at >= least) {
        Some(at) if name[at..].starts_with('.') => (&name[..at], &name[at + 1..]),
        Some(at) => name.split_at(at),
        None => (name, ""),
    }
}

/// The nodes of the argument, of the part of one, or of the number that has this name.
pub(super) fn named(trace: &Trace, name: &str) -> Option<Vec<usize>> {
    if let Some(input) = trace.inputs().iter().find(|input| input.name == name) {
        return Some(input.nodes.clone());
    }
    let belongs = |node: &&usize| {
        let known = trace.graph().node(**node).name();
        let rest = known.as_deref().and_then(|known| known.strip_prefix(name));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let inputs = trace.inputs().iter().filter(|input| name.starts_with(input.name));
    let nodes: Vec<usize> = inputs.flat_map(|input| input.nodes.iter().filter(belongs)).copied().collect();
    (!nodes.is_empty()).then_some(nodes)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn names_are_split_at_their_last_step() {
        assert_eq!(split("x", 1), ("x", ""));
        assert_eq!(split("body.velocity.x", 4), ("body.velocity", "x"));
        assert_eq!(split("w[0][12]", 1), ("w[0]", "[12]"));
        assert_eq!(split("layer.weights[3]", 5), ("layer.weights", "[3]"));
        assert_eq!(split("bodies[1].mass", 6), ("bodies[1]", "mass"));
        assert_eq!(split("self.0", 4), ("self", "0"));
    }
}

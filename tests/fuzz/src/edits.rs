//! The changes that may make a failing program smaller: what may be left out, and what simpler things may stand instead.

use crate::tree::{Node, Piece, Program, Role, Ty};

/// The most single edits that a program has in a round.
const EDITS: usize = 32;

/// A change to a program.
#[derive(Clone, Debug)]
pub enum Edit {
    /// Another node at the end of a path.
    Replace { path: Vec<usize>, node: Node, saved: usize },
    /// A parameter left out.
    Parameter(usize),
}

impl Edit {
    pub fn saved(&self) -> usize {
        match self {
            Edit::Replace { saved, .. } => *saved,
            Edit::Parameter(_) => 12,
        }
    }

    pub fn conflicts(&self, other: &Edit) -> bool {
        match (self, other) {
            (Edit::Replace { path: a, .. }, Edit::Replace { path: b, .. }) => {
                a.starts_with(b) || b.starts_with(a)
            }
            (Edit::Parameter(a), Edit::Parameter(b)) => a == b,
            _ => false,
        }
    }
}

/// The program with these changes.
pub fn applied(program: &Program, edits: &[Edit]) -> Program {
    let mut result = program.clone();
    let mut removed = Vec::new();
    for edit in edits {
        match edit {
            Edit::Replace { path, node, .. } => *result.root.at_mut(path) = node.clone(),
            Edit::Parameter(index) => removed.push(*index),
        }
    }
    removed.sort_unstable();
    for index in removed.into_iter().rev() {
        result.parameters.remove(index);
    }
    result
}

/// What leaves out the items and parameters that nothing names.
pub fn unused(program: &Program) -> Vec<Edit> {
    let text = program.root.text();
    let mentioned = |name: &str| {
        text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| *word == name).count()
    };
    let mut edits: Vec<Edit> = Vec::new();
    program.root.walk(&mut Vec::new(), &mut |path, node| {
        // What goes with the item around it.
        let inside =
            |edit: &Edit| matches!(edit, Edit::Replace { path: around, .. } if path.starts_with(around));
        if edits.iter().any(inside) {
            return;
        }
        let text = node.text();
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        let name = words.skip_while(|word| !ITEMS.contains(word)).nth(1).unwrap_or_default();
        if node.role == Role::Item && mentioned(name) <= text.matches(name).count() {
            edits.push(Edit::Replace { path: path.to_vec(), node: empty(), saved: text.len() });
        }
    });
    for (index, parameter) in program.parameters.iter().enumerate() {
        let names =
            parameter.pattern.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| *word != "mut");
        if names.map(mentioned).sum::<usize>() == 0
            && program.parameters.iter().any(|other| other.active && other != parameter)
        {
            edits.push(Edit::Parameter(index));
        }
    }
    edits
}

/// The words before an item's name.
const ITEMS: [&str; 7] = ["fn", "const", "static", "struct", "enum", "type", "mod"];

/// The single edits, those first that leave out most.
pub fn edits(program: &Program) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let first = program
        .parameters
        .iter()
        .find(|parameter| parameter.active && parameter.ty == "f64" && !parameter.pattern.contains(' '))
        .map(|parameter| parameter.pattern.clone());
    program
        .root
        .walk(&mut Vec::new(), &mut |path, node| replacements(path, node, first.as_deref(), &mut edits));
    edits.extend((0..program.parameters.len()).rev().map(Edit::Parameter));
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.saved()));
    if edits.len() > EDITS {
        // The largest, and of the others one here and there.
        let rest = edits.split_off(EDITS / 2);
        let step = rest.len() / (EDITS / 2) + 1;
        let offset = program.root.text().len() % step;
        edits.extend(rest.into_iter().skip(offset).step_by(step));
    }
    edits
}

fn replacements(path: &[usize], node: &Node, variable: Option<&str>, edits: &mut Vec<Edit>) {
    let size = node.text().len();
    let mut push = |path: Vec<usize>, with: Node| {
        let left = with.text().len();
        if left < size {
            edits.push(Edit::Replace { path, node: with, saved: size - left });
        }
    };
    match &node.role {
        Role::List => {
            let count = node.pieces.len();
            if count > 3 {
                for half in [0..count / 2, count / 2..count] {
                    let mut less = node.clone();
                    for index in half {
                        less.pieces[index] = Piece::Node(empty());
                    }
                    push(path.to_vec(), less);
                }
            }
        }
        Role::Expression(ty) => {
            let mut simple: Vec<String> = ty.simplest().into_iter().collect();
            if *ty == Ty::F64 {
                simple.extend(variable.map(str::to_owned));
            }
            for text in simple {
                push(path.to_vec(), Node::leaf(ty.clone(), &text));
            }
            let mut inner = Vec::new();
            node.walk(&mut Vec::new(), &mut |way, below| {
                if !way.is_empty() && below.ty() == Some(ty) && inner.len() < 5 {
                    inner.push(below.clone());
                }
            });
            for below in inner {
                push(path.to_vec(), below);
            }
        }
        Role::Statement => {
            push(path.to_vec(), empty());
            for below in node.nodes().filter(|below| below.role == Role::List) {
                push(path.to_vec(), below.clone());
            }
        }
        Role::Item => push(path.to_vec(), empty()),
        Role::Fixed => {}
    }
    for less in without_a_line(node) {
        push(path.to_vec(), less);
    }
}

fn empty() -> Node {
    Node { role: Role::Fixed, tags: Vec::new(), pieces: Vec::new() }
}

/// The node without each of its lines.
fn without_a_line(node: &Node) -> Vec<Node> {
    if node.role == Role::List || node.role == Role::Fixed {
        return Vec::new();
    }
    let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in &node.pieces {
        match piece {
            Piece::Node(_) => lines.last_mut().expect("one at least").push(piece.clone()),
            Piece::Text(text) => {
                for (index, part) in text.split('\n').enumerate() {
                    if index > 0 {
                        lines.push(Vec::new());
                    }
                    if !part.is_empty() {
                        lines.last_mut().expect("one at least").push(Piece::Text(part.to_owned()));
                    }
                }
            }
        }
    }
    if lines.len() < 2 {
        return Vec::new();
    }
    (0..lines.len())
        .map(|left_out| {
            let mut pieces = Vec::new();
            for (index, line) in lines.iter().enumerate() {
                if index != left_out {
                    pieces.extend(line.iter().cloned());
                    pieces.push(Piece::Text("\n".to_owned()));
                }
            }
            Node { role: node.role.clone(), tags: node.tags.clone(), pieces }
        })
        .collect()
}

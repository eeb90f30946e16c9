//! Programs as trees of text: what the generator writes, the printer prints and the shrinker makes smaller.
//!
//! A node is a piece of Rust with a role. It consists of text and of other nodes, which the shrinker may replace by anything
//! of the same role and type. Text holds marks for what differs between the versions of a program (see `print`).

use std::fmt;

/// The types of expressions, as far as the generator and the shrinker need to know them.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Ty {
    F64,
    F32,
    Int(&'static str),
    Bool,
    Char,
    Str,
    Tuple(Vec<Ty>),
    Array(Box<Ty>, usize),
    /// `&[T]`
    Slice(Box<Ty>),
    Vec(Box<Ty>),
    Option(Box<Ty>),
    Ref(Box<Ty>),
    /// A type of the program's own, or an alias, by name.
    Named(String),
    /// An iterator over items of the type.
    Iter(Box<Ty>),
}

pub const USIZE: Ty = Ty::Int("usize");

impl Ty {
    pub fn array(of: Ty, length: usize) -> Ty {
        Ty::Array(Box::new(of), length)
    }
    pub fn slice(of: Ty) -> Ty {
        Ty::Slice(Box::new(of))
    }
    pub fn vec(of: Ty) -> Ty {
        Ty::Vec(Box::new(of))
    }
    pub fn option(of: Ty) -> Ty {
        Ty::Option(Box::new(of))
    }
    pub fn reference(of: Ty) -> Ty {
        Ty::Ref(Box::new(of))
    }
    pub fn iter(of: Ty) -> Ty {
        Ty::Iter(Box::new(of))
    }
    pub fn pair() -> Ty {
        Ty::Tuple(vec![Ty::F64, Ty::F64])
    }
    pub fn named(name: &str) -> Ty {
        Ty::Named(name.to_owned())
    }

    /// The smallest expression of the type, for the shrinker.
    pub fn simplest(&self) -> Option<String> {
        Some(match self {
            Ty::F64 => "1.5".to_owned(),
            Ty::F32 => "1.5f32".to_owned(),
            Ty::Int(name) => format!("1{name}"),
            Ty::Bool => "true".to_owned(),
            Ty::Char => "'a'".to_owned(),
            Ty::Str => "\"a\"".to_owned(),
            Ty::Tuple(parts) => {
                let parts: Option<Vec<String>> = parts.iter().map(Ty::simplest).collect();
                format!("({})", parts?.join(", "))
            }
            Ty::Array(of, length) => format!("[{}; {length}]", of.simplest()?),
            Ty::Slice(of) => format!("&[{}, {0}]", of.simplest()?),
            Ty::Vec(of) => format!("vec![{}; 2]", of.simplest()?),
            Ty::Ref(of) => format!("&{}", of.simplest()?),
            Ty::Option(of) => format!("Some({})", of.simplest()?),
            Ty::Named(name) if name == "P2" => "P2 { x: 1.5, y: 1.5 }".to_owned(),
            Ty::Named(_) | Ty::Iter(_) => return None,
        })
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ty::F64 => f.write_str("f64"),
            Ty::F32 => f.write_str("f32"),
            Ty::Int(name) => f.write_str(name),
            Ty::Bool => f.write_str("bool"),
            Ty::Char => f.write_str("char"),
            Ty::Str => f.write_str("&str"),
            Ty::Tuple(parts) => {
                let parts: Vec<String> = parts.iter().map(Ty::to_string).collect();
                write!(f, "({})", parts.join(", "))
            }
            Ty::Array(of, length) => write!(f, "[{of}; {length}]"),
            Ty::Slice(of) => write!(f, "&[{of}]"),
            Ty::Vec(of) => write!(f, "Vec<{of}>"),
            Ty::Option(of) => write!(f, "Option<{of}>"),
            Ty::Ref(of) => write!(f, "&{of}"),
            Ty::Named(name) => f.write_str(name),
            Ty::Iter(of) => write!(f, "impl Iterator<Item = {of}>"),
        }
    }
}

/// What a node is.
#[derive(Clone, PartialEq, Debug)]
pub enum Role {
    Expression(Ty),
    Statement,
    Item,
    /// A list of statements, or of whatever else stands one below the other.
    List,
    /// What cannot be replaced.
    Fixed,
}

/// A part of a node.
#[derive(Clone, PartialEq, Debug)]
pub enum Piece {
    Text(String),
    Node(Node),
}

/// A piece of a program.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    pub role: Role,
    /// The constructs that it shows, for the tally.
    pub tags: Vec<&'static str>,
    pub pieces: Vec<Piece>,
}

impl Node {
    /// `template` with the nodes in place of each `$`.
    pub fn new(role: Role, template: &str, nodes: Vec<Node>) -> Node {
        let mut pieces = Vec::new();
        let mut nodes = nodes.into_iter();
        for (index, text) in template.split('$').enumerate() {
            if index > 0 {
                pieces.push(Piece::Node(nodes.next().expect("a node for each `$`")));
            }
            if !text.is_empty() {
                pieces.push(Piece::Text(text.to_owned()));
            }
        }
        assert!(nodes.next().is_none(), "more nodes than `$` in {template}");
        Node { role, tags: Vec::new(), pieces }
    }

    pub fn expression(ty: Ty, template: &str, nodes: Vec<Node>) -> Node {
        Node::new(Role::Expression(ty), template, nodes)
    }

    pub fn leaf(ty: Ty, text: &str) -> Node {
        Node { role: Role::Expression(ty), tags: Vec::new(), pieces: vec![Piece::Text(text.to_owned())] }
    }

    pub fn float(template: &str, nodes: Vec<Node>) -> Node {
        Node::expression(Ty::F64, template, nodes)
    }

    pub fn statement(template: &str, nodes: Vec<Node>) -> Node {
        Node::new(Role::Statement, template, nodes)
    }

    pub fn item(template: &str, nodes: Vec<Node>) -> Node {
        Node::new(Role::Item, template, nodes)
    }

    pub fn list(nodes: Vec<Node>) -> Node {
        Node { role: Role::List, tags: Vec::new(), pieces: nodes.into_iter().map(Piece::Node).collect() }
    }

    #[must_use]
    pub fn tag(mut self, tag: &'static str) -> Node {
        self.tags.push(tag);
        self
    }

    pub fn ty(&self) -> Option<&Ty> {
        match &self.role {
            Role::Expression(ty) => Some(ty),
            _ => None,
        }
    }

    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Node(node) => Some(node),
            Piece::Text(_) => None,
        })
    }

    /// This node and all below, each with the path that leads to it.
    pub fn walk<'a>(&'a self, path: &mut Vec<usize>, visit: &mut dyn FnMut(&[usize], &'a Node)) {
        visit(path, self);
        for (index, piece) in self.pieces.iter().enumerate() {
            if let Piece::Node(node) = piece {
                path.push(index);
                node.walk(path, visit);
                path.pop();
            }
        }
    }

    #[cfg(test)]
    pub fn at(&self, path: &[usize]) -> &Node {
        path.iter().fold(self, |node, &index| match &node.pieces[index] {
            Piece::Node(node) => node,
            Piece::Text(_) => unreachable!("paths lead through nodes"),
        })
    }

    pub fn at_mut(&mut self, path: &[usize]) -> &mut Node {
        path.iter().fold(self, |node, &index| match &mut node.pieces[index] {
            Piece::Node(node) => node,
            Piece::Text(_) => unreachable!("paths lead through nodes"),
        })
    }

    /// The text with its marks, which says how large a program is.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    pub fn write(&self, text: &mut String) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Node(node) => node.write(text),
            }
            if self.role == Role::List {
                text.push('\n');
            }
        }
    }
}

/// A parameter of the function under test.
#[derive(Clone, PartialEq, Debug)]
pub struct Parameter {
    /// A name or a pattern, with `mut` where it has one.
    pub pattern: String,
    pub ty: String,
    pub constant: bool,
    /// Whether the gradient has a part for it.
    pub active: bool,
    /// What it is given, for each point.
    pub arguments: Vec<String>,
    /// A buffer for its gradient.
    pub buffer: String,
}

/// A program: items, among them helpers, and the function `f`.
#[derive(Clone, PartialEq, Debug)]
pub struct Program {
    pub number: u64,
    pub parameters: Vec<Parameter>,
    pub result: Ty,
    /// The type as it is written: an alias perhaps.
    pub result_text: String,
    /// A list of three: the items, the statements of `f` and its tail.
    pub root: Node,
}

impl Program {
    pub fn points(&self) -> usize {
        2
    }

    pub fn tags(&self) -> Vec<&'static str> {
        let mut tags = Vec::new();
        self.root.walk(&mut Vec::new(), &mut |_, node| tags.extend(&node.tags));
        tags.sort_unstable();
        tags.dedup();
        tags
    }

    pub fn is_single(&self) -> bool {
        self.result == Ty::F64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_hold_nodes() {
        let one = Node::leaf(Ty::F64, "1.0");
        let sum = Node::float("($ + $)", vec![one.clone(), Node::leaf(Ty::F64, "x")]);
        assert_eq!(sum.text(), "(1.0 + x)");
        let mut paths = Vec::new();
        sum.walk(&mut Vec::new(), &mut |path, node| paths.push((path.to_vec(), node.text())));
        assert_eq!(paths[1], (vec![1], "1.0".to_owned()));
        assert_eq!(sum.at(&[3]).text(), "x");
    }
}

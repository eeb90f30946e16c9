//! How a companion computes its gradient.

use std::fmt;

/// How `NAME_grad` computes: see `NAME::BACKEND`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Backend {
    /// By code generated at compile time, without a graph.
    Compiled,
    /// On a lean graph, because of a construct that is not compiled.
    Graph {
        /// The construct, as a noun.
        construct: &'static str,
        /// What to write instead, so that the gradient is compiled.
        help: &'static str,
        /// The line of the construct in the file.
        line: u32,
    },
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Backend::Compiled => f.write_str("compiled"),
            Backend::Graph { construct, help, line } => {
                write!(f, "graph: {construct} (line {line}) is not compiled\nhelp: {help}")
            }
        }
    }
}

//! How gradients are computed.

use crate::provenance::Source;
use std::fmt;

/// How the gradient of a function's body is computed: the type of `NAME::BACKEND`.
///
/// It is about the body alone. A compiled function may call one whose gradient runs on a graph: `NAME::backend()` lists all
/// of them. See [`Backends`].
///
/// ```
/// use gradus::{Backend, differentiable};
///
/// #[differentiable]
/// fn gains(xs: &[f64]) -> f64 {
///     let mut kept = xs.to_vec();
///     kept.retain(|x| *x > 0.0);
///     kept.iter().sum()
/// }
///
/// let Backend::Graph { construct, help, .. } = gains::BACKEND else { panic!("compiled") };
/// assert_eq!(construct, "the method `retain`");
/// assert_eq!(help, "write what `retain` does as a loop over indices");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
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

/// How the gradients of a function and of every differentiable function that it calls, directly or through others, are
/// computed: what `NAME::backend()` returns.
///
/// Calls are followed into other crates, into closures, through functions named as values (`.map(gelu)`), and through
/// recursion. A call counts even if it never runs. Calls of plain functions have no gradient and do not count, nor
/// does what the body of a function with `partials` calls. A function that runs on a graph takes what it calls onto that
/// graph; the others are listed with how they are computed elsewhere.
///
/// ```
/// use gradus::differentiable;
///
/// #[differentiable]
/// fn gains(xs: &[f64]) -> f64 {
///     let mut kept = xs.to_vec();
///     kept.retain(|x| *x > 0.0);
///     kept.iter().sum()
/// }
///
/// #[differentiable]
/// fn twice_gains(xs: &[f64]) -> f64 {
///     2.0 * gains(xs)
/// }
///
/// // The body is compiled, and what it calls is not.
/// assert_eq!(twice_gains::BACKEND.to_string(), "compiled");
/// let backends = twice_gains::backend();
/// assert!(!backends.is_compiled());
/// let [slow] = backends.on_graph().collect::<Vec<_>>()[..] else { panic!("one") };
/// assert_eq!((slow.function, slow.backend), ("gains", gains::BACKEND));
/// ```
///
/// `#[differentiable(compiled)]` makes it a compile error that anything in this list runs on a graph.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Backends {
    functions: Vec<FunctionBackend>,
}

/// One function in [`Backends`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct FunctionBackend {
    /// The function's name.
    pub function: &'static str,
    /// The file that it stands in, as the compiler names it.
    pub file: &'static str,
    /// The line in which it begins.
    pub line: u32,
    /// How its gradient is computed.
    pub backend: Backend,
}

impl Backends {
    pub(crate) fn of(reached: impl Iterator<Item = (&'static Source, Backend)>) -> Backends {
        let functions = reached.map(|(source, backend)| FunctionBackend {
            function: source.function,
            file: source.file,
            line: source.line,
            backend,
        });
        Backends { functions: functions.collect() }
    }

    /// Whether no graph takes part.
    pub fn is_compiled(&self) -> bool {
        self.on_graph().next().is_none()
    }

    /// All functions, in the order in which calls lead to them: first the one whose `backend()` was called.
    pub fn functions(&self) -> &[FunctionBackend] {
        &self.functions
    }

    /// The functions whose gradients run on a graph.
    pub fn on_graph(&self) -> impl Iterator<Item = &FunctionBackend> {
        self.functions.iter().filter(|function| function.backend != Backend::Compiled)
    }
}

/// `compiled`, or a paragraph for each function on a graph.
impl fmt::Display for Backends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_compiled() {
            return f.write_str("compiled");
        }
        for (at, function) in self.on_graph().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            let FunctionBackend { function, file, line, backend } = function;
            write!(f, "`{function}` ({file}:{line}): {backend}")?;
        }
        Ok(())
    }
}

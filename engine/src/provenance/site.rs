//! Where a node came from: an expression in an annotated function, or a line of ordinary Rust.
//!
//! Plain data, all of it `'static`: generated code holds it in constants, and a node refers to it by a pointer.

use std::fmt;
use std::panic::Location;

/// The text of one annotated function, and where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Source {
    /// The function's name.
    pub function: &'static str,
    /// The file, as the compiler names it.
    pub file: &'static str,
    /// The line of the text's first character, from 1.
    pub line: u32,
    /// The column of the text's first character, from 1.
    pub column: u32,
    /// The function as its author wrote it, with comments.
    pub text: &'static str,
    /// Its compiled adjoint as a text to read, or a comment that says why there is none: `NAME::ADJOINT_SOURCE`.
    pub adjoint: &'static str,
}

/// A range of bytes in [`Source::text`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// One expression of an annotated function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Site {
    /// The function.
    pub source: &'static Source,
    /// The whole expression.
    pub span: Span,
    /// Its operands, in the order of the operation's.
    pub operands: &'static [Span],
    /// The `let` that the expression is bound to.
    pub name: Option<&'static str>,
}

/// Where a node came from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Origin {
    /// An expression of an annotated function.
    Site(&'static Site),
    /// A line of code that works on [`Value`](crate::Value)s by hand.
    Line(&'static Location<'static>),
}

impl Source {
    /// The text of a span; empty if the span does not lie within the text.
    pub fn slice(&self, span: Span) -> &'static str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The line and column in the file, both from 1, of the character that starts at this byte of the text.
    ///
    /// ```
    /// use gradus::trace::Source;
    /// let (text, adjoint) = ("fn f() {\n  1.0\n}", "");
    /// let source = Source { function: "f", file: "f.rs", line: 7, column: 5, text, adjoint };
    /// assert_eq!(source.position(3), (7, 8));
    /// assert_eq!(source.position(11), (8, 3));
    /// ```
    pub fn position(&self, byte: u32) -> (u32, u32) {
        let (mut line, mut column) = (self.line, self.column);
        for (_, character) in self.text.char_indices().take_while(|&(start, _)| start < byte as usize) {
            (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        (line, column)
    }
}

impl Site {
    /// The expression as its author wrote it.
    pub fn text(&self) -> &'static str {
        self.source.slice(self.span)
    }
}

impl Origin {
    /// The caller's line.
    #[inline]
    #[track_caller]
    #[allow(clippy::unnecessary_wraps, reason = "it is what the recording functions take")]
    pub(crate) fn here() -> Option<Origin> {
        Some(Origin::Line(Location::caller()))
    }

    /// The file, as the compiler names it.
    pub fn file(&self) -> &'static str {
        match self {
            Origin::Site(site) => site.source.file,
            Origin::Line(location) => location.file(),
        }
    }

    /// The line and column in the file, both from 1.
    pub fn position(&self) -> (u32, u32) {
        match self {
            Origin::Site(site) => site.source.position(site.span.start),
            Origin::Line(location) => (location.line(), location.column()),
        }
    }
}

/// `src/model.rs:12:9`, which terminals and editors know how to open.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.position();
        write!(f, "{}:{line}:{column}", self.file())
    }
}

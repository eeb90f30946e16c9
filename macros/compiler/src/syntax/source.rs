//! The text of the annotated function and where each expression stands in it.
//!
//! The text is the user's own, with comments, from the first token of the item to the last. Where the compiler
//! cannot tell it (a function made by another macro, some editors) it is printed from the tokens.

pub mod ends;

use ends::Ends;
use proc_macro2::{Delimiter, LineColumn, Span, TokenStream, TokenTree};
use std::collections::HashMap;

/// A range of bytes in the function's text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Range {
    pub start: usize,
    pub end: usize,
}

/// The function's text, and the way from a token's span to its place in it.
pub struct Source {
    pub text: String,
    /// Line and column of the first character, counted from one.
    pub line: usize,
    pub column: usize,
    /// Start and end of each token, by the compiler's name of its span.
    places: HashMap<String, Range>,
}

impl Source {
    /// The text of an item; attributes before it are left out.
    pub fn new(item: &TokenStream) -> Source {
        let item = without_attributes(item);
        let (leaves, groups) = leaves(&item);
        // Every question to a span is one to the compiler.
        let layout: Vec<_> = leaves.iter().map(|leaf| (leaf.span.start(), leaf.span.end())).collect();
        let (line, column) = layout.first().map_or((1, 1), |(start, _)| (start.line, start.column + 1));
        let (text, ranges) = if layout_is_known(&leaves, &layout) {
            let text = laid_out(&item, &leaves, &layout);
            let ranges = located(&text, &layout);
            (text, ranges)
        } else {
            printed(&leaves)
        };
        let mut places = HashMap::with_capacity(leaves.len() + groups.len());
        for (leaf, range) in leaves.iter().zip(&ranges) {
            places.entry(key(leaf.span)).or_insert(*range);
        }
        // Syntax trees know a group by the span of the whole.
        for Whole { span, open, close } in groups {
            places.insert(key(span), Range { start: ranges[open].start, end: ranges[close].end });
        }
        Source { text, line, column, places }
    }

    /// The range of an expression or another piece of syntax: from its first token to the end of its last.
    pub fn range(&self, syntax: &impl Ends) -> Range {
        let (first, last) = (syntax.first(), syntax.last());
        let place = |span: Option<Span>| span.and_then(|span| self.places.get(&key(span)).copied());
        match (place(first), place(last)) {
            (Some(first), Some(last)) if first.start <= last.end => {
                Range { start: first.start, end: last.end }
            }
            _ => Range { start: 0, end: self.text.len() },
        }
    }
}

/// The compiler's name of a span: the only thing that tells two spans apart.
pub fn key(span: Span) -> String {
    format!("{span:?}")
}

/// The item from its visibility or `fn` on.
fn without_attributes(item: &TokenStream) -> TokenStream {
    let mut tokens = item.clone().into_iter().peekable();
    while let Some(TokenTree::Punct(punct)) = tokens.peek()
        && punct.as_char() == '#'
    {
        tokens.next();
        tokens.next();
    }
    tokens.collect()
}

/// A token as it is printed; a group gives two.
struct Leaf {
    text: String,
    span: Span,
    /// Glued to the next one when the layout is unknown (`<` of `<=`).
    joint: bool,
}

/// A group: the span of the whole, and which leaves are its delimiters.
struct Whole {
    span: Span,
    open: usize,
    close: usize,
}

/// The tokens in order, delimiters included.
fn leaves(tokens: &TokenStream) -> (Vec<Leaf>, Vec<Whole>) {
    let mut found: Vec<Leaf> = Vec::new();
    let mut groups = Vec::new();
    // An explicit stack: how deep a user nests is not ours to bound. With each level goes what closes it.
    let mut stack = vec![(tokens.clone().into_iter(), None)];
    while let Some((top, closing)) = stack.last_mut() {
        match top.next() {
            None => {
                if let Some((leaf, whole, open)) = closing.take() {
                    groups.push(Whole { span: whole, open, close: found.len() });
                    found.push(leaf);
                }
                stack.pop();
            }
            Some(TokenTree::Group(group)) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                let leaf = |text: &str, span| Leaf { text: text.to_owned(), span, joint: false };
                let closing = (!open.is_empty()).then(|| {
                    found.push(leaf(open, group.span_open()));
                    (leaf(close, group.span_close()), group.span(), found.len() - 1)
                });
                stack.push((group.stream().into_iter(), closing));
            }
            Some(TokenTree::Punct(punct)) => found.push(Leaf {
                text: punct.as_char().to_string(),
                span: punct.span(),
                joint: punct.spacing() == proc_macro2::Spacing::Joint,
            }),
            Some(other) => found.push(Leaf { text: other.to_string(), span: other.span(), joint: false }),
        }
    }
    (found, groups)
}

/// Where each token begins and ends, by its span.
type Layout = [(LineColumn, LineColumn)];

/// Whether the spans tell one consistent layout: in one file, in order, and each as wide as its token. (The parts of
/// an operator such as `->` may share the span of the whole.)
fn layout_is_known(leaves: &[Leaf], layout: &Layout) -> bool {
    let (Some(first), Some((start, _))) = (leaves.first(), layout.first()) else { return false };
    let is_as_wide = |(leaf, (start, end)): (&Leaf, &(LineColumn, LineColumn))| {
        start.line < end.line || start.column + leaf.text.chars().count() <= end.column
    };
    start.line > 0
        && layout.is_sorted_by_key(|(start, _)| *start)
        && leaves.iter().zip(layout).all(is_as_wide)
        && {
            let file = first.span.file();
            leaves.iter().all(|leaf| leaf.span.file() == file)
        }
}

/// The text with the user's layout: the body as the compiler has it, comments included; before it, tokens at their
/// lines and columns.
fn laid_out(item: &TokenStream, leaves: &[Leaf], layout: &Layout) -> String {
    let body = item.clone().into_iter().last().map(|token| token.span());
    let body = body.and_then(|span| Some((span.start(), span.source_text()?)));
    let end_of_signature = body.as_ref().map(|(start, _)| *start);
    let mut text = String::new();
    let mut at = None;
    let mut space_to = |text: &mut String, start: LineColumn, end: LineColumn| {
        let LineColumn { line, column } = at.unwrap_or(start);
        text.extend(std::iter::repeat_n('\n', start.line - line));
        let column = if start.line > line { 0 } else { column };
        text.extend(std::iter::repeat_n(' ', start.column.saturating_sub(column)));
        at = Some(end);
    };
    let signature = leaves.iter().zip(layout);
    let signature = signature.take_while(|(_, (start, _))| end_of_signature.is_none_or(|end| *start < end));
    for (leaf, (start, end)) in signature {
        space_to(&mut text, *start, *end);
        text.push_str(&leaf.text);
    }
    if let Some((start, body)) = body {
        space_to(&mut text, start, start);
        text.push_str(&body);
    }
    text
}

/// The place of each token in a text with the user's layout.
fn located(text: &str, layout: &Layout) -> Vec<Range> {
    let Some((origin, _)) = layout.first() else { return Vec::new() };
    // Where each line begins, and where its characters do if some are longer than a byte.
    let mut lines = Vec::new();
    let mut next = 0;
    for line in text.split('\n') {
        let wide: Option<Vec<usize>> =
            (!line.is_ascii()).then(|| line.char_indices().map(|(at, _)| at).collect());
        lines.push((next, line.len(), wide));
        next += line.len() + 1;
    }
    let offset = |LineColumn { line, column }: LineColumn| {
        let Some((start, length, wide)) = lines.get(line - origin.line) else { return text.len() };
        let column = if line == origin.line { column - origin.column } else { column };
        let bytes = match wide {
            Some(characters) => characters.get(column).copied().unwrap_or(*length),
            None => column.min(*length),
        };
        start + bytes
    };
    layout.iter().map(|(start, end)| Range { start: offset(*start), end: offset(*end) }).collect()
}

/// The text printed from the tokens alone, and their places in it.
fn printed(leaves: &[Leaf]) -> (String, Vec<Range>) {
    let mut text = String::new();
    let mut glued = true;
    let range = |leaf: &Leaf| {
        if !glued {
            text.push(' ');
        }
        let start = text.len();
        text.push_str(&leaf.text);
        glued = leaf.joint;
        Range { start, end: text.len() }
    };
    let ranges = leaves.iter().map(range).collect();
    (text, ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> (Source, syn::ItemFn) {
        let tokens: TokenStream = text.parse().expect("tokens");
        let item = syn::parse2(tokens.clone()).expect("a function");
        (Source::new(&tokens), item)
    }

    #[test]
    fn the_text_is_the_users_own() {
        let text = "pub fn f(x: f64,\n         y: f64) -> f64 {\n    // größer, with a comment\n    x * y /* ∂ */ + 1.0\n}";
        let (source, item) = source(text);
        assert_eq!(source.text, text);
        let Some(syn::Stmt::Expr(sum, None)) = item.block.stmts.last() else { panic!("no tail") };
        let range = source.range(sum);
        assert_eq!(&source.text[range.start..range.end], "x * y /* ∂ */ + 1.0");
    }

    #[test]
    fn without_a_layout_the_tokens_are_printed() {
        let tokens: TokenStream = quote::quote!(
            fn f(x: f64) -> f64 {
                x <= 1.0
            }
        );
        let (text, _) = printed(&leaves(&tokens).0);
        assert_eq!(text, "fn f ( x : f64 ) -> f64 { x <= 1.0 }");
    }
}

//! Whether a function is in an `impl` or `trait` block. The items that the attribute generates are not allowed there, and rustc
//! would report each of them. The function's tokens do not show it, but their file does.
//!
//! Where the file cannot be read, or is not the one that the tokens were read from, nothing is known and nothing is refused.

use proc_macro2::{Ident, LineColumn, Span};

/// Whether the function of this name is directly in an `impl` or `trait` block; `first` is the span of its first token.
pub fn in_block(name: &Ident, first: Span) -> bool {
    // A function at the beginning of a line is taken to be in no block. Most are, so their files need not be read.
    if first.start().column == 0 {
        return false;
    }
    let Some(file) = name.span().local_file() else { return false };
    let Ok(text) = std::fs::read_to_string(file) else { return false };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    offset(text, name.span().start())
        .filter(|at| text[*at..].starts_with(&name.to_string()))
        .is_some_and(|at| is_in_block(text, at))
}

/// The byte at a line counted from one and a column counted in characters.
fn offset(text: &str, at: LineColumn) -> Option<usize> {
    let line = text.split_inclusive('\n').nth(at.line.checked_sub(1)?)?;
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    line.char_indices().nth(at.column).map(|(column, _)| start + column)
}

/// What has been read of the item or statement at hand, outside of its brackets and parentheses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    /// Nothing, or words that may stand before `impl` or `trait`.
    Open,
    Block,
    Other,
}

/// Whether the innermost braces around this byte are those of an `impl` or `trait` block.
fn is_in_block(text: &str, at: usize) -> bool {
    // For each brace around: the head before it, the head after it, and the open brackets.
    let mut braces: Vec<(Head, Head, usize)> = Vec::new();
    let (mut head, mut brackets, mut last) = (Head::Open, 0_usize, b' ');
    let mut next = 0;
    while next < at {
        let rest = &text[next..];
        let Some(&byte) = rest.as_bytes().first() else { return false };
        let length = skipped(rest);
        if length > 0 {
            next += length;
            last = b'"';
            continue;
        }
        if is_word(byte) {
            let length = rest.bytes().take_while(|byte| is_word(*byte)).count();
            if brackets == 0 && head == Head::Open {
                head = match &rest[..length] {
                    "pub" | "unsafe" | "default" | "const" | "auto" => Head::Open,
                    "impl" | "trait" => Head::Block,
                    _ => Head::Other,
                };
            }
            next += length;
            last = b'a';
            continue;
        }
        match byte {
            b'(' | b'[' => brackets += 1,
            b')' | b']' => brackets = brackets.saturating_sub(1),
            b';' if brackets == 0 => head = Head::Open,
            b'{' => {
                // A constant argument, `impl Matrix<{ N }>`: what follows goes on with the same item.
                let after = if matches!(last, b'<' | b',') { head } else { Head::Open };
                braces.push((head, after, brackets));
                (head, brackets) = (Head::Open, 0);
            }
            b'}' => {
                let Some((_, after, outside)) = braces.pop() else { return false };
                (head, brackets) = (after, outside);
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
        next += 1;
    }
    next == at && brackets == 0 && braces.last().is_some_and(|(head, ..)| *head == Head::Block)
}

/// Whether a byte is part of a name or number: those beyond ASCII are.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// The length of the comment, string, character or quote of a lifetime that a text begins with, else 0.
fn skipped(text: &str) -> usize {
    let end_of = |text: &str, end: &str| text.find(end).map_or(text.len(), |at| at + end.len());
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return block_comment(text);
    }
    let prefix = text.len() - text.trim_start_matches(['b', 'c', 'r']).len();
    let (prefix, quoted) = text.split_at(prefix.min(2));
    let raw = quoted.trim_start_matches('#');
    if prefix.ends_with('r') && raw.starts_with('"') {
        let guard = &quoted[..quoted.len() - raw.len()];
        return text.len() - raw.len() + 1 + end_of(&raw[1..], &format!("\"{guard}"));
    }
    match quoted.as_bytes() {
        [b'"', ..] => prefix.len() + escaped(quoted, b'"'),
        [b'\'', b'\\', ..] => prefix.len() + escaped(quoted, b'\''),
        [b'\'', ..] => {
            let mut characters = quoted[1..].chars();
            let one = characters.next().map_or(0, char::len_utf8);
            // A character; a lifetime's quote alone.
            prefix.len() + if characters.next() == Some('\'') { one + 2 } else { 1 }
        }
        _ => 0,
    }
}

/// The length of a comment with those in it.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    let bytes = text.as_bytes();
    while at < bytes.len() {
        let step = match &bytes[at..] {
            [b'/', b'*', ..] => {
                depth += 1;
                2
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                2
            }
            _ => 1,
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a string or character with escapes, from its first quote to its last.
fn escaped(text: &str, quote: u8) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the function `f` of a text is in a block.
    fn found(text: &str) -> bool {
        is_in_block(text, text.find("fn f(").expect("a function `f`") + 3)
    }

    #[test]
    fn functions_of_blocks_are_found() {
        for text in [
            "impl Model { fn f() {} }",
            "pub trait Model: Sized { #[doc = \"}\"] fn f(); }",
            "unsafe impl<'a, const N: usize> Model<'a, { N + 1 }> for [f64; N] where Self: Sized { const A: u8 = 1; fn f() {} }",
            "#[cfg(test)] mod tests { use super::*; impl Model { fn g() { if a { b } } /* } /* } */ */ fn f() {} } }",
            "macro_rules! model { ($name:ident) => { impl $name { fn f() {} } } }",
            "const QUOTE: char = '\"'; const BRACE: char = '}'; const TEXT: &str = r#\"}\"}\"#; impl Größe { // }\n fn f() {} }",
            "const A: &str = \"\\\"}\"; const B: char = '\\''; const C: u8 = b'}'; impl Model { const fn f() {} }",
        ] {
            assert!(found(text), "{text}");
        }
    }

    #[test]
    fn free_functions_are_not() {
        for text in [
            "fn f() {}",
            "mod model { fn f() {} }",
            "impl Model { fn g() {} } fn f() {}",
            "impl Model { fn g() { fn f() {} } }",
            "impl Model {} mod tests { fn f() {} }",
            "fn g(x: impl Fn(f64) -> f64) -> impl Sized { fn f() {} }",
            "const TEXT: &str = \"impl Model {\"; fn f() {}",
            "// impl Model {\nfn f() {}",
            "fn g<'a>(x: &'a str) { x.map(|x| { impl Model {} fn f() {} }) }",
        ] {
            assert!(!found(text), "{text}");
        }
    }

    #[test]
    fn a_place_is_found_by_line_and_column() {
        let text = "// größer\n  é fn f() {}";
        let at = offset(text, LineColumn { line: 2, column: 7 });
        assert_eq!(at.map(|at| &text[at..]), Some("f() {}"));
        assert_eq!(offset(text, LineColumn { line: 3, column: 0 }), None);
    }
}

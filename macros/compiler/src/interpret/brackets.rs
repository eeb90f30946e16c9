//! Brackets that do not match and quotes that are not closed, in a text of which no tokens can be made.

use std::ops::Range;
use std::str::CharIndices;

/// The first bracket or quote that has no partner, and what is wrong with it; `None` if all match.
pub fn unmatched(text: &str) -> Option<(Range<usize>, String)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '(' | '[' | '{' => open.push((at, letter)),
            ')' | ']' | '}' => match open.pop() {
                Some((_, opening)) if closing(opening) == letter => {}
                Some((from, opening)) => return Some(not_closed(from, opening)),
                None => return Some((at..at + 1, format!("this `{letter}` closes nothing"))),
            },
            '/' => skip_comment(&mut letters),
            '"' if !skip_text(&mut letters, '"') => {
                return Some((
                    at..at + 1,
                    "the text that begins here is not closed: a `\"` is missing".to_owned(),
                ));
            }
            '\'' => skip_character(&mut letters),
            _ => {}
        }
    }
    open.pop().map(|(from, opening)| not_closed(from, opening))
}

fn closing(opening: char) -> char {
    match opening {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

fn not_closed(from: usize, opening: char) -> (Range<usize>, String) {
    (from..from + 1, format!("this `{opening}` is not closed: a `{}` is missing", closing(opening)))
}

/// After a slash: the rest of a comment, if it begins one.
fn skip_comment(letters: &mut CharIndices<'_>) {
    let rest = letters.as_str();
    let length = if rest.starts_with('/') {
        rest.find('\n').unwrap_or(rest.len())
    } else if rest.starts_with('*') {
        rest.find("*/").map_or(rest.len(), |end| end + 2)
    } else {
        0
    };
    let end = letters.offset() + length;
    while letters.offset() < end && letters.next().is_some() {}
}

/// After a quote: up to the one that ends the text. Whether there is one.
fn skip_text(letters: &mut CharIndices<'_>, quote: char) -> bool {
    while let Some((_, letter)) = letters.next() {
        if letter == '\\' {
            letters.next();
        } else if letter == quote {
            return true;
        }
    }
    false
}

/// After `'`: a character such as `'('`; a lifetime has no second quote.
fn skip_character(letters: &mut CharIndices<'_>) {
    let mut rest = letters.as_str().chars();
    let is_escaped = rest.next() == Some('\\');
    if is_escaped || rest.next() == Some('\'') {
        skip_text(letters, '\'');
    }
}

#[cfg(test)]
mod tests {
    use super::unmatched;

    /// The bracket at fault, and what is said of it.
    fn fault(text: &str) -> Option<(usize, String)> {
        unmatched(text).map(|(at, message)| (at.start, message))
    }

    #[test]
    fn the_bracket_that_was_opened_last_is_named() {
        let missing =
            |at, open, close| Some((at, format!("this `{open}` is not closed: a `{close}` is missing")));
        assert_eq!(fault("fn f(x: f64) -> f64 { x.tanh( }"), missing(28, '(', ')'));
        assert_eq!(fault("fn f(x: f64) -> f64 { x"), missing(20, '{', '}'));
        assert_eq!(fault("let v = [1.0, 2.0;"), missing(8, '[', ']'));
        let quote = "the text that begins here is not closed: a `\"` is missing".to_owned();
        assert_eq!(fault("fn f(x: f64) -> f64 { \"x }"), Some((22, quote)));
        assert_eq!(fault("fn f() {} }"), Some((10, "this `}` closes nothing".to_owned())));
        assert_eq!(fault("fn f(x: f64) -> f64 { x }"), None);
    }

    #[test]
    fn brackets_in_comments_and_quotes_do_not_count() {
        for text in [
            "// (\n",
            "/* ( \n [ */ {}",
            "\"(\\\"(\"",
            "'('",
            "'\\''",
            "fn f<'a>(x: &'a [f64]) {}",
            "a / b",
            "\"é(\"",
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
        assert_eq!(fault("/* é */ (").map(|(at, _)| at), Some(9));
    }
}

//! How deep a function nests: measured on its tokens, without recursion, before anything else reads them.
//!
//! Rustc recurses over the function and its companions. If they nest too deeply for its stack it crashes, so such functions are
//! refused by name. A group of tokens is a level. An operator or a method is a level too, since `a + b + c` is `(a + b) + c`, but one
//! of less weight.

use proc_macro2::{Delimiter, Spacing, Span, TokenStream, TokenTree};

/// How many groups may stand in each other.
pub const GROUPS: usize = 256;
/// How many operators and methods one expression may have. A page's program runs on the stack that the browser gives it,
/// which cannot be enlarged.
pub const OPERATORS: usize = if cfg!(target_family = "wasm") { 1024 } else { 4096 };

/// What a level weighs; all of them together may weigh as much as `OPERATORS` operators.
const GROUP: usize = OPERATORS / GROUPS;
/// An `else`, after which a companion opens a block.
const ELSE: usize = GROUP / 2;

/// An open group: its remaining tokens, and the weight of the expression that is being read.
struct Open {
    rest: std::iter::Peekable<proc_macro2::token_stream::IntoIter>,
    /// The weight of what stands around the group.
    around: usize,
    /// The weight of the operators of this statement or element.
    own: usize,
    /// How many operators stand directly before this place.
    run: usize,
    /// Whether the last token may begin a `=>`.
    equals: bool,
}

/// Where tokens nest too deeply, if they do.
pub fn too_deep(tokens: &TokenStream) -> Option<Span> {
    let open = |tokens: TokenStream, around| Open {
        rest: tokens.into_iter().peekable(),
        around,
        own: 0,
        run: 0,
        equals: false,
    };
    let mut stack = vec![open(tokens.clone(), 0)];
    while let Some(group) = stack.last_mut() {
        let Some(token) = group.rest.next() else {
            stack.pop();
            continue;
        };
        let is_sign = |sign| matches!(&token, TokenTree::Punct(punct) if punct.as_char() == sign);
        // An arm begins after `=>`, an element or statement after `,` and `;`.
        let begins = is_sign(',') || is_sign(';') || (is_sign('>') && group.equals);
        group.equals = is_sign('=');
        match &token {
            TokenTree::Punct(_) if begins => (group.own, group.run) = (0, 0),
            TokenTree::Punct(punct) => {
                // `&&` and `->` are one operator; `--` and `&&&` before an operand are several, nested.
                let is_whole = punct.spacing() == Spacing::Alone || group.run >= 2;
                group.run += 1;
                group.own += if group.run > 3 { GROUP } else { usize::from(is_whole) };
            }
            TokenTree::Ident(word) => {
                group.run = 0;
                group.own += if word == "else" { ELSE } else { usize::from(word == "as") };
            }
            TokenTree::Literal(_) => group.run = 0,
            TokenTree::Group(inner) => {
                group.run = 0;
                let weight = group.around + group.own + GROUP;
                // After the body of an `if` or loop another statement begins.
                let goes_on = group.rest.peek().is_some_and(|next| match next {
                    TokenTree::Punct(_) => true,
                    TokenTree::Ident(word) => word == "else" || word == "as",
                    TokenTree::Group(_) | TokenTree::Literal(_) => false,
                });
                if inner.delimiter() == Delimiter::Brace && !goes_on {
                    group.own = 0;
                }
                if weight > OPERATORS {
                    return Some(inner.span_open());
                }
                stack.push(open(inner.stream(), weight));
                continue;
            }
        }
        if group.around + group.own > OPERATORS {
            return Some(token.span());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_too_deep(text: &str) -> bool {
        too_deep(&text.parse().expect("tokens")).is_some()
    }

    fn nested(n: usize, before: &str, after: &str) -> String {
        format!("{}x{}", before.repeat(n), after.repeat(n))
    }

    #[test]
    fn groups_and_operators_have_limits() {
        for (before, after) in
            [("(", ")"), ("{ ", " }"), ("sin(", ")"), ("[", "]"), ("match n { _ => ", " }")]
        {
            assert!(!is_too_deep(&nested(GROUPS - 1, before, after)), "{before}");
            assert!(is_too_deep(&nested(GROUPS + 1, before, after)), "{before}");
        }
        for (before, after) in [("", " + x"), ("x * ", ""), ("", " as f64"), ("x && ", "")] {
            assert!(!is_too_deep(&nested(OPERATORS - 1, before, after)), "{before}{after}");
            assert!(is_too_deep(&nested(OPERATORS + 1, before, after)), "{before}{after}");
        }
        for before in ["-", "&", "*", "!"] {
            assert!(!is_too_deep(&nested(200, before, "")), "{before}");
            assert!(is_too_deep(&nested(400, before, "")), "{before}");
        }
    }

    #[test]
    fn length_is_no_depth() {
        for part in ["let x = x + 1.0 * 2.0; ", "if x > 1.0 { x += 1.0; } ", "x => x * 2.0, ", "f(x) - 1.0; "]
        {
            assert!(!is_too_deep(&part.repeat(20_000)), "{part}");
        }
        assert!(is_too_deep(&"if x > 1.0 { x } else ".repeat(1000)));
        assert!(!is_too_deep(&"if x > 1.0 { x } else ".repeat(400)));
    }

    #[test]
    fn a_million_levels_are_measured() {
        let mut tokens = TokenStream::new();
        for _ in 0..1_000_000 {
            tokens = TokenTree::from(proc_macro2::Group::new(Delimiter::Parenthesis, tokens)).into();
        }
        assert!(too_deep(&tokens).is_some());
    }
}

//! What means nothing to a reader, left out: parentheses around one operand, blocks of one statement, `let x = x;`.

use super::token::{Token, is_keyword};
use proc_macro2::Delimiter;

/// Leaves out what means nothing to a reader.
pub fn tidied(tokens: Vec<Token>) -> Vec<Token> {
    let mut tidy: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        if let Token::Group(delimiter, inner) = token {
            tidied_group(&mut tidy, delimiter, inner, rest.peek());
        } else {
            tidy.push(token);
        }
        if says_nothing(&tidy) {
            tidy.truncate(tidy.len() - 5);
        }
    }
    tidy
}

/// Adds a group, or what is inside if the group means nothing.
fn tidied_group(tidy: &mut Vec<Token>, delimiter: Delimiter, mut inner: Vec<Token>, next: Option<&Token>) {
    let last = tidy.last();
    let goes = match delimiter {
        Delimiter::Parenthesis => may_go(&inner, last, next),
        Delimiter::Brace if last.is_some_and(|last| last.is_word("else")) && inner.is_empty() => {
            tidy.pop();
            return;
        }
        Delimiter::Brace => {
            // `let x = { y > 1.0 };`
            let ends = next.is_none_or(|token| token.is(";") || token.is(","));
            let begins = last.is_some_and(|last| last.is("=")) || is_statement(tidy);
            begins && ends && is_expression(&inner)
                || is_statement(tidy) && (inner.is_empty() || is_one_effect(&inner))
        }
        Delimiter::Bracket | Delimiter::None => false,
    };
    if goes {
        tidy.extend(inner);
        return;
    }
    let commas = inner.iter().filter(|token| token.is(",")).count();
    if delimiter == Delimiter::Parenthesis && commas > 1 && inner.last().is_some_and(|last| last.is(",")) {
        inner.pop();
    }
    tidy.push(Token::Group(delimiter, inner));
}

/// Whether parentheses around these tokens can go: they are one operand, or all that stands between an `=` and its `;`,
/// or between brackets, or between `in` or `if` and a body.
fn may_go(inner: &[Token], before: Option<&Token>, after: Option<&Token>) -> bool {
    let is_list = inner.is_empty() || inner.iter().any(|token| token.is(","));
    let calls = match before {
        Some(Token::Word(word)) => !is_keyword(word),
        Some(Token::Group(..) | Token::Close | Token::Literal(_)) => true,
        Some(Token::Operator(operator)) => ["!", "?"].contains(operator),
        _ => false,
    };
    if is_list || calls {
        return false;
    }
    match inner {
        [Token::Word(_) | Token::Group(Delimiter::Parenthesis, _)] => return true,
        [Token::Literal(literal)] if !literal.ends_with('.') => return true,
        _ => {}
    }
    match before {
        None => after.is_none(),
        Some(Token::Operator("=" | "+=")) => after.is_some_and(|after| after.is(";")),
        Some(Token::Operator(",")) => after.is_none_or(|after| after.is(",")),
        Some(before) if before.is_word("in") || before.is_word("if") => {
            after.is_some_and(|after| after.braces().is_some() || after.is("=>"))
                && !inner.iter().any(|token| token.braces().is_some())
        }
        Some(_) => false,
    }
}

/// Whether the tokens of a block are one expression without statements.
fn is_expression(inner: &[Token]) -> bool {
    let harmless = |word: &String| !is_keyword(word) || ["as", "mut", "move"].contains(&word.as_str());
    let statement = |token: &Token| match token {
        Token::Operator(operator) => *operator == ";",
        Token::Word(word) => !harmless(word),
        Token::Group(delimiter, _) => *delimiter == Delimiter::Brace,
        Token::Line(_) | Token::Note(_) | Token::End => true,
        Token::Literal(_) | Token::Open | Token::Close => false,
    };
    !inner.is_empty() && !inner.iter().any(statement)
}

/// Whether a statement begins after these tokens, as far as they tell.
fn is_statement(before: &[Token]) -> bool {
    match before {
        [] | [.., Token::Operator(";") | Token::Line(_) | Token::End] => true,
        // After the body of another statement, if no `if` or loop is open.
        [.., Token::Group(Delimiter::Brace, _)] => {
            let ends = |token: &Token| token.is(";") || *token == Token::End;
            let opens = |token: &Token| matches!(token, Token::Word(word) if is_keyword(word));
            let last = before.iter().rev().find(|token| ends(token) || opens(token));
            last.is_none_or(ends)
        }
        _ => false,
    }
}

/// Whether a block is one statement that needs none.
fn is_one_effect(inner: &[Token]) -> bool {
    let end = inner.iter().position(|token| token.is(";"));
    end.is_some_and(|end| end + 1 == inner.len()) && !inner.iter().any(|token| token.is_word("let"))
}

/// Whether the tokens end in `let x = x;`.
fn says_nothing(tokens: &[Token]) -> bool {
    matches!(tokens, [.., Token::Word(let_), Token::Word(name), Token::Operator("="), Token::Word(value), Token::Operator(";")]
        if let_ == "let" && name == value)
}

//! Where statements end, and what braces stand for, as far as their tokens tell.

use super::token::Token;
use proc_macro2::Delimiter;

/// Whether braces after this token are an operand, and not the body of an `if` or loop.
pub fn is_operand(previous: Option<&Token>) -> bool {
    match previous {
        Some(Token::Operator(operator)) => !["|", "||", ";"].contains(operator),
        Some(Token::Word(word)) => ["if", "while", "match", "in"].contains(&word.as_str()),
        _ => false,
    }
}

/// Whether braces after these tokens hold fields or names, and no block.
pub fn names_fields(before: &[Token], inner: &[Token]) -> bool {
    let after_type = match before {
        [.., arrow, Token::Word(_)] if arrow.is("->") => false,
        [.., Token::Word(word)] => {
            word.rsplit("::").next().unwrap_or_default().starts_with(|first: char| first.is_ascii_uppercase())
        }
        [.., token] => token.is("::") || *token == Token::Close,
        [] => false,
    };
    after_type && !inner.iter().any(|token| token.is(";") || token.is("=>"))
}

/// Whether a statement that begins so ends with a block.
pub fn begins_block(first: &Token) -> bool {
    match first {
        Token::Word(word) => {
            let begins = [
                "for",
                "while",
                "loop",
                "if",
                "match",
                "unsafe",
                "fn",
                "pub",
                "struct",
                "enum",
                "impl",
                "mod",
                "trait",
                "macro_rules",
            ];
            begins.contains(&word.as_str()) || word.starts_with('\'')
        }
        Token::Operator(operator) => *operator == "#",
        Token::Group(delimiter, _) => *delimiter == Delimiter::Brace,
        Token::Literal(_) | Token::Open | Token::Close | Token::Line(_) | Token::Note(_) | Token::End => {
            false
        }
    }
}

/// How many tokens the first statement has.
pub fn end_of_statement(tokens: &[Token]) -> usize {
    let block = begins_block(&tokens[0]);
    for (at, token) in tokens.iter().enumerate() {
        if token.is(";") {
            return at + 1;
        }
        let goes_on = |next: &Token| next.is_word("else") || next.is(".") || next.is("?");
        let is_body =
            block && token.braces().is_some() && !is_operand(at.checked_sub(1).map(|at| &tokens[at]));
        if is_body && !tokens.get(at + 1).is_some_and(goes_on) {
            let after_semicolon = usize::from(tokens.get(at + 1).is_some_and(|next| next.is(";")));
            return at + 1 + after_semicolon;
        }
    }
    tokens.len()
}

/// The parentheses or brackets of a statement that hold the most, of those with a comma.
pub fn widest_list(tokens: &[Token]) -> Option<usize> {
    fn size(tokens: &[Token]) -> usize {
        let inside = |token: &Token| if let Token::Group(_, inner) = token { size(inner) } else { 0 };
        tokens.iter().map(|token| 1 + inside(token)).sum()
    }
    let inside = |(at, token): (usize, &Token)| {
        let Token::Group(_, inner) = token else { return None };
        is_list(token).then(|| (size(inner), at))
    };
    tokens.iter().enumerate().filter_map(inside).max().map(|(_, at)| at)
}

fn has_comma(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| token.is(","))
}

/// Whether a token is parentheses or brackets with a comma inside.
pub fn is_list(token: &Token) -> bool {
    matches!(token, Token::Group(Delimiter::Parenthesis | Delimiter::Bracket, inner) if has_comma(inner))
}

//! Tokens as a reader takes them in: paths are one word, `+=` one operator, and what means nothing is left out.

use super::LOCALS;
use super::tidy::tidied;
use super::token::{Token, is_keyword};
use crate::emit::code::Token as Written;
use crate::emit::sweeps::RULES;
use crate::emit::types::without_aliases;
use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, Punct, Spacing, TokenStream, TokenTree};
use std::collections::HashSet;
use std::iter::Peekable;

/// The operators of more than one character; the beginning of each is an operator, too.
const LONG: &[&str] = &[
    "::", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "/=", "%=", "^=", "&=", "|=",
    "<<", ">>", "..", "..=", "...", "<<=", ">>=",
];

/// An operator of one character.
fn short(operator: char) -> &'static str {
    match operator {
        '+' => "+",
        '-' => "-",
        '*' => "*",
        '/' => "/",
        '%' => "%",
        '^' => "^",
        '!' => "!",
        '&' => "&",
        '|' => "|",
        '=' => "=",
        '<' => "<",
        '>' => ">",
        '@' => "@",
        '.' => ".",
        ',' => ",",
        ';' => ";",
        ':' => ":",
        '#' => "#",
        '$' => "$",
        '~' => "~",
        _ => "?",
    }
}

/// Reads tokens.
pub struct Reader<'r> {
    engine: Vec<String>,
    generated: &'r HashSet<String>,
}

impl Reader<'_> {
    /// `engine` is the path whose items are told by their last names; `generated` are names that lose their `_`.
    pub fn new<'r>(engine: &TokenStream, generated: &'r HashSet<String>) -> Reader<'r> {
        let words = engine.clone().into_iter().filter_map(|token| match token {
            TokenTree::Ident(word) => Some(word.to_string()),
            _ => None,
        });
        Reader { engine: words.collect(), generated }
    }

    /// Reads code of ours.
    pub fn code(&self, code: &[Written<'_>]) -> Vec<Token> {
        let mut reading = Reading::default();
        self.written(code, &mut reading);
        self.shortened(reading)
    }

    /// Reads tokens of the user's.
    #[cfg(test)]
    pub fn read(&self, tokens: TokenStream) -> Vec<Token> {
        let mut reading = Reading::default();
        self.stream(tokens, &mut reading);
        self.shortened(reading)
    }

    fn written(&self, code: &[Written<'_>], reading: &mut Reading) {
        for token in code {
            match token {
                Written::Word(word, _) => reading.word(word),
                Written::Number(number, _) => reading.push(Token::Literal((*number).to_owned())),
                Written::Operator(operator, _) => reading.operator(operator),
                Written::Name(name) => reading.word(&name.to_string()),
                Written::Tokens(tokens) => self.stream((**tokens).clone(), reading),
                Written::Group(delimiter, _, inner) => {
                    reading.push(Token::Group(*delimiter, tidied(self.code(inner))));
                }
                Written::Either(_, read) => self.written(read, reading),
                Written::Line(number) => reading.push(Token::Line(*number)),
                Written::Note(text) => reading.push(Token::Note(text)),
                Written::End => reading.push(Token::End),
            }
        }
    }

    fn stream(&self, tokens: TokenStream, reading: &mut Reading) {
        let mut rest = tokens.into_iter().peekable();
        while let Some(token) = rest.next() {
            match token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                    self.stream(group.stream(), reading);
                }
                TokenTree::Group(group) => {
                    let mut inner = Reading::default();
                    self.stream(group.stream(), &mut inner);
                    reading.push(Token::Group(group.delimiter(), tidied(self.shortened(inner))));
                }
                TokenTree::Literal(literal) => reading.push(Token::Literal(literal.to_string())),
                TokenTree::Ident(word) => reading.word(&word.to_string()),
                TokenTree::Punct(punct) if punct.as_char() == '\'' => match rest.next() {
                    Some(TokenTree::Ident(name)) => reading.push(Token::Word(format!("'{name}"))),
                    _ => reading.push(Token::Operator("'")),
                },
                TokenTree::Punct(punct) => match reading.bracket(punct.as_char()) {
                    Some(bracket) => reading.push(bracket),
                    None => reading.push(operator(&punct, &mut rest)),
                },
            }
        }
    }

    fn shortened(&self, reading: Reading) -> Vec<Token> {
        let mut read = reading.read;
        for token in &mut read {
            if let Token::Word(word) = token {
                self.shorten(word);
            }
        }
        read
    }

    /// Cuts a path as it is printed: one of ours or of the standard library to what begins with a type, or to its last name.
    fn shorten(&self, word: &mut String) {
        if let Some(local) = word.strip_prefix("__").filter(|name| LOCALS.contains(name)) {
            *word = local.to_owned();
            return;
        }
        if word.ends_with('_') && self.generated.contains(word) {
            word.pop();
        }
        if !word.as_bytes().contains(&b':') {
            if let Some(name) = without_aliases(word) {
                *word = name;
            }
            return;
        }
        if let Some(rule) = word.strip_prefix(RULES) {
            *word = rule.trim_start_matches("::").to_owned();
            return;
        }
        if let Some(path) = without_aliases(word) {
            *word = path;
        }
        let absolute = word.starts_with("::");
        let names: Vec<&str> = word.trim_start_matches("::").split("::").collect();
        let standard = absolute && ["std", "core", "alloc"].contains(&names[0]);
        let ours =
            names.len() > self.engine.len() && self.engine.iter().zip(&names).all(|(own, name)| own == name);
        if standard || ours {
            let is_type = |name: &&str| name.starts_with(|first: char| first.is_ascii_uppercase());
            let first = names.iter().position(is_type).unwrap_or(names.len() - 1);
            *word = names[first..].join("::");
        }
    }
}

/// What has been read.
#[derive(Default)]
struct Reading {
    read: Vec<Token>,
    /// How many `<` of types are open.
    depth: usize,
}

impl Reading {
    fn push(&mut self, token: Token) {
        if token == Token::Open {
            self.depth += 1;
        } else if token == Token::Close {
            self.depth -= 1;
        } else if token == Token::End || token.is(";") {
            self.depth = 0;
        }
        self.read.push(token);
    }

    /// An operator of a template, as a whole.
    fn operator(&mut self, operator: &'static str) {
        let bracket = match operator {
            "<" | ">" => self.bracket(if operator == "<" { '<' } else { '>' }),
            _ => None,
        };
        self.push(bracket.unwrap_or(Token::Operator(operator)));
    }

    /// `<` or `>`, if it stands around types.
    fn bracket(&self, character: char) -> Option<Token> {
        match character {
            '<' if opens_types(&self.read) => Some(Token::Open),
            '>' if self.depth > 0 => Some(Token::Close),
            _ => None,
        }
    }

    /// A name, joined to the path before it.
    fn word(&mut self, name: &str) {
        let path = match self.read.as_mut_slice() {
            [.., Token::Word(path), colons] if colons.is("::") && !is_keyword(path) => path,
            // `<T as Trait>::name`
            [.., Token::Close, colons] if colons.is("::") => return self.push(Token::Word(name.to_owned())),
            [.., colons] if colons.is("::") => {
                *colons = Token::Word(format!("::{name}"));
                return;
            }
            _ => return self.push(Token::Word(name.to_owned())),
        };
        path.push_str("::");
        path.push_str(name);
        self.read.pop();
    }
}

/// Whether a `<` after these tokens stands before types.
fn opens_types(before: &[Token]) -> bool {
    match before {
        [] | [.., Token::Operator(_) | Token::Open] => true,
        [.., Token::Word(declares), Token::Word(_)] if declares == "fn" => true,
        [.., Token::Word(word)] => {
            let last = word.rsplit("::").next().unwrap_or_default();
            let names_type = last.starts_with(|first: char| first.is_ascii_uppercase())
                && last.contains(|other: char| other.is_ascii_lowercase());
            names_type || is_keyword(word)
        }
        _ => false,
    }
}

/// The longest operator that begins here.
fn operator(first: &Punct, rest: &mut Peekable<IntoIter>) -> Token {
    let mut found = short(first.as_char());
    let mut joint = first.spacing() == Spacing::Joint;
    while joint && let Some(TokenTree::Punct(next)) = rest.peek() {
        let goes_on = |longer: &&&str| {
            longer.strip_prefix(found).is_some_and(|more| more.chars().eq(std::iter::once(next.as_char())))
        };
        let Some(longer) = LONG.iter().find(goes_on) else { break };
        found = longer;
        joint = next.spacing() == Spacing::Joint;
        rest.next();
    }
    Token::Operator(found)
}

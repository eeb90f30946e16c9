//! Tokens as a reader takes them in: paths are one word, `+=` one operator, and what means nothing is left out.

use proc_macro2::{Delimiter, Punct, Spacing, TokenStream, TokenTree};
use std::collections::HashSet;
use std::iter::Peekable;
use std::vec::IntoIter;

#[derive(Clone, PartialEq, Debug)]
pub enum Token {
    /// A name, a keyword, a path of names, a lifetime.
    Word(String),
    Literal(String),
    Operator(&'static str),
    /// `<` and `>` around types.
    Open,
    Close,
    Group(Delimiter, Vec<Token>),
}

impl Token {
    pub fn is(&self, operator: &str) -> bool {
        matches!(self, Token::Operator(own) if *own == operator)
    }

    pub fn is_word(&self, word: &str) -> bool {
        matches!(self, Token::Word(own) if own == word)
    }

    pub fn braces(&self) -> Option<&[Token]> {
        match self {
            Token::Group(Delimiter::Brace, inner) => Some(inner),
            _ => None,
        }
    }
}

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

/// Whether a word is no operand.
pub fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "as" | "break"
            | "const"
            | "dyn"
            | "else"
            | "for"
            | "if"
            | "impl"
            | "in"
            | "let"
            | "loop"
            | "match"
            | "move"
            | "mut"
            | "ref"
            | "return"
            | "static"
            | "unsafe"
            | "use"
            | "where"
            | "while"
    )
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

    pub fn read(&self, tokens: TokenStream) -> Vec<Token> {
        let mut flat = Vec::new();
        flatten(tokens, &mut flat);
        let mut rest = flat.into_iter().peekable();
        let mut read: Vec<Token> = Vec::new();
        // How many `<` of types are open.
        let mut depth = 0_usize;
        while let Some(token) = rest.next() {
            let token = match token {
                TokenTree::Group(group) => Token::Group(group.delimiter(), tidied(self.read(group.stream()))),
                TokenTree::Literal(literal) => Token::Literal(literal.to_string()),
                TokenTree::Ident(word) => joined(&mut read, word.to_string()),
                TokenTree::Punct(punct) if punct.as_char() == '\'' => match rest.next() {
                    Some(TokenTree::Ident(name)) => Token::Word(format!("'{name}")),
                    _ => Token::Operator("'"),
                },
                TokenTree::Punct(punct) => match punct.as_char() {
                    '<' if opens_types(&read) => Token::Open,
                    '>' if depth > 0 => Token::Close,
                    _ => operator(&punct, &mut rest),
                },
            };
            match token {
                Token::Open => depth += 1,
                Token::Close => depth -= 1,
                Token::Operator(";") => depth = 0,
                _ => {}
            }
            read.push(token);
        }
        for token in &mut read {
            if let Token::Word(word) = token {
                self.shorten(word);
            }
        }
        read
    }

    /// Cuts a path as it is printed: one of ours or of the standard library to what begins with a type, or to its last name.
    fn shorten(&self, word: &mut String) {
        if word.ends_with('_') && self.generated.contains(word) {
            word.pop();
        }
        if !word.contains("::") {
            return;
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

/// Takes groups apart that have no delimiters.
fn flatten(tokens: TokenStream, flat: &mut Vec<TokenTree>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => flatten(group.stream(), flat),
            other => flat.push(other),
        }
    }
}

/// A name, with the path before it.
fn joined(read: &mut Vec<Token>, name: String) -> Token {
    if !read.last().is_some_and(|last| last.is("::")) {
        return Token::Word(name);
    }
    let before = read.len().checked_sub(2).map(|at| &read[at]);
    match before {
        Some(Token::Word(word)) if !is_keyword(word) => {
            let path = format!("{word}::{name}");
            read.truncate(read.len() - 2);
            Token::Word(path)
        }
        // `<T as Trait>::name`
        Some(Token::Close) => Token::Word(name),
        _ => {
            read.pop();
            Token::Word(format!("::{name}"))
        }
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
fn operator(first: &Punct, rest: &mut Peekable<IntoIter<TokenTree>>) -> Token {
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

/// Leaves out what means nothing to a reader.
fn tidied(tokens: Vec<Token>) -> Vec<Token> {
    let mut tidy: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        let is_end = |token: Option<&Token>| token.is_none_or(|token| token.is(";") || token.is(","));
        match token {
            Token::Group(Delimiter::Parenthesis, inner) if may_go(&inner, tidy.last(), rest.peek()) => {
                tidy.extend(inner);
            }
            // `let x = { y > 1.0 };`
            Token::Group(Delimiter::Brace, inner)
                if (tidy.last().is_some_and(|last| last.is("=")) || is_statement(&tidy))
                    && is_end(rest.peek())
                    && is_expression(&inner) =>
            {
                tidy.extend(inner);
            }
            Token::Group(Delimiter::Brace, inner)
                if is_statement(&tidy) && (inner.is_empty() || is_one_effect(&inner)) =>
            {
                tidy.extend(inner);
            }
            Token::Group(Delimiter::Brace, inner)
                if inner.is_empty() && tidy.last().is_some_and(|last| last.is_word("else")) =>
            {
                tidy.pop();
            }
            Token::Group(Delimiter::Parenthesis, mut inner) => {
                let commas = inner.iter().filter(|token| token.is(",")).count();
                if commas > 1 && inner.last().is_some_and(|last| last.is(",")) {
                    inner.pop();
                }
                tidy.push(Token::Group(Delimiter::Parenthesis, inner));
            }
            token => tidy.push(token),
        }
        if says_nothing(&tidy) {
            tidy.truncate(tidy.len() - 5);
        }
    }
    tidy
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
        Token::Word(word) => !harmless(word) || word == super::LINE,
        Token::Group(Delimiter::Brace, _) => true,
        _ => false,
    };
    !inner.is_empty() && !inner.iter().any(statement)
}

/// Whether a statement begins after these tokens, as far as they tell.
fn is_statement(before: &[Token]) -> bool {
    match before {
        [] | [.., Token::Operator(";")] => true,
        // After the body of another statement, if no `if` or loop is open.
        [.., Token::Group(Delimiter::Brace, _)] => {
            let begin = before.iter().rposition(|token| token.is(";")).map_or(0, |at| at + 1);
            let opens = |token: &Token| matches!(token, Token::Word(word) if is_keyword(word));
            !before[begin..].iter().any(opens)
        }
        [.., Token::Word(mark), Token::Literal(_)] => mark == super::LINE,
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

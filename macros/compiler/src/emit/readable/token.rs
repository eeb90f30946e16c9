//! What a reader takes in as one.

use proc_macro2::Delimiter;

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
    /// A mark: the next statement belongs to this line of the user's file.
    Line(usize),
    /// A mark: a remark of ours, after a blank line.
    Note(&'static str),
    /// A mark: what follows is apart from what precedes.
    End,
}

impl Token {
    pub fn is(&self, operator: &str) -> bool {
        matches!(self, Token::Operator(own) if *own == operator)
    }

    pub fn is_word(&self, word: &str) -> bool {
        matches!(self, Token::Word(own) if own == word)
    }

    pub fn braces(&self) -> Option<&[Token]> {
        if let Token::Group(Delimiter::Brace, inner) = self { Some(inner) } else { None }
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

//! Code of our own, written a token after the other, and read twice: by the compiler and by people.
//!
//! `quote!` makes a stream of every piece and copies it into the stream around, token by token and level by level; for the
//! sweeps, which are most of what is generated, [`code!`] appends to one list. What is written is light: words and operators are
//! those of our templates, names and the user's tokens are borrowed. [`Code::stream`] makes a `TokenStream` of it, once, and
//! `readable` a text.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use std::borrow::Cow;

/// A list of tokens.
pub struct Code<'c> {
    pub tokens: Vec<Token<'c>>,
    /// The span of the words and operators that are written.
    span: Span,
}

pub enum Token<'c> {
    Word(&'static str, Span),
    Operator(&'static str, Span),
    Number(&'static str, Span),
    Name(Cow<'c, Ident>),
    Tokens(Cow<'c, TokenStream>),
    Group(Delimiter, Span, Vec<Token<'c>>),
    /// What the compiler gets, and what people do.
    Either(TokenStream, Vec<Token<'c>>),
    /// For people: the line of the user's file that the next statement belongs to.
    Line(usize),
    /// For people: a remark, after a blank line.
    Note(&'static str),
    /// For people: what follows is apart from what precedes.
    End,
}

/// Appends to code. `#name` stands for a piece, `#(printer.method(arguments))` for what that method appends, `#{ … }` for what
/// these statements append.
///
/// ```text
/// code!(out <- let #name = #(self.place(place, false, span));)
/// ```
macro_rules! code {
    ($out:ident <-) => {};
    ($out:ident <- # ($this:ident . $method:ident ($($argument:expr),*)) $($rest:tt)*) => {
        $this.$method($out $(, $argument)*);
        code!($out <- $($rest)*);
    };
    ($out:ident <- # { $($run:tt)* } $($rest:tt)*) => {
        $($run)*
        code!($out <- $($rest)*);
    };
    ($out:ident <- # $piece:ident $($rest:tt)*) => {
        $crate::emit::code::Piece::append($piece, $out);
        code!($out <- $($rest)*);
    };
    ($out:ident <- ($($inner:tt)*) $($rest:tt)*) => {
        code!(@group Parenthesis $out <- $($inner)*);
        code!($out <- $($rest)*);
    };
    ($out:ident <- [$($inner:tt)*] $($rest:tt)*) => {
        code!(@group Bracket $out <- $($inner)*);
        code!($out <- $($rest)*);
    };
    ($out:ident <- {$($inner:tt)*} $($rest:tt)*) => {
        code!(@group Brace $out <- $($inner)*);
        code!($out <- $($rest)*);
    };
    ($out:ident <- $token:tt $($rest:tt)*) => {
        $out.token(stringify!($token));
        code!($out <- $($rest)*);
    };
    (@group $delimiter:ident $out:ident <-) => {
        $out.group(proc_macro2::Delimiter::$delimiter, |_| {});
    };
    (@group $delimiter:ident $out:ident <- $($inner:tt)*) => {
        $out.group(proc_macro2::Delimiter::$delimiter, |$out| { code!($out <- $($inner)*); });
    };
}
pub(super) use code;

impl<'c> Code<'c> {
    /// The code that `write` writes.
    pub fn of(write: impl FnOnce(&mut Code<'c>)) -> Code<'c> {
        let mut code = Code { tokens: Vec::new(), span: Span::call_site() };
        write(&mut code);
        code
    }

    /// A token of a template.
    pub fn token(&mut self, text: &'static str) {
        let span = self.span;
        self.tokens.push(match text.as_bytes()[0] {
            b'0'..=b'9' => Token::Number(text, span),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => Token::Word(text, span),
            _ => Token::Operator(text, span),
        });
    }

    pub fn group(&mut self, delimiter: Delimiter, fill: impl FnOnce(&mut Code<'c>)) {
        self.group_at(delimiter, self.span, fill);
    }

    /// A group whose delimiters are at a span.
    pub fn group_at(&mut self, delimiter: Delimiter, span: Span, fill: impl FnOnce(&mut Code<'c>)) {
        let outer = std::mem::take(&mut self.tokens);
        fill(self);
        let inner = std::mem::replace(&mut self.tokens, outer);
        self.tokens.push(Token::Group(delimiter, span, inner));
    }

    /// What `write` writes is at a span.
    pub fn at(&mut self, span: Span, write: impl FnOnce(&mut Code<'c>)) {
        let outer = std::mem::replace(&mut self.span, span);
        write(self);
        self.span = outer;
    }

    /// Elements, with commas between.
    pub fn list<T>(&mut self, elements: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        for (at, element) in elements.into_iter().enumerate() {
            if at > 0 {
                self.token(",");
            }
            write(self, element);
        }
    }

    /// The same, with a comma after each: a tuple's, of one element too.
    pub fn parts<T>(&mut self, parts: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        for part in parts {
            write(self, part);
            self.token(",");
        }
    }

    /// A block of it, with what comes first.
    pub fn braced(&self, first: TokenStream) -> Group {
        let mut trees: Vec<_> = first.into_iter().collect();
        self.tokens.iter().for_each(|token| append(token, &mut trees));
        Group::new(Delimiter::Brace, trees.into_iter().collect())
    }

    /// What the compiler gets.
    pub fn stream(&self) -> TokenStream {
        stream(&self.tokens)
    }
}

/// Something that code is made of.
pub trait Piece<'c> {
    fn append(self, code: &mut Code<'c>);
}

impl<'c> Piece<'c> for &'c Ident {
    fn append(self, code: &mut Code<'c>) {
        code.tokens.push(Token::Name(Cow::Borrowed(self)));
    }
}

impl<'c> Piece<'c> for Ident {
    fn append(self, code: &mut Code<'c>) {
        code.tokens.push(Token::Name(Cow::Owned(self)));
    }
}

impl<'c> Piece<'c> for &'c TokenStream {
    fn append(self, code: &mut Code<'c>) {
        code.tokens.push(Token::Tokens(Cow::Borrowed(self)));
    }
}

impl<'c> Piece<'c> for TokenStream {
    fn append(self, code: &mut Code<'c>) {
        if !self.is_empty() {
            code.tokens.push(Token::Tokens(Cow::Owned(self)));
        }
    }
}

impl<'c> Piece<'c> for Code<'c> {
    fn append(mut self, code: &mut Code<'c>) {
        code.tokens.append(&mut self.tokens);
    }
}

/// A position: of a field or an element.
impl<'c> Piece<'c> for usize {
    fn append(self, code: &mut Code<'c>) {
        TokenStream::from(TokenTree::from(Literal::usize_unsuffixed(self))).append(code);
    }
}

fn stream(tokens: &[Token<'_>]) -> TokenStream {
    let mut trees = Vec::with_capacity(tokens.len());
    tokens.iter().for_each(|token| append(token, &mut trees));
    trees.into_iter().collect()
}

fn append(token: &Token<'_>, trees: &mut Vec<TokenTree>) {
    match token {
        Token::Word(word, span) => trees.push(Ident::new(word, *span).into()),
        Token::Number(text, span) => {
            let mut number = number(text);
            number.set_span(*span);
            trees.push(number.into());
        }
        Token::Operator(operator, span) => {
            for (at, character) in operator.char_indices() {
                let is_last = at + 1 == operator.len();
                let mut punct = Punct::new(character, if is_last { Spacing::Alone } else { Spacing::Joint });
                punct.set_span(*span);
                trees.push(punct.into());
            }
        }
        Token::Name(name) => trees.push(name.clone().into_owned().into()),
        Token::Tokens(tokens) => trees.extend(tokens.clone().into_owned()),
        Token::Group(delimiter, span, inner) => {
            let mut group = Group::new(*delimiter, stream(inner));
            group.set_span(*span);
            trees.push(group.into());
        }
        Token::Either(compiled, _) => trees.extend(compiled.clone()),
        Token::Line(_) | Token::Note(_) | Token::End => {}
    }
}

/// A number of a template: `0.5`, `0.5_f64`, `5` or `5_usize`.
fn number(text: &str) -> Literal {
    let (digits, suffix) = text.split_once('_').unwrap_or((text, ""));
    match (digits.parse(), digits.parse()) {
        (Ok(number), _) if suffix.is_empty() => Literal::usize_unsuffixed(number),
        (Ok(number), _) => Literal::usize_suffixed(number),
        (_, Ok(number)) if suffix.is_empty() => Literal::f64_unsuffixed(number),
        (_, Ok(number)) => Literal::f64_suffixed(number),
        _ => unreachable!("no number: {text}"),
    }
}

//! Tokens to lines: a statement a line, blocks indented, the user's lines as comments above what was made of them.

use super::statements::{begins_block, end_of_statement, is_list, is_operand, names_fields, widest_list};
use super::token::{Token, is_keyword};
use proc_macro2::Delimiter;

/// Lines are broken beyond this width.
const WIDTH: usize = 100;
/// Blocks up to this width stand in one line, where they are no branch or body.
const SHORT: usize = 50;
/// Blocks deeper than this are not indented further: their lines would be mostly spaces.
const DEEPEST: usize = 24;

pub struct Layout<F> {
    /// The text of a line of the user's file.
    users_line: F,
    text: String,
    indent: usize,
    /// The user's line that the last comment told.
    line: Option<usize>,
    /// While something is tried: where it begins, and the width that it must not exceed.
    trial: Option<(usize, usize)>,
    /// Whether short blocks stay on one line: the statement fits on one.
    short: bool,
}

/// What became of a trial.
#[derive(PartialEq)]
enum Tried {
    /// It fits on one line, which is kept.
    Printed,
    /// The first line is too wide.
    Wide,
    /// It is several lines, of which the first is as wide as it may be.
    Long,
}

/// What was printed before a token, as far as spaces go.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    /// Nothing, or what nothing is set apart from: `(`, `.`, a unary `-`.
    Tight,
    /// A keyword or a binary operator: what follows is an operand.
    Operator,
    /// The end of an operand.
    Operand,
    /// The `!` of a macro.
    Bang,
}

impl<'s, F: Fn(usize) -> Option<&'s str>> Layout<F> {
    pub fn new(users_line: F) -> Self {
        Layout { users_line, text: String::new(), indent: 0, line: None, trial: None, short: true }
    }

    /// Prints a function.
    pub fn print(mut self, tokens: &[Token]) -> String {
        self.statement(tokens);
        self.text
    }

    // --- lines

    fn block(&mut self, tokens: &[Token]) {
        let mut rest = tokens;
        while let Some(first) = rest.first() {
            let end = match first {
                Token::Line(number) => {
                    self.head(*number);
                    1
                }
                Token::Note(text) => {
                    self.note(text);
                    1
                }
                Token::End => {
                    self.text.push('\n');
                    self.line = None;
                    1
                }
                Token::Word(_)
                | Token::Literal(_)
                | Token::Operator(_)
                | Token::Open
                | Token::Close
                | Token::Group(..) => {
                    let end = end_of_statement(rest);
                    self.statement(&rest[..end]);
                    end
                }
            };
            rest = &rest[end..];
        }
    }

    /// The user's line above its statements, where it is another one than before.
    fn head(&mut self, number: usize) {
        if self.line == Some(number) {
            return;
        }
        let Some(line) = (self.users_line)(number) else { return };
        self.line = Some(number);
        let number = number.to_string();
        let room = WIDTH.saturating_sub(self.margin() + number.len() + 6).max(20);
        let cut: String = line.chars().take(room).collect();
        let more = if cut.len() < line.len() { "…" } else { "" };
        self.start();
        ["// ", &number, " | ", &cut, more, "\n"].iter().for_each(|part| self.text += part);
    }

    fn note(&mut self, text: &str) {
        if !self.text.ends_with("{\n") {
            self.text.push('\n');
        }
        self.start();
        ["// ", text, "\n"].iter().for_each(|part| self.text += part);
        self.line = None;
    }

    fn start(&mut self) {
        self.text.extend(std::iter::repeat_n(' ', self.margin()));
    }

    fn margin(&self) -> usize {
        4 * self.indent.min(DEEPEST)
    }

    fn statement(&mut self, tokens: &[Token]) {
        let is_broad = tokens.iter().any(|token| is_list(token) || token.braces().is_some());
        let width = WIDTH.saturating_sub(self.margin());
        self.start();
        let (mut broken, short) = (None, std::mem::replace(&mut self.short, true));
        let tried = is_broad.then(|| self.tries(width, |layout| layout.tokens(tokens, None)));
        if tried == Some(Tried::Wide) {
            broken = widest_list(tokens);
            self.short = false;
        }
        if tried != Some(Tried::Printed) {
            self.tokens(tokens, broken);
        }
        self.short = short;
        self.text.push('\n');
    }

    // --- trials

    /// Tries to print on one line of `width` characters. If the line is too long, printing ends at once and the line is removed:
    /// else nested blocks would be printed again at every level.
    fn tries(&mut self, width: usize, print: impl FnOnce(&mut Self)) -> Tried {
        let (begin, indent, line) = (self.text.len(), self.indent, self.line);
        let outer = self.trial.replace((begin, width));
        print(self);
        self.trial = outer;
        let printed = &self.text[begin..];
        let first = printed.split('\n').next().unwrap_or_default();
        let tried = match (first.chars().count() > width, printed.contains('\n')) {
            (true, _) => Tried::Wide,
            (false, true) => Tried::Long,
            (false, false) => return Tried::Printed,
        };
        self.text.truncate(begin);
        (self.indent, self.line) = (indent, line);
        tried
    }

    /// Whether the outcome of a trial is known.
    fn is_decided(&self) -> bool {
        self.trial.is_some_and(|(begin, width)| {
            let printed = &self.text[begin..];
            // A character has four bytes at most.
            printed.len() > 4 * width || printed.contains('\n') || printed.chars().count() > width
        })
    }

    // --- tokens

    /// Prints tokens; the elements of the list at `broken` get lines of their own.
    fn tokens(&mut self, tokens: &[Token], broken: Option<usize>) {
        let (mut before, mut in_closure, mut arms) = (Before::Tight, false, false);
        let is_body = tokens.first().is_some_and(begins_block);
        let mut blocks = tokens.iter().filter_map(Token::braces);
        let may_be_short = blocks
            .all(|block| block.len() <= 8 && !block.iter().any(|token| matches!(token, Token::Line(_))));
        for (at, token) in tokens.iter().enumerate() {
            if self.is_decided() {
                return;
            }
            match token {
                Token::Group(delimiter, inner) => {
                    if spaced(before, *delimiter) {
                        self.text.push(' ');
                    }
                    let previous = at.checked_sub(1).map(|at| &tokens[at]);
                    let is_body = is_body && !is_operand(previous);
                    match delimiter {
                        Delimiter::Brace if !is_body && names_fields(&tokens[..at], inner) => {
                            self.list(inner, previous);
                        }
                        Delimiter::Brace => self.braces(inner, arms, may_be_short && !is_body),
                        _ => self.group(*delimiter, inner, broken == Some(at)),
                    }
                    before = Before::Operand;
                    arms &= *delimiter != Delimiter::Brace;
                }
                Token::Word(word) => {
                    self.operand(word, before);
                    arms |= word == "match";
                    before = if is_keyword(word) { Before::Operator } else { Before::Operand };
                }
                Token::Literal(literal) => {
                    self.operand(literal, before);
                    before = Before::Operand;
                }
                Token::Open => {
                    let after_name =
                        at > 0 && matches!(&tokens[at - 1], Token::Word(word) if !is_keyword(word));
                    if before == Before::Operator && !after_name {
                        self.text.push(' ');
                    }
                    self.text.push('<');
                    before = Before::Tight;
                }
                Token::Close => {
                    self.text.push('>');
                    before = Before::Operand;
                }
                Token::Operator(operator) => before = self.operator(operator, before, &mut in_closure),
                Token::Line(_) | Token::Note(_) | Token::End => {}
            }
        }
    }

    fn operand(&mut self, text: &str, before: Before) {
        if matches!(before, Before::Operator | Before::Operand) {
            self.text.push(' ');
        }
        self.text += text;
    }

    fn operator(&mut self, operator: &str, before: Before, in_closure: &mut bool) -> Before {
        let leads = before != Before::Operand;
        let unary =
            leads && ["-", "*", "&", "&&", "!", "|", "||", "..", "..=", "::", "#"].contains(&operator);
        if operator == "|" && *in_closure {
            *in_closure = false;
            self.text.push('|');
            return Before::Operator;
        }
        if unary {
            if before == Before::Operator {
                self.text.push(' ');
            }
            self.text += operator;
            *in_closure = operator == "|";
            return if operator == "||" { Before::Operator } else { Before::Tight };
        }
        match operator {
            "." | ".." | "..=" | "::" | "#" => {
                // `1.` and `..` would make something else.
                if operator.starts_with("..") && self.text.ends_with('.') {
                    self.text.push(' ');
                }
                self.text += operator;
                Before::Tight
            }
            "," | ";" | ":" => {
                self.text += operator;
                Before::Operator
            }
            "?" => {
                self.text.push('?');
                Before::Operand
            }
            // A macro's.
            "!" => {
                self.text.push('!');
                Before::Bang
            }
            _ => {
                // `0.5.. => true`.
                if before != Before::Tight || self.text.ends_with("..") {
                    self.text.push(' ');
                }
                self.text += operator;
                Before::Operator
            }
        }
    }

    /// What stands in parentheses or brackets.
    fn group(&mut self, delimiter: Delimiter, inner: &[Token], broken: bool) {
        let (open, close) = if delimiter == Delimiter::Bracket { ('[', ']') } else { ('(', ')') };
        self.text.push(open);
        if broken {
            self.text.push('\n');
            self.indent += 1;
            for element in inner.split_inclusive(|token| token.is(",")) {
                self.start();
                self.tokens(element, None);
                if !element.last().is_some_and(|last| last.is(",")) {
                    self.text.push(',');
                }
                self.text.push('\n');
            }
            self.indent -= 1;
            self.start();
        } else {
            self.tokens(inner, None);
        }
        self.text.push(close);
    }

    /// `{ x: 1.0, y }` of a type, `{a, b}` of a path.
    fn list(&mut self, inner: &[Token], previous: Option<&Token>) {
        let space = if previous.is_some_and(|previous| previous.is("::")) { "" } else { " " };
        self.text += "{";
        self.text += space;
        self.tokens(inner, None);
        self.text += space;
        self.text += "}";
    }

    /// A block, or the arms of a `match`.
    fn braces(&mut self, inner: &[Token], arms: bool, may_be_short: bool) {
        if inner.is_empty() {
            self.text += "{}";
            return;
        }
        if self.short && may_be_short && !arms {
            let tried = self.tries(SHORT, |layout| {
                layout.text += "{ ";
                layout.tokens(inner, None);
            });
            if tried == Tried::Printed {
                self.text += " }";
                return;
            }
        }
        self.text += "{\n";
        self.indent += 1;
        let line = self.line;
        if arms {
            self.arms(inner);
        } else {
            self.block(inner);
        }
        self.indent -= 1;
        // A heading holds up to the end of its block.
        if self.line != line {
            self.line = None;
        }
        self.start();
        self.text.push('}');
    }

    fn arms(&mut self, inner: &[Token]) {
        let mut rest = inner;
        while !rest.is_empty() {
            let comma = |at: usize| rest[at].is(",");
            let body = |at: usize| at > 0 && rest[at].braces().is_some() && rest[at - 1].is("=>");
            let mut end = (0..rest.len()).find(|at| comma(*at) || body(*at)).map_or(rest.len(), |at| at + 1);
            if rest.get(end).is_some_and(|next| next.is(",")) && !rest[end - 1].is(",") {
                end += 1;
            }
            self.statement(&rest[..end]);
            if !rest[end - 1].is(",") && rest[end - 1].braces().is_none() {
                self.text.insert(self.text.len() - 1, ',');
            }
            rest = &rest[end..];
        }
    }
}

/// Whether a space precedes a group.
fn spaced(before: Before, delimiter: Delimiter) -> bool {
    match before {
        Before::Tight | Before::Bang => false,
        Before::Operator => true,
        Before::Operand => delimiter == Delimiter::Brace,
    }
}

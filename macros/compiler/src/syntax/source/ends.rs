//! The first and the last token of a piece of syntax.
//!
//! Any syntax can be printed, and its tokens looked at; but expressions nest, and to print each of them again takes longer than
//! all the rest of `check`. Of the usual ones the structure tells.

use proc_macro2::{Delimiter, Span, TokenTree};
use quote::ToTokens;
use syn::Expr;

/// Syntax that begins and ends somewhere; a group is told by the span of the whole.
pub trait Ends: ToTokens {
    /// The span of the first token.
    fn first(&self) -> Option<Span> {
        printed_first(self)
    }

    /// The span of the last token.
    fn last(&self) -> Option<Span> {
        printed_last(self)
    }
}

/// From the first token to the last, as far as the compiler joins spans; else the first.
pub fn span(expression: &Expr) -> Span {
    let first = expression.first().unwrap_or_else(Span::call_site);
    expression.last().and_then(|last| first.join(last)).unwrap_or(first)
}

impl Ends for syn::Ident {}
impl Ends for syn::Path {}
impl Ends for syn::Macro {}
impl Ends for syn::Local {}
impl Ends for syn::Type {}

impl Ends for syn::Block {
    fn first(&self) -> Option<Span> {
        Some(self.brace_token.span.join())
    }

    fn last(&self) -> Option<Span> {
        self.first()
    }
}

impl Ends for syn::ExprClosure {
    fn last(&self) -> Option<Span> {
        self.body.last()
    }
}

impl Ends for syn::ExprMethodCall {
    fn first(&self) -> Option<Span> {
        if self.attrs.is_empty() { self.receiver.first() } else { printed_first(self) }
    }

    fn last(&self) -> Option<Span> {
        Some(self.paren_token.span.join())
    }
}

impl Ends for Expr {
    fn first(&self) -> Option<Span> {
        // By a loop, not by recursion: a sum of a thousand terms is a thousand expressions that begin at the same token.
        let mut expression = self;
        loop {
            if has_attributes(expression) {
                return printed_first(expression);
            }
            match begins_with(expression) {
                Some(inner) => expression = inner,
                None => return first_token(expression),
            }
        }
    }

    fn last(&self) -> Option<Span> {
        match self {
            Expr::Assign(assign) => assign.right.last(),
            Expr::Binary(binary) => binary.right.last(),
            Expr::Reference(reference) => reference.expr.last(),
            Expr::Unary(unary) => unary.expr.last(),
            Expr::Block(block) => block.block.last(),
            Expr::Cast(cast) => cast.ty.last(),
            Expr::Match(choice) => Some(choice.brace_token.span.join()),
            Expr::Call(call) => Some(call.paren_token.span.join()),
            Expr::Field(syn::ExprField { member: syn::Member::Named(name), .. }) => Some(name.span()),
            Expr::Closure(closure) => closure.last(),
            Expr::ForLoop(repeat) => repeat.body.last(),
            Expr::If(syn::ExprIf { else_branch: Some((_, otherwise)), .. }) => otherwise.last(),
            Expr::If(branch) => branch.then_branch.last(),
            Expr::Index(index) => Some(index.bracket_token.span.join()),
            Expr::Lit(literal) => Some(literal.lit.span()),
            Expr::MethodCall(call) => call.last(),
            Expr::Paren(paren) => Some(paren.paren_token.span.join()),
            Expr::Path(path) => name_of(path).or_else(|| printed_last(self)),
            _ => printed_last(self),
        }
    }
}

/// The expression that this one begins with.
fn begins_with(expression: &Expr) -> Option<&Expr> {
    Some(match expression {
        Expr::Assign(assign) => &assign.left,
        Expr::Binary(binary) => &binary.left,
        Expr::Call(call) => &call.func,
        Expr::Cast(cast) => &cast.expr,
        Expr::Field(field) => &field.base,
        Expr::Index(index) => &index.expr,
        Expr::MethodCall(call) => &call.receiver,
        _ => return None,
    })
}

/// The span of the first token of an expression that begins with no other.
fn first_token(expression: &Expr) -> Option<Span> {
    match expression {
        Expr::Lit(literal) => Some(literal.lit.span()),
        Expr::ForLoop(repeat) => {
            let label = repeat.label.as_ref().map(|label| label.name.apostrophe);
            Some(label.unwrap_or(repeat.for_token.span))
        }
        Expr::If(branch) => Some(branch.if_token.span),
        Expr::Match(choice) => Some(choice.match_token.span),
        Expr::Block(block) if block.label.is_none() => block.block.first(),
        Expr::Unary(syn::ExprUnary { op: syn::UnOp::Neg(minus), .. }) => Some(minus.span),
        Expr::Unary(syn::ExprUnary { op: syn::UnOp::Deref(star), .. }) => Some(star.span),
        Expr::Paren(paren) => Some(paren.paren_token.span.join()),
        Expr::Path(path) => name_of(path).or_else(|| printed_first(expression)),
        Expr::Reference(reference) => Some(reference.and_token.spans[0]),
        other => printed_first(other),
    }
}

/// Whether the first token of an expression may be the `#` of an attribute.
pub fn begins_with_attribute(expression: &Expr) -> bool {
    let mut expression = expression;
    loop {
        if has_attributes(expression) {
            return true;
        }
        match begins_with(expression) {
            Some(inner) => expression = inner,
            None => return false,
        }
    }
}

/// Whether attributes may stand before an expression itself.
fn has_attributes(expression: &Expr) -> bool {
    let attributes = match expression {
        Expr::Assign(assign) => &assign.attrs,
        Expr::Binary(binary) => &binary.attrs,
        Expr::Block(block) => &block.attrs,
        Expr::Call(call) => &call.attrs,
        Expr::Cast(cast) => &cast.attrs,
        Expr::Closure(closure) => &closure.attrs,
        Expr::Field(field) => &field.attrs,
        Expr::ForLoop(repeat) => &repeat.attrs,
        Expr::If(branch) => &branch.attrs,
        Expr::Index(index) => &index.attrs,
        Expr::Lit(literal) => &literal.attrs,
        Expr::Match(choice) => &choice.attrs,
        Expr::MethodCall(call) => &call.attrs,
        Expr::Paren(paren) => &paren.attrs,
        Expr::Path(path) => &path.attrs,
        Expr::Reference(reference) => &reference.attrs,
        Expr::Unary(unary) => &unary.attrs,
        _ => return true,
    };
    !attributes.is_empty()
}

/// The span of a path that is one name.
fn name_of(path: &syn::ExprPath) -> Option<Span> {
    path.path.get_ident().filter(|_| path.qself.is_none()).map(syn::Ident::span)
}

fn printed_first<T: ToTokens + ?Sized>(syntax: &T) -> Option<Span> {
    syntax.to_token_stream().into_iter().next().and_then(first_of)
}

fn printed_last<T: ToTokens + ?Sized>(syntax: &T) -> Option<Span> {
    syntax.to_token_stream().into_iter().last().and_then(last_of)
}

fn first_of(token: TokenTree) -> Option<Span> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            group.stream().into_iter().next().map_or_else(|| Some(group.span()), first_of)
        }
        other => Some(other.span()),
    }
}

fn last_of(token: TokenTree) -> Option<Span> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            group.stream().into_iter().last().map_or_else(|| Some(group.span()), last_of)
        }
        other => Some(other.span()),
    }
}

//! Partial derivatives, made from the text of the rule table: an expression where it is arithmetic, else a call of the table's
//! function.

use crate::ir::{Atom, Expression, HostExpression, Piece};
use gradus_ops::{Cost, Form, Op, Read};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;

/// The operands, as a partial reads them.
pub const OPERANDS: [Read; 3] = [Read::A, Read::B, Read::C];

/// A partial derivative as its row states it.
#[derive(Clone, Debug)]
pub enum Partial {
    Arithmetic(Rule),
    /// 1 where a condition holds, else 0; the condition itself, where it only compares.
    OneIf(Option<TokenStream>),
    /// More than arithmetic.
    Function,
}

/// Arithmetic on what a partial reads.
#[derive(Clone, Debug)]
pub enum Rule {
    Number(syn::LitFloat),
    Read(Read),
    Operation(Op, Vec<Rule>),
}

/// An operation that is applied: what its partials may read.
#[derive(Clone, Copy)]
pub struct Applied<'s> {
    pub op: Op,
    pub operands: &'s [Atom],
    pub out: &'s Atom,
    /// Whether the first and the second operand are both active.
    pub both: bool,
    /// Whether partials have tangents.
    pub second: bool,
}

impl Partial {
    /// The partial derivative of an operation for the operand at a position, if it has one.
    pub fn of(op: Op, operand: usize) -> Option<Partial> {
        let text = op.partial_text(operand)?;
        let Ok(written) = syn::parse_str::<syn::Expr>(text) else { return Some(Partial::Function) };
        if let Some(condition) = condition(&written) {
            return Some(Partial::OneIf(compares(condition.clone()).then_some(condition)));
        }
        Some(Rule::of(&written).map_or(Partial::Function, Partial::Arithmetic))
    }

    /// Another function of the same operand, up to its sign: the cosine for a sine.
    pub fn function_of_operand(&self) -> Option<Op> {
        let Partial::Arithmetic(rule) = self else { return None };
        match rule.without_sign() {
            Rule::Operation(op, operands)
                if matches!(operands.as_slice(), [Rule::Read(Read::A)])
                    && op.cost() == Cost::Expensive
                    && op.form() == Form::Method =>
            {
                Some(*op)
            }
            Rule::Operation(..) | Rule::Number(_) | Rule::Read(_) => None,
        }
    }

    /// Whether it is 1 everywhere.
    pub fn is_one(&self) -> bool {
        matches!(self, Partial::Arithmetic(rule) if rule.is_one())
    }

    /// Whether the sign of its function is changed.
    pub fn is_negated(&self) -> bool {
        matches!(self, Partial::Arithmetic(Rule::Operation(Op::Neg, _)))
    }
}

impl Rule {
    fn of(written: &syn::Expr) -> Option<Rule> {
        match written {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Float(number), .. }) => {
                Some(Rule::Number(number.clone()))
            }
            syn::Expr::Path(path) => match path.path.get_ident()?.to_string().as_str() {
                "a" => Some(Rule::Read(Read::A)),
                "b" => Some(Rule::Read(Read::B)),
                "c" => Some(Rule::Read(Read::C)),
                "y" => Some(Rule::Read(Read::Y)),
                _ => None,
            },
            syn::Expr::Paren(inner) => Rule::of(&inner.expr),
            syn::Expr::Unary(syn::ExprUnary { op: syn::UnOp::Neg(_), expr, .. }) => {
                Some(Rule::Operation(Op::Neg, vec![Rule::of(expr)?]))
            }
            syn::Expr::Binary(binary) => {
                let op = match binary.op {
                    syn::BinOp::Add(_) => Op::Add,
                    syn::BinOp::Sub(_) => Op::Sub,
                    syn::BinOp::Mul(_) => Op::Mul,
                    syn::BinOp::Div(_) => Op::Div,
                    _ => return None,
                };
                Some(Rule::Operation(op, vec![Rule::of(&binary.left)?, Rule::of(&binary.right)?]))
            }
            syn::Expr::MethodCall(call) => {
                let op = Op::from_name(&call.method.to_string())?;
                let operands = std::iter::once(&*call.receiver).chain(&call.args);
                let operands = operands.map(Rule::of).collect::<Option<Vec<_>>>()?;
                (op.form() == Form::Method && op.arity() == operands.len())
                    .then_some(Rule::Operation(op, operands))
            }
            _ => None,
        }
    }

    fn without_sign(&self) -> &Rule {
        match self {
            Rule::Operation(Op::Neg, inner) => &inner[0],
            Rule::Operation(..) | Rule::Number(_) | Rule::Read(_) => self,
        }
    }

    fn is_one(&self) -> bool {
        matches!(self, Rule::Number(number) if number.base10_digits() == "1.0")
    }

    fn applied(&self, to: Applied<'_>) -> Expression {
        match self {
            Rule::Number(number) => {
                Expression::Atom(Atom::Literal(crate::ir::Literal::Written(syn::Lit::Float(number.clone()))))
            }
            Rule::Read(read) => Expression::Atom(to.read(*read)),
            Rule::Operation(op, operands) => {
                Expression::Operation(*op, operands.iter().map(|operand| operand.applied(to)).collect())
            }
        }
    }
}

impl Applied<'_> {
    fn read(self, read: Read) -> Atom {
        match read {
            Read::A => self.operands[0].clone(),
            Read::B => self.operands[1].clone(),
            Read::C => self.operands[2].clone(),
            Read::Y => self.out.clone(),
            Read::Both => Atom::truth(self.both),
        }
    }

    /// What the tangent of a partial needs: the operands by which it changes, and what the second derivatives read.
    fn also(self, operand: usize) -> Vec<(Read, Atom)> {
        let mut needed = Vec::new();
        for (other, read) in OPERANDS.into_iter().enumerate().take(self.op.arity()) {
            if let Some((_, reads)) = self.op.second(operand, other) {
                needed.push(read);
                needed.extend(reads);
            }
        }
        needed.sort_unstable();
        needed.dedup();
        needed.into_iter().map(|read| (read, self.read(read))).collect()
    }

    /// Whether a second derivative of this partial is not 0, as an expression that is 0 where it is; none if all are 0 everywhere.
    pub fn seconds(self, operand: usize) -> Option<Expression> {
        let of = |other| {
            let (_, reads) = self.op.second(operand, other)?;
            let reads = reads.iter().map(|read| self.read(*read)).collect();
            let second = Expression::Second { op: self.op, operands: [operand, other], reads };
            Some(Expression::Operation(Op::Abs, vec![second]))
        };
        let terms = (0..self.op.arity()).filter_map(of);
        terms.reduce(|sum, term| Expression::Operation(Op::Add, vec![sum, term]))
    }

    /// The partial as an expression; a condition is the 1 or 0 of the table's function.
    pub fn partial(self, partial: &Partial, operand: usize) -> Expression {
        match partial {
            Partial::Arithmetic(rule) => rule.applied(self),
            Partial::OneIf(_) | Partial::Function => {
                let reads = self.op.reads(operand).iter().map(|read| self.read(*read)).collect();
                let also = if self.second { self.also(operand) } else { Vec::new() };
                Expression::Partial { op: self.op, operand, reads, also }
            }
        }
    }

    /// An adjoint times the partial, without factors of 1.
    pub fn product(self, adjoint: &Atom, partial: &Partial, operand: usize) -> Expression {
        let adjoint = Expression::Atom(adjoint.clone());
        if let Partial::Arithmetic(rule) = partial {
            if rule.is_one() {
                return adjoint;
            }
            if rule.without_sign().is_one() {
                return negated(adjoint);
            }
        }
        times(adjoint, self.partial(partial, operand))
    }

    /// A condition of the table on the operands.
    pub fn condition(self, tokens: TokenStream) -> HostExpression {
        let mut host = HostExpression { pure: true, ..HostExpression::default() };
        let mut written = TokenStream::new();
        let flush = |written: &mut TokenStream, pieces: &mut Vec<Piece>| {
            if !written.is_empty() {
                pieces.push(Piece::Tokens(std::mem::take(written)));
            }
        };
        for token in tokens {
            let read = match &token {
                TokenTree::Ident(name) => match name.to_string().as_str() {
                    "a" => Some(Read::A),
                    "b" => Some(Read::B),
                    "c" => Some(Read::C),
                    "y" => Some(Read::Y),
                    _ => None,
                },
                TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                    flush(&mut written, &mut host.pieces);
                    host.pieces.push(Piece::HostExpression(self.condition(group.stream())));
                    continue;
                }
                TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => None,
            };
            match read {
                Some(read) => {
                    flush(&mut written, &mut host.pieces);
                    host.pieces.push(Piece::Atom(self.read(read)));
                }
                None => written.extend([token]),
            }
        }
        flush(&mut written, &mut host.pieces);
        host
    }
}

/// A product, without a factor of 1.
pub fn times(a: Expression, b: Expression) -> Expression {
    match number(&a) {
        Some(1.0) => b,
        Some(-1.0) => negated(b),
        Some(_) | None => Expression::Operation(Op::Mul, vec![a, b]),
    }
}

fn negated(expression: Expression) -> Expression {
    match number(&expression) {
        Some(one @ (1.0 | -1.0)) => Expression::Atom(Atom::number(-one)),
        Some(_) | None => Expression::Operation(Op::Neg, vec![expression]),
    }
}

/// 1 or −1, which no product has to be made of.
pub fn is_number(expression: &Expression) -> bool {
    matches!(number(expression), Some(1.0 | -1.0))
}

fn number(expression: &Expression) -> Option<f64> {
    match expression {
        Expression::Atom(Atom::Literal(literal)) => literal.number(),
        Expression::Atom(Atom::Value(_))
        | Expression::Operation(..)
        | Expression::Partial { .. }
        | Expression::Second { .. }
        | Expression::Push { .. }
        | Expression::Where { .. }
        | Expression::Choice { .. } => None,
    }
}

/// The condition of `one_if(condition)`.
fn condition(written: &syn::Expr) -> Option<TokenStream> {
    let syn::Expr::Call(call) = written else { return None };
    let syn::Expr::Path(function) = &*call.func else { return None };
    let tokens = call.args.first()?.to_token_stream();
    function.path.is_ident("one_if").then_some(tokens)
}

/// Whether a condition compares operands and does nothing else.
fn compares(tokens: TokenStream) -> bool {
    tokens.into_iter().all(|token| match token {
        TokenTree::Ident(name) => ["a", "b", "c", "y"].contains(&name.to_string().as_str()),
        TokenTree::Group(group) => !group.stream().is_empty() && compares(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partial(op: Op, operand: usize) -> Partial {
        Partial::of(op, operand).expect("a partial")
    }

    #[test]
    fn the_text_of_a_partial_is_an_expression() {
        for op in Op::ALL.iter().filter(|op| op.arity() > 0) {
            for operand in (0..op.arity()).filter(|operand| op.has_partial(*operand)) {
                let text = op.partial_text(operand).unwrap_or_default();
                assert!(syn::parse_str::<syn::Expr>(text).is_ok(), "{}: {text}", op.name());
            }
        }
    }

    #[test]
    fn arithmetic_is_an_expression_and_the_rest_a_call() {
        for op in [Op::Add, Op::Mul, Op::Div, Op::Sqrt, Op::Tanh, Op::Acos, Op::Asinh, Op::Sin, Op::Cosh] {
            assert!(matches!(partial(op, 0), Partial::Arithmetic(_)), "{}", op.name());
        }
        for op in [Op::Powf, Op::Powi, Op::Hypot, Op::Gelu, Op::Abs, Op::LeakyRelu] {
            assert!(matches!(partial(op, 0), Partial::Function), "{}", op.name());
        }
        for op in [Op::Relu, Op::Clamp] {
            assert!(matches!(partial(op, 0), Partial::OneIf(Some(_))), "{}", op.name());
        }
        for op in [Op::Max, Op::Min] {
            assert!(matches!(partial(op, 0), Partial::OneIf(None)), "{}", op.name());
        }
    }

    #[test]
    fn the_cosine_is_a_function_of_the_operand_of_a_sine() {
        let functions = [Op::Sin, Op::Cos, Op::Sinh, Op::Cosh].map(|op| partial(op, 0).function_of_operand());
        assert_eq!(functions, [Some(Op::Cos), Some(Op::Sin), Some(Op::Cosh), Some(Op::Sinh)]);
        assert!(partial(Op::Cos, 0).is_negated() && !partial(Op::Sin, 0).is_negated());
        for op in [Op::Ln, Op::Exp, Op::Asinh, Op::Sqrt] {
            assert_eq!(partial(op, 0).function_of_operand(), None, "{}", op.name());
        }
    }
}

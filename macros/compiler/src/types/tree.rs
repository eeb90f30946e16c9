//! The typed tree: what `check` makes of a function and both back ends read.
//!
//! ```text
//! function ::= parameter* result block
//! block    ::= statement* expression?
//! statement::= let pattern (= expression (else block)?)? | item | expression
//! expression ::= kind, type, the user's own expression, site?
//! ```
//!
//! Every expression keeps the user's tokens: where nothing active takes part, a back end prints those. What matters
//! of a pattern are the variables it binds and the type that each is given.

use crate::syntax::callee::{Callee, Operator};
use crate::syntax::source::Range;
use crate::types::ty::{Ty, Types};
use gradus_ops::Op;
use proc_macro2::{Ident, Span};
use std::collections::{BTreeSet, HashMap};

/// A variable of the body: an index into [`Function::variables`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VariableId(pub usize);

/// An operation of the body that makes a node: an index into [`Function::sites`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SiteId(pub usize);

pub struct Function<'a> {
    /// The body as the user wrote it.
    pub written: &'a syn::Block,
    pub parameters: Vec<Parameter<'a>>,
    pub output: Ty,
    /// Whether it returns an `Option`, by this name: a `?` may stand behind one.
    pub gives_option: bool,
    pub body: Block<'a>,
    pub variables: Vec<Variable>,
    pub sites: Vec<Site>,
    pub types: Types,
    /// The names of numbers without a type of their own that meet an `f32`, or a type of another name.
    pub retyped: BTreeSet<String>,
    /// The variables that stand in expressions of which only the tokens are known, by the expression's [`address`].
    pub mentioned: HashMap<usize, Vec<VariableId>>,
}

/// The identity of an expression of the user's.
pub fn address(expression: &syn::Expr) -> usize {
    std::ptr::from_ref(expression).addr()
}

impl Function<'_> {
    /// Whether a parameter is a function of active numbers.
    pub fn takes_functions(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.role == Role::Function)
    }

    /// Whether it returns one number, as far as can be seen here.
    pub fn is_single(&self) -> bool {
        matches!(self.value_type(), Ty::Float(_) | Ty::Unknown(_))
    }

    /// The type of what it gives, if it does not fail.
    pub fn value_type(&self) -> Ty {
        let output = self.types.shallow(&self.output);
        if let Ty::Option(inner) = output { self.types.shallow(&inner) } else { output }
    }

    /// Whether it may return several numbers: of a type that only rustc knows it is not known.
    pub fn may_be_several(&self) -> bool {
        !matches!(self.value_type(), Ty::Float(_))
    }
}

/// What a parameter is to the gradient.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// The gradient has a part for it.
    Differentiable,
    /// `#[constant]`, or data that carries no gradient.
    Constant,
    /// A function of active numbers: `impl Fn(f64) -> f64`.
    Function,
}

pub struct Parameter<'a> {
    pub name: &'a Ident,
    pub mutable: bool,
    pub written: &'a syn::Type,
    pub ty: Ty,
    pub role: Role,
    pub binding: Binding,
}

#[derive(Debug)]
pub struct Variable {
    pub name: Ident,
    pub ty: Ty,
    /// An integer only by a method that it has: it may stand behind a reference.
    pub told_by_method: bool,
}

/// A variable that a pattern binds, and the type of what it is given.
#[derive(Debug)]
pub struct Binding {
    pub variable: VariableId,
    pub given: Ty,
    /// Bound with `mut`.
    pub mutable: bool,
}

pub struct Pattern<'a> {
    pub written: &'a syn::Pat,
    pub ty: Ty,
    pub bindings: Vec<Binding>,
}

/// Where an operation stands in the source: itself, its operands, and the name its result is bound to.
#[derive(Debug)]
pub struct Site {
    pub range: Range,
    pub operands: Vec<Range>,
    pub name: Option<String>,
}

pub struct Block<'a> {
    pub statements: Vec<Statement<'a>>,
    pub tail: Option<Box<Expr<'a>>>,
    pub ty: Ty,
    pub label: Option<&'a syn::Label>,
}

#[allow(clippy::large_enum_variant, reason = "most statements are the large ones")]
pub enum Statement<'a> {
    Let {
        written: &'a syn::Local,
        pattern: Pattern<'a>,
        value: Option<Expr<'a>>,
        otherwise: Option<Expr<'a>>,
    },
    /// An item or a macro that no active value takes part in.
    Verbatim(&'a syn::Stmt),
    /// An expression and the attributes that stand before it.
    Expr { value: Expr<'a>, semicolon: bool },
}

pub struct Expr<'a> {
    pub kind: Kind<'a>,
    pub ty: Ty,
    pub written: &'a syn::Expr,
    pub span: Span,
    /// Whether anything active takes part, itself or inside; known after the constraints are solved.
    pub involved: std::cell::OnceCell<bool>,
}

/// Whether a callee changes an argument: a `&mut` of active values.
pub fn is_changed(types: &Types, argument: &Expr<'_>) -> bool {
    matches!(types.shallow(&argument.ty), Ty::Ref { mutable: true, .. }) && types.is_active(&argument.ty)
}

impl<'a> Expr<'a> {
    /// The expression inside the parentheses, if there are any around it.
    pub fn unparenthesized(&self) -> &Expr<'a> {
        let mut inner = self;
        while let Kind::Paren(next) = &inner.kind {
            inner = next;
        }
        inner
    }

    /// The variable, if it is one.
    pub fn variable(&self) -> Option<VariableId> {
        if let Kind::Variable(variable) = self.kind { Some(variable) } else { None }
    }

    /// The place that it assigns, if it assigns one.
    pub fn assigned(&self) -> Option<&Expr<'a>> {
        if let Kind::Update { place, .. } | Kind::Assign { place, .. } = &self.kind {
            return Some(place);
        }
        if let Kind::Operator { operator: Operator::Assign(_), operands, .. }
        | Kind::Call { callee: Callee::Changing(..), arguments: operands } = &self.kind
        {
            return operands.first();
        }
        let Kind::Binary { operator, left, .. } = &self.kind else { return None };
        is_assigning(operator).then_some(left)
    }

    /// Of `&mut place`, the place.
    pub fn lent(&self) -> Option<&Expr<'a>> {
        let (Kind::Reference(inner), syn::Expr::Reference(written)) = (&self.kind, self.written) else {
            return None;
        };
        written.mutability.is_some().then_some(inner)
    }

    /// Of a place that is a part of another one, or in parentheses, that one.
    pub fn base(&self) -> Option<&Expr<'a>> {
        if let Kind::Index { base, .. }
        | Kind::Field { base, .. }
        | Kind::Paren(base)
        | Kind::Deref(base)
        | Kind::Reference(base) = &self.kind
        {
            Some(base)
        } else {
            None
        }
    }
}

/// Whether an operator is `+=` or the like.
pub fn is_assigning(operator: &syn::BinOp) -> bool {
    matches!(
        operator,
        syn::BinOp::AddAssign(_)
            | syn::BinOp::SubAssign(_)
            | syn::BinOp::MulAssign(_)
            | syn::BinOp::DivAssign(_)
            | syn::BinOp::RemAssign(_)
            | syn::BinOp::BitXorAssign(_)
            | syn::BinOp::BitAndAssign(_)
            | syn::BinOp::BitOrAssign(_)
            | syn::BinOp::ShlAssign(_)
            | syn::BinOp::ShrAssign(_)
    )
}

pub struct Arm<'a> {
    pub attributes: &'a [syn::Attribute],
    pub pattern: Pattern<'a>,
    pub guard: Option<Expr<'a>>,
    pub body: Expr<'a>,
}

/// A float operation, its operands in order, its site.
pub struct Operation<'a> {
    pub what: FloatOperation,
    pub operands: Vec<Expr<'a>>,
    pub site: SiteId,
    /// Where a panic of the operation is to point.
    pub span: Span,
}

/// A struct of the user's that is written out: `Vec3 { x, y, z: 0.0 }`, `Meters(3.0)`.
pub struct StructLiteral<'a> {
    pub path: &'a syn::Path,
    pub members: Vec<syn::Member>,
    /// What goes into the members, in order.
    pub fields: Vec<Expr<'a>>,
    /// What stands behind `..`.
    pub base: Option<Box<Expr<'a>>>,
}

pub enum Kind<'a> {
    /// The user's tokens as they stand: literals, constants, paths, passive calls.
    Opaque,
    Variable(VariableId),
    Operation(Operation<'a>),
    /// An operator on structs of the user's, or on what only rustc knows; the operands in order.
    Operator {
        operator: Operator,
        operands: Vec<Expr<'a>>,
        site: SiteId,
        span: Span,
    },
    /// An operation written to a place: `place op= value`.
    Update {
        place: Box<Expr<'a>>,
        op: Op,
        value: Box<Expr<'a>>,
        site: SiteId,
    },
    Assign {
        place: Box<Expr<'a>>,
        value: Box<Expr<'a>>,
    },
    Struct(StructLiteral<'a>),
    /// `==`, `<`, … on numbers: sees the plain numbers.
    Compare {
        operator: &'a syn::BinOp,
        left: Box<Expr<'a>>,
        right: Box<Expr<'a>>,
    },
    /// Operators on integers and `bool`s, compound assignment to them included.
    Binary {
        operator: &'a syn::BinOp,
        left: Box<Expr<'a>>,
        right: Box<Expr<'a>>,
    },
    Not(Box<Expr<'a>>),
    /// Minus of an integer.
    Minus(Box<Expr<'a>>),
    Deref(Box<Expr<'a>>),
    /// A method of `f64` whose result is data: it sees the plain numbers.
    Predicate {
        call: &'a syn::ExprMethodCall,
        receiver: Box<Expr<'a>>,
        arguments: Vec<Expr<'a>>,
    },
    /// A method of a sequence, iterator, or `Option`: the same on `Value`s.
    Method {
        call: &'a syn::ExprMethodCall,
        receiver: Box<Expr<'a>>,
        arguments: Vec<Argument<'a>>,
    },
    /// `sum` and `product`: a chain of operations.
    Total {
        total: Total,
        receiver: Box<Expr<'a>>,
        site: SiteId,
    },
    /// A call of another differentiable function.
    Call {
        callee: Callee,
        arguments: Vec<Expr<'a>>,
    },
    /// A call of a closure: one bound by `let`, or one that is written there.
    Apply {
        closure: Box<Expr<'a>>,
        arguments: Vec<Argument<'a>>,
    },
    /// A function of the standard library that is the same on `Value`s.
    Standard {
        path: &'a syn::Expr,
        arguments: Vec<Argument<'a>>,
    },
    StopGradient(Box<Expr<'a>>),
    /// A receiver that goes to a place of another type: numbers that values are chained to.
    Into(Argument<'a>),
    Cast {
        value: Box<Expr<'a>>,
        to: &'a syn::Type,
    },
    Index {
        base: Box<Expr<'a>>,
        bracket: &'a syn::token::Bracket,
        index: Box<Expr<'a>>,
    },
    Field {
        base: Box<Expr<'a>>,
        member: &'a syn::Member,
    },
    Reference(Box<Expr<'a>>),
    Paren(Box<Expr<'a>>),
    Tuple(Vec<Expr<'a>>),
    /// `[a, b]` and `vec![a, b]`.
    List {
        vec: bool,
        elements: Vec<Expr<'a>>,
    },
    /// `[a; n]` and `vec![a; n]`.
    Repeat {
        vec: bool,
        element: Box<Expr<'a>>,
        length: Box<Expr<'a>>,
    },
    Range {
        start: Option<Box<Expr<'a>>>,
        limits: &'a syn::RangeLimits,
        end: Option<Box<Expr<'a>>>,
    },
    Block(Block<'a>),
    If {
        condition: Box<Expr<'a>>,
        then: Block<'a>,
        otherwise: Option<Box<Expr<'a>>>,
    },
    /// `let pattern = value` in a condition.
    Let {
        pattern: Pattern<'a>,
        value: Box<Expr<'a>>,
    },
    Match {
        value: Box<Expr<'a>>,
        arms: Vec<Arm<'a>>,
    },
    For {
        label: Option<&'a syn::Label>,
        pattern: Pattern<'a>,
        iterator: Box<Expr<'a>>,
        body: Block<'a>,
    },
    While {
        label: Option<&'a syn::Label>,
        condition: Box<Expr<'a>>,
        body: Block<'a>,
    },
    Loop {
        label: Option<&'a syn::Label>,
        body: Block<'a>,
    },
    Break {
        label: Option<&'a syn::Lifetime>,
        value: Option<Argument<'a>>,
    },
    Return(Option<Argument<'a>>),
    Closure(Closure<'a>),
    /// A function named as a value, for an adapter that takes one: `.fold(x, f64::max)`, `.map(gelu)`.
    Function {
        path: &'a syn::Path,
        what: FunctionValue,
    },
    /// `dbg!`, which gives its arguments back.
    Debug {
        written: &'a syn::Macro,
        values: Vec<Expr<'a>>,
    },
    /// A macro that makes text of data; its arguments, the format string among them, the names they have, and the variables
    /// that it mentions.
    Format {
        written: &'a syn::Macro,
        arguments: Vec<(Option<&'a Ident>, Expr<'a>)>,
        variables: Vec<VariableId>,
    },
    /// `value?`
    Try(Box<Expr<'a>>),
    /// What only makes data of numbers, such as an error: the user's tokens, and the variables whose plain numbers they see.
    Plain(Vec<VariableId>),
    /// A macro that prints, asserts or panics; the variables whose plain numbers it sees.
    Show {
        written: &'a syn::Macro,
        variables: Vec<VariableId>,
    },
}

/// What becomes of all items.
#[derive(Clone, Copy)]
pub enum Total {
    Sum,
    Product,
}

impl Total {
    pub const fn named(method: &str) -> Option<Total> {
        match method.as_bytes() {
            b"sum" => Some(Total::Sum),
            b"product" => Some(Total::Product),
            _ => None,
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Total::Sum => "sum",
            Total::Product => "product",
        }
    }
}

/// What a function named as a value is.
#[derive(Clone, Copy)]
pub enum FunctionValue {
    Operation(FloatOperation, SiteId),
    /// A method of `f64` that sees the plain numbers.
    Predicate,
    /// `stop_gradient`.
    Stopped,
    Callee,
    /// Given to another function, which alone knows what it takes.
    Named,
}

/// A value and the type of the place it goes to.
pub struct Argument<'a> {
    pub value: Box<Expr<'a>>,
    pub slot: Ty,
}

pub struct Closure<'a> {
    pub written: &'a syn::ExprClosure,
    pub inputs: Vec<Pattern<'a>>,
    pub output: Ty,
    pub body: Box<Expr<'a>>,
}

/// An operation on floats as functions write it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FloatOperation {
    /// A row of the rule table.
    Row(Op),
    /// `x.log(base)`, which is `x.ln() / base.ln()`.
    Log,
    /// `x.recip()`, which is `1.0 / x`.
    Recip,
    /// `x.sin_cos()`, the pair of sine and cosine.
    SinCos,
}

impl FloatOperation {
    /// The name of the method; of an operator the name of its row.
    pub const fn name(self) -> &'static str {
        match self {
            FloatOperation::Row(op) => op.name(),
            FloatOperation::Log => "log",
            FloatOperation::Recip => "recip",
            FloatOperation::SinCos => "sin_cos",
        }
    }

    /// The number of operands.
    pub const fn arity(self) -> usize {
        match self {
            FloatOperation::Row(op) => op.arity(),
            FloatOperation::Log => 2,
            FloatOperation::Recip | FloatOperation::SinCos => 1,
        }
    }
}

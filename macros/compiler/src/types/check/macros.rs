//! Macros of the standard library: `vec!`, `dbg!`, `matches!`, those that make text, and those that print, assert or panic.

use super::{Checker, name_and_span};
use crate::syntax::refusals;
use crate::types::tree::{Expr, Kind, VariableId, is_assigning};
use crate::types::ty::Ty;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::collections::HashMap;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::Visit;

/// Macros that see the plain numbers and give nothing back.
const SHOWING: &[&str] = &[
    "print",
    "println",
    "eprint",
    "eprintln",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "panic",
    "unreachable",
    "todo",
    "unimplemented",
];

const PANICKING: &[&str] = &["panic", "unreachable", "todo", "unimplemented"];

/// What stands in a `vec!`.
enum VecMacro {
    List(Vec<syn::Expr>),
    Repeat(Box<syn::Expr>, Box<syn::Expr>),
}

impl Parse for VecMacro {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        if input.is_empty() {
            return Ok(VecMacro::List(Vec::new()));
        }
        let first: syn::Expr = input.parse()?;
        if input.parse::<Option<syn::Token![;]>>()?.is_some() {
            return Ok(VecMacro::Repeat(Box::new(first), Box::new(input.parse()?)));
        }
        let mut elements = vec![first];
        while input.parse::<Option<syn::Token![,]>>()?.is_some() && !input.is_empty() {
            elements.push(input.parse()?);
        }
        if input.is_empty() { Ok(VecMacro::List(elements)) } else { Err(input.error("expected `,`")) }
    }
}

/// Macros that make text of their arguments.
const FORMATTING: &[&str] = &["format", "format_args", "write", "writeln"];

/// The arguments of `dbg!` or a macro that makes text, and the names they have.
struct Arguments(Vec<(Option<syn::Ident>, syn::Expr)>);

impl Parse for Arguments {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let arguments = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated(input)?;
        let named = |argument: syn::Expr| match argument {
            syn::Expr::Assign(syn::ExprAssign { left, right, .. }) => match &*left {
                syn::Expr::Path(name) if name.path.get_ident().is_some() => {
                    Ok((name.path.get_ident().cloned(), *right))
                }
                other => Err(syn::Error::new(other.span(), "expected a name")),
            },
            other => Ok((None, other)),
        };
        arguments.into_iter().map(named).collect::<syn::Result<_>>().map(Arguments)
    }
}

/// `matches!(value, pattern)` as the `match` it stands for.
struct Matches(syn::Expr);

impl Parse for Matches {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let value: syn::Expr = input.parse()?;
        input.parse::<syn::Token![,]>()?;
        let mut pattern: Vec<TokenTree> = input.parse::<TokenStream>()?.into_iter().collect();
        if matches!(pattern.last(), Some(TokenTree::Punct(comma)) if comma.as_char() == ',') {
            pattern.pop();
        }
        let pattern: TokenStream = pattern.into_iter().collect();
        syn::parse2(quote!(match #value { #pattern => true, _ => false })).map(Matches)
    }
}

/// The macros of a body, parsed before it is checked: a tree borrows its expressions, and those inside a macro have
/// to live somewhere.
#[derive(Default)]
pub struct Macros {
    /// `vec!`s, by the address of the macro in the syntax tree.
    vecs: HashMap<usize, VecMacro>,
    arguments: HashMap<usize, Arguments>,
    matches: HashMap<usize, Matches>,
    /// Macros in statement position, as expressions.
    statements: HashMap<usize, Box<syn::Expr>>,
}

fn address<T>(of: &T) -> usize {
    std::ptr::from_ref(of).addr()
}

impl Macros {
    pub fn of(body: &syn::Block) -> Macros {
        let mut macros = Macros::default();
        let mut found = Found::default();
        found.visit_block(body);
        // A `vec!` inside a `vec!` is found when the outer one has been parsed.
        while !(found.calls.is_empty() && found.statements.is_empty()) {
            let Found { calls, statements } = std::mem::take(&mut found);
            for (key, statement) in statements {
                found.visit_expr(&statement);
                macros.statements.insert(key, statement);
            }
            for (key, name, tokens) in calls {
                macros.read(key, &name, tokens, &mut found);
            }
        }
        macros
    }

    /// Reads what stands in a macro; where it is not as it should be, rustc tells.
    fn read(&mut self, key: usize, name: &str, tokens: TokenStream, found: &mut Found) {
        match name {
            "vec" => {
                let Ok(parsed) = VecMacro::parse.parse2(tokens) else { return };
                match &parsed {
                    VecMacro::List(elements) => elements.iter().for_each(|element| found.visit_expr(element)),
                    VecMacro::Repeat(element, length) => {
                        found.visit_expr(element);
                        found.visit_expr(length);
                    }
                }
                self.vecs.insert(key, parsed);
            }
            "matches" => {
                let Ok(parsed) = Matches::parse.parse2(tokens) else { return };
                found.visit_expr(&parsed.0);
                self.matches.insert(key, parsed);
            }
            name if name == "dbg" || FORMATTING.contains(&name) => {
                let Ok(parsed) = Arguments::parse.parse2(tokens) else { return };
                parsed.0.iter().for_each(|(_, argument)| found.visit_expr(argument));
                self.arguments.insert(key, parsed);
            }
            _ => {}
        }
    }

    /// A macro in statement position as an expression.
    pub fn statement(&self, statement: &syn::StmtMacro) -> Option<&syn::Expr> {
        self.statements.get(&address(statement)).map(|expression| &**expression)
    }
}

#[derive(Default)]
struct Found {
    /// Macros where expressions stand: address, name, what is in them.
    calls: Vec<(usize, String, TokenStream)>,
    statements: Vec<(usize, Box<syn::Expr>)>,
}

impl<'ast> Visit<'ast> for Found {
    fn visit_expr_macro(&mut self, call: &'ast syn::ExprMacro) {
        if let Some(name) = call.mac.path.segments.last() {
            self.calls.push((address(&call.mac), name.ident.to_string(), call.mac.tokens.clone()));
        }
    }

    fn visit_stmt_macro(&mut self, statement: &'ast syn::StmtMacro) {
        let expression = syn::ExprMacro { attrs: statement.attrs.clone(), mac: statement.mac.clone() };
        self.statements.push((address(statement), Box::new(syn::Expr::Macro(expression))));
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// Methods that change what they are called on.
const CHANGING: &[&str] = &[
    "append",
    "clear",
    "drain",
    "extend",
    "get_mut",
    "insert",
    "iter_mut",
    "last_mut",
    "next",
    "next_back",
    "nth",
    "pop",
    "pop_back",
    "pop_front",
    "push",
    "push_back",
    "push_front",
    "remove",
    "replace",
    "swap_remove",
    "take",
    "truncate",
];

/// The variables that an expression changes, and where.
#[derive(Default)]
struct Changes(Vec<(String, Span)>);

impl Changes {
    fn note(&mut self, place: &syn::Expr, span: Span) {
        match place {
            syn::Expr::Path(path) => {
                self.0.extend(path.path.get_ident().map(|name| (name.to_string(), span)));
            }
            syn::Expr::Index(syn::ExprIndex { expr: inner, .. })
            | syn::Expr::Field(syn::ExprField { base: inner, .. })
            | syn::Expr::Paren(syn::ExprParen { expr: inner, .. })
            | syn::Expr::Unary(syn::ExprUnary { expr: inner, .. }) => self.note(inner, span),
            _ => {}
        }
    }
}

impl<'ast> Visit<'ast> for Changes {
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if CHANGING.iter().any(|name| call.method == name) {
            self.note(&call.receiver, call.method.span());
        }
        syn::visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.note(&assign.left, assign.eq_token.span);
        syn::visit::visit_expr_assign(self, assign);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        if is_assigning(&binary.op) {
            self.note(&binary.left, binary.op.span());
        }
        syn::visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_reference(&mut self, reference: &'ast syn::ExprReference) {
        if let Some(token) = &reference.mutability {
            self.note(&reference.expr, token.span);
        }
        syn::visit::visit_expr_reference(self, reference);
    }
}

impl<'a> Checker<'a> {
    pub(super) fn macro_call(&mut self, call: &'a syn::Macro, written: &'a syn::Expr) -> Expr<'a> {
        match self.macros.vecs.get(&address(call)) {
            Some(VecMacro::List(elements)) => return self.list(elements, true, written),
            Some(VecMacro::Repeat(element, length)) => return self.repeat(element, length, true, written),
            None => {}
        }
        if let Some(Matches(choice)) = self.macros.matches.get(&address(call)) {
            return self.expression(choice);
        }
        let (name, span) = match call.path.segments.last() {
            Some(segment) => name_and_span(&segment.ident),
            None => return self.foreign(written),
        };
        if let Some(Arguments(arguments)) = self.macros.arguments.get(&address(call)) {
            return match name.as_str() {
                "dbg" => self.debug(call, arguments, written),
                _ => self.format(call, arguments, written),
            };
        }
        let variables = self.mentioned(&call.tokens);
        if SHOWING.contains(&name.as_str()) {
            self.oblige_unchanged(call, &name);
            for variable in &variables {
                self.note_use(*variable);
                if let Ty::Closure(_, output, _) = self.variables[variable.0].ty.clone() {
                    let closure = self.variables[variable.0].name.to_string();
                    self.oblige(&output, refusals::closure_in_macro(span, &closure, &name));
                }
            }
            let ty = if PANICKING.contains(&name.as_str()) { Ty::Never } else { Ty::Unit };
            return self.expr(Kind::Show { written: call, variables }, ty, written);
        }
        for variable in variables {
            let refusal = refusals::unknown_macro(span, &name);
            let ty = self.variables[variable.0].ty.clone().output();
            self.oblige(&ty, refusal);
        }
        self.foreign(written)
    }

    /// A macro that sees plain numbers changes copies of them: what it would change must be data.
    fn oblige_unchanged(&mut self, call: &syn::Macro, name: &str) {
        let mut changes = Changes::default();
        if let Ok(Arguments(arguments)) = Arguments::parse.parse2(call.tokens.clone()) {
            arguments.iter().for_each(|(_, argument)| changes.visit_expr(argument));
        }
        for (variable, span) in changes.0 {
            if let Some(known) = self.lookup(&variable) {
                let ty = self.variables[known.0].ty.clone();
                self.oblige(&ty, refusals::change_in_macro(span, &variable, name));
            }
        }
    }

    /// `dbg!`: it prints its arguments, and gives them back.
    fn debug(
        &mut self,
        call: &'a syn::Macro,
        arguments: &'a [(Option<syn::Ident>, syn::Expr)],
        written: &'a syn::Expr,
    ) -> Expr<'a> {
        let values: Vec<_> = arguments.iter().map(|(_, argument)| self.expression(argument)).collect();
        let ty = match values.as_slice() {
            [] => Ty::Unit,
            [value] => value.ty.clone(),
            several => Ty::Tuple(several.iter().map(|value| value.ty.clone()).collect()),
        };
        self.expr(Kind::Debug { written: call, values }, ty, written)
    }

    /// A macro that makes text: what goes into it must be data.
    fn format(
        &mut self,
        call: &'a syn::Macro,
        arguments: &'a [(Option<syn::Ident>, syn::Expr)],
        written: &'a syn::Expr,
    ) -> Expr<'a> {
        let mut checked = Vec::new();
        let what = call.path.segments.last().map(|name| format!("{}!", name.ident)).unwrap_or_default();
        for (name, argument) in arguments {
            let value = self.expression(argument);
            self.oblige(&value.ty, refusals::format_active(argument.span(), &what).over(argument));
            if let syn::Expr::Lit(literal) = argument {
                for variable in self.mentioned(&literal.to_token_stream()) {
                    let ty = self.variables[variable.0].ty.clone();
                    self.oblige(&ty, refusals::format_active(argument.span(), &what));
                }
            }
            checked.push((name.as_ref(), value));
        }
        let ty = if call.path.is_ident("format") { Ty::Data } else { self.data() };
        let variables = self.mentioned(&call.tokens);
        self.expr(Kind::Format { written: call, arguments: checked, variables }, ty, written)
    }

    /// The variables in scope that occur in the tokens of a macro, inline `{x}` in a format string included.
    pub(super) fn mentioned(&self, tokens: &TokenStream) -> Vec<VariableId> {
        let mut names = Vec::new();
        let mut stack = vec![tokens.clone().into_iter()];
        while let Some(top) = stack.last_mut() {
            match top.next() {
                None => drop(stack.pop()),
                Some(TokenTree::Group(group)) => stack.push(group.stream().into_iter()),
                Some(TokenTree::Ident(name)) => names.push(name.to_string()),
                Some(TokenTree::Literal(literal)) => {
                    if let Ok(text) = syn::parse2::<syn::LitStr>(TokenTree::Literal(literal).into()) {
                        inline_names(&text.value(), &mut names);
                    }
                }
                Some(TokenTree::Punct(_)) => {}
            }
        }
        let mut variables: Vec<VariableId> = Vec::new();
        for variable in names.iter().filter_map(|name| self.lookup(name)) {
            if !variables.contains(&variable) {
                variables.push(variable);
            }
        }
        variables
    }
}

/// The names in `{name}`, `{name:…}` and `{:width$}` of a format string; names too many do no harm.
fn inline_names(format: &str, names: &mut Vec<String>) {
    for piece in format.split('{').skip(1) {
        let inside = piece.split('}').next().unwrap_or_default();
        names.extend(inside.split([':', '$', '.', '<', '>', '^']).map(|name| name.trim().to_owned()));
    }
}

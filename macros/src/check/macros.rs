//! Macros of the standard library: `vec!`, and those that print, assert or panic.

use super::{Checker, name_and_span};
use crate::refusals;
use crate::tree::{Expr, Kind, VariableId};
use crate::ty::Ty;
use proc_macro2::{TokenStream, TokenTree};
use std::collections::HashMap;
use syn::parse::{Parse, ParseStream, Parser};
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

/// The macros of a body, parsed before it is checked: a tree borrows its expressions, and those inside a macro have
/// to live somewhere.
#[derive(Default)]
pub struct Macros {
    /// `vec!`s, by the address of the macro in the syntax tree.
    vecs: HashMap<usize, VecMacro>,
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
        while !(found.vecs.is_empty() && found.statements.is_empty()) {
            let Found { vecs, statements } = std::mem::take(&mut found);
            for (key, statement) in statements {
                found.visit_expr(&statement);
                macros.statements.insert(key, statement);
            }
            for (key, tokens) in vecs {
                let Ok(parsed) = VecMacro::parse.parse2(tokens) else { continue };
                match &parsed {
                    VecMacro::List(elements) => elements.iter().for_each(|element| found.visit_expr(element)),
                    VecMacro::Repeat(element, length) => {
                        found.visit_expr(element);
                        found.visit_expr(length);
                    }
                }
                macros.vecs.insert(key, parsed);
            }
        }
        macros
    }

    /// A macro in statement position as an expression.
    pub fn statement(&self, statement: &syn::StmtMacro) -> Option<&syn::Expr> {
        self.statements.get(&address(statement)).map(|expression| &**expression)
    }
}

#[derive(Default)]
struct Found {
    vecs: Vec<(usize, TokenStream)>,
    statements: Vec<(usize, Box<syn::Expr>)>,
}

impl<'ast> Visit<'ast> for Found {
    fn visit_expr_macro(&mut self, call: &'ast syn::ExprMacro) {
        if call.mac.path.is_ident("vec") {
            self.vecs.push((address(&call.mac), call.mac.tokens.clone()));
        }
    }

    fn visit_stmt_macro(&mut self, statement: &'ast syn::StmtMacro) {
        let expression = syn::ExprMacro { attrs: statement.attrs.clone(), mac: statement.mac.clone() };
        self.statements.push((address(statement), Box::new(syn::Expr::Macro(expression))));
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

impl<'a> Checker<'a> {
    pub(super) fn macro_call(&mut self, call: &'a syn::Macro, written: &'a syn::Expr) -> Expr<'a> {
        match self.macros.vecs.get(&address(call)) {
            Some(VecMacro::List(elements)) => return self.list(elements, true, written),
            Some(VecMacro::Repeat(element, length)) => return self.repeat(element, length, true, written),
            None => {}
        }
        let (name, span) = match call.path.segments.last() {
            Some(segment) => name_and_span(&segment.ident),
            None => return self.foreign(written),
        };
        let variables = self.mentioned(&call.tokens);
        if SHOWING.contains(&name.as_str()) {
            for variable in &variables {
                if let Ty::Closure(_, output) = self.variables[variable.0].ty.clone() {
                    let refusal = refusals::unknown_macro(span, &name);
                    self.oblige(&output, refusal);
                }
            }
            let ty = if PANICKING.contains(&name.as_str()) { Ty::Never } else { Ty::Unit };
            return self.expr(Kind::Show { written: call, variables }, ty, written);
        }
        for variable in variables {
            let refusal = match name.as_str() {
                "format" | "write" | "writeln" | "format_args" => refusals::format_active(span, &name),
                _ => refusals::unknown_macro(span, &name),
            };
            let ty = match self.variables[variable.0].ty.clone() {
                Ty::Closure(_, output) => *output,
                other => other,
            };
            self.oblige(&ty, refusal);
        }
        self.foreign(written)
    }

    /// The variables in scope that occur in the tokens of a macro, inline `{x}` in a format string included.
    fn mentioned(&self, tokens: &TokenStream) -> Vec<VariableId> {
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

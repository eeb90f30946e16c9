//! From syntax to the typed tree: types, activity, names, spans. The only code that matches on `syn` expressions; every
//! arm makes a node or names a refusal.
//!
//! One pass in source order infers types and collects activity constraints; then the constraints are solved, and what
//! may only be refused where something active takes part is decided (the *obligations*).

mod block;
mod call;
mod callee;
mod changing;
mod control;
mod evidence;
mod expression;
mod failure;
mod float_methods;
pub use float_methods::is_unknown;
mod iterator;
mod macros;
mod method;
pub use callee::special_refusal;
pub use method::OF_INTEGERS;
mod changed_receivers;
mod operator;
mod operators;
mod option;
mod pattern;
mod sequence;
mod standard;
mod types;
mod wanted;

use crate::syntax::function_parameters;
use crate::syntax::parse::Annotated;
use crate::syntax::refusals::{self, Refusal, Refusals};
use crate::syntax::source::ends::{self, Ends};
use crate::syntax::source::{Range, Source};
use crate::types::tree::{
    Binding, Block, Expr, Function, Kind, Operation, Parameter, Role, Site, SiteId, Variable, VariableId,
    address,
};
use crate::types::ty::{Act, Ty, Types};
use operators::{Decisions, OpenOperator};
use proc_macro2::{Ident, Span};
use quote::ToTokens;
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use syn::spanned::Spanned;
use wanted::Consumer;

pub use failure::{Fallible, failing_result, fallible, may_fail};
pub use macros::Macros;
pub use types::{INTEGERS, is_data, may_hold_floats};

/// Checks a function. The tree is only to be used if nothing was refused.
pub fn check<'a>(
    annotated: &'a Annotated,
    macros: &'a Macros,
    source: &'a Source,
) -> (Function<'a>, Refusals) {
    let mut first = Checker::new(macros, source);
    let (parameters, output, body) = first.whole(annotated);
    first.types.flow(&body.ty, &output);
    let Some(decisions) = first.decided() else {
        return first.finish(&annotated.item, parameters, output, body);
    };
    first.refusals.forget();
    let mut checker = Checker::new(macros, source);
    checker.decisions = Some(decisions);
    let (parameters, output, body) = checker.whole(annotated);
    checker.finish(&annotated.item, parameters, output, body)
}

/// Checks an operation with partials of its own: the signature, and nothing of the body.
pub fn check_operation<'a>(
    annotated: &'a Annotated,
    macros: &'a Macros,
    source: &'a Source,
) -> (Function<'a>, Refusals) {
    let mut checker = Checker::new(macros, source);
    let parameters = checker.parameters(annotated);
    let output = checker.output(&annotated.item);
    if checker.refusals.count() == 0 {
        checker.limits_of_operation(&annotated.item.sig, &parameters, &output);
    }
    let body = Block { statements: Vec::new(), tail: None, ty: output.clone(), label: None };
    checker.finish(&annotated.item, parameters, output, body)
}

struct Checker<'a> {
    source: &'a Source,
    macros: &'a Macros,
    refusals: Refusals,
    types: Types,
    variables: Vec<Variable>,
    sites: Vec<Site>,
    scopes: Vec<HashMap<String, VariableId>>,
    /// Where `return` goes: the function, or the closure around.
    returns: Vec<Ty>,
    /// The closures around: how many variables there were before each, and the activity of what it captures.
    closures: Vec<(usize, Act)>,
    /// An expression, and what is done with its value.
    consumed: Option<(&'a syn::Expr, Consumer)>,
    /// A call of `collect` whose result goes to a variable of this type.
    declared: Option<(&'a syn::Expr, &'a syn::Type)>,
    /// The expression that a function gives which may fail, and the type of what it gives.
    given_back: Option<(&'a syn::Expr, &'a syn::Type)>,
    /// The loops and labelled blocks around.
    breaks: Vec<Breakable>,
    /// Names of functions that a `let` gave another name.
    aliases: HashMap<usize, &'a syn::Path>,
    /// What the body imports, by the name it has there: the path as it is spelled out.
    imports: HashMap<String, Vec<String>>,
    /// The variables in expressions of which only the tokens are known.
    mentioned: HashMap<usize, Vec<VariableId>>,
    /// The names of types that are structs, as the function shows.
    structs: HashSet<String>,
    /// The names of numbers without a type of their own that meet an `f32`, or a type of another name.
    retyped: BTreeSet<String>,
    /// The collections that variables were made as, by the variable's name.
    collections: HashMap<String, String>,
    /// The addresses of expressions whose values nobody uses.
    unused: HashSet<usize>,
    /// Method calls, by their [`address`], that change the receiver and whose result is used.
    changing_calls: HashSet<usize>,
    /// What operators are, where they are known.
    decisions: Option<Decisions>,
    open_operators: Vec<OpenOperator>,
    obligations: Vec<Obligation>,
}

/// A refusal that holds if one type turns out to be active, unless another does.
struct Obligation {
    active: Ty,
    unless: Option<Ty>,
    refusal: Refusal,
}

/// A loop or block that `break` leaves.
struct Breakable {
    label: Option<String>,
    /// Where the value of a `break` goes.
    slot: Ty,
    is_loop: bool,
    /// Whether there is a `break`.
    left: bool,
}

impl<'a> Checker<'a> {
    fn new(macros: &'a Macros, source: &'a Source) -> Checker<'a> {
        Checker {
            source,
            macros,
            refusals: Refusals::default(),
            types: Types::default(),
            variables: Vec::new(),
            sites: Vec::new(),
            scopes: vec![HashMap::new()],
            returns: Vec::new(),
            closures: Vec::new(),
            consumed: None,
            declared: None,
            given_back: None,
            breaks: Vec::new(),
            aliases: HashMap::new(),
            structs: HashSet::new(),
            retyped: BTreeSet::new(),
            collections: HashMap::new(),
            unused: HashSet::new(),
            changing_calls: HashSet::new(),
            decisions: None,
            open_operators: Vec::new(),
            obligations: Vec::new(),
            mentioned: HashMap::new(),
            imports: HashMap::new(),
        }
    }

    /// The parameters, the result, and the body.
    fn whole(&mut self, annotated: &'a Annotated) -> (Vec<Parameter<'a>>, Ty, Block<'a>) {
        self.structs = evidence::structs(&annotated.item);
        let siblings = annotated.method.as_ref().map_or(&[][..], |method| &method.siblings);
        self.changing_calls = changed_receivers::changed_receivers(&annotated.item, siblings);
        let parameters = self.parameters(annotated);
        let output = self.output(&annotated.item);
        self.returns.push(output.clone());
        let body = self.block(&annotated.item.block, None, Some(&output));
        (parameters, output, body)
    }

    /// Solves the constraints, and decides what depended on them.
    fn finish(
        mut self,
        item: &'a syn::ItemFn,
        mut parameters: Vec<Parameter<'a>>,
        output: Ty,
        body: Block<'a>,
    ) -> (Function<'a>, Refusals) {
        self.types.flow(&body.ty, &output);
        // What the body does with an argument may tell that it is data.
        for parameter in &mut parameters {
            if parameter.role == Role::Differentiable && self.types.is_data(&parameter.ty) {
                parameter.role = Role::Constant;
            }
        }
        let none = parameters.iter().all(|parameter| parameter.role == Role::Constant);
        if none && self.refusals.count() == 0 {
            self.refusals.refuse(refusals::no_active_argument(item.sig.ident.span()));
        }
        self.types.solve();
        self.settle_obligations();
        let Checker { types, variables, sites, refusals, mentioned, retyped, .. } = self;
        (
            Function {
                written: &item.block,
                parameters,
                output,
                gives_option: failure::gives_option(item),
                body,
                variables,
                sites,
                types,
                retyped,
                mentioned,
            },
            refusals,
        )
    }

    /// What an operation with partials of its own can neither take nor return.
    fn limits_of_operation(
        &mut self,
        signature: &'a syn::Signature,
        parameters: &[Parameter<'a>],
        output: &Ty,
    ) {
        if let syn::ReturnType::Type(_, written) = &signature.output
            && !matches!(self.types.shallow(output), Ty::Float(_))
        {
            self.refusals.refuse(refusals::operation_output(written.span()).over(written));
        }
        for parameter in parameters {
            if let Some(borrow) = types::borrow_inside(parameter.written) {
                self.refusals.refuse(refusals::operation_parameter(borrow.span()).over(borrow));
            }
        }
    }

    fn parameters(&mut self, annotated: &'a Annotated) -> Vec<Parameter<'a>> {
        let mut parameters = Vec::new();
        for (input, constant) in annotated.item.sig.inputs.iter().zip(&annotated.constant) {
            let syn::FnArg::Typed(argument) = input else { continue };
            let syn::Pat::Ident(pattern) = &*argument.pat else { continue };
            let signature = function_parameters::signature(&argument.ty).filter(|_| !constant);
            let role = match signature {
                Some(_) => Role::Function,
                None if *constant || is_data(&argument.ty) => Role::Constant,
                None => Role::Differentiable,
            };
            let act = if role == Role::Constant { Act::PASSIVE } else { Act::ACTIVE };
            let ty = match signature {
                Some(signature) => self.function_type(signature),
                None => self.type_of(&argument.ty, act),
            };
            let mutable = pattern.mutability.is_some();
            let binding = self.bind(&pattern.ident, &ty, mutable);
            let name = &pattern.ident;
            parameters.push(Parameter { name, mutable, written: &argument.ty, ty, role, binding });
        }
        parameters
    }

    /// The type of a parameter that is a function: the caller's active values go in and come out.
    fn function_type(&mut self, signature: &'a syn::ParenthesizedGenericArguments) -> Ty {
        let inputs = signature.inputs.iter().map(|input| self.type_of(&input.ty, Act::ACTIVE)).collect();
        let output = match &signature.output {
            syn::ReturnType::Type(_, written) => self.type_of(written, Act::ACTIVE),
            syn::ReturnType::Default => Ty::Unit,
        };
        Ty::Closure(inputs, Box::new(output), Act::ACTIVE)
    }

    fn output(&mut self, item: &'a syn::ItemFn) -> Ty {
        match &item.sig.output {
            syn::ReturnType::Type(_, written) => {
                if let Some(refusal) = failure::refused(item, written) {
                    self.refusals.refuse(refusal);
                    return self.types.unknown_with(Act::PASSIVE);
                }
                if let Some(fallible) = fallible(item) {
                    self.note_given_back(item, written);
                    let inner = self.type_of(fallible.value, Act::ACTIVE);
                    if !may_hold_floats(fallible.value) {
                        self.refusals.refuse(refusals::return_without_float(written.span()).over(written));
                    }
                    return Ty::option(inner);
                }
                let before = self.refusals.count();
                match &**written {
                    syn::Type::Reference(reference) => {
                        let refusal = refusals::reference_result(reference.and_token.span);
                        self.refusals.refuse(refusal.over(written));
                        return self.types.unknown_with(Act::ACTIVE);
                    }
                    syn::Type::ImplTrait(_) | syn::Type::TraitObject(_) => {
                        self.refusals.refuse(refusals::impl_trait_result(written.span()).over(written));
                        return self.types.unknown_with(Act::ACTIVE);
                    }
                    _ => {}
                }
                let ty = self.type_of(written, Act::ACTIVE);
                if self.refusals.count() == before && !may_hold_floats(written) {
                    self.refusals.refuse(refusals::return_without_float(written.span()).over(written));
                }
                ty
            }
            syn::ReturnType::Default => {
                self.refusals.refuse(refusals::return_without_float(item.sig.ident.span()));
                Ty::Unit
            }
        }
    }

    /// Whether nobody uses the value of an expression.
    fn is_statement(&self, written: &syn::Expr) -> bool {
        self.unused.contains(&address(written))
    }

    // --- names

    /// Binds a name to a value of type `given`, in the innermost scope.
    fn bind(&mut self, name: &Ident, given: &Ty, mutable: bool) -> Binding {
        let ty = if mutable {
            let slot = self.types.fresh_like(given);
            self.types.flow(given, &slot);
            slot
        } else {
            given.clone()
        };
        let variable = VariableId(self.variables.len());
        self.variables.push(Variable { name: name.clone(), ty, told_by_method: false });
        self.scopes.last_mut().expect("a scope is open").insert(name.to_string(), variable);
        Binding { variable, given: given.clone(), mutable }
    }

    fn lookup(&self, name: &str) -> Option<VariableId> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name).copied())
    }

    /// A variable is used: the closures around capture it if it is not their own.
    fn note_use(&mut self, variable: VariableId) {
        let ty = self.variables[variable.0].ty.clone();
        for at in 0..self.closures.len() {
            let (before, captured) = self.closures[at];
            if variable.0 < before {
                self.types.captures(captured, &ty);
            }
        }
    }

    /// The variable that a path names.
    fn lookup_path(&self, path: &syn::Path) -> Option<VariableId> {
        path.get_ident().and_then(|name| self.lookup(&name.to_string()))
    }

    /// The path that a call goes to: what a `let` gave another name is looked through.
    fn callee(&self, path: &'a syn::Path) -> &'a syn::Path {
        self.lookup_path(path).and_then(|variable| self.aliases.get(&variable.0).copied()).unwrap_or(path)
    }

    /// Runs `inside` in a scope of its own.
    fn scoped<R>(&mut self, inside: impl FnOnce(&mut Self) -> R) -> R {
        self.scopes.push(HashMap::new());
        let result = inside(self);
        self.scopes.pop();
        result
    }

    // --- sites

    /// A site for an operation on `operands`.
    fn site(&mut self, written: &impl Ends, operands: &[&Expr<'a>]) -> SiteId {
        let operands = operands.iter().map(|operand| self.source.range(operand.written)).collect();
        self.site_at(self.source.range(written), operands)
    }

    fn site_at(&mut self, range: Range, operands: Vec<Range>) -> SiteId {
        self.sites.push(Site { range, operands, name: None });
        SiteId(self.sites.len() - 1)
    }

    /// The value of `expression` gets a name, for the listing.
    fn name_site(&mut self, expression: &Expr<'a>, name: &str) {
        if let Kind::Operation(Operation { site, .. })
        | Kind::Total { site, .. }
        | Kind::Operator { site, .. }
        | Kind::Update { site, .. } = &expression.unparenthesized().kind
        {
            self.sites[site.0].name = Some(name.to_owned());
        }
    }

    // --- refusals

    /// Refuses an active value that goes into a place that can only hold numbers.
    fn oblige_place(&mut self, value: &Ty, place: &Ty, written: &'a syn::Expr) {
        // A name that is not in the body is unknown to rustc too, or a static.
        let is_static = |name: &str| !name.contains(char::is_lowercase);
        if root_name(written).is_none_or(|name| self.lookup(&name).is_none() && !is_static(&name)) {
            return;
        }
        if self.types.peeled(place) == Ty::PASSIVE_FLOAT || self.types.is_foreign(place) {
            let refusal = refusals::active_into_data(written.span());
            self.oblige(value, refusal.over(written));
        }
    }

    /// Refuses if `ty` turns out to be active.
    fn oblige(&mut self, ty: &Ty, refusal: Refusal) {
        self.obligations.push(Obligation { active: ty.clone(), unless: None, refusal });
    }

    /// The same, unless `unless` is active, which has a refusal of its own.
    fn oblige_unless(&mut self, ty: &Ty, unless: &Ty, refusal: Refusal) {
        self.obligations.push(Obligation { active: ty.clone(), unless: Some(unless.clone()), refusal });
    }

    fn settle_obligations(&mut self) {
        for Obligation { active, unless, refusal } in std::mem::take(&mut self.obligations) {
            let is_refused_elsewhere = unless.is_some_and(|unless| self.types.is_active(&unless));
            if self.types.is_active(&active) && !is_refused_elsewhere {
                self.refusals.refuse(refusal);
            }
        }
    }

    // --- nodes

    fn expr(&self, kind: Kind<'a>, ty: Ty, written: &'a syn::Expr) -> Expr<'a> {
        Expr { kind, ty, written, span: ends::span(written), involved: OnceCell::new() }
    }

    /// An expression that stays as the user wrote it; its type is unknown and passive.
    fn foreign(&mut self, written: &'a syn::Expr) -> Expr<'a> {
        let ty = self.types.unknown_with(Act::PASSIVE);
        self.opaque(ty, written)
    }

    /// An expression of which no more is known than its tokens and its type.
    fn opaque(&mut self, ty: Ty, written: &'a syn::Expr) -> Expr<'a> {
        if !matches!(written, syn::Expr::Lit(_) | syn::Expr::Path(_)) {
            let variables = self.mentioned(&written.to_token_stream());
            self.mentioned.insert(address(written), variables);
        }
        self.expr(Kind::Opaque, ty, written)
    }

    /// A number goes into a place of type `place`: an `f32`, or a type of another name, makes the number one.
    fn tell_float(&mut self, number: &Expr<'a>, place: &Ty) {
        if !matches!(self.types.peeled(place), Ty::F32 | Ty::Unknown(_)) {
            return;
        }
        let number = number.unparenthesized();
        if let Kind::Variable(variable) = &number.kind {
            self.retyped.insert(self.variables[variable.0].name.to_string());
        } else if let Kind::Operation(operation) = &number.kind {
            operation.operands.iter().for_each(|operand| self.tell_float(operand, place));
        }
    }

    /// A float that depends on all of `operands`.
    fn float_of(&mut self, operands: &[&Expr<'a>]) -> Ty {
        let act = self.types.fresh_act();
        for operand in operands {
            self.types.expect_float(&operand.ty);
            self.types.depends(act, &operand.ty);
        }
        Ty::Float(act)
    }
}

/// The variable that a place is a part of.
fn root_name(place: &syn::Expr) -> Option<String> {
    match place {
        syn::Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        syn::Expr::Index(syn::ExprIndex { expr: inner, .. })
        | syn::Expr::Field(syn::ExprField { base: inner, .. })
        | syn::Expr::MethodCall(syn::ExprMethodCall { receiver: inner, .. })
        | syn::Expr::Paren(syn::ExprParen { expr: inner, .. })
        | syn::Expr::Unary(syn::ExprUnary { expr: inner, .. })
        | syn::Expr::Reference(syn::ExprReference { expr: inner, .. }) => root_name(inner),
        _ => None,
    }
}

/// The name of a method or macro as a person reads it, and its place.
fn name_and_span(name: &Ident) -> (String, Span) {
    (name.to_string(), name.span())
}

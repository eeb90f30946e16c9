//! Every function of the corpus, at the points where its own test tries it.

use super::datum::{Datum, Evaluated, Scope, cell, unknown};
use super::differential::{Passed, tried};
use super::module::Module;
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeMap;
use std::path::Path;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Token};

/// A `case!` beneath a function.
struct Case {
    function: String,
    /// A variable of passive data, and its values.
    varied: Option<(syn::Ident, Expr)>,
    /// What the numbers of a point are called.
    names: Vec<syn::Ident>,
    arguments: Vec<Expr>,
    points: Vec<Expr>,
}

impl Parse for Case {
    fn parse(input: ParseStream<'_>) -> syn::Result<Case> {
        let function = input.parse::<syn::Ident>()?.to_string();
        while !input.peek(Token![;]) {
            input.parse::<TokenTree>()?;
        }
        input.parse::<Token![;]>()?;
        let mut varied = None;
        if input.peek(Token![for]) {
            input.parse::<Token![for]>()?;
            let name = input.parse()?;
            input.parse::<Token![in]>()?;
            varied = Some((name, input.parse()?));
            input.parse::<Token![;]>()?;
        }
        input.parse::<syn::Ident>()?; // with
        input.parse::<Token![|]>()?;
        let mut names = Vec::new();
        while !input.peek(Token![|]) {
            names.push(input.parse()?);
            input.parse::<Token![:]>()?;
            input.parse::<syn::Type>()?;
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
            }
        }
        input.parse::<Token![|]>()?;
        let inner;
        syn::parenthesized!(inner in input);
        let arguments = inner.parse_terminated(Expr::parse, Token![,])?.into_iter().collect();
        input.parse::<Token![;]>()?;
        input.parse::<syn::Ident>()?; // at
        let mut points = vec![input.parse()?];
        while input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
            points.push(input.parse()?);
        }
        input.parse::<TokenStream>()?;
        Ok(Case { function, varied, names, arguments, points })
    }
}

impl Case {
    /// The arguments at every point.
    fn all(&self, module: &Module) -> Evaluated<Vec<Vec<Datum>>> {
        let machine = module.machine();
        let mut scopes = vec![Scope::default()];
        if let Some((name, values)) = &self.varied {
            let values = machine.expression(values, &mut Scope::default())?;
            scopes = machine
                .iterated(values)?
                .all()?
                .into_iter()
                .map(|value| bound(&name.to_string(), value))
                .collect();
        }
        let mut all = Vec::new();
        for scope in scopes {
            for point in &self.points {
                let mut scope = scope.clone();
                let point = machine.expression(point, &mut scope)?;
                match (self.names.as_slice(), point) {
                    ([name], point) => scope.bind(&name.to_string(), cell(point)),
                    (names, Datum::Tuple(parts)) => {
                        names
                            .iter()
                            .zip(parts)
                            .for_each(|(name, part)| scope.bind(&name.to_string(), cell(part)));
                    }
                    _ => return unknown("the point of a `case!`"),
                }
                let arguments =
                    self.arguments.iter().map(|argument| machine.expression(argument, &mut scope)?.owned());
                all.push(arguments.collect::<Evaluated<_>>()?);
            }
        }
        Ok(all)
    }
}

fn bound(name: &str, value: Datum) -> Scope {
    let mut scope = Scope::default();
    scope.bind(name, cell(value));
    scope
}

/// The cases of a file.
fn cases(items: &[syn::Item], cases_of: &mut Vec<Case>) {
    for item in items {
        match item {
            syn::Item::Macro(item) if item.mac.path.is_ident("case") => {
                cases_of.push(item.mac.parse_body().expect("a `case!` like the others"));
            }
            syn::Item::Mod(inner) => inner.content.iter().for_each(|(_, items)| cases(items, cases_of)),
            _ => {}
        }
    }
}

/// What came of every function.
#[derive(Default)]
struct Report {
    compared: BTreeMap<String, usize>,
    /// Functions whose second derivatives are those of differences, at so many points.
    second: BTreeMap<String, usize>,
    skipped: BTreeMap<String, String>,
    wrong: Vec<String>,
}

fn try_file(path: &Path, report: &mut Report) {
    let text = std::fs::read_to_string(path).expect("a readable file");
    let file = syn::parse_file(&text).expect("the corpus is Rust");
    let module = Module::of(&file);
    let mut found = Vec::new();
    cases(&file.items, &mut found);
    for case in found {
        let Some(unit) = module.units.get(&case.function) else { continue };
        let name = format!("{} of {}", case.function, path.file_name().unwrap_or_default().display());
        if let (Err(reason), Err(_)) = (&unit.joint, &unit.split) {
            report.skipped.insert(name, format!("not compiled: {}", reason.construct()));
            continue;
        }
        module.machine().refuel();
        let points = match case.all(&module) {
            Ok(points) => points,
            Err(stop) => {
                report.skipped.insert(name, format!("{stop:?}"));
                continue;
            }
        };
        for point in points {
            match tried(&module, unit, &point) {
                Ok(Passed::Compared(programs, second)) => {
                    if second {
                        *report.second.entry(name.clone()).or_default() += 1;
                    }
                    *report.compared.entry(name.clone()).or_default() += programs;
                }
                Ok(Passed::Skipped(why)) => drop(report.skipped.insert(name.clone(), why)),
                Err(complaint) => report.wrong.push(format!("{name} at {point:?}:\n{complaint}")),
            }
        }
    }
}

/// What the programs of the corpus give is what forward mode gives on the functions as they are written.
#[test]
fn the_programs_of_the_corpus_are_right() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus");
    let entries = std::fs::read_dir(folder).expect("tests/corpus is there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    paths.sort();
    let mut report = Report::default();
    paths.iter().for_each(|path| try_file(path, &mut report));
    for (name, why) in &report.skipped {
        println!("skipped {name}: {why}");
    }
    println!("{} functions compared, {} skipped", report.compared.len(), report.skipped.len());
    println!("{} functions compared in the second order", report.second.len());
    assert!(report.second.len() >= 150, "only {} in the second order", report.second.len());
    assert!(report.wrong.is_empty(), "{}", report.wrong.join("\n\n"));
    assert!(report.compared.len() >= 150, "only {} functions are compared", report.compared.len());
}

//! The functions of a file: each as programs, if it is compiled, and all of them as they are written.

use super::datum::{Datum, Evaluated, Stop, unknown, wrong};
use super::evaluate::{Callable, Items, Machine, constants};
use super::frame::Frame;
use super::number::{DIRECTIONS, Number};
use super::run::Run;
use crate::ir::verify::verify;
use crate::ir::{Mode, Program};
use crate::lower::lower;
use crate::reasons::Reason;
use crate::syntax::callee::Callee;
use crate::transform::{Passes, differentiate, second, tangent};
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// A differentiable function.
pub struct Unit {
    pub item: Rc<syn::ItemFn>,
    /// Whether it gives an `Option` or a `Result`.
    pub may_fail: bool,
    /// Its parameters, and which have a derivative.
    pub parameters: Vec<(String, bool)>,
    /// The program with both sweeps together and with both apart, or why there is none.
    pub joint: Result<Program, Reason>,
    pub split: Result<Program, Reason>,
    /// Forward mode, if there is a program for it.
    pub tangent: Option<Program>,
    /// Forward mode over both sweeps, together and apart.
    pub second: Option<Program>,
    pub second_split: Option<Program>,
    /// Together without the passes that only make it faster.
    pub slow: Result<Program, Reason>,
}

impl Unit {
    /// Parses, checks, lowers and differentiates a function, and verifies what comes out.
    pub fn of(item: &TokenStream) -> Unit {
        let item = &crate::syntax::conditions::decided(item);
        crate::checked(item, |annotated, _, function| {
            let parameters = function.parameters.iter();
            let parameters =
                parameters.map(|parameter| (parameter.name.to_string(), parameter.is_differentiable()));
            let program = lower(function).map_err(|unsupported| unsupported.reason);
            if let Ok(program) = &program {
                verify(program).unwrap_or_else(|complaint| panic!("{complaint}\n{item}\n{program}"));
            }
            let reversed = |mode: Mode, passes: Passes| {
                let seeded = function.may_be_several() || mode == Mode::Split;
                let program = differentiate(program.clone()?, mode, seeded, passes);
                let program = program.map_err(|unsupported| unsupported.reason)?;
                verify(&program).unwrap_or_else(|complaint| panic!("{complaint}\n{item}\n{program}"));
                Ok(program)
            };
            // Tangents of functions that may fail run on graphs.
            let may_fail = crate::types::check::fallible(&annotated.item).is_some();
            let moving = program.as_ref().ok().filter(|_| !may_fail);
            let tangent = moving.and_then(|program| tangent(program.clone()));
            if let Some(program) = &tangent {
                verify(program).unwrap_or_else(|complaint| panic!("{complaint}\n{item}\n{program}"));
            }
            let [joint_second, split_second] = [Mode::Joint, Mode::Split].map(|mode| {
                let seeded = function.may_be_several() || mode == Mode::Split;
                let program = second(moving?.clone(), mode, seeded, Passes::ALL)?;
                verify(&program).unwrap_or_else(|complaint| panic!("{complaint}\n{item}\n{program}"));
                Some(program)
            });
            Unit {
                tangent,
                second: joint_second,
                second_split: split_second,
                item: Rc::new(annotated.item.clone()),
                may_fail,
                parameters: parameters.collect(),
                joint: reversed(Mode::Joint, Passes::ALL),
                split: reversed(Mode::Split, Passes::ALL),
                slow: reversed(Mode::Joint, Passes::NONE),
            }
        })
    }

    pub(super) fn named(&self, arguments: &[Datum]) -> Vec<(String, Datum)> {
        self.parameters.iter().map(|(name, _)| name.clone()).zip(arguments.iter().cloned()).collect()
    }
}

/// Value and gradient: one for each parameter that has one.
pub type Differentiated = (Datum, Vec<Option<Datum>>);

pub struct Module {
    machine: Machine,
    pub units: HashMap<String, Unit>,
}

impl Module {
    pub fn of(file: &syn::File) -> Module {
        let mut found = Found::default();
        found.items(&file.items);
        let Found { mut functions, mut constants, units, names, twice } = found;
        let _ = names;
        functions.retain(|name, _| !twice.contains(name));
        constants.retain(|name, _| !twice.contains(name));
        let units: HashMap<String, Unit> =
            units.into_iter().filter(|(name, _)| !twice.contains(name)).collect();
        let functions = functions.into_iter();
        let functions =
            functions.map(|(name, item)| (name, Rc::new(Callable::function(item, true)))).collect();
        let items = Items { functions, constants, ..Items::default() };
        Module { machine: Machine::new(Rc::new(items)), units }
    }

    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    pub(super) fn unit(&self, callee: &Callee) -> Evaluated<&Unit> {
        let name = callee.hint();
        match self.units.get(&name) {
            Some(unit) => Ok(unit),
            None => unknown(format!("the function `{name}`")),
        }
    }

    /// By both sweeps together, if they are compiled.
    pub fn gradient(
        &self,
        callee: &Callee,
        arguments: &[Datum],
        seed: Option<&Datum>,
    ) -> Evaluated<Differentiated> {
        let unit = self.unit(callee)?;
        match &unit.joint {
            Ok(program) => self.reversed(unit, program, arguments, seed),
            Err(_) => self.by_tangents(unit, arguments, seed),
        }
    }

    /// By a program: the forward sweep, and the reverse sweep with nothing at hand but what it makes available.
    pub fn reversed(
        &self,
        unit: &Unit,
        program: &Program,
        arguments: &[Datum],
        seed: Option<&Datum>,
    ) -> Evaluated<Differentiated> {
        let named = unit.named(arguments);
        let mut frame = Frame::default();
        let mut run = Run::new(self, program, &named, constants(&unit.item, arguments), &mut frame)?;
        let value = match run.forward() {
            // It has failed, and nothing has a derivative.
            Err(Stop::Return(failure)) if unit.may_fail => {
                return Ok((*failure, vec![None; unit.parameters.len()]));
            }
            value => value?,
        };
        let mut seed = seed.cloned().map_or_else(|| value.filled(1.0), inside);
        // A weight of 0 counts for nothing.
        seed.numbers(&mut |weight| weight.value = if weight.value == 0.0 { -0.0 } else { weight.value });
        run.forget(&named)?;
        let gradients = gradients(&mut run, unit, &seed, 0.0)?;
        if !frame.is_empty() {
            return wrong("the reverse sweep leaves something in the frame");
        }
        Ok((if unit.may_fail { Datum::some(value) } else { value }, gradients))
    }

    /// The forward half. A function that may fail gives an `Option` or a `Result` if the caller takes the value out where it calls,
    /// else a list of no or one item.
    pub fn forward_half(
        &self,
        callee: &Callee,
        arguments: &[Datum],
        frame: &mut Frame,
        is_taken_out: bool,
    ) -> Evaluated<Datum> {
        let unit = self.unit(callee)?;
        let mark = frame.mark();
        let value = match &unit.split {
            Ok(program) => {
                let constants = constants(&unit.item, arguments);
                match Run::new(self, program, &unit.named(arguments), constants, frame)?.forward() {
                    Err(Stop::Return(failure)) if unit.may_fail => {
                        frame.take_back(mark);
                        *failure
                    }
                    value if unit.may_fail => Datum::some(value?),
                    value => value?,
                }
            }
            Err(_) => self.machine.user(&unit.item, arguments.to_vec())?,
        };
        Ok(if unit.may_fail && !is_taken_out { items(value) } else { value })
    }

    pub fn reverse_half(
        &self,
        callee: &Callee,
        arguments: &[Datum],
        seed: &Datum,
        frame: &mut Frame,
        is_taken_out: bool,
    ) -> Evaluated<Vec<Option<Datum>>> {
        let unit = self.unit(callee)?;
        // The caller has asked for a list.
        let seed = match seed {
            Datum::List(items) if unit.may_fail && !is_taken_out => match items.first() {
                Some(item) => item,
                None => return Ok(vec![None; unit.parameters.len()]),
            },
            seed => seed,
        };
        match &unit.split {
            Ok(program) => {
                let constants = constants(&unit.item, arguments);
                let mut run = Run::new(self, program, &unit.named(arguments), constants, frame)?;
                run.shapes = shapes(self, unit, program, arguments)?;
                gradients(&mut run, unit, seed, -0.0)
            }
            Err(_) => Ok(self.by_tangents(unit, arguments, Some(seed))?.1),
        }
    }

    /// The function as it is written.
    pub fn plain(&self, unit: &Unit, arguments: &[Datum]) -> Evaluated<Datum> {
        self.machine.refuel();
        self.machine.user(&unit.item, arguments.to_vec())?.owned()
    }

    /// Forward mode, one number of the arguments after the other.
    pub fn by_tangents(
        &self,
        unit: &Unit,
        arguments: &[Datum],
        seed: Option<&Datum>,
    ) -> Evaluated<Differentiated> {
        let value = self.plain(unit, arguments)?;
        let weights = match seed {
            Some(seed) => seed_of(&value, seed),
            None => value.filled(1.0).flat().iter().map(|number| number.value).collect(),
        };
        let count = |(argument, (_, differentiable)): (&Datum, &(String, bool))| {
            if *differentiable { argument.flat().len() } else { 0 }
        };
        let total: usize = arguments.iter().zip(&unit.parameters).map(count).sum();
        let mut slopes = Vec::new();
        while slopes.len() < total {
            slopes.extend(self.slopes(unit, arguments, slopes.len(), &weights)?);
        }
        let mut slopes = slopes.into_iter();
        let mut gradient = |argument: &Datum| {
            let mut gradient = argument.clone();
            gradient.numbers(&mut |number| *number = Number::from(slopes.next().unwrap_or_default()));
            gradient
        };
        let arguments = arguments.iter().zip(&unit.parameters);
        let gradients =
            arguments.map(|(argument, (_, differentiable))| differentiable.then(|| gradient(argument)));
        Ok((value, gradients.collect()))
    }

    /// The derivatives by the next few numbers of the arguments, after so many.
    pub(super) fn slopes(
        &self,
        unit: &Unit,
        arguments: &[Datum],
        before: usize,
        weights: &[f64],
    ) -> Evaluated<[f64; DIRECTIONS]> {
        let mut arguments = arguments.to_vec();
        let mut at = 0;
        let differentiable =
            arguments.iter_mut().zip(&unit.parameters).filter(|(_, (_, differentiable))| *differentiable);
        for (argument, _) in differentiable {
            argument.numbers(&mut |number| {
                number.active = true;
                if (before..before + DIRECTIONS).contains(&at) {
                    number.tangent[at - before] = 1.0;
                }
                at += 1;
            });
        }
        let mut slopes = [0.0; DIRECTIONS];
        for (number, weight) in
            self.plain(unit, &arguments)?.flat().iter().zip(weights).filter(|(n, _)| n.active)
        {
            slopes.iter_mut().zip(number.tangent).for_each(|(sum, slope)| *sum += slope * weight);
        }
        Ok(slopes)
    }
}

/// The weights of a result's numbers: where the seed says nothing there is no number.
fn seed_of(value: &Datum, seed: &Datum) -> Vec<f64> {
    match (value, seed) {
        (Datum::Float(_), Datum::Default) => vec![0.0],
        (Datum::Float(_), seed) => vec![seed.flat().first().map_or(0.0, |number| number.value)],
        (Datum::Tuple(values) | Datum::List(values), Datum::Tuple(seeds) | Datum::List(seeds)) => {
            values.iter().zip(seeds).flat_map(|(value, seed)| seed_of(value, seed)).collect()
        }
        _ => Vec::new(),
    }
}

/// The shapes that types tell: by a forward sweep into a frame of its own.
fn shapes(
    module: &Module,
    unit: &Unit,
    program: &Program,
    arguments: &[Datum],
) -> Evaluated<HashMap<crate::ir::StorageId, Datum>> {
    let mut aside = Frame::default();
    let mut run =
        Run::new(module, program, &unit.named(arguments), constants(&unit.item, arguments), &mut aside)?;
    run.forward()?;
    Ok(run.shapes)
}

/// What there is, as a list.
pub(super) fn items(value: Datum) -> Datum {
    Datum::List(if let Datum::Option(Some(inside)) = value { vec![*inside] } else { Vec::new() })
}

/// What is in a value that may not be there.
fn inside(value: Datum) -> Datum {
    if let Datum::Option(Some(inside)) = value { *inside } else { value }
}

fn gradients(run: &mut Run<'_>, unit: &Unit, seed: &Datum, buffers: f64) -> Evaluated<Vec<Option<Datum>>> {
    // A panic of the user's comes from the forward sweep.
    run.backward(seed, buffers).map_err(|stop| match stop {
        Stop::Panic(what) => Stop::Wrong(format!("the reverse sweep panics: {what}")),
        stop => stop,
    })?;
    (0..unit.parameters.len()).map(|at| run.gradient(at)).collect()
}

/// What a file is made of.
#[derive(Default)]
struct Found {
    functions: HashMap<String, Rc<syn::ItemFn>>,
    constants: HashMap<String, Rc<syn::Expr>>,
    units: HashMap<String, Unit>,
    names: BTreeSet<String>,
    /// Names that stand for several things.
    twice: BTreeSet<String>,
}

impl Found {
    fn items(&mut self, items: &[syn::Item]) {
        for item in items {
            match item {
                syn::Item::Fn(function) => self.function(function),
                syn::Item::Const(constant) => self.constant(&constant.ident, &constant.expr),
                syn::Item::Static(constant) => self.constant(&constant.ident, &constant.expr),
                syn::Item::Mod(inner) => inner.content.iter().for_each(|(_, items)| self.items(items)),
                _ => {}
            }
        }
    }

    fn name(&mut self, name: &proc_macro2::Ident) -> String {
        let name = name.to_string();
        if !self.names.insert(name.clone()) {
            self.twice.insert(name.clone());
        }
        name
    }

    fn constant(&mut self, name: &proc_macro2::Ident, value: &syn::Expr) {
        let name = self.name(name);
        self.constants.insert(name, Rc::new(value.clone()));
    }

    fn function(&mut self, function: &syn::ItemFn) {
        let name = self.name(&function.sig.ident);
        let is_ours = |attribute: &syn::Attribute| attribute.path().is_ident("differentiable");
        if !function.attrs.iter().any(is_ours) {
            self.functions.insert(name, Rc::new(function.clone()));
            return;
        }
        let mut function = function.clone();
        function.attrs.retain(|attribute| !is_ours(attribute));
        let unit = Unit::of(&quote!(#function));
        self.functions.insert(name.clone(), unit.item.clone());
        self.units.insert(name, unit);
    }
}

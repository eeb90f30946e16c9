//! Well-typed programs at random, from a seed.
//!
//! The generator keeps what is in scope with types and with whether a value may depend on an input that carries a gradient
//! (`active`). It writes nothing that the language of the attribute refuses: an active value goes to no plain function and into
//! no integer.
//!
//! * `items`: constants, tables, types, plain functions, and the parameters
//! * `helpers`: differentiable functions that `f` calls
//! * `data`: integers, conditions, characters, strings
//! * `float`: expressions that give an `f64`
//! * `iterate`: chains of iterators
//! * `bind`, `change`, `repeat`, `passive`, `closures`, `shapes`: statements
//! * `structs`: types with methods and operators, in programs that are asked for

#![allow(clippy::unnecessary_wraps, reason = "what stands in a table of choices may find nothing to write")]

mod bind;
mod change;
mod closures;
mod data;
mod float;
mod helpers;
mod items;
mod iterate;
mod passive;
mod repeat;
mod scope;
mod shapes;
mod structs;

use crate::tree::{Node, Parameter, Program, Role, Ty};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, RngExt, SeedableRng};
use scope::Var;
use std::collections::BTreeSet;

/// A kind of statement or expression: how often it is tried, the construct's name, and what writes it.
type Choice<F> = (u32, &'static str, F);
type StatementChoice = Choice<fn(&mut Generator) -> Option<Node>>;
type FloatChoice = Choice<fn(&mut Generator, bool, usize) -> Option<Node>>;

/// A program that is being written.
pub struct Generator {
    random: Xoshiro256PlusPlus,
    vars: Vec<Var>,
    globals: Vec<Var>,
    items: Vec<Node>,
    /// Items that exist.
    have: BTreeSet<&'static str>,
    helpers: Vec<helpers::Helper>,
    fresh: usize,
    /// Statements that may still be written.
    budget: usize,
    /// Labels of the loops around, innermost last; none within a closure.
    loops: Vec<String>,
    /// What `return` gives here; nothing within a closure.
    result: Option<Ty>,
    /// Within a loop or closure that runs often.
    nesting: usize,
    /// Whether structs that carry gradients may be written here.
    structs: bool,
}

/// The program of this number, with structs that carry gradients if they are asked for.
pub fn program(seed: u64, number: u64, structs: bool) -> Program {
    let mut mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number.wrapping_mul(0xd1b5_4a32_d192_ed03);
    mixed ^= mixed >> 29;
    let mut generator = Generator {
        random: Xoshiro256PlusPlus::seed_from_u64(mixed),
        vars: Vec::new(),
        globals: Vec::new(),
        items: Vec::new(),
        have: BTreeSet::new(),
        helpers: Vec::new(),
        fresh: 0,
        budget: 0,
        loops: Vec::new(),
        result: None,
        nesting: 0,
        structs,
    };
    generator.main(number)
}

/// The names of all constructs.
pub fn constructs() -> Vec<&'static str> {
    let mut names: Vec<&'static str> = float::CHOICES.iter().map(|choice| choice.1).collect();
    names.extend(structs::STATEMENTS.iter().map(|choice| choice.1));
    names.extend(statements().map(|choice| choice.1));
    names.extend(iterate::SOURCES.iter().chain(iterate::ADAPTERS).map(|choice| choice.1));
    names.sort_unstable();
    names.dedup();
    names
}

fn statements() -> impl Iterator<Item = &'static StatementChoice> {
    [bind::CHOICES, change::CHOICES, repeat::CHOICES, passive::CHOICES, closures::CHOICES, shapes::CHOICES]
        .into_iter()
        .flatten()
}

impl Generator {
    fn main(&mut self, number: u64) -> Program {
        self.prepare_items();
        if self.structs {
            self.prepare_structs();
        }
        if self.one_in(2) {
            for _ in 0..=self.below(2) {
                self.helper();
            }
        }
        let mut parameters = self.parameters();
        if self.structs {
            parameters.push(self.struct_parameter());
            if self.one_in(2) && inputs_of(&parameters) < 18 {
                parameters.push(self.struct_parameter());
            }
        }
        let result = match self.below(10) {
            0 => Ty::pair(),
            1 => Ty::array(Ty::F64, 2),
            2 => Ty::vec(Ty::F64),
            _ => Ty::F64,
        };
        let result_text = self.written(&result);
        self.result = Some(result.clone());
        self.budget = 1 + self.below(6);
        let mut body = Vec::new();
        while self.budget > 0 {
            body.push(self.statement());
        }
        let tail = self.tail(&result);
        let items = std::mem::take(&mut self.items);
        Program {
            number,
            parameters,
            result,
            result_text,
            root: Node::new(Role::Fixed, "$$$", vec![Node::list(items), Node::list(body), tail]),
        }
    }

    /// The result of a function: something that depends on most of what is in scope.
    fn tail(&mut self, result: &Ty) -> Node {
        match result {
            Ty::Tuple(_) => {
                Node::expression(result.clone(), "($, $)", vec![self.total(), self.float(true, 2)])
            }
            Ty::Array(..) => {
                Node::expression(result.clone(), "[$, $]", vec![self.total(), self.float(true, 2)])
            }
            Ty::Vec(_) => {
                Node::expression(result.clone(), "vec![$, $]", vec![self.total(), self.float(true, 2)])
            }
            _ => self.total(),
        }
    }

    fn total(&mut self) -> Node {
        let mut total = self.float(true, 2);
        let paths = self.paths(&Ty::F64, true);
        let mut latest: Vec<String> = paths.into_iter().rev().take(12).collect();
        while latest.len() > 3 {
            let at = self.below(latest.len());
            latest.swap_remove(at);
        }
        for path in latest {
            let operator = if self.one_in(3) { "$ * $" } else { "$ + $" };
            total = Node::float(operator, vec![total, Node::leaf(Ty::F64, &path)]);
            total = Node::float("($)", vec![total]);
        }
        total
    }

    /// A statement of any kind.
    fn statement(&mut self) -> Node {
        self.budget = self.budget.saturating_sub(1);
        let of_structs = self.structs && !self.one_in(3);
        let all: Vec<&StatementChoice> =
            if of_structs { structs::STATEMENTS.iter().collect() } else { statements().collect() };
        let weights: u32 = all.iter().map(|choice| choice.0).sum();
        for _ in 0..40 {
            let mut at = self.random.random_range(0..weights);
            let choice = all
                .iter()
                .find(|choice| {
                    let here = at < choice.0;
                    at = at.saturating_sub(choice.0);
                    here
                })
                .expect("below the sum");
            let (vars, fresh) = (self.vars.len(), self.fresh);
            if let Some(node) = choice.2(self) {
                return node.tag(choice.1);
            }
            self.vars.truncate(vars);
            self.fresh = fresh;
        }
        Node::statement("note(0);", vec![]).tag("effect")
    }

    /// Statements of a block of their own; their variables end with it.
    fn block(&mut self, at_most: usize) -> Node {
        let vars = self.vars.len();
        let count = 1 + self.below(at_most);
        let mut nodes = Vec::new();
        for _ in 0..count {
            if self.budget > 0 {
                nodes.push(self.statement());
            }
        }
        self.vars.truncate(vars);
        Node::list(nodes)
    }

    /// What `write` writes with these variables in scope.
    fn with<T>(&mut self, vars: Vec<Var>, write: impl FnOnce(&mut Generator) -> T) -> T {
        let before = self.vars.len();
        self.vars.extend(vars);
        let result = write(self);
        self.vars.truncate(before);
        result
    }

    /// The same within a closure: no loop to leave, and `return` is the closure's.
    fn closed<T>(&mut self, vars: Vec<Var>, write: impl FnOnce(&mut Generator) -> T) -> T {
        let loops = std::mem::take(&mut self.loops);
        let result = self.result.take();
        self.nesting += 1;
        let written = self.with(vars, write);
        self.nesting -= 1;
        self.loops = loops;
        self.result = result;
        written
    }

    // --- randomness

    fn below(&mut self, limit: usize) -> usize {
        self.random.random_range(0..limit.max(1))
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn choose<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn name(&mut self, hint: &str) -> String {
        self.fresh += 1;
        format!("{hint}{}", self.fresh)
    }

    /// A literal that is no edge of anything.
    fn literal(&mut self) -> String {
        let thousandths = 100 + self.below(1900);
        format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
    }

    /// An input: between −1.5 and 1.5.
    fn number(&mut self) -> String {
        let bits = self.random.next_u32() % 3000;
        format!("{:.4}", f64::from(bits) / 1000.0 - 1.5 + 0.0003)
    }
}

/// `template` with the names in place of `%0`, `%1`, …
fn named(template: &str, names: &[&str]) -> String {
    let mut text = template.to_owned();
    for (index, name) in names.iter().enumerate() {
        text = text.replace(&format!("%{index}"), name);
    }
    text
}

/// How many numbers carry a gradient.
fn inputs_of(parameters: &[Parameter]) -> usize {
    let active = parameters.iter().filter(|parameter| parameter.active);
    active.map(|parameter| parameter.arguments[0].matches('§').count()).sum()
}

fn statement(template: &str, names: &[&str], nodes: Vec<Node>) -> Node {
    Node::statement(&named(template, names), nodes)
}

fn float(template: &str, names: &[&str], nodes: Vec<Node>) -> Node {
    Node::float(&named(template, names), nodes)
}

fn expression(ty: Ty, template: &str, names: &[&str], nodes: Vec<Node>) -> Node {
    Node::expression(ty, &named(template, names), nodes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_decides() {
        for number in 0..50 {
            assert_eq!(program(7, number, number % 2 == 0), program(7, number, number % 2 == 0));
        }
        assert_ne!(program(7, 1, false).root, program(8, 1, false).root);
    }

    #[test]
    fn most_constructs_are_written() {
        let mut seen = BTreeSet::new();
        for number in 0..10000 {
            seen.extend(program(1, number, number % 3 == 0).tags());
        }
        let missing: Vec<_> = constructs().into_iter().filter(|name| !seen.contains(name)).collect();
        assert!(missing.is_empty(), "never written: {missing:?}");
    }
}

//! Failing programs made small: parts are left out or replaced by simpler ones of their type, as long as the failure stays.
//!
//! Candidates of all failures are judged together, so that a round takes few runs of `rustc`. A round tries single edits, and
//! then as many of the good ones at once as go together.

use crate::compare::{Class, Verdict};
use crate::tree::{Node, Piece, Program, Role, Ty};
use std::time::{Duration, Instant};

/// The most rounds, and the most single edits that a program has in a round.
const ROUNDS: usize = 16;
/// After this no further round begins.
const LONGEST: Duration = Duration::from_secs(240);
const EDITS: usize = 32;

/// A change to a program.
#[derive(Clone, Debug)]
enum Edit {
    /// Another node at the end of a path.
    Replace { path: Vec<usize>, node: Node, saved: usize },
    /// A parameter left out.
    Parameter(usize),
}

impl Edit {
    fn saved(&self) -> usize {
        match self {
            Edit::Replace { saved, .. } => *saved,
            Edit::Parameter(_) => 12,
        }
    }

    fn conflicts(&self, other: &Edit) -> bool {
        match (self, other) {
            (Edit::Replace { path: a, .. }, Edit::Replace { path: b, .. }) => {
                a.starts_with(b) || b.starts_with(a)
            }
            (Edit::Parameter(a), Edit::Parameter(b)) => a == b,
            _ => false,
        }
    }
}

/// A failure that is being made smaller.
#[derive(Clone, Debug)]
pub struct Shrinking {
    pub program: Program,
    pub verdict: Verdict,
    done: bool,
}

impl Shrinking {
    pub fn new(program: Program, verdict: Verdict) -> Shrinking {
        Shrinking { program, verdict, done: false }
    }

    /// Whether the program does not compile: nothing has to be run then.
    pub fn is_of_compilation(&self) -> bool {
        matches!(self.verdict.class, Class::RustcError | Class::Refused | Class::Invalid)
    }

    fn same_failure(&self, verdict: &Verdict) -> bool {
        verdict.class == self.verdict.class && verdict.kind == self.verdict.kind
    }
}

/// Makes them smaller, each with the number that it was found by; `judge` gives a verdict on each of the programs.
pub fn shrink(
    failures: &mut [(u64, Shrinking)],
    judge: &mut dyn FnMut(Vec<Program>) -> Result<Vec<Verdict>, String>,
) -> Result<(), String> {
    let started = Instant::now();
    for round in 0..ROUNDS {
        if started.elapsed() > LONGEST {
            break;
        }
        let edits: Vec<Vec<Edit>> = failures
            .iter()
            .map(|(_, failure)| if failure.done { Vec::new() } else { edits(&failure.program) })
            .collect();
        let singles = failures
            .iter()
            .zip(&edits)
            .map(|((_, failure), edits)| {
                let mut sets: Vec<Vec<Edit>> = edits.iter().map(|edit| vec![edit.clone()]).collect();
                let unused = if failure.done { Vec::new() } else { unused(&failure.program) };
                if !unused.is_empty() {
                    sets.push(unused);
                }
                sets
            })
            .collect();
        let good = attempt(failures, singles, judge)?;
        eprintln!(
            "round {round}: {} failures to make smaller ({:.0} s)",
            failures.iter().filter(|(_, failure)| !failure.done).count(),
            started.elapsed().as_secs_f64()
        );
        let mut combined: Vec<Vec<Vec<Edit>>> = Vec::new();
        for good in &good {
            combined.push(combinations(good));
        }
        if combined.iter().all(Vec::is_empty) {
            return Ok(());
        }
        let together = attempt(failures, combined, judge)?;
        for (((_, failure), singles), together) in failures.iter_mut().zip(good).zip(together) {
            let best = together
                .into_iter()
                .chain(singles)
                .max_by_key(|(edits, _)| edits.iter().map(Edit::saved).sum::<usize>());
            match best {
                Some((edits, verdict)) => {
                    failure.program = applied(&failure.program, &edits);
                    failure.verdict = verdict;
                }
                None => failure.done = true,
            }
        }
    }
    Ok(())
}

type Attempt = (Vec<Edit>, Verdict);

/// The sets of edits after which a program fails as before.
fn attempt(
    failures: &[(u64, Shrinking)],
    sets: Vec<Vec<Vec<Edit>>>,
    judge: &mut dyn FnMut(Vec<Program>) -> Result<Vec<Verdict>, String>,
) -> Result<Vec<Vec<Attempt>>, String> {
    let mut candidates = Vec::new();
    let mut origins = Vec::new();
    for (index, ((_, failure), sets)) in failures.iter().zip(sets).enumerate() {
        for set in sets {
            let mut candidate = applied(&failure.program, &set);
            candidate.number = candidates.len() as u64;
            candidates.push(candidate);
            origins.push((index, set));
        }
    }
    let mut good = vec![Vec::new(); failures.len()];
    if candidates.is_empty() {
        return Ok(good);
    }
    for ((index, set), verdict) in origins.into_iter().zip(judge(candidates)?) {
        if failures[index].1.same_failure(&verdict) {
            good[index].push((set, verdict));
        }
    }
    Ok(good)
}

/// The best 2, 4, 8, … good edits that do not get in each other's way.
fn combinations(good: &[Attempt]) -> Vec<Vec<Edit>> {
    let mut ranked: Vec<&Edit> = good.iter().flat_map(|(edits, _)| edits).collect();
    ranked.sort_by_key(|edit| std::cmp::Reverse(edit.saved()));
    let mut chosen: Vec<Edit> = Vec::new();
    let mut sets = Vec::new();
    for edit in ranked {
        if chosen.iter().any(|other| other.conflicts(edit)) {
            continue;
        }
        chosen.push(edit.clone());
        if chosen.len() > 1 {
            sets.push(chosen.clone());
        }
    }
    if sets.len() > 5 {
        let step = sets.len() / 4;
        let last = sets.len() - 1;
        sets = sets
            .into_iter()
            .enumerate()
            .filter(|(index, _)| index % step == 0 || *index == last)
            .map(|(_, set)| set)
            .collect();
    }
    sets
}

fn applied(program: &Program, edits: &[Edit]) -> Program {
    let mut result = program.clone();
    let mut removed = Vec::new();
    for edit in edits {
        match edit {
            Edit::Replace { path, node, .. } => *result.root.at_mut(path) = node.clone(),
            Edit::Parameter(index) => removed.push(*index),
        }
    }
    removed.sort_unstable();
    for index in removed.into_iter().rev() {
        result.parameters.remove(index);
    }
    result
}

/// What leaves out the items and parameters that nothing names.
fn unused(program: &Program) -> Vec<Edit> {
    let text = program.root.text();
    let mentioned = |name: &str| {
        text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| *word == name).count()
    };
    let mut edits = Vec::new();
    program.root.walk(&mut Vec::new(), &mut |path, node| {
        let text = node.text();
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        let name = words.skip_while(|word| !ITEMS.contains(word)).nth(1).unwrap_or_default();
        if node.role == Role::Item && mentioned(name) <= text.matches(name).count() {
            edits.push(Edit::Replace { path: path.to_vec(), node: empty(), saved: text.len() });
        }
    });
    for (index, parameter) in program.parameters.iter().enumerate() {
        let names =
            parameter.pattern.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| *word != "mut");
        if names.map(mentioned).sum::<usize>() == 0
            && program.parameters.iter().any(|other| other.active && other != parameter)
        {
            edits.push(Edit::Parameter(index));
        }
    }
    edits
}

/// The words before an item's name.
const ITEMS: [&str; 7] = ["fn", "const", "static", "struct", "enum", "type", "mod"];

/// The single edits, those first that leave out most.
fn edits(program: &Program) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let first = program
        .parameters
        .iter()
        .find(|parameter| parameter.active && parameter.ty == "f64" && !parameter.pattern.contains(' '))
        .map(|parameter| parameter.pattern.clone());
    program
        .root
        .walk(&mut Vec::new(), &mut |path, node| replacements(path, node, first.as_deref(), &mut edits));
    edits.extend((0..program.parameters.len()).rev().map(Edit::Parameter));
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.saved()));
    if edits.len() > EDITS {
        // The largest, and of the others one here and there.
        let rest = edits.split_off(EDITS / 2);
        let step = rest.len() / (EDITS / 2) + 1;
        let offset = program.root.text().len() % step;
        edits.extend(rest.into_iter().skip(offset).step_by(step));
    }
    edits
}

fn replacements(path: &[usize], node: &Node, variable: Option<&str>, edits: &mut Vec<Edit>) {
    let size = node.text().len();
    let mut push = |path: Vec<usize>, with: Node| {
        let left = with.text().len();
        if left < size {
            edits.push(Edit::Replace { path, node: with, saved: size - left });
        }
    };
    match &node.role {
        Role::List => {
            let count = node.pieces.len();
            if count > 3 {
                for half in [0..count / 2, count / 2..count] {
                    let mut less = node.clone();
                    for index in half {
                        less.pieces[index] = Piece::Node(empty());
                    }
                    push(path.to_vec(), less);
                }
            }
        }
        Role::Expression(ty) => {
            let mut simple: Vec<String> = ty.simplest().into_iter().collect();
            if *ty == Ty::F64 {
                simple.extend(variable.map(str::to_owned));
            }
            for text in simple {
                push(path.to_vec(), Node::leaf(ty.clone(), &text));
            }
            let mut inner = Vec::new();
            node.walk(&mut Vec::new(), &mut |way, below| {
                if !way.is_empty() && below.ty() == Some(ty) && inner.len() < 5 {
                    inner.push(below.clone());
                }
            });
            for below in inner {
                push(path.to_vec(), below);
            }
        }
        Role::Statement => {
            push(path.to_vec(), empty());
            for below in node.nodes().filter(|below| below.role == Role::List) {
                push(path.to_vec(), below.clone());
            }
        }
        Role::Item => push(path.to_vec(), empty()),
        Role::Fixed => {}
    }
    for less in without_a_line(node) {
        push(path.to_vec(), less);
    }
}

fn empty() -> Node {
    Node { role: Role::Fixed, tags: Vec::new(), pieces: Vec::new() }
}

/// The node without each of its lines.
fn without_a_line(node: &Node) -> Vec<Node> {
    if node.role == Role::List || node.role == Role::Fixed {
        return Vec::new();
    }
    let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in &node.pieces {
        match piece {
            Piece::Node(_) => lines.last_mut().expect("one at least").push(piece.clone()),
            Piece::Text(text) => {
                for (index, part) in text.split('\n').enumerate() {
                    if index > 0 {
                        lines.push(Vec::new());
                    }
                    if !part.is_empty() {
                        lines.last_mut().expect("one at least").push(Piece::Text(part.to_owned()));
                    }
                }
            }
        }
    }
    if lines.len() < 2 {
        return Vec::new();
    }
    (0..lines.len())
        .map(|left_out| {
            let mut pieces = Vec::new();
            for (index, line) in lines.iter().enumerate() {
                if index != left_out {
                    pieces.extend(line.iter().cloned());
                    pieces.push(Piece::Text("\n".to_owned()));
                }
            }
            Node { role: node.role.clone(), tags: node.tags.clone(), pieces }
        })
        .collect()
}

/// The text of a program without its own names and numbers: alike failures have it in common.
pub fn outline(text: &str) -> String {
    let mut outline = String::new();
    let mut word = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        if word.ends_with(|c: char| c.is_ascii_digit()) {
            outline.push('_');
        } else {
            outline.push_str(&word);
        }
        word.clear();
        if !c.is_whitespace() {
            outline.push(c);
        }
    }
    outline
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::program;

    #[test]
    fn what_does_not_matter_goes() {
        // Whatever mentions `tanh` fails.
        let failing = (0..200)
            .map(|number| program(3, number))
            .find(|program| program.root.text().len() > 900 && program.root.text().contains("tanh"));
        let failing = failing.expect("one of two hundred");
        let before = failing.root.text().len();
        let verdict = Verdict::new(Class::WrongValue, "tanh", "");
        let mut failures = [(0, Shrinking::new(failing, verdict))];
        let mut judge = |programs: Vec<Program>| -> Result<Vec<Verdict>, String> {
            Ok(programs
                .iter()
                .map(|program| {
                    let fails = program.root.text().contains("tanh");
                    Verdict::new(if fails { Class::WrongValue } else { Class::Compiled }, "tanh", "")
                })
                .collect())
        };
        shrink(&mut failures, &mut judge).unwrap();
        let text = failures[0].1.program.root.text();
        assert!(text.contains("tanh") && text.len() < before / 6, "{before} to {}: {text}", text.len());
    }

    #[test]
    fn outlines_forget_names() {
        assert_eq!(outline("let x1 = x2 * 1.5;"), outline("let y3 = z4 * 2.25;"));
    }
}

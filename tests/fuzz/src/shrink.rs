//! Failing programs made small: parts are left out or replaced by simpler ones of their type, as long as the failure stays.
//!
//! Candidates of all failures are judged together, so that a round takes few runs of `rustc`. A round tries single edits, and
//! then as many of the good ones at once as go together.

use crate::compare::{Class, Verdict};
use crate::edits::{Edit, applied, edits, unused};
use crate::tree::Program;
use std::time::{Duration, Instant};

/// The most rounds.
const ROUNDS: usize = 16;
/// After this no further round begins.
const LONGEST: Duration = Duration::from_secs(240);

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
        if started.elapsed() > LONGEST || failures.iter().all(|(_, failure)| failure.done) {
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
            .map(|number| program(3, number, false))
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

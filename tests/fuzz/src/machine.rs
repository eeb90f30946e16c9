//! From programs to verdicts: check, compile, run, compare.

use crate::compare::{Class, Verdict, compare, without_names};
use crate::compile::{Diagnostic, Toolchain};
use crate::run::run;
use crate::tree::Program;
use std::path::Path;

/// The verdict on each program, in order. Numbers are distinct and grow.
pub fn judge(toolchain: &Toolchain, directory: &Path, programs: &[Program]) -> Result<Vec<Verdict>, String> {
    let all: Vec<&Program> = programs.iter().collect();
    let mut invalid = toolchain.check(directory, &all)?;
    let valid: Vec<&Program> =
        all.iter().copied().filter(|program| !invalid.contains_key(&program.number)).collect();
    let executable = directory.join("programs");
    let refused = toolchain.build(directory, &valid, &executable)?;
    // Some lints look at finished code only.
    let denied: Vec<&Program> = valid
        .iter()
        .copied()
        .filter(|program| refused.get(&program.number).is_some_and(Diagnostic::is_lint))
        .collect();
    invalid.extend(toolchain.check_code(directory, &denied)?);
    let built: Vec<&Program> =
        valid.iter().copied().filter(|program| !refused.contains_key(&program.number)).collect();
    let numbers: Vec<u64> = built.iter().map(|program| program.number).collect();
    let report = if numbers.is_empty() {
        crate::run::Report::default()
    } else {
        run(&executable, directory, &numbers)?
    };
    Ok(programs
        .iter()
        .map(|program| {
            if let Some(diagnostic) = invalid.get(&program.number) {
                Verdict::new(Class::Invalid, kind(diagnostic), diagnostic.rendered.clone())
            } else if let Some(diagnostic) = refused.get(&program.number) {
                of_diagnostic(diagnostic)
            } else {
                compare(program, &report)
            }
        })
        .collect())
}

/// The same for programs that are known not to compile: one that does has no class of its own.
pub fn judge_errors(
    toolchain: &Toolchain,
    directory: &Path,
    programs: &[Program],
) -> Result<Vec<Verdict>, String> {
    let all: Vec<&Program> = programs.iter().collect();
    let (invalid, errors) = toolchain.check_annotated(directory, &all)?;
    Ok(programs
        .iter()
        .map(|program| match (invalid.get(&program.number), errors.get(&program.number)) {
            (Some(diagnostic), _) => Verdict::new(Class::Invalid, kind(diagnostic), ""),
            (None, Some(diagnostic)) => of_diagnostic(diagnostic),
            (None, None) => Verdict::new(Class::Compiled, "", ""),
        })
        .collect())
}

fn of_diagnostic(diagnostic: &Diagnostic) -> Verdict {
    let class = if is_refusal(diagnostic) { Class::Refused } else { Class::RustcError };
    Verdict::new(class, kind(diagnostic), diagnostic.rendered.clone())
}

/// Refusals end with their name in brackets and the address of their section.
fn is_refusal(diagnostic: &Diagnostic) -> bool {
    let message = diagnostic.message.trim_end();
    let message = message.rsplit_once("\nhttps://").map_or(message, |(message, _)| message);
    let last = message.trim_end().rsplit(['\n', ' ']).next().unwrap_or_default();
    diagnostic.code.is_none()
        && last.starts_with('[')
        && last.ends_with(']')
        && last[1..last.len() - 1].chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

/// A diagnostic without the names of one program: of refusals the name and the fact.
fn kind(diagnostic: &Diagnostic) -> String {
    let first = diagnostic.message.lines().next().unwrap_or_default();
    let mut text = diagnostic.code.clone().unwrap_or_default();
    if is_refusal(diagnostic) {
        return first.to_owned();
    }
    text.push(' ');
    text.push_str(&without_names(first));
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_have_names() {
        let diagnostic =
            |message: &str| Diagnostic { code: None, message: message.to_owned(), rendered: String::new() };
        assert!(is_refusal(&diagnostic("`x` is lost\nhelp: keep it\n[lost_value]")));
        assert!(!is_refusal(&diagnostic("expected identifier, found reserved keyword `gen`")));
        assert_eq!(kind(&diagnostic("cannot find `x12`")), "cannot find `x`");
    }
}

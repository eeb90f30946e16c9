//! Running compiled programs, and reading what they report (see `support/report.rs`).

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

/// How a section ends.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    Values(Vec<f64>),
    /// File and line, and the message.
    Panic {
        place: String,
        message: String,
    },
    /// It ran too long, or ended the process.
    Lost,
}

/// The derivatives that the dual numbers give.
#[derive(Clone, PartialEq, Debug)]
pub struct Tangents {
    pub inputs: usize,
    /// Whether a derivative did not exist.
    pub kink: bool,
    /// The largest partial or tangent on the way.
    pub largest: f64,
    /// One for each number of the result and each input.
    pub rows: Vec<f64>,
    /// The same of the derivative in a direction, and the largest second derivative on the way.
    pub bent: Vec<f64>,
    pub largest_bent: f64,
}

/// What one version of a program did.
#[derive(Clone, PartialEq, Debug)]
pub struct Section {
    pub point: u32,
    pub name: String,
    /// What it printed.
    pub printed: String,
    pub outcome: Outcome,
    pub tangents: Option<Tangents>,
    /// The effects that were counted.
    pub count: u64,
}

/// What the programs did.
#[derive(Default, Debug)]
pub struct Report {
    pub sections: BTreeMap<u64, Vec<Section>>,
    /// The back end of each function of a program.
    pub backends: BTreeMap<u64, Vec<(String, String)>>,
}

/// Runs them all; after one that does not come back it goes on with the next.
pub fn run(executable: &Path, directory: &Path, numbers: &[u64]) -> Result<Report, String> {
    let mut report = Report::default();
    let mut from = numbers.first().copied().unwrap_or(0);
    loop {
        let path = directory.join("output");
        let file = File::create(&path).map_err(|error| error.to_string())?;
        Command::new(executable)
            .arg(from.to_string())
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(Stdio::null())
            .status()
            .map_err(|error| format!("{}: {error}", executable.display()))?;
        let bytes = std::fs::read(&path).map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&bytes);
        read(&text, &mut report);
        if text.trim_end().ends_with("@$") {
            return Ok(report);
        }
        let last = report.sections.keys().max().copied();
        match last.and_then(|last| numbers.iter().find(|number| **number > last)) {
            Some(next) => from = *next,
            None => return Ok(report),
        }
    }
}

fn read(text: &str, report: &mut Report) {
    let mut current: Option<(u64, Section)> = None;
    let mut finished = false;
    for line in text.lines() {
        if let Some(header) = line.strip_prefix("@@ ") {
            let mut words = header.split(' ');
            let mut word = || words.next().unwrap_or_default();
            let (program, point, name) = (word().parse(), word().parse(), word().to_owned());
            let (Ok(program), Ok(point)) = (program, point) else { continue };
            let section = Section {
                point,
                name,
                printed: String::new(),
                outcome: Outcome::Lost,
                tangents: None,
                count: 0,
            };
            current = Some((program, section));
            finished = false;
            continue;
        }
        if let Some(backend) = line.strip_prefix("@b ") {
            let mut words = backend.splitn(3, ' ');
            let mut word = || words.next().unwrap_or_default().to_owned();
            if let Ok(program) = word().parse() {
                report.backends.entry(program).or_default().push((word(), word()));
            }
            continue;
        }
        let Some((program, section)) = &mut current else { continue };
        if let Some(count) = line.strip_prefix("@. ") {
            section.count = count.parse().unwrap_or(u64::MAX);
            // The line feed before the result is not the program's.
            if section.printed.ends_with('\n') {
                section.printed.pop();
            }
            report.sections.entry(*program).or_default().push(section.clone());
            current = None;
        } else if let Some(values) = line.strip_prefix("@=") {
            section.outcome = Outcome::Values(values.split_whitespace().map(bits).collect());
            finished = true;
        } else if let Some(tangents) = line.strip_prefix("@| ") {
            let words: Vec<&str> = tangents.split(' ').collect();
            section.tangents = Some(Tangents {
                inputs: words[0].parse().unwrap_or(0),
                kink: words[1] == "true",
                largest: bits(words[2]),
                rows: words[3..].iter().map(|word| bits(word)).collect(),
                bent: Vec::new(),
                largest_bent: 0.0,
            });
        } else if let (Some(second), Some(tangents)) = (line.strip_prefix("@2 "), &mut section.tangents) {
            let mut words = second.split(' ');
            tangents.largest_bent = words.next().map_or(0.0, bits);
            tangents.bent = words.map(bits).collect();
        } else if let Some(panic) = line.strip_prefix("@! ") {
            let (place, message) = panic.split_once(' ').unwrap_or((panic, ""));
            section.outcome = Outcome::Panic { place: place.to_owned(), message: message.to_owned() };
            finished = true;
        } else if !finished {
            section.printed.push_str(line);
            section.printed.push('\n');
        }
    }
    if let Some((program, section)) = current {
        report.sections.entry(program).or_default().push(section);
    }
}

fn bits(word: &str) -> f64 {
    f64::from_bits(u64::from_str_radix(word, 16).unwrap_or(0x7ff8_dead_dead_dead))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_read() {
        let mut report = Report::default();
        let text = "\n@@ 3 0 plain\n~7\nx = 1\n\n@= 3ff0000000000000\n@. 2\n\n@@ 3 0 grad\n\n@! a3.rs:4 \"on purpose\"\n@. 0\n\
                    @b 3 f graph: this (line 2) is not compiled\n\n@@ 4 1 plain\n~1\n";
        read(text, &mut report);
        let sections = &report.sections[&3];
        assert_eq!(sections[0].outcome, Outcome::Values(vec![1.0]));
        assert_eq!((sections[0].printed.as_str(), sections[0].count), ("~7\nx = 1\n", 2));
        assert_eq!(
            sections[1].outcome,
            Outcome::Panic { place: "a3.rs:4".to_owned(), message: "\"on purpose\"".to_owned() }
        );
        assert_eq!(report.sections[&4][0].outcome, Outcome::Lost);
        assert_eq!(report.backends[&3][0].1, "graph: this (line 2) is not compiled");
    }
}

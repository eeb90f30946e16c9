//! A run of the machine: batches side by side, failures made small and written down.

use crate::compare::{Class, Verdict};
use crate::compile::Toolchain;
use crate::generate::program;
use crate::machine::{judge, judge_errors};
use crate::options::Options;
use crate::print::{Version, functions};
use crate::shrink::{Shrinking, outline, shrink};
use crate::state::State;
use crate::tally::{Entry, Tally};
use crate::tree::Program;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

type Judge = fn(&Toolchain, &Path, &[Program]) -> Result<Vec<Verdict>, String>;

/// What the batches share.
struct Shared<'a> {
    options: &'a Options,
    toolchain: &'a Toolchain,
    state: Mutex<State>,
    /// Outlines of failures that were written down.
    written: Mutex<BTreeSet<String>>,
    started: Instant,
}

/// Whether no program failed.
pub fn run(options: &Options) -> Result<bool, String> {
    let toolchain = Toolchain::prepare(options.release)?;
    if let Some(number) = options.only {
        return only(options, &toolchain, number);
    }
    let generator = fs::metadata(std::env::current_exe().unwrap_or_default()).map_or(0, |data| data.len());
    let identity = format!("{} {generator}", toolchain.identity());
    let state = State::open(&toolchain.directory, &name(options), &identity)?;
    let done: BTreeSet<u64> = state.entries.iter().map(|entry| entry.number).collect();
    if done.is_empty() {
        remove_failures(options, &toolchain);
    }
    fs::create_dir_all(failures(&toolchain)).map_err(|error| error.to_string())?;
    let wanted: Vec<u64> = (options.from..options.from + options.programs)
        .filter(|number| {
            let tags = || program(options.seed, *number, options.structs).tags();
            options.without.is_empty()
                || !tags().iter().any(|tag| options.without.iter().any(|name| name == tag))
        })
        .collect();
    if !options.without.is_empty() {
        println!("{} of {} programs have none of the constructs left out", wanted.len(), options.programs);
    }
    let left: Vec<u64> = wanted.iter().copied().filter(|number| !done.contains(number)).collect();
    let batches: Vec<&[u64]> = left.chunks(usize::try_from(options.batch).unwrap_or(150)).collect();
    let shared = Shared {
        options,
        toolchain: &toolchain,
        state: Mutex::new(state),
        written: Mutex::new(BTreeSet::new()),
        started: Instant::now(),
    };
    let next = AtomicUsize::new(0);
    let results: Vec<Result<(), String>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..options.jobs)
            .map(|job| {
                let (shared, next, batches) = (&shared, &next, &batches);
                scope.spawn(move || {
                    let directory =
                        shared.toolchain.directory.join(format!("work-{}-{job}", name(shared.options)));
                    while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                        finish(shared, &directory, batch)?;
                    }
                    Ok(())
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|_| Err("a worker panicked".to_owned())))
            .collect()
    });
    results.into_iter().collect::<Result<(), String>>()?;
    let state = shared.state.into_inner().map_err(|_| "a worker panicked")?;
    let mut tally = Tally::default();
    let range: BTreeSet<u64> = wanted.into_iter().collect();
    for entry in state.entries.iter().filter(|entry| range.contains(&entry.number)) {
        tally.add(entry);
    }
    println!("{}", tally.text());
    println!("in {:.0} s", shared.started.elapsed().as_secs_f64());
    Ok(!tally.fails())
}

/// The name of a run in file names.
fn name(options: &Options) -> String {
    let structs = if options.structs { "structs-" } else { "" };
    format!("{}{structs}{}", if options.release { "optimised-" } else { "" }, options.seed)
}

/// Removes what an earlier run of this name has left.
fn remove_failures(options: &Options, toolchain: &Toolchain) {
    let Ok(files) = fs::read_dir(failures(toolchain)) else { return };
    let run = format!("-{}-", name(options));
    for file in files.flatten() {
        let file_name = file.file_name().to_string_lossy().into_owned();
        if file_name.split_once(&run).is_some_and(|(before, _)| !before.contains('-')) {
            let _ = fs::remove_file(file.path());
        }
    }
}

fn failures(toolchain: &Toolchain) -> std::path::PathBuf {
    toolchain.directory.join("failures")
}

fn only(options: &Options, toolchain: &Toolchain, number: u64) -> Result<bool, String> {
    let program = program(options.seed, number, options.structs);
    println!("{}", formatted(&functions(&program, Version::Annotated)));
    for (index, parameter) in program.parameters.iter().enumerate() {
        println!("// argument {index}: {}", parameter.arguments.join("; "));
    }
    let verdicts = judge(toolchain, &toolchain.directory.join("only"), &[program])?;
    println!("{}: {}\n{}", verdicts[0].class, verdicts[0].kind, verdicts[0].detail);
    Ok(!verdicts[0].class.fails())
}

/// A batch from its numbers to the state file.
fn finish(shared: &Shared, directory: &Path, numbers: &[u64]) -> Result<(), String> {
    let programs: Vec<Program> =
        numbers.iter().map(|number| program(shared.options.seed, *number, shared.options.structs)).collect();
    let verdicts = judge(shared.toolchain, directory, &programs)?;
    let entries: Vec<Entry> = programs
        .iter()
        .zip(&verdicts)
        .map(|(program, verdict)| Entry {
            number: program.number,
            class: verdict.class,
            kind: verdict.kind.clone(),
            tags: program.tags().into_iter().map(str::to_owned).collect(),
        })
        .collect();
    let right = verdicts.iter().filter(|verdict| verdict.class == Class::Compiled).count();
    eprintln!(
        "programs {} to {}: {right} of {} compiled and right ({:.0} s)",
        numbers[0],
        numbers[numbers.len() - 1],
        numbers.len(),
        shared.started.elapsed().as_secs_f64()
    );
    shared.state.lock().map_err(|_| "a worker panicked")?.add(entries)?;
    make_small(shared, directory, programs, verdicts)
}

fn make_small(
    shared: &Shared,
    directory: &Path,
    programs: Vec<Program>,
    verdicts: Vec<Verdict>,
) -> Result<(), String> {
    let mut counts: BTreeMap<(Class, String), usize> = BTreeMap::new();
    let mut shrinking = Vec::new();
    let mut failing: Vec<(Program, Verdict)> = programs
        .into_iter()
        .zip(verdicts)
        .filter(|(_, verdict)| verdict.class != Class::Compiled)
        .filter(|(_, verdict)| verdict.class != Class::Graph || shared.options.graph)
        .collect();
    failing.sort_by_key(|(program, _)| program.root.text().len());
    for (program, verdict) in failing {
        let count = counts.entry((verdict.class, verdict.kind.clone())).or_default();
        *count += 1;
        let silent = matches!(
            verdict.class,
            Class::WrongValue
                | Class::WrongGradient
                | Class::PanicDiffers
                | Class::EffectsDiffer
                | Class::Lost
        );
        if *count <= shared.options.shrink * if silent { 4 } else { 1 } {
            shrinking.push((program.number, Shrinking::new(program, verdict)));
        }
    }
    let directory = directory.join("shrink");
    let in_chunks = |programs: Vec<Program>, judge: Judge| -> Result<Vec<Verdict>, String> {
        let mut verdicts = Vec::new();
        for chunk in programs.chunks(300) {
            verdicts.extend(judge(shared.toolchain, &directory, chunk)?);
        }
        Ok(verdicts)
    };
    shrinking.sort_by_key(|(_, failure)| failure.is_of_compilation());
    let runs = shrinking.partition_point(|(_, failure)| !failure.is_of_compilation());
    let (running, compiling) = shrinking.split_at_mut(runs);
    shrink(compiling, &mut |programs| in_chunks(programs, judge_errors))?;
    shrink(running, &mut |programs| in_chunks(programs, judge))?;
    for (number, failure) in shrinking {
        write(shared, number, &failure)?;
    }
    Ok(())
}

/// Writes a small failure, unless one like it was written.
fn write(shared: &Shared, number: u64, failure: &Shrinking) -> Result<(), String> {
    let source = formatted(&functions(&failure.program, Version::Annotated));
    let class = failure.verdict.class;
    let outline = format!("{class} {} {}", failure.verdict.kind, outline(&source));
    if !shared.written.lock().map_err(|_| "a worker panicked")?.insert(outline) {
        return Ok(());
    }
    let mut text = format!(
        "// {class}: {}\n// program {number} of seed {}{}\n",
        failure.verdict.kind,
        shared.options.seed,
        if shared.options.release { ", optimised" } else { "" }
    );
    for line in failure.verdict.detail.lines() {
        let _ = writeln!(text, "// {line}");
    }
    for parameter in &failure.program.parameters {
        let arguments: Vec<String> = parameter
            .arguments
            .iter()
            .map(|argument| crate::print::convert(argument, Version::Plain))
            .collect();
        let _ = writeln!(text, "// {} = {}", parameter.pattern, arguments.join(" or "));
    }
    text.push_str("use gradus::{Activations, differentiable, stop_gradient};\n");
    text.push_str(&source);
    let file = format!("{}-{}-{number}.rs", class.to_string().replace(' ', "_"), name(shared.options));
    fs::write(failures(shared.toolchain).join(file), text).map_err(|error| error.to_string())
}

/// By rustfmt, if it is there.
fn formatted(source: &str) -> String {
    let child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config", "max_width=140"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return source.to_owned() };
    if let Some(mut input) = child.stdin.take() {
        use std::io::Write as _;
        let _ = input.write_all(source.as_bytes());
    }
    match child.wait_with_output() {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).into_owned(),
        _ => source.to_owned(),
    }
}

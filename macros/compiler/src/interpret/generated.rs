//! Generated programs, through the whole compiler and the interpreter.

use super::datum::{Datum, Stop};
use super::differential::{Passed, tried};
use super::generate::{LENGTH, Random, program};
use super::module::Module;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How many programs a run tries. `.ci/long` tries those that follow.
const PROGRAMS: u64 = 700;

/// What became of the programs.
#[derive(Default)]
struct Tally {
    compared: usize,
    second: usize,
    fallbacks: BTreeMap<&'static str, usize>,
    skipped: BTreeMap<String, usize>,
    /// Where differences tell another slope than forward mode.
    apart: Vec<u64>,
    differences: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.compared += other.compared;
        self.second += other.second;
        self.differences += other.differences;
        other.fallbacks.into_iter().for_each(|(why, count)| *self.fallbacks.entry(why).or_default() += count);
        other.skipped.into_iter().for_each(|(why, count)| *self.skipped.entry(why).or_default() += count);
        self.apart.extend(other.apart);
        self.wrong.extend(other.wrong);
    }
}

fn arguments(random: &mut Random) -> Vec<Datum> {
    let mut list = |length: usize| Datum::List((0..length).map(|_| Datum::from(random.number())).collect());
    let (scalars, xs, v) = (list(2), list(LENGTH), list(3));
    let Datum::List(mut arguments) = scalars else { return Vec::new() };
    arguments.extend([xs, v, Datum::from(random.below(4))]);
    arguments
}

fn try_program(seed: u64, tally: &mut Tally) {
    let text = program(seed);
    let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
    let module = Module::of(&file);
    let unit = &module.units["f"];
    if let Err(why) = &unit.joint {
        *tally.fallbacks.entry(why.name()).or_default() += 1;
        return;
    }
    let mut random = Random(!seed);
    for _ in 0..=seed % 2 {
        let arguments = arguments(&mut random);
        match tried(&module, unit, &arguments) {
            Ok(Passed::Compared(_, second)) => {
                tally.compared += 1;
                tally.second += usize::from(second);
            }
            Ok(Passed::Skipped(why)) => *tally.skipped.entry(why).or_default() += 1,
            Err(complaint) => tally.wrong.push(format!("seed {seed} at {arguments:?}: {complaint}\n{text}")),
        }
        if !seed.is_multiple_of(4) {
            continue;
        }
        match agrees_with_differences(&module, &arguments, &mut random) {
            Ok(true) => tally.differences += 1,
            Ok(false) => tally.apart.push(seed),
            Err(_) => {}
        }
    }
}

/// Whether the slope in a direction is that of differences, with one of several steps. Where a program jumps or bends nearby
/// it need not be.
fn agrees_with_differences(module: &Module, arguments: &[Datum], random: &mut Random) -> Result<bool, Stop> {
    let unit = &module.units["f"];
    let mut direction = Vec::new();
    let mut start = arguments.to_vec();
    for argument in &mut start {
        argument.numbers(&mut |number| {
            direction.push(random.number());
            number.active = true;
            number.tangent[0] = direction[direction.len() - 1];
        });
    }
    let slope: f64 = module.plain(unit, &start)?.flat().iter().map(|number| number.tangent[0]).sum();
    let at = |step: f64| {
        let mut moved = arguments.to_vec();
        let mut along = direction.iter();
        for argument in &mut moved {
            argument.numbers(&mut |number| number.value += step * along.next().unwrap_or(&0.0));
        }
        let value = module.plain(unit, &moved)?;
        Ok::<f64, Stop>(value.flat().iter().map(|number| number.value).sum())
    };
    for step in [1e-3, 1e-4, 1e-5, 1e-6] {
        let (above, below) = (at(step)?, at(-step)?);
        let difference = (above - below) / (2.0 * step);
        if (difference - slope).abs() <= 1e-5 * slope.abs().max(1.0) || !slope.is_finite() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn try_all(seeds: impl Iterator<Item = u64>) -> Tally {
    let mut tally = Tally::default();
    for seed in seeds {
        let mut one = Tally::default();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| try_program(seed, &mut one))) {
            let message = panic.downcast_ref::<String>().cloned().unwrap_or_default();
            one.wrong.push(format!("seed {seed}: {message}\n{}", program(seed)));
        }
        tally.add(one);
        // Nobody needs the places of this program any more.
        proc_macro2::extra::invalidate_current_thread_spans();
    }
    tally
}

/// On as many threads as there are processors.
fn try_range(start: u64, end: u64) -> Tally {
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
        let part = |thread: u64| move || try_all((start..end).filter(|seed| seed % threads == thread));
        let parts: Vec<_> = (0..threads).map(|thread| scope.spawn(part(thread))).collect();
        let mut tally = Tally::default();
        parts.into_iter().for_each(|part| tally.add(part.join().expect("a tally")));
        tally
    })
}

fn report(tally: &Tally) {
    println!("{} comparisons, {} of them in the second order", tally.compared, tally.second);
    tally.fallbacks.iter().for_each(|(why, count)| println!("{count} not compiled: {why}"));
    tally.skipped.iter().for_each(|(why, count)| println!("{count} skipped: {why}"));
    println!(
        "differences agree {} times, and not {} times: {:?}",
        tally.differences,
        tally.apart.len(),
        tally.apart
    );
    println!("{} wrong", tally.wrong.len());
}

#[test]
fn generated_programs_are_differentiated_as_forward_mode_does() {
    let tally = try_range(0, PROGRAMS);
    report(&tally);
    let shortest = tally.wrong.iter().min_by_key(|complaint| complaint.len());
    assert!(
        tally.wrong.is_empty(),
        "{} are wrong; the shortest:\n{}",
        tally.wrong.len(),
        shortest.map_or("", |s| s)
    );
    let compared = tally.compared as u64;
    assert!(tally.second as u64 >= PROGRAMS / 2, "only {} in the second order", tally.second);
    assert!(compared >= PROGRAMS, "only {compared} comparisons of {PROGRAMS} programs");
}

/// More of them: `SEEDS=10000..20000 cargo test -p gradus-compiler generated -- --ignored`.
#[test]
#[ignore = "as long as one likes"]
fn more_generated_programs() {
    let seeds = std::env::var("SEEDS").unwrap_or_else(|_| "700..10000".to_owned());
    let (start, end) = seeds.split_once("..").expect("a range of seeds");
    let tally = try_range(start.parse().expect("a number"), end.parse().expect("a number"));
    report(&tally);
    let mut wrong = tally.wrong.clone();
    wrong.sort_by_key(String::len);
    wrong.iter().take(30).for_each(|complaint| println!("{complaint}\n"));
    assert!(wrong.is_empty(), "{} are wrong", wrong.len());
}

/// One program from a file, with what the compiler makes of it: `PROGRAM=path cargo test -p gradus-compiler one_program --
/// --ignored --nocapture`.
#[test]
#[ignore = "for a program at hand"]
fn one_program() {
    let path = std::env::var("PROGRAM").expect("the path of a program");
    let file = syn::parse_file(&std::fs::read_to_string(path).expect("a readable file")).expect("Rust");
    let module = Module::of(&file);
    let unit = &module.units["f"];
    match &unit.joint {
        Ok(program) => println!("{program}"),
        Err(why) => println!("not compiled: {}", why.construct()),
    }
    if let Some(program) = &unit.second {
        println!("with second derivatives:\n{program}");
    }
    for seed in 0..3 {
        println!("{:?}", tried(&module, unit, &arguments(&mut Random(seed))));
    }
}

//! Running programs: what each prints, what it gives, how it panics. The machine reads this from standard output.
//!
//! A line `@@ program point section` begins a section; what follows is the program's own, up to a line feed that does not
//! belong to it and a line that begins with `@=` (values), `@|` (tangents), `@2` (second derivatives) or `@!` (a panic).

use super::dual::{D, WIDTH, extremes, largest_bent, reset};
use super::flat::Flat;
use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

thread_local! {
    static INPUTS: Cell<usize> = const { Cell::new(0) };
    static COUNT: Cell<usize> = const { Cell::new(0) };
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

static SECTIONS: AtomicU64 = AtomicU64::new(0);

/// The next input of the program.
pub fn input(value: f64) -> D {
    let index = INPUTS.get();
    INPUTS.set(index + 1);
    assert!(index < WIDTH, "more inputs than a dual number has room for");
    D::input(value, index)
}

/// An effect.
pub fn note(tag: u32) {
    println!("~{tag}");
}

/// An effect, and the number that was given.
pub fn noted<T: Copy + std::fmt::Debug>(number: T) -> T {
    println!("~{number:?}");
    number
}

/// How often it was called in this section.
pub fn count() -> usize {
    COUNT.set(COUNT.get() + 1);
    COUNT.get()
}

/// Counts from the beginning, as every section does.
pub fn recount() {
    COUNT.set(0);
}

/// Like [`count`], without the number.
pub fn counted() {
    count();
}

/// How a function's gradient is computed.
pub fn report_backend(program: u64, function: &str, backend: impl std::fmt::Display) {
    println!("@b {program} {function} {backend}");
}

/// Runs a version of a program.
pub fn section<T: Flat>(program: u64, point: u32, name: &str, run: impl FnOnce() -> T) {
    SECTIONS.fetch_add(1, Ordering::Relaxed);
    INPUTS.set(0);
    COUNT.set(0);
    reset();
    println!("\n@@ {program} {point} {name}");
    let outcome = catch_unwind(AssertUnwindSafe(run));
    let mut line = String::from("\n");
    match outcome {
        Ok(value) => {
            let (mut values, mut derived) = (Vec::new(), Vec::new());
            value.flatten(&mut values, &mut derived);
            line.push_str("@=");
            for value in values {
                let _ = write!(line, " {:016x}", value.to_bits());
            }
            if name == "dual" {
                let (kink, largest) = extremes();
                let _ = write!(line, "\n@| {} {kink} {:016x}", INPUTS.get(), largest.to_bits());
                for number in &derived {
                    write_all(&mut line, &number.tangent);
                }
                let _ = write!(line, "\n@2 {:016x}", largest_bent().to_bits());
                for number in &derived {
                    write_all(&mut line, &number.bent);
                }
            }
        }
        Err(_) => {
            let _ = write!(line, "@! {}", PANIC.with_borrow(Clone::clone));
        }
    }
    println!("{line}\n@. {}", COUNT.get());
}

/// As many components as the program has inputs.
fn write_all(line: &mut String, components: &[f64; WIDTH]) {
    for component in &components[..INPUTS.get()] {
        let _ = write!(line, " {:016x}", component.to_bits());
    }
}

/// Prepares for sections: panics are kept instead of shown, and a program that does not end is ended.
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        let message = if let Some(text) = info.payload().downcast_ref::<&str>() {
            (*text).to_owned()
        } else if let Some(text) = info.payload().downcast_ref::<String>() {
            text.clone()
        } else {
            "no message".to_owned()
        };
        let place = info.location().map_or(String::new(), |place| {
            let file = place.file().rsplit('/').next().unwrap_or_default();
            format!("{file}:{}", place.line())
        });
        PANIC.with_borrow_mut(|panic| *panic = format!("{place} {message:?}"));
    }));
    std::thread::spawn(|| {
        let mut seen = 0;
        loop {
            std::thread::sleep(Duration::from_millis(1500));
            let now = SECTIONS.load(Ordering::Relaxed);
            if now == seen {
                println!("\n@? too long");
                let _ = std::io::stdout().flush();
                std::process::exit(3);
            }
            seen = now;
        }
    });
}

/// The end of all programs.
pub fn finish() {
    println!("@$");
    let _ = std::io::stdout().flush();
    std::process::exit(0);
}

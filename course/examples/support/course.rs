//! What the lessons of the course have in common: a page each, and an exercise at the end.

use gradus::Trace;
use std::path::Path;
use std::{fs, io};

/// Writes the page of a lesson, `target/course/LESSON.html`, and says where it lies.
pub fn save_page(trace: &Trace, lesson: &str) -> io::Result<()> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).join("target/course");
    fs::create_dir_all(&folder)?;
    let page = folder.join(format!("{lesson}.html"));
    trace.save_html(&page)?;
    println!("\nTo step through it, open in a browser\n    {}", page.display());
    Ok(())
}

/// Says what the exercise is, and how to see whether it is solved.
pub fn announce_exercise(lesson: &str, task: &str) {
    println!("\nExercise: {task}");
    println!("It is solved when this passes:\n    cargo test --example {lesson} -- --ignored");
    println!("Solutions are in course/examples/solutions.");
}

/// Holds a number of the reader's solution against the right one.
///
/// # Panics
///
/// If they are further apart than `tolerance`: with both, and with what is wrong where the number is that of one of these
/// mistakes.
#[track_caller]
#[allow(dead_code, reason = "the answer of lesson 3 is an order, not a number")]
pub fn expect(what: &str, yours: f64, right: f64, tolerance: f64, mistakes: &[(f64, &str)]) {
    let same = |a: f64, b: f64| a == b || (a - b).abs() <= tolerance || a.is_nan() && b.is_nan();
    if same(yours, right) {
        return;
    }
    // A mistake whose number happens to be the right one here says nothing.
    let known = mistakes.iter().find(|(number, _)| same(yours, *number) && !same(*number, right));
    let why = known.map_or(String::new(), |(_, why)| format!("\n    {why}"));
    panic!("{what}\n    your number:  {yours}\n    right number: {right}{why}");
}

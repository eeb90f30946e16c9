//! What the lessons of the course have in common: a page each, and an exercise at the end.

use gradus::Trace;
use std::path::Path;
use std::{fs, io};

/// Writes the page of a lesson, `target/course/LESSON.html`, and says where it lies.
pub fn save_page(trace: &Trace, lesson: &str) -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/course");
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
    println!("Solutions lie in examples/solutions.");
}

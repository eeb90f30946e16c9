//! The engine can be read in one sitting, and the tour through it tells the truth.

const FILES: [(&str, &str); 5] = [
    ("table.rs", include_str!("../ops/src/table.rs")),
    ("value.rs", include_str!("../src/value.rs")),
    ("graph.rs", include_str!("../src/graph.rs")),
    ("arena.rs", include_str!("../src/arena.rs")),
    ("sweep.rs", include_str!("../src/sweep.rs")),
];
const TOUR: &str = include_str!("../src/reading.rs");

/// All lines count: code, documentation, and blank ones. There are no tests among them.
#[test]
fn the_three_files_have_fewer_than_700_lines() {
    let engine = &FILES[..3];
    assert!(engine.iter().all(|(_, text)| !text.contains("#[test]") && !text.contains("cfg(test)")));
    let lines: usize = engine.iter().map(|(_, text)| text.lines().count()).sum();
    assert!(lines < 700, "{lines} lines");
}

#[test]
fn what_the_tour_quotes_stands_in_the_source() {
    let tour: Vec<&str> = TOUR
        .lines()
        .filter_map(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let tour = tour.join("\n");
    let quotes: Vec<&str> =
        tour.split("```text\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(quotes.len() >= 6, "{} quotes", quotes.len());
    for quote in quotes {
        let (file, lines) = quote.split_once('\n').expect("a line with the file's name");
        let file = file.strip_prefix("// ").expect("the file's name");
        let (_, source) = FILES.iter().find(|(name, _)| *name == file).expect("a file that there is");
        assert!(source.contains(lines), "`{file}` has no such lines:\n{lines}");
    }
}

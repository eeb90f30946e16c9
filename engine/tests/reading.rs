//! The engine can be read in one sitting, and the tour through it tells the truth.

const FILES: [(&str, &str); 6] = [
    ("table.rs", include_str!("../ops/src/table.rs")),
    ("graph/value.rs", include_str!("../src/graph/value.rs")),
    ("graph/operators.rs", include_str!("../src/graph/operators.rs")),
    ("graph/mod.rs", include_str!("../src/graph/mod.rs")),
    ("arena/mod.rs", include_str!("../src/arena/mod.rs")),
    ("arena/sweep.rs", include_str!("../src/arena/sweep.rs")),
];
const TOUR: &str = include_str!("../src/reading.rs");

/// All lines count: code, documentation, and blank ones. There are no tests among them.
#[test]
fn the_four_files_have_fewer_than_800_lines() {
    let engine = &FILES[..4];
    assert!(engine.iter().all(|(_, text)| !text.contains("#[test]") && !text.contains("cfg(test)")));
    let lines: usize = engine.iter().map(|(_, text)| text.lines().count()).sum();
    assert!(lines < 800, "{lines} lines");
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

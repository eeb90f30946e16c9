//! The README says what is printed: its listing against the one that its first example prints.

use gradus::differentiable;

const README: &str = include_str!("../README.md");

#[differentiable]
fn neuron(x: &[f64], w: &[f64], b: f64) -> f64 {
    let mut n = b;
    for (x, w) in x.iter().zip(w) {
        n += w * x;
    }
    n.tanh()
}

/// The blocks of this kind, without their fences.
fn blocks(kind: &str) -> impl Iterator<Item = &'static str> {
    let fence = format!("```{kind}\n");
    README.split("\n```\n").filter_map(move |part| part.split_once(&fence).map(|(_, block)| block))
}

/// A line of a listing without the file's line numbers.
fn without_margin(line: &str) -> &str {
    line.split_once("│ ").map_or(line.trim_start(), |(_, text)| text)
}

#[test]
fn the_example_is_this_files() {
    let example = blocks("rust").next().expect("an example");
    assert!(example.contains(neuron::SOURCE), "{example}\n\nis not\n\n{}", neuron::SOURCE);
}

#[test]
fn the_listing_is_the_one_printed() {
    let shown = blocks("text").next().expect("a listing");
    let printed = neuron_graph(&[2.0, 0.0], &[-3.0, 1.0], 6.881373587019543).to_string();
    // The heading names the file.
    let printed: Vec<_> = printed.lines().skip(2).map(without_margin).collect();
    let shown: Vec<_> = shown.lines().map(str::trim_end).collect();
    let trimmed = |lines: &[&str]| lines.iter().map(|line| line.trim_start().to_owned()).collect::<Vec<_>>();
    assert_eq!(trimmed(&shown), trimmed(&printed));
}

/// A section of the engine's `Cargo.toml`: what stands on each line left and right of the `=`.
fn section(name: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let (_, rest) =
        include_str!("../engine/Cargo.toml").split_once(&format!("\n[{name}]\n")).expect("the section");
    let section = rest.split("\n[").next().unwrap_or_default();
    section.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "))
}

#[test]
fn the_table_of_features_is_that_of_the_package() {
    let default = section("features").find(|(name, _)| *name == "default").expect("the default").1;
    let rows: Vec<String> = section("features")
        .filter(|(name, _)| *name != "default")
        .map(|(name, needs)| {
            let by_default = if default.contains(&format!("\"{name}\"")) { ", on by default" } else { "" };
            let needs = needs.trim_matches(['[', ']']).replace("dep:", "").replace('"', "`");
            format!("| `{name}`{by_default} | … | {needs} |")
        })
        .collect();
    for text in [README, include_str!("../engine/src/lib.rs")] {
        let lines = text.lines().map(|line| line.trim_start_matches("//! "));
        let table = lines.skip_while(|line| *line != "| feature | gives | depends on |").skip(2);
        let told: Vec<String> = table
            .take_while(|line| line.starts_with('|'))
            .map(|row| {
                let cells: Vec<&str> = row.split(" | ").collect();
                format!("{} | … | {}", cells[0], cells[2])
            })
            .collect();
        assert_eq!(told, rows);
    }
    let always = section("dependencies").filter(|(_, needs)| !needs.contains("optional = true"));
    assert_eq!(always.map(|(name, _)| name).collect::<Vec<_>>(), ["gradus-ops", "gradus-macros"]);
}

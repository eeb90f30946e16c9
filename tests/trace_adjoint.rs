//! The listing with the adjoint: every statement of `NAME::ADJOINT_SOURCE` stands once, under the line that it was made of.
//! How that looks is kept in `trace_adjoint/`, for functions whose adjoints are compiled and run by `adjoint_source.rs`.

#[path = "adjoint_source/branch.rs"]
#[allow(clippy::pedantic, reason = "written as people write it")]
mod branch;
#[path = "adjoint_source/calls.rs"]
#[allow(clippy::pedantic, reason = "written as people write it")]
mod calls;
#[path = "adjoint_source/recorded_loop.rs"]
#[allow(clippy::pedantic, reason = "written as people write it")]
mod growth;
#[path = "adjoint_source/on_the_graph.rs"]
#[allow(clippy::pedantic, reason = "written as people write it")]
mod kept;
#[path = "adjoint_source/straight_line.rs"]
#[allow(clippy::pedantic, reason = "written as people write it")]
mod neuron;
#[path = "adjoint_source/stores.rs"]
#[allow(clippy::pedantic, reason = "written as people write it")]
mod stores;

use gradus::differentiable;
use gradus::trace::Trace;
use std::collections::BTreeMap;
use std::path::Path;

const WIDTHS: [usize; 4] = [40, 80, 100, 200];

/// A trace of each function.
fn traces() -> Vec<(&'static str, Trace)> {
    vec![
        ("straight_line", neuron::neuron_graph(0.5, -0.25, 1.5, 0.125)),
        ("branch", branch::tax_graph(0.5, 0.25)),
        ("recorded_loop", growth::growth_graph(&[0.5, -1.0, 0.25], 100.0)),
        ("stores", stores::smoothed_graph(&[1.0, 2.0, -0.5, 3.0], 0.75)),
        ("on_the_graph", kept::gains_graph(&[0.5, -1.0, 0.25])),
    ]
}

/// `GRADUS_TEXTS=overwrite` writes them anew.
#[test]
fn golden_listings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trace_adjoint");
    let overwrite = std::env::var("GRADUS_TEXTS").is_ok_and(|wish| wish == "overwrite");
    for (name, trace) in traces() {
        let listing = trace.listing().with_adjoint().to_string();
        // The first line tells the path, which is written differently on other systems.
        let (_, listing) = listing.split_once('\n').expect("a first line");
        let path = folder.join(format!("{name}.txt"));
        if overwrite {
            std::fs::write(&path, listing).expect("a writable folder");
        }
        let golden = std::fs::read_to_string(&path).expect("a golden text");
        assert_eq!(listing, golden, "{name}: GRADUS_TEXTS=overwrite writes it anew");
    }
}

/// The statements of the two sweeps.
type Sweeps = [Vec<String>; 2];

/// What the text of an adjoint holds, without the comments that the listing does without.
fn told(text: &str) -> Sweeps {
    let (forward, reverse) = text.split_once("// Reverse sweep").expect("two sweeps");
    let (_, reverse) = reverse.split_once('\n').expect("statements");
    let is_heading =
        |line: &str| line.starts_with("// Forward sweep") || line.contains(" | ") && line.starts_with("// ");
    [forward, reverse].map(|sweep| {
        let lines = sweep.lines().map(str::trim).filter(|line| !line.is_empty() && !is_heading(line));
        lines.map(str::to_owned).collect()
    })
}

/// What a listing shows under each line of the source; one function must be all that ran.
fn shown(listing: &str) -> BTreeMap<u32, Sweeps> {
    let mut blocks: BTreeMap<u32, Sweeps> = BTreeMap::new();
    let mut line = 0;
    for row in listing.lines() {
        if let Some((number, _)) = row.split_once(" │") {
            line = number.trim().parse().expect("a line number");
            continue;
        }
        let (left, right) = row.split_once("← ").map_or((row, None), |(left, right)| (left, Some(right)));
        let left = left.trim_start().strip_prefix("→ ");
        for (sweep, statement) in [left, right].into_iter().enumerate() {
            let statement = statement.map(str::trim).filter(|statement| *statement != "…");
            blocks.entry(line).or_default()[sweep].extend(statement.map(str::to_owned));
        }
    }
    blocks
}

#[test]
fn every_statement_is_shown_once_at_every_width() {
    for (name, trace) in traces().into_iter().filter(|(name, _)| *name != "on_the_graph") {
        let mut told = told(trace.source().adjoint);
        told.iter_mut().for_each(|sweep| sweep.sort());
        for width in WIDTHS {
            let blocks = shown(&trace.listing().with_adjoint().width(width).to_string());
            let mut all = [0, 1]
                .map(|sweep| blocks.values().flat_map(|block| block[sweep].clone()).collect::<Vec<_>>());
            all.iter_mut().for_each(|sweep| sweep.sort());
            assert_eq!(all, told, "{name} at {width} columns");
        }
    }
}

/// Without loops and branches, the text is had back: forward from the top, reverse from the bottom.
#[test]
fn one_sweep_is_read_downward_and_the_other_upward() {
    let trace = neuron::neuron_graph(0.5, -0.25, 1.5, 0.125);
    let [forward, reverse] = told(neuron::neuron::ADJOINT_SOURCE);
    for width in WIDTHS {
        let blocks = shown(&trace.listing().with_adjoint().width(width).to_string());
        let downward: Vec<_> = blocks.values().flat_map(|block| block[0].clone()).collect();
        let upward: Vec<_> = blocks.values().rev().flat_map(|block| block[1].clone()).collect();
        assert_eq!((downward, upward), (forward.clone(), reverse.clone()));
    }
}

#[test]
fn the_width_is_kept_where_a_statement_is_not_wider_itself() {
    for (name, trace) in traces() {
        for width in WIDTHS {
            let listing = trace.listing().with_adjoint().width(width).to_string();
            for row in listing.lines().filter(|row| row.contains('→') && row.contains('←')) {
                assert!(row.chars().count() <= width, "{name}: {row}");
            }
            let beside = listing.lines().any(|row| row.contains('→') && row.contains('←'));
            // At 80 columns it depends on the statements.
            if width != 80 {
                assert_eq!(
                    beside,
                    width > 40 && name != "on_the_graph",
                    "{name} at {width} columns:\n{listing}"
                );
            }
        }
    }
}

#[test]
fn colour_changes_no_character() {
    for (name, trace) in traces() {
        let coloured = trace.listing().with_adjoint().colour(true).to_string();
        let mut pieces = coloured.split('\u{1b}');
        let first = pieces.next().unwrap_or_default().to_owned();
        let rest = pieces.map(|piece| piece.split_once('m').expect("the end of an escape").1);
        assert_eq!(first + &rest.collect::<String>(), trace.listing().with_adjoint().to_string(), "{name}");
    }
}

/// Of each function that ran, its own; and nothing where it is not asked for.
#[test]
fn functions_that_were_called_show_theirs() {
    let trace = calls::energy_graph(&[3.0, 4.0], 1.5, 3);
    let listing = trace.listing().with_adjoint().to_string();
    for name in ["energy", "square", "length"] {
        assert!(listing.contains(&format!("→ pub fn {name}_grad_add(")), "{listing}");
    }
    assert!(!trace.to_string().contains(['→', '←']));
}

/// What comes after a branch on the line on which the branch ends is no part of it.
#[differentiable]
#[rustfmt::skip]
fn hinged(x: f64) -> f64 {
    (if x > 0.0 {
        x.ln()
    } else { x.exp() }) + (x.sin()
        + x)
}

#[test]
fn a_statement_after_a_block_stands_at_its_own_line() {
    let trace = hinged_graph(2.0);
    let text = trace.source().text;
    let index = text.lines().position(|line| line.contains("x.sin()")).expect("the line");
    let line = trace.source().line + u32::try_from(index).expect("a short text");
    let blocks = shown(&trace.listing().with_adjoint().to_string());
    let holds =
        |line: u32, words: &str| blocks[&line].iter().flatten().any(|statement| statement.contains(words));
    let sine = |line: &u32| holds(*line, "sin");
    assert_eq!(blocks.keys().copied().filter(sine).collect::<Vec<_>>(), [line], "{}", hinged::ADJOINT_SOURCE);
    assert!(holds(line, "exp"));
}

/// ∂(x³)/∂x = 3x².
fn cube_partials(x: f64) -> f64 {
    3.0 * x * x
}

#[differentiable(partials = cube_partials)]
fn cube(x: f64) -> f64 {
    x * x * x
}

#[test]
fn where_there_is_no_text_of_an_adjoint_the_reason_is_told() {
    let listing = cube_graph(2.0).listing().with_adjoint().to_string();
    let reason = "`cube` is an operation of its own: its derivatives are what `cube_partials` gives.";
    assert!(listing.lines().any(|line| line == reason), "{listing}");

    let gradus::Backend::Graph { construct, help, line } = kept::gains::BACKEND else {
        panic!("on the graph")
    };
    let wide = kept::gains_graph(&[0.5, -1.0, 0.25]).listing().with_adjoint().width(400).to_string();
    let reason = wide.lines().nth(2).expect("the reason");
    assert!(
        reason.ends_with(&format!("the reason is {construct}, in line {line}. To have it compiled: {help}.")),
        "{reason}"
    );
    let narrow = kept::gains_graph(&[0.5, -1.0, 0.25]).listing().with_adjoint().width(40).to_string();
    let lines: Vec<&str> = narrow.lines().skip(2).take_while(|line| !line.is_empty()).collect();
    assert_eq!(lines.join(" "), reason);
    assert!(lines.iter().all(|line| line.chars().count() <= 40), "{lines:?}");
}

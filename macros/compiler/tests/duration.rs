//! How long an expansion takes. The goal: a function of a hundred lines in less than 20 ms.
//!
//! It takes 17 ms on a core of an AMD EPYC where this crate alone is optimised, as by `cargo test --release`: cargo builds what
//! macros are made of without optimisation, unless `build-override` of a profile says otherwise. With it the same takes 9 ms,
//! and without any optimisation, as in most users' builds, 39 ms.

use gradus_compiler::expand;
use proc_macro2::TokenStream;
use std::fmt::Write as _;
use std::time::Instant;

/// Ten lines of everyday numerics; `k` tells them apart.
fn paragraph(k: usize) -> String {
    format!(
        "    let rate{k} = x * y + {k}.0;
    let mut sum{k} = 0.0;
    for (i, v) in xs.iter().enumerate() {{
        let scaled = v * rate{k} / (i + 1) as f64;
        sum{k} += if scaled > 1.0 {{ scaled.sqrt() }} else {{ scaled * scaled }};
    }}
    let mut state{k} = [sum{k}, rate{k}, y];
    state{k}[n % 3] *= xs.iter().map(|v| (v - sum{k}).exp()).sum::<f64>();
    let part{k} = state{k}[0].tanh() * state{k}[1] + state{k}[2].sin();
    total += part{k} * x;
"
    )
}

/// A function of a hundred lines.
fn function() -> String {
    let mut text =
        String::from("fn long(x: f64, y: f64, xs: &[f64], n: usize) -> f64 {\n    let mut total = 0.0;\n");
    (0..9).for_each(|k| text.push_str(&paragraph(k)));
    for k in 0..6 {
        let _ = writeln!(text, "    total += (x + {k}.5).ln() * y.cos();");
    }
    text.push_str("    total\n}\n");
    text
}

/// Prints the median of many expansions: `cargo test --release -p gradus-compiler --test duration -- --ignored --nocapture`.
#[test]
#[ignore = "a figure, of the release build"]
fn of_a_hundred_lines() {
    let text = function();
    assert_eq!(text.lines().count(), 100);
    let tokens: TokenStream = text.parse().expect("tokens");
    let mut times: Vec<_> = (0..51)
        .map(|_| {
            let start = Instant::now();
            let expanded = expand(TokenStream::new(), &tokens);
            let time = start.elapsed();
            assert!(!expanded.is_empty());
            time
        })
        .collect();
    times.sort();
    println!("{:?}, between {:?} and {:?}", times[times.len() / 2], times[0], times[times.len() - 1]);
}

#[test]
fn the_hundred_lines_are_compiled() {
    let tokens: TokenStream = function().parse().expect("tokens");
    let expanded = expand(TokenStream::new(), &tokens).to_string();
    assert!(!expanded.contains("compile_error"), "{expanded}");
    assert!(expanded.contains("Compiled"), "falls back");
}

//! A tool for [GradBench](https://github.com/gradbench/gradbench): reads messages from standard input, one JSON value a line, and
//! answers on standard output.

use std::io::{BufRead, Write, stdin, stdout};

fn main() -> std::io::Result<()> {
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = gradus_gradbench::answer(&line)?;
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

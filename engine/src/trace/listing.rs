//! The annotated listing: a function's source, and beside each line what it computed.

use std::fmt;
use std::io::{self, IsTerminal, Write};

use super::adjoint::{Adjoint, Block};
use super::style::{Style, Text, columns, wants_colour};
use super::summary::{DIGITS, Entry, Function, fields, functions, list, signature_line, title_of};
use super::{Part, Trace};
use crate::provenance::lines::Row;
use crate::text::{number, visible, width};

/// The width of a listing unless it is told another.
const WIDTH: usize = 100;

/// A trace, as text to be read: made by [`Trace::listing`], shown by its `Display`.
///
/// Every line of source is followed by the values (`=`) and gradients (`∂`) of the expressions that end on
/// it, behind a `┊`: beside the line if they fit, else below it. An expression that ran several times is
/// summed up: `3× x = 1 … 4 in [0, 4]` is one that ran three times, was 1 at first and 4 at last, and lay
/// between 0 and 4 all the while (the range is left out where first and last say it); a line at the end says so. Beside a loop stands how often it
/// ran, beside an arm of a branch that it was not taken; in colour, such arms are dimmed.
#[derive(Clone, Copy)]
pub struct Listing<'t> {
    trace: &'t Trace,
    colour: bool,
    width: usize,
    adjoint: bool,
}

impl<'t> Listing<'t> {
    pub(super) fn new(trace: &'t Trace) -> Self {
        Listing { trace, colour: false, width: WIDTH, adjoint: false }
    }

    /// Whether to colour the text with terminal escapes. Off by default.
    #[must_use]
    pub fn colour(mut self, colour: bool) -> Self {
        self.colour = colour;
        self
    }

    /// The columns to keep to, as far as the source itself does. 100 by default.
    #[must_use]
    pub fn width(mut self, columns: usize) -> Self {
        self.width = columns;
        self
    }

    /// Shows the compiled adjoint, too: under each line of source the statements made of it, those of the forward sweep
    /// behind a `→`, and those of the reverse sweep behind a `←`, beside the former where the width allows.
    ///
    /// So the forward sweep is read from the top to the bottom, and the reverse sweep from the bottom to the top; within a
    /// line, both are read downward. `…` stands for statements that other lines have. The statements are those of
    /// `NAME::ADJOINT_SOURCE`, where they stand in the order in which they run. Where no adjoint is compiled, the reason
    /// is told.
    ///
    /// ```
    /// # use gradus::differentiable;
    /// #[differentiable]
    /// fn swing(a: f64, b: f64) -> f64 {
    ///     let phase = a * b;
    ///     a * phase.sin()
    /// }
    ///
    /// let listing = swing_graph(2.0, 3.0).listing().with_adjoint().to_string();
    /// let phase: Vec<&str> = listing.lines().skip_while(|line| !line.contains("let phase =")).take(3).collect();
    /// let statements = phase.join("\n");
    /// assert!(statements.contains("→ let phase = a * b;"));
    /// assert!(statements.contains("← let phase_b = a * cos;")); // ∂(a sin phase)/∂phase = a cos phase
    /// ```
    #[must_use]
    pub fn with_adjoint(mut self) -> Self {
        self.adjoint = true;
        self
    }

    /// Prints to standard output, as wide as `COLUMNS` says, in colour if that is a terminal and
    /// `NO_COLOR` is not set.
    pub fn print(self) {
        let mut out = io::stdout().lock();
        let listing = self.for_terminal(&out);
        // As `println!` would, but a closed pipe (`| head`) is no reason to panic.
        let _ = write!(out, "{listing}");
    }

    /// The same, to standard error.
    pub fn eprint(self) {
        let mut out = io::stderr().lock();
        let listing = self.for_terminal(&out);
        let _ = write!(out, "{listing}");
    }

    pub(super) fn for_terminal(self, stream: &impl IsTerminal) -> Self {
        self.colour(wants_colour(stream)).width(columns().unwrap_or(self.width))
    }
}

impl fmt::Display for Listing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = self.trace.source();
        let mut header = Text::new(self.colour);
        header.push(Style::Bold, &visible(source.function));
        header.push(Style::Dim, &format!("  {}:{}", visible(source.file), source.line));
        header.push(Style::Plain, &format!("  = {}", list(&self.trace.values())));
        writeln!(f, "{}\n", header.markup)?;
        for (index, function) in functions(self.trace).iter().enumerate() {
            if index > 0 {
                let called = function.lines.source;
                let mut title = Text::new(self.colour);
                title.push(Style::Bold, &visible(called.function));
                title.push(Style::Dim, &format!("  {}:{}", visible(called.file), called.line));
                title.push(Style::Dim, &calls(function));
                writeln!(f, "\n{}\n", title.markup)?;
            }
            self.function(f, function)?;
        }
        self.footer(f)?;
        self.legend(f)
    }
}

impl Listing<'_> {
    fn function(&self, f: &mut fmt::Formatter<'_>, function: &Function) -> fmt::Result {
        let rows = function.lines.rows_without(&function.unused);
        let digits = (function.lines.numbers().end - 1).to_string().len();
        let margin = digits + 3;
        let adjoint = self.adjoint(f, function)?;
        // So do the statements of the reverse sweep, behind those of the forward sweep.
        let blocks = adjoint.iter().flat_map(Adjoint::blocks).map(Block::columns);
        let reverse = blocks.map(|(forward, _)| forward).filter(|forward| margin + forward < self.width / 2);
        let reverse = reverse.max().unwrap_or(0);
        // Numbers line up behind the longest annotated line that leaves them room.
        let annotated = rows.iter().filter(|row| function.entries.contains_key(&row.line));
        let fitting = annotated.map(Row::columns).filter(|&code| margin + code < self.width * 3 / 5);
        let column = fitting.max().unwrap_or(0);
        for row in &rows {
            let line = row.line;
            let mut shown = Text::new(self.colour);
            shown.push(Style::Dim, &format!("{line:digits$} │"));
            if row.columns() > 0 {
                shown.push(Style::Plain, " ");
            }
            for (piece, unused) in &row.pieces {
                shown.push(if *unused { Style::Dim } else { Style::Plain }, piece);
            }
            let entries: Vec<Text> =
                function.entries.get(&line).into_iter().flatten().map(|e| self.entry(e)).collect();
            let length = entries.iter().map(|entry| entry.columns + 3).sum::<usize>();
            let start = (margin + column).max(shown.columns);
            if entries.is_empty() {
                writeln!(f, "{}", shown.markup)?;
            } else if start + 1 + length <= self.width {
                shown.push(Style::Plain, &" ".repeat(start - shown.columns));
                shown.push(Style::Dim, "  ┊ ");
                writeln!(f, "{}{}", shown.markup, join(&entries))?;
            } else {
                writeln!(f, "{}", shown.markup)?;
                self.below(f, &entries, digits, row.indent().unwrap_or(0) + 2)?;
            }
            if let Some(adjoint) = &adjoint
                && let Some(block) = adjoint.block(line)
            {
                self.sweeps(f, block, margin, reverse)?;
            }
        }
        Ok(())
    }

    /// Entries on lines of their own, as many on each as fit.
    fn below(
        &self,
        f: &mut fmt::Formatter<'_>,
        entries: &[Text],
        digits: usize,
        indent: usize,
    ) -> fmt::Result {
        let mut start = 0;
        while start < entries.len() {
            let mut used = digits + 3 + indent;
            let mut end = start;
            while end < entries.len() && (end == start || used + entries[end].columns <= self.width) {
                used += entries[end].columns + 3;
                end += 1;
            }
            let mut margin = Text::new(self.colour);
            margin.push(Style::Dim, &format!("{:digits$} ┊{:indent$} ", "", ""));
            writeln!(f, "{}{}", margin.markup, join(&entries[start..end]))?;
            start = end;
        }
        Ok(())
    }

    /// The adjoint of a function, if it is to be shown; if there is none, says so.
    fn adjoint(
        &self,
        f: &mut fmt::Formatter<'_>,
        function: &Function,
    ) -> Result<Option<Adjoint>, fmt::Error> {
        if !self.adjoint {
            return Ok(None);
        }
        let lines = &function.lines;
        match Adjoint::read(lines, signature_line(lines.source, lines)) {
            Ok(adjoint) => Ok(Some(adjoint)),
            Err(reason) => {
                for line in wrapped(&reason, self.width) {
                    let mut note = Text::new(self.colour);
                    note.push(Style::Dim, &line);
                    writeln!(f, "{}", note.markup)?;
                }
                writeln!(f)?;
                Ok(None)
            }
        }
    }

    /// What the two sweeps do for a line: side by side if that fits, else one after the other.
    fn sweeps(&self, f: &mut fmt::Formatter<'_>, block: &Block, margin: usize, column: usize) -> fmt::Result {
        let (forward, reverse) = block.columns();
        let start = margin + column.max(forward) + 2;
        let arrow = |text: &mut Text, arrow: &str, statement: Option<&String>| {
            if let Some(statement) = statement {
                text.push(Style::Dim, arrow);
                text.push(Style::Plain, statement);
            }
        };
        let blank = || Text::new(self.colour).with(Style::Plain, &" ".repeat(margin - 2));
        if start + 2 + reverse <= self.width {
            for row in 0..block.forward.len().max(block.reverse.len()) {
                let mut shown = blank();
                arrow(&mut shown, "→ ", block.forward.get(row));
                if row < block.reverse.len() {
                    shown.push(Style::Plain, &" ".repeat(start - shown.columns));
                }
                arrow(&mut shown, "← ", block.reverse.get(row));
                writeln!(f, "{}", shown.markup)?;
            }
            return Ok(());
        }
        let forward = block.forward.iter().map(|statement| ("→ ", statement));
        for (sweep, statement) in forward.chain(block.reverse.iter().map(|statement| ("← ", statement))) {
            let mut shown = blank();
            arrow(&mut shown, sweep, Some(statement));
            writeln!(f, "{}", shown.markup)?;
        }
        Ok(())
    }

    fn entry(&self, entry: &Entry) -> Text {
        let mut text = Text::new(self.colour);
        match entry {
            Entry::Note(note) => text.push(Style::Dim, note),
            Entry::Numbers { label, count, value, gradient, sign } => {
                if *count > 1 {
                    text.push(Style::Dim, &format!("{count}× "));
                }
                text.push(Style::Bold, label);
                text.push(Style::Plain, &format!(" = {value}  "));
                text.push(Style::of_gradient(*sign), &format!("∂ {gradient}"));
            }
        }
        text
    }

    /// What the numbers of an expression that ran several times mean, where there is one.
    fn legend(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: Vec<String> = functions(self.trace)
            .into_iter()
            .flat_map(|function| function.entries.into_values().flatten())
            .filter_map(|entry| match entry {
                Entry::Numbers { count: 2.., value, gradient, .. } => Some([value, gradient]),
                _ => None,
            })
            .flatten()
            .collect();
        if !values.iter().any(|value| value.contains('…')) {
            return Ok(());
        }
        let range =
            if values.iter().any(|value| value.contains(" in [")) { " in [least, greatest]" } else { "" };
        let text = format!("n× name = first … last{range}: computed n times");
        let mut legend = Text::new(self.colour);
        legend.push(Style::Dim, &text);
        writeln!(f, "\n{}", legend.markup)
    }

    fn footer(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<Vec<Part>> =
            self.trace.inputs().iter().map(|input| self.trace.struct_parts(input)).collect();
        let names = self.trace.inputs().iter().zip(&parts).flat_map(|(input, parts)| match &parts[..] {
            [] => vec![input.name.to_owned()],
            parts => parts.iter().map(title_of).collect(),
        });
        let longest = names.map(|name| width(&visible(&name))).max().unwrap_or(0);
        let mut title = Text::new(self.colour);
        title.push(Style::Bold, "gradient");
        if let Some(what) = self.trace.differentiated() {
            title.push(Style::Plain, &format!(" of {what}"));
        }
        writeln!(f, "\n{}", title.markup)?;
        for ((name, _, gradients), parts) in self.trace.gradients().zip(&parts) {
            for part in parts {
                let numbers = part.numbers.iter().map(|(_, node)| self.trace.graph().node(*node).grad());
                let numbers: Vec<f64> = numbers.collect();
                let title = title_of(part);
                self.gradient(f, &title, &fields(part, &numbers), &numbers, longest)?;
            }
            if !parts.is_empty() {
                continue;
            }
            if let Some(columns) = self.trace.columns(name) {
                for (line, text) in matrix(&gradients, columns).into_iter().enumerate() {
                    let name = if line == 0 { visible(name) } else { "".into() };
                    writeln!(f, "  {name}{}  {text}", " ".repeat(longest - width(&name)))?;
                }
                continue;
            }
            self.gradient(f, name, &list(&gradients), &gradients, longest)?;
        }
        Ok(())
    }

    fn gradient(
        &self,
        f: &mut fmt::Formatter<'_>,
        name: &str,
        shown: &str,
        numbers: &[f64],
        longest: usize,
    ) -> fmt::Result {
        let mut row = Text::new(self.colour);
        let name = visible(name);
        row.push(Style::Plain, &format!("  {name}{}  ", " ".repeat(longest - width(&name))));
        let sign = if let [only] = numbers { Some(*only) } else { None };
        row.push(Style::of_gradient(sign), shown);
        writeln!(f, "{}", row.markup)
    }
}

/// How often a function was called, and where: `  called 6× in line 15`; of calls by other functions than the first with the
/// function's name.
fn calls(function: &Function) -> String {
    let count: usize = function.calls.values().sum();
    if count == 0 {
        return String::new();
    }
    let own = function.lines.source.function;
    let place = |(caller, line): &(&str, u32)| {
        let by = if *caller == own { " (itself)" } else { "" };
        format!("line {line}{by}")
    };
    let places: Vec<String> = function.calls.keys().map(place).collect();
    format!("  called {count}× in {}", places.join(", "))
}

/// The numbers of a matrix in rows, each column as wide as its widest number.
fn matrix(numbers: &[f64], columns: usize) -> Vec<String> {
    let shown: Vec<String> = numbers.iter().map(|&value| number(value, DIGITS)).collect();
    let widths: Vec<usize> = (0..columns)
        .map(|column| shown.iter().skip(column).step_by(columns).map(|text| width(text)).max().unwrap_or(0))
        .collect();
    let rows = shown.len() / columns;
    let row = |(line, cells): (usize, &[String])| {
        let cells: Vec<String> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, column)| format!("{}{cell}", " ".repeat(column - width(cell))))
            .collect();
        let (open, close) = (if line == 0 { "[" } else { " " }, if line + 1 == rows { "]" } else { "," });
        format!("{open}[{}]{close}", cells.join(", "))
    };
    shown.chunks(columns).enumerate().map(row).collect()
}

fn join(entries: &[Text]) -> String {
    entries.iter().map(|entry| entry.markup.as_str()).collect::<Vec<_>>().join("   ")
}

/// The words on lines of at most that many columns, where a word is not longer itself.
fn wrapped(words: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => line.extend([" ", word]),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

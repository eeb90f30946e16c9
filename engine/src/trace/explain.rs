//! One line in full: every operation with its numbers, its rule, and what it passed back.

use std::collections::HashMap;
use std::{fmt, io};

use super::scope::in_words;
use super::style::{Style, Text, wants_colour};
use super::summary::{DIGITS, node_name, operations};
use super::{Site, Source, Trace};
use crate::graph::{Node, Operand};
use crate::ops::Op;
use crate::provenance::lines::{self, Lines};
use crate::text::{number, one_line, operation_name, shorten, visible};

/// The longest name of an operand, in columns.
const NAME: usize = 30;

/// A line of a trace, explained: made by [`Trace::explain`], shown by its `Display`; `{:#}` is in colour where standard
/// output is.
#[derive(Clone, Copy)]
pub struct Explanation<'t> {
    trace: &'t Trace,
    line: u32,
}

impl<'t> Explanation<'t> {
    pub(super) fn new(trace: &'t Trace, line: u32) -> Self {
        Explanation { trace, line }
    }

    /// The executions of each expression that ends on the line: how many there were, the first, and the last.
    fn expressions(&self) -> Vec<(&'static Site, usize, Node<'t>, Node<'t>)> {
        let mut known: Vec<Lines> = Vec::new();
        let mut ends_here: HashMap<usize, bool> = HashMap::new();
        let mut found: Vec<(&'static Site, usize, Node<'t>, Node<'t>)> = Vec::new();
        for (site, node) in operations(self.trace) {
            let here = *ends_here.entry(std::ptr::from_ref(site).addr()).or_insert_with(|| {
                site.source.file == self.trace.source().file
                    && lines::find(&mut known, site.source).line_of(site) == self.line
            });
            // Some expressions are several operations, each of which is explained.
            let same = |(known, _, first, _): &&mut (&Site, usize, Node<'_>, Node<'_>)| {
                *known == site && first.op() == node.op()
            };
            match found.iter_mut().find(same) {
                Some((_, count, _, last)) if here => (*count, *last) = (*count + 1, node),
                None if here => found.push((site, 1, node, node)),
                _ => {}
            }
        }
        found
    }

    /// The text of the line, if one of the functions that ran stands there.
    fn source_line(&self) -> Option<String> {
        let mut sources: Vec<&'static Source> = vec![self.trace.source()];
        for (Site { source, .. }, _) in operations(self.trace) {
            if !sources.iter().rev().any(|known| std::ptr::eq(*known, *source)) {
                sources.push(source);
            }
        }
        let here = |lines: &Lines| lines.source.file == self.trace.source().file;
        let mut lines = sources.into_iter().map(Lines::new).filter(here);
        let lines = lines.find(|lines| lines.numbers().contains(&self.line))?;
        Some(visible(lines.text(self.line).trim()).into_owned())
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colour = f.alternate() && wants_colour(&io::stdout());
        let text = |style, text: &str| Text::new(colour).with(style, text).markup;
        let place = format!("{}:{}", visible(self.trace.source().file), self.line);
        let code = self.source_line().unwrap_or_default();
        writeln!(f, "{}  {}", text(Style::Dim, &place), text(Style::Bold, &code))?;
        let expressions = self.expressions();
        if expressions.is_empty() {
            return writeln!(f, "\nno operation on an active value ends on this line, or none ran");
        }
        if let Some(what) = self.trace.differentiated() {
            writeln!(f, "{}", text(Style::Dim, &format!("∂ is that of {what}")))?;
        }
        for (site, count, first, last) in expressions {
            operation(f, colour, self.trace, site, first, (count > 1).then(|| format!("first of {count}")))?;
            if count > 1 {
                operation(f, colour, self.trace, site, last, Some(format!("last of {count}")))?;
            }
        }
        Ok(())
    }
}

/// An operation: what it computed, its rule, what arrived and what was passed on.
fn operation(
    f: &mut fmt::Formatter<'_>,
    colour: bool,
    trace: &Trace,
    site: &Site,
    node: Node<'_>,
    execution: Option<String>,
) -> fmt::Result {
    let name = shorten(&one_line(site.name.unwrap_or_else(|| site.text())), NAME * 2);
    let mut head = Text::new(colour).with(Style::Bold, &name);
    head.push(Style::Plain, &format!(" = {} = {}", formula(node), number(node.data(), DIGITS)));
    let path = trace.path(node);
    let way: Vec<String> = execution.into_iter().chain(in_words(&path)).collect();
    if !way.is_empty() {
        head.push(Style::Dim, &format!("   ({})", way.join(", ")));
    }
    let convention = match node.op().conventions() {
        "" => String::new(),
        convention => format!("; by convention {convention}"),
    };
    writeln!(f, "\n{}", head.markup)?;
    writeln!(f, "  rule: {}{convention}", node.op().rule())?;
    let arriving =
        Text::new(colour).with(Style::of_gradient(Some(node.grad())), &number(node.grad(), DIGITS));
    writeln!(f, "  arriving: ∂ {}", arriving.markup)?;
    for (at, (operand, partial)) in node.operands().zip(node.local_partials()).enumerate() {
        let Operand::Node(index) = operand else { continue };
        let name = operand_name(trace, site, node, at, index);
        let line = match node.op().pull(partial, node.grad()) {
            None => Text::new(colour).with(Style::Dim, &format!("∂{name} gets nothing: the partial is 0")),
            Some(product) => Text::new(colour)
                .with(
                    Style::Plain,
                    &format!("∂{name} += {} × {} = ", number(partial, DIGITS), number(node.grad(), DIGITS)),
                )
                .with(Style::of_gradient(Some(product)), &number(product, DIGITS)),
        };
        writeln!(f, "  {}", line.markup)?;
    }
    Ok(())
}

/// The operation on its numbers: `2 × −3`, `tanh(0.88)`.
pub(super) fn formula(node: Node<'_>) -> String {
    let operands: Vec<String> = node
        .operands()
        .map(|operand| match operand {
            Operand::Node(index) => number(node.graph.node(index).data(), DIGITS),
            Operand::Constant(value) => number(value, DIGITS),
        })
        .collect();
    written(node, &operands)
}

/// An operation on operands as it is written in mathematics.
fn written(node: Node<'_>, operands: &[String]) -> String {
    match (node.op(), operands) {
        (Op::Neg, [a]) => format!("−({a})"),
        (Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Rem, [a, b]) => {
            let b = if b.starts_with('−') { format!("({b})") } else { b.clone() };
            format!("{a} {} {b}", node.symbol())
        }
        (Op::Custom, operands) => format!("{}({})", operation_name(node.symbol()), operands.join(", ")),
        (op, operands) => format!("{}({})", op.name(), operands.join(", ")),
    }
}

/// What an operand is called: its own text in the expression, else what made it.
pub(super) fn operand_name(trace: &Trace, site: &Site, node: Node<'_>, at: usize, index: usize) -> String {
    let text = match site.operands.get(at) {
        Some(span) if site.operands.len() == node.op().arity() => site.source.slice(*span).into(),
        _ => node_name(trace.graph().node(index)),
    };
    let name = one_line(&text);
    let simple = name.chars().all(|character| character.is_alphanumeric() || "_.[]".contains(character));
    if simple || name.starts_with('(') && name.ends_with(')') {
        shorten(&name, NAME)
    } else {
        format!("({})", shorten(&name, NAME))
    }
}

//! The picture in the language of Graphviz.

use std::fmt::Write;

use super::diagram::{Arrow, Diagram, Figure, Role};
use super::theme;
use crate::text::{number, shorten};

/// Significant digits on boxes.
const DIGITS: usize = 4;
/// The columns that a box gives to its name or source text.
const TITLE: usize = 24;

/// The whole document.
pub(super) fn write(diagram: &Diagram) -> String {
    let mut out = String::from("digraph gradus {\n");
    let (ink, edge) = (theme::INK.light, theme::EDGE.light);
    out.push_str("  rankdir=LR;\n");
    let _ =
        writeln!(out, "  node [shape=plain, fontname=monospace, fontsize=11, fontcolor={}];", quoted(ink));
    let _ = writeln!(out, "  edge [color={}, fontname=monospace, fontsize=9, arrowsize=0.7];", quoted(edge));
    for (index, figure) in diagram.figures.iter().enumerate() {
        let label = match figure.role {
            Role::Input | Role::Operation => table(diagram, figure),
            Role::Use => chip("dashed", &use_cell(figure)),
            Role::Constant => chip("rounded", &cell("", &number(figure.data, DIGITS))),
        };
        let _ = writeln!(
            out,
            "  {} [label=<{label}>, tooltip={}];",
            id(diagram, index),
            quoted(&tooltip(figure))
        );
    }
    let flows = diagram.arrows.iter().filter_map(|arrow| arrow.flow).map(f64::abs);
    let largest = flows.filter(|flow| flow.is_finite()).fold(0.0, f64::max);
    for arrow in &diagram.arrows {
        let (from, to) = (id(diagram, arrow.link.from), id(diagram, arrow.link.to));
        let _ = writeln!(out, "  {from} -> {to}{};", style(arrow, largest));
    }
    out.push_str("}\n");
    out
}

/// `n7` is node 7 of the graph; constants and further uses are numbered by themselves.
fn id(diagram: &Diagram, index: usize) -> String {
    let figure = &diagram.figures[index];
    match (figure.role, figure.node) {
        (Role::Input | Role::Operation, Some(node)) => format!("n{node}"),
        (Role::Use, _) => format!("u{index}"),
        _ => format!("c{index}"),
    }
}

/// The box of a node: stripe, symbol, and three lines.
fn table(diagram: &Diagram, figure: &Figure) -> String {
    let mut left = String::new();
    if figure.role == Role::Operation {
        if let Some(stripe) = figure.stripe {
            let colour = theme::STRIPES[stripe % theme::STRIPES.len()];
            let _ = write!(left, r#"<TD ROWSPAN="3" WIDTH="6" BGCOLOR="{colour}"></TD>"#);
        }
        let line = figure.stripe.map_or_else(String::new, |stripe| {
            format!(
                r#"<BR/><FONT POINT-SIZE="9" COLOR="{}">:{}</FONT>"#,
                theme::MUTED.light,
                diagram.stripes[stripe].line
            )
        });
        let _ = write!(left, r#"<TD ROWSPAN="3"><B>{}</B>{line}</TD>"#, escape(&figure.symbol));
    }
    let title = escape(&shorten(&figure.title, TITLE));
    let title = if figure.named { format!("<B>{title}</B>") } else { title };
    let grad = figure.grad.map_or_else(String::new, |grad| number(grad, DIGITS));
    // Round corners would cut into the stripe.
    let shape = if figure.role == Role::Input { r#"STYLE="rounded" "# } else { "" };
    format!(
        r#"<TABLE BORDER="1" COLOR="{}" {shape}CELLBORDER="0" CELLSPACING="0" CELLPADDING="3"><TR>{left}<TD ALIGN="LEFT">{title}</TD></TR><TR>{}</TR><TR>{}</TR></TABLE>"#,
        theme::EDGE.light,
        cell("data ", &number(figure.data, DIGITS)),
        cell("grad ", &coloured(figure.grad, &grad)),
    )
}

fn cell(label: &str, markup: &str) -> String {
    format!(r#"<TD ALIGN="LEFT">{label}{markup}</TD>"#)
}

fn use_cell(figure: &Figure) -> String {
    let added = figure.grad.map_or_else(String::new, |grad| number(grad, DIGITS));
    let title = escape(&shorten(&figure.title, TITLE / 2));
    format!("<TD><B>{title}</B> grad += {}</TD>", coloured(figure.grad, &added))
}

/// A small box with one line.
fn chip(style: &str, cell: &str) -> String {
    let colour = theme::EDGE.light;
    format!(
        r#"<TABLE BORDER="1" COLOR="{colour}" STYLE="{style}" CELLBORDER="0" CELLSPACING="0"><TR>{cell}</TR></TABLE>"#
    )
}

fn coloured(flow: Option<f64>, text: &str) -> String {
    match flow {
        Some(flow) if flow > 0.0 => format!(r#"<FONT COLOR="{}">{text}</FONT>"#, theme::POSITIVE.light),
        Some(flow) if flow < 0.0 => format!(r#"<FONT COLOR="{}">{text}</FONT>"#, theme::NEGATIVE.light),
        _ => text.to_owned(),
    }
}

fn tooltip(figure: &Figure) -> String {
    let grad = figure.grad.map_or_else(String::new, |grad| format!("\ngrad {grad:?}"));
    let place = figure.place.as_ref().map_or_else(String::new, |place| format!("\n{place}"));
    format!("{}\ndata {:?}{grad}{place}", figure.title, figure.data)
}

/// Colour, dashes, width and label of an arrow.
fn style(arrow: &Arrow, largest: f64) -> String {
    let (Some(partial), Some(flow)) = (arrow.partial, arrow.flow) else { return String::new() };
    let share = if flow.is_infinite() { 1.0 } else { (flow.abs() / largest).sqrt() };
    let width = 1.0 + if share.is_finite() { 2.0 * share } else { 0.0 };
    let colour = match flow {
        flow if flow > 0.0 => format!(", color={}", quoted(theme::POSITIVE.light)),
        flow if flow < 0.0 => format!(", style=dashed, color={}", quoted(theme::NEGATIVE.light)),
        flow if flow.is_nan() => ", style=dotted".to_owned(),
        _ => String::new(),
    };
    let tip = quoted(&format!("local derivative {partial:?}, adds {flow:?}"));
    let label = quoted(&format!("×{}", number(partial, 3)));
    format!(" [label={label}, penwidth={width:.2}{colour}, tooltip={tip}, labeltooltip={tip}]")
}

/// A quoted string: it keeps what it is given, line breaks as `\n`.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '&' => quoted.push_str("&amp;"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Text in an HTML-like label.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

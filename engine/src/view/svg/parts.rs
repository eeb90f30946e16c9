//! The parts of the SVG that are not boxes: style, source pane, legend, curves.

use std::fmt::Write;

use crate::provenance::lines::Lines;
use crate::text::{escape, shorten, visible, width};
use crate::view::diagram::{Diagram, Role, Stripe};
use crate::view::layout::constants::ADVANCE;
use crate::view::layout::{Direction, Point};
use crate::view::theme::{self, Colour};

/// The height of a line of source.
const LINE: f64 = 18.0;
/// The space around the parts.
pub(super) const MARGIN: f64 = 20.0;
/// The most lines of source shown in full; of longer functions only those that carry operations are.
const WHOLE: usize = 40;
/// The longest line of source shown.
const COLUMNS: usize = 110;

/// A part of the picture, drawn with its left upper corner at the origin.
pub(super) struct Part {
    pub markup: String,
    pub width: f64,
    pub height: f64,
}

/// The style sheet: each rule once for light and once for dark ground.
pub(super) fn style() -> String {
    let rules: [(&str, &str, Colour); 13] = [
        (".page", "fill", theme::PAGE),
        (".box", "fill", theme::BOX),
        (".box", "stroke", theme::EDGE),
        ("text", "fill", theme::INK),
        (".muted,.small", "fill", theme::MUTED),
        ("text .plus", "fill", theme::POSITIVE),
        ("text .minus", "fill", theme::NEGATIVE),
        (".line", "stroke", theme::EDGE),
        (".head", "fill", theme::EDGE),
        (".line.plus", "stroke", theme::POSITIVE),
        (".line.minus", "stroke", theme::NEGATIVE),
        (".head.plus", "fill", theme::POSITIVE),
        (".head.minus", "fill", theme::NEGATIVE),
    ];
    let mut style = String::from(
        "text{font:12px ui-monospace,\"DejaVu Sans Mono\",Menlo,Consolas,monospace;white-space:pre}\
         .name{font-weight:700}.sign{font-size:18px;font-weight:700}.small{font-size:10px}.middle{text-anchor:middle}\
         .line{fill:none}\
         .line.minus{stroke-dasharray:7 4}.line.nan{stroke-dasharray:2 3}\
         .use .box{stroke-dasharray:3 2}.constant .box{stroke-opacity:.6}",
    );
    for (selector, property, colour) in rules {
        let _ = write!(style, "{selector}{{{property}:{}}}", colour.light);
    }
    style.push_str("@media (prefers-color-scheme:dark){");
    for (selector, property, colour) in rules {
        let _ = write!(style, "{selector}{{{property}:{}}}", colour.dark);
    }
    style.push('}');
    style
}

/// The picture in one sentence.
pub(super) fn heading(diagram: &Diagram) -> String {
    let operations = diagram.figures.iter().filter(|figure| figure.role == Role::Operation).count();
    let inputs = diagram.figures.iter().filter(|figure| figure.role == Role::Input).count();
    let names: Vec<_> = diagram.sources.iter().map(|source| visible(source.function)).collect();
    let of = if names.is_empty() { String::new() } else { format!(" of {}", names.join(", ")) };
    format!("Computation graph{of}: inputs {inputs}, operations {operations}")
}

/// The functions' source, each line with its stripe.
pub(super) fn listing(diagram: &Diagram) -> Part {
    let mut part = Part { markup: String::new(), width: 0.0, height: 0.0 };
    for &source in &diagram.sources {
        let title = format!("{}:{}", visible(source.file), source.line);
        part.text("muted", 0.0, &title);
        let lines = Lines::new(source);
        let whole = lines.numbers().len() <= WHOLE;
        let rows = lines.rows();
        let gutter = rows.last().map_or(1, |row| row.0.to_string().len());
        let mut skipped = false;
        for (line, text) in rows {
            let stripe = diagram.stripes.binary_search(&Stripe { file: source.file, line }).ok();
            if !whole && stripe.is_none() && line != source.line {
                skipped = true;
                continue;
            }
            if std::mem::take(&mut skipped) {
                part.text("muted", STRIPE + 6.0, "⋮");
            }
            if let Some(stripe) = stripe {
                let colour = theme::STRIPES[stripe % theme::STRIPES.len()];
                let _ = write!(
                    part.markup,
                    r#"<rect fill="{colour}" y="{:.1}" width="{STRIPE}" height="{:.1}" rx="1.5"/>"#,
                    part.height + 1.0,
                    LINE - 2.0
                );
            }
            part.code(&format!("{line:gutter$}"), &shorten(&text, COLUMNS));
        }
        part.height += LINE / 2.0;
    }
    part
}

/// The width of the stripe beside a line of source.
const STRIPE: f64 = 7.0;

impl Part {
    fn text(&mut self, class: &str, left: f64, text: &str) {
        let _ = write!(
            self.markup,
            r#"<text class="{class}" x="{left}" y="{:.1}">{}</text>"#,
            self.height + 13.0,
            escape(text)
        );
        self.grow(left, width(text));
    }

    /// A line of source. The indentation becomes a coordinate: SVG may drop leading spaces.
    fn code(&mut self, line: &str, code: &str) {
        let words = code.trim_start();
        let y = self.height + 13.0;
        let number = STRIPE + 6.0;
        let left = number + ADVANCE * (line.len() + 2 + code.len() - words.len()) as f64;
        let words = words.replace("  ", " \u{a0}");
        let _ = write!(
            self.markup,
            r#"<text class="muted" x="{number}" y="{y:.1}">{}</text>"#,
            escape(line.trim_start())
        );
        let _ = write!(self.markup, r#"<text x="{left:.1}" y="{y:.1}">{}</text>"#, escape(&words));
        self.grow(left, width(&words));
    }

    fn grow(&mut self, left: f64, columns: usize) {
        self.height += LINE;
        self.width = self.width.max(left + ADVANCE * columns as f64);
    }
}

/// What stripes, strokes and dashes mean, as far as they occur.
pub(super) fn legend(diagram: &Diagram, labelled: bool) -> Part {
    let mut part = Part { markup: String::new(), width: 0.0, height: LINE };
    let any = |test: fn(f64) -> bool| diagram.arrows.iter().filter_map(|arrow| arrow.flow).any(test);
    let mut left = 0.0;
    let mut entry = |sample: &str, space: f64, text: &str| {
        let _ = write!(
            part.markup,
            r#"<g transform="translate({left:.1} 0)">{sample}<text class="muted" x="{space}" y="13">{text}</text></g>"#
        );
        left += space + ADVANCE * width(text) as f64 + 18.0;
    };
    if !diagram.stripes.is_empty() {
        let stripe = format!(r#"<rect fill="{}" y="2" width="7" height="14" rx="1.5"/>"#, theme::STRIPES[0]);
        entry(&stripe, 13.0, "source line");
    }
    let line = |class| format!(r#"<path class="line {class}" stroke-width="2.5" d="M0 9h28"/>"#);
    if any(|flow| flow > 0.0) {
        entry(&line("plus"), 34.0, "gradient +");
    }
    if any(|flow| flow < 0.0) {
        entry(&line("minus"), 34.0, "gradient −");
    }
    if any(f64::is_nan) {
        entry(&line("nan"), 34.0, "gradient NaN");
    }
    if any(|flow| flow != 0.0) {
        entry("", 0.0, "thicker: more flows back");
    }
    if labelled && !diagram.arrows.is_empty() {
        entry("", 0.0, "×2: local derivative");
    }
    if diagram.figures.iter().any(|figure| figure.role == Role::Use) {
        let sample = r#"<g class="use"><rect class="box" y="2" width="24" height="14" rx="7"/></g>"#;
        entry(sample, 30.0, "one use of a value shown elsewhere");
    }
    part.width = left;
    part
}

/// A smooth path along a route: straight within layers, curved in the gaps between them.
pub(super) fn curve(route: &[Point], direction: Direction) -> String {
    let mut path = format!("M{:.1} {:.1}", route[0].x, route[0].y);
    for (index, pair) in route.windows(2).enumerate() {
        let (from, to) = (pair[0], pair[1]);
        if index % 2 == 0 {
            if from != to {
                let _ = write!(path, "L{:.1} {:.1}", to.x, to.y);
            }
            continue;
        }
        let (one, two) = match direction {
            Direction::Right => {
                let middle = f64::midpoint(from.x, to.x);
                (Point { x: middle, ..from }, Point { x: middle, ..to })
            }
            Direction::Down => {
                let middle = f64::midpoint(from.y, to.y);
                (Point { y: middle, ..from }, Point { y: middle, ..to })
            }
        };
        let _ = write!(path, "C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}", one.x, one.y, two.x, two.y, to.x, to.y);
    }
    path
}

/// Where the label of an arrow may stand: on the curve that enters its box, first past the middle, where arrows that cross
/// have parted again.
pub(super) fn label_places(route: &[Point], direction: Direction) -> impl Iterator<Item = Point> {
    let (from, to) = (route[route.len() - 3], route[route.len() - 2]);
    [0.65, 0.5, 0.8, 0.35, 0.2].into_iter().map(move |t: f64| {
        // The curve's Bernstein polynomials, along and across.
        let u = 1.0 - t;
        let along = 1.5 * u * u * t + 1.5 * u * t * t + t * t * t;
        let across = 3.0 * u * t * t + t * t * t;
        let (x, y) = match direction {
            Direction::Right => (along, across),
            Direction::Down => (across, along),
        };
        Point { x: from.x + x * (to.x - from.x), y: from.y + y * (to.y - from.y) }
    })
}

/// The head of an arrow that ends at this point.
pub(super) fn head(end: Point, direction: Direction) -> String {
    match direction {
        Direction::Right => format!("M{:.1} {:.1}l-8 -4.5v9z", end.x, end.y),
        Direction::Down => format!("M{:.1} {:.1}l-4.5 -8h9z", end.x, end.y),
    }
}

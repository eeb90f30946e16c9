//! The picture as SVG.

mod parts;

use std::fmt::Write;

use super::diagram::{Diagram, Figure, Role};
use super::layout::constants::{ADVANCE, BOX_HEIGHT, CHIP_HEIGHT};
use super::layout::{self, Direction, Item, Layout, Point};
use super::theme;
use crate::text::{escape, number, shorten, width};
use parts::MARGIN;

/// The columns that a box gives to its name or source text.
const TITLE: usize = 20;
/// The longest line of a tooltip, in columns.
const TIP: usize = 200;
/// The width of the stripe.
const STRIPE: f64 = 9.0;
/// Significant digits on boxes.
const DIGITS: usize = 4;
/// With more arrows than this, they are not labelled with their partials.
const LABELLED: usize = 80;

/// The whole document.
pub(super) fn draw(diagram: &Diagram) -> String {
    let items: Vec<Item> = diagram.figures.iter().map(item).collect();
    let links: Vec<_> = diagram.arrows.iter().map(|arrow| arrow.link).collect();
    let layout = layout::layout(&items, &links);
    let listing = parts::listing(diagram);
    let legend = parts::legend(diagram, diagram.arrows.len() <= LABELLED);
    // The source stands above a graph that runs to the right, and beside one that runs down.
    let shift = match (listing.height > 0.0, layout.direction) {
        (false, _) => Point { x: MARGIN, y: MARGIN },
        (true, Direction::Right) => Point { x: MARGIN, y: MARGIN + listing.height + MARGIN },
        (true, Direction::Down) => Point { x: MARGIN + listing.width + MARGIN, y: MARGIN },
    };
    let right = (shift.x + layout.width).max(MARGIN + listing.width).max(MARGIN + legend.width) + MARGIN;
    let below = (shift.y + layout.height).max(MARGIN + listing.height) + MARGIN;
    let bottom = below + legend.height + MARGIN / 2.0;

    let mut out = String::with_capacity(1200 * diagram.figures.len() + 4000);
    let _ = writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{right:.0}" height="{bottom:.0}" viewBox="0 0 {right:.0} {bottom:.0}" role="img">"#
    );
    let _ = writeln!(out, "<title>{}</title>", escape(&parts::heading(diagram)));
    let _ = writeln!(out, "<style>{}</style>", parts::style());
    let _ = writeln!(out, r#"<rect class="page" width="100%" height="100%"/>"#);
    let _ = writeln!(out, r#"<g transform="translate({MARGIN} {MARGIN})">{}</g>"#, listing.markup);
    let _ = writeln!(out, r#"<g transform="translate({:.1} {:.1})">"#, shift.x, shift.y);
    draw_arrows(&mut out, diagram, &layout);
    for ((figure, item), centre) in diagram.figures.iter().zip(&items).zip(&layout.centres) {
        draw_figure(&mut out, diagram, figure, item, *centre);
    }
    out.push_str("</g>\n");
    let _ = writeln!(out, r#"<g transform="translate({MARGIN} {below:.1})">{}</g>"#, legend.markup);
    out.push_str("</svg>\n");
    out
}

/// The size of a figure, from what is written on it.
fn item(figure: &Figure) -> Item {
    let columns = match figure.role {
        Role::Constant => width(&number(figure.data, DIGITS)),
        Role::Use => width(&use_title(figure)) + USE_LABEL.len() + 2 + width(&number_of_grad(figure)),
        Role::Input | Role::Operation => {
            let numbers = width(&number(figure.data, DIGITS)).max(width(&number_of_grad(figure)));
            width(&title(figure)).max(numbers + "data ".len())
        }
    };
    let text = ADVANCE * columns as f64 + 20.0;
    match figure.role {
        Role::Constant | Role::Use => Item { width: text.max(36.0), height: CHIP_HEIGHT, rank: figure.rank },
        Role::Input => Item { width: text.max(90.0), height: BOX_HEIGHT, rank: figure.rank },
        Role::Operation => Item {
            width: STRIPE + symbol_width(figure) + text.max(90.0),
            height: BOX_HEIGHT,
            rank: figure.rank,
        },
    }
}

/// What a use does to the gradient of its input.
const USE_LABEL: &str = "grad +=";

fn title(figure: &Figure) -> String {
    shorten(&figure.title, TITLE)
}

/// The title; of a number in a struct its own name stands out.
fn title_markup(figure: &Figure) -> String {
    let title = title(figure);
    let is_field = |rest: &str| rest.starts_with(|first: char| first.is_alphabetic() || first == '_');
    match title.rfind('.').map(|at| title.split_at(at + 1)) {
        Some((path, key)) if figure.role == Role::Input && figure.named && is_field(key) => {
            format!(r#"<tspan class="muted">{}</tspan>{}"#, escape(path), escape(key))
        }
        Some(_) | None => escape(&title),
    }
}

fn use_title(figure: &Figure) -> String {
    shorten(&figure.title, TITLE / 2)
}

fn number_of_grad(figure: &Figure) -> String {
    figure.grad.map_or_else(String::new, |grad| number(grad, DIGITS))
}

/// Symbols are set larger than the rest.
fn symbol_width(figure: &Figure) -> f64 {
    let size = if width(&figure.symbol) == 1 { 16.0 } else { ADVANCE * width(&figure.symbol) as f64 };
    (size + 12.0).max(30.0)
}

/// The class that colours a gradient by its sign.
fn sign(flow: Option<f64>) -> &'static str {
    match flow {
        Some(flow) if flow > 0.0 => "plus",
        Some(flow) if flow < 0.0 => "minus",
        Some(flow) if flow.is_nan() => "nan",
        _ => "none",
    }
}

fn draw_figure(out: &mut String, diagram: &Diagram, figure: &Figure, item: &Item, centre: Point) {
    let (x, y) = (centre.x - item.width / 2.0, centre.y - item.height / 2.0);
    let class = match figure.role {
        Role::Input => "input",
        Role::Operation => "operation",
        Role::Use => "use",
        Role::Constant => "constant",
    };
    let radius = if item.height == CHIP_HEIGHT { CHIP_HEIGHT / 2.0 } else { 8.0 };
    let _ = write!(out, r#"<g class="{class}" transform="translate({x:.1} {y:.1})">"#);
    let _ = write!(out, "<title>{}</title>", escape(&tooltip(figure)));
    let (width, height) = (item.width, item.height);
    let _ = write!(out, r#"<rect class="box" width="{width:.1}" height="{height}" rx="{radius}"/>"#);
    let grad = number_of_grad(figure);
    let sign = sign(figure.grad);
    match figure.role {
        Role::Constant => {
            let value = number(figure.data, DIGITS);
            let _ = write!(out, r#"<text class="muted middle" x="{:.1}" y="16">{value}</text>"#, width / 2.0);
        }
        Role::Use => {
            let title = escape(&use_title(figure));
            let _ = write!(
                out,
                r#"<text x="10" y="16"><tspan class="name">{title}</tspan> <tspan class="muted">{USE_LABEL}</tspan> <tspan class="{sign}">{grad}</tspan></text>"#
            );
        }
        Role::Input | Role::Operation => {
            let left = draw_symbol(out, diagram, figure) + 10.0;
            let style = if figure.named { "name" } else { "muted" };
            let (title, data) = (title_markup(figure), number(figure.data, DIGITS));
            let _ = write!(
                out,
                r#"<text class="{style}" x="{left:.1}" y="18">{title}</text><text x="{left:.1}" y="35"><tspan class="muted">data</tspan> {data}</text><text x="{left:.1}" y="52"><tspan class="muted">grad</tspan> <tspan class="{sign}">{grad}</tspan></text>"#
            );
        }
    }
    out.push_str("</g>\n");
}

/// Draws stripe, symbol and line number of an operation; gives the width they take.
fn draw_symbol(out: &mut String, diagram: &Diagram, figure: &Figure) -> f64 {
    if figure.role != Role::Operation {
        return 0.0;
    }
    let space = symbol_width(figure);
    let middle = STRIPE + space / 2.0;
    let mut baseline = 36.0;
    if let Some(stripe) = figure.stripe {
        let colour = theme::STRIPES[stripe % theme::STRIPES.len()];
        // Round at the corners of the box, straight on the inner side.
        let _ = write!(
            out,
            r#"<path class="stripe" fill="{colour}" d="M{STRIPE} .5v{:.0}h-1a7.5 7.5 0 0 1 -7.5 -7.5v-{:.0}a7.5 7.5 0 0 1 7.5 -7.5z"/>"#,
            BOX_HEIGHT - 1.0,
            BOX_HEIGHT - 16.0
        );
        let line = diagram.stripes[stripe].line;
        let _ = write!(out, r#"<text class="small middle" x="{middle:.1}" y="53">:{line}</text>"#);
        baseline = 30.0;
    }
    let size = if width(&figure.symbol) == 1 { "sign" } else { "name" };
    let symbol = escape(&figure.symbol);
    let _ = write!(out, r#"<text class="{size} middle" x="{middle:.1}" y="{baseline}">{symbol}</text>"#);
    STRIPE + space
}

/// Everything about a figure, with exact numbers.
fn tooltip(figure: &Figure) -> String {
    let mut text = String::new();
    if figure.role == Role::Constant {
        return format!("constant {:?}", figure.data);
    }
    let _ = write!(text, "{}\ndata = {:?}", shorten(&figure.title, TIP), figure.data);
    if let Some(grad) = figure.grad {
        let label = if figure.role == Role::Use { USE_LABEL } else { "grad =" };
        let _ = write!(text, "\n{label} {grad:?}");
    }
    if let Some(place) = &figure.place {
        let _ = write!(text, "\n{}", shorten(place, TIP));
    }
    text
}

fn draw_arrows(out: &mut String, diagram: &Diagram, layout: &Layout) {
    let flows = diagram.arrows.iter().filter_map(|arrow| arrow.flow).map(f64::abs);
    let largest = flows.filter(|flow| flow.is_finite()).fold(0.0, f64::max);
    for (arrow, route) in diagram.arrows.iter().zip(&layout.routes) {
        let class = sign(arrow.flow);
        let share = match arrow.flow.map(f64::abs) {
            Some(flow) if flow.is_infinite() => 1.0,
            Some(flow) if flow > 0.0 => (flow / largest).sqrt(),
            _ => 0.0,
        };
        let path = parts::curve(route, layout.direction);
        let head = parts::head(route[route.len() - 1], layout.direction);
        out.push_str(r#"<g class="arrow">"#);
        if let (Some(partial), Some(flow)) = (arrow.partial, arrow.flow) {
            let grad = diagram.figures[arrow.link.to].grad.unwrap_or_default();
            let _ = write!(
                out,
                "<title>local derivative {partial:?}, times grad {grad:?}, adds {flow:?}</title>"
            );
        }
        let _ =
            write!(out, r#"<path class="line {class}" stroke-width="{:.2}" d="{path}"/>"#, 1.2 + 2.3 * share);
        let _ = write!(out, r#"<path class="head {class}" d="{head}"/></g>"#);
        out.push('\n');
    }
    if diagram.arrows.len() > LABELLED {
        return;
    }
    // Labels keep clear of each other: two that touch would read as one number.
    let mut taken: Vec<(Point, f64)> = Vec::new();
    for (arrow, route) in diagram.arrows.iter().zip(&layout.routes) {
        if let Some(partial) = arrow.partial {
            let label = number(partial, 3);
            let space = 6.1 * width(&label) as f64 + 10.0;
            let Point { x, y } = free_place(&taken, parts::label_places(route, layout.direction), space);
            taken.push((Point { x, y }, space));
            let y = y + 3.5;
            let (left, top) = (x - space / 2.0, y - 9.0);
            let ground =
                format!(r#"<rect class="page" x="{left:.1}" y="{top:.1}" width="{space:.1}" height="11"/>"#);
            let _ =
                writeln!(out, r#"{ground}<text class="small middle" x="{x:.1}" y="{y:.1}">×{label}</text>"#);
        }
    }
}

/// The first of the places at which a label of this width touches no other; if there is none, the place below the last.
fn free_place(taken: &[(Point, f64)], mut places: impl Iterator<Item = Point>, space: f64) -> Point {
    const LINE: f64 = 12.0;
    let is_free = |place: &Point| {
        !taken.iter().any(|(other, width)| {
            (place.x - other.x).abs() < f64::midpoint(space, *width) + 3.0 && (place.y - other.y).abs() < LINE
        })
    };
    let first = places.next().unwrap_or(Point { x: 0.0, y: 0.0 });
    if is_free(&first) {
        return first;
    }
    places.find(is_free).unwrap_or_else(|| {
        let below = std::iter::successors(Some(first), |place| Some(Point { y: place.y + LINE, ..*place }));
        below.take(taken.len() + 2).find(is_free).unwrap_or(first)
    })
}

//! What each line of a function computed: one entry an expression, however often it ran.
//!
//! The nodes are gone through once, in their order, and of each expression only what is shown is kept: a trace of
//! millions of nodes is summed up in the room of its source.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ptr;

use super::{Call, Origin, Part, Site, Source, Span, Trace};
use crate::graph::Node;
use crate::ops::Op;
use crate::provenance::lines::Lines;
use crate::text::{number, one_line, shorten, visible};

/// Significant digits in listings.
pub(super) const DIGITS: usize = 6;
/// The longest label of an expression, in columns.
const LABEL: usize = 40;
/// An argument with more elements than this is abridged.
const ELEMENTS: usize = 8;

/// A function that took part, with what its lines computed.
pub(super) struct Function {
    pub lines: Lines,
    /// How often it was called, and the lines of the calls.
    pub calls: BTreeMap<(&'static str, u32), usize>,
    /// The entries of each line, in the order of their first execution.
    pub entries: BTreeMap<u32, Vec<Entry>>,
    /// The arms that were never taken.
    pub unused: Vec<Span>,
}

/// What stands beside a line.
pub(super) enum Entry {
    /// An expression (or an argument) and its numbers.
    Numbers {
        label: String,
        /// How often it was computed.
        count: usize,
        value: String,
        gradient: String,
        /// The sign of the gradient where it is one number.
        sign: Option<f64>,
    },
    /// How often a loop ran, that a branch was not taken.
    Note(String),
}

/// The traced function first, then those it called, in the order of their first operation.
pub(super) fn functions(trace: &Trace) -> Vec<Function> {
    let mut sources = Sources::new(trace.source());
    let calls = trace.calls();
    let courses = courses(trace, &calls, &mut sources);
    let (loops, branches) = (trace.loops(), trace.branches());
    for at in loops.iter().map(|repeat| repeat.at).chain(branches.iter().map(|branch| branch.at)) {
        sources.index(at.source);
    }
    let mut functions: Vec<Function> = sources.all.iter().map(|source| Function::new(source)).collect();
    for call in &calls {
        let (line, _) = functions[sources.index(call.at.source)].lines.position(call.at.span.start);
        let called = sources.index(call.source);
        // A function without operations of its own has no section.
        if let Some(function) = functions.get_mut(called) {
            *function.calls.entry((call.at.source.function, line)).or_default() += 1;
        }
    }
    add_arguments(trace, &mut functions[0]);
    for repeat in loops.iter().filter(|repeat| repeat.is_loop()) {
        let note = runs(repeat.entered, repeat.iterations);
        functions[sources.index(repeat.at.source)].note(repeat.at.span.start, note);
    }
    for Expression { function, site, label, values, gradients, reached, .. } in courses {
        let text = one_line(&label);
        let entry = Entry::Numbers {
            label: shorten(&text, LABEL),
            count: values.count,
            value: values.to_string(),
            gradient: if reached { gradients.to_string() } else { format!("{gradients}, never reached") },
            sign: gradients.only(),
        };
        let function = &mut functions[function];
        let line = function.lines.line_of(site);
        function.entries.entry(line).or_default().push(entry);
    }
    for branch in &branches {
        let function = &mut functions[sources.index(branch.at.source)];
        branch.not_taken().for_each(|arm| function.unused.push(arm));
    }
    functions.iter_mut().for_each(Function::note_unused);
    functions
}

fn runs(entered: usize, iterations: usize) -> String {
    let plural = if iterations == 1 { "" } else { "s" };
    let runs = if entered > 1 { format!(" in {entered} runs") } else { String::new() };
    format!("{iterations} iteration{plural}{runs}")
}

impl Function {
    fn new(source: &'static Source) -> Self {
        Function {
            lines: Lines::new(source),
            calls: BTreeMap::new(),
            entries: BTreeMap::new(),
            unused: Vec::new(),
        }
    }

    /// A note beside the line of this byte.
    fn note(&mut self, byte: u32, note: String) {
        let (line, _) = self.lines.position(byte);
        self.entries.entry(line).or_default().push(Entry::Note(note));
    }

    /// Notes beside the arms that were not taken; those inside others go without saying.
    fn note_unused(&mut self) {
        let whole: Vec<Span> = self.unused.iter().copied().filter(|arm| !self.is_inside(*arm)).collect();
        for arm in &whole {
            let (first, last) = (self.lines.position(arm.start).0, self.lines.position(arm.end).0);
            let shares = |other: &Span| other != arm && self.lines.position(other.start).0 == first;
            let note = if first == last || whole.iter().any(shares) {
                format!("{} not taken", shorten(&one_line(self.lines.source.slice(*arm)), LABEL))
            } else {
                "not taken".to_owned()
            };
            self.note(arm.start, note);
        }
    }

    fn is_inside(&self, arm: Span) -> bool {
        let around = |other: &&Span| **other != arm && other.start <= arm.start && arm.end <= other.end;
        self.unused.iter().any(|other| around(&other))
    }
}

/// The functions met so far. They are told apart by what they say, since one may lie at several addresses, and found
/// again by their addresses.
struct Sources {
    all: Vec<&'static Source>,
    addresses: HashMap<usize, usize>,
}

impl Sources {
    fn new(first: &'static Source) -> Self {
        Sources { all: vec![first], addresses: HashMap::new() }
    }

    fn index(&mut self, source: &'static Source) -> usize {
        *self.addresses.entry(ptr::from_ref(source).addr()).or_insert_with(|| {
            self.all.iter().position(|&known| known == source).unwrap_or_else(|| {
                self.all.push(source);
                self.all.len() - 1
            })
        })
    }
}

/// An expression, and what it computed.
struct Expression {
    function: usize,
    site: &'static Site,
    label: Cow<'static, str>,
    /// Its first node.
    first: usize,
    values: Course,
    gradients: Course,
    /// Whether the reverse pass reached any of its nodes.
    reached: bool,
}

/// The expressions in the order of their first execution, calls of other functions among them.
fn courses(trace: &Trace, calls: &[Call], sources: &mut Sources) -> Vec<Expression> {
    let mut known: HashMap<(usize, u32, u32, usize), usize> = HashMap::new();
    let mut expressions: Vec<Expression> = Vec::new();
    let mut add =
        |site: &'static Site, result: usize, label: &dyn Fn() -> Cow<'static, str>, node: Node<'_>| {
            let function = sources.index(site.source);
            let key = (function, site.span.start, site.span.end, result);
            let index = *known.entry(key).or_insert_with(|| {
                let (values, gradients) = (Course::new(), Course::new());
                expressions.push(Expression {
                    function,
                    site,
                    label: label(),
                    first: node.index(),
                    values,
                    gradients,
                    reached: false,
                });
                expressions.len() - 1
            });
            expressions[index].values.push(node.data());
            expressions[index].gradients.push(node.grad());
            expressions[index].reached |= node.is_reached();
        };
    for (site, node) in operations(trace) {
        add(site, 0, &|| site.name.unwrap_or_else(|| site.text()).into(), node);
    }
    for call in calls {
        for (at, &result) in call.results.iter().enumerate() {
            let node = trace.graph().node(result);
            let whole = call.name().unwrap_or_else(|| call.at.text());
            let label = || match call.results[..] {
                [_] => whole.into(),
                _ => format!("{} of {whole}", node_name(node)).into(),
            };
            add(call.at, at + 1, &label, node);
        }
    }
    expressions.sort_by_key(|expression| expression.first);
    expressions
}

/// The nodes that expressions made, with their sites.
pub(super) fn operations(trace: &Trace) -> impl Iterator<Item = (&'static Site, Node<'_>)> {
    trace.graph().nodes().filter(|node| node.op() != Op::Input).filter_map(|node| match node.origin() {
        Some(Origin::Site(site)) => Some((site, node)),
        _ => None,
    })
}

/// The arguments stand on the line of their parameter; where that is not recorded, on the line that names
/// the function.
fn add_arguments(trace: &Trace, function: &mut Function) {
    let signature = signature_line(trace.source(), &function.lines);
    for (argument, (name, values, gradients)) in trace.inputs().iter().zip(trace.gradients()) {
        let origin = argument.nodes.first().and_then(|&node| trace.graph().node(node).origin());
        let line = match origin {
            Some(Origin::Site(site)) if site.source == trace.source() => function.lines.line_of(site),
            _ => signature,
        };
        let entry = |label: &str, [value, gradient]: [String; 2], gradients: &[f64]| {
            let sign = Course::of(gradients).only();
            Entry::Numbers { label: visible(label).into_owned(), count: 1, value, gradient, sign }
        };
        let entries = function.entries.entry(line).or_default();
        let parts = trace.struct_parts(argument);
        if parts.is_empty() {
            entries.push(entry(name, [list(&values), list(&gradients)], &gradients));
        }
        for part in &parts {
            let numbers = |of: fn(Node<'_>) -> f64| -> Vec<f64> {
                part.numbers.iter().map(|(_, node)| of(trace.graph().node(*node))).collect()
            };
            let (values, gradients) = (numbers(|node| node.data()), numbers(|node| node.grad()));
            let both = [&values, &gradients].map(|numbers| fields(part, numbers));
            entries.push(entry(&title_of(part), both, &gradients));
        }
    }
}

/// A field that stands alone in its part by its full name, `body.mass`; any other part by its path.
pub(super) fn title_of(part: &Part) -> String {
    match &part.numbers[..] {
        [(key, _)] if part.has_names() => format!("{}.{key}", part.path),
        _ => part.path.clone(),
    }
}

/// The numbers of a part: `{x: 1, y: 2}` of several fields with names, else as those of an array.
pub(super) fn fields(part: &Part, numbers: &[f64]) -> String {
    if numbers.len() < 2 || !part.has_names() {
        return list(numbers);
    }
    let fields = part.numbers.iter().zip(numbers);
    let fields: Vec<String> =
        fields.map(|((key, _), value)| format!("{}: {}", visible(key), number(*value, DIGITS))).collect();
    format!("{{{}}}", fields.join(", "))
}

/// The line that names the function.
pub(super) fn signature_line(source: &Source, lines: &Lines) -> u32 {
    let declares = |line: &u32| {
        let mut words = lines.text(*line).split(|c: char| !c.is_alphanumeric() && c != '_' && c != '#');
        words.any(|word| word == "fn")
    };
    lines.numbers().find(declares).unwrap_or(source.line)
}

/// The numbers of several executions: first and last, and the range if it goes beyond them.
struct Course {
    count: usize,
    first: f64,
    last: f64,
    least: f64,
    most: f64,
    nan: bool,
    /// Whether all are the same, to the last bit.
    same: bool,
}

impl Course {
    fn new() -> Self {
        let nan = f64::NAN;
        Course { count: 0, first: nan, last: nan, least: nan, most: nan, nan: false, same: true }
    }

    fn of(numbers: &[f64]) -> Self {
        let mut course = Course::new();
        numbers.iter().for_each(|&number| course.push(number));
        course
    }

    fn push(&mut self, number: f64) {
        if self.count == 0 {
            self.first = number;
        }
        self.count += 1;
        self.last = number;
        self.same &= number.to_bits() == self.first.to_bits();
        // `min` and `max` pass over NaN.
        self.least = self.least.min(number);
        self.most = self.most.max(number);
        self.nan |= number.is_nan();
    }

    /// The only number, if there is but one.
    fn only(&self) -> Option<f64> {
        (self.count > 0 && self.same).then_some(self.first)
    }
}

impl std::fmt::Display for Course {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(only) = self.only() {
            return f.write_str(&number(only, DIGITS));
        }
        let Course { first, last, least, most, .. } = *self;
        write!(f, "{} … {}", number(first, DIGITS), number(last, DIGITS))?;
        if least < first.min(last) || most > first.max(last) {
            write!(f, " in [{}, {}]", number(least, DIGITS), number(most, DIGITS))?;
        }
        let hidden = self.nan && !first.is_nan() && !last.is_nan();
        if hidden { f.write_str(" with NaN") } else { Ok(()) }
    }
}

/// The elements of an argument or a result: a single number as it is, several in brackets.
pub(super) fn list(numbers: &[f64]) -> String {
    let shown = |numbers: &[f64]| numbers.iter().map(|&n| number(n, DIGITS)).collect::<Vec<_>>().join(", ");
    match numbers {
        [only] => number(*only, DIGITS),
        [start @ .., last] if numbers.len() > ELEMENTS => {
            let start = shown(&start[..ELEMENTS - 2]);
            format!("[{start}, …, {}] ({} values)", number(*last, DIGITS), numbers.len())
        }
        all => format!("[{}]", shown(all)),
    }
}

/// What a node is called: its name, the `let` it is bound to, its text, else its number.
pub(super) fn node_name(node: Node<'_>) -> String {
    let site = match node.origin() {
        Some(Origin::Site(site)) => site.name.or(Some(site.text())),
        _ => None,
    };
    let name = node.name().or(site.filter(|text| !text.is_empty()).map(Into::into));
    name.map_or_else(|| format!("#{}", node.index()), Cow::into_owned)
}

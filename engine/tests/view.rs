//! Pictures: well formed, complete, harmless, legible.

mod traced;

use std::collections::{HashMap, HashSet};
use std::process::{Command, Stdio};

use gradus::view::{MOST_NODES, dot, svg};
use gradus::{Graph, Value};
use traced::{LECTURE, neuron, newton};

const HOSTILE: &str = "a\"b<c>&\n]]>--><script>'\\\u{1b}[31m\u{202e}\u{0}";

/// A graph by hand with names that try to break out of every format.
fn hostile() -> Graph {
    let graph = Graph::with_sites();
    let x = graph.value(2.0).named(HOSTILE);
    (x * x + 3.0).named("ends with a backslash \\").backward();
    graph
}

/// Neurons in layers, by hand.
fn network(graph: &Graph, widths: &[usize]) {
    let mut layer: Vec<Value> = (0..widths[0]).map(|i| graph.value(0.3 * i as f64)).collect();
    for &width in &widths[1..] {
        let neuron = |j: usize| {
            let terms =
                layer.iter().enumerate().map(|(i, &x)| graph.value(((i * 7 + j * 3) % 5) as f64 - 2.0) * x);
            terms.fold(graph.value(0.1), |sum, term| sum + term).tanh()
        };
        layer = (0..width).map(neuron).collect();
    }
    layer[0].backward();
}

/// One element of the SVG: name, attributes, own text.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: HashMap<String, String>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn all(&self) -> Vec<&Element> {
        let mut all = vec![self];
        all.extend(self.children.iter().flat_map(Element::all));
        all
    }

    fn get(&self, attribute: &str) -> &str {
        self.attributes.get(attribute).map_or("", String::as_str)
    }

    fn full_text(&self) -> String {
        self.all().iter().map(|element| element.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// Reads XML as strictly as it wants to be read, without declarations, comments and sections.
fn parse_xml(text: &str) -> Element {
    let mut open = vec![Element::default()];
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        open.last_mut().unwrap().text.push_str(&unescape(&rest[..at]));
        let end = rest[at..].find('>').expect("a tag ends") + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let element = open.pop().unwrap();
            assert_eq!(element.name, name, "tags nest");
            open.last_mut().expect("a tag closes what was opened").children.push(element);
            continue;
        }
        let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(
            name.chars().all(|c| c.is_ascii_lowercase() || c == 'T' || c == 'C'),
            "{name:?} is an element"
        );
        let mut element = Element { name: name.into(), ..Element::default() };
        while !attributes.trim().is_empty() {
            let (key, value) = attributes.trim_start().split_once("=\"").expect("attribute=\"");
            let (value, after) = value.split_once('"').expect("a closing quote");
            assert!(element.attributes.insert(key.into(), unescape(value)).is_none(), "{key} given twice");
            attributes = after;
        }
        if empty { open.last_mut().unwrap().children.push(element) } else { open.push(element) }
    }
    assert_eq!((open.len(), rest.trim()), (1, ""), "all is closed");
    let mut document = open.remove(0);
    assert_eq!(document.children.len(), 1, "one root");
    document.children.remove(0)
}

fn unescape(text: &str) -> String {
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "control character in {text:?}");
    assert!(!text.contains(['<', '>']), "bare angle in {text:?}");
    let mut pieces = text.split('&');
    let mut plain = pieces.next().unwrap().to_owned();
    for piece in pieces {
        let (entity, after) = piece.split_once(';').expect("an entity ends");
        plain.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#39" => '\'',
            other => panic!("unknown entity {other}"),
        });
        plain.push_str(after);
    }
    plain
}

fn with_class<'e>(root: &'e Element, class: &str) -> Vec<&'e Element> {
    root.all().into_iter().filter(|element| element.get("class").split(' ').any(|c| c == class)).collect()
}

/// The text of the tooltip of a box.
fn tooltip(element: &Element) -> &str {
    &element.children.iter().find(|child| child.name == "title").expect("a title").text
}

#[test]
fn every_node_has_a_box_with_all_its_numbers() {
    let trace = neuron(LECTURE);
    let root = parse_xml(&trace.to_svg().unwrap());
    let operations = with_class(&root, "operation");
    assert_eq!((operations.len(), with_class(&root, "input").len()), (5, 5));
    // Symbol, line, name or text, data, grad; exact numbers and the place in the tooltip.
    for (node, title, part) in
        [(5, "x1 * w1", "× :9 x1 * w1"), (7, "s", "+ :9 s"), (9, "out", "tanh :11 out")]
    {
        let node = trace.graph().node(node);
        let element = operations.iter().find(|e| tooltip(e).starts_with(&format!("{title}\n")));
        let element = element.expect("a box with the title");
        assert!(tooltip(element).contains(&format!("data = {:?}\n", node.data())));
        let text = element.full_text();
        let words: HashSet<_> = text.split_whitespace().collect();
        assert!(part.split_whitespace().all(|word| words.contains(word)), "{part} in {text}");
        assert!(words.contains("data") && words.contains("grad"));
        assert!(tooltip(element).contains(&format!("grad = {:?}", node.grad())));
    }
    let product = operations.iter().find(|e| tooltip(e).starts_with("x1 * w1\n")).unwrap();
    assert!(tooltip(product).contains("examples/neuron.rs:9:13"), "{}", tooltip(product));
    assert!(root.full_text().contains("let s = x1 * w1 + x2 * w2;"), "the source stands beside the graph");
}

#[test]
fn arrows_show_the_sign_of_what_flows() {
    // At the lecture's numbers, x1 gets −1.5 over one arrow, w2 gets 0 over one, the other eight are positive.
    let root = parse_xml(&neuron(LECTURE).to_svg().unwrap());
    let arrows = with_class(&root, "arrow");
    let count = |class: &str| arrows.iter().filter(|arrow| !with_class(arrow, class).is_empty()).count();
    assert_eq!((arrows.len(), count("plus"), count("minus"), count("none")), (9, 7, 1, 1));
}

#[test]
fn a_much_used_input_shows_what_each_use_adds() {
    // d(x·x + x + 5x) at 3: 3 + 3 + 1 + 5.
    let graph = Graph::new();
    let x = graph.value(3.0).named("x");
    (x * x + x + 5.0 * x).backward();
    let root = parse_xml(&svg(&graph).unwrap());
    let mut added: Vec<String> = with_class(&root, "use").iter().map(|e| e.full_text()).collect();
    added.retain(|text| text.contains("grad +="));
    let mut last: Vec<_> = added.iter().map(|text| text.split_whitespace().last().unwrap()).collect();
    last.sort_unstable();
    assert_eq!(last, ["1", "3", "3", "5"]);
    assert_eq!(with_class(&root, "input").len(), 1);
}

#[test]
fn hostile_names_stay_text() {
    let root = parse_xml(&svg(&hostile()).unwrap());
    assert!(!root.all().iter().any(|element| element.name == "script"));
    let input = &with_class(&root, "input")[0];
    assert!(
        tooltip(input).starts_with(r#"a"b<c>&\n]]>--><script>'\\u{1b}[31m\u{202e}\u{0}"#),
        "{}",
        tooltip(input)
    );
}

#[test]
fn boxes_do_not_overlap() {
    let graph = Graph::new();
    network(&graph, &[3, 4, 2]);
    for text in [svg(&graph).unwrap(), newton(5.0, 4).to_svg().unwrap(), neuron(LECTURE).to_svg().unwrap()] {
        let root = parse_xml(&text);
        let mut boxes = Vec::new();
        for element in root.all() {
            let shape = element.children.iter().find(|c| c.get("class") == "box" && c.get("x").is_empty());
            let place = element.get("transform").strip_prefix("translate(").and_then(|p| p.strip_suffix(')'));
            if let (Some(shape), Some(place)) = (shape, place) {
                let number = |text: &str| text.parse::<f64>().unwrap();
                let (x, y) = place.split_once(' ').unwrap();
                boxes.push((number(x), number(y), number(shape.get("width")), number(shape.get("height"))));
            }
        }
        assert!(boxes.len() >= 10);
        for (index, a) in boxes.iter().enumerate() {
            for b in &boxes[..index] {
                let apart = a.0 + a.2 < b.0 || b.0 + b.2 < a.0 || a.1 + a.3 < b.1 || b.1 + b.3 < a.1;
                assert!(apart, "{a:?} and {b:?}");
            }
        }
    }
}

/// Two labels that touch read as one number: ×0.259 and ×−1.5 as ×−1.559.
#[test]
fn labels_of_arrows_do_not_overlap() {
    let graph = Graph::new();
    network(&graph, &[3, 2, 1]);
    for text in [svg(&graph).unwrap(), newton(5.0, 4).to_svg().unwrap(), neuron(LECTURE).to_svg().unwrap()] {
        let root = parse_xml(&text);
        let mut labels = Vec::new();
        for element in root.all() {
            if element.name == "text"
                && element.text.starts_with('×')
                && element.get("class") == "small middle"
            {
                let number = |attribute: &str| element.get(attribute).parse::<f64>().unwrap();
                let width = 6.1 * element.text.chars().count() as f64;
                labels.push((number("x"), number("y"), width, element.text.clone()));
            }
        }
        assert!(labels.len() > 5);
        for (index, a) in labels.iter().enumerate() {
            for b in &labels[..index] {
                let apart = (a.0 - b.0).abs() >= f64::midpoint(a.2, b.2) || (a.1 - b.1).abs() >= 11.0;
                assert!(apart, "{a:?} and {b:?}");
            }
        }
    }
}

#[test]
fn the_same_graph_gives_the_same_text() {
    assert_eq!(newton(5.0, 9).to_svg(), newton(5.0, 9).to_svg());
    assert_eq!(newton(5.0, 9).to_dot(), newton(5.0, 9).to_dot());
}

#[test]
fn numbers_that_are_none_are_drawn() {
    let graph = Graph::new();
    let x = graph.value(0.0);
    (x.sqrt() * x).backward();
    let root = parse_xml(&svg(&graph).unwrap());
    assert!(!with_class(&root, "nan").is_empty());
    assert!(root.full_text().contains('∞'));
    assert!(!svg(&graph).unwrap().contains("stroke-width=\"NaN\""));
    check_dot(&dot(&graph), graph.len());
}

#[test]
fn an_empty_graph_is_an_empty_picture() {
    let root = parse_xml(&svg(&Graph::new()).unwrap());
    assert!(with_class(&root, "box").is_empty());
    check_dot(&dot(&Graph::new()), 0);
}

#[test]
fn too_large_a_graph_is_refused_with_advice() {
    let graph = Graph::new();
    let mut x = graph.value(1.0);
    for _ in 1..MOST_NODES {
        x += 1.0;
    }
    assert!(svg(&graph).is_ok());
    let _ = x + 1.0;
    let refused = svg(&graph).unwrap_err();
    assert_eq!(refused.nodes, MOST_NODES + 1);
    assert!(refused.to_string().contains("fewer iterations"));
    assert!(dot(&graph).contains(&format!("n{MOST_NODES}")));
}

/// Luminance and contrast after the Web Content Accessibility Guidelines 2.1.
fn contrast(a: &str, b: &str) -> f64 {
    let luminance = |colour: &str| {
        let channel = |at: usize| {
            let part = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_stands_out_from_its_ground() {
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
    let text = neuron(LECTURE).to_svg().unwrap();
    let style = text.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    let (light, dark) = style.split_once("@media (prefers-color-scheme:dark){").expect("a dark theme");
    for sheet in [light, dark] {
        let fill = |selector: &str| {
            let rule = format!("{selector}{{fill:#");
            let at = sheet.find(&rule).unwrap_or_else(|| panic!("no {rule}")) + rule.len() - 1;
            &sheet[at..at + 7]
        };
        for ground in [".page", ".box"] {
            for ink in ["}text", ".muted,.small", "text .plus", "text .minus"] {
                let contrast = contrast(fill(ink), fill(ground));
                assert!(contrast >= 4.5, "{ink} on {ground}: {contrast}");
            }
        }
    }
}

/// The tokens of the part of DOT that is written: words, quoted strings, HTML-like strings, signs.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => {
                let mut escaped = false;
                let end = rest[1..].find(|c| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                });
                end.expect("a string ends") + 2
            }
            '<' => {
                let mut depth = 0;
                let end = rest.find(|c| {
                    depth += i32::from(c == '<') - i32::from(c == '>');
                    depth == 0
                });
                end.expect("a label ends") + 1
            }
            '-' => {
                assert!(rest.starts_with("->"));
                2
            }
            '{' | '}' | '[' | ']' | ';' | ',' | '=' => 1,
            c => {
                assert!(c.is_ascii_alphanumeric() || c == '.', "{c:?} begins no token");
                rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_').unwrap_or(rest.len())
            }
        };
        tokens.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    tokens
}

/// Checks grammar, labels and that every edge joins two declared nodes; and lets Graphviz read it, if it is there.
fn check_dot(text: &str, nodes: usize) {
    let tokens = tokens(text);
    assert_eq!((&tokens[0][..], &tokens[2][..], &tokens[tokens.len() - 1][..]), ("digraph", "{", "}"));
    let (mut declared, mut joined) = (HashSet::new(), HashSet::new());
    for statement in tokens[3..tokens.len() - 1].split_inclusive(|token| token == ";") {
        let (end, statement) = statement.split_last().unwrap();
        assert_eq!(end, ";");
        let words = statement.iter().position(|token| token == "[").unwrap_or(statement.len());
        if words < statement.len() {
            assert_eq!(statement.last().unwrap(), "]");
            for attribute in statement[words + 1..statement.len() - 1].split(|token| token == ",") {
                assert!(attribute.len() == 3 && attribute[1] == "=", "{attribute:?}");
                if attribute[2].starts_with('<') {
                    let label = &attribute[2];
                    parse_xml(&label[1..label.len() - 1].to_lowercase().replace('-', ""));
                }
            }
        }
        match &statement[..words] {
            [id] if id != "node" && id != "edge" => assert!(declared.insert(id.clone()), "{id} twice"),
            [from, arrow, to] if arrow == "->" => joined.extend([from.clone(), to.clone()]),
            [_] => {}
            other => assert_eq!(other[1], "=", "{other:?}"),
        }
    }
    assert!(joined.is_subset(&declared));
    assert_eq!(declared.iter().filter(|id| id.starts_with('n')).count(), nodes);
    let mut graphviz = Command::new("dot");
    graphviz.arg("-Tdot").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    if let Ok(mut child) = graphviz.spawn() {
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !errors.contains("rror"), "{errors}");
    }
}

#[test]
fn graphviz_gets_what_it_can_read() {
    check_dot(&neuron(LECTURE).to_dot(), 10);
    check_dot(&newton(5.0, 4).to_dot(), 13);
    check_dot(&dot(&hostile()), 3);
}

#[test]
fn the_check_of_dot_can_fail() {
    let good = dot(&hostile());
    for (from, to) in [("n0 -> n1", "n0 -> n9"), ("</TABLE>", ""), (" [label", " label"), ("&lt;", "<")] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(good, bad, "{from}");
        assert!(std::panic::catch_unwind(|| check_dot(&bad, 3)).is_err(), "{from} for {to} went unnoticed");
    }
}

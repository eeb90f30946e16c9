//! Time and output of an expansion are proportional to the source, whatever a function is made of.

use gradus_compiler::expand;
use proc_macro2::{TokenStream, TokenTree};
use std::time::{Duration, Instant};

/// Functions of one shape and any size.
struct Shape {
    name: &'static str,
    /// The function of a size.
    text: fn(usize) -> String,
    /// The largest size that is measured.
    most: usize,
}

/// The largest size that is measured of what nests, of expressions with many operators, and of what is long.
const DEEP: usize = 200;
const MANY: usize = 4000;
const LONG: usize = 10_000;

/// What `part` makes of every number below `n`, joined.
fn each(n: usize, part: impl Fn(usize) -> String) -> String {
    (0..n).map(part).collect()
}

fn joined(n: usize, separator: &str, part: impl Fn(usize) -> String) -> String {
    (0..n).map(part).collect::<Vec<_>>().join(separator)
}

fn scalar(body: &str) -> String {
    format!("fn f(x: f64) -> f64 {{ {body} }}")
}

fn counted(body: &str) -> String {
    format!("fn f(x: f64, n: usize) -> f64 {{ {body} }}")
}

/// `before` and `after`, `n` times around `x`.
fn nested(n: usize, before: &str, after: &str) -> String {
    scalar(&format!("{}x{}", before.repeat(n), after.repeat(n)))
}

const SHAPES: &[Shape] = &[
    // --- expressions
    Shape { name: "sum", most: MANY, text: |n| scalar(&joined(n, " + ", |_| "x".to_owned())) },
    Shape { name: "product", most: MANY, text: |n| scalar(&joined(n, " * ", |_| "x".to_owned())) },
    Shape {
        name: "polynomial",
        most: MANY / 2,
        text: |n| scalar(&joined(n, " + ", |k| format!("{k}.0 * x"))),
    },
    Shape { name: "chain of methods", most: MANY, text: |n| nested(n, "", ".sin()") },
    Shape { name: "negations", most: DEEP, text: |n| nested(n, "-", "") },
    Shape {
        name: "passive sum",
        most: MANY,
        text: |n| counted(&format!("let m = {}; x * m as f64", joined(n, " + ", |_| "n".to_owned()))),
    },
    Shape {
        name: "conditions",
        most: MANY / 2,
        text: |n| {
            scalar(&format!("if {} {{ x * x }} else {{ x }}", joined(n, " && ", |k| format!("x > {k}.0"))))
        },
    },
    // --- nesting
    Shape { name: "blocks", most: DEEP, text: |n| nested(n, "{ ", " }") },
    Shape { name: "blocks of let", most: DEEP / 2, text: |n| nested(n, "{ let x = { x.sin(); ", " }; x }") },
    Shape { name: "parentheses", most: DEEP, text: |n| nested(n, "(", " + 1.0)") },
    Shape { name: "parentheses at the right", most: DEEP, text: |n| nested(n, "(1.0 + ", ")") },
    Shape { name: "calls of operations", most: DEEP, text: |n| nested(n, "f64::sin(", ")") },
    Shape { name: "calls of functions", most: DEEP, text: |n| nested(n, "g(", ")") },
    Shape {
        name: "matches in arms",
        most: DEEP,
        text: |n| {
            let arms = each(n, |k| format!("match n {{ {k} => x * {k}.0, _ => "));
            counted(&format!("{arms} x {}", "}".repeat(n)))
        },
    },
    Shape {
        name: "ifs in ifs",
        most: DEEP,
        text: |n| {
            let ifs = each(n, |k| format!("if x > {k}.0 {{ s += x; "));
            scalar(&format!("let mut s = 0.0; {ifs} {} s", "}".repeat(n)))
        },
    },
    Shape {
        name: "else ifs",
        most: DEEP,
        text: |n| scalar(&(each(n, |k| format!("if x > {k}.0 {{ x * {k}.0 }} else ")) + "{ x }")),
    },
    Shape {
        name: "loops in loops",
        most: DEEP,
        text: |n| {
            let loops = each(n, |k| format!("for i{k} in 0..n {{ s = s * 0.5; "));
            counted(&format!("let mut s = x; {loops} {} s", "}".repeat(n)))
        },
    },
    // --- closures
    Shape {
        name: "closures that call one",
        most: LONG,
        text: |n| {
            let closures = each(n, |k| format!("let f{} = |a: f64| f{k}(a).sin(); ", k + 1));
            scalar(&format!("let f0 = |a: f64| a * x; {closures} f{n}(x)"))
        },
    },
    Shape {
        name: "closures that call one twice",
        most: LONG,
        text: |n| {
            let closures = each(n, |k| format!("let f{} = |a: f64| f{k}(a) * f{k}(a + 1.0); ", k + 1));
            scalar(&format!("let f0 = |a: f64| a * x; {closures} f{n}(x)"))
        },
    },
    Shape {
        name: "calls of a closure",
        most: LONG,
        text: |n| {
            let calls = each(n, |k| format!("s += g({k}.0); "));
            scalar(&format!("let g = |a: f64| a * x; let mut s = 0.0; {calls} s"))
        },
    },
    // --- long functions
    Shape {
        name: "lets",
        most: LONG,
        text: |n| {
            let lets = each(n, |k| format!("let a{} = a{k} * 0.5 + x; ", k + 1));
            scalar(&format!("let a0 = x; {lets} a{n}"))
        },
    },
    Shape {
        name: "shadowing lets",
        most: LONG,
        text: |n| scalar(&("let x = x.sin() * 0.5; ".repeat(n) + "x")),
    },
    Shape {
        name: "updates",
        most: LONG,
        text: |n| scalar(&format!("let mut s = 0.0; {} s", each(n, |k| format!("s += x * {k}.0; ")))),
    },
    Shape {
        name: "stores",
        most: LONG,
        text: |n| {
            let stores = each(n, |k| format!("t[{}] = t[{}] * x + {k}.0; ", k % 8, (k + 1) % 8));
            scalar(&format!("let mut t = [0.0; 8]; {stores} t[0]"))
        },
    },
    Shape {
        name: "tuples",
        most: LONG,
        text: |n| scalar(&format!("let (a, b) = (x, x); {} a", "let (a, b) = (a * b, a + b); ".repeat(n))),
    },
    Shape { name: "assertions", most: LONG, text: |n| scalar(&("assert!(x > 0.0); ".repeat(n) + "x * x")) },
    Shape {
        name: "numbers",
        most: LONG,
        text: |n| scalar(&format!("let t = [{}]; x * t[3]", each(n, |k| format!("{k}.5, ")))),
    },
    Shape {
        name: "elements",
        most: LONG,
        text: |n| scalar(&format!("let t = [{}]; t.iter().sum()", each(n, |k| format!("x * {k}.5, ")))),
    },
    // --- branches
    Shape {
        name: "ifs",
        most: LONG,
        text: |n| {
            let ifs = each(n, |k| format!("if x > {k}.0 {{ s += x * {k}.0; }} "));
            scalar(&format!("let mut s = 0.0; {ifs} s"))
        },
    },
    Shape {
        name: "ifs with else",
        most: LONG,
        text: |n| {
            let ifs = each(n, |k| format!("s += if x > {k}.0 {{ x.sin() }} else {{ x }}; "));
            scalar(&format!("let mut s = 0.0; {ifs} s"))
        },
    },
    Shape {
        name: "arms",
        most: LONG,
        text: |n| counted(&format!("match n {{ {} _ => x }}", each(n, |k| format!("{k} => x * {k}.0, ")))),
    },
    Shape {
        name: "guards that return",
        most: LONG,
        text: |n| scalar(&(each(n, |k| format!("if x > {k}.0 {{ return x * {k}.0; }} ")) + "x")),
    },
    Shape {
        name: "guards among lets",
        most: LONG,
        text: |n| {
            let guards = each(n, |k| format!("if y > {k}.0 {{ return x * {k}.0; }} let y = y.sin(); "));
            scalar(&format!("let y = x; {guards} y"))
        },
    },
    Shape {
        name: "lets of ifs",
        most: LONG,
        text: |n| {
            let lets = each(n, |k| format!("let a{} = if x > {k}.0 {{ a{k} * x }} else {{ a{k} }}; ", k + 1));
            scalar(&format!("let a0 = x; {lets} a{n}"))
        },
    },
    Shape {
        name: "guards that continue",
        most: LONG,
        text: |n| {
            let guards = each(n, |k| format!("if i == {k} {{ s += x; continue; }} "));
            counted(&format!("let mut s = 0.0; for i in 0..n {{ {guards} s *= x; }} s"))
        },
    },
    Shape {
        name: "loops",
        most: LONG,
        text: |n| {
            let loops = "for i in 0..n { s += x * i as f64; } ".repeat(n);
            counted(&format!("let mut s = 0.0; {loops} s"))
        },
    },
];

/// What becomes of the function of a size: tokens of the source and of the expansion, bytes of its texts, and the time.
struct Measured {
    source: usize,
    tokens: usize,
    text: usize,
    time: Duration,
    compiled: bool,
}

fn measured(shape: &Shape, size: usize) -> Measured {
    let tokens: TokenStream = (shape.text)(size).parse().expect("tokens");
    let start = Instant::now();
    let expanded = expand(TokenStream::new(), &tokens);
    let time = start.elapsed();
    let (count, text) = extent(expanded.clone());
    let says = |word: &str| mentions(expanded.clone(), word);
    assert!(!says("compile_error"), "{} of size {size} is refused", shape.name);
    Measured { source: extent(tokens).0, tokens: count, text, time, compiled: says("Compiled") }
}

/// The number of tokens, and the bytes of the literals among them.
fn extent(tokens: TokenStream) -> (usize, usize) {
    let (mut count, mut bytes) = (0, 0);
    walk(tokens, &mut |token| {
        count += 1;
        if let TokenTree::Literal(literal) = token {
            bytes += literal.to_string().len();
        }
    });
    (count, bytes)
}

fn mentions(tokens: TokenStream, word: &str) -> bool {
    let mut found = false;
    walk(tokens, &mut |token| found |= matches!(token, TokenTree::Ident(ident) if ident == word));
    found
}

/// Every token, without recursion.
fn walk(tokens: TokenStream, see: &mut impl FnMut(&TokenTree)) {
    let mut open = vec![tokens.into_iter()];
    while let Some(innermost) = open.last_mut() {
        let Some(token) = innermost.next() else {
            open.pop();
            continue;
        };
        see(&token);
        if let TokenTree::Group(group) = &token {
            open.push(group.stream().into_iter());
        }
    }
}

/// A size that is compared with twice as much, which takes about twice of everything. Some shapes are compiled up to a size and run
/// on a graph from there on, which takes less.
const SIZE: usize = 100;

#[test]
fn twice_the_source_gives_twice_the_output() {
    for shape in SHAPES {
        let size = SIZE.min(shape.most / 2);
        let (once, twice) = (measured(shape, size), measured(shape, 2 * size));
        let allowed = |once: usize| 2 * once + once / 4;
        let name = shape.name;
        assert!(
            twice.tokens <= allowed(once.tokens),
            "{name}: {} tokens, then {}",
            once.tokens,
            twice.tokens
        );
        assert!(
            twice.text <= allowed(once.text),
            "{name}: texts of {} bytes, then {}",
            once.text,
            twice.text
        );
    }
}

/// A generous bound: an expansion in cubic or exponential time takes minutes at these sizes.
#[test]
fn no_shape_takes_long() {
    let mut total = Duration::ZERO;
    for shape in SHAPES {
        let time = measured(shape, shape.most.min(400)).time;
        assert!(time < Duration::from_secs(10), "{} took {time:?}", shape.name);
        total += time;
    }
    println!("{total:?} in all");
}

/// Prints what expansions take, of every shape: `cargo test --release -p gradus-compiler --test growth -- --ignored --nocapture`. With
/// `GRADUS_SHAPE` only of the shapes whose names contain it.
#[test]
#[ignore = "figures, of the release build"]
fn of_every_shape() {
    let chosen = std::env::var("GRADUS_SHAPE").unwrap_or_default();
    println!("{:<30}{:>8}{:>10}{:>10}{:>10}  time", "shape", "size", "source", "tokens", "text");
    for shape in SHAPES.iter().filter(|shape| shape.name.contains(&chosen)) {
        for size in [100, 200, 1000, 2000, 4000, 10_000] {
            if size > shape.most {
                break;
            }
            let Measured { source, tokens, text, time, compiled } = measured(shape, size);
            let graph = if compiled { "" } else { " (graph)" };
            println!("{:<30}{size:>8}{source:>10}{tokens:>10}{text:>10}  {time:.1?}{graph}", shape.name);
        }
    }
}

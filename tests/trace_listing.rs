//! The annotated listing and the explanation of a line, of functions whose numbers are known by hand.

use gradus::trace::Trace;
use gradus::{Differentiable, differentiable};
use std::time::{Duration, Instant};

/// The listing from the first line of the function on, without what stands before it, line numbers counted from 1.
fn listed(trace: &Trace) -> Vec<String> {
    let first = trace.source().line;
    let renumbered = |line: &str| match line.split_once(" │") {
        Some((number, rest)) => {
            let number: u32 = number.trim().parse().expect("a line number");
            format!("{} │{rest}", number - first + 1)
        }
        None => line.trim().to_owned(),
    };
    trace.to_string().lines().skip(2).map(renumbered).collect()
}

#[differentiable]
fn doubled(x: f64, limit: f64) -> f64 {
    let mut y = x;
    while y < limit {
        y += y;
    }
    if y == limit {
        y -= 1.0;
    } else {
        let z = y * x;
        y = z;
    }
    y
}

#[test]
fn loops_are_counted_and_arms_that_did_not_run_are_told() {
    // From 3 to 24 in three doublings; the derivative of 8x·x is 16x = 48.
    let expected = [
        "1 │ fn doubled(x: f64, limit: f64) -> f64 {  ┊ x = 3  ∂ 48   limit = 20  ∂ 0",
        "2 │     let mut y = x;",
        "3 │     while y < limit {                    ┊ 3 iterations",
        "4 │         y += y;                          ┊ 3× y = 6 … 24  ∂ 12 … 3",
        "5 │     }",
        "6 │     if y == limit {                      ┊ not taken",
        "7 │         y -= 1.0;",
        "8 │     } else {",
        "9 │         let z = y * x;                   ┊ z = 72  ∂ 1",
        "10 │         y = z;",
        "11 │     }",
        "12 │     y",
        "13 │ }",
        "",
        "gradient",
        "x      48",
        "limit  0",
        "",
        "n× name = first … last: computed n times",
    ];
    assert_eq!(listed(&doubled_graph(3.0, 20.0)), expected);
    let other = listed(&doubled_graph(3.0, 12.0));
    assert_eq!(other[6], "7 │         y -= 1.0;                        ┊ y = 11  ∂ 1");
    assert_eq!(other[7], "8 │     } else {                             ┊ not taken");
    assert!(listed(&doubled_graph(3.0, 1.0))[2].ends_with("┊ 0 iterations"));
}

/// Splits text into what is dimmed and what is not.
fn dimmed(coloured: &str) -> Vec<String> {
    let pieces = coloured.split("\u{1b}[2m").skip(1);
    pieces.map(|piece| piece.split('\u{1b}').next().unwrap_or("").trim().to_owned()).collect()
}

#[test]
fn in_colour_the_source_of_such_arms_is_dimmed() {
    let trace = doubled_graph(3.0, 20.0);
    let dimmed = dimmed(&trace.listing().colour(true).to_string());
    assert!(dimmed.contains(&"y -= 1.0;".to_owned()), "{dimmed:?}");
    assert!(!dimmed.iter().any(|piece| piece.contains("y * x")), "{dimmed:?}");
    let other = doubled_graph(3.0, 12.0).listing().colour(true).to_string();
    assert!(other.contains("\u{1b}[2m        let z = y * x;\u{1b}[0m"), "{other}");
    assert!(!trace.to_string().contains('\u{1b}'));
}

#[differentiable]
fn sides(x: f64, n: i32) -> f64 {
    let size = if x < 0.0 { -x } else { x };
    match n {
        0 => size,
        1 => {
            if size > 1.0 {
                return size;
            }
            size.sqrt()
        }
        _ => size * 2.0,
    }
}

#[test]
fn of_several_arms_on_a_line_the_text_says_which() {
    let listing = listed(&sides_graph(2.0, 0));
    assert!(listing[1].ends_with("┊ { -x } not taken"), "{listing:?}");
    assert!(listing[4].ends_with("┊ not taken"), "{listing:?}");
    assert!(!listing[5].contains("not taken"), "inside an arm that is not taken it goes without saying");
    assert!(listing[10].contains("size * 2.0 not taken"), "{listing:?}");
}

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn rows(x: f64, n: usize) -> f64 {
    let mut total = 0.0;
    for row in 0..n {
        for _ in 0..row {
            total += square(x);
        }
    }
    total.max(1.0)
}

#[test]
fn inner_loops_tell_how_often_they_were_entered() {
    let listing = rows_graph(2.0, 4).to_string();
    assert!(listing.contains("for row in 0..n {               ┊ 4 iterations\n"), "{listing}");
    assert!(listing.contains("for _ in 0..row {           ┊ 6 iterations in 4 runs\n"), "{listing}");
    assert!(listing.contains("x * x  ┊ 6× x * x = 4  ∂ 1\n"), "{listing}");
}

#[differentiable]
fn neuron(x: f64, w: f64, b: f64) -> f64 {
    let weighted = x * w + b;
    weighted.relu()
}
use gradus::Activations as _;

#[test]
fn a_line_is_explained_by_rules_and_products() {
    let trace = neuron_graph(2.0, -3.0, 7.0);
    let line = trace.source().line + 1;
    let expected = format!(
        "\
tests/trace_listing.rs:{line}  let weighted = x * w + b;

x * w = 2 × (−3) = −6
  rule: ∂(a × b)/∂a = b, ∂(a × b)/∂b = a
  arriving: ∂ 1
  ∂x += −3 × 1 = −3
  ∂w += 2 × 1 = 2

weighted = −6 + 7 = 1
  rule: ∂(a + b)/∂a = 1, ∂(a + b)/∂b = 1
  arriving: ∂ 1
  ∂(x * w) += 1 × 1 = 1
  ∂b += 1 × 1 = 1
"
    );
    assert_eq!(trace.explain(line).to_string(), expected);
    // A rectifier that is shut passes nothing on, and says by which convention it would at the kink.
    let shut = neuron_graph(2.0, -3.0, 5.0);
    let explained = shut.explain(line + 1).to_string();
    assert!(explained.contains("weighted.relu() = relu(−1) = 0\n"), "{explained}");
    assert!(explained.contains("by convention 0 at 0\n"), "{explained}");
    assert!(explained.contains("∂weighted gets nothing: the partial is 0\n"), "{explained}");
    assert!(
        trace.explain(line - 1).to_string().contains("no operation on an active value ends on this line")
    );
}

#[test]
fn of_several_executions_the_first_and_the_last_are_explained() {
    let trace = rows_graph(2.0, 4);
    let explained = trace.explain(trace.source().line + 4).to_string();
    let way = |which: &str, row: u32, column: u32| {
        let line = trace.source().line;
        format!(
            "({which} of 6, iteration {row} of line {}, iteration {column} of line {})",
            line + 2,
            line + 3
        )
    };
    assert!(explained.contains(&way("first", 2, 1)), "{explained}");
    assert!(explained.contains(&way("last", 4, 3)), "{explained}");
}

#[differentiable]
fn long(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        if y > 2.0 {
            y -= 1.5;
        }
        y = y + (y - 0.5) * 0.001;
    }
    y
}

#[test]
fn a_million_nodes_are_listed_at_once_and_on_one_screen() {
    let trace = long_graph(0.7, 334_000);
    assert!(trace.graph().len() > 1_000_000);
    let start = Instant::now();
    let listing = trace.to_string();
    let explained = trace.explain(trace.source().line + 6).to_string();
    let allowed = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 2 });
    assert!(start.elapsed() < allowed, "{:?}", start.elapsed());
    assert!(listing.lines().count() < 30 && explained.lines().count() < 40, "{listing}");
    assert!(listing.contains("334000 iterations"), "{listing}");
}

mod several_results {
    use gradus::differentiable;

    #[differentiable]
    fn polar(x: f64, y: f64) -> (f64, f64) {
        (x.hypot(y), y.atan2(x))
    }

    #[differentiable]
    fn scaled(xs: &[f64], k: f64) -> Vec<f64> {
        xs.iter().map(|x| k * x * x).collect()
    }

    #[differentiable]
    fn twice(x: f64, y: f64) -> [f64; 3] {
        [x, x, 2.0 * x * y]
    }

    #[differentiable]
    fn data_too(x: f64, n: i32) -> (f64, i32, f64) {
        (x.powi(n), n, 1.0)
    }

    #[test]
    fn a_trace_has_the_gradients_of_their_sum() {
        let trace = polar_graph(3.0, 4.0);
        let (_, rows) = polar_jacobian(3.0, 4.0);
        assert_eq!(trace.gradient("x"), [rows[0].0 + rows[1].0]);
        assert_eq!(trace.gradient("y"), [rows[0].1 + rows[1].1]);
        let listing = trace.to_string();
        assert!(listing.contains("x.hypot(y) = 5  ∂ 1"), "{listing}");
        assert!(listing.contains("gradient of the sum of the 2 results\n  x  0.44\n"), "{listing}");
        let explained = trace.explain(trace.source().line + 1).to_string();
        assert!(explained.contains("∂ is that of the sum of the 2 results"), "{explained}");
        let paths = trace.contributions("x");
        assert_eq!((paths.gradient, paths.largest.len()), (rows[0].0 + rows[1].0, 2));
    }

    #[test]
    fn a_trace_has_the_gradients_of_one_of_them() {
        let (_, rows) = scaled_jacobian(&[1.0, 2.0], 3.0);
        let mut trace = scaled_graph(&[1.0, 2.0], 3.0);
        for (at, row) in rows.iter().enumerate() {
            trace = trace.of_result(at);
            assert_eq!((trace.gradient("xs"), trace.gradient("k")), (row.0.clone(), vec![row.1]));
            assert!(trace.to_string().contains(&format!("gradient of result {} of 2", at + 1)));
        }
        assert_eq!(trace.contributions("k").gradient, 4.0);
        let (_, (xs, k)) = scaled_vjp(&[1.0, 2.0], 3.0, vec![2.0, -1.0]);
        let trace = trace.with_seed(&[2.0, -1.0]);
        assert_eq!((trace.gradient("xs"), trace.gradient("k")), (xs, vec![k]));
        assert!(trace.to_string().contains("gradient of the sum of the 2 results, weighted"));
    }

    #[test]
    fn one_value_may_be_several_results_and_some_are_none() {
        assert_eq!(twice_graph(2.0, 3.0).gradient("x"), [8.0]);
        assert_eq!(twice_graph(2.0, 3.0).of_result(1).gradient("x"), [1.0]);
        let dead = twice_graph(2.0, 3.0).of_result(0).dead_inputs();
        assert!(dead.is_empty(), "a result that is left out is a result: {dead:?}");
        assert_eq!(data_too_graph(2.0, 3).gradient("x"), [12.0]);
        assert_eq!(data_too_graph(2.0, 3).of_result(1).gradient("x"), [0.0]);
        assert_eq!(scaled_graph(&[], 3.0).gradient("k"), [0.0]);
    }

    #[test]
    #[should_panic(expected = "`polar` returned 2 numbers, there is none at 2")]
    fn there_is_no_result_behind_the_last() {
        let _ = polar_graph(3.0, 4.0).of_result(2);
    }
}

mod calls {
    use gradus::differentiable;
    use gradus::trace::Trace;

    #[differentiable]
    fn sigmoid(x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }

    #[differentiable]
    fn two_layers(w: f64, x: f64) -> f64 {
        let first = sigmoid(w * x);
        let mut second = w;
        second = sigmoid(second * first) + sigmoid(x);
        second
    }

    #[differentiable]
    fn halves(x: f64) -> (f64, f64) {
        (x / 2.0, x * 3.0)
    }

    #[differentiable]
    fn of_several(x: f64) -> f64 {
        let (half, triple) = halves(x);
        half * triple
    }

    #[differentiable]
    fn continued(x: f64, depth: usize) -> f64 {
        if depth == 0 { x } else { 1.0 / (1.0 + continued(x, depth - 1)) }
    }

    #[differentiable]
    fn itself(x: f64) -> f64 {
        x
    }

    #[differentiable]
    fn passed_through(x: f64) -> f64 {
        let same = itself(x * 2.0);
        same + 1.0
    }

    fn line(trace: &Trace, text: &str) -> String {
        // What does not fit beside a line stands below it.
        let listing = trace.to_string();
        let lines: Vec<&str> = listing.lines().skip_while(|line| !line.contains(text)).take(2).collect();
        if lines[0].contains('┊') { lines[0].to_owned() } else { lines.join("\n") }
    }

    #[test]
    fn a_call_shows_its_result_beside_its_argument() {
        // σ(−1.05) = 0.259225.
        let trace = two_layers_graph(-0.7, 1.5);
        let first = line(&trace, "let first");
        assert!(first.contains("w * x = −1.05") && first.contains("first = 0.259225"), "{first}");
        let listing = trace.to_string();
        for result in ["sigmoid(second * first) = 0.4547", "sigmoid(x) = 0.817574"] {
            assert!(listing.contains(result), "no {result} in {listing}");
        }
        let called = trace.source().line;
        let title = format!("called 3× in line {}, line {}", called + 1, called + 3);
        assert!(listing.contains(&title), "no {title} in {listing}");
        let several = line(&of_several_graph(8.0), "let (half, triple)");
        assert!(several.contains("x / 2.0 of halves(x) = 4"), "{several}");
        assert!(several.contains("x * 3.0 of halves(x) = 24"), "{several}");
        // A function that returns its argument computes nothing.
        let same = line(&passed_through_graph(3.0), "let same");
        assert!(same.ends_with("┊ x * 2.0 = 6  ∂ 1"), "{same}");
    }

    #[test]
    fn the_path_into_a_recursion_is_short() {
        let trace = continued_graph(0.5, 12);
        let line = trace.source().line + 1;
        let explained = trace.explain(line).to_string();
        assert!(explained.contains(&format!("call of continued in line {line}, 11 deep")), "{explained}");
        assert_eq!(trace.calls().len(), 12);
        assert!(trace.calls()[..11].iter().all(|call| call.results.len() == 1));
        assert_eq!(trace.calls()[11].results, [0_usize; 0], "the innermost call returns its argument");
    }
}

mod legible {
    use gradus::differentiable;

    #[differentiable]
    fn dense(w: [[f64; 3]; 2], x: [f64; 3]) -> f64 {
        let mut out = 0.0;
        for row in w {
            for (a, b) in row.iter().zip(x) {
                out += a * b;
            }
        }
        out
    }

    #[differentiable]
    fn long_names(first_of_the_numbers: f64, second_of_the_numbers: f64) -> f64 {
        first_of_the_numbers.hypot(second_of_the_numbers * 2.0) * first_of_the_numbers - second_of_the_numbers
    }

    #[test]
    fn a_matrix_is_printed_as_one() {
        let trace = dense_graph([[0.1, -0.2, 0.3], [0.4, 0.5, -0.6]], [1.0, -20.0, 0.5]);
        let listing = trace.to_string();
        let rows = "  w  [[1, −20, 0.5],\n      [1, −20, 0.5]]\n  x  [0.5, 0.3, −0.3]\n";
        assert!(listing.contains(rows), "{listing}");
        assert!(
            listing.ends_with("\nn× name = first … last in [least, greatest]: computed n times\n"),
            "{listing}"
        );
    }

    #[test]
    fn of_a_long_expression_the_ends_stay() {
        let listing = long_names_graph(1.0, 2.0).to_string();
        assert!(listing.contains("first_of_the_numbers…cond_of_the_numbers ="), "{listing}");
    }
}

#[derive(Clone, Copy, Differentiable)]
struct Vec2 {
    x: f64,
    y: f64,
}

#[derive(Clone, Differentiable)]
struct Body {
    position: Vec2,
    mass: f64,
    velocity: Vec2,
    charges: Vec<f64>,
}

#[differentiable]
fn energy(body: &Body, g: f64) -> f64 {
    let v = body.velocity;
    body.mass * (0.5 * (v.x * v.x + v.y * v.y) + g * body.position.y) + body.charges[1]
}

fn energy_of_a_body() -> Trace {
    let [position, velocity] = [(1.0, 2.0), (3.0, 4.0)].map(|(x, y)| Vec2 { x, y });
    energy_graph(&Body { position, mass: 2.0, velocity, charges: vec![0.5, 0.25] }, 10.0)
}

#[test]
fn numbers_of_a_struct_are_grouped_and_named() {
    let trace = energy_of_a_body();
    let expected = [
        "1 │ fn energy(body: &Body, g: f64) -> f64 {",
        "┊   body.position = {x: 1, y: 2}  ∂ {x: 0, y: 20}   body.mass = 2  ∂ 32.5",
        "┊   body.velocity = {x: 3, y: 4}  ∂ {x: 6, y: 8}   body.charges = [0.5, 0.25]  ∂ [0, 1]",
        "┊   g = 10  ∂ 4",
    ];
    assert_eq!(listed(&trace)[..4], expected);
    let gradient: Vec<String> = listed(&trace).into_iter().skip_while(|line| line != "gradient").collect();
    let expected = [
        "gradient",
        "body.position  {x: 0, y: 20}",
        "body.mass      32.5",
        "body.velocity  {x: 6, y: 8}",
        "body.charges   [0, 1]",
        "g              4",
    ];
    assert_eq!(gradient, expected);
}

#[test]
fn parts_of_an_argument_have_their_gradients() {
    let trace = energy_of_a_body();
    assert_eq!(trace.gradient("body"), [0.0, 20.0, 32.5, 6.0, 8.0, 0.0, 1.0]);
    assert_eq!(trace.gradient("body.velocity"), [6.0, 8.0]);
    assert_eq!(trace.gradient("body.velocity.y"), [8.0]);
    assert_eq!(trace.gradient("body.charges"), [0.0, 1.0]);
    assert_eq!(trace.gradient("body.charges[1]"), [1.0]);
    assert_eq!(trace.contributions("body.velocity").gradient, 14.0);
    let parts = trace.parts("body");
    let paths: Vec<&str> = parts.iter().map(|part| part.path.as_str()).collect();
    assert_eq!(paths, ["body.position", "body", "body.velocity", "body.charges"]);
    assert_eq!(parts[3].numbers.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["[0]", "[1]"]);
    // What is no name of anything is none of a part: `body.vel` is not `body.velocity`.
    for name in ["body.vel", "body.velocity.z", "bod", "body.charges[2]", ""] {
        assert!(std::panic::catch_unwind(|| energy_of_a_body().gradient(name)).is_err(), "{name}");
    }
}

/// The static picture names them, and so does the data of the page, where each part has its path.
#[test]
fn pictures_and_the_data_of_the_page_name_the_numbers_of_structs() {
    let trace = energy_of_a_body();
    let svg = trace.to_svg().expect("a small graph");
    assert!(svg.contains(r#"<tspan class="muted">body.velocity.</tspan>x</text>"#), "{svg}");
    assert!(trace.to_dot().contains("body.velocity.x"));
    let data = gradus::view::page_data(&trace);
    let inputs = r#""inputs":[["body",[0,1,2,3,4,5,6],[["body.position",[["x",0],["y",1]]],["body",[["mass",2]]],["body.velocity",[["x",3],["y",4]]],["body.charges",[["[0]",5],["[1]",6]]]]],["g",[7],[]]]"#;
    assert!(data.contains(inputs), "{}", &data[..600]);
}

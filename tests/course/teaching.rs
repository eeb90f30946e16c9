//! The teacher's plan: its slides show what it says they show, and its commands and exercises are those of the course.

use super::solutions::{
    lesson_00, lesson_01, lesson_02, lesson_03, lesson_04, lesson_05, lesson_06, lesson_07, lesson_08,
    lesson_09, lesson_10,
};
use gradus::graph::{Node, Operand};
use gradus::trace::Origin;
use gradus::{Graph, Op, Trace};

const PLAN: &str = include_str!("../../docs/teaching.md");

/// A lesson's name, and what makes the graph of its page.
type Lesson = (&'static str, fn() -> Trace);

const LESSONS: [Lesson; 11] = [
    ("00_your_own_value", lesson_00::trace),
    ("01_a_value_remembers", lesson_01::trace),
    ("02_backward_by_hand", lesson_02::trace),
    ("03_topological_order", lesson_03::trace),
    ("04_accumulation", lesson_04::trace),
    ("05_a_neuron", lesson_05::trace),
    ("06_the_graph_of_a_function", lesson_06::trace),
    ("07_control_flow", lesson_07::trace),
    ("08_reading_the_adjoint", lesson_08::trace),
    ("09_a_custom_operation", lesson_09::trace),
    ("10_a_struct", lesson_10::trace),
];

/// A step of the two passes; the nodes are told by index.
#[derive(Clone, Copy)]
enum Step {
    Forward(usize),
    Seed(usize),
    Backward(usize),
}

fn operands(node: Node) -> Vec<usize> {
    let index = |operand| match operand {
        Operand::Node(index) => Some(index),
        Operand::Constant(_) => None,
    };
    node.operands().filter_map(index).collect()
}

/// All steps after the start, as the page takes them when it plays this mistake.
fn steps(trace: &Trace, mistake: Option<&str>) -> Vec<Step> {
    let graph = trace.graph();
    let is_operation = |index: &usize| graph.node(*index).op() != Op::Input;
    let result =
        (0..graph.len()).rfind(|&index| graph.node(index).data() == trace.value()).expect("a result");
    let mut reached = vec![false; graph.len()];
    reached[result] = true;
    let mut backward = Vec::new();
    for index in (0..=result).rev().filter(is_operation).filter(|_| mistake != Some("recursion")) {
        if reached[index] {
            operands(graph.node(index)).into_iter().for_each(|operand| reached[operand] = true);
            backward.push(Step::Backward(index));
        }
    }
    if mistake == Some("recursion") {
        every_way(graph, result, &mut backward);
    }
    let mut steps: Vec<_> = (0..graph.len()).filter(is_operation).map(Step::Forward).collect();
    for _ in 0..if mistake == Some("twice") { 2 } else { 1 } {
        steps.push(Step::Seed(result));
        steps.extend(&backward);
    }
    steps
}

fn every_way(graph: &Graph, index: usize, steps: &mut Vec<Step>) {
    if graph.node(index).op() != Op::Input {
        steps.push(Step::Backward(index));
        operands(graph.node(index)).into_iter().for_each(|operand| every_way(graph, operand, steps));
    }
}

/// The gradients after these steps.
fn replay(graph: &Graph, steps: &[Step], mistake: Option<&str>) -> Vec<f64> {
    let mut gradients = vec![0.0; graph.len()];
    for step in steps {
        match *step {
            Step::Forward(_) => (),
            Step::Seed(index) => gradients[index] = 1.0,
            Step::Backward(index) => {
                let node = graph.node(index);
                for (operand, partial) in node.operands().zip(node.local_partials()) {
                    if let Operand::Node(operand) = operand {
                        let kept = if mistake == Some("assign") { 0.0 } else { gradients[operand] };
                        gradients[operand] = kept + gradients[index] * partial;
                    }
                }
            }
        }
    }
    gradients
}

/// A step in the plan's words: its direction, and the expression.
fn words(graph: &Graph, step: Step) -> String {
    let text = |index| match graph.node(index).origin() {
        Some(Origin::Site(site)) => site.text(),
        other => panic!("an operation that came from {other:?}"),
    };
    match step {
        Step::Forward(index) => format!("forward `{}`", text(index)),
        Step::Seed(_) => "seed".to_owned(),
        Step::Backward(index) => format!("backward `{}`", text(index)),
    }
}

/// The node of an argument, `b` or `w[0]`.
fn node_of(trace: &Trace, argument: &str) -> usize {
    let (name, element) = argument.trim_end_matches(']').split_once('[').unwrap_or((argument, "0"));
    let input = trace.inputs().iter().find(|input| input.name == name);
    input.unwrap_or_else(|| panic!("no argument `{argument}`")).nodes
        [element.parse::<usize>().expect("a number")]
}

/// Holds a slide's address against what the plan says that it shows.
fn check_slide(address: &str, shows: &str) {
    let (lesson, fragment) = address.split_once(".html#").expect("a page and a step");
    let (_, trace) = LESSONS.iter().find(|(name, _)| *name == lesson).expect("a lesson of the course");
    let trace = trace();
    let given =
        |name| fragment.split('&').filter_map(|part| part.split_once('=')).find(|(key, _)| *key == name);
    let mistake = given("mistake").map(|(_, mistake)| mistake);
    let step: usize = given("step").expect("a step").1.parse().expect("a number");

    let steps = steps(&trace, mistake);
    let (kind, gradients) = shows.split_once("; ").unwrap_or((shows, ""));
    assert_eq!(words(trace.graph(), steps[step - 1]), kind, "{address}");
    let after = replay(trace.graph(), &steps[..step], mistake);
    for said in gradients.split(" and ").filter(|said| !said.is_empty()) {
        let (argument, number) = said.split_once(" has ").expect("`argument` has a number");
        let gradient = after[node_of(&trace, argument.trim_matches('`'))];
        let number: f64 = number.parse().expect("a number");
        assert!((gradient - number).abs() < 1e-12, "{address}: {argument} has {gradient}, not {number}");
    }
}

#[test]
fn slides_show_what_the_plan_says() {
    let slides = PLAN.lines().filter(|line| line.starts_with("| `") && line.contains(".html#"));
    let mut count = 0;
    for slide in slides {
        let cells: Vec<&str> = slide.split(" | ").collect();
        check_slide(cells[0].trim_start_matches("| ").trim_matches('`'), cells[1]);
        count += 1;
    }
    assert_eq!(count, PLAN.matches(".html#step=").count(), "every address stands in a table");
}

#[test]
fn the_plan_knows_every_lesson() {
    for (lesson, _) in LESSONS {
        assert!(PLAN.contains(&format!("\n| `{lesson}` | ")), "{lesson} has no row among the exercises");
    }
    // What is shown must have been written: the command before the lesson runs these.
    let command = PLAN.split("```").nth(1).expect("a command");
    for (lesson, _) in LESSONS {
        let shown =
            PLAN.contains(&format!("{lesson}.html")) || PLAN.contains(&format!("--example {lesson}` in"));
        assert_eq!(command.contains(lesson), shown, "{lesson}");
    }
}

#[test]
fn every_lesson_has_its_page() {
    for (lesson, trace) in LESSONS {
        let page = trace().to_html().unwrap_or_else(|error| panic!("{lesson}: {error}"));
        assert!(page.contains(&format!("/{lesson}.rs")), "{lesson} is not where the page says");
    }
}

#[test]
fn the_page_plays_the_mistakes_of_the_plan() {
    let page = lesson_04::trace().to_html().expect("a small graph");
    for mistake in ["assign", "twice", "recursion"] {
        assert!(PLAN.contains(&format!("&mistake={mistake}")) && page.contains(&format!("{mistake}: {{")));
    }
}

//! The course: what each lesson says is held against closed forms, and its exercise against right and wrong solutions.

#![allow(
    dead_code,
    missing_docs,
    clippy::duplicate_mod,
    reason = "the lessons are programs; their `main`s and pages are not run here"
)]

#[path = "../course/examples/solutions/main.rs"]
mod solutions;
#[path = "course/teaching.rs"]
mod teaching;

use solutions::{
    lesson_00, lesson_01, lesson_02, lesson_03, lesson_04, lesson_05, lesson_06, lesson_07, lesson_08,
    lesson_09, lesson_10,
};

#[track_caller]
fn assert_close(computed: f64, exact: f64, tolerance: f64) {
    assert!((computed - exact).abs() <= tolerance, "{computed} is not {exact}");
}

// ── What the lessons say ─────────────────────────────────────────────────────────────────────────

#[test]
fn lesson_00_agrees_with_calculus() {
    // z = (x y + x) x y, so ∂z/∂x = 2 x y (y + 1) and ∂z/∂y = x² (2 y + 1).
    for (x, y) in [(2.0, 3.0), (-1.0, 0.5), (0.0, 4.0)] {
        let exact = [(x * y + x) * x * y, 2.0 * x * y * (y + 1.0), x * x * (2.0 * y + 1.0)];
        assert_eq!(lesson_00::on_your_own(x, y), exact);
        assert_eq!(lesson_00::by_gradus(x, y), exact);
    }
}

#[test]
fn lesson_01_remembers_everything() {
    // L = (a b + c) f.
    let (a, b, c, f) = (2.0, -3.0, 10.0, -2.0);
    let d = a * b + c;
    let expected = [
        ("a", a, b * f, vec![]),
        ("b", b, a * f, vec![]),
        ("c", c, f, vec![]),
        ("f", f, d, vec![]),
        ("e", a * b, f, vec![b, a]),
        ("d", d, f, vec![1.0, 1.0]),
        ("L", d * f, 1.0, vec![f, d]),
    ];
    let expected =
        expected.map(|(name, value, gradient, partials)| (name.to_owned(), value, gradient, partials));
    assert_eq!(lesson_01::figures(), expected);
}

#[test]
fn lesson_02_is_right_by_hand() {
    let inputs @ [x1, x2, w1, w2, _] = lesson_02::inputs();
    // 1 − tanh²(asinh 1) = 1/2.
    let exact = [w1 / 2.0, w2 / 2.0, x1 / 2.0, x2 / 2.0, 0.5];
    for gradient in [lesson_02::by_hand(inputs), lesson_02::by_gradus(inputs)] {
        for (computed, exact) in gradient.into_iter().zip(exact) {
            assert_close(computed, exact, 1e-15);
        }
    }
}

#[test]
fn lesson_03_loses_what_comes_late() {
    for x in [2.0, -1.0, 0.5] {
        // x² + x⁴; nearest first, only the short way's share arrives.
        assert_eq!(lesson_03::sweep(x, lesson_03::youngest_first), 2.0 * x + 4.0 * x * x * x);
        assert_eq!(lesson_03::sweep(x, lesson_03::nearest_first), 2.0 * x);
    }
    for doublings in [0, 1, 2, 10] {
        // 1 + 2 + 4 + … visits.
        assert_eq!(lesson_03::visits(doublings), (doublings + 1, (2 << doublings) - 1));
    }
}

#[test]
fn lesson_04_adds_up() {
    let slope = 2.0 * 3.0 + 1.0;
    assert_eq!(lesson_04::passes(), [slope, 2.0 * slope, slope]);
    // The misses (w x − y)² have the slopes −2 x y at 0.
    assert_eq!(lesson_04::running_sum(0.0), [-4.0, -4.0 - 16.0, -4.0 - 16.0 - 36.0]);

    // Zeroed, the distance from 2 shrinks by 1 − 2 · rate · Σ x² = 1 − 0.28 a step. Never zeroed, it obeys
    // e(n + 1) = (2 − 0.28) e(n) − e(n − 1) with e(0) = −2 and e(1) = −2 · 0.72: an oscillation of the angle θ a step with
    // 2 cos θ = 1.72.
    let (zeroed, kept) = (lesson_04::descend(true, 24), lesson_04::descend(false, 24));
    let cosine = 0.86_f64;
    let (angle, sine) = (cosine.acos(), (1.0 - cosine * cosine).sqrt());
    for (step, (zeroed, kept)) in (1..).zip(zeroed.into_iter().zip(kept)) {
        assert_close(zeroed, 2.0 - 2.0 * 0.72_f64.powi(step), 1e-12);
        let phase = angle * f64::from(step);
        let distance = -2.0 * phase.cos() + (-2.0 * 0.72 + 2.0 * cosine) / sine * phase.sin();
        assert_close(kept, 2.0 + distance, 1e-11);
    }
}

#[test]
fn lesson_05_learns_as_calculus_says() {
    let steps = 200;
    let (losses, learned) = lesson_05::train(steps);
    // The same descent, its gradient in closed form: 2 (o − t)(1 − o²) times the inputs and 1.
    let mut parameters = lesson_05::START;
    for loss in &losses {
        let [w1, w2, b] = parameters;
        let (mut exact, mut gradient) = (0.0, [0.0; 3]);
        for ([x1, x2], wanted) in lesson_05::SAMPLES {
            let output = (w1 * x1 + w2 * x2 + b).tanh();
            exact += (output - wanted).powi(2);
            let slope = 2.0 * (output - wanted) * (1.0 - output * output);
            for (sum, factor) in gradient.iter_mut().zip([x1, x2, 1.0]) {
                *sum += slope * factor;
            }
        }
        assert_close(*loss, exact, 1e-12);
        for (parameter, slope) in parameters.iter_mut().zip(gradient) {
            *parameter -= lesson_05::RATE * slope;
        }
    }
    for (learned, exact) in learned.into_iter().zip(parameters) {
        assert_close(learned, exact, 1e-12);
    }
    let [w1, w2, b] = learned;
    for ([x1, x2], wanted) in lesson_05::SAMPLES {
        assert_close((w1 * x1 + w2 * x2 + b).tanh(), wanted, 0.1);
    }
}

#[test]
fn lesson_06_links_graph_and_source() {
    let (values, gradients) = lesson_06::figures();
    let ([x1, x2], [w1, w2], b) = lesson_06::inputs();
    for value in values {
        assert_close(value, 0.5_f64.sqrt(), 1e-15);
    }
    for gradient in gradients {
        assert_close(gradient[0], x1 / 2.0, 1e-15);
        assert_close(gradient[1], x2 / 2.0, 1e-15);
    }
    let sums = [b + w1 * x1, b + w1 * x1 + w2 * x2];
    let expected = [
        (4, "w * x", w1 * x1),
        (4, "n += w * x", sums[0]),
        (4, "w * x", w2 * x2),
        (4, "n += w * x", sums[1]),
        (6, "n.tanh()", sums[1].tanh()),
    ];
    assert_eq!(lesson_06::operations(), expected);
}

#[test]
fn lesson_07_follows_the_way_taken() {
    for a in [0.25, 1.0, 2.0, 100.0] {
        let (value, slope, iterations) = lesson_07::figures(a);
        assert_close(value, a.sqrt(), 1e-12);
        assert_close(slope, 0.5 / a.sqrt(), 1e-12);
        // Newton's method by hand.
        let (mut x, mut expected) = (a, 1);
        while (0.5 * (x + a / x) - x).abs() >= 1e-12 {
            x = 0.5 * (x + a / x);
            expected += 1;
        }
        assert_eq!(iterations, expected);
    }
    assert_eq!([2.0, 0.0, -2.0].map(lesson_07::arm), [(0, 1.0), (1, 0.1), (1, 0.1)]);
}

#[test]
fn lesson_08_agrees_with_the_powers() {
    for x in [2.0, -0.5, 0.0] {
        let c = [2.0, -3.0, 0.5, 1.0];
        let value = 2.0 * x * x * x - 3.0 * x * x + 0.5 * x + 1.0;
        let exact = (value, (vec![x * x * x, x * x, x, 1.0], 6.0 * x * x - 6.0 * x + 0.5));
        assert_eq!(lesson_08::horner_grad(&c, x), exact);
        assert_eq!(lesson_08::by_hand(&c, x), exact);
    }
}

#[test]
fn lesson_09_agrees_with_tables() {
    lesson_09::check();
    // From tables of the normal distribution; the density is e^(−x²/2)/√(2π).
    for (x, probability) in
        [(-1.0, 0.158655253931), (0.0, 0.5), (1.0, 0.841344746069), (2.0, 0.977249868052_f64)]
    {
        let (value, slope) = lesson_09::probability_grad(x);
        assert_close(value, probability, 1e-10);
        assert_close(slope, (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt(), 1e-15);
        assert_close(lesson_09::probability_by_steps_grad(x).1, slope, 1e-9);
    }
    // −ln P(−m) has the slope density(m)/P(−m).
    let (surprise, slope) = lesson_09::surprise_grad(1.0);
    assert_close(surprise, -0.158655253931_f64.ln(), 1e-9);
    assert_close(slope, 0.241970724519 / 0.158655253931, 1e-9);
    let (by_steps, of_its_own) = lesson_09::operations(1.0);
    assert!(by_steps > 1000 && of_its_own == 1);
}

#[test]
fn lesson_10_fits_the_line_of_least_squares() {
    // The normal equations of the points: slope = 1.94, height = 1.09.
    let line = lesson_10::fitted(2000);
    assert_close(line.slope, 1.94, 1e-9);
    assert_close(line.height, 1.09, 1e-9);
    let trace = lesson_10::trace();
    let names: Vec<_> = trace.graph().nodes().take(2).map(|node| node.name().unwrap_or_default()).collect();
    assert_eq!(names, ["line.slope", "line.height"]);
    let (height, (gradient, speed)) = lesson_10::Line { slope: 2.0, height: 1.0 }.at_grad(3.0);
    assert_eq!((height, gradient, speed), (7.0, lesson_10::Line { slope: 3.0, height: 1.0 }, 2.0));
}

// ── The exercises ────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_solutions_solve_the_exercises() {
    for check in solutions::CHECKS {
        check();
    }
}

/// Wrong answers that are near at hand, one a lesson: a check that let them pass would teach nothing.
#[test]
fn wrong_answers_are_told() {
    use std::panic::catch_unwind;
    let wrong: [fn(); 11] = [
        || lesson_00::check_exercise(|x| lesson_00::Value::made_of(x.data().tanh(), vec![(x.clone(), 1.0)])),
        || lesson_01::check_exercise(|graph, index| usize::from(solutions::values::uses(graph, index) > 0)),
        || lesson_02::check_exercise(|x, y| ((x * y).cos() * y, (x * y).cos() * x)),
        || lesson_03::check_exercise(|operands, _| (0..operands.len()).rev().collect()),
        || {
            lesson_04::check_exercise(|batches, epochs, rate| {
                solutions::by_hand::train(&[&batches.concat()], epochs, rate)
            });
        },
        || lesson_05::check_exercise(|n| 1.0 / (1.0 + n.exp())),
        || {
            lesson_06::check_exercise(|a, b| {
                let (value, (da, db)) = solutions::functions::alignment_grad(a, b);
                (value, (db, da))
            });
        },
        || lesson_07::check_exercise(|r| (if r.abs() <= 1.0 { 0.5 * r * r } else { r.abs() - 0.5 }, r)),
        || lesson_08::check_exercise(|x, times| (solutions::by_hand::sines_by_hand(x, times).0, x.cos())),
        || lesson_09::check_exercise(|x| 1.0 / x),
        || lesson_10::check_exercise(|line, points| lesson_10::misfit_grad(line, points).1 * 0.5),
    ];
    for (lesson, check) in wrong.into_iter().enumerate() {
        assert!(catch_unwind(check).is_err(), "the check of lesson {lesson} lets a wrong answer pass");
    }
}

/// The panic of a check.
#[track_caller]
fn told(check: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let panic = std::panic::catch_unwind(check).expect_err("a wrong answer");
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned())).expect("a message")
}

/// The wrong answers that students give most often, and what the checks say of them.
#[test]
fn classic_wrong_answers_are_recognised() {
    use lesson_00::Value;
    use solutions::{by_hand, functions};
    let tanh = |partial: fn(f64, f64) -> f64| {
        move |x: &Value| {
            Value::made_of(x.data().tanh(), vec![(x.clone(), partial(x.data(), x.data().tanh()))])
        }
    };
    let swapped = |a: &[f64], b: &[f64]| {
        let (value, (da, db)) = functions::alignment_grad(a, b);
        (value, (db, da))
    };
    let numbers: Vec<(String, &str)> = vec![
        (told(|| lesson_00::check_exercise(lesson_00::tanh)), "Nothing flows back"),
        (told(move || lesson_00::check_exercise(tanh(|_, _| 1.0))), "that of tanh is 1 − tanh²"),
        (told(move || lesson_00::check_exercise(tanh(|_, y| y))), "This is the value of tanh"),
        (told(move || lesson_00::check_exercise(tanh(|x, _| 1.0 - x * x))), "The derivative takes the value"),
        (told(|| lesson_01::check_exercise(lesson_01::uses)), "whichever they are"),
        (
            told(|| {
                lesson_01::check_exercise(|graph, index| {
                    let uses = |node: &gradus::graph::Node<'_>| {
                        node.operands().any(|used| used == gradus::graph::Operand::Node(index))
                    };
                    graph.nodes().filter(uses).count()
                });
            }),
            "x * x uses x twice",
        ),
        (told(|| lesson_02::check_exercise(lesson_02::wave_by_hand)), "Multiply by the other factor, y"),
        (
            told(|| lesson_02::check_exercise(|x, y| ((x * y).cos() * x + 1.0, (x * y).cos() * y))),
            "x and y are exchanged",
        ),
        (
            told(|| lesson_02::check_exercise(|x, y| ((x * y).cos() * y, (x * y).cos() * x))),
            "gradients of several uses add up",
        ),
        (told(|| lesson_04::check_exercise(lesson_04::train)), "The gradient is never zeroed"),
        (
            told(|| {
                lesson_04::check_exercise(|batches, epochs, rate| {
                    by_hand::train(&[&batches.concat()], epochs, rate)
                });
            }),
            "There is one step an epoch",
        ),
        (told(|| lesson_05::check_exercise(lesson_05::sigmoid)), "This is the operand"),
        (told(|| lesson_05::check_exercise(|n| 1.0 / (1.0 + n.exp()))), "The sign in the exponent is wrong"),
        (told(|| lesson_06::check_exercise(lesson_06::alignment_grad)), "divide by the lengths"),
        (told(move || lesson_06::check_exercise(swapped)), "The gradients of a and b are exchanged"),
        (told(|| lesson_07::check_exercise(lesson_07::huber_grad)), "holds for |r| ≤ 1 alone"),
        (
            told(|| {
                lesson_07::check_exercise(|r| {
                    (if r.abs() <= 1.0 { 0.5 * r * r } else { r.abs() }, r.clamp(-1.0, 1.0))
                });
            }),
            "The − 1/2 is missing",
        ),
        (told(|| lesson_08::check_exercise(lesson_08::sines_by_hand)), "Each step takes the last y"),
        (
            told(|| {
                lesson_08::check_exercise(|x, times| {
                    (by_hand::sines_by_hand(x, times).0, x.cos().powi(i32::try_from(times).unwrap()))
                });
            }),
            "Each step takes x",
        ),
        (told(|| lesson_09::check_exercise(lesson_09::lambert_partial)), "the product rule gives"),
        (
            told(|| lesson_09::check_exercise(|x| 1.0 / functions::lambert_partial(x))),
            "that of W is its reciprocal",
        ),
        (told(|| lesson_10::check_exercise(lesson_10::gradient_by_hand)), "The slope is multiplied by x"),
        (
            told(|| {
                lesson_10::check_exercise(|line, points| lesson_10::misfit_grad(line, points).1 * 0.5);
            }),
            "A factor 2 is missing",
        ),
    ];
    for (message, said) in numbers {
        assert!(message.contains(said), "no “{said}” in: {message}");
        assert!(message.contains("your number:") && message.contains("right number:"), "{message}");
    }
}

/// The same of the orders in which nodes are visited.
#[test]
fn classic_wrong_orders_are_recognised() {
    use solutions::values;
    let orders = [
        (told(|| lesson_03::check_exercise(lesson_03::users_first)), "breadth-first search"),
        (
            told(|| {
                lesson_03::check_exercise(|operands, result| {
                    values::users_first(operands, result).into_iter().rev().collect()
                });
            }),
            "order of the forward pass",
        ),
        (
            told(|| lesson_03::check_exercise(|operands, _| (0..operands.len()).rev().collect())),
            "your order:",
        ),
    ];
    for (message, said) in orders {
        assert!(message.contains(said) && message.contains("your order:"), "no “{said}” in: {message}");
    }
}

/// The first lesson is to build in seconds: the course depends on the engine and on nothing else.
#[test]
fn the_course_needs_nothing_but_the_engine() {
    let manifest = include_str!("../course/Cargo.toml");
    let sections: Vec<&str> = manifest.split("\n[").collect();
    let dependencies: Vec<&str> = sections
        .iter()
        .copied()
        .filter(|section| section.lines().next().is_some_and(|head| head.contains("dependencies")))
        .collect();
    assert_eq!(dependencies, ["dev-dependencies]\ngradus = { path = \"../engine\" }\n"]);
}

//! Hostile inputs and rare events, and where each kind is tried:
//!
//! | what could give way | tests |
//! |---|---|
//! | several writers of one file, killed | `save_writers.rs`: `of_four_…` |
//! | links, permissions, full disks while saving | `save_writers.rs`: the others |
//! | a state that is saved and cannot be loaded | `save.rs`: `what_is_saved_is_loaded`, `what_could_not_be_loaded_is_not_saved` |
//! | damaged files, networks that do not fit together | `save_mutations.rs` |
//! | counts of optimizer steps | `an_optimizer_goes_on_after_its_last_count` |
//! | memory that a thread keeps | unit tests of `rt/idle.rs`, `rt/frame.rs` and `rt/run.rs` |
//! | norms whose squares overflow, bad bounds | `clipping_…` |
//! | destructors of thread-local variables | `threads.rs`: `gradients_in_destructors_…` |
//! | recursion | `threads.rs`: `a_recursion_…` |
//! | huge counts of samples and chunks | unit tests of `parallel.rs` |
//! | text that acts on terminals, SVG, DOT and messages | `text_of_others_is_shown_and_does_not_act`, `save.rs`: `messages_…` |
//! | saturation, kinks and poles of every operation | `accuracy.rs`, `tests/special_operands.rs` |
//! | generations of handles | unit tests of `arena.rs` |
//! | custom operations that use the graph | `custom_operations_may_use_the_graph` |
//! | an optimizer that refuses a value | `a_refused_value_moves_nothing` |
//! | byte order marks, and numbers of 309 digits | `data_files_…`, `messages_have_no_hundreds_of_digits` |
//! | NaN and ∞ among scores and rates | `argmax_…`, `schedules_…` |

use gradus::check::assert_gradient;
use gradus::optim::{Adam, AdamW, Optimizer, RmsProp, Schedule, Sgd, clip_norm, clip_values};
use gradus::{CustomOperation, Graph, custom, differentiable, view};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The message of a panic.
#[track_caller]
fn message<T>(act: impl FnOnce() -> T) -> String {
    let payload = catch_unwind(AssertUnwindSafe(|| drop(act()))).expect_err("it should panic");
    payload
        .downcast_ref::<String>()
        .cloned()
        .or(payload.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap()
}

/// An optimizer as if it had made so many steps: the count is reached through its own serialized form.
#[cfg(feature = "save")]
fn after<O: Optimizer + serde::Serialize + serde::de::DeserializeOwned>(optimizer: &O, steps: u32) -> O {
    fn set(value: &mut serde_json::Value, steps: u32) -> bool {
        let serde_json::Value::Object(fields) = value else { return false };
        if let Some(count) = fields.get_mut("steps") {
            *count = steps.into();
            return true;
        }
        fields.values_mut().any(|field| set(field, steps))
    }
    let mut state = serde_json::to_value(optimizer).unwrap();
    assert!(set(&mut state, steps), "no count of steps in {state}");
    serde_json::from_value(state).unwrap()
}

#[cfg(feature = "save")]
#[test]
fn an_optimizer_goes_on_after_its_last_count() {
    fn goes_on<O: Optimizer + serde::Serialize + serde::de::DeserializeOwned>(mut optimizer: O) {
        optimizer.step(&mut [1.0], &[1.0]);
        let mut optimizer = after(&optimizer, u32::MAX - 2);
        let mut parameter = [1.0];
        for _ in 0..6 {
            let before = parameter[0];
            optimizer.step(&mut parameter, &[1.0]);
            assert!(parameter[0] < before && parameter[0].is_finite(), "{before} → {}", parameter[0]);
        }
    }
    goes_on(Adam::new(0.1));
    goes_on(AdamW::new(0.1));
}

/// Whether the gradient has this norm, computed without overflow or underflow, and the direction of the one before.
#[track_caller]
fn assert_clipped(before: &[f64], bound: f64) {
    let mut clipped = before.to_vec();
    clip_norm(&mut clipped, bound);
    let largest = before.iter().fold(0.0_f64, |largest, g| largest.max(g.abs()));
    let units = |gradient: &[f64], unit: f64| gradient.iter().map(|g| (g / unit).powi(2)).sum::<f64>().sqrt();
    assert!((units(&clipped, bound) - 1.0).abs() < 1e-12, "{before:?} → {clipped:?}");
    let relative = units(before, largest);
    for (b, c) in before.iter().zip(&clipped) {
        assert!((b / largest / relative - c / bound).abs() < 1e-12, "{before:?} → {clipped:?}");
    }
}

#[test]
fn clipping_scales_whatever_the_squares_do() {
    for (before, bound) in [
        (vec![1e154, 1e154], 1.0),
        (vec![1e200, -1e200], 1.0),
        (vec![f64::MAX, f64::MAX, -f64::MAX], 1e300),
        (vec![f64::MAX; 1000], 1e-3),
        (vec![1e-200, 1e-200], 1e-201),
        (vec![3e-160, 4e-160], 1e-160),
        (vec![1e-170, 1e-150], 1e-151),
        (vec![1e150, 1e140], 1e-180),
        (vec![3.0, 4.0], 1e-200),
        (vec![0.0, -2.0, 0.0], 0.5),
        (vec![3.0, 4.0], 1.0),
    ] {
        assert_clipped(&before, bound);
    }
}

#[test]
fn clipping_leaves_what_is_short_enough_and_what_is_not_finite() {
    for (before, bound, norm) in [
        (vec![3.0, 4.0], 5.0, 5.0),
        (vec![3e200, 4e200], 6e200, 5e200),
        (vec![3e-200, 4e-200], 6e-200, 5e-200),
        (vec![f64::MAX, f64::MAX], f64::INFINITY, f64::INFINITY),
        (vec![0.0, -0.0], 0.0, 0.0),
        (vec![], 1.0, 0.0),
        (vec![1.0, f64::INFINITY], 1.0, f64::INFINITY),
    ] {
        let mut after = before.clone();
        let told = clip_norm(&mut after, bound);
        assert_eq!(after, before);
        assert!(told == norm || (told - norm).abs() <= 1e-14 * norm, "{before:?}: {told}");
    }
    let mut unclear = [1.0, f64::NAN];
    assert!(clip_norm(&mut unclear, 1.0).is_nan() && unclear[0] == 1.0);
    let mut nothing = [3.0, 4.0];
    clip_norm(&mut nothing, 0.0);
    assert_eq!(nothing, [0.0, 0.0]);
}

#[test]
fn clipping_refuses_bounds_that_are_none() {
    for bound in [-1.0, f64::NAN, f64::NEG_INFINITY, -1e-320, -1e308] {
        let mut gradient = [3.0, 4.0];
        let told = message(|| clip_norm(&mut gradient, bound));
        assert!(told.contains("which no gradient has"), "{told}");
        let values = message(|| clip_values(&mut gradient, bound));
        assert!(told.len() < 150 && values.len() < 150, "{told} {values}");
        assert_eq!(gradient, [3.0, 4.0]);
    }
}

/// What acts instead of showing.
fn acts(text: &str) -> bool {
    text.chars().any(|character| {
        character.is_control() && character != '\n'
            || "\u{202e}\u{2066}\u{feff}\u{2028}\u{ffff}".contains(character)
    })
}

#[test]
fn text_of_others_is_shown_and_does_not_act() {
    let hostile: &'static str = String::leak(
        "a\u{0}\u{1b}[31m\u{202e}b\u{2028}c\nd</text><script>\u{ffff}".to_owned() + &"long ".repeat(1 << 14),
    );
    let operation = CustomOperation::new(hostile, |[x]: [f64; 1]| x * 2.0, |_| [2.0]);
    let graph = Graph::new();
    let x = graph.value(1.0).named(hostile);
    operation.apply(&[x]).backward();
    let node = graph.nodes().last().unwrap();
    let svg = view::svg(&graph).unwrap();
    let texts = [
        svg.clone(),
        view::dot(&graph),
        format!("{node:?} {:?} {operation:?}", graph.node(1)),
        message(|| node.value().set_data(1.0)),
        message(|| operation.value(&[])),
        message(|| custom::assert_partials(&operation, &[[f64::NAN]])),
        message(|| custom::assert_partials(&operation, &[] as &[[f64; 1]])),
    ];
    for text in &texts {
        assert!(!acts(text), "{:?}", text.chars().take(2000).collect::<String>());
    }
    // The tooltips show the whole name of a value, which is its owner's own.
    for text in &texts[2..] {
        assert!(text.len() < 2000, "{} bytes", text.len());
    }
    assert!(!svg.contains("<script>"));
    assert_eq!(operation.name(), hostile);
}

#[cfg(feature = "nn")]
mod data {
    use super::*;
    use gradus::datasets::{digits, iris};
    use gradus::nn::argmax;
    use std::path::PathBuf;

    /// A file that is gone when the test is.
    struct Scratch(PathBuf);

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    fn file(name: &str, text: &[u8]) -> Scratch {
        let path = std::env::temp_dir().join(format!("gradus-{}-{name}.csv", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Scratch(path)
    }

    #[test]
    fn data_files_may_begin_with_a_byte_order_mark() {
        let flowers = file("bom", "\u{feff}1,4,a\r\n1,2,3,4,0\r\n".as_bytes());
        assert_eq!(iris(&flowers.0).unwrap().inputs, [[1.0, 2.0, 3.0, 4.0]]);
        let pixels = file("bom-digits", ("\u{feff}".to_owned() + &"16,".repeat(64) + "7\n").as_bytes());
        assert_eq!(digits(&pixels.0).unwrap().labels, [7]);
        let wide = file("utf-16", b"\xff\xfe1\x00,\x004\x00");
        assert!(iris(&wide.0).unwrap_err().to_string().contains("valid UTF-8"));
    }

    #[test]
    fn data_files_do_not_act_through_messages() {
        let huge = "9".repeat(400);
        let cells = [
            "\u{1b}]0;owned\u{7}\u{1b}[31m",
            "\u{202e}1",
            "\u{0}",
            &"x".repeat(1 << 18),
            &"\u{1b}[31m".repeat(1 << 12),
            &huge,
            "inf",
            "NaN",
            "-1e308",
            "-1",
        ];
        for cell in cells {
            for text in [
                format!("1,4,a\n1,2,{cell},4,0\n"),
                format!("1,4,a\n1,2,3,4,{cell}\n"),
                format!("{cell},4,a\n1,2,3,4,0\n"),
                format!("1,{cell},a\n1,2,3,4,0\n"),
            ] {
                let flowers = file("hostile", text.as_bytes());
                let told = iris(&flowers.0).unwrap_err().to_string();
                let told = told.replace(&flowers.0.display().to_string(), "FILE");
                assert!(!acts(&told) && !told.contains('\n') && told.len() < 300, "{told:?}");
            }
            let pixels = file("hostile-digits", ("1,".repeat(63) + cell + ",7\n").as_bytes());
            let told = digits(&pixels.0).unwrap_err().to_string();
            assert!(!acts(&told) && told.len() < 300, "{told:?}");
        }
        let told = iris("no\u{1b}[31m/\u{202e}such.csv").unwrap_err().to_string();
        assert!(!acts(&told), "{told:?}");
    }

    #[test]
    fn argmax_never_chooses_nan() {
        assert_eq!(argmax(&[f64::NAN, f64::NEG_INFINITY]), 1);
        assert_eq!(argmax(&[f64::NAN, -1.0, f64::NAN, 2.0, f64::NAN]), 3);
        assert_eq!(argmax(&[f64::NEG_INFINITY, f64::NEG_INFINITY]), 0);
        for scores in [vec![f64::NAN], vec![f64::NAN; 3]] {
            assert!(message(|| argmax(&scores)).contains("all scores are NaN"));
        }
        assert!(message(|| argmax(&[] as &[f64])).contains("no scores"));
    }
}

#[differentiable(partials = steep_partials)]
fn steep(x: f64) -> f64 {
    x * 1e300
}

fn steep_partials(x: f64) -> f64 {
    if x > 0.0 { -1e308 } else { 1e-300 }
}

#[test]
fn messages_have_no_hundreds_of_digits() {
    for x in [1.0, -1.0] {
        let told = message(|| assert_gradient!(steep, x));
        assert!(told.lines().all(|line| line.len() < 200), "{told}");
    }
    let operation = CustomOperation::new("steep", |[x]: [f64; 1]| x * 1e300, |_| [-1e308]);
    let told = message(|| custom::assert_partials(&operation, &[[1.0]]));
    assert!(told.lines().all(|line| line.len() < 200), "{told}");
}

#[test]
fn schedules_have_a_rate_at_every_step() {
    let rates = [0.0, -0.0, 1e-320, 0.1, 1.0, 2.5, 1e308, f64::INFINITY];
    let steps = [0, 1, 2, 5, 99, 100, 101, 100_000, usize::MAX];
    let check = |schedule: &Schedule| {
        for step in steps {
            let rate = schedule.rate(step);
            assert!(!rate.is_nan(), "{schedule:?} at {step}");
        }
    };
    for from in rates {
        for to in rates {
            for steps in [0, 1, 2, 100, usize::MAX] {
                check(&Schedule::Linear { from, to, steps });
                let cosine = Schedule::Cosine { from, to, steps };
                check(&cosine);
                check(&Schedule::Warmup { steps, then: Box::new(cosine) });
            }
        }
        for factor in [1e-320, 0.1, 0.5, 1.0, 2.0, 1e308] {
            for every in [0, 1, 7, usize::MAX] {
                check(&Schedule::Stairs { from, factor, every });
            }
            check(&Schedule::Exponential { from, factor });
        }
    }
    let linear = Schedule::Linear { from: f64::INFINITY, to: 0.5, steps: 10 };
    assert_eq!([0, 5, 10, 11].map(|step| linear.rate(step)), [f64::INFINITY, f64::INFINITY, 0.5, 0.5]);
    let cosine = Schedule::Cosine { from: f64::INFINITY, to: 0.5, steps: 10 };
    assert_eq!([0, 5, 10, 11].map(|step| cosine.rate(step)), [f64::INFINITY, f64::INFINITY, 0.5, 0.5]);
    // Powers that overflow or underflow, and products that do not.
    let rate = Schedule::Exponential { from: 1e-300, factor: 2.0 }.rate(1500);
    assert!((rate.log2() - (1500.0 - 300.0 * 10_f64.log2())).abs() < 1e-9, "{rate}");
    let rate = Schedule::Stairs { from: 1e300, factor: 0.5, every: 1 }.rate(1500);
    assert!((rate.log2() - (300.0 * 10_f64.log2() - 1500.0)).abs() < 1e-9, "{rate}");
}

#[test]
fn a_refused_value_moves_nothing() {
    let optimizers: [Box<dyn Optimizer>; 5] = [
        Box::new(Sgd::new(0.5)),
        Box::new(Sgd::new(0.5).momentum(0.9)),
        Box::new(RmsProp::new(0.5)),
        Box::new(Adam::new(0.5)),
        Box::new(AdamW::new(0.5)),
    ];
    for mut optimizer in optimizers {
        let graph = Graph::new();
        let (x, y) = (graph.value(3.0), graph.value(4.0));
        let product = x * y;
        product.backward();
        let told = message(|| optimizer.step_values(&[x, product, y]));
        assert!(told.contains("this value is made by `mul`"), "{told}");
        let told = message(|| optimizer.step_values(&[x, y, gradus::Value::from(1.0)]));
        assert!(told.contains("this value is a constant"), "{told}");
        assert_eq!((x.data(), y.data()), (3.0, 4.0));
        // Nor has the optimizer: it takes its first step, with another number of parameters.
        optimizer.step_values(&[x]);
        assert_ne!(x.data(), 3.0);
    }
}

/// A graph that functions without captures can use.
fn leaked() -> &'static Graph {
    thread_local!(static GRAPH: &'static Graph = Box::leak(Box::new(Graph::new())));
    GRAPH.with(|graph| *graph)
}

#[test]
fn custom_operations_may_use_the_graph() {
    let graph = leaked();
    let by_graph = CustomOperation::new(
        "by_graph",
        |[x]: [f64; 1]| {
            let inner = leaked().value(x);
            (inner * inner).data()
        },
        |[x]| {
            let inner = leaked().value(x);
            let before = inner.grad();
            (inner * inner).backward();
            [inner.grad() - before]
        },
    );
    let x = graph.value(3.0);
    let y = by_graph.apply(&[x]);
    let z = by_graph.apply(&[y]) + x;
    assert_eq!(z.data(), 84.0);
    x.set_data(2.0);
    graph.recompute();
    assert_eq!((y.data(), z.data()), (4.0, 18.0));
    graph.zero_grad();
    z.backward();
    assert_eq!(x.grad(), 4.0 * 8.0 + 1.0);

    // One that removes what is being recomputed is told so.
    let graph: &'static Graph = Box::leak(Box::new(Graph::new()));
    thread_local!(static CLEAR: std::cell::Cell<Option<&'static Graph>> = const { std::cell::Cell::new(None) });
    let clearing = CustomOperation::new(
        "clearing",
        |[x]: [f64; 1]| {
            if let Some(graph) = CLEAR.get() {
                graph.clear();
                graph.value(7.0);
                graph.value(8.0);
            }
            x
        },
        |_| [1.0],
    );
    clearing.apply(&[graph.value(1.0)]);
    CLEAR.set(Some(graph));
    let told = message(|| graph.recompute());
    assert!(told.contains("the functions of `clearing` have removed nodes"), "{told}");
    CLEAR.set(None);
    assert_eq!(graph.nodes().map(|node| node.data()).collect::<Vec<_>>(), [7.0, 8.0]);
}

#[test]
fn custom_operations_may_use_the_graph_when_they_are_dropped() {
    struct Counts(&'static std::thread::LocalKey<&'static Graph>);
    impl Drop for Counts {
        fn drop(&mut self) {
            self.0.with(|graph| graph.value(5.0));
        }
    }
    thread_local!(static GRAPH: &'static Graph = Box::leak(Box::new(Graph::new())));
    let graph = GRAPH.with(|graph| *graph);
    let counts = Counts(&GRAPH);
    let operation = CustomOperation::new(
        "counts",
        move |[x]: [f64; 1]| {
            let _ = &counts;
            x
        },
        |_| [1.0],
    );
    let mark = graph.mark();
    operation.apply(&[graph.value(1.0)]);
    drop(operation);
    graph.rewind(mark);
    assert_eq!(graph.len(), 1);
}

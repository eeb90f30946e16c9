//! Optimizers against `PyTorch`'s numbers, step by step, and against the papers' sums written out.

use gradus::optim::{Adam, AdamW, Optimizer, RmsProp, Schedule, Sgd, clip_norm, clip_values};
use gradus::{Graph, differentiable};

/// The valley of `tests/reference/optim.py`.
#[differentiable]
fn valley(p: &[f64]) -> f64 {
    let (x, y, z) = (p[0], p[1], p[2]);
    (1.0 - x).powi(2) + 5.0 * (y - x * x).powi(2) + (3.0 * z).sin() * x + 0.5 * z * z
}

/// The rows of one case of `tests/reference/optim.csv`, the step left out.
fn reference(case: &str) -> Vec<Vec<f64>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/reference/optim.csv");
    let text = std::fs::read_to_string(path).expect(path);
    let rows = text.lines().map(|line| line.split(',').collect::<Vec<_>>()).filter(|cells| cells[0] == case);
    let rows: Vec<Vec<f64>> =
        rows.map(|cells| cells[2..].iter().map(|cell| cell.parse().unwrap()).collect()).collect();
    assert!(!rows.is_empty(), "no rows for {case}");
    rows
}

#[track_caller]
fn assert_close(ours: &[f64], theirs: &[f64], tolerance: f64, what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (a, b) in ours.iter().zip(theirs) {
        assert!((a - b).abs() <= tolerance * (1.0 + b.abs()), "{what}: {a}, but PyTorch has {b}");
    }
}

#[test]
fn steps_are_those_of_pytorch() {
    let optimizers: [(&str, Box<dyn Optimizer>); 12] = [
        ("sgd", Box::new(Sgd::new(0.01))),
        ("sgd_momentum", Box::new(Sgd::new(0.01).momentum(0.9))),
        ("sgd_nesterov", Box::new(Sgd::new(0.01).momentum(0.9).nesterov())),
        ("sgd_decay", Box::new(Sgd::new(0.01).momentum(0.8).weight_decay(0.1))),
        ("sgd_nesterov_decay", Box::new(Sgd::new(0.01).momentum(0.8).nesterov().weight_decay(0.1))),
        ("rms_prop", Box::new(RmsProp::new(0.02))),
        ("rms_prop_smoothing", Box::new(RmsProp::new(0.02).smoothing(0.9).epsilon(1e-3))),
        ("adam", Box::new(Adam::new(0.1))),
        ("adam_betas", Box::new(Adam::new(0.1).betas(0.8, 0.95).epsilon(1e-4))),
        ("adam_decay", Box::new(Adam::new(0.1).weight_decay(0.1))),
        ("adamw", Box::new(AdamW::new(0.1))),
        ("adamw_decay", Box::new(AdamW::new(0.1).betas(0.8, 0.95).epsilon(1e-4).weight_decay(0.3))),
    ];
    for (case, mut optimizer) in optimizers {
        let mut point = [1.5, -0.75, 0.25];
        for (step, theirs) in reference(case).iter().enumerate() {
            let (_, gradient) = valley_grad(&point);
            optimizer.step(&mut point, &gradient);
            assert_close(&point, theirs, 1e-11, &format!("{case}, step {step}"));
        }
    }
}

#[test]
fn schedules_are_those_of_pytorch() {
    let constant = Box::new(Schedule::Constant(0.5));
    let schedules = [
        ("linear", Schedule::Linear { from: 0.5, to: 0.05, steps: 8 }),
        ("stairs", Schedule::Stairs { from: 0.5, factor: 0.3, every: 4 }),
        ("exponential", Schedule::Exponential { from: 0.5, factor: 0.9 }),
        ("cosine", Schedule::Cosine { from: 0.5, to: 0.05, steps: 12 }),
        // PyTorch climbs from a quarter in three steps: the second to fourth step of a climb over four.
        ("warmup", Schedule::Warmup { steps: 4, then: constant }),
    ];
    for (case, schedule) in schedules {
        let ours: Vec<f64> = (0..12).map(|step| schedule.rate(step)).collect();
        assert_close(&ours, &reference(case).concat(), 1e-14, case);
    }
}

#[test]
fn schedules_end_where_they_say() {
    let linear = Schedule::Linear { from: 1.0, to: 0.1, steps: 5 };
    let cosine = Schedule::Cosine { from: 1.0, to: 0.1, steps: 5 };
    for step in [5, 6, 1000] {
        assert_eq!((linear.rate(step), cosine.rate(step)), (0.1, 0.1));
    }
    let warm = Schedule::Warmup { steps: 2, then: Box::new(linear) };
    let rates: Vec<f64> = (0..4).map(|step| warm.rate(step)).collect();
    assert_close(&rates, &[0.5, 1.0, 1.0, 0.82], 1e-15, "warm-up, then the line");
    assert_eq!(Schedule::Linear { from: 1.0, to: 0.1, steps: 0 }.rate(0), 0.1);
}

#[test]
fn clipping_is_that_of_pytorch() {
    let gradient = [3.0, -4.0, 1.5];
    for (case, greatest) in [("clip_norm", 2.0), ("clip_norm_unchanged", 20.0)] {
        let mut ours = gradient;
        assert_eq!(clip_norm(&mut ours, greatest), 27.25_f64.sqrt());
        // PyTorch divides by the norm plus 1e-6.
        assert_close(&ours, &reference(case)[0], 1e-6, case);
    }
    let mut ours = gradient;
    clip_values(&mut ours, 2.0);
    assert_close(&ours, &reference("clip_values")[0], 0.0, "clip_values");
}

#[test]
fn a_gradient_that_is_not_finite_is_not_hidden_by_clipping() {
    let mut gradient = [f64::INFINITY, 1.0];
    assert_eq!(clip_norm(&mut gradient, 1.0), f64::INFINITY);
    assert_eq!(gradient, [f64::INFINITY, 1.0]);
    let mut gradient = [f64::NAN, 5.0];
    assert!(clip_norm(&mut gradient, 1.0).is_nan());
    assert!(gradient[0].is_nan() && gradient[1] == 5.0);
}

/// Derivatives of no function, so that a step cannot feed back on the next one's.
const GRADIENTS: [f64; 6] = [1.0, -2.0, 0.5, 3.0, 0.0, -1.25];

#[test]
fn momentum_is_a_fading_sum() {
    // v after step t is Σ μ^(t − i) gᵢ; the parameter is the start minus the rate times all v.
    let mut sgd = Sgd::new(0.1).momentum(0.7);
    let mut x = [2.0];
    let mut moved = 0.0;
    for (t, &g) in GRADIENTS.iter().enumerate() {
        sgd.step(&mut x, &[g]);
        moved += (0..=t).map(|i| 0.7_f64.powf((t - i) as f64) * GRADIENTS[i]).sum::<f64>();
        assert!((x[0] - (2.0 - 0.1 * moved)).abs() < 1e-14, "step {t}");
    }
}

#[test]
fn adam_divides_weighted_means() {
    // m̂ and v̂ are means of g and g² with weights β^(t − i): the unbiased ones of the paper's section 3.
    let (beta1, beta2) = (0.8_f64, 0.95_f64);
    let mean = |beta: f64, t: usize, f: fn(f64) -> f64| {
        let weights: Vec<f64> = (0..=t).map(|i| beta.powf((t - i) as f64)).collect();
        let sum: f64 = weights.iter().zip(GRADIENTS).map(|(weight, g)| weight * f(g)).sum();
        sum / weights.iter().sum::<f64>()
    };
    let mut adam = Adam::new(0.1).betas(beta1, beta2).epsilon(1e-3);
    let mut x = [2.0];
    let mut expected = 2.0;
    for (t, &g) in GRADIENTS.iter().enumerate() {
        adam.step(&mut x, &[g]);
        expected -= 0.1 * mean(beta1, t, |g| g) / (mean(beta2, t, |g| g * g).sqrt() + 1e-3);
        assert!((x[0] - expected).abs() < 1e-13, "step {t}");
    }
}

#[test]
fn values_of_a_graph_move_like_a_slice() {
    let graph = Graph::new();
    let point = [graph.value(1.5), graph.value(-0.75), graph.value(0.25)];
    let start = graph.mark();
    let mut slice = [1.5, -0.75, 0.25];
    let (mut by_graph, mut by_slice) = (Adam::new(0.1), Adam::new(0.1));
    for _ in 0..5 {
        graph.rewind(start);
        graph.zero_grad();
        valley::on_values(&point).backward();
        by_graph.step_values(&point);
        let gradient = valley_grad(&slice).1;
        by_slice.step(&mut slice, &gradient);
    }
    assert_close(&point.map(|x| x.data()), &slice, 1e-12, "graph and slice");
    assert_ne!(slice, [1.5, -0.75, 0.25]);
}

#[test]
fn a_changed_rate_is_used_at_once() {
    let optimizers: [Box<dyn Optimizer>; 4] = [
        Box::new(Sgd::new(1.0).momentum(0.9)),
        Box::new(RmsProp::new(1.0)),
        Box::new(Adam::new(1.0)),
        Box::new(AdamW::new(1.0)),
    ];
    for mut optimizer in optimizers {
        let mut x = [1.0];
        optimizer.step(&mut x, &[1.0]);
        let before = x;
        optimizer.set_rate(0.0);
        assert_eq!(optimizer.rate(), 0.0);
        optimizer.step(&mut x, &[1.0]);
        assert_eq!(x, before);
    }
}

#[test]
#[should_panic(expected = "1 derivatives for 2 parameters")]
fn a_short_gradient_is_refused() {
    Sgd::new(0.1).step(&mut [1.0, 2.0], &[1.0]);
}

#[test]
#[should_panic(expected = "an optimizer of 2 parameters is given 1")]
fn another_row_of_parameters_is_refused() {
    let mut adam = AdamW::new(0.1);
    adam.step(&mut [1.0, 2.0], &[1.0, 2.0]);
    adam.step(&mut [1.0], &[1.0]);
}

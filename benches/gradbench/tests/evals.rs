//! Every function of every eval, on small inputs: values worked out by hand, or derivatives against differences of the values.

use gradus_gradbench::answer;
use serde_json::{Value, json};

/// The answer of the tool to one message.
fn evaluate(module: &str, function: &str, input: &Value) -> Value {
    let message =
        json!({ "id": 7, "kind": "evaluate", "module": module, "function": function, "input": input });
    let answer = answer(&message.to_string()).expect("a message");
    assert_eq!(answer["id"], 7);
    assert_eq!(answer["success"], true, "{answer}");
    assert_eq!(answer["timings"][0]["name"], "evaluate");
    answer["output"].clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

/// The numbers in a value, in reading order.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(list) => list.iter().flat_map(numbers).collect(),
        other => vec![number(other)],
    }
}

#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    let size = expected.iter().fold(1.0, |size: f64, x| size.max(x.abs()));
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= tolerance * size, "{at}: {found}, not {expected}");
    }
}

/// A value with one of its numbers, found by its place in reading order, moved.
fn moved(value: &Value, at: &mut usize, by: f64) -> Value {
    match value {
        Value::Array(list) => list.iter().map(|part| moved(part, at, by)).collect(),
        other => {
            let here = *at == 0;
            *at = at.wrapping_sub(1);
            if here { json!(number(other) + by) } else { other.clone() }
        }
    }
}

/// The derivatives of the numbers in `function`'s output for those in a field of its input, by differences: a row a number of the input.
fn differences(module: &str, function: &str, input: &Value, field: &str) -> Vec<Vec<f64>> {
    let step = 1e-5;
    (0..numbers(&input[field]).len())
        .map(|at| {
            let output = |by: f64| {
                let mut input = input.clone();
                input[field] = moved(&input[field], &mut at.clone(), by);
                numbers(&evaluate(module, function, &input))
            };
            let (above, below) = (output(step), output(-step));
            above.iter().zip(below).map(|(above, below)| (above - below) / (2.0 * step)).collect()
        })
        .collect()
}

#[test]
fn the_protocol_is_spoken() {
    let answered = |message: Value| answer(&message.to_string()).expect("a message");
    assert_eq!(
        answered(json!({ "id": 0, "kind": "start", "eval": "hello" })),
        json!({ "id": 0, "tool": "gradus" })
    );
    let define = |module: &str| answered(json!({ "id": 1, "kind": "define", "module": module }));
    assert_eq!(define("hello"), json!({ "id": 1, "success": true }));
    assert_eq!(define("raytracer"), json!({ "id": 1, "success": false }));
    assert_eq!(answered(json!({ "id": 3, "kind": "analysis", "of": 2, "valid": true })), json!({ "id": 3 }));
    assert_eq!(answered(json!({ "id": "x", "kind": "something new" })), json!({ "id": "x" }));
    let wrong =
        json!({ "id": 4, "kind": "evaluate", "module": "lse", "function": "primal", "input": { "y": [1] } });
    assert_eq!(answered(wrong)["success"], false);
    assert!(answer("no message").is_err());
}

#[test]
fn functions_run_as_often_as_asked() {
    let input = json!({ "x": [1.0, 2.0], "min_runs": 5, "min_seconds": 0 });
    let message =
        json!({ "id": 1, "kind": "evaluate", "module": "lse", "function": "gradient", "input": input });
    let answer = answer(&message.to_string()).expect("a message");
    assert_eq!(answer["timings"].as_array().map(Vec::len), Some(5));
}

#[test]
fn hello() {
    assert_eq!(evaluate("hello", "square", &json!(3)), 9.0);
    assert_eq!(evaluate("hello", "double", &json!(9.0)), 18.0);
}

#[test]
fn lse() {
    let input = json!({ "x": [0.0, 3.0_f64.ln(), 4.0_f64.ln()] });
    assert_close(&[number(&evaluate("lse", "primal", &input))], &[8.0_f64.ln()], 1e-15);
    assert_close(&numbers(&evaluate("lse", "gradient", &input)), &[0.125, 0.375, 0.5], 1e-15);
}

#[test]
fn llsq() {
    // Points at −1, 0 and 1, signs −1, 0 and 1, and the polynomial 2 + 3 t: misses −1 − (−1), 0 − 2, 1 − 5.
    let input = json!({ "x": [2.0, 3.0], "n": 3 });
    assert_eq!(number(&evaluate("llsq", "primal", &input)), (0.0 + 4.0 + 16.0) / 2.0);
    assert_eq!(numbers(&evaluate("llsq", "gradient", &input)), [0.0 + 2.0 + 4.0, 0.0 + 0.0 + 4.0]);
}

#[test]
fn det() {
    let input = json!({ "A": [2.0, 1.0, 3.0, 0.0, 4.0, 1.0, 5.0, 2.0, 1.0], "ell": 3 });
    assert_eq!(number(&evaluate("det", "primal", &input)), -51.0);
    // The cofactors.
    let cofactors = [2.0, 5.0, -20.0, 5.0, -13.0, 1.0, -11.0, -2.0, 8.0];
    assert_eq!(numbers(&evaluate("det", "gradient", &input)), cofactors);
    // The determinant is linear in a row.
    let row: f64 = cofactors[..3].iter().zip([2.0, 1.0, 3.0]).map(|(c, a)| c * a).sum();
    assert_eq!(row, -51.0);
}

#[test]
fn ode() {
    // y₀' = x₀ and y₁' = x₁ y₀, so at time 2 y₀ = 2 x₀ and y₁ = 2 x₀ x₁: polynomials, which the method solves exactly.
    let input = json!({ "x": [3.0, 5.0], "s": 4 });
    assert_close(&numbers(&evaluate("ode", "primal", &input)), &[6.0, 30.0], 1e-14);
    assert_close(&numbers(&evaluate("ode", "gradient", &input)), &[10.0, 6.0], 1e-14);
}

#[test]
fn lstm() {
    let row = |scale: f64, count: usize| {
        (0..count).map(|i| scale * (1.3 * i as f64 + scale).sin()).collect::<Vec<_>>()
    };
    let input = json!({
        "main_params": [row(0.5, 8), row(-0.4, 8), row(0.3, 8), row(0.7, 8)],
        "extra_params": [row(0.9, 2), row(1.1, 2), row(-0.6, 2)],
        "state": [row(0.2, 2), row(0.1, 2), row(-0.3, 2), row(0.4, 2)],
        "sequence": [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]],
    });
    let gradient = numbers(&evaluate("lstm", "jacobian", &input));
    let main = differences("lstm", "objective", &input, "main_params").concat();
    let extra = differences("lstm", "objective", &input, "extra_params").concat();
    assert_close(&gradient, &[main, extra].concat(), 1e-9);
    // Without weights every output is the bias 0 of the output: the loss is the share of ones times ln(1 + 1 + 2).
    let mut empty = input;
    for (field, rows, columns) in [("main_params", 4, 8), ("extra_params", 3, 2), ("state", 4, 2)] {
        empty[field] = json!(vec![vec![0.0; columns]; rows]);
    }
    assert_close(&[number(&evaluate("lstm", "objective", &empty))], &[0.75 * 4.0_f64.ln()], 1e-15);
}

#[test]
fn ba() {
    let camera = [0.1, -0.2, 0.3, 0.5, -0.4, -3.0, 2.0, 0.1, 0.2, 0.05, 0.01];
    let input =
        json!({ "n": 2, "m": 3, "p": 4, "cam": camera, "x": [0.3, 0.2, 1.0], "w": 0.8, "feat": [0.4, -0.1] });
    let errors = evaluate("ba", "objective", &input);
    assert_eq!((&errors["reproj_error"]["repeated"], &errors["w_err"]["repeated"]), (&json!(4), &json!(4)));
    assert_close(&[number(&errors["w_err"]["element"])], &[1.0 - 0.64], 1e-15);
    // A camera that looks along z, without rotation and distortion, at (1, 2, 4) from the origin.
    let plain = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0, 0.5, 0.25, 0.0, 0.0];
    let simple =
        json!({ "n": 1, "m": 1, "p": 1, "cam": plain, "x": [1.0, 2.0, 4.0], "w": 2.0, "feat": [1.0, 1.0] });
    let seen = evaluate("ba", "objective", &simple)["reproj_error"]["elements"].clone();
    assert_close(&numbers(&seen), &[2.0 * (0.25 * 3.0 + 0.5 - 1.0), 2.0 * (0.5 * 3.0 + 0.25 - 1.0)], 1e-15);

    let by = |field: &str| -> Vec<Vec<f64>> {
        let step = 1e-6;
        (0..numbers(&input[field]).len())
            .map(|at| {
                let seen = |by: f64| {
                    let mut input = input.clone();
                    input[field] = moved(&input[field], &mut at.clone(), by);
                    numbers(&evaluate("ba", "objective", &input)["reproj_error"]["elements"])
                };
                let (above, below) = (seen(step), seen(-step));
                above.iter().zip(below).map(|(above, below)| (above - below) / (2.0 * step)).collect()
            })
            .collect()
    };
    let columns = [by("cam"), by("x"), by("w")].concat();
    let expected: Vec<f64> = (0..2).flat_map(|row| columns.iter().map(move |column| column[row])).collect();
    let matrix = evaluate("ba", "jacobian", &input);
    let values = numbers(&matrix["vals"]);
    assert_close(&values[..30], &expected, 1e-7);
    assert_close(&values[30..], &[-1.6], 1e-15);
    // Two cameras of 11, three points of 3: the weights begin at column 31.
    let row: Vec<f64> = (0..11).chain(22..25).chain([31]).map(f64::from).collect();
    assert_eq!(numbers(&matrix["cols"]), [row.clone(), row, vec![34.0]].concat());
    // Eight rows of 15 and four of 1.
    let begins: Vec<f64> = (0..9).map(|row| f64::from(15 * row)).chain((121..125).map(f64::from)).collect();
    assert_eq!(numbers(&matrix["rows"]), [begins.clone(), vec![124.0]].concat());
}

#[test]
fn gmm() {
    let input = json!({
        "d": 3, "k": 2, "n": 3,
        "alpha": [0.2, -0.3],
        "mu": [[0.1, 0.2, 0.3], [-0.4, 0.5, 0.6]],
        "q": [[0.1, -0.2, 0.3], [0.2, 0.1, -0.1]],
        "l": [[0.5, -0.6, 0.7], [0.1, 0.2, 0.3]],
        "x": [[1.0, 0.5, -0.5], [0.0, 0.3, 0.8], [-1.0, 0.4, 0.2]],
        "m": 2, "gamma": 1.5,
    });
    let gradient = evaluate("gmm", "jacobian", &input);
    for field in ["alpha", "mu", "q", "l"] {
        let expected = differences("gmm", "objective", &input, field).concat();
        assert_close(&numbers(&gradient[field]), &expected, 1e-8);
    }
    // One component in one dimension, at its point: the density 1/√2π times that of the gamma distribution at 1, with V = 1/γ² and
    // n = 2 + m degrees of freedom.
    let (m, gamma) = (2.0_f64, 1.5_f64);
    let simple = json!({
        "d": 1, "k": 1, "n": 1, "alpha": [0.7], "mu": [[0.4]], "q": [[0.0]], "l": [[]], "x": [[0.4]], "m": 2, "gamma": gamma,
    });
    let (freedom, ln_gamma_of_2) = (2.0 + m, 0.0);
    let wishart = -0.5 * gamma * gamma - freedom / 2.0 * 2.0_f64.ln() + freedom * gamma.ln() - ln_gamma_of_2;
    let expected = wishart - 0.5 * std::f64::consts::TAU.ln();
    assert_close(&[number(&evaluate("gmm", "objective", &simple))], &[expected], 1e-14);
}

#[test]
fn kmeans() {
    let points = json!([[0.0, 0.0], [2.0, 0.0], [9.0, 9.0], [11.0, 10.0], [10.0, 14.0]]);
    let input = json!({ "points": points, "centroids": [[1.5, 1.0], [9.0, 11.0]] });
    let cost = (2.25 + 1.0) + (0.25 + 1.0) + 4.0 + (4.0 + 1.0) + (1.0 + 9.0);
    assert_close(&[number(&evaluate("kmeans", "cost", &input))], &[cost], 1e-15);
    // The step goes from the mean of a cluster to its centre.
    assert_close(&numbers(&evaluate("kmeans", "dir", &input)), &[0.5, 1.0, -1.0, 0.0], 1e-14);
}

/// A hand of twenty-two bones, the shortest that has all joints, with a vertex at the end of each.
fn hand(us: &Value) -> Value {
    let bones = 22;
    let at = |x: f64, y: f64, z: f64| {
        [[1.0, 0.0, 0.0, x], [0.0, 1.0, 0.0, y], [0.0, 0.0, 1.0, z], [0.0, 0.0, 0.0, 1.0]]
    };
    let parents: Vec<i64> = (0..bones).map(|bone| if bone == 0 { -1 } else { (bone - 1) / 4 * 4 }).collect();
    let weights = |vertex: usize| -> Vec<f64> {
        (0..22).map(|bone| if bone == vertex { 0.75 } else { 0.25 / 21.0 }).collect()
    };
    json!({
        "theta": (0..26).map(|i| 0.3 * f64::from(i + 1).sin()).collect::<Vec<_>>(),
        "us": us,
        "data": {
            "correspondences": [3, 7, 12],
            "points": [[0.1, 0.2, 0.3], [1.0, -1.0, 0.5], [0.0, 2.0, 1.0]],
            "model": {
                "bone_count": bones,
                "bone_names": (0..bones).map(|bone| format!("bone {bone}")).collect::<Vec<_>>(),
                "parents": parents,
                "base_relatives": (0..bones).map(|bone| at(0.1 * bone as f64, 0.5, -0.2)).collect::<Vec<_>>(),
                "inverse_base_absolutes": (0..bones).map(|bone| at(-0.2, 0.1 * bone as f64, 0.3)).collect::<Vec<_>>(),
                "base_positions": (0..bones).map(|bone| [bone as f64 * 0.3, 1.0, -0.5, 1.0]).collect::<Vec<_>>(),
                "weights": (0..22).map(weights).collect::<Vec<_>>(),
                "triangles": (0..20).map(|first| [first, first + 1, first + 2]).collect::<Vec<_>>(),
                "is_mirrored": true,
            },
        },
    })
}

#[test]
fn ht_with_vertices() {
    let input = hand(&json!([]));
    let columns = differences("ht", "objective", &input, "theta");
    let expected: Vec<f64> = (0..9).flat_map(|row| columns.iter().map(move |column| column[row])).collect();
    let jacobian = evaluate("ht", "jacobian", &input);
    assert_eq!(jacobian.as_array().map(Vec::len), Some(9));
    assert_close(&numbers(&jacobian), &expected, 1e-8);
    // A quarter turn about z, nothing bent, and no shift: (x, y, z) becomes (−y, x, z).
    let mut turned = input;
    let mut theta = vec![0.0; 26];
    let straight = json!(theta);
    theta[2] = std::f64::consts::FRAC_PI_2;
    turned["theta"] = straight;
    let before = numbers(&evaluate("ht", "objective", &turned));
    turned["theta"] = json!(theta);
    let after = numbers(&evaluate("ht", "objective", &turned));
    let points = numbers(&turned["data"]["points"]);
    let place =
        |misses: &[f64]| points.iter().zip(misses).map(|(point, miss)| point - miss).collect::<Vec<_>>();
    let (before, after) = (place(&before), place(&after));
    for (before, after) in before.chunks(3).zip(after.chunks(3)) {
        assert_close(after, &[-before[1], before[0], before[2]], 1e-14);
    }
}

#[test]
fn ht_with_triangles() {
    let input = hand(&json!([[0.2, 0.3], [0.5, 0.1], [0.0, 0.9]]));
    let jacobian = evaluate("ht", "jacobian", &input);
    let rows: Vec<Vec<f64>> = jacobian.as_array().expect("rows").iter().map(numbers).collect();
    let pose = differences("ht", "objective", &input, "theta");
    let places = differences("ht", "objective", &input, "us");
    for (at, row) in rows.iter().enumerate() {
        let own = [places[at / 3 * 2][at], places[at / 3 * 2 + 1][at]];
        let expected: Vec<f64> = own.into_iter().chain(pose.iter().map(|column| column[at])).collect();
        assert_close(row, &expected, 1e-8);
    }
}

/// The result that the suite's own description publishes.
#[test]
fn particle() {
    for function in ["ff", "rf"] {
        let w = number(&evaluate("particle", function, &json!({ "w": 0.0 })));
        assert!((w - 0.2071918746486116).abs() < 1e-6, "{function}: {w}");
    }
}

/// The saddle point is at 0; the suite's description publishes where its search ends.
#[test]
fn saddle() {
    for function in ["ff", "rf"] {
        let found = numbers(&evaluate("saddle", function, &json!({ "start": [1.0, 1.0] })));
        assert_close(&found, &[8.246324826140356e-06; 4], 1e-11);
    }
}

#[test]
fn reverse_mode_inside_a_derivative_is_not_supported() {
    for (module, input) in [("particle", json!({ "w": 0.0 })), ("saddle", json!({ "start": [1.0, 1.0] }))] {
        let message =
            json!({ "id": 1, "kind": "evaluate", "module": module, "function": "rr", "input": input });
        assert_eq!(answer(&message.to_string()).expect("a message")["success"], false);
    }
}

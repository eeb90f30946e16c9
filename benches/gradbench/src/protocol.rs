//! The messages, and how functions are timed.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::hint::black_box;
use std::io;
use std::time::{Duration, Instant};

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Message {
    Start {
        id: Value,
    },
    Define {
        id: Value,
        module: String,
    },
    Evaluate {
        id: Value,
        module: String,
        function: String,
        input: Value,
    },
    /// An analysis, and whatever the protocol has beside.
    #[serde(untagged)]
    Other {
        id: Value,
    },
}

/// How often a function is to run: so often, and until so many seconds have passed.
#[derive(Deserialize)]
struct Runs {
    min_runs: f64,
    min_seconds: f64,
}

/// The result of a function, and the time of each run.
pub struct Evaluated {
    output: Value,
    times: Vec<Duration>,
}

/// The answer to a message.
///
/// # Errors
///
/// If the line is no message.
pub fn answer(line: &str) -> io::Result<Value> {
    Ok(match serde_json::from_str(line)? {
        Message::Start { id } => json!({ "id": id, "tool": "gradus" }),
        Message::Define { id, module } => json!({ "id": id, "success": crate::evals::is_there(&module) }),
        Message::Evaluate { id, module, function, input } => {
            match crate::evals::evaluate(&module, &function, input) {
                Ok(Evaluated { output, times }) => {
                    let timing = |time: &Duration| {
                        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
                        json!({ "name": "evaluate", "nanoseconds": nanoseconds })
                    };
                    let timings: Vec<_> = times.iter().map(timing).collect();
                    json!({ "id": id, "success": true, "output": output, "timings": timings })
                }
                Err(error) => json!({ "id": id, "success": false, "error": error }),
            }
        }
        Message::Other { id } => json!({ "id": id }),
    })
}

/// Reads the input of a function, and runs it as often as the input says, or once.
///
/// # Errors
///
/// If the input is not that of the function.
pub fn run<I: DeserializeOwned, O: Serialize>(
    input: Value,
    function: impl Fn(&I) -> O,
) -> Result<Evaluated, String> {
    let runs = Runs::deserialize(&input).unwrap_or(Runs { min_runs: 1.0, min_seconds: 0.0 });
    let input: I = serde_json::from_value(input).map_err(|error| format!("the input: {error}"))?;
    let mut times = Vec::new();
    let mut total = Duration::ZERO;
    loop {
        let start = Instant::now();
        let output = black_box(function(black_box(&input)));
        let time = start.elapsed();
        times.push(time);
        total += time;
        if times.len() as f64 >= runs.min_runs && total.as_secs_f64() >= runs.min_seconds {
            let output = serde_json::to_value(output).map_err(|error| format!("the output: {error}"))?;
            return Ok(Evaluated { output, times });
        }
    }
}

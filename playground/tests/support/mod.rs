//! What the tests of traces share.

use gradus::{Trace, view};
use serde_json::Value;

/// What the page draws, without the name of the file.
pub fn drawn(trace: &Trace) -> Value {
    let mut data: Value = serde_json::from_str(&view::page_data(trace)).expect("JSON");
    for source in data["sources"].as_array_mut().expect("a list") {
        source["file"] = Value::Null;
    }
    data
}

//! What the page says of the mistakes that people make who are new to Rust: what is wrong, where, and what to write.

use serde_json::{Value, json};

/// The message about a text, the token at fault, and the help.
fn advice(text: &str) -> (String, String, String) {
    let answer = playground::answer(&json!({"source": text, "function": null, "values": {}}).to_string());
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    let complaint = &answer["complaints"][0];
    let [message, help] =
        ["message", "help"].map(|key| complaint[key].as_str().unwrap_or_default().to_owned());
    let [start, end] = ["start", "end"].map(|key| {
        let at = complaint[key].as_u64().unwrap_or_default();
        usize::try_from(at).expect("a place in a short text")
    });
    (message, text[start..end].to_owned(), help)
}

const INTEGER: &str = "an integer stands where an `f64` is computed with";
const NO_ELSE: &str = "this `if` has a value, and no `else` that gives one when its condition is false";
const NOTHING: &str = "there is no function here to differentiate";

#[test]
fn beginners_mistakes_are_named() {
    let body = |body: &str| format!("fn f(x: f64) -> f64 {{ {body} }}");
    let cases = [
        // Powers of other languages.
        (body("x^2"), "`^` is no power", "x^2", "x.powi(2)"),
        (body("x ** 2"), "`**` is no power", "*", "x.powi(2)"),
        (body("x.pow(2)"), "no method `pow`", "pow", "x.powi(2)"),
        (body("x.powi(2.0)"), "the exponent of `powi` is an integer", "x.powi(2.0)", "powf"),
        // Functions of other languages.
        (body("sin(x)"), "there is no function `sin`", "sin(x)", "x.sin()"),
        (body("exp(-x * x)"), "there is no function `exp`", "exp(-x * x)", "x.exp()"),
        (body("Math::sin(x)"), "there is no function `Math::sin`", "Math::sin(x)", "x.sin()"),
        (body("np.sin(x)"), "there is no variable `np`", "np.sin(x)", ""),
        (body("x.log()"), "no method `log`", "log", "x.ln()"),
        // Integers.
        (body("2 * x"), INTEGER, "2 * x", "2.0"),
        (body("let mut s = 0; for _ in 0..3 { s += x; } s"), INTEGER, "s += x", "2.0"),
        (body("let mut s = 0.0; for i in 0..3 { s += i * x; } s"), INTEGER, "i * x", "as f64"),
        // Names.
        (body("y * x"), "there is no variable `y`", "y * x", "let y"),
        (body("y = 2.0 * x; y"), "there is no variable `y`", "y = 2.0 * x", "let mut y"),
        // Signs.
        (body("x * x;"), "the function ends without its result", ";", "remove this `;`"),
        (body("x.tanh("), "this `(` is not closed", "(", ""),
        // Branches.
        (body("if x > 0.0 { x }"), NO_ELSE, "if", "add `else { … }`"),
        (body("let y = if x > 0.0 { x * x }; y"), NO_ELSE, "if", "add `else { … }`"),
        (
            body("let mut y = x; for _ in 0..2 { if y > 0.0 { y * 2.0 } } y"),
            NO_ELSE,
            "if",
            "end the last line",
        ),
        (body("if x > 0.0 { x } else if x > -1.0 { 0.0 }"), NO_ELSE, "if", "add `else { … }`"),
        ("fn f(x: f64) -> f64 { x".to_owned(), "this `{` is not closed", "{", ""),
        (format!("{} }}", body("x")), "this `}` closes nothing", "}", ""),
        // Signatures.
        ("fn f(x) -> f64 { x }".to_owned(), "expected `:`", ")", "x: f64"),
        ("fn f(x: f64) { x }".to_owned(), NOTHING, "fn f(x: f64) { x }", "write `-> f64`"),
        ("fn f() -> f64 { 1.0 }".to_owned(), NOTHING, "fn f() -> f64 { 1.0 }", "no parameter"),
        (
            "fn f(x: f32) -> f32 { x }".to_owned(),
            NOTHING,
            "fn f(x: f32) -> f32 { x }",
            "`f64`: write it for `f32`",
        ),
        ("x * x".to_owned(), "a function begins with `fn`", "*", "fn f(x: f64)"),
    ];
    for (text, message, at, help) in cases {
        let found = advice(&text);
        assert!(found.0.contains(message), "{text}: {found:?}");
        assert_eq!(found.1, at, "{text}: {found:?}");
        assert!(found.2.contains(help), "{text}: {found:?}");
    }
}

#[test]
fn what_is_right_is_not_complained_of() {
    for body in [
        "return x * x;",
        "let mut y = x; if x > 0.0 { y += x } if x > 1.0 { y = -y } if x < -1.0 { return 0.0 } y",
        "let mut v = vec![x, 1.0]; if v.len() > 1 { v.swap(0, 1) } if x > 9.0 { v.push(x) } if x > 9.0 { v.pop(); } v[0]",
        "let mut y = x; if x > 1.0 { for _ in 0..2 { y *= 2.0 } } if x > 1.0 { if x > 2.0 { y *= 0.5 } } y",
        "if x > 5.0 { panic!(\"far\") } x",
        "let mut y = x; loop { y *= 0.5; if y < 1.0 { return y; } }",
        "let n = 6 ^ 3; x * n as f64",
        "f64::sin(x) + f64::max(x, 1.0)",
        "assert!(x > 0.0); panic_free(x) } fn panic_free(x: f64) -> f64 { x",
    ] {
        let text = format!("fn f(x: f64) -> f64 {{ {body} }}");
        assert_eq!(advice(&text).0, "", "{text}");
    }
}

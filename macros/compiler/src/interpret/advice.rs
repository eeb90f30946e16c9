//! Messages about mistakes that people make who are new to Rust: what is wrong, and what to write.

use super::number::operation;

/// Between a message and its help.
const HELP: &str = "\n\nhelp: ";

fn advised(message: &str, help: &str) -> String {
    format!("{message}{HELP}{help}")
}

/// A message with help, and the help.
pub fn parts(what: &str) -> Option<(&str, &str)> {
    what.split_once(HELP)
}

/// A call of a function that is not there.
pub fn no_function(path: &str) -> String {
    let last = path.rsplit("::").next().unwrap_or(path);
    match method(last) {
        Some(method) => advised(
            &format!("there is no function `{path}`"),
            &format!("functions of numbers are methods in Rust: write `{method}`"),
        ),
        None => format!("the function `{path}`"),
    }
}

/// A name that stands for nothing, where a value is read.
pub fn no_variable(name: &str) -> String {
    advised(
        &format!("there is no variable `{name}`"),
        "declare it before, `let y = …;`, or add a parameter, `y: f64`",
    )
}

/// The same, where one is assigned.
pub fn not_declared(name: &str) -> String {
    advised(&format!("there is no variable `{name}`"), &format!("declare it first: `let mut {name} = …;`"))
}

const INTEGER: &str = "an integer stands where an `f64` is computed with";
const POINT: &str = "write the literal with a point, as in `2.0`, or convert the integer with `as f64`";

/// Where a number is read, and there is an integer.
pub fn integer_as_number() -> String {
    advised(INTEGER, POINT)
}

/// What to write for the name of a function of numbers in other languages.
pub fn method(name: &str) -> Option<String> {
    Some(match name {
        "pow" | "power" => "x.powi(2)` or `x.powf(0.5)".to_owned(),
        "square" | "sqr" => "x.powi(2)".to_owned(),
        "log" => "x.ln()` or `x.log10()".to_owned(),
        "arcsin" => "x.asin()".to_owned(),
        "arccos" => "x.acos()".to_owned(),
        "arctan" | "atan" => "x.atan()".to_owned(),
        "fabs" => "x.abs()".to_owned(),
        "sgn" | "sign" => "x.signum()".to_owned(),
        "logistic" => "x.sigmoid()".to_owned(),
        name => match operation(name)?.arity() {
            1 => format!("x.{name}()"),
            2 => format!("x.{name}(y)"),
            _ => format!("x.{name}(y, z)"),
        },
    })
}

/// What is said of an expression in which an integer meets a number.
pub fn mismatch(written: &syn::Expr) -> (String, String) {
    let (message, help) = match written {
        syn::Expr::Binary(syn::ExprBinary { op: syn::BinOp::BitXor(_), .. }) => {
            ("`^` is no power: it is the exclusive or of integers", "write `x.powi(2)`, or `x.powf(0.5)`")
        }
        syn::Expr::MethodCall(call) if call.method == "powi" => {
            ("the exponent of `powi` is an integer", "write `x.powi(2)`, or `x.powf(2.5)` for any exponent")
        }
        syn::Expr::Binary(syn::ExprBinary { op: syn::BinOp::Mul(_), right, .. })
            if matches!(&**right, syn::Expr::Unary(syn::ExprUnary { op: syn::UnOp::Deref(_), .. })) =>
        {
            ("`**` is no power", "write `x.powi(2)`, or `x.powf(0.5)`")
        }
        _ => (INTEGER, POINT),
    };
    (message.to_owned(), help.to_owned())
}

/// `x ** 2`, which Rust reads as `x * (*2)`.
pub fn starred(block: &syn::Block) -> Option<proc_macro2::Span> {
    struct Starred(Option<proc_macro2::Span>);
    impl<'ast> syn::visit::Visit<'ast> for Starred {
        fn visit_expr_unary(&mut self, unary: &'ast syn::ExprUnary) {
            if let (syn::UnOp::Deref(star), syn::Expr::Lit(_)) = (&unary.op, &*unary.expr) {
                self.0.get_or_insert(star.span);
            }
            syn::visit::visit_expr_unary(self, unary);
        }
    }
    let mut starred = Starred(None);
    syn::visit::Visit::visit_block(&mut starred, block);
    starred.0
}

/// The last expression of a function that ends with a `;`, and so without its result.
pub fn dropped_result(function: &syn::ItemFn) -> Option<&syn::token::Semi> {
    if matches!(function.sig.output, syn::ReturnType::Default) {
        return None;
    }
    let computes = |value: &syn::Expr| match value {
        syn::Expr::Binary(binary) => !is_assignment(&binary.op),
        syn::Expr::MethodCall(call) => method(&call.method.to_string()).is_some(),
        syn::Expr::Path(_)
        | syn::Expr::Lit(_)
        | syn::Expr::Paren(_)
        | syn::Expr::Unary(_)
        | syn::Expr::Tuple(_) => true,
        _ => false,
    };
    match function.block.stmts.last()? {
        syn::Stmt::Expr(value, Some(semicolon)) if computes(value) => Some(semicolon),
        _ => None,
    }
}

fn is_assignment(operator: &syn::BinOp) -> bool {
    use syn::BinOp::{
        AddAssign, BitAndAssign, BitOrAssign, BitXorAssign, DivAssign, MulAssign, RemAssign, ShlAssign,
        ShrAssign, SubAssign,
    };
    matches!(
        operator,
        AddAssign(_)
            | SubAssign(_)
            | MulAssign(_)
            | DivAssign(_)
            | RemAssign(_)
            | BitXorAssign(_)
            | BitAndAssign(_)
            | BitOrAssign(_)
            | ShlAssign(_)
            | ShrAssign(_)
    )
}

/// Why the only function of a text is none to differentiate.
pub fn undifferentiable(items: &[syn::Item]) -> Option<String> {
    let mut functions = items.iter().filter_map(|item| match item {
        syn::Item::Fn(function) => Some(function),
        _ => None,
    });
    let (function, None) = (functions.next()?, functions.next()) else { return None };
    let name = &function.sig.ident;
    if name == "main" {
        return None;
    }
    if let syn::ReturnType::Default = function.sig.output {
        return Some(format!("`{name}` returns nothing: write `-> f64` after its parameters"));
    }
    if function.sig.inputs.is_empty() {
        return Some(format!("`{name}` has no parameter: write one, such as `x: f64`"));
    }
    let text = quote::ToTokens::to_token_stream(&function.sig).to_string();
    let other = ["f32", "float", "double", "Float", "real"].into_iter().find(|other| {
        text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == *other)
    });
    Some(match other {
        Some(other) => format!("gradients are those of `f64`: write it for `{other}`"),
        None => format!(
            "`{name}` takes or returns no number with a fraction: write `f64` for the types of its numbers"
        ),
    })
}

/// A syntax error after this text of its line: what is said of it, and what to write, for some common ways to begin.
pub fn syntax(message: &str, before: &str) -> (String, Option<&'static str>) {
    match message {
        "expected `!`" => (
            "a function begins with `fn`".to_owned(),
            Some("write one, such as `fn f(x: f64) -> f64 { x * x }`"),
        ),
        "expected `:`" if before.contains("fn ") => {
            (message.to_owned(), Some("each parameter has its type: `x: f64`"))
        }
        _ => (message.to_owned(), None),
    }
}

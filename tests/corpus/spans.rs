//! The link from a node to its source: what stands there is an expression, and the one that made the node.
//!
//! Run for every graph of every case: each operation has a span, its text parses as Rust, and the operator, method or
//! function in it is the node's operation. The names that differ are those that the standard library derives from others.

use gradus::Op;
use gradus::graph::Node;
use gradus::trace::{Origin, Site, Span, Trace};
use syn::{BinOp, Expr};

/// Checks every operation of a trace.
pub fn check(trace: &Trace) {
    for node in trace.graph().nodes().filter(|node| node.op() != Op::Input) {
        let Some(Origin::Site(site)) = node.origin() else {
            panic!("{}: node {node:?} has no span", trace.source().function)
        };
        check_site(node, site);
        for step in trace.path(node) {
            let text = step.at().source.slice(step.span());
            assert!(!text.is_empty(), "{step} has no text");
        }
    }
}

fn check_site(node: Node<'_>, site: &'static Site) {
    let text = site.text();
    let told = || format!("{} in {} ({node:?}): `{text}`", site.source.function, site.source.file);
    let parsed = syn::parse_str::<Expr>(text).unwrap_or_else(|error| panic!("{}: {error}", told()));
    let name = name(&parsed).unwrap_or_else(|| panic!("{} is no operation", told()));
    let renamed = || named_by_let(site, &name).is_some_and(|name| makes(&name, node));
    assert!(makes(&name, node) || renamed(), "{} is no {}", told(), node.op().name());
    for &Span { start, end } in site.operands {
        assert!(site.span.start <= start && end <= site.span.end, "{}: an operand outside", told());
        let operand = site.source.slice(Span { start, end });
        assert!(syn::parse_str::<Expr>(operand).is_ok(), "{}: operand `{operand}`", told());
    }
}

/// The operator, method or function that an expression is.
fn name(expression: &Expr) -> Option<String> {
    let path = |path: &syn::Path| path.segments.last().map(|segment| segment.ident.to_string());
    match expression {
        Expr::Paren(paren) => name(&paren.expr),
        Expr::Group(group) => name(&group.expr),
        Expr::Binary(binary) => operator(&binary.op).map(str::to_owned),
        Expr::Unary(syn::ExprUnary { op: syn::UnOp::Neg(_), .. }) => Some("neg".to_owned()),
        Expr::MethodCall(call) => Some(call.method.to_string()),
        Expr::Call(call) => match &*call.func {
            Expr::Path(function) => path(&function.path),
            _ => None,
        },
        // A function named as a value: `.fold(x, f64::max)`.
        Expr::Path(function) => path(&function.path),
        _ => None,
    }
}

/// What a function is called that a `let` of the body has given this name: `let cosine = f64::cos;`.
fn named_by_let(site: &Site, given: &str) -> Option<String> {
    let function = syn::parse_str::<syn::ItemFn>(site.source.text).ok()?;
    function.block.stmts.iter().find_map(|statement| {
        let syn::Stmt::Local(syn::Local { pat, init: Some(init), .. }) = statement else { return None };
        let pattern = match pat {
            syn::Pat::Type(typed) => &*typed.pat,
            other => other,
        };
        match (pattern, &*init.expr) {
            (syn::Pat::Ident(known), function @ Expr::Path(_)) if known.ident == given => name(function),
            _ => None,
        }
    })
}

fn operator(operator: &BinOp) -> Option<&'static str> {
    Some(match operator {
        BinOp::Add(_) | BinOp::AddAssign(_) => "add",
        BinOp::Sub(_) | BinOp::SubAssign(_) => "sub",
        BinOp::Mul(_) | BinOp::MulAssign(_) => "mul",
        BinOp::Div(_) | BinOp::DivAssign(_) => "div",
        BinOp::Rem(_) | BinOp::RemAssign(_) => "rem",
        _ => return None,
    })
}

/// Whether what is called so makes such a node.
fn makes(name: &str, node: Node<'_>) -> bool {
    match (name, node.op()) {
        ("recip", Op::Div) | ("log", Op::Ln | Op::Div) | ("sin_cos", Op::Sin | Op::Cos) => true,
        ("sum", Op::Add) | ("product", Op::Mul) => true,
        (_, Op::Custom) => true,
        (name, op) => name == op.name(),
    }
}

#[test]
fn wrong_links_are_found() {
    let text = |text: &str| name(&syn::parse_str::<Expr>(text).expect("an expression"));
    assert_eq!(text("x * (y + z)").as_deref(), Some("mul"));
    assert_eq!(text("(x += y)").as_deref(), Some("add"));
    assert_eq!(text("-x.sin()").as_deref(), Some("neg"));
    assert_eq!(text("xs.iter().sum::<f64>()").as_deref(), Some("sum"));
    assert_eq!(text("f64::max").as_deref(), Some("max"));
    assert_eq!(text("x < y"), None);
    let graph = gradus::Graph::new();
    let x = graph.value(2.0);
    let operation = (x * x).node().expect("a product");
    assert!(makes("mul", operation) && !makes("add", operation) && !makes("sum", operation));
}

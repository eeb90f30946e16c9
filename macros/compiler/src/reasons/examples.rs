//! A function for each reason, and the same written as the reason advises.

use super::Reason;
use crate::ir::Mode;
use crate::lower;
use crate::transform::{Passes, differentiate};
use proc_macro2::TokenStream;

/// Why a function is not compiled, if it is not: both sweeps together, or apart.
fn reason(text: &str) -> Option<Reason> {
    let tokens: TokenStream = text.parse().expect("tokens");
    crate::checked(&tokens, |_, _, function| {
        let programs = lower::lower(function).and_then(|program| {
            differentiate(program.clone(), Mode::Split, true, Passes::ALL)?;
            differentiate(program, Mode::Joint, function.may_be_several(), Passes::ALL)
        });
        programs.err().map(|unsupported| unsupported.reason)
    })
}

/// A reason, a function that it is given for, and the same function as its help advises.
const EXAMPLES: &[(&str, &str, &str)] = &[
    ("ArgumentType", "fn f(xs: VecDeque<f64>) -> f64 { xs[0] }", "fn f(xs: &[f64]) -> f64 { xs[0] }"),
    (
        "InnerItem",
        "fn f(x: f64) -> f64 { let y = { const K: f64 = 2.0; x * K }; y }",
        "fn f(x: f64) -> f64 { const K: f64 = 2.0; let y = { x * K }; y }",
    ),
    (
        "Attribute",
        "fn f(x: f64) -> f64 { #[allow(unused)] let y = x * x; y }",
        "#[allow(unused)] fn f(x: f64) -> f64 { let y = x * x; y }",
    ),
    (
        "LaterPattern",
        "fn f(x: f64) -> f64 { let (a, b); (a, b) = (x, x * x); a * b }",
        "fn f(x: f64) -> f64 { let a; let b; (a, b) = (x, x * x); a * b }",
    ),
    (
        "CallArgument",
        "fn f(xs: &[f64]) -> f64 { other(xs.iter()) }",
        "fn f(xs: &[f64]) -> f64 { let argument: Vec<f64> = xs.iter().copied().collect(); other(&argument) }",
    ),
    (
        "DataArgument",
        "fn f(x: f64) -> f64 { other(x, &[stop_gradient(x)]) }",
        "fn f(x: f64) -> f64 { other(x, stop_gradient(x)) }",
    ),
    (
        "FunctionArgument",
        "fn f(x: f64) -> f64 { twice(|t| t * x, x) }",
        "fn f(x: f64) -> f64 { let g = |t: f64| t * x; g(g(x)) }",
    ),
    (
        "FunctionParameter",
        "fn f(g: impl Fn(f64) -> f64, x: f64) -> f64 { g(g(x)) }",
        "fn f(x: f64) -> f64 { g(g(x)) }",
    ),
    (
        "CalledValue",
        "fn f(xs: &[f64], #[constant] g: fn(f64) -> f64) -> f64 { xs[0] * xs.iter().map(|x| stop_gradient(*x)).map(g).sum::<f64>() }",
        "fn f(xs: &[f64], #[constant] g: fn(f64) -> f64) -> f64 { xs[0] * xs.iter().map(|x| stop_gradient(*x)).map(|x| g(x)).sum::<f64>() }",
    ),
    (
        "MoveClosure",
        "fn f(x: f64) -> f64 { let mut n = 0.0; let mut g = move |y: f64| { n += y; n * x }; g(1.0) + g(x) }",
        "fn f(x: f64) -> f64 { let mut n = 0.0; let mut g = |y: f64| { n += y; n * x }; g(1.0) + g(x) }",
    ),
    (
        "StandardFunction",
        "fn f(x: f64) -> f64 { std::iter::repeat_with(|| x * 0.5).take(3).sum() }",
        "fn f(x: f64) -> f64 { let (mut y, mut s) = (x, 0.0); for _ in 0..3 { s += y; y *= 0.5; } s }",
    ),
    (
        "Swap",
        "fn f(xs: &[f64]) -> f64 { let mut v = xs.to_vec(); let (a, b) = v.split_at_mut(1); std::mem::swap(&mut a[0], &mut b[0]); v[0] }",
        "fn f(xs: &[f64]) -> f64 { let mut v = xs.to_vec(); v.swap(0, 1); v[0] }",
    ),
    (
        "Replace",
        "fn f(x: f64) -> f64 { let mut t = (x, x); let old = std::mem::replace(&mut t, (1.0, 2.0)); old.0 * t.1 }",
        "fn f(x: f64) -> f64 { let mut t = (x, x); let old = t; t = (1.0, 2.0); old.0 * t.1 }",
    ),
    (
        "Take",
        "fn f(x: f64) -> f64 { let mut o = Some(x); let old = std::mem::take(&mut o); old.unwrap() * x }",
        "fn f(x: f64) -> f64 { let mut o = Some(x); let old = o; o = None; old.unwrap() * x }",
    ),
    (
        "Method",
        "fn f(xs: &[f64]) -> f64 { let mut v = xs.to_vec(); v.retain(|x| *x > 0.0); v[0] }",
        "fn f(xs: &[f64]) -> f64 { let mut v = Vec::new(); for i in 0..xs.len() { \
         if xs[i] > 0.0 { v.push(xs[i]); } } v[0] }",
    ),
    (
        "MethodOf",
        "fn f(x: f64, y: f64) -> f64 { [x, y].first().copied().unwrap() }",
        "fn f(x: f64, y: f64) -> f64 { let xs: Vec<f64> = vec![x, y]; xs.first().copied().unwrap() }",
    ),
    (
        "RangeOf",
        "fn f(xs: &[f64]) -> f64 { let r = xs.get(0..2).unwrap(); r[0] * r[1] }",
        "fn f(xs: &[f64]) -> f64 { let r = &xs[0..2]; r[0] * r[1] }",
    ),
    (
        "Adapter",
        "fn f(xs: &[f64]) -> f64 { xs.rchunks(2).map(|c| c[0]).sum() }",
        "fn f(xs: &[f64]) -> f64 { let mut s = 0.0; for at in 1..=xs.len() / 2 { s += xs[xs.len() - 2 * at]; } s }",
    ),
    (
        "IteratedValue",
        "fn f(x: f64) -> f64 { let mut s = 0.0; for y in Some(x) { s += y * y; } s }",
        "fn f(x: f64) -> f64 { let mut s = 0.0; let xs = [x]; for y in xs { s += y * y; } s }",
    ),
    (
        "UsedInParts",
        "fn f(xs: &[f64]) -> f64 { let mut it = xs.iter(); let first = it.next().unwrap(); first * it.sum::<f64>() }",
        "fn f(xs: &[f64]) -> f64 { let first = xs[0]; first * xs[1..].iter().sum::<f64>() }",
    ),
    (
        "Cycle",
        "fn f(xs: &[f64]) -> f64 { xs.iter().filter(|x| **x > 0.0).cycle().take(5).sum() }",
        "fn f(xs: &[f64]) -> f64 { let kept: Vec<f64> = xs.iter().filter(|x| **x > 0.0).copied().collect(); \
         kept.iter().cycle().take(5).sum() }",
    ),
    (
        "Zip",
        "fn f(xs: &[f64]) -> f64 { let (a, b) = (xs.iter().filter(|x| **x > 0.0), xs.iter().filter(|x| **x < 1.0)); \
         a.zip(b).map(|(a, b)| a * b).sum() }",
        "fn f(xs: &[f64]) -> f64 { let b: Vec<f64> = xs.iter().filter(|x| **x < 1.0).copied().collect(); \
         xs.iter().filter(|x| **x > 0.0).zip(&b).map(|(a, b)| a * b).sum() }",
    ),
    (
        "Backward",
        "fn f(xs: &[f64]) -> f64 { xs.iter().take_while(|x| **x > 0.0).rev().fold(0.0, |s, x| s * 0.5 + x) }",
        "fn f(xs: &[f64]) -> f64 { let kept: Vec<f64> = xs.iter().take_while(|x| **x > 0.0).copied().collect(); \
         kept.iter().rev().fold(0.0, |s, x| s * 0.5 + x) }",
    ),
    (
        "Item",
        "fn f(xs: &[f64]) -> f64 { let row = xs.chunks(2).last().unwrap(); row[0] }",
        "fn f(xs: &[f64]) -> f64 { xs.chunks(2).map(|row| row[0]).last().unwrap() }",
    ),
    (
        "Collect",
        "fn f(xs: &[f64]) -> f64 { let v = xs.iter().map(|x| (*x, x * x)).collect::<(Vec<f64>, Vec<f64>)>(); v.0[0] }",
        "fn f(xs: &[f64]) -> f64 { let v: Vec<f64> = xs.iter().copied().collect(); v[0] }",
    ),
    (
        "Elements",
        "fn f(xs: &[f64]) -> f64 { let v: Vec<&f64> = xs.iter().collect(); *v[0] }",
        "fn f(xs: &[f64]) -> f64 { let v: Vec<f64> = xs.iter().copied().collect(); v[0] }",
    ),
    (
        "Queue",
        "fn f(x: f64) -> f64 { let mut q = VecDeque::new(); q.push_back(x); println!(\"{q:?}\"); q[0] }",
        "fn f(x: f64) -> f64 { let mut q = Vec::new(); q.push(x); println!(\"{q:?}\"); q[0] }",
    ),
    (
        "RangeVariable",
        "fn f(xs: &[f64]) -> f64 { let r = 1..3; xs[r].iter().sum() }",
        "fn f(xs: &[f64]) -> f64 { let (start, end) = (1, 3); xs[start..end].iter().sum() }",
    ),
    (
        "AssignmentInside",
        "fn f(x: f64, #[constant] d: &[f64]) -> f64 { let mut n = 0; let s = d[{ n += 1; n }]; x * s }",
        "fn f(x: f64, #[constant] d: &[f64]) -> f64 { let mut n = 0; n += 1; let s = d[n]; x * s }",
    ),
    (
        "MutableList",
        "fn f(x: f64) -> f64 { let (mut a, mut b) = (x, x); for r in [&mut a, &mut b] { *r *= 2.0; } a * b }",
        "fn f(x: f64) -> f64 { let (mut a, mut b) = (x, x); a *= 2.0; b *= 2.0; a * b }",
    ),
    (
        "BranchShapes",
        "fn f(x: f64, #[constant] k: bool) -> f64 { let r = if k { [x, x] } else { pair(x) }; r[0] }",
        "fn f(x: f64, #[constant] k: bool) -> f64 { let p = pair(x); let r = if k { [x, x] } else { [p[0], p[1]] }; r[0] }",
    ),
    (
        "BranchData",
        "fn f(x: f64, #[constant] a: &[f64], #[constant] b: &[f64]) -> f64 { let d = if x > 0.0 { a } else if x < -9.0 { return x } else { b }; x * d[0] }",
        "fn f(x: f64, #[constant] a: &[f64], #[constant] b: &[f64]) -> f64 { let d = if x > 0.0 { a[0] } else if x < -9.0 { return x } else { b[0] }; x * d }",
    ),
    (
        "LeavingInside",
        "fn f(xs: &[f64]) -> f64 { xs[0] * (if xs[1] > 0.0 { return 1.0 } else { 2.0 }) + xs[2].sin() }",
        "fn f(xs: &[f64]) -> f64 { let k = if xs[1] > 0.0 { return 1.0 } else { 2.0 }; xs[0] * k + xs[2].sin() }",
    ),
    (
        "Text",
        "fn f(x: f64) -> f64 { let y = dbg!(x * x); y }",
        "fn f(x: f64) -> f64 { let y = x * x; println!(\"{y}\"); y }",
    ),
    (
        "UsedData",
        "fn f(x: f64, #[constant] d: &Tree) -> f64 { let mut s = x; for y in d.leaves() { s = s * other(s, y); } s }",
        "fn f(x: f64, #[constant] d: &[Leaf]) -> f64 { let mut s = x; for i in 0..d.len() { let y = &d[i]; \
         s = s * other(s, y); } s }",
    ),
    (
        "Length",
        "fn f(xs: &[f64]) -> f64 { let it = xs.iter().map(|x| x * x); let n = it.len(); it.sum::<f64>() * n as f64 }",
        "fn f(xs: &[f64]) -> f64 { let it = xs.iter().map(|x| x * x); let n = xs.len(); it.sum::<f64>() * n as f64 }",
    ),
    (
        "LoopVariable",
        "fn f(xs: &[f64]) -> f64 { let mut y = (unknown(xs), 1.0); for x in xs { y.1 += x; } y.1 }",
        "fn f(xs: &[f64]) -> f64 { let mut y = 1.0; for x in xs { y += x; } y }",
    ),
    (
        "AssignedPlace",
        "fn f(x: f64) -> f64 { let (mut a, mut b) = (x, 1.0); let r = if x > 0.0 { &mut a } else { &mut b }; *r += 1.0; a * b }",
        "fn f(x: f64) -> f64 { let (mut a, mut b) = (x, 1.0); if x > 0.0 { a += 1.0; } else { b += 1.0; } a * b }",
    ),
    (
        "ShadowedData",
        "fn f(x: f64, #[constant] z: &[Vec<f64>]) -> f64 { let mut s = 0.0; for z in z { assert!(!z.is_empty()); s += x * other(x, z); } s }",
        "fn f(x: f64, #[constant] z: &[Vec<f64>]) -> f64 { let mut s = 0.0; for row in z { assert!(!row.is_empty()); s += x * other(x, row); } s }",
    ),
    (
        "Fallible",
        "fn f(x: f64) -> f64 { match other(x) { Ok(y) => y, Err(error) => x * f64::from(code(error)) } }",
        "fn f(x: f64) -> f64 { match other(x) { Ok(y) => y, Err(_) => 2.0 * x } }",
    ),
    (
        "StructBase",
        "fn f(b: &Body) -> f64 { let c = Body { velocity: still(), ..b.clone() }; c.mass * 2.0 }",
        "fn f(b: &Body) -> f64 { let c = Body { velocity: still(), mass: b.mass }; c.mass * 2.0 }",
    ),
    (
        "ElementType",
        "fn f(xs: &[f64]) -> f64 { let mut v = Vec::new(); v.push(other(xs)); annotated(&v) }",
        "fn f(xs: &[f64]) -> f64 { let mut v: Vec<f64> = Vec::new(); v.push(other(xs)); annotated(&v) }",
    ),
    (
        "ArrayMap",
        "fn f(x: f64) -> f64 { let z = [(1.0, 3.0), (2.0, 4.0)].map(|(k, l)| k * x + l); z[0] * z[1] }",
        "fn f(x: f64) -> f64 { let k: [f64; 2] = [1.0, 2.0]; let z = [k[0] * x + 3.0, k[1] * x + 4.0]; z[0] * z[1] }",
    ),
    (
        "BranchChoice",
        "fn f(xs: &[f64]) -> f64 { let r = if xs[0] > 0.0 { xs.iter().rev() } else { xs[1..].iter().rev() }; r.sum() }",
        "fn f(xs: &[f64]) -> f64 { if xs[0] > 0.0 { xs.iter().rev().sum() } else { xs[1..].iter().rev().sum() } }",
    ),
];

/// Reasons without an example. In all functions that we know another stage refuses the construct first, or another reason is
/// given. They keep the lowering from guessing.
const NO_EXAMPLE: &[&str] = &[
    "AfterStage",
    "AssignedValue",
    "BorrowedPart",
    "BranchPart",
    "BranchValue",
    "BranchVec",
    "CallResult",
    "ClosureInLoop",
    "DataReference",
    "DeepBranches",
    "DeepClosures",
    "DeepValues",
    "Expression",
    "Field",
    "ForeignChange",
    "IndexedValue",
    "LaterData",
    "LeftTarget",
    "LetCondition",
    "LongClosures",
    "LoopShape",
    "MacroStatement",
    "MadeSequence",
    "MapToData",
    "Number",
    "OnceOnly",
    "OptionItem",
    "OptionType",
    "PairItem",
    "Pattern",
    "PlainCall",
    "Predicate",
    "ResultAlias",
    "ResultType",
    "SeveralPlaces",
    "StoppedSequence",
    "TupleInData",
    "Unassigned",
    "UnknownOption",
    "Unzip",
];

#[test]
fn every_reason_has_an_example_and_its_advice_compiles() {
    let mut wrong = Vec::new();
    for (name, example, advised) in EXAMPLES {
        match reason(example) {
            Some(reason) if reason.name() == *name => {}
            other => wrong.push(format!("{name}: {other:?} for {example}")),
        }
        if let Some(reason) = reason(advised) {
            wrong.push(format!("{name}: {reason:?} after its advice, {advised}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_reason_is_listed_once() {
    let mut listed: Vec<&str> =
        EXAMPLES.iter().map(|(name, ..)| *name).chain(NO_EXAMPLE.iter().copied()).collect();
    let mut rows: Vec<&str> = super::ROWS.iter().map(|(name, ..)| *name).collect();
    listed.sort_unstable();
    rows.sort_unstable();
    assert_eq!(listed, rows, "left: examples; right: the catalogue");
}

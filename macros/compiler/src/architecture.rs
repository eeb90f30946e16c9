//! The function that ARCHITECTURE.md follows through the compiler: every block there is what the stage gives.

use crate::ir::Mode;
use crate::transform::{Passes, differentiate};
use crate::types::tree::Function;
use crate::types::ty::{Sequence, Ty};
use crate::{emit, lower};
use proc_macro2::TokenStream;
use std::path::{Path, PathBuf};

/// The section in question.
const SECTION: &str = "### One function through every stage\n";

/// What the stages make of a function, as texts: its variables, the program, the program with its reverse sweep, the code.
fn stages(text: &str) -> [String; 4] {
    let tokens: TokenStream = text.parse().expect("tokens");
    crate::checked(&tokens, |annotated, source, function| {
        let program = lower::lower(function).map_err(|unsupported| unsupported.reason).expect("compiled");
        let printed = program.to_string();
        let reversed = |mode| {
            let reversed = differentiate(program.clone(), mode, mode == Mode::Split, Passes::ALL);
            reversed.map_err(|unsupported| unsupported.reason).expect("compiled")
        };
        let (joint, split) = (reversed(Mode::Joint), reversed(Mode::Split));
        let sweeps = joint.to_string();
        let compiled =
            Ok(emit::Compiled { joint, split: Ok(split), tangent: None, second: None, second_split: None });
        let code = emit::adjoint_source(annotated, source, function, &compiled);
        [variables(function), printed, sweeps, code]
    })
}

/// The variables of the typed tree; `f64°` is passive.
fn variables(function: &Function<'_>) -> String {
    let line = |variable: &crate::types::tree::Variable| {
        format!("{}: {}\n", variable.name, typed(function, &variable.ty))
    };
    function.variables.iter().map(line).collect()
}

fn typed(function: &Function<'_>, ty: &Ty) -> String {
    let inner = |ty: &Ty| typed(function, ty);
    let ty = function.types.shallow(ty);
    if let Ty::Ref { inner: ty, .. } = &ty {
        format!("&{}", inner(ty))
    } else if let Ty::Sequence(Sequence::Slice, element) = &ty {
        format!("[{}]", inner(element))
    } else if ty.is_float() {
        if function.types.is_active(&ty) { "f64" } else { "f64°" }.to_owned()
    } else {
        format!("{ty:?}")
    }
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ARCHITECTURE.md")
}

/// Where the blocks of code of the section lie in the map.
fn blocks(map: &str) -> Vec<std::ops::Range<usize>> {
    let begin = map.find(SECTION).expect("the section") + SECTION.len();
    let end = map[begin..].find("\n#").map_or(map.len(), |at| begin + at);
    let fences: Vec<usize> = map[begin..end].match_indices("```").map(|(at, _)| begin + at).collect();
    let inside = |pair: &[usize]| {
        let first_line = map[pair[0]..].find('\n').expect("a line") + 1;
        pair[0] + first_line..pair[1]
    };
    fences.chunks_exact(2).map(inside).collect()
}

/// `GRADUS_TEXTS=overwrite` writes the blocks anew.
#[test]
fn the_example_in_the_map_is_true() {
    let mut map = std::fs::read_to_string(path()).expect("the map");
    let found = blocks(&map);
    let [function, shown @ ..] = found.as_slice() else { panic!("a function first") };
    let made = stages(&map[function.clone()]);
    assert_eq!(shown.len(), made.len(), "a block for every stage");
    if std::env::var("GRADUS_TEXTS").is_ok_and(|wish| wish == "overwrite") {
        let shown = shown.to_vec();
        for (range, text) in shown.iter().zip(&made).rev() {
            map.replace_range(range.clone(), text);
        }
        std::fs::write(path(), &map).expect("a writable map");
        return;
    }
    for (range, text) in shown.iter().zip(&made) {
        assert_eq!(&map[range.clone()], text, "GRADUS_TEXTS=overwrite writes it anew");
    }
}

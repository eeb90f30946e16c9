//! The macro never panics, on any token stream: the functions of the corpus with tokens deleted, doubled and swapped,
//! and with parts of them nested deeply or repeated.

#[path = "../src/corpus.rs"]
mod corpus;

use corpus::corpus;
use gradus_compiler::expand;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Mutations tried on each function.
const ROUNDS: u64 = 12;

/// The splitmix64 generator: the same numbers on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % u64::try_from(limit.max(1)).expect("small")).expect("below the limit")
    }
}

/// The expansion; `None` if the compiler panics, which becomes a compile error with a text of its own.
fn expanded(options: TokenStream, item: &TokenStream) -> Option<String> {
    // Printing recurses over groups, as much as the deepest function has.
    let expanded = stacker::grow(64 << 20, || expand(options, item).to_string());
    (!expanded.contains("failed on this function")).then_some(expanded)
}

/// The tokens with one of them deleted, doubled, swapped with its neighbour, or put in the place of another; most
/// often inside a group.
fn mutated(tokens: TokenStream, random: &mut Random) -> TokenStream {
    let mut trees: Vec<TokenTree> = tokens.into_iter().collect();
    if trees.is_empty() {
        return TokenStream::new();
    }
    let groups: Vec<usize> =
        (0..trees.len()).filter(|at| matches!(trees[*at], TokenTree::Group(_))).collect();
    if !groups.is_empty() && random.below(6) > 0 {
        // The last group of a function is its body.
        let at =
            if random.below(2) == 0 { groups[groups.len() - 1] } else { groups[random.below(groups.len())] };
        if let TokenTree::Group(group) = &trees[at] {
            let mut changed = Group::new(group.delimiter(), mutated(group.stream(), random));
            changed.set_span(group.span());
            trees[at] = TokenTree::Group(changed);
        }
        return trees.into_iter().collect();
    }
    let (at, other) = (random.below(trees.len()), random.below(trees.len()));
    match random.below(4) {
        0 => drop(trees.remove(at)),
        1 => trees.insert(at, trees[at].clone()),
        2 => trees.swap(at, other),
        _ => trees[at] = trees[other].clone(),
    }
    trees.into_iter().collect()
}

/// The tokens, with one of them (most often inside a group) wrapped in many nested groups or repeated many times.
fn enlarged(tokens: TokenStream, times: usize, is_deep: bool, random: &mut Random) -> TokenStream {
    let mut trees: Vec<TokenTree> = tokens.into_iter().collect();
    if trees.is_empty() {
        return TokenStream::new();
    }
    // The last group of a function is its body.
    let last = trees.iter().rposition(|tree| matches!(tree, TokenTree::Group(_)));
    let at = last.filter(|_| random.below(4) > 0).unwrap_or_else(|| random.below(trees.len()));
    match &trees[at] {
        TokenTree::Group(group) if random.below(4) > 0 => {
            let inner = enlarged(group.stream(), times, is_deep, random);
            let mut changed = Group::new(group.delimiter(), inner);
            changed.set_span(group.span());
            trees[at] = TokenTree::Group(changed);
        }
        _ if is_deep => {
            let delimiters = [Delimiter::Parenthesis, Delimiter::Brace, Delimiter::Bracket, Delimiter::None];
            let delimiter = delimiters[random.below(4)];
            for _ in 0..times {
                trees[at] = Group::new(delimiter, trees[at].clone().into()).into();
            }
        }
        tree => {
            let row = vec![tree.clone(); times];
            trees.splice(at..=at, row);
        }
    }
    trees.into_iter().collect()
}

#[test]
fn nothing_deep_or_long_makes_the_macro_panic() {
    let mut random = Random(1);
    let mut refused = 0;
    for function in corpus().into_iter().step_by(12) {
        for (times, is_deep) in [(20, true), (200, true), (3000, true), (20, false), (400, false)] {
            let tokens = enlarged(function.clone(), times, is_deep, &mut random);
            let expanded = expanded(TokenStream::new(), &tokens);
            let expanded =
                expanded.unwrap_or_else(|| panic!("{times} times, {is_deep}: panics on {function}"));
            refused += usize::from(expanded.contains("too_deep"));
        }
    }
    assert!(refused > 10, "the deepest are refused, {refused} of them");
}

#[test]
fn the_corpus_is_accepted() {
    let functions = corpus();
    assert!(functions.len() > 100, "{} functions", functions.len());
    for function in functions {
        let expanded = expand(TokenStream::new(), &function).to_string();
        assert!(!expanded.contains("compile_error"), "{function}\n\n{expanded}");
    }
}

#[test]
fn no_mutation_of_the_corpus_makes_the_macro_panic() {
    let mut random = Random(0);
    let mut refused = 0;
    for function in corpus() {
        for _ in 0..ROUNDS {
            let mut tokens = function.clone();
            for _ in 0..=random.below(3) {
                tokens = mutated(tokens, &mut random);
            }
            let text = tokens.to_string();
            let expanded = expanded(TokenStream::new(), &tokens);
            let expanded = expanded.unwrap_or_else(|| panic!("panics on:\n{text}"));
            refused += usize::from(expanded.contains("compile_error"));
        }
    }
    assert!(refused > 100, "mutations are refused, {refused} of them");
}

#[test]
fn no_options_and_no_items_make_the_macro_panic() {
    let texts = [
        "",
        ";",
        "fn",
        "fn f",
        "fn f()",
        "fn f() {}",
        "{}",
        "struct S;",
        "= =",
        "crate",
        "crate = 1",
        "compiled,,",
    ];
    for options in texts {
        for item in texts {
            let parse = |text: &str| text.parse::<TokenStream>().expect("tokens");
            let expanded = expanded(parse(options), &parse(item));
            let expanded = expanded.unwrap_or_else(|| panic!("panics: {options} on {item}"));
            assert!(expanded.contains("compile_error"), "accepted: {options} on {item}");
        }
    }
}

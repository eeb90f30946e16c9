//! What is done with a value, as far as it tells what the value is.

/// What is done with a value, as far as it tells what the value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Consumer {
    /// It is an `Option` or a `Result`.
    Option,
    /// It is an iterator.
    Iterator,
    /// It is an `Option` or an iterator.
    Items,
    /// It is an `Option`, an iterator or an array.
    Container,
    Any,
}

impl Consumer {
    /// A method of this name is called on it.
    pub(super) fn method(name: &str) -> Consumer {
        match name {
            name if is_of_options(name) => Consumer::Option,
            "sum" | "product" | "fold" | "rfold" | "try_fold" | "reduce" | "collect" | "scan"
            | "enumerate" | "rev" | "skip" | "step_by" | "chain" | "take_while" | "skip_while"
            | "map_while" | "filter_map" | "flat_map" | "for_each" | "find" | "find_map" | "position"
            | "any" | "all" | "count" | "last" | "next" | "nth" | "min_by" | "max_by" | "min_by_key"
            | "max_by_key" | "peekable" | "by_ref" | "partition" | "unzip" => Consumer::Iterator,
            "copied" | "cloned" | "filter" | "flatten" | "zip" | "inspect" => Consumer::Items,
            "map" | "as_ref" => Consumer::Container,
            _ => Consumer::Any,
        }
    }

    /// The same where what the method gives is known: a method of several kinds gives what it is called on.
    pub(super) fn given(self, result: Consumer) -> Consumer {
        match (self, result) {
            (Consumer::Items | Consumer::Container, Consumer::Option | Consumer::Iterator) => result,
            (Consumer::Container, Consumer::Items) => Consumer::Items,
            _ => self,
        }
    }

    /// It is taken apart by the pattern.
    pub(super) fn pattern(pattern: &syn::Pat) -> Consumer {
        if is_pattern_of_options(pattern) { Consumer::Option } else { Consumer::Any }
    }
}

/// Whether only an `Option` or a `Result` has the method, of what `map` gives.
pub(super) fn is_of_options(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "unwrap",
        "expect",
        "unwrap_or",
        "unwrap_or_else",
        "unwrap_or_default",
        "map_or",
        "map_or_else",
        "is_some",
        "is_none",
        "or",
        "or_else",
        "and_then",
        "ok_or",
        "is_some_and",
        "is_none_or",
        "ok_or_else",
        "map_err",
        "inspect_err",
        "ok",
        "err",
        "is_ok",
        "is_err",
        "is_ok_and",
        "is_err_and",
    ];
    NAMES.contains(&name)
}

/// Whether a pattern is one of an `Option` or a `Result`.
pub(super) fn is_pattern_of_options(pattern: &syn::Pat) -> bool {
    match pattern {
        syn::Pat::TupleStruct(variant) => {
            ["Some", "Ok", "Err"].iter().any(|name| variant.path.is_ident(name))
        }
        syn::Pat::Ident(name) => name.ident == "None",
        syn::Pat::Path(path) => path.path.is_ident("None"),
        syn::Pat::Or(or) => or.cases.iter().any(is_pattern_of_options),
        syn::Pat::Paren(paren) => is_pattern_of_options(&paren.pat),
        syn::Pat::Guard(guarded) => is_pattern_of_options(&guarded.pat),
        _ => false,
    }
}

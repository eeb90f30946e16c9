//! The catalogue of refusals: everything `#[differentiable]` answers with a compile error of its own.
//!
//! A refusal is one row here: its name is the function that makes it, the tag at the end of its message, and the
//! file name of its test in `tests/ui`. The message states the fact in lower case; `help` is the way out.
//! A stage collects its refusals in a [`Refusals`] and the pipeline stops between stages.

use proc_macro2::{Span, TokenStream};

/// One mistake, at one place of the user's source.
#[derive(Debug)]
pub struct Refusal {
    name: &'static str,
    span: Span,
    fact: String,
    help: String,
}

impl Refusal {
    fn message(&self) -> String {
        format!("{}\n\nhelp: {}\n\n[{}]", self.fact, self.help, self.name)
    }
}

/// Collects the refusals of a stage. Dropping one that was not looked at is a bug of ours.
#[derive(Debug, Default)]
pub struct Refusals {
    collected: Vec<Refusal>,
    /// Mistakes that the parser of Rust itself reports, in its own words.
    syntax: Vec<syn::Error>,
    finished: bool,
}

impl Refusals {
    /// Notes a mistake and goes on.
    pub fn refuse(&mut self, refusal: Refusal) {
        self.collected.push(refusal);
    }

    /// Notes a syntax error in the words of the Rust parser.
    pub fn syntax(&mut self, error: syn::Error) {
        self.syntax.push(error);
    }

    /// The gate between two stages: nothing collected, or all of it as `compile_error!`s.
    pub fn gate(&mut self) -> Result<(), TokenStream> {
        self.finished = true;
        let ours = self.collected.drain(..).map(|refusal| syn::Error::new(refusal.span, refusal.message()));
        let errors = self.syntax.drain(..).chain(ours).reduce(|mut all, error| {
            all.combine(error);
            all
        });
        errors.map_or(Ok(()), |errors| Err(errors.into_compile_error()))
    }
}

impl Drop for Refusals {
    fn drop(&mut self) {
        debug_assert!(
            self.finished || std::thread::panicking(),
            "refusals were collected and never looked at"
        );
    }
}

macro_rules! catalogue {
    ($( $(#[$doc:meta])* $name:ident ( $($argument:ident),* ): $fact:literal, help: $help:literal; )*) => {
        $(
            $(#[$doc])*
            pub fn $name(span: Span $(, $argument: &str)*) -> Refusal {
                Refusal { name: stringify!($name), span, fact: format!($fact), help: format!($help) }
            }
        )*

        /// The names of all refusals.
        #[cfg(test)]
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

catalogue! {
    // --- the item and its options
    /// The attribute stands on something that is not a free function.
    not_a_function(what): "`#[differentiable]` goes on a function, not on {what}",
        help: "put it on a free `fn` that takes and returns `f64`s, slices, arrays, `Vec`s or tuples of them";
    unknown_option(option): "`#[differentiable]` has no option `{option}`",
        help: "the options are `compiled` and `crate = path`";
    async_function(): "an `async` function cannot be differentiated",
        help: "compute in a plain function with `#[differentiable]` and await around it";
    unsafe_function(): "an `unsafe` function cannot be differentiated",
        help: "write the arithmetic in a safe function";
    foreign_function(): "an `extern` function cannot be differentiated",
        help: "write the arithmetic in a plain function and call that from here";
    generic_type(name): "`{name}` is a type parameter; gradients are of functions over `f64`",
        help: "write `f64` for `{name}`; const generics such as `const N: usize` are fine";
    where_clause(): "a `where` clause is not supported",
        help: "gradients are of functions over `f64`; remove the clause";
    impl_trait_argument(): "an argument of type `impl Trait` or `dyn Trait` has no gradient",
        help: "take an `f64`, slice, array, `Vec` or tuple, or call another `#[differentiable]` function directly";
    method_receiver(): "methods are not supported yet",
        help: "write a free function and pass the fields it needs as arguments";
    mutable_argument(): "`&mut` arguments are not supported yet",
        help: "take `&` and return the new values, for example as a `Vec<f64>`";
    argument_pattern(): "an argument of a differentiable function needs a name",
        help: "name it, and take it apart with `let` in the body";
    no_active_argument(): "this function has no argument to take a gradient of",
        help: "an argument of type `f64`, or a slice, array, `Vec` or tuple of them, without `#[constant]`, carries one";
    return_without_float(): "a differentiable function returns an `f64`, or a tuple, array or `Vec` of them",
        help: "return the number whose gradient is wanted";
    f32_value(): "`f32` has no derivatives here",
        help: "use `f64`";

    // --- the body
    cast_to_integer(to): "casting an active value to `{to}` loses its derivative",
        help: "if that is meant, say so: `stop_gradient(…) as {to}`";
    cast_to_f32(): "casting an active value to `f32` loses its derivative",
        help: "stay in `f64`, or say that the derivative is not wanted: `stop_gradient(…) as f32`";
    method_without_rule(method): "`{method}` has no derivative rule here, and it is called with an active value",
        help: "use an operation that has one, or cut the derivative where it is not wanted: `stop_gradient(…)`";
    field_of_active(): "a field of an active value that is not a tuple is not supported yet",
        help: "pass the fields as arguments of their own";
    active_struct(): "an active value goes into a `struct` or `enum`, which is not supported yet",
        help: "use a tuple or an array";
    callee_is_not_a_path(): "only a function named by a path can be called with an active value",
        help: "call the function by its name, or bind a closure with `let` and call that";
    unsafe_block(): "an `unsafe` block cannot be differentiated",
        help: "move it into a plain function of passive values, and call that";
    async_block(): "`async` code cannot be differentiated",
        help: "compute first, await afterwards";
    question_mark(): "`?` is not supported yet",
        help: "use `unwrap`, `expect` or `match` inside a differentiable function";
    static_in_body(): "a `static` inside a differentiable function is not supported",
        help: "move it out of the function";
    macro_in_body(name): "a `macro_rules!` inside a differentiable function is not supported",
        help: "move `{name}!` out of the function, or write a closure";
    unknown_macro(name): "`{name}!` is used around active values, and what it does with them is not known",
        help: "write the arithmetic out; printing, asserting and panicking macros of the standard library are fine";
    format_active(name): "`{name}!` turns an active value into text, which loses its derivative",
        help: "print with `println!`, or format a plain number: `stop_gradient(x)`";
    unsupported_expression(what): "{what} with an active value is not supported",
        help: "write it with the constructs of ordinary numerical code: `let`, `if`, `match`, `for`, `while`, iterators, closures";
    unsupported_pattern(what): "{what} in a pattern is not supported around active values",
        help: "take the value apart with tuples and names";
    unsupported_type(what): "{what} cannot hold active values",
        help: "use `f64`, tuples, arrays, slices or `Vec`s";
}

#[cfg(test)]
mod tests {
    use super::NAMES;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// Refusals that the engine's traits give, because only types can tell; their tests stand beside the others.
    const BY_TYPES: &[&str] = &[
        "call_of_plain_function",
        "constant_argument",
        "not_differentiable_type",
        "gradient_of_several_values",
    ];

    #[test]
    fn catalogue_and_ui_tests_match_one_to_one() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/ui");
        let files: BTreeSet<String> = std::fs::read_dir(&folder)
            .expect("tests/ui is there")
            .filter_map(|entry| {
                let path = entry.expect("a readable entry").path();
                (path.extension()? == "rs").then(|| path.file_stem()?.to_str().map(str::to_owned))?
            })
            .filter(|name| !name.starts_with("user_"))
            .collect();
        let names: BTreeSet<String> = NAMES.iter().chain(BY_TYPES).map(|name| (*name).to_owned()).collect();
        assert_eq!(names, files, "left: the catalogue; right: the tests");
    }
}

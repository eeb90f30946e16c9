//! The catalogue of refusals: everything `#[differentiable]` answers with a compile error of its own.
//!
//! A refusal is one row here: its name is the function that makes it, the tag at the end of its message, the file name of
//! its test in `tests/ui/fail`, and the heading of its section in `gradus::refusals`, where users read why and what to do. The message states the
//! fact in lower case; `help` says what to write instead; the last line is the address of the section.
//! A stage collects its refusals in a [`Refusals`] and the pipeline stops between stages.

use proc_macro2::{Punct, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// One mistake, at one place of the user's source.
#[derive(Debug)]
pub struct Refusal {
    name: &'static str,
    /// The first and the last token at fault.
    place: (Span, Span),
    fact: String,
    help: String,
}

impl Refusal {
    /// The same at all the tokens of `syntax`: the span of a piece of syntax is only that of its first token.
    pub fn over(mut self, syntax: &impl ToTokens) -> Refusal {
        let mut tokens = syntax.to_token_stream().into_iter().map(|token| token.span());
        if let Some(first) = tokens.next() {
            self.place = (first, tokens.last().unwrap_or(first));
        }
        self
    }

    /// The whole message.
    pub fn message(&self) -> String {
        let Refusal { name, fact, help, .. } = self;
        format!("{fact}\n\nhelp: {help}\n\n[{name}]\n{}", address(name))
    }

    fn into_error(self) -> syn::Error {
        let (message, (first, last)) = (self.message(), self.place);
        let ends = [TokenTree::from(Punct::new('.', Spacing::Alone)), Punct::new('.', Spacing::Alone).into()];
        let ends = ends.into_iter().zip([first, last]).map(|(mut end, span)| {
            end.set_span(span);
            end
        });
        syn::Error::new_spanned(ends.collect::<TokenStream>(), message)
    }
}

/// The pages of `gradus::refusals`, each with the refusals that it has a section for.
const PAGES: &[(&str, &[&str])] = &[
    (
        "attribute",
        &[
            "second_partials_alone",
            "second_of_operation",
            "second_partials_signature",
            "not_a_function",
            "unknown_option",
            "malformed_option",
            "annotated_twice",
            "malformed_marker",
            "not_compiled",
            "callee_not_compiled",
            "operation_parameter",
            "operation_output",
            "second_of_operation",
            "second_partials_alone",
            "partials_signature",
            "too_deep",
            "async_function",
            "unsafe_function",
            "foreign_function",
            "generic_type",
            "where_clause",
            "function_in_block",
        ],
    ),
    (
        "structs",
        &[
            "derive_on_enum",
            "derive_on_borrow",
            "option_field",
            "not_differentiable_field",
            "constant_field_not_clone",
            "method_not_differentiable",
            "operator_not_differentiable",
            "typed_receiver",
            "impl_of_trait",
            "impl_of_other_type",
        ],
    ),
    (
        "arguments",
        &[
            "argument_pattern",
            "mutable_argument",
            "unchanged_scratch",
            "mutable_part",
            "impl_trait_argument",
            "function_argument",
            "generic_function",
            "option_argument",
            "long_tuple",
            "type_from_macro",
            "raw_pointer",
            "interior_mutability",
            "f32_value",
            "unsupported_type",
            "container_of_active",
            "not_differentiable_type",
            "no_active_argument",
        ],
    ),
    (
        "results",
        &[
            "return_without_float",
            "reference_result",
            "borrowed_error",
            "impl_trait_result",
            "failure_in_result",
            "failure_alias",
            "failure_and_change",
            "gradient_of_several_values",
        ],
    ),
    (
        "values",
        &[
            "cast_to_integer",
            "cast_to_f32",
            "format_active",
            "bits_of_active",
            "operator_by_name",
            "conversion_of_active",
            "pointer_to_active",
            "method_without_rule",
            "method_of_trait",
            "method_of_own_type",
            "active_enum",
            "active_into_data",
            "result_of_active",
            "range_of_active",
        ],
    ),
    (
        "calls",
        &[
            "callee_without_second",
            "call_of_plain_function",
            "second_derivative",
            "constant_argument",
            "associated_function",
            "function_pointer",
            "callee_is_not_a_path",
            "closure_over_active",
            "closure_behind_pointer",
            "other_thread",
        ],
    ),
    (
        "constructs",
        &[
            "unknown_macro",
            "macro_in_body",
            "change_in_macro",
            "closure_in_macro",
            "destructuring_assignment",
            "unsafe_block",
            "async_code",
            "static_in_body",
            "unsupported_expression",
            "number_in_pattern",
            "unsupported_pattern",
        ],
    ),
];

/// Where the section of a refusal is.
fn address(name: &str) -> String {
    let page = PAGES.iter().find(|(_, names)| names.contains(&name)).map(|(page, _)| format!("{page}/"));
    format!("https://docs.rs/gradus/latest/gradus/refusals/{}#{name}", page.unwrap_or_default())
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

    /// Drops what was noted: the same is noted again.
    pub fn forget(&mut self) {
        self.collected.clear();
        self.syntax.clear();
        self.finished = true;
    }

    /// How many mistakes were noted.
    pub fn count(&self) -> usize {
        self.collected.len() + self.syntax.len()
    }

    /// Notes a syntax error in the words of the Rust parser.
    pub fn syntax(&mut self, error: syn::Error) {
        self.syntax.push(error);
    }

    /// The gate between two stages: nothing collected, or all of it as `compile_error!`s.
    pub fn gate(&mut self) -> Result<(), TokenStream> {
        self.finished = true;
        let ours = self.collected.drain(..).map(Refusal::into_error);
        let errors = self.syntax.drain(..).chain(ours).reduce(|mut all, error| {
            all.combine(error);
            all
        });
        errors.map_or(Ok(()), |errors| Err(errors.into_compile_error()))
    }
}

#[cfg(any(test, feature = "interpreter"))]
/// Something that is wrong with a file or with a run, at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The fact.
    pub message: String,
    /// The way out, if one is known.
    pub help: Option<String>,
    /// The name of the refusal, which is also its heading in the documentation.
    pub refusal: Option<&'static str>,
    /// Its bytes in the file.
    pub at: std::ops::Range<usize>,
}

#[cfg(any(test, feature = "interpreter"))]
impl Refusals {
    /// What was collected, at its places in a file that rustc has not read.
    pub fn complaints(mut self) -> Vec<Complaint> {
        self.finished = true;
        let ours = std::mem::take(&mut self.collected).into_iter().map(|refusal| {
            let (first, last) = (refusal.place.0.byte_range(), refusal.place.1.byte_range());
            Complaint {
                message: refusal.fact,
                help: Some(refusal.help),
                refusal: Some(refusal.name),
                at: first.start..last.end.max(first.end),
            }
        });
        let syntax = std::mem::take(&mut self.syntax).into_iter().flatten().map(|error| Complaint {
            message: error.to_string(),
            help: None,
            refusal: None,
            at: error.span().byte_range(),
        });
        syntax.chain(ours).collect()
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
                Refusal { name: stringify!($name), place: (span, span), fact: format!($fact), help: format!($help) }
            }
        )*

        /// Name, fact and help of each refusal, with the holes for what is filled in.
        pub const ROWS: &[(&str, &str, &str)] = &[$((stringify!($name), $fact, $help)),*];
    };
}

catalogue! {
    // --- the derive
    derive_on_enum(what): "`#[derive(Differentiable)]` goes on a struct, not on {what}",
        help: "keep its numbers in a struct; a field that is {what} is data: mark it `#[constant]`";
    derive_on_borrow(): "a struct that borrows has no gradient that could own its numbers",
        help: "own the numbers, in an array or `Vec`; pass data that is only read as an argument of its own, marked `#[constant]`";
    option_field(): "a field that is an `Option` has no gradient",
        help: "keep a number and a `bool`; or mark the field `#[constant]`, if it is data";

    // --- the blocks of methods and operators
    impl_of_trait(): "`#[differentiable]` goes on an `impl` block of a type's own methods, not on that of a trait",
        help: "put the attribute on a block without a trait, and let the trait's methods call those";
    impl_of_other_type(): "`#[differentiable]` goes on the `impl` block of a struct",
        help: "put `#[derive(Differentiable)]` on a struct of yours, and write `impl` with its name";
    typed_receiver(): "a receiver with a type of its own is not supported",
        help: "take `self`, `&self` or `&mut self`; or mark the method `#[passive]`, if its derivative is not wanted";

    // --- the item and its options
    /// The attribute stands on something that is not a function.
    not_a_function(what): "`#[differentiable]` goes on a function, not on {what}",
        help: "put it on a free `fn` or on the `impl` block of a struct; the struct itself takes `#[derive(Differentiable)]`";
    unknown_option(option): "`#[differentiable]` has no option `{option}`",
        help: "the options are `compiled`, `second`, `partials = function`, `second_partials = function`, `item = name` and `crate = path`";
    not_compiled(construct, rewrite): "the gradient of this function runs on a graph: {construct} is not compiled",
        help: "{rewrite}; or remove `compiled` from the attribute";
    callee_not_compiled(function, construct, line, rewrite): "this call needs the gradient of `{function}`, which runs on a graph: {construct} (line {line}) is not compiled",
        help: "{rewrite}; or remove `compiled` from the attribute of the caller";
    malformed_option(): "this is not how an option of `#[differentiable]` is written",
        help: "the options are `compiled`, `second`, `partials = function`, `second_partials = function`, `item = name` and `crate = path`, with commas between them";
    second_of_operation(): "an operation with `partials` of its own has no second derivatives unless it gives them",
        help: "add `second_partials = function`: it takes the arguments and then a tangent for each, and returns how fast the partials change";
    second_partials_alone(): "`second_partials` gives the second derivatives of an operation with `partials`, and this function has none",
        help: "add `partials = function`; or write `second` alone, and the compiler derives both";
    operation_parameter(): "an operation with `partials` of its own keeps its arguments, and this one borrows inside",
        help: "take `f64`s, arrays, slices, `Vec`s or tuples of them, with at most one `&` before the whole";
    operation_output(): "an operation with `partials` of its own returns one `f64`",
        help: "make an operation of each number that it returns, and call them from a `#[differentiable]` function without `partials`";
    too_deep(groups, operators): "the function nests too deeply here: at most {groups} blocks, parentheses and calls in each other, \
                                  or {operators} operators and methods in one expression",
        help: "give inner parts names with `let`, or move them into `#[differentiable]` functions of their own";
    async_function(): "an `async` function cannot be differentiated",
        help: "compute in a plain function with `#[differentiable]`, and await around it";
    unsafe_function(): "an `unsafe` function cannot be differentiated",
        help: "write the arithmetic in a safe function";
    foreign_function(): "an `extern` function cannot be differentiated",
        help: "write the arithmetic in a plain function, and call that from here";
    generic_type(name): "`{name}` is a type parameter, and gradients are of functions and structs over `f64`",
        help: "write `f64` for `{name}`; const generics such as `const N: usize` are fine";
    where_clause(): "a `where` clause on a differentiable function or struct is not supported",
        help: "functions and structs over `f64` need no bounds: remove the clause";
    function_in_block(): "`#[differentiable]` stands on a function inside a block, which has no room for its companions",
        help: "put the attribute before `impl`, and mark methods whose derivative is not wanted `#[passive]`; where the block is a `trait` or \
               that of a trait, let its function call an annotated one";
    argument_pattern(): "what a macro makes of an argument is not known here",
        help: "write the name or the pattern out";
    mutable_argument(): "this `&mut` argument of a method is not supported yet",
        help: "return what the method changes beside `self`; or write a function, which may change any of its arguments";
    impl_trait_argument(): "an argument of type `impl Trait` or `dyn Trait` has no gradient",
        help: "take an `f64`, slice, array, `Vec` or tuple; a function to call is called by its name";
    annotated_twice(): "`#[differentiable]` stands on this function twice",
        help: "remove one of them, and put all options into the other";
    malformed_marker(name): "`#[{name}]` takes nothing in parentheses and no value",
        help: "write `#[{name}]` alone, before the parameter";
    unchanged_scratch(): "`#[scratch]` stands before a parameter that is not `&mut`",
        help: "mark only memory that the function writes before it reads: `#[scratch] work: &mut [f64]`";
    mutable_part(): "a `&mut` inside an argument is not supported yet",
        help: "take the numbers themselves, and return the new ones, for example as a `Vec<f64>`";
    function_argument(): "an argument that is a function has no gradient",
        help: "take it as `impl Fn(f64) -> f64`; mark a function pointer `#[constant]` to call it with passive values";
    generic_function(): "an argument of type `impl Fn` is not supported, also where it is `#[constant]`",
        help: "remove `#[constant]`; or take a reference to a function, `&dyn Fn(usize) -> f64` say, or a function pointer";
    option_argument(): "an `Option` argument is not supported yet",
        help: "take the number and a `bool`, or a slice of no or one number";
    long_tuple(): "a tuple of more than six parts is not supported",
        help: "use an array, or put tuples into a tuple";
    type_from_macro(): "what type a macro makes is not known here",
        help: "write the type out, or give it a name with `type`";
    raw_pointer(): "a raw pointer has no gradient",
        help: "take a reference or a slice";
    interior_mutability(name): "what changes behind a `{name}` cannot be followed",
        help: "take the number or slice itself, and return what is new";
    f32_value(): "`f32` carries no gradient: gradients are of functions over `f64`",
        help: "use `f64`; an `f32` argument that is plain data can be marked `#[constant]`";
    no_active_argument(): "this function has no argument to take a gradient of",
        help: "an argument of type `f64`, or a slice, array, `Vec` or tuple of them, without `#[constant]`, carries one";
    return_without_float(): "this function returns nothing that has a gradient",
        help: "return an `f64`, or a tuple, array or `Vec` of them";
    reference_result(): "a result behind a reference is not supported",
        help: "return the number itself, or an owned copy of the slice: `to_vec()`";
    borrowed_error(): "a method whose error borrows from an argument is not supported",
        help: "let the error own what it holds: `String` instead of `&str`; or write a function instead of a method";
    impl_trait_result(): "a result of type `impl Trait` or `dyn Trait` is not supported",
        help: "return numbers: collect an iterator into a `Vec<f64>`; instead of a closure return what it computes";
    failure_in_result(name): "a result with `{name}` inside is not supported",
        help: "return `Option` or `Result` as the whole; a number that is missing may be `f64::NAN`";
    failure_alias(name): "`{name}` hides the type of what this function gives if it does not fail",
        help: "write `Option<…>` or `Result<…, …>`, or an alias that takes this type: `Priced<f64>`";
    failure_and_change(): "a function that changes what is behind `&mut` and may fail is not supported yet",
        help: "take what changes by value, and return it: `Option<Vec<f64>>`";
    unsupported_type(what): "{what} cannot hold active values",
        help: "use `f64`, tuples, arrays, slices or `Vec`s; an argument that is plain data can be marked `#[constant]`";

    // --- the body: values that would lose their derivative
    cast_to_integer(to): "casting an active value to `{to}` loses its derivative",
        help: "if that is meant, say so: `stop_gradient(…) as {to}`";
    cast_to_f32(): "casting an active value to `f32` loses its derivative",
        help: "stay in `f64`, or say that the derivative is not wanted: `stop_gradient(…) as f32`";
    format_active(what): "`{what}` turns an active value into text, which loses its derivative",
        help: "show it with `println!`, or say that the derivative is not wanted: `stop_gradient(…)`";
    method_without_rule(method): "`{method}` is called with an active value, and has no derivative rule",
        help: "use operations that have one, or say that the derivative is not wanted: `stop_gradient(…)`";
    method_of_own_type(method): "`{method}` is called with an active value and a closure or types, and it is a method of a type that \
                                 is not known here",
        help: "write what it does here, as a loop say; if the value is an array, give its type: `let v: [f64; 2] = …`";
    operator_by_name(name, operator): "`{name}` is an operator called by its name, which is not supported",
        help: "write the operator: `{operator}`";
    conversion_of_active(method): "`{method}` turns an active value into a type that cannot be seen here",
        help: "an active value is an `f64` already: leave the conversion out";
    bits_of_active(method): "`{method}` looks at an active value as bits or bytes, which loses its derivative",
        help: "if that is meant, say so: `stop_gradient(…).{method}()`";
    pointer_to_active(what): "{what} makes a raw pointer to active values, which cannot be followed",
        help: "use references and slices";
    active_into_data(): "an active value goes into a place that carries no gradient",
        help: "keep it in a variable, tuple, array or `Vec` of its own, or say that the derivative is not wanted: \
               `stop_gradient(…)`";
    result_of_active(): "`Err` as a function is given an active value, and errors carry no gradient",
        help: "write a closure: `|x| Err(x)` sees the plain number";
    container_of_active(name): "a `{name}` cannot hold active values",
        help: "use tuples, arrays, `Vec`s or a `VecDeque`; an argument that is plain data can be marked `#[constant]`";
    other_thread(): "what another thread does with active values cannot be followed",
        help: "compute it here; over many samples, call the companions from several threads instead";
    function_pointer(name): "`{name}` is a function that is not known here, and is called with an active value",
        help: "call a `#[differentiable]` function by its name, or choose with `match` between calls";
    change_in_macro(variable, name): "`{variable}` is changed inside `{name}!`, which sees a copy of its plain numbers",
        help: "change it before, and use the result in `{name}!`";
    closure_in_macro(closure, name): "`{closure}` computes with active values, and `{name}!` sees plain numbers only",
        help: "call it before: `let result = {closure}(…);`, and use `result` here";
    associated_function(name): "`{name}` is called with an active value, and what it computes is not known here",
        help: "write it as a method: `x.name(…)`; or say that the derivative is not wanted: `stop_gradient(…)`";
    callee_is_not_a_path(): "a function without a name of its own is called with an active value",
        help: "call a `#[differentiable]` function by its name, or bind a closure with `let` and call that";
    closure_behind_pointer(): "this type is of functions over plain numbers, and the closure computes with active values",
        help: "leave the type out: `let f = |x: f64| …;`";
    closure_over_active(): "this closure uses active values, and the function that it is given to is not differentiable",
        help: "pass closures to iterator adapters and to `#[differentiable]` functions, or write the loop of the called function here";
    unknown_macro(name): "what `{name}!` does with active values is not known",
        help: "write the arithmetic out; `vec!` and the printing, asserting and panicking macros of the standard library \
               are fine";
    active_enum(name): "an active value goes into `{name}`, and an `enum` holds plain numbers",
        help: "use a struct with `#[derive(Differentiable)]`, an `Option`, or a variable beside the `enum`";

    // --- the body: constructs
    range_of_active(): "a range with an active end is not supported",
        help: "compare with both ends: `start <= x && x < end`";
    destructuring_assignment(): "this assignment takes apart something other than a tuple or array, which is not supported",
        help: "name every part of the tuple or array, or assign to one variable after the other";
    unsafe_block(): "an `unsafe` block cannot be differentiated",
        help: "move it into a plain function of passive values, and call that";
    async_code(): "`async` code cannot be differentiated",
        help: "compute first, await afterwards";
    static_in_body(): "a `static` that can change inside a differentiable function is not supported",
        help: "move it out of the function; every companion would have one of its own";
    macro_in_body(name): "the macro `{name}!` uses active values, and what it makes of them is not known",
        help: "write a closure";
    unsupported_expression(what): "{what} inside a differentiable function is not supported",
        help: "write it with what numerical code is made of: `let`, `if`, `match`, `for`, `while`, iterators, closures";
    number_in_pattern(): "a number in a pattern is compared with a part of an active value, which is not supported",
        help: "give the part a name, and compare it in a guard: `[x, ..] if *x == 0.0`";
    unsupported_pattern(what): "{what} takes an active value apart, which is not supported",
        help: "take it apart with tuples, slices and names";
}

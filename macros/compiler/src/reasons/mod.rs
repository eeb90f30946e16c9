//! The catalogue of reasons: every construct that is not compiled, so that the gradient of its function runs on a graph.
//!
//! A reason is one row here. It names the construct in the user's words, as a noun ("the method `sort_by`"), and `help` is
//! a way to write the same that compiles. The function's `BACKEND` has both, and so has the refusal of
//! `#[differentiable(compiled)]`. `unsupported` in the lowering gives a reason its span.

#[cfg(test)]
mod examples;

use proc_macro2::{Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;

macro_rules! catalogue {
    ($( $(#[$doc:meta])* $name:ident $(($($argument:ident),*))?: $construct:literal, help: $help:literal; )*) => {
        /// Why a gradient is not compiled. A variant holds the user's own words.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub enum Reason {
            $($(#[$doc])* $name $(($(catalogue!(@string $argument)),*))?,)*
        }

        impl Reason {
            /// The construct, as a noun.
            pub fn construct(&self) -> String {
                match self {
                    $(Reason::$name $(($($argument),*))? => format!($construct),)*
                }
            }

            /// What to write instead.
            pub fn help(&self) -> String {
                match self {
                    $(Reason::$name $(($($argument),*))? => { $($(let _ = $argument;)*)? format!($help) })*
                }
            }

            /// The name of the row.
            #[cfg(test)]
            pub fn name(&self) -> &'static str {
                match self {
                    $(Reason::$name $(($(catalogue!(@any $argument)),*))? => stringify!($name),)*
                }
            }
        }

        /// Name, construct and help of each reason, with the holes for what is filled in.
        #[cfg(test)]
        pub const ROWS: &[(&str, &str, &str)] = &[$((stringify!($name), $construct, $help)),*];
    };
    (@string $argument:ident) => { String };
    (@any $argument:ident) => { _ };
}

catalogue! {
    // --- the function and its statements
    ArgumentType(name): "the argument `{name}`, whose type is not written as a number, array, slice, `Vec` or tuple",
        help: "write the type of `{name}` out, with slices or `Vec`s for other sequences";
    ResultType: "a result that is not made of numbers, arrays, `Vec`s and tuples",
        help: "return numbers, or arrays, `Vec`s or tuples of them";
    ResultAlias: "a result whose type is another name for a type, which nothing in the body tells",
        help: "write the type of the result out: `-> f64`, `-> [f64; 3]`";
    InnerItem: "an item inside the function",
        help: "move the item out of the function, or to the outermost block of its body if it is no `static`";
    MacroStatement: "a macro that stands as a statement",
        help: "write out what the macro stands for";
    Attribute: "an attribute inside the body",
        help: "put the attribute on the function, or write two functions and choose between them with `#[cfg]`";
    LaterPattern: "a `let` of several variables that are assigned later",
        help: "declare each variable by a `let` of its own";
    LaterData(name): "`let {name};`, which is assigned later and is not a number",
        help: "declare `{name}` where its value is known: `let {name} = …;`";
    ShadowedData(name): "`{name}`, data under a name that another variable has, in a macro",
        help: "give it a name of its own";
    Unassigned(name): "`{name}`, which may have no value here",
        help: "give `{name}` a value where it is declared";
    StructBase: "a struct that takes some fields from another, where one that is named is a struct of plain numbers",
        help: "name every field";
    Fallible: "the error of a call that fails, or an `Option` or a `Result` that is handed on",
        help: "write `?` behind the call, or match `Ok(value)` and `Err(_)`";
    Pattern(pattern): "the pattern `{pattern}`",
        help: "give the whole a name, and take its parts by field or index";

    // --- calls and closures
    PlainCall(callee): "the call of `{callee}`, a plain function, with an argument that is computed from active values",
        help: "compute what it gives in this function, or put `#[differentiable]` on `{callee}` and give it active arguments";
    CallArgument(callee): "an argument of `{callee}` that is not made of numbers, arrays, `Vec`s and tuples",
        help: "give the argument a name and a type first: `let argument: Vec<f64> = …;`";
    DataArgument(callee): "data for `{callee}` that is made of active values",
        help: "give `{callee}` the active values themselves, or numbers alone: `stop_gradient(x)`";
    CallResult(callee): "the result of `{callee}`, which is not made of numbers, arrays, `Vec`s and tuples",
        help: "return numbers, arrays, `Vec`s or tuples of them from `{callee}`";
    FunctionArgument(callee): "a function as an argument of `{callee}`",
        help: "write in the function itself what `{callee}` does with it";
    FunctionParameter(name): "`{name}`, a parameter that is a function",
        help: "call a `#[differentiable]` function by its name";
    CalledValue: "a function of plain numbers that stands where one is called, beside active values",
        help: "write a closure in its place: `|x| f(x)`, or `|a, b| a.max(b)` for `f64::max`";
    DeepClosures: "closures that call each other too deeply",
        help: "make `#[differentiable]` functions of the inner closures";
    LongClosures: "closures that call closures so often that what they stand for is much longer than the function",
        help: "make `#[differentiable]` functions of the inner closures";
    MoveClosure: "a `move` closure that changes a variable",
        help: "leave `move` out, or return the new value from the closure";
    StandardFunction(function): "`{function}`",
        help: "write it out with `let`, assignments and loops";
    Swap: "`swap` of two places of which one is a part of the other's sequence, or has no name",
        help: "change elements of one sequence by `xs.swap(i, j)`, and others through a third variable";
    Replace: "`replace` of something other than a variable or element that is an `f64` or a sequence",
        help: "write the two steps: `let old = place; place = new;`";
    Take: "`take` of something other than a variable or element that is an `f64` or a `Vec`",
        help: "write the two steps: `let old = place; place = new;`";

    // --- methods, sequences and iterators
    Method(method): "the method `{method}`",
        help: "write what `{method}` does as a loop over indices";
    MethodOf(method, receiver): "`{method}` of {receiver}",
        help: "give what `{method}` is called on a name and a type first: `let xs: Vec<f64> = …;`";
    RangeOf(method): "`{method}` with a range",
        help: "index with the range: `&xs[start..end]`";
    Adapter(method): "the iterator adapter `{method}`",
        help: "write the loop that `{method}` stands for, over indices";
    IteratedValue(value): "{value} as an iterator",
        help: "go over a range, or over a slice, array or `Vec` that has a name";
    UsedInParts: "an iterator in a variable, of which only a part is used at a time",
        help: "take the parts of the sequence itself: `xs[0]` and `&xs[1..]`, or `xs.split_at(n)`";
    Cycle: "`cycle` of an iterator that leaves items out",
        help: "collect the items into a `Vec` first, and write `cycle` on that";
    Zip: "`zip` of two iterators that both leave items out",
        help: "collect the items of one of them into a `Vec` first";
    Backward: "`rev` of an iterator whose items are found only from the front",
        help: "collect the items into a `Vec` first, and write `rev` on that";
    AfterStage: "an adapter after one that leaves items out, or after an iterator over data",
        help: "collect the items into a `Vec` first, and go on from that";
    OnceOnly: "an iterator that cannot run twice: the reverse sweep goes over it again",
        help: "collect the items into a `Vec` first, and go over that";
    Item(method): "`{method}` over items that are not numbers or tuples of them",
        help: "make numbers of the items first, by `map`";
    PairItem: "`unzip` of items that are not known to be pairs",
        help: "make pairs of the items first: `map(|item| (item.0, item.1))`";
    Unzip(method): "`{method}` into something other than two `Vec`s of numbers",
        help: "declare the type: `let (xs, ys): (Vec<f64>, Vec<f64>) = …;`";
    Collect: "`collect` into something other than a `Vec`",
        help: "collect into a `Vec`";
    Elements(elements): "a sequence with {elements} in it, beside active values",
        help: "make sequences of `f64`s and of arrays, `Vec`s and tuples of them; compute indices and other data in a plain \
               function of plain numbers";
    ElementType: "a sequence whose element type is not known here",
        help: "declare the type: `let mut xs: Vec<f64> = …;`";
    Queue: "a `VecDeque` that is printed, given away, or part of something else",
        help: "use a `Vec`: `xs.remove(0)` takes the first element, `xs.insert(0, x)` puts one before it";
    MadeSequence: "an array or `Vec` that is made of something other than numbers, a copy or an iterator",
        help: "make it by `[…]`, `vec![…]`, `to_vec()` or `collect()`";
    ArrayMap: "`map` of an array of data to active numbers, or of one whose type is not known here",
        help: "write the elements out: `[k[0] * x, k[1] * x]`";
    MapToData: "`map` of an array to numbers that do not depend on its elements",
        help: "make an array of those numbers: `[0.0; 3]`";
    ForeignChange(sequence): "a change of `{sequence}`, which belongs to the caller",
        help: "change a copy: `let mut copy = {sequence}.to_vec();`";
    IndexedValue(value): "an index into {value}",
        help: "give the sequence a name and a type first: `let xs: Vec<f64> = …;`";
    RangeVariable: "an index that is a range in a variable",
        help: "write the range in the brackets: `xs[start..end]`";
    StoppedSequence: "`stop_gradient` of something other than an `f64`",
        help: "stop the numbers one by one: `stop_gradient(xs[i])`";

    // --- `Option`s
    OptionItem: "an `Option` of something other than a number",
        help: "keep a `bool` and the value, in two variables";
    OptionType: "an `Option` whose type is not known here",
        help: "declare the type: `let found: Option<f64> = …;`";
    UnknownOption: "an `Option` that is not made here by `Some`, `None` or a method of a sequence or iterator",
        help: "test it with `is_some()` and take the number out with `unwrap()`, or keep a `bool` and a number in two variables";

    // --- variables, assignments and borrows
    AssignedPlace(place): "an assignment to `{place}`",
        help: "assign to a variable of its own, or to an element of a local array or `Vec`";
    AssignedValue(value): "an assignment of {value}",
        help: "assign numbers, arrays, `Vec`s or tuples of them";
    SeveralPlaces: "an assignment to several places at once",
        help: "compute the new values with `let`, and assign them one after the other";
    AssignmentInside: "an assignment inside an expression",
        help: "assign in a statement of its own";
    DataReference(place): "`{place}`, a number behind a reference to data, which is changed",
        help: "copy the number into a variable first, and change that";
    BorrowedPart: "a borrow of a part of a variable",
        help: "assign to the part by its index or field";
    MutableList: "a list of `&mut` borrows",
        help: "change the variables one after the other";
    Field(field): "the field `.{field}` of a value that is not known to be a tuple",
        help: "take the tuple apart by a `let` pattern: `let (a, b) = …;`";

    // --- branches and loops
    BranchShapes(one, other): "branches of which one gives {one} and another {other}",
        help: "give numbers, or sequences and tuples of one type, in every branch";
    BranchValue(value): "{value} of a type that is not known here, as the value of a branch",
        help: "declare the type: `let pair: (f64, f64) = if … {{ … }} else {{ … }};`";
    BranchChoice(value): "{value} that each branch chooses for itself",
        help: "go over it inside the branches, or make a `Vec` in each";
    BranchData: "data that another branch chooses differently",
        help: "choose an index or a number in the branches, and take the data by it afterwards";
    BranchVec(value): "{value} as the `Vec` that a branch gives",
        help: "begin with `let mut xs = Vec::new();`, and push the elements in the branches";
    BranchPart: "a part of a sequence that a branch makes or finds, as its value",
        help: "copy the part: `to_vec()`";
    LoopVariable(value): "{value}, which a loop changes and which is not made of numbers",
        help: "keep its numbers, and a `bool` for whether they are there, in variables of their own";
    LoopShape: "a variable that has another shape after a turn of a loop",
        help: "give it one type, such as a `Vec`, from the start";
    ClosureInLoop(name): "`{name}`, which a closure changes in a loop",
        help: "change `{name}` in the loop itself, or return its new value from the closure";
    LeavingInside: "`return`, `break` or `continue` inside an expression",
        help: "give the value that may leave a `let` of its own";
    LeftTarget: "a `break`, `continue` or `return` that leaves a closure or a block that is not known here",
        help: "use a variable of type `bool` and an `if`";
    LetCondition: "`let` among other conditions",
        help: "write `if let`, with the other conditions in an `if` inside";

    DeepBranches(limit): "branches, loops and early exits more than {limit} deep, arms and `else if`s counted one by one",
        help: "move inner ones into `#[differentiable]` functions of their own, or look the numbers up in an array";

    // --- expressions
    Number(value): "{value} where a number is expected",
        help: "take the number out first, by an index, a field or a pattern";
    Text(name): "`{name}!`, which gives a value",
        help: "show the numbers by `println!`, in a statement of its own";
    Expression(expression): "the expression `{expression}`",
        help: "give its parts names with `let`, and write it with operators, `if` and loops";
    TupleInData(name): "`{name}`, a tuple, array or closure, inside an expression on data",
        help: "take it apart first, by a `let` pattern, and use the parts";
    Predicate(method): "the predicate `{method}` with more than one argument",
        help: "compare with operators";
    Length(value): "the length of {value}",
        help: "take the length of a slice, array or `Vec` that has a name";

    // --- the reverse sweep
    UsedData(data): "{data} of a type that is not written in the function, which the gradient depends on",
        help: "find the data by index: `for i in 0..data.len() {{ let item = &data[i]; … }}`";
    DeepValues: "values of branches deep in each other, all of which the reverse sweep needs",
        help: "move inner branches, or what follows an early exit, into `#[differentiable]` functions of their own";
}

/// A construct that the compiled adjoint does not understand.
#[derive(Debug)]
pub struct Unsupported {
    pub reason: Reason,
    pub span: Span,
}

/// The name of the macro that an expression calls.
pub fn macro_name(written: &syn::Expr) -> String {
    match written {
        syn::Expr::Macro(call) => shown(&call.mac.path),
        other => shown(other),
    }
}

/// A piece of the user's source on one line, cut to a length for messages.
pub fn shown(syntax: &impl ToTokens) -> String {
    /// The longest piece that is shown whole.
    const LONGEST: usize = 48;
    let mut text = String::new();
    write(syntax.to_token_stream(), &mut text);
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

fn write(tokens: TokenStream, text: &mut String) {
    // Whether the token before wants a space between itself and a word or literal.
    let mut apart = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::Brace => (" { ", " }"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(group.stream(), text);
                text.push_str(close);
                apart = true;
            }
            TokenTree::Punct(punct) => {
                let sign = punct.as_char();
                let binary = matches!(sign, '+' | '*' | '/' | '%' | '=' | '<' | '>' | '|' | '-') && apart;
                if binary && !text.ends_with(['=', '<', '>', '&', '|', '-', '+', '*', '/', '%']) {
                    text.push(' ');
                }
                text.push(sign);
                if punct.spacing() == Spacing::Alone && (binary || sign == ',' || sign == ';') {
                    text.push(' ');
                }
                apart = false;
            }
            word @ (TokenTree::Ident(_) | TokenTree::Literal(_)) => {
                if apart {
                    text.push(' ');
                }
                text.push_str(&word.to_string());
                apart = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ROWS, shown};
    use quote::quote;
    use std::collections::BTreeSet;

    #[test]
    fn every_reason_names_a_construct_and_a_way_out() {
        for (name, construct, help) in ROWS {
            assert!(!construct.ends_with('.') && !help.ends_with('.'), "{name}: no full stop");
            assert!(help.starts_with(char::is_lowercase), "{name}: {help}");
            let vague = ["this ", "these ", "of this kind", "of this shape"];
            assert!(
                !vague.iter().any(|word| construct.contains(word)),
                "{name} does not name it: {construct}"
            );
        }
        let constructs: BTreeSet<_> = ROWS.iter().map(|(_, construct, _)| construct).collect();
        assert_eq!(constructs.len(), ROWS.len(), "two reasons say the same");
    }

    #[test]
    fn the_users_words_are_shown_on_one_line() {
        assert_eq!(shown(&quote!(Some((x, y)))), "Some((x, y))");
        assert_eq!(shown(&quote!(&[a, .., b])), "&[a, .., b]");
        assert_eq!(shown(&quote!(xs[i + 1].0)), "xs[i + 1].0");
        assert_eq!(shown(&quote!(*point)), "*point");
        let long = quote!(aaaaaaaaaaaaaaaaaaaa + bbbbbbbbbbbbbbbbbbbbbbbbb + cccccccccccccccccccc);
        assert!(shown(&long).ends_with('…'));
    }
}

//! Everything that [`differentiable`](crate::differentiable) refuses: why, and what to write instead.
//!
//! A derivative that would get lost is a compile error at the token where it would be, never a wrong number. The message
//! states the fact, then `help:` says what to write instead; a name in brackets and the address of its section end it. Each name has a
//! section here, with code that is refused and the repaired code.
//!
//! Four ways out cover most of them:
//!
//! * The derivative is not wanted: [`stop_gradient(x)`](crate::stop_gradient) is `x` as data.
//! * An argument is data: mark it `#[constant]`.
//! * A function that is called is not annotated: put `#[differentiable]` on it, or on the `impl` block of a method.
//! * A struct carries no gradient: put `#[derive(Differentiable)]` on it.
//!
//! Mistakes that Rust itself knows, such as a wrong type, an unknown name or a value that was moved, are reported by
//! the compiler in its own words.
//!
//! **The attribute and the kind of function**
//!
//! * [`not_a_function`](attribute#not_a_function): `#[differentiable]` goes on a function, not on a struct
//! * [`unknown_option`](attribute#unknown_option): `#[differentiable]` has no option `fast`
//! * [`malformed_option`](attribute#malformed_option): this is not how an option of `#[differentiable]` is written
//! * [`annotated_twice`](attribute#annotated_twice): `#[differentiable]` stands on this function twice
//! * [`malformed_marker`](attribute#malformed_marker): `#[constant]` takes nothing in parentheses and no value
//! * [`not_compiled`](attribute#not_compiled): the gradient of this function runs on a graph: the method `retain` is not
//!   compiled
//! * [`callee_not_compiled`](attribute#callee_not_compiled): this call needs the gradient of `lowest`, which runs on a
//!   graph: the method `retain` is not compiled
//! * [`operation_parameter`](attribute#operation_parameter): an operation with `partials` of its own keeps its
//!   arguments, and this one borrows inside
//! * [`operation_output`](attribute#operation_output): an operation with `partials` of its own returns one `f64`
//! * [`partials_signature`](attribute#partials_signature): `fn(f64, f64, f64) -> f64 {softabs_partials}` does not give
//!   the partial derivatives of this function
//! * [`second_partials_signature`](attribute#second_partials_signature): `fn(f64, f64, f64, f64) -> f64 {softabs_second}`
//!   does not give the second derivatives of this function
//! * [`second_of_operation`](attribute#second_of_operation): an operation with `partials` of its own has no second derivatives
//!   unless it gives them
//! * [`second_partials_alone`](attribute#second_partials_alone): `second_partials` gives the second derivatives of an operation
//!   with `partials`, and this function has none
//! * [`too_deep`](attribute#too_deep): the function nests too deeply here: at most 256 blocks, parentheses and calls in
//!   each other, or 4096 operators and methods in one expression
//! * [`async_function`](attribute#async_function): an `async` function cannot be differentiated
//! * [`unsafe_function`](attribute#unsafe_function): an `unsafe` function cannot be differentiated
//! * [`foreign_function`](attribute#foreign_function): an `extern` function cannot be differentiated
//! * [`generic_type`](attribute#generic_type): `T` is a type parameter, and gradients are of functions and structs over
//!   `f64`
//! * [`where_clause`](attribute#where_clause): a `where` clause on a differentiable function or struct is not supported
//! * [`function_in_block`](attribute#function_in_block): `#[differentiable]` stands on a function inside a block, which
//!   has no room for its companions
//!
//! **Structs, their methods and operators**
//!
//! * [`derive_on_enum`](structs#derive_on_enum): `#[derive(Differentiable)]` goes on a struct, not on an enum
//! * [`derive_on_borrow`](structs#derive_on_borrow): a struct that borrows has no gradient that could own its numbers
//! * [`option_field`](structs#option_field): a field that is an `Option` has no gradient
//! * [`not_differentiable_field`](structs#not_differentiable_field): a field of type `Kind` carries no gradient
//! * [`constant_field_not_clone`](structs#constant_field_not_clone): gradients hold a copy of this field, and `Table`
//!   cannot be copied
//! * [`method_not_differentiable`](structs#method_not_differentiable): a method of `Vec2` that is not differentiable is
//!   called with an active value
//! * [`operator_not_differentiable`](structs#operator_not_differentiable): this operator between `Vec2` and `_` is not
//!   differentiable
//! * [`typed_receiver`](structs#typed_receiver): a receiver with a type of its own is not supported
//! * [`impl_of_trait`](structs#impl_of_trait): `#[differentiable]` goes on an `impl` block of a type's own methods, not
//!   on that of a trait
//! * [`impl_of_other_type`](structs#impl_of_other_type): `#[differentiable]` goes on the `impl` block of a struct
//!
//! **Arguments**
//!
//! * [`argument_pattern`](arguments#argument_pattern): what a macro makes of an argument is not known here
//! * [`mutable_argument`](arguments#mutable_argument): this `&mut` argument of a method is not supported yet
//! * [`unchanged_scratch`](arguments#unchanged_scratch): `#[scratch]` stands before a parameter that is not `&mut`
//! * [`mutable_part`](arguments#mutable_part): a `&mut` inside an argument is not supported yet
//! * [`impl_trait_argument`](arguments#impl_trait_argument): an argument of type `impl Trait` or `dyn Trait` has no
//!   gradient
//! * [`function_argument`](arguments#function_argument): an argument that is a function has no gradient
//! * [`generic_function`](arguments#generic_function): an argument of type `impl Fn` is not supported, also where it is
//!   `#[constant]`
//! * [`option_argument`](arguments#option_argument): an `Option` argument is not supported yet
//! * [`long_tuple`](arguments#long_tuple): a tuple of more than six parts is not supported
//! * [`type_from_macro`](arguments#type_from_macro): what type a macro makes is not known here
//! * [`raw_pointer`](arguments#raw_pointer): a raw pointer has no gradient
//! * [`interior_mutability`](arguments#interior_mutability): what changes behind a `Cell` cannot be followed
//! * [`f32_value`](arguments#f32_value): `f32` carries no gradient: gradients are of functions over `f64`
//! * [`unsupported_type`](arguments#unsupported_type): this type cannot hold active values
//! * [`container_of_active`](arguments#container_of_active): a `HashMap` cannot hold active values
//! * [`not_differentiable_type`](arguments#not_differentiable_type): `Spring` carries no gradient
//! * [`no_active_argument`](arguments#no_active_argument): this function has no argument to take a gradient of
//!
//! **Results**
//!
//! * [`return_without_float`](results#return_without_float): this function returns nothing that has a gradient
//! * [`reference_result`](results#reference_result): a result behind a reference is not supported
//! * [`borrowed_error`](results#borrowed_error): a method whose error borrows from an argument is not supported
//! * [`impl_trait_result`](results#impl_trait_result): a result of type `impl Trait` or `dyn Trait` is not supported
//! * [`failure_in_result`](results#failure_in_result): a result with `Option` inside is not supported
//! * [`failure_alias`](results#failure_alias): `Found` hides the type of what this function gives if it does not fail
//! * [`failure_and_change`](results#failure_and_change): a function that changes what is behind `&mut` and may fail is
//!   not supported yet
//! * [`gradient_of_several_values`](results#gradient_of_several_values): a function that returns `(f64, f64)` has no
//!   gradient: each of its values has one
//!
//! **Values that would lose their derivative**
//!
//! * [`cast_to_integer`](values#cast_to_integer): casting an active value to `usize` loses its derivative
//! * [`cast_to_f32`](values#cast_to_f32): casting an active value to `f32` loses its derivative
//! * [`format_active`](values#format_active): `format!` turns an active value into text, which loses its derivative
//! * [`bits_of_active`](values#bits_of_active): `to_bits` looks at an active value as bits or bytes, which loses its
//!   derivative
//! * [`operator_by_name`](values#operator_by_name): `mul` is an operator called by its name, which is not supported
//! * [`conversion_of_active`](values#conversion_of_active): `into` turns an active value into a type that cannot be
//!   seen here
//! * [`pointer_to_active`](values#pointer_to_active): `as_ptr` makes a raw pointer to active values, which cannot be
//!   followed
//! * [`method_without_rule`](values#method_without_rule): `next_up` is called with an active value, and has no
//!   derivative rule
//! * [`method_of_own_type`](values#method_of_own_type): `apply` is called with an active value and a closure or types,
//!   and it is a method of a type that is not known here
//! * [`active_enum`](values#active_enum): an active value goes into `Shape::Circle`, and an `enum` holds plain numbers
//! * [`method_of_trait`](values#method_of_trait): a method of a trait is called with an active value
//! * [`active_into_data`](values#active_into_data): an active value goes into a place that carries no gradient
//! * [`result_of_active`](values#result_of_active): `Err` as a function is given an active value, and errors carry no
//!   gradient
//! * [`range_of_active`](values#range_of_active): a range with an active end is not supported
//!
//! **Calls**
//!
//! * [`call_of_plain_function`](calls#call_of_plain_function): a function that is not differentiable is called with an
//!   active value
//! * [`second_derivative`](calls#second_derivative): a gradient is computed inside a differentiable function, which is not
//!   supported
//! * [`callee_without_second`](calls#callee_without_second): `cube` has no second derivatives, and is called by a function that
//!   has
//! * [`constant_argument`](calls#constant_argument): an active value is given to a parameter that is marked
//!   `#[constant]`, which loses its derivative
//! * [`associated_function`](calls#associated_function): `Option::unwrap_or` is called with an active value, and what
//!   it computes is not known here
//! * [`function_pointer`](calls#function_pointer): `activation` is a function that is not known here, and is called
//!   with an active value
//! * [`callee_is_not_a_path`](calls#callee_is_not_a_path): a function without a name of its own is called with an
//!   active value
//! * [`closure_over_active`](calls#closure_over_active): this closure uses active values, and the function that it is
//!   given to is not differentiable
//! * [`closure_behind_pointer`](calls#closure_behind_pointer): this type is of functions over plain numbers, and the
//!   closure computes with active values
//! * [`other_thread`](calls#other_thread): what another thread does with active values cannot be followed
//!
//! **Macros and constructs**
//!
//! * [`unknown_macro`](constructs#unknown_macro): what `square!` does with active values is not known
//! * [`macro_in_body`](constructs#macro_in_body): the macro `plus!` uses active values, and what it makes of them is
//!   not known
//! * [`change_in_macro`](constructs#change_in_macro): `rest` is changed inside `assert!`, which sees a copy of its
//!   plain numbers
//! * [`closure_in_macro`](constructs#closure_in_macro): `energy` computes with active values, and `assert!` sees plain
//!   numbers only
//! * [`destructuring_assignment`](constructs#destructuring_assignment): this assignment takes apart something other
//!   than a tuple or array, which is not supported
//! * [`unsafe_block`](constructs#unsafe_block): an `unsafe` block cannot be differentiated
//! * [`async_code`](constructs#async_code): `async` code cannot be differentiated
//! * [`static_in_body`](constructs#static_in_body): a `static` that can change inside a differentiable function is not
//!   supported
//! * [`unsupported_expression`](constructs#unsupported_expression): a raw borrow inside a differentiable function is
//!   not supported
//! * [`number_in_pattern`](constructs#number_in_pattern): a number in a pattern is compared with a part of an active
//!   value, which is not supported
//! * [`unsupported_pattern`](constructs#unsupported_pattern): this pattern takes an active value apart, which is not
//!   supported

pub mod attribute {
    #![doc(
        alias = "second_partials_alone",
        alias = "second_of_operation",
        alias = "second_partials_signature",
        alias = "not_a_function",
        alias = "unknown_option",
        alias = "malformed_option",
        alias = "annotated_twice",
        alias = "malformed_marker",
        alias = "not_compiled",
        alias = "callee_not_compiled",
        alias = "operation_parameter",
        alias = "operation_output",
        alias = "partials_signature",
        alias = "too_deep",
        alias = "async_function",
        alias = "unsafe_function",
        alias = "foreign_function",
        alias = "generic_type",
        alias = "where_clause",
        alias = "function_in_block"
    )]
    #![doc = include_str!("attribute.md")]
}
pub mod structs {
    #![doc(
        alias = "derive_on_enum",
        alias = "derive_on_borrow",
        alias = "option_field",
        alias = "not_differentiable_field",
        alias = "constant_field_not_clone",
        alias = "method_not_differentiable",
        alias = "operator_not_differentiable",
        alias = "typed_receiver",
        alias = "impl_of_trait",
        alias = "impl_of_other_type"
    )]
    #![doc = include_str!("structs.md")]
}
pub mod arguments {
    #![doc(
        alias = "argument_pattern",
        alias = "mutable_argument",
        alias = "unchanged_scratch",
        alias = "mutable_part",
        alias = "impl_trait_argument",
        alias = "function_argument",
        alias = "generic_function",
        alias = "option_argument",
        alias = "long_tuple",
        alias = "type_from_macro",
        alias = "raw_pointer",
        alias = "interior_mutability",
        alias = "f32_value",
        alias = "unsupported_type",
        alias = "container_of_active",
        alias = "not_differentiable_type",
        alias = "no_active_argument"
    )]
    #![doc = include_str!("arguments.md")]
}
pub mod results {
    #![doc(
        alias = "return_without_float",
        alias = "reference_result",
        alias = "borrowed_error",
        alias = "impl_trait_result",
        alias = "failure_in_result",
        alias = "failure_alias",
        alias = "failure_and_change",
        alias = "gradient_of_several_values"
    )]
    #![doc = include_str!("results.md")]
}
pub mod values {
    #![doc(
        alias = "cast_to_integer",
        alias = "cast_to_f32",
        alias = "format_active",
        alias = "bits_of_active",
        alias = "operator_by_name",
        alias = "conversion_of_active",
        alias = "pointer_to_active",
        alias = "method_without_rule",
        alias = "method_of_trait",
        alias = "method_of_own_type",
        alias = "active_enum",
        alias = "active_into_data",
        alias = "result_of_active",
        alias = "range_of_active"
    )]
    #![doc = include_str!("values.md")]
}
pub mod calls {
    #![doc(
        alias = "callee_without_second",
        alias = "call_of_plain_function",
        alias = "second_derivative",
        alias = "constant_argument",
        alias = "associated_function",
        alias = "function_pointer",
        alias = "callee_is_not_a_path",
        alias = "closure_over_active",
        alias = "closure_behind_pointer",
        alias = "other_thread"
    )]
    #![doc = include_str!("calls.md")]
}
pub mod constructs {
    #![doc(
        alias = "unknown_macro",
        alias = "macro_in_body",
        alias = "change_in_macro",
        alias = "closure_in_macro",
        alias = "destructuring_assignment",
        alias = "unsafe_block",
        alias = "async_code",
        alias = "static_in_body",
        alias = "unsupported_expression",
        alias = "number_in_pattern",
        alias = "unsupported_pattern"
    )]
    #![doc = include_str!("constructs.md")]
}

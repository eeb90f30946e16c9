//! What generated code is made of. Not for use by hand: it may change with any release.
//!
//! * `operations`: one function an operation, on numbers and `Value`s alike, with the site it came from.
//! * `convert`: numbers into `Value`s where an active place takes a passive number, and back where code looks at
//!   the plain number.
//! * `custom`: functions whose partial derivatives another function gives.
//! * `differentiable`: the shapes that arguments and results have, and their gradients.
//! * `call`: the protocol between differentiable functions.
//! * `changed`: what a function changes through `&mut`.
//! * `columns`: Jacobians by columns.
//! * `fallible`: what a function that may fail gives.
//! * `field`: what the fields of a derived struct must be.
//! * `frame`: what the forward sweep of a compiled adjoint leaves for its reverse sweep.
//! * `idle`: memory that a thread keeps for the next call.
//! * `operators`: operators on structs.
//! * `reached`: which functions a function calls, and how their gradients are computed.
//! * `methods`: methods of structs, by their names.
//! * `recorded`: the graph between the two halves of a function that runs on one.
//! * `run`: how the companions run a graph.
//! * `seed`: seeds of several numbers, and buffers in reading order.
//! * `shift`: arguments of which one number is changed, for checks.
//! * `sites`: tables of sites, from the numbers that generated code holds.
//! * `tangent`: what forward mode is made of.
//! * `mode`: traced or untraced code, and what a trace records of the path through the program.

mod call;
mod changed;
mod columns;
mod convert;
mod custom;
mod differentiable;
mod fallible;
mod field;
mod frame;
mod idle;
mod methods;
mod mode;
mod operations;
mod operators;
mod reached;
mod recorded;
mod run;
mod seed;
mod shift;
mod sites;
mod tangent;

/// The standard library: the user's crate may be `no_std`, or have another meaning for a name.
pub use ::std;

/// What [`stop_gradient`](crate::stop_gradient) takes.
pub use crate::float::Plain as Stoppable;
pub use crate::graph::apply;
pub use crate::trace::record::{
    Recording, TraceMode, Traced, Untraced, body_runs, branch, call, closure, each, function, iteration,
    turns,
};
pub use call::{
    Active, Callable, CallableAgain, Constant, Function, Held, HoldActive, HoldNamed, HoldPassive, Lifted,
    NamedFunction, NoValues, NotDifferentiable, OnValues, Owned, Parameter, PlainGeneric, Refused, Seen,
    same_function,
};
pub use changed::{Changed, Leave};
pub use columns::{Columns, columns};
pub use convert::{Lift, Plain, cast, constant, lift, number, plain};
pub use custom::{
    AddPartials, Fill, PartialsFunction, SecondPartialsFunction, add_partials, custom, custom_second, filled,
    flatten_partials, partials, second_partials,
};
pub use differentiable::{
    AddGradient, Differentiable, Fits, Flatten, Namer, Roots, SingleValue, add_gradient, check_fit, restore,
};
pub use fallible::{MayFail, items};
pub use field::{
    DataField, FieldAdjoint, Flow, FlowsInto, IntoField, Known, NumberField, Stays, constant_field, field,
    into_field,
};
pub use frame::{
    Accumulate, Fixed, Frame, Kept, Witness, accumulate, backward, framed, pop, reached, room, write,
};
pub use methods::{
    Associated, FailingAssociated, FailingMethod, Lent, Method, Receiver, hold_active, hold_passive, method,
    method_forward, method_reverse, method_try_forward, method_try_reverse, scratch,
};
pub use mode::{
    EqualSides, NumberSides, OrderedSides, Sides, assertion, collections, equal, greater, greater_or_equal,
    less, less_or_equal, not_equal, question, scrutinee, stopped,
};
pub use operations::*;
pub use operators::{
    Binary, Unary, binary, binary_forward, binary_reverse, unary, unary_forward, unary_reverse,
};
pub use reached::{Reachable, Reached, backends};
pub use recorded::Recorded;
pub use run::{
    Gate, KnownMethod, KnownSyntax, Same, backward_from_all, forward_on_graph, gate, lean, operands, outputs,
    reverse_on_graph, roots, rows, second_forward_on_graph, second_reverse_on_graph, seeded, trace_input,
};
pub use seed::{AddFlat, NoSeed, Scratch, Seed, Shaped, check_seed, no_seed, take, take_part, unit};
pub use shift::Shift;
pub use sites::{sites, spans};
pub use tangent::{
    NoTangent, Second, Still, Tangent, Unmoved, UnmovedData, UnmovedNumbers, absent, check_tangent,
    direction, direction_of, directional, push, shown, shown_beside, tangent_on_graph, turn_gradients,
};

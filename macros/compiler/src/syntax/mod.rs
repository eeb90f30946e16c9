//! The attribute and the function as syntax: what they say, where each token stands, and what is refused.

pub mod attributes;
pub mod callee;
pub mod conditions;
pub mod depth;
pub mod elision;
pub mod enclosing;
pub mod function_parameters;
pub mod ident;
pub mod parse;
pub mod plain_forms;
pub mod refusals;
pub mod source;

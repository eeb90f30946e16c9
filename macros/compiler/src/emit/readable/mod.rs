//! The compiled adjoint as a text for people: `NAME::ADJOINT_SOURCE`.
//!
//! ```text
//! tokens with marks ──tokens──▶ words, operators, groups ──layout──▶ lines
//! ```
//!
//! The text is that of a function, of the same tokens as what is compiled but for what stands in the way of a reader: paths
//! are cut to what tells (`exp_da(y)`), the `_` goes that sets generated names apart, and so do parentheses that mean
//! nothing. A call of another differentiable function is printed without what finds out whether it is one. *Marks* among
//! the tokens say which line of the user's a statement belongs to; they become comments.

mod layout;
mod statements;
#[cfg(test)]
mod tests;
mod tidy;
mod token;
mod tokens;

use super::code::{Code, Piece as _};
use super::companions::Companions;
use super::sweeps::Printer;
use crate::ir::StatementKind;
use crate::reasons::Unsupported;
use crate::syntax::ident::unraw;
use layout::Layout;
use proc_macro2::Delimiter;
use quote::{format_ident, quote};
use std::collections::HashSet;
use tokens::Reader;

/// The names of variables in the sweeps that are not the user's. In the code `__` stands before them, since a `let` of the name of
/// a constant, a static or a unit struct of the user's would mean that item.
const LOCALS: [&str; 8] = ["frame", "seed", "value", "stored", "pushed", "element", "partial", "exponent"];

impl Companions<'_, '_> {
    /// `f::ADJOINT_SOURCE`, of these sweeps.
    pub(super) fn readable(&self, printer: &Printer<'_>, sweeps: Code<'_>) -> String {
        let suffix = if self.single() { "grad_add" } else { "vjp_add" };
        let name = format_ident!("{}_{suffix}", unraw(self.function_name()));
        let (visibility, generics) = (&self.annotated.item.vis, &self.annotated.item.sig.generics);
        let (parameters, output) = (self.declared(), self.output());
        let (buffers, seed) = (self.buffer_parameters(printer), self.seed_parameter());
        let head = quote!(#visibility fn #name #generics(#(#parameters,)* #seed #(#buffers),*) -> #output);
        let function = Code::of(|out| {
            head.append(out);
            out.group(Delimiter::Brace, |out| sweeps.append(out));
        });
        let generated = self.generated(printer);
        let read = Reader::new(&self.names.engine, &generated).code(&function.tokens);
        let lines: Vec<_> = self.source.text.lines().map(str::trim).collect();
        let users_line = |number: usize| {
            let line = lines.get(number.checked_sub(self.source.line)?)?;
            (!line.is_empty()).then_some(*line)
        };
        Layout::new(users_line).print(&read)
    }

    /// The same where there is no adjoint: why.
    pub(super) fn unreadable(&self, Unsupported { reason, span }: &Unsupported) -> String {
        let (name, number) = (unraw(self.function_name()), span.start().line);
        let mut text = format!(
            "// No adjoint of `{name}` is compiled. Its gradient is computed on the graph, for which the reason is\n\
             // {}, in line {number}.\n// To have it compiled: {}.\n",
            reason.construct(),
            reason.help()
        );
        let line = number.checked_sub(self.source.line).and_then(|at| self.source.text.lines().nth(at));
        if let Some(line) = line.map(str::trim).filter(|line| !line.is_empty()) {
            let number = number.to_string();
            ["//\n// ", &number, " | ", line, "\n"].iter().for_each(|part| text += part);
        }
        text
    }

    /// The names of generated values that may be printed without their last `_`: none but that of the value itself is like
    /// it.
    fn generated(&self, printer: &Printer<'_>) -> HashSet<String> {
        let program = printer.program;
        let idents = || {
            let values = program.values.iter().map(|value| &value.ident);
            values.chain(program.storages.iter().map(|storage| &storage.ident)).map(ToString::to_string)
        };
        let mut taken: HashSet<String> = idents().filter(|name| !name.ends_with('_')).collect();
        taken.extend(LOCALS.map(str::to_owned));
        program.body.each(&mut |_, statement| {
            if let StatementKind::Call(call) = &statement.kind {
                taken.extend(call.callee.name().map(ToString::to_string));
            }
        });
        let parameters = self.function.parameters.iter().map(|parameter| parameter.name.to_string());
        taken.extend(parameters);
        let names = idents().filter(|name| !taken.contains(name));
        names.filter(|name| name.strip_suffix('_').is_some_and(|short| !taken.contains(short))).collect()
    }
}

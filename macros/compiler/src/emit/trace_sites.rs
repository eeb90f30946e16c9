//! The places of a function that its record names: calls, loops, branches, comparisons.
//!
//! They are collected while the body is printed, and become two tables of sites beside that of the operations.

use super::types::Names;
use crate::syntax::source::ends::Ends;
use crate::syntax::source::{Range, Source};
use crate::types::tree::{Expr, Site};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use std::cell::RefCell;

/// The places met so far.
pub struct Places<'f> {
    source: &'f Source,
    names: &'f Names,
    sites: RefCell<Vec<Site>>,
    branches: RefCell<Vec<Site>>,
}

impl<'f> Places<'f> {
    pub fn new(source: &'f Source, names: &'f Names) -> Self {
        Places { source, names, sites: RefCell::default(), branches: RefCell::default() }
    }

    /// The tables: branches first.
    pub fn tables(self) -> [(Ident, Vec<Site>); 2] {
        [(branches(), self.branches.into_inner()), (sites(), self.sites.into_inner())]
    }

    /// A reference to the site of a piece of syntax.
    pub fn site(&self, written: &impl Ends, operands: &[&Expr<'_>]) -> TokenStream {
        let operands = operands.iter().map(|operand| self.source.range(operand.written)).collect();
        reference(&self.sites, &sites(), self.source.range(written), operands)
    }

    /// Enters a scope until the end of the block: `let _entry = call(site);`.
    pub fn enter(&self, how: &str, written: &impl Ends) -> TokenStream {
        let site = self.site(written, &[]);
        let enter = self.names.in_mode(how, Span::mixed_site());
        quote_spanned!(Span::mixed_site()=> let _entry = #enter(#site);)
    }

    /// Opens a branching expression; its arms are entered by [`Arms::enter`].
    pub fn branching(&self, written: &impl Ends, arms: Vec<Range>) -> Arms<'_> {
        Arms {
            site: reference(&self.branches, &branches(), self.source.range(written), arms),
            names: self.names,
        }
    }

    pub fn range(&self, written: &impl Ends) -> Range {
        self.source.range(written)
    }

    /// The iterations of a `while` or `loop`: what stands before it, and first in its body.
    pub fn turns(&self, written: &impl Ends) -> (TokenStream, TokenStream) {
        let here = Span::mixed_site();
        let (site, turns) = (self.site(written, &[]), self.names.in_mode("turns", here));
        (
            quote_spanned!(here=> let __turns = #turns(#site);),
            quote_spanned!(here=> let _turn = __turns.turn();),
        )
    }
}

/// The arms of a branching expression.
pub struct Arms<'p> {
    site: TokenStream,
    names: &'p Names,
}

impl Arms<'_> {
    /// Stands first in an arm.
    pub fn enter(&self, arm: usize) -> TokenStream {
        let here = Span::mixed_site();
        let (site, branch) = (&self.site, self.names.in_mode("branch", here));
        quote_spanned!(here=> let _entry = #branch(#site, #arm);)
    }
}

fn reference(table: &RefCell<Vec<Site>>, name: &Ident, range: Range, operands: Vec<Range>) -> TokenStream {
    let mut table = table.borrow_mut();
    table.push(Site { range, operands, name: None });
    let at = table.len() - 1;
    quote!(&#name[#at])
}

fn sites() -> Ident {
    Ident::new("__GRADUS_TRACED", Span::mixed_site())
}

/// The table of branching expressions, of which the record is told as a whole.
pub fn branches() -> Ident {
    Ident::new("__GRADUS_BRANCHES", Span::mixed_site())
}

//! The `#[differentiable]` attribute of [gradus](https://crates.io/crates/gradus).

use proc_macro::TokenStream;

/// Not yet.
#[proc_macro_attribute]
pub fn differentiable(_options: TokenStream, item: TokenStream) -> TokenStream {
    item
}

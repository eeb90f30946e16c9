//! Numbers and truth values that stand in a program.

use super::Atom;
use proc_macro2::{Punct, Spacing, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt, quote};

#[derive(Clone, Debug)]
pub enum Literal {
    /// A float that tells no type.
    Number(f64),
    Truth(bool),
    /// The code of an exit; 0 is that of none.
    Exit(u32),
    /// 0 or `false`, of a type that only rustc knows.
    Default,
    /// As the user wrote it, or of a type of its own.
    Written(syn::Lit),
}

impl Atom {
    pub const fn number(number: f64) -> Atom {
        Atom::Literal(Literal::Number(number))
    }

    pub const fn truth(truth: bool) -> Atom {
        Atom::Literal(Literal::Truth(truth))
    }

    /// 0 of the type `usize`.
    pub fn zero_count() -> Atom {
        Atom::Literal(Literal::Written(syn::Lit::Int(syn::LitInt::new("0_usize", Span::call_site()))))
    }
}

impl Literal {
    /// The value of a float that tells no type.
    pub fn number(&self) -> Option<f64> {
        match self {
            Literal::Number(number) => Some(*number),
            Literal::Written(syn::Lit::Float(float)) if float.suffix().is_empty() => {
                float.base10_parse().ok()
            }
            Literal::Written(_) | Literal::Truth(_) | Literal::Exit(_) | Literal::Default => None,
        }
    }

    /// Whether it is a float.
    pub fn is_float(&self) -> bool {
        match self {
            Literal::Number(_) | Literal::Written(syn::Lit::Float(_)) => true,
            Literal::Written(syn::Lit::Int(integer)) => matches!(integer.suffix(), "f64" | "f32"),
            Literal::Written(_) | Literal::Truth(_) | Literal::Exit(_) | Literal::Default => false,
        }
    }

    /// The same float with its type.
    pub fn typed(&self) -> Literal {
        let (text, span) = match self {
            Literal::Number(number) => (format!("{number:?}"), Span::call_site()),
            Literal::Written(syn::Lit::Float(float)) if float.suffix().is_empty() => {
                (float.to_string(), float.span())
            }
            Literal::Written(_) | Literal::Truth(_) | Literal::Exit(_) | Literal::Default => {
                return self.clone();
            }
        };
        let point = if text.ends_with('.') { "0" } else { "" };
        Literal::Written(syn::Lit::Float(syn::LitFloat::new(&format!("{text}{point}_f64"), span)))
    }

    /// Whether both stand for the same, of the same type.
    pub fn is_same(&self, other: &Literal) -> bool {
        match (self, other) {
            (Literal::Exit(a), Literal::Exit(b)) => a == b,
            (Literal::Default, Literal::Default) => true,
            (Literal::Written(a), Literal::Written(b)) if a == b => true,
            (a, b) => {
                let bits = |literal: &Literal| literal.number().map(f64::to_bits);
                bits(a).is_some() && bits(a) == bits(b) || a.truth().is_some() && a.truth() == b.truth()
            }
        }
    }

    fn truth(&self) -> Option<bool> {
        match self {
            Literal::Truth(truth) => Some(*truth),
            Literal::Written(syn::Lit::Bool(truth)) => Some(truth.value),
            Literal::Written(_) | Literal::Number(_) | Literal::Exit(_) | Literal::Default => None,
        }
    }
}

impl ToTokens for Literal {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Literal::Number(number) => {
                if number.is_sign_negative() {
                    tokens.append(Punct::new('-', Spacing::Alone));
                }
                tokens.append(proc_macro2::Literal::f64_unsuffixed(number.abs()));
            }
            Literal::Truth(truth) => truth.to_tokens(tokens),
            Literal::Exit(code) => tokens.append(proc_macro2::Literal::u32_suffixed(*code)),
            Literal::Default => tokens.extend(quote!(__gradus_std::default::Default::default())),
            Literal::Written(literal) => literal.to_tokens(tokens),
        }
    }
}

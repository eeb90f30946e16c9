//! What a call goes to.

use gradus_ops::Op;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};

/// What a call goes to.
#[derive(Clone, Debug)]
pub enum Callee {
    /// A function, by its path.
    Function(syn::Path),
    /// A method of a struct of the user's. The receiver is the first argument.
    Method(Ident),
    /// A method that changes the receiver.
    Changing(Ident, Gives),
    /// A function that belongs to a type: `Body::at_rest`.
    Associated { owner: syn::Path, name: Ident },
    /// An operator on structs of the user's. The operands are the arguments.
    Operator(Operator, Span),
}

/// What a method that changes its receiver gives its caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gives {
    /// What is left of the receiver: the call is a statement.
    Left,
    /// Its result too.
    ResultAndLeft,
}

/// An operator, which structs of the user's may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    Binary(Op),
    /// `+=` and the like.
    Assign(Op),
    Minus,
}

impl Operator {
    /// The operator of a trait of `std::ops`, by its name.
    pub fn of_trait(name: &str) -> Option<Operator> {
        let binary = |name: &str| {
            Some(match name {
                "Add" => Op::Add,
                "Sub" => Op::Sub,
                "Mul" => Op::Mul,
                "Div" => Op::Div,
                "Rem" => Op::Rem,
                _ => return None,
            })
        };
        match name.strip_suffix("Assign") {
            Some(name) => binary(name).map(Operator::Assign),
            None if name == "Neg" => Some(Operator::Minus),
            None => binary(name).map(Operator::Binary),
        }
    }

    /// What the engine's traits call it.
    pub fn number(self) -> Literal {
        let of = |op: Op| match op {
            Op::Add => 0,
            Op::Sub => 1,
            Op::Mul => 2,
            Op::Div => 3,
            _ => 4,
        };
        Literal::u8_unsuffixed(match self {
            Operator::Binary(op) => of(op),
            Operator::Assign(op) => 8 + of(op),
            Operator::Minus => 5,
        })
    }

    /// What values that it gives are named after.
    pub fn name(self) -> &'static str {
        match self {
            Operator::Binary(op) | Operator::Assign(op) => op.name(),
            Operator::Minus => "neg",
        }
    }
}

impl Callee {
    /// The name of the function.
    pub fn name(&self) -> Option<&Ident> {
        match self {
            Callee::Function(path) => path.segments.last().map(|last| &last.ident),
            Callee::Method(name) | Callee::Changing(name, _) | Callee::Associated { name, .. } => Some(name),
            Callee::Operator(..) => None,
        }
    }

    /// What values that it gives are named after.
    pub fn hint(&self) -> String {
        match self {
            Callee::Operator(operator, _) => operator.name().to_owned(),
            Callee::Function(_) | Callee::Method(_) | Callee::Changing(..) | Callee::Associated { .. } => {
                self.name().map_or_else(String::new, ToString::to_string)
            }
        }
    }

    /// As the user wrote it.
    pub fn shown(&self) -> String {
        self.to_token_stream().to_string().replace(' ', "")
    }

    /// The function that belongs to a type, of a path with the type before its name.
    pub fn associated(path: &syn::Path) -> Option<Callee> {
        let mut owner = path.clone();
        let last = owner.segments.pop()?;
        // Without the `::` that came before the name.
        owner.segments.pop_punct();
        Some(Callee::Associated { owner, name: last.ident })
    }
}

impl ToTokens for Callee {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Callee::Function(path) => path.to_tokens(tokens),
            Callee::Method(name) | Callee::Changing(name, _) => name.to_tokens(tokens),
            Callee::Associated { owner, name } => tokens.extend(quote!(#owner::#name)),
            Callee::Operator(operator, span) => Ident::new(operator.name(), *span).to_tokens(tokens),
        }
    }
}

/// A name as a number: its letters, or a digest of a long one (FNV-1a with 128 bits).
pub fn number_of(name: &Ident) -> Literal {
    digest(&super::ident::unraw(name))
}

/// The same of a method that changes its receiver: a name that no method has.
pub fn number_of_changing(name: &Ident, gives: Gives) -> Literal {
    let mark = match gives {
        Gives::Left => "=",
        Gives::ResultAndLeft => "==",
    };
    digest(&format!("{}{mark}", super::ident::unraw(name)))
}

fn digest(name: &str) -> Literal {
    let letters = name.as_bytes();
    let number = if letters.len() <= 16 {
        letters.iter().fold(0_u128, |number, letter| number << 8 | u128::from(*letter))
    } else {
        let (basis, prime) =
            (0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, 0x0000_0000_0100_0000_0000_0000_0000_013b);
        letters.iter().fold(basis, |digest: u128, letter| (digest ^ u128::from(*letter)).wrapping_mul(prime))
    };
    Literal::u128_unsuffixed(number)
}

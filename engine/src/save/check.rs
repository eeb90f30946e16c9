//! A walk over a state before it is saved. It refuses what could be written but not read back, and names its place.

use serde::ser::{self, Serialize, Serializer};
use std::fmt;

/// How many lists and structs inside each other `serde_json` reads.
const DEEPEST: usize = 127;

/// Refuses a state that could not be read back.
pub(super) fn readable<T: Serialize + ?Sized>(state: &T) -> Result<(), Refusal> {
    state.serialize(&mut Walk::default())
}

/// What is wrong.
#[derive(Debug)]
pub(super) struct Refusal(String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

impl ser::Error for Refusal {
    fn custom<T: fmt::Display>(message: T) -> Refusal {
        Refusal(message.to_string())
    }
}

/// Where the walk is.
#[derive(Default)]
struct Walk {
    /// The fields and elements from the state to here.
    path: Vec<Step>,
    /// How many brackets are open.
    depth: usize,
    /// Whether what comes is the inside of a `Some`, for which JSON has no sign of its own.
    in_some: bool,
}

/// From a value to a part of it.
enum Step {
    Field(&'static str),
    Element(usize),
    Entry(usize),
}

impl Walk {
    fn refuse(&self, what: &str) -> Refusal {
        use fmt::Write;
        let mut place = String::new();
        for step in &self.path {
            let _ = match step {
                Step::Field(name) => write!(place, ".{name}"),
                Step::Element(index) => write!(place, "[{index}]"),
                Step::Entry(index) => write!(place, ".entry {index}"),
            };
        }
        let place = place.strip_prefix('.').unwrap_or(&place);
        Refusal(if place.is_empty() { format!("it is {what}") } else { format!("`{place}` is {what}") })
    }

    /// Something that is written as `null`.
    fn null(&mut self, what: &str) -> Result<(), Refusal> {
        if self.in_some {
            return Err(self.refuse(&format!("`Some({what})`, which JSON writes as it writes `None`")));
        }
        Ok(())
    }

    fn float(&mut self, number: f64) -> Result<(), Refusal> {
        if !number.is_finite() {
            return Err(self.refuse(&format!("{number}, and JSON has no such number")));
        }
        self.in_some = false;
        Ok(())
    }

    /// Opens so many brackets.
    fn open(&mut self, brackets: usize) -> Result<Parts<'_>, Refusal> {
        self.depth += brackets;
        if self.depth > DEEPEST {
            let what =
                format!("inside more than {DEEPEST} lists and structs, and no deeper state can be read back");
            // The whole path would hide the message.
            self.path.truncate(8);
            return Err(self.refuse(&what));
        }
        self.in_some = false;
        Ok(Parts { walk: self, brackets, next: 0 })
    }

    fn part<T: Serialize + ?Sized>(&mut self, step: Step, part: &T) -> Result<(), Refusal> {
        self.path.push(step);
        part.serialize(&mut *self)?;
        self.path.pop();
        Ok(())
    }
}

/// The parts of a list, a map or a struct, one after the other.
struct Parts<'w> {
    walk: &'w mut Walk,
    brackets: usize,
    next: usize,
}

impl Parts<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), Refusal> {
        self.next += 1;
        self.walk.part(Step::Element(self.next - 1), element)
    }

    fn close(self) {
        self.walk.depth -= self.brackets;
    }
}

macro_rules! scalars {
    ($($method:ident $T:ty),*) => { $(
        fn $method(self, _: $T) -> Result<(), Refusal> {
            self.in_some = false;
            Ok(())
        }
    )* };
}

impl<'w> Serializer for &'w mut Walk {
    type Ok = ();
    type Error = Refusal;
    type SerializeSeq = Parts<'w>;
    type SerializeTuple = Parts<'w>;
    type SerializeTupleStruct = Parts<'w>;
    type SerializeTupleVariant = Parts<'w>;
    type SerializeMap = Parts<'w>;
    type SerializeStruct = Parts<'w>;
    type SerializeStructVariant = Parts<'w>;

    scalars! {
        serialize_bool bool, serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_i128 i128,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64, serialize_u128 u128, serialize_char char,
        serialize_str &str, serialize_bytes &[u8]
    }

    fn serialize_f32(self, number: f32) -> Result<(), Refusal> {
        self.float(f64::from(number))
    }

    fn serialize_f64(self, number: f64) -> Result<(), Refusal> {
        self.float(number)
    }

    fn serialize_none(self) -> Result<(), Refusal> {
        self.null("None")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, inside: &T) -> Result<(), Refusal> {
        self.in_some = true;
        inside.serialize(&mut *self)?;
        self.in_some = false;
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), Refusal> {
        self.null("()")
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<(), Refusal> {
        self.null(name)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<(), Refusal> {
        self.in_some = false;
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        inside: &T,
    ) -> Result<(), Refusal> {
        inside.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        inside: &T,
    ) -> Result<(), Refusal> {
        let parts = self.open(1)?;
        parts.walk.part(Step::Field(variant), inside)?;
        parts.close();
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'w>, Refusal> {
        self.open(1)
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'w>, Refusal> {
        self.open(1)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'w>, Refusal> {
        self.open(1)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Parts<'w>, Refusal> {
        self.open(2)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'w>, Refusal> {
        self.open(1)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'w>, Refusal> {
        self.open(1)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Parts<'w>, Refusal> {
        self.open(2)
    }
}

macro_rules! lists {
    ($($Trait:ident $method:ident),*) => { $(
        impl ser::$Trait for Parts<'_> {
            type Ok = ();
            type Error = Refusal;
            fn $method<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), Refusal> {
                self.element(element)
            }
            fn end(self) -> Result<(), Refusal> {
                self.close();
                Ok(())
            }
        }
    )* };
}

lists! {
    SerializeSeq serialize_element, SerializeTuple serialize_element, SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
}

macro_rules! structs {
    ($($Trait:ident),*) => { $(
        impl ser::$Trait for Parts<'_> {
            type Ok = ();
            type Error = Refusal;
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                field: &T,
            ) -> Result<(), Refusal> {
                self.walk.part(Step::Field(name), field)
            }
            fn end(self) -> Result<(), Refusal> {
                self.close();
                Ok(())
            }
        }
    )* };
}

structs! { SerializeStruct, SerializeStructVariant }

impl ser::SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Refusal;
    /// `serde_json` refuses keys that it cannot write as text.
    fn serialize_key<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), Refusal> {
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refusal> {
        self.next += 1;
        self.walk.part(Step::Entry(self.next - 1), value)
    }
    fn end(self) -> Result<(), Refusal> {
        self.close();
        Ok(())
    }
}

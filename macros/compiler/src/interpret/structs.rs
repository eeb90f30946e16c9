//! Types of structs of the user's.

/// A struct type.
#[derive(Debug)]
pub struct Struct {
    pub name: String,
    /// The traits that it derives.
    pub derives: Vec<String>,
    pub fields: Vec<Field>,
    pub generics: syn::Generics,
}

/// A field of a struct.
#[derive(Debug)]
pub struct Field {
    /// Its name, or its number.
    pub name: String,
    pub ty: syn::Type,
    /// Whether it is data, of which there is no derivative.
    pub constant: bool,
}

impl Struct {
    pub fn of(item: &syn::ItemStruct) -> Struct {
        let mut derives = Vec::new();
        for attribute in item.attrs.iter().filter(|attribute| attribute.path().is_ident("derive")) {
            // What cannot be read derives nothing.
            let _ = attribute.parse_nested_meta(|meta| {
                derives.extend(meta.path.segments.last().map(|last| last.ident.to_string()));
                Ok(())
            });
        }
        let fields = item.fields.iter().enumerate().map(|(at, field)| Field {
            name: field.ident.as_ref().map_or_else(|| at.to_string(), ToString::to_string),
            ty: field.ty.clone(),
            constant: crate::derive::is_data_field(field),
        });
        Struct {
            name: item.ident.to_string(),
            derives,
            fields: fields.collect(),
            generics: item.generics.clone(),
        }
    }

    pub fn position(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|known| known.name == field)
    }

    pub fn is_derived(&self, name: &str) -> bool {
        self.derives.iter().any(|derived| derived == name)
    }
}

/// The name of a type without references and generic arguments.
pub fn name_of_type(ty: &syn::Type) -> Option<String> {
    match ty {
        syn::Type::Reference(reference) => name_of_type(&reference.elem),
        syn::Type::Paren(inner) => name_of_type(&inner.elem),
        syn::Type::Group(inner) => name_of_type(&inner.elem),
        syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

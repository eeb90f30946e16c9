//! What the variables hold, at one point of the function. Every branch and closure starts from a copy, so a copy shares what
//! does not change: to copy it all would take time quadratic in the length of a function.

use super::Meaning;
use std::ops::Index;
use std::rc::Rc;

/// How many variables share a part.
const PART: usize = 32;

type Part<'t, 'a> = [Option<Meaning<'t, 'a>>; PART];

#[derive(Clone, Default)]
pub(super) struct Variables<'t, 'a> {
    parts: Vec<Rc<Part<'t, 'a>>>,
}

impl<'t, 'a> Variables<'t, 'a> {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "as a map has it")]
    pub fn get(&self, variable: &usize) -> Option<&Meaning<'t, 'a>> {
        self.parts.get(variable / PART)?[variable % PART].as_ref()
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "as a map has it")]
    pub fn contains_key(&self, variable: &usize) -> bool {
        self.get(variable).is_some()
    }

    pub fn insert(&mut self, variable: usize, meaning: Meaning<'t, 'a>) {
        while self.parts.len() <= variable / PART {
            self.parts.push(Rc::new([const { None }; PART]));
        }
        *self.slot(variable) = Some(meaning);
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "as a map has it")]
    pub fn remove(&mut self, variable: &usize) -> Option<Meaning<'t, 'a>> {
        if self.contains_key(variable) { self.slot(*variable).take() } else { None }
    }

    /// A slot of a part that no other copy has.
    fn slot(&mut self, variable: usize) -> &mut Option<Meaning<'t, 'a>> {
        &mut Rc::make_mut(&mut self.parts[variable / PART])[variable % PART]
    }

    /// The variables here, with what they hold.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Meaning<'t, 'a>)> {
        self.parts.iter().enumerate().flat_map(|(at, part)| held(at, part))
    }

    /// The variables here that may hold something else in one of these copies, which were changed; with what they hold here.
    pub fn changed_in<'v>(
        &'v self,
        copies: [&'v Self; 2],
    ) -> impl Iterator<Item = (usize, &'v Meaning<'t, 'a>)> {
        let is_shared = move |at: usize, part: &Rc<Part<'t, 'a>>| {
            copies.iter().all(|copy| copy.parts.get(at).is_some_and(|other| Rc::ptr_eq(part, other)))
        };
        let parts = self.parts.iter().enumerate().filter(move |(at, part)| !is_shared(*at, part));
        parts.flat_map(|(at, part)| held(at, part))
    }
}

/// What the variables of a part hold.
fn held<'v, 't, 'a>(at: usize, part: &'v Part<'t, 'a>) -> impl Iterator<Item = (usize, &'v Meaning<'t, 'a>)> {
    let slots = part.iter().enumerate();
    slots.filter_map(move |(slot, meaning)| Some((at * PART + slot, meaning.as_ref()?)))
}

impl<'t, 'a> Index<&usize> for Variables<'t, 'a> {
    type Output = Meaning<'t, 'a>;

    fn index(&self, variable: &usize) -> &Meaning<'t, 'a> {
        self.get(variable).expect("the variable is bound")
    }
}

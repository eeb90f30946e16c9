//! What a function changes through `&mut`: taken out, and left there.

/// What a `&mut` parameter leads to.
pub trait Changed {
    /// The same, owned.
    type Owned;
    /// A copy of it.
    fn owned(&self) -> Self::Owned;
}

impl<T: Clone> Changed for T {
    type Owned = T;
    #[inline]
    fn owned(&self) -> T {
        self.clone()
    }
}

impl<T: Clone> Changed for [T] {
    type Owned = Vec<T>;
    #[inline]
    fn owned(&self) -> Vec<T> {
        self.to_vec()
    }
}

/// Where what is left of it goes.
pub trait Leave<Owned> {
    /// Puts it there.
    fn leave(&mut self, left: Owned);
}

impl<T> Leave<T> for T {
    #[inline]
    fn leave(&mut self, left: T) {
        *self = left;
    }
}

impl<T: Clone> Leave<Vec<T>> for [T] {
    #[inline]
    fn leave(&mut self, left: Vec<T>) {
        self.clone_from_slice(&left);
    }
}

//! Frames: what the forward sweep of a compiled adjoint saves for its reverse sweep, on two stacks: numbers, a record an
//! iteration, and the words of passive data.

use super::fallible::MayFail;
use super::idle::{self, Idle};
use super::recorded::Recorded;
use std::any::Any;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;
use std::slice::IterMut;

/// How many numbers a block has room for at once: 512 KiB.
const PIECE: usize = 1 << 16;

/// The stacks of one call.
#[derive(Default)]
pub struct Frame {
    /// Numbers, as many as `top` says, and room for more.
    floats: Vec<f64>,
    top: usize,
    /// Integers, truth values, lengths.
    pub words: Vec<u64>,
    /// Graphs of callees whose adjoints are not compiled.
    pub(super) graphs: Vec<Rc<Recorded>>,
    /// Data of the user's own types, in fields of structs.
    data: Vec<Rc<dyn Any>>,
}

impl Frame {
    /// Forgets what was saved.
    pub fn clear(&mut self) {
        self.top = 0;
        self.words.clear();
        self.graphs.clear();
        self.data.clear();
    }

    /// Saves data that carries no gradient.
    pub fn keep_data<T: Clone + 'static>(&mut self, data: &T) {
        self.data.push(Rc::new(data.clone()));
    }

    /// Takes the last such data back.
    ///
    /// # Panics
    ///
    /// If there is none of this type.
    pub fn data_back<T: Clone + 'static>(&mut self) -> T {
        let last = self.data.pop().and_then(|data| data.downcast::<T>().ok());
        Rc::unwrap_or_clone(last.expect("data for every field that was saved"))
    }

    /// Runs what may fail, and takes back what it saved if it does.
    #[inline]
    pub fn attempt<T, R: MayFail<T>>(&mut self, inside: impl FnOnce(&mut Frame) -> R) -> R {
        let (top, words) = (self.top, self.words.len());
        let (graphs, data) = (self.graphs.len(), self.data.len());
        let given = inside(self);
        if given.has_failed() {
            self.top = top;
            self.words.truncate(words);
            self.graphs.truncate(graphs);
            self.data.truncate(data);
        }
        given
    }

    fn is_empty(&self) -> bool {
        self.top == 0 && self.words.is_empty() && self.graphs.is_empty() && self.data.is_empty()
    }

    /// The memory that it holds.
    fn bytes(&self) -> usize {
        let numbers = self.floats.capacity() + self.words.capacity();
        let others = size_of::<Rc<Recorded>>() * self.graphs.capacity();
        8 * numbers + others + size_of::<Rc<dyn Any>>() * self.data.capacity()
    }

    /// Saves the numbers of one iteration.
    #[inline]
    pub fn record<const N: usize>(&mut self, record: &[f64; N]) {
        self.save(record);
    }

    /// Saves numbers.
    #[inline]
    fn save(&mut self, numbers: &[f64]) {
        let end = self.top + numbers.len();
        if end > self.floats.len() {
            self.grow(end);
        }
        self.floats[self.top..end].copy_from_slice(numbers);
        self.top = end;
    }

    /// Makes room for so many numbers, and for more to come.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, needed: usize) {
        self.floats.resize(needed.max(2 * self.floats.len()).max(64), 0.0);
    }

    /// Room for a record for each item of an iterator, in their order; for very many, room for the first ones. A loop that panics early
    /// takes no memory for what it never computes.
    #[inline]
    pub fn block<const N: usize, I: Iterator>(&mut self, items: &I) -> IterMut<'_, [f64; N]> {
        self.slots(items.size_hint().0.min(PIECE / N))
    }

    /// Room for more records.
    #[cold]
    #[inline(never)]
    pub fn more<const N: usize>(&mut self) -> IterMut<'_, [f64; N]> {
        self.slots((PIECE / N).max(1))
    }

    #[inline]
    fn slots<const N: usize>(&mut self, records: usize) -> IterMut<'_, [f64; N]> {
        let (begin, end) = (self.top, self.top + N * records);
        if end > self.floats.len() {
            self.grow(end);
        }
        self.top = end;
        self.floats[begin..end].as_chunks_mut().0.iter_mut()
    }

    /// Takes back room for so many numbers, in which nothing was saved.
    #[inline]
    pub fn unused(&mut self, numbers: usize) {
        self.top -= numbers;
    }

    /// Takes back a record for each item of an iterator, the last ones that were saved.
    ///
    /// # Panics
    ///
    /// If there are fewer.
    #[inline]
    pub fn block_back<const N: usize, I: Iterator + Clone>(&mut self, items: &I) -> &[[f64; N]] {
        let end = self.top;
        let numbers = count(items).checked_mul(N);
        self.top =
            numbers.and_then(|numbers| end.checked_sub(numbers)).expect("a record for every iteration");
        self.floats[self.top..end].as_chunks().0
    }
}

/// A copy has no more room than it needs.
impl Clone for Frame {
    fn clone(&self) -> Frame {
        Frame {
            floats: self.floats[..self.top].to_vec(),
            top: self.top,
            words: self.words.clone(),
            graphs: self.graphs.clone(),
            data: self.data.clone(),
        }
    }
}

/// How many items an iterator gives.
#[inline]
fn count<I: Iterator + Clone>(items: &I) -> usize {
    match items.size_hint() {
        (least, Some(most)) if least == most => least,
        _ => items.clone().count(),
    }
}

thread_local! {
    static FRAMES: RefCell<Idle<Frame>> = const { RefCell::new(Idle::new()) };
}

/// Runs with an empty frame, whose memory the next call on this thread uses again. If `inside` panics it is dropped.
#[inline]
pub fn framed<R>(inside: impl FnOnce(&mut Frame) -> R) -> R {
    let mut frame = idle::take(&FRAMES);
    let result = inside(&mut frame);
    debug_assert!(frame.is_empty(), "the reverse sweep takes back what the forward sweep saved");
    frame.clear();
    let bytes = frame.bytes();
    idle::keep(&FRAMES, frame, bytes);
    result
}

/// Takes the last record back.
///
/// # Panics
///
/// If there is none.
#[inline]
pub fn pop<const N: usize>(frame: &mut Frame) -> [f64; N] {
    let (rest, record) =
        frame.floats[..frame.top].split_last_chunk::<N>().expect("a record for every iteration");
    let (rest, record) = (rest.len(), *record);
    frame.top = rest;
    record
}

/// Saves a record in the room for records, if there is any left.
#[inline]
pub fn write<const N: usize>(room: &mut IterMut<'_, [f64; N]>, record: [f64; N]) -> bool {
    match room.next() {
        Some(slot) => {
            *slot = record;
            true
        }
        None => false,
    }
}

/// For how many numbers there is room left.
#[inline]
pub fn room<const N: usize>(room: &IterMut<'_, [f64; N]>) -> usize {
    N * room.len()
}

/// The type of something that is saved, told by inference where the forward sweep saves it.
pub struct Witness<T>(PhantomData<fn() -> T>);

impl<T> Default for Witness<T> {
    #[inline]
    fn default() -> Self {
        Witness(PhantomData)
    }
}

impl<T> Witness<T> {
    /// Tells the type.
    #[inline]
    pub fn see(&self, _: &T) {}

    /// An adjoint that nothing has reached, of a type that tells its shape.
    #[inline]
    pub fn unreached(&self) -> T
    where
        T: Fixed,
    {
        T::unreached()
    }

    /// Saves a value.
    #[inline]
    pub fn keep(&self, frame: &mut Frame, value: &T)
    where
        T: Kept,
    {
        value.keep(frame);
    }

    /// Takes the last value back.
    #[inline]
    pub fn back(&self, frame: &mut Frame) -> T
    where
        T: Kept,
    {
        T::back(frame)
    }
}

/// What a frame can hold.
pub trait Kept: Sized {
    /// Saves it.
    fn keep(&self, frame: &mut Frame);
    /// Takes it back.
    fn back(frame: &mut Frame) -> Self;

    /// Saves the elements of an array.
    #[inline]
    fn keep_all(elements: &[Self], frame: &mut Frame) {
        elements.iter().for_each(|element| element.keep(frame));
    }

    /// Takes the elements of an array back.
    #[inline]
    fn all_back<const N: usize>(frame: &mut Frame) -> [Self; N] {
        let mut elements = std::array::from_fn(|_| Self::back(frame));
        elements.reverse();
        elements
    }
}

impl Kept for f64 {
    #[inline]
    fn keep(&self, frame: &mut Frame) {
        frame.record(&[*self]);
    }
    #[inline]
    fn back(frame: &mut Frame) -> f64 {
        let [number] = pop(frame);
        number
    }
    #[inline]
    fn keep_all(elements: &[f64], frame: &mut Frame) {
        frame.save(elements);
    }
    #[inline]
    fn all_back<const N: usize>(frame: &mut Frame) -> [f64; N] {
        pop(frame)
    }
}

fn word(frame: &mut Frame) -> u64 {
    frame.words.pop().expect("a word for every one that was saved")
}

/// Integers go through `i128`, in two words only where one does not hold them.
macro_rules! words {
    ($($T:ty),*) => { $(
        impl Kept for $T {
            #[inline]
            #[allow(
                clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_possible_wrap, clippy::cast_lossless,
                clippy::unnecessary_cast, reason = "the same bits come back"
            )]
            fn keep(&self, frame: &mut Frame) {
                frame.words.push(*self as u64);
            }
            #[inline]
            #[allow(
                clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_possible_wrap, clippy::cast_lossless,
                clippy::unnecessary_cast, reason = "the same bits come back"
            )]
            fn back(frame: &mut Frame) -> $T {
                word(frame) as $T
            }
        }
    )* };
}

words!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);

macro_rules! wide_words {
    ($($T:ty),*) => { $(
        impl Kept for $T {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the halves of its bits")]
            fn keep(&self, frame: &mut Frame) {
                frame.words.extend([*self as u64, (*self >> 64) as u64]);
            }
            #[allow(clippy::cast_possible_wrap, clippy::cast_lossless, reason = "the halves of its bits")]
            fn back(frame: &mut Frame) -> $T {
                let high = word(frame) as $T;
                (high << 64) | (word(frame) as $T)
            }
        }
    )* };
}

wide_words!(u128, i128);

impl Kept for bool {
    #[inline]
    fn keep(&self, frame: &mut Frame) {
        frame.words.push(u64::from(*self));
    }
    #[inline]
    fn back(frame: &mut Frame) -> bool {
        word(frame) != 0
    }
}

/// What a function without a result gives.
impl Kept for () {
    #[inline]
    fn keep(&self, _: &mut Frame) {}
    #[inline]
    fn back(_: &mut Frame) {}
}

impl<T: Kept, const N: usize> Kept for [T; N] {
    #[inline]
    fn keep(&self, frame: &mut Frame) {
        T::keep_all(self, frame);
    }
    #[inline]
    fn back(frame: &mut Frame) -> [T; N] {
        T::all_back(frame)
    }
}

impl<T: Kept> Kept for Vec<T> {
    fn keep(&self, frame: &mut Frame) {
        self.iter().for_each(|element| element.keep(frame));
        self.len().keep(frame);
    }
    fn back(frame: &mut Frame) -> Self {
        let length = usize::back(frame);
        let mut elements: Vec<T> = (0..length).map(|_| T::back(frame)).collect();
        elements.reverse();
        elements
    }
}

/// A type whose shape is part of it: `f64`, arrays and tuples of such types.
pub trait Fixed {
    /// −0 everywhere: an adjoint that nothing has reached.
    fn unreached() -> Self;
}

impl Fixed for f64 {
    #[inline]
    fn unreached() -> f64 {
        -0.0
    }
}

impl<T: Fixed, const N: usize> Fixed for [T; N] {
    #[inline]
    fn unreached() -> Self {
        std::array::from_fn(|_| T::unreached())
    }
}

/// Adjoints of a shape that can be added up.
pub trait Accumulate<From: ?Sized> {
    /// Adds the other element by element.
    fn accumulate(&mut self, other: &From);
}

/// The first items of an iterator, the last of them first.
#[inline]
pub fn backward<I: IntoIterator>(items: I, count: usize) -> std::iter::Rev<std::vec::IntoIter<I::Item>> {
    items.into_iter().take(count).collect::<Vec<_>>().into_iter().rev()
}

/// Adds to each element of an adjoint that of another.
#[inline]
pub fn accumulate<To: Accumulate<From> + ?Sized, From: ?Sized>(to: &mut To, from: &From) {
    to.accumulate(from);
}

/// Whether anything has reached an adjoint, which begins as −0; the reverse pass of a graph skips a node by the same test.
#[inline]
pub fn reached(adjoint: f64) -> bool {
    adjoint.to_bits() != (-0.0_f64).to_bits()
}

impl Accumulate<f64> for f64 {
    #[inline]
    fn accumulate(&mut self, other: &f64) {
        *self += other;
    }
}

impl<A, B: Accumulate<A>> Accumulate<[A]> for [B] {
    #[inline]
    fn accumulate(&mut self, other: &[A]) {
        for (to, from) in self.iter_mut().zip(other) {
            to.accumulate(from);
        }
    }
}

macro_rules! accumulate {
    ($( [$($generics:tt)*] $To:ty, $From:ty; )*) => { $(
        impl<A, B: Accumulate<A>, $($generics)*> Accumulate<$From> for $To {
            #[inline]
            fn accumulate(&mut self, other: &$From) {
                self[..].accumulate(&other[..]);
            }
        }
    )* };
}

accumulate! {
    [] [B], Vec<A>;
    [] Vec<B>, Vec<A>;
    [] Vec<B>, [A];
    [const N: usize] [B], [A; N];
    [const N: usize] Vec<B>, [A; N];
    [const N: usize] [B; N], [A; N];
    [const N: usize] [B; N], Vec<A>;
    [const N: usize] [B; N], [A];
}

impl<A: ?Sized, B: Accumulate<A> + ?Sized> Accumulate<A> for &mut B {
    #[inline]
    fn accumulate(&mut self, other: &A) {
        (**self).accumulate(other);
    }
}

macro_rules! tuples {
    ($( ($($T:ident $A:ident $at:tt),*) )*) => { $(
        impl<$($T: Kept),*> Kept for ($($T,)*) {
            fn keep(&self, frame: &mut Frame) {
                $(self.$at.keep(frame);)*
            }
            fn back(frame: &mut Frame) -> Self {
                let mut parts = ($(None::<$T>,)*);
                tuples!(@back frame parts $($at)*);
                ($(parts.$at.expect("every part is taken back"),)*)
            }
        }
        impl<$($T: Fixed),*> Fixed for ($($T,)*) {
            #[inline]
            fn unreached() -> Self {
                ($($T::unreached(),)*)
            }
        }
        impl<$($T, $A: Accumulate<$T>),*> Accumulate<($($T,)*)> for ($($A,)*) {
            #[inline]
            fn accumulate(&mut self, other: &($($T,)*)) {
                $(self.$at.accumulate(&other.$at);)*
            }
        }
    )* };
    (@back $frame:ident $parts:ident $first:tt $($at:tt)*) => {
        tuples!(@back $frame $parts $($at)*);
        $parts.$first = Some(Kept::back($frame));
    };
    (@back $frame:ident $parts:ident) => {};
}

tuples! {
    (A X 0)
    (A X 0, B Y 1)
    (A X 0, B Y 1, C Z 2)
    (A X 0, B Y 1, C Z 2, D U 3)
    (A X 0, B Y 1, C Z 2, D U 3, E V 4)
    (A X 0, B Y 1, C Z 2, D U 3, E V 4, F W 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls inside each other, each with room for 64 MiB of numbers. (Memory that is not touched costs nothing.)
    fn nested(levels: usize) {
        framed(|frame| {
            frame.floats.reserve_exact(1 << 23);
            if levels > 1 {
                nested(levels - 1);
            }
        });
    }

    #[test]
    fn what_a_thread_keeps_of_frames_is_bounded() {
        nested(10);
        let (bytes, frames) = FRAMES.with_borrow(Idle::kept);
        assert!(bytes <= idle::MOST_KEPT);
        assert_eq!(frames.len(), 3, "{frames:?}");
        assert!(frames.iter().all(|bytes| (1 << 26..1 << 27).contains(bytes)));
        // The kept ones are used again, and no others are made.
        nested(10);
        assert_eq!(FRAMES.with_borrow(Idle::kept), (bytes, frames));
    }

    #[test]
    fn blocks_grow_with_the_loop() {
        let mut frame = Frame::default();
        7.0.keep(&mut frame);
        let items = 0..2 * PIECE + 5;
        let mut block = frame.block(&items);
        for item in items.clone() {
            let record = [item as f64];
            while !write(&mut block, record) {
                block = frame.more();
            }
        }
        let left = room(&block);
        frame.unused(left);
        assert!(
            frame.block_back(&items).iter().zip(items.clone()).all(|([saved], item)| *saved == item as f64)
        );
        assert_eq!(f64::back(&mut frame), 7.0);
        assert!(frame.is_empty());
        // A loop of which nobody knows the end takes little memory before it ends.
        let mut frame = Frame::default();
        assert_eq!(frame.block::<3, _>(&(0..)).len(), PIECE / 3);
        assert!(frame.floats.len() <= PIECE);
    }

    #[test]
    fn what_is_saved_comes_back() {
        let mut frame = Frame::default();
        let rows = vec![(1.0, [2.0, 3.0]), (4.0, [5.0, 6.0])];
        let deep = [[[1.0, 2.0]; 2], [[3.0, 4.0]; 2]];
        rows.keep(&mut frame);
        deep.keep(&mut frame);
        (-5_i32).keep(&mut frame);
        i128::MIN.keep(&mut frame);
        true.keep(&mut frame);
        assert!(bool::back(&mut frame));
        assert_eq!(i128::back(&mut frame), i128::MIN);
        assert_eq!(i32::back(&mut frame), -5);
        assert_eq!(<[[[f64; 2]; 2]; 2]>::back(&mut frame), deep);
        assert_eq!(<Vec<(f64, [f64; 2])>>::back(&mut frame), rows);
        assert!(frame.is_empty());
    }
}

//! The record of the way through a program, while `f_graph` runs.
//!
//! Generated code tells of every call, iteration and branch that it enters, by a handle that on its end goes back to
//! where it began. Nothing is balanced by counting: each handle remembers the scope around it *by value*, so that an early
//! `return`, a `break` out of three loops or a panic leaves the record as right as the end of a block does.
//!
//! The same code runs on lean graphs. It is generic in its [`TraceMode`]: compiled as [`Untraced`], nothing of this is left.

use super::scope::{Branch, Comparison, DetachReason, Detached, Guard, Loop, Step};
use crate::graph::{Graph, Operand, Value};
use crate::provenance::{OFF, Site, Source, current_scope, set_scope};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::marker::PhantomData;
use std::ptr;

/// What a trace knows beside its graph: the tree of scopes, and what the numbers decided.
#[derive(Default)]
pub struct Record {
    /// The address of the graph while it is recorded: guards and cuts are about its nodes.
    graph: usize,
    /// Scope n is at index n − 1; scope 0 is the traced function itself.
    scopes: Vec<Opened>,
    guards: Vec<Met<Guard>>,
    cuts: Vec<Met<Detached>>,
    /// The branching expressions of each function that ran.
    functions: Vec<&'static [Site]>,
    /// How often each closure was called in each scope.
    calls: HashMap<(u32, usize), usize>,
    /// What is looking at plain numbers.
    cutting: Option<(&'static Site, DetachReason)>,
}

/// A scope, and how it was entered.
struct Opened {
    parent: u32,
    entered: Entered,
    /// Of an iteration: whether its body ran. That of a loop's last question, which found no further element or a
    /// condition that no longer holds, does not.
    ran: bool,
}

#[derive(Clone, Copy)]
enum Entered {
    /// A call whose function has not yet told its name.
    Calling(&'static Site),
    Step(Step),
}

/// A guard or cut, its path not yet spelled out, and the scope that it was met in.
struct Met<T> {
    scope: u32,
    what: T,
}

thread_local! {
    /// Whether plain numbers that are taken are cuts.
    static CUTTING: Cell<bool> = const { Cell::new(false) };
    /// The recording that is on.
    static RECORD: RefCell<Option<Box<Record>>> = const { RefCell::new(None) };
}

/// What tells two things in memory apart.
fn address<T>(thing: &T) -> usize {
    ptr::from_ref(thing).addr()
}

/// Changes the record, if there is one.
fn with<R>(change: impl FnOnce(&mut Record) -> R) -> Option<R> {
    RECORD.try_with(|record| record.borrow_mut().as_deref_mut().map(change)).ok().flatten()
}

/// Replaces the current record. In a destructor of a thread that is ending the thread-local record is gone already, and the path
/// through the program is not recorded.
fn exchange(record: Option<Box<Record>>) -> Option<Box<Record>> {
    RECORD.try_with(|place| place.replace(record)).ok().flatten()
}

/// A recording: as long as it lives, everything that this thread computes on the graph is recorded.
pub struct Recording {
    /// A recording that continues when this one ends.
    around: Option<Box<Record>>,
    scope: u32,
}

impl Recording {
    /// Begins to record.
    pub fn of(graph: &Graph) -> Recording {
        let record = Record { graph: address(graph), ..Record::default() };
        let around = exchange(Some(Box::new(record)));
        Recording { around, scope: set_scope(0) }
    }

    /// Ends the recording: what was recorded, for the trace.
    #[must_use = "the trace needs it"]
    pub fn end(self) -> Record {
        let record = exchange(None).map_or_else(Record::default, |record| *record);
        Record { calls: HashMap::new(), ..record }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        set_scope(self.scope);
        exchange(self.around.take());
    }
}

/// Selects traced or untraced code.
pub trait TraceMode: Copy {
    /// Whether the run is recorded.
    const TRACES: bool;
    /// The value that calls pass on.
    const MODE: Self;
}

/// Tracing is off.
#[derive(Clone, Copy)]
pub struct Untraced;

/// Every step is recorded.
#[derive(Clone, Copy)]
pub struct Traced;

impl TraceMode for Untraced {
    const TRACES: bool = false;
    const MODE: Untraced = Untraced;
}

impl TraceMode for Traced {
    const TRACES: bool = true;
    const MODE: Traced = Traced;
}

/// Goes back, on its end, to the scope in which it was made.
pub struct Entry<W: TraceMode>(u32, PhantomData<W>);

impl<W: TraceMode> Entry<W> {
    #[inline]
    fn here() -> Self {
        Entry(if W::TRACES { current_scope() } else { OFF }, PhantomData)
    }

    /// Enters a new scope inside the one around, where a recording is on.
    #[inline]
    fn enter(&self, entered: impl FnOnce() -> Entered) {
        if W::TRACES && self.0 != OFF {
            let entered = entered();
            set_scope(with(|record| record.open(self.0, entered)).unwrap_or(self.0));
        }
    }
}

impl<W: TraceMode> Entry<W> {
    /// The iteration that was entered last runs its body.
    #[inline]
    fn body_runs(&self) {
        body_runs::<W>();
    }
}

impl<W: TraceMode> Drop for Entry<W> {
    #[inline]
    fn drop(&mut self) {
        if W::TRACES {
            set_scope(self.0);
        }
    }
}

/// Enters a call of another differentiable function.
#[inline]
pub fn call<W: TraceMode>(at: &'static Site) -> Entry<W> {
    let entry = Entry::here();
    entry.enter(|| Entered::Calling(at));
    entry
}

/// Tells which function runs, and which branching expressions it has.
#[inline]
pub fn function<W: TraceMode>(source: &'static Source, branches: &'static [Site]) {
    if W::TRACES {
        with(|record| record.function(source, branches));
    }
}

/// Enters an arm.
#[inline]
pub fn branch<W: TraceMode>(at: &'static Site, arm: usize) -> Entry<W> {
    let entry = Entry::here();
    entry.enter(|| Entered::Step(Step::Branch { at, arm }));
    entry
}

/// Enters a closure.
#[inline]
pub fn closure<W: TraceMode>(at: &'static Site) -> Entry<W> {
    let entry = Entry::<W>::here();
    entry.enter(|| {
        let number = with(|record| record.next_call(entry.0, at)).unwrap_or(0);
        Entered::Step(Step::Iteration { at, number })
    });
    entry.body_runs();
    entry
}

/// Enters an iteration whose number the caller counts, as an interpreter does.
#[inline]
pub fn iteration<W: TraceMode>(at: &'static Site, number: usize) -> Entry<W> {
    let entry = Entry::here();
    entry.enter(|| Entered::Step(Step::Iteration { at, number }));
    entry
}

/// The body of the iteration that was entered last runs.
#[inline]
pub fn body_runs<W: TraceMode>() {
    if W::TRACES {
        with(Record::body_runs);
    }
}

/// The iterations of a `while` or `loop`.
pub struct Turns<W: TraceMode> {
    around: Entry<W>,
    at: &'static Site,
    number: Cell<usize>,
}

/// Enters the first iteration of a `while` or `loop`, its condition included.
#[inline]
pub fn turns<W: TraceMode>(at: &'static Site) -> Turns<W> {
    let turns = Turns { around: Entry::here(), at, number: Cell::new(0) };
    turns.enter();
    turns
}

impl<W: TraceMode> Turns<W> {
    #[inline]
    fn enter(&self) {
        self.around.enter(|| Entered::Step(Step::Iteration { at: self.at, number: self.number.get() }));
    }

    /// The body: at its end the next iteration begins.
    #[inline]
    pub fn turn(&self) -> Turn<'_, W> {
        self.around.body_runs();
        Turn(self)
    }
}

/// The body of an iteration.
pub struct Turn<'t, W: TraceMode>(&'t Turns<W>);

impl<W: TraceMode> Drop for Turn<'_, W> {
    #[inline]
    fn drop(&mut self) {
        if W::TRACES {
            self.0.number.set(self.0.number.get() + 1);
            self.0.enter();
        }
    }
}

/// What a `for` loop goes through: asking for an element begins an iteration.
pub struct Each<W: TraceMode, I> {
    around: Entry<W>,
    at: &'static Site,
    number: usize,
    elements: I,
}

/// The iterations of a `for` loop.
#[inline]
pub fn each<W: TraceMode, I: IntoIterator>(at: &'static Site, elements: I) -> Each<W, I::IntoIter> {
    Each { around: Entry::here(), at, number: 0, elements: elements.into_iter() }
}

impl<W: TraceMode, I: Iterator> Iterator for Each<W, I> {
    type Item = I::Item;

    #[inline]
    fn next(&mut self) -> Option<I::Item> {
        if W::TRACES {
            self.around.enter(|| Entered::Step(Step::Iteration { at: self.at, number: self.number }));
            self.number += 1;
        }
        let element = self.elements.next();
        if element.is_some() {
            self.around.body_runs();
        }
        element
    }
}

/// Compares two numbers, one of them active.
#[inline]
pub(crate) fn compare<W: TraceMode>(
    at: &'static Site,
    comparison: Comparison,
    left: Value<'_>,
    right: Value<'_>,
) -> bool {
    let outcome = comparison.holds(left.data(), right.data());
    if W::TRACES {
        with(|record| record.compared(at, comparison, [left, right], outcome));
    }
    outcome
}

/// While it lives, every plain number that is taken is a cut.
pub(crate) struct Cutting<W: TraceMode>(Option<(&'static Site, DetachReason)>, PhantomData<W>);

/// Begins to take plain numbers.
#[inline]
pub(crate) fn cutting<W: TraceMode>(at: &'static Site, reason: DetachReason) -> Cutting<W> {
    let mut around = None;
    if W::TRACES {
        around = with(|record| record.cutting.replace((at, reason))).flatten();
        CUTTING.set(true);
    }
    Cutting(around, PhantomData)
}

impl<W: TraceMode> Drop for Cutting<W> {
    #[inline]
    fn drop(&mut self) {
        if W::TRACES {
            CUTTING.set(self.0.is_some());
            with(|record| record.cutting = self.0);
        }
    }
}

/// The plain number of a value is taken.
#[inline]
pub(crate) fn plain_number(value: Value<'_>) {
    if CUTTING.get() {
        with(|record| record.cut(value));
    }
}

/// Whole collections are compared.
#[inline]
pub(crate) fn compared_collections<W: TraceMode>(at: &'static Site) {
    if W::TRACES {
        with(|record| record.push_cut(at, DetachReason::Comparison, None));
    }
}

impl Record {
    fn open(&mut self, parent: u32, entered: Entered) -> u32 {
        self.scopes.push(Opened { parent, entered, ran: false });
        u32::try_from(self.scopes.len()).ok().filter(|&scope| scope != OFF).expect("fewer than 2³² scopes")
    }

    fn function(&mut self, source: &'static Source, branches: &'static [Site]) {
        if let Some(Opened { entered, .. }) = self.here()
            && let Entered::Calling(at) = *entered
        {
            *entered = Entered::Step(Step::Call { at, source });
        }
        // Tables that are not empty have an address of their own. Functions that call each other ran a moment ago, so
        // the search ends soon.
        if !branches.is_empty() && !self.functions.iter().rev().any(|known| ptr::eq(*known, branches)) {
            self.functions.push(branches);
        }
    }

    /// The scope that runs.
    fn here(&mut self) -> Option<&mut Opened> {
        self.scopes.get_mut((current_scope() as usize).wrapping_sub(1))
    }

    fn body_runs(&mut self) {
        if let Some(scope) = self.here() {
            scope.ran = true;
        }
    }

    fn next_call(&mut self, scope: u32, at: &'static Site) -> usize {
        let calls = self.calls.entry((scope, address(at))).or_default();
        *calls += 1;
        *calls - 1
    }

    /// A value of the recorded graph as an operand; `None` for one of another graph.
    fn operand(&self, value: Value<'_>) -> Option<Operand> {
        match value.node() {
            None => Some(Operand::Constant(value.data())),
            Some(node) if address(node.graph) == self.graph => Some(Operand::Node(node.index())),
            Some(_) => None,
        }
    }

    fn compared(&mut self, at: &'static Site, comparison: Comparison, sides: [Value<'_>; 2], outcome: bool) {
        let [Some(left), Some(right)] = sides.map(|side| self.operand(side)) else { return };
        if matches!((left, right), (Operand::Constant(_), Operand::Constant(_))) {
            return;
        }
        let after = self.nodes(sides);
        let what = Guard { at, comparison, left, right, outcome, after, path: Vec::new() };
        self.guards.push(Met { scope: current_scope(), what });
    }

    /// How many nodes the graph of these values has.
    fn nodes(&self, values: [Value<'_>; 2]) -> usize {
        values.into_iter().find_map(Value::node).map_or(0, |node| node.graph.len())
    }

    fn cut(&mut self, value: Value<'_>) {
        if let (Some((at, reason)), Some(Operand::Node(node))) = (self.cutting, self.operand(value)) {
            let after = self.nodes([value; 2]);
            self.push_cut(at, reason, Some((node, after)));
        }
    }

    fn push_cut(&mut self, at: &'static Site, reason: DetachReason, node: Option<(usize, usize)>) {
        let what = Detached {
            at,
            reason,
            node: node.map(|(node, _)| node),
            after: node.map_or(0, |(_, after)| after),
            path: Vec::new(),
        };
        self.cuts.push(Met { scope: current_scope(), what });
    }

    /// This scope, or the innermost one around it into which a step leads. 0 is the traced function itself.
    pub(super) fn innermost(&self, mut scope: u32) -> u32 {
        while let Some(Opened { parent, entered: Entered::Calling(_), .. }) = self.opened(scope) {
            scope = *parent;
        }
        if self.opened(scope).is_some() { scope } else { 0 }
    }

    /// The step into a scope, and the scope around it; `None` for the traced function itself.
    pub(super) fn entered(&self, scope: u32) -> Option<(Step, u32)> {
        match self.opened(scope)? {
            Opened { parent, entered: Entered::Step(step), .. } => Some((*step, self.innermost(*parent))),
            Opened { entered: Entered::Calling(_), .. } => None,
        }
    }

    /// How many scopes were opened.
    pub(super) fn len(&self) -> usize {
        self.scopes.len()
    }

    /// The scope around one of them.
    pub(super) fn parent(&self, scope: usize) -> u32 {
        self.scopes[scope - 1].parent
    }

    /// Whether the body of an iteration ran.
    pub(super) fn ran(&self, scope: u32) -> bool {
        self.opened(scope).is_none_or(|opened| {
            opened.ran || !matches!(opened.entered, Entered::Step(Step::Iteration { .. }))
        })
    }

    /// The scopes of calls, and what they call.
    pub(super) fn calls(&self) -> impl Iterator<Item = (u32, &'static Site, &'static Source)> {
        (1..).zip(&self.scopes).filter_map(|(scope, opened)| match opened.entered {
            Entered::Step(Step::Call { at, source }) => Some((scope, at, source)),
            _ => None,
        })
    }

    fn opened(&self, scope: u32) -> Option<&Opened> {
        self.scopes.get((scope as usize).wrapping_sub(1))
    }

    /// The steps to a scope, from the outside in.
    pub(super) fn path(&self, scope: u32) -> Vec<Step> {
        let steps =
            std::iter::successors(self.entered(self.innermost(scope)), |&(_, parent)| self.entered(parent));
        let mut path: Vec<Step> = steps.map(|(step, _)| step).collect();
        path.reverse();
        path
    }

    pub(crate) fn guards(&self) -> impl ExactSizeIterator<Item = Guard> {
        self.guards.iter().map(|met| Guard { path: self.path(met.scope), ..met.what.clone() })
    }

    pub(crate) fn cuts(&self) -> impl ExactSizeIterator<Item = Detached> {
        self.cuts.iter().map(|met| Detached { path: self.path(met.scope), ..met.what.clone() })
    }

    /// Every branching expression of the functions that ran.
    pub(crate) fn branches(&self) -> Vec<Branch> {
        let mut taken: HashMap<usize, Vec<usize>> = HashMap::new();
        for scope in &self.scopes {
            if let Entered::Step(Step::Branch { at, arm }) = scope.entered {
                let taken = taken.entry(address(at)).or_insert_with(|| vec![0; at.operands.len()]);
                taken[arm] += 1;
            }
        }
        let sites = self.functions.iter().copied().flatten();
        let branch = |at: &'static Site| {
            let taken = taken.remove(&address(at)).unwrap_or_else(|| vec![0; at.operands.len()]);
            Branch { at, taken }
        };
        sites.map(branch).collect()
    }

    /// Every loop and closure that was entered, in the order of their first entry.
    pub(crate) fn loops(&self) -> Vec<Loop> {
        let mut known: HashMap<usize, usize> = HashMap::new();
        let mut loops: Vec<Loop> = Vec::new();
        for scope in &self.scopes {
            let Entered::Step(Step::Iteration { at, number }) = scope.entered else { continue };
            let index = *known.entry(address(at)).or_insert_with(|| {
                loops.push(Loop { at, entered: 0, iterations: 0 });
                loops.len() - 1
            });
            loops[index].entered += usize::from(number == 0);
            loops[index].iterations += usize::from(scope.ran);
        }
        loops
    }
}

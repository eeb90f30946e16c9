//! The one walk over the IR: what a statement reads, what it makes, and which regions it has. A new kind of statement is told
//! apart here, and every analysis knows of it.

use super::{
    Amount, Argument, Atom, CallReverse, Change, Direction, Expression, HostExpression, Init, Loop, Named,
    Order, Out, Outcome, Piece, Place, Record, Region, Seed, Shape, Statement, StatementKind, Step,
    StorageId, Test, ValueId,
};

/// What a statement reads, whole.
pub enum Operand<'s> {
    Atom(&'s Atom),
    Value(ValueId),
    /// The numbers of a place, or their shape.
    Place(&'s Place),
    Storage(StorageId),
    HostExpression(&'s HostExpression),
}

impl StatementKind {
    /// What it reads itself, what its regions read apart.
    pub fn operands<'s>(&'s self, each: &mut dyn FnMut(Operand<'s>)) {
        match self {
            StatementKind::Operation { operands, .. } => {
                operands.iter().for_each(|operand| each(Operand::Atom(operand)));
            }
            StatementKind::Passive { host, .. } => each(Operand::HostExpression(host)),
            StatementKind::Load { place, .. }
            | StatementKind::Take { place, .. }
            | StatementKind::Sum { place, .. } => each(Operand::Place(place)),
            StatementKind::New { init, .. } => init.operands(each),
            StatementKind::Store { place, value } => {
                each(Operand::Place(place));
                each(Operand::Atom(value));
            }
            StatementKind::Copy { to: a, from: b } | StatementKind::Swap { a, b } => {
                each(Operand::Place(a));
                each(Operand::Place(b));
            }
            StatementKind::Change { place, change } => {
                each(Operand::Place(place));
                change.operands(each);
            }
            StatementKind::Call(call) => {
                call.arguments.iter().for_each(|argument| argument.operands(each));
                call.rest.iter().for_each(|rest| each(Operand::HostExpression(rest)));
                let tangents = call.tangents.iter().flat_map(|tangents| &tangents.arguments);
                tangents.for_each(|direction| direction.operands(each));
            }
            StatementKind::CallReverse(call) => call.operands(each),
            StatementKind::If { condition, .. } => each(Operand::Atom(condition)),
            StatementKind::Choose { condition, then, otherwise, .. } => {
                [condition, then, otherwise].into_iter().for_each(|atom| each(Operand::Atom(atom)));
            }
            StatementKind::Loop(repeat) => repeat.operands(each),
            StatementKind::Compute { expression, .. } => expression.operands(each),
            StatementKind::Test { test, .. } => test.operands(each),
            StatementKind::Accumulate { place, amount } => {
                each(Operand::Place(place));
                match amount {
                    Amount::Number(expression) => expression.operands(each),
                    Amount::Storage(from) | Amount::Field { from, .. } => each(Operand::Place(from)),
                }
            }
            StatementKind::Record(Record { values, storages, .. }) => {
                values.iter().for_each(|value| each(Operand::Value(*value)));
                storages.iter().for_each(|storage| each(Operand::Storage(*storage)));
            }
            StatementKind::Replay(_) => {}
        }
    }

    /// The values that it reads itself.
    pub fn read(&self, values: &mut Vec<ValueId>) {
        self.operands(&mut |operand| match operand {
            Operand::Atom(atom) => atom.read(values),
            Operand::Value(value) => values.push(value),
            Operand::Place(place) => place.read(values),
            Operand::Storage(_) => {}
            Operand::HostExpression(host) => host.read(values),
        });
    }

    /// The storages that it looks at itself: their numbers, or their lengths.
    pub fn look_at(&self, storages: &mut Vec<StorageId>) {
        self.operands(&mut |operand| match operand {
            Operand::Atom(_) | Operand::Value(_) => {}
            Operand::Place(place) => place.look_at(storages),
            Operand::Storage(storage) => storages.push(storage),
            Operand::HostExpression(host) => host.look_at(storages),
        });
    }

    /// The values and storages that it makes in the region where it stands.
    pub fn makes(&self, values: &mut Vec<ValueId>, storages: &mut Vec<StorageId>) {
        match self {
            StatementKind::Operation { out, .. }
            | StatementKind::Load { out, .. }
            | StatementKind::Sum { out, .. }
            | StatementKind::Choose { out, .. }
            | StatementKind::Compute { out, .. }
            | StatementKind::Test { out, .. }
            | StatementKind::Passive { out: Some(out), .. } => values.push(*out),
            StatementKind::New { storage, .. } => storages.push(*storage),
            StatementKind::Take { out: Some(out), .. }
            | StatementKind::Change { change: Change::Pop(out), .. } => out.parts(values, storages),
            StatementKind::Call(call) => {
                call.out.parts(values, storages);
                call.tangents.iter().for_each(|tangents| tangents.out.parts(values, storages));
                for argument in &call.arguments {
                    if let Argument::Number { partial: Some(partial), .. } = argument {
                        values.push(*partial);
                    }
                }
            }
            StatementKind::If { outs, .. } => values.extend(outs),
            StatementKind::Loop(repeat) => {
                values.extend(repeat.carried.iter().map(|carried| carried.after));
                values.extend(repeat.until.iter().map(|(_, trips)| *trips));
            }
            StatementKind::Replay(record) => {
                values.extend(&record.values);
                storages.extend(&record.storages);
            }
            StatementKind::Passive { out: None, .. }
            | StatementKind::Take { out: None, .. }
            | StatementKind::Store { .. }
            | StatementKind::Copy { .. }
            | StatementKind::Swap { .. }
            | StatementKind::Change {
                change: Change::Push(_) | Change::Swap(..) | Change::Truncate { .. } | Change::Resize(_),
                ..
            }
            | StatementKind::CallReverse(_)
            | StatementKind::Accumulate { .. }
            | StatementKind::Record(_) => {}
        }
    }

    /// Its regions, in the order in which they run.
    pub fn regions(&self) -> Vec<&Region> {
        match self {
            StatementKind::If { then, otherwise, .. } => vec![then, otherwise],
            StatementKind::Loop(repeat) => {
                repeat.test.iter().map(|(test, _)| test).chain([&repeat.body]).chain(&repeat.fused).collect()
            }
            StatementKind::Operation { .. }
            | StatementKind::Passive { .. }
            | StatementKind::Load { .. }
            | StatementKind::New { .. }
            | StatementKind::Store { .. }
            | StatementKind::Copy { .. }
            | StatementKind::Swap { .. }
            | StatementKind::Change { .. }
            | StatementKind::Call(_)
            | StatementKind::Choose { .. }
            | StatementKind::Compute { .. }
            | StatementKind::Test { .. }
            | StatementKind::Accumulate { .. }
            | StatementKind::Take { .. }
            | StatementKind::Sum { .. }
            | StatementKind::Record(_)
            | StatementKind::Replay(_)
            | StatementKind::CallReverse(_) => Vec::new(),
        }
    }

    /// The same, to change them.
    pub fn regions_mut(&mut self) -> Vec<&mut Region> {
        match self {
            StatementKind::If { then, otherwise, .. } => vec![then, otherwise],
            StatementKind::Loop(repeat) => {
                let test = repeat.test.iter_mut().map(|(test, _)| test);
                test.chain([&mut repeat.body]).chain(&mut repeat.fused).collect()
            }
            StatementKind::Operation { .. }
            | StatementKind::Passive { .. }
            | StatementKind::Load { .. }
            | StatementKind::New { .. }
            | StatementKind::Store { .. }
            | StatementKind::Copy { .. }
            | StatementKind::Swap { .. }
            | StatementKind::Change { .. }
            | StatementKind::Call(_)
            | StatementKind::Choose { .. }
            | StatementKind::Compute { .. }
            | StatementKind::Test { .. }
            | StatementKind::Accumulate { .. }
            | StatementKind::Take { .. }
            | StatementKind::Sum { .. }
            | StatementKind::Record(_)
            | StatementKind::Replay(_)
            | StatementKind::CallReverse(_) => Vec::new(),
        }
    }
}

impl Region {
    /// Every statement of the region, those of its inner regions after the statement that they belong to.
    pub fn each<'r>(&'r self, visit: &mut dyn FnMut(&'r Region, &'r Statement)) {
        for statement in &self.statements {
            visit(self, statement);
            statement.kind.regions().into_iter().for_each(|region| region.each(visit));
        }
    }

    /// Every region within, the innermost first, and at last this one.
    pub fn each_region_mut(&mut self, visit: &mut dyn FnMut(&mut Region)) {
        for statement in &mut self.statements {
            statement.kind.regions_mut().into_iter().for_each(|region| region.each_region_mut(visit));
        }
        visit(self);
    }

    /// All values that it reads, its yields and inner regions included.
    pub fn all_reads(&self, values: &mut Vec<ValueId>) {
        for statement in &self.statements {
            statement.kind.read(values);
            statement.kind.regions().into_iter().for_each(|region| region.all_reads(values));
            if let StatementKind::Loop(repeat) = &statement.kind {
                repeat.test.iter().for_each(|(_, test)| test.read(values));
            }
        }
        self.yields.iter().for_each(|atom| atom.read(values));
    }
}

impl Loop {
    fn operands<'s>(&'s self, each: &mut dyn FnMut(Operand<'s>)) {
        self.iterator.iter().for_each(|iterator| each(Operand::HostExpression(iterator)));
        self.items.iter().for_each(|(_, items)| each(Operand::HostExpression(items)));
        self.carried.iter().for_each(|carried| each(Operand::Atom(&carried.start)));
        self.until.iter().for_each(|(last, _)| each(Operand::Atom(last)));
        if let Order::Backward { trips: Some(trips), .. } = self.order {
            each(Operand::Value(trips));
        }
    }
}

impl CallReverse {
    fn operands<'s>(&'s self, each: &mut dyn FnMut(Operand<'s>)) {
        self.arguments.iter().for_each(|argument| argument.operands(each));
        self.seed.operands(each);
        self.buffers.iter().flatten().for_each(|place| each(Operand::Place(place)));
        if let Some(tangents) = &self.tangents {
            tangents.arguments.iter().for_each(|direction| direction.operands(each));
            tangents.seed.operands(each);
            tangents.buffers.iter().flatten().for_each(|place| each(Operand::Place(place)));
        }
    }
}

impl Seed {
    fn operands<'s>(&'s self, each: &mut dyn FnMut(Operand<'s>)) {
        match self {
            Seed::Number(expression) => expression.operands(each),
            Seed::Storage(storage) => each(Operand::Storage(*storage)),
            Seed::Nothing(_) => {}
            Seed::Tuple(parts) => parts.iter().for_each(|part| part.operands(each)),
        }
    }
}

impl Argument {
    fn operands<'s>(&'s self, each: &mut dyn FnMut(Operand<'s>)) {
        match self {
            Argument::Number { atom, .. } => each(Operand::Atom(atom)),
            Argument::Place { place, .. } | Argument::Changed { place, .. } => each(Operand::Place(place)),
            Argument::Passive(host) => each(Operand::HostExpression(host)),
        }
    }
}

impl Direction {
    fn operands<'s>(&'s self, each: &mut dyn FnMut(Operand<'s>)) {
        match self {
            Direction::Number(atom) => each(Operand::Atom(atom)),
            Direction::Place(place) => each(Operand::Place(place)),
            Direction::Nothing => {}
        }
    }
}

impl Change {
    fn operands<'s>(&'s self, each: &mut dyn FnMut(Operand<'s>)) {
        match self {
            Change::Push(element) => element.operands(each),
            Change::Pop(_) => {}
            Change::Swap(a, b) => {
                each(Operand::Atom(a));
                each(Operand::Atom(b));
            }
            Change::Truncate { length, before } => {
                each(Operand::HostExpression(length));
                each(Operand::Atom(before));
            }
            Change::Resize(length) => each(Operand::Atom(length)),
        }
    }
}

impl Init {
    fn operands<'s>(&'s self, each: &mut dyn FnMut(Operand<'s>)) {
        match self {
            Init::Passive(host) => each(Operand::HostExpression(host)),
            Init::List { elements, .. } | Init::Tuple(elements) => {
                elements.iter().for_each(|element| element.operands(each));
            }
            Init::Struct { fields, base, .. } => {
                fields.iter().for_each(|(_, init)| init.operands(each));
                base.iter().for_each(|base| each(Operand::Place(base)));
            }
            Init::Repeat { element, length, .. } => {
                element.operands(each);
                each(Operand::HostExpression(length));
            }
            Init::Copy { place, .. } | Init::Unreached(Shape::Like(place) | Shape::Same(place)) => {
                each(Operand::Place(place));
            }
            Init::Atom(atom) => each(Operand::Atom(atom)),
            Init::Storage(storage) => each(Operand::Storage(*storage)),
            Init::Number(expression) => expression.operands(each),
            Init::Unset | Init::Unreached(Shape::Number | Shape::Type(_)) => {}
        }
    }
}

impl Expression {
    pub fn operands<'s>(&'s self, each: &mut dyn FnMut(Operand<'s>)) {
        match self {
            Expression::Atom(atom) => each(Operand::Atom(atom)),
            Expression::Operation(_, operands) => {
                operands.iter().for_each(|operand| operand.operands(each));
            }
            Expression::Partial { reads, also, .. } => {
                let also = also.iter().map(|(_, atom)| atom);
                reads.iter().chain(also).for_each(|read| each(Operand::Atom(read)));
            }
            Expression::Second { reads, .. } => reads.iter().for_each(|read| each(Operand::Atom(read))),
            Expression::Push { partial, tangent } => {
                partial.operands(each);
                tangent.operands(each);
            }
            Expression::Where { condition, then, .. } => {
                each(Operand::Atom(condition));
                then.operands(each);
            }
            Expression::Choice { condition, then, otherwise } => {
                [condition, then, otherwise].into_iter().for_each(|atom| each(Operand::Atom(atom)));
            }
        }
    }
}

impl Test {
    fn operands<'s>(&'s self, each: &mut dyn FnMut(Operand<'s>)) {
        match self {
            Test::Atom { condition: atom, .. } | Test::Reached(atom) => each(Operand::Atom(atom)),
            Test::Nonzero(expression) => expression.operands(each),
            Test::Taken(host) => each(Operand::HostExpression(host)),
            Test::Both(a, b) => {
                a.operands(each);
                b.operands(each);
            }
        }
    }
}

impl Atom {
    pub fn read(&self, values: &mut Vec<ValueId>) {
        match self {
            Atom::Value(id) => values.push(*id),
            Atom::Literal(_) => {}
        }
    }
}

impl HostExpression {
    /// The values that it reads.
    pub fn read(&self, values: &mut Vec<ValueId>) {
        for piece in &self.pieces {
            match piece {
                Piece::Tokens(_) => {}
                Piece::Atom(atom) | Piece::Index(atom) | Piece::Below(atom) => atom.read(values),
                Piece::Place(place) => place.read(values),
                Piece::HostExpression(host) | Piece::Braces(host) | Piece::Number(host) => {
                    host.read(values);
                }
            }
        }
        for name in &self.names {
            match &name.stands_for {
                Named::Atom(atom, _) => atom.read(values),
                Named::Place(place) | Named::Copy(place) => place.read(values),
            }
        }
    }

    /// The storages that it looks at, their lengths most often.
    pub fn look_at(&self, storages: &mut Vec<StorageId>) {
        for piece in &self.pieces {
            match piece {
                Piece::Tokens(_) | Piece::Atom(_) | Piece::Index(_) | Piece::Below(_) => {}
                Piece::Place(place) => place.look_at(storages),
                Piece::HostExpression(host) | Piece::Braces(host) | Piece::Number(host) => {
                    host.look_at(storages);
                }
            }
        }
        for name in &self.names {
            match &name.stands_for {
                Named::Atom(..) => {}
                Named::Place(place) | Named::Copy(place) => place.look_at(storages),
            }
        }
    }

    /// The storages of which the user's own tokens may read any number.
    pub fn named_storages(&self, found: &mut Vec<StorageId>) {
        for name in &self.names {
            match &name.stands_for {
                Named::Atom(..) => {}
                Named::Place(place) | Named::Copy(place) => found.push(place.storage),
            }
        }
        for piece in &self.pieces {
            match piece {
                Piece::HostExpression(inner) | Piece::Braces(inner) | Piece::Number(inner) => {
                    inner.named_storages(found);
                }
                Piece::Tokens(_) | Piece::Atom(_) | Piece::Index(_) | Piece::Below(_) | Piece::Place(_) => {}
            }
        }
    }
}

impl Out {
    /// The values and storages that it is made of.
    pub fn parts(&self, values: &mut Vec<ValueId>, storages: &mut Vec<StorageId>) {
        match self {
            Out::Value(value) => values.push(*value),
            Out::Storage(storage) => storages.push(*storage),
            Out::Tuple(parts) => parts.iter().for_each(|part| part.parts(values, storages)),
        }
    }
}

impl Outcome {
    /// The values that it is made of, and by which its places are found.
    pub fn read(&self, values: &mut Vec<ValueId>) {
        match self {
            Outcome::Atom(atom) => atom.read(values),
            Outcome::Place(place) => place.read(values),
            Outcome::Tuple(parts) | Outcome::List(parts) => parts.iter().for_each(|part| part.read(values)),
        }
    }

    /// The values by which its places are found.
    pub fn places(&self, values: &mut Vec<ValueId>) {
        match self {
            Outcome::Atom(_) => {}
            Outcome::Place(place) => place.read(values),
            Outcome::Tuple(parts) | Outcome::List(parts) => parts.iter().for_each(|part| part.places(values)),
        }
    }
}

impl Place {
    /// The values that its indices read.
    pub fn read(&self, values: &mut Vec<ValueId>) {
        for step in &self.steps {
            match step {
                Step::Index(host) | Step::Range(host) => host.read(values),
                Step::Field(_) | Step::Deref => {}
            }
        }
    }

    /// Its storage, and those that its indices look at.
    pub fn look_at(&self, storages: &mut Vec<StorageId>) {
        storages.push(self.storage);
        for step in &self.steps {
            match step {
                Step::Index(host) | Step::Range(host) => host.look_at(storages),
                Step::Field(_) | Step::Deref => {}
            }
        }
    }
}

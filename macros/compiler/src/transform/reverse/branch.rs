//! Branches: the one that was taken is reversed.

use super::Reversal;
use super::adjoint::Adjoint;
use crate::ir::{Atom, Region, StatementKind, ValueId};

impl Reversal {
    pub(super) fn branch(&mut self, condition: &Atom, branches: [&Region; 2], outs: &[ValueId]) {
        let span = self.span;
        let results: Vec<_> = outs.iter().map(|out| self.finish(*out)).collect();
        self.prepare(&branches);
        let [then, otherwise] = branches.map(|branch| self.reversed_branch(branch, &results));
        self.span = span;
        if then.statements.is_empty() && otherwise.statements.is_empty() {
            return;
        }
        let (condition, outs) = (condition.clone(), Vec::new());
        self.push(StatementKind::If { condition, then, otherwise, outs });
    }

    fn reversed_branch(&mut self, branch: &Region, results: &[Option<Adjoint>]) -> Region {
        self.scoped(branch.id, |reversal| {
            reversal.declare(branch);
            for (adjoint, atom) in results.iter().zip(&branch.yields) {
                if let Some(adjoint) = adjoint {
                    reversal.add(atom, adjoint.contribution());
                }
            }
            reversal.statements(branch);
        })
    }
}

//! Arithmetic and conditions of the reverse sweep.

use super::datum::Evaluated;
use super::run::Run;
use crate::ir::{Atom, Expression, Test};
use gradus_ops::{Op, Read};

impl Run<'_> {
    pub(super) fn expression(&mut self, expression: &Expression) -> Evaluated<f64> {
        match expression {
            Expression::Atom(atom) => self.atom(atom)?.float(),
            Expression::Operation(op, operands) => {
                let operands =
                    operands.iter().map(|operand| self.expression(operand)).collect::<Evaluated<Vec<_>>>()?;
                Ok(op.value(&operands))
            }
            Expression::Partial { op, operand, reads, .. } => self.partial(*op, *operand, reads),
            Expression::Second { op, operands, reads } => self.second(*op, *operands, reads),
            Expression::Push { partial, tangent } => {
                let tangent = self.expression(tangent)?;
                let partial = self.expression(partial)?;
                let there = tangent.to_bits() != (-0.0_f64).to_bits();
                Ok(if there { partial * tangent + 0.0 } else { -0.0 })
            }
            Expression::Choice { condition, then, otherwise } => {
                let side = if self.atom(condition)?.bool()? { then } else { otherwise };
                self.atom(side)?.float()
            }
            Expression::Where { condition, holds, then } => {
                if self.atom(condition)?.bool()? == *holds {
                    self.expression(then)
                } else {
                    Ok(-0.0)
                }
            }
        }
    }

    /// A partial of the rule table. What it does not read is no number.
    fn partial(&mut self, op: Op, operand: usize, reads: &[Atom]) -> Evaluated<f64> {
        let (mut operands, mut y, mut active) = ([f64::NAN; 3], f64::NAN, [false; 3]);
        active[operand] = true;
        for (read, atom) in op.reads(operand).iter().zip(reads) {
            match read {
                Read::A => operands[0] = self.atom(atom)?.float()?,
                Read::B => operands[1] = self.atom(atom)?.float()?,
                Read::C => operands[2] = self.atom(atom)?.float()?,
                Read::Y => y = self.atom(atom)?.float()?,
                Read::Both => active[..2].fill(self.atom(atom)?.bool()?),
            }
        }
        active[operand] = true;
        Ok(op.partials(&operands[..op.arity()], y, &active[..op.arity()])[operand])
    }

    /// A second derivative of the rule table. What it does not read is no number.
    fn second(&mut self, op: Op, [first, other]: [usize; 2], reads: &[Atom]) -> Evaluated<f64> {
        let (mut operands, mut y) = ([f64::NAN; 3], f64::NAN);
        let stated = op.second(first, other).map_or(&[][..], |(_, reads)| reads);
        for (read, atom) in stated.iter().zip(reads) {
            match read {
                Read::A => operands[0] = self.atom(atom)?.float()?,
                Read::B => operands[1] = self.atom(atom)?.float()?,
                Read::C => operands[2] = self.atom(atom)?.float()?,
                Read::Y => y = self.atom(atom)?.float()?,
                Read::Both => {}
            }
        }
        Ok(op.seconds(&operands[..op.arity()], y)[first][other])
    }

    pub(super) fn test(&mut self, test: &Test) -> Evaluated<bool> {
        Ok(match test {
            Test::Atom { condition, holds } => self.atom(condition)?.bool()? == *holds,
            Test::Reached(atom) => self.atom(atom)?.float()?.to_bits() != (-0.0_f64).to_bits(),
            Test::Nonzero(expression) => self.expression(expression)? != 0.0,
            Test::Taken(host) => self.host(host)?.bool()?,
            Test::Both(a, b) => self.test(a)? && self.test(b)?,
        })
    }
}

//! The forward pass of tangents: forward mode over the nodes that are there.

use super::sweep::{NOTHING, is_nothing, receive};
use super::{Arena, is_node, links};
use crate::ops::Op;

impl Arena {
    /// The tangent of every node before `end`, given those of some of them. [`NOTHING`] is that of a node which nothing reached.
    pub(crate) fn tangents(&self, given: impl Iterator<Item = (usize, f64)>, end: usize) -> Vec<f64> {
        let mut tangents = vec![NOTHING; end];
        for (index, tangent) in given {
            if index < end {
                receive_direction(&mut tangents[index], tangent);
            }
        }
        for index in 0..end {
            let slot = &self.slots[index];
            let (older, rest) = tangents.split_at_mut(index);
            let tangent = &mut rest[0];
            match slot.op {
                Op::Input => {}
                Op::Custom => {
                    for edge in self.customs.edges(slot) {
                        if is_node(edge.link) && !is_nothing(older[edge.link as usize]) {
                            receive(tangent, edge.partial * older[edge.link as usize]);
                        }
                    }
                }
                op => {
                    let links = links(slot.operands, op, &self.pairs);
                    let (mut data, mut active, mut there) = ([0.0; 3], [false; 3], false);
                    for k in 0..op.arity() {
                        data[k] = self.read(links[k]);
                        active[k] = is_node(links[k]);
                        there |= active[k] && !is_nothing(older[links[k] as usize]);
                    }
                    if !there {
                        continue;
                    }
                    let partials = op.partials(&data, slot.data, &active);
                    for k in 0..op.arity() {
                        if !active[k] || !op.has_partial(k) {
                            continue;
                        }
                        let operand = older[links[k] as usize];
                        if !is_nothing(operand)
                            && let Some(contribution) = op.pull(partials[k], operand)
                        {
                            receive(tangent, contribution);
                        }
                    }
                }
            }
        }
        tangents
    }
}

/// A direction of −0 counts for nothing.
fn receive_direction(tangent: &mut f64, direction: f64) {
    if !is_nothing(direction) {
        receive(tangent, direction);
    }
}

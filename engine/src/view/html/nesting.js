// In which group a node is drawn, and which node stands for it there.

/** The outermost of the groups around a node that is still to be drawn, from `depth` on; its place in the list beside it. */
function groupAt(view, node, depth) {
  const { deep, flattened } = view;
  for (let at = depth; at < node.frames.length; at += 1) {
    const { loop } = node.frames[at];
    if (flattened.has(loop)) continue;
    if (!deep?.outer.has(loop)) return { ...node.frames[at], at };
    // Of a deep recursion the inner calls are frames; what the outer ones do before and after is a stack each.
    const inside = node.frames.findIndex(frame => frame.loop === deep.inner);
    return inside >= 0
      ? { ...node.frames[inside], at: inside }
      : { loop: deep.group, number: node.index < deep.first ? 0 : 1, at };
  }
  return undefined;
}

/** Calls that are nested deeper than this are not all drawn: only so many of the innermost ones. */
const MOST_NESTED = 12,
  NESTED = 4;

/** The recursion around a node, if it is too deep to be drawn as a whole. */
function deepAround(model, index) {
  const calls = model.nodes[index].frames.map(({ loop }) => loop).filter(({ kind }) => kind === 'call');
  if (calls.length <= MOST_NESTED) return null;
  const outer = calls.slice(0, -NESTED),
    inner = calls[outer.length];
  const first = model.nodes.find(({ frames }) => frames.some(({ loop }) => loop === inner)).index;
  const count = outer.length;
  const group = {
    key: 'deep',
    kind: 'deep',
    site: outer[0].site,
    iterations: 1,
    turns: 2,
    callee: outer[0].callee,
    count,
  };
  return { outer: new Set(outer), inner, first, group };
}

/** The node that stands for one where it is drawn: of a closed array the first. */
function standsFor(model, view, index) {
  const { loop } = model.nodes[index].frames[0] ?? {};
  return loop?.kind === 'array' && view.open(loop) !== 0 ? loop.members[0] : index;
}

/** The uses of what is drawn as one node. */
function usesOf(model, view, index) {
  const { loop } = model.nodes[index].frames[0] ?? {};
  return loop?.kind === 'array' && view.open(loop) !== 0
    ? loop.members.filter(member => !view.hubs.has(member)).flatMap(member => model.nodes[member].uses)
    : model.nodes[index].uses;
}

/** Whether a value goes from one iteration of a loop to another one: such an arrow is drawn however often the value is used. */
function isCarried(model, view, used, user, depth) {
  const [from, to] = [groupAt(view, model.nodes[used], depth), groupAt(view, model.nodes[user], depth)];
  return from?.loop.kind === 'loop' && from.loop === to?.loop && from.number !== to.number;
}

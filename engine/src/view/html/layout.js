// The layered layout of the static pictures (`view/layout` describes it: ranks by longest path, operands in order and
// then fewer crossings by barycentres and exchanges, coordinates by least squares), for boxes whose arrows may start
// and end anywhere along their sides, as those of loops do.
//
// One axis runs `along` the sequence of layers, the other `across` it. An item is {length, breadth}: its size along and
// across. It may be pinned to the 'first' or the 'last' layer, and those with an `order` keep it among themselves. A link
// is {from, to, out, into}: two items, and where it leaves and enters them, measured across from their centres.

/** The numbers of the layout, which the static pictures have too. */
const LAYOUT = JSON.parse(document.getElementById('layout').textContent);

/**
 * Centres [along, across] of the items and routes of the links, in a box of `length` × `breadth`, with `gap` between
 * layers; null on a cycle.
 */
function layered(items, links, gap) {
  const ranks = ranksOf(items, links);
  if (!ranks) return null;
  const layers = layersOf(items, links, ranks);
  startOrder(layers, items, links);
  loseCrossings(layers);
  return placed(layers, items, links, gap);
}

function ranksOf(items, links) {
  const waiting = items.map(() => 0),
    outgoing = items.map(() => []);
  for (const link of links) {
    waiting[link.to] += 1;
    outgoing[link.from].push(link.to);
  }
  const hasFirst = items.some(item => item.pin === 'first');
  const ranks = items.map(item => (hasFirst && item.pin !== 'first' ? 1 : 0));
  const ready = items.map((_, index) => index).filter(index => waiting[index] === 0);
  const sources = new Set(ready);
  for (let next = 0; next < ready.length; next += 1) {
    for (const to of outgoing[ready[next]]) {
      ranks[to] = Math.max(ranks[to], ranks[ready[next]] + 1);
      if (--waiting[to] === 0) ready.push(to);
    }
  }
  if (ready.length < items.length) return null;
  for (const index of sources) {
    // what has no operands stands right before its first use
    if (items[index].pin !== 'first' && outgoing[index].length > 0) {
      ranks[index] = Math.min(...outgoing[index].map(to => ranks[to])) - 1;
    }
  }
  let last = 0;
  items.forEach((item, index) => item.pin !== 'last' && (last = Math.max(last, ranks[index])));
  items.forEach((item, index) => item.pin === 'last' && (ranks[index] = Math.max(last + 1, ranks[index])));
  return ranks;
}

/** Vertices are the items and then the bends of links that pass through layers; every piece of a link joins neighbours. */
function layersOf(items, links, ranks) {
  const vertices = items.map((item, index) => ({ ...item, rank: ranks[index], before: [], after: [], bend: false }));
  const join = (from, out, to, into) => {
    vertices[from].after.push({ vertex: to, own: out, other: into });
    vertices[to].before.push({ vertex: from, own: into, other: out });
  };
  const bends = links.map(link => {
    const passed = [];
    let [end, out] = [link.from, link.out];
    for (let rank = ranks[link.from] + 1; rank < ranks[link.to]; rank += 1) {
      vertices.push({ length: 0, breadth: 0, rank, before: [], after: [], bend: true });
      passed.push(vertices.length - 1);
      join(end, out, vertices.length - 1, 0);
      [end, out] = [vertices.length - 1, 0];
    }
    join(end, out, link.to, link.into);
    return passed;
  });
  const rows = Array.from({ length: Math.max(-1, ...ranks) + 1 }, () => []);
  return { vertices, rows, bends };
}

/** Fills the layers as a reader of the expression would: operands in order, then their user. */
function startOrder({ vertices, rows, bends }, items, links) {
  const incoming = items.map(() => []);
  links.forEach((link, number) => incoming[link.to].push(number));
  incoming.forEach(numbers => numbers.sort((a, b) => links[a].into - links[b].into));
  const seen = new Uint8Array(items.length);
  const append = vertex => rows[vertices[vertex].rank].push(vertex);
  for (let sink = 0; sink < items.length; sink += 1) {
    if (vertices[sink].after.length > 0) continue;
    const stack = [[sink, 0]]; // an item, and how many of its links are done
    seen[sink] = 1;
    while (stack.length > 0) {
      const [item, done] = stack.pop();
      if (done > 0) bends[incoming[item][done - 1]].forEach(append);
      if (done === incoming[item].length) {
        append(item);
        continue;
      }
      stack.push([item, done + 1]);
      const { from } = links[incoming[item][done]];
      if (!seen[from]) {
        seen[from] = 1;
        stack.push([from, 0]);
      }
    }
  }
  rows.forEach((_, rank) => number({ vertices, rows }, rank));
}

/** Gives the vertices of a layer their places, once those with an order of their own are in it. */
function number({ vertices, rows }, rank) {
  const ordered = rows[rank].filter(vertex => vertices[vertex].order !== undefined);
  ordered.sort((a, b) => vertices[a].order - vertices[b].order);
  let next = 0;
  rows[rank] = rows[rank].map(vertex => (vertices[vertex].order === undefined ? vertex : ordered[next++]));
  rows[rank].forEach((vertex, place) => (vertices[vertex].place = place));
}

/** Where the pieces of links on one side of a vertex end: the place of the other end, finely divided by ports. */
function endsOf(vertices, vertex, side) {
  const ends = vertices[vertex][side].map(({ vertex: other, other: offset }) => {
    const { place, breadth } = vertices[other];
    return place + (breadth > 0 ? (0.9 * offset) / breadth : 0);
  });
  return ends.sort((a, b) => a - b);
}

function loseCrossings(layers) {
  const { vertices, rows } = layers;
  let best = { crossings: crossingsOf(layers), rows: rows.map(row => [...row]) };
  for (
    let sweep = 0, patience = LAYOUT.patience;
    sweep < LAYOUT.sweeps && patience > 0 && best.crossings > 0;
    sweep += 1
  ) {
    const forward = sweep % 2 === 0;
    for (let step = 1; step < rows.length; step += 1) {
      const rank = forward ? step : rows.length - 1 - step;
      const keys = new Map(
        rows[rank].map(vertex => {
          const ends = endsOf(vertices, vertex, forward ? 'before' : 'after');
          const middle = ends.reduce((sum, end) => sum + end, 0) / ends.length;
          return [vertex, ends.length > 0 ? middle : vertices[vertex].place];
        }),
      );
      rows[rank].sort((a, b) => keys.get(a) - keys.get(b) || vertices[a].place - vertices[b].place);
      number(layers, rank);
    }
    transpose(layers);
    const crossings = crossingsOf(layers);
    if (crossings < best.crossings) {
      best = { crossings, rows: rows.map(row => [...row]) };
      patience = LAYOUT.patience;
    } else {
      patience -= 1;
    }
  }
  best.rows.forEach((row, rank) => {
    rows[rank] = row;
    number(layers, rank);
  });
}

/** Exchanges neighbours wherever that removes crossings on both sides together. */
function transpose(layers) {
  const { vertices, rows } = layers;
  const both = vertex => [endsOf(vertices, vertex, 'before'), endsOf(vertices, vertex, 'after')];
  const crossed = (a, b) => inversions(a[0], b[0]) + inversions(a[1], b[1]);
  for (let rank = 0; rank < rows.length; rank += 1) {
    for (let round = 0, progress = true; round < LAYOUT.exchanges && progress; round += 1) {
      progress = false;
      const row = rows[rank];
      let left = row.length > 0 && both(row[0]);
      for (let place = 1; place < row.length; place += 1) {
        const right = both(row[place]);
        const fixed = vertices[row[place]].order !== undefined && vertices[row[place - 1]].order !== undefined;
        if (!fixed && crossed(right, left) < crossed(left, right)) {
          [row[place - 1], row[place]] = [row[place], row[place - 1]];
          progress = true;
        } else {
          left = right;
        }
      }
      number(layers, rank);
    }
  }
}

/** How many pairs have an element of the left list greater than one of the right, both sorted. */
function inversions(left, right) {
  let smaller = 0,
    total = 0;
  for (const end of left) {
    while (smaller < right.length && right[smaller] < end) smaller += 1;
    total += smaller;
  }
  return total;
}

function crossingsOf({ vertices, rows }) {
  let total = 0;
  for (const row of rows) {
    const seen = []; // the ends so far, sorted; each later start crosses those that end beyond it
    for (const vertex of row) {
      const ends = endsOf(vertices, vertex, 'after');
      for (const end of ends) {
        let low = 0,
          high = seen.length;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (seen[middle] <= end) low = middle + 1;
          else high = middle;
        }
        total += seen.length - low;
        seen.splice(low, 0, end);
      }
    }
  }
  return total;
}

function placed({ vertices, rows, bends }, items, links, gap) {
  placeAcross(vertices, rows);
  const bands = [];
  let along = 0;
  for (const row of rows) {
    const length = Math.max(0, ...row.map(vertex => vertices[vertex].length));
    bands.push([along, along + length]);
    along += length + gap;
  }
  let [low, high] = [Infinity, -Infinity];
  for (const { across, breadth } of vertices) {
    low = Math.min(low, across - breadth / 2);
    high = Math.max(high, across + breadth / 2);
  }
  const centre = vertex => (bands[vertices[vertex].rank][0] + bands[vertices[vertex].rank][1]) / 2;
  const routes = links.map((link, index) => {
    const [start, end] = [vertices[link.from].across + link.out - low, vertices[link.to].across + link.into - low];
    const route = [
      [centre(link.from) + vertices[link.from].length / 2, start],
      [bands[vertices[link.from].rank][1], start],
    ];
    for (const bend of bends[index]) {
      const { rank, across } = vertices[bend];
      route.push([bands[rank][0], across - low], [bands[rank][1], across - low]);
    }
    route.push([bands[vertices[link.to].rank][0], end], [centre(link.to) - vertices[link.to].length / 2, end]);
    return route;
  });
  return {
    centres: items.map((_, index) => [centre(index), vertices[index].across - low]),
    routes,
    length: Math.max(0, along - gap),
    breadth: items.length > 0 ? high - low : 0,
  };
}

function placeAcross(vertices, rows) {
  for (const row of rows) {
    let across = 0;
    for (const vertex of row) {
      vertices[vertex].across = across + vertices[vertex].breadth / 2;
      across += vertices[vertex].breadth + LAYOUT.boxGap;
    }
  }
  const lines = rows.map(row => row.map(vertex => vertices[vertex]));
  const distances = lines.map(row =>
    row.slice(1).map((vertex, index) => {
      const gap = vertex.bend || row[index].bend ? LAYOUT.arrowGap : LAYOUT.boxGap;
      return (vertex.breadth + row[index].breadth) / 2 + gap;
    }),
  );
  for (let round = 0; round < LAYOUT.rounds; round += 1) {
    const forward = round % 2 === 0,
      both = round + 1 === LAYOUT.rounds,
      middle = middleOf(vertices);
    for (let step = 0; step < lines.length; step += 1) {
      const rank = forward ? step : lines.length - 1 - step,
        row = lines[rank];
      const wishes = row.map(vertex => wishOf(vertices, vertex, middle, forward || both, !forward || both));
      closestInOrder(wishes, distances[rank]).forEach((across, index) => (row[index].across = across));
    }
  }
}

/** The middle of what has neighbours: what has none wishes to be there. */
function middleOf(vertices) {
  let [low, high, tied] = [Infinity, -Infinity, false];
  for (const { before, after, across } of vertices) {
    const isTied = before.length + after.length > 0;
    if (tied && !isTied) continue;
    if (isTied && !tied) [low, high, tied] = [Infinity, -Infinity, true];
    low = Math.min(low, across);
    high = Math.max(high, across);
  }
  return (low + high) / 2;
}

/** Where a vertex would be best for its neighbours before or after it, or both: [place, weight]. */
function wishOf(vertices, vertex, middle, looksBefore, looksAfter) {
  const { before, after, across, bend } = vertex;
  if (before.length + after.length === 0) return [middle, LAYOUT.lone];
  let sum = LAYOUT.stay * across,
    weight = LAYOUT.stay;
  const pull = ({ vertex: index, own, other: offset }) => {
    const other = vertices[index],
      strength = bend && other.bend ? LAYOUT.straightness : 1;
    sum += strength * (other.across + offset - own);
    weight += strength;
  };
  if (looksBefore) before.forEach(pull);
  if (looksAfter) after.forEach(pull);
  return [sum / weight, weight];
}

/** The places closest to the wishes [place, weight] that keep the distances: pooling adjacent violators. */
function closestInOrder(wishes, distances) {
  if (wishes.length === 1) return [wishes[0][0]];
  const offsets = [0];
  distances.forEach((distance, index) => offsets.push(offsets[index] + distance));
  const pools = [];
  wishes.forEach(([wish, weight], index) => {
    let pool = [wish - offsets[index], weight, 1];
    while (pools.length > 0 && pools[pools.length - 1][0] > pool[0]) {
      const last = pools.pop(),
        sum = last[1] + pool[1];
      pool = [(last[0] * last[1] + pool[0] * pool[1]) / sum, sum, last[2] + pool[2]];
    }
    pools.push(pool);
  });
  const places = [];
  for (const [mean, , count] of pools) for (let k = 0; k < count; k += 1) places.push(mean + offsets[places.length]);
  return places;
}

/** A smooth path along a route: straight within layers, curved in the gaps between them. */
function curve(route, down) {
  const point = ([along, across]) => (down ? `${tenth(across)} ${tenth(along)}` : `${tenth(along)} ${tenth(across)}`);
  let path = `M${point(route[0])}`;
  for (let index = 1; index < route.length; index += 1) {
    const [from, to] = [route[index - 1], route[index]],
      middle = (from[0] + to[0]) / 2;
    if (Math.abs(from[1] - to[1]) < 0.1) path += `L${point(to)}`;
    else path += `C${point([middle, from[1]])} ${point([middle, to[1]])} ${point(to)}`;
  }
  return path;
}

function tenth(number) {
  return Math.round(number * 10) / 10;
}

// How large the picture is in its pane, what of it is in sight, and the small map of all of it.

/** The scale at which the whole picture is in sight. */
function fittingScale() {
  const pane = byId('graph-scroll'),
    { picture } = derived;
  return Math.min(
    (pane.clientWidth - 8) / (picture.width + 2 * MARGIN),
    (pane.clientHeight - 8) / (picture.height + 2 * MARGIN),
  );
}

/** The scale without a choice of the reader: what does not fit is scrolled downwards, if possible not sideways. */
function usualScale() {
  const across = (byId('graph-scroll').clientWidth - 8) / (derived.picture.width + 2 * MARGIN),
    narrow = Math.max(SCALE.narrowest, Math.min(SCALE.least, across));
  if (state.present) return Math.max(PRESENTED.least, Math.min(PRESENTED.most, fittingScale()));
  const { most } = SCALE,
    fitting = fittingScale();
  // A little smaller than usual, if it is then in sight as a whole.
  if (fitting >= SCALE.whole) return Math.min(most, fitting);
  return Math.max(narrow === SCALE.narrowest ? SCALE.least : narrow, Math.min(most, fitting));
}

function rescale() {
  const { picture } = derived,
    root = byId('graph-scroll').firstElementChild;
  drawn.scale = state.zoom ?? usualScale();
  root.setAttribute('width', Math.round((picture.width + 2 * MARGIN) * drawn.scale));
  root.setAttribute('height', Math.round((picture.height + 2 * MARGIN) * drawn.scale));
}

/** Of a picture that is larger than the pane, and was not scrolled, the middle of where it begins. */
function showStart() {
  const pane = byId('graph-scroll'),
    { boxes, down } = derived.picture;
  if (pane.scrollLeft > 0 || pane.scrollTop > 0) return;
  const [along, across] = down ? ['y', 'x'] : ['x', 'y'],
    room = (down ? pane.clientHeight : pane.clientWidth) / drawn.scale;
  const places = boxes.filter(box => box[along] < room).map(box => box[across]);
  const middle = places.sort((a, b) => a - b)[Math.floor(places.length / 2)];
  if (middle === undefined) return;
  const [x, y] = down ? [middle, 0] : [0, middle];
  pane.scrollTo((x + MARGIN) * drawn.scale - pane.clientWidth / 2, (y + MARGIN) * drawn.scale - pane.clientHeight / 2);
  drawNear();
}

/** Zooms so that the point of the pane at (x, y), or else its middle, stays where it is. */
function zoomTo(scale, x, y) {
  const pane = byId('graph-scroll'),
    before = drawn.scale;
  x ??= pane.clientWidth / 2;
  y ??= pane.clientHeight / 2;
  const [left, top] = [(pane.scrollLeft + x) / before, (pane.scrollTop + y) / before];
  state.zoom = scale === null ? null : Math.max(ZOOM.least, Math.min(ZOOM.most, scale));
  rescale();
  pane.scrollTo(left * drawn.scale - x, top * drawn.scale - y);
  drawNear();
  drawMap();
}

/** Wheel with a modifier, or a pinch, zooms; dragging the ground pans. */
function listenToPane() {
  const pane = byId('graph-scroll');
  pane.addEventListener(
    'wheel',
    event => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = pane.getBoundingClientRect();
      actions.zoom(drawn.scale * Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
    },
    { passive: false },
  );
  let from = null;
  pane.addEventListener('pointerdown', event => {
    if (event.button !== 0 || event.pointerType === 'touch' || event.target.closest('[role=button]')) return;
    from = { x: event.clientX + pane.scrollLeft, y: event.clientY + pane.scrollTop };
    pane.setPointerCapture(event.pointerId);
    pane.classList.add('panning');
  });
  pane.addEventListener('pointermove', event => {
    if (from) pane.scrollTo(from.x - event.clientX, from.y - event.clientY);
  });
  for (const end of ['pointerup', 'pointercancel'])
    pane.addEventListener(end, () => {
      from = null;
      pane.classList.remove('panning');
    });
  pane.addEventListener('scroll', () => {
    drawNear();
    drawWindow();
  });
  pane.addEventListener('focusin', () => drawNear());
  // On paper there is no window.
  matchMedia('print').addEventListener('change', ({ matches }) => {
    drawNear({ whole: matches });
    if (matches) [...listing.blocks, ...adjoint.blocks].forEach(blocks => blocks.fill());
  });
  const map = byId('map');
  const go = event => {
    // The map is wider than the picture where that is very narrow: each direction has a scale of its own.
    const { left, top, width, height } = map.firstElementChild.getBoundingClientRect(),
      across = (drawn.scale * (derived.picture.width + 2 * MARGIN)) / width,
      along = (drawn.scale * (derived.picture.height + 2 * MARGIN)) / height;
    pane.scrollTo(
      (event.clientX - left) * across - pane.clientWidth / 2,
      (event.clientY - top) * along - pane.clientHeight / 2,
    );
  };
  map.addEventListener('pointerdown', event => {
    map.setPointerCapture(event.pointerId);
    go(event);
  });
  map.addEventListener('pointermove', event => event.buttons > 0 && go(event));
}

/** The map takes no more than this, and no more than a part of the pane. */
const MAP = { width: 180, height: 130, across: 0.2, along: 0.3, room: 500 };

/** The small map: shown while the picture is larger than its pane. */
function drawMap() {
  const pane = byId('graph-scroll'),
    map = byId('map'),
    { picture } = derived;
  const [width, height] = [picture.width + 2 * MARGIN, picture.height + 2 * MARGIN];
  const larger = width * drawn.scale > pane.clientWidth * 1.3 || height * drawn.scale > pane.clientHeight * 1.3;
  // In a narrow pane it would hide what it is to find.
  map.hidden = !larger || pane.clientWidth < MAP.room;
  if (map.hidden) return;
  const scale = Math.min(
    Math.min(MAP.width, MAP.across * pane.clientWidth) / width,
    Math.min(MAP.height, MAP.along * pane.clientHeight) / height,
  );
  const box = (kind, { x, y, width, height }) =>
    `M${tenth(x - width / 2)} ${tenth(y - height / 2)}h${tenth(width)}v${tenth(height)}h${tenth(-width)}z`;
  const path = (name, list) => svg('path', { class: name, d: list.map(place => box(name, place)).join('') });
  drawn.window = svg('rect', { class: 'window' });
  const drawing = svg(
    'svg',
    {
      viewBox: `${-MARGIN} ${-MARGIN} ${width} ${height}`,
      width: Math.max(24, Math.round(width * scale)),
      height: Math.max(24, Math.round(height * scale)),
      preserveAspectRatio: 'none',
    },
    path('map-frame', picture.frames),
    path('map-box', [...picture.boxes, ...picture.stacks]),
    drawn.window,
  );
  map.replaceChildren(drawing);
  drawWindow();
}

/** What of the picture is in sight, on the map. */
function drawWindow() {
  if (byId('map').hidden || !drawn.window) return;
  const pane = byId('graph-scroll'),
    { scale } = drawn;
  const place = {
    x: pane.scrollLeft / scale - MARGIN,
    y: pane.scrollTop / scale - MARGIN,
    width: pane.clientWidth / scale,
    height: pane.clientHeight / scale,
  };
  for (const [key, value] of Object.entries(place)) drawn.window.setAttribute(key, tenth(value));
}

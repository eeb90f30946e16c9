// The keyboard, the transport and the switches of the head line.

/** Every key, in the order of the help: [keys, what they do, action]. */
const KEYS = [
  [['ArrowRight'], '→', 'step forward', () => actions.next()],
  [['ArrowLeft'], '←', 'step back', () => actions.back()],
  [['o', 'O'], 'O', 'overview', () => actions.overview()],
  [['Home'], 'Home', 'to the start', () => actions.go(0)],
  [['End'], 'End', 'to the end', () => actions.go(Infinity)],
  [['b', 'B'], 'B', 'to the start of the backward pass', () => actions.go(derived.timeline.forward + 1)],
  [[' '], 'Space', 'play, pause; on a box as Enter', () => actions.play()],
  [['['], '[', 'previous iteration', () => actions.turn(-1)],
  [[']'], ']', 'next iteration', () => actions.turn(1)],
  [['e', 'E'], 'E', 'expand or close loops', () => actions.toggle('expanded')],
  [['j', 'J'], 'J', 'select the next node', () => actions.browse(1)],
  [['k', 'K'], 'K', 'select the previous node', () => actions.browse(-1)],
  [['Enter'], 'Enter', 'pin the node under pointer or focus', null],
  [['Escape'], 'Esc', 'unpin', () => actions.escape()],
  [['p', 'P'], 'P', 'predict: gradients hidden until you have guessed', () => actions.toggle('predict')],
  [['g', 'G'], 'G', 'forward mode: tangents travel with the values', () => actions.toggle('tangents')],
  [['a', 'A'], 'A', 'the adjoint: the gradient as a program', () => actions.toggle('adjoint')],
  [['m', 'M'], 'M', 'next mistake', () => actions.nextMistake()],
  [['n', 'N'], 'N', 'numbers of the topological order', () => actions.toggle('numbers')],
  [['t', 'T'], 'T', 'graph left to right or top down', () => actions.direction()],
  [['d', 'D'], 'D', 'dark or light', () => actions.theme()],
  [['f', 'F'], 'F', 'presentation: large type, the graph fills its pane', () => actions.toggle('present')],
  [['+', '='], '+', 'zoom in', () => actions.zoom(drawn.scale * ZOOM.step)],
  [['-'], '−', 'zoom out', () => actions.zoom(drawn.scale / ZOOM.step)],
  [['0'], '0', 'the usual size', () => actions.zoom(null)],
  [['x', 'X'], 'X', 'the whole graph in sight', () => actions.zoom(fittingScale())],
  [['?'], '?', 'this help', () => byId('help').showModal()],
];

function listenToKeys() {
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId('help').open) return;
    const { target } = event,
      isField = target.matches?.('input, select, textarea');
    // A field keeps what it understands itself: sliders the arrows, texts every character.
    if (isField && event.key !== 'Escape') return;
    if (event.key === 'Escape' && isField) target.blur();
    const isBox = target.closest?.('g[role=button]');
    // On what has a meaning of its own for it, Space is not for the transport.
    if ((event.key === 'Enter' || event.key === ' ') && isBox) {
      isBox.dispatchEvent(new MouseEvent('click'));
      event.preventDefault();
    } else if (event.key === 'Enter' && !target.matches?.('button') && state.hovered.length > 0) {
      actions.select(state.hovered.at(-1));
    } else if (!(event.key === ' ' && target.matches?.('button, summary, [role=separator]'))) {
      const action = KEYS.find(([keys]) => keys.includes(event.key))?.[3];
      if (!action) return;
      event.preventDefault();
      action();
    }
  });
}

function drawHelp() {
  byId('keys').replaceChildren(
    ...KEYS.flatMap(([, key, text]) => [html('dt', {}, html('kbd', {}, key)), html('dd', {}, text)]),
  );
}

function listenToButtons() {
  const click = (id, action) => byId(id).addEventListener('click', action);
  click('to-start', () => actions.go(0));
  click('back', () => actions.back());
  click('play', () => actions.play());
  click('forward', () => actions.next());
  click('overview', () => actions.overview());
  click('present', () => actions.toggle('present'));
  click('zoom-in', () => actions.zoom(drawn.scale * ZOOM.step));
  click('zoom-out', () => actions.zoom(drawn.scale / ZOOM.step));
  click('fit', () => actions.zoom(fittingScale()));
  byId('save').addEventListener('change', event => {
    const { value } = event.target;
    event.target.value = '';
    if (value) save(value);
  });
  click('to-end', () => actions.go(Infinity));
  click('expand', () => actions.toggle('expanded'));
  click('tangents', () => actions.toggle('tangents'));
  byId('along').addEventListener('change', event => actions.along(Number(event.target.value)));
  click('predict', () => actions.toggle('predict'));
  click('show-adjoint', () => actions.toggle('adjoint'));
  click('theme', () => actions.theme());
  click('show-help', () => byId('help').showModal());
  click('close-help', () => byId('help').close());
  click('reset', () => actions.reset());
  byId('scrubber').addEventListener('input', event => actions.go(event.target.valueAsNumber));
  byId('mistake').addEventListener('change', event => actions.mistake(event.target.value || null));
  byId('mistake').append(...Object.entries(MISTAKES).map(([value, { title }]) => html('option', { value }, title)));
}

function paintControls(model) {
  const { steps, forward } = derived.timeline,
    last = steps.length - 1,
    scrubber = byId('scrubber');
  if (scrubber.max !== String(last)) scrubber.max = last;
  if (scrubber.valueAsNumber !== state.step) scrubber.value = state.step;
  scrubber.setAttribute('aria-valuetext', `step ${state.step} of ${last}`);
  setText(byId('count'), state.overview ? `${last} steps` : `step ${state.step} / ${last}`);
  // The bands stand above the way of the scrubber's thumb.
  byId('bands').style.gridTemplateColumns = `${Math.max(forward, 0.001)}fr ${Math.max(last - forward, 0.001)}fr`;
  byId('expand').hidden = model.loops.length === 0;
  byId('adjoint').hidden = !state.adjoint;
  const root = document.documentElement;
  root.classList.toggle('present', state.present);
  root.classList.toggle('embed', state.embed);
  root.style.setProperty('--split', state.split ?? '');
  byId('splitter').setAttribute('aria-valuenow', Math.round(100 * splitOf()));
  for (const [id, pressed] of [
    ['expand', state.expanded],
    ['predict', state.predict],
    ['tangents', state.tangents],
    ['show-adjoint', state.adjoint],
    ['play', state.playing !== null],
    ['present', state.present],
    ['overview', state.overview],
  ]) {
    byId(id).setAttribute('aria-pressed', pressed);
  }
  paintDirections(model);
  setText(byId('play'), state.playing === null ? 'play' : 'pause');
  byId('mistake').value = state.mistake ?? '';
  document.documentElement.dataset.theme = state.theme ?? '';
}

/** The inputs of which one moves, in forward mode. */
function paintDirections(model) {
  const select = byId('along');
  byId('directions').hidden = !derived.tangents;
  setText(byId('flow'), derived.tangents ? 'd: tangent' : '∂: gradient');
  byId('tangents').hidden = state.along === null;
  byId('bands').lastElementChild.hidden = Boolean(derived.tangents);
  if (!derived.tangents) return;
  if (select.of !== model) {
    const nodes = model.inputs.flatMap(({ nodes }) => nodes).slice(0, MOST_INPUTS);
    select.replaceChildren(...nodes.map(index => html('option', { value: index }, titleOf(model.nodes[index]))));
    select.of = model;
  }
  select.value = String(state.along);
}

// ── The splitter ─────────────────────────────────────────────────────────────────────────────────

/** The share of the left panes. */
function splitOf() {
  // As in the style.
  return state.split ?? 0.36;
}

function listenToSplitter() {
  const splitter = byId('splitter'),
    main = document.querySelector('main');
  const set = share => {
    state.split = Math.max(0.15, Math.min(0.75, share));
    document.documentElement.style.setProperty('--split', state.split);
    splitter.setAttribute('aria-valuenow', Math.round(100 * state.split));
    remember();
  };
  splitter.addEventListener('pointerdown', event => splitter.setPointerCapture(event.pointerId));
  splitter.addEventListener('pointermove', event => {
    const { left, width } = main.getBoundingClientRect();
    if (event.buttons > 0) set((event.clientX - left) / width);
  });
  splitter.addEventListener('keydown', event => {
    const turn = { ArrowLeft: -0.03, ArrowRight: 0.03 }[event.key];
    if (!turn) return;
    event.preventDefault();
    event.stopPropagation();
    set(splitOf() + turn);
  });
  splitter.addEventListener('dblclick', () => {
    state.split = null;
    document.documentElement.style.removeProperty('--split');
    remember();
  });
}

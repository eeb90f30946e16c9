// The keyboard, the transport and the switches of the head line.

/** Every key, in the order of the help: [keys, what they do, action]. */
const KEYS = [
  [['ArrowRight'], '→', 'step forward', () => actions.go(state.step + 1)],
  [['ArrowLeft'], '←', 'step back', () => actions.go(state.step - 1)],
  [['Home'], 'Home', 'to the start', () => actions.go(0)],
  [['End'], 'End', 'to the end', () => actions.go(Infinity)],
  [['b', 'B'], 'B', 'to the start of the backward pass', () => actions.go(derived.timeline.forward + 1)],
  [[' '], 'Space', 'play, pause', () => actions.play()],
  [['['], '[', 'previous iteration', () => actions.turn(-1)],
  [[']'], ']', 'next iteration', () => actions.turn(1)],
  [['e', 'E'], 'E', 'expand or close loops', () => actions.toggle('expanded')],
  [['j', 'J'], 'J', 'select the next node', () => actions.browse(1)],
  [['k', 'K'], 'K', 'select the previous node', () => actions.browse(-1)],
  [['Enter'], 'Enter', 'pin the node under pointer or focus', null],
  [['Escape'], 'Esc', 'unpin', () => actions.escape()],
  [['p', 'P'], 'P', 'predict: gradients hidden until you have guessed', () => actions.toggle('predict')],
  [['m', 'M'], 'M', 'next mistake', () => actions.nextMistake()],
  [['n', 'N'], 'N', 'numbers of the topological order', () => actions.toggle('numbers')],
  [['t', 'T'], 'T', 'graph left to right or top down', () => actions.direction()],
  [['d', 'D'], 'D', 'dark or light', () => actions.theme()],
  [['?'], '?', 'this help', () => byId('help').showModal()],
];

function listenToKeys() {
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId('help').open) return;
    const { target } = event,
      isField = target.matches?.('input, select');
    // A field keeps what it understands itself: sliders the arrows, texts every character.
    if (isField && event.key !== 'Escape') return;
    if (event.key === 'Escape' && isField) target.blur();
    const isBox = target.closest?.('g[role=button]');
    if (event.key === 'Enter' && isBox) {
      isBox.dispatchEvent(new MouseEvent('click'));
      event.preventDefault();
    } else if (event.key === 'Enter' && !target.matches?.('button') && state.hovered.length > 0) {
      actions.select(state.hovered.at(-1));
    } else if (!(event.key === ' ' && target.matches?.('button'))) {
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
  click('back', () => actions.go(state.step - 1));
  click('play', () => actions.play());
  click('forward', () => actions.go(state.step + 1));
  click('to-end', () => actions.go(Infinity));
  click('expand', () => actions.toggle('expanded'));
  click('predict', () => actions.toggle('predict'));
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
  setText(byId('count'), `step ${state.step} / ${last}`);
  // The bands stand above the way of the scrubber's thumb.
  byId('bands').style.gridTemplateColumns = `${Math.max(forward, 0.001)}fr ${Math.max(last - forward, 0.001)}fr`;
  byId('expand').hidden = model.loops.length === 0;
  for (const [id, pressed] of [
    ['expand', state.expanded],
    ['predict', state.predict],
    ['play', state.playing !== null],
  ]) {
    byId(id).setAttribute('aria-pressed', pressed);
  }
  setText(byId('play'), state.playing === null ? 'play' : 'pause');
  byId('mistake').value = state.mistake ?? '';
  document.documentElement.dataset.theme = state.theme ?? '';
}

// The editor: a field over the lines of the source, whose text shows through it.

const editor = { field: null, errors: null };

/** Puts the field over the pane of the source. */
function makeEditor(changed) {
  const pane = byId('source-text'),
    around = html('div', { id: 'editor' });
  editor.field = html('textarea', {
    id: 'code',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    'aria-label': 'Rust source',
    wrap: 'off',
  });
  pane.replaceWith(around);
  // The field is as large as the text, and both scroll together.
  around.append(html('div', { id: 'both' }, pane, editor.field));
  editor.errors = html('div', { id: 'complaints', role: 'status', 'aria-live': 'polite' });
  around.after(editor.errors);
  const { field } = editor;
  field.addEventListener('input', changed);
  // Before the browser lays it out.
  field.addEventListener('beforeinput', event => {
    const text = event.data ?? event.dataTransfer?.getData('text/plain') ?? '';
    if (text.length <= LONGEST_FIELD) return;
    event.preventDefault();
    refuse(text.length);
  });
  field.addEventListener('keydown', onKey);
  field.addEventListener('pointermove', event => {
    const found = document.elementsFromPoint(event.clientX, event.clientY).find(one => one.classList.contains('span'));
    pointAt(listing.spans[found?.dataset.span]);
  });
  field.addEventListener('pointerleave', () => pointAt(undefined));
  // The caret points, too, for those who have no pointer.
  document.addEventListener('selectionchange', () => {
    if (document.activeElement === field && !field.matches(':hover')) pointAt(spanAt(field.selectionStart));
  });
}

/** The smallest expression around a place. */
function spanAt(place) {
  const around = listing.spans.filter(({ from, to }) => from <= place && place <= to);
  return around.reduce((least, one) => (!least || one.to - one.from < least.to - least.from ? one : least), undefined);
}

let pointed;
function pointAt(span) {
  if (!model || span === pointed) return;
  pointed = span;
  actions.hover(span ? instancesOf(model, span.nodes) : [], span ?? null);
}

/** Tab indents, Enter keeps the indentation; Escape gives the other keys of the page back. */
function onKey(event) {
  const { field } = editor;
  if (event.key === 'Tab' && !event.shiftKey && !event.ctrlKey && !event.altKey && !editor.leaves) {
    event.preventDefault();
    insert('    ');
  } else if (event.key === 'Enter' && !event.ctrlKey && !event.isComposing) {
    const before = field.value.slice(0, field.selectionStart),
      line = before.slice(before.lastIndexOf('\n') + 1);
    const indent = /^[ \t]*/.exec(line)[0];
    event.preventDefault();
    insert(`\n${indent}${/[{([]\s*$/.test(line) ? '    ' : ''}`);
  } else if (event.key === 'Escape') {
    // A second Tab leaves the field, as it leaves any other.
    editor.leaves = true;
    return;
  }
  if (event.key !== 'Tab' && event.key !== 'Shift') editor.leaves = false;
}

/** Types a text, so that it can be undone. */
function insert(text) {
  if (!document.execCommand('insertText', false, text)) {
    const { field } = editor;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
    field.dispatchEvent(new Event('input'));
  }
}

/** Draws a text of which there is no trace yet, and what is wrong with it. */
function drawPlain(text, complaints) {
  const seen = emptyListing(),
    wrong = complaints.map(({ start, end }) => ({ start, end: Math.max(end, start + 1) })),
    lines = text.split('\n');
  let start = 0;
  const starts = lines.map(line => (start += line.length + 1) - line.length - 1);
  const draw = k =>
    html(
      'div',
      { class: 'line' },
      html('span', { class: 'number' }, String(k + 1)),
      html('span', { class: 'code' }, ...underlined(text, starts[k], starts[k] + lines[k].length, wrong)),
    );
  const blocks = blocksOf(lines.length, { draw, number: k => String(k + 1), text: k => visible(lines[k]) }, seen);
  listing.blocks = [blocks];
  byId('source-text').replaceChildren(...blocks.elements);
}

/** A line with what is wrong in it underlined. */
function underlined(text, from, end, wrong) {
  const inside = wrong.filter(one => one.start <= end && one.end > from);
  const edges = [...new Set([from, end, ...inside.flatMap(one => [one.start, one.end])])]
    .filter(place => place >= from && place <= end)
    .sort((a, b) => a - b);
  const parts = edges.slice(1).flatMap((to, k) => {
    const part = highlighted(text.slice(edges[k], to));
    const isWrong = inside.some(one => one.start <= edges[k] && to <= one.end);
    return isWrong ? [html('span', { class: 'complaint' }, ...part)] : part;
  });
  // What is missing at the end of a line has no letter to underline.
  if (inside.some(one => one.start >= end)) parts.push(html('span', { class: 'complaint' }, '\u00a0'));
  return parts;
}

/** What is wrong, each with its line and the way out. */
function drawComplaints(text, complaints) {
  const line = place => text.slice(0, place).split('\n').length;
  editor.errors.replaceChildren(
    ...complaints.slice(0, 5).map(({ message, help, refusal, start }) =>
      html(
        'div',
        { class: 'message' },
        html('button', { class: 'plain', onclick: () => putCaret(start) }, `line ${line(start)}`),
        html('b', {}, ` ${message}`),
        help ? html('p', { class: 'words' }, `help: ${help}`) : null,
        refusal && REFUSALS[refusal]
          ? html('a', { href: REFUSALS[refusal], target: '_blank', rel: 'noreferrer' }, `about ${refusal}`)
          : null,
      ),
    ),
  );
  editor.errors.hidden = complaints.length === 0;
}

function putCaret(place) {
  editor.field.focus();
  editor.field.setSelectionRange(place, place);
}

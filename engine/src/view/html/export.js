// The picture as a file: a PNG of the present step, or a GIF of all steps. Both are made here; nothing is sent anywhere.

/** What the style sheet says of shapes and texts, as attributes that stand alone in a file. */
const DRAWN_STYLE = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-size',
  'font-weight',
  'font-style',
  'text-anchor',
];

/** The graph as a file of its own: {text, width, height}. */
function pictureFile() {
  drawNear({ whole: true });
  const file = fileOfPicture();
  drawNear();
  return file;
}

function fileOfPicture() {
  const root = byId('graph-scroll').firstElementChild,
    copy = root.cloneNode(true),
    { picture } = derived;
  const [width, height] = [picture.width + 2 * MARGIN, picture.height + 2 * MARGIN];
  const [originals, copies] = [root.querySelectorAll('*'), copy.querySelectorAll('*')];
  originals.forEach((element, index) => {
    const style = getComputedStyle(element);
    for (const name of DRAWN_STYLE) copies[index].setAttribute(name, style.getPropertyValue(name));
    if (element.localName === 'text')
      copies[index].setAttribute('font-family', 'DejaVu Sans Mono, Menlo, Consolas, monospace');
    ['class', 'role', 'tabindex'].forEach(name => copies[index].removeAttribute(name));
  });
  copy.setAttribute('xmlns', SVG);
  copy.setAttribute('width', width);
  copy.setAttribute('height', height);
  const ground = svg('rect', {
    x: -MARGIN,
    y: -MARGIN,
    width,
    height,
    fill: getComputedStyle(byId('graph')).backgroundColor,
  });
  copy.prepend(ground);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

/** A canvas with the picture of the present step. */
async function pictureCanvas(most) {
  const { text, width, height } = pictureFile();
  const scale = Math.min(2, most / Math.max(width, height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = html('canvas', { width: Math.round(width * scale), height: Math.round(height * scale) });
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function pngFile() {
  const canvas = await pictureCanvas(4000);
  return new Promise(done => canvas.toBlob(done, 'image/png'));
}

/** More steps than these are thinned out. */
const MOST_FRAMES = 60;

async function gifFile() {
  const before = { step: state.step, overview: state.overview },
    { steps } = derived.timeline,
    stride = Math.ceil(steps.length / MOST_FRAMES),
    frames = [];
  let size = null;
  for (let step = 0; step < steps.length; step += stride) {
    actions.go(Math.min(step, steps.length - 1), true);
    const canvas = await pictureCanvas(900);
    // All frames have the size of the first; a loop that opens may change the picture's.
    size ??= [canvas.width, canvas.height];
    const frame = html('canvas', { width: size[0], height: size[1] }),
      pen = frame.getContext('2d', { willReadFrequently: true });
    pen.fillStyle = getComputedStyle(byId('graph')).backgroundColor;
    pen.fillRect(0, 0, ...size);
    const scale = Math.min(1, size[0] / canvas.width, size[1] / canvas.height);
    pen.drawImage(canvas, 0, 0, canvas.width * scale, canvas.height * scale);
    frames.push(pen.getImageData(0, 0, ...size).data);
  }
  actions.go(before.step, true);
  state.overview = before.overview;
  refresh.paint();
  return new Blob([gifOf(frames, ...size, 90)], { type: 'image/gif' });
}

/** An animated GIF of frames of RGBA bytes, each shown for so many hundredths of a second. */
function gifOf(frames, width, height, delay) {
  const bytes = [],
    word = number => bytes.push(number & 255, number >> 8);
  // 6 levels for each of red, green and blue, and 40 greys.
  const palette = [];
  for (let index = 0; index < 216; index += 1)
    palette.push([Math.floor(index / 36) * 51, (Math.floor(index / 6) % 6) * 51, (index % 6) * 51]);
  for (let grey = 0; grey < 40; grey += 1) palette.push(Array(3).fill(Math.round((grey * 255) / 39)));
  const nearest = (r, g, b) =>
    Math.max(r, g, b) - Math.min(r, g, b) < 14
      ? 216 + Math.round((((r + g + b) / 3) * 39) / 255)
      : Math.round(r / 51) * 36 + Math.round(g / 51) * 6 + Math.round(b / 51);
  bytes.push(...[...'GIF89a'].map(letter => letter.charCodeAt(0)));
  word(width);
  word(height);
  bytes.push(0xf7, 0, 0);
  for (const colour of palette) bytes.push(...colour);
  bytes.push(0x21, 0xff, 11, ...[...'NETSCAPE2.0'].map(letter => letter.charCodeAt(0)), 3, 1, 0, 0, 0);
  for (const data of frames) {
    bytes.push(0x21, 0xf9, 4, 0);
    word(delay);
    bytes.push(0, 0, 0x2c);
    [0, 0, width, height].forEach(word);
    bytes.push(0, 8);
    const pixels = new Uint8Array(width * height);
    for (let at = 0; at < pixels.length; at += 1)
      pixels[at] = nearest(data[4 * at], data[4 * at + 1], data[4 * at + 2]);
    const packed = packedByLzw(pixels);
    for (let at = 0; at < packed.length; at += 255) {
      const block = packed.slice(at, at + 255);
      bytes.push(block.length, ...block);
    }
    bytes.push(0);
  }
  bytes.push(0x3b);
  return new Uint8Array(bytes);
}

/** The compression of GIF: codes of 9 to 12 bits for runs of pixels. */
function packedByLzw(pixels) {
  const out = [],
    clear = 256,
    end = 257;
  let known = new Map(),
    next = 258,
    size = 9,
    buffer = 0,
    bits = 0;
  const write = code => {
    buffer |= code << bits;
    bits += size;
    while (bits >= 8) {
      out.push(buffer & 255);
      buffer >>>= 8;
      bits -= 8;
    }
  };
  write(clear);
  let run = pixels[0];
  for (let at = 1; at < pixels.length; at += 1) {
    const key = run * 256 + pixels[at],
      longer = known.get(key);
    if (longer !== undefined) {
      run = longer;
      continue;
    }
    write(run);
    if (next < 4096) {
      if (next === 1 << size && size < 12) size += 1;
      known.set(key, next);
      next += 1;
    } else {
      write(clear);
      [known, next, size] = [new Map(), 258, 9];
    }
    run = pixels[at];
  }
  write(run);
  write(end);
  if (bits > 0) out.push(buffer & 255);
  return out;
}

/** Hands a file to the reader. */
async function save(kind) {
  const file = await (kind === 'gif' ? gifFile() : pngFile());
  const url = URL.createObjectURL(file);
  html('a', { href: url, download: `${model.function}.${kind}` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

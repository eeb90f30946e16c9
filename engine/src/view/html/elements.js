// Elements of the page: made, and changed only where they differ.

const SVG = 'http://www.w3.org/2000/svg';

/** An element: attributes, `on…` listeners, children that are elements or text. Text never becomes markup. */
function make(namespace, name, attributes, children) {
  const element = namespace ? document.createElementNS(namespace, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}
const svg = (name, attributes = {}, ...children) => make(SVG, name, attributes, children);
const html = (name, attributes = {}, ...children) => make(null, name, attributes, children);
const byId = id => document.getElementById(id);

/** Sets a class or text only where it differs: a step touches few elements. */
function setClass(element, name) {
  if (element.shownClass !== name) element.setAttribute('class', (element.shownClass = name));
}
function setText(element, text) {
  if (element.shownText !== text) element.textContent = element.shownText = text;
}
function setAria(element, label, pressed) {
  if (element.label !== label) element.setAttribute('aria-label', (element.label = label));
  if (element.pressed !== pressed) element.setAttribute('aria-pressed', (element.pressed = pressed));
}
function signOf(value) {
  return value > 0 ? 'plus' : value < 0 ? 'minus' : Number.isNaN(value) ? 'nan' : 'none';
}

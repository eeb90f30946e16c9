// All texts whose contrast with the ground behind them is below 4.5:1 (WCAG 2.2, success criterion 1.4.3).
(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r, g, b].map((c, k) => (c * a + [R, G, B][k] * (255 - a)) / 255);
  const luminance = rgb => {
    const [r, g, b] = rgb.map(c => c / 255).map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    // In the picture a text stands on the shape before it; elsewhere on the backgrounds of what is around it.
    const shape = element.closest('.box, .stack, .button, .labels g')?.querySelector('rect:last-of-type');
    const layers = shape
      ? [getComputedStyle(shape).fill]
      : element.closest('.frame-head, .port')
        ? [getComputedStyle(document.querySelector('.ground') ?? document.body).fill]
        : [];
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(at);
      // A line's tint fades out before the numbers at its end; of what stands elsewhere on it, the strongest tint counts.
      const stops = backgroundImage.match(/color\([^)]*\)|rgba?\([^)]*\)/g) ?? ['transparent'];
      layers.push(stops.at(element.closest('.ghost') ? -1 : 0), backgroundColor);
    }
    return layers.reverse().reduce((below, layer) => over(rgba(layer), below), [255, 255, 255]);
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (
      walker.currentNode.data.trim() === '' ||
      element.getClientRects().length === 0 ||
      element.closest('script, .disabled')
    )
      continue;
    const style = getComputedStyle(element),
      below = ground(element);
    let opacity = 1;
    for (let at = element; at; at = at.parentElement) opacity *= getComputedStyle(at).opacity;
    const [r, g, b, a] = rgba(element instanceof SVGElement ? style.fill : style.color);
    const [one, two] = [luminance(over([r, g, b, a * opacity], below)), luminance(below)];
    const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (contrast < 4.5)
      faint.push(
        `${walker.currentNode.data.trim().slice(0, 30)}: ${contrast.toFixed(2)} in ${element.getAttribute('class')}`,
      );
  }
  return [...new Set(faint)];
})();

// Elements of HTML and SVG, texts that fit, and the looks of states and answers: what draw.js and report.js draw with. A
// text becomes a text node, and its width is asked of a canvas in the page's own font.
(() => {
  'use strict';
  const fakeapi = (globalThis.fakeapi ??= {});

  function element(name, attributes, ...children) {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) {
      made.setAttribute(key, typeof value === 'number' ? Math.round(value * 10) / 10 : value);
    }
    made.append(...children);
    return made;
  }

  function html(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
      else if (value !== false) made.setAttribute(key, value);
    }
    made.append(...children.filter(child => child !== null && child !== undefined));
    return made;
  }

  const pen = document.createElement('canvas').getContext('2d');
  const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
  function widthOf(text, size, weight = 400) {
    pen.font = `${weight} ${size}px ${FONT}`;
    return pen.measureText(text).width;
  }
  const fits = (text, size, weight, room) => text.length < 400 && widthOf(text, size, weight) <= room;

  /** The text, or its beginning and an ellipsis. */
  function cut(text, size, weight, room) {
    if (fits(text, size, weight, room)) return text;
    let low = 0, high = Math.min(text.length, 400);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (widthOf(text.slice(0, middle) + '\u2026', size, weight) <= room) low = middle;
      else high = middle - 1;
    }
    return text.slice(0, low) + '\u2026';
  }

  /** One line, or two that break at a blank, a slash or a hyphen where there is one. */
  function inTwo(text, size, weight, room) {
    if (fits(text, size, weight, room)) return [text];
    let at = cut(text, size, weight, room).length - 1;
    const gap = [' ', '/', '-', '_', '.'].map(sign => text.lastIndexOf(sign, at - 1)).find(found => found > 2);
    if (gap) at = gap + (text[gap] === ' ' ? 0 : 1);
    return [text.slice(0, at), cut(text.slice(at).trim(), size, weight, room)];
  }

  function step(span, ticksMax) {
    const raw = span / ticksMax;
    const power = 10 ** Math.floor(Math.log10(raw));
    return power * [1, 2, 5, 10].find(factor => factor * power >= raw);
  }

  const pattern = (id, size, turn, ...children) => element('pattern', {
    id, width: size, height: size, patternUnits: 'userSpaceOnUse', patternTransform: `rotate(${turn})`}, ...children);

  const patterns = () => element('defs', {},
    pattern('hatch-stale', 10, 45, element('rect', {width: 10, height: 10, class: 'stale-a'}),
      element('rect', {width: 3, height: 10, class: 'stale-b'})),
    pattern('hatch-wrong', 10, -45, element('rect', {width: 10, height: 10, class: 'wrong-a'}),
      element('rect', {width: 3, height: 10, class: 'wrong-b'})),
    pattern('hatch-down', 8, 0, element('rect', {width: 8, height: 8, class: 'down-a'}),
      element('path', {d: 'M0 0L8 8M8 0L0 8', class: 'down-b'})),
    pattern('hatch-unreachable', 6, 0, element('rect', {width: 6, height: 6, class: 'gone-a'}),
      element('circle', {cx: 3, cy: 3, r: 1, class: 'gone-b'})));

  /** One sign: a stroke, two strokes that meet, a cross, a ring. */
  function sign(x, y, answer) {
    const shapes = {
      'ok': `M${x} ${y - 8}V${y + 8}`,
      'met': `M${x - 3} ${y - 6}L${x} ${y + 6}L${x + 3} ${y - 6}`,
      'refused': `M${x - 3.5} ${y - 4.5}L${x + 3.5} ${y + 4.5}M${x - 3.5} ${y + 4.5}L${x + 3.5} ${y - 4.5}`,
      'no-answer': `M${x - 3.5} ${y}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0`,
    };
    const short = shapes[answer].replace(/\d+\.\d{3,}/g, number => (+number).toFixed(2));
    return element('path', {d: short, class: `sign a-${answer}`});
  }

  /** For the legend. */
  const STATES = {
    'none': 'none ready', 'some': 'some ready', 'all': 'all ready', 'stale': 'STALE: shown, but nothing listens',
    'unreachable': 'API server unreachable', 'up': 'API server answers', 'waiting': 'waits', 'believes': 'believes ready',
    'exited': 'exited', 'running': 'workload runs', 'too-early': 'workload started too early', 'app-down': 'app down',
    'fault': 'fault active',
  };
  const ANSWERS = {
    'ok': 'request answered', 'met': 'request met by the fault', 'refused': 'request refused: 4xx, 5xx',
    'no-answer': 'request without an answer',
  };

  /** Pairs of a picture and what it means, of what the drawing holds. */
  function legendOf({states, answers}) {
    const swatch = (...shapes) => element('svg', {'width': 26, 'height': 18, 'aria-hidden': 'true'}, ...shapes);
    const box = () => element('rect', {x: 0.5, y: 2.5, width: 25, height: 13, rx: 2});
    return [
      ...Object.keys(STATES).filter(one => states.has(one)).map(
        one => [swatch(element('g', {class: `bar s-${one}`}, box())), STATES[one]]),
      ...Object.keys(ANSWERS).filter(one => answers.has(one)).map(one => [swatch(sign(13, 9, one)), ANSWERS[one]]),
    ];
  }

  Object.assign(fakeapi, {html, element, widthOf, fits, cut, inTwo, step, patterns, sign, legendOf});
})();

// The page around the picture: view, zoom, details, theme. In a report it finds its log in the page;
// a page of a running server gives it events as they come:
//
//   const report = fakeapi.open(document.getElementById('report'));
//   report.append([{at, lane, what, why}, ...]);   // in any order, as often as needed; replace() forgets
//   report.until(seconds);                         // the present of what is still going on
//   report.show(from, to);                         // a part of the time; without arguments all
//
// Events -> model (words.js, model.js: pure) -> drawing of one view (shapes.js, draw.js) -> the page
// (this file, report.css); a page holds the scripts in this order. append() and until() make the
// model anew with the next frame, so a burst of events costs one drawing. A view that shows all, or
// the end, keeps showing it. No markup is made from texts, no style attribute is set and nothing is
// fetched, so that a strict Content-Security-Policy holds.
(() => {
  'use strict';
  const fakeapi = (globalThis.fakeapi ??= {});
  const {makeModel, draw, html, legendOf, secondsText} = fakeapi;

  const SPAN_MIN = 0.002; // two milliseconds: logs are no finer
  const NOTES_MAX = 200; // a log with more to say is read as a log
  const CLICK_PX = 4; // a pointer that moves less has clicked
  const KEYS = [
    ['Ctrl + wheel, + and \u2212', 'zoom in and out'], ['Drag, Shift + \u2190 \u2192', 'move'],
    ['Drag the axis, Shift + drag', 'zoom to a range'], ['0', 'show all'],
    ['\u2190 \u2192 \u2191 \u2193', 'go from one thing to the next'], ['Enter', 'zoom to it'], ['Esc', 'let go'],
  ];

  class Report {
    constructor(root) {
      this.events = [];
      this.untilSeconds = 0;
      this.view = {from: 0, to: 1};
      this.isAll = true;
      this.selected = null; // an item of the drawing
      this.isPinned = false;
      this.isStale = true; // the model
      this.frame = 0;
      this.build(root);
      this.listen();
      document.documentElement.classList.add('live');
    }

    // What others call.

    append(events) {
      this.events.push(...events.map(({at, lane, what, why}) => ({at, lane, what, why})));
      this.isStale = true;
      this.refresh();
    }

    /** These in the place of all events so far. */
    replace(events) {
      Object.assign(this, {events: [], untilSeconds: 0});
      this.append(events);
    }

    until(seconds) {
      this.untilSeconds = Math.max(this.untilSeconds, seconds);
      this.isStale = true;
      this.refresh();
    }

    show(from = 0, to = this.model.end) {
      const end = this.model.end;
      const span = Math.min(Math.max(to - from, Math.min(SPAN_MIN, end)), end);
      const start = Math.min(Math.max(from, 0), end - span);
      this.view = {from: start, to: start + span};
      this.isAll = span >= end * (1 - 1e-9);
      this.refresh();
    }

    /** Draws now what would be drawn with the next frame. */
    flush() {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      if (this.isStale) this.remodel();
      this.redraw();
    }

    build(root) {
      const button = (label, name, action) => html('button', {
        'type': 'button', 'aria-label': name, 'title': name, 'onclick': action}, label);
      this.zoomIn = button('+', 'Zoom in', () => this.zoom(2));
      this.zoomOut = button('\u2212', 'Zoom out', () => this.zoom(0.5));
      this.fit = button('Show all', 'Show all', () => this.show());
      this.range = html('output', {class: 'range'});
      this.theme = button('', 'Light or dark', () => this.toggleTheme());
      this.theme.className = 'theme';
      this.head = html('header');
      this.axis = html('div', {class: 'axis-room'});
      this.lanes = html('div', {class: 'lanes-room'});
      this.band = html('div', {class: 'band', hidden: ''});
      this.tip = html('div', {class: 'tip', role: 'tooltip', id: 'report-tip', hidden: ''});
      this.chart = html('section', {
        'class': 'chart', 'tabindex': '0', 'role': 'group', 'aria-roledescription': 'timeline', 'aria-label': 'Lanes over time',
        'aria-describedby': 'report-tip report-keys'}, this.axis, this.lanes, this.band, this.tip);
      this.spoken = html('p', {'class': 'spoken', 'aria-live': 'polite'});
      this.legend = html('ul', {'class': 'legend', 'aria-label': 'Legend'});
      this.words = html('div', {class: 'words'});
      this.app = html('div', {class: 'app'}, this.head,
        html('div', {'class': 'toolbar', 'role': 'toolbar', 'aria-label': 'View'},
          this.zoomOut, this.zoomIn, this.fit, this.range, this.theme),
        this.chart, this.spoken, this.legend, this.words,
        html('details', {class: 'keys'}, html('summary', {}, 'Keys and pointer'), html('dl', {id: 'report-keys'},
          ...KEYS.map(([keys, what]) => html('div', {}, html('dt', {}, keys), html('dd', {}, what))))));
      root.append(this.app);
      this.dark = matchMedia('(prefers-color-scheme: dark)');
      this.dark.addEventListener('change', () => this.showTheme());
      this.showTheme();
    }

    get isDark() {
      const chosen = document.documentElement.dataset.theme;
      return chosen ? chosen === 'dark' : this.dark.matches;
    }

    toggleTheme() {
      document.documentElement.dataset.theme = this.isDark ? 'light' : 'dark';
      this.showTheme();
    }

    showTheme() {
      this.theme.textContent = this.isDark ? '\u2600 Light' : '\u263e Dark';
    }

    refresh() {
      if (this.frame) return;
      this.frame = requestAnimationFrame(() => this.flush());
    }

    remodel() {
      const before = this.model;
      const wasAtEnd = before && this.view.to >= before.end;
      this.model = makeModel(this.events, this.untilSeconds);
      this.isStale = false;
      const end = this.model.end;
      if (!before || this.isAll) this.view = {from: 0, to: end};
      else if (wasAtEnd || this.view.to > end) {
        const span = Math.min(this.view.to - this.view.from, end);
        this.view = {from: end - span, to: end};
      }
      this.tell();
    }

    /** Everything but the chart; what says the same as before stays, as a reader may just click or select it. */
    tell() {
      const {model} = this;
      const {title, conclusion, expectations: all, steps, mechanism, notes} = model;
      const said = JSON.stringify([title, conclusion, all, steps, mechanism, notes]);
      if (said === this.said) return;
      this.said = said;
      document.title = model.title;
      const {expectations} = model;
      const count = result => expectations.filter(one => one.result === result).length;
      const state = count('failed') > 0 ? 'bad' : count('skipped') > 0 ? 'open' : 'good';
      const met = `${count('passed')} of ${expectations.length} expectation${expectations.length === 1 ? '' : 's'} met` +
        (count('skipped') > 0 ? `, ${count('skipped')} skipped` : '');
      this.head.replaceChildren(...[
        html('h1', {}, model.title),
        model.conclusion && html('p', {class: `conclusion ${model.isWrong ? 'bad' : 'good'}`}, model.conclusion),
        expectations.length > 0 && html('p', {class: `met ${state}`}, met),
        expectations.length > 0 && html('ul', {'class': 'expectations', 'aria-label': 'Expectations'}, ...expectations.map(
          one => html('li', {class: one.result}, html('span', {class: 'pill'}, one.result), html('bdi', {}, one.sentence)))),
      ].filter(Boolean));
      this.words.replaceChildren(...[
        model.steps.length > 0 && html('section', {}, html('h2', {}, 'Steps'),
          html('ol', {class: 'steps'}, ...model.steps.map(one => this.stepLine(one)))),
        model.mechanism && html('section', {class: 'mechanism'}, html('h2', {}, 'Mechanism'), html('p', {}, model.mechanism)),
        model.notes.length > 0 && html('section', {}, html('h2', {}, 'Notes'),
          ...model.notes.slice(0, NOTES_MAX).map(note => html('p', {}, note)),
          model.notes.length > NOTES_MAX ? html('p', {}, `and ${model.notes.length - NOTES_MAX} more`) : null),
      ].filter(Boolean));
    }

    stepLine({number, at, text}) {
      return html('li', {},
        html('button', {type: 'button', class: 'number', title: 'Show it', onclick: () => this.centre(at)}, String(number)),
        html('span', {class: 'at'}, secondsText(at)), html('bdi', {}, text));
    }

    redraw() {
      const width = Math.max(320, this.chart.clientWidth - 32);
      this.drawing = draw(this.model, this.view, width);
      this.axis.replaceChildren(this.drawing.axis);
      this.lanes.replaceChildren(this.drawing.lanes);
      const {from, to} = this.view;
      const digits = Math.min(4, Math.max(1, 2 - Math.floor(Math.log10(to - from))));
      this.range.textContent = `${from.toFixed(digits)} to ${to.toFixed(digits)} s` +
        (this.isAll ? '' : ` of ${secondsText(this.model.end)}`);
      this.fit.disabled = this.zoomOut.disabled = this.isAll;
      this.zoomIn.disabled = to - from <= SPAN_MIN;
      this.legend.replaceChildren(...legendOf(this.drawing).map(entry => html('li', {}, ...entry)));
      const kept = this.selected && this.drawing.items.findIndex(
        one => one.lane === this.selected.lane && one.from === this.selected.from && one.title === this.selected.title);
      if (this.selected) this.select(kept >= 0 ? kept : null, this.isPinned);
    }

    // Moving in time.

    at(clientX) {
      const {left, right} = this.drawing;
      const x = clientX - this.lanes.getBoundingClientRect().left;
      const share = Math.min(Math.max((x - left) / (right - left), 0), 1);
      return this.view.from + share * (this.view.to - this.view.from);
    }

    zoom(factor, at = this.selected?.from ?? (this.view.from + this.view.to) / 2) {
      const {from, to} = this.view;
      const held = Math.min(Math.max(at, from), to);
      const span = Math.max((to - from) / factor, SPAN_MIN);
      const share = (held - from) / (to - from);
      this.show(held - share * span, held + (1 - share) * span);
    }

    move(share) {
      const span = this.view.to - this.view.from;
      this.show(this.view.from + share * span, this.view.to + share * span);
    }

    centre(at) {
      const span = Math.min(this.view.to - this.view.from, this.model.end / 4);
      this.show(at - span / 2, at + span / 2);
      this.chart.scrollIntoView({block: 'nearest'});
    }

    select(id, isPinned) {
      this.chart.querySelector('.selected')?.classList.remove('selected');
      const item = id === null ? null : this.drawing.items[id];
      this.selected = item;
      this.selectedId = item ? id : null;
      this.isPinned = Boolean(item) && isPinned;
      this.tip.hidden = !item;
      this.tip.classList.toggle('pinned', this.isPinned);
      if (!item) return;
      const marked = this.chart.querySelector(`[data-item="${id}"]`);
      marked.classList.add('selected');
      this.tip.replaceChildren(...(item.lane === item.title ? [] : [html('p', {class: 'of'}, item.lane)]),
        html('h3', {}, item.title), ...item.lines.map(line => html('p', {}, line)));
      if (isPinned) this.spoken.textContent = [item.lane, item.title, ...item.lines].join(', ');
      this.placeTip(marked.getBoundingClientRect());
    }

    placeTip(box) {
      const room = this.chart.getBoundingClientRect();
      const width = this.tip.offsetWidth, height = this.tip.offsetHeight;
      // Beside a wide bar's middle, not at its far end.
      const x = Math.min(Math.max((box.left + box.right) / 2, room.left), room.right) - room.left;
      const left = Math.min(Math.max(8, x - width / 2), Math.max(8, room.width - width - 8));
      const below = box.bottom - room.top + 8;
      const isAbove = box.bottom + 8 + height > innerHeight && box.top - 8 - height > 0;
      this.tip.style.left = `${left}px`;
      this.tip.style.top = `${isAbove ? box.top - room.top - 8 - height : below}px`;
    }

    idOf(target) {
      const found = target instanceof Element && target.closest('[data-item]');
      return found && this.chart.contains(found) ? Number(found.dataset.item) : null;
    }

    /** The next thing in the lane, or the nearest in the next lane. */
    go(along, across) {
      const all = this.drawing.items.map((one, id) => ({...one, id})).filter(one => one.from !== null);
      const here = this.selected ? all.find(one => one.id === this.selectedId) ?? {...this.selected} : null;
      let next = all[0];
      if (here && along !== 0) {
        const line = all.filter(one => this.height(one) === this.height(here)).sort((a, b) => a.x - b.x);
        next = line[line.findIndex(one => one.id === here.id) + along];
      } else if (here) {
        const heights = [...new Set(all.map(one => this.height(one)))].sort((a, b) => a - b);
        const y = across > 0 ? heights.find(one => one > this.height(here)) : heights.findLast(one => one < this.height(here));
        const at = (here.from + here.to) / 2;
        const distance = one => Math.max(one.from - at, at - one.to, 0);
        // Where one bar ends and the next begins it is the one that begins.
        next = all.filter(one => this.height(one) === y).sort((a, b) => distance(a) - distance(b) || b.from - a.from)[0];
      }
      if (!next) return;
      this.select(next.id, true);
      this.chart.querySelector('.selected').scrollIntoView({block: 'nearest'});
      this.placeTip(this.chart.querySelector('.selected').getBoundingClientRect());
    }

    /** Of an item on the page: the axis is above the lanes. */
    height(item) { return item.lane === 'steps' ? item.y - 1000 : item.y; }

    zoomToSelected() {
      const item = this.selected;
      if (!item || item.from === null) return;
      const span = Math.max((item.to - item.from) * 1.4, (this.view.to - this.view.from) / 20, SPAN_MIN);
      const middle = (item.from + item.to) / 2;
      this.show(middle - span / 2, middle + span / 2);
    }

    listen() {
      const {chart} = this;
      chart.addEventListener('wheel', event => this.wheel(event), {passive: false});
      chart.addEventListener('pointerdown', event => this.press(event));
      chart.addEventListener('pointermove', event => this.drag(event));
      chart.addEventListener('pointerup', event => this.release(event));
      chart.addEventListener('pointercancel', () => this.letGo());
      chart.addEventListener('pointerover', event => {
        if (!this.isPinned && !this.held) this.select(this.idOf(event.target), false);
      });
      chart.addEventListener('pointerleave', () => {
        if (!this.isPinned) this.select(null, false);
      });
      chart.addEventListener('dblclick', () => this.zoomToSelected());
      chart.addEventListener('keydown', event => this.key(event));
      addEventListener('keydown', event => {
        if (event.key === 'Escape') this.select(null, false);
      });
      new ResizeObserver(() => {
        if (this.model) this.refresh();
      }).observe(chart);
    }

    wheel(event) {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        this.zoom(Math.exp(-Math.max(-100, Math.min(100, event.deltaY)) * 0.005), this.at(event.clientX));
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        this.move((event.deltaX || event.deltaY) / 800);
      }
    }

    press(event) {
      if (event.button !== 0 || this.tip.contains(event.target)) return;
      this.held = {
        x: event.clientX, at: this.at(event.clientX), view: {...this.view}, hasMoved: false, id: this.idOf(event.target),
        isRange: event.shiftKey || this.axis.contains(event.target),
      };
    }

    drag(event) {
      const {held} = this;
      if (!held) return;
      if (!held.hasMoved && Math.abs(event.clientX - held.x) < CLICK_PX) return;
      if (!held.hasMoved) {
        held.hasMoved = true;
        this.chart.setPointerCapture(event.pointerId);
        this.chart.classList.toggle('panning', !held.isRange);
        this.select(null, false);
      }
      if (held.isRange) return this.showBand(held.x, event.clientX);
      const {left, right} = this.drawing;
      const moved = (held.x - event.clientX) / (right - left) * (held.view.to - held.view.from);
      this.show(held.view.from + moved, held.view.to + moved);
    }

    showBand(from, to) {
      const room = this.chart.getBoundingClientRect();
      this.band.hidden = false;
      this.band.style.left = `${Math.min(from, to) - room.left}px`;
      this.band.style.width = `${Math.abs(to - from)}px`;
    }

    release(event) {
      const {held} = this;
      if (!held) return;
      this.letGo();
      if (!held.hasMoved) {
        this.chart.focus({preventScroll: true});
        this.select(held.id, held.id !== null);
      } else if (held.isRange) {
        const at = this.at(event.clientX);
        this.show(Math.min(held.at, at), Math.max(held.at, at));
      }
    }

    letGo() {
      this.held = null;
      this.band.hidden = true;
      this.chart.classList.remove('panning');
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const moves = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
      const actions = {
        '+': () => this.zoom(2), '=': () => this.zoom(2), '-': () => this.zoom(0.5), '_': () => this.zoom(0.5),
        '0': () => this.show(), 'Enter': () => this.zoomToSelected(), 'Home': () => this.move(-1e9), 'End': () => this.move(1e9),
      };
      const [along, across] = moves[event.key] ?? [0, 0];
      if (event.shiftKey && along !== 0) this.move(along * 0.2);
      else if (moves[event.key]) this.go(along, across);
      else if (actions[event.key]) actions[event.key]();
      else return;
      event.preventDefault();
    }
  }

  fakeapi.open = root => new Report(root);

  const log = document.getElementById('fakeapi-events');
  if (log) {
    fakeapi.report = fakeapi.open(document.getElementById('report'));
    fakeapi.report.append(JSON.parse(log.textContent).map(([at, lane, what, why]) => ({at, lane, what, why})));
    fakeapi.report.flush();
  }
})();

// Draws a model (model.js) as two SVG elements, the axis and the lanes, for one view:
//
//   const {axis, lanes, items, states, answers} = fakeapi.draw(model, {from, to}, width);
//
// What falls together at this zoom is one sign with its number; nothing outside the view becomes an
// element, so that drawing costs by what is seen and not by the length of the log. `items` are the
// things that can be pointed at, in the order of the page: {title, lines, lane, x, y, from, to};
// elements refer to them by their attribute data-item. All texts go into text nodes, no markup.
(() => {
  'use strict';
  const fakeapi = (globalThis.fakeapi ??= {});
  const {secondsText, counted, answersOf, element, widthOf, fits, cut, inTwo, step, patterns, sign} = fakeapi;

  const BAR = 26, REQUESTS = 24, FLAG = 18, GAP = 12, HEAD = 30;
  const CELL = 7; // the room of one sign
  const NARROW = 640;
  const FLAG_ROWS_MAX = 8;
  const LISTED_MAX = 8; // of a bin; zooming in shows the others

  const SEVERITY = ['ok', 'met', 'refused', 'no-answer'];
  const WORDS = {right: 'RIGHT', wrong: 'WRONG', never: 'NEVER'};

  class Page {
    constructor(model, view, width) {
      Object.assign(this, {model, view, width, y: 0, items: [], states: new Set(), answers: new Set()});
      this.left = width < NARROW ? 112 : 216;
      this.right = width - 18;
      this.scale = (this.right - this.left) / (view.to - view.from);
      this.back = element('g', {});
      this.front = element('g', {});
      this.root = this.front;
    }

    x(at) { return this.left + (at - this.view.from) * this.scale; }
    inside(x) { return Math.min(Math.max(x, this.left), this.right); }
    put(...made) { this.root.append(...made); }

    text(x, y, text, type, attributes = {}) {
      this.put(element('text', {x, y, class: type, ...attributes}, text));
    }

    item(lane, x, y, from, to, title, lines) {
      this.items.push({lane, x, y, from, to, title, lines: lines.filter(Boolean)});
      return this.items.length - 1;
    }

    axis() {
      const svg = element('svg', {width: this.width, class: 'axis'});
      this.root = svg;
      const steps = this.model.steps.filter(one => one.at >= this.view.from && one.at <= this.view.to);
      if (this.model.steps.length > 0) {
        this.text(0, 17, 'steps', 'small');
        let lastX = -Infinity;
        for (const one of steps.slice(0, 200)) {
          const x = this.x(one.at);
          const id = this.item('steps', x, 12, one.at, one.at, `Step ${one.number}`, [secondsText(one.at), one.text]);
          const isFree = x - lastX >= 20;
          this.put(element('g', {'data-item': id}, element('circle', {cx: x, cy: 12, r: isFree ? 10 : 4, class: 'step'}),
            ...(isFree ? [element('text', {x, y: 16, class: 'step-number'}, String(one.number))] : [])));
          if (isFree) lastX = x;
        }
      }
      const top = this.model.steps.length > 0 ? 26 : 4;
      this.text(0, top + 15, 'seconds', 'small');
      const every = step(this.view.to - this.view.from, Math.max(2, (this.right - this.left) / 75));
      this.ticks = [];
      for (let n = Math.ceil(this.view.from / every - 1e-9); n * every <= this.view.to + every * 1e-9; ++n) {
        const at = n * every;
        this.ticks.push(at);
        const digits = Math.max(0, -Math.floor(Math.log10(every) + 1e-9));
        this.text(this.x(at), top + 15, at < 1e6 ? at.toFixed(digits) : String(+at.toPrecision(6)), 'small tick');
      }
      let height = top + 22;
      if (this.model.nothingListens.length > 0) {
        for (const span of this.model.nothingListens) this.danger(span, height);
        height += 20;
      }
      svg.setAttribute('height', height);
      return svg;
    }

    danger(span, y) {
      if (span.to < this.view.from || span.from > this.view.to) return;
      const x = this.inside(this.x(span.from)), width = Math.max(2, this.inside(this.x(span.to)) - x);
      this.put(element('rect', {x, y, width, height: 20, class: 'danger'}));
      const label = ['nothing listens: a start here is WRONG', 'nothing listens: WRONG', 'WRONG'].find(
        text => fits(text, 12, 700, width - 6));
      if (label) this.text(x + width / 2, y + 14, label, 'on-dark label');
    }

    lanes() {
      const svg = element('svg', {width: this.width, class: 'lanes'}, patterns(), this.back, this.front);
      this.root = this.front;
      let heading = '';
      for (const lane of this.model.lanes) {
        if (lane.heading !== heading) {
          this.y += HEAD;
          this.text(0, this.y - 9, lane.heading, 'heading');
          heading = lane.heading;
        }
        this.lane(lane);
      }
      if (this.model.lanes.length === 0) this.text(0, (this.y += HEAD) - 9, 'No lanes yet.', 'small');
      if (this.model.lanesLeftOut > 0) this.text(0, (this.y += HEAD) - 9, `and ${counted(this.model.lanesLeftOut, 'more lane')}`, 'small');
      this.background();
      svg.setAttribute('height', this.y);
      return svg;
    }

    background() {
      this.root = this.back;
      for (const span of this.model.nothingListens) {
        if (span.to < this.view.from || span.from > this.view.to) continue;
        const x = this.inside(this.x(span.from));
        this.put(element('rect', {x, y: 0, width: Math.max(1, this.inside(this.x(span.to)) - x), height: this.y, class: 'danger-back'}));
      }
      for (const at of this.ticks) this.put(element('path', {d: `M${this.x(at).toFixed(1)} 0V${this.y}`, class: 'grid'}));
      for (const one of this.model.steps.slice(0, 200)) {
        if (one.at >= this.view.from && one.at <= this.view.to) {
          this.put(element('path', {d: `M${this.x(one.at).toFixed(1)} 0V${this.y}`, class: 'step-line'}));
        }
      }
    }

    lane(lane) {
      const top = this.y;
      this.laneName = lane.name;
      this.name(lane, top);
      if (lane.intervals.length > 0 || lane.requests.length + lane.streams.length === 0) {
        const isThin = lane.kind === 'fault';
        for (const one of lane.intervals) this.interval(lane, one, top, isThin ? REQUESTS - 4 : BAR);
        this.y += isThin ? REQUESTS : BAR;
      }
      if (lane.requests.length > 0) this.requests(lane);
      if (lane.streams.length > 0) this.streams(lane);
      this.marks(lane, top);
      if (lane.summary) {
        this.text(this.left, this.y + 13, cut(lane.summary, 12, 400, this.right - this.left), 'small backed');
        this.y += 16;
      }
      this.y = Math.max(this.y, top + BAR) + GAP;
    }

    name(lane, y) {
      const room = this.left - 14;
      const lines = inTwo(lane.name, 13.5, 600, room);
      const id = this.item(lane.name, 0, y + 13, null, null, lane.name, [lane.heading, lane.summary]);
      this.put(element('g', {'data-item': id}, ...lines.map((line, index) => element('text', {
        x: 0, y: y + (lines.length === 1 ? 18 : 10) + 16 * index, class: 'name'}, line))));
    }

    interval(lane, one, y, height) {
      if (one.to < this.view.from || one.from > this.view.to) return;
      this.states.add(one.state);
      const x = this.inside(this.x(one.from)), width = Math.max(1.5, this.inside(this.x(one.to)) - x);
      const id = this.item(lane.name, x + width / 2, y + height / 2, one.from, one.to, one.labels[0] || lane.name,
        [this.during(one.from, one.to), one.why && one.why !== one.labels[0] ? one.why : '']);
      const label = one.labels.find(text => fits(text, 12.5, 600, width - 8));
      this.put(element('g', {'data-item': id, class: `bar s-${one.state}`},
        element('rect', {x, y, width, height, rx: width > 6 ? 2 : 0}),
        ...(label ? [element('text', {x: x + width / 2, y: y + height / 2 + 4.5, class: 'label'}, label)] : [])));
    }

    during(from, to) {
      if (from === to) return `at ${this.time(from)}`;
      return `${this.time(from)} to ${this.time(to)}, for ${this.time(to - from)}`;
    }

    /** More digits where the view is narrow. */
    time(at) {
      const digits = Math.min(6, Math.max(1, 2 - Math.floor(Math.log10(this.view.to - this.view.from))));
      return at.toFixed(digits) + ' s';
    }

    /** Cells stand still in time, so that bins do not flicker when the view moves. */
    requestBins(requests) {
      const cell = CELL / this.scale;
      let low = 0, high = requests.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (requests[middle].at < this.view.from - cell) low = middle + 1;
        else high = middle;
      }
      const bins = [];
      for (let index = low; index < requests.length && requests[index].at <= this.view.to + cell; ++index) {
        const one = requests[index];
        const at = Math.floor(one.at / cell);
        const last = bins.at(-1);
        const worst = SEVERITY.indexOf(one.answer);
        if (last && last.from === at) {
          last.all.push(one);
          last.worst = Math.max(last.worst, worst);
        } else bins.push({from: at, to: at + 1, worst, all: [one]});
      }
      return {cell, bins: this.inRuns(bins)};
    }

    /** Neighbours of one look are one bin when one of them holds several: the number needs the room. */
    inRuns(bins) {
      const runs = [];
      for (let from = 0; from < bins.length;) {
        let to = from + 1;
        while (to < bins.length && bins[to].from === bins[to - 1].to && bins[to].worst === bins[from].worst) ++to;
        const run = bins.slice(from, to);
        if (run.some(bin => bin.all.length > 1)) {
          runs.push({...run[0], to: run.at(-1).to, all: run.flatMap(bin => bin.all)});
        } else runs.push(...run);
        from = to;
      }
      return runs;
    }

    requests(lane) {
      const y = this.y + REQUESTS / 2;
      const {cell, bins} = this.requestBins(lane.requests);
      bins.forEach((bin, index) => {
        const answer = SEVERITY[bin.worst];
        this.answers.add(answer);
        if (bin.all.length === 1) return this.request(lane, bin.all[0], y);
        const first = bin.all[0].at, last = bin.all.at(-1).at;
        // From the first to the last, with the room of half a sign around them.
        const x = this.inside(Math.max(this.x(bin.from * cell), this.x(first) - CELL / 2));
        const width = this.inside(Math.min(this.x(bin.to * cell), this.x(last) + CELL / 2)) - x;
        if (width <= 0) return;
        const id = this.item(lane.name, x + width / 2, y, first, last, counted(bin.all.length, 'request'), [
          this.during(first, last), answer === 'met' ? '' : answersOf(bin.all),
          ...bin.all.slice(0, LISTED_MAX).map(one => `${this.time(one.at)}  ${this.answer(one)}${one.text}`),
          bin.all.length > LISTED_MAX ? `and ${bin.all.length - LISTED_MAX} more: zoom in` : '']);
        const number = `\u00d7${bin.all.length}`;
        const next = index + 1 < bins.length ? this.x(bins[index + 1].from * cell) : this.right;
        const isIn = fits(number, 11, 700, width - 2);
        const isBeside = !isIn && fits(number, 11, 700, next - x - width - 6);
        this.put(element('g', {'data-item': id, class: `bin a-${answer}`},
          element('rect', {x, y: y - 10, width: Math.max(2, width - 0.5), height: 20, rx: 2}),
          ...(isIn ? [element('text', {x: x + width / 2, y: y + 4, class: 'number'}, number)] : []),
          // The shape says what the colour says.
          ...(answer !== 'ok' && !isIn ? [sign(x + width / 2, y, answer)] : []),
          ...(answer !== 'ok' && isIn && fits(number, 11, 700, width - 26) ? [sign(x + 7, y, answer)] : []),
          ...(isBeside ? [element('text', {x: x + width + 3, y: y + 4, class: 'number beside'}, number)] : [])));
      });
      this.y += REQUESTS;
    }

    answer(one) { return one.status > 0 ? `${one.status}  ` : one.answer === 'no-answer' ? 'no answer  ' : ''; }

    request(lane, one, y) {
      const x = this.x(one.at);
      if (x < this.left - 1 || x > this.right + 1) return;
      const title = one.status > 0 ? `Answered ${one.status}` : one.answer === 'met' ? 'Met a request' : 'No answer';
      const id = this.item(lane.name, x, y, one.at, one.at, title, [`at ${this.time(one.at)}`, one.text]);
      // A sign is thin; what can be pointed at is as wide as its cell.
      this.put(element('g', {'data-item': id}, element('rect', {x: x - 4, y: y - 11, width: 8, height: 22, class: 'target'}),
        sign(x, y, one.answer)));
    }

    streams(lane) {
      const rows = [];
      let rowsUsed = 0;
      for (const one of lane.streams) {
        rowsUsed = Math.max(rowsUsed, one.row + 1);
        if (one.to < this.view.from || one.from > this.view.to) continue;
        const x = this.inside(this.x(one.from)), right = Math.max(x + 2, this.inside(this.x(one.to)));
        const row = (rows[one.row] ??= []);
        const last = row.at(-1);
        const isTiny = right - x < 4;
        if (last && (x < last.right - 0.5 || (isTiny && last.right - last.x < 4 && x - last.right < 1) ||
                     (isTiny && last.all.length > 1 && x - last.right < 1))) {
          last.all.push(one);
          last.right = Math.max(last.right, right);
        } else row.push({x, right, all: [one]});
      }
      const height = rowsUsed <= 6 ? 18 : rowsUsed <= 16 ? 10 : 5;
      for (const [row, bins] of rows.entries()) {
        for (const bin of bins ?? []) this.stream(lane, bin, this.y + 1 + row * height, height);
      }
      this.y += rowsUsed * height + 2;
    }

    stream(lane, {x, right, all}, y, height) {
      const one = all[0], width = right - x;
      const how = one.isOpen ? 'still open' : one.how;
      const isMany = all.length > 1;
      const from = one.from, to = Math.max(...all.slice(0, 1000).map(each => each.to));
      const id = this.item(lane.name, x + width / 2, y + height / 2, from, to,
        isMany ? counted(all.length, 'stream') : one.label || 'stream', isMany
          ? [this.during(from, to), ...all.slice(0, LISTED_MAX).map(each => `${this.time(each.from)}  ${each.label}`),
             all.length > LISTED_MAX ? `and ${all.length - LISTED_MAX} more: zoom in` : '']
          : [this.during(one.from, one.to), `request ${one.number}: ${one.text}`, one.isOpen ? how : `ended: ${how}`]);
      const labels = isMany ? [`\u00d7${all.length} streams`, `\u00d7${all.length}`] : [`${one.label}; ${how}`, one.label, one.label.split(' ')[0]];
      const label = height > 12 && labels.find(text => fits(text, 11.5, 400, width - 10));
      const ends = [];
      const hasEnds = height > 5 && !isMany;
      if (hasEnds && one.from >= this.view.from) ends.push(element('path', {d: `M${x.toFixed(1)} ${y}v${height - 3}`, class: 'edge'}));
      if ((hasEnds || one.isCut) && !one.isOpen && one.to <= this.view.to) {
        ends.push(element('path', {d: `M${right.toFixed(1)} ${y}v${Math.max(3, height - 3)}`, class: one.isCut ? 'edge cut' : 'edge'}));
      }
      this.put(element('g', {'data-item': id, class: isMany ? 'stream many' : height > 5 ? 'stream' : 'stream thin'},
        element('rect', {x, y, width: hasEnds ? width : Math.max(1, width - 1), height: height - (height > 5 ? 3 : 1)}), ...ends,
        ...(label ? [element('text', {x: x + width / 2, y: y + height / 2 + 2.5, class: 'label'}, label)] : [])));
    }

    /** Flags under the bar; from the last to the first each takes the first row that has room, as in place.cpp. */
    marks(lane, top) {
      const seen = lane.marks.filter(mark => mark.at >= this.view.from && mark.at <= this.view.to).slice(-400);
      const taken = [];
      let used = 0;
      const bottom = this.y;
      for (const mark of seen.reverse()) {
        const x = this.x(mark.at);
        const word = WORDS[mark.kind] ?? '';
        const head = mark.judgement ? `${mark.label}: ${mark.judgement}` : mark.label;
        const room = Math.min(this.right - this.left - 20, 620);
        const lines = [cut(head, 13, word ? 600 : 400, room - (word ? 64 : 0))];
        if (mark.reason) lines.push(cut(`why: ${mark.reason}`, 12, 400, room));
        const headWidth = widthOf(lines[0], 13, word ? 600 : 400) + (word ? 64 : 0);
        const width = Math.max(headWidth, lines[1] ? widthOf(lines[1], 12) : 0) + 14;
        const isLeft = x + width > this.right;
        const from = isLeft ? Math.max(0, x - width) : x, to = from + width;
        let row = 0;
        const isTaken = at => taken.some(
          one => one.row < at + lines.length && at < one.row + one.rows && one.from < to && from < one.to);
        while (row + lines.length <= FLAG_ROWS_MAX && isTaken(row)) ++row;
        const isShown = row + lines.length <= FLAG_ROWS_MAX;
        const id = this.item(lane.name, x, top + 4, mark.at, mark.at, word ? `${word}: ${mark.label}` : mark.label,
          [`at ${this.time(mark.at)}`, mark.judgement, mark.reason && `why: ${mark.reason}`]);
        const y = bottom + row * FLAG;
        const group = element('g', {'data-item': id, class: `mark m-${mark.kind}`});
        const foot = isShown ? y + lines.length * FLAG : bottom + 3;
        group.append(element('path', {d: `M${x.toFixed(1)} ${top - 3}V${foot}`, class: 'pole'}),
          element('circle', {cx: x, cy: top - 3, r: word ? 4.5 : 3}));
        this.put(group);
        if (!isShown) continue;
        taken.push({row, rows: lines.length, from, to}, {row: 0, rows: row, from: x - 2, to: x + 2});
        used = Math.max(used, row + lines.length);
        this.flag(group, {x, y, width, isLeft, word, lines});
      }
      if (used > 0) this.y = bottom + used * FLAG + 2;
    }

    flag(group, {x, y, width, isLeft, word, lines}) {
      const turn = isLeft ? -1 : 1;
      const edge = x + turn * 8;
      group.append(element('rect', {
        x: isLeft ? x - width : x + 2, y: y + 1, width: width - 2, height: lines.length * FLAG - 1, class: 'paper'}));
      let inset = 0;
      if (word) {
        group.append(element('rect', {x: isLeft ? edge - 56 : edge, y: y + 2.5, width: 56, height: 15, rx: 3, class: 'pill'}),
          element('text', {x: edge + turn * 28, y: y + 14, class: 'pill-text'}, word));
        inset = 63;
      }
      const anchor = isLeft ? 'end' : 'start';
      const type = word ? 'flag judged' : 'flag';
      group.append(element('text', {'x': edge + turn * inset, 'y': y + 14.5, 'class': type, 'text-anchor': anchor}, lines[0]));
      if (lines[1]) {
        group.append(element('text', {'x': edge, 'y': y + 14 + FLAG, 'class': 'small', 'text-anchor': anchor}, lines[1]));
      }
    }
  }

  function draw(model, view, width) {
    const page = new Page(model, view, width);
    const axis = page.axis();
    const lanes = page.lanes();
    return {axis, lanes, items: page.items, states: page.states, answers: page.answers, left: page.left, right: page.right};
  }

  fakeapi.draw = draw;
})();

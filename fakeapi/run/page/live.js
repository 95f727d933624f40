// The live page: the clock and its controls, the picture that grows, and the panels. What the server says comes
// from link.js; the picture is the report's own (fakeapi/lanes/page/report.js). Events are drawn a few times in
// a second at most, and not while a pointer is held down in the picture.
(() => {
  'use strict';
  const fakeapi = (globalThis.fakeapi ??= {});
  const {html, Link, Faults, Streams, Step, bounded} = fakeapi;

  const DRAW_MS = 200;
  const EVENTS_SLACK = 500; // beyond what is kept, so that not each line cuts
  const EVENTS_MAX = 5000;
  const TOKEN = 'fakeapi-token';
  const SPEEDS = [0.1, 0.5, 1, 2, 5, 10, 60];

  const seconds = value => `${value.toFixed(1)} s`;
  const button = (label, name, action) => html('button', {type: 'button', title: name, onclick: action}, label);

  class LivePage {
    constructor(root) {
      this.pending = [];
      this.isAnew = false;
      this.status = null;
      this.isSeeking = false;
      const send = (...request) => this.link.command(...request);
      this.link = new Link({
        events: (lines, isNew) => this.take(lines, isNew), status: all => this.show(all), state: state => this.showState(state)});
      this.faults = new Faults(send, () => this.link.time);
      this.streams = new Streams();
      this.step = new Step(send);
      this.build(root);
      this.report = fakeapi.open(this.picture);
      fakeapi.report = this.report;
      this.report.append([]);
      setInterval(() => this.tick(), DRAW_MS);
      addEventListener('hashchange', () => this.takeToken());
      this.takeToken();
    }

    // The token: out of the address, so that it is in no history and on no screen, and into this tab's memory.

    takeToken() {
      const given = new URLSearchParams(location.hash.slice(1)).get('token');
      if (given) {
        this.remember(given);
        history.replaceState(null, '', location.pathname);
      }
      const token = given ?? this.remembered;
      if (token) this.begin(token);
      else this.showState('idle');
    }

    get remembered() {
      try { return sessionStorage.getItem(TOKEN); } catch { return null; }
    }

    remember(token) {
      try {
        if (token) sessionStorage.setItem(TOKEN, token);
        else sessionStorage.removeItem(TOKEN);
      } catch { /* then it is typed again after a reload */ }
    }

    begin(token) {
      this.showState('connecting');
      this.link.start(token);
    }

    // The page.

    build(root) {
      this.state = html('span', {class: 'state'});
      this.clock = html('output', {'class': 'clock', 'aria-label': 'The scenario\u2019s clock'}, '0.0 s');
      this.about = html('span', {class: 'about'});
      this.toggle = button('Pause', 'Let the clock stand', () => this.command(this.isRunning ? 'pause' : 'resume'));
      this.toggle.classList.add('strong', 'toggle');
      this.stepOn = button('Step', 'On to the next step, and stand there', () => this.command('step'));
      this.restart = button('Restart', 'From the beginning: a new epoch, all watches end', () => this.command('restart'));
      this.speed = html('select', {'aria-label': 'Speed', 'title': 'Seconds of the scenario in one second',
        'onchange': () => this.command('speed', {speed: +this.speed.value})});
      this.slider = html('input', {'type': 'range', 'min': 0, 'max': 1, 'step': 0.1, 'value': 0, 'aria-label': 'Set the clock',
        'title': 'Forward all steps on the way are done at once; back is a new epoch, in which all watches have ended',
        'oninput': () => this.preview(), 'onchange': () => this.seek(+this.slider.value)});
      this.to = html('input', {'type': 'text', 'class': 'to', 'placeholder': '12s', 'aria-label': 'Time to set the clock to',
        'autocomplete': 'off', 'spellcheck': 'false'});
      this.said = html('p', {class: 'said', role: 'status'});
      this.controls = html('form', {'class': 'controls', 'aria-label': 'The scenario\u2019s clock', 'onsubmit': event => {
        event.preventDefault();
        this.command('seek', {to: /^[\d.]+$/.test(this.to.value) ? `${this.to.value}s` : this.to.value});
      }}, this.toggle, this.stepOn, this.restart, html('label', {class: 'speed'}, 'Speed', this.speed), this.slider,
      this.to, html('button', {type: 'submit', title: 'Set the clock to this time'}, 'Go'));
      this.alarm = html('p', {'class': 'alarm', 'role': 'alert', 'hidden': ''});
      this.picture = html('div', {class: 'picture'});
      this.panels = html('div', {class: 'panels'}, this.faults.all, this.step.all, this.streams.all);
      this.all = html('div', {class: 'live-page'},
        html('section', {class: 'bar'}, html('div', {class: 'line'}, this.state, this.clock, this.about), this.controls, this.said, this.alarm),
        this.picture, this.panels);
      root.append(this.buildEntrance(), this.all);
      // The axis of the picture stays in sight under the bar.
      const bar = this.all.firstElementChild;
      new ResizeObserver(() => document.documentElement.style.setProperty('--bar-height', `${bar.offsetHeight}px`)).observe(bar);
    }

    buildEntrance() {
      this.token = html('input', {'type': 'password', 'aria-label': 'Token', 'autocomplete': 'off', 'placeholder': 'token'});
      this.refused = html('p', {class: 'said bad', role: 'alert'});
      return (this.entrance = html('form', {'class': 'panel entrance', 'hidden': '', 'onsubmit': event => {
        event.preventDefault();
        const token = this.token.value.trim();
        if (!token) return;
        this.token.value = '';
        this.remember(token);
        this.begin(token);
      }}, html('h1', {}, 'fakeapi'),
      html('p', {}, 'This page needs the administrator\u2019s token. ', html('code', {}, 'fakeapi serve'),
        ' prints a URL with it, the key \u201cpage\u201d of its first line; it is \u201cadmin\u201d in ', html('code', {}, 'tokens.json'),
        ' of its ', html('code', {}, '--dir'), ':'),
      html('pre', {}, html('code', {}, 'jq -r .admin DIR/tokens.json')),
      html('div', {class: 'line'}, this.token, html('button', {type: 'submit', class: 'strong'}, 'Look on')), this.refused));
    }

    get isRunning() {
      const {clock} = this.link;
      return clock !== null && !clock.paused;
    }

    async command(path, body) {
      const answer = await this.link.command('POST', path, body && JSON.stringify(body));
      this.said.textContent = answer.ok ? '' : answer.message;
      this.said.classList.toggle('bad', !answer.ok);
      this.isSeeking = false;
      this.showClock();
      return answer;
    }

    preview() {
      this.isSeeking = true;
      this.clock.textContent = seconds(+this.slider.value);
    }

    seek(to) { return this.command('seek', {to: `${to.toFixed(3)}s`}); }

    // What comes from the server.

    take(lines, isNew) {
      if (isNew) {
        this.pending = [];
        this.isAnew = true;
      }
      this.pending.push(...lines);
    }

    tick() {
      this.showClock();
      const next = this.link.clock?.['next-step'] ?? Infinity;
      if (this.isRunning && this.link.time >= next) this.link.wake?.(); // it is done: what comes next?
      if (this.report.held || (this.pending.length === 0 && !this.isAnew && !this.isRunning)) return;
      const lines = this.pending;
      const all = this.isAnew ? lines : [...this.report.events, ...lines];
      this.pending = [];
      if (this.isAnew || all.length > EVENTS_MAX + EVENTS_SLACK) this.report.replace(bounded(all, EVENTS_MAX));
      else if (lines.length > 0) this.report.append(lines);
      this.isAnew = false;
      // The clock of the epoch whose lines these are: an answer of the one before may come late.
      if (this.link.state === 'live' && this.link.clock?.epoch === this.link.epoch) this.report.until(this.link.time);
    }

    show({status, faults, streams}) {
      this.status = status;
      this.faults.show(faults);
      this.streams.show(streams);
      this.showClock();
      if (document.title !== this.title) document.title = this.title;
    }

    get title() { return `${this.status?.scenario || 'no scenario'} \u2013 fakeapi`; }

    showState(state) {
      this.entrance.hidden = state !== 'idle' && state !== 'refused';
      this.all.hidden = !this.entrance.hidden;
      if (state === 'refused') this.remember(null);
      this.refused.textContent = state === 'refused' ? 'The server does not know this token as that of an administrator.' : '';
      if (!this.entrance.hidden) this.token.focus();
      this.showClock();
    }

    showClock() {
      const {link} = this;
      const isLost = link.state === 'lost', {clock} = link;
      const name = isLost ? 'no connection' : !clock ? 'connecting' : clock['pauses-when-back'] ? 'until the API is back'
        : clock.paused ? 'paused' : 'running';
      this.state.textContent = name;
      this.state.className = `state ${isLost ? 'lost' : name === 'paused' ? 'paused' : name === 'running' ? 'running' : ''}`;
      this.showAlarm(isLost);
      this.all.classList.toggle('stale', isLost);
      for (const one of this.controls.elements) one.disabled = isLost || !clock;
      if (!clock) return;
      this.toggle.textContent = this.isRunning ? 'Pause' : 'Resume';
      this.toggle.title = this.isRunning ? 'Let the clock stand' : 'Let the clock run';
      if (!isLost) this.stepOn.disabled = clock['next-step'] === null;
      this.showSpeed(clock.speed);
      this.about.textContent = this.words(clock);
      if (this.isSeeking) return;
      this.clock.textContent = seconds(link.time);
      // Some room behind the last step: what comes of it is to be seen.
      this.slider.max = Math.max(10, Math.ceil(1.2 * (clock['last-step'] ?? 0)), clock['next-step'] ?? 0, Math.ceil(link.time));
      this.slider.value = link.time;
    }

    words(clock) {
      const {'waiting-steps': waiting, 'next-step': next, 'last-step': last} = clock;
      return [
        this.status?.scenario || 'no scenario', clock.epoch > 1 ? `epoch ${clock.epoch}` : '',
        next === null ? 'no further step' : `next step at ${seconds(next)}${last > next ? `, last at ${seconds(last)}` : ''}`,
        waiting > 0 ? `${waiting} ${waiting === 1 ? 'waits' : 'wait'} for clients` : '',
      ].filter(Boolean).join(' \u00b7 ');
    }

    showSpeed(speed) {
      if (document.activeElement === this.speed && +this.speed.value === speed) return;
      const all = [...new Set([...SPEEDS, speed])].sort((a, b) => a - b).map(String);
      if (all.join() !== [...this.speed.options].map(one => one.value).join()) {
        this.speed.replaceChildren(...all.map(one => html('option', {value: one}, `\u00d7${one}`)));
      }
      this.speed.value = String(speed);
    }

    showAlarm(isLost) {
      const since = isLost ? Math.floor((performance.now() - this.link.lostAt) / 1000) : 0;
      const why = this.link.clock?.['pauses-when-back']
        ? 'the API server is down for a while. The clock runs until it is back, and stands then.'
        : 'either the scenario holds the API server down, or fakeapi has ended. This page tries again by itself.';
      const text = isLost ? `No connection${since > 0 ? ` for ${since} s` : ''}: ${why}` : '';
      if (this.alarm.textContent === text) return;
      this.alarm.textContent = text;
      this.alarm.hidden = !isLost;
    }
  }

  fakeapi.live = new LivePage(document.getElementById('live'));
})();

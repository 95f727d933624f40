// What stands under the live page's picture: faults, streams that are open, and a step to be done now. Each panel
// has its elements, shows what it is given, and calls `send(method, path, body)` when somebody wants something;
// answers are {ok, message}. Texts of the server become text nodes.
(() => {
  'use strict';
  const fakeapi = (globalThis.fakeapi ??= {});
  const {html} = fakeapi;

  const ROWS_MAX = 50; // of a table: more is read with the API

  const FAULTS = [
    ['Lists answer 503', 'busy', () => '{"match": {"verb": "list"}, "respond": {"status": 503}}'],
    ['Watches go silent', 'silent', () => '{"match": {"verb": "watch"}, "stream": {"then": "stall"}}'],
    ['Watches end with 410', 'expired', () => '{"match": {"verb": "watch"}, "stream": {"then": "error-410"}}'],
    ['Answers come late', 'slow', () => '{"latency": "uniform(200ms, 800ms)"}'],
    ['No connections for 5 s', 'away', now => `{"connect": "refuse", "window": "${now.toFixed(1)}s..${(now + 5).toFixed(1)}s"}`],
  ];
  const STEPS = [
    ['All Pods ready', 'why: all Pods are ready\npods: {"*": ready}'],
    ['Nothing listens', 'why: nothing listens any more\npods: {"*": running}'],
    ['Controllers stand', 'controllers: paused'],
    ['Controllers run', 'controllers: running'],
    ['History is lost', 'history: lost'],
  ];

  const button = (label, action, more = {}) => html('button', {type: 'button', onclick: action, ...more}, label);
  const panel = (title, count, ...children) => html('section', {'class': 'panel', 'aria-label': title},
    html('h2', {}, title, count ?? null), ...children);

  /** Rows by a key: what says the same stays, so that a click or a selection in it is not lost. */
  function showRows(body, rows, keyOf, make) {
    const before = new Map([...body.children].map(row => [row.dataset.key, row]));
    const shown = rows.slice(0, ROWS_MAX).map(row => {
      const key = keyOf(row), text = JSON.stringify(row);
      const old = before.get(key);
      if (old?.dataset.text === text) return old;
      const made = make(row);
      Object.assign(made.dataset, {key, text});
      return made;
    });
    if (shown.length !== body.children.length || shown.some((row, at) => row !== body.children[at])) body.replaceChildren(...shown);
  }

  const table = (...heads) => {
    const body = html('tbody');
    return {body, all: html('div', {class: 'scroll'}, html('table', {},
      html('thead', {}, html('tr', {}, ...heads.map(head => html('th', {scope: 'col'}, head)))), body))};
  };

  /** A text area whose errors are shown under it, with the cursor where they are. */
  class Editor {
    constructor(label, rows, action, send) {
      this.area = html('textarea', {'rows': rows, 'spellcheck': 'false', 'aria-label': label, 'autocapitalize': 'off'});
      this.said = html('p', {class: 'said', role: 'status'});
      this.button = button(action, send, {class: 'strong'});
      this.area.addEventListener('keydown', event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
      });
      this.area.addEventListener('input', () => this.say({ok: true}, ''));
    }
    say(answer, done) {
      this.said.textContent = answer.ok ? done : answer.message;
      this.said.classList.toggle('bad', !answer.ok);
      this.area.classList.toggle('wrong', !answer.ok);
      const place = !answer.ok && /line (\d+):(\d+)/.exec(answer.message);
      if (!place) return;
      const lines = this.area.value.split('\n');
      const at = lines.slice(0, place[1] - 1).reduce((sum, line) => sum + line.length + 1, 0) + +place[2] - 1;
      this.area.focus({preventScroll: true});
      this.area.setSelectionRange(at, at);
    }
    set(text) {
      this.area.value = text;
      this.say({ok: true}, '');
    }
  }

  const examples = (label, all, choose) => html('p', {'class': 'examples', 'role': 'group', 'aria-label': label},
    ...all.map(one => button(one[0], () => choose(one), {class: 'example'})));

  class Faults {
    constructor(send, now) {
      this.send = send;
      this.table = table('Fault', 'Faithfulness', 'What it does', 'Matched', 'Met', '');
      this.none = html('p', {class: 'none'}, 'No faults: the API server is as well as the scenario lets it be.');
      this.name = html('input', {'type': 'text', 'class': 'fault-name', 'aria-label': 'Name of the fault', 'placeholder': 'name',
        'spellcheck': 'false', 'autocomplete': 'off', 'autocapitalize': 'off'});
      this.editor = new Editor('The fault, in JSON or YAML', 4, 'Put', () => this.put());
      this.editor.area.placeholder = 'match: {verb: list, resource: endpointslices}\nrespond: {status: 503}';
      this.all = panel('Faults', null, this.table.all, this.none,
        examples('Examples of faults', FAULTS, ([, name, text]) => {
          this.name.value = name;
          this.editor.set(text(now()));
        }),
        html('div', {class: 'line'}, this.name, this.editor.button), this.editor.area, this.editor.said);
    }

    show(faults) {
      this.none.hidden = faults.length > 0;
      this.table.all.hidden = faults.length === 0;
      showRows(this.table.body, faults, fault => fault.name, ({name, faithfulness, matched, met, ...what}) => html('tr', {},
        html('th', {scope: 'row'}, name), html('td', {}, html('span', {class: `near ${faithfulness.split(' ')[0]}`}, faithfulness)),
        html('td', {}, html('code', {}, JSON.stringify(what))), html('td', {class: 'number'}, String(matched)),
        html('td', {class: 'number'}, String(met)),
        html('td', {}, button('Remove', () => this.remove(name), {'aria-label': `Remove ${name}`}))));
    }

    async put() {
      const name = this.name.value.trim();
      if (!name) {
        this.editor.say({ok: false, message: 'A fault needs a name.'});
        return this.name.focus();
      }
      this.editor.say(await this.send('PUT', `faults/${encodeURIComponent(name)}`, this.editor.area.value), `${name} is in force.`);
    }

    async remove(name) {
      const answer = await this.send('DELETE', `faults/${encodeURIComponent(name)}`);
      const {matched, met} = answer.value ?? {};
      this.editor.say(answer, `${name} is taken back: it matched ${matched} and met ${met}.`);
    }
  }

  class Streams {
    constructor() {
      this.table = table('Client', 'Watches', 'Request', 'Has seen version');
      this.count = html('span', {class: 'count'});
      this.none = html('p', {class: 'none'}, 'Nobody watches.');
      this.all = panel('Open streams', this.count, this.none, this.table.all);
    }

    show(streams) {
      this.count.textContent = streams.length > ROWS_MAX ? `${streams.length}, the first ${ROWS_MAX}` : streams.length || '';
      this.none.hidden = streams.length > 0;
      this.table.all.hidden = streams.length === 0;
      const seen = streams.map(one => ({
        seq: one.seq, client: one['user-agent'].split(' ')[0] || 'unknown', target: one.target, version: one.resourceVersion,
        what: one.resource ? `${one.resource} ${one.name || one.namespace || ''}`.trim() : one.verb}));
      showRows(this.table.body, seen, one => String(one.seq), one => html('tr', {}, html('th', {scope: 'row'}, one.client),
        html('td', {title: one.target}, one.what), html('td', {class: 'number'}, String(one.seq)),
        html('td', {class: 'number'}, one.version ?? '')));
    }
  }

  class Step {
    constructor(send) {
      this.send = send;
      this.editor = new Editor('A step, in JSON or YAML', 4, 'Do it now', () => this.perform());
      this.editor.area.placeholder = 'why: the first Pod fails\npods: {mysql-0: running}';
      this.all = panel('A step now', null, html('p', {class: 'none'}, 'What a scenario says in its timeline, without a time.'),
        examples('Examples of steps', STEPS, ([, text]) => this.editor.set(text)),
        this.editor.area, html('div', {class: 'line'}, this.editor.button), this.editor.said);
    }

    async perform() { this.editor.say(await this.send('POST', 'steps', this.editor.area.value), 'Done.'); }
  }

  Object.assign(fakeapi, {Faults, Streams, Step});
})();

// The picture's model from the lines of an event log (docs/event-log.md), as fakeapi/lanes makes it
// for the text and the SVG picture; tools/browser/report_page_test.py holds the two together.
//
//   const model = fakeapi.makeModel(events);   // events: [{at, lane, what, why}], in any order
//
// Pure: no document, no clock. Ten thousand events take some milliseconds, so that a page that gets
// events as they come makes the whole model anew and cannot differ from one that is opened later.
(() => {
  'use strict';
  const fakeapi = (globalThis.fakeapi ??= {});
  const {printable, secondsText, counted, textOf, laneOf, readinessOf, endOf, Truth, judge} = fakeapi;

  const LANES_MAX = 64; // more lanes than a screen has lines explain nothing
  const ROWS_MAX = 64; // of streams; what is open in further rows is a crowd
  const LAG_SECONDS_MAX = 0.05; // controllers follow within it
  const KINDS = ['truth', 'api-server', 'api', 'client', 'fault', 'subject', 'other'];
  const HEADINGS = {
    'truth': 'What really listens',
    'api-server': 'What the API shows',
    'api': 'What the API shows',
    'client': 'What clients asked',
    'fault': 'Faults',
    'subject': 'Who starts when',
    'other': 'Other events',
  };

  /** States follow each other, each holds until the next, and all of it is clipped to the picture. */
  class LaneBuilder {
    constructor(lane) {
      this.lane = {...lane, name: printable(lane.name), intervals: [], marks: [], requests: [], streams: [], summary: ''};
      this.open = null;
    }
    begin(at, state, labels, why) {
      if (this.open && this.open.state === state && this.open.labels.join('\n') === labels.join('\n')) return;
      this.end(at);
      this.open = {from: at, to: at, state, labels: labels.map(printable), why: printable(why)};
    }
    end(at) {
      if (this.open && at > this.open.from) this.lane.intervals.push({...this.open, to: at});
      this.open = null;
    }
    plain(event) {
      this.lane.marks.push({at: event.at, kind: 'plain', label: textOf(event), judgement: '', reason: ''});
    }
    finish(end) {
      const lane = this.lane;
      this.end(Math.max(end, this.open?.from ?? end));
      const clip = at => Math.min(Math.max(at, 0), end);
      lane.intervals = lane.intervals.map(one => ({...one, from: clip(one.from), to: clip(one.to)}))
        .filter(one => one.to > one.from);
      dropControllersLag(lane.intervals);
      lane.marks = lane.marks.filter(mark => mark.kind !== 'plain' || mark.at <= end)
        .map(mark => ({...mark, at: clip(mark.at)}));
      return lane;
    }
  }

  function dropControllersLag(intervals) {
    for (let i = 0; i + 1 < intervals.length; ++i) {
      const one = intervals[i];
      if (one.state !== 'stale' || one.to - one.from > LAG_SECONDS_MAX) continue;
      if (intervals[i + 1].from <= one.to) intervals[i + 1].from = one.from;
      intervals.splice(i--, 1);
    }
  }

  const stateOf = ({ready, pods}) => (ready === 0 ? 'none' : ready < pods ? 'some' : 'all');
  const labelsOf = ({ready, pods}, verb) => [`${ready}/${pods} ${verb}`, `${ready}/${pods}`, `${ready}`];

  const READERS = {
    'truth'(builder, events, lane) {
      for (const event of events.filter(one => one.lane === lane)) {
        const readiness = readinessOf(event.what);
        if (!readiness) {
          builder.plain(event);
          continue;
        }
        const labels = labelsOf(readiness, readiness.ready === 1 ? 'listens' : 'listen');
        if (readiness.ready === 0) labels[0] = labels[1] + ': nothing listens';
        builder.begin(event.at, stateOf(readiness), labels, event.why);
      }
    },

    'api-server'(builder, events) {
      for (const event of events.filter(one => one.lane === 'api')) {
        if (event.what === 'up') builder.begin(event.at, 'up', ['answers', 'up'], event.why);
        else if (event.what === 'down') builder.begin(event.at, 'unreachable', ['refuses connections', 'down', '?'], event.why);
        else builder.plain(event);
      }
    },

    /** In the light of the truth: addresses at which nothing listens are stale. */
    'api'(builder, events, lane, {name}) {
      let shown = null, truth = null, isUp = true;
      for (const event of events) {
        const readiness = readinessOf(event.what);
        if (event.lane === lane && readiness) shown = readiness;
        else if (event.lane === lane) {
          builder.plain(event);
          continue;
        } else if (event.lane === 'truth/' + name && readiness) truth = readiness;
        else if (event.lane === 'api' && /^(up|down)$/.test(event.what)) isUp = event.what === 'up';
        else continue;
        const count = shown && `${shown.ready}/${shown.pods}`;
        if (!isUp) builder.begin(event.at, 'unreachable', ['API unreachable', 'down', '?'], event.why);
        else if (!shown) builder.end(event.at);
        else if (shown.ready > 0 && truth && truth.ready === 0) {
          builder.begin(event.at, 'stale', [`STALE: ${count} shown, none listens`, `STALE: ${count} shown`,
                                            `STALE ${count}`, 'STALE'], event.why);
        } else builder.begin(event.at, stateOf(shown), labelsOf(shown, 'shown'), event.why);
      }
    },

    'client'(builder, events, lane, _, end) {
      const {requests, streams} = builder.lane;
      const open = new Map();
      for (const event of events) {
        if (event.lane !== lane || event.at > end) continue;
        const at = Math.max(0, event.at);
        const text = printable(event.why);
        const answered = /^answered (0|[1-5]\d\d)$/.exec(event.what);
        const stream = /^stream (\d{1,9}) (open|ended)$/.exec(event.what);
        const number = stream && +stream[1];
        if (answered) {
          const status = +answered[1];
          requests.push({at, status, text, answer: status === 0 ? 'no-answer' : status < 400 ? 'ok' : 'refused'});
        } else if (stream && stream[2] === 'open') {
          open.set(number, {from: at, to: end, isOpen: true, isCut: false, text, label: text.split(' /')[0], how: '', number});
          streams.push(open.get(number));
        } else if (stream && open.has(number)) {
          Object.assign(open.get(number), {to: at, isOpen: false, how: text, isCut: text.startsWith('fault ')});
          open.delete(number);
        } else builder.plain(event);
      }
      giveRows(streams);
      builder.lane.summary = summaryOf(requests, streams);
    },

    'fault'(builder, events, lane, _, end) {
      const met = builder.lane.requests;
      for (const event of events) {
        if (event.lane !== lane) continue;
        if (event.what === 'active') builder.begin(event.at, 'fault', [printable(event.why), 'on'], event.why);
        else if (event.what === 'over') builder.end(event.at);
        else if (event.what === 'met' && event.at <= end) {
          met.push({at: Math.max(0, event.at), status: 0, answer: 'met', text: printable(event.why)});
        } else builder.plain(event);
      }
      // What the fault does, which its bar may have no room for, comes first.
      const does = builder.lane.intervals[0]?.why ?? builder.open?.why;
      builder.lane.summary = (does ? does + '; ' : '') + (met.length === 0 ? 'met no request' : `met ${counted(met.length, 'request')}`);
    },

    /** A subject's own words until its workload runs; whether a start was right is the judge's. */
    'subject'(builder, events, lane, {name}, end, verdicts) {
      const mine = verdicts.filter(one => one.subject === name);
      const judged = mine.filter(one => one.occasion !== 'never');
      let hasStarted = false;
      for (const event of events) {
        if (event.lane !== lane) continue;
        const {at, what, why} = event;
        if (what === 'started') hasStarted = false;
        if (what === 'starts workload' || what === 'workload restarted') {
          hasStarted = true;
          const verdict = judged.shift();
          const verb = what === 'starts workload' ? 'starts its workload' : 'restarted';
          builder.lane.marks.push({
            at, label: `${verb} at ${secondsText(at)}`, kind: !verdict ? 'unjudged' : verdict.right ? 'right' : 'wrong',
            judgement: printable(verdict?.why ?? ''), reason: printable(why)});
          if (verdict && !verdict.right) builder.begin(at, 'too-early', ['workload runs, too early', 'too early'], why);
          else builder.begin(at, 'running', ['workload runs', 'runs'], why);
        } else if (what === 'app up') builder.begin(at, 'running', ['app up', 'up'], why);
        else if (what === 'app down') builder.begin(at, 'app-down', ['app down', 'down'], why);
        else if (/^(exited [^]*|killed)$/.test(what)) {
          if (what === 'exited 0' && hasStarted) continue;
          builder.begin(at, 'exited', [what], why);
          if (what !== 'exited 0') builder.plain(event);
        } else if (!hasStarted && /^(started|believes not-ready)$/.test(what)) builder.begin(at, 'waiting', ['waits'], why);
        else if (!hasStarted && what === 'believes ready') builder.begin(at, 'believes', ['believes ready', 'ready'], why);
        else builder.plain(event);
      }
      for (const verdict of mine.filter(one => one.occasion === 'never')) {
        builder.lane.marks.push({at: end, kind: 'never', label: 'never starts its workload', judgement: printable(verdict.why), reason: ''});
      }
    },

    'other'(builder, events, lane) {
      for (const event of events.filter(one => one.lane === lane)) builder.plain(event);
    },
  };

  /** A reopened stream takes the row in which the same was watched before. */
  function giveRows(streams) {
    const rows = [];
    for (const stream of streams) {
      const isFree = row => row.free <= stream.from;
      let found = rows.findIndex(row => isFree(row) && row.label === stream.label);
      if (found < 0) found = rows.findIndex(isFree);
      if (found < 0 && rows.length < ROWS_MAX) found = rows.push({}) - 1;
      stream.row = found < 0 ? ROWS_MAX : found;
      if (found >= 0) rows[found] = {free: stream.to, label: stream.label};
    }
  }

  /** "38 answered, 2 × 503, 1 without an answer". */
  function answersOf(requests) {
    const parts = [];
    const ok = requests.filter(one => one.answer === 'ok').length;
    const refused = requests.filter(one => one.answer === 'refused');
    const silent = requests.filter(one => one.answer === 'no-answer').length;
    const statuses = new Map();
    for (const {status} of refused) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (ok > 0) parts.push(ok === requests.length ? 'all answered' : `${ok} answered`);
    if (statuses.size > 4) parts.push(`${refused.length} \u00d7 4xx/5xx`);
    else for (const [status, count] of [...statuses].sort((a, b) => a[0] - b[0])) parts.push(`${count} \u00d7 ${status}`);
    if (silent > 0) parts.push(`${silent} without an answer`);
    return parts.join(', ');
  }

  function summaryOf(requests, streams) {
    const parts = [];
    if (requests.length > 0) parts.push(counted(requests.length, 'request') + ': ' + answersOf(requests));
    const cut = streams.filter(one => one.isCut).length;
    if (streams.length > 0) parts.push(counted(streams.length, 'stream') + (cut > 0 ? `, ${cut} cut by a fault` : ''));
    return parts.join('; ');
  }

  function spansWithoutListeners(events, end) {
    const truth = new Truth(events);
    const spans = [];
    let from = null;
    const close = at => {
      const span = {from: Math.max(0, from), to: Math.min(at, end)};
      if (span.to > span.from) spans.push(span);
      from = null;
    };
    for (const event of events) {
      truth.hear(event);
      if (truth.anyIsEmpty && from === null) from = event.at;
      if (!truth.anyIsEmpty && from !== null) close(event.at);
    }
    if (from !== null) close(end);
    return spans;
  }

  function conclude(model) {
    const sentences = [];
    const isStaleAt = at => model.lanes.some(lane => lane.intervals.some(
      one => one.state === 'stale' && one.from <= at && at <= one.to));
    const early = model.verdicts.filter(one => one.occasion === 'start' && !one.right);
    if (early.length > 0) {
      const all = new Set(model.verdicts.map(one => one.subject)).size;
      const wrong = new Set(early.map(one => one.subject)).size;
      const reason = early.every(one => isStaleAt(one.at)) ? 'the API showed ready addresses where nothing listened.'
                                                           : 'nothing listened yet.';
      sentences.push(`${all === 1 ? printable(early[0].subject) : `${wrong} of ${all}`} started too early: ${reason}`);
    }
    const restarts = model.verdicts.filter(one => one.occasion === 'restart' && !one.right).length;
    if (restarts > 0) {
      sentences.push(`${counted(restarts, 'restart')} while nothing listened: no init container gates a restart.`);
    }
    for (const verdict of model.verdicts.filter(one => one.occasion === 'never')) {
      sentences.push(`${printable(verdict.subject)} never started, although everything listened at the end.`);
    }
    model.isWrong = sentences.length > 0;
    if (model.verdicts.length > 0 && !model.isWrong) sentences.push('Every start was right: something listened.');
    model.conclusion = sentences.join(' ');
  }

  function hearWords(model, event, kind) {
    const why = printable(event.why);
    if (kind === 'steps') model.steps.push({number: model.steps.length + 1, at: event.at, text: textOf(event)});
    else if (kind === 'verdict' && ['passed', 'failed', 'skipped'].includes(event.what)) {
      model.expectations.push({result: event.what, sentence: why});
    } else if (kind === 'whole' && (event.what === 'title' || event.what === 'mechanism')) model[event.what] = why;
    else if (kind === 'whole' && event.what === 'end') return;
    else model.notes.push(event.what === 'note' ? why : `${secondsText(event.at)} ${textOf(event)}`);
  }

  /** `until` lets a picture of what is still going on reach to the present. */
  function makeModel(log, until = 0) {
    const events = log.filter(event => Number.isFinite(event.at)).sort((a, b) => a.at - b.at);
    const end = Math.max(endOf(events), until);
    const model = {
      title: 'What was true, what the API showed, and who started', mechanism: '', notes: [], steps: [],
      expectations: [], lanes: [], end: end > 1e-6 ? end : 1, lanesLeftOut: 0, events: events.length,
    };
    model.verdicts = judge(events, model.end);
    model.nothingListens = spansWithoutListeners(events, model.end);
    const names = new Map();
    for (const event of events) {
      const lane = laneOf(event.lane);
      if (['whole', 'steps', 'verdict'].includes(lane.kind)) hearWords(model, event, lane.kind);
      else if (!names.has(event.lane)) names.set(event.lane, lane);
    }
    const ordered = [...names].sort((a, b) => KINDS.indexOf(a[1].kind) - KINDS.indexOf(b[1].kind));
    model.lanesLeftOut = Math.max(0, ordered.length - LANES_MAX);
    for (const [key, lane] of ordered.slice(0, LANES_MAX)) {
      const builder = new LaneBuilder({...lane, heading: HEADINGS[lane.kind]});
      READERS[lane.kind](builder, events, key, lane, model.end, model.verdicts);
      model.lanes.push(builder.finish(model.end));
    }
    conclude(model);
    return model;
  }

  Object.assign(fakeapi, {makeModel, answersOf});
})();

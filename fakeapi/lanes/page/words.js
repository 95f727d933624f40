// What the words of an event log mean (docs/event-log.md), and which starts were right: the first part
// of the model (model.js), as vocabulary.cpp, truth.cpp and verdict.cpp are of the other pictures.
(() => {
  'use strict';
  const fakeapi = (globalThis.fakeapi ??= {});

  // Controls, zero width and bidirectional characters hide text or move it (letters.cpp).
  const INVISIBLE = new RegExp(
    '[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e' +
      '\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\ufffe\\uffff]', 'g');
  const NAMED = {'\n': '\\n', '\t': '\\t', '\r': '\\r'};
  const printable = text => text.replace(INVISIBLE, letter => {
    const code = letter.charCodeAt(0);
    const hex = code.toString(16);
    return NAMED[letter] ?? (code < 0x100 ? '\\x' + hex.padStart(2, '0') : '\\u' + hex.padStart(4, '0'));
  });

  // Beyond a day, digits after the point only take room.
  const secondsText = seconds => (Math.abs(seconds) < 1e5 ? seconds.toFixed(1) : seconds.toExponential(1)) + ' s';

  function textOf(event) {
    if (!event.why) return printable(event.what);
    if (['', 'mark', 'step'].includes(event.what)) return printable(event.why);
    return printable(event.what + ': ' + event.why);
  }

  function laneOf(lane) {
    if (lane === '') return {kind: 'whole', name: ''};
    if (lane === 'steps' || lane === 'verdict') return {kind: lane, name: ''};
    if (lane === 'api') return {kind: 'api-server', name: 'API server'};
    const [, kind, name] = /^(truth|api|client|fault|subject)\/([^]+)$/.exec(lane) ?? [null, 'other', lane];
    return {kind, name};
  }

  function readinessOf(what) {
    const found = /^ready (\d{1,9})\/(\d{1,9})$/.exec(what);
    return found && {ready: +found[1], pods: +found[2]};
  }

  function endOf(events) {
    const ends = events.filter(event => event.lane === '' && event.what === 'end');
    return (ends.length > 0 ? ends : events).reduce((end, event) => Math.max(end, event.at), 0);
  }

  /** What listens at one moment; a service that was not heard of yet does not listen. */
  class Truth {
    constructor(events) {
      this.services = new Map();
      for (const event of events) {
        const {kind, name} = laneOf(event.lane);
        if (kind === 'truth' && readinessOf(event.what)) this.services.set(name, null);
      }
    }
    hear(event) {
      const {kind, name} = laneOf(event.lane);
      const readiness = kind === 'truth' && readinessOf(event.what);
      if (readiness) this.services.set(name, readiness);
    }
    get allListen() {
      return this.services.size > 0 && [...this.services.values()].every(now => now && now.ready > 0);
    }
    get anyIsEmpty() {
      return [...this.services.values()].some(now => now && now.ready === 0);
    }
    listening() {
      const all = [...this.services].map(([name, now]) => `${name} ${now.ready}/${now.pods}`);
      return all.join(', ') + ' listened';
    }
    missing() {
      const names = [...this.services].filter(([, now]) => !now || now.ready === 0).map(([name]) => name);
      return this.services.size === 1 ? 'nothing listened' : 'nothing listened for ' + names.join(', ');
    }
  }

  /** One verdict for each start and restart, then one for each subject that never started. */
  function judge(events, end) {
    const truth = new Truth(events);
    if (truth.services.size === 0) return [];
    const atEnd = new Truth(events);
    const verdicts = [];
    const subjects = new Map();
    for (const event of events) {
      truth.hear(event);
      if (event.at <= end) atEnd.hear(event);
      const {kind, name} = laneOf(event.lane);
      if (kind !== 'subject') continue;
      const subject = subjects.get(name) ?? {waited: false, ran: false};
      subjects.set(name, subject);
      subject.waited ||= /^(started|believes ready|believes not-ready|killed|exited [^]*)$/.test(event.what);
      const occasion = {'starts workload': 'start', 'workload restarted': 'restart'}[event.what];
      // What has exited with 0 is done, and has not waited to the end.
      subject.ran ||= Boolean(occasion) || event.what === 'app up' || event.what === 'exited 0';
      if (!occasion) continue;
      const right = truth.allListen;
      verdicts.push({subject: name, at: event.at, right, occasion, why: right ? truth.listening() : truth.missing()});
    }
    if (!atEnd.allListen) return verdicts;
    for (const [name, {waited, ran}] of subjects) {
      if (waited && !ran) {
        verdicts.push({subject: name, at: end, right: false, occasion: 'never', why: atEnd.listening()});
      }
    }
    return verdicts;
  }

  const counted = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;

  Object.assign(fakeapi, {printable, secondsText, counted, textOf, laneOf, readinessOf, endOf, Truth, judge});
})();

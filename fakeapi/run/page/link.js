// The live page's talk with its server, without any element of the page: the token, the questions that are
// asked again and again, and what is known of the clock between two answers.
//
//   const link = new fakeapi.Link({events(lines, isNew), status(all), state(name)});
//   link.start(token); await link.call('POST', 'pause');
//
// States: `live`; `lost` while nothing answers, which ends by itself; `refused` when the token is not the
// server's, until start() is called with another one. The token goes nowhere but into the header.
(() => {
  'use strict';
  const fakeapi = (globalThis.fakeapi ??= {});

  const EVENTS_MAX = 5000; // a model of so many is made anew in some milliseconds
  const KEPT_MAX = 500; // of older lines without which a lane would be empty
  const POLL_SECONDS = 20; // shorter than what proxies cut
  const CALL_MS = 15_000, STATUS_MS = 1000, HIDDEN_MS = 5000;
  const RETRY_MS = 250, RETRY_MS_MAX = 2000;
  const FAILURES_MIN = 2; // one connection may end in order, as at the scenario's new beginning

  const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds));

  /** The newest events; of older ones only what still holds: the last state of a lane, streams that are open. */
  function bounded(events, max = EVENTS_MAX) {
    if (events.length <= max) return events;
    const held = new Map();
    for (const event of events.slice(0, -max)) {
      const {lane, what} = event;
      const stream = /^stream (\d+) (open|ended)$/.exec(what);
      if (stream?.[2] === 'ended') held.delete(`${lane} ${stream[1]}`);
      else if (stream) held.set(`${lane} ${stream[1]}`, event);
      else if (lane.startsWith('fault/') ? what !== 'met' : /^(truth\/|api$|api\/|subject\/)/.test(lane)) held.set(lane, event);
      else if (lane === '' && what === 'title') held.set(lane, event);
    }
    return [...[...held.values()].slice(-KEPT_MAX), ...events.slice(-max)];
  }

  class Link {
    constructor(told) {
      Object.assign(this, {told, token: null, state: 'idle', run: 0, seq: 0, epoch: 0, failures: 0, lostAt: 0, clock: null, clockAt: 0});
      document.addEventListener('visibilitychange', () => this.wake?.());
    }

    start(token) {
      this.token = token;
      this.seq = 0;
      this.failures = 0;
      const run = ++this.run; // ends the loops of another token
      this.follow(run);
      this.look(run);
    }

    is(state) {
      if (this.state === state) return;
      this.state = state;
      if (state === 'lost') this.lostAt = performance.now();
      this.told.state(state);
    }

    /** What a request comes to; nothing that can happen to it is thrown. */
    async call(method, path, body, milliseconds = CALL_MS) {
      try {
        const answer = await fetch('/_fakeapi/v1/' + path, {
          method, body, cache: 'no-store', credentials: 'omit', redirect: 'error', signal: AbortSignal.timeout(milliseconds),
          headers: {Authorization: `Bearer ${this.token}`}});
        const value = await answer.json();
        return {ok: answer.ok, status: answer.status, value, message: answer.ok ? '' : value.message};
      } catch {
        return {ok: false, status: 0, value: null, message: 'The server did not answer.'};
      }
    }

    /** Whether an answer is one; keeps the state. */
    heard(run, {ok, status}) {
      if (run !== this.run) return false;
      if (status === 401 || status === 403) {
        ++this.run;
        this.is('refused');
      } else if (ok) {
        this.failures = 0;
        this.is('live');
      } else if (status === 0 && ++this.failures >= FAILURES_MIN) this.is('lost');
      return ok && run === this.run;
    }

    get retryMs() { return Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** Math.max(0, this.failures - FAILURES_MIN)); }

    async follow(run) {
      while (run === this.run) {
        const asked = this.seq;
        const answer = await this.call('GET', `events?since=${asked}&timeout=${POLL_SECONDS}s`, undefined, (POLL_SECONDS + 10) * 1000);
        if (this.heard(run, answer)) this.take(answer.value, asked);
        else if (run === this.run) await pause(this.retryMs);
      }
    }

    /** Times begin anew with an epoch, and with another server behind the same address. */
    take({seq, events, epoch, 'epoch-since': since}, asked) {
      const isNew = asked === 0 || epoch !== this.epoch;
      this.epoch = epoch;
      this.seq = seq < asked ? 0 : seq;
      if (seq < asked) return this.told.events([], true);
      const first = seq - events.length + 1;
      this.told.events(events.slice(Math.max(0, since + 1 - first)), isNew);
    }

    async look(run) {
      while (run === this.run) {
        const answers = await Promise.all(['status', 'faults', 'requests?open=true'].map(path => this.call('GET', path)));
        const [status, faults, open] = answers;
        const isWhole = answers.map(answer => this.heard(run, answer)).every(Boolean);
        if (isWhole) {
          this.setClock(status.value['scenario-clock']);
          this.told.status({status: status.value, faults: faults.value.faults, streams: open.value.requests});
        }
        if (run !== this.run) return;
        await Promise.race([pause(!isWhole ? this.retryMs : document.hidden ? HIDDEN_MS : STATUS_MS),
                            new Promise(done => (this.wake = done))]);
      }
    }

    /** A command of the person who looks on; what it changed is asked for at once. */
    async command(method, path, body) {
      const answer = await this.call(method, path, body);
      if (answer.ok && answer.value && 'next-step' in answer.value) this.setClock(answer.value);
      this.wake?.();
      return answer;
    }

    setClock(clock) {
      this.clock = clock;
      this.clockAt = performance.now();
    }

    /** The scenario's clock now, as far as it is known. */
    get time() {
      const {clock} = this;
      if (!clock) return 0;
      if (clock.paused) return clock.time;
      const until = this.state === 'lost' ? this.lostAt : performance.now();
      return clock.time + Math.max(0, until - this.clockAt) / 1000 * clock.speed;
    }
  }

  Object.assign(fakeapi, {Link, bounded});
})();

"""The live page of a running `fakeapi serve` in a real browser: what it shows while it happens, and what one can do there.

    WFE_BIN=build/release/bin python3 -B tools/browser/live_page_test.py

Needs Chromium and its driver; without them it fails and says so. With SHOTS=FOLDER it leaves pictures there to look at.
"""
import os
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools/e2e"))

from api import ENDPOINTS, Api  # noqa: E402
from programs import FakeApi  # noqa: E402
from webdriver import Browser, MissingBrowser  # noqa: E402

PATIENCE = 60  # seconds: an end for a test that hangs
RESTART = ROOT / "scenarios/full-cluster-restart.yaml"
SLOW = """version: 1
about: Two Pods come, and one of them goes.
services:
  mysql: {ports: {tcp: 3306}, pods: 2}
timeline:
  - {at: 100s, why: the first is ready, pods: {mysql-0: ready}}
  - {at: 200s, why: both are ready, pods: {mysql-1: ready}}
  - {at: 300s, why: the first fails, pods: {mysql-0: running}}
"""
AWAY = """version: 1
about: The API server is away for a while.
services:
  mysql: {ports: {tcp: 3306}, pods: 1}
timeline:
  - {at: 1s, why: ready, pods: {mysql-0: ready}}
  - {at: 100s, why: it goes, api: down}
  - {at: 104s, why: it comes back, api: up}
  - {at: 200s, why: it fails, pods: {mysql-0: running}}
"""


class LivePage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser(1280, 1000, accepts_any_certificate=True)
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="live-page-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.browser.open("about:blank")
        self.browser.prefer("light")

    def serve(self, scenario, *flags, pods="none", folder="api"):
        if "\n" in str(scenario):
            (self.folder / "played.yaml").write_text(scenario)
            scenario = self.folder / "played.yaml"
        served = FakeApi(scenario, f"--pods={pods}", *flags, folder=self.folder / folder)
        self.addCleanup(self.end, served)
        return served

    def end(self, served):
        if served.process.poll() is None:
            served.__exit__()

    def open(self, scenario, *flags, **more):
        served = self.serve(scenario, *flags, **more)
        self.browser.open(served.ready["page"])
        self.until(lambda: self.text(".state") in ("running", "paused") and self.texts(".lanes .name"), "it shows lanes")
        return served

    def api(self, served):
        api = Api(served)
        self.addCleanup(api.connection.close)
        return api

    def until(self, holds, what=""):
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                self.shot("late")
                self.fail(f"it does not come to that: {what}; the page says {self.text('body')[:2000]!r}")
            time.sleep(0.05)  # until the next question, not for what is tested

    def text(self, css):
        return self.browser.run("const one = document.querySelector(arguments[0]); return one?.checkVisibility() ? one.innerText : ''",
                                css)

    def texts(self, css):
        return self.browser.run("return [...document.querySelectorAll(arguments[0])].map(one => one.textContent)", css)

    def clock(self):
        return self.browser.run("return fakeapi.live.link.time")

    def type(self, css, text):
        self.browser.run("const one = document.querySelector(arguments[0]); one.focus(); one.value = arguments[1];"
                         "one.dispatchEvent(new Event('input', {bubbles: true}))", css, text)

    def choose(self, css, value):
        self.browser.run("const one = document.querySelector(arguments[0]); one.value = arguments[1];"
                         "one.dispatchEvent(new Event('change', {bubbles: true}))", css, value)

    def button(self, name):
        """Clicks it as a person would: it must be visible and nothing may cover it."""
        x, y = self.browser.run("""
          const one = [...document.querySelectorAll('button')].find(
            one => one.checkVisibility() && (one.getAttribute('aria-label') ?? one.textContent) === arguments[0]);
          one.scrollIntoView({block: 'center'});
          const box = one.getBoundingClientRect();
          return [(box.left + box.right) / 2, (box.top + box.bottom) / 2]""", name)
        self.browser.click_at(x, y)

    def shot(self, name):
        if folder := os.environ.get("SHOTS"):
            self.browser.run("scrollTo(0, 0)")
            self.browser.shot(Path(folder) / f"live-{name}.png")

    def no_messages(self):
        """Neither errors nor refusals of the policy; a request that finds nobody is what a browser calls one."""
        self.assertEqual([one for one in self.browser.messages() if "net::ERR" not in one and "status of 40" not in one], [])

    def test_lanes_grow_while_the_scenario_runs(self):
        served = self.open(RESTART, "--speed=2")
        client = self.api(served)
        client.start("GET", ENDPOINTS + "?watch=1")
        self.until(lambda: "STALE" in " ".join(self.texts(".lanes .label")), "the API shows what does not listen")
        self.assertEqual(self.text(".picture h1"),
                         "After a power failure the API shows three ready mysql Pods for five seconds, and none of them listens.")
        self.until(lambda: self.texts(".steps bdi")[-1:] == ["all Pods are ready"], "the last step")
        self.assertEqual([one.upper() for one in self.texts(".lanes .heading")][:2], ["WHAT REALLY LISTENS", "WHAT THE API SHOWS"])
        before = self.browser.run("return fakeapi.report.model.end")
        self.until(lambda: self.browser.run("return fakeapi.report.model.end") > before, "the picture reaches to the present")
        self.shot("light")
        self.browser.prefer("dark")
        self.shot("dark")
        self.no_messages()

    def test_the_clock_stands_and_runs(self):
        self.open(SLOW)
        self.button("Pause")
        self.until(lambda: self.text(".state") == "paused")
        stood = self.clock()
        shown = self.text(".clock")
        self.assertEqual(self.text(".clock"), shown)
        self.assertEqual(self.clock(), stood)
        self.button("Resume")
        self.until(lambda: self.text(".state") == "running")
        self.until(lambda: self.clock() > stood)

    def test_step_seek_and_restart(self):
        self.open(SLOW)
        self.button("Step")
        self.until(lambda: self.text(".clock") == "100.0 s")
        self.until(lambda: self.texts(".steps bdi") == ["the first is ready"])
        self.type(".to", "250s")
        self.browser.press("Enter")
        self.until(lambda: self.text(".clock") == "250.0 s")
        self.until(lambda: self.texts(".steps bdi")[-1:] == ["both are ready"])
        self.choose("input[type=range]", "150")
        self.until(lambda: "epoch 2" in self.text(".about"))
        self.assertEqual(self.text(".clock"), "150.0 s")
        self.until(lambda: self.texts(".steps bdi") == ["the first is ready"], "lines of the epoch before are gone")
        self.assertLess(self.browser.run("return fakeapi.report.model.end"), 199)
        self.button("Restart")
        self.until(lambda: "epoch 3" in self.text(".about") and self.text(".clock") == "0.0 s")
        self.until(lambda: self.texts(".steps bdi") == [])
        self.type(".to", "soon")
        self.browser.press("Enter")
        self.until(lambda: "a duration such as" in self.text(".bar .said"))
        self.no_messages()

    def test_speed(self):
        served = self.open(SLOW)
        self.choose(".speed select", "60")
        self.until(lambda: self.api(served).control("GET", "status")[1]["scenario-clock"]["speed"] == 60)
        self.until(lambda: self.texts(".steps bdi")[-1:] == ["the first is ready"])

    def test_a_fault_is_put_seen_and_taken_back(self):
        served = self.open(SLOW)
        client = self.api(served)
        self.type(".panel input.fault-name", "busy")
        self.type("[aria-label='Faults'] textarea", "match: {verb: list}\nrespnd: {status: 503}")
        self.button("Put")
        self.until(lambda: 'line 2:1: unknown key "respnd"' in self.text("[aria-label='Faults'] .said"))
        self.shot("mistake")
        self.assertEqual(self.browser.run("return document.activeElement.selectionStart"), 20, "the cursor is at the mistake")
        self.type("[aria-label='Faults'] textarea", "match: {verb: list}\nrespond: {status: 503}")
        self.button("Put")
        self.until(lambda: self.texts(".panel tbody th") == ["busy"])
        self.assertEqual(self.text("[aria-label='Faults'] .near"), "real")
        self.assertEqual(client.call("GET", ENDPOINTS)[0], 503)
        self.until(lambda: [one for one in self.texts("td.number")] == ["1", "1"], "its counts")
        self.until(lambda: "busy" in self.texts(".lanes .name"), "its lane")
        self.shot("fault")
        self.button("Remove busy")
        self.until(lambda: self.text("[aria-label='Faults'] .said") == "busy is taken back: it matched 1 and met 1.")
        self.assertEqual(client.call("GET", ENDPOINTS)[0], 200)
        self.no_messages()

    def test_an_example_is_valid(self):
        self.open(SLOW)
        for example in self.texts("[aria-label='Examples of faults'] button")[:-1]:
            self.button(example)
            name = self.browser.run("return document.querySelector('.fault-name').value")
            self.button("Put")
            self.until(lambda: self.text("[aria-label='Faults'] .said") == f"{name} is in force.", example)
            # What is shown anew moves what is under it, and a click would miss.
            self.until(lambda: name in self.texts(".lanes .name") and name in self.texts(".panel tbody th"), example)
        for number, example in enumerate(self.texts("[aria-label='Examples of steps'] button"), 1):
            self.button(example)
            self.button("Do it now")
            self.until(lambda: self.text("[aria-label='A step now'] .said") == "Done.", example)
            self.until(lambda: len(self.texts(".steps bdi")) == number, example)

    def test_a_step_now_and_who_watches(self):
        served = self.open(SLOW)
        client = self.api(served)
        client.start("GET", ENDPOINTS + "?watch=1")
        self.until(lambda: self.texts("[aria-label='Open streams'] tbody td")[:1] == ["endpoints default"])
        self.type("[aria-label='A step now'] textarea", "why: by hand\npods: {mysql-7: ready}")
        self.button("Do it now")
        self.until(lambda: "line 2:" in self.text("[aria-label='A step now'] .said"))
        self.until(lambda: "stream" in " ".join(self.texts(".lanes .small")), "the client's lane")
        self.type("[aria-label='A step now'] textarea", "why: by hand\npods: {mysql-0: ready}")
        self.button("Do it now")
        self.until(lambda: self.text("[aria-label='A step now'] .said") == "Done.")
        self.until(lambda: self.texts(".steps bdi") == ["by hand"])

    def test_the_api_server_is_away_and_comes_back(self):
        self.open(AWAY)
        self.button("Step")
        self.until(lambda: self.text(".clock") == "1.0 s" or self.clock() > 1)
        self.button("Step")
        self.until(lambda: self.text(".state") == "no connection")
        self.assertIn("the API server is down for a while. The clock runs until it is back, and stands then.", self.text(".alarm"))
        self.shot("away")
        self.until(lambda: self.text(".state") == "paused", "it comes back by itself")
        self.until(lambda: self.texts(".steps bdi")[-1:] == ["it comes back"])
        self.assertEqual(self.text(".alarm"), "")
        self.no_messages()

    def test_a_server_that_has_ended_and_another_in_its_place(self):
        served = self.open(SLOW)
        port = served.url.rsplit(":", 1)[1]
        self.end(served)
        self.until(lambda: self.text(".state") == "no connection")
        self.assertIn("either the scenario holds the API server down, or fakeapi has ended", self.text(".alarm"))
        self.serve(SLOW, f"--listen=127.0.0.1:{port}", folder="other")
        # Whether the browser takes the other certificate is its own affair: it asks for a token, or has no connection.
        self.until(lambda: "does not know this token" in self.text(".entrance") or "has ended" in self.text(".alarm"))

    def test_no_token_and_a_wrong_one(self):
        served = self.serve(SLOW)
        self.browser.open(served.url + "/_fakeapi/")
        self.until(lambda: "tokens.json" in self.text(".entrance"))
        self.shot("entrance")
        self.assertEqual(self.text(".bar"), "")
        self.type(".entrance input", "wrong")
        self.button("Look on")
        self.until(lambda: "does not know this token" in self.text(".entrance"))
        self.type(".entrance input", self.api(served).token)
        self.button("Look on")
        self.until(lambda: self.text(".state") == "running")

    def test_the_token_is_nowhere_to_be_seen(self):
        served = self.open(SLOW)
        token = self.api(served).token
        self.assertEqual(self.browser.run("return location.href"), served.url + "/_fakeapi/")
        self.assertNotIn(token, self.browser.run("return document.documentElement.outerHTML"))
        self.browser.run("location.reload()")
        self.until(lambda: self.text(".state") == "running", "this tab keeps it")

    def test_what_it_keeps_is_bounded_and_no_lane_is_lost(self):
        self.open(SLOW)
        kept = self.browser.run("""
          const line = (at, lane, what, why = '') => ({at, lane, what, why});
          const events = [line(0, '', 'title', 'a title'), line(0, 'truth/mysql', 'ready 1/2'), line(1, 'truth/mysql', 'ready 2/2'),
            line(1, 'client/a', 'stream 1 open'), line(1, 'client/a', 'stream 2 open'), line(2, 'client/a', 'stream 1 ended'),
            line(2, 'fault/x', 'active'), line(3, 'fault/x', 'met')];
          for (let i = 0; i < 20000; ++i) events.push(line(4 + i, 'client/b', 'answered 200'));
          return fakeapi.bounded(events, 5000).slice(0, -5000).map(one => `${one.lane} ${one.what}`)""")
        self.assertEqual(kept, [" title", "truth/mysql ready 2/2", "client/a stream 2 open", "fault/x active"])

    def test_a_thousand_requests_a_second_do_not_pile_up(self):
        self.open(SLOW)
        most = self.browser.run("""
          const {live} = fakeapi;
          let most = 0;
          for (let i = 0; i < 100; ++i) {
            live.take(Array.from({length: 300}, () => ({at: i / 100, lane: 'client/b', what: 'answered 200', why: ''})), false);
            live.tick();
            most = Math.max(most, fakeapi.report.events.length);
          }
          return most""")
        self.assertLess(most, 6200)
        self.assertGreater(most, 4999)

    def test_the_axis_stays_in_sight(self):
        self.browser.devtools("Emulation.setDeviceMetricsOverride", width=1280, height=400, deviceScaleFactor=1, mobile=False)
        try:
            self.open(RESTART)
            bar, axis = self.browser.run("""
              scrollTo(0, document.querySelector('.chart').getBoundingClientRect().top - 60);
              return ['.bar', '.axis-room'].map(css => document.querySelector(css).getBoundingClientRect()).map(box => [box.top, box.bottom])""")
        finally:
            self.browser.devtools("Emulation.clearDeviceMetricsOverride")
        self.assertAlmostEqual(axis[0], bar[1], delta=1)

    def test_fits_a_narrow_window(self):
        self.open(SLOW)
        self.browser.devtools("Emulation.setDeviceMetricsOverride", width=400, height=900, deviceScaleFactor=1, mobile=False)
        try:
            self.until(lambda: self.browser.run("return document.documentElement.scrollWidth") <= 400, "it is drawn anew")
            self.shot("narrow")
        finally:
            self.browser.devtools("Emulation.clearDeviceMetricsOverride")


if __name__ == "__main__":
    try:
        Browser().close()
    except MissingBrowser as missing:
        sys.exit(f"live_page_test: {missing}")
    unittest.main()

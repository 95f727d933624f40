"""The HTML report in a real browser: what it shows, how it is zoomed, read by keys, and that nothing of a log can do harm.

    WFE_BIN=build/release/bin python3 -B tools/browser/report_page_test.py

Needs Chromium and its driver; without them it fails and says so. With SHOTS=FOLDER it leaves pictures there to look at.
"""
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from webdriver import Browser, MissingBrowser

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(os.environ.get("WFE_BIN", ROOT / "build/release/bin")).resolve()
LOGS = ROOT / "fakeapi/lanes/testdata"
PATIENCE = 60  # seconds: an end for a test that hangs
KEYS = ("at", "lane", "what", "why")


def many_requests():
    """Ten thousand, of which a few fail; one client asks 37 times within a tenth of a second."""
    yield (0, "truth/mysql", "ready 1/1", "")
    for number in range(10_000):
        status = 503 if number % 500 == 7 else 200
        yield (number * 0.06, "client/kubectl/v1.36.0", f"answered {status}", f"list pods /api/v1/pods?number={number}")
    for number in range(37):
        yield (300 + number * 0.002, "client/curl/7.88.1", "answered 200", f"get pods /api/v1/pods/{number}")
    for number in range(40):
        yield (number * 10, "client/controller", f"stream {number} open", "watch pods /api/v1/pods?watch=true")
    yield (600, "", "end", "")


def any_event(draw):
    lane = draw.choice(["", "steps", "api", "truth/mysql", "truth/kafka", "api/mysql", "api/kafka", "subject/a", "subject/b", "client/c",
                        "fault/f", "verdict", "kubelet"])
    words = {"truth": ["ready 0/3", "ready 1/3", "ready 3/3"], "api": ["up", "down", "ready 0/3", "ready 3/3"],
             "verdict": ["passed", "failed", "skipped"],
             "subject": ["started", "believes ready", "believes not-ready", "starts workload", "workload restarted", "exited 0", "exited 3",
                         "killed", "app up", "app down"],
             "client": ["answered 200", "answered 503", "answered 0", "stream 1 open", "stream 1 ended", "stream 2 open"],
             "fault": ["active", "over", "met"]}
    what = draw.choice(words.get(lane.split("/")[0], ["mark"]) + ["an unknown word"])
    return (draw.choice([-1, 0, 0.001, 1e9] + [draw.randrange(2000) / 100] * 12), lane, what, draw.choice(["", "because"]))


class ReportPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="report-page-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        cls.browser = Browser(1280, 1000)
        cls.addClassCleanup(cls.browser.close)

    def open(self, *logs):
        subprocess.run([BIN / "fakeapi", "report", *logs, "--html", self.folder / "page.html"], check=True, timeout=PATIENCE,
                       stdout=subprocess.DEVNULL)
        self.browser.prefer("light")
        self.browser.open(f"file://{self.folder}/page.html")
        self.assertEqual(self.browser.messages(), [], "neither errors nor refusals of the policy")
        return self.browser

    def open_events(self, events):
        log = self.folder / "log.jsonl"
        log.write_text("".join(json.dumps(dict(zip(KEYS, event))) + "\n" for event in events))
        return self.open(log)

    def open_sample(self):
        return self.open(LOGS / "restart-with-clients.jsonl")

    def shot(self, name):
        if folder := os.environ.get("SHOTS"):
            self.browser.shot(Path(folder) / f"{name}.png")

    def text(self, css):
        return self.browser.run("const one = document.querySelector(arguments[0]); return one?.checkVisibility() ? one.innerText : ''",
                                css)

    def texts(self, css):
        return self.browser.run("return [...document.querySelectorAll(arguments[0])].map(one => one.textContent)", css)

    def count(self, css):
        return self.browser.run("return document.querySelectorAll(arguments[0]).length", css)

    def frame(self):
        """Until what was asked for is drawn."""
        self.browser.run("fakeapi.report.flush()")

    def view(self):
        self.frame()
        return self.browser.run("const {from, to} = fakeapi.report.view; return [from, to]")

    def middle_of(self, css):
        return self.browser.run("""
          const one = document.querySelector(arguments[0]);
          one.scrollIntoView({block: 'center'});
          const box = one.getBoundingClientRect();
          return [(box.left + box.right) / 2, (box.top + box.bottom) / 2]""", css)

    def chart_point(self, share):
        """A point over the lanes, at this share of the view's time."""
        return self.browser.run("scrollTo(0, 0); const {left, right} = fakeapi.report.drawing;"
                                "const box = document.querySelector('.lanes-room').getBoundingClientRect();"
                                "return [box.left + left + arguments[0] * (right - left), box.top + 9]", share)

    def test_says_in_its_head_what_the_picture_comes_to(self):
        self.open_sample()
        self.shot("light")
        self.assertEqual(self.text("h1"), "Full-cluster restart, two clients and a flaky API")
        self.assertEqual(self.text(".met"), "3 of 5 expectations met, 1 skipped")
        self.assertIn("1 of 2 started too early: the API showed ready addresses where nothing listened.", self.text(".conclusion"))
        self.assertEqual([re.match("passed|failed|skipped", one)[0] for one in self.texts(".expectations li")],
                         ["failed", "passed", "passed", "passed", "skipped"])

    def test_shows_all_lanes_in_their_order(self):
        self.open_sample()
        self.assertEqual([one.upper() for one in self.texts(".lanes .heading")],
                         ["WHAT REALLY LISTENS", "WHAT THE API SHOWS", "WHAT CLIENTS ASKED", "FAULTS", "WHO STARTS WHEN"])
        self.assertEqual(self.count(".lanes .stream"), 2)
        self.assertEqual([self.count(f".lanes .sign.a-{answer}") for answer in ("ok", "refused", "no-answer", "met")], [3, 1, 1, 3])

    def test_says_what_the_static_picture_says(self):
        """Two programs draw the same log; what they conclude and count must be one."""
        for log in sorted(LOGS.glob("*.jsonl")):
            self.open(log)
            static = self.texts(".static text")
            joined = " ".join(static)
            self.assertIn(self.texts("h1")[0], joined)
            for sentence in self.texts(".conclusion"):
                self.assertIn(sentence, joined, log.name)
            for summary in self.summaries():
                self.assertTrue(any(one.startswith(summary) for one in static), (log.name, summary))
            judged = [one for one in static if one in ("WRONG", "RIGHT", "NEVER")]
            self.assertEqual(sorted(self.texts(".lanes .pill-text")), sorted(judged), log.name)
            tips = self.texts(".static rect > title")
            intervals = self.intervals()
            self.assertGreater(len(intervals), 5)
            for interval in intervals:
                self.assertIn(interval, tips, log.name)

    def test_says_what_the_static_picture_says_of_any_log(self):
        """Logs of a fixed seed that keep to the vocabulary, in any order that a log may have."""
        draw = random.Random(6)
        for _ in range(25):
            self.open_events([any_event(draw) for _ in range(draw.randrange(80))])
            joined = " ".join(self.texts(".static text"))
            tips = self.texts(".static rect > title")
            for sentence in [*self.texts(".conclusion"), *self.texts(".met")]:
                self.assertIn(sentence.split(". ")[0], joined)
            for interval in self.intervals():
                self.assertIn(interval, tips)
            # The description ends each verdict with a full stop; times have one in themselves.
            described = re.findall(r"(\w+): (right|wrong) at [^,]*, ([^.]*)\.", self.text_of("#lanes-desc"))
            verdicts = self.browser.run("return fakeapi.report.model.verdicts.map(one => [one.subject, one.right, one.why])")
            self.assertEqual(described, [(subject, "right" if right else "wrong", why) for subject, right, why in verdicts])

    def text_of(self, css):
        return self.browser.run("return document.querySelector(arguments[0]).textContent", css)

    def summaries(self):
        return self.browser.run("return fakeapi.report.model.lanes.map(lane => lane.summary).filter(Boolean)")

    def intervals(self):
        return self.browser.run("""
          const tip = one => one.labels[0] + (one.why ? ': ' + one.why : '');
          return fakeapi.report.model.lanes.flatMap(lane => lane.intervals.map(tip))""")

    def test_the_pointer_shows_details(self):
        self.open_sample()
        self.assertFalse(self.text(".tip"))
        self.browser.hover(*self.middle_of(".bar.s-stale rect"))
        self.assertIn("STALE: 3/3 shown, none listens", self.text(".tip"))
        self.assertIn("for 5.3 s", self.text(".tip"))
        self.shot("details")
        self.browser.hover(*self.middle_of("h1"))
        self.assertFalse(self.text(".tip"))

    def test_a_click_holds_the_details(self):
        self.open_sample()
        self.browser.click_at(*self.middle_of("[data-item]:has(.sign.a-refused)"))
        self.browser.hover(*self.middle_of("h1"))
        self.assertIn("Answered 503", self.text(".tip"))
        self.assertIn("(fault flaky)", self.text(".tip"))
        self.browser.press("Escape")
        self.assertFalse(self.text(".tip"))

    def test_is_read_and_zoomed_with_keys_alone(self):
        self.open_sample()
        self.browser.run("document.querySelector('.chart').focus()")
        self.browser.press("Down")
        self.assertIn("Step 1", self.text(".tip"))
        self.browser.press("Down")
        self.assertIn("nothing listens", self.text(".tip"))
        self.browser.press("Right")
        self.assertIn("1/3 listens", self.text(".tip"))
        self.assertIn("1/3 listens", self.browser.run("return document.querySelector('[aria-live]').textContent"))
        self.browser.press("+")
        narrow = self.view()
        self.assertAlmostEqual(narrow[1] - narrow[0], 9)
        self.assertIn("1/3 listens", self.text(".tip"), "what was chosen stays so")
        self.browser.press(("Shift", "Left"))
        self.assertLess(self.view()[0], narrow[0])
        self.browser.press("Enter")
        self.assertLess(self.view()[1] - self.view()[0], 9)
        self.browser.press("0")
        self.assertEqual(self.view(), [0, 18])

    def test_buttons_zoom(self):
        self.open_sample()
        self.browser.click("[aria-label='Zoom in']")
        self.assertEqual(self.view(), [4.5, 13.5])
        self.browser.click("[aria-label='Zoom out']")
        self.assertEqual(self.view(), [0, 18])
        self.browser.click("[aria-label='Zoom in']")
        self.browser.click("[aria-label='Show all']")
        self.assertEqual(self.view(), [0, 18])

    def test_the_wheel_zooms_to_the_pointer_with_control_only(self):
        self.open_sample()
        x, y = self.chart_point(0.25)
        self.browser.wheel(x, y, -100)
        start, end = self.view()
        self.assertLess(end - start, 18)
        self.assertAlmostEqual(start + 0.25 * (end - start), 4.5, delta=0.1, msg="the moment at the pointer stays there")

    def test_a_drag_moves_and_a_drag_on_the_axis_zooms(self):
        self.open_sample()
        self.browser.click("[aria-label='Zoom in']")
        self.frame()
        self.browser.drag(self.chart_point(0.75), self.chart_point(0.25))
        start, end = self.view()
        self.assertAlmostEqual(start, 9, delta=0.1)
        self.assertAlmostEqual(end, 18, delta=0.1)
        self.browser.press("0")
        self.frame()
        y = self.browser.run("const box = document.querySelector('.axis-room').getBoundingClientRect(); return box.top + 20")
        self.browser.drag((self.chart_point(0.5)[0], y), (self.chart_point(0.75)[0], y))
        self.assertAlmostEqual(self.view()[0], 9, delta=0.1)
        self.assertAlmostEqual(self.view()[1], 13.5, delta=0.1)

    def background(self):
        return self.browser.run("return getComputedStyle(document.body).backgroundColor")

    def test_follows_the_system_and_the_button(self):
        self.open_sample()
        light = self.background()
        self.browser.prefer("dark")
        dark = self.background()
        self.shot("dark")
        self.assertNotEqual(light, dark)
        self.browser.click(".theme")
        self.assertEqual(self.background(), light)
        self.browser.prefer("light")
        self.browser.click(".theme")
        self.assertEqual(self.background(), dark)

    def test_ten_thousand_requests_are_counted_and_each_can_be_seen(self):
        self.open_events(many_requests())
        self.shot("many")
        self.assertIn("\u00d737", self.texts(".lanes .number"))
        self.assertLess(self.count("*"), 4000, "what is drawn depends on the window, not on the log")
        seen = self.browser.run("""
          const {report} = fakeapi, seen = new Set();
          for (let at = 0; at < 600; at += 4) {
            report.show(at, at + 4);
            report.flush();
            for (const one of report.drawing.items) {
              const number = /number=(\\d+)/.exec(one.lines[1] ?? '');
              if (number && one.from === one.to) seen.add(number[1]);
            }
          }
          return seen.size""")
        self.assertEqual(seen, 10_000)

    def test_events_may_come_later(self):
        """As a page of a running server gets them: the same page as if all had been there."""
        self.open_sample()
        whole = self.browser.run("return document.querySelector('.lanes').outerHTML")
        self.browser.run("""
          const rows = JSON.parse(document.getElementById('fakeapi-events').textContent);
          const log = rows.map(([at, lane, what, why]) => ({at, lane, what, why}));
          document.querySelector('.app').remove();
          fakeapi.report = fakeapi.open(document.getElementById('report'));
          for (const event of log) { fakeapi.report.append([event]); fakeapi.report.flush(); }""")
        self.assertEqual(self.browser.run("return document.querySelector('.lanes').outerHTML"), whole)

    def test_a_view_of_the_end_follows_what_comes(self):
        self.open_sample()
        self.browser.run("fakeapi.report.show(10, 18); fakeapi.report.flush(); fakeapi.report.until(20)")
        self.assertEqual(self.view(), [12, 20])
        self.browser.run("fakeapi.report.show(2, 4); fakeapi.report.flush(); fakeapi.report.until(30)")
        self.assertEqual(self.view(), [2, 4])

    def test_nothing_of_a_log_runs_or_hides(self):
        texts = ["</script><script>window.harm = 1</script>", "<img src=x onerror=\"window.harm = 1\">", "\u202egnp.exe",
                 "\x1b[2J\x00", "'\"`${1}"]
        events = []
        for at, text in enumerate(texts):
            events += [(at, lane, what, text) for lane, what in
                       [("", "title"), ("", "note"), ("steps", "step"), (f"truth/{text}", "ready 0/1"), (f"client/{text}", "answered 503"),
                        (f"client/{text}", f"stream {at} open"), (f"fault/{text}", "active"), (f"subject/{text}", "starts workload"),
                        ("verdict", "failed"), (text, "mark")]]
        self.open_events(events)
        self.assertIsNone(self.browser.run("return window.harm ?? null"))
        self.assertEqual(self.count(".app img, .app script, .app a"), 0)
        shown = self.browser.run("return document.querySelector('.app').textContent")
        self.assertIn("\\u202egnp.exe", shown)
        self.assertIn("\\x1b[2J\\x00", shown)
        self.assertEqual([letter for letter in shown if letter in "\u202e\x1b\x00"], [])

    def test_the_policy_forbids_what_the_page_never_does(self):
        """If a text were ever to become markup, the browser would still refuse to run it or to fetch for it."""
        self.open_sample()
        refused = self.browser.run("""
          const refused = [];
          addEventListener('securitypolicyviolation', event => refused.push(event.effectiveDirective));
          const add = (name, properties) => document.body.append(Object.assign(document.createElement(name), properties));
          add('script', {textContent: 'window.harm = 1'});
          add('img', {src: 'http://127.0.0.1:9/x.png'});
          return fetch('http://127.0.0.1:9/').catch(() => {}).then(() => new Promise(done => setTimeout(() => done(refused.sort()), 0)))""")
        self.assertEqual(refused, ["connect-src", "img-src", "script-src-elem"])
        self.assertIsNone(self.browser.run("return window.harm ?? null"))
        self.assertNotEqual(self.browser.messages(), [])

    def test_is_a_picture_without_scripts(self):
        self.browser.devtools("Emulation.setScriptExecutionDisabled", value=True)
        try:
            self.open_sample()
            shown = self.browser.run("""
              const box = document.querySelector('.static');
              return [getComputedStyle(box).display, document.querySelectorAll('.app').length,
                      box.querySelector('svg').getBoundingClientRect().height > 500]""")
        finally:
            self.browser.devtools("Emulation.setScriptExecutionDisabled", value=False)
        self.assertEqual(shown, ["block", 0, True])

    def test_fits_a_narrow_window(self):
        self.open_sample()
        self.browser.devtools("Emulation.setDeviceMetricsOverride", width=400, height=800, deviceScaleFactor=1, mobile=False)
        try:
            self.frame()
            self.shot("narrow")
            self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), 400)
        finally:
            self.browser.devtools("Emulation.clearDeviceMetricsOverride")


if __name__ == "__main__":
    try:
        Browser().close()
    except MissingBrowser as missing:
        sys.exit(f"report_page_test: {missing}")
    unittest.main()

"""fakeapi report: the page as a browser's parser reads it, the snippets of docs/event-log.md, and files that cannot be written."""
import base64
import hashlib
import html.parser
import json
import os
import re
import resource
import signal
import subprocess
import unittest

from programs import BIN, PATIENCE, ROOT, EndToEnd, clean_environment

PAGE = (ROOT / "docs/event-log.md").read_text()
VOID = {"meta", "br", "hr", "img", "input", "link"}
HOSTILE = ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "\"'><img src=x onerror=alert(1)>", "&lt;b&gt;",
           "javascript:alert(1)", "\x00\x1b[31m\x7f\n", "\u202egnp.exe\u202c \u2066\u200f", "\u2028\u2029", "https://evil.example/x"]


class Reader(html.parser.HTMLParser):
    """Elements with their attributes and the texts inside them; an error when a tag ends that is not open."""

    def __init__(self, page):
        super().__init__()
        self.open, self.elements, self.texts = [], [], {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> in {self.open}"
        self.open.pop()

    def handle_data(self, data):
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)


class Report(EndToEnd):
    def report(self, *arguments, code=0, **more):
        ended = subprocess.run([str(BIN / "fakeapi"), "report", *map(str, arguments)], capture_output=True, text=True,
                               timeout=PATIENCE, env=clean_environment(), cwd=self.folder, **more)
        self.assertEqual(ended.returncode, code, ended.stderr)
        return ended

    def log_of(self, events, name="log.jsonl"):
        keys = ("at", "lane", "what", "why")
        return self.write(name, "".join(json.dumps(dict(zip(keys, event))) + "\n" for event in events))

    def page(self, *logs):
        self.report(*logs, "--html", "page.html")
        return (self.folder / "page.html").read_text()

    def hostile_page(self):
        events = []
        for at, text in enumerate(HOSTILE):
            events += [(at, lane, what, text) for lane, what in
                       [("", "title"), ("", "note"), ("", "mechanism"), ("steps", "step"), (f"truth/{text}", "ready 1/1"),
                        ("api", "down"), (f"client/{text}", "answered 503"), (f"client/{text}", f"stream {at} open"),
                        (f"fault/{text}", "active"), (f"fault/{text}", "met"), (f"subject/{text}", "starts workload"),
                        ("verdict", "failed"), (text, "mark"), ("other", text)]]
        return events, self.page(self.log_of(events))

    def test_a_hostile_log_adds_no_element_and_no_attribute(self):
        tame = Reader(self.page(self.log_of([(1, "truth/a", "ready 1/1", ""), (2, "subject/a", "starts workload", "")])))
        events, page = self.hostile_page()
        hostile = Reader(page)
        self.assertEqual(hostile.open, [])
        tags = [tag for tag, _ in hostile.elements]
        for tag in ("script", "style", "meta"):
            self.assertEqual(tags.count(tag), [other for other, _ in tame.elements].count(tag))
        self.assertEqual(set(tags) & {"img", "a", "link", "iframe", "object", "form", "image", "use", "foreignobject"}, set())
        for tag, attributes in hostile.elements:
            for name, value in attributes.items():
                harmful = name.startswith("on") or name in ("src", "href", "style", "xlink:href", "action")
                self.assertFalse(harmful, (tag, name, value))

    def test_the_log_is_in_the_page_as_it_was(self):
        events, page = self.hostile_page()
        (data,) = re.findall(r'<script type="application/json" id="fakeapi-events">(.*?)</script>', page, re.DOTALL)
        self.assertEqual(sorted(map(tuple, json.loads(data))), sorted(events))

    def test_hidden_characters_are_shown_and_not_obeyed(self):
        _, page = self.hostile_page()
        for letter in "\x00\x1b\x7f\u202e\u2066\u200f\u2028":
            self.assertNotIn(letter, page)

    def test_nothing_may_be_fetched_and_only_its_own_scripts_may_run(self):
        page = self.page(self.log_of([(1, "truth/a", "ready 1/1", "")]))
        reader = Reader(page)
        (policy,) = [attributes["content"] for _, attributes in reader.elements
                     if attributes.get("http-equiv") == "Content-Security-Policy"]
        directives = {words.split()[0]: words.split()[1:] for words in policy.split(";")}
        self.assertEqual(directives["default-src"], ["'none'"])
        self.assertEqual((directives["base-uri"], directives["form-action"]), (["'none'"], ["'none'"]))
        for directive, tag in [("script-src", "script"), ("style-src", "style")]:
            texts = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
            hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts]
            self.assertEqual(directives[directive], hashes)
        addresses = set(re.findall(r"\b\w+://[^\s\"'<]+", page))
        self.assertEqual(addresses, {"http://www.w3.org/2000/svg"}, "names of a namespace are no addresses; others are not wanted")

    def test_several_logs_are_one_page(self):
        one = self.log_of([(1, "truth/a", "ready 1/1", "")], "one")
        two = self.log_of([(2, "client/curl", "answered 200", "get pods /api/v1/pods")], "two")
        (data,) = re.findall(r'id="fakeapi-events">(.*?)</script>', self.page(one, two))
        self.assertEqual([row[1] for row in json.loads(data)], ["truth/a", "client/curl"])

    def test_the_same_log_is_the_same_page(self):
        log = self.log_of([(1, "truth/a", "ready 1/1", "")])
        self.assertEqual(self.page(log), self.page(log))

    def test_the_commands_of_the_documentation(self):
        (log,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
        (script,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
        for name in ("events.jsonl", "a.jsonl", "b.jsonl"):
            self.write(name, log)
        subprocess.run(["bash", "-euc", script], cwd=self.folder, check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL,
                       env=clean_environment(PATH=f"{BIN}:{os.environ['PATH']}"))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()),
                         ["a.jsonl", "b.jsonl", "events.jsonl", "picture.svg", "report.html"])

    def test_a_folder_that_is_not_there(self):
        log = self.log_of([(1, "truth/a", "ready 1/1", "")])
        for flag in ("--html", "--svg"):
            ended = self.report(log, flag, "none/page", code=2)
            self.assertRegex(ended.stderr, r"^fakeapi: cannot write none/page: No such file or directory\n$")

    def test_a_device_that_is_full(self):
        ended = self.report(self.log_of([(1, "truth/a", "ready 1/1", "")]), "--html", "/dev/full", code=2)
        self.assertRegex(ended.stderr, r"^fakeapi: cannot write /dev/full: No space left on device\n$")

    def test_a_file_that_cannot_be_written_whole_leaves_the_old_one(self):
        """A limit on the size of files (setrlimit(2)) fails in the middle of a file, as a full disk does."""
        log = self.log_of([(1, "truth/a", "ready 1/1", "")])
        self.write("page.html", "the old one")

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

        ended = self.report(log, "--html", "page.html", code=2, preexec_fn=limit, restore_signals=False)
        self.assertRegex(ended.stderr, r"^fakeapi: cannot write page\.html: File too large\n$")
        self.assertEqual((self.folder / "page.html").read_text(), "the old one")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["log.jsonl", "page.html"])


if __name__ == "__main__":
    unittest.main()

"""A headless Chromium by WebDriver (W3C WebDriver 2) over HTTP, with the standard library alone.

The browser has a new profile in a temporary folder, asks nobody for anything on its own, and ends with its driver.
"""
import base64
import json
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request

PATIENCE = 60  # seconds: an end for a test that hangs
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # WebDriver, 11: the key of an element's reference
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars"]


class MissingBrowser(Exception):
    pass


class Browser:
    """A context manager; `Browser().open(url)`, then run, click, hover, press and shot."""

    def __init__(self, width=1280, height=1000, accepts_any_certificate=False):
        self.chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
        if not self.chromium or not driver:
            raise MissingBrowser("there is no Chromium: install the packages chromium and chromium-driver")
        self.folder = tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True)
        self.log = open(f"{self.folder.name}/driver.log", "w")
        self.process = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.session = None
        try:
            self.start(width, height, accepts_any_certificate)
        except BaseException:
            self.close()
            raise

    def start(self, width, height, accepts_any_certificate):
        for line in self.process.stdout:
            if found := re.search(r"started successfully on port (\d+)", line):
                break
        else:
            raise MissingBrowser("chromedriver does not start")
        self.url = f"http://127.0.0.1:{found.group(1)}"
        options = {"binary": self.chromium,
                   "args": [*FLAGS, f"--window-size={width},{height}", f"--user-data-dir={self.folder.name}/profile"]}
        made = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "acceptInsecureCerts": accepts_any_certificate,
            "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.session = f"/session/{made['sessionId']}"

    def ask(self, method, path, body=None):
        data = None if method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        # No proxy of the environment stands between this program and its own child.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {json.load(error)['value']['message'].splitlines()[0]}") from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            if self.session:
                self.ask("DELETE", self.session)
        finally:
            self.process.terminate()
            self.process.communicate(timeout=PATIENCE)
            self.log.close()
            self.folder.cleanup()

    def open(self, url):
        self.ask("POST", self.session + "/url", {"url": url})
        return self

    def run(self, script, *arguments):
        """The value of a script's `return`."""
        return self.ask("POST", self.session + "/execute/sync", {"script": script, "args": list(arguments)})

    def devtools(self, command, **parameters):
        return self.ask("POST", self.session + "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def prefer(self, scheme):
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def messages(self):
        """What the page logged since the last time: errors, and what its policy refused."""
        return [one["message"] for one in self.ask("POST", self.session + "/se/log", {"type": "browser"})]

    def find(self, css):
        return self.ask("POST", self.session + "/element", {"using": "css selector", "value": css})[ELEMENT]

    def click(self, css):
        self.ask("POST", f"{self.session}/element/{self.find(css)}/click")

    def press(self, *keys):
        """Keys for what has the focus: a character or a name of KEYS; a tuple is held down together."""
        actions = []
        for key in keys:
            together = [KEYS.get(one, one) for one in (key if isinstance(key, tuple) else (key,))]
            actions += [{"type": "keyDown", "value": one} for one in together]
            actions += [{"type": "keyUp", "value": one} for one in reversed(together)]
        self.actions({"type": "key", "id": "keys", "actions": actions})

    def hover(self, x, y):
        self.pointer({"type": "pointerMove", "x": int(x), "y": int(y)})

    def click_at(self, x, y):
        self.pointer({"type": "pointerMove", "x": int(x), "y": int(y)}, {"type": "pointerDown", "button": 0},
                     {"type": "pointerUp", "button": 0})

    def drag(self, start, end):
        self.pointer({"type": "pointerMove", "x": int(start[0]), "y": int(start[1])}, {"type": "pointerDown", "button": 0},
                     {"type": "pointerMove", "x": int(end[0]), "y": int(end[1]), "duration": 100},
                     {"type": "pointerUp", "button": 0})

    def pointer(self, *actions):
        self.actions({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": list(actions)})

    def wheel(self, x, y, delta, held="Control"):
        """Turns the wheel with a key held down."""
        pause = {"type": "pause"}
        scroll = {"type": "scroll", "x": int(x), "y": int(y), "deltaX": 0, "deltaY": delta}
        keys = [{"type": "keyDown", "value": KEYS[held]}, pause, {"type": "keyUp", "value": KEYS[held]}]
        self.actions({"type": "key", "id": "keys", "actions": keys},
                     {"type": "wheel", "id": "wheel", "actions": [pause, scroll, pause]})

    def actions(self, *sources):
        self.ask("POST", self.session + "/actions", {"actions": list(sources)})

    def shot(self, path, css=None):
        """A picture of the window, or of an element."""
        where = f"{self.session}/element/{self.find(css)}/screenshot" if css else self.session + "/screenshot"
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.ask("GET", where)))


KEYS = {"Control": "\ue009", "Shift": "\ue008", "Escape": "\ue00c", "Enter": "\ue007", "Left": "\ue012", "Up": "\ue013",
        "Right": "\ue014", "Down": "\ue015", "Tab": "\ue004"}

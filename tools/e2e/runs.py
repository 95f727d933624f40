"""`fakeapi run` for the end-to-end tests: scenarios in which little happens, and runs of which nothing may be left."""
import os
import subprocess
import time
from pathlib import Path

from programs import BIN, PATIENCE, EndToEnd, clean_environment

DB = """\
version: 1
about: The database is up after a moment.
services:
  db: {ports: {tcp: 5432}, pods: 1}
timeline:
  - {at: 300ms, why: it is up, pods: {db-0: ready}}
heal: never
end: 30s
"""
# A step without a Pod needs no Pod network.
QUIET = """\
version: 1
about: Nothing listens.
timeline:
  - {at: 10ms, why: a thing is made, apply: {apiVersion: v1, kind: ConfigMap, metadata: {name: thing}}}
heal: never
end: 30s
"""
MARK = "FAKEAPI_TEST_MARK"
ASK = """\
ask() { curl -sS --noproxy '*' --cacert "$FAKEAPI_DIR/ca.crt" -H "Authorization: Bearer $(cat "$FAKEAPI_DIR/serviceaccount/token")" "$FAKEAPI_URL$@"; }
"""
SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"


def marked(mark):
    """The processes with this word in their environment: all that a run has started, whoever their parent is now."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
        except OSError:  # it has ended, or is another user's
            pass
    return found


def eventually(question, what):
    end = time.monotonic() + PATIENCE
    while not question():
        if time.monotonic() > end:
            raise AssertionError(f"not within {PATIENCE} s: {what}")
        time.sleep(0.02)


class Runs(EndToEnd):
    def setUp(self):
        super().setUp()
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()

    def scenario(self, text, expect="", name="it.yaml"):
        return self.write(name, text + (f"expect: {expect}\n" if expect else ""))

    def environment(self, **more):
        return clean_environment(**{"TMPDIR": str(self.temporary), "PATH": f"{BIN}:{os.environ['PATH']}", **more})

    def run_fakeapi(self, *arguments, before=(), **more):
        return subprocess.run([*before, str(BIN / "fakeapi"), "run", *map(str, arguments)], capture_output=True, text=True,
                              timeout=PATIENCE, stdin=subprocess.DEVNULL, cwd=self.folder, env=self.environment(**more))

    def judged(self, code, scenario, *command, flags=()):
        """A run that ends with this exit code; its own lines."""
        ended = self.run_fakeapi(*flags, scenario, "--", *command)
        self.assertEqual(ended.returncode, code, ended.stderr)
        self.assertEqual(list(self.temporary.iterdir()), [])
        self.output = ended.stdout
        return ended.stderr

    def shell(self, code, scenario, script, flags=()):
        return self.judged(code, scenario, "bash", "-euc", ASK + script, flags=flags)

    def start(self, scenario, *command, mark, flags=()):
        process = subprocess.Popen([str(BIN / "fakeapi"), "run", *flags, str(scenario), "--", *command], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder,
                                   env=self.environment(**{MARK: mark}))
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

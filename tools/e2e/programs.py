"""Real processes for the end-to-end tests: fakeapi with a scenario, and wait-for-endpoints against it.

The programs are found by WFE_BIN (a build's bin folder). Inside `fakeapi sandbox` Pod addresses are real; where no sandbox can
be made, Pods listen at loopback addresses and the test says so.
"""
import json
import os
import select
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(os.environ.get("WFE_BIN", ROOT / "build/release/bin")).resolve()
IN_SANDBOX = os.environ.get("WFE_SANDBOXED") == "1"
PATIENCE = 60  # seconds: not a measure, only an end for a test that hangs


def clean_environment(**more):
    """Nothing of a cluster that the machine may happen to be in."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("KUBE", "WFE_"))}
    return {**kept, **more}


class FakeApi:
    """`fakeapi serve` in the background; a context manager."""

    def __init__(self, scenario=None, *flags, folder):
        self.folder = Path(folder)
        command = [str(BIN / "fakeapi"), "serve", *([str(scenario)] if scenario else []), "--dir", str(folder), *flags]
        if not IN_SANDBOX and "--pods" not in " ".join(flags):
            command.append("--pods=loopback")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        env=clean_environment())
        line = self.process.stdout.readline()
        if not line:
            _, errors = self.process.communicate(timeout=PATIENCE)
            raise AssertionError(f"fakeapi did not start: {errors}")
        self.ready = json.loads(line)
        self.url, self.started = self.ready["url"], self.ready["started"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        _, self.errors = self.process.communicate(timeout=PATIENCE)
        if self.process.returncode != 0:
            raise AssertionError(f"fakeapi ended with {self.process.returncode}: {self.errors}")

    def now(self):
        """Seconds of the scenario."""
        return time.clock_gettime(time.CLOCK_MONOTONIC) - self.started

    def pod(self, **more):
        """The environment of a container in a Pod of this cluster."""
        host, port = self.url.removeprefix("https://").rsplit(":", 1)
        return clean_environment(KUBERNETES_SERVICE_HOST=host, KUBERNETES_SERVICE_PORT=port,
                                 WFE_SERVICEACCOUNT_DIR=str(self.folder / "serviceaccount"), **more)


class Waiter:
    """`wait-for-endpoints` in the background; its log lines are read as they come."""

    def __init__(self, *arguments, environment):
        self.process = subprocess.Popen([str(BIN / "wait-for-endpoints"), *arguments], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=environment)
        os.set_blocking(self.process.stderr.fileno(), False)
        self.log = ""

    def wait_for_line(self, words):
        """Reads on until a line holds `words`; fails when the program ends or goes on without it for too long."""
        end = time.monotonic() + PATIENCE
        while words not in self.log:
            if time.monotonic() > end:
                raise AssertionError(f"no line with {words!r} in:\n{self.log}")
            select.select([self.process.stderr], [], [], 1)
            piece = self.process.stderr.read()
            if piece == b"":
                raise AssertionError(f"it ended without a line with {words!r}:\n{self.log}")
            self.log += (piece or b"").decode()
        return self

    def finish(self):
        """Its exit code; everything that it said is in `log`, and what a command of it printed in `output`."""
        os.set_blocking(self.process.stderr.fileno(), True)
        output, rest = self.process.communicate(timeout=PATIENCE)
        self.output, self.log = output.decode(), self.log + rest.decode()
        return self.process.returncode


def run_waiter(*arguments, environment):
    waiter = Waiter(*arguments, environment=environment)
    return waiter.finish(), waiter.log


class EndToEnd(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="wfe-e2e-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def serve(self, scenario=None, *flags):
        return FakeApi(scenario, *flags, folder=self.folder / "api")

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

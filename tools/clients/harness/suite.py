"""A client in one version: how it is installed, and its checks."""
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from harness import program, survival
from harness.api import Server
from harness.machine import OUT, TOOLS


@dataclass(frozen=True)
class Check:
    name: str
    run: Callable  # of (server, folder); raises AssertionError or Skip


class Suite:
    """Each client's folder has a subclass of that name in suite.py."""

    def __init__(self, client, row):
        self.client, self.row, self.version = client, row, row["version"]
        self.source = TOOLS / client
        self.folder = OUT / client

    def install(self, log):
        """Leaves the client in `folder`. Raises Skip or InstallFailed."""
        raise NotImplementedError

    def checks(self):
        raise NotImplementedError


class ProgramSuite(Suite):
    """A client library: our program in its language, called as `PROGRAM check NAME` (exit code 0: passed) and as
    `PROGRAM watch MODE` (prints its cache until its input ends)."""

    names = []  # of the checks that the program has
    modes = {}  # mode -> what it is called in results

    def command(self, *arguments):
        raise NotImplementedError

    def environment(self, server, mode=None):
        return server.environment()

    def checks(self):
        yield from (Check(name, self._check(name)) for name in self.names)
        for mode, title in self.modes.items():
            yield from (Check(f"{title} {scenario}", self._survival(mode, scenario)) for scenario in survival.SCENARIOS)

    def _check(self, name):
        def run(server, _):
            code, output, errors = program.run(self.command("check", name), self.environment(server))
            assert code == 0, f"exit code {code}: {(errors.strip() or output.strip())[-1500:]}"
        return run

    def _survival(self, mode, scenario):
        def run(server, _):
            subject = survival.SliceWatcher(server, self.command("watch", mode), self.environment(server, mode))
            survival.survive(scenario, subject)
            self.check_mode(mode, subject.requests())
        return run

    def check_mode(self, mode, requests):
        """Raises when the client's requests are not of that mode: the check would prove something else."""


def lists_by_stream(requests):
    return any("sendInitialEvents=true" in one["target"] for one in requests)


def run_check(check):
    """In a folder and a cluster of its own."""
    with tempfile.TemporaryDirectory(prefix="fakeapi-client-") as folder, Server(Path(folder) / "cluster") as server:
        check.run(server, Path(folder))

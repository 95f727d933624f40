"""The Python client, in a virtual environment."""
import sys

from harness.example import example
from harness.machine import need
from harness.suite import ProgramSuite


class PythonSuite(ProgramSuite):
    names = ["list in pages", "create, replace, patch, delete", "workloads, scale and status", "server-side apply",
             "dynamic client", "watch and resume", "watch ends at its timeout", "watch from a version that is old",
             "token and roles", "leader election"]
    modes = {"watch": "Watch", "informer": "SharedInformer"}

    def install(self, log):
        need("python3")
        if not (self.folder / "bin/python").exists():
            log.run(sys.executable, "-m", "venv", self.folder)
        log.run(self.folder / "bin/pip", "install", "--requirement", self.source / "requirements.txt")

    def checks(self):
        yield from super().checks()
        yield example("python", self.folder / "bin/python", "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider")

    def command(self, *arguments):
        return [self.folder / "bin/python", "-B", self.source / "client.py", *arguments]

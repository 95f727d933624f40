"""The example of a test in a client's language (examples/), run as its reader would run it."""
import sys

from harness import program
from harness.machine import ROOT
from harness.suite import Check

sys.path.insert(0, str(ROOT / "tools/e2e"))
from programs import BIN, clean_environment  # noqa: E402


def example(folder, *command, **environment):
    def run(_server, _folder):
        code, output, errors = program.run(command, {**clean_environment(), "FAKEAPI": str(BIN / "fakeapi"), **environment},
                                           cwd=ROOT / "examples" / folder)
        assert code == 0, f"exit code {code}: {(output + errors)[-1500:]}"
    return Check(f"the tests of examples/{folder}", run)

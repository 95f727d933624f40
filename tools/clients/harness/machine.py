"""Where things are, and how a client is installed: commands whose output goes to a log, and a reason to skip."""
import fcntl
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

TOOLS = Path(__file__).resolve().parent.parent
ROOT = TOOLS.parent.parent
OUT = ROOT / "build/clients"
INSTALL_PATIENCE = 900  # seconds for one command: a cold compile of Go or Rust on a loaded machine takes some minutes


class Skip(Exception):
    """The client cannot be tested here, or the check is not for this version; the text says why."""


class InstallFailed(Exception):
    """The text is the end of the log."""


class Log:
    """Output of the commands that install one client."""

    def __init__(self, path):
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text("")

    def run(self, *command, cwd=None, env=None):
        """Runs it to its end; raises InstallFailed with the log's end when it fails."""
        with self.path.open("a") as log:
            log.write(f"$ {' '.join(map(str, command))}\n")
            log.flush()
            try:
                code = subprocess.run(list(map(str, command)), cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=log,
                                      stderr=subprocess.STDOUT, timeout=INSTALL_PATIENCE).returncode
            except subprocess.TimeoutExpired:
                code = f"no exit code: it was ended after {INSTALL_PATIENCE} s"
        if code != 0:
            raise InstallFailed(f"{command[0]} ended with {code}; the end of {self.path}:\n{self.end()}")

    def end(self, lines=30):
        return "\n".join(self.path.read_text(errors="replace").splitlines()[-lines:])


def need(*programs):
    """Skips where one of the programs is not on the machine."""
    for program in programs:
        if shutil.which(program) is None:
            raise Skip(f"there is no {program} on this machine")


@contextmanager
def only_one(name):
    """What is shared by clients that are installed at the same time (a package list, an npm folder)."""
    OUT.mkdir(parents=True, exist_ok=True)
    with (OUT / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

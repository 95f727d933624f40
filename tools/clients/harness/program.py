"""A client as a process: run to its end, or in the background with what it prints read line by line."""
import json
import subprocess
import threading

from harness.api import PATIENCE, eventually


def run(command, env, patience=PATIENCE, stdin=None, cwd=None):
    """(exit code, output, errors); a program that hangs is ended and fails the check."""
    process = subprocess.Popen(list(map(str, command)), env=env, cwd=cwd, text=True, errors="replace",
                               stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        output, errors = process.communicate(stdin, timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
        raise AssertionError(f"it hung for {patience} s; it said: {output[-500:]} {errors[-500:]}") from None
    return process.returncode, output, errors


class Program:
    """A client in the background; a context manager. Its lines are kept in `lines` and `errors`."""

    def __init__(self, command, env, cwd=None):
        self.process = subprocess.Popen(list(map(str, command)), env=env, cwd=cwd, text=True, errors="replace",
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.lines, self.errors = [], []
        self._readers = [threading.Thread(target=self._read, args=pair, daemon=True)
                         for pair in ((self.process.stdout, self.lines), (self.process.stderr, self.errors))]
        for reader in self._readers:
            reader.start()

    @staticmethod
    def _read(pipe, into):
        for line in pipe:
            into.append(line.rstrip("\n"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                pipe.close()
            except BrokenPipeError:
                pass

    def said(self):
        return f"it said: {' | '.join(self.lines[-5:])[-800:]} errors: {' | '.join(self.errors[-5:])[-800:]}"

    def alive(self):
        """Raises when the program has ended: no check restarts one."""
        if self.process.poll() is not None:
            for reader in self._readers:
                reader.join()
            raise AssertionError(f"the client ended with {self.process.returncode}; {self.said()}")

    def wait_for_line(self, wanted, start=0):
        """The first line from number `start` on that `wanted` is true of (or that holds that text)."""
        test = wanted if callable(wanted) else lambda line: wanted in line
        return eventually(lambda: f"no line with {wanted}; {self.said()}",
                          lambda: next((line for line in self.lines[start:] if test(line)), None), alive=self.alive)

    def end(self, patience=PATIENCE):
        """Closes its input and returns its exit code."""
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        return self.finish(patience)

    def finish(self, patience=PATIENCE):
        """Its exit code."""
        try:
            code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it did not end within {patience} s; {self.said()}") from None
        for reader in self._readers:
            reader.join()
        return code

    def view(self):
        """What the last line with a view says that the client's cache holds."""
        for line in reversed(self.lines):
            if line.startswith('{"view":'):
                return json.loads(line)["view"]
        return None

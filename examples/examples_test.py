"""The examples as their readers run them, and docs/testing-your-program.md, which shows pieces of them."""
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
BIN = Path(os.environ.get("WFE_BIN", ROOT / "build/release/bin")).resolve()
PAGE = ROOT / "docs/testing-your-program.md"
PATIENCE = 120  # seconds: only an end for what hangs


def environment(**more):
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("KUBE", "WFE_"))}
    return {**kept, "PATH": f"{BIN}:{os.environ['PATH']}", **more}


def run(*command, cwd, **more):
    return subprocess.run([str(word) for word in command], cwd=cwd, env=environment(**more), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=PATIENCE)


def without_comments(text):
    return "\n".join(line.rstrip() for line in text.splitlines() if not line.startswith("#"))


class Shell(unittest.TestCase):
    def script(self, code, *words):
        ended = run(*words, cwd=FOLDER / "shell")
        self.assertEqual(ended.returncode, code, ended.stderr)
        return ended.stdout + ended.stderr

    def test_a_client_that_watches_passes(self):
        self.assertIn("PASSED restart", self.script(0, "./run.sh"))

    def test_a_client_that_polls_fails_and_is_told_why(self):
        said = self.script(1, "./run.sh", "./polling-client.sh")
        for rule in ("at most 3 requests", "no retry-after-ignored", "no connection-per-poll"):
            self.assertIn(f"NOT MET  {rule}", said)

    def test_a_server_and_curl(self):
        self.assertIn("the client waited", self.script(0, "./serve.sh"))


class Python(unittest.TestCase):
    @unittest.skipIf(importlib.util.find_spec("pytest") is None, "no pytest here: ./dev clients python has one")
    def test_pytest(self):
        ended = run(sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=FOLDER / "python")
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assertRegex(ended.stdout, r"\d+ passed")


class Action(unittest.TestCase):
    TEXT = (FOLDER / "github-action/action.yml").read_text()

    def play(self, scenarios, command, flags=""):
        """The step's script, as a runner gives it to bash."""
        (script,) = re.findall(r"      run: \|\n((?:        .*\n)+)", self.TEXT)
        script = re.sub(r"(?m)^        ", "", script)
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        folder = Path(temporary.name)
        for name in ("one file.yaml", "two.yaml"):
            shutil.copy(FOLDER / "shell/restart.yaml", folder / name)
        shutil.copy(FOLDER / "shell/watching-client.sh", folder)
        ended = run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script, cwd=folder, SCENARIOS=scenarios, COMMAND=command,
                    REPORT="out", FLAGS=flags)
        return ended, sorted(file.name for file in (folder / "out").iterdir())

    def test_it_plays_all_scenarios_and_keeps_a_report(self):
        ended, files = self.play("one file.yaml\ntwo.yaml\n", "./watching-client.sh", "--quiet --pods=loopback")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("2 of 2 runs passed", ended.stderr)
        self.assertEqual({"junit.xml", "one file.html", "two.jsonl"} - set(files), set())

    def test_it_fails_with_the_verdict(self):
        ended, files = self.play("two.yaml", "false", "--quiet --pods=loopback")
        self.assertEqual(ended.returncode, 1, ended.stderr)
        self.assertIn("junit.xml", files)

    def test_inputs_are_never_a_part_of_the_script(self):
        script = self.TEXT[self.TEXT.index("      run: |"):self.TEXT.index("    - name: Keep the report")]
        self.assertNotIn("${{", script)


class Page(unittest.TestCase):
    TEXT = PAGE.read_text()

    def test_what_it_shows_is_what_is_there(self):
        """A snippet under "`examples/FILE`:" is that file, or a piece of it, without comments that are whole lines."""
        shown = re.findall(r"`(examples/[\w./-]+)`:\n\n```\w+\n(.*?)```", self.TEXT, re.DOTALL)
        self.assertGreaterEqual(len(shown), 5)
        for name, text in shown:
            self.assertIn(without_comments(text).strip(), without_comments((ROOT / name).read_text()), name)

    def test_every_other_snippet_is_known(self):
        """Those in sh are run by the next test; Java and the use of the action are documentation."""
        others = re.sub(r"`(examples/[\w./-]+)`:\n\n```\w+\n.*?```", "", self.TEXT, flags=re.DOTALL)
        self.assertEqual(sorted(re.findall(r"(?m)^```(\w+)$", others)), ["java", "sh", "text", "yaml"])

    def test_the_three_minutes(self):
        (script,) = re.findall(r"```sh\n(.*?)```", self.TEXT, re.DOTALL)
        lines = [line for line in script.splitlines() if not line.startswith(("./dev", "export PATH"))]
        ended = run("bash", "-uc", "\n".join(lines), cwd=ROOT)
        (told,) = re.findall(r"```text\n(.*?)```", self.TEXT, re.DOTALL)
        wanted, said = ([re.sub(r"(at|were) [\d.]+", r"\1 N", line) for line in text.splitlines()] for text in (told, ended.stderr))
        for line in wanted:
            self.assertIn(line, said)
        self.assertIn("PASSED restart", ended.stderr)


if __name__ == "__main__":
    unittest.main()

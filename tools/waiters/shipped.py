"""The scenarios that are shipped, each with the command lines of its waiters, and one run of one of them.

A scenario says in comments of one line each what is not of its world:
    # waiter: --stable-for=2s mysql     the arguments of wait-for-endpoints; `--verify=tcp mysql` where nothing is said
    # starts: 3.2s                      the waiter's Pod starts so late, on the real clock
"""
import os
import re
import shlex
import subprocess
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "scenarios"
RECIPE = ROOT / "tools/waiters/recipe.sh"
KUBECTL_TIMEOUT = 15  # seconds; a wait that has not ended by then will not be in time in any scenario but half-open-watch


def remark(text, name):
    found = re.findall(rf"^# {name}: (.+)$", text, re.MULTILINE)
    if len(found) > 1:
        raise ValueError(f"more than one line \"# {name}: ...\"")
    return found[0].strip() if found else None


class Scenario:
    def __init__(self, path):
        self.path, self.name = path, path.stem
        text = path.read_text(encoding="utf-8")
        self.about = re.search(r"^about: (.+)$", text, re.MULTILINE).group(1)
        self.expects = "\nexpect:\n" in text
        self.arguments = shlex.split(remark(text, "waiter") or "--verify=tcp mysql")
        starts = remark(text, "starts")
        self.starts = float(re.fullmatch(r"([0-9.]+)s", starts).group(1)) if starts else 0.0

    def first_dependency(self):
        """Namespace and Service of the first one that is waited for; the other waiters know only one."""
        words = self.arguments[:self.arguments.index("--")] if "--" in self.arguments else self.arguments
        words = [word for word in words if not word.startswith("-") and word not in ("exec", "check", "guard", "wait")]
        namespace, _, service = words[0].rpartition("/")
        return namespace or "default", re.split("[:@]", service)[0]

    def command(self, waiter, programs):
        """The command line of a waiter, started when its Pod would be."""
        namespace, service = self.first_dependency()
        if waiter == "wait-for-endpoints":
            command = [str(programs / "wait-for-endpoints"), *self.arguments]
        elif waiter == "recipe":
            command = ["env", f"NAMESPACE={namespace}", f"SERVICE={service}", "sh", str(RECIPE)]
        elif waiter == "kubectl":
            # Without KUBECONFIG it takes the Pod's own access, and so sees new tokens.
            command = ["env", "-u", "KUBECONFIG", "kubectl", "wait", "--for=condition=Ready", "pod", "-l", f"app={service}",
                       "-n", namespace, f"--timeout={KUBECTL_TIMEOUT}s"]
        else:
            raise ValueError(waiter)
        return ["sh", "-c", 'sleep "$0"; exec "$@"', str(self.starts), *command] if self.starts else command


def all_scenarios():
    return [Scenario(path) for path in sorted(FOLDER.glob("*.yaml"))]


def can_sandbox(programs):
    """Whether each run can have a network of its own; without one two runs at once would share their Pods' addresses."""
    return subprocess.run([str(programs / "fakeapi"), "sandbox", "--", "true"], capture_output=True).returncode == 0


def run(scenario, waiter, programs, patience=180):
    """What came of it: {"passed", "seconds" of real time, "cases": [{"name", "failure" or None}], "error" that it told, "log"}."""
    with tempfile.TemporaryDirectory(prefix="wfe-waiters-") as folder:
        junit = Path(folder) / "junit.xml"
        command = [str(programs / "fakeapi"), "run", "--junit", str(junit), str(scenario.path), "--",
                   *scenario.command(waiter, programs)]
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("KUBE", "WFE_"))}
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                              timeout=patience, cwd=folder, env={**clean, "HOME": folder})
        log = done.stdout.decode(errors="replace")
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{scenario.name} with {waiter}: fakeapi run exited {done.returncode}:\n{log}")
        suite = xml.parse(junit).getroot().find("testsuite")
        cases = []
        for case in suite.iter("testcase"):
            failure = case.find("failure")
            cases.append({"name": case.get("name"), "failure": None if failure is None else failure.get("message")})
        errors = re.findall(r"^(?:error: |Error from server|Unable to connect|The connection to the server)(.+)$", log, re.MULTILINE)
        return {"error": errors[-1] if errors else None, "passed": done.returncode == 0, "seconds": round(float(suite.get("time")), 1), "cases": cases, "log": log}

#!/usr/bin/env python3
"""The main job, shown: a full-cluster restart against three waiters, and a dependency that goes away after the start.

    demo.py --bin build/release/bin --out build/demo [--colour auto|always|never]

Each part starts `fakeapi` with a scenario and, against the same server, three subjects: the 2017 recipe (a shell loop with curl
and jq), wait-for-endpoints without verification (in the second part: as the container's own command, by `exec`), and
wait-for-endpoints --verify=tcp. What each of them says becomes events of the one log that fakeapi writes, and `fakeapi report` draws it. Everything runs in a network of its own, so that Pod addresses
are real and a stale one is refused. Only Python's standard library is used.
"""
import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The 2017 recipe (the full story: README): ask the Endpoints API once a second, stop when there is an address.
RECIPE = ROOT / "tools/waiters/recipe.sh"

EXEC = "wait-for-endpoints exec"
FLAGS = ["--log-format=json", "--heartbeat=0"]

RECIPE_ALONE = {"curl + jq loop (2017)": None}
VERIFYING = {"wait-for-endpoints --verify=tcp": ["--verify=tcp", "mysql"]}

PARTS = [
    {
        "name": "full-cluster-restart",
        "title": "Full-cluster restart: every node reboots",
        "mechanism": "a reboot makes a new sandbox: init containers DO run again, and meet addresses in the API that are "
                     "stale. (A restart of a container inside its living Pod is the other mechanism: see the second picture.)",
        "subjects": {**RECIPE_ALONE, "wait-for-endpoints": ["mysql"], **VERIFYING},
        "subjects_start": 3.2,
        "end": 16.5,
    },
    {
        "name": "dependency-lost-after-start",
        "title": "Only the app's container restarts, without its dependency",
        "mechanism": "a container that restarts inside its living Pod does NOT run init containers again: whatever they "
                     "waited for, nothing gates this start, unless the container's own command does (exec). (New sandboxes "
                     "after a reboot are the other mechanism: see the first picture.)",
        "subjects": {**RECIPE_ALONE, **VERIFYING, EXEC: ["exec", "--verify=tcp", "mysql", "--", "sleep", "60"]},
        "subjects_start": 0.5,
        "restart": 7.0,
        "end": 12.0,
    },
]


class EventLog:
    """Appends events to the log that fakeapi writes as well; one write for a line keeps them whole."""

    def __init__(self, path, started):
        self.file = open(path, "ab", buffering=0)
        self.started = started

    def now(self):
        return time.clock_gettime(time.CLOCK_MONOTONIC) - self.started

    def write(self, lane, what, why, at=None):
        event = {"at": round(self.now() if at is None else at, 3), "lane": lane, "what": what, "why": why}
        self.file.write((json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n").encode())


def belief_of(line):
    """What a line of a subject says about readiness: (what, why), or nothing."""
    if line.startswith("{"):
        entry = json.loads(line)
        if entry["event"] == "dependency":
            what = "believes ready" if entry["met"] else "believes not-ready"
            return what, entry["message"].split(": ", 1)[1].removeprefix("ready: ")
        if entry["event"] == "trouble":
            return "believes not-ready", entry["message"].split(". ")[0]
        return None
    what, _, why = line.partition(": ")
    return (what, why) if what.startswith("believes") else None


def follow(log, name, process):
    """Turns the lines of a subject into events, and its end into the start of its workload."""
    lane, last = "subject/" + name, ("", "its init container has completed")
    for raw in process.stdout:
        line = raw.decode(errors="replace").strip()
        said = belief_of(line)
        if said and said != last:
            log.write(lane, *said)
        last = said or last
        if name == EXEC and line.startswith("{") and json.loads(line)["event"] == "ready":
            log.write(lane, "starts workload", last[1])
    code = process.wait()
    if name == EXEC:
        return code
    if code == 0:
        log.write(lane, "starts workload", last[1])
    elif code != -signal.SIGTERM and code != 128 + signal.SIGTERM:
        log.write(lane, f"exited {code}", "it ended without letting the workload start")
    return code


class Part:
    def __init__(self, part, programs, out):
        self.part, self.programs, self.out = part, programs, out
        self.processes, self.threads = [], []

    def run(self):
        events = self.out / f"{self.part['name']}.jsonl"
        with tempfile.TemporaryDirectory(prefix="wfe-demo-") as folder:
            try:
                self.play(Path(folder), events)
            finally:
                self.stop()
        return events

    def play(self, folder, events):
        scenario = ROOT / "scenarios" / f"{self.part['name']}.yaml"
        pods = "real" if "WFE_DEMO_SANDBOXED" in os.environ else "loopback"
        server = self.start([self.programs / "fakeapi", "serve", scenario, "--dir", folder / "api", "--events", events,
                             "--pods", pods], stdout=subprocess.PIPE)
        line = server.stdout.readline()
        if not line:
            sys.exit("demo: fakeapi did not start (its message stands above)")
        ready = json.loads(line)
        log = EventLog(events, ready["started"])
        log.write("", "title", self.part["title"], 0)
        log.write("", "mechanism", self.part["mechanism"], 0)
        log.write("", "end", "", self.part["end"])
        self.sleep_until(log, self.part["subjects_start"])
        account = folder / "api" / "serviceaccount"
        subjects = self.part["subjects"]
        running = {name: self.start_subject(log, name, arguments, ready["url"], account) for name, arguments in subjects.items()}
        if "restart" in self.part:
            self.sleep_until(log, self.part["restart"])
            for name, arguments in subjects.items():
                if name == EXEC:
                    running[name].terminate()
                    self.start_subject(log, name, arguments, ready["url"], account)
                else:
                    log.write("subject/" + name, "workload restarted",
                              "init containers do not run again in a living Pod")
        self.sleep_until(log, self.part["end"])

    def start(self, command, **options):
        process = subprocess.Popen([str(word) for word in command], **options)
        self.processes.append(process)
        return process

    def start_subject(self, log, name, arguments, url, account):
        host, port = url.removeprefix("https://").rsplit(":", 1)
        environment = dict(os.environ, KUBERNETES_SERVICE_HOST=host, KUBERNETES_SERVICE_PORT=port, API=url, SA=str(account))
        command = ["sh", RECIPE] if arguments is None else [
            self.programs / "wait-for-endpoints", *FLAGS, "--serviceaccount-dir", account, *arguments]
        log.write("subject/" + name, "started",
                  "its container starts" if name == EXEC else "its Pod starts: the init container runs")
        process = self.start(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        thread = threading.Thread(target=follow, args=(log, name, process))
        thread.start()
        self.threads.append(thread)
        return process

    @staticmethod
    def sleep_until(log, at):
        time.sleep(max(0, at - log.now()))

    def stop(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        for thread in self.threads:
            thread.join(10)


def enter_sandbox(programs):
    """Runs this script once more inside the Pod network; where none can be made, says so and returns: loopback addresses do."""
    if "WFE_DEMO_SANDBOXED" in os.environ:
        return
    sandbox = [str(programs / "fakeapi"), "sandbox", "--"]
    tried = subprocess.run([*sandbox, "true"], capture_output=True, text=True)
    if tried.returncode == 0:
        os.environ["WFE_DEMO_SANDBOXED"] = "1"
        os.execv(sandbox[0], [*sandbox, sys.executable, __file__, *sys.argv[1:]])
    print(f"{tried.stderr.strip()}\nPods get loopback addresses (127.20.x.y) in place of 10.20.x.y.\n", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bin", type=Path, required=True, help="the folder of the programs")
    arguments.add_argument("--out", type=Path, required=True, help="where the event logs and SVGs go")
    arguments.add_argument("--colour", "--color", default="auto", choices=("auto", "always", "never"))
    options = arguments.parse_args()
    programs = options.bin.resolve()
    for program in ("fakeapi", "wait-for-endpoints"):
        if not (programs / program).exists():
            print(f"demo: there is no {program} in {programs}: run ./dev build", file=sys.stderr)
            return 2
    # However it ends, the programs that it started end with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    enter_sandbox(programs)
    options.out.mkdir(parents=True, exist_ok=True)
    for number, part in enumerate(PARTS, 1):
        print(f"Part {number} of {len(PARTS)}: {part['title']} ({part['end']:.0f} seconds) ...\n", flush=True)
        events = Part(part, programs, options.out).run()
        svg = options.out / f"{part['name']}.svg"
        subprocess.run([programs / "fakeapi", "report", events, "--svg", svg, "--colour", options.colour], check=True)
        print(f"\nThe same as a picture: {svg}\n", flush=True)


    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)

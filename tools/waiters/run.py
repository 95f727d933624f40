#!/usr/bin/env python3
"""Which waiter passes which shipped scenario: runs them all, several at once (they mostly wait), and writes build/waiters.json.

    run.py [SCENARIO...] [--jobs N]        WFE_BIN: the folder of the programs

The waiters: wait-for-endpoints, the curl and jq loop of 2017 (recipe.sh) and `kubectl wait` for the Pods. One whose programs are
missing is said and left out. The exit code is 1 where wait-for-endpoints does not pass.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import shipped

NEEDS = {"wait-for-endpoints": [], "recipe": ["curl", "jq"], "kubectl": ["kubectl"]}
OUT = shipped.ROOT / "build/waiters.json"


def versions():
    """What was compared with, for the page."""
    def first_line(*command):
        return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0]
    out = {}
    if shutil.which("kubectl"):
        shown = subprocess.run(["kubectl", "version", "--client", "-o", "json"], capture_output=True, text=True).stdout
        out["kubectl"] = json.loads(shown)["clientVersion"]["gitVersion"]
    if shutil.which("curl") and shutil.which("jq"):
        out["curl"], out["jq"] = first_line("curl", "--version").split()[1], first_line("jq", "--version")
    return out


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("scenarios", nargs="*", metavar="SCENARIO", help="names; none: all")
    arguments.add_argument("--jobs", type=int, default=8, help="how many at once")
    options = arguments.parse_args()
    programs = Path(os.environ.get("WFE_BIN", shipped.ROOT / "build/release/bin")).resolve()
    known = {scenario.name: scenario for scenario in shipped.all_scenarios()}
    unknown = [name for name in options.scenarios if name not in known]
    if unknown:
        arguments.error(f"there is no scenario {unknown[0]}")
    waiters = []
    for waiter, needed in NEEDS.items():
        missing = [program for program in needed if not shutil.which(program)]
        if missing:
            print(f"waiters: {waiter} is left out, as there is no {' and no '.join(missing)}", file=sys.stderr)
        else:
            waiters.append(waiter)
    work = [(known[name], waiter) for waiter in waiters for name in (options.scenarios or known)]

    def one(job):
        scenario, waiter = job
        result = shipped.run(scenario, waiter, programs)
        print(f"{'pass' if result['passed'] else 'FAIL'}  {waiter:18}  {scenario.name:32}  {result['seconds']:5.1f} s", flush=True)
        return result

    jobs = options.jobs if shipped.can_sandbox(programs) else 1
    with ThreadPoolExecutor(jobs) as pool:
        results = list(pool.map(one, work))
    table = {}
    for (scenario, waiter), result in zip(work, results):
        if waiter == "wait-for-endpoints" and not result["passed"]:
            print(result["log"], file=sys.stderr)
        kept = {key: result[key] for key in ("passed", "seconds", "error", "cases")}
        table.setdefault(scenario.name, {})[waiter] = kept
    for waiter in waiters:
        passed = [name for name in table if table[name][waiter]["passed"]]
        print(f"{waiter} passes {len(passed)} of {len(table)}")
    if options.scenarios and OUT.exists():  # a part of them replaces its own rows
        table = {**json.loads(OUT.read_text())["scenarios"], **table}
    if not options.scenarios or OUT.exists():
        OUT.parent.mkdir(exist_ok=True)
        OUT.write_text(json.dumps({"versions": versions(), "scenarios": table}, indent=1, ensure_ascii=False) + "\n")
    return 0 if all("wait-for-endpoints" not in row or row["wait-for-endpoints"]["passed"] for row in table.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

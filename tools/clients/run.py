#!/usr/bin/env python3
"""Real Kubernetes clients against fakeapi: installs each, runs its checks, prints one line for each of them.

A client that cannot be installed here is skipped with the reason. Each check has a cluster of its own.
"""
import argparse
import importlib
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from harness.machine import OUT, TOOLS, InstallFailed, Log, Skip  # noqa: E402
from harness.results import FAILED, PASSED, SKIPPED, Results  # noqa: E402
from harness.suite import run_check  # noqa: E402

CLIENTS_AT_ONCE = 2  # compilers use all cores by themselves; a check mostly waits


def suites(chosen):
    table = json.loads((TOOLS / "clients.json").read_text())
    for client, rows in table.items():
        if not chosen or client in chosen:
            module = importlib.import_module(f"{client}.suite")
            suite = getattr(module, f"{client.capitalize()}Suite")
            yield from (suite(client, row) for row in rows)


def install(suite, results):
    """Whether its checks can run; otherwise they are all told as skipped or failed."""
    began = time.monotonic()
    try:
        suite.install(Log(OUT / "logs" / f"{suite.client}-{suite.version}.log"))
    except Skip as reason:
        results.add(suite.client, suite.version, "install", SKIPPED, str(reason))
        return False
    except InstallFailed as failure:
        results.add(suite.client, suite.version, "install", FAILED, str(failure))
        return False
    results.add(suite.client, suite.version, "install", PASSED, f"({time.monotonic() - began:.0f} s)")
    return True


def check(suite, one, results):
    try:
        run_check(one)
        results.add(suite.client, suite.version, one.name, PASSED)
    except Skip as reason:
        results.add(suite.client, suite.version, one.name, SKIPPED, str(reason))
    except Exception as error:  # whatever goes wrong in one check, the others are run
        kind = "" if type(error) is AssertionError else f"{type(error).__name__}: "
        results.add(suite.client, suite.version, one.name, FAILED, f"{kind}{error}")


def run_suite(suite, results, wanted):
    if install(suite, results):
        for one in suite.checks():
            if wanted in one.name:
                check(suite, one, results)


def main():
    known = list(json.loads((TOOLS / "clients.json").read_text()))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clients", nargs="*", metavar="CLIENT", choices=[[], *known], help=f"of {', '.join(known)}; none: all")
    parser.add_argument("--check", default="", metavar="TEXT", help="only checks whose name holds this")
    arguments = parser.parse_args()
    results = Results()
    with ThreadPoolExecutor(CLIENTS_AT_ONCE) as pool:
        list(pool.map(lambda suite: run_suite(suite, results, arguments.check), suites(arguments.clients)))
    if not arguments.check:
        results.write(OUT / "results.json", arguments.clients or known)
    for row in results.rows:
        if row["result"] == FAILED:
            print(f"FAILED: {row['client']} {row['version']}: {row['check']}", file=sys.stderr)
    print(results.closing_line(), flush=True)
    return 1 if results.count(FAILED) else 0


if __name__ == "__main__":
    sys.exit(main())

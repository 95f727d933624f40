#!/usr/bin/env python3
"""Real Kubernetes clients against fakeapi: installs each, runs its checks, prints one line for each of them.

A client that cannot be installed here is skipped with the reason. Each check has a cluster of its own. `browser` is no client of the
API: it stands for fakeapi's pages in Chromium (tools/browser), which are tested after the clients.
"""
import argparse
import importlib
import json
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from harness.machine import OUT, ROOT, TOOLS, InstallFailed, Log, Skip  # noqa: E402
from harness.results import FAILED, PASSED, SKIPPED, Results  # noqa: E402
from harness.suite import run_check  # noqa: E402

BROWSER = "browser"
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


def run_browser(results, wanted):
    missing = [program for program in ("chromium", "chromedriver") if shutil.which(program) is None]
    for test in sorted((ROOT / "tools/browser").glob("*_test.py")):
        name = test.stem.removesuffix("_test").replace("_", " ")
        if wanted not in name:
            continue
        if missing:
            results.add(BROWSER, "chromium", name, SKIPPED, f"there is no {missing[0]} on this machine: ./dev clients browser installs it")
            continue
        log = Log(OUT / "logs" / f"browser-{test.stem}.log")
        try:
            log.run(sys.executable, "-B", test)
            results.add(BROWSER, "chromium", name, PASSED)
        except InstallFailed as failure:
            results.add(BROWSER, "chromium", name, FAILED, str(failure))


def main():
    clients = list(json.loads((TOOLS / "clients.json").read_text()))
    known = [*clients, BROWSER]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clients", nargs="*", metavar="CLIENT", choices=[[], *known], help=f"of {', '.join(known)}; none: all")
    parser.add_argument("--check", default="", metavar="TEXT", help="only checks whose name holds this")
    arguments = parser.parse_args()
    results = Results()
    chosen = arguments.clients or known
    if chosen != [BROWSER]:
        with ThreadPoolExecutor(CLIENTS_AT_ONCE) as pool:
            list(pool.map(lambda suite: run_suite(suite, results, arguments.check), suites(chosen)))
    if BROWSER in chosen:
        run_browser(results, arguments.check)
    if not arguments.check:
        results.write(OUT / "results.json", chosen)
    for row in results.rows:
        if row["result"] == FAILED:
            print(f"FAILED: {row['client']} {row['version']}: {row['check']}", file=sys.stderr)
    print(results.closing_line(), flush=True)
    return 1 if results.count(FAILED) else 0


if __name__ == "__main__":
    sys.exit(main())

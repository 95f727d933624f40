#!/usr/bin/env python3
"""docs/clients.md from results.json: which client in which version passes what.

It also holds the page in docs/ against its own shape, against the table of versions and against the checks that there are
(page_test.py), so that a page of yesterday's tests is found.
"""
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from harness.machine import OUT, ROOT, TOOLS  # noqa: E402
from harness.results import FAILED, PASSED, SKIPPED  # noqa: E402
from run import suites  # noqa: E402

PAGE = ROOT / "docs/clients.md"
WORDS = {PASSED: "yes", FAILED: "**no**", SKIPPED: "-"}
TITLES = {"kubectl": "kubectl (and helm)", "go": "Go: client-go", "java": "Java: fabric8", "rust": "Rust: kube-rs",
          "python": "Python: kubernetes", "javascript": "JavaScript: @kubernetes/client-node"}

HEAD = """# Clients

What real clients were seen to do against `fakeapi`. `./dev clients` installs them and runs these checks, each with a cluster of its
own; `./dev docs` writes this page from its results. `yes` passed, `-` was skipped for the reason below the table.

"Survives" means: while the client runs, connections break three times, the history that it would resume from is forgotten (410), lists
and watches are refused (429 with Retry-After), and a watch is cut in the middle of an event, of a chunk and of a character; objects come,
change and go while the client cannot see it. At the end, in the same process and without help, its view equals the server's state.
"""

TAIL = """
## Known to differ from a real API server

- Clients speak HTTP/1.1: `fakeapi` does not offer HTTP/2. Go's HTTP/2 sends pings and finds a dead connection within 45 s; over HTTP/1.1 it
  does not, so a watch that stalls lasts until its timeout of 5 to 10 minutes.
- `kubectl explain` shows types and fields without their descriptions: the recorded OpenAPI documents have none.
"""


def section(client, rows):
    """A table with one line for each check and one column for each version, and why something was skipped."""
    versions = list(dict.fromkeys(row["version"] for row in rows))
    checks = list(dict.fromkeys(row["check"] for row in rows))
    cells = {(row["check"], row["version"]): WORDS[row["result"]] for row in rows}
    lines = ["", f"## {TITLES[client]}", "", f"| check | {' | '.join(versions)} |", "|---|" + "---|" * len(versions)]
    for check in checks:
        lines.append(f"| {check} | {' | '.join(cells.get((check, version), '-') for version in versions)} |")
    why = [f"- {row['version']}, {row['check']}: {row['why']}" for row in rows if row["result"] == SKIPPED]
    return lines + ([""] + why if why else [])


def render(rows):
    lines = []
    for client in TITLES:
        of_client = [row for row in rows if row["client"] == client]
        if of_client:
            lines += section(client, of_client)
    return HEAD + "\n".join(lines) + "\n" + TAIL


def in_order(rows):
    """Suites run side by side; the page has its own order: that of the tables of clients and checks."""
    known = [(suite.client, suite.version, name) for suite in suites([]) for name in names(suite)]
    place = {key: number for number, key in enumerate(known)}
    return sorted(rows, key=lambda row: place.get((row["client"], row["version"], row["check"]), len(place)))


def names(suite):
    return ["install", *(check.name for check in suite.checks())]


def parse(text):
    """The rows that the page was made of; what passed or failed has no reason on it."""
    client, versions, rows = None, [], []
    titles = {title: client for client, title in TITLES.items()}
    for line in text.splitlines():
        if line.startswith("## "):
            client = titles.get(line[3:])
        elif client and line.startswith("| check |"):
            versions = [cell.strip() for cell in line.strip("|").split("|")][1:]
        elif client and line.startswith("| "):
            check, *cells = [cell.strip() for cell in line.strip("|").split("|")]
            results = {word: result for result, word in WORDS.items()}
            rows += [{"client": client, "version": version, "check": check, "result": results[cell], "why": ""}
                     for version, cell in zip(versions, cells)]
        elif client and (found := re.match(r"- ([^,]+), (.*)$", line)):
            for row in rows:
                prefix = f"{row['check']}: "
                if (row["client"], row["version"], row["result"]) == (client, found[1], SKIPPED) and found[2].startswith(prefix):
                    row["why"] = found[2][len(prefix):]
    return rows


def wrong_with(text):
    """Why it is not the page of these versions and checks, or nothing."""
    rows = parse(text)
    table = json.loads((TOOLS / "clients.json").read_text())
    for client, wanted in table.items():
        versions = list(dict.fromkeys(row["version"] for row in rows if row["client"] == client))
        if versions != [one["version"] for one in wanted]:
            return f"it is about {client} {versions}, tools/clients/clients.json about {wanted}"
    for suite in suites([]):
        told = [row["check"] for row in rows if (row["client"], row["version"]) == (suite.client, suite.version)]
        if told != names(suite):
            return f"of {suite.client} {suite.version} it tells other checks than there are: {sorted(set(told) ^ set(names(suite)))}"
    if render(in_order(rows)) != text:
        return "it has not the shape that tools/clients/page.py gives it"
    return None


if __name__ == "__main__":
    PAGE.write_text(render(in_order(json.loads((OUT / "results.json").read_text()))))

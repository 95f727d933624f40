#!/usr/bin/env python3
"""Writes docs/waiters.md from build/waiters.json, which ./dev waiters has measured.

Of an expectation that was not met the page has half a sentence. What counts first is how a wait ended: too early, too late, never,
or with an error. A waiter that ends in time and breaks a rule for clients is "in time, but ...".
"""
import json
import re
import sys
from pathlib import Path

import shipped

RESULTS = shipped.ROOT / "build/waiters.json"
PAGE = shipped.ROOT / "docs/waiters.md"
OUTCOME = ("exit ", "between ", "not before ", "says ")
NAMES = {"wait-for-endpoints": "wait-for-endpoints", "recipe": "curl and jq (2017)", "kubectl": "kubectl wait"}
RULES = {"retry-after-ignored": "ignores Retry-After", "connection-per-poll": "opens a connection for each poll",
         "equal-pauses": "polls in equal pauses", "relist-storm": "lists in a storm",
         "watch-without-timeout": "watches without a timeout", "decision-on-cached-read": "decides on a cached read",
         "expired-token-used-again": "uses an expired token again"}

# What kubectl tells -> in short.
ERRORS = {"no matching resources": "there are no Pods yet", "refused": "connection refused", "certificate": "the certificate is not valid",
          "forbidden": "403", "must be logged in": "401", "unable to handle the request": "503",
          "unexpected EOF": "the answer was cut", "unexpected end of JSON": "the answer was cut"}


def ended(reason):
    """(exit code, seconds) as the verdict has them; (None, seconds) where it did not end."""
    exited = re.search(r"it exited (\d+) at ([\d.]+) s", reason)
    if exited:
        return int(exited[1]), float(exited[2])
    still = re.search(r"it still ran at ([\d.]+) s", reason)
    return (None, float(still[1])) if still else (None, 0.0)


def seconds_of(text):
    """A bound of a window: 13s, 10900ms, 1m0s."""
    total = 0.0
    for number, unit in re.findall(r"([\d.]+)(ms|s|m)", text):
        total += float(number) * {"ms": 0.001, "s": 1, "m": 60}[unit]
    return total


def error_in_short(error):
    """Its first words, as the last ones are addresses and times."""
    if not error:
        return ""
    for words, short in ERRORS.items():
        if words in error:
            return f": {short}"
    return ": " + error[:50].replace("|", "/")


def outcome(cases, error=None):
    """What went wrong with how it ended, or nothing."""
    failed = {case["name"]: case["failure"] for case in cases if case["failure"] and case["name"].startswith(OUTCOME)}
    if not failed:
        return None
    for name, reason in failed.items():
        if "it still ran" in reason:
            return "never ends"
    lies = [reason for name, reason in failed.items() if name.startswith("not before ")]
    if lies:
        code, at = ended(lies[0])
        listened = re.search(r"when (\d+) of (\S+) listened", lies[0])
        how_many = {"0": "nothing of {} listens", "1": "only 1 of {} listens"}.get(listened[1], f"only {listened[1]} of {{}} listen")
        return f"too early, at {at:.1f} s: {how_many.format(listened[2])}"
    for name, reason in failed.items():
        code, at = ended(reason)
        if name.startswith("exit "):
            if code == 0:
                return f"done at {at:.1f} s, and sees nothing of what comes"
            if error and "timed out" in error:
                return f"gives up at {at:.1f} s"
            return f"ends with {code} at {at:.1f} s{error_in_short(error)}"
        if name.startswith("between "):
            early = at < seconds_of(name.removeprefix("between ").split("..")[0])
            return f"too early, at {at:.1f} s" if early else f"late, at {at:.1f} s"
    return "does not say what is wrong"


def habit(cases):
    """The first rule that was broken by one that ended well."""
    for case in cases:
        if not case["failure"]:
            continue
        rule = case["name"].removeprefix("no ")
        if rule in RULES:
            return RULES[rule]
        if case["name"].startswith("at most "):
            return f"more than {case['name'].removeprefix('at most ')}"
        return "does not watch"
    return None


def cell(result):
    if result["passed"]:
        return "pass"
    wrong = outcome(result["cases"], result.get("error"))
    return wrong if wrong else f"in time, but {habit(result['cases'])}"


def render(results):
    table, versions = results["scenarios"], results["versions"]
    waiters = [waiter for waiter in NAMES if any(waiter in row for row in table.values())]
    lines = [
        "# Which waiters pass which scenarios", "",
        "Each of `scenarios/` was run against each waiter by `fakeapi run`, over HTTPS and with real Pod addresses. `./dev waiters` runs",
        "them anew, `./dev docs` writes this page. That wait-for-endpoints passes all is a test (`ctest -R e2e.scenarios`).", "",
        "- **wait-for-endpoints** gets the arguments of the comment `# waiter:` in the file, `--verify=tcp mysql` where there is none.",
        f"- **curl and jq (2017)** is `tools/waiters/recipe.sh`: a loop on the Endpoints of one Service, once a second (curl {versions.get('curl', '?')}, "
        f"{versions.get('jq', 'jq')}).",
        f"- **kubectl wait** is `kubectl wait --for=condition=Ready pod -l app=SERVICE --timeout={shipped.KUBECTL_TIMEOUT}s` with the Pod's own access (kubectl {versions.get('kubectl', '?')}).", "",
        "The other two know one Service, one Pod of it that is enough (curl and jq) or all of them (kubectl), and no time of stability; where a",
        "scenario asks for more, that is what they lack. *In time, but* is a wait that ended when it should and was a bad client meanwhile.",
        "What each scenario shows stands in the comment of its file, and in a line by `fakeapi scenarios`.", "",
        "| scenario | " + " | ".join(NAMES[waiter] for waiter in waiters) + " |",
        "|---|" + "---|" * len(waiters),
    ]
    totals = dict.fromkeys(waiters, 0)
    for name, row in sorted(table.items()):
        cells = [cell(row[waiter]) if waiter in row else "not run" for waiter in waiters]
        lines.append(f"| [{name}](../scenarios/{name}.yaml) | " + " | ".join(cells) + " |")
        for waiter in waiters:
            totals[waiter] += waiter in row and row[waiter]["passed"]
    lines.append(f"| **passed of {len(table)}** | " + " | ".join(f"**{totals[waiter]}**" for waiter in waiters) + " |")
    return "\n".join(lines) + "\n"


def main():
    if not RESULTS.exists():
        print("waiters: no results; ./dev waiters measures them, so docs/waiters.md stays", file=sys.stderr)
        return 0
    PAGE.write_text(render(json.loads(RESULTS.read_text(encoding="utf-8"))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

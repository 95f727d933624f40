#!/usr/bin/env python3
"""Holds the include directions of docs/architecture.md against the sources.

    check_includes.py [ROOT]

Two laws: waiter and fakeapi never include each other (the recordings of a real API server are the contract between them), and
only net, run, server, client, cli and the mains touch sockets, clocks, environment, files or randomness. Exit status: 0 when
both hold, 1 otherwise, with one line for each include that breaks them.
"""
import re
import sys
from pathlib import Path

# folder -> the folders that it may include besides itself. What one may include, it may include through.
MAY_INCLUDE = {
    "waiter/core": [],
    "waiter/k8s": ["waiter/core"],
    "waiter/session": ["waiter/k8s", "waiter/core"],
    "waiter/net": ["waiter/session", "waiter/core"],
    "waiter/run": ["waiter/net", "waiter/session", "waiter/core"],
    "waiter/cli": ["waiter/run", "waiter/net", "waiter/core"],
    "fakeapi/cluster": [],
    "fakeapi/scenario": ["fakeapi/cluster"],
    "fakeapi/wire": ["fakeapi/scenario", "fakeapi/cluster"],
    "fakeapi/kubelet": ["fakeapi/scenario", "fakeapi/cluster"],
    "fakeapi/lanes": [],
    "fakeapi/server": ["fakeapi/wire", "fakeapi/scenario", "fakeapi/cluster"],
    "fakeapi/client": ["fakeapi/cluster"],
    "fakeapi/run": ["fakeapi/server", "fakeapi/client", "fakeapi/wire", "fakeapi/kubelet", "fakeapi/scenario",
                    "fakeapi/cluster", "fakeapi/lanes"],
    "fakeapi/testing": ["fakeapi/run", "fakeapi/wire", "fakeapi/scenario", "fakeapi/cluster"],
    "fakeapi/cli": ["fakeapi/run", "fakeapi/server", "fakeapi/client", "fakeapi/scenario", "fakeapi/cluster",
                    "fakeapi/lanes"],
    "simulator": ["waiter/session", "waiter/k8s", "waiter/core", "fakeapi/wire", "fakeapi/scenario", "fakeapi/cluster",
                  "fakeapi/lanes", "fakeapi/kubelet"],
    "property_tests": ["simulator", "waiter/session", "waiter/k8s", "waiter/core", "fakeapi/wire", "fakeapi/scenario",
                       "fakeapi/cluster", "fakeapi/lanes", "fakeapi/kubelet"],
    "fuzz": ["fakeapi/server", "fakeapi/scenario", "fakeapi/cluster"],
}
PURE = ["waiter/core", "waiter/k8s", "waiter/session", "fakeapi/cluster", "fakeapi/scenario", "fakeapi/wire",
        "fakeapi/kubelet", "fakeapi/lanes"]
# What the pure folders may not include: the doors to the world.
WORLD = re.compile(r"^(boost/(asio|beast)|openssl/|sys/|unistd\.h|netinet/|arpa/|fcntl\.h|poll\.h|csignal|signal\.h|thread|"
                   r"mutex|condition_variable|future|atomic|fstream|iostream|filesystem|ctime|time\.h|random|cstdio|stdio\.h)")
# And what they may not call; <chrono> and <cstdlib> are needed for durations and numbers.
CALLS = re.compile(r"\b(steady_clock|system_clock|high_resolution_clock|getenv|std::rand|random_device|std::this_thread)\b")
# waiter/core is the standard library and nothing else: no JSON, no HTTP, no formatting library.
ONLY_STANDARD = ["waiter/core"]
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def room_of(path):
    """The folder of the table that holds this path."""
    return max((room for room in MAY_INCLUDE if str(path).startswith(room + "/")), key=len, default=None)


def breaches(root):
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        room = room_of(relative)
        if room is None or path.suffix not in (".cpp", ".hpp"):
            continue
        test = path.name.endswith("_test.cpp") or path.name.startswith("test_")
        for number, line in enumerate(path.read_text().splitlines(), 1):
            where = f"{relative}:{number}"
            found = INCLUDE.match(line)
            if found:
                quote, target = found.groups()
                other = room_of(target)
                if other and other != room and other not in MAY_INCLUDE[room]:
                    yield f"{where}: {room} may not include {other}"
                if test:
                    continue
                if room in PURE and WORLD.match(target):
                    yield f"{where}: {room} is pure and may not include <{target}>"
                if room in ONLY_STANDARD and quote == "<" and "/" in target:
                    yield f"{where}: {room} is the standard library only, <{target}> is not"
            elif room in PURE and not test and CALLS.search(line.split("//")[0]):
                yield f"{where}: {room} is pure and may not use {CALLS.search(line).group(0)}"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    count = 0
    for breach in breaches(root):
        print(breach)
        count += 1
    print(f"{count} includes or calls break the architecture" if count else "the include directions hold")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())

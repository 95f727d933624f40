#!/usr/bin/env python3
"""./dev bench: how fast and how large fakeapi and wait-for-endpoints are, beside a plain TLS server, a bare TLS client and other
waiters that are measured in the same run.

    bench.py [--peer NAME=URL]... [--kubectl FILE] [--only start,memory,reads,writes,watches,stall,waiter]

The machine may be shared, so what counts are ratios of one run, medians and CPU time; it is no test and fails nothing. Prints
each measure with its bound, and writes build/bench/results.json, from which `./dev docs` makes docs/performance.md. A peer is
another server that listens already; the GETs go to its URL as they are. Ends by itself within three minutes.
"""
import argparse
import json
import signal
import statistics
import sys
import tempfile
from pathlib import Path

from servers import (ROOT, TOOLS, BIN, FakeApi, Server, WatchClients, first_request_ms, machine, missing_programs,
                     open_files_max, wrk)
from waiter import find_kubectl, measure_waiter

DEADLINE_SECONDS = 170
SPACE = "/api/v1/namespaces/default"
OBJECT = SPACE + "/endpoints/mysql"

ENDPOINTS = {"kind": "Endpoints", "apiVersion": "v1", "metadata": {"name": "mysql", "labels": {"app": "mysql"}},
             "subsets": [{"addresses": [{"ip": "10.20.0.1", "nodeName": "node-1",
                                         "targetRef": {"kind": "Pod", "namespace": "default", "name": "mysql-0"}}],
                          "ports": [{"name": "mysql", "port": 3306, "protocol": "TCP"}]}]}
POD = {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "mysql", "labels": {"app": "mysql"}},
       "spec": {"nodeName": "node-1",
                "containers": [{"name": "mysql", "image": "example.com/mysql:8", "ports": [{"containerPort": 3306}],
                                "env": [{"name": "A", "value": "b"}],
                                "readinessProbe": {"tcpSocket": {"port": 3306}, "periodSeconds": 1}}]}}


class Results:
    def __init__(self):
        self.measures = []
        self.section = "fakeapi"

    def add(self, name, value, unit, bound=None, at_least=False, note=""):
        """`bound` is what the value may be at most, or what it must be at least."""
        met = None if bound is None else (value >= bound if at_least else value <= bound)
        self.measures.append({"section": self.section, "name": name, "value": value, "unit": unit, "bound": bound,
                              "at_least": at_least, "met": met, "note": note})
        limit = "" if bound is None else f"{'at least' if at_least else 'at most'} {bound:g}"
        verdict = {None: "", True: "met", False: "MISSED"}[met]
        print(f"{name:<58} {value:>10,.5g} {unit:<6} {limit:<14} {verdict:<7} {note}", flush=True)


def spread(values, digits=1):
    return f"{min(values):.{digits}f} to {max(values):.{digits}f}"


def measure_start(results, work):
    starts = {"echo": [], "fakeapi": []}
    for number in range(20):
        starts["echo"].append(first_request_ms(TOOLS / "tls_echo", 1000))
        # A new folder, as a test has it: where files of an earlier start are replaced, the file system adds its own time.
        starts["fakeapi"].append(first_request_ms(BIN / "fakeapi", "serve", "--dir", work / f"start-{number}"))
    for name, bound in (("echo", None), ("fakeapi", 20)):
        what = "start to first request served" + (", plain TLS" if name == "echo" else "")
        results.add(what, statistics.median(starts[name]), "ms", bound, note=f"median of 20; {spread(starts[name])}")


def add_memory(results, server, when):
    kib = server.memory_kib()
    results.add(f"resident memory {when}", kib["Rss"] / 1024, "MiB", 15,
                note=f"heap and stack {kib['Anonymous'] / 1024:.1f}, the rest is the program's file")


def measure_memory(results, work):
    with FakeApi(work / "memory") as server:
        server.ask("GET", "/readyz")
        add_memory(results, server, "after start")
        server.ask("POST", SPACE + "/endpoints", ENDPOINTS)
        server.ask("GET", SPACE + "/endpoints")
        wrk(server, OBJECT, 2, server.token)
        add_memory(results, server, "after a write and a load of reads")


def token_with_role(server):
    """Of a service account that may read Endpoints because a Role says so."""
    role = {"metadata": {"name": "bench"},
            "rules": [{"apiGroups": [""], "resources": ["endpoints"], "verbs": ["get", "list", "watch"]}]}
    binding = {"metadata": {"name": "bench"},
               "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "bench"},
               "subjects": [{"kind": "ServiceAccount", "name": "bench", "namespace": "default"}]}
    access = "/apis/rbac.authorization.k8s.io/v1/namespaces/default"
    server.ask("POST", SPACE + "/serviceaccounts", {"metadata": {"name": "bench"}})
    server.ask("POST", access + "/roles", role)
    server.ask("POST", access + "/rolebindings", binding)
    return server.ask("POST", SPACE + "/serviceaccounts/bench/token", {"spec": {}})["status"]["token"]


def measure_reads(results, work, peers):
    with FakeApi(work / "reads") as server:
        server.ask("POST", SPACE + "/endpoints", ENDPOINTS)
        account = token_with_role(server)
        size = server.answer_bytes(OBJECT, server.token)
        rounds = []
        with Server(TOOLS / "tls_echo", size) as echo:
            for _ in range(3):
                rounds.append({"echo": wrk(echo, "/", 2), "admin": wrk(server, OBJECT, 2, server.token),
                               "account": wrk(server, OBJECT, 2, account)}
                              | {name: wrk(url, "", 2) for name, url in peers.items()})
    middle = {who: statistics.median(one[who]["rate"] for one in rounds) for who in rounds[0]}
    cpu = {who: statistics.median(one[who]["cpu_us"] for one in rounds) for who in rounds[0]}
    results.add(f"plain TLS answer of {size} bytes", middle["echo"], "1/s", note=f"{cpu['echo']:.1f} us CPU each")
    for who, words in (("admin", "GET of one Endpoints"), ("account", "the same, a service account with a Role")):
        results.add(words, middle[who], "1/s", note=f"{cpu[who]:.1f} us CPU each")
        ratio = statistics.median(one[who]["rate"] / one["echo"]["rate"] for one in rounds)
        results.add(f"{words}, of plain TLS", ratio, "", 0.5, True)
    for name in peers:
        results.add(f"{name}, of plain TLS", middle[name] / middle["echo"], "", note=f"{middle[name]:,.0f}/s")


def write_cases(work, server):
    """(words, path, method, content type, body) of each kind of write; NUMBER makes each of them a change."""
    for kind, body in (("pods", POD), ("endpoints", ENDPOINTS)):
        path = f"{SPACE}/{kind}"
        named = body | {"metadata": body["metadata"] | {"annotations": {"n": "NUMBER"}}}
        created = body | {"metadata": {"generateName": "x-", "labels": {"app": "other"}}}
        patch = {"metadata": {"annotations": {"n": "NUMBER"}}}
        stored = server.ask("GET", f"{path}/mysql")
        replaced = named | {"spec": stored["spec"]} if kind == "pods" else named
        for words, target, method, content_type, text in (
                ("merge patch", path + "/mysql", "PATCH", "application/merge-patch+json", patch),
                ("PUT", path + "/mysql", "PUT", "application/json", replaced),
                ("POST", path, "POST", "application/json", created)):
            file = work / f"{kind}-{method}.json"
            file.write_text(json.dumps(text))
            yield f"{words} of {'a Pod' if kind == 'pods' else 'Endpoints'}", target, (method, content_type, file)


def measure_writes(results, work):
    with FakeApi(work / "writes", "--watch-history", "1000") as server:
        server.ask("POST", SPACE + "/endpoints", ENDPOINTS)
        server.ask("POST", SPACE + "/pods", POD)
        reads = wrk(server, OBJECT, 1, server.token)["cpu_us"]
        for words, path, write in write_cases(work, server):
            got = wrk(server, path, 1, server.token, write)
            results.add(words, got["cpu_us"], "us CPU", note=f"{got['rate']:,.0f}/s; {got['cpu_us'] / reads:.1f} GETs")


def measure_watches(results, work, count):
    with FakeApi(work / "watches") as server:
        server.ask("POST", SPACE + "/endpoints", ENDPOINTS)
        with WatchClients(server, OBJECT) as clients:
            clients.tell("open", 1)
            clients.tell("write", 3, 0)
            before = server.memory_kib()["Rss"]
            opened = clients.tell("open", count)
            memory = server.memory_kib()["Rss"]
            times = clients.tell("write", 15, 0)["ms"]
    results.add("open watches", opened["open"] - 1, "", count, True, f"opened in {opened['seconds']:.0f} s")
    results.add("resident memory of a watch", (memory - before) / count, "KiB", 20)
    results.add("write to the last of the watches", statistics.median(times), "ms", 250, note=f"median of 15; {spread(times)}")


def measure_stall(results, work):
    with FakeApi(work / "stall", "--watch-history", "200") as server:
        server.ask("POST", SPACE + "/endpoints", ENDPOINTS)
        with WatchClients(server, OBJECT) as clients:
            clients.tell("open", 100)
            clients.tell("write", 300, 2000)
            alone = clients.tell("write", 1000, 2000)["ms"]
            before = server.memory_kib()["Rss"]
            clients.tell("stall")
            beside = clients.tell("write", 1000, 2000)["ms"]
            grown = server.memory_kib()["Rss"] - before
            end = clients.tell("resume")
    medians = [statistics.median(times) for times in (beside, alone)]
    results.add("latency beside a watch that stalls, of without", medians[0] / medians[1], "", 1.2,
                note=f"100 watches, 1,000 events of 2 KB; medians {medians[0]:.2f} and {medians[1]:.2f} ms")
    results.add("events of these that the stalled watch got", end["events"], "", 999,
                note=("then it was cut off" if end["ended"] else "and was NOT cut off") +
                ("; none left out before" if end["in_order"] else "; WITH GAPS"))
    results.add("memory for the watch that stalled", grown, "KiB", 1024, note="with a history of 200 events")


def open_peers(texts):
    peers = dict(text.split("=", 1) for text in texts)
    if not peers:
        print("peers: none given (--peer NAME=URL); plain TLS is the measure\n")
    return peers


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=URL")
    parser.add_argument("--kubectl", metavar="FILE")
    parser.add_argument("--only", default="start,memory,reads,writes,watches,stall,waiter")
    parser.add_argument("--watches", type=int, default=10_000)
    arguments = parser.parse_args()
    if missing_programs():
        sys.exit(f"bench: missing programs: {' '.join(missing_programs())}")
    # Both end what was started here, on their way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: stopped"))
    signal.signal(signal.SIGALRM, lambda *_: sys.exit(f"bench: not done after {DEADLINE_SECONDS} s, on a machine that busy"))
    signal.alarm(DEADLINE_SECONDS)
    watches = min(arguments.watches, open_files_max() - 200)
    peers = open_peers(arguments.peer)
    results = Results()
    found = machine()
    with tempfile.TemporaryDirectory(prefix="fakeapi-bench-") as folder:
        work = Path(folder)
        steps = {"start": lambda: measure_start(results, work), "memory": lambda: measure_memory(results, work),
                 "reads": lambda: measure_reads(results, work, peers), "writes": lambda: measure_writes(results, work),
                 "watches": lambda: measure_watches(results, work, watches), "stall": lambda: measure_stall(results, work),
                 "waiter": lambda: measure_waiter(results, work, find_kubectl(arguments.kubectl))}
        for name in steps:
            if name in arguments.only.split(","):
                results.section = "waiter" if name == "waiter" else "fakeapi"
                steps[name]()
    out = ROOT / "build/bench/results.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"machine": found, "measures": results.measures}, indent=1) + "\n")
    print(f"\n{found['cpus']} CPUs ({found['cpu']}), load {found['load']:.1f} at the start; written to {out.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

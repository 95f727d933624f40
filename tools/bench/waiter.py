"""wait-for-endpoints in the bench: beside a bare TLS client, the loop of curl and jq, and `kubectl wait`, all at one fakeapi.

A bound is judged on the process that a Pod would run, with its default flags; --confirm=off only shows what the read before the
verdict costs. The idle processes have a fakeapi of their own, as what happens at the other would wake them.
"""
import json
import os
import re
import signal
import statistics
import subprocess
import time
from pathlib import Path

from servers import BIN, PATIENCE_SECONDS, ROOT, TOOLS, FakeApi

WAITER = BIN / "wait-for-endpoints"
CORE = "/api/v1/namespaces/default"
SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
# What the engine asks for, without its watch.
LIST = SLICES + "?labelSelector=kubernetes.io%2Fservice-name%3Dmysql&limit=100"
SLICE = SLICES + "/mysql-1"
ENDPOINTS = CORE + "/endpoints/mysql"
MERGE = "application/merge-patch+json"
POD = {"kind": "Pod", "namespace": "default", "name": "mysql-0", "uid": "1"}
PORTS = [{"name": "mysql", "port": 3306, "protocol": "TCP"}]

# The recipe of 2017, as tools/demo.py has it: ask once a second.
LOOP = r"""
while true; do
  addresses=$(curl -s --max-time 1 --cacert "$SA/ca.crt" -H "Authorization: Bearer $(cat "$SA/token")" \
    "$API/api/v1/namespaces/default/endpoints/mysql" | jq -r '.subsets[]?.addresses | length')
  if test "$addresses" -gt 0 2>/dev/null; then exit 0; fi
  sleep 1
done
"""
ROUNDS = 40
# A fresh wait opens its watch anew after half a minute: that belongs to what a minute costs.
IDLE_SECONDS = 60
SETTLED_SECONDS = 2


def slice_change(ready):
    return {"endpoints": [{"addresses": ["10.20.0.1"], "targetRef": POD,
                           "conditions": {"ready": ready, "serving": ready, "terminating": False}}]}


def endpoints_change(ready):
    return {"subsets": [{"addresses" if ready else "notReadyAddresses": [{"ip": "10.20.0.1", "targetRef": POD}], "ports": PORTS}]}


def create_objects(server, ready):
    labels = {"kubernetes.io/service-name": "mysql"}
    server.ask("POST", SLICES, {"metadata": {"name": "mysql-1", "labels": labels}, "addressType": "IPv4", "ports": PORTS}
               | slice_change(ready))
    server.ask("POST", CORE + "/endpoints", {"metadata": {"name": "mysql"}} | endpoints_change(ready))


def find_kubectl(given):
    """The newest of ./dev clients, where none is given."""
    def version(path):
        return [int(number) for number in re.findall(r"\d+", path.parent.name)]
    found = sorted((ROOT / "build/clients/kubectl").glob("*.*/kubectl"), key=version)
    return Path(given) if given else found[-1] if found else None


def environment(server):
    """Of a container in a Pod of the server's cluster."""
    host, port = server.url.removeprefix("https://").split(":")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("KUBE", "WFE_"))}
    account = str(server.folder / "serviceaccount")
    # kubectl keeps what it has discovered in its home.
    return kept | {"KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": port, "WFE_SERVICEACCOUNT_DIR": account,
                   "SA": account, "API": server.url, "HOME": str(server.folder)}


def loop_command():
    return ["/bin/sh", "-c", LOOP]


def kubectl_command(kubectl, server):
    return [kubectl, "--kubeconfig", server.folder / "kubeconfig", "wait", "endpoints/mysql", "--timeout=120s",
            "--for=jsonpath={.subsets[0].addresses[0].ip}=10.20.0.1"]


def run_times(server, rounds, *commands):
    words = [word for command in commands for word in ("--", *command)]
    run = subprocess.run([str(word) for word in (TOOLS / "run_times", rounds, *words)], env=environment(server), text=True,
                         stdout=subprocess.PIPE, timeout=60, check=True)
    return json.loads(run.stdout)


def quartiles(values):
    low, _, high = statistics.quantiles(values, n=4)
    return f"half of {len(values)} in {low:.1f} to {high:.1f}"


def measure_already_ready(results, work, kubectl):
    with FakeApi(work / "already") as server:
        create_objects(server, True)
        bare_command = [TOOLS / "bare_client", server.url, server.folder / "serviceaccount", LIST]
        bare, waiter = run_times(server, ROUNDS, bare_command, [WAITER, "mysql"])
        others = {"the loop of curl and jq": loop_command()}
        if kubectl:
            others["kubectl wait"] = kubectl_command(kubectl, server)
        times = run_times(server, 10, *others.values())
    results.add("one GET by a bare TLS client, start to exit", statistics.median(bare), "ms", note=quartiles(bare))
    results.add("already ready, start to exit", statistics.median(waiter), "ms", note=quartiles(waiter))
    results.add("already ready, of the bare client", statistics.median(waiter) / statistics.median(bare), "", 1.5)
    for name, taken in zip(others, times):
        results.add(f"already ready, {name}", statistics.median(taken), "ms", note=quartiles(taken))


def wait_for_connections(server, count):
    end = time.monotonic() + PATIENCE_SECONDS
    while server.ask("GET", "/_fakeapi/v1/status")["connections"] < count:
        if time.monotonic() > end:
            raise RuntimeError(f"there are no {count} connections")
        time.sleep(0.02)


class EventToExit:
    """One waiting process after the other, each of which sees its event come."""

    def __init__(self, server, target, change):
        self.server, self.target, self.change = server, target, change

    def once(self, command, wait_until_it_waits):
        self.server.ask("PATCH", self.target, self.change(False), MERGE)
        words = [TOOLS / "event_to_exit", self.server.url, self.server.token, self.target, *command]
        with subprocess.Popen([str(word) for word in words], env=environment(self.server), text=True, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            try:
                wait_until_it_waits()
            except BaseException:
                process.stdin.close()
                raise
            told, _ = process.communicate(json.dumps(self.change(True)) + "\n", timeout=PATIENCE_SECONDS)
        if process.returncode != 0:
            raise RuntimeError(f"{command[0]}: no end after the event")
        return json.loads(told)

    def engine(self, *flags):
        def waits():
            # Of this request, the tool, the watch, and the engine's spare one.
            wait_for_connections(self.server, 4)
            time.sleep(0.1)
        return self.once([WAITER, "mysql", *flags], waits)

    def loop(self, phase_seconds):
        return self.once(loop_command(), lambda: time.sleep(0.2 + phase_seconds))

    def kubectl(self, command):
        query = "/_fakeapi/v1/requests?verb=watch&resource=endpoints&open=true&count=1&timeout=20s"
        return self.once(command, lambda: (self.server.ask("GET", query), time.sleep(0.1)))


def middle(runs, key="ms"):
    return statistics.median(run[key] for run in runs)


def measure_event(results, work, kubectl):
    with FakeApi(work / "event") as server:
        create_objects(server, False)
        slices = EventToExit(server, SLICE, slice_change)
        off, on = [], []
        for _ in range(20):
            off.append(slices.engine("--confirm=off"))
            on.append(slices.engine("--confirm=on"))
        endpoints = EventToExit(server, ENDPOINTS, endpoints_change)
        loop = [endpoints.loop((number + 0.5) / 8) for number in range(8)]
        command = kubectl_command(kubectl, server) if kubectl else None
        others = [endpoints.kubectl(command) for _ in range(8)] if kubectl else []
    trip = middle(off + on, "first_round_trip_ms")
    results.add("event to exit, --confirm=off", middle(off), "ms", 1, note=quartiles([run["ms"] for run in off]))
    note = f"median of {len(off + on)}, open connection after a pause; right after another one {middle(off + on, 'round_trip_ms'):.2f}"
    results.add("a round trip: GET by a bare client", trip, "ms", note=note)
    results.add("event to exit, with the confirming read", middle(on), "ms", round(1 + trip, 2),
                note=quartiles([run["ms"] for run in on]))
    results.add("what the confirming read adds, in round trips", (middle(on) - middle(off)) / trip, "")
    results.add("event to exit, the loop of curl and jq", middle(loop), "ms", note=quartiles([run["ms"] for run in loop]))
    if others:
        results.add("event to exit, kubectl wait", middle(others), "ms", note=quartiles([run["ms"] for run in others]))


class Idle:
    """A process that waits for what does not come."""

    def __init__(self, server, name, *command):
        self.name = name
        self.process = subprocess.Popen([str(word) for word in command], env=environment(server), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.proc = Path(f"/proc/{self.process.pid}")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE_SECONDS)

    def begin(self):
        self.began, self.cpu_at_start = time.monotonic(), self.cpu_ms()

    def cpu_ms_a_minute(self):
        return (self.cpu_ms() - self.cpu_at_start) / (time.monotonic() - self.began) * 60

    def cpu_ms(self):
        """Of all its threads."""
        return sum(int((task / "schedstat").read_text().split()[0]) for task in (self.proc / "task").iterdir()) / 1e6

    def memory_mib(self):
        rollup = dict(re.findall(r"^(\w+): +(\d+) kB$", (self.proc / "smaps_rollup").read_text(), re.MULTILINE))
        return int(rollup["Rss"]) / 1024, int(rollup["Anonymous"]) / 1024

    def threads(self):
        return len(list((self.proc / "task").iterdir()))

    def connections(self):
        """Established ones (state 01), found by the inodes of its sockets."""
        targets = [os.readlink(descriptor) for descriptor in (self.proc / "fd").iterdir()]
        inodes = {target[len("socket:["):-1] for target in targets if target.startswith("socket:[")}
        lines = [line.split() for table in ("tcp", "tcp6") for line in (self.proc / "net" / table).read_text().splitlines()[1:]]
        return sum(fields[3] == "01" and fields[9] in inodes for fields in lines)


class IdleLoop(Idle):
    """The loop's processes live shorter than a look at them: counted are those that have ended, in hundredths of a second."""

    def cpu_ms(self):
        times = (self.proc / "stat").read_text().rpartition(")")[2].split()[11:15]
        return sum(map(int, times)) / os.sysconf("SC_CLK_TCK") * 1000


def start_idle(server, kubectl):
    create_objects(server, False)
    idle = [Idle(server, "wait", WAITER, "mysql"), Idle(server, "guard", WAITER, "guard", "mysql", "--listen=127.0.0.1:0"),
            IdleLoop(server, "the loop of curl and jq", *loop_command())]
    if kubectl:
        idle.append(Idle(server, "kubectl wait", *kubectl_command(kubectl, server)))
    time.sleep(SETTLED_SECONDS)
    for one in idle:
        one.begin()
    return idle


def add_idle(results, idle):
    ours = [one for one in idle if one.name in ("wait", "guard")]
    others = [one for one in idle if one not in ours]
    time.sleep(max(0, idle[0].began + IDLE_SECONDS - time.monotonic()))
    note = f"measured over {time.monotonic() - idle[0].began:.0f} s, from {SETTLED_SECONDS} s after the start"
    for one in ours:
        memory, anonymous = one.memory_mib()
        results.add(f"resident memory while it waits, {one.name}", memory, "MiB", 7,
                    note=f"heap and stack {anonymous:.1f}, the rest is the program's file")
        results.add(f"CPU a minute while nothing happens, {one.name}", one.cpu_ms_a_minute(), "ms", 1, note=note)
        results.add(f"connections while it waits for one namespace, {one.name}", one.connections(), "", 2)
        results.add(f"threads, {one.name}", one.threads(), "", 1)
    for one in others:
        results.add(f"CPU a minute while nothing happens, {one.name}", one.cpu_ms_a_minute(), "ms")
        if one.name == "kubectl wait":
            results.add("resident memory while it waits, kubectl wait", one.memory_mib()[0], "MiB", note=f"{one.threads()} threads")


def measure_waiter(results, work, kubectl):
    if not kubectl:
        print("kubectl: none in build/clients/kubectl (./dev clients kubectl) and none given (--kubectl FILE); left out")
    with FakeApi(work / "idle") as server:
        # It takes a minute, in which the rest is measured.
        idle = start_idle(server, kubectl)
        try:
            results.add("size of the program", WAITER.stat().st_size / 2**20, "MiB")
            measure_already_ready(results, work, kubectl)
            measure_event(results, work, kubectl)
            add_idle(results, idle)
        finally:
            for one in idle:
                one.stop()

"""What kubectl waits for, and that it goes on waiting through faults."""
from harness.api import PATIENCE, eventually
from harness.survival import SCENARIOS, Subject, survive
from kubectl.kubectl import MAPS, PODS, READY, config_map, equal, needs, pod

FOREVER = "--timeout=300s"  # longer than any check: only what is waited for ends it


def _watched(server, resource):
    server.get("/_fakeapi/v1/requests", verb="watch", resource=resource, open="true", count=1, timeout="60s")


def wait_condition(kubectl):
    server = kubectl.server
    server.call("POST", PODS, pod())
    kubectl.fails("timed out waiting for the condition on pods/web", "wait", "--for=condition=Ready", "pod/web", "--timeout=1s")
    with kubectl.background("wait", "--for=condition=Ready", "pod/web", FOREVER) as waiting:
        _watched(server, "pods")
        waiting.alive()
        server.merge(f"{PODS}/web/status", READY)
        equal(waiting.finish(), 0, f"exit code ({waiting.said()})")
        needs("\n".join(waiting.lines), "pod/web condition met", "wait")
    kubectl.says("pod/web condition met", "wait", "--for=condition=Ready", "pod", "-l", "app=web", FOREVER)
    kubectl.fails("NotFound", "wait", "--for=condition=Ready", "pod/other", FOREVER)


def wait_delete(kubectl):
    server = kubectl.server
    server.call("POST", MAPS, config_map("one"))
    kubectl.fails("timed out waiting for the condition on configmaps/one", "wait", "--for=delete", "cm/one", "--timeout=1s")
    with kubectl.background("wait", "--for=delete", "cm/one", FOREVER) as waiting:
        _watched(server, "configmaps")
        waiting.alive()
        server.delete(f"{MAPS}/one")
        equal(waiting.finish(), 0, f"exit code ({waiting.said()})")


def wait_jsonpath(kubectl):
    kubectl.since(23, "wait for a JSONPath")
    server = kubectl.server
    server.call("POST", PODS, pod())
    with kubectl.background("wait", "--for=jsonpath={.status.phase}=Running", "pod/web", FOREVER) as waiting:
        _watched(server, "pods")
        waiting.alive()
        server.merge(f"{PODS}/web/status", READY)
        equal(waiting.finish(), 0, f"exit code ({waiting.said()})")


def wait_create(kubectl):
    kubectl.since(31, "wait for a creation")
    server = kubectl.server
    with kubectl.background("wait", "--for=create", "cm/one", FOREVER) as waiting:
        eventually("a request of kubectl", lambda: server.get("/_fakeapi/v1/requests", resource="configmaps")["requests"],
                   alive=waiting.alive)
        waiting.alive()
        server.call("POST", MAPS, config_map("one"))
        equal(waiting.finish(), 0, f"exit code ({waiting.said()})")
        needs("\n".join(waiting.lines), "configmap/one condition met", "wait")


def retries(kubectl):
    """Single requests that were refused with Retry-After are sent again."""
    server = kubectl.server
    server.call("PUT", "/_fakeapi/v1/faults/overload", {"match": {"verb": "list", "resource": "configmaps", "nth": "1..2"},
                                                        "respond": {"status": 429, "form": "overload", "retry-after": 1}})
    server.call("PUT", "/_fakeapi/v1/faults/down", {"match": {"verb": "create", "resource": "configmaps", "nth": "1..2"},
                                                    "respond": {"status": 503, "retry-after": 1}})
    equal(kubectl("get", "cm", "-o", "name"), "")
    equal(server.get("/_fakeapi/v1/faults/overload")["met"], 2, "refused lists")
    kubectl.says("configmap/one created", "create", "configmap", "one")
    equal(server.get("/_fakeapi/v1/faults/down")["met"], 2, "refused creations")


class Waiter(Subject):
    """`kubectl wait` for a Pod that is not ready until the end."""

    resource = "pods"

    def __init__(self, kubectl):
        super().__init__(kubectl.server)
        # 1.20 lists anew whenever a watch ends.
        self.resumes = kubectl.minor > 20
        self.step = 0
        self.server.call("POST", PODS, pod())
        self.program = kubectl.background("wait", "--for=condition=Ready", "pod/web", FOREVER)

    def __enter__(self):
        self.program.__enter__()
        return self

    def __exit__(self, *exception):
        self.program.__exit__(*exception)

    def alive(self):
        self.program.alive()

    def change(self):
        self.step += 1
        self.server.merge(f"{PODS}/web", {"metadata": {"annotations": {"step": f"{self.step} é ✓ 漢字"}}})

    def caught_up(self):
        version = int(self.server.get(f"{PODS}/web")["metadata"]["resourceVersion"])
        eventually(lambda: f"a watch that has seen version {version}; {self.program.said()}",
                   lambda: any(one["open"] and one["verb"] == "watch" and int(one["resourceVersion"]) >= version
                               for one in self.requests()), PATIENCE, self.alive)
        self.alive()

    def finish(self):
        self.server.merge(f"{PODS}/web/status", READY)
        equal(self.program.finish(), 0, f"exit code ({self.program.said()})")
        needs("\n".join(self.program.lines), "pod/web condition met", "wait")


CHECKS = {
    "wait --for=condition": wait_condition,
    "wait --for=delete": wait_delete,
    "wait --for=jsonpath": wait_jsonpath,
    "wait --for=create": wait_create,
    "retries a refused request (429, 503)": retries,
    **{f"wait {scenario}": lambda kubectl, scenario=scenario: survive(scenario, Waiter(kubectl)) for scenario in SCENARIOS},
}

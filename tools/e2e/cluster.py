"""A cluster under a test's hand, for tests of what a wait must survive: fakeapi with its faults, mounted folders as kubelet makes
them, and waits of which nothing may leak."""
import json
import os
import socket
from pathlib import Path

from api import ENDPOINTS, Api
from programs import EndToEnd, FakeApi, Waiter

SLICES = "/apis/discovery.k8s.io/v1/namespaces/{}/endpointslices"
ROLES = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/"
PROGRAM = "wait-for-endpoints/"


def slice_of(service="db", ready=True, name="1", family="IPv4", address="10.20.9.1", uid=None, **conditions):
    endpoint = {"addresses": [address], "conditions": {"ready": ready, **conditions}}
    if uid:
        endpoint["targetRef"] = {"kind": "Pod", "namespace": "default", "name": uid, "uid": uid}
    return {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": family,
            "metadata": {"name": f"{service}-{name}", "labels": {"kubernetes.io/service-name": service}},
            "endpoints": [endpoint], "ports": [{"name": "tcp", "port": 80, "protocol": "TCP"}]}


def endpoints_of(service, ready):
    addresses = {"addresses" if ready else "notReadyAddresses": [{"ip": "10.20.9.1"}]}
    return {"metadata": {"name": service}, "subsets": [{**addresses, "ports": [{"port": 80}]}]}


def quiet_port():
    """A free port that nobody gets by asking for any: it can be given up and taken again."""
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for port in range(lowest - 1, 1024, -1):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no port is free")


class Server:
    """One fakeapi, and its administrator's hand."""

    def __init__(self, served):
        self.served = served
        self.api = Api(served)

    def ok(self, method, path, body=None):
        status, answer = self.api.call(method, path, body)
        assert status in (200, 201), answer
        return answer

    def control(self, method, path, body=None):
        return self.ok(method, "/_fakeapi/v1/" + path, body)

    def make(self, *objects, namespace="default"):
        for one in objects:
            path = SLICES.format(namespace) if one.get("kind") == "EndpointSlice" else ENDPOINTS
            made = self.ok("POST", path, one)
        return made["metadata"]["resourceVersion"]

    def change(self, one, namespace="default"):
        path = SLICES.format(namespace) if one.get("kind") == "EndpointSlice" else ENDPOINTS
        return self.ok("PUT", f"{path}/{one['metadata']['name']}", one)["metadata"]["resourceVersion"]

    def fault(self, name, match, **action):
        self.control("PUT", "faults/" + name, {"match": {"user-agent": PROGRAM, **match}, **action})

    def requests(self, query=""):
        """What the program has asked so far, oldest first; with `count` in the query when there is so much."""
        return self.control("GET", f"requests?user-agent={PROGRAM}{query and '&'}{query}")["requests"]

    def wait_for_watch(self, count=1, query=""):
        """Until so many watches are open and have said all that they had to say at first."""
        version = self.control("GET", "status")["cache"]
        return self.requests(f"verb=watch&open=true&version={version}&count={count}&timeout=60s{query}")

    def account(self, name):
        """A new service account and a token of it."""
        self.ok("POST", "/api/v1/namespaces/default/serviceaccounts", {"metadata": {"name": name}})
        return self.token(name)

    def token(self, name):
        asked = self.ok("POST", f"/api/v1/namespaces/default/serviceaccounts/{name}/token",
                        {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"audiences": []}})
        return asked["status"]["token"]

    def grant(self, account, resource, verbs, names=None):
        rule = {"apiGroups": ["discovery.k8s.io" if resource == "endpointslices" else ""], "resources": [resource], "verbs": verbs}
        if names:
            rule["resourceNames"] = names
        name = f"{account}-{resource}"
        self.ok("POST", ROLES + "roles", {"metadata": {"name": name}, "rules": [rule]})
        self.ok("POST", ROLES + "rolebindings",
                {"metadata": {"name": name}, "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": "default"}],
                 "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name}})


class Mounted:
    """A folder as kubelet's AtomicWriter mounts it: files are links through ..data, which is replaced in one step."""

    def __init__(self, path, **files):
        self.path, self.versions = path, 0
        path.mkdir()
        self.swap(**files)
        for name in files:
            (path / name).symlink_to(f"..data/{name}")

    def swap(self, **files):
        self.versions += 1
        version = self.path / f"..2026_01_01_00_00_0{self.versions}.1"
        version.mkdir()
        for name, text in files.items():
            (version / name).write_text(text)
        (self.path / "..data_tmp").symlink_to(version.name)
        old = (self.path / "..data").resolve() if self.versions > 1 else None
        os.rename(self.path / "..data_tmp", self.path / "..data")
        if old:
            for file in old.iterdir():
                file.unlink()
            old.rmdir()


class Resilience(EndToEnd):
    def setUp(self):
        super().setUp()
        self.secrets, self.waiters = [], []

    def serve(self, *flags, scenario=None, pods="none", folder="api"):
        served = FakeApi(scenario, *([f"--pods={pods}"] if pods else []), *flags, folder=self.folder / folder)
        self.secrets += json.loads((served.folder / "tokens.json").read_text()).values()
        server = Server(served)

        def end():
            if served.process.poll() is None:
                served.__exit__()
            server.api.connection.close()
        server.end = end
        self.addCleanup(end)
        return server

    def wait(self, server, *arguments, mounted=None, **environment):
        """The program in the background, as in a Pod of this cluster."""
        more = {"WFE_SERVICEACCOUNT_DIR": str(mounted.path)} if mounted else {}
        message = self.folder / f"termination-log-{len(self.waiters)}"
        waiter = Waiter(*arguments, environment={**server.served.pod(WFE_TERMINATION_LOG=str(message), **environment), **more})
        waiter.message = message
        self.waiters.append(waiter)
        self.addCleanup(self.check_silence, waiter)
        return waiter

    def check_silence(self, waiter):
        """Of whatever the test was about: no secret is told, and what only the cluster's owner can change is not complained about."""
        if waiter.process.poll() is None:
            waiter.process.kill()
        if not hasattr(waiter, "output"):
            waiter.finish()
        said = waiter.log + waiter.output + (waiter.message.read_text() if waiter.message.exists() else "")
        for secret in self.secrets:
            self.assertNotIn(secret, said)
        self.assertNotIn("deprecat", waiter.log.lower())

    def ends(self, waiter, code=0):
        self.assertEqual(waiter.finish(), code, waiter.log)

    def as_account(self, server, name, token=None):
        """The folder of a Pod that runs as this account."""
        token = token or server.account(name)
        self.secrets.append(token)
        return Mounted(self.folder / f"sa-{name}", token=token, namespace="default",
                       **{"ca.crt": (server.served.folder / "ca.crt").read_text()})

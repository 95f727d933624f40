"""What a wait must survive, with the real programs over TLS: streams that lie, break or go silent, servers that are old, overloaded,
away or in the past, and rights, tokens and CAs that change under it. Each test asks two things: that the wait ends when it should,
and that what it sent on the way was right."""
import json
import os
import socket
from pathlib import Path
import unittest

import at_once
from api import Api
from programs import IN_SANDBOX, EndToEnd, FakeApi, Waiter

SLICES = "/apis/discovery.k8s.io/v1/namespaces/{}/endpointslices"
ENDPOINTS = "/api/v1/namespaces/default/endpoints"
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


class Streams(Resilience):
    def test_a_frozen_watch_is_found_by_the_end_of_its_life(self):
        server = self.serve()
        server.make(slice_of(ready=False))
        server.fault("frozen", {"verb": "watch", "nth": 1}, stream={"after-events": 2, "then": "stall"})
        waiter = self.wait(server, "db", "--heartbeat=0")
        server.wait_for_watch()
        begun = server.served.now()
        server.change(slice_of())
        self.ends(waiter)
        # At most 34 s of life and 10 s of grace; the rest is for a machine that is busy.
        self.assertLess(server.served.now() - begun, 50)
        self.assertIn("is silent", waiter.log)

    def expired(self, make_expire):
        server = self.serve()
        server.make(slice_of(ready=False))
        make_expire(server)
        waiter = self.wait(server, "db")
        return server, waiter

    def test_410_in_the_stream_begins_again_without_a_version(self):
        server, waiter = self.expired(lambda server: server.fault(
            "gone", {"verb": "watch", "nth": 1}, stream={"after-events": 2, "then": "error-410"}))
        waiter.wait_for_line("has expired (410)")
        server.change(slice_of())
        self.ends(waiter)
        again = server.requests("resource=endpointslices")[1]["target"]
        self.assertNotIn("resourceVersion=", again)

    def test_410_as_a_status_begins_again_without_a_version(self):
        server, waiter = self.expired(lambda server: server.fault("gone", {"verb": "watch", "nth": 2}, respond={"status": 410}))
        server.wait_for_watch()
        server.control("POST", "disconnect", {"user-agent": PROGRAM})
        waiter.wait_for_line("has expired (410)")
        server.change(slice_of())
        self.ends(waiter)
        resumed, again = [one["target"] for one in server.requests("resource=endpointslices")][1:3]
        self.assertIn("resourceVersion=", resumed)
        self.assertNotIn("resourceVersion=", again)

    def test_history_that_was_compacted_while_it_was_cut_off(self):
        server = self.serve()
        server.make(slice_of(ready=False))
        waiter = self.wait(server, "db")
        server.wait_for_watch()
        server.control("POST", "disconnect", {"user-agent": PROGRAM})
        server.change(slice_of())
        server.make(slice_of("other"))
        server.control("POST", "compact")
        self.ends(waiter)
        self.assertIn("has expired (410)", waiter.log)

    def test_watches_that_end_at_once_are_no_hot_loop(self):
        server = self.serve()
        server.make(slice_of(ready=False))
        server.fault("short", {"verb": "watch"}, stream={"then": "close"})
        waiter = self.wait(server, "db")
        watches = server.requests("verb=watch&count=3&timeout=60s")
        server.control("DELETE", "faults/short")
        for before, after in zip(watches, watches[1:]):
            # The first finds out that streams do not come to the end of a list, and a list and a watch follow at once.
            if "sendInitialEvents" not in before["target"]:
                self.assertGreaterEqual(after["at"] - before["at"], 0.8)
        self.assertLessEqual(len(server.requests()), 8)
        server.change(slice_of())
        self.ends(waiter)

    def broken_off(self, how):
        """The event that matters breaks off in the middle: nothing of it counts, and it is asked for again."""
        server = self.serve()
        server.make(slice_of(ready=False))
        server.fault("cut", {"verb": "watch", "nth": 1}, stream={"after-events": 2, "then": how})
        waiter = self.wait(server, "db")
        begin = server.wait_for_watch()[0]["resourceVersion"]
        server.change(slice_of())
        self.ends(waiter)
        watches = [one["target"] for one in server.requests("verb=watch")]
        self.assertIn(f"&resourceVersion={begin}&", watches[1])
        self.assertEqual(server.requests("verb=list&fault=cut"), [])

    def test_cut_inside_an_event(self):
        self.broken_off("cut-event")

    def test_cut_inside_a_chunk(self):
        self.broken_off("cut-chunk")

    def test_cut_inside_a_character(self):
        self.broken_off("cut-character")

    def test_429_in_the_stream_keeps_the_version(self):
        server = self.serve()
        server.make(slice_of(ready=False))
        server.fault("busy", {"verb": "watch", "nth": 1}, stream={"after-events": 2, "then": "error-429"})
        waiter = self.wait(server, "db").wait_for_line("is overloaded (429)")
        server.change(slice_of())
        self.ends(waiter)
        self.assertIn("&resourceVersion=", server.requests("verb=watch")[1]["target"])


class Answers(Resilience):
    def refused_with(self, form):
        server = self.serve()
        server.make(slice_of())
        server.fault("busy", {"verb": ["list", "watch"], "nth": 1}, respond={"status": 429, "form": form, "retry-after": 3})
        waiter = self.wait(server, "db")
        self.ends(waiter)
        self.assertIn("is overloaded (429)", waiter.log)
        first, second = server.requests("resource=endpointslices")[:2]
        # By its own delays it would have come back within 1.6 s.
        self.assertGreaterEqual(second["at"] - first["at"], 3)

    def test_429_as_text_is_obeyed(self):
        self.refused_with("overload")

    def test_429_as_a_status_is_obeyed(self):
        self.refused_with("status")

    def test_5xx_as_status_text_and_event(self):
        server = self.serve()
        server.make(slice_of(ready=False))
        server.fault("unavailable", {"verb": ["list", "watch"], "nth": 1}, respond={"status": 503})
        server.fault("proxy", {"verb": ["list", "watch"], "nth": 2}, respond={"status": 502, "form": "text"})
        server.fault("etcd", {"verb": "watch", "nth": 3}, stream={"after-events": 2, "then": "error-500"})
        waiter = self.wait(server, "db")
        for words in ("failed (503)", "failed (502)", "failed (500)"):
            waiter.wait_for_line(words)
        server.change(slice_of())
        self.ends(waiter)
        self.assertIn("answers again", waiter.log)

    def test_a_server_that_is_away_and_comes_back(self):
        server = self.serve()
        server.make(slice_of(ready=False))
        waiter = self.wait(server, "db")
        server.wait_for_watch()
        begin = int(server.control("GET", "status")["clock"] * 1000)
        server.control("PUT", "faults/away", {"connect": "refuse", "window": f"{begin}ms..{begin + 2500}ms"})
        server.control("POST", "disconnect", {"user-agent": PROGRAM})
        server.change(slice_of())
        waiter.wait_for_line("cannot be reached")
        self.ends(waiter)
        self.assertIn("answers again", waiter.log)
        # What it knew was still good: it goes on from there.
        self.assertIn("&resourceVersion=", server.requests("verb=watch")[1]["target"])

    def declines(self, age, log=""):
        server = self.serve(f"--watch-list={age}")
        server.make(slice_of(ready=False))
        waiter = self.wait(server, "db")
        server.requests("verb=list&count=1&timeout=60s")
        server.wait_for_watch(query="&status=200")
        server.control("POST", "disconnect", {"user-agent": PROGRAM})
        server.make(slice_of("other"))
        server.control("POST", "compact")
        waiter.wait_for_line("has expired (410)")
        server.requests("verb=list&count=2&timeout=60s")
        server.change(slice_of())
        self.ends(waiter)
        tried = [one for one in server.requests("verb=watch") if "sendInitialEvents" in one["target"]]
        self.assertEqual(len(tried), 1, "it is not asked for twice")
        self.assertNotIn("sendInitialEvents", waiter.log)
        return tried[0]["status"]

    def test_a_server_whose_watch_list_is_off(self):
        self.assertEqual(self.declines("off"), 422)

    def test_a_server_that_does_not_know_watch_list(self):
        self.assertEqual(self.declines("unknown"), 422)

    def test_a_server_that_ignores_watch_list(self):
        self.assertEqual(self.declines("ignored"), 200)

    def test_what_a_stream_has_sent_before_its_end_does_not_count(self):
        server = self.serve("--watch-list=ignored")
        server.make(slice_of())
        waiter = self.wait(server, "db", "--confirm=off")
        self.ends(waiter)
        self.assertEqual(len(server.requests("verb=list")), 1)


class Rights(Resilience):
    def test_rights_that_come_late(self):
        server = self.serve()
        server.make(slice_of())
        waiter = self.wait(server, "db", mounted=self.as_account(server, "late")).wait_for_line("not allowed (403)")
        server.grant("late", "endpointslices", ["list", "watch"])
        self.ends(waiter)

    def test_a_missing_right_is_77_where_that_is_asked_for(self):
        server = self.serve()
        server.make(slice_of())
        waiter = self.wait(server, "db", "--on-forbidden=fail", mounted=self.as_account(server, "nobody"))
        self.ends(waiter, 77)
        self.assertIn("list", waiter.log)

    def test_list_without_watch_is_polled(self):
        server = self.serve()
        server.make(slice_of(ready=False))
        account = self.as_account(server, "poller")
        server.grant("poller", "endpointslices", ["list"])
        waiter = self.wait(server, "db", mounted=account)
        lists = server.requests("verb=list&resource=endpointslices&status=200&count=3&timeout=60s")
        server.change(slice_of())
        self.ends(waiter)
        # The second is the first poll: a watch was tried and forbidden in between.
        self.assertGreaterEqual(lists[2]["at"] - lists[1]["at"], 2)
        self.assertLessEqual(len(server.requests("verb=watch")), 2)

    def test_endpoints_by_name_for_two_services(self):
        server = self.serve()
        server.make(endpoints_of("a", False), endpoints_of("b", False))
        account = self.as_account(server, "named")
        server.grant("named", "endpoints", ["get", "list", "watch"], names=["a", "b"])
        waiter = self.wait(server, "a", "b", mounted=account)
        watches = server.wait_for_watch(2)
        self.assertEqual(sorted(one["name"] for one in watches), ["a", "b"])
        server.change(endpoints_of("a", True))
        waiter.wait_for_line("default/a: ready")
        server.change(endpoints_of("b", True))
        self.ends(waiter)
        self.assertEqual(waiter.log.count("reading Endpoints"), 1, waiter.log)

    def test_endpoints_only_is_said_once(self):
        server = self.serve()
        server.make(endpoints_of("a", False), endpoints_of("b", True))
        account = self.as_account(server, "old")
        server.grant("old", "endpoints", ["list", "watch"])
        waiter = self.wait(server, "a", "b", mounted=account)
        server.wait_for_watch()
        server.ok("DELETE", ROLES + "rolebindings/old-endpoints")
        server.ok("DELETE", ROLES + "roles/old-endpoints")
        server.control("POST", "disconnect", {"user-agent": PROGRAM})
        # A watch and a list were refused at the start; now it begins from there once more.
        server.requests("resource=endpointslices&count=3&timeout=60s")
        server.grant("old", "endpoints", ["list", "watch"])
        server.change(endpoints_of("a", True))
        self.ends(waiter)
        self.assertEqual(waiter.log.count("reading Endpoints"), 1, waiter.log)

    def new_account_of_that_name(self, server, name):
        """Its old tokens are refused from now on."""
        server.ok("DELETE", f"/api/v1/namespaces/default/serviceaccounts/{name}")
        token = server.account(name)
        self.secrets.append(token)
        return token

    def files_with(self, server, token):
        return {"token": token, "namespace": "default", "ca.crt": (server.served.folder / "ca.crt").read_text()}

    def test_a_token_that_kubelet_replaces_is_used_at_once(self):
        server = self.serve()
        server.make(slice_of(ready=False))
        account = self.as_account(server, "app")
        server.grant("app", "endpointslices", ["list", "watch"])
        waiter = self.wait(server, "db", mounted=account)
        server.wait_for_watch()
        account.swap(**self.files_with(server, self.new_account_of_that_name(server, "app")))
        server.control("POST", "disconnect", {"user-agent": PROGRAM})
        server.change(slice_of())
        self.ends(waiter)
        self.assertEqual(server.requests("status=401"), [])

    def test_a_token_that_is_refused_until_kubelet_replaces_it(self):
        server = self.serve()
        server.make(slice_of(ready=False))
        account = self.as_account(server, "app")
        server.grant("app", "endpointslices", ["list", "watch"])
        waiter = self.wait(server, "db", mounted=account)
        server.wait_for_watch()
        token = self.new_account_of_that_name(server, "app")
        server.control("POST", "disconnect", {"user-agent": PROGRAM})
        waiter.wait_for_line("does not accept the token (401)")
        account.swap(**self.files_with(server, token))
        server.change(slice_of())
        self.ends(waiter)
        self.assertIn("answers again", waiter.log)

    def test_a_ca_that_is_replaced_with_its_server(self):
        listen = f"--listen=127.0.0.1:{quiet_port()}"
        server = self.serve(listen, folder="old")
        server.make(slice_of(ready=False))
        token = json.loads((server.served.folder / "tokens.json").read_text())["serviceaccount"]
        mounted = Mounted(self.folder / "sa", **self.files_with(server, token))
        waiter = self.wait(server, "db", mounted=mounted)
        server.wait_for_watch()
        server.end()
        renewed = self.serve(listen, folder="new")
        waiter.wait_for_line("not trusted")
        renewed.make(slice_of(ready=False))
        renewed.change(slice_of())
        token = json.loads((renewed.served.folder / "tokens.json").read_text())["serviceaccount"]
        mounted.swap(**self.files_with(renewed, token))
        self.ends(waiter)


class ThePast(Resilience):
    def test_a_lagging_replica_is_believed_only_without_confirm(self):
        server = self.serve()
        server.make(slice_of(ready=False))
        careful, credulous = self.wait(server, "db"), self.wait(server, "db", "--confirm=off")
        server.wait_for_watch(2)
        server.control("POST", "hold")
        ready = server.change(slice_of())
        server.change(slice_of(ready=False))
        server.control("POST", "hold", {"version": int(ready)})  # which is over, but the watches tell it only now
        self.ends(credulous)
        server.requests("verb=list&resource=endpointslices&count=1&timeout=60s")
        careful.wait_for_line("was ready and is not any more")
        self.assertIsNone(careful.process.poll(), careful.log)
        self.assertNotIn("all dependencies are ready", careful.log)
        server.change(slice_of())
        server.control("POST", "release")
        self.ends(careful)

    def test_a_list_from_a_lagging_replica_is_not_begun_with(self):
        server = self.serve()
        server.make(slice_of())
        server.control("POST", "hold")
        server.change(slice_of(ready=False))
        waiter = self.wait(server, "db", "--confirm=off").wait_for_line("0 of 1 backends ready")
        server.change(slice_of())
        server.control("POST", "release")
        self.ends(waiter)
        self.assertNotIn("was ready", waiter.log)

    def test_history_that_was_rolled_back_is_found(self):
        server = self.serve()
        then = server.make(slice_of(ready=False))
        for _ in range(3):
            server.make({**slice_of(f"other-{_}")})
        server.change(slice_of(ready=False, address="10.20.9.9"))
        waiter = self.wait(server, "db", "--heartbeat=0")
        server.wait_for_watch()
        server.control("POST", "rollback", {"version": int(then)})
        server.control("POST", "disconnect", {"user-agent": PROGRAM})  # API servers are restarted with a restored etcd
        server.change(slice_of())
        self.ends(waiter)
        self.assertIn("a list from before what was seen already", waiter.log)


class Verdicts(Resilience):
    def service(self, server, name, **spec):
        server.ok("POST", "/api/v1/namespaces/default/services",
                  {"metadata": {"name": name}, "spec": {"ports": [{"name": "tcp", "port": 80}], "selector": {"app": name}, **spec}})

    def pod(self, server, name, app):
        """Running and not ready. Without its Node it would be in no slice."""
        server.ok("POST", "/api/v1/nodes", {"metadata": {"name": "node"}})
        server.ok("POST", "/api/v1/namespaces/default/pods",
                  {"metadata": {"name": name, "labels": {"app": app}},
                   "spec": {"nodeName": "node", "containers": [{"name": "c", "image": "i"}]}})
        self.pod_is(server, name, False)

    def pod_is(self, server, name, ready):
        path = f"/api/v1/namespaces/default/pods/{name}/status"
        pod = server.ok("GET", path)
        pod["status"] = {"phase": "Running", "podIP": "10.20.9.1", "podIPs": [{"ip": "10.20.9.1"}],
                         "conditions": [{"type": "Ready", "status": str(ready)}]}
        server.ok("PUT", path, pod)

    def test_published_although_not_ready_is_not_ready_until_it_serves(self):
        server = self.serve()
        self.service(server, "db", publishNotReadyAddresses=True)
        self.pod(server, "db-0", "db")
        waiter = self.wait(server, "db").wait_for_line("0 of 1 backends ready")
        (shown,) = server.ok("GET", SLICES.format("default"))["items"]
        self.assertEqual(shown["endpoints"][0]["conditions"], {"ready": True, "serving": False, "terminating": False})
        self.pod_is(server, "db-0", True)
        self.ends(waiter)

    def test_two_families_of_one_pod_count_once(self):
        server = self.serve()
        server.make(slice_of(name="v4", uid="db-0"), slice_of(name="v6", family="IPv6", address="fd00::1", uid="db-0"))
        waiter = self.wait(server, "db@2").wait_for_line("1 of 1 backends ready, 2 needed")
        server.make(slice_of(name="other", address="10.20.9.2", uid="db-1"))
        self.ends(waiter)

    def test_an_external_name_can_never_come_true(self):
        server = self.serve()
        server.ok("POST", "/api/v1/namespaces/default/services",
                  {"metadata": {"name": "db"}, "spec": {"type": "ExternalName", "externalName": "db.example.org"}})
        waiter = self.wait(server, "db")
        self.ends(waiter, 2)
        self.assertIn("Service db is of type ExternalName", waiter.log.splitlines()[-1])

    def test_a_service_that_waits_for_itself_can_never_come_true(self):
        server = self.serve()
        self.service(server, "web")
        self.pod(server, "web-0", "web")
        waiter = self.wait(server, "web", POD_NAME="web-0")
        self.ends(waiter, 2)
        self.assertIn("web", waiter.log.splitlines()[-1])
        self.assertIn("this very Pod", waiter.log.splitlines()[-1])

    def test_a_flap_begins_the_time_of_stability_again(self):
        server = self.serve()
        server.make(slice_of())
        waiter = self.wait(server, "db", "--stable-for=2s", "--heartbeat=1s").wait_for_line("still waiting after")
        server.change(slice_of(ready=False))
        waiter.wait_for_line("was ready and is not any more")
        back = server.served.now()
        server.change(slice_of())
        self.ends(waiter)
        self.assertGreaterEqual(server.served.now() - back, 2)

    def test_a_flap_that_was_missed_begins_the_time_of_stability_again(self):
        """Cut off, ready again when it comes back, and the history in between is gone: nobody knows that it did not flap."""
        server = self.serve()
        server.make(slice_of())
        waiter = self.wait(server, "db", "--stable-for=5s").wait_for_line("without a break")
        server.wait_for_watch()
        server.control("POST", "disconnect", {"user-agent": PROGRAM})
        server.change(slice_of(ready=False))
        server.change(slice_of())
        server.control("POST", "compact")
        waiter.wait_for_line("has expired (410)")
        lost = server.served.now()
        self.ends(waiter)
        self.assertGreaterEqual(server.served.now() - lost, 5)

    def test_addresses_that_a_restart_has_left_behind(self):
        left = self.write("left.yaml", """
version: 1
about: A cluster restarts, and for a while the API shows the address of before.
services: {db: {ports: {tcp: 3306}, pods: 1}}
timeline:
  - {at: 0s, pods: {db-0: stale}, controllers: paused}
  - {at: 2s, pods: {db-0: {shows: not-ready, address: new}}}
  - {at: 3s, pods: {db-0: ready}, controllers: running}
""")
        server = self.serve(scenario=left, pods=None if IN_SANDBOX else "loopback")
        waiter = self.wait(server, "db", "--verify=tcp")
        self.ends(waiter)
        self.assertGreaterEqual(server.served.now(), 3)

    def test_any_of_a_group_is_enough(self):
        server = self.serve()
        server.make(slice_of("a", ready=False), slice_of("b", ready=False))
        waiter = self.wait(server, "--any-of=a,b", "--heartbeat=0")
        server.wait_for_watch()
        self.assertIsNone(waiter.process.poll())
        server.change(slice_of("b"))
        self.ends(waiter)
        self.assertNotIn("default/a: ready", waiter.log)

    def test_not_ready_waits_until_all_are_gone(self):
        server = self.serve()
        server.make(slice_of("a"), slice_of("b"))
        waiter = self.wait(server, "--not-ready", "a", "b")
        server.wait_for_watch()
        server.change(slice_of("a", ready=False))
        waiter.wait_for_line("default/a: 0 of 1")
        self.assertIsNone(waiter.process.poll())
        server.ok("DELETE", SLICES.format("default") + "/b-1")
        self.ends(waiter)

    def test_check_tells_ready_not_ready_and_unknown(self):
        server = self.serve()
        server.make(slice_of("a"), slice_of("b", ready=False))
        self.ends(self.wait(server, "check", "a"), 0)
        self.ends(self.wait(server, "check", "b"), 1)
        self.ends(self.wait(server, "check", "no-such-service"), 1)
        server.fault("mute", {}, answer="silence")
        self.ends(self.wait(server, "check", "a", "--timeout=500ms"), 124)

    def test_one_connection_for_each_namespace_and_one_more(self):
        server = self.serve()
        for name in ("one", "two"):
            server.ok("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
            server.make(slice_of("a", ready=False), slice_of("b"), namespace=name)
        waiter = self.wait(server, "one/a", "one/b", "two/a", "two/b")
        server.wait_for_watch(2)
        server.change(slice_of("a"), namespace="one")
        waiter.wait_for_line("one/a: ready")
        server.change(slice_of("a"), namespace="two")
        self.ends(waiter)
        asked = server.requests()
        self.assertEqual(len([one for one in asked if one["verb"] == "watch"]), 2)
        self.assertLessEqual(len({one["connection"] for one in asked}), 3)

    def test_questions_about_services_share_one_connection(self):
        server = self.serve()
        waiter = self.wait(server, "a", "b", "c")  # none of which exists, so it asks why
        for name in "abc":
            waiter.wait_for_line(f"there is no Service {name}")
        self.assertEqual(len({one["connection"] for one in server.requests("resource=services")}), 1)
        self.assertLessEqual(server.control("GET", "status")["connections"], 3)  # one of them is the administrator's


if __name__ == "__main__":
    at_once.main(first=("test_a_frozen_watch_is_found_by_the_end_of_its_life", "test_history_that_was_rolled_back_is_found",
                        "test_a_flap_that_was_missed_begins_the_time_of_stability_again"))

"""When a wait ends, with the real programs over TLS: what counts as ready, for how long, of which group, and what can never come true."""
import at_once
from cluster import PROGRAM, SLICES, Resilience, slice_of
from programs import IN_SANDBOX


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
    at_once.main()

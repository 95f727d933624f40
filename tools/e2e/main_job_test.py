"""The main job with real processes over TLS: scenarios against the engine, its exit codes and its signals."""
import signal
import time
import unittest

from programs import ROOT, EndToEnd, Waiter, run_waiter

STALE = """
version: 1
about: The API shows a Pod as ready, and nothing listens there before 3 s.
services:
  mysql:
    ports: {tcp: 3306}
    pods: 1
timeline:
  - at: 0s
    pods: {mysql-0: stale}
  - at: 3s
    pods: {mysql-0: ready}
"""

OUTAGE = """
version: 1
about: The API server is away while a client watches, and the Pod becomes ready in the meantime.
services:
  mysql:
    ports: {tcp: 3306}
    pods: 1
timeline:
  - at: 0s
    pods: {mysql-0: running}
  - at: 5s
    api: down
  - at: 5.2s
    pods: {mysql-0: ready}
  - at: 5.5s
    api: up
"""


class MainJob(EndToEnd):
    def test_ends_when_the_first_pod_is_ready(self):
        with self.serve(ROOT / "scenarios/slow-readiness.yaml") as api:
            code, log = run_waiter("mysql", environment=api.pod())
            self.assertEqual(code, 0, log)
            self.assertGreaterEqual(api.now(), 2.0, "the first Pod is ready at 2 s")

    def test_waits_for_as_many_as_are_asked_for(self):
        with self.serve(ROOT / "scenarios/slow-readiness.yaml") as api:
            code, log = run_waiter("mysql@all", environment=api.pod())
            self.assertEqual(code, 0, log)
            self.assertGreaterEqual(api.now(), 6.0, "the last Pod is ready at 6 s")

    def test_a_stale_address_is_believed_without_verification(self):
        never = STALE.replace("  - at: 3s\n    pods: {mysql-0: ready}\n", "")
        self.assertNotEqual(never, STALE)
        with self.serve(self.write("stale.yaml", never)) as api:
            code, log = run_waiter("mysql", environment=api.pod())
            self.assertEqual(code, 0, "it believes the API, although nothing ever listens: " + log)

    def test_verification_waits_until_something_listens(self):
        with self.serve(self.write("stale.yaml", STALE)) as api:
            code, log = run_waiter("--verify=tcp", "mysql:tcp", environment=api.pod())
            self.assertEqual(code, 0, log)
            self.assertGreaterEqual(api.now(), 3.0)

    def test_survives_a_full_cluster_restart(self):
        with self.serve(ROOT / "scenarios/full-cluster-restart.yaml") as api:
            time.sleep(max(0, 3.2 - api.now()))  # the scenario's power failure is at 3 s: the API is away
            code, log = run_waiter("--verify=tcp", "mysql", environment=api.pod())
            self.assertEqual(code, 0, log)
            self.assertGreaterEqual(api.now(), 13.0, "the first new Pod listens at 13 s")

    def test_sees_what_happened_while_the_api_was_away(self):
        with self.serve(self.write("outage.yaml", OUTAGE)) as api:
            waiter = Waiter("mysql", environment=api.pod()).wait_for_line("mysql-0 not ready")
            self.assertEqual(waiter.finish(), 0, waiter.log)
            self.assertGreaterEqual(api.now(), 5.5)
            self.assertIn("answers again", waiter.log)

    def test_replays_a_recorded_trace(self):
        with self.serve(ROOT / "scenarios/recorded/full-cluster-restart.json") as api:
            code, log = run_waiter("trace-full-cluster-restart/mysql@all", environment=api.pod())
            self.assertEqual(code, 0, log)

    def test_sigterm_while_waiting_is_143(self):
        with self.serve(self.write("stale.yaml", STALE)) as api:
            waiter = Waiter("nothing-of-that-name", environment=api.pod()).wait_for_line("no endpoints of this Service")
            waiter.process.send_signal(signal.SIGTERM)
            self.assertEqual(waiter.finish(), 143, waiter.log)

    def test_the_timeout_is_124_and_says_what_is_missing(self):
        with self.serve(self.write("stale.yaml", STALE)) as api:
            code, log = run_waiter("--timeout=500ms", "other/redis", environment=api.pod())
            self.assertEqual(code, 124, log)
            self.assertIn("other/redis", log.splitlines()[-1])

    def test_a_heartbeat_says_what_is_missing(self):
        with self.serve(self.write("stale.yaml", STALE)) as api:
            waiter = Waiter("--heartbeat=100ms", "redis", environment=api.pod()).wait_for_line("still waiting after")
            waiter.process.terminate()
            waiter.finish()
            self.assertIn("default/redis: there is no Service redis in namespace default", waiter.log)

    def test_a_kubeconfig_works_as_well(self):
        with self.serve(ROOT / "scenarios/slow-readiness.yaml") as api:
            code, log = run_waiter("--kubeconfig", str(api.folder / "kubeconfig"), "mysql", environment={})
            self.assertEqual(code, 0, log)


if __name__ == "__main__":
    unittest.main()

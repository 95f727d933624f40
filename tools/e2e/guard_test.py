"""The guard of a Pod with real processes: what its probes, metrics and pages say while dependencies come and go."""
import http.client
import json
import re
import signal
import subprocess
import unittest

from programs import BIN, PATIENCE, ROOT, EndToEnd, Waiter, clean_environment

LOST = ROOT / "scenarios/dependency-lost-after-start.yaml"  # ready at once, away from 4 s to 11 s

AWAY = """
version: 1
about: The API server goes away for good while the dependency is ready.
services:
  mysql: {ports: {tcp: 3306}, pods: 1}
timeline:
  - at: 0s
    pods: {mysql-0: ready}
  - at: 3s
    api: down
"""


class Guard(Waiter):
    """A guard at a free port of `address`; it listens when this is made."""

    def __init__(self, *arguments, environment, address="127.0.0.1"):
        super().__init__("guard", f"--listen={address}:0", *arguments, environment=environment)
        self.wait_for_line("listening at http://")
        self.host, port = re.search(r"listening at http://\[?([0-9a-f.:]+)\]?:(\d+)", self.log).groups()
        self.port = int(port)

    def get(self, path, method="GET"):
        """Status and body."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        connection.request(method, path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body

    def status(self, path):
        return self.get(path)[0]

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.finish()


def probe(what, port):
    done = subprocess.run([BIN / "wait-for-endpoints", "probe", what, f"--port={port}"], capture_output=True, text=True,
                          timeout=PATIENCE, env=clean_environment())
    return done.returncode, done.stdout + done.stderr


class GuardTest(EndToEnd):
    def guard(self, api, *arguments, **more):
        guard = Guard(*arguments, environment=api.pod(), **more)
        self.addCleanup(guard.process.stderr.close)
        self.addCleanup(guard.process.stdout.close)
        self.addCleanup(guard.process.wait)
        self.addCleanup(guard.process.kill)
        return guard


class BeforeTheFirstVerdict(GuardTest):
    def test_probes_tell_what_is_missing(self):
        with self.serve(LOST) as api:
            guard = self.guard(api, "redis").wait_for_line("there is no Service")
            for path in ("/startupz", "/readyz"):
                status, reason = guard.get(path)
                self.assertEqual(status, 503)
                self.assertIn("waiting: default/redis: there is no Service redis", reason)
            self.assertEqual(guard.get("/livez"), (200, "ok\n"))

    def test_the_probe_command_says_the_same_with_its_exit_code(self):
        with self.serve(LOST) as api:
            guard = self.guard(api, "redis").wait_for_line("there is no Service")
            self.assertEqual(probe("live", guard.port), (0, ""))
            for what in ("startup", "ready"):
                code, words = probe(what, guard.port)
                self.assertEqual(code, 1)
                self.assertIn("default/redis", words)
                self.assertEqual(words.count("\n"), 1, words)

    def test_a_signal_is_no_success(self):
        with self.serve(LOST) as api:
            self.assertEqual(self.guard(api, "redis").stop(signal.SIGTERM), 143)
            self.assertEqual(self.guard(api, "redis").stop(signal.SIGINT), 130)

    def test_it_listens_while_the_api_server_is_away(self):
        with self.serve(LOST) as api:
            environment = {**api.pod(), "KUBERNETES_SERVICE_PORT": "1"}
            guard = Guard("mysql", environment=environment).wait_for_line("cannot be reached")
            self.addCleanup(guard.stop)
            self.assertIn("cannot be reached", guard.get("/startupz")[1])
            self.assertTrue(json.loads(guard.get("/status")[1])["degraded"])


class OverHttp(GuardTest):
    def test_every_form_names_the_dependency_and_none_the_token(self):
        with self.serve(LOST) as api:
            guard = self.guard(api, "redis:6379").wait_for_line("there is no Service")
            token = (api.folder / "serviceaccount/token").read_text().strip()
            self.assertGreater(len(token), 10)
            for path in ("/startupz", "/metrics", "/status", "/"):
                body = guard.get(path)[1]
                self.assertIn("default/redis:6379", body, path)
                self.assertNotIn(token, body, path)
            self.assertNotIn(token, guard.log)

    def test_status_is_json(self):
        with self.serve(LOST) as api:
            guard = self.guard(api, "--policy=unready", "redis").wait_for_line("there is no Service")
            status = json.loads(guard.get("/status")[1])
            self.assertEqual((status["verdict"], status["policy"], status["degraded"]), ("waiting", "unready", False))
            self.assertEqual(status["dependencies"][0]["reason"], "no_service")
            self.assertTrue(status["sources"][0]["synced"])

    def test_other_paths_and_methods_are_refused(self):
        with self.serve(LOST) as api:
            guard = self.guard(api, "redis")
            self.assertEqual(guard.status("/healthz"), 404)
            self.assertEqual(guard.get("/livez", "POST")[0], 405)
            self.assertEqual(guard.get("/livez", "HEAD"), (200, ""))

    def test_ipv6(self):
        with self.serve(LOST) as api:
            guard = self.guard(api, "redis", address="[::1]")
            self.assertEqual(guard.get("/livez"), (200, "ok\n"))
            self.assertEqual(probe("live", guard.port), (0, ""))


class Mistakes(GuardTest):
    def test_a_port_that_is_taken_is_an_error_of_configuration(self):
        with self.serve(LOST) as api:
            first = self.guard(api, "redis")
            second = Waiter("guard", f"--listen=127.0.0.1:{first.port}", "redis", environment=api.pod())
            self.assertEqual(second.finish(), 2)
            self.assertIn(f"cannot listen at 127.0.0.1:{first.port}: Address already in use", second.log)
            self.assertEqual(second.log.count("\n"), 1, second.log)

    def test_a_probe_without_a_guard_fails_and_says_so(self):
        with self.serve(LOST) as api:
            guard = self.guard(api, "redis")
            guard.stop()
            code, words = probe("live", guard.port)
            self.assertEqual(code, 1)
            self.assertIn("Connection refused", words)
            self.assertEqual(words.count("\n"), 1, words)


class AfterTheFirstVerdict(GuardTest):
    def test_the_start_is_held_back_until_the_dependency_is_ready(self):
        with self.serve(ROOT / "scenarios/slow-readiness.yaml") as api:
            guard = self.guard(api, "mysql").wait_for_line("0 of 3 backends ready")
            self.assertEqual(probe("startup", guard.port)[0], 1)
            guard.wait_for_line("all dependencies are ready")
            self.assertGreaterEqual(api.now(), 2.0, "the first Pod is ready at 2 s")
            self.assertEqual(probe("startup", guard.port), (0, ""))
            self.assertEqual(probe("ready", guard.port), (0, ""))
            self.assertIn('dependency_met{dependency="default/mysql"} 1', guard.get("/metrics")[1])

    def test_observe_tells_and_stays_ready(self):
        with self.serve(LOST) as api:
            guard = self.guard(api, "--lost-after=1s", "mysql").wait_for_line("lost after")
            self.assertEqual(guard.status("/readyz"), 200)
            self.assertEqual(guard.status("/startupz"), 200)
            self.assertEqual(json.loads(guard.get("/status")[1])["verdict"], "lost")
            self.assertIn("wait_for_endpoints_lost_total 1\n", guard.get("/metrics")[1])
            self.assertEqual(guard.stop(), 0, guard.log)

    def test_unready_is_ready_again_when_the_dependency_is_back(self):
        with self.serve(LOST) as api:
            guard = self.guard(api, "--policy=unready", "--lost-after=1s", "mysql").wait_for_line("are ready")
            self.assertEqual(guard.status("/readyz"), 200)
            guard.wait_for_line("lost after")
            status, reason = guard.get("/readyz")
            self.assertEqual(status, 503)
            self.assertIn("lost: default/mysql", reason)
            self.assertEqual(guard.status("/startupz"), 200)
            self.assertEqual(guard.status("/livez"), 200)
            guard.log = guard.log.replace("all dependencies are ready", "(seen)")
            guard.wait_for_line("all dependencies are ready")
            self.assertGreaterEqual(api.now(), 11.0)
            self.assertEqual(guard.get("/readyz"), (200, "ok\n"))

    def test_exit_ends_with_69(self):
        with self.serve(LOST) as api:
            guard = self.guard(api, "--policy=exit", "--lost-after=1s", "mysql")
            self.assertEqual(guard.finish(), 69, guard.log)
            self.assertGreaterEqual(api.now(), 5.0, "away at 4 s, lost a second later")

    def test_away_for_less_than_lost_after_is_not_lost(self):
        with self.serve(LOST) as api:
            guard = self.guard(api, "--policy=exit", "--lost-after=1h", "mysql").wait_for_line("are ready")
            guard.wait_for_line("was ready and is not any more")
            self.assertEqual(guard.status("/readyz"), 200)
            self.assertEqual(json.loads(guard.get("/status")[1])["verdict"], "met")
            self.assertEqual(guard.stop(), 0, guard.log)

    def test_a_sidecar_that_is_told_to_stop_ends_well(self):
        with self.serve(LOST) as api:
            for number in (signal.SIGTERM, signal.SIGINT):
                guard = self.guard(api, "mysql").wait_for_line("are ready")
                self.assertEqual(guard.stop(number), 0, guard.log)

    def test_an_api_server_that_is_away_is_no_lost_dependency(self):
        with self.serve(self.write("away.yaml", AWAY)) as api:
            guard = self.guard(api, "--policy=unready", "--lost-after=100ms", "mysql")
            guard.wait_for_line("are ready").wait_for_line("cannot be reached")
            status = json.loads(guard.get("/status")[1])
            self.assertEqual((status["verdict"], status["degraded"]), ("met", True))
            self.assertEqual(guard.status("/readyz"), 200)


if __name__ == "__main__":
    unittest.main()

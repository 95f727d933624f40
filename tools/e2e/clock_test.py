"""The control API of a scenario that is played: its clock, its events, objects and steps by hand, over TLS against the real program.

Steps are a hundred seconds apart: none of them comes by itself while a test runs.
"""
import http.client
import json
import os
import pty
import subprocess
import threading
import time
import unittest

from api import ENDPOINTS, Api
from programs import BIN, PATIENCE, EndToEnd, clean_environment

MYSQL = ENDPOINTS + "/mysql"
SCENARIO = """version: 1
about: Two Pods come, and one of them goes.
services:
  mysql: {ports: {tcp: 3306}, pods: 2}
timeline:
  - {at: 100s, why: the first is ready, pods: {mysql-0: ready}}
  - {at: 200s, why: both are ready, pods: {mysql-1: ready}}
  - {at: 300s, why: the first fails, pods: {mysql-0: running}}
"""
AWAY = """version: 1
about: The API server is away for a while.
services:
  mysql: {ports: {tcp: 3306}, pods: 1}
timeline:
  - {at: 100s, why: it goes, api: down}
  - {at: 103s, why: it comes back, api: up}
  - {at: 200s, why: ready, pods: {mysql-0: ready}}
heal: never
"""


class Played(EndToEnd):
    scenario = SCENARIO

    def setUp(self):
        super().setUp()
        self.served = self.serve(self.write("played.yaml", self.scenario), "--pods=none", *self.flags())
        self.addCleanup(self.served.__exit__)
        self.api = self.client()

    def flags(self):
        return ()

    def client(self, token="admin"):
        api = Api(self.served, token)
        self.addCleanup(api.connection.close)
        return api

    def ok(self, method, path, body=None):
        status, answer = self.api.control(method, path, body)
        self.assertIn(status, (200, 201), answer)
        return answer

    def send_text(self, method, path, text):
        self.api.connection.request(method, "/_fakeapi/v1/" + path, text.encode(), {"Authorization": f"Bearer {self.api.token}"})
        answer = self.api.connection.getresponse()
        return answer.status, json.loads(answer.read())

    def clock(self):
        return self.ok("GET", "status")["scenario-clock"]

    def ready(self):
        """How many Pods the Endpoints show as ready."""
        status, endpoints = self.api.call("GET", MYSQL)
        self.assertEqual(status, 200, endpoints)
        return sum(len(subset.get("addresses", [])) for subset in endpoints.get("subsets", []))

    def events(self, query=""):
        return self.ok("GET", "events?" + query)

    def wait_for(self, what, lane="steps"):
        """Reads events as they come until one of the lane says this."""
        end, since = time.monotonic() + PATIENCE, 0
        while time.monotonic() < end:
            answer = self.events(f"since={since}&timeout=10s")
            if found := [one for one in answer["events"] if one["lane"] == lane and what in one["what"] + one["why"]]:
                return found[0]
            since = answer["seq"]
        self.fail(f"no event of {lane} with {what!r}")


class Clock(Played):
    def test_the_status_shows_it(self):
        status = self.ok("GET", "status")
        self.assertEqual((status["scenario"], status["about"]), ("played", "Two Pods come, and one of them goes."))
        clock = status["scenario-clock"]
        self.assertEqual({key: clock[key] for key in ("paused", "speed", "epoch", "next-step", "last-step", "waiting-steps")},
                         {"paused": False, "speed": 1, "epoch": 1, "next-step": 100, "last-step": 300, "waiting-steps": 0})
        self.assertGreaterEqual(clock["end"], 300)

    def test_it_stands_while_it_is_paused(self):
        paused = self.ok("POST", "pause")
        self.assertTrue(paused["paused"])
        self.assertEqual(self.clock()["time"], paused["time"])
        self.assertFalse(self.ok("POST", "resume")["paused"])
        end = time.monotonic() + PATIENCE
        while self.clock()["time"] <= paused["time"]:
            self.assertLess(time.monotonic(), end)

    def test_a_step_goes_to_the_next_and_stands_there(self):
        for at, ready in ((100, 1), (200, 2), (300, 1)):
            clock = self.ok("POST", "step")
            self.assertEqual((clock["time"], clock["paused"]), (at, True))
            self.assertEqual(self.ready(), ready)
        status, answer = self.api.control("POST", "step")
        self.assertEqual((status, answer["reason"]), (409, "Conflict"))
        self.assertIn("no further step", answer["message"])

    def test_forward_all_steps_on_the_way_are_done(self):
        stream = self.client().start("GET", f"{ENDPOINTS}?watch=1&fieldSelector=metadata.name=mysql")
        clock = self.ok("POST", "seek", {"to": "250s"})
        self.assertGreaterEqual(clock["time"], 250)
        self.assertEqual((clock["epoch"], clock["next-step"], self.ready()), (1, 300, 2))
        shown = 0
        while shown < 2:
            endpoints = json.loads(stream.readline())["object"]
            shown = sum(len(subset.get("addresses", [])) for subset in endpoints.get("subsets", []))
        self.assertEqual([one["at"] for one in self.events()["events"] if one["lane"] == "steps"], [100, 200])

    def test_back_is_a_new_epoch(self):
        self.ok("POST", "seek", {"to": "250s"})
        before = self.ok("GET", "status")["resourceVersion"]
        stream = self.client().start("GET", ENDPOINTS + "?watch=1")
        clock = self.ok("POST", "seek", {"to": "150s"})
        self.assertEqual((clock["epoch"], clock["next-step"]), (2, 200))
        last = [json.loads(line) for line in stream]  # to its end, which comes in order
        self.assertNotIn("ERROR", [event["type"] for event in last])
        self.assertEqual(self.ready(), 1)
        version = self.api.call("GET", MYSQL)[1]["metadata"]["resourceVersion"]
        self.assertGreater(int(version), int(before))

    def test_restart_is_the_start_under_new_versions(self):
        self.ok("POST", "pause")
        self.ok("POST", "seek", {"to": "250s"})
        before = self.ok("GET", "status")["resourceVersion"]
        clock = self.ok("POST", "restart")
        self.assertEqual((clock["time"], clock["epoch"], clock["paused"], clock["next-step"]), (0, 2, True, 100))
        self.assertEqual(self.ready(), 0)
        self.assertGreater(int(self.ok("GET", "status")["resourceVersion"]), int(before))

    def test_speed_brings_steps_nearer(self):
        self.assertEqual(self.ok("POST", "speed", {"speed": 1000})["speed"], 1000)
        self.wait_for("both are ready")
        self.assertGreaterEqual(self.clock()["time"], 200)

    def test_windows_of_faults_are_on_it(self):
        self.ok("POST", "pause")
        self.ok("PUT", "faults/busy", {"match": {"resource": "endpoints"}, "respond": {"status": 503}, "window": "100s..200s"})
        for to, status in (("99s", 200), ("100s", 503), ("200s", 200)):
            self.ok("POST", "seek", {"to": to})
            self.assertEqual(self.api.call("GET", MYSQL)[0], status, to)
        lines = [(one["what"], one["at"]) for one in self.events()["events"] if one["lane"] == "fault/busy" and one["what"] != "met"]
        self.assertEqual(lines, [("active", 100), ("over", 200)])

    def test_what_is_no_time_and_no_speed_is_told(self):
        for path, body, words in (
                ("seek", {}, 'missing key "to"'), ("seek", {"to": "-2s"}, "line 1:"), ("seek", {"to": "soon"}, "line 1:"),
                ("seek", {"too": "1s"}, 'did you mean "to"'), ("seek", {"to": "25h"}, "more than 24h"), ("speed", {}, 'missing key "speed"'),
                ("speed", {"speed": 0}, "0.01 to 1000"), ("speed", {"speed": "fast"}, '"fast" is not a number'),
                ("speed", {"speed": 1001}, "0.01 to 1000")):
            status, answer = self.api.control("POST", path, body)
            self.assertEqual((status, answer["reason"]), (400, "BadRequest"), body)
            self.assertIn(words, answer["message"])
        self.assertEqual((self.clock()["epoch"], self.clock()["speed"]), (1, 1))

    def test_only_its_methods_are_possible(self):
        for path in ("pause", "resume", "step", "seek", "speed", "restart", "steps"):
            self.assertEqual(self.api.control("GET", path)[0], 405, path)
        for method, path in (("PUT", "events"), ("DELETE", "events"), ("PUT", "objects")):
            self.assertEqual(self.api.control(method, path, {})[0], 405, path)
        self.assertEqual(self.client("serviceaccount").control("POST", "pause")[0], 403)
        self.assertFalse(self.clock()["paused"])


class Away(Played):
    """Nobody can ask an API server that takes no connections to go on."""
    scenario = AWAY

    def back(self):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.api = self.client()
                return self.clock()
            except OSError:
                self.assertLess(time.monotonic(), end)
                time.sleep(0.05)  # until the next attempt, not for what is tested

    def test_the_clock_runs_while_the_api_is_down_and_stands_when_it_is_back(self):
        clock = self.ok("POST", "step")
        self.assertEqual((clock["time"], clock["paused"], clock["pauses-when-back"]), (100, False, True))
        with self.assertRaises(ConnectionRefusedError):
            self.client().control("GET", "status")
        with self.assertRaises((OSError, http.client.HTTPException)):
            self.api.connection.auto_open = 0
            self.api.control("GET", "status")
        clock = self.back()
        self.assertEqual((clock["paused"], clock["pauses-when-back"], clock["next-step"]), (True, False, 200))
        self.assertGreaterEqual(clock["time"], 103)

    def test_nobody_is_kept_out_by_a_fault_on_a_clock_that_stands(self):
        now = self.ok("POST", "pause")["time"]
        self.ok("PUT", "faults/away", {"connect": "refuse", "window": f"0s..{now + 2:.3f}s"})
        with self.assertRaises(ConnectionRefusedError):
            self.client().control("GET", "status")
        self.assertTrue(self.back()["paused"])

    def test_a_step_by_hand_that_would_keep_everybody_out_is_refused(self):
        self.ok("POST", "seek", {"to": "150s"})
        status, answer = self.api.control("POST", "steps", {"api": "down"})
        self.assertEqual(status, 400)
        self.assertIn("connect: refuse", answer["message"])
        self.assertEqual(self.ready(), 0)


class Events(Played):
    def flags(self):
        return ("--events", str(self.folder / "events.jsonl"))

    def test_a_mark_is_seen_by_who_waits_and_in_the_file(self):
        seen = self.events()
        self.assertEqual(seen["events"][0]["why"], "Two Pods come, and one of them goes.")
        self.assertEqual(seen["seq"], len(seen["events"]))
        answer = {}
        poll = threading.Thread(target=lambda: answer.update(self.client().control("GET", f"events?since={seen['seq']}&timeout=60s")[1]))
        poll.start()
        self.api.control("GET", "status")
        self.assertTrue(poll.is_alive(), "there is nothing new yet")
        status, added = self.api.control("POST", "events", {"lane": "subject/mine", "what": "started", "why": "by hand"})
        self.assertEqual(status, 201)
        poll.join(PATIENCE)
        line = {"at": added["at"], "lane": "subject/mine", "what": "started", "why": "by hand"}
        self.assertEqual((answer["seq"], answer["events"]), (seen["seq"] + 1, [line]))
        self.assertEqual(json.loads((self.folder / "events.jsonl").read_text().splitlines()[-1]), line)

    def test_nothing_new_is_an_empty_list(self):
        seq = self.events()["seq"]
        answer = self.events(f"since={seq}&timeout=50ms")
        self.assertEqual((answer["seq"], answer["events"]), (seq, []))

    def test_a_number_that_is_not_reached_is_answered_at_once(self):
        """A page that comes back to another server than before asks with that one's number."""
        self.assertEqual(self.events("since=1000000&timeout=10m")["events"], [])

    def test_an_epoch_begins_with_its_own_lines(self):
        self.ok("POST", "step")
        self.ok("POST", "restart")
        answer = self.events()
        self.assertEqual((answer["epoch"], answer["seq"]), (2, len(answer["events"])))
        lines = answer["events"][answer["epoch-since"]:]
        self.assertEqual([one["why"] for one in lines][:2],
                         ["Two Pods come, and one of them goes.", "the scenario begins anew: epoch 2"])
        self.assertEqual({one["lane"] for one in lines}, {"", "truth/mysql", "api/mysql"})
        self.assertLess(max(one["at"] for one in lines), 100)

    def test_streams_of_an_epoch_end_in_it(self):
        self.events()
        self.client().start("GET", ENDPOINTS + "?watch=1")
        self.ok("POST", "restart")
        answer = self.events()
        ends = [number for number, one in enumerate(answer["events"], 1) if one["what"].endswith("ended")]
        self.assertEqual(len(ends), 1)
        self.assertLessEqual(ends[0], answer["epoch-since"])

    def test_mistakes_are_told(self):
        for method, path, body, words in (
                ("GET", "events?since=x", None, 'since: "x" is not a number'),
                ("GET", "events?timeout=1h", None, "at most 10m"),
                ("GET", "events?sinze=1", None, 'did you mean "since"?'),
                ("POST", "events", {"lane": "subject/mine"}, '"what"'),
                ("POST", "events", {"lane": "a", "what": "b", "wy": "c"}, 'did you mean "why"?')):
            status, answer = self.api.control(method, path, body)
            self.assertEqual(status, 400, answer)
            self.assertIn(words, answer["message"])


class ByHand(Played):
    def test_objects_come_and_go(self):
        def slices():
            return [one["metadata"]["name"] for one in
                    self.api.call("GET", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices")[1]["items"]]
        before = self.ok("GET", "objects")["endpointslices.discovery.k8s.io"]
        made = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": {"name": "one"}, "addressType": "IPv4",
                "endpoints": []}
        version = self.ok("POST", "objects", [made, {**made, "metadata": {"name": "two"}}])["resourceVersion"]
        self.assertEqual(version, self.ok("GET", "status")["resourceVersion"])
        self.assertEqual(self.ok("GET", "objects")["endpointslices.discovery.k8s.io"], before + 2)
        self.ok("DELETE", "objects", {"kind": "EndpointSlice", "name": "one"})
        self.assertNotIn("one", slices())
        self.assertIn("two", slices())
        self.ok("DELETE", "objects", {"kind": "EndpointSlice", "name": "one"})

    def test_objects_may_be_yaml(self):
        text = "- apiVersion: v1\n  kind: Endpoints\n  metadata:\n    name: one\n- apiVersion: v1\n  kind: Endpoints\n  metadata: {name: two}\n"
        self.assertEqual(self.send_text("POST", "objects", text)[0], 200)
        self.assertEqual(self.api.call("GET", ENDPOINTS + "/two")[0], 200)

    def test_a_step_is_performed_now(self):
        status, answer = self.send_text("POST", "steps", "why: both at once\npods: {\"mysql-*\": ready}\n")
        self.assertEqual(status, 200, answer)
        self.assertEqual(self.ready(), 2)
        step = [one for one in self.events()["events"] if one["lane"] == "steps"]
        self.assertEqual([one["why"] for one in step], ["both at once"])
        self.ok("POST", "steps", {"pods": {"mysql-0": "running"}})
        self.assertEqual(self.ready(), 1)

    def test_mistakes_are_told_with_their_place(self):
        for method, path, text, words in (
                ("POST", "steps", "why: x\npods:\n  mysql-7: ready\n", "line 3:3: "),
                ("POST", "steps", "why: x\npodz: {}\n", 'line 2:1: unknown key "podz"'),
                ("POST", "steps", "at: 3s\npods: {}\n", 'line 1:5: "at" has no meaning here'),
                ("POST", "steps", "{", "line "),
                ("POST", "steps", "", "line 1:1: "),
                ("POST", "objects", "", "line 1:1: "),
                ("POST", "objects", "apiVersion: v1\nkind: Endpoints\n", "line 1:1: "),
                ("POST", "objects", "[{]", "line 1:"),
                ("POST", "objects", '{"apiVersion": "v1", "kind": "Nonsense", "metadata": {"name": "x"}}', "Nonsense"),
                ("DELETE", "objects", "kind: Endpoints\nnam: x\n", 'line 2:1: unknown key "nam"')):
            status, answer = self.send_text(method, path, text)
            self.assertEqual((status, answer["reason"]), (400, "BadRequest"), answer)
            self.assertIn(words, answer["message"])
            self.assertNotIn("{\"", answer["message"], "a Status in a Status")


class Page(Played):
    def test_the_page_needs_no_token_and_holds_none(self):
        answer = self.client("none").start("GET", "/_fakeapi/")
        text = answer.read().decode()
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        policy = answer.headers["Content-Security-Policy"]
        self.assertIn("connect-src 'self'", policy)
        self.assertNotIn("unsafe", policy)
        self.assertNotIn(self.api.token, text)
        self.assertEqual(self.served.ready["page"], f"{self.served.url}/_fakeapi/#token={self.api.token}")
        self.assertEqual(self.client("none").control("GET", "status")[0], 403)

    def test_a_person_at_a_terminal_is_told_where_to_look(self):
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        process = subprocess.Popen([BIN / "fakeapi", "serve", "--dir", self.folder / "terminal"], stdout=theirs, stderr=subprocess.PIPE,
                                   text=True, env=clean_environment())
        os.close(theirs)
        said = process.stderr.readline()
        process.terminate()
        process.communicate(timeout=PATIENCE)
        self.assertRegex(said, r"^look on at https://127\.0\.0\.1:\d+/_fakeapi/#token=[0-9a-f]{32}\n$")

    def test_looking_on_is_no_request_of_a_client(self):
        self.client("none").start("GET", "/_fakeapi/").read()
        self.assertEqual(self.ok("GET", "status")["requests"], 0)


class Flags(EndToEnd):
    def test_a_container_listens_everywhere_under_its_names(self):
        flags = ("--listen=0.0.0.0:0", "--insecure-listen", "--san=fake.example", "--san=10.99.0.1", "--advertise=https://fake:6443")
        with self.serve(None, "--pods=none", *flags) as served:
            self.assertEqual(served.url, "https://fake:6443")
            self.assertIn("server: https://fake:6443\n", (served.folder / "kubeconfig").read_text())

    def test_who_listens_everywhere_is_reached_at_loopback_by_all_names(self):
        with self.serve(None, "--pods=none", "--listen=0.0.0.0:0", "--insecure-listen", "--san=fake.example", "--san=10.99.0.1") as served:
            api = Api(served)
            self.addCleanup(api.connection.close)
            self.assertEqual(api.control("GET", "status")[0], 200)
            port = served.url.rsplit(":", 1)[1]
            for name in ("fake.example", "10.99.0.1"):
                asked = subprocess.run(["curl", "-sS", "--noproxy", "*", "--resolve", f"{name}:{port}:127.0.0.1", "--connect-to",
                                        f"{name}:{port}:127.0.0.1:{port}", "--cacert", served.folder / "ca.crt",
                                        f"https://{name}:{port}/_fakeapi/"], capture_output=True, text=True, timeout=PATIENCE)
                self.assertIn("<!DOCTYPE html>", asked.stdout, asked.stderr)

    def test_speed_seed_and_only(self):
        faults = "faults:\n  - {name: away, match: {nth: 1000}, answer: close}\n  - {name: busy, match: {nth: 1000}, respond: {status: 503}}\n"
        path = self.write("x.yaml", SCENARIO + faults)
        with self.serve(path, "--pods=none", "--speed=500", "--seed=7", "--only=real") as served:
            api = Api(served)
            self.addCleanup(api.connection.close)
            status = api.control("GET", "status")[1]
            self.assertEqual((status["seed"], status["scenario-clock"]["speed"], status["faults"]), (7, 500, 1))

    def test_wrong_values_are_told_in_one_line(self):
        for flags, words in (
                (["--listen=0.0.0.0:0"], "--insecure-listen"), (["--listen=[::]:0"], "loopback"),
                (["--listen=host:1"], "no address with a port"), (["--speed=0"], "0.01"), (["--speed=1001"], "1000"),
                (["--only=hostile"], "neither real nor network"), (["--advertise=http://x"], "https://HOST:PORT"),
                (["--advertise=https://x/path"], "https://HOST:PORT"), (["--advertise=https://x:y"], "https://HOST:PORT"),
                (["--san=not a name"], "not a name"), (["--seed=-1"], "--seed")):
            ended = subprocess.run([BIN / "fakeapi", "serve", "--dir", self.folder / "api", *flags], capture_output=True, text=True,
                                   timeout=PATIENCE, env=clean_environment())
            self.assertEqual((ended.returncode, len(ended.stderr.splitlines())), (2, 1), ended.stderr)
            self.assertIn(words, ended.stderr)
            self.assertFalse((self.folder / "api").exists())


if __name__ == "__main__":
    unittest.main()

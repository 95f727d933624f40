"""The control API against the real program over TLS: faults, waiting, compaction, disconnecting; and the page that describes it."""
import http.client
import json
import os
import re
import subprocess
import threading
import unittest

from api import ENDPOINTS, Api
from programs import BIN, PATIENCE, ROOT, EndToEnd, clean_environment


class ControlApi(EndToEnd):
    def setUp(self):
        super().setUp()
        self.flags = ["--pods=none"]

    def client(self, served, token="admin"):
        api = Api(served, token)
        self.addCleanup(api.connection.close)
        return api

    def test_the_nth_request_meets_its_fault_until_it_is_taken_back(self):
        with self.serve(None, *self.flags) as served:
            api = self.client(served)
            fault = {"match": {"verb": "list", "resource": "endpoints", "nth": "2..3"}, "respond": {"status": 429}}
            status, put = api.control("PUT", "faults/apf", fault)
            self.assertEqual(status, 201, put)
            self.assertEqual(put["faithfulness"], "real")
            self.assertEqual(api.call("GET", ENDPOINTS)[0], 200)
            refused = api.start("GET", ENDPOINTS)
            self.assertEqual(refused.status, 429)
            self.assertEqual(refused.headers["Retry-After"], "1")
            self.assertEqual(refused.headers["Content-Type"], "text/plain; charset=utf-8")
            self.assertEqual(refused.read(), b"Too many requests, please try again later.\n")
            status, removed = api.control("DELETE", "faults/apf")
            self.assertEqual((status, removed["matched"], removed["met"]), (200, 2, 1))
            self.assertEqual(api.call("GET", ENDPOINTS)[0], 200)
            _, log = api.control("GET", "requests?verb=list")
            self.assertEqual([(one["status"], one["fault"]) for one in log["requests"]],
                             [(200, ""), (429, "apf"), (200, "")])

    def test_a_long_poll_answers_when_a_second_watch_is_open(self):
        with self.serve(None, *self.flags) as served:
            answer = {}

            def wait():
                answer["is"] = self.client(served).control("GET", "requests?verb=watch&resource=endpoints&open=true&count=2&timeout=60s")

            poll = threading.Thread(target=wait)
            poll.start()
            watches = [self.client(served), self.client(served)]
            watches[0].start("GET", ENDPOINTS + "?watch=1")
            # A question that is answered at once shows that one watch is not enough for the other.
            self.assertEqual(len(self.client(served).control("GET", "requests?open=true")[1]["requests"]), 1)
            self.assertTrue(poll.is_alive())
            watches[1].start("GET", ENDPOINTS + "?watch=1")
            poll.join(PATIENCE)
            self.assertEqual(answer["is"][0], 200)
            self.assertEqual(len(answer["is"][1]["requests"]), 2)

    def test_a_long_poll_that_waits_in_vain_is_told_so(self):
        with self.serve(None, *self.flags) as served:
            status, answer = self.client(served).control("GET", "requests?count=1&timeout=50ms")
            self.assertEqual(status, 504)
            self.assertIn("0 of 1", answer["message"])

    def test_a_watch_from_before_a_compaction_gets_410_in_its_stream(self):
        with self.serve(None, *self.flags) as served:
            api = self.client(served)
            version = api.create("one")
            api.create("two")
            status, compacted = api.control("POST", "compact")
            self.assertEqual((status, compacted["compacted"]), (200, compacted["resourceVersion"]))
            stream = api.start("GET", f"{ENDPOINTS}?watch=1&resourceVersion={version}")
            self.assertEqual(stream.status, 200)
            (event,) = [json.loads(line) for line in stream]
            self.assertEqual((event["type"], event["object"]["code"], event["object"]["reason"]), ("ERROR", 410, "Expired"))

    def test_history_that_is_bounded_expires_by_itself(self):
        self.flags.append("--watch-history=2")
        with self.serve(None, *self.flags) as served:
            api = self.client(served)
            first, *_, last = [api.create(f"e{i}") for i in range(4)]
            self.assertEqual(json.loads(api.start("GET", f"{ENDPOINTS}?watch=1&resourceVersion={first}").readline())["type"], "ERROR")
            other = self.client(served)
            kept = json.loads(other.start("GET", f"{ENDPOINTS}?watch=1&resourceVersion={int(last) - 1}").readline())
            self.assertEqual(kept["object"]["metadata"]["resourceVersion"], last)

    def test_disconnecting_resets_everybody_else(self):
        with self.serve(None, *self.flags) as served:
            api, watch = self.client(served), self.client(served)
            stream = watch.start("GET", ENDPOINTS + "?watch=1")
            self.assertEqual(api.control("POST", "disconnect"), (200, {"disconnected": 1}))
            with self.assertRaises((ConnectionError, http.client.IncompleteRead)):
                stream.read()
            _, status = api.control("GET", "status")
            self.assertEqual((status["connections"], status["streams"]), (1, 0))

    def test_disconnecting_in_order_ends_streams_whole(self):
        with self.serve(None, *self.flags) as served:
            api, watch = self.client(served), self.client(served)
            stream = watch.start("GET", ENDPOINTS + "?watch=1")
            self.assertEqual(api.control("POST", "disconnect", {"how": "close"})[1], {"disconnected": 1})
            self.assertEqual(stream.read(), b"")

    def test_a_stream_is_cut_in_the_middle_of_an_event(self):
        with self.serve(None, *self.flags) as served:
            api, watch = self.client(served), self.client(served)
            api.create("one")
            api.control("PUT", "faults/cut", {"match": {"verb": "watch"}, "stream": {"then": "cut-chunk"}})
            stream = watch.start("GET", ENDPOINTS + "?watch=1")
            with self.assertRaises(http.client.IncompleteRead):
                stream.read()

    def test_a_refused_connection_is_one_that_comes_back(self):
        with self.serve(None, *self.flags) as served:
            api = self.client(served)
            clock = api.control("GET", "status")[1]["clock"]
            begin = int(clock * 1000)  # rounded up it would begin after the fault is there, and maybe after the connect
            window = f"{begin}ms..{begin + 1000}ms"
            self.assertEqual(api.control("PUT", "faults/away", {"connect": "refuse", "window": window})[0], 201)
            with self.assertRaises(ConnectionRefusedError):
                self.client(served).control("GET", "status")
            # The connection that is open waits for a request that never comes, until the window is over.
            self.assertEqual(api.control("GET", "requests?count=1&timeout=1100ms")[0], 504)
            self.assertEqual(self.client(served).control("GET", "status")[0], 200)

    def test_only_the_administrator_may(self):
        with self.serve(None, *self.flags) as served:
            for token in ("nobody", "serviceaccount", "no such token"):
                status, answer = self.client(served, token).control("PUT", "faults/x", {"latency": "1s"})
                self.assertEqual((status, answer["reason"]), (403, "Forbidden"))
            self.assertEqual(self.client(served).control("GET", "faults"), (200, {"faults": []}))

    def test_mistakes_are_told_with_the_nearest_word(self):
        with self.serve(None, *self.flags) as served:
            api = self.client(served)
            for method, path, body, code, words in (
                    ("PUT", "faults/x", {"latensy": "1s"}, 400, 'line 1:2: unknown key "latensy" in a fault (did you mean "latency"?)'),
                    ("PUT", "faults/x", {"stream": {"then": "stahl"}}, 400, 'then: unknown word "stahl" (did you mean "stall"?)'),
                    ("PUT", "faults/No Name", {"latency": "1s"}, 400, "no name of a fault"),
                    ("PUT", "faults/x", {"connect": "silence"}, 400, "keep everybody out for ever"),
                    ("GET", "faults/x", None, 404, 'unknown fault "x"'),
                    ("GET", "requests?recource=pods", None, 400, 'did you mean "resource"?'),
                    ("GET", "status?x=1", None, 400, "takes no parameters"),
                    ("POST", "compact", {"version": 1000000}, 400, "is newer than"),
                    ("POST", "compact", {"verzion": 1}, 400, 'did you mean "version"'),
                    ("POST", "disconnect", {"how": "gently"}, 400, "how must be reset or close"),
                    ("GET", "statsu", None, 404, 'did you mean "status"?'),
                    ("POST", "status", None, 405, "not possible")):
                status, answer = api.control(method, path.replace(" ", "%20"), body)
                self.assertEqual(status, code, answer)
                self.assertIn(words, answer["message"])
            self.assertEqual(api.control("GET", "faults"), (200, {"faults": []}))

    def test_bad_bodies_are_refused(self):
        with self.serve(None, *self.flags) as served:
            api = self.client(served)
            for text in ("{", "[" * 10_000, '"' + "x" * 100_000 + '"', "[]", "null", "\xff"):
                headers = {"Authorization": f"Bearer {api.token}"}
                api.connection.request("PUT", "/_fakeapi/v1/faults/x", text.encode("latin-1"), headers)
                answer = api.connection.getresponse()
                self.assertEqual((answer.status, json.loads(answer.read())["reason"]), (400, "BadRequest"), text[:20])


class Page(EndToEnd):
    def test_its_snippets_run_in_their_order(self):
        snippets = re.findall(r"```sh\n(.*?)```", (ROOT / "docs/control-api.md").read_text(), re.DOTALL)
        self.assertGreater(len(snippets), 4)
        script = "set -m\n" + "\n".join(snippets) + "\nkill %1\nwait\n"
        ended = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=self.folder, capture_output=True, text=True,
                               timeout=PATIENCE, env=clean_environment(PATH=f"{BIN}:{os.environ['PATH']}"))
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)


if __name__ == "__main__":
    unittest.main()

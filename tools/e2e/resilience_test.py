"""What a wait must survive, with the real programs over TLS: streams that lie, break or go silent, and servers that are old, overloaded,
away or in the past. Each test asks two things: that the wait ends when it should, and that what it sent on the way was right."""
import at_once
from cluster import PROGRAM, Resilience, slice_of


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


if __name__ == "__main__":
    at_once.main(first=("test_a_frozen_watch_is_found_by_the_end_of_its_life", "test_history_that_was_rolled_back_is_found"))

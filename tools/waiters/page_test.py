"""docs/waiters.md is of the scenarios that there are, and what goes wrong is told as it was measured."""
import re
import unittest

import page
import shipped


def case(name, failure=None):
    return {"name": name, "failure": failure}


class Page(unittest.TestCase):
    def setUp(self):
        self.text = page.PAGE.read_text(encoding="utf-8")

    def test_it_is_of_the_scenarios_that_there_are(self):
        rows = re.findall(r"^\| \[([a-z0-9-]+)\]\(../scenarios/\1\.yaml\) \|", self.text, re.MULTILINE)
        self.assertEqual(rows, [scenario.name for scenario in shipped.all_scenarios()], "run ./dev waiters, then ./dev docs")

    def test_wait_for_endpoints_passes_all_of_them(self):
        for row in re.findall(r"^\| \[.*$", self.text, re.MULTILINE):
            self.assertEqual(row.split(" | ")[1].strip(" |"), "pass", row)


class Cells(unittest.TestCase):
    def test_a_wait_that_hangs_never_ends(self):
        cases = [case("exit 0", "it still ran at 20.0 s"), case("between 2s..8s", "it still ran at 20.0 s")]
        self.assertEqual(page.outcome(cases), "never ends")

    def test_what_did_not_listen_is_too_early(self):
        cases = [case("exit 0"), case("between 4s..11s", "it exited 0 at 0.5 s"),
                 case("not before 1 Pod of mysql listens", "it exited 0 at 0.5 s, when 0 of mysql listened")]
        self.assertEqual(page.outcome(cases), "too early, at 0.5 s: nothing of mysql listens")

    def test_a_window_tells_early_from_late(self):
        self.assertEqual(page.outcome([case("between 10900ms..17s", "it exited 0 at 1.3 s")]), "too early, at 1.3 s")
        self.assertEqual(page.outcome([case("between 2s..8s", "it exited 0 at 9.0 s")]), "late, at 9.0 s")

    def test_an_error_is_told_in_short(self):
        cases = [case("exit 0", "it exited 1 at 0.1 s"), case("between 3s..11s", "it exited 1 at 0.1 s")]
        self.assertEqual(page.outcome(cases, "no matching resources found"), "ends with 1 at 0.1 s: there are no Pods yet")
        self.assertEqual(page.outcome(cases, "timed out waiting for the condition"), "gives up at 0.1 s")

    def test_a_bad_client_in_time_is_no_failure_of_the_wait(self):
        cases = [case("exit 0"), case("no relist-storm", "6 times list of pods in 4.0 s, the last at 4.6 s")]
        self.assertIsNone(page.outcome(cases))
        self.assertEqual(page.cell({"passed": False, "cases": cases}), "in time, but lists in a storm")


if __name__ == "__main__":
    unittest.main()

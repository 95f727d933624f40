"""What `fakeapi run` draws, and what it writes: JUnit, reports, and how a run is done again."""
import json
import os
import re
import stat
import subprocess
import unittest
import xml.etree.ElementTree

from programs import PATIENCE
from runs import DB, QUIET, SLICES, Runs


class Draws(Runs):
    TEXT = QUIET.replace("at: 10ms", "at: 500ms ± 400ms") + "seed: 5\n"

    def step_times(self, *flags, folder):
        self.judged(0, self.scenario(self.TEXT), "sleep", "1", flags=[*flags, f"--report={folder}"])
        return {log.name: [event["at"] for event in map(json.loads, log.read_text().splitlines()) if event["lane"] == "steps"]
                for log in (self.folder / folder).glob("*.jsonl")}

    def test_a_seed_is_the_same_run_again(self):
        one, two = self.step_times("--seed=7", folder="one"), self.step_times("--seed=7", folder="two")
        self.assertEqual(len(one["it.jsonl"]), 1)
        self.assertEqual(one, two)

    def test_repeated_with_the_seeds_that_follow(self):
        times = self.step_times("--repeat=3", folder="all")
        self.assertEqual(set(times), {f"it-seed{seed}.jsonl" for seed in (5, 6, 7)})
        self.assertEqual(len({at for one in times.values() for at in one}), 3)

    def test_how_it_is_done_again_is_told(self):
        scenario = self.scenario(self.TEXT, "{exit: 0}", "with space.yaml")
        said = self.judged(1, scenario, "sh", "-c", "exit 1", flags=["--speed=2", "--only=real", "--as=admin", "--pods=none"])
        again, = re.findall(r"again:   fakeapi run (.*)", said)
        self.assertEqual(again, f"--seed 5 --speed 2 --only real --as admin --pods none '{scenario}' -- sh -c 'exit 1'")
        ended = subprocess.run(["bash", "-c", f"fakeapi run {again}"], capture_output=True, text=True, timeout=PATIENCE, env=self.environment())
        self.assertEqual(ended.returncode, 1)
        self.assertIn("FAILED with space (seed 5)", ended.stderr)

    def test_a_fast_clock(self):
        """Ten minutes, which this test would not wait for."""
        said = self.judged(0, self.scenario(QUIET.replace("30s", "600s"), "{exit: running}"), "sleep", "1000", flags=["--speed=300"])
        self.assertRegex(said, r"it still ran at 6\d\d\.\d s")

    def test_what_the_clock_does_not_hasten_is_told(self):
        told = " ".join(self.run_fakeapi("--help").stdout.split())
        self.assertIn("not what the command can time itself: timeouts, bookmarks, latency, Retry-After", told)

    def test_only_faults_of_real_servers(self):
        text = QUIET + "faults: [{name: proxy, respond: {status: 502, form: text}}]\n"
        ask = f"ask {SLICES} -o /dev/null -w '%{{http_code}}'"
        for flags, wanted in (([], "502"), (["--only=network"], "502"), (["--only=real"], "200")):
            self.shell(0, self.scenario(text), ask, flags)
            self.assertEqual(self.output, wanted)


class Written(Runs):
    def test_junit(self):
        scenario = self.scenario(QUIET, """{exit: 0, says: "a <b> & 'c' \\"d\\""}""")
        self.judged(1, scenario, "true", flags=["--junit=verdict.xml", "--repeat=2"])
        root = xml.etree.ElementTree.parse(self.folder / "verdict.xml").getroot()
        self.assertEqual([suite.get("name") for suite in root], ["it (seed 1)", "it (seed 2)"])
        for suite in root:
            self.assertEqual((suite.get("tests"), suite.get("failures")), ("2", "1"))
            self.assertEqual([case.get("name") for case in suite], ["exit 0", """says "a <b> & 'c' "d"\""""])
            self.assertEqual([[failure.get("message") for failure in case] for case in suite], [[], ["it does not"]])

    def test_junit_of_a_run_that_expects_nothing_has_a_case(self):
        self.judged(0, self.scenario(QUIET), "true", flags=["--junit=verdict.xml"])
        (suite,) = xml.etree.ElementTree.parse(self.folder / "verdict.xml").getroot()
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("1", "0"))

    def test_a_report(self):
        self.judged(0, self.scenario(DB, "{exit: 0}"), "wait-for-endpoints", "db", flags=["--report=out"])
        out = self.folder / "out"
        self.assertEqual({file.name for file in out.iterdir()}, {"it.jsonl", "it.html", "it.svg", "it.txt"})
        events = [json.loads(line) for line in (out / "it.jsonl").read_text().splitlines()]
        self.assertIn({"lane": "verdict", "what": "passed"}, [{key: one[key] for key in ("lane", "what")} for one in events])
        self.assertTrue(events[-1]["what"] == "end" or any(one["what"] == "end" for one in events))
        self.assertTrue((out / "it.html").read_text().rstrip().endswith("</html>"))
        xml.etree.ElementTree.parse(out / "it.svg")
        self.assertIn("WHO STARTS WHEN", (out / "it.txt").read_text())

    def test_a_report_of_more_requests_than_the_page_keeps(self):
        """What was true at the start is still in it."""
        poll = f"ask {SLICES}'?n=[1-10100]' -o /dev/null"
        self.shell(0, self.scenario(DB), poll, flags=["--report=out", "--pods=none"])
        text = (self.folder / "out/it.txt").read_text()
        self.assertIn("The database is up after a moment.", text)
        self.assertIn("10100 requests", text)

    def full_disk(self, size):
        """What runs its arguments with a small disk at FOLDER/small."""
        small = self.folder / "small"
        small.mkdir()
        command = ["unshare", *([] if os.geteuid() == 0 else ["-Ur"]), "-m", "sh", "-euc",
                   f'mount -t tmpfs -o size={size} tmpfs {small}; "$@" || echo "code $?"; ls {small}', "sh"]
        if subprocess.run([*command, "true"], capture_output=True).returncode != 0:
            self.skipTest("no mount namespace here")
        return command

    def test_a_report_on_a_full_disk(self):
        ended = self.run_fakeapi("--quiet", "--report=small", self.scenario(QUIET, "{exit: 0}"), "--", "true", before=self.full_disk("8k"))
        self.assertIn("code 3", ended.stdout)
        (error,) = [line for line in ended.stderr.splitlines() if "No space left" in line]
        self.assertIn("fakeapi: cannot write small/it", error)
        self.assertNotIn(".new", ended.stdout)
        self.assertNotIn("it.html", ended.stdout)

    def test_a_work_folder_on_a_full_disk(self):
        ended = self.run_fakeapi("--quiet", self.scenario(QUIET, "{exit: 0}"), "--", "true", before=self.full_disk("4k"),
                                 TMPDIR=str(self.folder / "small"))
        self.assertIn("code 3", ended.stdout)
        self.assertEqual(len(ended.stderr.splitlines()), 1, ended.stderr)
        self.assertIn("No space left", ended.stderr)

    def test_junit_on_a_full_disk(self):
        said = self.judged(3, self.scenario(QUIET, "{exit: 0}"), "true", flags=["--quiet", "--junit=/dev/full"])
        self.assertIn("cannot write /dev/full: No space left on device", said)

    def test_a_folder_that_cannot_be_written(self):
        if os.geteuid() == 0:
            self.skipTest("root writes everywhere")
        (self.folder / "out").mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
        said = self.judged(2, self.scenario(QUIET, "{exit: 0}"), "true", flags=["--report=out"])
        self.assertIn("out", said)


if __name__ == "__main__":
    unittest.main()

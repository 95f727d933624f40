"""`fakeapi run` as a user meets it: verdicts and exit codes, what the command is given, how it ends, and what is written."""
import json
import os
import re
import signal
import stat
import subprocess
import time
import unittest
import uuid
import xml.etree.ElementTree
from pathlib import Path

from programs import BIN, PATIENCE, EndToEnd, clean_environment

DB = """\
version: 1
about: The database is up after a moment.
services:
  db: {ports: {tcp: 5432}, pods: 1}
timeline:
  - {at: 300ms, why: it is up, pods: {db-0: ready}}
heal: never
end: 30s
"""
# A step without a Pod needs no Pod network.
QUIET = """\
version: 1
about: Nothing listens.
timeline:
  - {at: 10ms, why: a thing is made, apply: {apiVersion: v1, kind: ConfigMap, metadata: {name: thing}}}
heal: never
end: 30s
"""
# In a network whose owner may make no further one.
WITHOUT_NETWORKS = ["unshare", "-Urn", "sh", "-euc", 'ip link set lo up; echo 0 > /proc/sys/user/max_net_namespaces; exec "$@"', "sh"]
MARK = "FAKEAPI_TEST_MARK"
ASK = """\
ask() { curl -sS --noproxy '*' --cacert "$FAKEAPI_DIR/ca.crt" -H "Authorization: Bearer $(cat "$FAKEAPI_DIR/serviceaccount/token")" "$FAKEAPI_URL$@"; }
"""
SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
MOUNTED = "/var/run/secrets/kubernetes.io/serviceaccount"


def marked(mark):
    """The processes with this word in their environment: all that a run has started, whoever their parent is now."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
        except OSError:  # it has ended, or is another user's
            pass
    return found


def eventually(question, what):
    end = time.monotonic() + PATIENCE
    while not question():
        if time.monotonic() > end:
            raise AssertionError(f"not within {PATIENCE} s: {what}")
        time.sleep(0.02)


def can_be_without_networks():
    return subprocess.run([*WITHOUT_NETWORKS, "true"], capture_output=True).returncode == 0


class Runs(EndToEnd):
    def setUp(self):
        super().setUp()
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()

    def scenario(self, text, expect="", name="it.yaml"):
        return self.write(name, text + (f"expect: {expect}\n" if expect else ""))

    def environment(self, **more):
        return clean_environment(**{"TMPDIR": str(self.temporary), "PATH": f"{BIN}:{os.environ['PATH']}", **more})

    def run_fakeapi(self, *arguments, before=(), **more):
        return subprocess.run([*before, str(BIN / "fakeapi"), "run", *map(str, arguments)], capture_output=True, text=True,
                              timeout=PATIENCE, stdin=subprocess.DEVNULL, cwd=self.folder, env=self.environment(**more))

    def judged(self, code, scenario, *command, flags=()):
        """A run that ends with this exit code; its own lines."""
        ended = self.run_fakeapi(*flags, scenario, "--", *command)
        self.assertEqual(ended.returncode, code, ended.stderr)
        self.assertEqual(list(self.temporary.iterdir()), [])
        self.output = ended.stdout
        return ended.stderr

    def shell(self, code, scenario, script, flags=()):
        return self.judged(code, scenario, "bash", "-euc", ASK + script, flags=flags)

    def start(self, scenario, *command, mark, flags=()):
        process = subprocess.Popen([str(BIN / "fakeapi"), "run", *flags, str(scenario), "--", *command], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder,
                                   env=self.environment(**{MARK: mark}))
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process


class Verdicts(Runs):
    def test_all_met(self):
        said = self.judged(0, self.scenario(DB, "{exit: 0, between: 0s..20s, truth: {db: 1}}"), "wait-for-endpoints", "--verify=tcp", "db")
        self.assertIn("PASSED it (seed 1): 3 of 3 expectations met", said)
        self.assertIn("it is up", said)

    def test_not_met(self):
        said = self.judged(1, self.scenario(QUIET, "{exit: 0}"), "false")
        self.assertIn("FAILED it (seed 1): 0 of 1 expectations met", said)
        self.assertRegex(said, r"NOT MET  exit 0: it exited 1 at \d+\.\d s")

    def test_an_end_that_comes_too_early_is_told_with_what_was_true(self):
        said = self.judged(1, self.scenario(DB.replace("300ms", "20s"), "{exit: 0, truth: {db: 1}}"), "true")
        self.assertRegex(said, r"met      exit 0: it exited 0")
        self.assertRegex(said, r"NOT MET  not before 1 Pod of db listens: it exited 0 at \d\.\d s, when 0 of db listened")

    def test_an_end_outside_of_its_time(self):
        said = self.judged(1, self.scenario(QUIET, "{exit: any, between: 20s..25s}"), "true")
        self.assertRegex(said, r"NOT MET  between 20s\.\.25s: it exited 0 at")

    def test_requests_in_order(self):
        scenario = self.scenario(QUIET, '{order: ["list endpointslices", "list pods"]}')
        there, back = f"ask {SLICES} > /dev/null", "ask /api/v1/pods > /dev/null"
        self.shell(0, scenario, f"{there}; {back}")
        said = self.shell(1, scenario, f"{back}; {there}")
        self.assertIn('NOT MET  "list endpointslices" then "list pods": no "list pods" came after "list endpointslices"', said)

    def test_at_most_so_many_requests(self):
        scenario = self.scenario(QUIET, "{at-most: {request: {verb: list}, requests: 2}}")
        self.shell(0, scenario, f"for n in 1 2; do ask {SLICES} > /dev/null; done")
        said = self.shell(1, scenario, f"for n in 1 2 3; do ask {SLICES} > /dev/null; done")
        self.assertIn("NOT MET  at most 2 requests (list): there were 3", said)

    def test_a_habit_is_judged_where_it_is_named_and_told_where_not(self):
        polls = f"for n in 1 2 3 4 5; do ask {SLICES} > /dev/null; done"
        said = self.shell(1, self.scenario(QUIET, "{no: connection-per-poll}"), polls)
        self.assertIn("NOT MET  no connection-per-poll: ", said)
        said = self.shell(0, self.scenario(QUIET, "{exit: 0}"), polls)
        self.assertIn('beside that, "no connection-per-poll" was not kept', said)

    def test_what_it_says_goes_through_and_is_judged(self):
        scenario = self.scenario(QUIET, '{says: ["out loud", "to the side"]}')
        self.judged(0, scenario, "sh", "-c", "echo out loud; echo to the side >&2")
        self.assertEqual(self.output, "out loud\nto the side\n")
        said = self.judged(1, scenario, "echo", "out loud")
        self.assertIn('NOT MET  says "to the side": it does not', said)

    def test_nothing_of_a_long_last_word_is_lost(self):
        said = "".join(f"{n}\n" for n in range(1, 10001))  # more than is read at a time, less than a pipe holds
        self.judged(0, self.scenario(QUIET, "{says: '10000'}"), "seq", "10000", flags=["--quiet", "--repeat=30"])
        self.assertEqual(self.output, 30 * said)

    def test_without_expectations_it_shows_what_happened(self):
        said = self.judged(0, self.scenario(DB), "wait-for-endpoints", "db")
        self.assertIn("WHAT REALLY LISTENS", said)
        self.assertIn("WHO STARTS WHEN", said)
        self.assertRegex(said, r"it \(seed 1\) expects nothing; it exited 0 at")

    def test_quiet_is_the_verdict_alone(self):
        said = self.judged(0, self.scenario(QUIET, "{exit: 0}"), "sleep", "0.1", flags=["--quiet"])
        self.assertEqual([line[:23] for line in said.splitlines()], ["fakeapi: PASSED it (see", "fakeapi:   met      exi"])

    def test_standard_output_is_the_commands(self):
        self.judged(0, self.scenario(QUIET, "{exit: 0}"), "echo", "mine")
        self.assertEqual(self.output, "mine\n")

    def test_several_scenarios(self):
        one, two = self.scenario(QUIET, "{exit: 0}", "one.yaml"), self.scenario(QUIET, "{exit: 4}", "two.yaml")
        ended = self.run_fakeapi(one, two, "--", "true")
        self.assertEqual(ended.returncode, 1, ended.stderr)
        self.assertIn("PASSED one (seed 1)", ended.stderr)
        self.assertIn("FAILED two (seed 1)", ended.stderr)
        self.assertIn("1 of 2 runs passed", ended.stderr)


class Mistakes(Runs):
    def refused(self, code, *arguments, **more):
        ended = self.run_fakeapi(*arguments, **more)
        self.assertEqual((ended.returncode, ended.stdout), (code, ""), ended.stderr)
        return ended.stderr

    def test_a_bad_file_is_told_with_its_place_and_nothing_runs(self):
        bad = self.write("bad.yaml", DB.replace("ready}", "redy}"))
        good = self.scenario(QUIET)
        said = self.refused(2, good, bad, "--", "touch", self.folder / "ran")
        self.assertRegex(said, r'bad\.yaml:6:45: .*"redy" \(did you mean "ready"\?\)')
        self.assertFalse((self.folder / "ran").exists())

    def test_a_file_that_is_not_there(self):
        self.assertIn("cannot read none.yaml: No such file", self.refused(2, "none.yaml", "--", "true"))

    def test_an_unknown_flag(self):
        self.assertIn("--sed", self.refused(2, "--sed=3", self.scenario(QUIET), "--", "true"))

    def test_no_command(self):
        self.assertIn("no command to run", self.refused(2, self.scenario(QUIET)))
        self.assertIn("no command to run", self.refused(2, self.scenario(QUIET), "--"))

    def test_a_command_that_does_not_exist(self):
        said = self.refused(2, "--quiet", "--report=out", self.scenario(QUIET), "--", "no-such-program")
        self.assertIn("no-such-program", said)
        self.assertEqual(len(said.splitlines()), 1, said)
        self.assertEqual(list((self.folder / "out").iterdir()), [])

    def test_a_command_that_cannot_be_executed(self):
        text = self.write("text", "words\n")
        text.chmod(stat.S_IRUSR)
        self.assertIn(str(text), self.refused(2, "--quiet", self.scenario(QUIET), "--", text))

    def test_no_place_for_the_work_folder(self):
        said = self.refused(3, "--quiet", self.scenario(QUIET), "--", "true", TMPDIR=str(self.folder / "none"))
        self.assertEqual(said, f"fakeapi: cannot make a folder in {self.folder}/none: No such file or directory\n")

    def test_no_network_of_its_own_where_real_addresses_are_demanded(self):
        if not can_be_without_networks():
            self.skipTest("no user namespace with a network here")
        said = self.refused(3, "--pods=real", self.scenario(DB), "--", "true", before=WITHOUT_NETWORKS)
        self.assertIn("no network namespace for the Pods", said)

    def test_no_network_of_its_own_is_told_and_loopback_is_taken(self):
        if not can_be_without_networks():
            self.skipTest("no user namespace with a network here")
        ended = self.run_fakeapi(self.scenario(DB, "{exit: 0, truth: {db: 1}}"), "--", "wait-for-endpoints", "--verify=tcp", "db",
                                 before=WITHOUT_NETWORKS)
        self.assertIn("so Pods listen at 127.20.x.y here", ended.stderr)
        self.assertEqual(ended.returncode, 0, ended.stderr)

    def test_a_report_folder_that_is_none_is_found_before_anything_runs(self):
        file = self.write("file", "")
        for folder in (file, file / "below", self.folder / "none/below"):
            said = self.refused(2, f"--report={folder}", self.scenario(QUIET), "--", "touch", self.folder / "ran")
            self.assertIn(str(folder), said)
            self.assertEqual(len(said.splitlines()), 1, said)
        self.assertFalse((self.folder / "ran").exists())

    def test_two_scenarios_of_one_name_do_not_write_over_each_other(self):
        (self.folder / "a").mkdir()
        (self.folder / "b").mkdir()
        one, two = self.scenario(QUIET, "{exit: 0}", "a/it.yaml"), self.scenario(QUIET, "{exit: 0}", "b/it.yaml")
        said = self.refused(2, "--report=out", one, two, "--", "true")
        self.assertIn("it", said)
        self.assertEqual(len(said.splitlines()), 1, said)


class TheCommand(Runs):
    def test_a_kubeconfig_that_works(self):
        self.shell(0, self.scenario(DB, "{exit: 0}"), 'wait-for-endpoints --kubeconfig "$KUBECONFIG" db')

    def test_what_a_pod_has(self):
        said = self.shell(0, self.scenario(QUIET, "{exit: 0}"), f"""
            [ "https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT" = "$FAKEAPI_URL" ]
            [ "$FAKEAPI_SEED" = 1 ]
            if [ -e {MOUNTED}/token ]; then
              cmp {MOUNTED}/token "$FAKEAPI_DIR/serviceaccount/token"
              curl -sS --fail --noproxy '*' --cacert {MOUNTED}/ca.crt -H "Authorization: Bearer $(cat {MOUNTED}/token)" \
                "https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT{SLICES}" | grep EndpointSliceList
            else
              echo not mounted
            fi""")
        if "not mounted" in self.output:
            self.assertIn(MOUNTED, said)  # it is told why

    def test_an_in_cluster_client_needs_nothing_else(self):
        said = self.shell(0, self.scenario(DB, "{exit: 0}"), f"[ -e {MOUNTED}/token ] || exit 0; env -u KUBECONFIG wait-for-endpoints db")
        self.assertIn("1 of 1 expectations met", said)

    def test_whose_kubeconfig_it_is(self):
        rights = QUIET.replace("heal:", "  - {at: 20s, why: nothing is allowed, rights: nothing}\nheal:")
        who = 'sed -n "s/^current-context: //p" "$KUBECONFIG"'
        for text, flags, wanted in ((QUIET, [], "fakeapi"), (QUIET, ["--as=serviceaccount"], "serviceaccount"),
                                    (rights, [], "serviceaccount"), (rights, ["--as=admin"], "fakeapi")):
            self.shell(0, self.scenario(text), who, flags)
            self.assertEqual(self.output, wanted + "\n")

    def test_a_relative_folder_for_temporary_files(self):
        ended = self.run_fakeapi(self.scenario(DB, "{exit: 0}"), "--", "sh", "-c", "cd / && wait-for-endpoints --kubeconfig $KUBECONFIG db",
                                 TMPDIR="tmp")
        self.assertEqual(ended.returncode, 0, ended.stderr)

    def test_it_is_ended_with_the_scenario(self):
        scenario = self.scenario(QUIET.replace("30s", "500ms"), "{exit: running}")
        said = self.shell(0, scenario, "trap 'echo asked to end; exit 0' TERM; sleep 1000 & wait")
        self.assertEqual(self.output, "asked to end\n")
        self.assertRegex(said, r"met      still running at the end: it still ran at \d\.\d s")

    def test_it_is_killed_where_it_does_not_listen(self):
        mark = str(uuid.uuid4())
        process = self.start(self.scenario(QUIET.replace("30s", "500ms"), "{exit: 0}"), "sh", "-c",
                             "trap '' TERM; sleep 1000 & while :; do sleep 0.1; done", mark=mark)
        _, said = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 1, said)
        self.assertRegex(said, r"NOT MET  exit 0: it still ran at \d\.\d s")
        self.assertEqual(marked(mark), [])

    def test_what_it_leaves_in_the_background_ends_with_it(self):
        mark = str(uuid.uuid4())
        process = self.start(self.scenario(QUIET, "{exit: 0}"), "sh", "-c", "sleep 1000 & setsid sleep 1000 & exit 0", mark=mark)
        _, said = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0, said)
        self.assertEqual(marked(mark), [])

    def started(self, mark):
        process = self.start(self.scenario(QUIET), "sh", "-c", "sleep 1000 & setsid sleep 1000 & echo all; wait", mark=mark)
        self.assertEqual(process.stdout.readline(), "all\n")
        self.assertGreaterEqual(len(marked(mark)), 3)
        return process

    def test_nothing_is_left_of_a_run_that_was_killed(self):
        mark = str(uuid.uuid4())
        process = self.started(mark)
        process.kill()
        process.wait(PATIENCE)
        eventually(lambda: not marked(mark), "all that it started has ended")
        self.assertEqual(len(list(self.temporary.iterdir())), 1)
        self.judged(0, self.scenario(QUIET), "true")  # looks that its own and the other's folder are gone

    def test_an_interrupted_run_leaves_nothing(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            mark = str(uuid.uuid4())
            process = self.started(mark)
            process.send_signal(number)
            _, said = process.communicate(timeout=PATIENCE)
            self.assertEqual(process.returncode, 3, said)
            self.assertIn(f"interrupted by signal {int(number)}", said)
            self.assertEqual((marked(mark), list(self.temporary.iterdir())), ([], []))


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

"""Every scenario that is shipped, against the program that it is shipped with: by listing the folder, so that none is left out."""
import os
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "waiters"))
import shipped  # noqa: E402

BIN = Path(os.environ.get("WFE_BIN", shipped.ROOT / "build/release/bin")).resolve()
AT_ONCE = int(os.environ.get("WFE_AT_ONCE", "8"))  # they mostly wait


class Scenarios(unittest.TestCase):
    def test_wait_for_endpoints_passes_all_of_them(self):
        scenarios = shipped.all_scenarios()
        self.assertGreaterEqual(len(scenarios), 30)
        # The long ones first, so that the rest fills the time.
        scenarios.sort(key=lambda scenario: scenario.name != "half-open-watch")
        with ThreadPoolExecutor(AT_ONCE if shipped.can_sandbox(BIN) else 1) as pool:
            results = list(pool.map(lambda scenario: shipped.run(scenario, "wait-for-endpoints", BIN), scenarios))
        for scenario, result in zip(scenarios, results):
            with self.subTest(scenario.name):
                self.assertTrue(result["passed"], result["log"])

    def test_all_of_them_expect_something(self):
        for scenario in shipped.all_scenarios():
            with self.subTest(scenario.name):
                self.assertTrue(scenario.expects)

    def test_a_scenario_that_is_not_passed_is_told(self):
        """The proof that this test can fail: a wait that asks for less than the scenario demands."""
        (scenario,) = [one for one in shipped.all_scenarios() if one.name == "slow-readiness"]
        scenario.arguments = ["mysql"]
        result = shipped.run(scenario, "wait-for-endpoints", BIN)
        self.assertFalse(result["passed"])
        failed = [case["name"] for case in result["cases"] if case["failure"]]
        self.assertIn("not before 3 Pods of mysql listen", failed)

    def fakeapi(self, *arguments, **environment):
        return subprocess.run([str(BIN / "fakeapi"), *arguments], capture_output=True, text=True, cwd="/", timeout=60,
                              env={**os.environ, **environment})

    def test_they_are_listed_one_a_line(self):
        listed = self.fakeapi("scenarios", "--dir", str(shipped.FOLDER))
        self.assertEqual(listed.returncode, 0, listed.stderr)
        names = [line.split()[0] for line in listed.stdout.splitlines()]
        self.assertEqual(names, [scenario.name for scenario in shipped.all_scenarios()])

    def test_they_are_run_by_their_names(self):
        run = self.fakeapi("run", "--quiet", "forbidden-for-ever", "--", "false", FAKEAPI_SCENARIOS=str(shipped.FOLDER))
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn("FAILED forbidden-for-ever", run.stderr)

    def test_a_name_that_nobody_has_is_a_bad_file(self):
        run = self.fakeapi("run", "no-such-scenario", "--", "true", FAKEAPI_SCENARIOS=str(shipped.FOLDER))
        self.assertEqual(run.returncode, 2)
        self.assertIn("no-such-scenario", run.stderr)

    def test_a_folder_that_is_not_there_is_told(self):
        listed = self.fakeapi("scenarios", "--dir", "/no/such/folder")
        self.assertEqual((listed.returncode, listed.stdout), (2, ""))
        self.assertIn("/no/such/folder", listed.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""The recordings of a real API server, replayed over TLS by the unchanged golden.py."""
import re
import subprocess
import sys
import time
import unittest

from programs import ROOT, EndToEnd

GOLDEN = ROOT / "fakeapi/tests/golden"


def wait_for_fraction_of_a_second(fraction):
    """Ages in recorded tables are whole seconds: an object's age rolls over at the fraction at which it was made."""
    time.sleep((fraction - time.time()) % 1)


AGES = re.compile(r'\s+\S+/cells/\d+: recorded "(\d+)s", got "(\d+)s"$')


def only_took_longer(report):
    """Nothing differs but ages in tables, which are those of a machine that took some seconds longer than the one recorded.

    The same recordings are held against the cluster in virtual time (golden_test.cpp), where ages are exact.
    """
    differences = [line for line in report.splitlines() if line.startswith(" ")]
    ages = [AGES.match(line) for line in differences]
    return bool(differences) and all(age and 0 < int(age[2]) - int(age[1]) <= 10 for age in ages)


class Golden(EndToEnd):
    def test_every_recorded_step_agrees(self):
        conversations = sorted(GOLDEN.glob("*.json"))
        self.assertTrue(conversations)
        with self.serve(None, "--pods=none") as api:
            for conversation in conversations:
                wait_for_fraction_of_a_second(0.4)
                ended = subprocess.run(
                    [sys.executable, str(GOLDEN / "golden.py"), "check", "--server", api.url, "--ca", str(api.folder / "ca.crt"),
                     "--tokens", str(api.folder / "tokens.json"), str(conversation)],
                    capture_output=True, text=True, timeout=600)
                print(conversation.stem, ended.stdout.splitlines()[-1] if ended.stdout else ended.stderr, flush=True)
                if ended.returncode != 0 and only_took_longer(ended.stdout):
                    print("  on a machine this slow, ages of some seconds more")
                    continue
                self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)


if __name__ == "__main__":
    unittest.main()

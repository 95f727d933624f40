"""The recordings of a real API server, replayed over TLS by the unchanged golden.py."""
import subprocess
import sys
import time
import unittest

from programs import ROOT, EndToEnd

GOLDEN = ROOT / "fakeapi/tests/golden"


def wait_for_fraction_of_a_second(fraction):
    """Ages in recorded tables are whole seconds: an object's age rolls over at the fraction at which it was made."""
    time.sleep((fraction - time.time()) % 1)


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
                self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)


if __name__ == "__main__":
    unittest.main()

"""The recordings of a real API server, replayed over TLS by the unchanged golden.py."""
import subprocess
import sys
import unittest

from programs import ROOT, EndToEnd

GOLDEN = ROOT / "fakeapi/tests/golden"


class Golden(EndToEnd):
    def test_every_recorded_step_agrees(self):
        with self.serve(None, "--pods=none") as api:
            ended = subprocess.run(
                [sys.executable, str(GOLDEN / "golden.py"), "check", "--server", api.url, "--ca", str(api.folder / "ca.crt"),
                 "--tokens", str(api.folder / "tokens.json"), *map(str, sorted(GOLDEN.glob("*.json")))],
                capture_output=True, text=True, timeout=600)
        print(ended.stdout.splitlines()[-1] if ended.stdout else ended.stderr)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)


if __name__ == "__main__":
    unittest.main()

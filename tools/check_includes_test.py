#!/usr/bin/env python3
"""The check of include directions finds each kind of breach."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).with_name("check_includes.py")


class CheckIncludes(unittest.TestCase):
    def check(self, path, text):
        with tempfile.TemporaryDirectory() as root:
            file = Path(root) / path
            file.parent.mkdir(parents=True)
            file.write_text(text)
            return subprocess.run([sys.executable, str(CHECK), root], capture_output=True, text=True)

    def test_accepts_what_the_architecture_allows(self):
        self.assertEqual(self.check("waiter/session/x.cpp", '#include "waiter/core/engine.hpp"\n#include <map>\n').returncode, 0)

    def test_finds_breaches(self):
        for path, text in [
            ("waiter/core/x.cpp", '#include "waiter/k8s/status.hpp"\n'),
            ("waiter/net/x.cpp", '#include "fakeapi/cluster/clock.hpp"\n'),
            ("fakeapi/server/x.hpp", '#include "waiter/core/clock.hpp"\n'),
            ("waiter/core/x.cpp", "#include <nlohmann/json.hpp>\n"),
            ("fakeapi/cluster/api/x.cpp", "#include <boost/asio/io_context.hpp>\n"),
            ("fakeapi/scenario/x.cpp", "#include <fstream>\n"),
            ("waiter/session/x.cpp", "auto now = std::chrono::steady_clock::now();\n"),
            ("waiter/k8s/x.cpp", 'auto home = std::getenv("HOME");\n'),
        ]:
            ended = self.check(path, text)
            self.assertEqual(ended.returncode, 1, path + "\n" + text)
            self.assertIn(path + ":1", ended.stdout)


if __name__ == "__main__":
    unittest.main()

"""The shell snippets of the README, as a reader would type them."""
import os
import re
import subprocess
import unittest

from programs import BIN, IN_SANDBOX, PATIENCE, ROOT, EndToEnd, clean_environment

README = (ROOT / "README.md").read_text()


class Readme(EndToEnd):
    def run_script(self, script):
        lines = [line for line in script.splitlines() if not line.startswith(("fakeapi sandbox", "export PATH"))]
        ended = subprocess.run(["bash", "-euc", "set -m\n" + "\n".join(lines)], cwd=self.folder, capture_output=True, text=True,
                               timeout=PATIENCE, env=clean_environment(PATH=f"{BIN}:{os.environ['PATH']}"))
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return ended

    def script(self, words):
        """The one shell snippet that holds these words."""
        (script,) = [found for found in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if words in found]
        return script

    def test_its_own_program_against_a_scenario(self):
        script = self.script("serve scenarios/slow-readiness").replace("your-program", "wait-for-endpoints --verify=tcp mysql")
        if not IN_SANDBOX:
            script = script.replace("--dir cluster", "--dir cluster --pods=loopback")
        os.symlink(ROOT / "scenarios", self.folder / "scenarios")
        ended = self.run_script(script)
        self.assertIn("all dependencies are ready", ended.stderr)
        self.assertIn("mysql", ended.stdout)

    def test_a_regression_test_from_a_scenario(self):
        script = self.script("fakeapi run").replace("your-program", "wait-for-endpoints --verify=tcp mysql")
        os.symlink(ROOT / "scenarios", self.folder / "scenarios")
        self.run_script(script)
        self.assertIn("<testsuite ", (self.folder / "verdict.xml").read_text())
        self.assertTrue((self.folder / "report/slow-readiness.html").exists())

    def test_an_api_server_for_any_client(self):
        ended = self.run_script(self.script("--json"))
        self.assertEqual(ended.stdout.count('"clusterIP": "10.0.'), 2)

    def test_its_commands_exist(self):
        commands = set(re.findall(r"^    \./dev (\w+)", README, re.MULTILINE))
        listed = subprocess.run([str(ROOT / "dev")], capture_output=True, text=True, check=True).stdout
        self.assertTrue(commands)
        for command in commands:
            self.assertRegex(listed, rf"(?m)^  {command} ")


if __name__ == "__main__":
    unittest.main()

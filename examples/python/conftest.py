"""A fixture for tests of programs that talk to the Kubernetes API: `cluster`, a fakeapi of the test's own.

Nothing but the standard library, pytest, and the program fakeapi in PATH (or named by FAKEAPI).
"""
import http.client
import json
import os
import ssl
import subprocess
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

PATIENCE = 60  # seconds, after which a test that hangs is ended


class Cluster:
    def __init__(self, folder, scenario=None):
        self.folder = Path(folder)
        command = [os.environ.get("FAKEAPI", "fakeapi"), "serve", "--dir", str(folder), "--pods=loopback"]
        if scenario:
            file = self.folder.parent / "scenario.yaml"
            file.write_text(scenario)
            command.insert(2, str(file))
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()  # one line of JSON: it is ready
        if not line:
            raise RuntimeError(self.process.communicate()[1])
        self.url = json.loads(line)["url"]
        self.kubeconfig = self.folder / "kubeconfig"
        self.token = json.loads((self.folder / "tokens.json").read_text())["admin"]
        self.tls = ssl.create_default_context(cafile=self.folder / "ca.crt")

    def stop(self):
        self.process.terminate()
        _, errors = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0, errors

    def call(self, method, path, body=None):
        """The JSON that the API answers."""
        connection = http.client.HTTPSConnection(urlsplit(self.url).netloc, context=self.tls, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {self.token}", "User-Agent": "test", "Content-Type": "application/json"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert answer.status < 300, f"{method} {path}: {answer.status} {text}"
        return json.loads(text) if text else None

    def control(self, method, what, body=None):
        """The control API: docs/control-api.md."""
        return self.call(method, f"/_fakeapi/v1/{what}", body)

    def fault(self, name, **fault):
        self.control("PUT", f"faults/{name}", fault)

    def step(self, **step):
        """What is so from now on, in the words of a scenario: step(pods={"db-0": "ready"})"""
        self.control("POST", "steps", step)

    def requests(self, **which):
        return self.control("GET", "requests?" + urlencode({key.replace("_", "-"): value for key, value in which.items()}))["requests"]

    def wait_for_watch(self, resource, **which):
        """Until a client holds a watch; a change that comes before it watches tests nothing."""
        return self.requests(verb="watch", resource=resource, open="true", count=1, timeout=f"{PATIENCE}s", **which)


@pytest.fixture
def cluster(tmp_path, request):
    """Plays the scenario that the test names by @pytest.mark.scenario(TEXT), else it is empty."""
    mark = request.node.get_closest_marker("scenario")
    made = Cluster(tmp_path / "cluster", mark.args[0] if mark else None)
    yield made
    made.stop()


def pytest_configure(config):
    config.addinivalue_line("markers", "scenario(text): what the fake cluster plays")

"""The administrator's side of a test: plain requests to the API and to the control API, without any client library.

It opens a connection for each request, so that a disconnect that is meant for the client cannot meet it.
"""
import http.client
import json
import ssl
import sys
import time
from urllib.parse import urlencode, urlsplit

from harness.machine import ROOT

sys.path.insert(0, str(ROOT / "tools/e2e"))
from programs import FakeApi, clean_environment  # noqa: E402

PATIENCE = 90  # seconds: not a measure, only an end for a client that does not come back
USER_AGENT = "harness"
CONTROL = "/_fakeapi/v1"
SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"


class Refused(AssertionError):
    def __init__(self, method, path, status, body):
        super().__init__(f"{method} {path}: {status} {body[:500]}")
        self.status = status


class Server(FakeApi):
    """`fakeapi serve` with an empty cluster of its own; a context manager."""

    def __init__(self, folder):
        super().__init__(None, "--pods=none", folder=folder)
        self.kubeconfig = self.folder / "kubeconfig"
        self.tokens = json.loads((self.folder / "tokens.json").read_text())
        self._tls = ssl.create_default_context(cafile=str(self.folder / "ca.crt"))

    def environment(self, **more):
        """Of a client: this cluster, no other, and no proxy on the way to it."""
        kept = {key: value for key, value in clean_environment().items() if not key.lower().endswith("_proxy")}
        return {**kept, "KUBECONFIG": str(self.kubeconfig), **more}

    def request(self, method, path, body=None, content_type="application/json", token="admin", **query):
        """The answer as (status, text)."""
        address = urlsplit(self.url)
        connection = http.client.HTTPSConnection(address.hostname, address.port, context=self._tls, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {self.tokens.get(token, token)}", "User-Agent": USER_AGENT}
        if body is not None:
            headers["Content-Type"] = content_type
            body = body if isinstance(body, (str, bytes)) else json.dumps(body)
        try:
            connection.request(method, path + ("?" + urlencode(query) if query else ""), body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def call(self, method, path, body=None, **more):
        """The answer's JSON (or text); raises Refused when it is no success."""
        status, text = self.request(method, path, body, **more)
        if not 200 <= status < 300:
            raise Refused(method, path, status, text)
        try:
            return json.loads(text) if text else None
        except json.JSONDecodeError:
            return text

    def get(self, path, **query):
        return self.call("GET", path, **query)

    def create(self, path, kind, name, api_version="v1", **fields):
        return self.call("POST", path, {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, **fields})

    def merge(self, path, patch):
        return self.call("PATCH", path, patch, content_type="application/merge-patch+json")

    def delete(self, path):
        return self.call("DELETE", path)


def eventually(what, question, patience=PATIENCE, alive=lambda: None):
    """Asks until the answer is true and returns it. `alive` raises when there is no more hope."""
    end = time.monotonic() + patience
    while True:
        answer = question()
        if answer:
            return answer
        alive()
        if time.monotonic() > end:
            raise AssertionError(f"not within {patience} s: {what() if callable(what) else what}")
        time.sleep(0.05)

"""A client of fakeapi for the end-to-end tests: its API, and the control API that makes it fail."""
import http.client
import json
import ssl

from programs import PATIENCE

ENDPOINTS = "/api/v1/namespaces/default/endpoints"


class Api:
    """A client of one server; each Api has one connection of its own."""

    def __init__(self, served, token="admin"):
        context = ssl.create_default_context(cafile=served.folder / "ca.crt")
        host, port = served.url.removeprefix("https://").rsplit(":", 1)
        self.connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=PATIENCE)
        self.token = json.loads((served.folder / "tokens.json").read_text()).get(token)

    def start(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        self.connection.request(method, path, None if body is None else json.dumps(body), headers)
        return self.connection.getresponse()

    def call(self, method, path, body=None):
        answer = self.start(method, path, body)
        text = answer.read()
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        return answer.status, json.loads(text) if is_json else text.decode()

    def control(self, method, path, body=None):
        return self.call(method, "/_fakeapi/v1/" + path, body)

    def create(self, name):
        status, made = self.call("POST", ENDPOINTS, {"metadata": {"name": name}})
        assert status == 201, made
        return made["metadata"]["resourceVersion"]

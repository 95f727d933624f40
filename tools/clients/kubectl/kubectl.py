"""One kubectl, as a check calls it: its own cache and home, its cluster, and what it must say."""
import json

from harness import program
from harness.machine import Skip


class Kubectl:
    def __init__(self, binary, minor, server, folder):
        self.binary, self.minor, self.server, self.folder = binary, minor, server, folder
        self.env = server.environment(HOME=str(folder))

    def command(self, *arguments):
        return [self.binary, "--cache-dir", self.folder / "cache", *arguments]

    def run(self, *arguments, stdin=None):
        """(exit code, output, errors)"""
        return program.run(self.command(*arguments), self.env, stdin=stdin, cwd=self.folder)

    def __call__(self, *arguments, stdin=None):
        """Its output; it must end with 0."""
        code, output, errors = self.run(*arguments, stdin=stdin)
        assert code == 0, f"kubectl {' '.join(map(str, arguments))}: exit code {code}: {errors} {output}"
        return output

    def says(self, wanted, *arguments, stdin=None):
        """It must end with 0, and the output hold the text; runs of spaces count as one."""
        output = self(*arguments, stdin=stdin)
        needs(output, wanted, f"kubectl {' '.join(map(str, arguments))}")
        return output

    def fails(self, wanted, *arguments, stdin=None):
        """It must end with an error that holds the text."""
        code, output, errors = self.run(*arguments, stdin=stdin)
        assert code != 0, f"kubectl {' '.join(map(str, arguments))} should have failed: {output}"
        needs(errors, wanted, f"kubectl {' '.join(map(str, arguments))}")

    def json(self, *arguments, stdin=None):
        return json.loads(self(*arguments, "-o", "json", stdin=stdin))

    def background(self, *arguments):
        return program.Program(self.command(*arguments), self.env, cwd=self.folder)

    def since(self, minor, what):
        if self.minor < minor:
            raise Skip(f"{what} came with kubectl 1.{minor}")

    def file(self, name, *objects):
        """A manifest: JSON objects, one after the other."""
        path = self.folder / name
        path.write_text("\n".join(json.dumps(one, indent=1) for one in objects))
        return path


def squeezed(text):
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def needs(text, wanted, what):
    for line in wanted.splitlines():
        if line.strip():
            assert squeezed(line) in squeezed(text), f"{what}: no {squeezed(line)!r} in:\n{text}"


def equal(got, wanted, what=""):
    assert got == wanted, f"{what} is {got}, not {wanted}"


def config_map(name, data=None, **metadata):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **metadata}, "data": data or {"a": "1"}}


def deployment(image="example.com/web:1", **spec):
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {
        "selector": {"matchLabels": {"app": "web"}}, "template": {
            "metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": image}]}}, **spec}}


def service(**spec):
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {
        "selector": {"app": "web"}, "ports": [{"name": "http", "port": 80, "targetPort": 8080}], **spec}}


def pod(name="web", **metadata):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": "web"}, **metadata},
            "spec": {"containers": [{"name": "web", "image": "example.com/web:1"}]}}


def endpoints(name="mysql"):
    return {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": name}, "subsets": [
        {"addresses": [{"ip": "10.20.0.1"}], "notReadyAddresses": [{"ip": "10.20.0.2"}],
         "ports": [{"name": "mysql", "port": 3306}]}]}


PODS = "/api/v1/namespaces/default/pods"
MAPS = "/api/v1/namespaces/default/configmaps"
DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
READY = {"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}],
                    "podIP": "10.20.0.1", "podIPs": [{"ip": "10.20.0.1"}],
                    "containerStatuses": [{"name": "web", "ready": True, "restartCount": 1, "image": "example.com/web:1",
                                           "imageID": "", "state": {"running": {}}}]}}

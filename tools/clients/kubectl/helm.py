"""The helm that comes with kubectl: it discovers, applies, keeps its releases in Secrets, and waits."""
import json

from harness import program
from harness.machine import Skip
from kubectl.kubectl import MAPS, equal, needs

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "values.yaml": "level: info\nreplicas: 1\n",
    "templates/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n"
                             "data:\n  level: {{ .Values.level }}\n",
    "templates/web.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n"
                          "  replicas: {{ .Values.replicas }}\n  selector:\n    matchLabels: {app: web}\n  template:\n"
                          "    metadata:\n      labels: {app: web}\n    spec:\n      containers:\n"
                          "        - name: web\n          image: example.com/web:1\n",
}


def helm(kubectl):
    binary = kubectl.binary.with_name("helm")
    if not binary.exists():
        raise Skip("helm comes with the packages from npm only")
    chart = kubectl.folder / "chart"
    for name, text in CHART.items():
        (chart / name).parent.mkdir(parents=True, exist_ok=True)
        (chart / name).write_text(text)

    def run(*arguments):
        code, output, errors = program.run([binary, *arguments], kubectl.env, cwd=kubectl.folder)
        assert code == 0, f"helm {' '.join(map(str, arguments))}: exit code {code}: {errors} {output}"
        return output

    needs(run("install", "shop", chart), "STATUS: deployed\nREVISION: 1", "helm install")
    needs(run("upgrade", "shop", chart, "--set", "level=debug,replicas=3"), "STATUS: deployed\nREVISION: 2", "helm upgrade")
    equal(kubectl.json("get", "cm", "shop")["data"], {"level": "debug"}, "data after the upgrade")
    equal(kubectl.json("get", "deployment", "shop")["spec"]["replicas"], 3, "replicas after the upgrade")
    release, = json.loads(run("list", "-o", "json"))
    equal((release["name"], release["revision"], release["status"]), ("shop", "2", "deployed"), "the release")
    run("rollback", "shop", "1")
    equal(kubectl.json("get", "cm", "shop")["data"], {"level": "info"}, "data after the rollback")
    equal([one["revision"] for one in json.loads(run("history", "shop", "-o", "json"))], [1, 2, 3], "history")
    run("uninstall", "shop")
    equal([one["metadata"]["name"] for one in kubectl.server.get(MAPS)["items"]], [], "ConfigMaps after uninstall")
    equal(json.loads(run("list", "-o", "json")), [], "releases after uninstall")


CHECKS = {"helm install, upgrade, rollback, uninstall": helm}

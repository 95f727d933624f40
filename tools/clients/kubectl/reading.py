"""What kubectl reads: tables, formats, watches, descriptions, discovery, access."""
import json
import re

from harness.api import SLICES, eventually
from kubectl.kubectl import MAPS, PODS, READY, config_map, deployment, endpoints, equal, needs, pod, service, squeezed

SLICE = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": {"name": "mysql-1", "labels": {
    "kubernetes.io/service-name": "mysql"}}, "addressType": "IPv4", "endpoints": [{"addresses": ["10.20.0.1"]}],
    "ports": [{"name": "mysql", "port": 3306}]}


def get(kubectl):
    server = kubectl.server
    kubectl.says("default Active", "get", "namespaces")
    code, output, errors = kubectl.run("get", "pods")
    equal((code, output), (0, ""), "get without anything")
    needs(errors, "No resources found in default namespace.", "get without anything")
    for name in ("c", "a", "b", "e", "d"):
        server.call("POST", PODS, pod(name))
    server.merge(f"{PODS}/a/status", READY)
    server.call("POST", "/api/v1/namespaces/default/services", service())
    server.call("POST", "/api/v1/namespaces/default/endpoints", endpoints())
    kubectl.says("NAME READY STATUS RESTARTS AGE\na 1/1 Running 1\nb 0/1 Pending 0", "get", "pods")
    kubectl.says("NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE\n<none> 80/TCP", "get", "svc", "web")
    code, output, errors = kubectl.run("get", "ep", "mysql")
    needs(output, "NAME ENDPOINTS AGE\nmysql 10.20.0.1:3306", "get ep")
    needs(errors, "Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice", "get ep")
    kubectl.says("default a\ndefault e", "get", "pods", "--all-namespaces")
    kubectl.says("pod/a\nservice/web", "get", "all")
    kubectl.says("pod/a\nservice/web", "get", "pods,services")
    rows = kubectl("get", "pods", "--chunk-size=2", "--no-headers").splitlines()
    equal([row.split()[0] for row in rows], ["a", "b", "c", "d", "e"], "get in chunks")


def get_selected(kubectl):
    for name, app in (("b", "web"), ("a", "web"), ("c", "other")):
        kubectl.server.call("POST", MAPS, config_map(name, labels={"app": app}))
    equal(kubectl("get", "cm", "-l", "app=web", "-o", "name").split(), ["configmap/a", "configmap/b"])
    equal(kubectl("get", "cm", "-l", "app notin (web)", "-o", "name").split(), ["configmap/c"])
    equal(kubectl("get", "cm", "--field-selector", "metadata.name=b", "-o", "name").split(), ["configmap/b"])
    kubectl.says("NAME DATA AGE LABELS\napp=other", "get", "cm", "--show-labels")
    kubectl.says("NAME DATA AGE APP", "get", "cm", "-L", "app")
    rows = kubectl("get", "cm", "--no-headers", "--sort-by=.metadata.labels.app").splitlines()
    equal(rows[0].split()[0], "c", "the first when sorted by label")
    kubectl.fails('Error from server (NotFound): configmaps "x" not found', "get", "cm", "x")
    kubectl.fails('the server doesn\'t have a resource type "nothing"', "get", "nothing")
    equal(kubectl("get", "cm", "x", "--ignore-not-found"), "")
    kubectl.fails('"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
                  "get", "cm", "--field-selector", "spec.x=y")
    kubectl.fails("field label not supported: spec.x", "get", "pods", "--field-selector", "spec.x=y")


def get_formats(kubectl):
    kubectl.server.call("POST", PODS, pod())
    kubectl.server.merge(f"{PODS}/web/status", READY)
    kubectl.server.call("POST", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", SLICE)
    kubectl.says("NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES\n10.20.0.1 <none> <none> <none>",
                 "get", "pods", "-o", "wide")
    kubectl.says("NAME ADDRESSTYPE PORTS ENDPOINTS AGE\nmysql-1 IPv4 3306 10.20.0.1", "get", "endpointslices")
    one = kubectl.json("get", "pod", "web")
    equal((one["kind"], one["apiVersion"], one["status"]["podIP"]), ("Pod", "v1", "10.20.0.1"), "one object")
    several = kubectl.json("get", "pods")
    equal((several["kind"], several["items"][0]["kind"]), ("List", "Pod"), "a list")
    kubectl.says("apiVersion: v1\nkind: Pod\n- image: example.com/web:1", "get", "pod", "web", "-o", "yaml")
    equal(kubectl("get", "pods", "-o", "name"), "pod/web\n")
    equal(kubectl("get", "pod", "web", "-o", "jsonpath={.status.podIP}"), "10.20.0.1")
    equal(kubectl("get", "pods", "-o", "custom-columns=N:.metadata.name,I:.status.podIP").split(),
          ["N", "I", "web", "10.20.0.1"])
    equal(kubectl("get", "pods", "-o", "go-template={{range .items}}{{.metadata.name}}{{end}}"), "web")


def get_watch(kubectl):
    server = kubectl.server
    server.call("POST", MAPS, config_map("one"))
    with kubectl.background("get", "configmaps", "--watch", "--output-watch-events") as watch:
        watch.wait_for_line(lambda line: line.split()[:3] == ["ADDED", "one", "1"])
        server.call("POST", MAPS, config_map("two"))
        watch.wait_for_line(lambda line: line.split()[:3] == ["ADDED", "two", "1"])
        server.merge(f"{MAPS}/two", {"data": {"b": "2"}})
        watch.wait_for_line(lambda line: line.split()[:3] == ["MODIFIED", "two", "2"])
        server.delete(f"{MAPS}/one")
        watch.wait_for_line(lambda line: line.split()[:3] == ["DELETED", "one", "1"])
        equal(watch.lines[0].split(), ["EVENT", "NAME", "DATA", "AGE"], "the heading")
        equal(len(watch.lines), 5, "lines")


def get_watch_one(kubectl):
    """The state once, then each change; also as JSON and from now on only."""
    server = kubectl.server
    server.call("POST", MAPS, config_map("one"))
    with kubectl.background("get", "configmap", "one", "-w", "-o", "jsonpath={.data.a}{\"\\n\"}") as whole, \
            kubectl.background("get", "configmaps", "--watch-only", "-o", "name") as only:
        whole.wait_for_line(lambda line: line == "1")
        _watches(server, 2)
        server.merge(f"{MAPS}/one", {"data": {"a": "2"}})
        whole.wait_for_line(lambda line: line == "2")
        only.wait_for_line(lambda line: line == "configmap/one")
        equal((whole.lines, only.lines), (["1", "2"], ["configmap/one"]), "what was shown")


def _watches(server, count):
    server.get("/_fakeapi/v1/requests", verb="watch", resource="configmaps", open="true", count=count, timeout="60s")


def describe(kubectl):
    server = kubectl.server
    server.call("POST", "/api/v1/namespaces/default/endpoints", endpoints())
    server.call("POST", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", SLICE)
    kubectl.says("Name: mysql\nNamespace: default\nAddresses: 10.20.0.1\nNotReadyAddresses: 10.20.0.2\nmysql 3306 TCP\n"
                 "Events: <none>", "describe", "endpoints", "mysql")
    server.call("POST", "/api/v1/namespaces/default/services", service())
    server.call("POST", "/api/v1/nodes", {"metadata": {"name": "n1"}})
    placed = pod()
    placed["spec"]["nodeName"] = "n1"  # EndpointSlices leave out Pods whose Node is not there
    server.call("POST", PODS, placed)
    server.merge(f"{PODS}/web/status", READY)
    eventually("an EndpointSlice with the Pod's address", lambda: "10.20.0.1" in json.dumps(server.get(
        SLICES, labelSelector="kubernetes.io/service-name=web")))
    text = kubectl.says("Name: web\nSelector: app=web\nType: ClusterIP\nPort: http 80/TCP\nTargetPort: 8080/TCP",
                        "describe", "service", "web")
    needs(text, "Endpoints: 10.20.0.1:8080", "describe service (the controllers have followed)")
    uid = server.get(f"{PODS}/web")["metadata"]["uid"]
    server.call("POST", "/api/v1/namespaces/default/events", {
        "metadata": {"name": "web.1"}, "type": "Normal", "reason": "Pulled", "message": "image is there",
        "involvedObject": {"apiVersion": "v1", "kind": "Pod", "namespace": "default", "name": "web", "uid": uid},
        "source": {"component": "kubelet"}, "count": 1, "firstTimestamp": "2026-01-01T00:00:00Z",
        "lastTimestamp": "2026-01-01T00:00:00Z"})
    kubectl.says("Name: web\nStatus: Running\nIP: 10.20.0.1\nImage: example.com/web:1\nRestart Count: 1\n"
                 "Normal Pulled", "describe", "pod", "web")
    for kind, body in (("configmaps", config_map("web")), ("serviceaccounts", {"metadata": {"name": "web"}})):
        server.call("POST", f"/api/v1/namespaces/default/{kind}", body)
        kubectl.says("Name: web\nNamespace: default", "describe", kind, "web")
    kubectl.says("Name: n1\nNon-terminated Pods:", "describe", "node", "n1")
    server.call("POST", "/apis/apps/v1/namespaces/default/deployments", deployment())
    kubectl.says("Name: web\nReplicas: 1 desired", "describe", "deployment", "web")


def events(kubectl):
    kubectl.server.call("POST", "/api/v1/namespaces/default/events", {
        "metadata": {"name": "web.1"}, "type": "Warning", "reason": "BackOff", "message": "it failed again",
        "involvedObject": {"apiVersion": "v1", "kind": "Pod", "namespace": "default", "name": "web"},
        "source": {"component": "kubelet"}, "count": 7, "firstTimestamp": "2026-01-01T00:00:00Z",
        "lastTimestamp": "2026-01-01T00:00:00Z"})
    kubectl.says("LAST SEEN TYPE REASON OBJECT MESSAGE\nWarning BackOff pod/web it failed again", "get", "events")
    equal(kubectl("get", "events", "--field-selector", "involvedObject.name=other", "-o", "name"), "")
    equal(kubectl("get", "events", "--field-selector", "type=Warning,reason=BackOff", "-o", "name"), "event/web.1\n")
    if kubectl.minor >= 26:
        kubectl.says("Warning BackOff Pod/web it failed again", "events", "--for", "pod/web")


def explain(kubectl):
    """By OpenAPI v3; before 1.27 by v2, without the group."""
    by_v3 = kubectl.minor >= 27
    kubectl.says("KIND: Pod\nVERSION: v1\nFIELD: image <string>", "explain", "pods.spec.containers.image")
    kubectl.says("GROUP: discovery.k8s.io\nVERSION: v1" if by_v3 else "VERSION: discovery.k8s.io/v1", "explain", "endpointslices")
    kubectl.says("KIND: EndpointSlice\nFIELDS:\naddressType <string> -required-\nendpoints <[]", "explain", "endpointslices")
    kubectl.says("KIND: Deployment\nmaxSurge <", "explain", "deployments", "--recursive")
    kubectl.says("KIND: Event\nVERSION:", "explain", "events", "--api-version=events.k8s.io/v1")
    kubectl.fails('field "nothing" does not exist', "explain", "pods.spec.nothing")


def can_i(kubectl):
    kubectl.says("yes", "auth", "can-i", "list", "endpointslices")
    kubectl.says("yes", "auth", "can-i", "*", "*")
    nobody = f"--token={kubectl.server.tokens['nobody']}"
    code, output, _ = kubectl.run("auth", "can-i", "list", "pods", nobody)
    equal((code, output.strip()), (1, "no"), "auth can-i as nobody")
    equal(kubectl.run("auth", "can-i", "get", "deployments.apps", "--subresource=scale", "-q")[0], 0, "can-i -q")
    kubectl.says("Resources Non-Resource URLs Resource Names Verbs\n*.* [] [] [*]", "auth", "can-i", "--list")
    kubectl.fails("Error from server (Forbidden)", "get", "pods", nobody)
    if kubectl.minor >= 28:
        kubectl.says("ATTRIBUTE VALUE\nUsername", "auth", "whoami")


def discovery(kubectl):
    text = squeezed(kubectl("api-resources"))
    for row in ("endpoints ep v1 true Endpoints", "endpointslices discovery.k8s.io/v1 true EndpointSlice",
                "deployments deploy apps/v1 true Deployment", "customresourcedefinitions crd,crds apiextensions.k8s.io/v1 "
                "false CustomResourceDefinition", "nodes no v1 false Node", "leases coordination.k8s.io/v1 true Lease"):
        assert row in text, f"api-resources: no {row!r} in:\n{text}"
    names = kubectl("api-resources", "--api-group=apps", "-o", "name", "--verbs=list,watch").split()
    assert {"deployments.apps", "statefulsets.apps", "daemonsets.apps", "replicasets.apps"} <= set(names), names
    kubectl.says("v1\napps/v1\ndiscovery.k8s.io/v1", "api-versions")
    needs(kubectl("version") if kubectl.minor >= 28 else kubectl("version", "--short"), "Server Version: v1.37", "version")
    coloured = re.compile(r"\x1b\[[0-9;]*m")
    needs(coloured.sub("", kubectl("cluster-info")), "is running at " + kubectl.server.url, "cluster-info")


def raw(kubectl):
    equal(kubectl("get", "--raw", "/livez"), "ok")
    equal(kubectl("get", "--raw", "/readyz"), "ok")
    equal(json.loads(kubectl("get", "--raw", "/version"))["major"], "1")
    equal(json.loads(kubectl("get", "--raw", MAPS))["kind"], "ConfigMapList")
    path = kubectl.file("one.json", config_map("one"))
    equal(json.loads(kubectl("create", "--raw", MAPS, "-f", path))["metadata"]["name"], "one")
    equal(json.loads(kubectl("delete", "--raw", f"{MAPS}/one"))["status"], "Success")
    kubectl.fails("NotFound", "get", "--raw", f"{MAPS}/one")


CHECKS = {
    "get": get,
    "get by selectors": get_selected,
    "get -o wide, yaml, json, name, ...": get_formats,
    "get -w": get_watch,
    "get -w of one": get_watch_one,
    "describe": describe,
    "events": events,
    "explain": explain,
    "auth can-i": can_i,
    "api-resources, api-versions, version": discovery,
    "get --raw": raw,
}

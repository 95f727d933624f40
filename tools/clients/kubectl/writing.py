"""What kubectl writes."""
import json

from kubectl.kubectl import DEPLOYMENTS, MAPS, PODS, config_map, deployment, equal, needs, pod, service


def apply(kubectl):
    apply_file = ("apply", "-f")
    path = kubectl.file("all.json", config_map("one", {"a": "1", "b": "2"}), service(), deployment())
    kubectl.says("configmap/one created\nservice/web created\ndeployment.apps/web created", *apply_file, path)
    kubectl.says("configmap/one unchanged\nservice/web unchanged\ndeployment.apps/web unchanged", *apply_file, path)
    # Another's change to what the manifest does not name stays; what it no longer names goes.
    kubectl.server.call("PATCH", f"{DEPLOYMENTS}/web", {"spec": {"replicas": 5, "template": {"spec": {"containers": [
        {"name": "web", "env": [{"name": "A", "value": "1"}]}]}}}}, content_type="application/strategic-merge-patch+json")
    path = kubectl.file("all.json", config_map("one", {"a": "3"}), service(), deployment("example.com/web:2"))
    kubectl.says("configmap/one configured\nservice/web unchanged\ndeployment.apps/web configured", *apply_file, path)
    equal(kubectl.json("get", "cm", "one")["data"], {"a": "3"}, "data")
    spec = kubectl.json("get", "deployment", "web")["spec"]
    container, = spec["template"]["spec"]["containers"]
    equal((spec["replicas"], container["image"], container["env"]), (5, "example.com/web:2", [{"name": "A", "value": "1"}]))
    equal(json.loads(kubectl("apply", "view-last-applied", "cm", "one", "-o", "json"))["data"], {"a": "3"})


def apply_checked(kubectl):
    kubectl.since(27, "validation by the server")
    wrong = deployment(replicaz=3)
    kubectl.fails('unknown field "spec.replicaz"', "apply", "-f", kubectl.file("wrong.json", wrong))
    code, output, errors = kubectl.run("apply", "--validate=warn", "-f", kubectl.file("wrong.json", wrong))
    needs(errors, 'Warning: unknown field "spec.replicaz"', "apply --validate=warn")
    needs(output, "deployment.apps/web created", "apply --validate=warn")
    bad = deployment()
    bad["spec"]["selector"]["matchLabels"] = {"app": "other"}
    bad["metadata"]["name"] = "other"
    kubectl.fails("`selector` does not match template `labels`", "apply", "-f", kubectl.file("bad.json", bad))
    kubectl.says("configmap/one created (server dry run)", "apply", "--dry-run=server", "-f",
                 kubectl.file("one.json", config_map("one")))
    kubectl.fails("NotFound", "get", "cm", "one")


def apply_checked_by_kubectl(kubectl):
    """Before the server validated, kubectl did, by OpenAPI v2."""
    wrong = kubectl.file("wrong.json", deployment(replicaz=3))
    if kubectl.minor < 27:
        kubectl.fails('unknown field "replicaz" in io.k8s.api.apps.v1.DeploymentSpec', "apply", "-f", wrong)
    kubectl.says("deployment.apps/web created", "apply", "--validate=false", "-f", wrong)


def apply_server_side(kubectl):
    def apply(manager, data, *more):
        return ("apply", "--server-side", f"--field-manager={manager}", *more, "-f",
                kubectl.file("one.json", config_map("one", data)))

    kubectl.says("configmap/one serverside-applied", *apply("alice", {"a": "1", "b": "1"}))
    kubectl.fails('conflict with "alice"', *apply("bob", {"a": "2"}))
    kubectl.says("configmap/one serverside-applied", *apply("bob", {"a": "2"}, "--force-conflicts"))
    kubectl.says("configmap/one serverside-applied", *apply("alice", {"c": "1"}))
    equal(kubectl.json("get", "cm", "one")["data"], {"a": "2", "c": "1"}, "data")
    shown = ["--show-managed-fields"] if kubectl.minor >= 21 else []
    managers = [one["manager"] for one in kubectl.json("get", "cm", "one", *shown)["metadata"]["managedFields"]]
    equal(sorted(managers), ["alice", "bob"], "managers")


def apply_both(kubectl):
    """From client-side to server-side apply: what kubectl applied before is its own still."""
    kubectl.since(26, "the migration of managed fields")
    kubectl("apply", "-f", kubectl.file("one.json", config_map("one", {"a": "1", "b": "1"})))
    kubectl.says("configmap/one serverside-applied", "apply", "--server-side", "-f",
                 kubectl.file("one.json", config_map("one", {"a": "2"})))
    equal(kubectl.json("get", "cm", "one")["data"], {"a": "2"}, "data")


def diff(kubectl):
    path = kubectl.file("one.json", config_map("one", {"a": "1"}), deployment())
    code, output, errors = kubectl.run("diff", "-f", path)
    equal(code, 1, f"exit code of diff before apply ({errors})")
    kubectl("apply", "-f", path)
    equal(kubectl("diff", "-f", path), "", "diff after apply")
    path = kubectl.file("one.json", config_map("one", {"a": "2"}), deployment())
    server_side = [["--server-side", "--force-conflicts"]] if kubectl.minor > 20 else []
    for more in ([], *server_side):
        code, output, errors = kubectl.run("diff", *more, "-f", path)
        equal(code, 1, f"exit code of diff {more} ({errors})")
        needs(output, "- a: \"1\"\n+ a: \"2\"", f"diff {more}")
    equal(kubectl.json("get", "cm", "one")["data"], {"a": "1"}, "data after diff")


def patch(kubectl):
    kubectl.server.call("POST", MAPS, config_map("one", {"a": "1"}))
    kubectl.says("configmap/one patched", "patch", "cm", "one", "-p", '{"data":{"b":"2"}}')
    kubectl.says("configmap/one patched (no change)", "patch", "cm", "one", "-p", '{"data":{"b":"2"}}')
    kubectl("patch", "cm", "one", "--type=merge", "-p", '{"data":{"a":null,"c":"3"}}')
    kubectl("patch", "cm", "one", "--type=json", "-p", '[{"op":"replace","path":"/data/c","value":"4"}]')
    equal(kubectl.json("get", "cm", "one")["data"], {"b": "2", "c": "4"}, "data")
    refused = "the server rejected our request due to an error in our request" if kubectl.minor > 20 else "The request is invalid"
    kubectl.fails(refused, "patch", "cm", "one", "--type=json",
                  "-p", '[{"op":"test","path":"/data/c","value":"5"}]')
    kubectl.server.call("POST", DEPLOYMENTS, deployment())
    kubectl("patch", "deployment", "web", "-p",
            '{"spec":{"template":{"spec":{"containers":[{"name":"more","image":"example.com/more:1"}]}}}}')
    spec = kubectl.json("get", "deployment", "web")["spec"]["template"]["spec"]
    equal(sorted(one["name"] for one in spec["containers"]), ["more", "web"], "containers after a strategic merge patch")
    kubectl("set", "image", "deployment/web", "web=example.com/web:9")
    kubectl("set", "env", "deployment/web", "-c", "web", "LEVEL=debug")
    spec = kubectl.json("get", "deployment", "web")["spec"]["template"]["spec"]
    web = next(one for one in spec["containers"] if one["name"] == "web")
    equal((web["image"], web["env"]), ("example.com/web:9", [{"name": "LEVEL", "value": "debug"}]), "set image and env")


def patch_status(kubectl):
    kubectl.since(24, "--subresource")
    kubectl.server.call("POST", DEPLOYMENTS, deployment())
    kubectl("patch", "deployment", "web", "--subresource=status", "--type=merge", "-p", '{"status":{"readyReplicas":1,"replicas":1}}')
    web = kubectl.json("get", "deployment", "web")
    equal((web["status"]["readyReplicas"], web["metadata"]["generation"]), (1, 1), "readyReplicas and generation")
    equal(kubectl.json("get", "deployment", "web", "--subresource=status")["status"]["readyReplicas"], 1, "readyReplicas")


def replace(kubectl):
    kubectl.server.call("POST", MAPS, config_map("one", {"a": "1"}))
    current = kubectl.json("get", "cm", "one")
    kubectl.server.merge(f"{MAPS}/one", {"data": {"b": "2"}})
    kubectl.fails("the object has been modified; please apply your changes to the latest version and try again",
                  "replace", "-f", kubectl.file("one.json", current))
    kubectl.says("configmap/one replaced", "replace", "-f", kubectl.file("one.json", config_map("one", {"c": "3"})))
    equal(kubectl.json("get", "cm", "one")["data"], {"c": "3"}, "data")
    kubectl.says('configmap "one" deleted\nconfigmap/one replaced', "replace", "--force", "-f",
                 kubectl.file("one.json", config_map("one", {"d": "4"})))


def delete(kubectl):
    server = kubectl.server
    for name, app in (("a", "x"), ("b", "x"), ("c", "y"), ("d", "y"), ("e", "z")):
        server.call("POST", MAPS, config_map(name, labels={"app": app}))
    kubectl.says('configmap "a" deleted', "delete", "cm", "a")
    kubectl.says('configmap "b" deleted', "delete", "cm", "-l", "app=x")
    kubectl.says('configmap "c" deleted', "delete", "-f", kubectl.file("c.json", config_map("c")))
    kubectl.fails('Error from server (NotFound): configmaps "a" not found', "delete", "cm", "a")
    equal(kubectl("delete", "cm", "a", "--ignore-not-found"), "")
    kubectl.says('configmap "d" deleted\nconfigmap "e" deleted', "delete", "cm", "--all")
    equal(server.get(MAPS)["items"], [])
    server.call("POST", PODS, pod("one"))
    kubectl.says('pod "one" force deleted', "delete", "pod", "one", "--grace-period=0", "--force")
    kubectl.fails("NotFound", "get", "pod", "one")
    server.call("POST", DEPLOYMENTS, deployment())
    kubectl("delete", "deployment", "web", "--cascade=orphan" if kubectl.minor >= 21 else "--cascade=true")
    kubectl.fails("NotFound", "get", "deployment", "web")


def delete_waits(kubectl):
    """kubectl waits until the object is gone: a finalizer holds it."""
    server = kubectl.server
    server.call("POST", MAPS, config_map("one", finalizers=["example.com/hold"]))
    with kubectl.background("delete", "cm", "one") as deleting:
        server.get("/_fakeapi/v1/requests", verb="watch", resource="configmaps", open="true", count=1, timeout="60s")
        deleting.alive()
        assert server.get(f"{MAPS}/one")["metadata"]["deletionTimestamp"]
        server.merge(f"{MAPS}/one", {"metadata": {"finalizers": None}})
        equal(deleting.finish(), 0, f"exit code ({deleting.said()})")
        needs("\n".join(deleting.lines), 'configmap "one" deleted', "delete")


def scale(kubectl):
    kubectl.server.call("POST", DEPLOYMENTS, deployment())
    kubectl.says("deployment.apps/web scaled", "scale", "deployment", "web", "--replicas=3")
    equal(kubectl.json("get", "deployment", "web")["spec"]["replicas"], 3, "replicas")
    kubectl.fails("Expected replicas to be 2, was 3", "scale", "deployment", "web", "--current-replicas=2", "--replicas=4")
    kubectl.says("deployment.apps/web scaled", "scale", "--current-replicas=3", "--replicas=0", "deployment/web")
    equal(kubectl.json("get", "deployment", "web")["spec"]["replicas"], 0, "replicas")
    kubectl.fails("", "scale", "deployment", "other", "--replicas=1")  # its words differ from version to version


def label_and_annotate(kubectl):
    kubectl.server.call("POST", MAPS, config_map("one"))
    kubectl.server.call("POST", "/api/v1/nodes", {"metadata": {"name": "n1"}})
    kubectl.says("configmap/one labeled", "label", "cm", "one", "app=web", "tier=back")
    kubectl.fails("'app' already has a value (web), and --overwrite is false", "label", "cm", "one", "app=other")
    kubectl("label", "cm", "one", "app=other", "--overwrite")
    kubectl("label", "cm", "one", "tier-")
    kubectl.says("configmap/one annotated", "annotate", "cm", "--all", "note=some words")
    metadata = kubectl.json("get", "cm", "one")["metadata"]
    equal((metadata["labels"], metadata["annotations"]), ({"app": "other"}, {"note": "some words"}))
    kubectl.fails("nvalid", "label", "cm", "one", "app=not a label")
    kubectl.says("node/n1 cordoned", "cordon", "n1")
    kubectl.says("node/n1 tainted", "taint", "nodes", "n1", "key=value:NoSchedule")
    spec = kubectl.json("get", "node", "n1")["spec"]
    equal(spec["unschedulable"], True, "unschedulable")
    assert {"key": "key", "value": "value", "effect": "NoSchedule"} in spec["taints"], spec


def create(kubectl):
    kubectl.says("namespace/shop created", "create", "namespace", "shop")
    inside = ("-n", "shop")
    kubectl.says("configmap/one created", "create", "configmap", "one", "--from-literal=a=1", *inside)
    kubectl.says("secret/one created", "create", "secret", "generic", "one", "--from-literal=a=1", *inside)
    kubectl.says("serviceaccount/one created", "create", "serviceaccount", "one", *inside)
    kubectl.says("service/one created", "create", "service", "clusterip", "one", "--tcp=80:8080", *inside)
    kubectl.says("deployment.apps/one created", "create", "deployment", "one", "--image=example.com/web:1", "--replicas=2", *inside)
    kubectl.says("job.batch/one created", "create", "job", "one", "--image=example.com/job:1", *inside)
    kubectl.says("pod/one created", "run", "one", "--image=example.com/web:1", *inside)
    kubectl.says("service/web exposed", "expose", "deployment", "one", "--name=web", "--port=80", *inside)
    kubectl.fails('configmaps "one" already exists', "create", "configmap", "one", *inside)
    equal(kubectl.json("get", "secret", "one", *inside)["data"], {"a": "MQ=="}, "secret")
    equal(kubectl.json("get", "deployment", "one", *inside)["spec"]["replicas"], 2, "replicas")
    names = kubectl("get", "all,cm,sa,secrets", "-o", "name", *inside).split()
    wanted = {"pod/one", "service/one", "service/web", "deployment.apps/one", "job.batch/one", "configmap/one",
              "serviceaccount/one", "secret/one"}
    assert wanted <= set(names), names
    kubectl.fails("Invalid", "create", "-f", kubectl.file("bad.json", config_map("Not a name")))
    kubectl.says("configmap/two created (server dry run)", "create", "configmap", "two", "--dry-run=server")
    kubectl.fails("NotFound", "get", "cm", "two")


def lists(kubectl):
    """A `kind: List`, as `get -o yaml` prints it. kubectl cannot have it validated by the server, and asks for OpenAPI v2."""
    path = kubectl.file("list.json", {"apiVersion": "v1", "kind": "List", "items": [config_map("a"), config_map("b")]})
    kubectl.says("configmap/a created\nconfigmap/b created", "create", "-f", path)
    kubectl.says("configmap/a configured\nconfigmap/b configured", "apply", "-f", path)


def create_access(kubectl):
    """Roles and bindings take effect at once."""
    server = kubectl.server
    kubectl("create", "serviceaccount", "shop")
    kubectl.says("role.rbac.authorization.k8s.io/reader created", "create", "role", "reader", "--verb=get,list",
                 "--resource=configmaps")
    kubectl("create", "rolebinding", "reader", "--role=reader", "--serviceaccount=default:shop")
    kubectl("create", "clusterrole", "nodes", "--verb=list", "--resource=nodes")
    kubectl("create", "clusterrolebinding", "nodes", "--clusterrole=nodes", "--serviceaccount=default:shop")
    token = _token(kubectl, server, "shop")
    equal(kubectl("get", "cm", "-o", "name", token), "")
    equal(kubectl("get", "nodes", "-o", "name", token), "")
    kubectl.fails('User "system:serviceaccount:default:shop" cannot list resource "pods" in API group "" in the namespace '
                  '"default"', "get", "pods", token)
    kubectl("delete", "rolebinding", "reader")
    kubectl.fails("Forbidden", "get", "cm", token)
    roles = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "reader", "namespace": "default"},
             "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]}]}
    kubectl.says("role.rbac.authorization.k8s.io/reader reconciled", "auth", "reconcile", "-f", kubectl.file("role.json", roles))
    assert any("watch" in rule["verbs"] for rule in kubectl.json("get", "role", "reader")["rules"])


def _token(kubectl, server, name):
    answer = server.call("POST", f"/api/v1/namespaces/default/serviceaccounts/{name}/token",
                         {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 600}})
    return f"--token={answer['status']['token']}"


def create_token(kubectl):
    kubectl.since(24, "`create token`")
    kubectl("create", "serviceaccount", "shop")
    token = kubectl("create", "token", "shop", "--duration=10m").strip()
    equal(token.count("."), 2, "dots of a JWT")
    kubectl.fails('User "system:serviceaccount:default:shop" cannot list resource "pods"', "get", "pods", f"--token={token}")
    kubectl.fails('serviceaccounts "other" not found', "create", "token", "other")
    if kubectl.minor >= 28:
        kubectl.says("Username system:serviceaccount:default:shop", "auth", "whoami", f"--token={token}")


def rollout(kubectl):
    server = kubectl.server
    server.call("POST", DEPLOYMENTS, deployment(replicas=2))
    status = {"observedGeneration": 1, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 1, "availableReplicas": 1}
    server.merge(f"{DEPLOYMENTS}/web/status", {"status": status})
    with kubectl.background("rollout", "status", "deployment/web") as waiting:
        waiting.wait_for_line('Waiting for deployment "web" rollout to finish: 1 of 2 updated replicas are available...')
        server.merge(f"{DEPLOYMENTS}/web/status", {"status": {**status, "readyReplicas": 2, "availableReplicas": 2}})
        equal(waiting.finish(), 0, f"exit code of rollout status ({waiting.said()})")
        needs("\n".join(waiting.lines), 'deployment "web" successfully rolled out', "rollout status")
    kubectl.says("deployment.apps/web restarted", "rollout", "restart", "deployment/web")
    template = server.get(f"{DEPLOYMENTS}/web")["spec"]["template"]
    assert "kubectl.kubernetes.io/restartedAt" in template["metadata"]["annotations"], template
    kubectl.says("deployment.apps/web paused", "rollout", "pause", "deployment/web")
    kubectl.says("deployment.apps/web resumed", "rollout", "resume", "deployment/web")


CHECKS = {
    "apply": apply,
    "apply with validation by the server": apply_checked,
    "apply with validation by kubectl, and without": apply_checked_by_kubectl,
    "apply --server-side": apply_server_side,
    "apply, then apply --server-side": apply_both,
    "diff": diff,
    "patch and set": patch,
    "patch --subresource=status": patch_status,
    "replace": replace,
    "delete": delete,
    "delete waits": delete_waits,
    "scale": scale,
    "label, annotate, taint": label_and_annotate,
    "create": create,
    "create and apply a List": lists,
    "create roles and bindings": create_access,
    "create token": create_token,
    "rollout": rollout,
}

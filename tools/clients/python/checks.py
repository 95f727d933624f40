"""What programs on the Python client do, one function for each thing; an AssertionError tells what was wrong."""
import time

from kubernetes import client, dynamic, watch
from kubernetes.client.exceptions import ApiException
from kubernetes.leaderelection.electionconfig import Config
from kubernetes.leaderelection.leaderelection import LeaderElection
from kubernetes.leaderelection.resourcelock.leaselock import LeaseLock

NAMESPACE = "default"


def status_of(call, *arguments, **more):
    """The status of the error that the call must end with."""
    try:
        call(*arguments, **more)
    except ApiException as error:
        return error.status
    raise AssertionError(f"{call.__name__} should have failed")


def config_map(name, **labels):
    return client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name, labels=labels), data={"a": "1"})


def compact():
    dynamic.DynamicClient(client.ApiClient()).request("post", "/_fakeapi/v1/compact", body={}, serialize=False)


def list_in_pages():
    core = client.CoreV1Api()
    for number in range(7):
        core.create_namespaced_config_map(NAMESPACE, config_map(f"map-{number}", odd=str(number % 2)))
    names, page = [], core.list_namespaced_config_map(NAMESPACE, limit=3, label_selector="odd")
    version = page.metadata.resource_version
    while True:
        assert page.metadata.resource_version == version, page.metadata
        names += [one.metadata.name for one in page.items]
        if not page.metadata._continue:
            break
        core.create_namespaced_config_map(NAMESPACE, config_map(f"late-{len(names)}", odd="late"))
        page = core.list_namespaced_config_map(NAMESPACE, limit=3, label_selector="odd", _continue=page.metadata._continue)
    assert names == [f"map-{number}" for number in range(7)], names
    odd = core.list_namespaced_config_map(NAMESPACE, label_selector="odd=1").items
    assert len(odd) == 3, [one.metadata.name for one in odd]
    one = core.list_namespaced_config_map(NAMESPACE, field_selector="metadata.name=map-2").items
    assert [item.metadata.name for item in one] == ["map-2"], one


def write():
    core = client.CoreV1Api()
    created = core.create_namespaced_config_map(NAMESPACE, config_map("one"))
    assert created.metadata.uid and created.data == {"a": "1"}, created
    assert status_of(core.create_namespaced_config_map, NAMESPACE, config_map("one")) == 409
    created.data["a"] = "2"
    replaced = core.replace_namespaced_config_map("one", NAMESPACE, created)
    assert replaced.data == {"a": "2"}, replaced
    assert status_of(core.replace_namespaced_config_map, "one", NAMESPACE, created) == 409, "an old version"
    patched = core.patch_namespaced_config_map("one", NAMESPACE, {"data": {"b": "3"}})
    assert patched.data == {"a": "2", "b": "3"}, patched
    patched = core.patch_namespaced_config_map("one", NAMESPACE, [{"op": "remove", "path": "/data/a"}])
    assert patched.data == {"b": "3"}, patched
    assert core.delete_namespaced_config_map("one", NAMESPACE)["status"] == "Success"
    assert status_of(core.read_namespaced_config_map, "one", NAMESPACE) == 404


def workloads():
    labels = {"app": "web"}
    template = client.V1PodTemplateSpec(metadata=client.V1ObjectMeta(labels=labels), spec=client.V1PodSpec(
        containers=[client.V1Container(name="web", image="example.com/web:1")]))
    apps = client.AppsV1Api()
    created = apps.create_namespaced_deployment(NAMESPACE, client.V1Deployment(
        metadata=client.V1ObjectMeta(name="web"), spec=client.V1DeploymentSpec(
            selector=client.V1LabelSelector(match_labels=labels), template=template)))
    assert created.spec.replicas == 1 and created.spec.strategy.type == "RollingUpdate", created.spec
    apps.patch_namespaced_deployment_scale("web", NAMESPACE, {"spec": {"replicas": 3}})
    scale = apps.read_namespaced_deployment_scale("web", NAMESPACE)
    assert scale.spec.replicas == 3 and scale.status.selector == "app=web", scale
    # A strategic merge patch finds the container by its name.
    patched = apps.patch_namespaced_deployment("web", NAMESPACE, {"spec": {"template": {"spec": {"containers": [
        {"name": "web", "env": [{"name": "A", "value": "1"}]}]}}}})
    container, = patched.spec.template.spec.containers
    assert container.image == "example.com/web:1" and container.env[0].value == "1", container
    changed = apps.patch_namespaced_deployment_status("web", NAMESPACE, {"status": {"readyReplicas": 2, "replicas": 3}})
    assert changed.status.ready_replicas == 2 and changed.spec.replicas == 3, changed.status


def server_side_apply():
    resources = dynamic.DynamicClient(client.ApiClient())
    maps = resources.resources.get(api_version="v1", kind="ConfigMap")

    def apply(manager, data, **more):
        return maps.server_side_apply(namespace=NAMESPACE, field_manager=manager, body={
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "one"}, "data": data}, **more)

    apply("alice", {"a": "1", "b": "1"})
    try:
        apply("bob", {"a": "2"})
        raise AssertionError("no conflict")
    except ApiException as error:
        assert error.status == 409 and b"conflict" in str(error.body).encode(), error
    assert apply("bob", {"a": "2"}, force_conflicts=True).data.to_dict() == {"a": "2", "b": "1"}
    assert apply("alice", {}).data.to_dict() == {"a": "2"}, "what alice alone had is gone"


def dynamic_client():
    resources = dynamic.DynamicClient(client.ApiClient())
    slices = resources.resources.get(api_version="discovery.k8s.io/v1", kind="EndpointSlice")
    slices.create(namespace=NAMESPACE, body={"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
                                             "metadata": {"name": "one"}, "endpoints": [{"addresses": ["10.20.0.1"]}]})
    names = [one.metadata.name for one in slices.get(namespace=NAMESPACE).items]
    assert names == ["one"], names
    stream = slices.watch(namespace=NAMESPACE, timeout=5, watcher=watch.Watch())
    event = next(iter(stream))
    assert event["type"] == "ADDED" and event["object"].metadata.name == "one", event
    custom = client.CustomObjectsApi()
    listed = custom.list_namespaced_custom_object("discovery.k8s.io", "v1", NAMESPACE, "endpointslices")
    assert listed["kind"] == "EndpointSliceList" and len(listed["items"]) == 1, listed


def watch_and_resume():
    core = client.CoreV1Api()
    start = core.list_namespaced_config_map(NAMESPACE).metadata.resource_version
    for name in ("one", "two"):
        core.create_namespaced_config_map(NAMESPACE, config_map(name, app="web"))
    core.patch_namespaced_config_map("one", NAMESPACE, {"data": {"a": "2"}})
    core.delete_namespaced_config_map("two", NAMESPACE)
    all_events = [("ADDED", "one"), ("ADDED", "two"), ("MODIFIED", "one"), ("DELETED", "two")]
    # Each prefix is read by one stream, the rest by another that resumes at the version of the last event seen.
    for count in range(1, 4):
        stream = watch.Watch()
        seen = []
        for event in stream.stream(core.list_namespaced_config_map, NAMESPACE, resource_version=start, timeout_seconds=30):
            seen.append((event["type"], event["object"].metadata.name))
            if len(seen) == count:
                stream.stop()
        version, rest = stream.resource_version, watch.Watch()
        for event in rest.stream(core.list_namespaced_config_map, NAMESPACE, resource_version=version, timeout_seconds=30):
            seen.append((event["type"], event["object"].metadata.name))
            if len(seen) == 4:
                rest.stop()
        assert seen == all_events, seen


def timeout_ends_the_stream():
    began = time.monotonic()
    core = client.CoreV1Api()
    assert list(watch.Watch().stream(core.list_namespaced_config_map, NAMESPACE, timeout_seconds=1)) == []
    assert 0.9 < time.monotonic() - began < 30, time.monotonic() - began


def expired_version():
    """The stream says so by an ERROR event; the client tries once more by itself and then raises it."""
    core = client.CoreV1Api()
    start = core.create_namespaced_config_map(NAMESPACE, config_map("one")).metadata.resource_version
    core.create_namespaced_config_map(NAMESPACE, config_map("two"))
    compact()
    try:
        for event in watch.Watch().stream(core.list_namespaced_config_map, NAMESPACE, resource_version=start):
            raise AssertionError(f"an event: {event}")
    except ApiException as error:
        assert error.status == 410 and "too old resource version" in error.reason, error
        return
    raise AssertionError("the stream ended without an error")


def access():
    core = client.CoreV1Api()
    core.create_namespaced_service_account(NAMESPACE, client.V1ServiceAccount(metadata=client.V1ObjectMeta(name="shop")))
    token = core.create_namespaced_service_account_token("shop", NAMESPACE, client.AuthenticationV1TokenRequest(
        spec=client.V1TokenRequestSpec(audiences=[], expiration_seconds=600))).status.token
    configuration = client.Configuration.get_default_copy()
    configuration.refresh_api_key_hook = None  # it would read the kubeconfig's token again
    configuration.api_key = {"BearerToken": f"Bearer {token}"}
    shop = client.CoreV1Api(client.ApiClient(configuration))
    assert status_of(shop.list_namespaced_config_map, NAMESPACE) == 403
    rbac = client.RbacAuthorizationV1Api()
    rbac.create_namespaced_role(NAMESPACE, client.V1Role(metadata=client.V1ObjectMeta(name="reader"), rules=[
        client.V1PolicyRule(api_groups=[""], resources=["configmaps"], verbs=["list"])]))
    rbac.create_namespaced_role_binding(NAMESPACE, client.V1RoleBinding(
        metadata=client.V1ObjectMeta(name="reader"),
        role_ref=client.V1RoleRef(api_group="rbac.authorization.k8s.io", kind="Role", name="reader"),
        subjects=[client.RbacV1Subject(kind="ServiceAccount", name="shop", namespace=NAMESPACE)]))
    assert shop.list_namespaced_config_map(NAMESPACE).items == []


def leader_election():
    """Takes the Lease and renews it, as run() does in its loop; another candidate does not get it."""
    def candidate(identity):
        settings = Config(LeaseLock("election", NAMESPACE, identity), lease_duration=15, renew_deadline=10, retry_period=1,
                          onstarted_leading=lambda: None, onstopped_leading=lambda: None)
        return LeaderElection(settings)

    first, second = candidate("first"), candidate("second")
    assert first.try_acquire_or_renew()
    taken = client.CoordinationV1Api().read_namespaced_lease("election", NAMESPACE).spec
    assert first.try_acquire_or_renew()
    assert not second.try_acquire_or_renew()
    renewed = client.CoordinationV1Api().read_namespaced_lease("election", NAMESPACE).spec
    assert taken.holder_identity == renewed.holder_identity == "first", (taken, renewed)
    assert renewed.renew_time > taken.renew_time, (taken, renewed)


CHECKS = {
    "list in pages": list_in_pages,
    "create, replace, patch, delete": write,
    "workloads, scale and status": workloads,
    "server-side apply": server_side_apply,
    "dynamic client": dynamic_client,
    "watch and resume": watch_and_resume,
    "watch ends at its timeout": timeout_ends_the_stream,
    "watch from a version that is old": expired_version,
    "token and roles": access,
    "leader election": leader_election,
}

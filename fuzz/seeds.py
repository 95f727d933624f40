"""Corpora of the fuzz targets, made of what is in the repository: recorded conversations, protobuf samples and traces
(fakeapi/tests), and a few texts of each small language. Nothing here is an expected value."""
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "fakeapi/tests"
REQUESTS_A_SEED = 4
SEPARATOR = "\n%%\n"
PATCH_FORMS = {"application/json-patch+json": "json", "application/merge-patch+json": "merge",
               "application/strategic-merge-patch+json": "strategic", "application/apply-patch+yaml": "apply"}

DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "boxes.example.com"},
    "spec": {"group": "example.com", "scope": "Cluster", "names": {"plural": "boxes", "kind": "Box"},
             "versions": [{"name": "v1", "served": True, "storage": True,
                           "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
                           "additionalPrinterColumns": [{"name": "A", "type": "string", "jsonPath": ".spec.a[?(@.b==\"c\")].d"}]}]}}
WIDGET = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "b"},
          "spec": {"size": 2, "parts": [{"name": "p"}, {"name": "q"}], "free": {"x": [None, 1.5, {"y": True}]}}}
SCALARS = ["1", "0.5", "1024Mi", "0.1Gi", "100m", "1e3", "1E-3", "12E", "-1.5Ki", "9223372036854775807", "999999999999999999Ei",
           "2026-11-23T06:21:04Z", "2026-11-23T06:21:04.000123+02:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "YWJj"]
LABELS = ["app=a", "app==a,n!=5", "app in (a,b),n notin (4)", "!x.io/y", "n>4,n<6", "app,x.io/y=", "app in (,a)"]
FIELDS = ["metadata.name=a", "metadata.namespace!=x,spec.nodeName==n", "status.phase=Running", "a\\,b=c\\=d", "x"]
PATHS = [".spec.a", ".a[0]", ".a[-1:]", ".a[*].b", ".a['b']", ".a[0,2]", "..b", ".a[?(@.type==\"Ready\")].status", ".a[0:4:2]",
         ".a\\.b", ".a[?(@.b>1)]", ".a[?(@.c)].b", "."]
DOCUMENT = {"spec": {"a": 1}, "a": [{"b": 2, "type": "Ready", "status": "True"}, {"c": None}, "x", 4], "a.b": {"b": [1]}}
YAML = ["a: 1\nb:\n- x\n- \"y\"\nc: {d: e, f: [1, 2]}\n", "a: &x {b: 1}\nc: *x\n", "a: |\n  text\n   more\nb: >-\n  folded\n  x\n",
        "? complex\n: value\n", "a: yes\nb: ~\nc: 0x1f\nd: 010\ne: 1e3\nf: '1'\n", "--- \n- - a\n  - b\n-\n", "a: !!binary YWJj\nb: .inf\n"]


def steps():
    for path in sorted((TESTS / "golden").glob("*.json")):
        recorded = json.loads(path.read_text())
        texts = json.dumps([step["request"] for step in recorded])
        # Captured values and namespaces of a conversation become ones that the targets' cluster has.
        texts = re.sub(r"\{\{\w+\}\}", "1", texts)
        texts = re.sub(r"golden-\w+", "default", texts)
        yield path.stem, json.loads(texts)


def body_text(request):
    body = request.get("body", "")
    return body if isinstance(body, str) else json.dumps(body)


def request_text(request):
    headers = dict(request.get("headers", {}))
    if "body" in request:
        headers.setdefault("Content-Type", "application/json")
    lines = [f"{request['method']} {request['path']}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\n".join(lines) + "\n\n" + body_text(request)


def http_text(request):
    headers = dict(request.get("headers", {}))
    body = body_text(request).encode()
    lines = [f"{request['method']} {request['path']} HTTP/1.1", "Host: x", *(f"{k}: {v}" for k, v in headers.items())]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return b"\x05" + "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def plural(path):
    found = re.search(r"(?:/namespaces/[^/?]+)?/([a-z]+)(?:/[^/?]+)?(/status|/scale)?(?:\?.*)?$", path)
    return found.groups() if found else ("pods", None)


def patches(requests):
    for request in requests:
        form = PATCH_FORMS.get(request.get("headers", {}).get("Content-Type", ""))
        resource, subresource = plural(request["path"])
        words = f"{resource} {{}}{' ' + subresource[1:] if subresource else ''}\n"
        if form:
            yield words.format(form) + body_text(request)
        elif request["method"] == "POST" and isinstance(request.get("body"), dict):
            body = json.loads(json.dumps(request["body"]))
            body.setdefault("metadata", {})["name"] = "by-hand" if resource == "endpoints" else "a"
            yield words.format("apply force") + json.dumps(body)
            yield words.format("strategic") + json.dumps(body)


def trace_objects():
    for path in sorted((TESTS / "traces").glob("*.json")):
        for operation in json.loads(path.read_text())["operations"][:6]:
            if isinstance(operation.get("body"), dict):
                yield operation


def samples():
    for path in sorted((TESTS / "protobuf").glob("*.json")):
        yield path.stem, json.loads(path.read_text())


def chunked():
    return [b"\x01POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x=y\r\nd\r\n0\r\nT: v\r\n\r\n",
            b"\x07GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n",
            b"\x03POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"]


def scenarios():
    """Shipped files, the examples of the page, and one line for each key that neither has."""
    yield from (path.read_text() for path in sorted((ROOT / "scenarios").glob("*.yaml")))
    yield from re.findall(r"```yaml\n(.*?)\n```", (ROOT / "docs/scenarios.md").read_text(), re.S)
    head = "version: 1\nabout: a\nobjects: a\nservices: {a: {ports: {t: 1}, pods: 2, ready: 1x3 2x~ , listens: 1 _}}\n"
    for step in ("every: 1s, times: 3, pods: {a-0: [ready, {shows: ready, address: 10.20.0.9}, terminating], \"a-*\": absent}",
                 "scale: {a: 3}, services: {a: absent}", "rolling-update: {service: a, starting: \"uniform(0s, 2s)\"}",
                 "cluster-restart: {down: 1s ± 1s, stale: 0s, ready-after: 1s}", "rollback: 1s, token: expired, ca: announced, rights: everything",
                 "delete: [{kind: Pod, name: a-0, grace: 1s}, {kind: Namespace, name: b}]",
                 "apply: {apiVersion: v1, kind: Pod, metadata: {name: p, namespace: b}, status: {podIP: 10.20.0.7}}"):
        yield f"{head}timeline: [{{at: 1s ± 1s, {step}}}]\n"
    yield head + "timeline: [{when: {watches: 2, request: {connection: odd}}, after: 1s, api: up}]\nheal: never\nend: 9s\n"
    yield head + ("faults: [{name: a, match: {nth: 2.., group: ''}, window: 1s..2s, body: {after: 2KiB, then: stall}}, {name: b, "
                  "window: 3s.., connect: wrong-ca}]\nexpect: {exit: [0, 3], at-least: {watches: 1}, says: [x]}\n")


def corpora():
    """Target -> its seeds, as bytes."""
    out = {name: [] for name in ("json_body", "json_path", "patches", "protobuf", "request_parser", "requests", "scalars",
                                 "scenario", "selectors", "uri", "yaml")}
    for _, requests in steps():
        texts = [request_text(request) for request in requests]
        for start in range(0, len(texts), REQUESTS_A_SEED):
            out["requests"].append(SEPARATOR.join(texts[start:start + REQUESTS_A_SEED]))
        out["request_parser"] += [http_text(request) for request in requests[::5]]
        out["uri"] += [request["path"] for request in requests]
        out["patches"] += patches(requests)
        out["json_body"] += [f"{plural(request['path'])[0]}\n{body_text(request)}" for request in requests if "body" in request]
    for operation in trace_objects():
        out["requests"].append(request_text(operation))
    for name, value in samples():
        text = json.dumps(value)
        resource = {"event-v1": "events", "endpoints": "endpoints"}.get(name, name + "s")
        out["json_body"].append(f"{resource}\n{text}")
        out["yaml"].append(text)
        out["patches"].append(f"{resource} merge\n{text}")
    for resource, body in (("customresourcedefinitions", DEFINITION), ("widgets", WIDGET)):
        out["json_body"].append(f"{resource}\n{json.dumps(body)}")
        out["patches"] += [f"{resource} {form}\n{json.dumps(body)}" for form in ("merge", "apply force")]
    out["patches"] += ["deployments apply\nmetadata:\n  name: a\nspec:\n  replicas: 3\n", "widgets json\n"
                       + json.dumps([{"op": "add", "path": "/spec/parts/-", "value": {"name": "z"}}]),
                       "deployments strategic\n" + json.dumps({"spec": {"template": {"spec": {
                           "$setElementOrder/containers": [{"name": "c"}], "$retainKeys": ["containers"],
                           "containers": [{"name": "c", "$patch": "delete"}]}}}}),
                       "pods strategic\n" + json.dumps({"metadata": {"$deleteFromPrimitiveList/finalizers": ["x"]}})]
    out["requests"].append(SEPARATOR.join(
        [f"POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions\n\n{json.dumps(DEFINITION)}",
         "POST /apis/example.com/v1/boxes\n\n" + json.dumps({"metadata": {"name": "a"}, "spec": {"a": [{"b": "c", "d": 1}]}}),
         "GET /apis/example.com/v1/boxes\nAccept: application/json;as=Table;g=meta.k8s.io;v=v1\n\n",
         "DELETE /apis/apiextensions.k8s.io/v1/customresourcedefinitions/boxes.example.com\n\n"]))
    out["requests"].append(SEPARATOR.join(
        [f"POST /apis/example.com/v1/namespaces/default/widgets\n\n{json.dumps(WIDGET)}",
         "PUT /apis/example.com/v1/namespaces/default/widgets/b/scale\n\n" + json.dumps({"spec": {"replicas": 3}}),
         "DELETE /api/v1/namespaces/default\n\n", "GET /api/v1/pods?limit=1\n\n"]))
    out["protobuf"] = [path.read_bytes() for path in sorted((TESTS / "protobuf").glob("*.bin"))]
    out["request_parser"] += chunked()
    out["scalars"] = SCALARS
    out["selectors"] = [f"pods\n{labels}\n{fields}" for labels in LABELS for fields in FIELDS]
    out["json_path"] = [f"{path}\n{json.dumps(DOCUMENT)}" for path in PATHS]
    out["yaml"] += YAML
    out["scenario"] += scenarios()
    return {name: [seed if isinstance(seed, bytes) else seed.encode() for seed in seeds] for name, seeds in out.items()}


def words():
    """Tokens that a mutation is unlikely to find: keys and short values of the seeds."""
    found = set()
    for _, requests in steps():
        text = json.dumps(requests)
        found |= set(re.findall(r'[\w./+$-]{3,40}', text))
    for _, value in samples():
        found |= set(re.findall(r'[\w./-]{3,40}', json.dumps(value)))
    schema = json.loads((ROOT / "scenarios/scenario.schema.json").read_text())
    for mapping in (schema, *schema["definitions"].values()):
        found |= {f"{key}: " for key in mapping["properties"]}
    found |= {"$patch", "delete", "replace", "merge", "$retainKeys", "$setElementOrder/", "$deleteFromPrimitiveList/",
              "x-kubernetes-preserve-unknown-fields", "x-kubernetes-list-type", "openAPIV3Schema", "properties", "items",
              "uniform(", "lognormal(", " +- ", "x~", "..", "1s", "10.20.0.9", "fieldsV1", "f:metadata", "k:{", "v:", "i:0", "chunked", "Transfer-Encoding", "Content-Length", "notin", "application/yaml"}
    return sorted(found)


def write(folder, bytes_max):
    """Seeds into FOLDER/TARGET, but none that a target would see cut off; the dictionary into FOLDER/words."""
    folder.mkdir(parents=True, exist_ok=True)
    for target, seeds in corpora().items():
        (folder / target).mkdir(exist_ok=True)
        for number, seed in enumerate(seeds):
            if len(seed) <= bytes_max:
                (folder / target / f"seed-{number:03}").write_bytes(seed)
    lines = [f'"{word}"' for word in words() if "\\" not in word and '"' not in word]
    (folder / "words").write_text("\n".join(lines) + "\n")

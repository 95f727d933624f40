"""Kinds that a CustomResourceDefinition brings."""
from kubectl.kubectl import equal, needs

DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "widgets.example.com"},
    "spec": {
        "group": "example.com", "scope": "Namespaced",
        "names": {"plural": "widgets", "singular": "widget", "kind": "Widget", "shortNames": ["wd"], "categories": ["all"]},
        "versions": [{
            "name": "v1", "served": True, "storage": True, "subresources": {"status": {}},
            "additionalPrinterColumns": [{"name": "Size", "type": "integer", "jsonPath": ".spec.size"},
                                         {"name": "Colour", "type": "string", "jsonPath": ".spec.colour", "priority": 1},
                                         {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}],
            "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                "spec": {"type": "object", "required": ["size"], "description": "What the widget is to be.", "properties": {
                    "size": {"type": "integer", "minimum": 1, "description": "In metres."},
                    "colour": {"type": "string", "enum": ["red", "blue"], "default": "red"}}},
                "status": {"type": "object", "properties": {"conditions": {"type": "array", "items": {
                    "type": "object", "properties": {"type": {"type": "string"}, "status": {"type": "string"}}}}}}}}}}]}}


def widget(name, **spec):
    return {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": name}, "spec": spec}


def custom_resource(kubectl):
    apply = ("apply", "-f")
    kubectl.says("customresourcedefinition.apiextensions.k8s.io/widgets.example.com created", *apply,
                 kubectl.file("crd.json", DEFINITION))
    kubectl.says("condition met", "wait", "--for=condition=Established", "crd/widgets.example.com", "--timeout=60s")
    kubectl.says("widget.example.com/one created", *apply, kubectl.file("one.json", widget("one", size=3)))
    kubectl.says("NAME SIZE AGE\none 3", "get", "widgets")
    kubectl.says("NAME SIZE COLOUR AGE\none 3 red", "get", "wd", "-o", "wide")
    kubectl.says("widget.example.com/one configured", *apply, kubectl.file("one.json", widget("one", size=4, colour="blue")))
    equal(kubectl.json("get", "widget", "one")["spec"], {"size": 4, "colour": "blue"}, "spec")
    kubectl.fails("spec.size", *apply, kubectl.file("two.json", widget("two", size=0)))
    kubectl.fails('Unsupported value: "green"', *apply, kubectl.file("two.json", widget("two", size=1, colour="green")))
    kubectl("patch", "widget", "one", "--type=merge", "-p", '{"spec":{"size":5}}')
    kubectl.says("Name: one\nKind: Widget\nSize: 5", "describe", "widget", "one")
    needs(kubectl("api-resources", "--api-group=example.com"), "widgets wd example.com/v1 true Widget", "api-resources")
    kubectl.says("widget.example.com/one", "get", "all", "-o", "name")
    kubectl("delete", "widget", "one")
    kubectl("delete", "crd", "widgets.example.com")
    kubectl.fails("widgets", "get", "widgets")


def custom_resource_explained(kubectl):
    kubectl.since(27, "explain by OpenAPI v3")
    kubectl("apply", "-f", kubectl.file("crd.json", DEFINITION))
    kubectl("wait", "--for=condition=Established", "crd/widgets.example.com", "--timeout=60s")
    kubectl.says("GROUP: example.com\nKIND: Widget\nVERSION: v1\nIn metres.\nFIELD: size <integer>", "explain", "widgets.spec.size")
    kubectl.fails('unknown field "spec.weight"', "apply", "-f", kubectl.file("one.json", widget("one", size=3, weight=1)))
    kubectl.says("widget.example.com/one serverside-applied", "apply", "--server-side", "-f",
                 kubectl.file("one.json", widget("one", size=3)))
    kubectl("patch", "widget", "one", "--subresource=status", "--type=merge", "-p",
            '{"status":{"conditions":[{"type":"Ready","status":"True"}]}}')
    kubectl.says("condition met", "wait", "--for=condition=Ready", "widget/one", "--timeout=60s")


CHECKS = {"custom resource": custom_resource, "custom resource: explain, validation, status": custom_resource_explained}

"""The JSON Schema of scenarios against the program that reads them: both take every file that is shipped and every example of the
page, and of many thousand mutated files the schema refuses none that the program takes.

Needs Debian's python3-jsonschema and python3-yaml, so it runs with /usr/bin/python3.
"""
import copy
import json
import re
import subprocess
import sys
import unittest

from programs import BIN, PATIENCE, ROOT, EndToEnd

try:
    import jsonschema
    import yaml
except ImportError as error:  # another Python may stand first in the path
    if sys.executable == "/usr/bin/python3":
        raise
    import os
    os.execv("/usr/bin/python3", ["/usr/bin/python3", "-B", *sys.argv])

SCHEMA = json.loads((ROOT / "scenarios/scenario.schema.json").read_text())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
FILES_A_CALL = 400  # below the limit of a command line


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors read it: PyYAML's own is 1.1, with dates and `yes`."""


Core.yaml_implicit_resolvers = {}
Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(~|null|Null|NULL|)$"), ["~", "n", "N", ""])
Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^[-+]?[0-9]+$"), list("-+0123456789"))
Core.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$"),
                           list("-+.0123456789"))


def load_yaml(text):
    return yaml.load(text, Core)


def blocks():
    page = (ROOT / "docs/scenarios.md").read_text()
    return re.findall(r"```yaml\n(.*?)\n```", page, re.S)


def schema_problems(document):
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in VALIDATOR.iter_errors(document)]


# One value that the program takes for each form that the schema knows by its pattern alone.
BASE = {
    "version": 1, "about": "All that there is.", "namespace": "shop", "seed": 7, "interval": "1s",
    "services": {"db": {"ports": {"tcp": 80}, "pods": 2, "ready": "1 2x~", "listens": "1 2"}, "web": {"ports": {"a": 1}, "pods": 1}},
    "timeline": [
        {"at": "10s ± 1s", "every": "60s", "times": 2, "why": "x", "pods": {"db-0": "ready", "web-*": ["stale", {"shows": "ready"}],
                                                                          "db-1": {"shows": "ready", "listens": True, "address": "new"}}},
        {"when": {"watches": 2, "request": {"verb": "watch", "resource": ["pods", "endpoint*"], "group": "", "namespace": "a*",
                                            "name": "b", "user-agent": "c", "connection": 3}}, "after": "1s", "api": "down"},
        {"when": {"nth": 3}, "scale": {"db": 3}, "services": {"web": "absent"}},
        {"at": "20s", "cluster-restart": {"down": "2s", "stale": "3s", "history": "lost", "ready-after": "1s"}},
        {"at": "40s", "rolling-update": {"service": "db", "terminating": "1s", "starting": "2s"}},
        {"at": "50s", "controllers": {"endpoints": "paused", "endpointslices": "3s"}, "cache": "held", "history": "lost"},
        {"at": "51s", "controllers": "running", "cache": "6s", "rollback": "5s", "token": {"is": "new", "old-valid-for": "5s"},
         "ca": "new", "rights": "nothing"},
        {"at": "52s", "token": "expired", "apply": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}},
         "delete": [{"kind": "ConfigMap", "apiVersion": "v1", "name": "m", "namespace": "a", "grace": "1s"}]},
    ],
    "faults": [
        {"name": "a", "match": {"verb": ["list", "get"], "nth": "2..5", "fraction": 0.5}, "window": "5s..9s", "latency": "5ms",
         "bandwidth": "4KiB/s", "respond": {"status": 429, "form": "overload", "retry-after": 3, "message": "m"}},
        {"name": "b", "match": {"resource": "pods", "connection": "odd"}, "answer": "close", "carried-out": True},
        {"name": "c", "match": {"verb": "create"}, "body": {"after": 0.5, "then": "cut"}},
        {"name": "d", "match": {"verb": "watch"}, "stream": {"after-events": 3, "after": "1s", "then": "stall"}},
        {"name": "e", "window": "1s..2s", "connect": "refuse"},
        {"name": "f", "match": {"user-agent": "curl*", "verb": "get", "name": "x"}, "replica": "6s"},
    ],
    "heal": "200s", "end": "300s",
    "expect": {"exit": [0, 3], "between": "1s..200s", "truth": {"db": 2}, "order": ["list pods", "watch"],
               "at-most": [{"request": {"verb": "list"}, "requests": 3, "requests-per-second": 2, "connections": 1, "watches": 1}],
               "at-least": {"requests": 1}, "no": ["all", "equal-pauses"], "says": ["a", "b"]},
}

# What is put in the place of every value.
WRONG = [None, True, False, 0, 1, 5, -1, 1.5, 10**15, "", "x", "redy", "5", "5s", "-5s", "0", "1s..2s", "9s..1s", "2..5", "a b", "true",
         "new", "never", "up", "a*", "*a", "A_B", "a\nb", "1KiB", "1KiB/s", "list", "list pods", "10.20.0.9", "10.21.0.9", "3x9 1", [], {},
         ["x"], [[]], {"x": 1}, [{"x": 1}], {"a": "b"}]


def places(value, path=()):
    """Every place in a document, the document itself first."""
    yield path
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from places(inside, (*path, key))
    elif isinstance(value, list):
        for index, inside in enumerate(value):
            yield from places(inside, (*path, index))


def at(document, path):
    for step in path:
        document = document[step]
    return document


def changed(path, change):
    """A copy of BASE in which `change(container, last step)` was done."""
    document = copy.deepcopy(BASE)
    change(at(document, path[:-1]), path[-1])
    return document


def mutations():
    for path in places(BASE):
        if not path:
            continue
        for value in WRONG:
            yield changed(path, lambda container, last, value=value: container.__setitem__(last, value))
        yield changed(path, lambda container, last: container.pop(last))
        if isinstance(at(BASE, path), dict):
            yield changed(path, lambda container, last: container[last].__setitem__("unknown-key", 1))
        if isinstance(at(BASE, path), list):
            yield changed(path, lambda container, last: container[last].append(copy.deepcopy(container[last][0])))
    yield {**BASE, "unknown-key": 1}


def mappings():
    return {"a scenario": SCHEMA, **SCHEMA["definitions"]}


def words_of(schema):
    """Each (enum value) below a value's schema, without following references."""
    yield from schema.get("enum", [])
    for part in schema.get("anyOf", []) + schema.get("allOf", []):
        yield from words_of(part)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from words_of(schema[key])


class Schema(EndToEnd):
    def lint(self, documents):
        """Which of the documents the program takes."""
        names = []
        for number, document in enumerate(documents):
            path = self.folder / f"{number}.yaml"
            path.write_text(document if isinstance(document, str) else json.dumps(document))
            names.append(str(path))
        refused = {}
        for start in range(0, len(names), FILES_A_CALL):
            part = names[start:start + FILES_A_CALL]
            ended = subprocess.run([str(BIN / "fakeapi"), "lint", *part], capture_output=True, text=True, timeout=PATIENCE * 5)
            self.assertIn(ended.returncode, (0, 2), ended.stderr)
            for line in ended.stderr.splitlines():
                refused.setdefault(line.split(":")[0], line)
        return [refused.get(name) for name in names]

    def test_shipped_files_are_taken_by_both(self):
        files = sorted((ROOT / "scenarios").glob("*.yaml"))
        self.assertTrue(files)
        ended = subprocess.run([str(BIN / "fakeapi"), "lint", *map(str, files)], capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertEqual(len(ended.stdout.splitlines()), len(files))
        for path in files:
            self.assertEqual(schema_problems(load_yaml(path.read_text())), [], path.name)

    def test_examples_of_the_page_are_taken_by_both(self):
        texts = blocks()
        self.assertTrue(texts)
        for text, problem in zip(texts, self.lint(texts)):
            self.assertIsNone(problem, text)
            self.assertEqual(schema_problems(load_yaml(text)), [], text)

    def test_the_base_of_the_mutations_is_taken_by_both_and_names_every_key(self):
        self.assertEqual(self.lint([BASE]), [None])
        self.assertEqual(schema_problems(BASE), [])
        text = json.dumps(BASE)
        for name, mapping in mappings().items():
            for key in mapping["properties"]:
                if key not in ("objects", "recording"):  # they name files
                    self.assertIn(f'"{key}"', text, f"{name}: the base of the mutations lacks {key}")

    def test_the_schema_takes_whatever_the_program_takes(self):
        documents = list(mutations())
        self.assertGreater(len(documents), 5000)
        taken = 0
        for document, problem in zip(documents, self.lint(documents)):
            if problem is None:
                taken += 1
                self.assertEqual(schema_problems(document), [], json.dumps(document))
        # Both kinds are there, or the test would say nothing.
        self.assertGreater(taken, 300)
        self.assertLess(taken, len(documents) / 2)

    def test_the_program_takes_plain_scalars_as_the_schema_does(self):
        """The same without quotes: there YAML decides what a value is."""
        texts = [f"version: 1\nabout: {about}\nnamespace: {space}\n" for about in ("5", "1.5", "~", "true", "yes", "2026-01-01", "0x1")
                 for space in ("5", "a", "true", "null", "1.5")]
        texts += [f"version: 1\nabout: a\ntimeline: [{{at: {at}, api: up}}]\n" for at in ("0", "-0", "+0", "5", "1s", "1e3", "0.0", ".5s")]
        texts += [f"version: 1\nabout: a\nexpect: {{says: {word}, exit: {code}}}\n" for word in ("42", "no", "1e3", "false")
                  for code in ("0", "+1", "any", "1.0", "01", "[1]")]
        for text, problem in zip(texts, self.lint(texts)):
            if problem is None:
                self.assertEqual(schema_problems(load_yaml(text)), [], text)

    def test_every_word_of_the_schema_is_reachable(self):
        """Each is taken somewhere: put where the base has that key."""
        for name, mapping in mappings().items():
            for key, schema in mapping["properties"].items():
                for word in sorted(set(words_of(schema))):
                    documents = [changed(path, lambda container, last: container.__setitem__(last, word))
                                 for path in places(BASE) if path and path[-1] == key]
                    if word == "running" and key == "exit":
                        del documents[0]["expect"]["between"]
                    if key == "pods":
                        documents = [changed(("timeline", 0, "pods", "db-0"), lambda container, last: container.__setitem__(last, word))]
                    if key == "services":
                        documents = [changed(("timeline", 2, "services", "web"), lambda container, last: container.__setitem__(last, word))]
                    problems = self.lint(documents)
                    self.assertIn(None, problems, f"{name}: {key}: {word}: {problems}")


class Lint(EndToEnd):
    def run_lint(self, *arguments, text=None):
        return subprocess.run([str(BIN / "fakeapi"), "lint", *arguments], input=text, capture_output=True, text=True, timeout=PATIENCE)

    def test_problems_come_with_file_line_and_column(self):
        bad = self.write("bad.yaml", "version: 1\nabout: x\nservces: {}\n")
        good = self.write("good.yaml", "version: 1\nabout: x\n")
        ended = self.run_lint(str(bad), str(good))
        self.assertEqual(ended.returncode, 2)
        self.assertEqual(ended.stderr, f'{bad}:3:1: unknown key "servces" in a scenario (did you mean "services"?)\n')
        self.assertEqual(ended.stdout, f"{good}: 0 steps, 0 faults, 0 expectations\n")

    def test_standard_input_is_read_for_a_dash(self):
        ended = self.run_lint("-", text="version: 1\nabout: x\ntimeline: [{at: 1s, api: up}]\nexpect: {exit: 0, no: all}\n")
        self.assertEqual((ended.returncode, ended.stdout), (0, "-: 1 step, 0 faults, 8 expectations\n"))
        ended = self.run_lint("-", text="version: 2\n")
        self.assertEqual(ended.returncode, 2)
        self.assertIn("-:1:10: version must be 1", ended.stderr)

    def test_a_file_that_is_not_there_is_told(self):
        ended = self.run_lint("nowhere.yaml")
        self.assertEqual((ended.returncode, ended.stderr), (2, "cannot read nowhere.yaml: No such file or directory\n"))

    def test_files_that_a_scenario_names_are_beside_it(self):
        self.write("map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n")
        path = self.write("x.yaml", "version: 1\nabout: x\nobjects: map.yaml\n")
        self.assertEqual(self.run_lint(str(path)).returncode, 0)

    def test_recorded_traces_are_checked_as_well(self):
        ended = self.run_lint(*map(str, sorted((ROOT / "scenarios/recorded").glob("*.json"))))
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))

    def test_show_lists_what_short_forms_come_to(self):
        ended = self.run_lint("--show", "-", text="""
version: 1
about: x
services: {db: {ports: {tcp: 1}, pods: 1}}
timeline:
- {at: 0s, why: all is well, pods: {db-0: ready}}
- {at: 5s, cluster-restart: {down: 2s, stale: 3s}}
- {when: {watches: 2}, after: 1s, why: somebody looks, api: down}
faults: [{name: slow, window: 1s..2s, latency: 50ms}]
""")
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        lines = [line.strip() for line in ended.stdout.splitlines()]
        for line in ("0s  all is well", "listens: db-0 at 10.20.0.1", "shown as ready: db-0 at 10.20.0.1", "5s  the whole cluster restarts",
                     "the API is down", "7s  the API server is back", "10s  the kubelets and the controllers have caught up",
                     "later  when 2 watches are open at once, 1s later: somebody looks", "1s..2s  fault slow (real): latency 50ms",
                     "40s  all faults end", "100s  the end"):
            self.assertIn(line, lines)


if __name__ == "__main__":
    unittest.main()

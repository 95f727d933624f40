"""fakeapi record against fakeapi serve: what happened stands in the scenario, and what goes wrong is told in one line."""
import json
import re
import signal
import subprocess

import unittest


from cluster import Server, quiet_port
from programs import BIN, PATIENCE, ROOT, EndToEnd, FakeApi, clean_environment


def one_line(text):
    """A value that stands on one line; only letters are keys without quotes."""
    quoted = re.sub(r'("(?:[^"\\]|\\.)*")|([A-Za-z]+)(?=: )', lambda found: found[1] or f'"{found[2]}"', text)
    try:
        return json.loads(quoted)
    except json.JSONDecodeError:
        assert re.fullmatch(r"[a-z0-9.]+", text), text
        return text  # a word of the language: paused, 1.5s


def block(lines):
    """The lines of one value, all of them indented at least as the first: a small part of YAML, read strictly."""
    indent = len(lines[0]) - len(lines[0].lstrip())
    heads = [i for i, line in enumerate(lines) if len(line) - len(line.lstrip()) == indent]
    parts = [lines[a:b] for a, b in zip(heads, heads[1:] + [len(lines)])]
    if lines[0].lstrip().startswith("- "):
        return [block([" " * (indent + 2) + part[0][indent + 2:], *part[1:]]) for part in parts]
    pairs = [re.fullmatch(r' *("[^"]*"|\w+):(?: (.*))?', part[0]) for part in parts]
    if not all(pairs):
        assert len(lines) == 1, lines
        return one_line(lines[0].strip())
    return {pair[1].strip('"'): one_line(pair[2]) if pair[2] is not None else block(part[1:]) for pair, part in zip(pairs, parts)}


def parsed(path):
    lines = path.read_text().splitlines()
    assert lines[0] == "# yaml-language-server: $schema=scenario.schema.json", lines[0]
    return block([line for line in lines if not line.startswith("#")])


def listed(value):
    return value if isinstance(value, list) else [value]


def ready_in(thing):
    if thing["kind"] == "Endpoints":
        return sorted(one["ip"] for subset in thing.get("subsets", []) for one in subset.get("addresses", []))
    return sorted(one["addresses"][0] for one in thing["endpoints"] if one.get("conditions", {}).get("ready", True))


def stories(scenario):
    """How the ready addresses of each Endpoints object and each slice change."""
    told = {}
    for step in scenario["timeline"]:
        for thing in listed(step.get("apply", [])):
            if thing["kind"] in ("Endpoints", "EndpointSlice"):
                story = told.setdefault(thing["kind"], [])
                if story[-1:] != [ready_in(thing)]:
                    story.append(ready_in(thing))
    return told


class Recorder:
    """`fakeapi record` in the background, from its beginning on."""

    def __init__(self, *arguments, begun=True):
        self.process = subprocess.Popen([str(BIN / "fakeapi"), "record", *map(str, arguments)], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env=clean_environment())
        self.first = self.process.stderr.readline() if begun else ""
        if begun and "recording" not in self.first:
            raise AssertionError(self.first + self.process.communicate(timeout=PATIENCE)[1])

    def finish(self, number=None):
        if number:
            self.process.send_signal(number)
        self.output, self.errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode


class Recording(EndToEnd):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "out.yaml"

    def record(self, served, *arguments):
        recorder = Recorder("--kubeconfig", served.folder / "kubeconfig", "-o", self.out, *arguments)
        self.addCleanup(lambda: recorder.process.poll() is None and recorder.process.kill())
        return recorder

    def empty(self):
        return self.serve(None, "--pods=none")

    def watches(self, server, count=4, query=""):
        """Until the recorder holds so many watches that have said all they had to say."""
        version = server.control("GET", "status")["cache"]
        server.control("GET", f"requests?user-agent=fakeapi/&verb=watch&open=true&version={version}&count={count}&timeout=60s{query}")

    def server(self, served):
        server = Server(served)
        self.addCleanup(server.api.connection.close)
        return server

    def test_a_full_cluster_restart_comes_out_as_it_was(self):
        with self.serve(ROOT / "scenarios/full-cluster-restart.yaml", "--pods=none") as served:
            recorder = self.record(served, "--for=16s")
            self.assertEqual(recorder.finish(), 0, recorder.errors)
        before, after = [[f"10.20.0.{i}" for i in numbers] for numbers in ((1, 2, 3), (4, 5, 6))]
        happened = [before, [], after[:1], after[:2], after]
        scenario = parsed(self.out)
        self.assertEqual(stories(scenario), {"Endpoints": happened, "EndpointSlice": happened})
        self.assertEqual(scenario["timeline"][0]["controllers"], "paused")
        self.assertIn("cannot be reached", recorder.errors, "that the API server was down is told")
        self.assertNotIn(json.loads((self.folder / "api/tokens.json").read_text())["admin"], self.out.read_text())
        with FakeApi(self.out, "--pods=none", folder=self.folder / "again") as again:
            replayed = self.folder / "again.yaml"
            second = Recorder("--kubeconfig", again.folder / "kubeconfig", "-o", replayed, "--for=17s")
            self.assertEqual(second.finish(), 0, second.errors)
        self.assertEqual(stories(parsed(replayed)), stories(scenario))

    def test_a_signal_ends_it_with_a_whole_file(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number), FakeApi(ROOT / "scenarios/slow-readiness.yaml", "--pods=none", folder=self.folder / f"api-{number}") as served:
                recorder = self.record(served)
                self.assertFalse(self.out.exists(), "nothing is there before the end")
                self.assertEqual(recorder.finish(number), 0, recorder.errors)
                self.assertEqual(recorder.output, "")
                self.assertIn("wrote", recorder.errors)
                parsed(self.out)
                self.out.unlink()

    def test_what_happened_while_the_history_was_lost_is_not_lost(self):
        with self.empty() as served:
            server = self.server(served)
            server.make({"metadata": {"name": "goes"}}, {"metadata": {"name": "stays"}})
            recorder = self.record(served)
            self.watches(server)
            server.control("PUT", "faults/away", {"match": {"user-agent": "fakeapi/", "verb": ["list", "watch"]},
                                                  "respond": {"status": 503}})
            server.control("POST", "disconnect")
            server.ok("DELETE", "/api/v1/namespaces/default/endpoints/goes")
            server.make({"metadata": {"name": "comes"}})
            server.control("POST", "compact")
            server.control("DELETE", "faults")
            self.watches(server)
            self.assertEqual(recorder.finish(signal.SIGTERM), 0, recorder.errors)
        steps = parsed(self.out)["timeline"][1:]
        self.assertEqual([step.get("delete", {}).get("name") or step["apply"]["metadata"]["name"] for step in steps],
                         ["goes", "comes"])

    def test_streams_that_are_cut_go_on_where_they_were(self):
        with self.empty() as served:
            server = self.server(served)
            recorder = self.record(served)
            self.watches(server)
            for number, end in enumerate(("reset", "cut", "close")):
                server.control("PUT", "faults/end", {"match": {"user-agent": "fakeapi/", "verb": "watch", "resource": "endpoints", "nth": 1},
                                                     "stream": {"after-events": 1, "then": end}})
                server.control("POST", "disconnect")
                self.watches(server, 1, "&resource=endpoints")
                server.make({"metadata": {"name": f"e-{number}"}})
                self.watches(server, 1, "&resource=endpoints")
                self.assertEqual(server.control("GET", "faults/end")["met"], 1)
            server.control("DELETE", "faults")
            self.assertEqual(recorder.finish(signal.SIGTERM), 0, recorder.errors)
        applied = [step["apply"]["metadata"]["name"] for step in parsed(self.out)["timeline"][1:]]
        self.assertEqual(applied, ["e-0", "e-1", "e-2"], "each once")

    def test_a_list_of_many_pages(self):
        with self.empty() as served:
            server = self.server(served)
            for number in range(501):
                server.ok("POST", "/api/v1/namespaces/default/endpoints", {"metadata": {"name": f"e-{number}"}})
            recorder = self.record(served)
            self.assertEqual(recorder.finish(signal.SIGTERM), 0, recorder.errors)
        names = {one["metadata"]["name"] for one in parsed(self.out)["timeline"][0]["apply"]}
        self.assertEqual(names, {f"e-{number}" for number in range(501)})

    def test_other_namespaces(self):
        with self.empty() as served:
            server = self.server(served)
            for name in ("a", "b", "c"):
                server.ok("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
                server.ok("POST", f"/api/v1/namespaces/{name}/endpoints", {"metadata": {"name": f"of-{name}"}})
            self.assertEqual(self.record(served, "-n", "a", "-n", "c").finish(signal.SIGTERM), 0)
            some = parsed(self.out)
            self.assertEqual(self.record(served, "--all-namespaces").finish(signal.SIGTERM), 0)
            every = parsed(self.out)
        named = lambda scenario: [one["metadata"]["name"] for one in scenario["timeline"][0]["apply"] if one["kind"] == "Endpoints"]
        self.assertEqual((some["namespace"], named(some)), ("a", ["of-a", "of-c"]))
        self.assertEqual([name for name in named(every) if name != "kubernetes"], ["of-a", "of-b", "of-c"])

    def test_redacted(self):
        with self.serve(ROOT / "scenarios/slow-readiness.yaml", "--pods=none") as served:
            recorder = self.record(served, "--redact", "--for=1s")
            self.assertEqual(recorder.finish(), 0, recorder.errors)
            secrets = [str(served.folder), served.url.rsplit("/", 1)[1], "mysql", "node-a", "default"]
        for secret in secrets:
            self.assertNotIn(secret, self.out.read_text())
        parsed(self.out)

    def test_a_credential_plugin_is_asked_again_when_its_token_is_refused(self):
        with self.empty() as served:
            config = (served.folder / "kubeconfig").read_text()
            token = re.search(r"token: (\S+)", config)[1]
            first = self.folder / "asked"
            plugin = self.write("plugin", "#!/bin/sh\n"
                                f"t={token}\n[ -e {first} ] || t=old; touch {first}\n"
                                'echo "{\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"kind\\":\\"ExecCredential\\",'
                                '\\"status\\":{\\"token\\":\\"$t\\"}}"\n')
            plugin.chmod(0o755)
            exec_ = f"exec: {{apiVersion: client.authentication.k8s.io/v1, command: {plugin}, interactiveMode: Never}}"
            path = self.write("config", config.replace(f"token: {token}", exec_))
            recorder = Recorder("--kubeconfig", path, "-o", self.out)
            self.assertEqual(recorder.finish(signal.SIGTERM), 0, recorder.errors)

    def test_in_a_pod_its_own_account_is_used(self):
        with self.empty() as served:
            host, port = served.url.removeprefix("https://").rsplit(":", 1)
            ended = subprocess.run([str(BIN / "fakeapi"), "record", "-o", str(self.out)], capture_output=True, text=True, timeout=PATIENCE,
                                   env=clean_environment(KUBERNETES_SERVICE_HOST=host, KUBERNETES_SERVICE_PORT=port, HOME=str(self.folder)))
        # The fixed folder of a Pod is not there: its path is in the message.
        self.assertEqual((ended.returncode, len(ended.stderr.splitlines())), (2, 1), ended.stderr)
        self.assertIn("/var/run/secrets/kubernetes.io/serviceaccount", ended.stderr)


class Imports(EndToEnd):
    def test_the_output_of_kubectl(self):
        events = [("ADDED", "False", 0), ("MODIFIED", "True", 5), ("DELETED", "True", 9)]
        text = "".join(json.dumps({"type": kind, "object": {
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": "mysql-0", "namespace": "shop", "managedFields": [{"time": f"2026-11-25T08:00:0{second}Z"}]},
            "status": {"conditions": [{"type": "Ready", "status": ready}]}}}, indent=4) + "\n" for kind, ready, second in events)
        out = self.folder / "out.yaml"
        ended = subprocess.run([str(BIN / "fakeapi"), "record", "--from", str(self.write("pods.json", text)), "-o", str(out)],
                               capture_output=True, text=True, timeout=PATIENCE, env=clean_environment())
        self.assertEqual(ended.returncode, 0, ended.stderr)
        scenario = parsed(out)
        self.assertEqual(scenario["namespace"], "shop")
        self.assertEqual([(step["at"], step["why"]) for step in scenario["timeline"][1:]],
                         [("1s", "Pod mysql-0 becomes ready"), ("5s", "Pod mysql-0 is gone")])


class BadInput(EndToEnd):
    """One clear line, the right exit code, and no file."""

    def setUp(self):
        super().setUp()
        self.out = self.folder / "out.yaml"

    def fails(self, code, *arguments, words, output=None):
        arguments = ["record", *map(str, arguments), "-o", str(output or self.out)]
        ended = subprocess.run([str(BIN / "fakeapi"), *arguments], capture_output=True, text=True, timeout=PATIENCE,
                               env=clean_environment(HOME=str(self.folder)))
        self.assertEqual(ended.returncode, code, ended.stderr)
        self.assertEqual(len(ended.stderr.splitlines()), 1, ended.stderr)
        for word in words:
            self.assertIn(word, ended.stderr)
        self.assertEqual(ended.stdout, "")
        self.assertFalse(self.out.exists())
        self.assertEqual(list(self.folder.glob("*.new")), [])

    def config(self, served, **replaced):
        text = (served.folder / "kubeconfig").read_text()
        for old, new in replaced.items():
            text = re.sub(old + ": .*", f"{old}: {new}", text)
        return self.write("config", text)

    def serving(self):
        return self.serve(None, "--pods=none")

    def test_no_kubeconfig(self):
        self.fails(2, words=["no cluster is given", "--kubeconfig"])
        self.fails(2, "--kubeconfig", self.folder / "none", words=["/none", "No such file"])
        self.fails(2, "--kubeconfig", self.write("bad", "a: ["), words=["/bad", "not YAML"])

    def test_an_unknown_context(self):
        with self.serving() as served:
            self.fails(2, "--kubeconfig", served.folder / "kubeconfig", "--context", "prod", words=['"prod"', "fakeapi"])

    def test_a_server_that_is_not_there(self):
        with self.serving() as served:
            path = self.config(served, server=f"https://127.0.0.1:{quiet_port()}")
            self.fails(3, "--kubeconfig", path, words=["127.0.0.1", "cannot be reached", "refused"])

    def test_a_name_that_is_not_there(self):
        with self.serving() as served:
            path = self.config(served, server="https://no-such-host.invalid:1")
            self.fails(3, "--kubeconfig", path, words=["no-such-host.invalid:1", "cannot be reached"])

    def test_a_server_that_is_not_trusted(self):
        with self.serving() as served, FakeApi(None, "--pods=none", folder=self.folder / "other") as other:
            path = self.config(served, server=other.url)
            self.fails(3, "--kubeconfig", path, words=["is not trusted", "certificate"])

    def test_a_certificate_for_another_name(self):
        with self.serving() as served:
            text = (served.folder / "kubeconfig").read_text().replace("    server:", "    tls-server-name: other.example\n    server:")
            self.fails(3, "--kubeconfig", self.write("config", text), words=['not for "other.example"'])

    def test_a_token_that_is_refused(self):
        with self.serving() as served:
            self.fails(3, "--kubeconfig", self.config(served, token="wrong"), words=["401", "credentials"])

    def test_rights_that_are_missing_are_named_with_how_to_grant_them(self):
        with self.serving() as served:
            server = Server(served)
            token = server.account("watcher")
            for resource in ("services", "pods", "endpoints"):
                server.grant("watcher", resource, ["list", "watch"])
            path = self.config(served, token=token)
            self.fails(3, "--kubeconfig", path, words=[
                "403", "missing is the right to list and watch endpointslices in namespace default;",
                "kubectl -n default create role fakeapi-record --verb=list,watch --resource=services,pods,endpoints,"
                "endpointslices.discovery.k8s.io", "--user=system:serviceaccount:default:watcher"])
            server.grant("watcher", "endpointslices", ["list"])
            self.fails_late(path)
            server.api.connection.close()

    def fails_late(self, path):
        """The right to watch is found missing at the first watch."""
        recorder = Recorder("--kubeconfig", path, "-o", self.out)
        self.assertEqual(recorder.finish(), 3, recorder.errors)
        self.assertIn("cannot watch resource \"endpointslices\"", recorder.errors)
        self.assertFalse(self.out.exists())

    def test_something_that_is_no_api_server(self):
        with self.serving() as served:
            path = self.config(served, server=served.url + "/elsewhere")
            self.fails(3, "--kubeconfig", path, words=["404", "services"])

    def test_an_output_that_cannot_be_written_is_found_first(self):
        # The kubeconfig is not even read.
        for output, words in ((self.folder, "Is a directory"), ("/dev/null/x", "Not a directory"), ("/no/such/x", "No such file")):
            self.fails(2, "--kubeconfig", "none", output=output, words=[str(output), words])

    def test_a_disk_that_is_full(self):
        with self.serving() as served:
            recorder = Recorder("--kubeconfig", served.folder / "kubeconfig", "-o", "/dev/full", "--for=100ms")
            self.assertEqual(recorder.finish(), 3, recorder.errors)
            self.assertIn("No space left", recorder.errors)

    def test_flags_that_cannot_be_meant(self):
        self.fails(2, "--for", "soon", words=["--for", '"soon"', "10m"])
        self.fails(2, "--for", "0s", words=["--for"])
        self.fails(2, "-n", "My_Ns", words=['"My_Ns"'])
        self.fails(2, "-n", "a", "-A", words=["exclude each other"])
        self.fails(2, "--from", "x", "--for", "1s", words=["--from"])
        self.fails(2, "--from", self.folder / "none", words=["/none", "No such file"])
        self.fails(2, "--from", self.write("x.json", '{"kind": "Pod"}'), words=["x.json:1:", "--output-watch-events"])
        self.assertEqual(subprocess.run([str(BIN / "fakeapi"), "record"], capture_output=True, timeout=PATIENCE).returncode, 2)


if __name__ == "__main__":
    unittest.main()

"""The command line as a user meets it: help, mistakes, environments of other programs, rights, and kubeconfigs with plugins."""
import base64
import http.client
import http.server
import json
import os
import shutil
import ssl
import subprocess
import threading
import unittest

from programs import BIN, PATIENCE, EndToEnd, Waiter, clean_environment, run_waiter

SLICES = "/apis/discovery.k8s.io/v1/namespaces/{}/endpointslices"


def ready_slice(service):
    return {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": {"name": f"{service}-1", "labels": {"kubernetes.io/service-name": service}},
            "endpoints": [{"addresses": ["10.9.8.7"], "conditions": {"ready": True}}],
            "ports": [{"port": 80, "protocol": "TCP"}]}


def run_program(*arguments, **more):
    return subprocess.run([str(BIN / "wait-for-endpoints"), *arguments], capture_output=True, text=True, timeout=PATIENCE,
                          env=clean_environment(**more))


class Client:
    """Requests to one fakeapi, each on a connection of its own."""

    def __init__(self, served, token=None):
        self.served = served
        self.token = token or json.loads((served.folder / "tokens.json").read_text())["admin"]

    def call(self, method, path, body=None, content_type="application/json"):
        context = ssl.create_default_context(cafile=self.served.folder / "ca.crt")
        host, port = self.served.url.removeprefix("https://").rsplit(":", 1)
        connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": content_type}
        connection.request(method, path, body if isinstance(body, (str, type(None))) else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def make(self, path, body, content_type="application/json"):
        status, text = self.call("POST", path, body, content_type)
        assert status == 201, text
        return json.loads(text)


class Answers(unittest.TestCase):
    def test_help_needs_no_cluster_and_fits_a_terminal(self):
        for words in ([], ["wait"], ["exec"], ["guard"], ["check"], ["probe"], ["install"], ["rbac"]):
            ended = run_program(*words, "--help")
            self.assertEqual((ended.returncode, ended.stderr), (0, ""))
            self.assertIn("Usage:", ended.stdout)
            self.assertIn("Exit codes:", ended.stdout)
            self.assertLessEqual(max(map(len, ended.stdout.splitlines())), 80)

    def test_a_mistake_is_one_line_on_standard_error(self):
        for words, said in ((["--timout=3s", "a"], "did you mean --timeout?"), (["a@0"], '"0"'), ([], "nothing to wait for"),
                            (["exec", "a"], "after --"), (["probe", "x"], "startup, ready, live"),
                            (["--policy=exit", "a"], "of guard")):
            ended = run_program(*words)
            self.assertEqual((ended.returncode, ended.stdout), (2, ""))
            self.assertEqual(len(ended.stderr.splitlines()), 1, ended.stderr)
            self.assertIn(said, ended.stderr)

    def test_a_variable_is_as_good_as_a_flag(self):
        ended = run_program("a", WFE_VERIFY="udp")
        self.assertEqual(ended.returncode, 2)
        self.assertIn("--verify (WFE_VERIFY)", ended.stderr)
        self.assertIn("WFE_TIMEOUT", run_program("a", WFE_TIMOUT="3s").stderr)

    def test_an_answer_that_cannot_be_written_is_no_success(self):
        with open("/dev/full", "w") as full:
            ended = subprocess.run([str(BIN / "wait-for-endpoints"), "rbac", "a"], stdout=full, env=clean_environment(),
                                   timeout=PATIENCE)
        self.assertEqual(ended.returncode, 125)


class OtherPrograms(EndToEnd):
    def test_kubernetes_entrypoint(self):
        with self.serve(None, "--pods=none") as api:
            Client(api).make("/api/v1/namespaces", {"metadata": {"name": "openstack"}})
            Client(api).make(SLICES.format("openstack"), ready_slice("rabbitmq"))
            environment = api.pod(DEPENDENCY_SERVICE="openstack:rabbitmq", NAMESPACE="other")
            code, log = run_waiter(environment=environment)
            self.assertEqual(code, 0, log)
            self.assertIn("DEPENDENCY_SERVICE is understood as kubernetes-entrypoint does", log.splitlines()[0])
            self.assertIn("openstack/rabbitmq: ready", log)

    def test_its_command_is_run_afterwards(self):
        with self.serve(None, "--pods=none") as api:
            Client(api).make(SLICES.format("default"), ready_slice("mysql"))
            environment = api.pod(DEPENDENCY_SERVICE="mysql", COMMAND="sh -c exit${IFS}41")
            code, log = run_waiter(environment=environment)
            self.assertEqual(code, 41, log)
            self.assertIn('COMMAND is understood as well: "sh"', log)

    def test_the_shell_recipes(self):
        with self.serve(None, "--pods=none") as api:
            Client(api).make(SLICES.format("default"), ready_slice("mysql"))
            code, log = run_waiter(environment=api.pod(SERVICE="mysql", NAMESPACE="default"))
            self.assertEqual(code, 0, log)
            self.assertIn("the variable SERVICE is understood", log)

    def test_they_change_nothing_where_a_dependency_is_given(self):
        with self.serve(None, "--pods=none") as api:
            Client(api).make(SLICES.format("default"), ready_slice("mysql"))
            code, log = run_waiter("mysql", environment=api.pod(SERVICE="other", DEPENDENCY_JOBS="job", COMMAND="false"))
            self.assertEqual(code, 0, log)
            self.assertNotIn("understood", log)


class Rights(EndToEnd):
    def grant(self, api, *arguments):
        """Makes the service account "web", applies what rbac prints, and is that account."""
        admin = Client(api)
        admin.make("/api/v1/namespaces/default/serviceaccounts", {"metadata": {"name": "web"}})
        admin.make("/api/v1/namespaces", {"metadata": {"name": "db"}})
        printed = run_program("rbac", "--serviceaccount=web", *arguments)
        self.assertEqual((printed.returncode, printed.stderr), (0, ""))
        for document in printed.stdout.split("---\n")[1:]:
            namespace = "db" if '  namespace: "db"' in document.split("roleRef")[0] else "default"
            kind = "rolebindings" if "kind: RoleBinding" in document else "roles"
            path = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/{kind}"
            admin.make(path, document, "application/yaml")
        made = admin.make("/api/v1/namespaces/default/serviceaccounts/web/token",
                          {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}})
        return Client(api, made["status"]["token"])

    def expect(self, client, path, status):
        got, text = client.call("GET", path)
        self.assertEqual(got, status, f"{path}: {text}")

    def test_of_endpoint_slices_are_enough_and_no_more(self):
        with self.serve(None, "--pods=none") as api:
            web = self.grant(api, "db/mysql", "redis@2")
            for namespace in ("db", "default"):
                slices = SLICES.format(namespace)
                self.expect(web, slices + "?labelSelector=kubernetes.io%2Fservice-name%3Dmysql", 200)
                self.expect(web, slices + "?watch=true&timeoutSeconds=1", 200)
                self.expect(web, slices + "/mysql-1", 403)
                self.expect(web, f"/api/v1/namespaces/{namespace}/endpoints", 403)
            self.expect(web, SLICES.format("kube-system"), 403)
            Client(api).make(SLICES.format("db"), ready_slice("mysql"))
            (api.folder / "serviceaccount/token").write_text(web.token)
            code, log = run_waiter("db/mysql", environment=api.pod())
            self.assertEqual(code, 0, log)
            self.assertNotIn("403", log)

    def test_of_endpoints_are_by_name(self):
        with self.serve(None, "--pods=none") as api:
            web = self.grant(api, "--source=endpoints", "--any-of=db/mysql,db/maria")
            endpoints = "/api/v1/namespaces/db/endpoints"
            for name in ("mysql", "maria"):
                self.expect(web, f"{endpoints}?fieldSelector=metadata.name%3D{name}", 200)
                self.expect(web, f"{endpoints}?fieldSelector=metadata.name%3D{name}&watch=true&timeoutSeconds=1", 200)
                self.expect(web, f"{endpoints}/{name}", 404)
            self.expect(web, endpoints, 403)
            self.expect(web, f"{endpoints}/other", 403)
            self.expect(web, SLICES.format("db"), 403)


PLUGIN = """#!/bin/sh
echo run >> {folder}/runs
echo "$@" > {folder}/arguments
echo "$PLUGIN_SAYS" > {folder}/variable
echo "$KUBERNETES_EXEC_INFO" > {folder}/info
ls -l /proc/$$/fd > {folder}/descriptors
cat > {folder}/input
grep ^SigIgn: /proc/$$/status > {folder}/ignored
echo a word of the plugin >&2
{answer}
"""


def says(**status):
    answer = json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status})
    return f"cat <<'END'\n{answer}\nEND"


class Kubeconfigs(EndToEnd):
    def config(self, api, user, **cluster):
        ca = base64.b64encode((api.folder / "ca.crt").read_bytes()).decode()
        config = {"apiVersion": "v1", "kind": "Config", "current-context": "c",
                  "clusters": [{"name": "k", "cluster": {"server": api.url, "certificate-authority-data": ca, **cluster}}],
                  "users": [{"name": "u", "user": user}],
                  "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}]}
        return str(self.write("config", json.dumps(config)))

    def plugin(self, answer, **more):
        path = self.write("plugin", PLUGIN.format(folder=self.folder, answer=answer))
        path.chmod(0o755)
        return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "./plugin", "interactiveMode": "Never",
                         "args": ["get", "token"], "env": [{"name": "PLUGIN_SAYS", "value": "hello"}], **more}}

    def seen(self, name):
        return (self.folder / name).read_text().strip()

    def runs(self):
        return len(self.seen("runs").splitlines())

    def admin(self, api):
        return json.loads((api.folder / "tokens.json").read_text())["admin"]

    def wait(self, config, *flags, environment=None):
        return run_waiter("--kubeconfig", config, *flags, "mysql", environment=environment or clean_environment())

    def served(self):
        api = self.serve(None, "--pods=none")
        self.addCleanup(api.__exit__)
        Client(api).make(SLICES.format("default"), ready_slice("mysql"))
        return api

    def test_a_plugin_gives_the_token_once(self):
        api = self.served()
        user = self.plugin(says(token=self.admin(api), expirationTimestamp="2999-01-01T00:00:00Z"), provideClusterInfo=True)
        log = self.expect_list_and_watch(api, user)
        self.assertEqual(self.runs(), 1)
        self.assertEqual((self.seen("arguments"), self.seen("variable"), self.seen("input")), ("get token", "hello", ""))
        self.assertIn("a word of the plugin", log)
        self.assertNotIn(self.admin(api), log)
        told = json.loads(self.seen("info"))
        self.assertEqual((told["kind"], told["apiVersion"]), ("ExecCredential", "client.authentication.k8s.io/v1"))
        self.assertEqual(told["spec"]["cluster"]["server"], api.url)
        self.assertEqual(base64.b64decode(told["spec"]["cluster"]["certificate-authority-data"]),
                         (api.folder / "ca.crt").read_bytes())

    def test_a_plugin_inherits_nothing(self):
        api = self.served()
        # A refused token makes the plugin run again, while connections and the epoll descriptor are open.
        user = self.plugin(f'if [ $(wc -l < {self.folder}/runs) = 1 ]; then\n{says(token="wrong")}\n'
                           f'else\n{says(token=self.admin(api))}\nfi')
        code, log = self.wait(self.config(api, user))
        self.assertEqual(code, 0, log)
        self.assertEqual(self.runs(), 2, "asked again after a 401, and then no more")
        self.assertIn(" 0 -> /dev/null", self.seen("descriptors"))
        self.assertNotRegex(self.seen("descriptors"), "socket:|anon_inode:")
        self.assertEqual(int(self.seen("ignored").split()[1], 16) & (1 << 12), 0, "SIGPIPE is as a program expects it")

    def test_a_token_that_has_expired_is_asked_for_again(self):
        api = self.served()
        user = self.plugin(says(token=self.admin(api), expirationTimestamp="2001-01-01T00:00:00Z"))
        self.expect_list_and_watch(api, user)
        self.assertGreater(self.runs(), 1)

    def expect_list_and_watch(self, api, user):
        """The Service becomes ready after the list, so that there are two requests at least; what was said meanwhile."""
        waiter = Waiter("--kubeconfig", self.config(api, user), "late", environment=clean_environment())
        waiter.wait_for_line("default/late: ")
        Client(api).make(SLICES.format("default"), ready_slice("late"))
        self.assertEqual(waiter.finish(), 0, waiter.log)
        return waiter.log

    def test_a_plugin_that_hangs_holds_nothing_up(self):
        api = self.served()
        user = self.plugin("exec sleep 1000")
        # It holds our standard error open: that this ends at all means that the plugin is ended with us.
        code, log = self.wait(self.config(api, user), "--timeout=1s")
        self.assertEqual(code, 124, log)

    def test_a_plugin_that_fails_is_named_and_its_output_is_not(self):
        api = self.served()
        for answer, words in ((says(token="hush") + "\nexit 3", "it ended with exit code 3"),
                              ("echo hush", "no ExecCredential in JSON"),
                              (says(token="hush", clientKeyData="hush"), "only one of clientCertificateData")):
            config = self.config(api, self.plugin(answer))
            waiter = Waiter("--kubeconfig", config, "mysql", environment=clean_environment()).wait_for_line(" warn ")
            waiter.process.terminate()
            self.assertEqual(waiter.finish(), 143, waiter.log)
            self.assertIn(f"credential plugin {self.folder}/./plugin: ", waiter.log)
            self.assertIn(words, waiter.log)
            self.assertNotIn("hush", waiter.log)

    def test_a_plugin_that_is_not_there_is_a_mistake(self):
        api = self.served()
        user = self.plugin("", command="no-such-plugin", installHint="See the manual.")
        code, log = self.wait(self.config(api, user))
        self.assertEqual(code, 2)
        self.assertEqual(len(log.splitlines()), 1)
        self.assertIn("no-such-plugin: no such command in PATH; See the manual.", log)

    def test_several_kubeconfigs_are_merged(self):
        api = self.served()
        self.config(api, {"tokenFile": "token"})
        config = json.loads(self.seen("config"))
        self.write("token", self.admin(api) + "\n")
        users = self.write("users", json.dumps({"users": config.pop("users"), "current-context": "c"}))
        rest = self.write("rest", json.dumps(config))
        code, log = run_waiter("mysql", environment=clean_environment(KUBECONFIG=f"{self.folder}/none:{users}:{rest}"))
        self.assertEqual(code, 0, log)

    def test_what_is_not_understood_is_named(self):
        api = self.served()
        for user, words in (({"auth-provider": {"name": "gcp"}}, "auth-provider"), ({"as": "admin", "token": "t"}, '"as"')):
            code, log = self.wait(self.config(api, user))
            self.assertEqual(code, 2)
            self.assertEqual(len(log.splitlines()), 1)
            self.assertIn(words, log)


class Gate(http.server.BaseHTTPRequestHandler):
    """An API server that lists one ready slice for whom it knows: by client certificate or password."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        name = dict(pair for part in (self.connection.getpeercert() or {}).get("subject", ()) for pair in part)
        self.server.seen.append((name.get("commonName"), self.headers.get("Authorization")))
        known = name or self.headers.get("Authorization") == "Basic " + base64.b64encode(b"ann:open sesame").decode()
        body = {"kind": "EndpointSliceList", "apiVersion": "discovery.k8s.io/v1", "metadata": {"resourceVersion": "7"},
                "items": [{**ready_slice("mysql"), "metadata": {**ready_slice("mysql")["metadata"], "uid": "u",
                                                                "namespace": "default", "resourceVersion": "5"}}]}
        text = json.dumps(body if known else {"kind": "Status", "code": 401}).encode()
        self.send_response(200 if known else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        try:
            self.wfile.write(text)
        except OSError:
            pass  # the verdict is there, and the watch that is still open is given up

    def log_message(self, *_):
        pass


@unittest.skipUnless(shutil.which("openssl"), "certificates are made with openssl")
class ClientCertificates(EndToEnd):
    def setUp(self):
        super().setUp()
        request = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"]
        for name, more in (("server", ["-subj", "/CN=api", "-addext", "subjectAltName=IP:127.0.0.1"]),
                           ("ann", ["-subj", "/CN=ann"])):
            subprocess.run([*request, "-keyout", f"{self.folder}/{name}.key", "-out", f"{self.folder}/{name}.crt", *more],
                           check=True, capture_output=True, timeout=PATIENCE)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{self.folder}/server.crt", f"{self.folder}/server.key")
        context.load_verify_locations(f"{self.folder}/ann.crt")
        context.verify_mode = ssl.CERT_OPTIONAL
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gate)
        self.server.daemon_threads = True
        self.server.seen = []
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def expect_in(self, user):
        config = {"current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
                  "clusters": [{"name": "k", "cluster": {"server": f"https://127.0.0.1:{self.server.server_port}",
                                                         "certificate-authority": "server.crt"}}],
                  "users": [{"name": "u", "user": user}]}
        path = self.write("config", json.dumps(config))
        code, log = run_waiter("--kubeconfig", str(path), "--timeout=30s", "mysql", environment=clean_environment())
        self.assertEqual(code, 0, log)

    def test_of_files_relative_to_the_kubeconfig(self):
        self.expect_in({"client-certificate": "ann.crt", "client-key": "ann.key"})
        self.assertEqual(set(self.server.seen), {("ann", None)})

    def test_of_embedded_data(self):
        def data(name):
            return base64.b64encode((self.folder / name).read_bytes()).decode()
        self.expect_in({"client-certificate-data": data("ann.crt"), "client-key-data": data("ann.key")})
        self.assertEqual(set(self.server.seen), {("ann", None)})

    def test_of_a_plugin(self):
        status = {"clientCertificateData": (self.folder / "ann.crt").read_text(),
                  "clientKeyData": (self.folder / "ann.key").read_text()}
        plugin = self.write("plugin", f"#!/bin/sh\n{says(**status)}\n")
        plugin.chmod(0o755)
        self.expect_in({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(plugin)}})
        self.assertEqual(set(self.server.seen), {("ann", None)})

    def test_a_password_goes_out_as_basic(self):
        self.expect_in({"username": "ann", "password": "open sesame"})
        self.assertEqual({who for who, _ in self.server.seen}, {None})


if __name__ == "__main__":
    unittest.main()

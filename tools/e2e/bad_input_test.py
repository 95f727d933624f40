"""What goes wrong: one clear line that names the thing and what to do, the right exit code, nothing left behind."""
import json
import os
import socket
import subprocess
import unittest

from programs import BIN, PATIENCE, ROOT, EndToEnd, Waiter, clean_environment, run_waiter


class Troubles(EndToEnd):
    """Troubles that may heal: the engine says what is wrong and goes on."""

    def expect_trouble(self, environment, *words, arguments=("mysql",)):
        waiter = Waiter(*arguments, environment=environment).wait_for_line(" warn ")
        waiter.process.terminate()
        self.assertEqual(waiter.finish(), 143, waiter.log)
        line = next(line for line in waiter.log.splitlines() if " warn " in line)
        for word in words:
            self.assertIn(word, line)

    def test_api_unreachable(self):
        with self.serve() as api:
            environment = api.pod()
        self.expect_trouble(environment, "cannot be reached: Connection refused", environment["KUBERNETES_SERVICE_PORT"])

    def test_wrong_ca(self):
        with self.serve() as api, self.second() as other:
            os.replace(other.folder / "ca.crt", api.folder / "serviceaccount/ca.crt")
            self.expect_trouble(api.pod(), "certificate that is not trusted", "serviceaccount/ca.crt")

    def second(self):
        from programs import FakeApi
        return FakeApi(folder=self.folder / "other")

    def test_401(self):
        with self.serve() as api:
            (api.folder / "serviceaccount/token").write_text("not-a-token")
            self.expect_trouble(api.pod(), "does not accept the token (401)", "serviceaccount/token")

    def test_403_names_what_is_missing(self):
        with self.serve() as api:
            tokens = json.loads((api.folder / "tokens.json").read_text())
            (api.folder / "serviceaccount/token").write_text(tokens["nobody"])
            self.expect_trouble(api.pod(), "not allowed (403)", 'User "nobody" cannot list resource "endpointslices"',
                                "kubectl -n default create role")

    def test_404(self):
        with self.serve() as api:
            config = (api.folder / "kubeconfig").read_text().replace(api.url, api.url + "/elsewhere")
            path = self.write("config", config)
            self.expect_trouble({}, "has no EndpointSlices (404)", arguments=("--kubeconfig", str(path), "mysql"))

    def test_the_token_appears_nowhere(self):
        with self.serve() as api:
            token = (api.folder / "serviceaccount/token").read_text()
            _, log = run_waiter("--timeout=300ms", "--log-format=json", "mysql", environment=api.pod())
            self.assertNotIn(token, log)


class WaiterInput(EndToEnd):
    """What cannot work is found before the first request: exit code 2 and one line."""

    def expect_usage_error(self, environment, *arguments, words):
        code, log = run_waiter(*arguments, environment=environment)
        self.assertEqual(code, 2, log)
        self.assertEqual(len(log.splitlines()), 1, log)
        for word in words:
            self.assertIn(word, log)

    def pod_without_cluster(self, **files):
        for name, text in files.items():
            self.write(name.replace("_", "."), text)
        return clean_environment(KUBERNETES_SERVICE_HOST="127.0.0.1", KUBERNETES_SERVICE_PORT="1",
                                 WFE_SERVICEACCOUNT_DIR=str(self.folder))

    def test_a_name_that_is_no_dns_label(self):
        self.expect_usage_error({}, "My_SQL", words=['"My_SQL"', "DNS label"])

    def test_an_unreadable_token(self):
        self.expect_usage_error(self.pod_without_cluster(), "mysql", words=[str(self.folder / "token"), "No such file"])

    def test_a_ca_that_is_no_pem(self):
        environment = self.pod_without_cluster(token="t", ca_crt="no certificate")
        self.expect_usage_error(environment, "mysql", words=["ca.crt", "PEM"])

    def test_no_cluster_at_all(self):
        self.expect_usage_error({}, "mysql", words=["KUBERNETES_SERVICE_HOST", "--kubeconfig"])


class FakeApiInput(EndToEnd):
    def expect_error(self, code, *arguments, words, said=False):
        ended = subprocess.run([str(BIN / "fakeapi"), *arguments], capture_output=True, text=True, timeout=PATIENCE,
                               env=clean_environment())
        self.assertEqual(ended.returncode, code, ended.stderr)
        self.assertEqual(bool(ended.stdout), said, "nothing that looks like success")
        self.assertEqual(len(ended.stderr.splitlines()), 1, ended.stderr)
        for word in words:
            self.assertIn(word, ended.stderr)

    def test_a_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            folder = self.folder / "api"
            self.expect_error(2, "serve", "--listen", address, "--dir", str(folder), words=[address, "in use"])
            self.assertFalse(folder.exists(), "nothing is left behind")

    def test_a_folder_that_cannot_be_written(self):
        self.expect_error(2, "serve", "--dir", "/dev/null/api", words=["/dev/null/api"])

    def test_a_folder_that_can_be_written_in_part_is_left_as_it_was(self):
        (self.folder / "api").mkdir()
        (self.folder / "api/serviceaccount").write_text("in the way")
        self.expect_error(2, "serve", "--dir", str(self.folder / "api"), words=["api/serviceaccount"])
        self.assertEqual(os.listdir(self.folder / "api"), ["serviceaccount"])

    def test_a_scenario_with_an_unknown_key(self):
        path = self.write("x.yaml", (ROOT / "scenarios/slow-readiness.yaml").read_text().replace("pods: 3", "podz: 3"))
        folder = self.folder / "api"
        ended = subprocess.run([str(BIN / "fakeapi"), "serve", str(path), "--dir", str(folder)], capture_output=True,
                               text=True, timeout=PATIENCE, env=clean_environment())
        self.assertEqual(ended.returncode, 2)
        self.assertEqual(len(ended.stderr.splitlines()), 1, ended.stderr)
        self.assertRegex(ended.stderr, r'x\.yaml:\d+:\d+: unknown key "podz".*did you mean "pods"')
        self.assertFalse(folder.exists())

    def test_a_folder_that_another_server_uses(self):
        with self.serve():
            self.expect_error(2, "serve", "--dir", str(self.folder / "api"), words=["api", "in use by another fakeapi"])

    def test_a_disk_that_is_full(self):
        log = self.write("log", '{"at":1,"lane":"truth/a","what":"ready 1/1","why":""}\n')
        self.expect_error(2, "report", str(log), "--svg", "/dev/full", words=["/dev/full", "No space left"], said=True)

    def test_a_scenario_that_is_not_there(self):
        self.expect_error(2, "serve", "none.yaml", "--dir", str(self.folder / "api"), words=["none.yaml", "No such file"])

    def test_an_address_that_is_not_loopback(self):
        self.expect_error(2, "serve", "--listen=0.0.0.0:0", "--dir", str(self.folder), words=["0.0.0.0:0", "loopback"])

    def test_a_command_that_does_not_exist(self):
        self.expect_error(2, "swerve", words=["swerve"])
        self.expect_error(2, words=["a command is needed"])
        self.expect_error(127, "sandbox", "--", "no-such-command", words=["no-such-command"])

    def test_an_event_log_that_is_none(self):
        self.expect_error(2, "report", str(self.write("log", "{}\n")), words=["log:1:"])


if __name__ == "__main__":
    unittest.main()

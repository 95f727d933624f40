"""Rights, tokens and CAs that are missing, narrow, late, or replaced under a wait, with the real programs over TLS."""
import json

import at_once
from cluster import PROGRAM, ROLES, Mounted, Resilience, endpoints_of, quiet_port, slice_of


class Rights(Resilience):
    def test_rights_that_come_late(self):
        server = self.serve()
        server.make(slice_of())
        waiter = self.wait(server, "db", mounted=self.as_account(server, "late")).wait_for_line("not allowed (403)")
        server.grant("late", "endpointslices", ["list", "watch"])
        self.ends(waiter)

    def test_a_missing_right_is_77_where_that_is_asked_for(self):
        server = self.serve()
        server.make(slice_of())
        waiter = self.wait(server, "db", "--on-forbidden=fail", mounted=self.as_account(server, "nobody"))
        self.ends(waiter, 77)
        self.assertIn("list", waiter.log)

    def test_list_without_watch_is_polled(self):
        server = self.serve()
        server.make(slice_of(ready=False))
        account = self.as_account(server, "poller")
        server.grant("poller", "endpointslices", ["list"])
        waiter = self.wait(server, "db", mounted=account)
        lists = server.requests("verb=list&resource=endpointslices&status=200&count=3&timeout=60s")
        server.change(slice_of())
        self.ends(waiter)
        # The second is the first poll: a watch was tried and forbidden in between.
        self.assertGreaterEqual(lists[2]["at"] - lists[1]["at"], 2)
        self.assertLessEqual(len(server.requests("verb=watch")), 2)

    def test_endpoints_by_name_for_two_services(self):
        server = self.serve()
        server.make(endpoints_of("a", False), endpoints_of("b", False))
        account = self.as_account(server, "named")
        server.grant("named", "endpoints", ["get", "list", "watch"], names=["a", "b"])
        waiter = self.wait(server, "a", "b", mounted=account)
        watches = server.wait_for_watch(2)
        self.assertEqual(sorted(one["name"] for one in watches), ["a", "b"])
        server.change(endpoints_of("a", True))
        waiter.wait_for_line("default/a: ready")
        server.change(endpoints_of("b", True))
        self.ends(waiter)
        self.assertEqual(waiter.log.count("reading Endpoints"), 1, waiter.log)

    def test_endpoints_only_is_said_once(self):
        server = self.serve()
        server.make(endpoints_of("a", False), endpoints_of("b", True))
        account = self.as_account(server, "old")
        server.grant("old", "endpoints", ["list", "watch"])
        waiter = self.wait(server, "a", "b", mounted=account)
        server.wait_for_watch()
        server.ok("DELETE", ROLES + "rolebindings/old-endpoints")
        server.ok("DELETE", ROLES + "roles/old-endpoints")
        server.control("POST", "disconnect", {"user-agent": PROGRAM})
        # A watch and a list were refused at the start; now it begins from there once more.
        server.requests("resource=endpointslices&count=3&timeout=60s")
        server.grant("old", "endpoints", ["list", "watch"])
        server.change(endpoints_of("a", True))
        self.ends(waiter)
        self.assertEqual(waiter.log.count("reading Endpoints"), 1, waiter.log)

    def new_account_of_that_name(self, server, name):
        """Its old tokens are refused from now on."""
        server.ok("DELETE", f"/api/v1/namespaces/default/serviceaccounts/{name}")
        token = server.account(name)
        self.secrets.append(token)
        return token

    def files_with(self, server, token):
        return {"token": token, "namespace": "default", "ca.crt": (server.served.folder / "ca.crt").read_text()}

    def watching_account(self):
        """A waiter whose rights and token are its account's own, and whose watch is open."""
        server = self.serve()
        server.make(slice_of(ready=False))
        account = self.as_account(server, "app")
        server.grant("app", "endpointslices", ["list", "watch"])
        waiter = self.wait(server, "db", mounted=account)
        server.wait_for_watch()
        return server, account, waiter

    def test_a_token_that_kubelet_replaces_is_used_at_once(self):
        server, account, waiter = self.watching_account()
        account.swap(**self.files_with(server, self.new_account_of_that_name(server, "app")))
        server.control("POST", "disconnect", {"user-agent": PROGRAM})
        server.change(slice_of())
        self.ends(waiter)
        self.assertEqual(server.requests("status=401"), [])

    def test_a_token_that_is_refused_until_kubelet_replaces_it(self):
        server, account, waiter = self.watching_account()
        token = self.new_account_of_that_name(server, "app")
        server.control("POST", "disconnect", {"user-agent": PROGRAM})
        waiter.wait_for_line("does not accept the token (401)")
        account.swap(**self.files_with(server, token))
        server.change(slice_of())
        self.ends(waiter)
        self.assertIn("answers again", waiter.log)

    def test_a_ca_that_is_replaced_with_its_server(self):
        listen = f"--listen=127.0.0.1:{quiet_port()}"
        server = self.serve(listen, folder="old")
        server.make(slice_of(ready=False))
        token = json.loads((server.served.folder / "tokens.json").read_text())["serviceaccount"]
        mounted = Mounted(self.folder / "sa", **self.files_with(server, token))
        waiter = self.wait(server, "db", mounted=mounted)
        server.wait_for_watch()
        server.end()
        renewed = self.serve(listen, folder="new")
        waiter.wait_for_line("not trusted")
        renewed.make(slice_of(ready=False))
        renewed.change(slice_of())
        token = json.loads((renewed.served.folder / "tokens.json").read_text())["serviceaccount"]
        mounted.swap(**self.files_with(renewed, token))
        self.ends(waiter)


if __name__ == "__main__":
    at_once.main()

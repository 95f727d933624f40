"""client-go. Whether its informers list by a stream is a feature gate, set by an environment variable."""
import os

from harness.example import example
from harness.machine import need
from harness.suite import ProgramSuite, lists_by_stream

KINDS = ["ConfigMap", "Secret", "Namespace", "Node", "Pod", "Service", "ServiceAccount", "Endpoints", "EndpointSlice",
         "Event", "Event of events.k8s.io", "Lease", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job",
         "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"]
WATCH_LIST = {"watchlist": "true", "listwatch": "false"}


class GoSuite(ProgramSuite):
    names = [*(f"typed {kind}" for kind in KINDS), "scale and status", "apply configurations", "token and access reviews",
             "delete collection", "list in pages", "watch from a version that is old", "discovery and dynamic client",
             "informer sees all", "leader election"]
    modes = {"watchlist": "informer with WatchList", "listwatch": "informer without WatchList"}

    def install(self, log):
        need("go")
        # Without debug information it links faster.
        log.run("go", "build", "-p", "2", "-ldflags", "-s -w", "-o", self.folder / "client", ".", cwd=self.source,
                env={**os.environ, "GOFLAGS": "-mod=readonly", "GOTOOLCHAIN": "local"})

    def checks(self):
        yield from super().checks()
        yield example("go", "go", "test", "-count=1", "-p", "2", "./...", GOFLAGS="-mod=readonly", GOTOOLCHAIN="local")

    def environment(self, server, mode=None):
        return server.environment(KUBE_FEATURE_WatchListClient=WATCH_LIST.get(mode, "true"))

    def command(self, *arguments):
        return [self.folder / "client", *arguments]

    def check_mode(self, mode, requests):
        assert lists_by_stream(requests) == (mode == "watchlist"), "it lists in the other way"

"""kube-rs, compiled without optimisation: it is for its behaviour, and half as long to build."""
import os

from harness.machine import need
from harness.suite import ProgramSuite, lists_by_stream


class RustSuite(ProgramSuite):
    names = ["list in pages", "create, replace, patch, delete", "server-side apply", "wait for a condition",
             "watch from a version that is old", "custom resource and discovery"]
    modes = {"listwatch": "watcher with ListWatch", "streaminglist": "watcher with StreamingList"}

    def install(self, log):
        need("cargo")
        log.run("cargo", "build", "--locked", "--manifest-path", self.source / "Cargo.toml",
                env={**os.environ, "CARGO_TARGET_DIR": str(self.folder)})

    def environment(self, server, mode=None):
        return server.environment(RUST_BACKTRACE="0")

    def command(self, *arguments):
        return [self.folder / "debug/fakeapi-client", *arguments]

    def check_mode(self, mode, requests):
        assert lists_by_stream(requests) == (mode == "streaminglist"), "it lists in the other way"

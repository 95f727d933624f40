"""fakeapi's control API, as these tests use it: faults, disconnect, compaction, and the requests that were seen."""
from contextlib import contextmanager

from harness.api import CONTROL, PATIENCE


class Control:
    def __init__(self, server):
        self.server = server

    @contextmanager
    def fault(self, name, **fault):
        """The fault is in force inside the block."""
        self.server.call("PUT", f"{CONTROL}/faults/{name}", fault)
        try:
            yield
        finally:
            self.server.delete(f"{CONTROL}/faults/{name}")

    def met(self, name):
        """How many requests the fault was applied to."""
        return self.server.get(f"{CONTROL}/faults/{name}")["met"]

    def disconnect(self, how="reset"):
        """Ends every open connection, by a reset or in order."""
        self.server.call("POST", f"{CONTROL}/disconnect", {"how": how})

    def compact(self):
        """Forgets history: whoever asks for a version below the one returned gets 410."""
        return int(self.server.call("POST", f"{CONTROL}/compact", {})["compacted"])

    def requests(self, **query):
        """Those that are known, oldest first; with `count` and `timeout` it waits for so many."""
        return self.server.get(f"{CONTROL}/requests", **query)["requests"]

    def wait_for_watch(self, resource, patience=PATIENCE):
        """Until a watch of the resource is open."""
        self.requests(verb="watch", resource=resource, open="true", count=1, timeout=f"{patience}s")

"""fakeapi's control API, as these tests use it: faults, disconnect, compaction, and the requests that were seen."""
from contextlib import contextmanager

from harness.api import CONTROL, PATIENCE


class Control:
    def __init__(self, server):
        self.server = server

    @contextmanager
    def fault(self, name, match, action):
        """The fault is in force inside the block."""
        self.put(name, match, action)
        try:
            yield
        finally:
            self.server.delete(f"{CONTROL}/faults/{name}")

    def put(self, name, match, action):
        self.server.call("PUT", f"{CONTROL}/faults/{name}", {"match": match, "action": action})

    def met(self, name):
        """How many requests the fault was applied to."""
        return self.server.get(f"{CONTROL}/faults/{name}")["met"]

    def disconnect(self):
        """Cuts every connection that is open."""
        self.server.call("POST", f"{CONTROL}/disconnect", {})

    def compact(self):
        """Forgets history: whoever asks for a version of before gets 410."""
        self.server.call("POST", f"{CONTROL}/compact", {})

    def requests(self, **query):
        return self.server.get(f"{CONTROL}/requests", **query)

    def wait_for_watch(self, resource, patience=PATIENCE):
        """Until a watch of the resource is open."""
        self.requests(verb="watch", resource=resource, open="true", count=1, timeout=f"{patience}s")

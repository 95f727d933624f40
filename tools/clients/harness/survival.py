"""What a client must survive, written once for all of them: three disconnects, history that expired (410), an overloaded
server (429 with Retry-After), and a stream that is cut in the middle of an event.

A scenario changes objects while the client cannot see it, so that a client which does not come back, or comes back at the
wrong version, ends with a view that differs from the server's state. Each scenario checks that its fault was really met.
"""
from urllib.parse import parse_qs, urlsplit

from harness.api import PATIENCE, SLICES, USER_AGENT, eventually
from harness.control import Control
from harness.program import Program

READS = ["get", "list", "watch"]
OVERLOADED = {"status": 429, "form": "overload", "retry-after": 1}


class Subject:
    """A client that follows one resource. `change` writes as the administrator does, `caught_up` waits until the client
    knows all of it, `finish` ends the client and checks what it ended with."""

    resource = ""
    resumes = True  # whether it resumes a watch at the version where it broke, instead of listing anew

    def __init__(self, server):
        self.server = server
        self.control = Control(server)

    def change(self):
        raise NotImplementedError

    def caught_up(self):
        raise NotImplementedError

    def finish(self):
        raise NotImplementedError

    def alive(self):
        raise NotImplementedError

    def requests(self):
        """The client's own."""
        return [one for one in self.control.requests(resource=self.resource) if one["user-agent"] != USER_AGENT]

    def asked_below(self, version):
        """Whether it asked for a watch from a version before that one, and the watch was accepted."""
        for one in self.requests():
            query = parse_qs(urlsplit(one["target"]).query)
            asked = int(query.get("resourceVersion", ["0"])[0])
            initial = query.get("sendInitialEvents", ["false"])[0] == "true"
            if one["verb"] == "watch" and one["status"] < 300 and 0 < asked < version and not initial:
                return True
        return False


def _met(subject, fault, count):
    eventually(f"{count} requests of the client that meet the fault {fault}",
               lambda: subject.control.met(fault) >= count, alive=subject.alive)


def three_disconnects(subject):
    """Each time no attempt to come back succeeds before everything has changed and one attempt was refused."""
    for how in ("reset", "close", "reset"):
        with subject.control.fault("away", match={"verb": READS, "resource": subject.resource}, answer="close"):
            subject.control.disconnect(how)
            subject.change()
            _met(subject, "away", 1)
        subject.caught_up()


def expired_history(subject):
    """The client is kept from resuming (by 429, for which no client gives up its version) until the version that it
    would resume at is forgotten."""
    subject.change()
    subject.caught_up()  # client-go does not resume a watch that brought nothing, nor one that was reset
    with subject.control.fault("away", match={"verb": READS, "resource": subject.resource}, respond=OVERLOADED):
        subject.control.disconnect("close")
        subject.change()
        compacted = subject.control.compact()
        subject.change()
        _met(subject, "away", 1)
    subject.caught_up()
    if subject.resumes:
        assert subject.asked_below(compacted), "no watch asked for a version that was forgotten"
    # Once more by word of the server alone, for clients that never resume.
    match = {"verb": "watch", "resource": subject.resource, "nth": 1}
    with subject.control.fault("expired", match=match, stream={"after-events": 0, "then": "error-410"}):
        subject.control.disconnect()
        subject.change()
        _met(subject, "expired", 1)
    subject.caught_up()


def too_many_requests(subject):
    match = {"verb": READS, "resource": subject.resource, "nth": "1..3"}
    with subject.control.fault("overload", match=match, respond=OVERLOADED):
        subject.control.disconnect()
        subject.change()
        _met(subject, "overload", 3)
    subject.caught_up()


def cut_event(subject):
    for cut in ("cut-event", "cut-chunk", "cut-character"):
        match = {"verb": "watch", "resource": subject.resource, "nth": 1}
        with subject.control.fault("cut", match=match, stream={"after-events": 1, "then": cut}):
            subject.control.disconnect()
            subject.change()
            _met(subject, "cut", 1)
            subject.change()
        subject.caught_up()


SCENARIOS = {
    "survives three disconnects": three_disconnects,
    "survives an expired history (410)": expired_history,
    "survives an overloaded server (429)": too_many_requests,
    "survives a stream cut inside an event": cut_event,
}


class SliceWatcher(Subject):
    """A program that prints its cache of the EndpointSlices in `default` at each change."""

    resource = "endpointslices"

    old = 12  # slices to delete, one in each change: more than any scenario has changes

    def __init__(self, server, command, env):
        super().__init__(server)
        self.step = 0
        for number in range(1, self.old + 1):
            self._create(f"old-{number}", "10.20.9.9")
        self.change()
        self.program = Program(command, env)

    def __enter__(self):
        self.program.__enter__()
        return self

    def __exit__(self, *exception):
        self.program.__exit__(*exception)

    def alive(self):
        self.program.alive()

    def _create(self, name, address):
        self.server.call("POST", SLICES, {
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": {"name": name, "annotations": {"note": "é ✓ 漢字"}},
            "endpoints": [{"addresses": [address]}], "ports": [{"name": "http", "port": 80}]})

    def change(self):
        """One slice comes, the one before changes, an old one goes. No later change makes up for one that was missed."""
        self.step += 1
        self._create(f"slice-{self.step}", f"10.20.0.{self.step}")
        if self.step > 1:
            self.server.merge(f"{SLICES}/slice-{self.step - 1}",
                              {"endpoints": [{"addresses": [f"10.20.1.{self.step}", f"10.20.2.{self.step}"]}]})
        self.server.delete(f"{SLICES}/old-{self.step}")

    def state(self):
        """name -> version and addresses, as the client prints it."""
        return {item["metadata"]["name"]: " ".join(
            [item["metadata"]["resourceVersion"], *(address for one in item["endpoints"] for address in one["addresses"])])
            for item in self.server.get(SLICES)["items"]}

    def caught_up(self):
        wanted = self.state()
        eventually(lambda: f"the client's view to be {wanted}; {self.program.said()}",
                   lambda: self.program.view() == wanted, PATIENCE, self.alive)

    def finish(self):
        """The recovered watch goes on, in the same process."""
        self.change()
        self.caught_up()
        code = self.program.end()
        assert code == 0, f"it ended with {code}; {self.program.said()}"


def survive(scenario, subject):
    """The whole of a check: the client is there and up to date, the scenario happens, it ends up to date."""
    with subject:
        subject.caught_up()
        SCENARIOS[scenario](subject)
        subject.finish()

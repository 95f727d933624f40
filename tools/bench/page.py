#!/usr/bin/env python3
"""docs/performance.md from build/bench/results.json, which `./dev bench` writes."""
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RESULTS = ROOT / "build/bench/results.json"
PAGE = ROOT / "docs/performance.md"

HEAD = """# How fast, how large

`./dev bench` measures both programs and, in the same run, the least that can be done in their place; `./dev docs` writes this page from
its results. On a machine that others use too only ratios, medians and CPU time mean something, and what is measured is no test.

Measured on {cpus} CPUs ({cpu}, Linux {kernel}), at a load of {load:.1f} before it began.

"""

TABLE = """| | measured | bound | |
|---|---|---|---|
"""

WAITER_HEAD = """## wait-for-endpoints

Beside a bare TLS client (`tools/bench/bare_client.cpp`: the same OpenSSL, reads token and CA, checks the certificate, one GET of the same
object), the loop of curl and jq that asks once a second, and `kubectl wait`, all at one `fakeapi` over TLS.

"""

WAITER_TAIL = """
An event's time begins when the write that causes it is answered: `fakeapi` sends the event right after that. The round trip is that of
a GET on a connection that was open and idle as long as the engine's.

- **Start.** Nearly all of it is OpenSSL's: its first context, the handshake. The context is made once and kept while the files of CA and
  client certificate stay the same (`waiter/net/tls.cpp`); no resolver and no thread where the server is given as an address.
- **Event to exit.** The engine needs 0.1 ms from reading the event to its end; the rest is the kernel's, which wakes it and takes its
  memory and connections apart. The read before the verdict goes over a connection that is kept to spare
  (`waiter/net/idle_connections.hpp`).
- **CPU.** In the first minutes a watch is opened anew every half minute, to find a stream that died without a sign. Both connections
  take turns, so that this costs no handshake: with one each time, a minute cost nearly five times as much. What is left is two watches
  opened anew, two bookmarks and two lines of the log: some 0.1 ms each time the process wakes up, most of it for caches that are cold.
- **Memory.** Nine tenths are pages of the program's file, which processes of the same program share and the kernel can drop.
"""

SERVER_HEAD = """## fakeapi

Beside the least that an HTTPS server can do (`tools/bench/tls_echo.cpp`: one thread, P-256, the same OpenSSL, an answer of the same size).

"""

SERVER_TAIL = """
CPU is that of the server alone, for each request. A write to the last of the watches takes from when it is sent until the last client has
read and decrypted its event; all clients are in one thread of one process, which shares the CPUs with the server.

- **Start.** Nothing is read that nobody asked for: the OpenAPI documents lie compressed in the program, and the types of a group are made
  from them at the first write to a kind of it (`fakeapi/cluster/schema/documents.cpp`). The program is static, so nothing is relocated. Of
  what is left most is OpenSSL: two keys, two certificates, a context, the first handshake.
- **Memory.** Most of it is pages of the program's file that were used once or lie beside such (the kernel maps 16 at a time): processes of
  the same program share them, and the kernel can drop them. A tenth is written to; the first write to the core group adds 0.4 MiB of
  types, and the log of the last 4,096 requests up to 2 MiB. Linked against shared libraries an empty server was resident with 4 MiB
  more.
- **Reads.** An object keeps its text, and all answers and watches share it. An answer leaves in one write, head and body in one record.
  Half of the time of a request is the kernel's, in `send`.
- **Watches.** A stream that waits holds no buffer: OpenSSL gives its own back (`SSL_MODE_RELEASE_BUFFERS`), and parser and request are gone
  before the stream is parked (`fakeapi/server/tls_context.cpp`). An event is serialised once, and each stream encrypts it.
- **Readers that stall.** What the kernel holds for one is bounded (`fakeapi/server/socket.cpp`), the server holds one record at most, and
  the history is the others' too. Nobody waits for it; when it reads again and the history has moved on (`--watch-history`), its stream
  ends, without the chunk that would call the end clean, and with nothing left out before.
"""


def line(measure):
    value = f"{measure['value']:,.0f}" if abs(measure["value"]) >= 100 else f"{measure['value']:.3g}"
    bound = ""
    if measure["bound"] is not None:
        bound = f"{'at least' if measure['at_least'] else 'at most'} {measure['bound']:g}, {'met' if measure['met'] else '**missed**'}"
    shown = f"{value} {measure['unit']}".strip()
    return f"| {measure['name']} | {shown} | {bound} | {measure['note']} |"


def section(results, name, head, tail):
    """Nothing where a run has left it out."""
    lines = [line(measure) for measure in results["measures"] if measure["section"] == name]
    return head + TABLE + "\n".join(lines) + "\n" + tail if lines else ""


def render(results):
    parts = [section(results, "waiter", WAITER_HEAD, WAITER_TAIL), section(results, "fakeapi", SERVER_HEAD, SERVER_TAIL)]
    return HEAD.format(**results["machine"]) + "\n".join(part for part in parts if part)


if __name__ == "__main__":
    if not RESULTS.exists():
        sys.exit("there are no results: ./dev bench makes them")
    PAGE.write_text(render(json.loads(RESULTS.read_text())))

"""Servers of the bench as processes: started, asked, weighed, put under load, and ended by the one who started them."""
import http.client
import json
import os
import re
import resource
import shutil
import signal
import socket
import ssl
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = ROOT / "build/release/bin"
TOOLS = ROOT / "build/release/bench"
PATIENCE_SECONDS = 20


class Server:
    """A process that prints one line of JSON with its URL when it listens."""

    def __init__(self, *command):
        self.process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)
        try:
            self.url = json.loads(self.process.stdout.readline())["url"]
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        _wait_for(self.process)

    def cpu_seconds(self):
        """What it has used of a CPU; /proc/PID/stat would only count in hundredths of a second."""
        return int(Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[0]) / 1e9

    def memory_kib(self):
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return {name: int(kib) for name, kib in re.findall(r"^(\w+): +(\d+) kB$", rollup, re.MULTILINE)}

    def answer_bytes(self, path, token):
        """The size of a whole answer, head included, as it goes through TLS."""
        with ssl._create_unverified_context().wrap_socket(_connect(self.url)) as stream:
            stream.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += stream.recv(65536)
            head, _, _ = answer.partition(b"\r\n\r\n")
            return len(head) + 4 + int(re.search(rb"Content-Length: (\d+)", head).group(1))


def _wait_for(process):
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def _connect(url):
    host, port = url.removeprefix("https://").split(":")
    return socket.create_connection((host, int(port)), PATIENCE_SECONDS)


class FakeApi(Server):
    def __init__(self, folder, *flags):
        self.folder = Path(folder)
        super().__init__(BIN / "fakeapi", "serve", "--dir", folder, *flags)
        self.token = json.loads((self.folder / "tokens.json").read_text())["admin"]

    def ask(self, method, path, body=None, content_type="application/json"):
        context = ssl.create_default_context(cafile=self.folder / "ca.crt")
        host, port = self.url.removeprefix("https://").split(":")
        connection = http.client.HTTPSConnection(host, int(port), timeout=PATIENCE_SECONDS, context=context)
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Content-Type": content_type} if body else {})
        connection.request(method, path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text.decode()}")
        return json.loads(text) if text.startswith(b"{") else text


def wrk(server, path, seconds, token="", write=None):
    """`wrk -t1 -c16`: requests a second, and CPU of the server for each. `write` is (method, content type, file of the body)."""
    before = server.cpu_seconds() if isinstance(server, Server) else None
    url = server.url if isinstance(server, Server) else server
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s"]
    if token:
        command += ["-H", f"Authorization: Bearer {token}"]
    if write:
        command += ["-s", str(Path(__file__).parent / "write.lua")]
    command += [url + path] + (["--", *map(str, write)] if write else [])
    run = subprocess.run(command, capture_output=True, text=True, timeout=seconds + PATIENCE_SECONDS)
    if run.returncode != 0 or "Non-2xx" in run.stdout or "Socket errors" in run.stdout:
        raise RuntimeError(f"wrk {path}: {run.stdout}{run.stderr}")
    requests = int(re.search(r"(\d+) requests in", run.stdout).group(1))
    rate = float(re.search(r"Requests/sec: +([\d.]+)", run.stdout).group(1))
    used = server.cpu_seconds() - before if before is not None else 0
    return {"rate": rate, "cpu_us": used / requests * 1e6}


class WatchClients:
    """The process that holds the open watches: one command a line, one answer a line."""

    def __init__(self, server, path):
        self.process = subprocess.Popen([TOOLS / "watch_clients", server.url, server.token, path], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        _wait_for(self.process)

    def tell(self, *command):
        print(*command, file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())


def missing_programs():
    return [name for name in ("wrk", "curl", "jq") if shutil.which(name) is None]


def open_files_max():
    """As many as the system gives: ten thousand watches need one descriptor each, here and there."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def first_request_ms(*command):
    run = subprocess.run([TOOLS / "first_request", *map(str, command)], capture_output=True, text=True,
                         timeout=PATIENCE_SECONDS, check=True)
    return float(run.stdout)


def machine():
    model = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return {"cpu": model.group(1) if model else "unknown", "cpus": os.cpu_count(), "kernel": os.uname().release.split("-")[0],
            "load": os.getloadavg()[0]}

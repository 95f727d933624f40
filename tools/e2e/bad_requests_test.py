"""What no client should send, over real TLS: the right status or a closed connection, nothing written, and the server goes on.

The statuses are those of Go's net/http (server.go, conn.serve) and of kube-apiserver, which runs on it.
"""
import json
import socket
import ssl
import unittest

from programs import PATIENCE, EndToEnd

CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"
BODY_BYTES_MAX = 3 << 20
HEAD_BYTES_MAX = 1 << 20


class BadRequests(EndToEnd):
    def setUp(self):
        super().setUp()
        self.api = self.serve(None, "--pods=none")
        self.api.__enter__()
        self.addCleanup(self.api.__exit__)
        self.token = json.loads((self.api.folder / "tokens.json").read_text())["admin"]
        self.context = ssl.create_default_context(cafile=self.api.folder / "ca.crt")

    def connect(self):
        host, port = self.api.url.removeprefix("https://").rsplit(":", 1)
        stream = self.context.wrap_socket(socket.create_connection((host, int(port)), PATIENCE), server_hostname=host)
        self.addCleanup(stream.close)
        return stream

    def head(self, method, path, *fields):
        lines = (f"{method} {path} HTTP/1.1", "Host: a", f"Authorization: Bearer {self.token}", *fields)
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def post(self, body, *fields, path=CONFIG_MAPS):
        return self.head("POST", path, "Content-Type: application/json", f"Content-Length: {len(body)}", *fields) + body

    def exchange(self, *pieces):
        """(status, text of the answer) of the first answer; status 0 where the connection was closed without one."""
        stream = self.connect()
        try:
            for piece in pieces:
                stream.sendall(piece)
        except (ConnectionError, ssl.SSLError):
            pass  # refused before all of it was read
        received = b""
        try:
            while b"\r\n\r\n" not in received or not self.complete(received):
                piece = stream.recv(65536)
                if not piece:
                    break
                received += piece
        except ConnectionError:
            pass
        text = received.decode("utf-8", "replace")
        return (int(text[9:12]) if text.startswith("HTTP/1.1 ") else 0), text.partition("\r\n\r\n")[2]

    @staticmethod
    def complete(received):
        head, _, body = received.partition(b"\r\n\r\n")
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                return len(body) >= int(line.split(b":")[1])
        return False

    def expect(self, status, *pieces):
        got, text = self.exchange(*pieces)
        self.assertEqual(got, status, text[:300])
        self.still_serves()
        return text

    def still_serves(self):
        status, text = self.exchange(self.head("GET", CONFIG_MAPS))
        self.assertEqual(status, 200)
        self.assertEqual([one["metadata"]["name"] for one in json.loads(text)["items"]
                          if one["metadata"]["name"] != "kube-root-ca.crt"], [], "something was written")

    def test_what_is_no_http(self):
        for noise in (b"\r\n\r\n", b"hello\r\n\r\n", b"GET /\r\n\r\n", bytes(range(256)) + b"\r\n\r\n", b"GET / HTTP/1.1\r\n: a\r\n\r\n",
                      b"GET / HTTP/1.1\r\nHost: a\r\nNo colon\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"):
            self.expect(400, noise)

    def test_what_of_http_it_does_not_know(self):
        self.expect(505, b"GET / HTTP/3.0\r\nHost: a\r\n\r\n")
        self.expect(501, self.head("POST", CONFIG_MAPS, "Transfer-Encoding: gzip"))
        self.expect(417, self.head("POST", CONFIG_MAPS, "Content-Length: 2", "Expect: tea"))

    def test_lengths_that_lie(self):
        self.expect(400, self.head("POST", CONFIG_MAPS, "Content-Length: -1"))
        self.expect(400, self.head("POST", CONFIG_MAPS, "Content-Length: 2", "Content-Length: 3"))
        self.expect(400, self.head("POST", CONFIG_MAPS, "Content-Length: 2", "Transfer-Encoding: chunked"))
        self.expect(400, self.head("POST", CONFIG_MAPS, "Transfer-Encoding: chunked") + b"zz\r\nhello\r\n")
        self.expect(400, self.head("POST", CONFIG_MAPS, "Transfer-Encoding: chunked") + b"-5\r\nhello\r\n")

    def test_the_end_of_chunks_in_pieces(self):
        body = json.dumps({"metadata": {"name": "No-Name"}}).encode()
        chunk = f"{len(body):x}\r\n".encode() + body + b"\r\n"
        self.expect(422, self.head("POST", CONFIG_MAPS, "Content-Type: application/json", "Transfer-Encoding: chunked"), chunk,
                    b"0", b"\r\n", b"\r", b"\n")

    def test_heads_over_the_limit(self):
        self.expect(431, self.head("GET", CONFIG_MAPS, "X: " + "x" * HEAD_BYTES_MAX))
        self.expect(431, b"GET /" + b"x" * (HEAD_BYTES_MAX + 8192))

    def test_bodies_over_the_limit(self):
        self.expect(413, self.head("POST", CONFIG_MAPS, f"Content-Length: {BODY_BYTES_MAX + 1}"))
        chunk = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
        self.expect(413, self.head("POST", CONFIG_MAPS, "Transfer-Encoding: chunked"), chunk, chunk, chunk, chunk)
        # Its last byte may be there: then it is read, and is no object.
        self.expect(400, self.post(b" " * BODY_BYTES_MAX))

    def test_bodies_that_are_no_object(self):
        for body in (b"", b"{", b"nul", b"[]", b'"text"', b"1e999", b"\x00", b"\xff\xfe{}", b'{"metadata": {"name": "a"}} {}'):
            self.expect(400, self.post(body))

    def test_json_nested_deep(self):
        for depth in (10_000, 10_001, 1_000_000):
            body = b'{"metadata":{"name":"a"},"data":' + b"[" * depth + b"]" * depth + b"}"
            self.expect(400, self.post(body))
        body = b'{"metadata":{"name":"a"},"x":' + b'{"x":' * 200_000 + b"1" + b"}" * 200_001
        self.expect(400, self.post(body))

    def test_bytes_that_are_no_utf8(self):
        self.expect(422, self.post(b'{"metadata":{"name":"\xff\xc3"}}'))
        self.expect(404, self.head("GET", CONFIG_MAPS + "/%ff"))
        self.expect(400, self.head("GET", CONFIG_MAPS + "?labelSelector=%ff"))

    def test_paths_that_lead_out(self):
        for path in ("/../../etc/passwd", "/api/v1/../../../etc/passwd", "/api/v1/namespaces/%2e%2e/configmaps/%00",
                     CONFIG_MAPS + "/%00", "//etc/passwd", CONFIG_MAPS + "/..%2f..%2f..%2fetc%2fpasswd"):
            status, text = self.exchange(self.head("GET", path))
            self.assertIn(status, (301, 400, 403, 404), path)
            self.assertNotIn("root:", text)
        # A name that would be a path is one that no object can have.
        self.expect(405, self.post(b'{"metadata":{"name":".."}}', path=CONFIG_MAPS + "/%2e%2e"))
        self.expect(422, self.post(b'{"metadata":{"name":".."}}'))
        self.expect(422, self.post(b'{"metadata":{"name":"a\\u0000b"}}'))
        self.expect(400, self.head("GET", "/api/%zz"))

    def test_slow_clients_hold_nobody_up(self):
        slow = [self.connect() for _ in range(20)]
        for number, stream in enumerate(slow):
            stream.sendall(self.head("POST", CONFIG_MAPS, "Content-Length: 1000")[:20 + number])
        self.still_serves()
        for stream in slow:
            stream.sendall(b"x")
        self.still_serves()

    def test_protobuf_that_is_none(self):
        for body in (b"", b"k8s", b"k8s\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", b"k8s\x00\x0a\xff\xff\xff\xff\x0f"):
            self.expect(400, self.head("POST", CONFIG_MAPS, "Content-Type: application/vnd.kubernetes.protobuf",
                                       f"Content-Length: {len(body)}") + body)


if __name__ == "__main__":
    unittest.main()

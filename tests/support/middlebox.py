"""Something between a tablet and the server that answers itself, mangles what the server says, or never answers.

As a proxy that is down, a café's captive portal, and a line that breaks in the middle of an answer. Real sockets, so
that the browser cannot tell; the line (tests/support/line.py) is for being cut off altogether.
"""

from __future__ import annotations

import enum
import http.client
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
HANGS_FOR = 1.0
PORTAL = b"<!doctype html><title>Free Wi-Fi</title><h1>Accept the terms</h1><p>{}</p>"
# Of one connection only, or set by the server of this module itself.
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


class Fault(enum.Enum):
    """What becomes of each request."""

    NONE = "passed on"
    ERROR = "500 instead of the server"
    GATEWAY = "502 instead of the server"
    PORTAL = "a page with 200 instead of the server"
    TRUNCATED = "the server's answer, cut off in the middle of its JSON"
    SHORT = "the server's answer, which ends before the length that it announced"
    LOST = "the server's answer thrown away, and the connection reset"
    HANGS = "nothing at all, and a reset"


class Middlebox(ThreadingHTTPServer):
    """``met``: how often a message of a tablet met each fault."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: str) -> None:
        self.server_place = urlsplit(address).netloc
        self.fault = Fault.NONE
        self.met: Counter[Fault] = Counter()
        super().__init__((LOOPBACK, 0), _Passing)

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: browsers break connections off all the time, and so do we."""


class _Passing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Middlebox

    def do_GET(self) -> None:
        self._pass()

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as the base class has it
        """Write nothing: the service has logs of its own."""

    def _pass(self) -> None:
        fault = self.server.fault
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            match fault:
                case Fault.ERROR:
                    self._answer(500, b'{"detail": "Internal error"}', "application/json")
                case Fault.GATEWAY:
                    self._answer(502, b"<h1>502 Bad Gateway</h1>", "text/html")
                case Fault.PORTAL:
                    self._answer(200, PORTAL, "text/html")
                case Fault.HANGS:
                    time.sleep(HANGS_FOR)
                    self._reset()
                case _:
                    self._pass_on(fault, body)
        finally:
            if self.path == "/api/v1/tablet/sync":
                self.server.met[fault] += 1

    def _pass_on(self, fault: Fault, body: bytes) -> None:
        connection = http.client.HTTPConnection(self.server.server_place, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
        connection.request(self.command, self.path, body or None, headers)
        answer = connection.getresponse()
        said = answer.read()
        kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP]
        connection.close()
        match fault:
            case Fault.LOST:
                self._reset()
            case Fault.TRUNCATED:
                self._answer(answer.status, said[: len(said) // 2], None, kept)
            case Fault.SHORT:
                self._answer(answer.status, said[: len(said) // 2], None, kept, announced=len(said))
                self._reset()
            case _:
                self._answer(answer.status, said, None, kept)

    def _answer(
        self,
        status: int,
        body: bytes,
        content_type: str | None,
        headers: list[tuple[str, str]] | None = None,
        announced: int | None = None,
    ) -> None:
        self.send_response(status)
        for name, value in headers or []:
            self.send_header(name, value)
        if content_type:
            self.send_header("Content-Type", content_type)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body) if announced is None else announced))
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        """Break the connection off with a reset rather than an end."""
        self.close_connection = True
        with suppress(OSError):
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()


@contextmanager
def middlebox_to(address: str) -> Iterator[Middlebox]:
    box = Middlebox(address)
    thread = threading.Thread(target=box.serve_forever, args=[0.05], daemon=True)
    thread.start()
    try:
        yield box
    finally:
        box.shutdown()
        box.server_close()
        thread.join(5)

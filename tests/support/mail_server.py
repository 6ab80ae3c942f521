"""A mail server on loopback that refuses the addresses it is told to, as real ones do when somebody has left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any


class MailServer(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.refused: set[str] = set()
        self.taken: list[str] = []


class _Conversation(StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 tests")
        to = ""
        while line := self.rfile.readline().decode().strip():
            match line.split(":")[0].upper().split()[0]:
                case "RCPT":
                    to = line[line.index("<") + 1 : line.index(">")]
                    self._say("550 no such person here" if to in self.server.refused else "250 well")
                case "DATA":
                    self._say("354 go on")
                    while self.rfile.readline() != b".\r\n":
                        pass
                    self.server.taken.append(to)
                    self._say("250 taken")
                case "QUIT":
                    self._say("221 bye")
                    break
                case _:
                    self._say("250 well")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server(settings: Any) -> Iterator[MailServer]:
    """Have the mails of a test sent to it, by Django's own way of sending."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()

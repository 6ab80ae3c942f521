"""Messages of tablets over real sockets, with a network that loses what the server answers."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.support.tablet import SYNC, SimulatedTablet

PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back: the status, the body as it came, and its JSON where it was an answer."""

    status: int
    body: bytes

    @property
    def answer(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.body)
        return said


class Wire:
    """One connection of one tablet to the server, kept open between messages as browsers do."""

    def __init__(self, address: str, tablet: SimulatedTablet) -> None:
        self._place = urlsplit(address).netloc
        self._headers = {
            "Authorization": f"Tablet {tablet.enrolment['token']}",
            "Content-Type": "application/json",
        }
        self._connection = self._connect()
        # How often the server asked to wait, by status.
        self.waits: list[int] = []

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._place, timeout=PATIENCE)

    def post(self, body: bytes) -> Heard:
        """Send until the server no longer asks to wait (429); what it said in the end."""
        while True:
            self._connection.request("POST", SYNC, body, self._headers)
            answer = self._connection.getresponse()
            heard = Heard(answer.status, answer.read())
            if heard.status != 429:
                return heard
            # The server ends a connection that is silent for half a minute; the next request opens another.
            self._connection.close()
            self.waits.append(heard.status)
            time.sleep(int(answer.headers["Retry-After"]))

    def post_and_hang_up(self, body: bytes) -> None:
        """Send a whole message and close the connection unread: whatever the server says, nobody hears it."""
        self._connection.request("POST", SYNC, body, self._headers)
        self.close()
        self._connection = self._connect()

    def close(self) -> None:
        self._connection.close()

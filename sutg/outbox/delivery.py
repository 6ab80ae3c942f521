"""Who delivers which kind of message: rooms above register here, so that the arrow to them stays down."""

from __future__ import annotations

from collections.abc import Callable

from sutg.outbox.models import OutboxMessage


class NotDelivered(Exception):
    """The outside world did not take the message. ``code`` says why in a word or two, without quoting anybody."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:100]


# Delivers under the message's provider scope, in transactions of its own, and returns what the other side answered.
# It may run more than once for one message and passes the message's id on as the key by which repeats are known.
Handler = Callable[[OutboxMessage], str]
_HANDLERS: dict[str, Handler] = {}


def register_handler(kind: str, handler: Handler) -> None:
    """Have ``handler`` deliver messages of ``kind``; a second one for a kind is a programming fault."""
    if _HANDLERS.get(kind, handler) is not handler:
        msg = f"Messages of kind {kind} have a handler already."
        raise ValueError(msg)
    _HANDLERS[kind] = handler


def handler_of(kind: str) -> Handler:
    """:class:`NotDelivered` for a kind that nobody registered: it waits, and is not lost, until somebody does."""
    try:
        return _HANDLERS[kind]
    except KeyError:
        raise NotDelivered("no handler") from None

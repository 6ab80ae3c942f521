"""Structured logs: one JSON object a line, with an event, ids and the request's id, and nothing of a person."""

from __future__ import annotations

import logging
import traceback
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter as _JsonFormatter

request_id: ContextVar[str] = ContextVar("sutg_request_id", default="")


class RequestIdFilter(logging.Filter):
    """Adds the id of the request or task at hand, by which the lines of one piece of work are found."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class OthersWords(logging.Filter):
    """Rewrites the lines of Django and Celery, which quote addresses, arguments and errors, as an event and ids.

    An address may hold a password reset key or what somebody searched for; an error, the row that it is about.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.request"):
            _rewrite(record, "request_failed", route=_route_of(record.__dict__.pop("request", None)))
        elif record.name.startswith("django.security"):
            _rewrite(record, "request_refused", route=_route_of(record.__dict__.pop("request", None)))
        elif isinstance(data := record.__dict__.get("data"), dict) and record.name.startswith("celery."):
            del record.__dict__["data"]
            _rewrite(record, _task_event(record), task_id=data.get("id"), task=data.get("name"))
        return True


def _rewrite(record: logging.LogRecord, event: str, **facts: Any) -> None:
    record.msg, record.args = event, ()
    record.__dict__.update(facts)


def _route_of(request: Any) -> str:
    """The pattern that the address matched, without what stood in its places."""
    match = getattr(request, "resolver_match", None)
    return str(match.route) if match else ""


def _task_event(record: logging.LogRecord) -> str:
    if record.name == "celery.worker.strategy":
        return "task_received"
    if record.levelno >= logging.WARNING:
        return "task_failed" if record.levelno >= logging.ERROR else "task_warned"
    return "task_done"


class JsonFormatter(_JsonFormatter):
    """Time, level, logger, message, request id and the extras that a call names.

    An exception is written as its class and where it was raised. Its message and its locals may quote what somebody
    typed, and a database error quotes the row; neither goes into a log.
    """

    def __init__(self) -> None:
        super().__init__(
            "{asctime}{levelname}{name}{message}{request_id}", style="{", rename_fields={"levelname": "level"}
        )

    def formatException(self, ei: Any) -> str:  # noqa: N802  the name is logging's
        """The class of the exception and where it was raised, innermost first."""
        frames = traceback.extract_tb(ei[2])
        places = [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames)]
        return f"{ei[0].__module__}.{ei[0].__qualname__} at " + " < ".join(places)

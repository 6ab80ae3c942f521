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

"""Structured logs: one JSON object a line, with an event, ids and the request's id, and nothing of a person."""

from __future__ import annotations

import logging
from contextvars import ContextVar

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

    def formatException(self, ei: object) -> str:  # noqa: N802  the name is logging's
        kind, _, traceback = ei  # type: ignore[misc]
        places = []
        while traceback is not None:
            code = traceback.tb_frame.f_code
            places.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{traceback.tb_lineno} {code.co_name}")
            traceback = traceback.tb_next
        return f"{kind.__module__}.{kind.__qualname__} at " + " < ".join(reversed(places))

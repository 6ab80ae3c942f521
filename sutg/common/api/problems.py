"""One shape for every refusal of the API: RFC 9457 problem details."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from sutg.common.errors import DomainError, NotFound

logger = logging.getLogger(__name__)
# A deadlock, a lock that took too long, a connection that went: the same request may well succeed in a moment.
TRY_AGAIN_AFTER = 5
CONTENT_TYPE = "application/problem+json"
# One sentence for what is not there and for what is somebody else's.
_FIXED = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address that you may see.",
    HTTPStatus.FORBIDDEN: "Your role does not allow this.",
    HTTPStatus.UNAUTHORIZED: "Sign in, or send a token.",
}


def problem(status: int, detail: str, *, errors: list[dict[str, str]] | None = None) -> Response:
    """A problem document; ``errors`` name a field or row each: ``[{"field": …, "reason": …}]``."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return Response(body, status=status, content_type=CONTENT_TYPE)


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's exception handler."""
    if isinstance(error, NotFound | Http404):
        return problem(404, _FIXED[HTTPStatus.NOT_FOUND])
    if isinstance(error, DomainError):
        errors = [{"field": error.field, "reason": error.reason}] if error.field else None
        return problem(422, error.reason, errors=errors)
    if isinstance(error, PermissionDenied):
        return problem(403, _FIXED[HTTPStatus.FORBIDDEN])
    if isinstance(error, OperationalError | InterfaceError):
        return _try_again(error)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        shaped = problem(400, "Some of what was sent could not be used.", errors=_flatten(error.detail))
    else:
        detail = _FIXED.get(HTTPStatus(response.status_code)) or str(getattr(error, "detail", "The request failed."))
        shaped = problem(response.status_code, detail)
    for name in ("Retry-After", "WWW-Authenticate", "Allow"):
        if name in response:
            shaped[name] = response[name]
    return shaped


def _try_again(error: Exception) -> Response:
    # Of the error its kind alone: its text may quote the row.
    cause = error.__cause__ or error
    logger.error("database_did_not_answer", extra={"error": type(cause).__name__})
    response = problem(503, "The service is busy. Send it again in a moment.")
    response["Retry-After"] = str(TRY_AGAIN_AFTER)
    return response


def _flatten(detail: Any, field: str = "") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [
            error for key, value in detail.items() for error in _flatten(value, f"{field}.{key}" if field else str(key))
        ]
    if isinstance(detail, list):
        return [error for value in detail for error in _flatten(value, field)]
    return [{"field": field, "reason": str(detail)}]

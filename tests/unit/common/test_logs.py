"""What a log line says, and what it never does."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from celery.app.trace import build_tracer
from django.conf import settings
from django.core.handlers.exception import response_for_exception
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.test import RequestFactory
from django.utils.module_loading import import_string

from sutg.celery import app

CANARY = "Xyzzy-Person"


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """What the handler of settings.LOGGING writes, a line each."""
    stream, read = io.StringIO(), []
    handler = logging.StreamHandler(stream)
    handler.setFormatter(import_string(settings.LOGGING["formatters"]["json"]["()"])())
    for name in settings.LOGGING["handlers"]["stderr"]["filters"]:
        handler.addFilter(import_string(settings.LOGGING["filters"][name]["()"])())
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security.csrf", "celery.app.trace")]
    for logger in loggers:
        logger.addHandler(handler)
    yield read
    for logger in loggers:
        logger.removeHandler(handler)


def written(handler_logger: str) -> list[str]:
    handler = next(h for h in logging.getLogger(handler_logger).handlers if isinstance(h, logging.StreamHandler))
    return handler.stream.getvalue().splitlines()


@pytest.mark.usefixtures("lines")
def test_failed_request_is_logged_without_its_address_or_what_the_error_quotes() -> None:
    request = RequestFactory().get(f"/accounts/password/reset/key/{CANARY}/", {"name": CANARY})
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        response_for_exception(request, error)

    (line,) = written("django.request")
    assert CANARY not in line
    assert json.loads(line)["message"] == "request_failed"
    assert json.loads(line)["exc_info"].startswith("builtins.ValueError at ")


@pytest.mark.usefixtures("lines")
def test_failed_task_is_logged_by_its_id_without_what_the_error_quotes() -> None:
    @app.task(name="tests.fail", scope_free=True)
    def fail(*_: object) -> None:
        raise ValueError(CANARY)

    try:
        tracer = build_tracer(fail.name, fail, app=app, eager=False)
        tracer("0b1c", [CANARY], {}, {"id": "0b1c", "headers": {}})
    finally:
        app.tasks.unregister(fail.name)

    line = written("celery.app.trace")[-1]
    assert CANARY not in line
    assert json.loads(line)["message"] == "task_failed"
    assert json.loads(line)["task_id"] == "0b1c"
    assert json.loads(line)["exc_info"].startswith("builtins.ValueError at ")


@pytest.mark.usefixtures("lines")
def test_request_refused_for_its_token_is_logged_without_its_address() -> None:
    request = RequestFactory().post(f"/returns/{CANARY}/")
    request._dont_enforce_csrf_checks = False

    CsrfViewMiddleware(lambda _: HttpResponse()).process_view(request, lambda _: HttpResponse(), (), {})

    (line,) = written("django.security.csrf")
    assert CANARY not in line
    assert json.loads(line)["message"] == "request_refused"

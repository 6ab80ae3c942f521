"""Error pages, and the two public pages that the footer leads to.

Error views log nothing: Django has logged what matters, and a path or a reason may hold what somebody typed. They are
rendered without the request, so that an answer about a thing of another organisation and about no thing at all are
the same to the byte.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.views.decorators.http import require_safe

# Shown when even the error page can't be drawn, such as before the assets were built.
LAST_RESORT = (
    '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Sorry, there is a problem</title></head>'
    "<body><main><h1>Sorry, there is a problem with the service</h1><p>Try again later.</p></main></body></html>"
)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400; name it ``handler400``."""
    return _error_page(400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403; name it ``handler403``."""
    return _error_page(403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 when a form's token is missing or old; name it ``CSRF_FAILURE_VIEW``."""
    return _error_page(403, "403_csrf")


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404; name it ``handler404``."""
    return _error_page(404)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 429; whoever counts adds ``Retry-After``."""
    return _error_page(429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, whatever else is broken; name it ``handler500``."""
    return _error_page(500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer 503, for maintenance and for a database that is away."""
    response = _error_page(503)
    response["Retry-After"] = "120"
    return response


@require_safe
def accessibility_statement(request: HttpRequest) -> HttpResponse:
    """Show how accessible the service is and whom to tell."""
    return render(request, "nhsuk/pages/accessibility_statement.jinja")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what is kept about people, and why."""
    return render(request, "nhsuk/pages/privacy.jinja")


def _error_page(status: int, name: str = "") -> HttpResponse:
    context: dict[str, Any] = {}
    try:
        page = get_template(f"nhsuk/errors/{name or status}.jinja").render(context)
    except Exception:
        page = LAST_RESORT  # whatever failed has already failed once; a person still needs an answer
    return HttpResponse(page, status=status)

"""What every answer carries: a request id, and headers that tell the browser what not to do."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from sutg.common.logs import request_id

GetResponse = Callable[[HttpRequest], HttpResponse]

_GIVEN_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")
_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


class RequestId:
    """Takes the proxy's ``X-Request-ID`` or makes one; it is in every log line of the request and in the answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        this = given if _GIVEN_ID.match(given) else uuid.uuid4().hex
        token = request_id.set(this)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = this
            return response
        finally:
            request_id.reset(token)


class SecurityHeaders:
    """No inline script or style anywhere, no framing, and nothing of a signed-in person left in a shared cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", _POLICY)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()")
        if not request.path.startswith("/static/"):
            # Tablets and office computers are shared: the back button must not show the last person's page.
            response.setdefault("Cache-Control", "no-store, private")
        return response

"""Answers that say nothing when the caller knows them already."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.http import HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response


def answer_unless_known(request: Request, body: dict[str, Any], *, passing: tuple[str, ...] = ()) -> HttpResponseBase:
    """The body with its ETag, or 304 when the caller has it. What is ``passing`` (a clock) makes no other body."""
    lasting = {name: value for name, value in body.items() if name not in passing}
    etag = f'"{hashlib.sha256(json.dumps(lasting, sort_keys=True).encode()).hexdigest()[:32]}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in known or any(other.removeprefix("W/") == etag for other in known):
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = Response(body)
    response.headers["ETag"] = etag
    return response

"""What forms of signed-in people carry besides the token against forgery."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.kept_forms import MARK


def form_mark(request: HttpRequest) -> dict[str, Any]:
    """``csrf_input`` and ``idle``.

    ``csrf_input`` is as every template writes it, with whose form it is: so no form can forget to say. ``idle`` is what
    the warning before the end of a session needs to know.
    """
    return {
        "csrf_input": lazy(_inputs, SafeString, str)(request),
        "idle": {
            "seconds": settings.SESSION_COOKIE_AGE,
            "warning": settings.SESSION_WARNING_SECONDS,
            "left_url": reverse("accounts:time_left"),
            "stay_url": reverse("accounts:stay_signed_in"),
            "end_url": reverse("accounts:end_session"),
        },
    }


def _inputs(request: HttpRequest) -> SafeString:
    token = csrf_input(request)
    # Set by the gate of pages for people (accounts.web): elsewhere nobody's form is kept.
    mark = getattr(request, "form_mark", "")
    return format_html('{}<input type="hidden" name="{}" value="{}">', token, MARK, mark) if mark else token

"""What forms of signed-in people carry besides the token against forgery."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.kept_forms import MARK


def form_mark(request: HttpRequest) -> dict[str, Any]:
    """``csrf_input`` as every template writes it, with whose form it is: so no form can forget to say."""
    return {"csrf_input": lazy(_inputs, SafeString, str)(request)}


def _inputs(request: HttpRequest) -> SafeString:
    token = csrf_input(request)
    # Set by the gate of pages for people (accounts.web): elsewhere nobody's form is kept.
    mark = getattr(request, "form_mark", "")
    return format_html('{}<input type="hidden" name="{}" value="{}">', token, MARK, mark) if mark else token

"""What every page's layout needs to know of its request."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the layout's variables; a higher room sets ``request.navigation`` and ``request.hat_label``.

    ``navigation`` is a list of objects with ``text``, ``href`` and ``current``; ``hat_label`` names the organisation
    that the person acts for. The user stays lazy: a page that does not show it costs no query.
    """
    return {
        "navigation": getattr(request, "navigation", None) or [],
        "hat_label": getattr(request, "hat_label", ""),
        "hat_href": getattr(request, "hat_href", ""),
        "is_demo": getattr(settings, "SUTG_ENV", "") == "demo",
        "user": getattr(request, "user", None),
    }

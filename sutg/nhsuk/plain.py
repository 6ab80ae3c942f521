"""Text that a macro must escape."""

from __future__ import annotations

from typing import Any

from django.utils.encoding import force_str


def plain(value: Any) -> str:
    """Return ``value`` as an ordinary string, which Jinja escapes.

    The design system's macros take a string marked safe for HTML. Labels, values and errors can carry what a person
    typed or a spreadsheet held, so a mark that slipped through on the way here is taken off.
    """
    # str() of a marked string returns it with its mark; this copies the characters alone.
    return str.__str__(force_str(value))

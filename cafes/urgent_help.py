"""Whom to ring when it cannot wait: shown on every screen of a tablet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """``number`` as it is shown; dialled without its spaces."""

    name: str
    number: str
    when: str


NUMBERS = (
    Number("Emergency services", "999", "Somebody’s life is in danger, now."),
    Number("Central Access Point", "0808 800 3302", "Urgent mental health help, at any hour."),
)

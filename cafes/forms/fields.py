"""Fields that several forms of this room share."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from sutg.nhsuk.forms import TextInput

_WRITTEN = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?$")
_WORDS = {"midday": "12pm", "noon": "12pm"}


class ClockField(forms.CharField):
    """A time of day as people write it: 17:00, 5pm, 5.30 pm, midday."""

    widget = TextInput(width=5)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"help_text": "For example, 5pm or 17:30.", **kwargs})

    def to_python(self, value: Any) -> Any:
        written = str(super().to_python(value) or "").strip().lower()
        if not written:
            return None
        match = _WRITTEN.match(_WORDS.get(written, written))
        hour, minute = (int(match[1]), int(match[2] or 0)) if match else (24, 0)
        if match and match[3]:
            hour = hour % 12 + (12 if match[3] == "pm" else 0) if 1 <= hour <= 12 else 24
        if hour > 23 or minute > 59 or (match and not match[2] and not match[3]):
            raise ValidationError("Enter a time, like 5pm or 17:30", "invalid")
        return time(hour, minute)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != data)

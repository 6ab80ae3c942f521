"""The code lists of a visit as the tablet's app carries them: it has to ask without a connection.

They are built into the app (static/tablet/choices.json), so that a list and the screens that ask it are of one version.
The server reads what an older app sent: codes are never taken back.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.db.models import TextChoices

from cafes.codes import (
    MOST_DISTRESS,
    MOST_MINUTES,
    USUAL_MINUTES,
    Alternative,
    CameFor,
    CorrectionReason,
    Helped,
    Outcome,
    Reason,
    RouteIn,
    SupportKind,
)
from cafes.demographics import QUESTIONS, Question
from cafes.models import Session

FILE = Path(__file__).resolve().parents[1] / "static" / "tablet" / "choices.json"
_LISTS: dict[str, type[TextChoices]] = {
    "came_for": CameFor,
    "route_in": RouteIn,
    "reasons": Reason,
    "support": SupportKind,
    "helped": Helped,
    "outcome": Outcome,
    "alternative": Alternative,
    "withdrawal": CorrectionReason,
    "tally_reason": Session.TallyReason,
}


def content() -> dict[str, Any]:
    """Every list, as the app carries it and as ``GET /api/v1/tablet/today`` says it."""
    return {
        "most": {"distress": MOST_DISTRESS, "minutes": MOST_MINUTES, "usual_minutes": USUAL_MINUTES},
        "visit": {name: [list(pair) for pair in codes.choices] for name, codes in _LISTS.items()},
        "questions": [_asked(question) for question in QUESTIONS],
    }


def as_text() -> str:
    """The whole file, as it is committed."""
    return json.dumps(content(), ensure_ascii=False, indent=1) + "\n"


def version() -> str:
    """Changes when a list does: 16 hex digits of the file's SHA-256."""
    return hashlib.sha256(as_text().encode()).hexdigest()[:16]


def _asked(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "text": question.text,
        "many": question.many,
        "alone": sorted(question.exclusive),
        "declined": question.declined_code,
        "options": [[option.code, option.wording] for option in question.offered],
    }

"""What a page or a tablet says of a visit: plain and frozen, before anything is stored.

No form, request or row is needed to make one, so that a message that was queued for days says the same as a page.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import time

from cafes.demographics import Answers


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Nobody knows who came, and nobody needs to."""


@dataclass(frozen=True, slots=True)
class ReturnCode:
    """A code that the visitor made up, as written. Case and spaces make no difference."""

    code: str


@dataclass(frozen=True, slots=True)
class Named:
    """A visitor who wants to be known by name. ``visitor_id`` when it is somebody already known; otherwise new.

    Blank ``name`` and ``contact`` leave those of a known visitor as they are.
    """

    name: str = ""
    contact: str = ""
    visitor_id: uuid.UUID | None = None


Who = Anonymous | ReturnCode | Named


@dataclass(frozen=True, slots=True)
class SupportGiven:
    kind: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is recorded of a visit, besides whose it was and what they said about themselves. Codes of cafes.codes.

    ``signposted``: ids of community services, of either directory. None does not speak of them, and a change leaves
    them as they are.
    """

    came_for: str = ""
    route_in: str = ""
    reasons: tuple[str, ...] = ()
    support: tuple[SupportGiven, ...] = ()
    helped: tuple[str, ...] = ()
    signposted: tuple[uuid.UUID, ...] | None = None
    outcome: str = ""
    alternative: str = ""
    distress_before: int | None = None
    distress_after: int | None = None
    arrived_at: time | None = None


@dataclass(frozen=True, slots=True)
class VisitEntry:
    """One visit to be recorded. ``client_uuid`` is made where it is written, and is what makes it this visit."""

    client_uuid: uuid.UUID
    session_id: uuid.UUID
    who: Who = field(default_factory=Anonymous)
    particulars: Particulars = field(default_factory=Particulars)
    answers: Answers = field(default_factory=Answers)


@dataclass(frozen=True, slots=True)
class VisitChange:
    """A visit as it should be. ``who`` None leaves whose it is as it was recorded."""

    particulars: Particulars
    answers: Answers = field(default_factory=Answers)
    who: Who | None = None

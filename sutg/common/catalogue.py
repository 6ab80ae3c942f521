"""What a model says of the personal data in its fields: which, why they are held, and for how long.

One readable place on each model, ``catalogue = Catalogue(…)`` or ``catalogue = NotPersonal(…)``; docs/privacy.md tells
how to write it. Plain data: an architecture test holds every model of ours to it, and information governance reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final


class Retention(Enum):
    """How long a class of records is kept. The period itself is configured: see docs/privacy.md."""

    VISIT = "visit", "Visits and what was answered at them, none of which names anybody"
    NAMED = "named", "Names, contact details and support plans of visitors who asked for one"
    INCIDENT = "incident", "Incidents and safeguarding concerns, and what was done about them"
    RETURN = "return", "Files and notes as they were handed in"
    STAFF = "staff", "Accounts, roles and details of people who work or volunteer"
    ORGANISATION = "organisation", "What an organisation says of itself and of its people in office"
    REFERRAL = "referral", "Referrals into the urgent pathway"
    GRANT = "grant", "Applications, decisions and payments"
    AUDIT = "audit", "The record of who did and who read what"

    def __init__(self, code: str, label: str) -> None:
        self.code = code
        self.label = label


def _each(given: Mapping[str, str]) -> dict[str, str]:
    return {name: reason for names, reason in given.items() for name in names.split()}


@dataclass(frozen=True, slots=True)
class InUse:
    """Rows of ``model`` whose ``key`` is that of the row, and whose ``day`` lies within the period, keep it alive."""

    model: str
    key: str
    day: str


@dataclass(frozen=True, slots=True)
class Recode:
    """A field that may hold words of somebody's own beside known codes: what is not ``known`` becomes ``other``.

    ``other`` must count as the words counted, so that no figure changes.
    """

    known: frozenset[str]
    other: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """What becomes of a row once the period of its class is over, counted from ``since`` (a path of fields).

    With ``clear`` those fields are emptied, and ``recode`` is applied: the row goes on being counted and says nothing
    of anybody. Without, the row is deleted. ``in_use`` keeps rows that something recent refers to; ``held_by`` are
    further paths to ids whose hold is the row's too, beside its own id and the keys it carries.
    """

    since: str
    clear: str = ""
    recode: Mapping[str, Recode] = field(default_factory=dict)
    in_use: InUse | None = None
    held_by: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Why rows are not erased by age."""

    reason: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A model some of whose fields are about a person.

    ``personal``: fields → why they are held. ``plain``: personal texts that are not encrypted → why they need not be.
    ``other``: the fields that say nothing about a person. Names stand side by side, separated by spaces; keys and
    ``…_by`` need no word. ``after``: what becomes of a row when the period of its class is over.
    """

    retention: Retention
    personal: Mapping[str, str]
    plain: Mapping[str, str] = field(default_factory=dict)
    other: str = ""
    after: Erasure | Kept | None = None

    @property
    def reasons(self) -> dict[str, str]:
        """Each personal field → why it is held."""
        return _each(self.personal)

    @property
    def unsealed(self) -> dict[str, str]:
        """Each personal text that is not encrypted → why it need not be."""
        return _each(self.plain)

    @property
    def named(self) -> frozenset[str]:
        """Every field that the declaration speaks of."""
        return frozenset(self.reasons) | frozenset(self.other.split())


@dataclass(frozen=True, slots=True)
class NotPersonal:
    """A model without personal data, and why that is so.

    ``texts``: its free texts, named so that a new one is noticed.
    """

    reason: str
    texts: str = ""

    @property
    def named(self) -> frozenset[str]:
        return frozenset(self.texts.split())


# Classes whose rows are not erased by age unless their model says so.
KEPT_CLASSES: Final[Mapping[Retention, str]] = {
    Retention.STAFF: "who held which role when is what the record of acts is read by; access itself ends with the role",
    Retention.ORGANISATION: "who answered for an organisation is kept as long as what it was paid for",
    Retention.AUDIT: "the record is a chain: nothing can be taken out of it without breaking what follows",
}

Declaration = Catalogue | NotPersonal


def erasure_of(catalogue: Catalogue) -> Erasure | Kept | None:
    """What becomes of rows in time; None when neither the model nor its class says so."""
    if catalogue.after is not None:
        return catalogue.after
    reason = KEPT_CLASSES.get(catalogue.retention)
    return Kept(reason) if reason else None

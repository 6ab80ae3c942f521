"""What a model says of the personal data in its fields: which, why they are held, and for how long.

One readable place on each model, ``catalogue = Catalogue(…)`` or ``catalogue = NotPersonal(…)``; docs/privacy.md tells
how to write it. Plain data: an architecture test holds every model of ours to it, and information governance reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Retention(Enum):
    """How long a class of records is kept. The period itself is configured: see docs/privacy.md."""

    VISIT = "visit", "Visits and what was answered at them, none of which names anybody"
    NAMED = "named", "Names, contact details and support plans of visitors who asked for one"
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
class Catalogue:
    """A model some of whose fields are about a person.

    ``personal``: fields → why they are held. ``plain``: personal texts that are not encrypted → why they need not be.
    ``other``: the fields that say nothing about a person. Names stand side by side, separated by spaces; keys and
    ``…_by`` need no word.
    """

    retention: Retention
    personal: Mapping[str, str]
    plain: Mapping[str, str] = field(default_factory=dict)
    other: str = ""

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


Declaration = Catalogue | NotPersonal

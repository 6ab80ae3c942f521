"""Ready strings and rows for the pages of the register."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from providers.models import StaffCheck, StaffMember
from providers.selectors.staff import Standing
from sutg.nhsuk.formats import nhs_date

ERASED = "Name erased"
_SAID = {"yes": "Yes", "no": "No"}


@dataclass(frozen=True, slots=True)
class StaffPresenter:
    """One person on the register; names are opened when this is asked for them."""

    member: StaffMember
    cafes: Mapping[uuid.UUID, str]
    day: date
    standings: Sequence[Standing] = ()

    @property
    def name(self) -> str:
        return self.member.name.open() if self.member.name is not None else ERASED

    @property
    def href(self) -> str:
        return reverse("providers:staff_member", args=[self.member.id])

    @property
    def facts(self) -> str:
        """“Café worker, volunteer”."""
        return f"{self.member.get_post_display()}, {self.member.get_kind_display().lower()}"

    @property
    def where(self) -> str:
        if not self.member.cafe_ids:
            return "Every café"
        return ", ".join(self.cafes.get(cafe_id, "A café that was closed") for cafe_id in self.member.cafe_ids)

    @property
    def term(self) -> str:
        since = nhs_date(self.member.since)
        return f"{since} to {nhs_date(self.member.until)}" if self.member.until else f"Since {since}"

    @property
    def has_left(self) -> bool:
        return self.member.until is not None and self.member.until < self.day

    @property
    def tags(self) -> list[dict[str, str]]:
        """What is over or soon is, in words and a colour."""
        found = []
        for standing in self.standings:
            label = standing.check.get_kind_display()
            if standing.is_over(self.day):
                found.append({"text": f"{label}: ended {nhs_date(standing.ends)}", "colour": "red"})
            elif standing.is_soon_over(self.day):
                found.append({"text": f"{label}: ends {nhs_date(standing.ends)}", "colour": "yellow"})
        return found or [{"text": "In date", "colour": "green"} if self.standings else _NOTHING]

    def summary(self, account: str) -> list[dict[str, str]]:
        member = self.member
        said = member.lived_experience.open() if member.lived_experience is not None else ""
        return [
            {"key": "What they do", "value": self.facts},
            {"key": "Cafés", "value": self.where},
            {"key": "On the register", "value": self.term},
            {"key": "Phone number", "value": member.phone.open() if member.phone is not None else ""},
            {"key": "Lived experience", "value": _SAID.get(said, "They have not said")},
            {"key": "Account", "value": account or "No account"},
        ]


_NOTHING = {"text": "Nothing written down", "colour": "grey"}


@dataclass(frozen=True, slots=True)
class CheckPresenter:
    check: StaffCheck
    day: date
    is_latest: bool

    @property
    def id(self) -> uuid.UUID:
        found: uuid.UUID = self.check.id
        return found

    @property
    def kind(self) -> str:
        return str(self.check.get_kind_display())

    @property
    def is_standing(self) -> bool:
        return self.check.withdrawn_at is None

    @property
    def facts(self) -> str:
        """“3 May 2026, until 2 May 2029”."""
        until = f", until {nhs_date(self.check.until)}" if self.check.until else ", does not run out"
        return f"{nhs_date(self.check.since)}{until}"

    @property
    def tag(self) -> dict[str, str]:
        if not self.is_standing:
            return {"text": "Taken back", "colour": "grey"}
        if not self.is_latest:
            return {"text": "Earlier", "colour": "grey"}
        standing = Standing(self.check)
        if standing.is_over(self.day):
            return {"text": "Ended", "colour": "red"}
        return {"text": "Ends soon", "colour": "yellow"} if standing.is_soon_over(self.day) else _IN_DATE


_IN_DATE = {"text": "In date", "colour": "green"}

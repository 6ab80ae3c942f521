"""What people may do, and what ending it comes to, in sentences."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.endings import EndReason
from accounts.permissions import permissions_of
from accounts.presenters.audit import who_of
from accounts.roles import HeldFor, Role
from accounts.selectors.people import names_of
from providers.selectors.access import HeldRole, Kind, PersonAccess
from sutg.audit.selectors import Event, events_about
from sutg.audit.wording import sentence_of
from sutg.nhsuk.formats import nhs_date, nhs_datetime

HISTORY = 100
ACCESS_EVENTS = (
    *("membership_granted", "membership_ended", "person_left", "person_left_everywhere"),
    *("appointed", "appointment_ended", "neighbourhood_lead_appointed", "neighbourhood_lead_ended"),
    *("person_created", "person_reopened", "factors_removed"),
)
OPENS_TABLETS = frozenset({Role.CAFE_WORKER, Role.CAFE_LEAD, Role.PROVIDER_MANAGER})
_END_NAMES = {Kind.MEMBERSHIP: "end_role", Kind.APPOINTMENT: "end_appointment", Kind.LEAD: "end_lead"}


@dataclass(frozen=True, slots=True)
class RolePresenter:
    """``cafes`` are the names of the provider's own; None where they are nobody's business."""

    held: HeldRole
    day: date
    cafes: Mapping[uuid.UUID, str] | None = None

    @property
    def title(self) -> str:
        """“Café lead, Belgrave Neighbourhood Café”."""
        return ", ".join(filter(None, [self.held.role.label, self.held.where, self._cafes]))

    @property
    def _cafes(self) -> str:
        if self.held.role not in {Role.CAFE_WORKER, Role.CAFE_LEAD} or self.cafes is None:
            return ""
        if not self.held.cafe_ids:
            return "every café"
        return ", ".join(self.cafes.get(cafe_id, "a café that is closed") for cafe_id in self.held.cafe_ids)

    @property
    def term(self) -> str:
        """“Since 1 April 2025, until further notice”."""
        held, last = self.held, self.held.last_day
        if held.stands_on(self.day):
            begins = "Since" if held.since <= self.day else "From"
            return f"{begins} {nhs_date(held.since)}, until {nhs_date(last) if last else 'further notice'}"
        if last is not None and last < held.since:
            return f"Was to begin on {nhs_date(held.since)}, and was ended before"
        return f"From {nhs_date(held.since)} to {nhs_date(last)}"

    @property
    def is_yet_to_begin(self) -> bool:
        return self.held.since > self.day

    @property
    def sentences(self) -> list[str]:
        return [permission.sentence for permission in permissions_of(self.held.role)]

    @property
    def end_href(self) -> str:
        """Where it is ended; a provider's role by the provider alone."""
        if self.held.kind is Kind.MEMBERSHIP and self.cafes is None:
            return ""
        return reverse(f"providers:{_END_NAMES[self.held.kind]}", args=[self.held.id])


@dataclass(frozen=True, slots=True)
class PersonPresenter:
    person: PersonAccess
    day: date
    cafes: Mapping[uuid.UUID, str] | None = None

    @property
    def name(self) -> str:
        return self.person.user.full_name

    @property
    def email(self) -> str:
        return self.person.user.email

    @property
    def href(self) -> str:
        if self.cafes is None:
            return reverse("providers:anybody", args=[self.person.user.id])
        return reverse("providers:person_access", args=[self.person.roles[0].id])

    @property
    def standing(self) -> list[RolePresenter]:
        return [RolePresenter(held, self.day, self.cafes) for held in self.person.standing(self.day)]

    @property
    def over(self) -> list[RolePresenter]:
        return [RolePresenter(held, self.day, self.cafes) for held in self.person.over(self.day)]


@dataclass(frozen=True, slots=True)
class HappenedPresenter:
    when: str
    what: str


def history_of(person: PersonAccess) -> list[HappenedPresenter]:
    """What was recorded of the person's access, the newest first. Two queries, or three."""
    roles = {held.id: held for held in person.roles}
    events = events_about([person.user.id, *roles], ACCESS_EVENTS, limit=HISTORY)
    names = names_of({actor for event in events for actor in (event.actor, event.on_behalf_of) if actor})
    return [HappenedPresenter(nhs_datetime(event.at), _happened(event, names, roles)) for event in events]


def _happened(event: Event, names: Mapping[str, str], roles: Mapping[uuid.UUID, HeldRole]) -> str:
    """“Meena Solanki ended a role of a person in an organisation: Café lead. They leave, or have left.”"""
    held = roles.get(event.object_id) if event.object_id else None
    role = f": {held.role.label.lower()}" if held else ""
    reason = str(event.detail.get("reason"))
    why = f" {EndReason(reason).label}." if reason in EndReason else ""
    return f"{who_of(event, names)} {sentence_of(event.name)}{role}.{why}"


def ending_sentences(person: PersonAccess, ending: RolePresenter, organisation: str) -> list[str]:
    """What ending this one role comes to."""
    name = person.user.full_name
    stay = [held for held in person.standing(ending.day) if held.id != ending.held.id]
    said = [f"{name} is no longer {_in_a_sentence(ending.title)}, from the moment you confirm."]
    if stay:
        titles = _listed(_in_a_sentence(RolePresenter(held, ending.day, ending.cafes).title) for held in stay)
        said.append(f"They stay {titles}, and what only the ended role let them do stops.")
    else:
        said.append(closed_pages(organisation))
    if ending.held.role in OPENS_TABLETS:
        said.append(TABLETS)
    return said


TABLETS = (
    "Their name and PIN go from the tablets that no other role of theirs opens, each as soon as it is online. "
    "What they have saved there is still sent."
)


def closed_pages(organisation: str) -> str:
    return (
        f"They are signed out of {organisation} everywhere: every page that they have open, on any device, is closed "
        "to them from their next click."
    )


def leaving_sentences(person: PersonAccess, day: date, organisation: str) -> list[str]:
    """What leaving the organisation comes to."""
    standing = person.standing(day)
    titles = _listed(_in_a_sentence(held.role.label) for held in standing)
    said = [f"{person.user.full_name} is no longer {titles}, from the moment you confirm.", closed_pages(organisation)]
    if any(held.role in OPENS_TABLETS for held in standing):
        said.append(TABLETS)
    said.append("If they are on the register of staff and volunteers, today is written down as their last day.")
    return said


def trust_ending_sentences(person: PersonAccess, ending: RolePresenter) -> list[str]:
    held, name = ending.held, person.user.full_name
    of = {HeldFor.TRUST: "the trust", HeldFor.PATHWAY: held.where, HeldFor.NEIGHBOURHOODS: "this neighbourhood"}
    return [
        f"{name} is no longer {_in_a_sentence(ending.title)}, from the moment you confirm.",
        f"Pages of {of[held.role.held_for]} that only this role opens are closed to them, at their next click.",
    ]


def everywhere_sentences(person: PersonAccess, day: date) -> list[str]:
    """What taking one person out of everything comes to."""
    titles = [_in_a_sentence(RolePresenter(held, day).title) for held in person.standing(day)]
    name = person.user.full_name
    opens_tablets = any(held.role in OPENS_TABLETS for held in person.standing(day))
    return [
        f"{name} is no longer {_listed(titles)}." if titles else f"{name} holds no role now.",
        "Their account is closed: they are signed out on every device and cannot sign in.",
        *([TABLETS] if opens_tablets else []),
        "Their second steps to sign in, their programs and open invitations to their address are gone.",
        "If an organisation is left without a manager, invite one for it.",
    ]


def _in_a_sentence(title: str) -> str:
    return title[:1].lower() + title[1:]


def _listed(words: Iterable[str]) -> str:
    found = list(words)
    return " and ".join(filter(None, [", ".join(found[:-1]), found[-1]])) if found else ""

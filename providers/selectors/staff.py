"""Who stands on the register, what was checked of them, and what runs out."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from providers.models import Membership, StaffCheck, StaffMember
from sutg.common.errors import NotFound

SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Standing:
    """The latest of one kind of check; every level of DBS check is one kind. ``ends``: null where it does not."""

    check: StaffCheck

    @property
    def ends(self) -> date | None:
        found: date | None = self.check.until
        return found

    def is_over(self, day: date) -> bool:
        return self.ends is not None and self.ends < day

    def is_soon_over(self, day: date) -> bool:
        return self.ends is not None and day <= self.ends <= day + SOON


def staff_on(day: date) -> list[StaffMember]:
    """Whoever is on the register on ``day`` or from a later day, by name. Under the provider's scope only."""
    return _by_name(StaffMember.objects.exclude(until__lt=day))


def staff_who_left(day: date) -> list[StaffMember]:
    """Leavers whose details are still kept, the latest first."""
    return list(StaffMember.objects.left_before(day).filter(name__isnull=False).order_by("-until", "id"))


def find_staff_member(staff_member_id: uuid.UUID) -> StaffMember:
    """The scope's person of this id; :class:`NotFound` when there is none."""
    found: StaffMember | None = StaffMember.objects.filter(id=staff_member_id).first()
    if found is None:
        raise NotFound
    return found


def checks_of(member: StaffMember) -> list[StaffCheck]:
    """Every check that stands or was taken back, by kind, the latest first."""
    return list(StaffCheck.objects.filter(provider_id=member.provider_id, staff_member_id=member.id))


def standings_of_staff(staff_member_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Standing]]:
    """For each person the latest check of each kind, what ends first in front. One query."""
    latest: dict[uuid.UUID, dict[str, StaffCheck]] = defaultdict(dict)
    rows = StaffCheck.objects.standing().filter(staff_member_id__in=list(staff_member_ids))
    for check in rows.order_by("since", "added_at", "id"):
        kind = "dbs" if check.kind in StaffCheck.DBS else check.kind
        before = latest[check.staff_member_id].get(kind)
        if before is None or (check.until or date.max) >= (before.until or date.max):
            latest[check.staff_member_id][kind] = check
    return {
        member_id: sorted((Standing(check) for check in kinds.values()), key=lambda one: one.ends or date.max)
        for member_id, kinds in latest.items()
    }


def count_pressing(day: date) -> tuple[int, int]:
    """How many checks of people who are here are over, and how many end within 60 days."""
    ids = StaffMember.objects.here_on(day).values_list("id", flat=True)
    standings = [one for mine in standings_of_staff(list(ids)).values() for one in mine]
    return sum(one.is_over(day) for one in standings), sum(one.is_soon_over(day) for one in standings)


def accounts_to_link(day: date) -> QuerySet[Membership]:
    """Who has an account and a role here on ``day``, by name; somebody with two roles comes twice."""
    found: QuerySet[Membership] = Membership.objects.held_on(day).select_related("user")
    return found.order_by("user__full_name", "user_id")


def _by_name(rows: QuerySet[StaffMember]) -> list[StaffMember]:
    return sorted(rows, key=lambda one: (one.name.open().casefold() if one.name is not None else "", one.id))

from __future__ import annotations

from typing import Any

from django.utils import timezone

from providers.models import Provider, StaffCheck, StaffMember
from tests.factories.scoped import TESTS, acting_for


def make_staff_member(*, provider: Provider, **fields: Any) -> StaffMember:
    values = {
        "name": "Joan Marsh",
        "kind": StaffMember.Kind.VOLUNTEER,
        "post": StaffMember.Post.HOST,
        "since": timezone.localdate(),
        "written_at": timezone.now(),
        "written_by": str(TESTS),
        **fields,
    }
    with acting_for(provider):
        return StaffMember.objects.create(provider=provider, **values)


def make_staff_check(*, provider: Provider, staff_member: StaffMember | None = None, **fields: Any) -> StaffCheck:
    member = staff_member or make_staff_member(provider=provider)
    values = {
        "kind": StaffCheck.Kind.DBS_ENHANCED,
        "since": timezone.localdate(),
        "added_at": timezone.now(),
        "added_by": str(TESTS),
        **fields,
    }
    with acting_for(provider):
        return StaffCheck.objects.create(provider=provider, staff_member_id=member.id, **values)

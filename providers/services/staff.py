"""The register of staff and volunteers: writing somebody down, changing it, their leaving, and their checks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from providers.cafe_names import cafe_names
from providers.models import Membership, Provider, StaffCheck, StaffMember
from sutg.audit.services import record
from sutg.common.errors import ChangedMeanwhile, DomainError, NotFound
from sutg.outbox.services import enqueue
from sutg.tenancy.scope import Actor

REMIND_OF_CHECK = "staff_check_ends"
# How many days before the last day the managers are told.
REMINDERS = (60, 30, 0)
TOLD_AT = time(8)


@dataclass(frozen=True, slots=True)
class Person:
    """What is written down of somebody. ``lived_experience``: “yes”, “no”, or empty where they did not say."""

    name: str
    kind: str
    post: str
    since: date
    phone: str = ""
    lived_experience: str = ""
    cafe_ids: tuple[uuid.UUID, ...] = ()
    user_id: uuid.UUID | None = None


@transaction.atomic
def add_staff_member(*, provider: Provider, person: Person, by: Actor, now: datetime) -> StaffMember:
    """Write somebody down, under the provider's scope.

    Refused for a café or an account that is not the provider's, and for an account that is linked to somebody already.
    """
    member = StaffMember(provider=provider)
    _write(member, person, by, now)
    record("staff_member_added", by=by, subject=member.id, provider_id=provider.id, kind=person.kind)
    return member


@transaction.atomic
def change_staff_member(
    *, staff_member_id: uuid.UUID, person: Person, seen: int, by: Actor, now: datetime
) -> StaffMember:
    """Change what is written down. :class:`ChangedMeanwhile` when ``seen`` is not the version that holds."""
    member = _lock(staff_member_id)
    _refuse_erased(member)
    if member.version != seen:
        raise ChangedMeanwhile
    if member.until is not None and member.until < person.since:
        raise DomainError("The first day must not be after the last.", field="since")
    member.version += 1
    _write(member, person, by, now)
    record("staff_member_changed", by=by, subject=member.id, provider_id=member.provider_id)
    return member


@transaction.atomic
def record_leaving(*, staff_member_id: uuid.UUID, until: date, by: Actor, now: datetime) -> StaffMember:
    """Say which day is or was somebody's last. Their account, where they have one, is ended where roles are given.

    Refused for a day before the first, and for somebody who has left.
    """
    member = _lock(staff_member_id)
    if member.until is not None:
        raise DomainError("Their last day is written down already.", field="until")
    if until < member.since:
        raise DomainError("The last day must not be before the first.", field="until")
    member.until, member.version = until, member.version + 1
    member.written_at, member.written_by = now, str(by)
    member.save(update_fields=["until", "version", "written_at", "written_by"])
    record("staff_member_left", by=by, subject=member.id, provider_id=member.provider_id)
    return member


@transaction.atomic
def add_staff_check(
    *, staff_member_id: uuid.UUID, kind: str, since: date, until: date | None, by: Actor, now: datetime
) -> StaffCheck:
    """Write down a check or training, and have its end told in time. Refused for a day ahead, and a second time."""
    member = _lock(staff_member_id)
    _refuse_erased(member)
    if since > timezone.localdate(now):
        raise DomainError("The day must be today or in the past.", field="since")
    if until is not None and until < since:
        raise DomainError("The last day must not be before the first.", field="until")
    try:
        with transaction.atomic():
            check: StaffCheck = StaffCheck.objects.create(
                provider_id=member.provider_id,
                staff_member_id=member.id,
                kind=kind,
                since=since,
                until=until,
                added_at=now,
                added_by=str(by),
            )
    except IntegrityError as error:
        if "providers_staffcheck_once" not in str(error):
            raise
        raise DomainError("This is written down already.", field="kind") from error
    record("staff_check_added", by=by, subject=member.id, provider_id=member.provider_id, kind=kind)
    _have_its_end_told(check, by, now)
    return check


@transaction.atomic
def withdraw_staff_check(*, staff_check_id: uuid.UUID, by: Actor, now: datetime) -> StaffCheck:
    """Take back what was written down by mistake. Refused a second time."""
    check: StaffCheck | None = StaffCheck.objects.select_for_update().filter(id=staff_check_id).first()
    if check is None:
        raise NotFound
    if check.withdrawn_at is not None:
        raise DomainError("This was taken back already.")
    check.withdrawn_at, check.withdrawn_by = now, str(by)
    check.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(
        "staff_check_withdrawn", by=by, subject=check.staff_member_id, provider_id=check.provider_id, kind=check.kind
    )
    return check


def _write(member: StaffMember, person: Person, by: Actor, now: datetime) -> None:
    if not set(person.cafe_ids) <= set(cafe_names()):
        raise NotFound
    # Whoever has left an organisation may still be linked: the link says who it was.
    if person.user_id not in (None, member.user_id) and not Membership.objects.filter(user_id=person.user_id).exists():
        raise NotFound
    member.name, member.phone = person.name, person.phone or None
    member.lived_experience = person.lived_experience or None
    member.kind, member.post, member.since = person.kind, person.post, person.since
    member.cafe_ids, member.user_id = sorted(person.cafe_ids), person.user_id
    member.written_at, member.written_by = now, str(by)
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError as error:
        if "providers_staffmember_user" not in str(error):
            raise
        reason = "This account is linked to somebody on the register already."
        raise DomainError(reason, field="account") from error


def _have_its_end_told(check: StaffCheck, by: Actor, now: datetime) -> None:
    """One message for each day on which it is told, unless that is past: the start page says so from the first day."""
    if check.until is None:
        return
    for days in REMINDERS:
        on = timezone.make_aware(datetime.combine(check.until - timedelta(days=days), TOLD_AT))
        if on > now:
            enqueue(
                provider_id=check.provider_id,
                kind=REMIND_OF_CHECK,
                subject=check.id,
                by=by,
                not_before=on,
                message_id=uuid.uuid5(check.id, f"ends in {days}"),
                days=days,
            )


def _refuse_erased(member: StaffMember) -> None:
    if member.name is None:
        raise DomainError("What was written down of this person was erased.")


def _lock(staff_member_id: uuid.UUID) -> StaffMember:
    member: StaffMember | None = StaffMember.objects.select_for_update().filter(id=staff_member_id).first()
    if member is None:
        raise NotFound
    return member

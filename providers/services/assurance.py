"""Writing down insurance and policies, and having their end told in time."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from providers.models import Insurance, Policy, Provider
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.outbox.services import enqueue
from sutg.tenancy.scope import Actor

REMIND = "assurance_ends"
# How many days before the last day its managers are told.
REMINDERS = (60, 30, 0)
TOLD_AT = time(8)

AnyAssurance = Insurance | Policy
Kind = type[Insurance] | type[Policy]


@transaction.atomic
def add_insurance(
    *,
    provider: Provider,
    kind: str,
    insurer: str,
    policy_number: str,
    cover: int,
    since: date,
    until: date,
    by: Actor,
    now: datetime,
) -> Insurance:
    """Write down an insurance for one term, under the provider's scope. A renewal is one more.

    Refused when the dates are the wrong way round, or it is written down already.
    """
    facts = {"kind": kind, "insurer": insurer, "policy_number": policy_number, "cover": cover}
    if cover <= 0:
        raise DomainError("The cover must be more than £0.", field="cover")
    insurance: Insurance = _add(Insurance, provider, since, until, by, now, "policy_number", **facts)
    return insurance


@transaction.atomic
def add_policy(*, provider: Provider, kind: str, since: date, until: date, by: Actor, now: datetime) -> Policy:
    """Write down that a policy was approved on ``since`` and is to be reviewed by ``until``.

    Refused for an approval that lies ahead, for dates the wrong way round, and when it is written down already.
    """
    if since > timezone.localdate(now):
        raise DomainError("The day of approval must be today or in the past.", field="since")
    policy: Policy = _add(Policy, provider, since, until, by, now, "since", kind=kind)
    return policy


@transaction.atomic
def withdraw_assurance(*, kind: Kind, assurance_id: uuid.UUID, by: Actor, now: datetime) -> AnyAssurance:
    """Take back what was written down by mistake. It stays in the history. Refused a second time."""
    found: AnyAssurance | None = kind.objects.select_for_update().filter(id=assurance_id).first()
    if found is None:
        raise NotFound
    if found.withdrawn_at is not None:
        raise DomainError("This was taken back already.")
    found.withdrawn_at, found.withdrawn_by = now, str(by)
    found.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(f"{_code(kind)}_withdrawn", by=by, subject=found.id, provider_id=found.provider_id, kind=found.kind)
    return found


def _add(
    model: Kind,
    provider: Provider,
    since: date,
    until: date,
    by: Actor,
    now: datetime,
    once: str,
    **facts: Any,
) -> Any:
    if until < since:
        raise DomainError("The last day must not be before the first.", field="until")
    try:
        with transaction.atomic():
            row = model.objects.create(
                provider=provider, since=since, until=until, added_at=now, added_by=str(by), **facts
            )
    except IntegrityError as error:
        if f"providers_{_code(model)}_once" not in str(error):
            raise
        raise DomainError("This is written down already.", field=once) from error
    record(f"{_code(model)}_added", by=by, subject=row.id, provider_id=provider.id, kind=row.kind)
    _have_its_end_told(row, by, now)
    return row


def _have_its_end_told(row: AnyAssurance, by: Actor, now: datetime) -> None:
    """One message for each day on which it is told, unless that is past: the start page says so from the first day."""
    for days in REMINDERS:
        on = timezone.make_aware(datetime.combine(row.until - timedelta(days=days), TOLD_AT))
        if on > now:
            enqueue(
                provider_id=row.provider_id,
                kind=REMIND,
                subject=row.id,
                by=by,
                not_before=on,
                message_id=uuid.uuid5(row.id, f"ends in {days}"),
                of=_code(type(row)),
                days=days,
            )


def _code(model: Kind) -> str:
    return "insurance" if model is Insurance else "policy"

"""Keeping the directory of community services: the trust's for everybody, and each provider's own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from cafes.models import OwnService, SharedService
from sutg.audit.services import record
from sutg.common.errors import ChangedMeanwhile, DomainError, NotFound
from sutg.tenancy.scope import Actor

Service = OwnService | SharedService


@dataclass(frozen=True, slots=True)
class Facts:
    """What the directory says of a service; see :class:`cafes.models.community_service.ServiceFacts`."""

    name: str
    kind: str
    what_for: str
    phone: str = ""
    website: str = ""
    address: str = ""
    when_open: str = ""
    place_codes: tuple[str, ...] = ()

    def as_values(self) -> dict[str, Any]:
        return {**asdict(self), "place_codes": list(self.place_codes)}


def add_service(*, provider_id: uuid.UUID | None, facts: Facts, today: date, by: Actor) -> Service:
    """Add a service to a provider's directory, or for None to the trust's. Refused without a way to reach it."""
    _refuse_unreachable(facts)
    values = {**facts.as_values(), "checked_on": today, "checked_by": str(by)}
    with _unique_name(), transaction.atomic():
        if provider_id is None:
            service: Service = SharedService.objects.create(**values)
        else:
            service = OwnService.objects.create(provider_id=provider_id, **values)
        record("community_service_added", by=by, subject=service.id, provider_id=provider_id, kind=service.kind)
    return service


def edit_service(
    *, provider_id: uuid.UUID | None, service_id: uuid.UUID, facts: Facts, version: int, today: date, by: Actor
) -> Service:
    """Put ``facts`` in the place of what is there; whoever edits has checked them.

    :class:`ChangedMeanwhile` when it is no longer at ``version``, :class:`NotFound` when it is not in that directory.
    """
    _refuse_unreachable(facts)
    with _unique_name(), transaction.atomic():
        service = _lock(provider_id, service_id)
        if service.version != version:
            raise ChangedMeanwhile
        for name, value in facts.as_values().items():
            setattr(service, name, value)
        return _save(service, provider_id, "community_service_edited", today, by)


@transaction.atomic
def confirm_service(*, provider_id: uuid.UUID | None, service_id: uuid.UUID, today: date, by: Actor) -> Service:
    """Say that everything the directory says of a service still holds."""
    return _save(_lock(provider_id, service_id), provider_id, "community_service_checked", today, by)


@transaction.atomic
def end_service(*, provider_id: uuid.UUID | None, service_id: uuid.UUID, today: date, by: Actor) -> Service:
    """Take a service out of the directory. What was recorded of it stays."""
    service = _lock(provider_id, service_id)
    service.ended_on = today
    return _save(service, provider_id, "community_service_ended", today, by)


def _lock(provider_id: uuid.UUID | None, service_id: uuid.UUID) -> Service:
    rows: Any = SharedService.objects if provider_id is None else OwnService.objects
    service: Service | None = rows.current().select_for_update().filter(id=service_id).first()
    if service is None:
        raise NotFound
    return service


def _save(service: Service, provider_id: uuid.UUID | None, event: str, today: date, by: Actor) -> Service:
    service.checked_on, service.checked_by = today, str(by)
    service.version += 1
    service.save()
    record(event, by=by, subject=service.id, provider_id=provider_id)
    return service


def _refuse_unreachable(facts: Facts) -> None:
    if not (facts.phone or facts.website or facts.address):
        raise DomainError("Enter a telephone number, a website or an address: people must be able to get there.")


@contextmanager
def _unique_name() -> Iterator[None]:
    """Two people adding one name at once: the database decides, and the second is told."""
    try:
        yield
    except IntegrityError as error:
        if "service_name" not in str(error):
            raise
        raise DomainError("The directory has a service of this name.", field="name") from error

"""Proposing a café, and what is said of it: name, whom it is for, access, languages, contacts."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction

from cafes.languages import languages
from cafes.models import Cafe, CafeName, CafeStatus
from cafes.selectors.cafes import lock_cafe
from cafes.services.planning import plan_sessions
from providers.models import LocalAuthority, Neighbourhood, Provider
from sutg.audit.services import record
from sutg.common.errors import DomainError
from sutg.common.ids import new_id
from sutg.tenancy.scope import Actor


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of a café beside its name. ``languages`` are codes of cafes/facts/language.csv."""

    for_whom: str = ""
    features: Sequence[str] = ()
    access_notes: str = ""
    languages: Sequence[str] = ()
    phone: str = ""
    email: str = ""
    website: str = ""
    bank_holidays: str = Cafe.BankHolidays.CLOSED


class ChangedMeanwhile(DomainError):
    """Somebody else changed the same facts since they were shown."""


@transaction.atomic
def propose_cafe(
    *,
    provider: Provider,
    name: str,
    neighbourhood: Neighbourhood,
    local_authority: LocalAuthority,
    since: date,
    by: Actor,
) -> Cafe:
    """Add a café that is proposed since a day, under its provider's scope. The trust decides what becomes of it.

    Refused when the name is taken, or the local authority has no part in the neighbourhood.
    """
    _refuse_taken(name)
    if not neighbourhood.local_authorities.filter(code=local_authority.code).exists():
        raise DomainError(f"{local_authority.name} has no part in {neighbourhood.name}.", field="local_authority")
    with _refusing_taken():
        cafe = Cafe.objects.create(
            provider=provider, name=name, neighbourhood=neighbourhood, local_authority=local_authority
        )
    CafeStatus.objects.create(
        provider=provider, cafe_id=cafe.id, state=CafeStatus.State.PROPOSED, since=since, moved_by=str(by)
    )
    record("cafe_proposed", by=by, subject=cafe.id, provider_id=provider.id)
    return cafe


@transaction.atomic
def change_facts(*, cafe: Cafe, facts: Facts, seen: uuid.UUID, today: date, by: Actor) -> Cafe:
    """Write what is said of ``cafe``; ``seen`` is the version that the person was shown.

    Refused with :class:`ChangedMeanwhile` when somebody else was faster, and for a language or feature not listed.
    """
    cafe = lock_cafe(cafe.id)
    if cafe.version != seen:
        raise ChangedMeanwhile("Somebody else changed this café while you were writing. Check what is different.")
    if unknown := set(facts.languages) - languages().keys():
        raise DomainError(f"There is no language with the code {sorted(unknown)[0]}.", field="languages")
    if set(facts.features) - set(Cafe.Feature.values):
        raise DomainError("Choose what helps people come in from the list.", field="features")
    changed = [name for name in Facts.__slots__ if _plain(getattr(cafe, name)) != _plain(getattr(facts, name))]
    for name in changed:
        value = getattr(facts, name)
        setattr(cafe, name, value if isinstance(value, str) else list(value))
    cafe.version = new_id()
    cafe.save(update_fields=[*changed, "version"])
    if "bank_holidays" in changed:
        plan_sessions(cafe=cafe, today=today, by=by)
    record("cafe_changed", by=by, subject=cafe.id, provider_id=cafe.provider_id, fields=" ".join(changed))
    return cafe


def _plain(value: object) -> object:
    return value if isinstance(value, str) else list(value)  # type: ignore[call-overload]


@transaction.atomic
def rename_cafe(*, cafe: Cafe, name: str, since: date, today: date, by: Actor) -> Cafe:
    """Call ``cafe`` by the name that its community chose, from ``since``, at latest today, on; the earlier is kept."""
    cafe = lock_cafe(cafe.id)
    if name == cafe.name:
        raise DomainError("The café has this name.", field="name")
    if name.casefold() != cafe.name.casefold():
        _refuse_taken(name)
    if since > today:
        raise DomainError("The day must be today or in the past: a name is changed when it is used.", field="since")
    latest = CafeName.objects.filter(cafe_id=cafe.id).first()
    first: date | None
    if latest is not None:
        first = latest.until + timedelta(days=1)
    else:
        first = CafeStatus.objects.standing().filter(cafe_id=cafe.id).values_list("since", flat=True).first()
    if first is not None and since <= first:
        raise DomainError(f"The name before was chosen on {first.day} {first:%B %Y}. Enter a later day.", field="since")
    CafeName.objects.create(
        provider_id=cafe.provider_id, cafe_id=cafe.id, name=cafe.name, since=first, until=since - timedelta(days=1)
    )
    cafe.name, cafe.version = name, new_id()
    with _refusing_taken():
        cafe.save(update_fields=["name", "version"])
    record("cafe_renamed", by=by, subject=cafe.id, provider_id=cafe.provider_id)
    return cafe


def _refuse_taken(name: str) -> None:
    if Cafe.objects.filter(name__iexact=name).exists():
        raise _taken()


@contextmanager
def _refusing_taken() -> Iterator[None]:
    """The database has the last word: two may take a name at the same moment."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "cafes_cafe_name" not in str(error):
            raise
        raise _taken() from error


def _taken() -> DomainError:
    return DomainError("You have a café of this name.", field="name")

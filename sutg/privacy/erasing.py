"""Erasing what is past its period, provider by provider and batch by batch; and saying beforehand what that would be.

Each batch is a transaction that also holds its event, so that a run that is killed has erased exactly what is on
record, and the next goes on: what is due is read from the rows themselves.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import transaction

from sutg.audit.services import record
from sutg.common.catalogue import Retention
from sutg.privacy.models import RetentionForecast, RetentionHold
from sutg.privacy.retention import Rule, by_id, cutoff_of, due, empty_values, measure, months_in_force, rules
from sutg.tenancy import scope as scopes
from sutg.tenancy.erasing import erasing
from sutg.tenancy.scope import Actor, Scope

BATCH: Final = 500
# A shorter period applies so much later, and a forecast looks so far ahead: nobody is surprised by what is gone.
NOTICE: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Finding:
    """Rows of one kind at one provider: how many are due or were erased, and from when the oldest is."""

    provider_id: uuid.UUID
    retention: Retention
    kind: str
    rows: int
    oldest: date | None = None


@dataclass(frozen=True, slots=True)
class Holds:
    """What is held on a day: whole providers, and single records of others."""

    providers: frozenset[uuid.UUID]
    records: frozenset[uuid.UUID]

    @classmethod
    def on(cls, day: date, by: Actor) -> Holds:
        with scopes.enter(Scope.trust(by)), transaction.atomic():
            standing = list(RetentionHold.objects.standing(day).values_list("organisation_id", "record_id"))
        return cls(
            frozenset(provider for provider, record_id in standing if record_id is None),
            frozenset(record_id for _, record_id in standing if record_id is not None),
        )


def plan(*, today: date, by: Actor) -> list[Finding]:
    """What a run on ``today`` would erase. Changes nothing."""
    return [
        Finding(provider_id, rule.retention, rule.kind, rows, oldest)
        for provider_id, rule, cutoff, held in _work(today, by)
        for rows, oldest in [_measure(provider_id, rule, cutoff, held, by)]
        if rows
    ]


def apply(*, today: date, by: Actor) -> list[Finding]:
    """Erase what is due on ``today``. May be stopped and started again at any time, and run by two at once."""
    return [
        Finding(provider_id, rule.retention, rule.kind, rows)
        for provider_id, rule, cutoff, held in _work(today, by)
        for rows in [_erase(provider_id, rule, cutoff, held, by)]
        if rows
    ]


def forecast(*, today: date, by: Actor) -> list[Finding]:
    """Keep what will be due when the notice is over, for information governance to read."""
    as_of = today + NOTICE
    found = plan(today=as_of, by=by)
    with scopes.enter(Scope.trust(by)), transaction.atomic():
        RetentionForecast.objects.all().delete()
        RetentionForecast.objects.bulk_create(
            RetentionForecast(
                organisation_id=finding.provider_id,
                retention=finding.retention.code,
                kind=finding.kind,
                due=finding.rows,
                oldest=finding.oldest or as_of,
                as_of=as_of,
            )
            for finding in found
        )
    return found


def _work(today: date, by: Actor) -> Iterator[tuple[uuid.UUID, Rule, date, Collection[uuid.UUID]]]:
    holds = Holds.on(today, by)
    with scopes.enter(Scope.trust(by)), transaction.atomic():
        months = months_in_force(today)
        providers = list(_providers())
    for provider_id in providers:
        if provider_id not in holds.providers:
            for rule in rules():
                yield provider_id, rule, cutoff_of(months[rule.retention], today), holds.records


def _providers() -> Any:
    return apps.get_model(settings.TENANT_MODEL)._default_manager.order_by("pk").values_list("pk", flat=True)


def _measure(
    provider_id: uuid.UUID, rule: Rule, cutoff: date, held: Collection[uuid.UUID], by: Actor
) -> tuple[int, date | None]:
    with scopes.enter(Scope.provider(by, provider_id)), transaction.atomic():
        return measure(rule, cutoff, held)


def _erase(provider_id: uuid.UUID, rule: Rule, cutoff: date, held: Collection[uuid.UUID], by: Actor) -> int:
    total = 0
    with scopes.enter(Scope.provider(by, provider_id)):
        while True:
            with transaction.atomic():
                rows, is_last = (_delete if rule.deletes else _clear)(rule, cutoff, held)
                if rows:
                    record(
                        "retention.erased",
                        by=by,
                        provider_id=provider_id,
                        retention=rule.retention.code,
                        kind=rule.kind,
                        rows=rows,
                        before=cutoff.isoformat(),
                    )
            total += rows
            if is_last:
                return total


def _delete(rule: Rule, cutoff: date, held: Collection[uuid.UUID]) -> tuple[int, bool]:
    """Of two runs at once the second waits for the first's rows, and then finds fewer: each row is counted once."""
    ids = list(by_id(due(rule, cutoff, held)).values_list("id", flat=True)[:BATCH])
    if not ids:
        return 0, True
    rows = rule.model.objects.filter(id__in=ids)
    with erasing():
        deleted = rows._raw_delete(rows.db)
    return int(deleted), len(ids) < BATCH


def _clear(rule: Rule, cutoff: date, held: Collection[uuid.UUID]) -> tuple[int, bool]:
    """Of two runs at once the second waits for the first's rows, and then finds them cleared."""
    batch = list(by_id(due(rule, cutoff, held)).select_for_update(of=("self",))[:BATCH])
    empty = empty_values(rule)
    for row in batch:
        for name, value in empty.items():
            setattr(row, name, value)
        for name, recode in rule.erasure.recode.items():
            kept = [word if word in recode.known else recode.other for word in getattr(row, name)]
            setattr(row, name, list(dict.fromkeys(kept)))
    if batch:
        rule.model.objects.bulk_update(batch, [*empty, *rule.erasure.recode])
    return len(batch), len(batch) < BATCH

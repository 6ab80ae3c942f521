"""Which rows are past the period of their class, and for how long classes are kept.

What a model declares in ``catalogue`` is read here; nothing here knows a model by name.
"""

from __future__ import annotations

import calendar
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from sutg.common.catalogue import Catalogue, Erasure, Retention, erasure_of
from sutg.privacy.models import RetentionPeriod
from sutg.tenancy.catalogue import tenant_models
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantModel

# Until information governance sets others. Months: names are of use while somebody comes, evidence for ten years.
USUAL_MONTHS: Final[Mapping[Retention, int]] = {
    Retention.VISIT: 96,
    Retention.NAMED: 24,
    Retention.INCIDENT: 120,
    Retention.RETURN: 24,
    Retention.STAFF: 72,
    Retention.ORGANISATION: 72,
    Retention.REFERRAL: 240,
    Retention.GRANT: 84,
    Retention.AUDIT: 96,
}
BY_CODE: Final = {retention.code: retention for retention in Retention}


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of record that is erased by age."""

    model: type[TenantModel]
    retention: Retention
    erasure: Erasure

    @property
    def kind(self) -> str:
        return str(self.model._meta.label)

    @property
    def deletes(self) -> bool:
        return not self.erasure.clear


def rules() -> list[Rule]:
    """Every kind of record that is erased by age; what refers to others comes before them."""
    return list(_rules())


def _rules() -> Iterator[Rule]:
    for model in reversed(tenant_models()):
        catalogue: Any = model.__dict__.get("catalogue")
        erasure = erasure_of(catalogue) if isinstance(catalogue, Catalogue) else None
        if isinstance(erasure, Erasure):
            yield Rule(model, catalogue.retention, erasure)


def months_in_force(day: date) -> dict[Retention, int]:
    """For how many months each class is kept on ``day``."""
    months = dict(USUAL_MONTHS)
    for period in RetentionPeriod.objects.filter(applies_from__lte=day).order_by("applies_from", "set_at", "id"):
        months[BY_CODE[period.retention]] = period.months
    return months


def cutoff_of(months: int, day: date) -> date:
    """What lies before this day is past a period of so many months on ``day``; the day itself is kept still."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def due(rule: Rule, cutoff: date, held: Collection[uuid.UUID]) -> QuerySet[TenantModel]:
    """Rows of the scope's provider whose period is over, which nothing recent uses, nobody holds and are not erased."""
    since, erasure = _edge(rule, cutoff), rule.erasure
    rows = rule.model.objects.filter(**{f"{erasure.since}__lt": since})
    if erasure.in_use is not None:
        using = apps.get_model(erasure.in_use.model)._default_manager.filter(
            **{erasure.in_use.key: OuterRef(erasure.in_use.key), f"{erasure.in_use.day}__gte": cutoff}
        )
        rows = rows.exclude(Exists(using))
    if held:
        rows = rows.exclude(_held(rule, held))
    if erasure.clear:
        rows = rows.filter(_not_erased(rule))
    return rows


def measure(rule: Rule, cutoff: date, held: Collection[uuid.UUID]) -> tuple[int, date | None]:
    """How many rows are due, and from when the oldest is."""
    found = due(rule, cutoff, held).order_by().aggregate(rows=Count("id"), oldest=Min(rule.erasure.since))
    oldest = found["oldest"]
    return found["rows"], timezone.localtime(oldest).date() if isinstance(oldest, datetime) else oldest


def _edge(rule: Rule, cutoff: date) -> date | datetime:
    if isinstance(_field_at(rule.model, rule.erasure.since), models.DateTimeField):
        return timezone.make_aware(datetime.combine(cutoff, time.min))
    return cutoff


def _field_at(model: type[models.Model], path: str) -> models.Field[Any, Any]:
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model  # type: ignore[assignment]
    field: Any = model._meta.get_field(name)
    return field  # type: ignore[no-any-return]


def _held(rule: Rule, held: Collection[uuid.UUID]) -> Q:
    """The row itself, whatever it hangs on, and what the model names besides."""
    keys = [field.column_name for field in rule.model._meta.local_fields if isinstance(field, TenantForeignKey)]
    condition = Q(id__in=held)
    for path in [*keys, *rule.erasure.held_by.split()]:
        condition |= Q(**{f"{path}__in": held})
    return condition


def _not_erased(rule: Rule) -> Q:
    condition = Q()
    for name, empty in empty_values(rule).items():
        condition |= Q(**{f"{name}__isnull": False}) if empty is None else ~Q(**{name: empty})
    for name, recode in rule.erasure.recode.items():
        condition |= ~Q(**{f"{name}__contained_by": sorted(recode.known | {recode.other})})
    return condition


def empty_values(rule: Rule) -> dict[str, Any]:
    """Field → what it holds once it is erased."""
    return {name: _empty(rule.model._meta.get_field(name)) for name in rule.erasure.clear.split()}


def _empty(field: Any) -> Any:
    if field.null:
        return None
    if isinstance(field, ArrayField):
        return []
    if isinstance(field, models.JSONField):
        return {}
    return ""


def by_id(rows: QuerySet[TenantModel]) -> QuerySet[TenantModel]:
    return rows.order_by(F("id"))

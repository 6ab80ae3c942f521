"""Ready rows for the page of what is held of people, why, and for how long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.urls import reverse

from sutg.common.catalogue import Catalogue, Erasure, Kept, Retention, erasure_of
from sutg.nhsuk.formats import nhs_date
from sutg.privacy.models import RetentionForecast, RetentionHold, RetentionPeriod

_KEPT_WHOLE = "Kept: "


def in_words(months: int) -> str:
    """“8 years”, “18 months”, “1 month”."""
    number, unit = (months // 12, "year") if months % 12 == 0 else (months, "month")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


@dataclass
class ClassPresenter:
    """One class of records: how long it is kept, what belongs to it and what becomes of it."""

    retention: Retention
    months: int
    coming: RetentionPeriod | None = None
    rows: list[list[Any]] = field(default_factory=list)
    due: int = 0
    erases: bool = False

    @property
    def period(self) -> str:
        return in_words(self.months) if self.erases else "Not erased by age"

    @property
    def change_href(self) -> str:
        return reverse("accounts:retention_period", args=[self.retention.code])

    @property
    def announced(self) -> str:
        if self.coming is None:
            return ""
        return f"{in_words(self.coming.months)} from {nhs_date(self.coming.applies_from)}"


def classes_of(
    months: Mapping[Retention, int], coming: Iterable[RetentionPeriod], forecasts: Iterable[RetentionForecast]
) -> list[ClassPresenter]:
    """Each class that something belongs to, with every personal field of it."""
    found: defaultdict[Retention, list[list[Any]]] = defaultdict(list)
    erasing: set[Retention] = set()
    for model in apps.get_models():
        catalogue = model.__dict__.get("catalogue")
        if isinstance(catalogue, Catalogue):
            after = erasure_of(catalogue)
            if isinstance(after, Erasure):
                erasing.add(catalogue.retention)
            found[catalogue.retention] += _rows(str(model._meta.verbose_name), catalogue, after)
    announced = {period.retention: period for period in coming}
    due: defaultdict[str, int] = defaultdict(int)
    for forecast in forecasts:
        due[forecast.retention] += forecast.due
    return [
        ClassPresenter(
            retention,
            months[retention],
            announced.get(retention.code),
            sorted(found[retention]),
            due[retention.code],
            retention in erasing,
        )
        for retention in Retention
        if retention in found
    ]


def _rows(name: str, catalogue: Catalogue, after: Erasure | Kept | None) -> list[list[Any]]:
    title = name[:1].upper() + name[1:]
    return [
        [title, ", ".join(names.split()).replace("_", " "), why, _fate(names.split(), after)]
        for names, why in catalogue.personal.items()
    ]


def _fate(names: list[str], after: Erasure | Kept | None) -> str:
    if not isinstance(after, Erasure):
        return _KEPT_WHOLE + after.reason if isinstance(after, Kept) else "Not decided"
    if not after.clear:
        return "Deleted"
    gone = set(after.clear.split())
    if gone.issuperset(names):
        return "Emptied"
    kept = [name.replace("_", " ") for name in names if name not in gone]
    words = ", in known words" if set(after.recode) & set(kept) else ""
    return (
        f"{_KEPT_WHOLE}{', '.join(kept)}{words}, to be counted; the rest is emptied"
        if set(names) & gone
        else (f"{_KEPT_WHOLE}counted, and names nobody")
    )


def forecast_rows(forecasts: Iterable[RetentionForecast]) -> list[list[Any]]:
    """Class, organisation, kind of record, how many and from when the oldest is."""
    labels = {retention.code: retention.label for retention in Retention}
    return [
        [
            forecast.organisation.name,
            labels.get(forecast.retention, forecast.retention),
            str(apps.get_model(forecast.kind)._meta.verbose_name).capitalize(),
            forecast.due,
            nhs_date(forecast.oldest),
        ]
        for forecast in forecasts
    ]


@dataclass(frozen=True, slots=True)
class HoldPresenter:
    """One hold in the list."""

    hold: RetentionHold
    names: Mapping[str, str]
    today: date

    @property
    def what(self) -> str:
        return "One record" if self.hold.record_id else "Everything"

    @property
    def until(self) -> str:
        return f"until {nhs_date(self.hold.until)}" if self.hold.until else "until it is released"

    @property
    def placed(self) -> str:
        return f"{self.names.get(self.hold.placed_by, 'the service')}, {nhs_date(self.hold.placed_at)}"

"""The coverage page, and the same table as a file. A what-if lives in the address and is stored nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.web import PersonRequest, requires
from reports.forms import WhatIfForm
from reports.measures import VISITS
from reports.permissions import SEE_COVERAGE
from reports.presenters.coverage import NOTES, Row, gaps_table, growth_table, lines_of, rows_of, summary_of
from reports.presenters.what_if import METHOD, Change, what_if_of
from reports.selectors.activity import periods_with_figures, read_activity
from reports.selectors.areas import Level, visible_areas
from reports.selectors.coverage import Coverage, read_coverage
from reports.viewers import Viewer, viewer_of
from sutg.common.errors import NotFound
from sutg.common.periods import Period, PeriodKind
from sutg.tenancy import scope as scopes


@dataclass(frozen=True, slots=True)
class _Known:
    coverage: Coverage
    rows: list[Row]
    period: Period | None


@require_GET
@requires(SEE_COVERAGE)
def show_coverage(request: PersonRequest) -> HttpResponse:
    viewer, today = viewer_of(request.principal), timezone.localdate()
    with scopes.enter(viewer.scope):
        known = _read(viewer, today)
        form = _form(request, known.rows)
        tables = [gaps_table(known.rows, known.period), growth_table(known.coverage, today)] if known.rows else []
        page: dict[str, Any] = {
            "form": form,
            "tables": [table for table in tables if table],
            "summary": summary_of(known.rows),
            "what_if": _what_if(form, known.rows),
            "method": METHOD,
            "notes": NOTES,
            "download_href": reverse("reports:download_coverage"),
        }
        return render(request, "reports/coverage.jinja", page)


@require_GET
@requires(SEE_COVERAGE)
def download_coverage(request: PersonRequest) -> HttpResponse:
    viewer = viewer_of(request.principal)
    with scopes.enter(viewer.scope):
        known = _read(viewer, timezone.localdate())
    response = HttpResponse(b"".join(lines_of(known.rows, known.period)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="coverage.csv"'
    return response


def _read(viewer: Viewer, today: date) -> _Known:
    coverage = read_coverage(viewer)
    period = _year(periods_with_figures(viewer), today)
    areas = [area for area in visible_areas(viewer) if area.level is Level.NEIGHBOURHOOD]
    activity = read_activity(viewer, [period], areas, [VISITS]) if period else None
    rows = rows_of(coverage, today, period, activity, {area.code: area for area in areas})
    return _Known(coverage, rows, period)


def _year(periods: list[Period], today: date) -> Period | None:
    """The latest financial year that is over, so that a year's visits are compared; else the one that runs."""
    years = [period for period in periods if period.kind is PeriodKind.YEAR]
    over = [year for year in years if year.end < today]
    return max(over or years, default=None)


def _form(request: PersonRequest, rows: list[Row]) -> WhatIfForm:
    asked = request.GET if "where" in request.GET else None
    names = {row.ground.code: row.ground.name for row in sorted(rows, key=lambda row: row.ground.name)}
    code = request.GET.get("where")
    if code and code not in names:
        # A neighbourhood that does not exist, and one that is somebody else's, are told apart by nobody.
        raise NotFound
    without_cafe = {row.ground.code for row in rows if not row.opening.cafes}
    return WhatIfForm(asked, names=names, without_cafe=without_cafe)


def _what_if(form: WhatIfForm, rows: list[Row]) -> Any:
    if not form.is_bound or not form.is_valid():
        return None
    chosen = form.cleaned_data
    return what_if_of(rows, Change(chosen["where"], chosen["hours"], chosen["add"] == WhatIfForm.CAFE))

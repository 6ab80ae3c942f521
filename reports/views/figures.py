"""The figures page, and the same figures as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.web import PersonRequest, requires
from reports.forms import FiguresFilter
from reports.permissions import SEE_FIGURES, SEE_OWN_FIGURES
from reports.presenters.adjusted import adjusted_table
from reports.presenters.files import lines_of
from reports.presenters.notes import notes_of
from reports.presenters.sentences import had_sessions, summary_of
from reports.presenters.tables import tables_of
from reports.questions import Question
from reports.selectors.activity import Activity, Cell, cells_of, periods_with_figures, read_activity
from reports.selectors.areas import Area, VisibleAreas, visible_areas
from reports.shows import BY_CODE, USUAL
from reports.viewers import Viewer, viewer_of
from sutg.common.errors import NotFound
from sutg.common.periods import Period, PeriodKind
from sutg.tenancy import scope as scopes
from sutg.tenancy.streaming import stream


@require_GET
@requires(SEE_OWN_FIGURES, SEE_FIGURES)
def show_figures(request: PersonRequest) -> HttpResponse:
    viewer = viewer_of(request.principal)
    with scopes.enter(viewer.scope):
        return render(request, "reports/figures.jinja", _page(request, viewer))


@require_GET
@requires(SEE_OWN_FIGURES, SEE_FIGURES)
def download_figures(request: PersonRequest) -> Any:
    viewer = viewer_of(request.principal)
    with scopes.enter(viewer.scope):
        form, areas = _filter(request, viewer)
        if form is None or not form.is_valid():
            raise NotFound
        question = _question(form, areas)
    lines = stream(viewer.scope, lambda: _lines(viewer, question))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="figures-{question.show.code}-{question.period}.csv"'
    return response


def _page(request: PersonRequest, viewer: Viewer) -> dict[str, Any]:
    form, areas = _filter(request, viewer)
    page: dict[str, Any] = {"form": form, "has_figures": form is not None}
    if form is None or not form.is_valid():
        return page
    question = _question(form, areas)
    activity = read_activity(viewer, [question.period, *question.months], question.rows, question.show.measures_read)
    query = {"show": question.show.code, "area": question.area.code, "period": str(question.period)}
    return {
        **page,
        "question": question,
        "summary": summary_of(question, activity),
        "notes": notes_of(question, viewer.audience, activity),
        "tables": tables_of(question, activity) if had_sessions(question, activity) else [],
        "adjusted": adjusted_table(question, activity),
        "download_href": reverse("reports:download_figures", query=query),
    }


def _filter(request: PersonRequest, viewer: Viewer) -> tuple[FiguresFilter | None, VisibleAreas]:
    """The filters as they stand, with what was left out filled in; None when there is nothing to filter."""
    areas, periods = visible_areas(viewer), periods_with_figures(viewer)
    widest = areas.widest
    if widest is None or not periods:
        return None, areas
    asked = request.GET
    area = areas.find(asked["area"]) if asked.get("area") else widest
    chosen = asked.get("period") or str(_usual(periods))
    data = {"show": asked.get("show") or USUAL.code, "area": area.code, "period": chosen}
    return FiguresFilter(data, areas=areas, periods={*periods, *_named(chosen)}), areas


def _usual(periods: list[Period]) -> Period:
    """The latest financial year: enough months to see where things are going."""
    return max(period for period in periods if period.kind is PeriodKind.YEAR)


def _named(written: str) -> Iterator[Period]:
    """A period may be asked for of which nothing is known: the page then says that there were no sessions."""
    try:
        period = Period.parse(written)
    except ValueError:
        return
    if str(period) == written:
        yield period


def _question(form: FiguresFilter, areas: VisibleAreas) -> Question:
    chosen = form.cleaned_data
    area: Area = areas.find(chosen["area"])
    return Question(BY_CODE[chosen["show"]], area, Period.parse(chosen["period"]), areas)


def _lines(viewer: Viewer, question: Question) -> Iterator[bytes]:
    """Every figure of the page, with all that lies inside the area."""
    periods = sorted({question.period, *question.months})
    rows = [area for area in question.areas if area.lies_in(question.area)]
    activity: Activity = read_activity(viewer, periods, rows, question.show.measures)
    cells: Iterator[Cell] = iter(cells_of(periods, rows, question.show.measures))
    yield from lines_of(cells, activity, question.areas)

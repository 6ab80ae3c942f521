"""Figures of activity."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api.views import ScopedView
from reports.api.serializers import ActivityOutput, ActivityQuery, Problem
from reports.measures import MEASURES, Measure
from reports.paging import Grid
from reports.permissions import SEE_FIGURES, SEE_OWN_FIGURES
from reports.presenters.values import as_item
from reports.selectors.activity import periods_with_figures, read_activity
from reports.selectors.areas import Area, Level, VisibleAreas, visible_areas
from reports.viewers import Viewer, viewer_of
from sutg.common.api.etags import answer_unless_known
from sutg.common.errors import DomainError
from sutg.tenancy import scope as scopes

_PROBLEM = "application/problem+json"


class ActivityView(ScopedView):
    """Visits, people and sessions of cafés and areas in months, quarters and financial years.

    A provider gets the exact figures of its own cafés. Everybody else gets figures under disclosure control: those
    below 5, zero included, are suppressed, the others are rounded to the nearest 5; sessions are exact. Each row is
    rounded by itself, so that rows need not add up to their total.
    """

    permissions = (SEE_OWN_FIGURES, SEE_FIGURES)

    @extend_schema(
        operation_id="activity_list",
        parameters=[
            ActivityQuery,
            OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="An ETag got before."),
        ],
        responses={
            200: ActivityOutput,
            304: OpenApiResponse(description="Nothing has changed since the ETag was given."),
            (400, _PROBLEM): Problem,
            (401, _PROBLEM): Problem,
            (403, _PROBLEM): Problem,
            (404, _PROBLEM): Problem,
            (429, _PROBLEM): Problem,
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        query = ActivityQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        viewer = viewer_of(self.principal)
        with scopes.enter(viewer.scope):
            body = _page(request, viewer, query.validated_data)
        return answer_unless_known(request, body)


def _page(request: Request, viewer: Viewer, query: dict[str, Any]) -> dict[str, Any]:
    areas = visible_areas(viewer)
    chosen = _chosen_areas(areas, query)
    periods = sorted(set(query.get("period") or periods_with_figures(viewer)))
    try:
        cells, cursor = Grid(periods, chosen, _chosen_measures(query)).page(query.get("cursor", ""), query["page_size"])
    except DomainError as error:
        raise serializers.ValidationError({str(error.field): error.reason}) from error
    activity = read_activity(
        viewer, {cell.period for cell in cells}, {cell.area for cell in cells}, {cell.measure for cell in cells}
    )
    return {"items": [as_item(cell, activity, areas) for cell in cells], "next": _next(request, cursor)}


def _chosen_measures(query: dict[str, Any]) -> list[Measure]:
    wanted = query.get("measure")
    return [measure for measure in MEASURES if not wanted or measure.code in wanted]


def _chosen_areas(areas: VisibleAreas, query: dict[str, Any]) -> list[Area]:
    """The rows asked for, in order. Several areas give several rows: nothing is ever added up on request."""
    outer = [areas.find(code, Level.TOTAL, Level.PLACE, Level.NEIGHBOURHOOD) for code in query.get("area", [])]
    cafes = [areas.find(str(cafe), Level.CAFE) for cafe in query.get("cafe", [])]
    levels = {Level(level) for level in query.get("level", [])}
    if cafes:
        rows: Collection[Area] = [cafe for cafe in cafes if not outer or any(cafe.lies_in(area) for area in outer)]
    elif levels and outer:
        rows = [row for area in outer for row in areas.within(area, *levels)]
    else:
        rows = outer or list(areas)
    return sorted({row for row in rows if not levels or row.level in levels}, key=lambda area: area.key)


def _next(request: Request, cursor: str) -> str | None:
    if not cursor:
        return None
    parameters = request.query_params.copy()
    parameters["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")

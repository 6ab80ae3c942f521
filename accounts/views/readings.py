"""Who in an organisation was shown named records, for its manager."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.audit_forms import ReadingsFilter
from accounts.permissions import SEE_READINGS
from accounts.presenters.audit import present
from accounts.selectors.people import names_of
from accounts.web import PersonRequest, requires
from sutg.audit.selectors import Position, Search, readers_of_named_records, reads_of_named_records
from sutg.nhsuk.paging import query_with

PER_PAGE = 50


@require_GET
@requires(SEE_READINGS)
def show_readings(request: PersonRequest) -> HttpResponse:
    people = dict(sorted(names_of(readers_of_named_records()).items(), key=lambda item: item[1]))
    form = ReadingsFilter(request.GET, people=people)
    below = Position.parse(request.GET["below"]) if request.GET.get("below") else None
    search = form.search() if form.is_valid() else None
    events = reads_of_named_records(search, below=below, limit=PER_PAGE + 1) if search else []
    page: dict[str, Any] = {
        "form": form,
        "is_asked": search is not None,
        "is_filtered": search not in (None, Search()),
        "readings": present(events[:PER_PAGE], {}),
        "newest_href": query_with(request.GET, below=None) if below else "",
        "older_href": query_with(request.GET, below=events[PER_PAGE - 1].position) if len(events) > PER_PAGE else "",
    }
    return render(request, "accounts/readings.jinja", page)

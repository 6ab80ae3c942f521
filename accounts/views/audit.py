"""The audit record, for information governance: search it, and take what was found away as a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.audit_forms import AuditFilter
from accounts.permissions import SEE_AUDIT
from accounts.presenters.audit import lines_of, present, state_of_record
from accounts.selectors.people import everybody
from accounts.web import PersonRequest, requires
from sutg.audit.selectors import Position, Search, every_event, find_events, last_check, organisations
from sutg.audit.services import record
from sutg.audit.wording import described_events
from sutg.common.errors import NotFound
from sutg.nhsuk.paging import query_with
from sutg.tenancy import scope as scopes
from sutg.tenancy.streaming import stream

PER_PAGE = 50
# A file is written before the first line is sent: more would keep its reader waiting, and no spreadsheet likes it.
MOST_IN_FILE = 50_000


@require_GET
@requires(SEE_AUDIT)
def show_audit(request: PersonRequest) -> HttpResponse:
    names = organisations()
    form = AuditFilter(request.GET, people=everybody(), events=described_events(), organisations=names)
    below = Position.parse(request.GET["below"]) if request.GET.get("below") else None
    search = form.search() if form.is_valid() else None
    events = find_events(search, below=below, limit=PER_PAGE + 1) if search else []
    page: dict[str, Any] = {
        "form": form,
        "is_asked": search is not None,
        "is_filtered": search not in (None, Search()),
        "events": present(events[:PER_PAGE], names),
        "state": state_of_record(last_check(), timezone.now()),
        "most_in_file": MOST_IN_FILE,
        "download_href": reverse("accounts:download_audit") + query_with(request.GET, below=None),
        "newest_href": query_with(request.GET, below=None) if below else "",
        "older_href": query_with(request.GET, below=events[PER_PAGE - 1].position) if len(events) > PER_PAGE else "",
    }
    return render(request, "accounts/audit.jinja", page)


@require_GET
@requires(SEE_AUDIT)
def download_audit(request: PersonRequest) -> Any:
    names = organisations()
    form = AuditFilter(request.GET, people=everybody(), events=described_events(), organisations=names)
    if not form.is_valid():
        raise NotFound
    search = form.search()
    record(
        "audit_downloaded",
        by=request.principal.actor,
        subject=search.object_id,
        since=search.since.isoformat() if search.since else None,
        before=search.before.isoformat() if search.before else None,
        actor=search.actor,
        event=search.name,
        organisation=form.cleaned_data["organisation"],
    )
    lines = stream(scopes.require(), lambda: lines_of(every_event(search, most=MOST_IN_FILE), names))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{timezone.localdate()}.csv"'
    return response

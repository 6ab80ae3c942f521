"""A tablet's record that could not be applied: what it says, and what is to become of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.selectors.people import names_of
from accounts.web import PersonRequest, requires
from cafes.forms.tablets import SetAsideForm
from cafes.models import TabletRecord
from cafes.permissions import KEEP_TABLETS
from cafes.presenters.tablet_records import OpenedRecord, open_record
from cafes.presenters.tablets import TabletRecordPresenter
from cafes.selectors.community_services import services_for_signposting
from cafes.selectors.kept_tablets import UNSETTLED, find_tablet_record
from cafes.selectors.visitors import find_asked, named_among
from cafes.services.tablet_settling import apply_again, let_stand, set_aside, take_up_again, visit_of
from cafes.views.tablets import cafes_kept
from sutg.audit.services import record_read
from sutg.common.errors import DomainError, NotFound
from sutg.nhsuk.forms import add_domain_error

_DONE = {
    TabletRecord.State.APPLIED: "Done. The record counts.",
    TabletRecord.State.WAITING: "It waits for a record that has not come, and is tried again with each message.",
}


@require_GET
@requires(KEEP_TABLETS)
def show(request: PersonRequest, tablet_record_id: uuid.UUID) -> HttpResponse:
    return _page(request, _find(request, tablet_record_id), SetAsideForm())


@require_POST
@requires(KEEP_TABLETS)
def try_again(request: PersonRequest, tablet_record_id: uuid.UUID) -> HttpResponse:
    row = _find(request, tablet_record_id)
    return _carry_out(request, row, lambda: apply_again(tablet_record_id=row.id, **_acting(request)))


@require_POST
@requires(KEEP_TABLETS)
def stands(request: PersonRequest, tablet_record_id: uuid.UUID) -> HttpResponse:
    row = _find(request, tablet_record_id)
    version = request.POST.get("version", "")
    compared = int(version) if version.isdecimal() and len(version) < 10 else 0
    return _carry_out(request, row, lambda: let_stand(tablet_record_id=row.id, version=compared, **_acting(request)))


@require_POST
@requires(KEEP_TABLETS)
def put_aside(request: PersonRequest, tablet_record_id: uuid.UUID) -> HttpResponse:
    row = _find(request, tablet_record_id)
    form = SetAsideForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    try:
        set_aside(tablet_record_id=row.id, because=form.cleaned_data["because"], **_acting(request))
    except NotFound:
        raise
    except DomainError as refusal:
        add_domain_error(form, refusal)
        return _page(request, row, form)
    messages.success(request, "Set aside. The record is kept, and counts nowhere.")
    return redirect("cafes:tablet", row.tablet_id)


@require_POST
@requires(KEEP_TABLETS)
def take_up(request: PersonRequest, tablet_record_id: uuid.UUID) -> HttpResponse:
    row = _find(request, tablet_record_id)
    try:
        take_up_again(tablet_record_id=row.id, by=request.principal.actor)
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, "The record needs a decision again.")
    return redirect("cafes:tablet_record", row.id)


def _carry_out(request: PersonRequest, row: TabletRecord, act: Callable[[], TabletRecord]) -> HttpResponse:
    try:
        settled = act()
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.reason)
        return redirect("cafes:tablet_record", row.id)
    if settled.state == TabletRecord.State.ATTENTION:
        messages.error(request, f"It could not be done. {settled.reason}")
        return redirect("cafes:tablet_record", row.id)
    messages.success(request, _DONE[TabletRecord.State(settled.state)])
    return redirect("cafes:tablet", row.tablet_id)


def _acting(request: PersonRequest) -> dict[str, Any]:
    return {"by": request.principal.actor, "now": timezone.now()}


def _find(request: PersonRequest, tablet_record_id: uuid.UUID) -> TabletRecord:
    return find_tablet_record(tablet_record_id, cafe_ids=cafes_kept(request))


def _page(request: PersonRequest, row: TabletRecord, form: SetAsideForm) -> HttpResponse:
    is_open = row.state in UNSETTLED
    opened = _opened(row) if is_open else OpenedRecord()
    if is_open:
        record_read(row, by=request.principal.actor, purpose="tablet_record")
    actors = {actor for actor in (row.settled_by, opened.recorded_by) if actor}
    names = names_of(actors)
    context = {
        "record": row,
        "shown": TabletRecordPresenter(row),
        "settled": TabletRecordPresenter(row).settled(names),
        "opened": opened,
        "recorded_by": names.get(opened.recorded_by, ""),
        "is_open": is_open,
        "is_aside": row.state == TabletRecord.State.SET_ASIDE,
        "form": form,
    }
    return render(request, "cafes/tablet_record.jinja", context)


def _opened(row: TabletRecord) -> OpenedRecord:
    visit = visit_of(row)
    services = {str(service.id): service.name for service in services_for_signposting(visit)}
    if visit is None:
        return open_record(row, services)
    named = named_among({visit.visitor_id} if visit.visitor_id else set())
    return open_record(row, services, visit, named, find_asked(visit))

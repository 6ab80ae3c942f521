"""Recording a visit on one page, adding to it, and taking it back."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.web import PersonRequest, requires
from cafes.demographics import Answers
from cafes.entries import VisitChange, VisitEntry
from cafes.forms.visits import ABOUT, MORE, ChangeVisitForm, VisitForm, WithdrawForm
from cafes.models import Session, Visit
from cafes.permissions import RECORD_VISITS
from cafes.presenters.sessions import (
    SessionPresenter,
    VisitPresenter,
    asked_in_words,
    differences,
    match_in_words,
)
from cafes.selectors.sessions import find_visit
from cafes.selectors.visitors import find_asked, find_by_code, find_by_name, named_among
from cafes.services.visit_changes import ChangedMeanwhile, change_visit, withdraw_visit
from cafes.services.visits import record_visit
from cafes.views.at_desk import find_at_desk, reconciles
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.nhsuk.forms import Form, add_domain_error

LOOK_UP = "look_up"


@require_http_methods(["GET", "POST"])
@requires(RECORD_VISITS)
def record_new(request: PersonRequest, session_id: uuid.UUID) -> HttpResponse:
    session = find_at_desk(request, session_id)
    if session.state != Session.State.OPEN:
        return redirect("cafes:session", session.id)
    if request.method == "GET":
        form = VisitForm(initial={"client_uuid": uuid.uuid4(), "who": "anonymous"})
        return _page(request, session, form)
    if LOOK_UP in request.POST:
        return _looked_up(request, session)
    form = VisitForm(request.POST, matches=_matches(request, session))
    if form.is_valid() and _recorded(request, session, form):
        return redirect("cafes:session", session.id)
    return _page(request, session, form)


def _recorded(request: PersonRequest, session: Session, form: VisitForm) -> bool:
    now = timezone.now()
    arrived_at = timezone.localtime(now).time().replace(second=0, microsecond=0)
    who = form.visitor()
    assert who is not None  # noqa: S101  narrows the type: a new visit has no “keep”
    entry = VisitEntry(
        form.cleaned_data["client_uuid"],
        session.id,
        who,
        replace(form.particulars(), arrived_at=arrived_at),
        form.answers(),
    )
    try:
        receipt = record_visit(entry=entry, by=request.principal.actor, now=now)
    except NotFound:
        raise
    except DomainError as refusal:
        _show_refusal(form, refusal)
        return False
    messages.success(request, "Visit recorded.")
    for warning in receipt.warnings:
        messages.warning(request, warning)
    return True


def _looked_up(request: PersonRequest, session: Session) -> HttpResponse:
    """The page as it was typed, with what is known of the return code."""
    form = VisitForm(initial=_as_typed(request))
    code = request.POST.get("code", "")
    known = find_by_code(session.provider_id, session.cafe_id, code) if code.strip() else None
    return _page(request, session, form, note=asked_in_words(known) if code.strip() else "")


def _as_typed(request: PersonRequest) -> dict[str, Any]:
    lists = {"reasons", "support", "helped", "disability"}
    return {name: request.POST.getlist(name) if name in lists else request.POST[name] for name in request.POST}


def _matches(request: PersonRequest, session: Session) -> list[tuple[str, str]]:
    """Visitors of exactly the typed name, as choices. That somebody looked is recorded with each."""
    name = request.POST.get("name", "")
    if request.POST.get("who") != "named" or not name.strip():
        return []
    known = find_by_name(session.provider_id, session.cafe_id, name)
    for each in known:
        record(
            "visitor_name_seen", by=request.principal.actor, subject=each.visitor_id, provider_id=session.provider_id
        )
    return [(str(each.visitor_id), match_in_words(each)) for each in known]


@require_http_methods(["GET", "POST"])
@requires(RECORD_VISITS)
def show_visit(request: PersonRequest, session_id: uuid.UUID, visit_id: uuid.UUID) -> HttpResponse:
    """One visit, to be added to while its session is open, and corrected with a reason afterwards."""
    session = find_at_desk(request, session_id)
    visit = find_visit(session, visit_id)
    if not _may_change(request, session):
        return redirect("cafes:session", session.id)
    is_closed = session.state == Session.State.CLOSED
    named = named_among({visit.visitor_id} if visit.visitor_id else set())
    options: dict[str, Any] = {"kept_as": f"Keep: {VisitPresenter(visit, named).who}", "is_closed": is_closed}
    if request.method == "GET":
        return _page(request, session, ChangeVisitForm(initial=_initial(visit), **options), visit=visit)
    matches = _matches(request, session)
    form = ChangeVisitForm(request.POST, matches=matches, **options)
    if form.is_valid():
        try:
            _change(request, visit, form)
        except ChangedMeanwhile as meanwhile:
            typed = form.particulars(visit)
            data = request.POST.copy()
            data["version"] = str(meanwhile.version)
            form = ChangeVisitForm(data, matches=matches, **options)
            form.add_error(None, meanwhile.reason)
            return _page(request, session, form, visit=visit, differing=differences(visit, typed))
        except NotFound:
            raise
        except DomainError as refusal:
            _show_refusal(form, refusal)
        else:
            messages.success(request, "Visit saved.")
            return redirect("cafes:session", session.id)
    return _page(request, session, form, visit=visit)


def _change(request: PersonRequest, visit: Visit, form: ChangeVisitForm) -> None:
    minutes = {support.kind: support.minutes for support in visit.supports.all()}
    change_visit(
        visit_id=visit.id,
        version=form.cleaned_data["version"],
        change=VisitChange(form.particulars(visit, minutes), form.answers(), form.visitor()),
        by=request.principal.actor,
        now=timezone.now(),
        reason=form.cleaned_data.get("reason", ""),
    )


def _initial(visit: Visit) -> dict[str, Any]:
    asked = find_asked(visit)
    answers = asked.answers if asked else Answers()
    minutes = {support.kind: support.minutes for support in visit.supports.all()}
    plain = ("reasons", "support", "helped", "came_for", "route_in", "alternative", "outcome", "version")
    return {
        "who": "keep",
        "minutes": minutes.get("one_to_one"),
        "distress_before": visit.distress_before,
        "distress_after": visit.distress_after,
        **{name: getattr(visit, name) for name in plain},
        **{name: getattr(answers, name) for name in ABOUT},
    }


@require_http_methods(["GET", "POST"])
@requires(RECORD_VISITS)
def withdraw(request: PersonRequest, session_id: uuid.UUID, visit_id: uuid.UUID) -> HttpResponse:
    session = find_at_desk(request, session_id)
    visit = find_visit(session, visit_id)
    if not _may_change(request, session):
        return redirect("cafes:session", session.id)
    form = WithdrawForm(request.POST if request.method == "POST" else None, initial={"version": visit.version})
    if request.method == "POST" and form.is_valid():
        given = {"version": form.cleaned_data["version"], "reason": form.cleaned_data["reason"]}
        try:
            withdraw_visit(visit_id=visit.id, by=request.principal.actor, now=timezone.now(), **given)
        except NotFound:
            raise
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, "Visit withdrawn. It is kept, and counts nowhere.")
            return redirect("cafes:session", session.id)
    context = {"form": form, "shown": SessionPresenter(session), "visit": VisitPresenter(visit, ())}
    return render(request, "cafes/withdraw_visit.jinja", context)


def _may_change(request: PersonRequest, session: Session) -> bool:
    return session.state == Session.State.OPEN or reconciles(request, session)


def _show_refusal(form: VisitForm, refusal: DomainError) -> None:
    refusal.field = "minutes" if (refusal.field or "").startswith("minutes_") else refusal.field
    add_domain_error(form, refusal)


def _page(
    request: PersonRequest, session: Session, form: Form, *, visit: Visit | None = None, **more: Any
) -> HttpResponse:
    assert isinstance(form, VisitForm)  # noqa: S101  narrows the type
    context = {
        "form": form,
        "shown": SessionPresenter(session),
        "visit": visit,
        "more": [name for name in MORE if name in form.fields],
        "about": ABOUT,
        "more_is_open": visit is not None or form.has_faults_in(MORE),
        "about_is_open": form.has_faults_in(ABOUT) or bool(more.get("note")),
        "note": "",
        "differing": [],
        **more,
    }
    return render(request, "cafes/visit.jinja", context)

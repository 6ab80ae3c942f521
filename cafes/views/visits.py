"""Recording a visit on one page, adding to it, and taking it back."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.web import PersonRequest, requires
from cafes.demographics import Answers
from cafes.entries import VisitChange, VisitEntry
from cafes.forms.visits import ABOUT, MORE, ChangeVisitForm, DifferenceForm, VisitForm, WithdrawForm
from cafes.models import Session, Visit, VisitSignpost
from cafes.permissions import RECORD_VISITS
from cafes.presenters.sessions import (
    SessionPresenter,
    VisitPresenter,
    asked_in_words,
    differing_rows,
    match_in_words,
)
from cafes.selectors.community_services import services_for_signposting
from cafes.selectors.sessions import find_difference, find_difference_of, find_visit
from cafes.selectors.visitors import find_asked, find_by_code, find_by_name, named_among
from cafes.services.visit_changes import ChangedMeanwhile, change_visit, withdraw_visit
from cafes.services.visit_differences import settle_difference
from cafes.services.visits import Recorded, record_visit
from cafes.views.at_desk import find_at_desk, reconciles
from sutg.audit.services import record_read
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
        arrived_at = timezone.localtime().time().replace(second=0, microsecond=0)
        new = {"client_uuid": uuid.uuid4(), "who": "anonymous", "arrived_at": arrived_at}
        return _page(request, session, VisitForm(initial=new, services=_services()))
    if LOOK_UP in request.POST:
        return _looked_up(request, session)
    form = VisitForm(request.POST, services=_services(), matches=_matches(request, session))
    receipt = _recorded(request, session, form) if form.is_valid() else None
    if receipt is None:
        return _page(request, session, form)
    if receipt.differs and (unsettled := find_difference_of(receipt.visit_id)):
        return redirect("cafes:settle_difference", session.id, unsettled.id)
    return redirect("cafes:session", session.id)


def _services(visit: Visit | None = None) -> list[tuple[str, str]]:
    return [
        (str(service.id), f"{service.name} ({service.get_kind_display()})")
        for service in services_for_signposting(visit)
    ]


def _recorded(request: PersonRequest, session: Session, form: VisitForm) -> Recorded | None:
    who = form.visitor()
    assert who is not None  # noqa: S101  narrows the type: a new visit has no “keep”
    entry = VisitEntry(
        form.cleaned_data["client_uuid"],
        session.id,
        who,
        form.particulars(),
        form.answers(),
    )
    try:
        receipt = record_visit(entry=entry, by=request.principal.actor, now=timezone.now())
    except NotFound:
        raise
    except DomainError as refusal:
        _show_refusal(form, refusal)
        return None
    if not receipt.differs:
        messages.success(request, "Visit recorded.")
    for warning in receipt.warnings:
        messages.warning(request, warning)
    return receipt


def _looked_up(request: PersonRequest, session: Session) -> HttpResponse:
    """The page as it was typed, with what is known of the return code."""
    form = VisitForm(initial=_as_typed(request.POST), services=_services())
    code = request.POST.get("code", "")
    known = find_by_code(session.provider_id, session.cafe_id, code) if code.strip() else None
    return _page(request, session, form, note=asked_in_words(known) if code.strip() else "")


def _as_typed(sent: QueryDict) -> dict[str, Any]:
    lists = {"reasons", "support", "helped", "signposted", "disability"}
    return {name: sent.getlist(name) if name in lists else sent[name] for name in sent}


def _matches(request: PersonRequest, session: Session) -> list[tuple[str, str]]:
    """Visitors of exactly the typed name, as choices. That somebody looked is recorded with each."""
    name = request.POST.get("name", "")
    if request.POST.get("who") != "named" or not name.strip():
        return []
    known = find_by_name(session.provider_id, session.cafe_id, name)
    for each in known:
        if each.identity is not None:
            record_read(each.identity, by=request.principal.actor, purpose="tell_apart")
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
    options: dict[str, Any] = {
        "kept_as": f"Keep: {VisitPresenter(visit, named).who}",
        "is_closed": is_closed,
        "services": _services(visit),
    }
    if request.method == "GET":
        return _page(request, session, ChangeVisitForm(initial=_initial(visit), **options), visit=visit)
    matches = _matches(request, session)
    form = ChangeVisitForm(request.POST, matches=matches, **options)
    if form.is_valid():
        try:
            _change(request, visit, form)
        except ChangedMeanwhile:
            visit = find_visit(session, visit_id)
            saved = _initial(visit)
            form.show_difference(saved, version=saved.pop("version"))
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
        change=VisitChange(form.particulars(minutes), form.answers(), form.visitor()),
        by=request.principal.actor,
        now=timezone.now(),
        reason=form.cleaned_data.get("reason", ""),
    )


def _initial(visit: Visit) -> dict[str, Any]:
    asked = find_asked(visit)
    answers = asked.answers if asked else Answers()
    minutes = {support.kind: support.minutes for support in visit.supports.all()}
    signposts = VisitSignpost.objects.filter(visit_id=visit.id)
    plain = ("arrived_at", "reasons", "support", "helped", "came_for", "route_in", "alternative", "outcome", "version")
    return {
        "who": "keep",
        "minutes": minutes.get("one_to_one"),
        "signposted": [str(signpost.service_id) for signpost in signposts],
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


@require_http_methods(["GET", "POST"])
@requires(RECORD_VISITS)
def settle(request: PersonRequest, session_id: uuid.UUID, differing_visit_id: uuid.UUID) -> HttpResponse:
    """Two contents of one visit, side by side, and which of them stands."""
    session = find_at_desk(request, session_id)
    differing = find_difference(session, differing_visit_id)
    if not _may_change(request, session):
        return redirect("cafes:session", session.id)
    visit = differing.visit
    is_closed = session.state == Session.State.CLOSED
    form = DifferenceForm(
        request.POST if request.method == "POST" else None, is_closed=is_closed, initial={"version": visit.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            settle_difference(
                differing_visit_id=differing.id,
                outcome=form.cleaned_data["outcome"],
                version=form.cleaned_data["version"],
                reason=form.cleaned_data.get("reason", ""),
                by=request.principal.actor,
                now=timezone.now(),
            )
        except ChangedMeanwhile as meanwhile:
            data = request.POST.copy()
            data["version"] = str(meanwhile.version)
            form = DifferenceForm(data, is_closed=is_closed)
            form.add_error(None, "Somebody else changed this visit meanwhile. Compare, and save again.")
            visit.refresh_from_db()
        except NotFound:
            raise
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, "Settled. Both records are kept.")
            return redirect("cafes:session", session.id)
    record_read(differing, by=request.principal.actor, purpose="settle_difference")
    named = named_among({visit.visitor_id} if visit.visitor_id else set())
    rows = differing_rows(differing, named, find_asked(visit), dict(_services(visit)))
    context = {"form": form, "shown": SessionPresenter(session), "rows": rows}
    return render(request, "cafes/settle_difference.jinja", context)


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
        "signposting_is_open": bool(form["signposted"].value()) if "signposted" in form.fields else False,
        "more_is_open": visit is not None or form.has_faults_in(MORE),
        "about_is_open": form.has_faults_in(ABOUT) or bool(more.get("note")),
        "note": "",
        **more,
    }
    return render(request, "cafes/visit.jinja", context)

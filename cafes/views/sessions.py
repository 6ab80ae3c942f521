"""Today's sessions: open one, see it, close it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.web import PersonRequest, requires
from cafes.forms.sessions import CafeForm, DutyForm, TallyForm
from cafes.models import Cafe, Session
from cafes.permissions import RECONCILE_SESSIONS, RECORD_VISITS
from cafes.presenters.sessions import DifferencePresenter, SessionPresenter, VisitPresenter, duty_in_words
from cafes.selectors.sessions import (
    differences_of,
    find_session,
    on_duty_at,
    people_for_duty,
    sessions_held,
    sessions_left_open,
    staff_for_duty,
    todays_sessions,
    visits_of,
)
from cafes.selectors.visitors import named_among
from cafes.services.sessions import (
    close_session,
    open_session,
    open_unplanned_session,
    reconcile_session,
    set_on_duty,
)
from cafes.views.at_desk import find_at_desk, own_cafes, reconciles
from sutg.common.errors import DomainError, NotFound
from sutg.nhsuk.forms import add_domain_error

PER_PAGE = 50


@require_GET
@requires(RECORD_VISITS)
def list_today(request: PersonRequest) -> HttpResponse:
    today = timezone.localdate()
    mine = own_cafes(request, RECORD_VISITS)
    context = {
        "today": today,
        "sessions": [SessionPresenter(session) for session in todays_sessions(mine, today)],
        "may_see_earlier": request.principal.can(RECONCILE_SESSIONS),
    }
    return render(request, "cafes/sessions.jinja", context)


@require_GET
@requires(RECONCILE_SESSIONS)
def list_held(request: PersonRequest) -> HttpResponse:
    mine = own_cafes(request, RECONCILE_SESSIONS)
    page = Paginator(sessions_held(mine), PER_PAGE).get_page(request.GET.get("page"))
    left_open = [SessionPresenter(session) for session in sessions_left_open(mine, timezone.localdate())]
    context = {"page": page, "sessions": [SessionPresenter(session) for session in page], "left_open": left_open}
    return render(request, "cafes/sessions_held.jinja", context)


@require_http_methods(["GET", "POST"])
@requires(RECORD_VISITS)
def choose_cafe(request: PersonRequest) -> HttpResponse:
    """Open a café that was not planned for now: first which, where there are several."""
    mine = own_cafes(request, RECORD_VISITS)
    cafes = list(Cafe.objects.all() if mine is None else Cafe.objects.filter(id__in=mine))
    if len(cafes) == 1:
        return redirect("cafes:open_now", cafes[0].id)
    form = CafeForm(request.POST if request.method == "POST" else None, cafes=cafes)
    if request.method == "POST" and form.is_valid():
        return redirect("cafes:open_now", form.cleaned_data["cafe"])
    return render(request, "cafes/choose_cafe.jinja", {"form": form})


@require_http_methods(["GET", "POST"])
@requires(RECORD_VISITS)
def open_now(request: PersonRequest, cafe_id: uuid.UUID) -> HttpResponse:
    mine = own_cafes(request, RECORD_VISITS)
    cafe = Cafe.objects.filter(id=cafe_id).first()
    if cafe is None or (mine is not None and cafe.id not in mine):
        raise NotFound
    form = _duty_form(request, cafe.id)
    if request.method == "POST" and form.is_valid():
        try:
            session = open_unplanned_session(
                cafe_id=cafe.id, duty=form.duty(), by=request.principal.actor, now=timezone.now()
            )
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            return redirect("cafes:session", session.id)
    return render(request, "cafes/open_session.jinja", {"form": form, "cafe": cafe, "shown": None})


@require_http_methods(["GET", "POST"])
@requires(RECORD_VISITS)
def open_planned(request: PersonRequest, session_id: uuid.UUID) -> HttpResponse:
    session = find_at_desk(request, session_id)
    if session.state == Session.State.OPEN and request.method == "GET":
        return redirect("cafes:session", session.id)
    form = _duty_form(request, session.cafe_id)
    if request.method == "POST" and form.is_valid():
        try:
            open_session(session_id=session.id, duty=form.duty(), by=request.principal.actor, now=timezone.now())
        except NotFound:
            raise
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            return redirect("cafes:session", session.id)
    context = {"form": form, "cafe": session.cafe, "shown": SessionPresenter(session)}
    return render(request, "cafes/open_session.jinja", context)


@require_GET
@requires(RECORD_VISITS)
def show_session(request: PersonRequest, session_id: uuid.UUID) -> HttpResponse:
    session = find_at_desk(request, session_id)
    if session.state == Session.State.PLANNED:
        return redirect("cafes:open_session", session.id)
    visits = list(visits_of(session))
    named = named_among({visit.visitor_id for visit in visits if visit.visitor_id})
    context = {
        "session": session,
        "shown": SessionPresenter(session),
        "on_duty": duty_in_words(list(on_duty_at(session))),
        "visits": [VisitPresenter(visit, named) for visit in visits],
        "may_reconcile": reconciles(request, session),
        "differences": [DifferencePresenter(differing) for differing in differences_of(session)],
        "back": _back_from(session),
    }
    return render(request, "cafes/session.jinja", context)


def _back_from(session: Session) -> tuple[str, str]:
    """Where and under which words the list is in which this session stands."""
    if session.held_on == timezone.localdate():
        return reverse("cafes:sessions"), "Today’s sessions"
    return reverse("cafes:sessions_held"), "Earlier sessions"


@require_http_methods(["GET", "POST"])
@requires(RECORD_VISITS)
def change_duty(request: PersonRequest, session_id: uuid.UUID) -> HttpResponse:
    session = find_at_desk(request, session_id)
    on_duty = list(on_duty_at(session))
    initial = {
        "people": [str(row.user_id or row.staff_member_id) for row in on_duty if not row.initials],
        "initials": ", ".join(row.initials for row in on_duty if row.initials),
    }
    form = _duty_form(request, session.cafe_id, initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_on_duty(session_id=session.id, duty=form.duty(), by=request.principal.actor, now=timezone.now())
        except NotFound:
            raise
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            return redirect("cafes:session", session.id)
    return render(request, "cafes/change_duty.jinja", {"form": form, "shown": SessionPresenter(session)})


@require_http_methods(["GET", "POST"])
@requires(RECONCILE_SESSIONS)
def close(request: PersonRequest, session_id: uuid.UUID) -> HttpResponse:
    """Close an open session, or put the count of a closed one right."""
    session = find_session(session_id, own_cafes(request, RECONCILE_SESSIONS))
    if session.state not in {Session.State.OPEN, Session.State.CLOSED}:
        raise PermissionDenied
    is_closed = session.state == Session.State.CLOSED
    initial = {"door_tally": session.door_tally, "tally_reason": session.tally_reason} if is_closed else None
    form = TallyForm(
        request.POST if request.method == "POST" else None,
        is_closed=is_closed,
        signing=request.principal.user.full_name,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid() and _settle(request, session, form):
        messages.success(request, "The count was put right." if is_closed else "The session is closed.")
        return redirect("cafes:session", session.id)
    context = {"form": form, "shown": SessionPresenter(session), "records": len(visits_of(session))}
    return render(request, "cafes/close_session.jinja", context)


def _settle(request: PersonRequest, session: Session, form: TallyForm) -> bool:
    tally, why = form.cleaned_data["door_tally"], form.cleaned_data["tally_reason"]
    by = request.principal.actor
    try:
        if "reason" in form.fields:
            reason = form.cleaned_data["reason"]
            reconcile_session(session_id=session.id, door_tally=tally, tally_reason=why, reason=reason, by=by)
        else:
            close_session(session_id=session.id, door_tally=tally, tally_reason=why, by=by, now=timezone.now())
    except NotFound:
        raise
    except DomainError as refusal:
        add_domain_error(form, refusal)
        return False
    return True


def _duty_form(request: PersonRequest, cafe_id: uuid.UUID, initial: Mapping[str, object] | None = None) -> DutyForm:
    people = people_for_duty(cafe_id, timezone.localdate())
    me = {"people": [str(request.principal.user.id)]}
    return DutyForm(
        request.POST if request.method == "POST" else None,
        people=people,
        staff=staff_for_duty(cafe_id, timezone.localdate(), {user_id for user_id, _ in people}),
        initial=initial if initial is not None else me,
    )

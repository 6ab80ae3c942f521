"""Weekly openings, single days, and sessions that are planned."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.web import PersonRequest, requires
from cafes.acting import refuse_others_cafe
from cafes.forms.openings import (
    AddSessionForm,
    CancelSessionForm,
    CloseDayForm,
    EndOpeningForm,
    OpeningForm,
    OtherTimesForm,
)
from cafes.models import Cafe
from cafes.permissions import PLAN_OWN_SESSIONS
from cafes.presenters.cafes import hours, weekday_date
from cafes.selectors.cafes import find_cafe
from cafes.selectors.openings import find_exception, find_pattern, find_session, patterns_of
from cafes.services.openings import (
    begin_opening,
    change_opening,
    close_on_day,
    end_opening,
    open_as_usual,
    open_at_other_times,
)
from cafes.services.planned_sessions import add_session, cancel_session, restore_session
from cafes.views.forms import carry_out, form_page

CALENDAR = "cafes:calendar"


def _cafe(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID) -> Cafe:
    cafe = find_cafe(provider_id, cafe_id)
    refuse_others_cafe(request.principal, PLAN_OWN_SESSIONS, cafe)
    return cafe


def _sent(request: PersonRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _acting(request: PersonRequest, cafe: Cafe) -> dict[str, Any]:
    return {"cafe": cafe, "today": timezone.localdate(), "by": request.principal.actor}


@require_http_methods(["GET", "POST"])
@requires(PLAN_OWN_SESSIONS)
def add_opening(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID) -> HttpResponse:
    cafe = _cafe(request, provider_id, cafe_id)
    form = OpeningForm(_sent(request), initial={"since": timezone.localdate()})
    return form_page(
        request,
        cafe,
        form,
        heading="Add a weekly opening",
        button="Add this opening",
        done="The opening was added, and its sessions are planned.",
        act=lambda: begin_opening(**_acting(request, cafe), **form.cleaned_data),
    )


@require_http_methods(["GET", "POST"])
@requires(PLAN_OWN_SESSIONS)
def edit_opening(
    request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID, opening_pattern_id: uuid.UUID
) -> HttpResponse:
    cafe = _cafe(request, provider_id, cafe_id)
    pattern = find_pattern(cafe, opening_pattern_id)
    shown = {"weekday": pattern.weekday, "opens": pattern.opens, "closes": pattern.closes}
    form = OpeningForm(_sent(request), initial={**shown, "since": max(timezone.localdate(), pattern.since)})
    return form_page(
        request,
        cafe,
        form,
        heading="Change a weekly opening",
        button="Change this opening",
        done="The opening was changed. Sessions planned from that day on follow the new times.",
        act=lambda: change_opening(pattern_id=pattern.id, **_acting(request, cafe), **form.cleaned_data),
        note="The opening as it is ends the day before, and the new one begins.",
    )


@require_http_methods(["GET", "POST"])
@requires(PLAN_OWN_SESSIONS)
def finish_opening(
    request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID, opening_pattern_id: uuid.UUID
) -> HttpResponse:
    cafe = _cafe(request, provider_id, cafe_id)
    pattern = find_pattern(cafe, opening_pattern_id)
    form = EndOpeningForm(_sent(request), initial={"until": timezone.localdate()})
    return form_page(
        request,
        cafe,
        form,
        heading=f"End the opening “{pattern}”",
        button="End this opening",
        done="The opening ends on that day. Sessions planned after it were taken back.",
        act=lambda: end_opening(pattern_id=pattern.id, **_acting(request, cafe), **form.cleaned_data),
    )


@require_http_methods(["GET", "POST"])
@requires(PLAN_OWN_SESSIONS)
def close_day(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID) -> HttpResponse:
    cafe = _cafe(request, provider_id, cafe_id)
    form = CloseDayForm(_sent(request))
    return form_page(
        request,
        cafe,
        form,
        heading="Close on one day",
        button="Close on this day",
        done="The café does not open on that day.",
        act=lambda: close_on_day(**_acting(request, cafe), **form.cleaned_data),
        to=CALENDAR,
    )


@require_http_methods(["GET", "POST"])
@requires(PLAN_OWN_SESSIONS)
def other_times(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID) -> HttpResponse:
    cafe = _cafe(request, provider_id, cafe_id)
    form = OtherTimesForm(_sent(request), patterns=patterns_of([cafe], timezone.localdate())[cafe.id])

    def act() -> None:
        given = dict(form.cleaned_data)
        open_at_other_times(pattern_id=given.pop("pattern"), **_acting(request, cafe), **given)

    return form_page(
        request,
        cafe,
        form,
        heading="Open at other times on one day",
        button="Save",
        done="On that day the café opens at these times.",
        act=act,
        to=CALENDAR,
    )


@require_POST
@requires(PLAN_OWN_SESSIONS)
def as_usual(
    request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID, opening_exception_id: uuid.UUID
) -> HttpResponse:
    cafe = _cafe(request, provider_id, cafe_id)
    exception = find_exception(cafe, opening_exception_id)
    return carry_out(
        request,
        cafe,
        lambda: open_as_usual(exception_id=exception.id, **_acting(request, cafe)),
        done="On that day the café opens as usual.",
        to=CALENDAR,
    )


@require_http_methods(["GET", "POST"])
@requires(PLAN_OWN_SESSIONS)
def add_planned(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID) -> HttpResponse:
    cafe = _cafe(request, provider_id, cafe_id)
    form = AddSessionForm(_sent(request))
    return form_page(
        request,
        cafe,
        form,
        heading="Add a session",
        button="Add this session",
        done="The session was added.",
        act=lambda: add_session(**_acting(request, cafe), **form.cleaned_data),
        to=CALENDAR,
    )


@require_http_methods(["GET", "POST"])
@requires(PLAN_OWN_SESSIONS)
def cancel(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID, session_id: uuid.UUID) -> HttpResponse:
    cafe = _cafe(request, provider_id, cafe_id)
    session = find_session(cafe, session_id)
    form = CancelSessionForm(_sent(request))
    return form_page(
        request,
        cafe,
        form,
        heading=f"Cancel {weekday_date(session.held_on)}, {hours(session.opens, session.closes)}",
        button="Cancel this session",
        done="The session is cancelled.",
        act=lambda: cancel_session(session_id=session.id, **_acting(request, cafe), **form.cleaned_data),
        to=CALENDAR,
        note="Everybody who sees this café's calendar sees that it is cancelled, and why: its staff and the trust. "
        "Nobody is written to: tell whoever was going to be on duty, and put a notice on the door.",
    )


@require_POST
@requires(PLAN_OWN_SESSIONS)
def restore(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID, session_id: uuid.UUID) -> HttpResponse:
    cafe = _cafe(request, provider_id, cafe_id)
    session = find_session(cafe, session_id)
    return carry_out(
        request,
        cafe,
        lambda: restore_session(session_id=session.id, **_acting(request, cafe)),
        done="The session takes place after all.",
        to=CALENDAR,
    )

"""Who may do what for the trust, its teams and neighbourhoods, and anybody's leaving: the administrator's pages."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.leaving import Departure, consequences_of
from accounts.services.appointments import departure_from, end_appointment, refusal_of_last_administrator
from accounts.web import PersonRequest, requires
from providers.forms.access import EndingForm, PeopleFilter
from providers.permissions import KEEP_ANY_ACCESS
from providers.presenters.access import (
    PersonPresenter,
    RolePresenter,
    everywhere_sentences,
    history_of,
    trust_ending_sentences,
)
from providers.selectors.access import (
    HeldRole,
    Kind,
    PersonAccess,
    accounts_like,
    person_anywhere,
    person_with_role,
    trust_access_of,
)
from providers.services.leaving import YOURSELF, end_lead, leave_everywhere
from providers.views.endings import Ending, asked_or_ended

PER_PAGE = 50


@require_GET
@requires(KEEP_ANY_ACCESS)
def list_everybody(request: PersonRequest) -> HttpResponse:
    form, today = PeopleFilter(request.GET), timezone.localdate()
    found = accounts_like(form.cleaned_data["who"] if form.is_valid() else "")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "people": [PersonPresenter(person, today) for person in trust_access_of(list(page.object_list))],
    }
    return render(request, "providers/everybody.jinja", context)


@require_GET
@requires(KEEP_ANY_ACCESS)
def show_anybody(request: PersonRequest, person_id: uuid.UUID) -> HttpResponse:
    person = person_anywhere(person_id)
    context = {
        "shown": PersonPresenter(person, timezone.localdate()),
        "history": history_of(person),
        "back_href": reverse("providers:everybody"),
        "leave_href": reverse("providers:leave_all", args=[person_id]) if person.user.is_active else "",
        "leave_text": "End all that they may do anywhere",
    }
    return render(request, "providers/person_access.jinja", context)


@require_http_methods(["GET", "POST"])
@requires(KEEP_ANY_ACCESS)
def leave_all(request: PersonRequest, person_id: uuid.UUID) -> HttpResponse:
    person, today = person_anywhere(person_id), timezone.localdate()
    form = EndingForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        leave_everywhere(user_id=person_id, by=request.principal.actor, now=timezone.now(), reason=form.why)

    roles = {held.role for held in person.standing(today)}
    refusal = YOURSELF if person_id == request.principal.user.id else ""
    asks = Ending(
        f"End all that {person.user.full_name} may do anywhere?",
        everywhere_sentences(person, today),
        refusal or refusal_of_last_administrator(person_id, roles, today),
        "End it all",
        is_over=not person.user.is_active,
    )
    return asked_or_ended(request, form, act, person.user, asks, back=_page_of(person_id))


@require_http_methods(["GET", "POST"])
@requires(KEEP_ANY_ACCESS)
def end_trust_role(request: PersonRequest, appointment_id: uuid.UUID) -> HttpResponse:
    form = EndingForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        end_appointment(appointment_id=appointment_id, by=request.principal.actor, now=timezone.now(), reason=form.why)

    return _end_role(request, form, act, Kind.APPOINTMENT, appointment_id)


@require_http_methods(["GET", "POST"])
@requires(KEEP_ANY_ACCESS)
def end_leading(request: PersonRequest, lead_id: uuid.UUID) -> HttpResponse:
    form = EndingForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        end_lead(lead_id=lead_id, by=request.principal.actor, now=timezone.now(), reason=form.why)

    return _end_role(request, form, act, Kind.LEAD, lead_id)


def _end_role(
    request: PersonRequest, form: EndingForm, act: Callable[[], None], kind: Kind, role_id: uuid.UUID
) -> HttpResponse:
    person, today = person_with_role(kind, role_id), timezone.localdate()
    ending = RolePresenter(next(held for held in person.roles if held.id == role_id), today)
    asks = Ending(
        f"End this role of {person.user.full_name}?",
        [*trust_ending_sentences(person, ending), *_what_follows(person, ending.held, today)],
        refusal_of_last_administrator(person.user.id, {ending.held.role}, today),
        "End this role",
        is_over=not ending.held.stands_on(today),
    )
    return asked_or_ended(request, form, act, person.user, asks, back=_page_of(person.user.id))


def _what_follows(person: PersonAccess, held: HeldRole, day: date) -> list[str]:
    """What else ends when this is the last role for the trust, for a team, or for neighbourhoods."""
    if sum(_hat_of(one) == _hat_of(held) for one in person.standing(day)) > 1:
        return []
    team = held.where if held.kind is Kind.APPOINTMENT else ""
    last = (
        Departure(person.user, "neighbourhoods", None) if held.kind is Kind.LEAD else departure_from(person.user, team)
    )
    return consequences_of(last)


def _hat_of(held: HeldRole) -> tuple[Kind, str]:
    """Neighbourhoods are led under one hat; each team has its own."""
    return held.kind, held.where if held.kind is Kind.APPOINTMENT else ""


def _page_of(person_id: uuid.UUID) -> str:
    return reverse("providers:anybody", args=[person_id])

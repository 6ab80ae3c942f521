"""Who may do what in a provider, and ending it: the manager's pages."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.leaving import Departure, consequences_of
from accounts.web import PersonRequest, requires
from providers.acting import own_provider
from providers.cafe_names import cafe_names
from providers.forms.access import EndingForm
from providers.permissions import KEEP_OWN_ACCESS
from providers.presenters.access import (
    PersonPresenter,
    RolePresenter,
    ending_sentences,
    history_of,
    leaving_sentences,
)
from providers.selectors.access import people_of_provider, person_of_provider
from providers.services.leaving import end_membership, leave_provider, refusal_of_last_manager
from providers.views.endings import Ending, asked_or_ended


@require_GET
@requires(KEEP_OWN_ACCESS)
def list_access(request: PersonRequest) -> HttpResponse:
    today, cafes = timezone.localdate(), cafe_names()
    people = [PersonPresenter(person, today, cafes) for person in people_of_provider()]
    context = {
        "here": [person for person in people if person.standing],
        "gone": [person for person in people if not person.standing],
    }
    return render(request, "providers/access.jinja", context)


@require_GET
@requires(KEEP_OWN_ACCESS)
def show_access(request: PersonRequest, membership_id: uuid.UUID) -> HttpResponse:
    person = person_of_provider(membership_id)
    shown = PersonPresenter(person, timezone.localdate(), cafe_names())
    context = {
        "shown": shown,
        "history": history_of(person),
        "back_href": reverse("providers:access"),
        "leave_href": reverse("providers:leave_organisation", args=[membership_id]) if shown.standing else "",
        "leave_text": f"End all that they may do for {own_provider(request.principal).name}",
    }
    return render(request, "providers/person_access.jinja", context)


@require_http_methods(["GET", "POST"])
@requires(KEEP_OWN_ACCESS)
def end_role(request: PersonRequest, membership_id: uuid.UUID) -> HttpResponse:
    person, today, cafes = person_of_provider(membership_id), timezone.localdate(), cafe_names()
    ending = RolePresenter(next(held for held in person.roles if held.id == membership_id), today, cafes)
    provider = own_provider(request.principal)
    form = EndingForm(request.POST if request.method == "POST" else None)
    sentences = ending_sentences(person, ending, provider.name)
    if len(person.standing(today)) == 1:
        sentences += consequences_of(Departure(person.user, f"provider:{provider.id}", provider.id))

    def act() -> None:
        end_membership(membership_id=membership_id, by=request.principal.actor, now=timezone.now(), reason=form.why)

    refusal = refusal_of_last_manager(person.user.id, {ending.held.role}, today)
    heading = f"End this role of {person.user.full_name}?"
    asks = Ending(heading, sentences, refusal, "End this role", is_over=not ending.held.stands_on(today))
    return asked_or_ended(request, form, act, person.user, asks, back=_page_of(membership_id))


@require_http_methods(["GET", "POST"])
@requires(KEEP_OWN_ACCESS)
def leave_organisation(request: PersonRequest, membership_id: uuid.UUID) -> HttpResponse:
    person, today = person_of_provider(membership_id), timezone.localdate()
    provider = own_provider(request.principal)
    form = EndingForm(request.POST if request.method == "POST" else None)
    departure = Departure(person.user, f"provider:{provider.id}", provider.id)
    standing = person.standing(today)
    sentences = [*leaving_sentences(person, today, provider.name), *consequences_of(departure)] if standing else []

    def act() -> None:
        leave_provider(user_id=person.user.id, by=request.principal.actor, now=timezone.now(), reason=form.why)

    refusal = refusal_of_last_manager(person.user.id, {held.role for held in standing}, today)
    heading = f"End all that {person.user.full_name} may do for {provider.name}?"
    asks = Ending(heading, sentences, refusal, "End it all", is_over=not standing)
    return asked_or_ended(request, form, act, person.user, asks, back=_page_of(membership_id))


def _page_of(membership_id: uuid.UUID) -> str:
    return reverse("providers:person_access", args=[membership_id])

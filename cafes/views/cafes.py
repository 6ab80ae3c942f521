"""Cafés: the list, one café's page, and what is said of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.web import PersonRequest, requires
from cafes.forms.cafes import AddressForm, EndDeliveryPointForm, FactsForm, ProposeCafeForm, RenameForm
from cafes.models import Cafe
from cafes.permissions import APPROVE_CAFE, CHANGE_OWN_CAFES, SEE_ANY_CAFE, SEE_OWN_CAFES
from cafes.presenters.cafes import CafePresenter, CalendarPresenter, fact_differences, moves_offered
from cafes.selectors.cafes import addresses_of, cafes, earlier_names_of, find_cafe, statuses_of
from cafes.selectors.openings import exceptions_of, last_planned_day, next_sessions, patterns_of, sessions_ahead
from cafes.services.addresses import add_delivery_point, end_delivery_point, move_cafe
from cafes.services.cafes import ChangedMeanwhile, change_facts, propose_cafe, rename_cafe
from cafes.views.forms import form_page, plans
from providers.models import Provider
from sutg.common.errors import DomainError, NotFound
from sutg.nhsuk.forms import add_domain_error

PER_PAGE = 50


@require_GET
@requires(SEE_OWN_CAFES, SEE_ANY_CAFE)
def list_cafes(request: PersonRequest) -> HttpResponse:
    today = timezone.localdate()
    page = Paginator(cafes(), PER_PAGE).get_page(request.GET.get("page"))
    found = list(page)
    statuses, patterns, coming = statuses_of(found), patterns_of(found, today), next_sessions(found, today)
    shown = [CafePresenter(cafe, today, statuses[cafe.id], patterns[cafe.id], coming.get(cafe.id)) for cafe in found]
    context = {
        "page": page,
        "cafes": shown,
        "is_trust": request.principal.can(SEE_ANY_CAFE),
        "may_propose": request.principal.can(CHANGE_OWN_CAFES),
    }
    return render(request, "cafes/cafes.jinja", context)


@require_GET
@requires(SEE_OWN_CAFES, SEE_ANY_CAFE)
def show_cafe(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID) -> HttpResponse:
    cafe, today = find_cafe(provider_id, cafe_id), timezone.localdate()
    shown = CafePresenter(
        cafe,
        today,
        statuses_of([cafe])[cafe.id],
        patterns_of([cafe], today)[cafe.id],
        addresses=addresses_of(cafe),
        names=earlier_names_of(cafe),
    )
    principal = request.principal
    context = {
        "shown": shown,
        "cafe": cafe,
        "may_change": principal.can(CHANGE_OWN_CAFES),
        "may_plan": plans(request, cafe),
        "moves": moves_offered(
            shown, may_change=principal.can(CHANGE_OWN_CAFES), may_approve=principal.can(APPROVE_CAFE)
        ),
    }
    return render(request, "cafes/cafe.jinja", context)


@require_GET
@requires(SEE_OWN_CAFES, SEE_ANY_CAFE)
def show_calendar(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID) -> HttpResponse:
    cafe, today = find_cafe(provider_id, cafe_id), timezone.localdate()
    last = last_planned_day(today)
    calendar = CalendarPresenter(
        cafe,
        list(sessions_ahead(cafe, today)),
        exceptions_of(cafe, today),
        patterns_of([cafe], today)[cafe.id],
        today,
        last,
        may_plan=plans(request, cafe),
    )
    return render(
        request,
        "cafes/calendar.jinja",
        {"cafe": cafe, "calendar": calendar},
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE_OWN_CAFES)
def propose(request: PersonRequest) -> HttpResponse:
    form = ProposeCafeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        hat = request.principal.hat
        if hat is None or hat.provider_id is None:
            raise NotFound
        try:
            cafe = propose_cafe(
                provider=Provider.objects.get(id=hat.provider_id),
                since=timezone.localdate(),
                by=request.principal.actor,
                **form.cleaned_data,
            )
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, f"{cafe.name} is proposed. The trust decides whether it is approved.")
            return redirect("cafes:cafe", cafe.provider_id, cafe.id)
    return render(
        request,
        "cafes/cafe_form.jinja",
        {"form": form, "heading": "Propose a café", "button_text": "Propose this café", "back": reverse("cafes:cafes")},
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE_OWN_CAFES)
def edit_cafe(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID) -> HttpResponse:
    cafe = find_cafe(provider_id, cafe_id)
    form = FactsForm(request.POST if request.method == "POST" else None, initial=FactsForm.initial_of(cafe))
    context: dict[str, Any] = {"cafe": cafe, "heading": "What people are told", "button_text": "Save"}
    if request.method == "POST" and form.is_valid():
        try:
            change_facts(
                cafe=cafe,
                facts=form.facts,
                seen=form.seen,
                today=timezone.localdate(),
                by=request.principal.actor,
            )
        except ChangedMeanwhile as refusal:
            context["differences"] = fact_differences(cafe, form.facts)
            # What was typed stays; sent once more, it is meant to replace what the page now shows.
            form = FactsForm({**request.POST.dict(), **_lists(form), "version": str(cafe.version)})
            form.add_error(None, refusal.reason)
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, "Saved.")
            return redirect("cafes:cafe", provider_id, cafe_id)
    context |= {"form": form, "back": reverse("cafes:cafe", args=[provider_id, cafe_id])}
    return render(request, "cafes/cafe_form.jinja", context)


def _lists(form: FactsForm) -> dict[str, Any]:
    return {"features": form.cleaned_data["features"]}


@require_http_methods(["GET", "POST"])
@requires(CHANGE_OWN_CAFES)
def rename(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID) -> HttpResponse:
    cafe, today = find_cafe(provider_id, cafe_id), timezone.localdate()
    form = RenameForm(request.POST if request.method == "POST" else None, initial={"since": today})
    return form_page(
        request,
        cafe,
        form,
        heading=f"Give {cafe.name} another name",
        button="Change the name",
        done="The name was changed. The earlier one is kept in the café's history.",
        act=lambda: rename_cafe(cafe=cafe, today=today, by=request.principal.actor, **form.cleaned_data),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE_OWN_CAFES)
def move(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID) -> HttpResponse:
    return _address(request, find_cafe(provider_id, cafe_id), move_cafe, "Where is the café?", "The address was saved.")


@require_http_methods(["GET", "POST"])
@requires(CHANGE_OWN_CAFES)
def add_point(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID) -> HttpResponse:
    cafe = find_cafe(provider_id, cafe_id)
    return _address(request, cafe, add_delivery_point, "Add a delivery point", "The delivery point was added.")


def _address(request: PersonRequest, cafe: Cafe, service: Any, heading: str, done: str) -> HttpResponse:
    form = AddressForm(request.POST if request.method == "POST" else None, initial={"since": timezone.localdate()})
    return form_page(
        request,
        cafe,
        form,
        heading=heading,
        button="Save",
        done=done,
        act=lambda: service(cafe=cafe, place=form.place, since=form.cleaned_data["since"], by=request.principal.actor),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE_OWN_CAFES)
def end_point(
    request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID, cafe_address_id: uuid.UUID
) -> HttpResponse:
    cafe = find_cafe(provider_id, cafe_id)
    if not any(address.id == cafe_address_id for address in addresses_of(cafe)):
        raise NotFound
    form = EndDeliveryPointForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        cafe,
        form,
        heading="End a delivery point",
        button="Save",
        done="The delivery point ends on that day.",
        act=lambda: end_delivery_point(
            cafe=cafe, address_id=cafe_address_id, by=request.principal.actor, **form.cleaned_data
        ),
    )

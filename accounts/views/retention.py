"""What is held of people, why and for how long; what the next runs will erase; what is held back."""

from __future__ import annotations

import uuid
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms import HoldForm, RetentionPeriodForm
from accounts.permissions import KEEP_RETENTION
from accounts.presenters.retention import HoldPresenter, classes_of, forecast_rows, in_words
from accounts.selectors.people import names_of
from accounts.selectors.retention import forecasts, history_of, periods_to_come, standing_holds
from accounts.web import PersonRequest, requires
from sutg.common.errors import DomainError, NotFound
from sutg.nhsuk.forms import add_domain_error
from sutg.privacy.keeping import place_hold, release_hold, set_period
from sutg.privacy.retention import BY_CODE, months_in_force


@require_GET
@requires(KEEP_RETENTION)
def show_retention(request: PersonRequest) -> HttpResponse:
    today = timezone.localdate()
    found, holds = list(forecasts()), list(standing_holds(today))
    names = names_of({hold.placed_by for hold in holds})
    context = {
        "classes": classes_of(months_in_force(today), periods_to_come(today), found),
        "forecasts": forecast_rows(found),
        "as_of": found[0].as_of if found else None,
        "holds": [HoldPresenter(hold, names, today) for hold in holds],
    }
    return render(request, "accounts/retention.jinja", context)


@require_http_methods(["GET", "POST"])
@requires(KEEP_RETENTION)
def change_period(request: PersonRequest, code: str) -> HttpResponse:
    retention = BY_CODE.get(code)
    if retention is None:
        raise NotFound
    today = timezone.localdate()
    months = months_in_force(today)[retention]
    form = RetentionPeriodForm(request.POST if request.method == "POST" else None, initial={"months": months})
    if request.method == "POST" and form.is_valid():
        try:
            period = set_period(retention=retention, **form.cleaned_data, today=today, by=request.principal.actor)
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            said = f"Kept for {in_words(period.months)} from {period.applies_from.day} {period.applies_from:%B %Y}."
            messages.success(request, said)
            return redirect("accounts:retention")
    history = list(history_of(code))
    names = names_of({period.set_by for period in history})
    context = {
        "form": form,
        "label": retention.label,
        "months": in_words(months),
        "history": [
            [in_words(p.months), p.applies_from, p.reason, names.get(p.set_by, "the service")] for p in history
        ],
    }
    return render(request, "accounts/retention_period.jinja", context)


@require_http_methods(["GET", "POST"])
@requires(KEEP_RETENTION)
def new_hold(request: PersonRequest) -> HttpResponse:
    form = HoldForm(request.POST if request.method == "POST" else None, providers=_providers())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            place_hold(
                provider_id=uuid.UUID(said["provider"]),
                record_id=said["record_id"],
                reason=said["reason"],
                reference=said["reference"],
                until=said["until"],
                today=timezone.localdate(),
                by=request.principal.actor,
            )
        except NotFound:
            raise
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, "The hold is placed.")
            return redirect("accounts:retention")
    context = {"form": form, "heading": "Hold records", "button_text": "Place hold"}
    return render(request, "accounts/new_hold.jinja", context)


@require_POST
@requires(KEEP_RETENTION)
def end_hold(request: PersonRequest, retention_hold_id: uuid.UUID) -> HttpResponse:
    release_hold(hold_id=retention_hold_id, by=request.principal.actor)
    messages.success(request, "The hold is released.")
    return redirect("accounts:retention")


def _providers() -> list[tuple[str, str]]:
    found: Any = apps.get_model(settings.TENANT_MODEL)._default_manager.order_by("name")
    return [(str(pk), name) for pk, name in found.values_list("pk", "name")]

"""The directory of community services: find one, and keep it right."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.web import PersonRequest, requires
from cafes.forms.community_services import ServiceForm, ServicesFilter
from cafes.permissions import KEEP_OWN_SERVICES, KEEP_SHARED_SERVICES, SEE_SERVICES
from cafes.presenters.community_services import ServicePresenter, grouped
from cafes.selectors.community_services import community_services, find_service
from cafes.services.community_services import add_service, confirm_service, edit_service, end_service
from sutg.common.errors import ChangedMeanwhile, DomainError
from sutg.nhsuk.forms import add_domain_error

PAGE = "cafes/service_form.jinja"


@require_GET
@requires(SEE_SERVICES)
def list_services(request: PersonRequest) -> HttpResponse:
    form = ServicesFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = community_services(kind=chosen.get("kind", ""), words=chosen.get("words", ""))
    today = timezone.localdate()
    shown = [ServicePresenter(service, today, may_keep=_keeps(request, service)) for service in found]
    context = {
        "form": form,
        "groups": grouped(shown),
        "count": len(shown),
        "is_filtered": any(chosen.values()),
        "may_add": request.principal.can(KEEP_OWN_SERVICES) or request.principal.can(KEEP_SHARED_SERVICES),
    }
    return render(request, "cafes/services.jinja", context)


@require_http_methods(["GET", "POST"])
@requires(KEEP_OWN_SERVICES, KEEP_SHARED_SERVICES)
def add(request: PersonRequest) -> HttpResponse:
    form = ServiceForm(request.POST if request.method == "POST" else None, initial={"version": 0})
    if request.method == "POST" and form.is_valid():
        try:
            service = add_service(
                provider_id=_kept_by(request),
                facts=form.facts(),
                today=timezone.localdate(),
                by=request.principal.actor,
            )
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, f"{service.name} is in the directory.")
            return redirect("cafes:services")
    return render(request, PAGE, {"form": form, "is_shared": _kept_by(request) is None})


@require_http_methods(["GET", "POST"])
@requires(KEEP_OWN_SERVICES)
def edit_own(request: PersonRequest, own_service_id: uuid.UUID) -> HttpResponse:
    return _edit(request, own_service_id)


@require_http_methods(["GET", "POST"])
@requires(KEEP_SHARED_SERVICES)
def edit_shared(request: PersonRequest, shared_service_id: uuid.UUID) -> HttpResponse:
    return _edit(request, shared_service_id)


def _edit(request: PersonRequest, service_id: uuid.UUID) -> HttpResponse:
    keeper = _kept_by(request)
    service = find_service(keeper, service_id)
    form = ServiceForm(request.POST if request.method == "POST" else None, initial=ServiceForm.values_of(service))
    if request.method == "POST" and form.is_valid():
        try:
            edit_service(
                provider_id=keeper,
                service_id=service_id,
                facts=form.facts(),
                version=form.cleaned_data["version"],
                today=timezone.localdate(),
                by=request.principal.actor,
            )
        except ChangedMeanwhile:
            service = find_service(keeper, service_id)
            form.show_difference(ServiceForm.values_of(service), version=service.version)
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, "Saved, and noted as checked today.")
            return redirect("cafes:services")
    shown = ServicePresenter(service, timezone.localdate(), may_keep=True)
    return render(request, PAGE, {"form": form, "shown": shown, "is_shared": keeper is None})


@require_POST
@requires(KEEP_OWN_SERVICES)
def confirm_own(request: PersonRequest, own_service_id: uuid.UUID) -> HttpResponse:
    return _move(request, confirm_service, own_service_id, "Noted: checked today.")


@require_POST
@requires(KEEP_SHARED_SERVICES)
def confirm_shared(request: PersonRequest, shared_service_id: uuid.UUID) -> HttpResponse:
    return _move(request, confirm_service, shared_service_id, "Noted: checked today.")


@require_POST
@requires(KEEP_OWN_SERVICES)
def end_own(request: PersonRequest, own_service_id: uuid.UUID) -> HttpResponse:
    return _move(request, end_service, own_service_id, "Taken out of the directory.")


@require_POST
@requires(KEEP_SHARED_SERVICES)
def end_shared(request: PersonRequest, shared_service_id: uuid.UUID) -> HttpResponse:
    return _move(request, end_service, shared_service_id, "Taken out of the directory.")


def _move(request: PersonRequest, service: Any, service_id: uuid.UUID, said: str) -> HttpResponse:
    service(
        provider_id=_kept_by(request), service_id=service_id, today=timezone.localdate(), by=request.principal.actor
    )
    messages.success(request, said)
    return redirect("cafes:services")


def _kept_by(request: PersonRequest) -> uuid.UUID | None:
    """Whose directory this person keeps: their provider's, or None for the trust's."""
    hat = request.principal.hat
    return hat.provider_id if hat else None


def _keeps(request: PersonRequest, service: Any) -> bool:
    is_own = hasattr(service, "provider_id")
    return request.principal.can(KEEP_OWN_SERVICES if is_own else KEEP_SHARED_SERVICES)

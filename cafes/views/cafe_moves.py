"""Moving a café from one status to the next."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.web import PersonRequest, requires
from cafes.acting import deciding_on_cafes_of
from cafes.forms.cafes import MoveForm
from cafes.models import Cafe
from cafes.permissions import APPROVE_CAFE, CHANGE_OWN_CAFES
from cafes.selectors.cafes import find_cafe
from cafes.services.cafe_statuses import approve_cafe, call_off_move, close_cafe, open_cafe, pause_cafe
from cafes.views.forms import carry_out, form_page


@require_http_methods(["GET", "POST"])
@requires(APPROVE_CAFE, atomic=False)
def approve(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID) -> HttpResponse:
    with deciding_on_cafes_of(request.principal, provider_id):
        cafe = find_cafe(provider_id, cafe_id)
        return _move(request, cafe, approve_cafe, "Approve", "is approved.", needs_reason=False)


@require_http_methods(["GET", "POST"])
@requires(CHANGE_OWN_CAFES)
def open_(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID) -> HttpResponse:
    cafe = find_cafe(provider_id, cafe_id)
    return _move(request, cafe, open_cafe, "Open", "opens on that day.", needs_reason=False)


@require_http_methods(["GET", "POST"])
@requires(CHANGE_OWN_CAFES)
def pause(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID) -> HttpResponse:
    cafe = find_cafe(provider_id, cafe_id)
    return _move(request, cafe, pause_cafe, "Pause", "pauses from that day.", needs_reason=True)


@require_http_methods(["GET", "POST"])
@requires(CHANGE_OWN_CAFES)
def close(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID) -> HttpResponse:
    cafe = find_cafe(provider_id, cafe_id)
    return _move(request, cafe, close_cafe, "Close for good:", "closes for good on that day.", needs_reason=True)


def _move(
    request: PersonRequest, cafe: Cafe, service: Any, verb: str, done: str, *, needs_reason: bool
) -> HttpResponse:
    today = timezone.localdate()
    form = MoveForm(request.POST if request.method == "POST" else None, today=today, needs_reason=needs_reason)
    return form_page(
        request,
        cafe,
        form,
        heading=f"{verb} {cafe.name}",
        button="Confirm",
        done=f"{cafe.name} {done}",
        act=lambda: service(cafe=cafe, today=today, by=request.principal.actor, **form.cleaned_data),
    )


@require_POST
@requires(CHANGE_OWN_CAFES)
def call_off(request: PersonRequest, provider_id: uuid.UUID, cafe_id: uuid.UUID) -> HttpResponse:
    cafe = find_cafe(provider_id, cafe_id)
    return carry_out(
        request,
        cafe,
        lambda: call_off_move(cafe=cafe, today=timezone.localdate(), by=request.principal.actor),
        done="The change that lay ahead was called off.",
        to="cafes:cafe",
    )

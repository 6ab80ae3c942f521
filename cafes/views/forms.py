"""The one way in which a form about a café is shown, sent, refused and done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.web import PersonRequest
from cafes.acting import refuse_others_cafe
from cafes.models import Cafe
from cafes.permissions import PLAN_OWN_SESSIONS
from sutg.common.errors import DomainError, NotFound
from sutg.nhsuk.forms import Form, add_domain_error


def form_page(
    request: PersonRequest,
    cafe: Cafe,
    form: Form,
    *,
    heading: str,
    button: str,
    done: str,
    act: Callable[[], Any],
    to: str = "cafes:cafe",
    **context: Any,
) -> HttpResponse:
    """Show ``form``, or carry out ``act`` and go to the café's page ``to``; a refusal stands at its field."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except NotFound:
            raise
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, done)
            return redirect(to, cafe.provider_id, cafe.id)
    context |= {
        "form": form,
        "cafe": cafe,
        "heading": heading,
        "button_text": button,
        "back": reverse(to, args=[cafe.provider_id, cafe.id]),
    }
    return render(request, "cafes/cafe_form.jinja", context)


def carry_out(request: PersonRequest, cafe: Cafe, act: Callable[[], Any], *, done: str, to: str) -> HttpResponse:
    """Carry out what needs no form; a refusal is shown on the next page."""
    try:
        act()
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, done)
    return redirect(to, cafe.provider_id, cafe.id)


def plans(request: PersonRequest, cafe: Cafe) -> bool:
    """Whether the person sets this café's openings: a lead of some cafés sets theirs."""
    if not request.principal.can(PLAN_OWN_SESSIONS):
        return False
    try:
        refuse_others_cafe(request.principal, PLAN_OWN_SESSIONS, cafe)
    except NotFound:
        return False
    return True

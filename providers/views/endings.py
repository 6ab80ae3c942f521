"""The page that says what will end, asks why, and ends it: for the manager and for the administrator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import User
from accounts.web import PersonRequest
from providers.forms.access import EndingForm
from sutg.common.errors import DomainError, NotFound
from sutg.nhsuk.forms import add_domain_error

ENDED_ALREADY = "Somebody has ended this already. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Ending:
    """What the page says. ``refusal``: why it cannot be done, "" when it can; ``is_over``: there is nothing to end."""

    heading: str
    sentences: Sequence[str]
    refusal: str
    button_text: str
    is_over: bool = False


def asked_or_ended(
    request: PersonRequest, form: EndingForm, act: Callable[[], object], user: User, ending: Ending, *, back: str
) -> HttpResponse:
    """The page that asks; or the act, and then ``back``, the page of ``user``."""
    if ending.is_over:
        messages.error(request, ENDED_ALREADY)
        return redirect(back)
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except NotFound:
            messages.error(request, ENDED_ALREADY)
            return redirect(back)
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, "It has ended. What was recorded of it is below.")
            # Whoever ended a role of their own may not see this page any more.
            return redirect("home" if user.id == request.principal.user.id else back)
    context = {
        "form": form,
        "heading": ending.heading,
        "sentences": ending.sentences,
        "refusal": ending.refusal,
        "button_text": ending.button_text,
        "back_href": back,
        "invite_href": reverse("providers:invite"),
    }
    return render(request, "providers/end_access.jinja", context)

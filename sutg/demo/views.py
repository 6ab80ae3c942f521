"""Sign in as one of the demo's people with one click. Not installed in production, which refuses to start with it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.factors import record_second_factor
from accounts.hats import TRUST_NAME
from accounts.models import User
from accounts.web import public
from sutg.demo.personas import BY_KEY, PERSONAS, Persona


def held_for(persona: Persona) -> str:
    """What the role is held for, in words: a café, a provider, a team, a neighbourhood or the trust."""
    provider = persona.provider.replace("-", " ").title()
    if persona.cafe:
        return f"{persona.cafe} ({provider})"
    if persona.neighbourhood:
        return "Belgrave and Spinney"
    return provider or persona.team or TRUST_NAME


@public
@require_GET
def personas(request: HttpRequest) -> HttpResponse:
    people = [{"key": p.key, "name": p.name, "role": p.role.label, "held_for": held_for(p)} for p in PERSONAS]
    return render(request, "demo/personas.jinja", {"people": people})


@public
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    persona = BY_KEY.get(request.POST.get("persona", ""))
    user = User.objects.filter(email=persona.email).first() if persona else None
    if user is None:
        raise Http404
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    # One click stands for password and second step alike; production refuses to start with the demo.
    record_second_factor(request, user, kind="demo")
    return redirect("home")

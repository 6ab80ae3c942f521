"""The start page: for whom you act, and what needs doing next."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.navigation import tasks_for
from accounts.permissions import SEE_HOME
from accounts.web import PersonRequest, requires


@require_GET
@requires(SEE_HOME)
def home(request: PersonRequest) -> HttpResponse:
    principal = request.principal
    return render(
        request,
        "accounts/home.jinja",
        {
            "tasks": tasks_for(principal),
            "roles": sorted(role.label for role in principal.hat.roles) if principal.hat else [],
            "hat": principal.hat,
            "other_hats": [hat for hat in principal.hats if hat != principal.hat],
        },
    )

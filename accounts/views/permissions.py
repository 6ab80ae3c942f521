"""What each role may do, in sentences."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import SEE_PERMISSIONS, permissions_of
from accounts.roles import Role
from accounts.web import PersonRequest, requires


@require_GET
@requires(SEE_PERMISSIONS)
def show_permissions(request: PersonRequest) -> HttpResponse:
    roles = [
        {
            "title": role.label,
            "held_for": role.held_for.label,
            "sentences": [permission.sentence for permission in permissions_of(role)],
        }
        for role in Role
    ]
    return render(request, "accounts/permissions.jinja", {"roles": roles})

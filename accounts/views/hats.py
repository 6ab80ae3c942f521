"""Change for whom you act."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.middleware import SESSION_KEY
from accounts.permissions import CHANGE_HAT
from accounts.web import PersonRequest, requires
from sutg.common.errors import NotFound


@require_POST
@requires(CHANGE_HAT)
def change_hat(request: PersonRequest) -> HttpResponse:
    chosen = request.POST.get("hat", "")
    if chosen not in {hat.key for hat in request.principal.hats}:
        raise NotFound
    request.session[SESSION_KEY] = chosen
    return redirect("home")

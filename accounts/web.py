"""How a page says what it needs: a named permission, and with it the scope and the transaction.

Every view carries one of these decorators; an architecture test refuses a URL whose view has none.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from accounts.factors import lacks_second_factor, way_to_second_factor
from accounts.kept_forms import keep_form
from accounts.navigation import navigation_for
from accounts.permissions import Permission
from accounts.principal import Principal
from sutg.common.errors import NotFound
from sutg.tenancy import scope as scopes

View = Callable[..., HttpResponseBase]
PUBLIC = "public"


class PersonRequest(HttpRequest):
    """A request of a signed-in person who has the permission that the view names."""

    principal: Principal


def requires(*permissions: Permission, atomic: bool = True) -> Callable[[View], View]:
    """The view is for people with any of ``permissions``, and runs in their scope and one transaction.

    Whoever holds a role that needs a second factor, and signed in without, is led to it before anything else opens.
    ``atomic=False`` leaves the transaction to the view: for uploads, where a slow client would hold a connection.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            principal: Principal | None = request.principal or None
            if principal is None:
                if request.method == "POST":
                    keep_form(request)
                return redirect_to_login(request.get_full_path())
            if lacks_second_factor(request, principal):
                return redirect(way_to_second_factor(request))
            if not any(principal.can(permission) for permission in permissions):
                raise PermissionDenied
            request.principal = principal
            request.hat_label = principal.hat.label if principal.hat else ""
            request.navigation = navigation_for(principal, request.path)
            try:
                with scopes.enter(principal.scope), transaction.atomic() if atomic else nullcontext():
                    return view(request, *args, **kwargs)
            except NotFound as error:
                raise Http404 from error

        checked.sutg_permissions = permissions  # type: ignore[attr-defined]
        return checked

    return decorate


def public(view: View) -> View:
    """The view is for anybody and reads no tenant's table."""
    view.sutg_permissions = PUBLIC  # type: ignore[attr-defined]
    return view

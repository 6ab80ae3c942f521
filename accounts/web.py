"""How a page says what it needs: a named permission, and with it the scope and the transaction.

Every view carries one of these decorators; an architecture test refuses a URL whose view has none.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string

from accounts.factors import lacks_second_factor, way_to_second_factor
from accounts.kept_forms import KeptForm, drop_form, find_forms, keep_form, mark_for
from accounts.navigation import navigation_for
from accounts.permissions import Permission
from accounts.principal import Principal
from accounts.refill import refilled
from accounts.submissions import answered_once
from sutg.common.errors import NotFound
from sutg.tenancy import scope as scopes

View = Callable[..., HttpResponseBase]
PUBLIC = "public"
NOT_SAVED = "You were signed out before this was saved. What you typed is below: check it, and save it."
NO_FILES = f"{NOT_SAVED} A file has to be chosen again."


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
                page = keep_form(request) if request.method == "POST" else None
                return redirect_to_login(page or request.get_full_path())
            if lacks_second_factor(request, principal):
                return redirect(way_to_second_factor(request))
            if not any(principal.can(permission) for permission in permissions):
                raise PermissionDenied
            request.principal = principal
            request.hat_label = principal.hat.label if principal.hat else ""
            request.form_mark = mark_for(principal.user.id, principal.hat.key) if principal.hat else ""
            request.navigation = navigation_for(principal, request.path)

            def carry_out() -> HttpResponseBase:
                with scopes.enter(principal.scope), transaction.atomic() if atomic else nullcontext():
                    return view(request, *args, **kwargs)

            try:
                response = answered_once(request, principal, carry_out)
            except NotFound as error:
                raise Http404 from error
            return put_back(request, response, principal)

        checked.sutg_permissions = permissions  # type: ignore[attr-defined]
        return checked

    return decorate


def put_back(request: Any, response: HttpResponseBase, principal: Principal) -> HttpResponseBase:
    """The page with what this person had typed into it when their sign-in ran out, once."""
    if request.method != "GET" or response.status_code != HTTPStatus.OK or not isinstance(response, HttpResponse):
        return response
    kept = _form_for(request, principal)
    if kept is None:
        return response
    note, note_on_files = (
        render_to_string("accounts/kept_form_note.jinja", {"text": text}) for text in (NOT_SAVED, NO_FILES)
    )
    page = refilled(response.content.decode(), request.path, kept, note, note_on_files)
    if page is not None:
        response.content = page.encode()
        drop_form(request, principal.user.id, kept)
    return response


def _form_for(request: Any, principal: Principal) -> KeptForm | None:
    """Typed for one organisation, it is never put before the same person acting for another."""
    if principal.hat is None:
        return None
    here = (principal.hat.key, request.get_full_path())
    return next((kept for kept in find_forms(request, principal.user.id) if (kept.hat, kept.page) == here), None)


def public(view: View) -> View:
    """The view is for anybody and reads no tenant's table."""
    view.sutg_permissions = PUBLIC  # type: ignore[attr-defined]
    return view

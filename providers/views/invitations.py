"""Invitations: the list, a new one, sending one again and taking one back; for managers and the administrator."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.roles import Role
from accounts.selectors.people import names_of
from accounts.web import PersonRequest, requires
from providers.acting import own_provider
from providers.cafe_names import cafe_names
from providers.forms.invitations import InviteForTrustForm, InvitePersonForm
from providers.models import Invitation, InvitationState, Neighbourhood, TrustInvitation
from providers.permissions import INVITE_OWN_PEOPLE, INVITE_TRUST_PEOPLE
from providers.presenters.invitations import InvitationPresenter
from providers.selectors.invitations import in_state, invitations
from providers.services.invitations import (
    AnyInvitation,
    Kind,
    invite,
    invite_for_trust,
    resend_invitation,
    revoke_invitation,
)
from providers.tasks import hint
from sutg.common.errors import DomainError, NotFound
from sutg.nhsuk.forms import add_domain_error

PER_PAGE = 50


@require_GET
@requires(INVITE_OWN_PEOPLE, INVITE_TRUST_PEOPLE)
def list_invitations(request: PersonRequest) -> HttpResponse:
    kind, now = _kind(request), timezone.now()
    chosen = request.GET.get("state", "")
    state = InvitationState(chosen) if chosen in InvitationState else None
    found = invitations(kind)
    page = Paginator(in_state(found, state, now) if state else found, PER_PAGE).get_page(request.GET.get("page"))
    names = names_of({actor for row in page for actor in (row.invited_by, row.revoked_by) if actor})
    places: dict[Any, str] = (
        dict(cafe_names()) if kind is Invitation else dict(Neighbourhood.objects.values_list("code", "name"))
    )
    context = {
        "page": page,
        "invitations": [InvitationPresenter(row, now, names, places) for row in page],
        "states": [("", "All"), *InvitationState.choices],
        "state": state.value if state else "",
    }
    return render(request, "providers/invitations.jinja", context)


@require_http_methods(["GET", "POST"])
@requires(INVITE_OWN_PEOPLE, INVITE_TRUST_PEOPLE)
def invite_person(request: PersonRequest) -> HttpResponse:
    is_trust = _kind(request) is TrustInvitation
    data = request.POST if request.method == "POST" else None
    today = {"since": timezone.localdate()}
    form = (
        InviteForTrustForm(data, initial=today)
        if is_trust
        else InvitePersonForm(data, initial=today, cafes=cafe_names())
    )
    if request.method == "POST" and form.is_valid():
        try:
            invitation = _invite(request, form)
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            transaction.on_commit(partial(hint, invitation))
            messages.success(request, "The invitation is on its way.")
            return redirect("providers:invitations")
    return render(request, "providers/invite.jinja", {"form": form, "days": settings.INVITATION_DAYS})


@require_POST
@requires(INVITE_OWN_PEOPLE)
def resend(request: PersonRequest, invitation_id: uuid.UUID) -> HttpResponse:
    return _resend(request, Invitation, invitation_id)


@require_POST
@requires(INVITE_OWN_PEOPLE)
def revoke(request: PersonRequest, invitation_id: uuid.UUID) -> HttpResponse:
    return _revoke(request, Invitation, invitation_id)


@require_POST
@requires(INVITE_TRUST_PEOPLE)
def resend_for_trust(request: PersonRequest, trust_invitation_id: uuid.UUID) -> HttpResponse:
    return _resend(request, TrustInvitation, trust_invitation_id)


@require_POST
@requires(INVITE_TRUST_PEOPLE)
def revoke_for_trust(request: PersonRequest, trust_invitation_id: uuid.UUID) -> HttpResponse:
    return _revoke(request, TrustInvitation, trust_invitation_id)


def _kind(request: PersonRequest) -> Kind:
    return Invitation if request.principal.can(INVITE_OWN_PEOPLE) else TrustInvitation


def _invite(request: PersonRequest, form: InvitePersonForm | InviteForTrustForm) -> AnyInvitation:
    given = form.cleaned_data
    shared = {
        "email": given["email"],
        "role": Role(given["role"]),
        "since": given["since"],
        "until": given["until"],
        "by": request.principal.actor,
        "now": timezone.now(),
    }
    if isinstance(form, InvitePersonForm):
        provider = own_provider(request.principal)
        return invite(provider=provider, cafe_ids=form.cafe_ids, **shared)
    return invite_for_trust(
        team=given["team"], neighbourhoods=given["neighbourhoods"], organisation=given["organisation"], **shared
    )


def _resend(request: PersonRequest, kind: Kind, invitation_id: uuid.UUID) -> HttpResponse:
    try:
        invitation = resend_invitation(
            kind=kind, invitation_id=invitation_id, by=request.principal.actor, now=timezone.now()
        )
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.reason)
    else:
        transaction.on_commit(partial(hint, invitation))
        messages.success(request, "The invitation is being sent again, with a new link.")
    return redirect("providers:invitations")


def _revoke(request: PersonRequest, kind: Kind, invitation_id: uuid.UUID) -> HttpResponse:
    try:
        revoke_invitation(kind=kind, invitation_id=invitation_id, by=request.principal.actor, now=timezone.now())
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, "The invitation was taken back. Its link no longer works.")
    return redirect("providers:invitations")

"""Where the link of an invitation leads."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.factors import record_password
from accounts.models import User
from accounts.web import public
from providers.forms.invitations import NewAccountForm
from providers.letters import offered
from providers.links import Link, read_link
from providers.models import InvitationState
from providers.services.acceptance import Offer, accept_invitation, find_offer
from sutg.common.errors import DomainError, NotFound
from sutg.nhsuk.forms import add_domain_error


@public
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is offered and let its addressee take it up: signed in, or by choosing a name and a password."""
    link, now = read_link(token), timezone.now()
    if link is None:
        return _useless(request)
    try:
        offer = find_offer(link=link, now=now)
    except NotFound:
        return _useless(request)
    if offer.state is not InvitationState.PENDING:
        return _useless(request)
    user = request.user if isinstance(request.user, User) else None
    if user is None and not offer.has_account:
        return _open_account(request, link, offer)
    return _take_up(request, link, offer, user)


def _open_account(request: HttpRequest, link: Link, offer: Offer) -> HttpResponse:
    form = NewAccountForm(request.POST if request.method == "POST" else None, email=offer.email)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user = accept_invitation(
                link=link, now=timezone.now(), full_name=given["full_name"], password=given["password"]
            )
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
            record_password(request, user)
            return _welcome(request, offer)
    return _page(request, offer, form=form)


def _take_up(request: HttpRequest, link: Link, offer: Offer, user: User | None) -> HttpResponse:
    refusal = ""
    is_theirs = user is not None and user.email.lower() == offer.email
    if request.method == "POST" and is_theirs:
        try:
            accept_invitation(link=link, now=timezone.now(), user=user)
        except DomainError as refused:
            refusal = refused.reason
        else:
            return _welcome(request, offer)
    return _page(request, offer, is_theirs=is_theirs, is_signed_in=user is not None, refusal=refusal)


def _page(request: HttpRequest, offer: Offer, **context: object) -> HttpResponse:
    words = offered(offer.role, offer.held_for)
    return render(request, "providers/accept.jinja", {"offer": offer, "offered": words, "form": None, **context})


def _welcome(request: HttpRequest, offer: Offer) -> HttpResponse:
    messages.success(request, f"You are now {offered(offer.role, offer.held_for)}.")
    return redirect("home")


def _useless(request: HttpRequest) -> HttpResponse:
    """The same for a link that ended, was used, was replaced, or never was."""
    return render(request, "providers/invitation_ended.jinja", status=404)

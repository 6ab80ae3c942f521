"""The quarterly review of access: the manager's of their provider, the administrator's of the trust."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.selectors.people import names_of
from accounts.web import PersonRequest, requires
from providers.cafe_names import cafe_names
from providers.forms.access import END, KEEP, ReviewForm
from providers.models import AccessReview, TrustAccessReview
from providers.permissions import KEEP_ANY_ACCESS, KEEP_OWN_ACCESS
from providers.presenters.access import RolePresenter
from providers.presenters.access_reviews import ReviewPresenter, state_sentence
from providers.selectors.access_reviews import (
    ReviewKind,
    find_review,
    people_to_review,
    review_state,
    reviews,
    roles_to_review,
)
from providers.services.access_reviews import sign_review
from sutg.common.errors import DomainError
from sutg.nhsuk.forms import add_domain_error


@dataclass(frozen=True, slots=True)
class _Desk:
    """Whose review it is, and where its pages are."""

    kind: ReviewKind
    whose: str
    people: str
    list: str
    new: str
    one: str


_OWN = _Desk(
    *(AccessReview, "your organisation", "providers:access", "providers:access_reviews"),
    *("providers:review_access", "providers:access_review"),
)
_TRUST = _Desk(
    *(TrustAccessReview, "the trust, its teams and neighbourhoods", "providers:everybody"),
    *("providers:trust_access_reviews", "providers:review_trust_access", "providers:trust_access_review"),
)


@require_GET
@requires(KEEP_OWN_ACCESS)
def list_own(request: PersonRequest) -> HttpResponse:
    return _list(request, _OWN)


@require_GET
@requires(KEEP_ANY_ACCESS)
def list_trust(request: PersonRequest) -> HttpResponse:
    return _list(request, _TRUST)


@require_http_methods(["GET", "POST"])
@requires(KEEP_OWN_ACCESS)
def review_own(request: PersonRequest) -> HttpResponse:
    return _review(request, _OWN)


@require_http_methods(["GET", "POST"])
@requires(KEEP_ANY_ACCESS)
def review_trust(request: PersonRequest) -> HttpResponse:
    return _review(request, _TRUST)


@require_GET
@requires(KEEP_OWN_ACCESS)
def show_own(request: PersonRequest, access_review_id: uuid.UUID) -> HttpResponse:
    return _show(request, _OWN, access_review_id)


@require_GET
@requires(KEEP_ANY_ACCESS)
def show_trust(request: PersonRequest, trust_access_review_id: uuid.UUID) -> HttpResponse:
    return _show(request, _TRUST, trust_access_review_id)


def _list(request: PersonRequest, desk: _Desk) -> HttpResponse:
    signed, state = reviews(desk.kind), review_state(desk.kind, timezone.localdate())
    names = names_of({review.signed_by for review in signed})
    context = {
        "state": state_sentence(state),
        "is_overdue": state.is_overdue,
        "new_href": "" if state.is_signed else reverse(desk.new),
        "people_href": reverse(desk.people),
        "whose": desk.whose,
        "reviews": [ReviewPresenter(review, names, reverse(desk.one, args=[review.id])) for review in signed],
    }
    return render(request, "providers/access_reviews.jinja", context)


def _review(request: PersonRequest, desk: _Desk) -> HttpResponse:
    today = timezone.localdate()
    state = review_state(desk.kind, today)
    if state.is_signed:
        messages.error(request, "The review of this quarter is signed already.")
        return redirect(desk.list)
    cafes = cafe_names() if desk is _OWN else None
    shown = [RolePresenter(held, today, cafes) for held in roles_to_review(desk.kind, today)]
    asked = {one.held.id: (f"{one.held.user.full_name}: {one.title}", one.term) for one in shown}
    form = ReviewForm(request.POST if request.method == "POST" else None, roles=asked)
    if request.method == "POST" and form.is_valid():
        try:
            sign_review(
                kind=desk.kind,
                kept=form.answered(KEEP),
                ended=form.answered(END),
                by=request.principal.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, "The review is signed. Roles that you ended have ended.")
            return redirect(desk.list)
    context = {"form": form, "list_href": reverse(desk.list), "whose": desk.whose, "quarter": state.quarter.label}
    return render(request, "providers/review_access.jinja", context)


def _show(request: PersonRequest, desk: _Desk, review_id: uuid.UUID) -> HttpResponse:
    review = find_review(desk.kind, review_id)
    cafes = cafe_names() if desk is _OWN else None
    roles = {held.id: held for person in people_to_review(desk.kind) for held in person.roles}
    shown = ReviewPresenter(review, names_of({review.signed_by}), "")
    context = {
        "shown": shown,
        "list_href": reverse(desk.list),
        "kept": shown.lines(review.kept_ids, roles, cafes),
        "ended": shown.lines(review.ended_ids, roles, cafes),
    }
    return render(request, "providers/access_review.jinja", context)

"""Joining return codes that are one person's, and parting them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.web import PersonRequest, requires
from cafes.forms.visitor_merges import JoinForm
from cafes.models import Cafe
from cafes.permissions import RECONCILE_SESSIONS
from cafes.presenters.visitor_merges import MergePresenter
from cafes.selectors.visitor_merges import find_merge, merges_at
from cafes.services.visitor_merges import join_codes, part_codes
from cafes.views.at_desk import own_cafes
from sutg.common.errors import DomainError, NotFound
from sutg.nhsuk.forms import add_domain_error

PER_PAGE = 25


@require_http_methods(["GET", "POST"])
@requires(RECONCILE_SESSIONS)
def join(request: PersonRequest) -> HttpResponse:
    mine = own_cafes(request, RECONCILE_SESSIONS)
    cafes = list(Cafe.objects.all() if mine is None else Cafe.objects.filter(id__in=mine))
    form = JoinForm(request.POST if request.method == "POST" else None, cafes=cafes)
    if request.method == "POST" and form.is_valid():
        try:
            join_codes(
                cafe_id=uuid.UUID(form.cleaned_data["cafe"]),
                first=form.cleaned_data["first"],
                second=form.cleaned_data["second"],
                by=request.principal.actor,
                now=timezone.now(),
            )
        except NotFound:
            raise
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, "The two codes count as one person from now on, and for the time before.")
            return redirect("cafes:join_codes")
    page = Paginator(merges_at(mine), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "merges": [MergePresenter(merge) for merge in page]}
    return render(request, "cafes/join_codes.jinja", context)


@require_POST
@requires(RECONCILE_SESSIONS)
def part(request: PersonRequest, visitor_merge_id: uuid.UUID) -> HttpResponse:
    merge = find_merge(visitor_merge_id, own_cafes(request, RECONCILE_SESSIONS))
    try:
        part_codes(visitor_merge_id=merge.id, by=request.principal.actor, now=timezone.now())
    except NotFound:
        raise
    except DomainError as refusal:
        messages.warning(request, refusal.reason)
    else:
        messages.success(request, "Parted. Everything counts as if the codes had never been joined.")
    return redirect("cafes:join_codes")

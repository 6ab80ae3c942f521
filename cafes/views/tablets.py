"""Give cafés a tablet, see how each is, and take its access away."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

import segno
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from markupsafe import Markup

from accounts.selectors.people import names_of
from accounts.submissions import as_answer
from accounts.web import PersonRequest, requires
from cafes.forms.tablets import AddTabletForm, EndTabletForm, NewPinForm
from cafes.models import Cafe, Tablet
from cafes.permissions import KEEP_TABLETS
from cafes.presenters.tablets import TabletPresenter, TabletRecordPresenter
from cafes.selectors.kept_tablets import (
    KeptTablet,
    find_kept_tablet,
    kept_tablets,
    records_set_aside,
    records_to_settle,
)
from cafes.selectors.tablets import people_who_open
from cafes.services.tablet_recovery import allow_new_pin
from cafes.services.tablets import ENROLMENT_LASTS, add_tablet, renew_link, revoke_tablet
from sutg.common.errors import DomainError, NotFound
from sutg.common.links import Link
from sutg.nhsuk.forms import Form, add_domain_error

PER_PAGE = 50


@require_GET
@requires(KEEP_TABLETS)
def list_tablets(request: PersonRequest) -> HttpResponse:
    now = timezone.now()
    shown = [TabletPresenter(kept, now) for kept in kept_tablets(cafe_ids=cafes_kept(request))]
    return render(request, "cafes/tablets.jinja", {"tablets": shown})


@require_http_methods(["GET", "POST"])
@requires(KEEP_TABLETS)
def add(request: PersonRequest) -> HttpResponse:
    form = AddTabletForm(_sent(request), cafes=_cafes(request))
    if request.method == "POST" and form.is_valid():
        try:
            tablet, link = add_tablet(
                cafe_id=uuid.UUID(form.cleaned_data["cafe"]),
                name=form.cleaned_data["name"],
                by=request.principal.actor,
                now=timezone.now(),
            )
        except NotFound:
            raise
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            return _code_page(request, tablet, link)
    context = {"form": form, "heading": "Add a tablet", "button": "Show the code"}
    return render(request, "cafes/tablet_form.jinja", context)


@require_GET
@requires(KEEP_TABLETS)
def show(request: PersonRequest, tablet_id: uuid.UUID) -> HttpResponse:
    kept = _find(request, tablet_id)
    tablet = kept.tablet
    names = names_of({actor for actor in (tablet.added_by, tablet.revoked_by, _person(tablet)) if actor})
    shown = TabletPresenter(kept, timezone.now())
    page = Paginator(records_to_settle(tablet.id), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "tablet": tablet,
        "shown": shown,
        "summary": shown.summary(names),
        "pin_for": names.get(_person(tablet), "") if shown.pin_until else "",
        "page": page,
        "records": [TabletRecordPresenter(row) for row in page],
        "aside": [TabletRecordPresenter(row) for row in records_set_aside(tablet.id)],
        "stands": tablet.revoked_at is None,
    }
    return render(request, "cafes/tablet.jinja", context)


@require_POST
@requires(KEEP_TABLETS)
def show_code(request: PersonRequest, tablet_id: uuid.UUID) -> HttpResponse:
    kept = _find(request, tablet_id)
    link = renew_link(tablet_id=kept.tablet.id, by=request.principal.actor, now=timezone.now())
    return _code_page(request, kept.tablet, link)


@require_http_methods(["GET", "POST"])
@requires(KEEP_TABLETS)
def allow_pin(request: PersonRequest, tablet_id: uuid.UUID) -> HttpResponse:
    tablet = _standing(request, tablet_id).tablet
    form = NewPinForm(_sent(request), people=people_who_open(tablet.cafe_id, timezone.now()))
    if request.method == "POST" and form.is_valid():
        person = uuid.UUID(form.cleaned_data["person"])
        try:
            allow_new_pin(tablet_id=tablet.id, user_id=person, by=request.principal.actor, now=timezone.now())
        except NotFound:
            add_domain_error(form, DomainError("Set this tablet up first, with a code."))
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, "A new PIN can be set on the tablet within 15 minutes.")
            return redirect("cafes:tablet", tablet.id)
    return _form_page(request, tablet, form, "Allow a new PIN", "Allow a new PIN", "new_pin")


@require_http_methods(["GET", "POST"])
@requires(KEEP_TABLETS)
def revoke(request: PersonRequest, tablet_id: uuid.UUID) -> HttpResponse:
    kept = _find(request, tablet_id)
    if kept.tablet.revoked_at is not None:
        return redirect("cafes:tablet", tablet_id)
    if request.method == "POST":
        revoke_tablet(tablet_id=tablet_id, by=request.principal.actor, now=timezone.now())
        messages.success(request, "The tablet’s access has ended. Nothing on it was deleted.")
        return redirect("cafes:tablet", tablet_id)
    shown = TabletPresenter(kept, timezone.now())
    return _form_page(request, kept.tablet, EndTabletForm(), "End this tablet’s access", "End access", "end", shown)


def cafes_kept(request: PersonRequest) -> frozenset[uuid.UUID] | None:
    """The cafés whose tablets the person keeps; None for every café of the provider."""
    hat = request.principal.hat
    return hat.cafes_for(KEEP_TABLETS) if hat else frozenset()


def _find(request: PersonRequest, tablet_id: uuid.UUID) -> KeptTablet:
    return find_kept_tablet(tablet_id, cafe_ids=cafes_kept(request))


def _standing(request: PersonRequest, tablet_id: uuid.UUID) -> KeptTablet:
    kept = _find(request, tablet_id)
    if kept.tablet.revoked_at is not None:
        raise NotFound
    return kept


def _cafes(request: PersonRequest) -> list[Cafe]:
    kept: Collection[uuid.UUID] | None = cafes_kept(request)
    cafes = Cafe.objects.order_by("name")
    return list(cafes if kept is None else cafes.filter(id__in=kept))


def _sent(request: PersonRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _person(tablet: Tablet) -> str:
    return f"user:{tablet.pin_for}" if tablet.pin_for else ""


def _code_page(request: PersonRequest, tablet: Tablet, link: Link) -> HttpResponse:
    """A POST that answers with a page: the code is shown once, and again only to whoever sends the same form again."""
    app = request.build_absolute_uri(reverse("cafes:tablet_app"))
    # In the fragment, which no browser sends and no server logs.
    address = f"{app}#{link.as_text()}"
    drawn = segno.make(address, error="m").svg_inline(scale=4, title="Code to scan with the tablet", omitsize=True)
    context = {
        "tablet": tablet,
        "cafe": tablet.cafe,
        "app": app,
        "code": link.as_text(),
        "qr": Markup(drawn),  # noqa: S704  drawn here, of nothing that a person typed
        "until": timezone.now() + ENROLMENT_LASTS,
    }
    response = render(request, "cafes/tablet_code.jinja", context)
    response["Cache-Control"] = "no-store"
    return as_answer(response)


def _form_page(
    request: PersonRequest,
    tablet: Tablet,
    form: Form,
    heading: str,
    button: str,
    kind: str,
    shown: TabletPresenter | None = None,
) -> HttpResponse:
    context = {"tablet": tablet, "form": form, "heading": heading, "button": button, "kind": kind, "shown": shown}
    return render(request, "cafes/tablet_form.jinja", context)

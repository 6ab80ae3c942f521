"""Write an incident down; see it taken in hand, and how it ended."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.selectors.people import names_of
from accounts.web import PersonRequest, requires
from cafes.forms.incidents import CloseIncidentForm, IncidentNoteForm, RaiseIncidentForm
from cafes.models import Cafe, Incident
from cafes.permissions import HANDLE_INCIDENTS, RAISE_INCIDENT
from cafes.presenters.incidents import IncidentPresenter, opened_notes
from cafes.selectors.incidents import find_incident, incidents, notes_of
from cafes.services.incidents import acknowledge_incident, add_incident_note, close_incident, raise_incident
from sutg.audit.services import record_read
from sutg.common.errors import DomainError, NotFound
from sutg.nhsuk.forms import Form, add_domain_error
from sutg.outbox.models import OutboxMessage
from sutg.outbox.tasks import hint

PER_PAGE = 50


@require_GET
@requires(RAISE_INCIDENT)
def list_incidents(request: PersonRequest) -> HttpResponse:
    page = Paginator(incidents(**_seen_by(request)), PER_PAGE).get_page(request.GET.get("page"))
    shown = [IncidentPresenter(incident, {}) for incident in page]
    context = {"page": page, "incidents": shown, "sees_all": request.principal.can(HANDLE_INCIDENTS)}
    return render(request, "cafes/incidents.jinja", context)


@require_http_methods(["GET", "POST"])
@requires(RAISE_INCIDENT)
def raise_new(request: PersonRequest) -> HttpResponse:
    now = timezone.localtime()
    form = RaiseIncidentForm(
        request.POST if request.method == "POST" else None,
        cafes=_cafes(request),
        initial={
            "client_uuid": uuid.uuid4(),
            "happened_on": now.date(),
            "happened_time": f"{now:%H:%M}",
        },
    )
    hat = request.principal.hat
    if request.method == "POST" and form.is_valid() and hat and hat.provider_id:
        try:
            incident = raise_incident(
                provider_id=hat.provider_id, report=form.report(), now=timezone.now(), by=request.principal.actor
            )
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            _tell_now(incident)
            messages.success(request, "Saved. Your organisation’s lead is being told.")
            return redirect("cafes:incident", incident.id)
    return render(request, "cafes/raise_incident.jinja", {"form": form})


@require_GET
@requires(RAISE_INCIDENT)
def show(request: PersonRequest, incident_id: uuid.UUID) -> HttpResponse:
    return _page(request, _find(request, incident_id))


@require_POST
@requires(HANDLE_INCIDENTS)
def acknowledge(request: PersonRequest, incident_id: uuid.UUID) -> HttpResponse:
    return _carry_out(request, incident_id, acknowledge_incident, said="You have this in hand.")


@require_POST
@requires(HANDLE_INCIDENTS)
def add_note(request: PersonRequest, incident_id: uuid.UUID) -> HttpResponse:
    form = IncidentNoteForm(request.POST, prefix="note")
    return _carry_out(request, incident_id, add_incident_note, form, said="Your note was added.")


@require_POST
@requires(HANDLE_INCIDENTS)
def close(request: PersonRequest, incident_id: uuid.UUID) -> HttpResponse:
    form = CloseIncidentForm(request.POST, prefix="close")
    return _carry_out(request, incident_id, close_incident, form, said="This is closed.")


def _carry_out(
    request: PersonRequest, incident_id: uuid.UUID, move: Callable[..., Any], form: Form | None = None, *, said: str
) -> HttpResponse:
    incident = _find(request, incident_id)
    if form is not None and not form.is_valid():
        return _page(request, incident, form)
    try:
        move(
            incident_id=incident_id,
            now=timezone.now(),
            by=request.principal.actor,
            **(form.cleaned_data if form is not None else {}),
        )
    except NotFound:
        raise
    except DomainError as refusal:
        if form is None:
            messages.error(request, refusal.reason)
            return redirect("cafes:incident", incident_id)
        add_domain_error(form, refusal)
        return _page(request, incident, form)
    messages.success(request, said)
    return redirect("cafes:incident", incident_id)


def _page(request: PersonRequest, incident: Incident, form: Form | None = None) -> HttpResponse:
    notes = notes_of(incident)
    actors = {incident.raised_by, incident.acknowledged_by, incident.closed_by, *(note.written_by for note in notes)}
    names = names_of(actor for actor in actors if actor)
    record_read(incident, by=request.principal.actor, purpose="incident")
    handles = request.principal.can(HANDLE_INCIDENTS) and not incident.closed_at
    context = {
        "incident": incident,
        "shown": IncidentPresenter(incident, names),
        "notes": opened_notes(notes, names),
        "may_take": handles and not incident.acknowledged_at,
        "may_handle": handles and bool(incident.acknowledged_at),
        "note_form": form if isinstance(form, IncidentNoteForm) else IncidentNoteForm(prefix="note"),
        "close_form": form if isinstance(form, CloseIncidentForm) else CloseIncidentForm(prefix="close"),
        "forms": [form] if form else [],
    }
    return render(request, "cafes/incident.jinja", context)


def _seen_by(request: PersonRequest) -> dict[str, Any]:
    """Those of their cafés for whoever handles them; for anybody else, those that they wrote down."""
    hat = request.principal.hat
    if hat and hat.can(HANDLE_INCIDENTS):
        return {"cafe_ids": hat.cafes_for(HANDLE_INCIDENTS)}
    return {"cafe_ids": None, "raised_by": str(request.principal.actor)}


def _find(request: PersonRequest, incident_id: uuid.UUID) -> Incident:
    return find_incident(incident_id, **_seen_by(request))


def _cafes(request: PersonRequest) -> list[Cafe]:
    hat = request.principal.hat
    limit = hat.cafes_for(RAISE_INCIDENT) if hat else frozenset()
    cafes = Cafe.objects.order_by("name")
    return list(cafes if limit is None else cafes.filter(id__in=limit))


def _tell_now(incident: Incident) -> None:
    """Have a worker tell it as soon as it is committed; the sweeper would within seconds anyway."""
    for message in OutboxMessage.objects.filter(subject=incident.id).due(timezone.now()):
        transaction.on_commit(lambda message=message: hint(message))  # type: ignore[misc]

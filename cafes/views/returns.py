"""Handing in a return, seeing what is in it, and loading it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.web import PersonRequest, requires
from cafes.acting import handling_returns_of
from cafes.forms.returns import NameCafesForm, UploadReturnForm
from cafes.locked_months import locked_months
from cafes.models import ReturnFile
from cafes.permissions import LOAD_ANY_RETURN, LOAD_OWN_RETURN
from cafes.presenters.returns import ReturnPresenter, TallyPresenter, difference_rows
from cafes.selectors.cafes import cafe_ids_by_name
from cafes.selectors.returns import differences, find_check, find_loaded, find_return_file, return_files
from cafes.services.return_files import confirm_return, discard_return, name_cafes, receive_return
from cafes.tasks.returns import hint
from providers.models import Provider
from providers.selectors.providers import providers
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.common.periods import Period
from sutg.nhsuk.forms import add_domain_error

State = ReturnFile.State
Move = Callable[..., ReturnFile]
PER_PAGE = 50


@require_GET
@requires(LOAD_OWN_RETURN, LOAD_ANY_RETURN)
def list_returns(request: PersonRequest) -> HttpResponse:
    page = Paginator(return_files().select_related("provider"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "returns": [ReturnPresenter(file) for file in page], "is_trust": _is_trust(request)}
    return render(request, "cafes/returns.jinja", context)


@require_http_methods(["GET", "POST"])
@requires(LOAD_OWN_RETURN, LOAD_ANY_RETURN, atomic=False)
def upload_return(request: PersonRequest) -> HttpResponse:
    form = UploadReturnForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        providers=_providers(request),
        today=timezone.localdate(),
        too_large=getattr(request, "upload_too_large", False),
    )
    if request.method == "POST" and form.is_valid():
        try:
            file = _receive(request, form)
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            return redirect("cafes:return", file.provider_id, file.id)
    return render(request, "cafes/upload_return.jinja", {"form": form})


def _receive(request: PersonRequest, form: UploadReturnForm) -> ReturnFile:
    upload = form.cleaned_data["file"]
    with handling_returns_of(request.principal, form.provider_id):
        file = receive_return(
            provider_id=form.provider_id,
            period=form.period,
            filename=upload.name,
            content=upload.read(),
            by=request.principal.actor,
        )
        transaction.on_commit(lambda: hint(file))
    return file


@require_GET
@requires(LOAD_OWN_RETURN, LOAD_ANY_RETURN, atomic=False)
def show_return(request: PersonRequest, provider_id: uuid.UUID, return_file_id: uuid.UUID) -> HttpResponse:
    with handling_returns_of(request.principal, provider_id):
        file = find_return_file(return_file_id)
        if _is_trust(request):
            record("return_seen", by=request.principal.actor, subject=file.id, provider_id=provider_id)
        return _page(request, file)


@require_GET
@requires(LOAD_OWN_RETURN, LOAD_ANY_RETURN, atomic=False)
def return_progress(request: PersonRequest, provider_id: uuid.UUID, return_file_id: uuid.UUID) -> HttpResponse:
    with handling_returns_of(request.principal, provider_id):
        file = find_return_file(return_file_id)
    shown = ReturnPresenter(file)
    state = "done" if not shown.is_busy else "running" if file.rows_done else "queued"
    return JsonResponse(
        {
            "state": state,
            "done": file.rows_done,
            "total": file.rows_total or 0,
            "message": shown.progress_message,
            "next": shown.href if state == "done" else "",
        }
    )


@require_POST
@requires(LOAD_OWN_RETURN, LOAD_ANY_RETURN, atomic=False)
def name_cafes_of(request: PersonRequest, provider_id: uuid.UUID, return_file_id: uuid.UUID) -> HttpResponse:
    with handling_returns_of(request.principal, provider_id):
        file = find_return_file(return_file_id)
        form = _cafes_form(file, request.POST)
        if not form.is_valid():
            return _page(request, file, form=form)
        _carry_out(request, name_cafes, return_file_id, aliases=form.aliases())
    return redirect("cafes:return", provider_id, return_file_id)


@require_POST
@requires(LOAD_OWN_RETURN, LOAD_ANY_RETURN, atomic=False)
def load(request: PersonRequest, provider_id: uuid.UUID, return_file_id: uuid.UUID) -> HttpResponse:
    with handling_returns_of(request.principal, provider_id):
        _carry_out(request, confirm_return, return_file_id)
    return redirect("cafes:return", provider_id, return_file_id)


@require_POST
@requires(LOAD_OWN_RETURN, LOAD_ANY_RETURN, atomic=False)
def discard(request: PersonRequest, provider_id: uuid.UUID, return_file_id: uuid.UUID) -> HttpResponse:
    with handling_returns_of(request.principal, provider_id):
        discarded = _carry_out(request, discard_return, return_file_id)
    if not discarded:
        return redirect("cafes:return", provider_id, return_file_id)
    messages.success(request, "The file was put aside. Nothing was loaded from it.")
    return redirect("cafes:returns")


def _carry_out(request: PersonRequest, move: Move, return_file_id: uuid.UUID, **what: Any) -> bool:
    """Make one move of a return and set a worker on it; a refusal is shown on the next page and makes this False."""
    try:
        file = move(return_file_id=return_file_id, by=request.principal.actor, **what)
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.reason)
        return False
    if file.state in {State.CHECKING, State.LOADING}:
        transaction.on_commit(lambda: hint(file))
    return True


def _page(request: HttpRequest, file: ReturnFile, form: NameCafesForm | None = None) -> HttpResponse:
    check = find_check(file)
    loaded = find_loaded(file.quarter) if file.state == State.CHECKED else None
    context: dict[str, Any] = {
        "return_file": file,
        "shown": ReturnPresenter(file),
        "tally": TallyPresenter(check.tally) if check.tally else None,
        "loaded": ReturnPresenter(loaded) if loaded else None,
    }
    if check.tally and file.state == State.CHECKED:
        context["form"] = form or _cafes_form(file)
        days = [month.start for month in file.period.split_into_months()]
        context["locked"] = [Period.month_of(month).label for month in sorted(locked_months(days))]
        before = find_check(loaded) if loaded else None
        # What an old return came to is erased with its age.
        if before is not None and before.tally:
            context["differences"] = difference_rows(differences(before.found, check.found))
    return render(request, "cafes/return.jinja", context)


def _cafes_form(file: ReturnFile, data: Any = None) -> NameCafesForm:
    check = find_check(file)
    return NameCafesForm(
        data,
        candidates=(check.tally or {}).get("candidates", {}),
        cafes=list(cafe_ids_by_name()),
        chosen=check.aliases,
    )


def _is_trust(request: PersonRequest) -> bool:
    return request.principal.can(LOAD_ANY_RETURN)


def _providers(request: PersonRequest) -> list[Provider]:
    if _is_trust(request):
        return list(providers())
    hat = request.principal.hat
    return [Provider.objects.get(id=hat.provider_id)] if hat and hat.provider_id else []

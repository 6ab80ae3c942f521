"""Months: what stands in the way of locking one, the signature under it, and who has locked which."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.selectors.people import names_of
from accounts.web import PersonRequest, requires
from providers.models import Provider
from providers.selectors.providers import providers
from reports.acting import handling_months_of
from reports.forms import LockMonthForm, MonthFilter
from reports.permissions import LOCK_OVERDUE_MONTHS, LOCK_OWN_MONTHS
from reports.presenters.months import MonthPresenter, adjustment_rows, session_rows
from reports.selectors.adjustments import adjustments_of, months_adjusted
from reports.selectors.months import MonthState, month_state, month_states, sessions_in_the_way, states_by_provider
from reports.services.months import lock_month, lock_overdue_month
from sutg.common.errors import DomainError, NotFound
from sutg.common.periods import Period, PeriodKind

PER_PAGE = 24
_OFFERED_MONTHS = 60


@require_GET
@requires(LOCK_OWN_MONTHS, LOCK_OVERDUE_MONTHS)
def list_months(request: PersonRequest) -> HttpResponse:
    return _overview(request) if _is_trust(request) else _own_months(request)


def _own_months(request: PersonRequest) -> HttpResponse:
    hat = request.principal.hat
    if hat is None or hat.provider_id is None:
        raise NotFound
    page = Paginator(month_states(timezone.localdate()), PER_PAGE).get_page(request.GET.get("page"))
    states = list(page)
    names = _names(states)
    changes = months_adjusted([state.month.start for state in states if state.lock])
    shown = [
        MonthPresenter(hat.provider_id, hat.label, state, names, changes.get(state.month.start, 0)) for state in states
    ]
    return render(request, "reports/months.jinja", {"page": page, "months": shown, "is_trust": False})


def _overview(request: PersonRequest) -> HttpResponse:
    today = timezone.localdate()
    offered = [_month_before(today)]
    while len(offered) < _OFFERED_MONTHS:
        offered.append(_month_before(offered[-1].start))
    form = MonthFilter({"month": request.GET.get("month") or str(offered[0])}, months=offered)
    month = Period.parse(form.cleaned_data["month"]) if form.is_valid() else offered[0]
    states = states_by_provider(month, today)
    names = _names(states.values())
    shown = [
        MonthPresenter(provider.id, provider.name, states[provider.id], names)
        for provider in providers()
        if provider.id in states
    ]
    context = {"form": form, "months": shown, "is_trust": True, "month": month}
    return render(request, "reports/months.jinja", context)


@require_GET
@requires(LOCK_OWN_MONTHS, LOCK_OVERDUE_MONTHS, atomic=False)
def show_month(request: PersonRequest, provider_id: uuid.UUID, month: str) -> HttpResponse:
    with handling_months_of(request.principal, provider_id) as provider:
        return _page(request, provider, _parse(month))


@require_POST
@requires(LOCK_OWN_MONTHS, LOCK_OVERDUE_MONTHS, atomic=False)
def lock(request: PersonRequest, provider_id: uuid.UUID, month: str) -> HttpResponse:
    with handling_months_of(request.principal, provider_id) as provider:
        period = _parse(month)
        form = _form(request, month_state(period, timezone.localdate()), request.POST)
        if not form.is_valid():
            return _page(request, provider, period, form)
        try:
            _lock(request, provider_id, period, form.cleaned_data["not_held"])
        except NotFound:
            raise
        except DomainError as refusal:
            messages.error(request, refusal.reason)
        else:
            messages.success(request, f"{period.label} is locked.")
    return redirect("reports:month", provider_id, str(period))


def _lock(request: PersonRequest, provider_id: uuid.UUID, month: Period, not_held: int) -> None:
    by, now = request.principal.actor, timezone.now()
    if _is_trust(request):
        lock_overdue_month(provider_id=provider_id, month=month, by=by, now=now)
    else:
        lock_month(provider_id=provider_id, month=month, not_held=not_held, by=by, now=now)


def _page(request: PersonRequest, provider: Provider, month: Period, form: LockMonthForm | None = None) -> HttpResponse:
    state = month_state(month, timezone.localdate())
    is_trust = _is_trust(request)
    context: dict[str, Any] = {
        "provider": provider,
        "is_trust": is_trust,
        "shown": MonthPresenter(provider.id, provider.name, state, _names([state])),
        "sessions": session_rows(sessions_in_the_way(month, state.today)) if state.lock is None else [],
        "state": state,
    }
    if state.is_overdue if is_trust else state.is_ready:
        context["form"] = form or _form(request, state)
    if state.lock is not None and not is_trust:
        # Exact changes are the provider's own; the trust is shown figures under disclosure control.
        page = Paginator(adjustments_of(month), PER_PAGE).get_page(request.GET.get("page"))
        changes = list(page)
        names = names_of({change.adjusted_by for change in changes})
        context |= {"page": page, "changes": adjustment_rows(changes, names)}
    return render(request, "reports/month.jinja", context)


def _form(request: PersonRequest, state: MonthState, data: Any = None) -> LockMonthForm:
    return LockMonthForm(data, month=state.month.label, not_held=state.planned, for_trust=_is_trust(request))


def _names(states: Any) -> dict[str, str]:
    return names_of({state.lock.locked_by for state in states if state.lock is not None})


def _parse(written: str) -> Period:
    try:
        month = Period.parse(written)
    except ValueError as error:
        raise NotFound from error
    if month.kind is not PeriodKind.MONTH or str(month) != written:
        raise NotFound
    return month


def _month_before(day: Any) -> Period:
    return Period.month_of(day.replace(day=1) - timedelta(days=1))


def _is_trust(request: PersonRequest) -> bool:
    return request.principal.can(LOCK_OVERDUE_MONTHS)

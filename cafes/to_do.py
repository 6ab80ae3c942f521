"""What a person should do next about sessions, incidents and returns, for their start page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.navigation import Task
from accounts.principal import Principal
from cafes.models import CafeStatus, ReturnFile, Session
from cafes.permissions import (
    APPROVE_CAFE,
    CHANGE_OWN_CAFES,
    HANDLE_INCIDENTS,
    KEEP_OWN_SERVICES,
    KEEP_SHARED_SERVICES,
    KEEP_TABLETS,
    LOAD_ANY_RETURN,
    LOAD_OWN_RETURN,
    RECONCILE_SESSIONS,
    RECORD_VISITS,
)
from cafes.presenters.tablets import TabletPresenter
from cafes.selectors.cafes import cafes_that_are
from cafes.selectors.community_services import kept_services, to_check
from cafes.selectors.incidents import incidents
from cafes.selectors.kept_tablets import kept_tablets
from cafes.selectors.returns import return_files
from cafes.selectors.sessions import sessions_left_open, todays_sessions
from providers.selectors.providers import providers
from sutg.common.periods import Period

State = ReturnFile.State
SHOWN = 5


def incidents_to_do(principal: Principal) -> Iterable[Task]:
    """Incidents that nobody has taken in hand: before everything else."""
    if not principal.can(HANDLE_INCIDENTS) or principal.hat is None:
        return
    waiting = incidents(cafe_ids=principal.hat.cafes_for(HANDLE_INCIDENTS)).filter(acknowledged_at__isnull=True)
    for incident in waiting.order_by("raised_at")[:SHOWN]:
        yield Task(
            title=f"Incident at {incident.cafe.name}: {incident.get_kind_display().lower()}",
            href=reverse("cafes:incident", args=[incident.id]),
            status="Nobody has it in hand",
            colour="red",
        )


def tablets_to_do(principal: Principal) -> Iterable[Task]:
    """Tablets that have kept records to themselves for a day, or brought some that a person has to look at."""
    if not principal.can(KEEP_TABLETS) or principal.hat is None:
        return
    now = timezone.now()
    shown = [TabletPresenter(kept, now) for kept in kept_tablets(cafe_ids=principal.hat.cafes_for(KEEP_TABLETS))]
    for tablet in [tablet for tablet in shown if tablet.alarms][:SHOWN]:
        alarm = tablet.alarms[0]
        yield Task(
            title=f"Tablet “{tablet.name}” at {tablet.cafe}",
            href=tablet.href,
            status=alarm.text,
            colour=alarm.colour,
        )


def sessions_to_do(principal: Principal) -> Iterable[Task]:
    """Today's sessions to open or record in, and those of earlier days that nobody closed."""
    if principal.hat is None:
        return
    today = timezone.localdate()
    if principal.can(RECONCILE_SESSIONS):
        for session in sessions_left_open(principal.hat.cafes_for(RECONCILE_SESSIONS), today)[:SHOWN]:
            yield Task(
                title=f"Close {session.cafe.name}, {session.held_on.day} {session.held_on:%B}",
                href=reverse("cafes:close_session", args=[session.id]),
                status="Left open",
                colour="red",
            )
    if not principal.can(RECORD_VISITS):
        return
    for session in todays_sessions(principal.hat.cafes_for(RECORD_VISITS), today)[:SHOWN]:
        if session.state == Session.State.OPEN:
            href = reverse("cafes:session", args=[session.id])
            yield Task(f"Record visits at {session.cafe.name}", href, status="Open", colour="green")
        elif session.state == Session.State.PLANNED:
            href = reverse("cafes:open_session", args=[session.id])
            begins = f"{session.opens:%H:%M}" if session.opens else ""
            yield Task(f"Open {session.cafe.name}", href, status=f"Planned {begins}".strip())


def returns_to_do(principal: Principal) -> Iterable[Task]:
    """Files that wait for a person, and the quarter that has ended and is not loaded yet."""
    is_trust = principal.can(LOAD_ANY_RETURN)
    if not is_trust and not principal.can(LOAD_OWN_RETURN):
        return
    waiting = return_files().filter(state__in=[State.CHECKED, State.UNREADABLE]).select_related("provider")
    for file in waiting[:SHOWN]:
        yield Task(
            title=f"{file.provider.name}: return for {file.period.label}",
            href=reverse("cafes:return", args=[file.provider_id, file.id]),
            status=file.get_state_display(),
            colour="red" if file.state == State.UNREADABLE else "blue",
        )
    ended = Period.quarter_of(Period.quarter_of(timezone.localdate()).start - timedelta(days=1))
    loaded = return_files().filter(quarter=str(ended), state=State.LOADED).values("provider_id").distinct().count()
    missing = (providers().count() if is_trust else 1) - loaded
    if missing > 0:
        yield Task(
            title=f"Load returns for {ended.label}" if is_trust else f"Load your return for {ended.label}",
            href=reverse("cafes:upload_return"),
            status=f"{missing} to come" if is_trust else "To do",
        )


def services_to_check(principal: Principal) -> Iterable[Task]:
    """Community services of which nobody has made sure for a year, for whoever keeps them."""
    if not principal.can(KEEP_OWN_SERVICES) and not principal.can(KEEP_SHARED_SERVICES):
        return
    waiting = to_check(kept_services(), timezone.localdate())
    if waiting:
        yield Task(
            title="Check that community services still hold",
            href=reverse("cafes:services"),
            status=f"{len(waiting)} to check",
        )


def cafes_to_do(principal: Principal) -> Iterable[Task]:
    """Cafés that wait for the trust's decision, and those that are approved and not open yet."""
    if principal.can(APPROVE_CAFE):
        waiting, status = CafeStatus.State.PROPOSED, "To decide"
    elif principal.can(CHANGE_OWN_CAFES):
        waiting, status = CafeStatus.State.APPROVED, "To open"
    else:
        return
    for cafe in cafes_that_are(waiting)[:SHOWN]:
        yield Task(
            title=f"{cafe.provider.name}: {cafe.name}" if status == "To decide" else cafe.name,
            href=reverse("cafes:cafe", args=[cafe.provider_id, cafe.id]),
            status=status,
            colour="blue",
        )

"""Ready strings and rows for the pages of months."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cafes.codes import REASONS_TO_COUNT_ANEW
from cafes.models import Session
from reports.selectors.adjustments import Adjusted
from reports.selectors.months import MonthState
from sutg.nhsuk.formats import nhs_date, nhs_datetime

_SHOWN_SESSIONS = 30


def _several(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


@dataclass(frozen=True, slots=True)
class MonthPresenter:
    """One month of one provider, in a list and on its own page."""

    provider_id: uuid.UUID
    provider: str
    state: MonthState
    names: Mapping[str, str]
    changes: int = 0

    @property
    def href(self) -> str:
        return reverse("reports:month", args=[self.provider_id, str(self.state.month)])

    @property
    def label(self) -> str:
        return self.state.month.label

    @property
    def status(self) -> str:
        if self.state.lock is not None:
            return "Locked"
        if not self.state.is_over:
            return "Goes on"
        return "Overdue" if self.state.is_overdue else "To lock"

    @property
    def colour(self) -> str:
        return {"Locked": "green", "Goes on": "grey", "Overdue": "red", "To lock": "blue"}[self.status]

    @property
    def locked(self) -> str:
        """By whom and when; blank while it is not locked."""
        lock = self.state.lock
        if lock is None:
            return ""
        who = self.names.get(lock.locked_by, "the service")
        role = " for the trust" if lock.locked_as == lock.LockedAs.TRUST else ""
        return f"{who}{role}, {nhs_date(lock.locked_at)}"

    @property
    def in_the_way(self) -> list[str]:
        """What must be done before the provider's manager can lock it."""
        if self.state.lock is not None:
            return []
        found = []
        if not self.state.is_over:
            found.append(f"The month goes on until {nhs_date(self.state.month.end)}.")
        if self.state.left_open:
            found.append(f"{_several(self.state.left_open, 'session is', 'sessions are')} still open.")
        if self.state.waiting_returns:
            found.append(
                f"{_several(self.state.waiting_returns, 'return', 'returns')} for its quarter not loaded yet: "
                "load or put aside."
            )
        return found

    @property
    def short(self) -> str:
        """The same in a few words, for a list."""
        if self.locked:
            return f"{_several(self.changes, 'change', 'changes')} since" if self.changes else "No changes since"
        waits = [
            (self.state.left_open, _several(self.state.left_open, "session open", "sessions open")),
            (self.state.planned, _several(self.state.planned, "session", "sessions") + " without a record"),
            (self.state.waiting_returns, _several(self.state.waiting_returns, "return", "returns") + " waiting"),
        ]
        return ", ".join(text for number, text in waits if number) or "Nothing in the way"

    def summary(self) -> list[dict[str, Any]]:
        lock = self.state.lock
        rows: list[dict[str, Any]] = [{"key": "Sessions held", "value": self.state.held}]
        if lock is None:
            rows.append({"key": "Sessions still open", "value": self.state.left_open})
            rows.append({"key": "Sessions without a record", "value": self.state.planned})
            rows.append({"key": "To be locked by", "value": nhs_date(self.state.deadline)})
        else:
            rows.append({"key": "Signed as not held", "value": lock.not_held})
            rows.append({"key": "Locked by", "value": f"{self.names.get(lock.locked_by, 'the service')}"})
            rows.append({"key": "Locked as", "value": lock.get_locked_as_display()})
            rows.append({"key": "Locked", "value": nhs_datetime(lock.locked_at)})
        return rows


def session_rows(sessions: Iterable[Session]) -> list[str]:
    """Each session that is not settled, in a line."""
    lines = [
        f"{nhs_date(session.held_on)}, {session.cafe.name}: "
        f"{'still open' if session.state == Session.State.OPEN else 'planned, no record'}"
        for session in sessions
    ]
    more = len(lines) - _SHOWN_SESSIONS
    return [*lines[:_SHOWN_SESSIONS], f"and {more} more"] if more > 0 else lines


def adjustment_rows(changes: Iterable[Adjusted], names: Mapping[str, str]) -> list[list[Any]]:
    """Rows of the ledger: when, where, why and by whom, and by how much the totals moved."""
    return [
        [
            nhs_datetime(change.adjusted_at),
            change.cafe_name,
            REASONS_TO_COUNT_ANEW.get(change.reason, change.reason),
            names.get(change.adjusted_by, "the service"),
            _moved(change.visits),
            _moved(change.people),
            _moved(change.sessions),
        ]
        for change in changes
    ]


def _moved(delta: int) -> str:
    return f"+{delta}" if delta > 0 else f"−{-delta}" if delta else "0"

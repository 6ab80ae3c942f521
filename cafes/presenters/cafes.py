"""Ready strings and rows for the pages of cafés."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from cafes.bank_holidays import bank_holiday_on
from cafes.languages import languages
from cafes.models import Cafe, CafeAddress, CafeName, CafeStatus, OpeningException, OpeningPattern, Session
from cafes.selectors.cafes import status_on
from cafes.services.cafe_statuses import MOVES
from cafes.services.cafes import Facts
from sutg.nhsuk.formats import nhs_date, nhs_time

State = CafeStatus.State
_COLOURS = {
    State.PROPOSED: "blue",
    State.APPROVED: "aqua-green",
    State.OPEN: "green",
    State.PAUSED: "yellow",
    State.CLOSED: "grey",
}
_SESSION_COLOURS = {
    Session.State.PLANNED: "white",
    Session.State.CANCELLED: "red",
    Session.State.OPEN: "green",
    Session.State.CLOSED: "grey",
    Session.State.REPORTED: "grey",
}


_LABELS = {
    "for_whom": "Who it is for",
    "features": "Access",
    "access_notes": "More about access",
    "languages": "Languages spoken",
    "phone": "Phone",
    "email": "Email",
    "website": "Website",
    "bank_holidays": "Bank holidays",
}


def hours(opens: Any, closes: Any) -> str:
    return f"{nhs_time(opens)} to {nhs_time(closes)}" if opens else "Times not known"


def weekday_date(day: date) -> str:
    return f"{day:%A} {nhs_date(day)}"


@dataclass(frozen=True, slots=True)
class CafePresenter:
    """One café: for the list, and with more about it for its own page."""

    cafe: Cafe
    today: date
    statuses: Sequence[CafeStatus] = ()
    patterns: Sequence[OpeningPattern] = ()
    next_session: Session | None = None
    addresses: Sequence[CafeAddress] = ()
    names: Sequence[CafeName] = field(default_factory=tuple)

    @property
    def href(self) -> str:
        return reverse("cafes:cafe", args=[self.cafe.provider_id, self.cafe.id])

    @property
    def status(self) -> CafeStatus | None:
        return status_on(self.statuses, self.today)

    @property
    def state(self) -> str:
        return self.status.get_state_display() if self.status else "Not yet proposed"

    @property
    def colour(self) -> str:
        return _COLOURS[State(self.status.state)] if self.status else "white"

    @property
    def ahead(self) -> str:
        """The next change of status that is planned, or nothing."""
        coming = next((status for status in self.statuses if status.since > self.today), None)
        return f"{coming.get_state_display()} from {nhs_date(coming.since)}" if coming else ""

    @property
    def openings(self) -> list[str]:
        return [_opening(pattern, self.today) for pattern in self.patterns]

    @property
    def next_opening(self) -> str:
        session = self.next_session
        return f"{weekday_date(session.held_on)}, {hours(session.opens, session.closes)}" if session else ""

    def summary(self) -> list[dict[str, Any]]:
        cafe = self.cafe
        features = dict(Cafe.Feature.choices)
        spoken = [languages().get(code, code) for code in cafe.languages]
        rows = [
            ("Provider", cafe.provider.name),
            ("Neighbourhood", f"{cafe.neighbourhood.name} ({cafe.local_authority.name})"),
            ("Who it is for", cafe.for_whom),
            ("Access", [str(features[code]) for code in cafe.features] or ""),
            ("More about access", cafe.access_notes),
            ("Languages spoken", ", ".join(spoken)),
            ("Phone", cafe.phone),
            ("Email", cafe.email),
            ("Website", cafe.website),
            ("Bank holidays", cafe.get_bank_holidays_display()),
        ]
        return [{"key": key, "value": value} for key, value in rows]

    def where(self) -> list[dict[str, Any]]:
        """Addresses that hold today or will: what kind, where, since when, and which point could be ended."""
        return [
            {
                "kind": address.get_kind_display(),
                "text": str(address),
                "when": _when(address.since, address.until),
                "end_href": reverse("cafes:end_delivery_point", args=[address.provider_id, address.cafe_id, address.id])
                if address.kind == CafeAddress.Kind.DELIVERY_POINT and address.until is None
                else "",
            }
            for address in self.addresses
            if address.until is None or address.until >= self.today
        ]

    def history(self) -> list[list[str]]:
        """What was, the latest first: what, from when to when."""
        rows = [
            (status.since, [status.get_state_display(), f"from {nhs_date(status.since)}", status.reason])
            for status in self.statuses
        ]
        rows += [(name.until, [f"Called “{name.name}”", _when(name.since, name.until), ""]) for name in self.names]
        rows += [
            (address.until, [f"{address.get_kind_display()}: {address}", _when(address.since, address.until), ""])
            for address in self.addresses
            if address.until is not None and address.until < self.today
        ]
        return [row for _, row in sorted(rows, key=lambda row: row[0], reverse=True)]

    def opening_rows(self) -> list[dict[str, str]]:
        arguments = [self.cafe.provider_id, self.cafe.id]
        return [
            {
                "text": _opening(pattern, self.today),
                "change_href": reverse("cafes:change_opening", args=[*arguments, pattern.id]),
                "end_href": "" if pattern.until else reverse("cafes:end_opening", args=[*arguments, pattern.id]),
            }
            for pattern in self.patterns
        ]


def _opening(pattern: OpeningPattern, today: date) -> str:
    text = f"{pattern.get_weekday_display()}, {hours(pattern.opens, pattern.closes)}"
    if pattern.since > today:
        text += f", from {nhs_date(pattern.since)}"
    return text + (f", until {nhs_date(pattern.until)}" if pattern.until else "")


def _when(since: date | None, until: date | None) -> str:
    if until is None:
        return f"from {nhs_date(since)}"
    return f"{nhs_date(since)} to {nhs_date(until)}" if since else f"until {nhs_date(until)}"


@dataclass(frozen=True, slots=True)
class CalendarPresenter:
    """What is planned for a café's coming weeks, day by day."""

    cafe: Cafe
    sessions: Sequence[Session]
    exceptions: Sequence[OpeningException]
    patterns: Sequence[OpeningPattern]
    today: date
    last: date
    may_plan: bool

    def rows(self) -> list[dict[str, Any]]:
        rows = [self._session(session) for session in self.sessions]
        rows += self._holidays()
        rows += [self._exception(exception) for exception in self.exceptions]
        return sorted(rows, key=lambda row: (row["day"], row["what"]))

    def _session(self, session: Session) -> dict[str, Any]:
        state = Session.State(session.state)
        action = {Session.State.PLANNED: "cancel_session", Session.State.CANCELLED: "restore_session"}.get(state, "")
        holiday = bank_holiday_on(session.held_on)
        return {
            "day": session.held_on,
            "date": weekday_date(session.held_on),
            "what": hours(session.opens, session.closes),
            "note": session.get_cancel_reason_display() if session.cancel_reason else holiday,
            "state": session.get_state_display(),
            "colour": _SESSION_COLOURS[state],
            "action": {"cancel_session": "Cancel", "restore_session": "Undo the cancellation"}.get(action, ""),
            "href": self._href(action, session.id) if action and self.may_plan else "",
            "is_post": action == "restore_session",
        }

    def _holidays(self) -> list[dict[str, Any]]:
        """Days on which a weekly opening is left out, so that nobody looks for it."""
        if self.cafe.bank_holidays != Cafe.BankHolidays.CLOSED:
            return []
        ahead = [self.today + timedelta(days=n) for n in range((self.last - self.today).days + 1)]
        return [
            {
                "day": day,
                "date": weekday_date(day),
                "what": "Closed all day",
                "note": bank_holiday_on(day),
                "state": "Bank holiday",
                "colour": "orange",
                "action": "",
                "href": "",
                "is_post": False,
            }
            for day in ahead
            if bank_holiday_on(day) and any(pattern.holds_on(day) for pattern in self.patterns)
        ]

    def _exception(self, exception: OpeningException) -> dict[str, Any]:
        is_closed = exception.kind == OpeningException.Kind.CLOSED
        return {
            "day": exception.day,
            "date": weekday_date(exception.day),
            "what": "Closed all day" if is_closed else f"Other times: {hours(exception.opens, exception.closes)}",
            "note": exception.reason,
            "state": "Closed" if is_closed else "Changed",
            "colour": "orange",
            "action": "Open as usual",
            "href": self._href("open_as_usual", exception.id) if self.may_plan else "",
            "is_post": True,
        }

    def _href(self, name: str, row_id: Any) -> str:
        return reverse(f"cafes:{name}", args=[self.cafe.provider_id, self.cafe.id, row_id])


def moves_offered(shown: CafePresenter, *, may_change: bool, may_approve: bool) -> list[dict[str, str]]:
    """The moves that a person may make from the café's last status: words and address."""
    last = shown.statuses[-1] if shown.statuses else None
    if last is None:
        return []
    arguments = [shown.cafe.provider_id, shown.cafe.id]
    possible = MOVES[last.state]
    offered = []
    if may_approve and State.APPROVED in possible:
        offered.append({"text": "Approve", "href": reverse("cafes:approve_cafe", args=arguments)})
    if may_change:
        again = "Open again" if last.state == State.PAUSED else "Open"
        for state, text, name in (
            (State.OPEN, again, "open_cafe"),
            (State.PAUSED, "Pause", "pause_cafe"),
            (State.CLOSED, "Close for good", "close_cafe"),
        ):
            if state in possible:
                offered.append({"text": text, "href": reverse(f"cafes:{name}", args=arguments)})
    return offered


def fact_differences(cafe: Cafe, typed: Facts) -> list[list[str]]:
    """What differs between the café as it is now and what was typed: which, now, typed."""
    rows = []
    for name in Facts.__slots__:
        now, wanted = getattr(cafe, name), getattr(typed, name)
        if _words(name, now) != _words(name, wanted):
            rows.append([_LABELS[name], _words(name, now) or "Nothing", _words(name, wanted) or "Nothing"])
    return rows


def _words(name: str, value: Any) -> str:
    known: dict[str, Any] = {
        "languages": languages(),
        "features": dict(Cafe.Feature.choices),
        "bank_holidays": dict(Cafe.BankHolidays.choices),
    }.get(name, {})
    values = [value] if isinstance(value, str) else list(value)
    return ", ".join(str(known.get(one, one)) for one in values)

"""Events of the audit record as pages and files show them: ids and counts in sentences, never what people wrote."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from accounts.hats import TRUST_NAME
from accounts.selectors.people import SERVICE, names_of
from sutg.audit.selectors import Event
from sutg.audit.wording import record_of, sentence_of, words_of
from sutg.common.csv_lines import MARK, csv_line
from sutg.nhsuk.formats import LONDON, nhs_datetime, number

COLUMNS = ("at", "who", "actor", "on_behalf_of", "what", "event", "organisation", "record", "event_id")
_ROW_EVENTS = ("row_added", "row_changed", "row_removed")
# The check runs each night.
_CHECK_IS_OLD_AFTER = timedelta(hours=36)
_LOOKED_UP_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class EventPresenter:
    """One event; ``names`` knows the people, ``organisations`` the providers."""

    event: Event
    names: Mapping[str, str]
    organisations: Mapping[uuid.UUID, str]

    @property
    def when(self) -> str:
        return nhs_datetime(self.event.at)

    @property
    def who(self) -> str:
        return who_of(self.event, self.names)

    @property
    def what(self) -> str:
        return what_of(self.event)

    @property
    def organisation(self) -> str:
        if self.event.provider_id is None:
            return TRUST_NAME
        return self.organisations.get(self.event.provider_id, "An organisation that is gone")

    @property
    def object_id(self) -> str:
        return str(self.event.object_id or "")

    @property
    def record(self) -> str:
        """What kind of named record was shown; for readings alone."""
        return record_of(str(self.event.detail.get("table", "")))[0]

    @property
    def record_href(self) -> str:
        _, url_name = record_of(str(self.event.detail.get("table", "")))
        return reverse(url_name, args=[self.event.object_id]) if url_name and self.event.object_id else ""

    def fields(self) -> list[str]:
        event = self.event
        return [
            *(
                event.at.astimezone(LONDON).isoformat(),
                self.who,
                event.actor,
                event.on_behalf_of,
                self.what,
                event.name,
            ),
            *(self.organisation, self.object_id, str(event.id)),
        ]


def who_of(event: Event, names: Mapping[str, str]) -> str:
    """A person's name; a job is the service, at whose request it may have acted."""
    who = "A tablet" if event.actor.startswith("device:") else names.get(event.actor, SERVICE)
    who = who[0].upper() + who[1:]
    if event.on_behalf_of and event.on_behalf_of != event.actor:
        return f"{who} (for {names.get(event.on_behalf_of, SERVICE)})"
    return who


def what_of(event: Event) -> str:
    """What completes the name: “changed name and phone of 1 visitor”. Of what a service notes, only how many."""
    sentence, detail = sentence_of(event.name), event.detail
    if event.name not in _ROW_EVENTS:
        return sentence
    rows = int(detail.get("rows", 1))
    what = f"{number(rows)} {words_of(str(detail.get('table', '')), rows)}"
    if columns := [str(column).replace("_", " ") for column in detail.get("columns", [])]:
        return f"{sentence} {_listed(columns)} of {what}"
    return f"{sentence} {what}"


def present(events: Iterable[Event], organisations: Mapping[uuid.UUID, str]) -> list[EventPresenter]:
    """The events with the names that they need. One query."""
    events = list(events)
    names = names_of({actor for event in events for actor in (event.actor, event.on_behalf_of) if actor})
    return [EventPresenter(event, names, organisations) for event in events]


def lines_of(events: Iterator[Event], organisations: Mapping[uuid.UUID, str]) -> Iterator[bytes]:
    """The events as lines of a CSV file, below a line of headings."""
    yield MARK + csv_line(COLUMNS)
    batch: list[Event] = []
    for event in events:
        batch.append(event)
        if len(batch) == _LOOKED_UP_AT_ONCE:
            yield from (csv_line(shown.fields()) for shown in present(batch, organisations))
            batch = []
    yield from (csv_line(shown.fields()) for shown in present(batch, organisations))


@dataclass(frozen=True, slots=True)
class StateOfRecord:
    """What is known of the chains, in words. ``first`` names the first thing that is broken."""

    text: str
    is_broken: bool = False
    is_late: bool = False
    first: str = ""


def state_of_record(check: Mapping[str, Any] | None, now: datetime) -> StateOfRecord:
    """From the last check, which :func:`sutg.audit.selectors.last_check` finds."""
    if check is None:
        return StateOfRecord("The record has not been checked yet. It is checked each night.", is_late=True)
    found = check["detail"]
    when, events = nhs_datetime(check["at"]), number(found["events"])
    if faults := found["faults"]:
        places = "1 place" if faults == 1 else f"{number(faults)} places"
        return StateOfRecord(f"Checked on {when}: broken in {places}.", is_broken=True, first=found["first"])
    is_late = now - check["at"] > _CHECK_IS_OLD_AFTER
    late = " It has not been checked since, though it should be each night." if is_late else ""
    return StateOfRecord(f"Checked up to {when}: unbroken, {events} sealed events.{late}", is_late=is_late)


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))

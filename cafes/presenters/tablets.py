"""Tablets and their records as the pages of those who keep them show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.urls import reverse

from cafes.models import TabletRecord
from cafes.selectors.kept_tablets import KeptTablet
from cafes.services.tablet_exports import Loaded
from sutg.nhsuk.formats import nhs_datetime, nhs_time

AMBER, RED = timedelta(hours=24), timedelta(hours=72)
NO_NUMBERS = "None"
_KINDS = {
    "session_opened": "A session was opened",
    "on_duty": "Who is on duty",
    "visit": "A visit",
    "visit_changed": "A change of a visit",
    "visit_withdrawn": "A visit was withdrawn",
    "answers": "A visitor’s answers",
    "session_closed": "A session was closed",
}


@dataclass(frozen=True, slots=True)
class Tag:
    text: str
    colour: str


@dataclass(frozen=True, slots=True)
class TabletPresenter:
    kept: KeptTablet
    now: datetime

    @property
    def name(self) -> str:
        return self.kept.tablet.name

    @property
    def cafe(self) -> str:
        return str(self.kept.tablet.cafe.name)

    @property
    def href(self) -> str:
        return reverse("cafes:tablet", args=[self.kept.tablet.id])

    @property
    def last_seen(self) -> str:
        return nhs_datetime(self.kept.tablet.last_seen_at) or "Never"

    @property
    def version(self) -> str:
        return self.kept.tablet.app_version or "Not known"

    @property
    def queue(self) -> str:
        tablet = self.kept.tablet
        if not tablet.held:
            return "None known"
        oldest = f", the oldest from {nhs_datetime(tablet.oldest_held_at)}" if tablet.oldest_held_at else ""
        return f"{_counted(tablet.held, 'record')}{oldest}"

    @property
    def tags(self) -> list[Tag]:
        """How it stands: what presses, or else in one word."""
        tablet = self.kept.tablet
        if self.alarms:
            return self.alarms
        if tablet.revoked_at:
            return [Tag("Access ended", "grey")]
        if not tablet.enrolled_at:
            return [Tag("Not set up yet", "blue")]
        return [Tag("In order", "green")]

    @property
    def alarms(self) -> list[Tag]:
        """What somebody has to see to, the gravest first."""
        tags = list(self._alarms())
        return sorted(tags, key=lambda tag: tag.colour != "red")

    def _alarms(self) -> Iterator[Tag]:
        tablet = self.kept.tablet
        if not tablet.revoked_at:
            waits = self._unsent_for
            if waits >= AMBER:
                yield Tag(f"Not sent for {_length(waits)}", "red" if waits >= RED else "orange")
            if tablet.missing:
                yield Tag(f"{_counted(len(tablet.missing), 'record')} missing", "red")
            if tablet.is_persistent is False:
                yield Tag("May lose its records", "orange")
        if self.kept.attention:
            yield Tag(f"{_counted(self.kept.attention, 'record')} to look at", "red")

    @property
    def _unsent_for(self) -> timedelta:
        """How long it has had records that never arrived: since the oldest was saved, as far as it told."""
        tablet = self.kept.tablet
        since = tablet.oldest_held_at or tablet.last_seen_at
        return self.now - since if tablet.held and since else timedelta()

    @property
    def may_lose(self) -> bool:
        return self.kept.tablet.is_persistent is False and not self.kept.tablet.revoked_at

    @property
    def pin_until(self) -> str:
        """Until when the new PIN that was allowed can be set; blank when none is."""
        tablet = self.kept.tablet
        return nhs_time(tablet.pin_until) if tablet.allows_pin(self.now) else ""

    def summary(self, names: Mapping[str, str]) -> list[dict[str, object]]:
        """Key and value for the summary list; ``names`` knows the people who acted."""
        tablet = self.kept.tablet
        rows: list[dict[str, object]] = [
            {"key": "Café", "value": self.cafe},
            {"key": "Added", "value": _act(tablet.added_at, tablet.added_by, names)},
            {"key": "Set up", "value": nhs_datetime(tablet.enrolled_at) or self._code()},
            {"key": "Last heard of", "value": self.last_seen},
            {"key": "App version", "value": self.version},
            {"key": "Records made", "value": str(tablet.last_number)},
            {"key": "On the tablet, not sent", "value": self.queue},
            {"key": "Missing", "value": self.missing},
        ]
        if tablet.revoked_at:
            rows.append({"key": "Access ended", "value": _act(tablet.revoked_at, tablet.revoked_by, names)})
        return rows

    @property
    def missing(self) -> str:
        numbers = self.kept.tablet.missing
        return f"Number {in_ranges(numbers)}" if numbers else NO_NUMBERS

    def _code(self) -> str:
        expires = self.kept.tablet.code_expires_at
        if expires is None or expires <= self.now:
            return "Not yet, and its code has run out"
        return f"Not yet: its code works until {nhs_time(expires)}"


@dataclass(frozen=True, slots=True)
class TabletRecordPresenter:
    record: TabletRecord

    @property
    def href(self) -> str:
        return reverse("cafes:tablet_record", args=[self.record.id])

    @property
    def kind(self) -> str:
        return _KINDS.get(self.record.kind, "A record that cannot be read")

    @property
    def tag(self) -> Tag:
        match self.record.state:
            case TabletRecord.State.ATTENTION:
                return Tag("Needs a decision", "red")
            case TabletRecord.State.WAITING:
                return Tag("Waits for an earlier record", "yellow")
            case _:
                return Tag(self.record.get_state_display(), "grey")

    @property
    def reason(self) -> str:
        return self.record.reason or "It refers to something that has not arrived yet."

    def settled(self, names: Mapping[str, str]) -> str:
        """What became of it; blank while that is open."""
        record = self.record
        if record.settled_at is None:
            return ""
        because = f": {record.get_set_aside_because_display()}" if record.set_aside_because else ""
        return f"{record.get_state_display()}{because}. {_act(record.settled_at, record.settled_by, names)}."


def in_ranges(numbers: Sequence[int]) -> str:
    """Write 3, 5 to 8 and 12."""
    runs = [[n for _, n in run] for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0])]
    parts = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _length(time: timedelta) -> str:
    return f"{time.days} days" if time.days > 1 else f"{int(time.total_seconds() // 3600)} hours"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _act(at: datetime, by: str, names: Mapping[str, str]) -> str:
    return f"{nhs_datetime(at)} by {names.get(by, 'the service')}"


def loaded_in_words(loaded: Loaded) -> str:
    """What became of a file's records."""
    parts = [f"{_counted(loaded.new, 'record')} loaded" if loaded.new or not loaded.known else "Nothing new"]
    if loaded.known:
        parts.append(f"{loaded.known:,} had arrived before")
    if loaded.attention:
        parts.append(f"{loaded.attention:,} to look at")
    said = f"{', '.join(parts)}."
    if loaded.damaged:
        said += f" {_counted(loaded.damaged, 'part')} of the file could not be read: keep the tablet and the file."
    return said

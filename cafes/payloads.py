"""What a tablet's payload says, read: docs/tablet-sync.md. Every version that was ever shipped is read here for ever.

Plain and frozen like cafes.entries, so that a payload that waited for days is read as on the day it came.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, time
from typing import Any

from cafes.demographics import BY_NAME, Answers
from cafes.entries import Anonymous, Named, Particulars, ReturnCode, SupportGiven, Who
from sutg.common.errors import DomainError

VERSIONS = (1,)


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """``session_id`` of a planned session; None when the café was opened unplanned."""

    session_id: uuid.UUID | None
    user_ids: frozenset[uuid.UUID]
    initials: frozenset[str]


@dataclass(frozen=True, slots=True)
class DutySet:
    session_ref: uuid.UUID
    user_ids: frozenset[uuid.UUID]
    initials: frozenset[str]


@dataclass(frozen=True, slots=True)
class VisitMade:
    session_ref: uuid.UUID
    who: Who
    particulars: Particulars
    answers: Answers


@dataclass(frozen=True, slots=True)
class VisitChanged:
    """``follows``: the hash of the record whose content this one changes. ``who`` None leaves whose visit it is."""

    visit: uuid.UUID
    follows: str
    particulars: Particulars
    who: Who | None


@dataclass(frozen=True, slots=True)
class VisitWithdrawn:
    visit: uuid.UUID
    reason: str


@dataclass(frozen=True, slots=True)
class AnswersGiven:
    visit: uuid.UUID
    answers: Answers


@dataclass(frozen=True, slots=True)
class SessionClosed:
    session_ref: uuid.UUID
    door_tally: int
    tally_reason: str


Said = SessionOpened | DutySet | VisitMade | VisitChanged | VisitWithdrawn | AnswersGiven | SessionClosed


@dataclass(frozen=True, slots=True)
class Payload:
    """``recorded_at`` is by the tablet's clock. A session is referred to by its id, or that of what opened it."""

    kind: str
    recorded_at: datetime
    recorded_by: uuid.UUID | None
    said: Said


def kind_of(payload: bytes) -> str:
    """The kind that a payload names, blank when it cannot be read."""
    try:
        kind = json.loads(payload)["kind"]
    except (ValueError, KeyError, TypeError):
        return ""
    return kind if isinstance(kind, str) and kind in _READERS else ""


def read_payload(payload: bytes) -> Payload:
    """Read a payload; :class:`DomainError` names what cannot be used."""
    try:
        written = json.loads(payload)
    except ValueError as error:
        raise DomainError("This record is not readable.") from error
    if not isinstance(written, dict) or written.get("version") not in VERSIONS:
        raise DomainError("This record is of a version that is not known here.")
    reader = _READERS.get(_text(written, "kind"))
    if reader is None:
        raise DomainError("This record is of a kind that is not known here.", field="kind")
    body = written.get("body")
    return Payload(
        written["kind"],
        _moment(written, "recordedAt"),
        _uuid(written, "recordedBy") if written.get("recordedBy") else None,
        reader(body if isinstance(body, dict) else {}),
    )


def _opened(body: Mapping[str, Any]) -> SessionOpened:
    return SessionOpened(_uuid(body, "session") if body.get("session") else None, *_duty(body))


def _duty_set(body: Mapping[str, Any]) -> DutySet:
    return DutySet(_uuid(body, "session"), *_duty(body))


def _visit(body: Mapping[str, Any]) -> VisitMade:
    return VisitMade(_uuid(body, "session"), _who(body) or Anonymous(), _particulars(body), _answers(body))


def _changed(body: Mapping[str, Any]) -> VisitChanged:
    return VisitChanged(_uuid(body, "visit"), _text(body, "follows"), _particulars(body), _who(body))


def _withdrawn(body: Mapping[str, Any]) -> VisitWithdrawn:
    return VisitWithdrawn(_uuid(body, "visit"), _text(body, "reason"))


def _answered(body: Mapping[str, Any]) -> AnswersGiven:
    return AnswersGiven(_uuid(body, "visit"), _answers(body))


def _closed(body: Mapping[str, Any]) -> SessionClosed:
    tally = body.get("door_tally")
    if not _is_whole(tally):
        raise DomainError("The count at the door must be a whole number", field="door_tally")
    return SessionClosed(_uuid(body, "session"), int(tally or 0), _text(body, "tally_reason"))


_READERS: dict[str, Callable[[Mapping[str, Any]], Said]] = {
    # In the order in which records that come together are applied.
    "session_opened": _opened,
    "on_duty": _duty_set,
    "visit": _visit,
    "visit_changed": _changed,
    "answers": _answered,
    "visit_withdrawn": _withdrawn,
    "session_closed": _closed,
}
KINDS = tuple(_READERS)


def _duty(body: Mapping[str, Any]) -> tuple[frozenset[uuid.UUID], frozenset[str]]:
    users = frozenset(_as_uuid(value, "users") for value in _list(body, "users"))
    return users, frozenset(str(value) for value in _list(body, "initials"))


def _who(body: Mapping[str, Any]) -> Who | None:
    written = body.get("who")
    if written is None:
        return None
    if not isinstance(written, dict):
        raise DomainError("Who came cannot be read", field="who")
    match written.get("kind"):
        case "anonymous":
            return Anonymous()
        case "code":
            return ReturnCode(_text(written, "code"))
        case "named":
            known = _uuid(written, "visitor") if written.get("visitor") else None
            return Named(_text(written, "name"), _text(written, "contact"), known)
        case _:
            raise DomainError("Who came cannot be read", field="who")


def _particulars(body: Mapping[str, Any]) -> Particulars:
    return Particulars(
        came_for=_text(body, "came_for"),
        route_in=_text(body, "route_in"),
        reasons=_texts(body, "reasons"),
        support=tuple(_support(given) for given in _list(body, "support")),
        helped=_texts(body, "helped"),
        # Absent leaves as it was whom somebody was pointed to.
        signposted=_ids(body, "signposted") if "signposted" in body else None,
        outcome=_text(body, "outcome"),
        alternative=_text(body, "alternative"),
        distress_before=_number(body, "distress_before"),
        distress_after=_number(body, "distress_after"),
        arrived_at=_time(body, "arrived_at"),
    )


def _support(given: Any) -> SupportGiven:
    if not isinstance(given, dict):
        raise DomainError("Support cannot be read", field="support")
    return SupportGiven(_text(given, "kind"), _number(given, "minutes"))


def _answers(body: Mapping[str, Any]) -> Answers:
    written = body.get("answers") or {}
    if not isinstance(written, dict):
        raise DomainError("Answers cannot be read", field="answers")
    known = [each.name for each in fields(Answers)]
    return Answers(
        **{name: _texts(written, name) if BY_NAME[name].many else _text(written, name) for name in known}  # type: ignore[arg-type]
    )


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str):
        raise DomainError("This must be text", field=name)
    return value


def _list(body: Mapping[str, Any], name: str) -> list[Any]:
    value = body.get(name, [])
    if not isinstance(value, list):
        raise DomainError("This must be a list", field=name)
    return value


def _ids(body: Mapping[str, Any], name: str) -> tuple[uuid.UUID, ...]:
    return tuple(_as_uuid(value, name) for value in _list(body, name))


def _texts(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = _list(body, name)
    if not all(isinstance(value, str) for value in values):
        raise DomainError("This must be a list of codes", field=name)
    return tuple(values)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(body: Mapping[str, Any], name: str) -> int | None:
    value = body.get(name)
    if value is not None and not _is_whole(value):
        raise DomainError("This must be a whole number", field=name)
    return value


def _uuid(body: Mapping[str, Any], name: str) -> uuid.UUID:
    return _as_uuid(body.get(name), name)


def _as_uuid(value: Any, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(str(value))
    except ValueError as error:
        raise DomainError("This must be an id", field=name) from error


def _moment(body: Mapping[str, Any], name: str) -> datetime:
    try:
        value = datetime.fromisoformat(_text(body, name))
    except ValueError as error:
        raise DomainError("This must be a time", field=name) from error
    if value.tzinfo is None:
        raise DomainError("This time must have its offset", field=name)
    return value


def _time(body: Mapping[str, Any], name: str) -> time | None:
    written = _text(body, name)
    try:
        return time.fromisoformat(written) if written else None
    except ValueError as error:
        raise DomainError("This must be a time of day", field=name) from error

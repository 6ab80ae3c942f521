"""What a record says that could not be applied, opened for a reader whose reading is recorded. No code, no name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cafes.codes import CorrectionReason
from cafes.demographics import QUESTIONS, Answers
from cafes.entries import Particulars, Who
from cafes.models import Demographics, Session, TabletRecord, Visit
from cafes.payloads import AnswersGiven, Said, SessionClosed, VisitChanged, VisitMade, VisitWithdrawn, read_payload
from cafes.presenters.sessions import COMPARED, WHO, answered, compared_rows, service_names, worded
from cafes.services.tablet_settling import change_of
from sutg.common.errors import DomainError


@dataclass(frozen=True, slots=True)
class OpenedRecord:
    """``rows``: question, answer; with a ``visit`` that stands: question, as it stands, as the record says."""

    recorded_at: datetime | None = None
    recorded_by: str = ""
    rows: list[list[str]] = field(default_factory=list)
    visit: Visit | None = None


def open_record(
    row: TabletRecord,
    services: Mapping[str, str],
    visit: Visit | None = None,
    named: Collection[Any] = (),
    asked: Demographics | None = None,
) -> OpenedRecord:
    """A record as a person can judge it; empty when it cannot be read here."""
    assert row.payload is not None  # noqa: S101  what is not applied is kept
    try:
        payload = read_payload(row.payload.open())
    except DomainError:
        return OpenedRecord()
    by = f"user:{payload.recorded_by}" if payload.recorded_by else ""
    if visit is not None:
        rows = compared_rows(visit, change_of(row), named, asked, services)
    else:
        rows = _said(payload.said, services)
    return OpenedRecord(payload.recorded_at, by, rows, visit)


def _said(said: Said, services: Mapping[str, str]) -> list[list[str]]:
    match said:
        case VisitMade(_, who, particulars, answers):
            return [*_particulars(who, particulars, services), *_answers(answers)]
        case VisitChanged(_, _, particulars, who):
            return _particulars(who, particulars, services)
        case VisitWithdrawn(_, reason):
            return [["Why it was withdrawn", _label(CorrectionReason, reason)]]
        case SessionClosed(_, tally, reason):
            why = [["Why it differs from the records", _label(Session.TallyReason, reason)]] if reason else []
            return [["Counted at the door", str(tally)], *why]
        case AnswersGiven():
            return [["What the visitor answered", "Answered alone: not shown to staff"]]
        case _:
            return []


def _particulars(who: Who | None, said: Particulars, services: Mapping[str, str]) -> list[list[str]]:
    rows = [["Who came", WHO[type(who)]]] if who is not None else []
    for name, label in COMPARED.items():
        value = [given.kind for given in said.support] if name == "support" else getattr(said, name)
        if value not in (None, "", [], ()):
            rows.append([label, worded(name, value)])
    if said.signposted:
        rows.append(["Signposted to", service_names([str(each) for each in said.signposted], services)])
    return rows


def _answers(answers: Answers) -> list[list[str]]:
    return [
        [question.text, answered(question, given)]
        for question in QUESTIONS
        if (given := getattr(answers, question.name))
    ]


def _label(choices: Any, code: str) -> str:
    return str(dict(choices.choices).get(code, code))

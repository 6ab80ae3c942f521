"""What a record of a visit may say, before anything is stored. One ladder for pages, tablets and batches."""

from __future__ import annotations

from collections.abc import Iterator

from cafes.codes import (
    MOST_DISTRESS,
    MOST_MINUTES,
    USUAL_MINUTES,
    Alternative,
    CameFor,
    CorrectionReason,
    Helped,
    Outcome,
    Reason,
    RouteIn,
    SupportKind,
)
from cafes.demographics import Answers
from cafes.entries import Named, Particulars, ReturnCode, Who
from cafes.models import Session
from cafes.references import fault_of
from sutg.common.errors import DomainError

LONGEST_NAME, LONGEST_CONTACT = 200, 300
# As sets, once: Django makes such a list anew at each mention, and a batch asks for each of them a hundred times.
_ONE = {
    name: frozenset(codes.values)
    for name, codes in (
        ("came_for", CameFor),
        ("route_in", RouteIn),
        ("outcome", Outcome),
        ("alternative", Alternative),
    )
}
_MANY = {name: frozenset(codes.values) for name, codes in (("reasons", Reason), ("helped", Helped))}
_SUPPORT = frozenset(SupportKind.values)


def check_visit(particulars: Particulars, answers: Answers, who: Who | None) -> None:
    """Raise the first :class:`DomainError` about what was written."""
    for fault in (*_faults_of_who(who), *_faults_of_particulars(particulars), *answers.faults()):
        raise DomainError(fault[1], field=fault[0])


def check_session(session: Session, reason: str) -> None:
    """Refuse a change of what a session holds, unless it is open, or closed and the change has a reason."""
    if session.state == Session.State.OPEN:
        return
    if session.state != Session.State.CLOSED:
        raise DomainError(
            f"This session is {session.get_state_display().lower()}: visits are recorded when it is open."
        )
    if not reason:
        raise DomainError("This session is closed. A café lead can put it right, with a reason.", field="reason")


def check_reason(reason: str) -> None:
    if reason not in CorrectionReason.values:
        raise DomainError("Select why the record is changed", field="reason")


def warnings_of(particulars: Particulars) -> tuple[str, ...]:
    """What is unusual and may be right."""
    long = [s for s in particulars.support if s.kind == SupportKind.ONE_TO_ONE and (s.minutes or 0) > USUAL_MINUTES]
    return tuple(
        f"One-to-one support is usually of up to {USUAL_MINUTES} minutes; {s.minutes} were recorded." for s in long
    )


def _faults_of_who(who: Who | None) -> Iterator[tuple[str, str]]:
    match who:
        case ReturnCode(code):
            if fault := fault_of(code):
                yield "code", fault
        case Named(name, contact, visitor_id):
            if not name.strip() and visitor_id is None:
                yield "name", "Enter the name by which the visitor wants to be known"
            if len(name) > LONGEST_NAME:
                yield "name", f"Name must be {LONGEST_NAME} characters or fewer"
            if len(contact) > LONGEST_CONTACT:
                yield "contact", f"Contact must be {LONGEST_CONTACT} characters or fewer"


def _faults_of_particulars(particulars: Particulars) -> Iterator[tuple[str, str]]:
    for name, choices in _ONE.items():
        if (given := getattr(particulars, name)) and given not in choices:
            yield name, "Choose an answer from the list"
    for name, choices in _MANY.items():
        if not set(getattr(particulars, name)) <= choices:
            yield name, "Choose answers from the list"
    for name in ("distress_before", "distress_after"):
        score = getattr(particulars, name)
        if score is not None and not 0 <= score <= MOST_DISTRESS:
            yield name, "Distress is a whole number from 0 to 10"
    kinds = [given.kind for given in particulars.support]
    if len(set(kinds)) < len(kinds) or not set(kinds) <= _SUPPORT:
        yield "support", "Choose each kind of support once, from the list"
    for given in particulars.support:
        if given.minutes is not None and not 1 <= given.minutes <= MOST_MINUTES:
            yield f"minutes_{given.kind}", f"Minutes must be a whole number from 1 to {MOST_MINUTES}"

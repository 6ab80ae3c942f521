"""Ready strings for the pages of a session and its visits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.urls import reverse

from cafes.codes import Alternative, CameFor, Helped, Outcome, Reason, RouteIn, SupportKind
from cafes.demographics import QUESTIONS, Answers, Question
from cafes.entries import Anonymous, Named, ReturnCode, VisitChange
from cafes.models import Demographics, DifferingVisit, OnDuty, Session, Visit
from cafes.selectors.visitors import Known
from cafes.services.visit_contents import change_from
from sutg.nhsuk.formats import nhs_date, nhs_time

State = Session.State
_COLOURS = {State.PLANNED: "white", State.CANCELLED: "grey", State.OPEN: "green", State.CLOSED: "blue"}
_LABELS = {
    "reasons": Reason,
    "support": SupportKind,
    "helped": Helped,
    "came_for": CameFor,
    "route_in": RouteIn,
    "outcome": Outcome,
    "alternative": Alternative,
}
WHO = {Anonymous: "Anonymous", ReturnCode: "Return code", Named: "By name"}
COMPARED = {
    "arrived_at": "Time of arrival",
    "distress_before": "Distress on arrival",
    "reasons": "Reasons",
    "support": "Support",
    "distress_after": "Distress on leaving",
    "came_for": "Came for",
    "route_in": "How they came to the café",
    "alternative": "What they would have done otherwise",
    "helped": "What they say helped",
    "outcome": "How the visit ended",
}


@dataclass(frozen=True, slots=True)
class SessionPresenter:
    session: Session

    @property
    def href(self) -> str:
        name = "cafes:open_session" if self.can_be_opened else "cafes:session"
        return reverse(name, args=[self.session.id])

    @property
    def cafe(self) -> str:
        return str(self.session.cafe.name)

    @property
    def day(self) -> str:
        return nhs_date(self.session.held_on)

    @property
    def times(self) -> str:
        begins, ends = nhs_time(self.session.opens), nhs_time(self.session.closes)
        return f"{begins} to {ends}" if ends else f"From {begins}" if begins else ""

    @property
    def state(self) -> str:
        return str(self.session.get_state_display())

    @property
    def colour(self) -> str:
        return _COLOURS[State(self.session.state)]

    @property
    def is_open(self) -> bool:
        return self.session.state == State.OPEN

    @property
    def is_closed(self) -> bool:
        return self.session.state == State.CLOSED

    @property
    def can_be_opened(self) -> bool:
        return self.session.state == State.PLANNED

    @property
    def has_page(self) -> bool:
        return self.session.state != State.CANCELLED

    def tally(self) -> str:
        """How a closed session was reconciled."""
        session = self.session
        counted = f"{session.door_tally} counted at the door"
        reason = session.get_tally_reason_display() if session.tally_reason else "the same as recorded"
        return f"{counted}: {reason[:1].lower()}{reason[1:]}"


@dataclass(frozen=True, slots=True)
class VisitPresenter:
    """One visit in the list of its session: when, how known and what, and nothing of who."""

    visit: Visit
    named: Collection[Any]

    @property
    def href(self) -> str:
        return reverse("cafes:visit", args=[self.visit.session_id, self.visit.id])

    @property
    def time(self) -> str:
        return nhs_time(self.visit.arrived_at) or "No time"

    @property
    def who(self) -> str:
        if self.visit.visitor_id is None:
            return "Anonymous"
        known = "Named" if self.visit.visitor_id in self.named else "Return code"
        return f"{known}, {'new' if self.visit.is_new else 'returning'}"

    @property
    def reasons(self) -> str:
        return worded("reasons", self.visit.reasons)

    @property
    def support(self) -> str:
        return worded("support", self.visit.support)

    @property
    def distress(self) -> str:
        before, after = self.visit.distress_before, self.visit.distress_after
        if before is None and after is None:
            return "–"
        return f"{'–' if before is None else before} to {'–' if after is None else after}"


@dataclass(frozen=True, slots=True)
class DifferencePresenter:
    """A visit of which two contents came, in the list of what is to be settled."""

    differing: DifferingVisit

    @property
    def href(self) -> str:
        return reverse("cafes:settle_difference", args=[self.differing.visit.session_id, self.differing.id])

    @property
    def time(self) -> str:
        return nhs_time(self.differing.visit.arrived_at) or "no time"


def worded(field: str, value: Any) -> str:
    """A stored value in words: labels of codes, a number, or that nothing was recorded."""
    if value in (None, "", [], ()):
        return "Not recorded"
    if field not in _LABELS:
        return nhs_time(value) if isinstance(value, time) else str(value)
    labels = dict(_LABELS[field].choices)
    codes = value if isinstance(value, list | tuple) else [value]
    return ", ".join(str(labels.get(code, code)) for code in codes)


def duty_in_words(on_duty: Collection[OnDuty]) -> list[str]:
    """Names or initials; what an erased name stood for is no longer known."""
    return [_on_duty_in_words(row) for row in on_duty]


def _on_duty_in_words(row: OnDuty) -> str:
    if row.user:
        return str(row.user.full_name)
    if row.staff_member is None:
        return str(row.initials)
    return row.staff_member.name.open() if row.staff_member.name is not None else "Name erased"


def match_in_words(known: Known) -> str:
    last = f"last here on {nhs_date(known.last_visit)}" if known.last_visit else "no visit recorded"
    return f"Yes: {last}" + (f", contact ends in {known.contact_ends}" if known.contact_ends else "")


def asked_in_words(known: Known | None) -> str:
    """What is known of a return code that was looked up."""
    if known is None:
        return "This return code has not been used here before. Nothing about the visitor has been asked."
    seen = f"Last here on {nhs_date(known.last_visit)}. " if known.last_visit else ""
    asked = f"Asked about themselves on {nhs_date(known.asked_at)}." if known.asked_at else "Not asked before."
    return seen + asked


def differing_rows(
    differing: DifferingVisit, named: Collection[Any], asked: Demographics | None, services: Mapping[str, str]
) -> list[list[str]]:
    """What stands beside what came second, where they differ: name, stands, second. No code or name is shown.

    ``named``: visitors known by name; ``asked``: what the visitor said; ``services``: id → name.
    """
    return compared_rows(differing.visit, change_from(differing.content.open()), named, asked, services)


def compared_rows(
    visit: Visit,
    change: VisitChange,
    named: Collection[Any],
    asked: Demographics | None,
    services: Mapping[str, str],
) -> list[list[str]]:
    """What ``visit`` says beside what ``change`` would have it say, where they differ."""
    said = change.particulars
    stands = _kind_of_visitor(visit, named)
    rows = [["Who came", stands, stands if change.who is None else WHO[type(change.who)]]]
    for field, label in COMPARED.items():
        second = [given.kind for given in said.support] if field == "support" else getattr(said, field)
        rows.append([label, worded(field, getattr(visit, field)), worded(field, second)])
    minutes = {support.kind: support.minutes for support in visit.supports.all()}
    rows.append(["Minutes", _minutes(minutes), _minutes({given.kind: given.minutes for given in said.support})])
    here = [str(signpost.service_id) for signpost in visit.signposts.all()]
    second_ids = [str(service_id) for service_id in said.signposted or ()]
    rows.append(["Signposted to", service_names(here, services), service_names(second_ids, services)])
    answers = asked.answers if asked else Answers()
    for question in QUESTIONS:
        codes = [getattr(each, question.name) for each in (answers, change.answers)]
        rows.append([question.text, *(answered(question, code) for code in codes)])
    return [row for row in rows if row[1] != row[2]]


def _kind_of_visitor(visit: Visit, named: Collection[Any]) -> str:
    if visit.visitor_id is None:
        return WHO[Anonymous]
    return WHO[Named if visit.visitor_id in named else ReturnCode]


def answered(question: Question, given: str | tuple[str, ...]) -> str:
    codes = (given,) if isinstance(given, str) else given
    return ", ".join(question.wording_of(code) for code in codes) or "Not asked"


def _minutes(minutes: Mapping[str, int | None]) -> str:
    given = [f"{worded('support', kind)}: {spent}" for kind, spent in sorted(minutes.items()) if spent]
    return ", ".join(given) or "Not recorded"


def service_names(service_ids: Collection[str], services: Mapping[str, str]) -> str:
    return ", ".join(sorted(services.get(each, "Another service") for each in service_ids)) or "Nowhere"

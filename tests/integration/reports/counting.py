"""Count figures the slow and obvious way, to check the fast one against."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from cafes.models import Session, Visit, VisitorMerge
from providers.models import Provider
from reports import codings, measures
from reports.models import Figure
from sutg.common.periods import periods_containing
from tests.factories.scoped import acting_for

_UNRECORDED = [
    ("visits", ""),
    ("visits_without_reference", ""),
    ("visits_by_newness", "not_recorded"),
    ("visits_by_ethnic_category", "99"),
    ("visits_by_ethnic_group", "99"),
    ("visits_by_age_band", "not_known"),
    ("visits_by_gender", "not_stated"),
    ("visits_by_reason", "not_recorded"),
]
Key = tuple[uuid.UUID, str, date, str, str]


def stored_figures(provider: Provider) -> dict[Key, int]:
    with acting_for(provider):
        rows = Figure.objects.values_list("cafe_id", "period_kind", "period_start", "measure", "category", "value")
        return {tuple(row[:5]): row[5] for row in rows}


def naive_figures(provider: Provider) -> dict[Key, int]:
    """Every visit and session looked at one by one."""
    counts: Counter[Key] = Counter()
    people: defaultdict[Key, set[uuid.UUID]] = defaultdict(set)
    with acting_for(provider):
        visits = list(Visit.objects.filter(withdrawn_at=None))
        sessions = list(Session.objects.filter(withdrawn_at=None, state__in=["open", "closed", "reported"]))
    persons = persons_of(provider)
    for cafe_id, day in [(s.cafe_id, s.held_on) for s in sessions] + [(v.cafe_id, v.visited_on) for v in visits]:
        for period in periods_containing(day):
            for measure in ("sessions", "visits", "people", "visits_without_reference"):
                counts[cafe_id, period.kind.value, period.start, measure, ""] += 0
    for session in sessions:
        for period in periods_containing(session.held_on):
            counts[session.cafe_id, period.kind.value, period.start, "sessions", ""] += 1
            for measure, category in _UNRECORDED if session.unrecorded_visits else ():
                counts[session.cafe_id, period.kind.value, period.start, measure, category] += session.unrecorded_visits
    for visit in visits:
        for period in periods_containing(visit.visited_on):
            slot = (visit.cafe_id, period.kind.value, period.start)
            if visit.visitor_id:
                people[*slot, "people", ""].add(persons.get(visit.visitor_id, visit.visitor_id))
            for measure, category in _counted_under(visit):
                counts[*slot, measure, category] += 1
    counts.update({key: len(known) for key, known in people.items()})
    return dict(counts)


def persons_of(provider: Provider) -> dict[uuid.UUID, uuid.UUID]:
    """Each visitor whose return code was joined with another → one of those who are the same person."""
    with acting_for(provider):
        joined = list(VisitorMerge.objects.filter(undone_at=None).values_list("one_id", "other_id"))
    persons = {visitor: visitor for pair in joined for visitor in pair}
    for one, other in joined:
        stays, goes = persons[one], persons[other]
        persons = {visitor: stays if person == goes else person for visitor, person in persons.items()}
    return persons


def _counted_under(visit: Visit) -> Iterable[tuple[str, str]]:
    yield "visits", ""
    if not visit.visitor_id:
        yield "visits_without_reference", ""
    yield "visits_by_newness", {True: "new", False: "returning", None: "not_recorded"}[visit.is_new]
    for measure, answer in [
        (measures.BY_ETHNIC_CATEGORY, visit.ethnic_category),
        (measures.BY_ETHNIC_GROUP, visit.ethnic_category),
        (measures.BY_AGE_BAND, visit.age_band),
        (measures.BY_GENDER, visit.gender),
    ]:
        yield measure.code, codings.category_of(measure, answer)
    reasons = {codings.category_of(measures.BY_REASON, reason) for reason in visit.reasons} or {"not_recorded"}
    for reason in reasons:
        yield "visits_by_reason", reason

"""Recording, changing and withdrawing visits: one record for one visit, whatever comes twice."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cafes.demographics import Answers
from cafes.entries import Anonymous, Named, Particulars, ReturnCode, SupportGiven, VisitChange, VisitEntry
from cafes.models import Demographics, Visit, VisitorIdentity, VisitorReference, VisitRevision, VisitSupport
from cafes.services.visit_changes import ChangedMeanwhile, change_visit, withdraw_visit
from cafes.services.visits import Recorded, Refused, record_visit, record_visits
from providers.models import Provider
from sutg.audit.models import ProviderEvent
from sutg.common.errors import DomainError, NotFound
from tests.factories import make_cafe, make_provider
from tests.factories.scoped import TESTS, acting_for
from tests.integration.cafes.sessions import (
    CODE,
    NOW,
    ONE_TO_ONE,
    YESTERDAY,
    closed,
    entry,
    figures,
    opened,
    planned,
    recorded,
)

pytestmark = pytest.mark.django_db


def one(provider: Provider, visit_id: uuid.UUID) -> Visit:
    with acting_for(provider):
        return Visit.objects.get(id=visit_id)


def changed(provider: Provider, visit_id: uuid.UUID, version: int = 1, reason: str = "", **change: object) -> Visit:
    particulars = change.pop("particulars", Particulars())
    with acting_for(provider):
        return change_visit(
            visit_id=visit_id,
            version=version,
            change=VisitChange(particulars, **change),  # type: ignore[arg-type]
            by=TESTS,
            now=NOW,
            reason=reason,
        )


def test_visit_recorded_keeps_every_particular_and_counts() -> None:
    provider = make_provider()
    session = opened(provider)
    particulars = Particulars(
        came_for="as_carer",
        route_in="gp",
        reasons=("stress", "anxiety", "stress"),
        support=(SupportGiven("one_to_one", 50), SupportGiven("group")),
        helped=("company",),
        outcome="supported",
        alternative="gp",
        distress_before=8,
        distress_after=3,
        arrived_at=time(18, 10),
    )
    answers = Answers(ethnic_group="W3", age_band="25-29", gender_identity="2", disability=("09", "02"))

    with acting_for(provider):
        receipt = record_visit(
            entry=VisitEntry(uuid.uuid4(), session.id, Anonymous(), particulars, answers), by=TESTS, now=NOW
        )
        minutes = dict(VisitSupport.objects.values_list("kind", "minutes"))
        said = Demographics.objects.get(visit_id=receipt.visit_id).answers
        event = ProviderEvent.objects.get(name="visits_recorded")

    visit = one(provider, receipt.visit_id)
    assert (visit.came_for, visit.route_in, visit.outcome, visit.alternative) == ("as_carer", "gp", "supported", "gp")
    assert (visit.reasons, visit.support, visit.helped) == (["stress", "anxiety"], ["one_to_one", "group"], ["company"])
    assert (visit.distress_before, visit.distress_after, visit.arrived_at) == (8, 3, time(18, 10))
    assert (visit.ethnic_category, visit.age_band, visit.gender) == ("C", "25-29", "female")
    assert (visit.recorded_at, visit.recorded_by, visit.version) == (NOW, str(TESTS), 1)
    assert minutes == {"one_to_one": 50, "group": None}
    assert said.disability == ("02", "09")
    assert (event.subject, event.detail["visits"]) == (session.id, 1)
    found = figures(provider)
    assert found["visits_by_reason", "stress"] == found["visits_by_age_band", "25-34"] == 1
    assert found["visits_by_ethnic_group", "White"] == found["visits_by_gender", "female"] == 1


def test_visit_sent_twice_is_one_visit_even_after_closing() -> None:
    provider = make_provider()
    session = opened(provider)
    sent = entry(session, Named("Ada Lovelace", "0116"), support=(ONE_TO_ONE,))

    with acting_for(provider):
        first = record_visit(entry=sent, by=TESTS, now=NOW)
        again = record_visit(entry=sent, by=TESTS, now=NOW)
    closed(session, 1)
    with acting_for(provider):
        late = record_visit(entry=sent, by=TESTS, now=NOW)
        assert (Visit.objects.count(), VisitorIdentity.objects.count(), VisitSupport.objects.count()) == (1, 1, 1)

    assert first.visit_id == again.visit_id == late.visit_id
    assert (first.is_repeat, again.is_repeat, late.is_repeat) == (False, True, True)
    assert "55" in first.warnings[0]


def test_client_uuid_of_another_provider_is_free_to_use() -> None:
    mine, theirs = make_provider(), make_provider()
    sent = entry(opened(theirs))
    own = dataclasses.replace(sent, session_id=opened(mine).id)

    with acting_for(theirs):
        record_visit(entry=sent, by=TESTS, now=NOW)
    with acting_for(mine):
        assert not record_visit(entry=own, by=TESTS, now=NOW).is_repeat


def test_session_of_another_provider_is_not_found() -> None:
    mine, theirs = make_provider(), make_provider()
    sent = entry(opened(theirs))

    with acting_for(mine):
        with pytest.raises(NotFound):
            record_visit(entry=sent, by=TESTS, now=NOW)
        settled = record_visits(entries=[entry(opened(mine)), sent], by=TESTS, now=NOW)

    assert [type(each) for each in settled] == [Recorded, Refused]


def test_visitor_with_a_code_is_new_once_and_asked_once() -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider)
    first, second = opened(provider, cafe, YESTERDAY), opened(provider, cafe)
    asked = dataclasses.replace(entry(first, CODE), answers=Answers(ethnic_group="A2", language="Z"))

    with acting_for(provider):
        new = record_visit(entry=asked, by=TESTS, now=NOW).visit_id
    returning = recorded(second, ReturnCode("BLUE  heron"))

    visits = [one(provider, new), one(provider, returning)]
    assert visits[0].visitor_id == visits[1].visitor_id is not None
    assert [visit.is_new for visit in visits] == [True, False]
    assert [visit.ethnic_category for visit in visits] == ["R", "R"]
    with acting_for(provider):
        assert Demographics.objects.get().answers == Answers(ethnic_group="A2", language="Z")
    assert figures(provider)["people", ""] == 1


def test_same_code_at_two_cafes_is_two_people() -> None:
    provider = make_provider()

    recorded(opened(provider), CODE)
    recorded(opened(provider), CODE)

    with acting_for(provider):
        assert VisitorReference.objects.count() == 2


def test_named_visitor_is_known_again_at_the_same_cafe_alone() -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider)
    recorded(opened(provider, cafe), Named("Ada Lovelace"))
    with acting_for(provider):
        identity = VisitorIdentity.objects.get()

    again = recorded(opened(provider, cafe, YESTERDAY), Named(contact="0116", visitor_id=identity.visitor_id))

    assert one(provider, again).is_new is False
    with acting_for(provider):
        kept = VisitorIdentity.objects.get()
        assert (kept.name.open(), kept.contact.open()) == ("Ada Lovelace", "0116")
    with pytest.raises(DomainError) as refused:
        recorded(opened(provider), Named(visitor_id=identity.visitor_id))
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    ("who", "particulars", "field"),
    [
        (ReturnCode("A1"), {}, "code"),
        (ReturnCode("7777"), {}, "code"),
        (ReturnCode("test"), {}, "code"),
        (ReturnCode("x y" * 30), {}, "code"),
        (Named("  "), {}, "name"),
        (Named("A" * 201), {}, "name"),
        (Named("Ada", "0" * 301), {}, "contact"),
        (None, {"reasons": ("hunger",)}, "reasons"),
        (None, {"outcome": "cured"}, "outcome"),
        (None, {"distress_after": 11}, "distress_after"),
        (None, {"support": (SupportGiven("group"), SupportGiven("group"))}, "support"),
        (None, {"support": (SupportGiven("group", 0),)}, "minutes_group"),
    ],
)
def test_visit_with_a_fault_is_refused_at_its_field(who: object, particulars: dict[str, object], field: str) -> None:
    session = opened(make_provider())

    with pytest.raises(DomainError) as refused:
        recorded(session, who, **particulars)  # type: ignore[arg-type]

    assert refused.value.field == field


def test_answer_that_no_list_knows_is_refused_at_its_field() -> None:
    session = opened(make_provider())
    sent = dataclasses.replace(entry(session), answers=Answers(religion="pastafarian"))

    with acting_for(session.provider), pytest.raises(DomainError) as refused:
        record_visit(entry=sent, by=TESTS, now=NOW)

    assert refused.value.field == "religion"


def test_visit_at_a_session_that_is_not_open_is_refused_or_needs_a_reason() -> None:
    provider = make_provider()
    with pytest.raises(DomainError, match="when it is open"):
        recorded(planned(provider))
    session = closed(opened(provider), 2, "unrecorded")
    with pytest.raises(DomainError, match="is closed"):
        recorded(session)

    with acting_for(provider):
        record_visit(entry=entry(session), by=TESTS, now=NOW, reason="left_out")
        session.refresh_from_db()

    # Who was counted at the door and is written down now was counted once, and still is.
    assert session.unrecorded_visits == 1
    assert figures(provider)["visits", ""] == 2


def test_change_while_open_is_free_and_keeps_what_was_said_before() -> None:
    provider = make_provider()
    visit_id = recorded(opened(provider), support=(ONE_TO_ONE,))

    visit = changed(provider, visit_id, particulars=Particulars(distress_after=2), answers=Answers(gender_identity="3"))

    assert (visit.version, visit.distress_after, visit.reasons, visit.gender) == (2, 2, [], "non_binary")
    with acting_for(provider):
        revision = VisitRevision.objects.get()
        assert not VisitSupport.objects.exists()
    assert (revision.version, revision.kind, revision.reason) == (1, "changed", "")
    assert (revision.before["reasons"], revision.before["minutes"]) == (["stress", "anxiety"], {"one_to_one": 55})
    assert figures(provider)["visits_by_reason", "not_recorded"] == 1


def test_second_editor_of_a_visit_is_told_and_nothing_is_overwritten() -> None:
    provider = make_provider()
    visit_id = recorded(opened(provider))
    changed(provider, visit_id, particulars=Particulars(distress_after=2))

    with pytest.raises(ChangedMeanwhile) as refused:
        changed(provider, visit_id, particulars=Particulars(distress_after=9))

    assert refused.value.version == 2
    assert one(provider, visit_id).distress_after == 2


def test_correction_after_closing_needs_a_reason_and_is_kept() -> None:
    provider = make_provider()
    session = opened(provider)
    visit_id = recorded(session)
    closed(session, 1)

    for reason in ("", "because"):
        with pytest.raises(DomainError) as refused:
            changed(provider, visit_id, reason=reason)
        assert refused.value.field == "reason"
    changed(provider, visit_id, reason="mistyped", particulars=Particulars(reasons=("housing",)))

    assert figures(provider)["visits_by_reason", "housing"] == 1
    with acting_for(provider):
        assert VisitRevision.objects.get().reason == "mistyped"


def test_anonymous_visit_that_gets_a_code_takes_its_answers_along() -> None:
    provider = make_provider()
    session = opened(provider)
    asked = dataclasses.replace(entry(session), answers=Answers(ethnic_group="B1"))
    with acting_for(provider):
        visit_id = record_visit(entry=asked, by=TESTS, now=NOW).visit_id

    visit = changed(provider, visit_id, who=CODE)

    assert (visit.is_new, visit.ethnic_category) == (True, "N")
    with acting_for(provider):
        row = Demographics.objects.get()
    assert (row.visitor_id, row.visit_id) == (visit.visitor_id, None)
    assert changed(provider, visit_id, version=2, who=Anonymous()).visitor_id is None


def test_visit_withdrawn_counts_nowhere_and_is_kept() -> None:
    provider = make_provider()
    session = opened(provider)
    visit_id, _ = recorded(session), recorded(session)
    closed(session, 3, "unrecorded")

    with acting_for(provider):
        with pytest.raises(DomainError) as refused:
            withdraw_visit(visit_id=visit_id, version=1, reason="", by=TESTS, now=NOW)
        withdraw_visit(visit_id=visit_id, version=1, reason="duplicate", by=TESTS, now=NOW)
        with pytest.raises(NotFound):
            withdraw_visit(visit_id=visit_id, version=2, reason="duplicate", by=TESTS, now=NOW)
        session.refresh_from_db()

    assert refused.value.field == "reason"
    assert session.unrecorded_visits == 2
    assert figures(provider)["visits", ""] == 3


def test_visit_of_another_provider_is_neither_changed_nor_withdrawn() -> None:
    mine, theirs = make_provider(), make_provider()
    visit_id = recorded(opened(theirs))

    with pytest.raises(NotFound):
        changed(mine, visit_id)
    with acting_for(mine), pytest.raises(NotFound):
        withdraw_visit(visit_id=visit_id, version=1, reason="duplicate", by=TESTS, now=NOW)


def test_hundred_visits_cost_hardly_more_statements_than_two() -> None:
    provider = make_provider()
    session = opened(provider)
    costs = []

    for number in (2, 100):
        sent = [
            dataclasses.replace(
                entry(session, ReturnCode(f"heron {number} {i // 2}"), support=(ONE_TO_ONE,)),
                answers=Answers(ethnic_group="A1"),
            )
            for i in range(number)
        ]
        with (
            acting_for(provider),
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            settled = record_visits(entries=sent, by=TESTS, now=NOW)
        assert all(isinstance(each, Recorded) for each in settled)
        costs.append(len(queries))

    assert costs[1] <= costs[0]
    assert costs[1] < 40

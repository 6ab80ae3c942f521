"""A record that could not be applied is tried again, put in place of what stands, or set aside; it is never lost."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.utils import timezone

from cafes.models import Cafe, Session, TabletRecord, Visit
from cafes.services.tablet_settling import apply_again, let_stand, set_aside, take_up_again
from cafes.services.visit_changes import ChangedMeanwhile
from providers.models import Provider
from sutg.audit.models import ProviderEvent
from sutg.common.errors import DomainError, NotFound
from tests.factories import make_cafe, make_provider, make_session
from tests.factories.scoped import TESTS, acting_for
from tests.factories.tablets import make_tablet_record
from tests.integration.cafes.tablets import enrolled, opening, records, standing_visits, visit
from tests.support.tablet import SimulatedTablet

pytestmark = [pytest.mark.django_db, pytest.mark.database]
State = TabletRecord.State


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def cafe(provider: Provider) -> Cafe:
    return make_cafe(provider=provider)


@pytest.fixture
def tablet(provider: Provider, cafe: Cafe) -> SimulatedTablet:
    return enrolled(provider, cafe)


@pytest.fixture
def two_contents(provider: Provider, tablet: SimulatedTablet) -> TabletRecord:
    """A visit with distress 7, and a record of the same visit that says 3."""
    session = opening(tablet)
    client_uuid = uuid.uuid4()
    tablet.record("visit", visit(session), record_id=client_uuid)
    tablet.record("visit", visit(session, distress_before=3), record_id=client_uuid)
    tablet.sync()
    return next(row for row in records(provider) if row.state == State.ATTENTION)


def settling(provider: Provider, how: Any, row: TabletRecord, **given: Any) -> TabletRecord:
    with acting_for(provider):
        settled: TabletRecord = how(tablet_record_id=row.id, by=TESTS, now=timezone.now(), **given)
        return settled


def events(provider: Provider) -> list[str]:
    with acting_for(provider):
        return list(ProviderEvent.objects.filter(name__startswith="tablet_record_").values_list("name", flat=True))


def test_record_that_needed_attention_is_applied_once_it_can_be(
    provider: Provider, cafe: Cafe, tablet: SimulatedTablet
) -> None:
    session = make_session(provider=provider, cafe=cafe, held_on=timezone.localdate(), state=Session.State.PLANNED)
    tablet.record("visit", visit(session.id))
    tablet.sync()
    row = records(provider)[0]
    assert row.state == State.ATTENTION
    with acting_for(provider):
        Session.objects.update(state=Session.State.OPEN, opened_at=timezone.now(), opened_by=str(TESTS))

    settled = settling(provider, apply_again, row)

    assert settled.state == State.APPLIED
    assert len(standing_visits(provider)) == 1


def test_visit_made_after_its_session_was_closed_counts_as_left_out_once_a_person_says_so(
    provider: Provider, tablet: SimulatedTablet
) -> None:
    session = opening(tablet)
    tablet.sync()
    with acting_for(provider):
        now = timezone.now()
        Session.objects.update(state="closed", closed_at=now, closed_by=str(TESTS), door_tally=0)
    tablet.record("visit", visit(session))
    tablet.sync()
    row = records(provider)[-1]
    assert (row.state, standing_visits(provider)) == (State.ATTENTION, [])

    settled = settling(provider, apply_again, row)

    assert settled.state == State.APPLIED
    assert len(standing_visits(provider)) == 1
    with acting_for(provider):
        assert ProviderEvent.objects.get(name="visits_recorded").detail["reason"] == "left_out"


def test_record_set_aside_is_kept_with_its_reason_and_cannot_be_settled_twice(
    provider: Provider, tablet: SimulatedTablet
) -> None:
    tablet.record("dance", {})
    tablet.sync()
    row = records(provider)[0]

    settling(provider, set_aside, row, because="trial")
    with pytest.raises(DomainError, match="settled already"):
        settling(provider, set_aside, row, because="trial")

    kept = records(provider)[0]
    assert (kept.state, kept.settled_by, kept.set_aside_because) == (State.SET_ASIDE, str(TESTS), "trial")
    assert kept.payload is not None
    assert events(provider) == ["tablet_record_set_aside"]


def test_record_set_aside_by_mistake_is_taken_up_and_applied(
    provider: Provider, cafe: Cafe, tablet: SimulatedTablet
) -> None:
    session = make_session(provider=provider, cafe=cafe, held_on=timezone.localdate(), state=Session.State.PLANNED)
    tablet.record("visit", visit(session.id))
    tablet.sync()
    row = records(provider)[0]
    settling(provider, set_aside, row, because="trial")
    with acting_for(provider):
        Session.objects.update(state=Session.State.OPEN, opened_at=timezone.now(), opened_by=str(TESTS))

        again = take_up_again(tablet_record_id=row.id, by=TESTS)
        with pytest.raises(DomainError, match="not set aside"):
            take_up_again(tablet_record_id=row.id, by=TESTS)

    assert (again.state, again.set_aside_because, again.settled_at, again.reason) == ("attention", "", None, row.reason)
    assert settling(provider, apply_again, row).state == State.APPLIED
    assert "tablet_record_taken_up" in events(provider)


def test_record_of_another_provider_is_not_taken_up() -> None:
    foreign = make_tablet_record(provider=make_provider(), state="set_aside", set_aside_because="trial")

    with acting_for(make_provider()), pytest.raises(NotFound):
        take_up_again(tablet_record_id=foreign.id, by=TESTS)


@pytest.mark.parametrize("because", ["", "bored"])
def test_record_set_aside_without_a_known_reason_is_refused(
    provider: Provider, two_contents: TabletRecord, because: str
) -> None:
    with pytest.raises(DomainError, match="why it counts nowhere"):
        settling(provider, set_aside, two_contents, because=because)


def test_second_content_let_stand_replaces_the_first_and_keeps_what_it_said(
    provider: Provider, two_contents: TabletRecord
) -> None:
    before = standing_visits(provider)[0]

    settled = settling(provider, let_stand, two_contents, version=before.version)

    [after] = standing_visits(provider)
    assert (before.distress_before, after.distress_before, after.version) == (7, 3, before.version + 1)
    assert (settled.state, settled.applied_to, settled.payload) == (State.APPLIED, after.id, None)
    with acting_for(provider):
        assert after.revisions.get().before["distress_before"] == 7
    assert "tablet_record_stands" in events(provider)


def test_content_let_stand_after_the_session_was_closed_says_so(provider: Provider, two_contents: TabletRecord) -> None:
    with acting_for(provider):
        Session.objects.update(state="closed", closed_at=timezone.now(), closed_by=str(TESTS), door_tally=1)

    settling(provider, let_stand, two_contents, version=1)

    with acting_for(provider):
        assert Visit.objects.get().revisions.get().reason == "other"


def test_later_change_on_the_tablet_follows_the_content_that_was_let_stand(
    provider: Provider, tablet: SimulatedTablet, two_contents: TabletRecord
) -> None:
    settling(provider, let_stand, two_contents, version=1)

    facts = {"visit": str(two_contents.record_id), "follows": two_contents.hash, "came_for": "self"}
    tablet.record("visit_changed", {**facts, "reasons": ["anxiety"], "distress_before": 5})
    answer = tablet.sync()

    assert "reason" not in answer["results"][0]
    assert standing_visits(provider)[0].distress_before == 5


def test_content_compared_with_an_older_version_is_refused(provider: Provider, two_contents: TabletRecord) -> None:
    with pytest.raises(ChangedMeanwhile):
        settling(provider, let_stand, two_contents, version=9)

    assert records(provider)[-1].state == State.ATTENTION


def test_record_of_a_visit_that_was_withdrawn_cannot_be_let_stand(
    provider: Provider, two_contents: TabletRecord
) -> None:
    with acting_for(provider):
        Visit.objects.update(withdrawn_at=timezone.now())

    with pytest.raises(DomainError, match="no visit"):
        settling(provider, let_stand, two_contents, version=1)


def test_record_of_one_cafe_changes_no_visit_of_another(provider: Provider, two_contents: TabletRecord) -> None:
    other = enrolled(provider, make_cafe(provider=provider), name="Elsewhere")
    other.record("visit", visit(uuid.uuid4(), distress_before=1), record_id=two_contents.record_id)
    other.sync()
    row = next(row for row in records(provider) if row.tablet_id != two_contents.tablet_id)

    with pytest.raises(DomainError, match="no visit"):
        settling(provider, let_stand, row, version=1)


@pytest.mark.parametrize(
    ("how", "given"), [(apply_again, {}), (let_stand, {"version": 1}), (set_aside, {"because": "trial"})]
)
def test_record_of_another_provider_is_not_found(how: Any, given: dict[str, Any]) -> None:
    foreign = make_tablet_record(provider=make_provider())

    with pytest.raises(NotFound):
        settling(make_provider(), how, foreign, **given)

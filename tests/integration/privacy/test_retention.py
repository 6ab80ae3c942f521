"""What is past its period is erased, and nothing else."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from cafes.models import (
    Demographics,
    IncidentNote,
    OnDuty,
    ReturnCheck,
    ReturnContent,
    Visit,
    VisitorIdentity,
    VisitorReference,
    VisitRevision,
    VisitSupport,
)
from reports.services.figures import refresh_figures
from sutg.audit.models import ProviderEvent
from sutg.common.catalogue import Retention
from sutg.privacy.erasing import apply, forecast, plan
from sutg.privacy.models import RetentionForecast, RetentionHold
from sutg.privacy.retention import USUAL_MONTHS, cutoff_of
from tests import factories as make
from tests.factories.scoped import TESTS, acting_for, acting_for_trust
from tests.integration.reports.counting import stored_figures

pytestmark = pytest.mark.django_db

TODAY = date(2034, 6, 15)


def day_of(retention: Retention) -> date:
    """The last day that is still kept."""
    return cutoff_of(USUAL_MONTHS[retention], TODAY)


def moment(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def count(model: Any, provider: Any) -> int:
    with acting_for(provider):
        return int(model.objects.count())


def visit_on(provider: Any, day: date, **fields: Any) -> Visit:
    cafe = fields.pop("cafe", None)
    session = make.make_session(provider=provider, cafe=cafe, held_on=day)
    return make.make_visit(provider=provider, session=session, **fields)


def _identity(provider: Any, day: date) -> None:
    make.make_visitor_identity(provider=provider, recorded_at=moment(day))


def _demographics(provider: Any, day: date) -> None:
    make.make_demographics(provider=provider, asked_at=moment(day))


def _revision(provider: Any, day: date) -> None:
    make.make_visit_revision(provider=provider, visit=visit_on(provider, day))


def _on_duty(provider: Any, day: date) -> None:
    make.make_on_duty(provider=provider, session=make.make_session(provider=provider, held_on=day))


def _incident_note(provider: Any, day: date) -> None:
    at = moment(day)
    by = str(TESTS)
    incident = make.make_incident(provider=provider, acknowledged_at=at, acknowledged_by=by, closed_at=at, closed_by=by)
    make.make_incident_note(provider=provider, incident=incident)


def _content(provider: Any, day: date) -> None:
    file = make.make_return_file(provider=provider, state="loaded", settled_at=moment(day))
    make.make_return_content(provider=provider, return_file=file)


DELETED = [
    (VisitorIdentity, Retention.NAMED, _identity),
    (Demographics, Retention.VISIT, _demographics),
    (VisitRevision, Retention.VISIT, _revision),
    (IncidentNote, Retention.INCIDENT, _incident_note),
    (ReturnContent, Retention.RETURN, _content),
    (OnDuty, Retention.STAFF, _on_duty),
]


@pytest.mark.parametrize(("model", "retention", "plant"), DELETED, ids=lambda value: getattr(value, "__name__", ""))
@pytest.mark.parametrize(("later", "kept"), [(-1, 0), (0, 1), (1, 1)], ids=["before", "on the day", "after"])
def test_record_at_the_end_of_its_period_is_deleted_the_day_after(
    model: Any, retention: Retention, plant: Any, later: int, kept: int
) -> None:
    provider = make.make_provider()
    plant(provider, day_of(retention) + timedelta(days=later))

    apply(today=TODAY, by=TESTS)

    assert count(model, provider) == kept


def test_visit_past_its_period_keeps_what_is_counted_and_nothing_else() -> None:
    provider = make.make_provider()
    day = day_of(Retention.VISIT) - timedelta(days=1)
    written = {
        "arrived_at": time(17, 3),
        "recorded_at": moment(day),
        "recorded_by": str(TESTS),
        "ethnicity_as_written": "In words of their own",
        "postcode_district": "LE4",
        "onward_referral": "GP",
        "alternative": "gp",
        "distress_before": 8,
        "reasons": ["Anxiety", "The neighbour’s dog"],
        "gender": "female",
        "age_band": "25-34",
    }
    visit = visit_on(provider, day, **written)
    make.make_visit_support(provider=provider, visit=visit, minutes=20)
    _refresh(provider, visit)
    before = stored_figures(provider)

    apply(today=TODAY, by=TESTS)

    with acting_for(provider):
        left = Visit.objects.get()
        support = VisitSupport.objects.get()
    assert (left.arrived_at, left.recorded_at, left.recorded_by, left.distress_before) == (None, None, "", None)
    assert (left.ethnicity_as_written, left.postcode_district, left.onward_referral, left.alternative) == ("",) * 4
    assert (left.reasons, left.gender, left.age_band) == (["Anxiety", "other"], "female", "25-34")
    assert support.minutes is None
    _refresh(provider, visit)
    assert stored_figures(provider) == before


def _refresh(provider: Any, visit: Visit) -> None:
    with acting_for(provider):
        days = {visit.cafe_id: [visit.visited_on]}
        refresh_figures(provider_id=provider.id, cafe_days=days, by=TESTS, reason="recorded")


def test_reference_of_somebody_who_still_comes_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = make.make_provider()
    old, recent = moment(date(2020, 1, 1)), day_of(Retention.VISIT)
    with monkeypatch.context() as long_ago:
        long_ago.setattr(timezone, "now", lambda: old)
        kept, gone = (make.make_visitor(provider=provider) for _ in range(2))
    for visitor, written in ((kept, "A"), (gone, "B")):
        make.make_visitor_reference(provider=provider, visitor=visitor, written=written)
    visit_on(provider, recent, visitor_id=kept.id)
    visit_on(provider, recent - timedelta(days=1), visitor_id=gone.id)

    apply(today=TODAY, by=TESTS)

    with acting_for(provider):
        assert list(VisitorReference.objects.values_list("visitor_id", flat=True)) == [kept.id]


def test_tally_of_an_old_return_is_emptied_and_its_check_stays() -> None:
    provider = make.make_provider()
    settled = moment(day_of(Retention.RETURN) - timedelta(days=1))
    file = make.make_return_file(provider=provider, state="loaded", settled_at=settled)
    make.make_return_check(provider=provider, return_file=file, tally={"rows": 1}, aliases={"a": "b"})

    apply(today=TODAY, by=TESTS)

    with acting_for(provider):
        left = ReturnCheck.objects.get()
    assert (left.tally, left.aliases) == (None, {})


def test_file_that_is_not_settled_is_kept_whatever_its_age() -> None:
    provider = make.make_provider()
    make.make_return_content(provider=provider)

    apply(today=date(2090, 1, 1), by=TESTS)

    assert count(ReturnContent, provider) == 1


@pytest.mark.parametrize("held", ["everything", "the visitor", "the visit"])
def test_held_record_is_kept_until_the_hold_ends(held: str) -> None:
    provider = make.make_provider()
    day = day_of(Retention.VISIT) - timedelta(days=1)
    visitor = make.make_visitor(provider=provider)
    visit = visit_on(provider, day, visitor_id=visitor.id)
    make.make_visit_revision(provider=provider, visit=visit)
    record_id = {"everything": None, "the visitor": visitor.id, "the visit": visit.id}[held]
    make.make_retention_hold(provider=provider, record_id=record_id, until=TODAY)

    apply(today=TODAY, by=TESTS)
    kept = count(VisitRevision, provider)
    apply(today=TODAY + timedelta(days=1), by=TESTS)

    assert (kept, count(VisitRevision, provider)) == (1, 0)


def test_released_hold_holds_nothing() -> None:
    provider = make.make_provider()
    _identity(provider, date(2020, 1, 1))
    make.make_retention_hold(provider=provider, released_at=moment(TODAY), released_by=str(TESTS))

    apply(today=TODAY, by=TESTS)

    assert count(VisitorIdentity, provider) == 0


def test_dry_run_says_what_is_due_and_changes_nothing() -> None:
    provider = make.make_provider()
    _identity(provider, date(2020, 3, 1))
    _identity(provider, date(2021, 3, 1))

    found = plan(today=TODAY, by=TESTS)

    mine = [f for f in found if f.provider_id == provider.id and f.kind == "cafes.VisitorIdentity"]
    assert [(f.retention, f.rows, f.oldest) for f in mine] == [(Retention.NAMED, 2, date(2020, 3, 1))]
    assert count(VisitorIdentity, provider) == 2
    with acting_for(provider):
        assert not ProviderEvent.objects.filter(name="retention.erased").exists()


def test_run_records_how_many_of_which_class() -> None:
    provider = make.make_provider()
    _identity(provider, date(2020, 3, 1))

    apply(today=TODAY, by=TESTS)

    with acting_for(provider):
        event = ProviderEvent.objects.get(name="retention.erased")
    assert event.detail == {
        "retention": "named",
        "kind": "cafes.VisitorIdentity",
        "rows": 1,
        "before": cutoff_of(24, TODAY).isoformat(),
    }


def test_second_run_on_the_same_day_finds_nothing() -> None:
    provider = make.make_provider()
    for *_, plant in DELETED:
        plant(provider, date(2000, 1, 1))

    first = apply(today=TODAY, by=TESTS)

    assert first
    assert apply(today=TODAY, by=TESTS) == []


def test_shorter_period_of_one_class_leaves_the_others() -> None:
    provider = make.make_provider()
    day = TODAY - timedelta(days=100)
    _identity(provider, day)
    _demographics(provider, day)
    make.make_retention_period(retention="named", months=3)

    apply(today=TODAY, by=TESTS)

    assert (count(VisitorIdentity, provider), count(Demographics, provider)) == (0, 1)


def test_hold_of_one_provider_leaves_another_to_its_age() -> None:
    held, other = make.make_provider(), make.make_provider()
    for provider in (held, other):
        _identity(provider, date(2020, 1, 1))
    make.make_retention_hold(provider=held)

    apply(today=TODAY, by=TESTS)

    assert (count(VisitorIdentity, held), count(VisitorIdentity, other)) == (1, 0)


def test_code_that_is_no_retention_run_cannot_delete() -> None:
    provider = make.make_provider()
    _identity(provider, date(2020, 1, 1))

    with pytest.raises(DatabaseError, match="erased by their age alone"), acting_for(provider):
        VisitorIdentity.objects.all()._raw_delete("default")

    assert count(VisitorIdentity, provider) == 1


def test_forecast_says_what_is_due_within_a_week() -> None:
    provider = make.make_provider()
    _identity(provider, day_of(Retention.NAMED) + timedelta(days=5))

    forecast(today=TODAY, by=TESTS)
    forecast(today=TODAY, by=TESTS)

    with acting_for_trust():
        found = RetentionForecast.objects.get(organisation_id=provider.id)
    assert (found.kind, found.due, found.as_of) == ("cafes.VisitorIdentity", 1, TODAY + timedelta(days=7))


def test_command_says_what_it_would_erase_and_then_what_it_did() -> None:
    provider = make.make_provider(name="Old Friends")
    _identity(provider, date(2001, 1, 1))

    dry, wet = StringIO(), StringIO()
    call_command("apply_retention", "--dry-run", stdout=dry)
    call_command("apply_retention", stdout=wet)

    assert "Old Friends: named, cafes.VisitorIdentity: 1, the oldest from 2001-01-01" in dry.getvalue()
    assert "1 records were erased." in wet.getvalue()
    assert count(VisitorIdentity, provider) == 0


@pytest.mark.parametrize(
    ("months", "day", "cutoff"),
    [
        (1, date(2024, 3, 31), date(2024, 2, 29)),
        (12, date(2024, 2, 29), date(2023, 2, 28)),
        (24, date(2024, 1, 15), date(2022, 1, 15)),
    ],
)
def test_period_ends_on_the_same_day_of_its_month(months: int, day: date, cutoff: date) -> None:
    assert cutoff_of(months, day) == cutoff


def test_provider_role_knows_nothing_of_holds() -> None:
    provider = make.make_provider()
    make.make_retention_hold(provider=provider, record_id=uuid.uuid4())

    with pytest.raises(DatabaseError), acting_for(provider):
        RetentionHold.objects.count()

"""A return never counts a visit that a café recorded itself."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.utils import timezone

from cafes.models import Cafe, ReturnFile, Session, Visit
from cafes.selectors.returns import find_check
from cafes.services.return_files import confirm_return, receive_return
from cafes.services.return_work import work_on
from providers.models import Provider
from sutg.common.periods import Period
from tests.factories import make_cafe, make_provider
from tests.factories.scoped import TESTS, acting_for
from tests.integration.cafes.sessions import figures, planned

pytestmark = pytest.mark.django_db

State = ReturnFile.State
DAY = date(2026, 5, 12)
RETURN = "Café;Date;Time;Ref;Reasons\n{cafe};12/05/2026;17:10;AA01;Stress\n{cafe};13/05/2026;17:10;AA01;Stress\n"


def handed_in(provider: Provider, cafe: Cafe) -> ReturnFile:
    with acting_for(provider):
        file = receive_return(
            provider_id=provider.id,
            period=Period.parse("2026-Q1"),
            filename="return.csv",
            content=RETURN.format(cafe=cafe.name).encode(),
            by=TESTS,
        )
        checked = work_on(return_file_id=file.id, state=State.CHECKING, by=TESTS)
    assert checked is not None
    return checked


def held_here(provider: Provider, cafe: Cafe) -> Session:
    """As if it had been opened on that day."""
    now = timezone.make_aware(timezone.datetime(2026, 5, 12, 18))
    return planned(provider, cafe, DAY, state=Session.State.OPEN, opened_at=now, opened_by="user:x")


def loaded(provider: Provider, file: ReturnFile) -> ReturnFile:
    with acting_for(provider):
        confirm_return(return_file_id=file.id, by=TESTS)
        done = work_on(return_file_id=file.id, state=State.LOADING, by=TESTS)
    assert done is not None
    return done


def test_row_of_a_day_recorded_here_is_rejected_with_a_sentence() -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider, name="The Hearth")
    held_here(provider, cafe)

    file = handed_in(provider, cafe)
    with acting_for(provider):
        tally = find_check(file).found
    done = loaded(provider, file)

    assert [row["reason"] for row in tally["rejected"]] == ["recorded_here"]
    assert "The Hearth recorded its visits of 12 May 2026 here" in tally["rejected_rows"][0][3]
    assert done.state == State.LOADED
    assert figures(provider)["visits", ""] == 1


def test_day_recorded_here_after_the_check_stops_the_load() -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider)
    file = handed_in(provider, cafe)
    held_here(provider, cafe)

    done = loaded(provider, file)

    assert (done.state, "changed since" in done.refusal) == (State.CHECKED, True)
    with acting_for(provider):
        assert Visit.objects.count() == 0


def test_planned_session_of_a_reported_day_is_counted_once() -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider)
    session = planned(provider, cafe, DAY, opens=time(10), closes=time(12))

    loaded(provider, handed_in(provider, cafe))

    with acting_for(provider):
        session.refresh_from_db()
        assert session.state == Session.State.REPORTED
        assert Visit.objects.filter(session_id=session.id).exists()
    assert figures(provider)["sessions", ""] == 2

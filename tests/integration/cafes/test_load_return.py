"""From a provider's file to visits: the services, the command, and what is kept."""

from __future__ import annotations

import json
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from cafes.models import Cafe, ReturnCheck, ReturnFile, Session, Visit, Visitor
from cafes.services.return_files import confirm_return, discard_return, name_cafes, receive_return
from cafes.services.return_work import LEASE, claim, work_on
from providers.models import Provider
from reports.models import Figure
from sutg.audit.models import ProviderEvent
from sutg.common.errors import DomainError
from sutg.common.periods import Period
from sutg.tenancy.scope import Actor
from tests.factories import make_cafe, make_provider, make_return_check, make_return_file
from tests.factories.scoped import acting_for

pytestmark = [pytest.mark.django_db, pytest.mark.database]

BY = Actor.job("tests")
State = ReturnFile.State
HEADER = "Café;Date;Time;Ref;New/Ret;Age;Gender;Ethnicity;Reasons;Before;After\n"
ROWS = (
    "The Hearth;02/04/2024;10:00;H1;N;25-34;F;White British;Stress|Anxiety;7;4\n"
    "The Hearth;02/04/2024;11:00;;N;35-44;M;Pakistani;Isolation;5;5\n"
    "The Hearth;07/05/2024;10:30;H1;R;25-34;F;White British;Stress;6;3\n"
)


@pytest.fixture
def provider() -> Provider:
    provider = make_provider(name="Hearth Trust", slug="hearth-trust")
    make_cafe(provider=provider, name="The Hearth")
    return provider


def load(provider: Provider, text: str, aliases: dict[str, str] | None = None) -> ReturnFile:
    with acting_for(provider):
        file = receive_return(
            provider_id=provider.id,
            period=Period.parse("2024-Q1"),
            filename="return.csv",
            content=text.encode(),
            by=BY,
        )
        work_on(return_file_id=file.id, state=State.CHECKING, by=BY)
        if aliases:
            name_cafes(return_file_id=file.id, aliases=aliases, by=BY)
            work_on(return_file_id=file.id, state=State.CHECKING, by=BY)
        confirm_return(return_file_id=file.id, by=BY)
        loaded = work_on(return_file_id=file.id, state=State.LOADING, by=BY)
        assert loaded is not None
        return loaded


def command(provider: Provider, path: Path, *options: str) -> dict[str, Any]:
    out = StringIO()
    call_command(
        "load_return", str(path), "--provider", provider.slug, "--quarter", "2024-Q1", "--json", *options, stdout=out
    )
    return dict(json.loads(out.getvalue()))


def test_return_loaded_becomes_sessions_visitors_and_visits(provider: Provider) -> None:
    file = load(provider, HEADER + ROWS)

    with acting_for(provider):
        visits = list(Visit.objects.order_by("visited_on", "arrived_at"))
        assert file.state == State.LOADED
        assert Session.objects.count() == 2
        assert Visitor.objects.count() == 1
        assert [visit.visitor_id is None for visit in visits] == [False, True, False]
        assert visits[0].visitor_id == visits[2].visitor_id
        assert visits[0].reasons == ["Stress", "Anxiety"]
        assert (visits[1].ethnic_category, visits[1].distress_before) == ("J", 5)


def test_return_loaded_is_counted_in_the_figures_of_month_quarter_and_year(provider: Provider) -> None:
    load(provider, HEADER + ROWS)

    with acting_for(provider):
        found = Figure.objects.filter(measure="visits", category="").values_list("period_kind", "period_start", "value")
        assert Counter({(kind, str(start)): value for kind, start, value in found}) == {
            ("month", "2024-04-01"): 2,
            ("month", "2024-05-01"): 1,
            ("quarter", "2024-04-01"): 3,
            ("year", "2024-04-01"): 3,
        }


def test_return_loaded_records_who_did_each_step(provider: Provider) -> None:
    file = load(provider, HEADER + ROWS)

    with acting_for(provider):
        names = set(ProviderEvent.objects.filter(subject=file.id).values_list("name", flat=True))
    assert names == {"return_received", "return_checked", "return_confirmed", "return_loaded"}


def test_same_file_again_is_refused_and_adds_nothing(provider: Provider) -> None:
    load(provider, HEADER + ROWS)

    with pytest.raises(DomainError, match="This very file was loaded") as refusal:
        load(provider, HEADER + ROWS)

    assert refusal.value.field == "file"
    with acting_for(provider):
        assert Visit.objects.count() == 3


def test_corrected_file_replaces_the_earlier_and_keeps_its_history(provider: Provider) -> None:
    first = load(provider, HEADER + ROWS)
    second = load(provider, HEADER + ROWS.replace("07/05/2024", "14/05/2024"))

    with acting_for(provider):
        first.refresh_from_db()
        assert first.state == State.REPLACED
        assert second.replaces_id == first.id
        assert Visit.objects.count() == 6
        assert Visit.objects.standing().count() == 3
        assert {s.held_on.isoformat() for s in Session.objects.standing()} == {"2024-04-02", "2024-05-14"}
        assert Visitor.objects.count() == 1
        total = Figure.objects.get(measure="visits", category="", period_kind="quarter")
        assert total.value == 3


def test_visits_withdrawn_from_a_month_leave_no_figure_there(provider: Provider) -> None:
    load(provider, HEADER + ROWS)
    load(provider, HEADER + ROWS.replace("07/05/2024", "14/06/2024"))

    with acting_for(provider):
        may = Figure.objects.filter(period_kind="month", period_start="2024-05-01", measure="visits", category="")
        assert sum(figure.value for figure in may) == 0


def test_cafe_written_otherwise_is_left_out_until_a_person_says_which(provider: Provider) -> None:
    rows = ROWS.replace("The Hearth;02/04", "Ye Hearth;02/04")
    with acting_for(provider):
        file = receive_return(
            provider_id=provider.id,
            period=Period.parse("2024-Q1"),
            filename="return.csv",
            content=(HEADER + rows).encode(),
            by=BY,
        )
        work_on(return_file_id=file.id, state=State.CHECKING, by=BY)
        before = ReturnCheck.objects.get(return_file_id=file.id).tally
        name_cafes(return_file_id=file.id, aliases={"Ye Hearth": "The Hearth"}, by=BY)
        work_on(return_file_id=file.id, state=State.CHECKING, by=BY)
        after = ReturnCheck.objects.get(return_file_id=file.id).tally

    assert (before["accepted"], before["needs_cafe_alias"]) == (1, ["Ye Hearth"])
    assert (after["accepted"], after["needs_cafe_alias"]) == (3, [])


def test_alias_to_a_cafe_of_somebody_else_is_refused(provider: Provider) -> None:
    other = make_provider()
    make_cafe(provider=other, name="Their Place")
    file = make_return_file(provider=provider)
    make_return_check(provider=provider, return_file=file)

    with acting_for(provider), pytest.raises(DomainError, match="does not run"):
        name_cafes(return_file_id=file.id, aliases={"x": "Their Place"}, by=BY)


def test_reference_is_kept_as_a_digest_and_nowhere_else(provider: Provider) -> None:
    load(provider, HEADER + ROWS.replace("H1", "CANARY77"))

    with acting_for(provider), connection.cursor() as cursor:
        for table in (
            "cafes_visit",
            "cafes_visitor",
            "cafes_visitorreference",
            "reports_figure",
            "audit_providerevent",
        ):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%CANARY77%'")
            assert cursor.fetchone()[0] == 0, table


def test_unreadable_file_says_why_and_stores_no_visit(provider: Provider) -> None:
    with acting_for(provider):
        file = receive_return(
            provider_id=provider.id,
            period=Period.parse("2024-Q1"),
            filename="return.xlsx",
            content=b"%PDF-1.7 not a workbook",
            by=BY,
        )
        done = work_on(return_file_id=file.id, state=State.CHECKING, by=BY)

    assert done is not None
    assert (done.state, bool(done.refusal)) == (State.UNREADABLE, True)


@pytest.mark.parametrize("content", [b"", b"x" * 50_000_001], ids=["empty", "too large"])
def test_file_that_is_empty_or_too_large_is_refused_at_once(provider: Provider, content: bytes) -> None:
    with acting_for(provider), pytest.raises(DomainError) as refusal:
        receive_return(
            provider_id=provider.id, period=Period.parse("2024-Q1"), filename="r.csv", content=content, by=BY
        )

    assert refusal.value.field == "file"


@pytest.mark.parametrize("state", [State.LOADING, State.LOADED, State.REPLACED, State.DISCARDED])
def test_return_that_moved_on_is_not_put_aside(provider: Provider, state: str) -> None:
    file = make_return_file(provider=provider, state=state)

    with acting_for(provider), pytest.raises(DomainError, match="Reload the page"):
        discard_return(return_file_id=file.id, by=BY)


def test_file_is_claimed_by_one_worker_until_its_lease_ends(provider: Provider) -> None:
    file = make_return_file(provider=provider, state=State.CHECKING)
    with acting_for(provider):
        first = claim(return_file_id=file.id, state=State.CHECKING, by=BY)
        second = claim(return_file_id=file.id, state=State.CHECKING, by=BY)
        ReturnFile.objects.filter(id=file.id).update(lease_until=timezone.now() - LEASE)
        third = claim(return_file_id=file.id, state=State.CHECKING, by=BY)

    assert (first, second, third) == (True, False, True)


def test_file_that_breaks_its_worker_three_times_is_handed_to_a_person(provider: Provider) -> None:
    file = make_return_file(provider=provider, state=State.CHECKING, attempts=3)

    with acting_for(provider):
        claimed = claim(return_file_id=file.id, state=State.CHECKING, by=BY)
        file.refresh_from_db()

        recorded = ProviderEvent.objects.filter(subject=file.id, name="return_given_up").count()

    assert not claimed
    assert (file.state, "three tries" in file.refusal, recorded) == (State.UNREADABLE, True, 1)


def test_load_that_fails_midway_leaves_nothing_behind(provider: Provider) -> None:
    with acting_for(provider):
        file = receive_return(
            provider_id=provider.id,
            period=Period.parse("2024-Q1"),
            filename="return.csv",
            content=(HEADER + ROWS).encode(),
            by=BY,
        )
        work_on(return_file_id=file.id, state=State.CHECKING, by=BY)
        confirm_return(return_file_id=file.id, by=BY)
        # The café is renamed between the check and the load, so that the file comes to other numbers.
        Cafe.objects.update(name="Renamed")
        done = work_on(return_file_id=file.id, state=State.LOADING, by=BY)

        assert done is not None
        assert (done.state, done.confirmed_by) == (State.CHECKED, "")
        assert "have changed since" in done.refusal
        assert (Visit.objects.count(), Session.objects.count(), Figure.objects.count()) == (0, 0, 0)


def test_command_without_commit_stores_nothing(provider: Provider, tmp_path: Path) -> None:
    path = tmp_path / "return.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")

    found = command(provider, path)

    assert (found["rows"], found["accepted"], found["people_with_reference"]) == (3, 3, 1)
    with acting_for(provider):
        assert (ReturnFile.objects.count(), Visit.objects.count()) == (0, 0)


def test_command_with_commit_twice_loads_once(provider: Provider, tmp_path: Path) -> None:
    path = tmp_path / "return.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")

    first, second = command(provider, path, "--commit"), command(provider, path, "--commit")

    assert first == second
    with acting_for(provider):
        assert (ReturnFile.objects.count(), Visit.objects.count()) == (1, 3)


def test_command_with_commit_of_a_file_without_an_accepted_row_leaves_nothing(
    provider: Provider, tmp_path: Path
) -> None:
    path = tmp_path / "return.csv"
    path.write_text(HEADER + ROWS.replace("The Hearth", "Elsewhere"), encoding="utf-8")

    found = command(provider, path, "--commit")

    assert (found["rows"], found["accepted"]) == (3, 0)
    with acting_for(provider):
        assert ReturnFile.objects.count() == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--provider", "nobody"], "No provider is called"),
        (["--quarter", "2024-Q7"], "not a quarter"),
        (["--alias", "nonsense"], "is not an alias"),
        (["--alias", "X=No such café"], "No such café"),
    ],
)
def test_command_given_nonsense_exits_2_with_a_sentence(
    provider: Provider, tmp_path: Path, options: list[str], says: str
) -> None:
    path = tmp_path / "return.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")

    with pytest.raises(CommandError, match=says) as refusal:
        command(provider, path, *options)

    assert refusal.value.returncode == 2


def test_command_on_a_file_that_is_not_there_exits_2(provider: Provider, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refusal:
        command(provider, tmp_path / "absent.csv")

    assert refusal.value.returncode == 2


def test_one_provider_never_finds_anothers_return(provider: Provider) -> None:
    file = load(provider, HEADER + ROWS)

    with acting_for(make_provider()), transaction.atomic():
        assert not claim(return_file_id=file.id, state=State.LOADED, by=BY)
        assert ReturnFile.objects.count() == 0

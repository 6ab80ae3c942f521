"""Many rows in one statement: what is stored is what was given, and policies hold."""

from __future__ import annotations

import uuid

import pytest
from django.db import ProgrammingError, transaction

from cafes.models import Visit
from providers.models import Provider
from sutg.tenancy.bulk import Column, insert_rows
from tests.factories import make_provider, make_session
from tests.factories.scoped import acting_for

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def visits(provider: Provider, reasons: list[tuple[str, ...]]) -> dict[str, Column]:
    session = make_session(provider=provider)
    n = len(reasons)
    blank = Column("text", [""] * n)
    return {
        "provider_id": Column("uuid", [provider.id] * n),
        "id": Column("uuid", [uuid.uuid4() for _ in range(n)]),
        "client_uuid": Column("uuid", [uuid.uuid4() for _ in range(n)]),
        "session_id": Column("uuid", [session.id] * n),
        "cafe_id": Column("uuid", [session.cafe_id] * n),
        "visited_on": Column("date", [session.held_on] * n),
        "ethnic_category": Column("text", ["99"] * n),
        "reasons": Column("text[]", reasons),
        "support": Column("text[]", [()] * n),
        **dict.fromkeys(
            ["age_band", "gender", "ethnicity_as_written", "onward_referral", "alternative", "postcode_district"], blank
        ),
    }


def test_lists_of_different_lengths_are_stored_as_given() -> None:
    provider = make_provider()
    given: list[tuple[str, ...]] = [(), ("Stress",), ("Money, or {debt}", "“Housing”", 'a "b" \\c'), ("",)]

    with acting_for(provider):
        insert_rows("cafes_visit", visits(provider, given))
        stored = sorted(tuple(reasons) for reasons in Visit.objects.values_list("reasons", flat=True))

    # One empty string and no string at all are written alike; nobody means the difference.
    assert stored == sorted([(), ("Stress",), given[2], ()])


def test_rows_of_another_provider_are_refused_whole() -> None:
    mine, theirs = make_provider(), make_provider()
    columns = visits(mine, [("Stress",), ("Stress",)])
    columns["provider_id"] = Column("uuid", [mine.id, theirs.id])

    with acting_for(mine), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        insert_rows("cafes_visit", columns)

    with acting_for(mine):
        assert Visit.objects.count() == 0


def test_columns_of_different_lengths_are_a_fault() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        insert_rows("cafes_visit", {"id": Column("uuid", []), "gender": Column("text", ["x"])})


def test_row_whose_key_is_taken_is_left_out_and_the_others_told() -> None:
    provider = make_provider()
    columns = visits(provider, [("Stress",), ("Housing",)])
    uuids = columns["client_uuid"].values

    with acting_for(provider):
        insert_rows("cafes_visit", {name: Column(c.kind, c.values[:1]) for name, c in columns.items()})
        columns["id"] = Column("uuid", [uuid.uuid4() for _ in uuids])
        stored = insert_rows("cafes_visit", columns, returning="client_uuid", ignore_conflicts=True)
        count = Visit.objects.count()

    assert stored == [uuids[1]]
    assert count == 2

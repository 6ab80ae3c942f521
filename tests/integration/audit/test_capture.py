"""No change of a row passes unnoted, however it is made."""

from __future__ import annotations

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from cafes.models import Visit, Visitor
from providers.models import Provider
from sutg.audit.models import ProviderEvent, TrustEvent
from sutg.tenancy import scope as scopes
from sutg.tenancy.bulk import Column, insert_rows
from sutg.tenancy.scope import Actor, Scope
from tests.factories import make_cafe, make_figure, make_provider, make_return_file, make_user, make_visit
from tests.factories.scoped import acting_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider() -> Provider:
    return make_provider()


def events(provider: Provider, table: str, name: str) -> list[ProviderEvent]:
    with acting_for(provider):
        return list(ProviderEvent.objects.filter(name=name, detail__table=table).order_by("id"))


def test_row_added_is_noted_with_who_and_which(provider: Provider) -> None:
    visit = make_visit(provider=provider)

    (event,) = events(provider, "cafes_visit", "row_added")

    assert (event.actor, event.subjects, event.detail) == ("job:tests", [visit.id], {"table": "cafes_visit", "rows": 1})


def test_rows_added_in_one_statement_are_one_event_with_every_id(provider: Provider) -> None:
    cafe = make_cafe(provider=provider)
    ids = [uuid.uuid4() for _ in range(1000)]

    with acting_for(provider):
        insert_rows(
            "cafes_visitor",
            {
                "provider_id": Column("uuid", [provider.id] * 1000),
                "id": Column("uuid", ids),
                "cafe_id": Column("uuid", [cafe.id] * 1000),
                "created_at": Column("timestamptz", ["2025-01-01T00:00:00Z"] * 1000),
            },
        )
    (event,) = events(provider, "cafes_visitor", "row_added")

    assert set(event.subjects or []) == set(ids)
    assert event.detail["rows"] == 1000


def test_rows_created_through_the_bulk_of_objects_are_noted(provider: Provider) -> None:
    cafe = make_cafe(provider=provider)

    with acting_for(provider):
        Visitor.objects.bulk_create([Visitor(provider=provider, cafe_id=cafe.id) for _ in range(3)])

    assert [event.detail["rows"] for event in events(provider, "cafes_visitor", "row_added")] == [3]


def test_change_is_noted_by_the_names_of_columns_and_never_their_values(provider: Provider) -> None:
    visit = make_visit(provider=provider, postcode_district="LE4")

    with acting_for(provider):
        Visit.objects.filter(id=visit.id).update(postcode_district="LE5", gender="secret")
    (event,) = events(provider, "cafes_visit", "row_changed")

    assert sorted(event.detail["columns"]) == ["gender", "postcode_district"]
    assert "LE5" not in str(event.detail)
    assert "secret" not in str(event.detail)


def test_change_written_by_hand_is_noted(provider: Provider) -> None:
    visit = make_visit(provider=provider)

    with acting_for(provider), connection.cursor() as cursor:
        cursor.execute("UPDATE cafes_visit SET gender = 'x' WHERE id = %s", [visit.id])

    assert [event.subjects for event in events(provider, "cafes_visit", "row_changed")] == [[visit.id]]


def test_change_of_a_key_alone_is_noted(provider: Provider) -> None:
    visit = make_visit(provider=provider)

    with acting_for(provider), connection.cursor() as cursor:
        cursor.execute("UPDATE cafes_visit SET id = %s WHERE id = %s", [uuid.uuid4(), visit.id])

    assert len(events(provider, "cafes_visit", "row_changed")) == 1


def test_statement_that_changes_nothing_leaves_no_event(provider: Provider) -> None:
    visit = make_visit(provider=provider)

    with acting_for(provider):
        Visit.objects.filter(id=visit.id).update(gender=visit.gender)
        Visit.objects.filter(id=uuid.uuid4()).update(gender="x")

    assert events(provider, "cafes_visit", "row_changed") == []


def test_progress_of_a_job_leaves_no_event(provider: Provider) -> None:
    file = make_return_file(provider=provider)

    with acting_for(provider):
        file.rows_done = 5
        file.save()

    assert events(provider, "cafes_returnfile", "row_changed") == []


def test_derived_figures_leave_no_event(provider: Provider) -> None:
    make_figure(provider=provider)

    assert events(provider, "reports_figure", "row_added") == []


def test_job_acting_for_somebody_names_both(provider: Provider) -> None:
    job = Actor.job("loader", on_behalf_of="user:somebody")

    with scopes.enter(Scope.provider(job, provider.id)), transaction.atomic():
        make_visit(provider=provider)
        Visit.objects.update(gender="x")

    (event,) = events(provider, "cafes_visit", "row_changed")
    assert (event.actor, event.on_behalf_of) == ("job:loader", "user:somebody")


def test_actor_ends_with_its_scope(provider: Provider) -> None:
    with acting_for(provider), connection.cursor() as cursor:
        with scopes.enter(Scope.provider(Actor.job("inner"), provider.id)):
            cursor.execute("SELECT current_setting('sutg.actor')")
            inner = cursor.fetchone()[0]
        cursor.execute("SELECT current_setting('sutg.actor')")
        outer = cursor.fetchone()[0]

    assert (inner, outer) == ("job:inner", "job:tests")


def test_change_in_nobodys_name_is_refused(provider: Provider) -> None:
    make_visit(provider=provider)

    with acting_for(provider), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sutg.actor', '', true)")
        with pytest.raises(DatabaseError, match="in nobody's name"), transaction.atomic():
            cursor.execute("UPDATE cafes_visit SET gender = 'x'")


def test_change_of_who_may_sign_in_is_in_the_trusts_record() -> None:
    user = make_user()

    User.objects.filter(id=user.id).update(is_active=False)

    event = TrustEvent.objects.get(name="row_changed", detail__table="accounts_user")
    assert (event.subjects, event.detail["columns"]) == ([user.id], ["is_active"])
    assert event.actor == f"login:{connection.settings_dict['USER']}"


def test_sign_in_alone_leaves_no_event() -> None:
    user = make_user()

    User.objects.filter(id=user.id).update(last_login="2025-01-01T00:00:00Z")

    assert not TrustEvent.objects.filter(name="row_changed").exists()

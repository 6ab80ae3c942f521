"""What a tablet recorded reaches the figures, once, whatever happens on the way."""

from __future__ import annotations

import json
import os
import random
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cafes.models import OnDuty, Session, Tablet, TabletRecord, Visit
from cafes.services.sessions import close_session
from cafes.services.tablets import add_tablet, revoke_tablet
from providers.models import Provider
from sutg.common.errors import NotFound
from tests.factories import make_cafe, make_open_session, make_provider
from tests.factories.scoped import TESTS, acting_for
from tests.integration.cafes.tablets import ENROL, enrolled, opening, records, standing_visits, visit, worker
from tests.support.tablet import SYNC, SimulatedTablet

pytestmark = [pytest.mark.django_db, pytest.mark.database]
State = TabletRecord.State


@pytest.fixture
def provider(db: None) -> Provider:
    return make_provider()


def tablet_at_open_session(provider: Provider, **given: Any) -> tuple[SimulatedTablet, Session]:
    cafe = make_cafe(provider=provider)
    session = make_open_session(provider=provider, cafe=cafe)
    return enrolled(provider, cafe, **given), session


def states(provider: Provider) -> list[str]:
    return [row.state for row in records(provider)]


# One evening


def test_evening_offline_is_opened_recorded_and_closed_in_one_message(provider: Provider) -> None:
    somebody = worker(provider)
    tablet = enrolled(provider, staff_id=str(somebody.id))
    session_ref = opening(tablet)
    for score in (8, 6, 9):
        tablet.record("visit", visit(session_ref, distress_before=score))
    tablet.record("session_closed", {"session": str(session_ref), "door_tally": 3, "tally_reason": ""})

    answer = tablet.sync()

    assert answer["missing"] == []
    assert [result.get("reason") for result in answer["results"]] == [None] * 5
    assert tablet.held == {}
    assert [each.distress_before for each in standing_visits(provider)] == [8, 6, 9]
    with acting_for(provider):
        session = Session.objects.get()
        assert (session.state, session.door_tally, session.unrecorded_visits) == (Session.State.CLOSED, 3, 0)
        assert OnDuty.objects.get().initials == "WK"
    assert states(provider) == [State.APPLIED] * 5
    assert [row.payload for row in records(provider)] == [None] * 5


@pytest.mark.parametrize("seed", range(6))
def test_records_in_any_order_and_any_messages_end_alike(provider: Provider, seed: int) -> None:
    tablet = enrolled(provider)
    session_ref = opening(tablet)
    first = tablet.record("visit", visit(session_ref))
    tablet.record("visit", visit(session_ref))
    changed = visit(session_ref, distress_after=2)
    tablet.record("visit_changed", {**changed, "visit": first["id"], "follows": first["hash"]})
    tablet.record("answers", {"visit": first["id"], "answers": {"ethnic_group": "W3"}})
    tablet.record("session_closed", {"session": str(session_ref), "door_tally": 2, "tally_reason": ""})
    shuffled = list(tablet.held.values())
    random.Random(seed).shuffle(shuffled)  # noqa: S311  the order is to be repeatable

    for at in range(0, len(shuffled), 2):
        tablet.sync(shuffled[at : at + 2])

    assert states(provider) == [State.APPLIED] * 6
    visits = {visit.client_uuid: visit for visit in standing_visits(provider)}
    assert len(visits) == 2
    assert visits[uuid.UUID(first["id"])].distress_after == 2
    assert visits[uuid.UUID(first["id"])].ethnic_category == "C"
    with acting_for(provider):
        assert Session.objects.get().state == Session.State.CLOSED


# Identity and receipts


def test_record_sent_again_has_the_same_receipt_and_makes_nothing(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    tablet.record("visit", visit(session.id))

    first, second, third = (tablet.post().content for _ in range(3))

    assert first == second == third
    assert len(standing_visits(provider)) == 1
    assert len(records(provider)) == 1


def test_receipt_is_the_servers_own_and_names_what_it_is_for(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    record = tablet.record("visit", visit(session.id))

    receipt = tablet.post().json()["results"][0]["receipt"]

    assert (receipt["id"], receipt["hash"]) == (record["id"], record["hash"])
    assert tablet.proves(receipt)
    assert not tablet.proves({**receipt, "id": str(uuid.uuid4())})
    assert not tablet.proves({**receipt, "received_at": "2026-01-01T00:00:00+00:00"})


def test_two_contents_under_one_id_are_both_kept_for_a_person(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    record_id = uuid.uuid4()
    tablet.record("visit", visit(session.id, distress_before=3), record_id=record_id)
    tablet.sync()
    tablet.record("visit", visit(session.id, distress_before=9), record_id=record_id)

    answer = tablet.sync()

    assert "Two different contents" in answer["results"][0]["reason"]
    assert [each.distress_before for each in standing_visits(provider)] == [3]
    assert states(provider) == [State.APPLIED, State.ATTENTION]
    with acting_for(provider):
        kept = json.loads(TabletRecord.objects.get(state=State.ATTENTION).payload.open())
    assert kept["body"]["distress_before"] == 9


def test_same_record_twice_in_one_message_is_one(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    record = tablet.record("visit", visit(session.id))

    answer = tablet.sync([record, record])

    assert len(answer["results"]) == 2
    assert len(standing_visits(provider)) == 1


# What cannot be applied


def test_record_that_cannot_be_opened_is_kept_as_it_came(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    good = tablet.record("visit", visit(session.id))
    damaged = tablet.record("visit", visit(session.id))
    damaged["envelope"] = {**damaged["envelope"], "data": good["envelope"]["data"]}

    answer = tablet.sync()

    assert "cannot be opened" in answer["results"][1]["reason"]
    assert tablet.held == {}
    assert states(provider) == [State.APPLIED, State.ATTENTION]
    with acting_for(provider):
        kept = TabletRecord.objects.get(state=State.ATTENTION).payload.open().decode()
    assert damaged["envelope"]["data"] in kept


def test_record_whose_hash_is_of_something_else_is_kept_for_a_person(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    record = tablet.record("visit", visit(session.id))
    record["hash"] = "A" * 43

    answer = tablet.sync()

    assert "cannot be opened" in answer["results"][0]["reason"]
    assert standing_visits(provider) == []


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("visit", {"came_for": "nobody"}, "from the list"),
        ("visit", {"distress_before": "seven"}, "whole number"),
        ("visit", {"distress_before": 11}, "0 to 10"),
        ("visit", {"reasons": "anxiety"}, "list"),
        ("visit", {"support": ["one_to_one"]}, "Support"),
        ("visit", {"who": {"kind": "stranger"}}, "Who came"),
        ("visit", {"arrived_at": "25:99"}, "time of day"),
        ("visit", {"answers": {"ethnic_group": "Martian"}}, "from the list"),
        ("dance", {}, "kind"),
    ],
)
def test_record_that_says_nonsense_stops_no_other(
    provider: Provider, kind: str, body: dict[str, Any], said: str
) -> None:
    tablet, session = tablet_at_open_session(provider)
    tablet.record(kind, {**visit(session.id), **body})
    tablet.record("visit", visit(session.id))

    answer = tablet.sync()

    assert said in answer["results"][0]["reason"]
    assert "reason" not in answer["results"][1]
    assert len(standing_visits(provider)) == 1


@pytest.mark.parametrize("payload", [b"\xff\xfe", b"[]", b'{"version": 99}', b'{"version": 1}'])
def test_payload_that_is_none_is_kept_and_stops_no_other(provider: Provider, payload: bytes) -> None:
    tablet, session = tablet_at_open_session(provider)
    tablet.keep(payload, uuid.uuid4())
    tablet.record("visit", visit(session.id))

    tablet.sync()

    assert states(provider) == [State.ATTENTION, State.APPLIED]


def test_visit_of_a_session_that_never_came_waits_and_is_not_refused(provider: Provider) -> None:
    tablet = enrolled(provider)
    tablet.record("visit", visit(uuid.uuid4()))

    answer = tablet.sync()

    assert "reason" not in answer["results"][0]
    assert states(provider) == [State.WAITING]


def test_closing_waits_for_every_record_before_it(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    late = tablet.record("visit", visit(session.id))
    closing = tablet.record("session_closed", {"session": str(session.id), "door_tally": 1, "tally_reason": ""})

    tablet.sync([closing])
    assert states(provider) == [State.WAITING]
    tablet.sync([late])

    assert states(provider) == [State.APPLIED, State.APPLIED]


def test_visit_recorded_before_a_desk_closed_the_session_still_counts(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    tablet.record("visit", visit(session.id))
    with acting_for(provider):
        close_session(session_id=session.id, door_tally=0, tally_reason="", by=TESTS, now=timezone.now())

    answer = tablet.sync()

    assert "reason" not in answer["results"][0]
    assert len(standing_visits(provider)) == 1


def test_visit_recorded_after_the_session_was_closed_needs_a_person(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    with acting_for(provider):
        close_session(
            session_id=session.id, door_tally=0, tally_reason="", by=TESTS, now=timezone.now() - timedelta(hours=1)
        )
    tablet.record("visit", visit(session.id))

    answer = tablet.sync()

    assert "closed" in answer["results"][0]["reason"]
    assert states(provider) == [State.ATTENTION]


def test_change_of_a_visit_that_a_desk_changed_too_is_kept_for_a_person(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    made = tablet.record("visit", visit(session.id))
    tablet.sync()
    with acting_for(provider):
        Visit.objects.update(version=2, distress_before=1)
    tablet.record("visit_changed", {**visit(session.id), "visit": made["id"], "follows": made["hash"]})

    answer = tablet.sync()

    assert "Somebody else changed" in answer["results"][0]["reason"]
    assert standing_visits(provider)[0].distress_before == 1


def test_visit_withdrawn_on_the_tablet_counts_no_more(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    made = tablet.record("visit", visit(session.id))
    tablet.record("visit_withdrawn", {"visit": made["id"], "reason": "duplicate"})

    tablet.sync()

    assert standing_visits(provider) == []
    assert states(provider) == [State.APPLIED, State.APPLIED]


# Clocks


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=-1)])
def test_session_opened_by_a_wrong_clock_is_of_the_right_day(provider: Provider, ahead: timedelta) -> None:
    tablet = enrolled(provider, clock_ahead=ahead)
    tablet.record("visit", visit(opening(tablet)))

    tablet.sync()

    with acting_for(provider):
        assert Session.objects.get().held_on == timezone.localdate()
    assert len(standing_visits(provider)) == 1


# What is missing


def test_numbers_that_are_neither_here_nor_there_are_named(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    made = [tablet.record("visit", visit(session.id)) for _ in range(8)]
    tablet.sync(made[:2])
    for number in (4, 5, 8):
        del tablet.held[number]

    answer = tablet.sync([made[2]])

    assert answer["missing"] == [4, 5, 8]


def test_numbers_still_on_the_tablet_are_not_missing(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    made = [tablet.record("visit", visit(session.id)) for _ in range(5)]

    answer = tablet.sync([made[4]])

    assert answer["missing"] == []


def test_record_whose_answer_was_lost_is_not_counted_as_waiting_on_the_tablet(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    made = [tablet.record("visit", visit(session.id)) for _ in range(5)]
    tablet.post(made[:4])

    tablet.post(made[:4])

    with acting_for(provider):
        assert Tablet.objects.get().held == 1


def test_records_deleted_from_a_tablet_are_named_by_the_next_answer(provider: Provider) -> None:
    seed = int(os.environ.get("SUTG_SEED") or random.SystemRandom().randrange(2**32))
    print(f"SUTG_SEED={seed}")
    chance = random.Random(seed)  # noqa: S311  the run is to be repeatable
    for _ in range(12):
        tablet, session = tablet_at_open_session(provider)
        made = [tablet.record("visit", visit(session.id)) for _ in range(8)]
        tablet.sync(chance.sample(made, chance.randint(0, 8)))
        deleted = chance.sample(sorted(tablet.held), chance.randint(0, len(tablet.held)))
        for lost in deleted:
            del tablet.held[lost]

        answer = tablet.sync()

        assert answer["missing"] == sorted(deleted)


def test_missing_number_that_is_found_again_is_missing_no_more(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    made = [tablet.record("visit", visit(session.id)) for _ in range(3)]
    lost = tablet.held.pop(2)
    assert tablet.sync()["missing"] == [2]

    answer = tablet.sync([lost])

    assert answer["missing"] == []
    assert len(standing_visits(provider)) == len(made)


# Who may


def test_link_enrols_one_tablet_once(provider: Provider) -> None:
    tablet = enrolled(provider)
    with acting_for(provider):
        stored = Tablet.objects.get()

    assert str(stored.id) == tablet.enrolment["device_id"]
    assert stored.code_digest == ""
    assert tablet.enrolment["token"] not in repr(stored.__dict__)


def test_link_that_ran_out_or_was_used_or_made_up_is_refused_in_one_sentence(provider: Provider) -> None:
    cafe = make_cafe(provider=provider)
    with acting_for(provider):
        _, old = add_tablet(cafe_id=cafe.id, name="Old", by=TESTS, now=timezone.now() - timedelta(minutes=16))
        _, used = add_tablet(cafe_id=cafe.id, name="Used", by=TESTS, now=timezone.now())
    for _ in range(2):
        answers = [
            Client().post(ENROL, {"link": text}, content_type="application/json")
            for text in (used.as_text(), old.as_text(), "made-up", used.as_text()[:-1] + "x")
        ]

    assert {answer.status_code for answer in answers} == {422}
    assert len({answer.content for answer in answers}) == 1


def test_revoked_tablet_is_shut_out_from_its_next_message_on(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    tablet.record("visit", visit(session.id))
    with acting_for(provider):
        revoke_tablet(tablet_id=uuid.UUID(tablet.enrolment["device_id"]), by=TESTS, now=timezone.now())

    response = tablet.post()

    assert response.status_code == 401
    assert standing_visits(provider) == []


def test_revoking_another_providers_tablet_finds_nothing(provider: Provider) -> None:
    tablet = enrolled(make_provider())

    with acting_for(provider), pytest.raises(NotFound):
        revoke_tablet(tablet_id=uuid.UUID(tablet.enrolment["device_id"]), by=TESTS, now=timezone.now())


def test_tablet_reaches_no_session_of_another_café_or_provider(provider: Provider) -> None:
    tablet = enrolled(provider)
    others = [make_open_session(provider=provider), make_open_session(provider=make_provider())]
    for session in others:
        tablet.record("visit", visit(session.id))

    tablet.sync()

    assert states(provider) == [State.WAITING, State.WAITING]
    assert standing_visits(provider) == []


def test_two_providers_may_use_one_id_and_hear_nothing_of_each_other(provider: Provider) -> None:
    (ours, our_session), (theirs, their_session) = (
        tablet_at_open_session(provider),
        tablet_at_open_session(other := make_provider()),
    )
    record_id = uuid.uuid4()
    ours.record("visit", visit(our_session.id), record_id=record_id)
    theirs.record("visit", visit(their_session.id), record_id=record_id)

    answers = [ours.sync(), theirs.sync()]

    assert all("reason" not in answer["results"][0] for answer in answers)
    assert len(standing_visits(provider)) == len(standing_visits(other)) == 1


@pytest.mark.parametrize("header", [{}, {"Authorization": "Tablet nonsense"}, {"Authorization": "Bearer x"}])
def test_sync_without_a_tablets_token_is_refused(provider: Provider, header: dict[str, str]) -> None:
    response = Client().post(SYNC, {}, content_type="application/json", headers=header)

    assert response.status_code == 401


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", 0),
        ("number", True),
        ("number", "many"),
        ("id", "none"),
        ("hash", "short"),
        ("hash", 7),
        ("envelope", {"key": "a", "iv": ""}),
        ("envelope", "none"),
    ],
)
def test_record_that_is_none_is_refused_naming_it(provider: Provider, field: str, value: Any) -> None:
    tablet, session = tablet_at_open_session(provider)
    tablet.record("visit", visit(session.id))
    tablet.record("visit", visit(session.id))
    message = tablet.message()
    message["records"][1][field] = value

    response = tablet.post_message(message)

    assert response.status_code == 400
    assert response.json()["errors"][0]["field"].startswith(f"records.1.{field}")
    assert standing_visits(provider) == []


def test_more_records_than_a_message_holds_are_refused(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    made = tablet.record("visit", visit(session.id))

    response = tablet.post([made] * 101)

    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "records"


def test_record_written_in_another_way_is_taken_in(provider: Provider) -> None:
    tablet, session = tablet_at_open_session(provider)
    made = tablet.record("visit", visit(session.id))
    message = tablet.message()
    message["records"] = [made | {"id": made["id"].upper(), "number": str(made["number"]), "hash": made["hash"]}]

    response = tablet.post_message(message)

    assert response.status_code == 200
    assert len(standing_visits(provider)) == 1


def test_message_that_is_none_is_refused_naming_the_field(provider: Provider) -> None:
    tablet = enrolled(provider)
    message = tablet.message()
    message["manifest"]["held"] = [[5, 2]]

    response = tablet.post_message(message)

    assert response.status_code == 400
    assert response.headers["Content-Type"].startswith("application/problem+json")
    assert response.json()["errors"][0]["field"] == "manifest.held"


def test_message_costs_as_many_queries_for_a_hundred_visits_as_for_ten(
    provider: Provider, django_assert_max_num_queries: Any
) -> None:
    tablet, session = tablet_at_open_session(provider)
    for _ in range(110):
        tablet.record("visit", visit(session.id))
    made = list(tablet.held.values())
    tablet.sync(made[:10])

    with django_assert_max_num_queries(50) as few:
        tablet.post(made[10:20])
    with django_assert_max_num_queries(50) as many:
        tablet.post(made[20:110])

    assert len(many) == len(few)

"""An incident is stored once, told until somebody takes it in hand, and read by those who answer for the café."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role
from cafes.models import Cafe, Incident, IncidentNote
from cafes.services.incidents import (
    REMIND,
    Report,
    acknowledge_incident,
    add_incident_note,
    close_incident,
    first_reminder,
    raise_incident,
)
from cafes.tasks.incidents import remind, tell
from providers.models import Provider
from sutg.audit.models import ProviderEvent
from sutg.common.errors import DomainError, NotFound
from sutg.outbox.delivery import NotDelivered
from sutg.outbox.models import OutboxMessage
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope
from tests.factories import (
    make_cafe,
    make_incident,
    make_incident_note,
    make_membership,
    make_provider,
    make_safeguarding_holder,
)
from tests.factories.scoped import TESTS, acting_for
from tests.integration.cafes.test_return_pages import signed_in
from tests.support.mail_server import mail_server

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def cafe(provider: Provider) -> Cafe:
    return make_cafe(provider=provider, name="The Hearth")


def a_report(cafe: Cafe, **changes: Any) -> Report:
    report = Report(
        client_uuid=uuid.uuid4(),
        cafe_id=cafe.id,
        happened_at=NOW - timedelta(minutes=30),
        kind=Incident.Kind.VIOLENCE,
        severity=Incident.Severity.SOME_HARM,
        what_happened="Omar threw a chair.",
    )
    return replace(report, **changes)


def raised(provider: Provider, report: Report, by: Actor = TESTS) -> Incident:
    with acting_for(provider):
        return raise_incident(provider_id=provider.id, report=report, now=NOW, by=by)


def messages(provider: Provider) -> dict[str, OutboxMessage]:
    with acting_for(provider):
        return {message.kind: message for message in OutboxMessage.objects.filter(delivered_at=None)}


def delivering(provider: Provider, handler: Any, message: OutboxMessage) -> str:
    with scopes.enter(Scope.provider(TESTS, provider.id)):
        return str(handler(message))


def not_delivered(provider: Provider, handler: Any, message: OutboxMessage) -> str:
    """Why; what the handler stored before stays, as it does where a worker catches this."""
    with scopes.enter(Scope.provider(TESTS, provider.id)):
        with pytest.raises(NotDelivered) as caught:
            handler(message)
        return str(caught.value)


def person(provider: Provider, role: Role, **fields: Any) -> User:
    user: User = make_membership(provider=provider, role=role, **fields).user
    return user


def told() -> set[str]:
    return {address for message in mail.outbox for address in message.to}


def test_incident_raised_is_stored_with_its_account_sealed_and_is_recorded(provider: Provider, cafe: Cafe) -> None:
    incident = raised(provider, a_report(cafe, what_was_done="Took him outside."))

    with acting_for(provider):
        notes = [(note.kind, note.text.open()) for note in IncidentNote.objects.filter(incident_id=incident.id)]
        events = list(ProviderEvent.objects.filter(subject=incident.id).values_list("name", flat=True))
        record = repr(list(ProviderEvent.objects.values())) + repr(list(OutboxMessage.objects.values()))
    assert notes == [("happened", "Omar threw a chair."), ("done", "Took him outside.")]
    assert "incident_raised" in events
    assert "Omar" not in record


def test_incident_sent_twice_is_one_and_is_told_once(provider: Provider, cafe: Cafe) -> None:
    report = a_report(cafe)

    first, second = raised(provider, report), raised(provider, report)

    assert first.id == second.id
    with acting_for(provider):
        assert IncidentNote.objects.count() == 1
        assert OutboxMessage.objects.count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"what_happened": "Omar threw two chairs."},
        {"what_was_done": "Rang 999."},
        {"severity": Incident.Severity.SERIOUS},
        {"told": ("999",)},
    ],
    ids=str,
)
def test_incident_sent_again_with_other_content_is_kept_and_told_too(
    provider: Provider, cafe: Cafe, changes: dict[str, Any]
) -> None:
    report = a_report(cafe)
    changed = replace(report, **changes)

    first, second, again = raised(provider, report), raised(provider, changed), raised(provider, changed)

    assert first.id != second.id == again.id
    with acting_for(provider):
        texts = [note.text.open() for note in IncidentNote.objects.filter(incident_id=second.id)]
        assert changed.what_happened in texts
        assert OutboxMessage.objects.filter(subject=second.id).count() == 2


@pytest.mark.parametrize("later", [timedelta(minutes=1), timedelta(days=1)])
def test_incident_in_time_to_come_is_refused(provider: Provider, cafe: Cafe, later: timedelta) -> None:
    with pytest.raises(DomainError, match="in the past"):
        raised(provider, a_report(cafe, happened_at=NOW + later))


def test_incident_at_another_providers_cafe_is_refused(provider: Provider) -> None:
    foreign = make_cafe(provider=make_provider())

    with pytest.raises(DomainError, match="one of your cafés"):
        raised(provider, a_report(foreign))


def test_incident_is_told_to_the_cafes_own_leads_and_names_nobody(provider: Provider, cafe: Cafe) -> None:
    lead = person(provider, Role.CAFE_LEAD, cafe_ids=[cafe.id])
    person(provider, Role.CAFE_LEAD, cafe_ids=[uuid.uuid4()])
    person(provider, Role.PROVIDER_MANAGER)
    raised(provider, a_report(cafe))

    said = delivering(provider, tell, messages(provider)["cafes.incident_raised"])

    assert told() == {lead.email}
    assert said == "accepted by the mail server for 1"
    assert "Omar" not in mail.outbox[0].body + mail.outbox[0].subject


@pytest.mark.parametrize(
    "grave", [{"severity": Incident.Severity.SERIOUS}, {"kind": Incident.Kind.SAFEGUARDING_CHILD}], ids=str
)
def test_grave_incident_is_told_to_managers_at_once(provider: Provider, cafe: Cafe, grave: dict[str, Any]) -> None:
    people = [person(provider, Role.CAFE_LEAD), person(provider, Role.PROVIDER_MANAGER)]
    raised(provider, a_report(cafe, **grave))

    delivering(provider, tell, messages(provider)["cafes.incident_raised"])

    assert told() == {user.email for user in people}


@pytest.mark.parametrize(
    ("grave", "is_told_to_managers"),
    [({"kind": Incident.Kind.SAFEGUARDING_ADULT}, False), ({"severity": Incident.Severity.SERIOUS}, True)],
    ids=str,
)
def test_grave_incident_is_told_to_the_safeguarding_lead_where_one_is_named(
    provider: Provider, cafe: Cafe, grave: dict[str, Any], is_told_to_managers: bool
) -> None:
    lead, manager = person(provider, Role.CAFE_LEAD, cafe_ids=[cafe.id]), person(provider, Role.PROVIDER_MANAGER)
    named = person(provider, Role.PROVIDER_MANAGER)
    make_safeguarding_holder(provider=provider, user=named)
    raised(provider, a_report(cafe, **grave))

    delivering(provider, tell, messages(provider)["cafes.incident_raised"])

    assert told() == {user.email for user in (lead, named)} | ({manager.email} if is_told_to_managers else set())


def test_safeguarding_concern_whose_lead_has_left_is_told_to_managers(provider: Provider, cafe: Cafe) -> None:
    manager = person(provider, Role.PROVIDER_MANAGER)
    left = person(provider, Role.PROVIDER_MANAGER, until=date(2024, 6, 1))
    make_safeguarding_holder(provider=provider, user=left)
    raised(provider, a_report(cafe, kind=Incident.Kind.SAFEGUARDING_ADULT))

    delivering(provider, tell, messages(provider)["cafes.incident_raised"])

    assert told() == {manager.email}


def test_incident_that_the_only_lead_wrote_down_is_told_to_the_manager(provider: Provider, cafe: Cafe) -> None:
    lead, manager = person(provider, Role.CAFE_LEAD), person(provider, Role.PROVIDER_MANAGER)
    raised(provider, a_report(cafe), by=Actor.user(lead.id))

    delivering(provider, tell, messages(provider)["cafes.incident_raised"])

    assert told() == {manager.email}


def test_incident_with_nobody_to_tell_waits(provider: Provider, cafe: Cafe) -> None:
    raised(provider, a_report(cafe))

    with pytest.raises(NotDelivered, match="nobody to tell"):
        delivering(provider, tell, messages(provider)["cafes.incident_raised"])


def test_incident_nobody_took_in_hand_is_told_to_everybody_again_and_again(provider: Provider, cafe: Cafe) -> None:
    people = [person(provider, Role.CAFE_LEAD), person(provider, Role.PROVIDER_MANAGER)]
    raised(provider, a_report(cafe))
    first = messages(provider)[REMIND]

    for _ in range(2):  # the second as if the worker had died before its answer was stored
        delivering(provider, remind, first)

    with acting_for(provider):
        chain = list(OutboxMessage.objects.filter(kind=REMIND).order_by("not_before"))
    assert told() == {user.email for user in people}
    assert [message.detail.get("reminder") for message in chain] == [None, 1]
    assert len(mail.outbox) == 2
    assert chain[1].not_before > timezone.now() + timedelta(hours=3)


def test_reminder_that_one_address_refuses_reaches_the_others_and_comes_back(
    provider: Provider, cafe: Cafe, settings: Any
) -> None:
    gone, manager = person(provider, Role.CAFE_LEAD), person(provider, Role.PROVIDER_MANAGER)
    raised(provider, a_report(cafe))
    first = messages(provider)[REMIND]

    with mail_server(settings) as server:
        server.refused = {gone.email}
        code = not_delivered(provider, remind, first)

    assert code == "SMTPRecipientsRefused"
    assert server.taken == [manager.email]
    with acting_for(provider):
        assert OutboxMessage.objects.filter(kind=REMIND).count() == 2


def test_reminder_that_a_later_one_follows_rests(provider: Provider, cafe: Cafe) -> None:
    raised(provider, a_report(cafe))
    first = messages(provider)[REMIND]
    assert not_delivered(provider, remind, first) == "nobody to tell"
    with acting_for(provider):
        OutboxMessage.objects.filter(kind=REMIND).update(not_before=timezone.now())
    person(provider, Role.PROVIDER_MANAGER)

    assert delivering(provider, remind, first) == "followed by a later one"
    assert mail.outbox == []


def test_incident_taken_in_hand_is_told_no_more(provider: Provider, cafe: Cafe) -> None:
    person(provider, Role.PROVIDER_MANAGER)
    incident = raised(provider, a_report(cafe))
    with acting_for(provider):
        acknowledge_incident(incident_id=incident.id, now=NOW, by=TESTS)

    said = delivering(provider, remind, messages(provider)[REMIND])

    assert said == "acknowledged before"
    assert mail.outbox == []
    with acting_for(provider):
        assert OutboxMessage.objects.filter(kind=REMIND).count() == 1


@pytest.mark.parametrize(
    ("kind", "severity", "minutes"),
    [
        ("violence", "no_harm", 240),
        ("violence", "some_harm", 60),
        ("violence", "serious", 15),
        ("safeguarding_child", "no_harm", 30),
        ("safeguarding_adult", "serious", 15),
    ],
)
def test_first_reminder_is_sooner_the_graver_it_is(kind: str, severity: str, minutes: int) -> None:
    assert first_reminder(Incident(kind=kind, severity=severity)) == timedelta(minutes=minutes)


def test_incident_moves_only_in_its_order_and_each_move_is_recorded(provider: Provider, cafe: Cafe) -> None:
    incident = raised(provider, a_report(cafe))
    refused = []
    with acting_for(provider):
        for move, words in (
            (close_incident, {"outcome": "Settled."}),
            (acknowledge_incident, {}),
            (acknowledge_incident, {}),
            (add_incident_note, {"text": "Rang him."}),
            (close_incident, {"outcome": "Settled."}),
            (close_incident, {"outcome": "Again."}),
            (add_incident_note, {"text": "Late."}),
        ):
            try:
                move(incident_id=incident.id, now=NOW, by=TESTS, **words)  # type: ignore[operator]
            except DomainError as refusal:
                refused.append(refusal.reason)
        events = list(ProviderEvent.objects.filter(subject=incident.id).order_by("id").values_list("name", flat=True))

    assert [reason.split()[0] for reason in refused] == ["Take", "Somebody", "This", "This"]
    assert [name for name in events if name != "incident_note_written"] == [
        "incident_raised",
        "incident_acknowledged",
        "incident_closed",
    ]


def test_incident_of_another_provider_is_not_found(provider: Provider) -> None:
    foreign = make_incident(provider=make_provider())

    with acting_for(provider), pytest.raises(NotFound):
        acknowledge_incident(incident_id=foreign.id, now=NOW, by=TESTS)


TYPED = {
    "kind": "violence",
    "severity": "serious",
    "happened_on_day": "4",
    "happened_on_month": "5",
    "happened_on_year": "2026",
    "happened_time": "5.30 pm",
    "what_happened": "Omar threw a chair.",
    "told": ["999"],
}


def test_worker_writes_down_and_sees_what_became_of_it_and_no_colleagues(provider: Provider, cafe: Cafe) -> None:
    worker = signed_in(person(provider, Role.CAFE_WORKER, cafe_ids=[cafe.id]))
    colleagues = make_incident(provider=provider, cafe=cafe)

    sent = worker.post("/incidents/new/", TYPED | {"cafe": str(cafe.id), "client_uuid": str(uuid.uuid4())})
    page = worker.get(sent.url)
    listed = worker.get("/incidents/")

    with acting_for(provider):
        incident = Incident.objects.exclude(id=colleagues.id).get()
    assert timezone.localtime(incident.happened_at).isoformat() == "2026-05-04T17:30:00+01:00"
    assert "Omar threw a chair." in page.text
    assert "I have this in hand" not in page.text
    assert listed.text.count("Nobody has it in hand") == 1
    assert worker.get(f"/incidents/{colleagues.id}/").status_code == 404
    assert worker.post(f"/incidents/{incident.id}/take/").status_code == 403


def test_form_with_faults_keeps_what_was_typed(provider: Provider, cafe: Cafe) -> None:
    worker = signed_in(person(provider, Role.CAFE_WORKER))

    response = worker.post(
        "/incidents/new/",
        TYPED | {"happened_time": "noonish", "severity": "", "cafe": str(cafe.id), "client_uuid": str(uuid.uuid4())},
    )

    assert "Select how serious it is" in response.text
    assert "Enter the time it happened" in response.text
    assert "Omar threw a chair." in response.text
    assert 'value="noonish"' in response.text


def test_lead_of_one_cafe_does_not_find_anothers_incident(provider: Provider, cafe: Cafe) -> None:
    lead = signed_in(person(provider, Role.CAFE_LEAD, cafe_ids=[cafe.id]))
    own, other = make_incident(provider=provider, cafe=cafe), make_incident(provider=provider)

    assert lead.get(f"/incidents/{own.id}/").status_code == 200
    assert lead.get(f"/incidents/{other.id}/").status_code == 404
    assert lead.post(f"/incidents/{other.id}/take/").status_code == 404


def test_manager_takes_notes_and_closes_and_each_reading_is_recorded(provider: Provider) -> None:
    manager = signed_in(person(provider, Role.PROVIDER_MANAGER))
    incident = make_incident(provider=provider)
    make_incident_note(provider=provider, incident=incident)
    address = f"/incidents/{incident.id}/"

    on_start = manager.get("/")
    manager.post(f"{address}take/")
    empty = manager.post(f"{address}note/", {"note-text": ""})
    manager.post(f"{address}note/", {"note-text": "Rang him."})
    manager.post(f"{address}close/", {"close-outcome": "Settled."})
    page = manager.get(address)

    assert "Nobody has it in hand" in on_start.text
    assert "Enter what was done" in empty.text
    for words in ("A chair was thrown.", "Rang him.", "Settled.", "Closed"):
        assert words in page.text
    with acting_for(provider):
        assert ProviderEvent.objects.filter(name="record_read", subject=incident.id).count() == 2


def test_list_costs_as_many_queries_with_few_incidents_as_with_many(
    provider: Provider, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    manager = signed_in(person(provider, Role.PROVIDER_MANAGER))
    make_incident(provider=provider)
    manager.get("/incidents/")
    with CaptureQueriesContext(connection) as few:
        manager.get("/incidents/")
    for _ in range(30):
        make_incident(provider=provider)

    with django_assert_num_queries(len(few)):
        response = manager.get("/incidents/")

    assert response.text.count("Somebody was harmed") == 31

"""A message is told until it is acknowledged, whatever happens to those who carry it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from providers.models import Provider
from sutg.celery import app
from sutg.outbox import delivery
from sutg.outbox.delivery import NotDelivered, register_handler
from sutg.outbox.models import OutboxMessage
from sutg.outbox.services import LEASE, claim, enqueue, note_delivered
from sutg.outbox.tasks import deliver, sweep
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Scope
from tests.factories import make_outbox_message, make_provider
from tests.factories.scoped import TESTS, acting_for

KIND = "tests.told"


class Outside:
    """The outside world: hears, and may be away or answer with a fault."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.faults: list[Exception] = []

    def __call__(self, message: OutboxMessage) -> str:
        if self.faults:
            raise self.faults.pop(0)
        self.heard.append(str(message.id))
        return "250 accepted"


@pytest.fixture
def outside() -> Iterator[Outside]:
    world = Outside()
    register_handler(KIND, world)
    yield world
    del delivery._HANDLERS[KIND]


@pytest.fixture
def at_once() -> Iterator[None]:
    """What is sent to a worker runs here and now."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def run(message: OutboxMessage) -> None:
    with scopes.enter(Scope.provider(TESTS, message.provider_id)):
        deliver.apply(args=[str(message.id)], headers={"sutg_scope": scopes.require().as_wire()}, throw=True)


def again(message: OutboxMessage) -> OutboxMessage:
    with scopes.enter(Scope.provider(TESTS, message.provider_id)), transaction.atomic():
        return OutboxMessage.objects.get(id=message.id)


def make_due(message: OutboxMessage) -> None:
    with scopes.enter(Scope.provider(TESTS, message.provider_id)), transaction.atomic():
        OutboxMessage.objects.filter(id=message.id).update(due_at=timezone.now() - timedelta(seconds=1))


@pytest.fixture
def provider(db: None) -> Provider:
    return make_provider()


def test_message_delivered_keeps_its_acknowledgement_and_is_not_told_again(
    provider: Provider, outside: Outside
) -> None:
    message = make_outbox_message(provider=provider)

    run(message)
    run(message)

    told = again(message)
    assert outside.heard == [str(message.id)]
    assert (told.acknowledgement, told.attempts) == ("250 accepted", 1)
    assert told.delivered_at is not None


def test_message_of_a_change_that_is_rolled_back_is_never_stored(provider: Provider) -> None:
    with acting_for(provider), transaction.atomic():
        enqueue(provider_id=provider.id, kind=KIND, subject=provider.id, by=TESTS)
        transaction.set_rollback(True)

    with acting_for(provider):
        assert OutboxMessage.objects.count() == 0


@pytest.mark.parametrize(
    ("fault", "code"), [(NotDelivered("mail server away"), "mail server away"), (KeyError("x"), "KeyError")]
)
def test_message_that_the_outside_did_not_take_is_tried_again_later(
    provider: Provider, outside: Outside, fault: Exception, code: str
) -> None:
    outside.faults = [fault]
    message = make_outbox_message(provider=provider)

    run(message)
    run(message)  # not due yet
    waiting = again(message)
    make_due(message)
    run(message)

    assert (waiting.last_error, waiting.attempts) == (code, 1)
    assert waiting.due_at > timezone.now()
    assert outside.heard == [str(message.id)]
    assert again(message).last_error == ""


def test_message_is_tried_for_ever_and_never_more_than_a_quarter_of_an_hour_apart(
    provider: Provider, outside: Outside
) -> None:
    message = make_outbox_message(provider=provider, attempts=5000)
    outside.faults = [NotDelivered("away")]

    run(message)

    assert timezone.now() < again(message).due_at <= timezone.now() + timedelta(minutes=15)


def test_message_that_nobody_can_deliver_waits(provider: Provider) -> None:
    message = make_outbox_message(provider=provider, kind="tests.unknown")

    run(message)

    assert again(message).last_error == "no handler"


def test_message_of_a_worker_that_died_is_taken_up_after_its_lease(provider: Provider, outside: Outside) -> None:
    message = make_outbox_message(provider=provider)
    now = timezone.now()
    with acting_for(provider):
        assert claim(message_id=message.id, now=now) is not None

    with acting_for(provider):
        within = claim(message_id=message.id, now=now + LEASE - timedelta(seconds=1))
        after = claim(message_id=message.id, now=now + LEASE)

    assert within is None
    assert after is not None


def test_answer_of_a_worker_that_lost_its_lease_is_kept_and_a_second_changes_nothing(provider: Provider) -> None:
    message = make_outbox_message(provider=provider)
    with acting_for(provider):
        note_delivered(message=message, acknowledgement="first", now=timezone.now())
        note_delivered(message=message, acknowledgement="second", now=timezone.now())

    assert again(message).acknowledgement == "first"


def test_message_of_another_provider_is_not_to_be_had(provider: Provider, outside: Outside) -> None:
    foreign = make_outbox_message(provider=make_provider())

    with acting_for(provider):
        claimed = claim(message_id=foreign.id, now=timezone.now())

    assert claimed is None


def test_sweeper_hints_at_every_providers_due_messages_and_at_no_other(
    provider: Provider, outside: Outside, at_once: None
) -> None:
    later = timezone.now() + timedelta(hours=1)
    due = [make_outbox_message(provider=each) for each in (provider, make_provider())]
    make_outbox_message(provider=provider, not_before=later, due_at=later)
    sweep.apply(throw=True)

    assert sorted(outside.heard) == sorted(str(message.id) for message in due)


def test_status_alarms_when_the_oldest_has_waited_for_more_than_two_minutes(provider: Provider) -> None:
    ago = timezone.now() - timedelta(minutes=3)
    output = StringIO()
    call_command("outbox_status", stdout=output)
    quiet = output.getvalue()
    make_outbox_message(provider=provider, not_before=ago, last_error="away")

    with pytest.raises(SystemExit) as alarm:
        call_command("outbox_status", stdout=output)

    assert quiet == "Nothing waits.\n"
    assert alarm.value.code == 1
    assert "1 of tests.told" in output.getvalue()
    assert "(away)" in output.getvalue()


def test_status_is_quiet_about_what_is_to_be_told_later(provider: Provider) -> None:
    later = timezone.now() + timedelta(hours=1)
    make_outbox_message(
        provider=provider, created_at=timezone.now() - timedelta(days=1), not_before=later, due_at=later
    )
    output = StringIO()

    call_command("outbox_status", stdout=output)

    assert output.getvalue() == "Nothing waits.\n"


@pytest.mark.database
def test_message_claimed_by_many_at_once_is_told_once(committed_db: None, outside: Outside) -> None:
    message = make_outbox_message(provider=make_provider())
    ready = threading.Barrier(8)

    def carry() -> None:
        ready.wait()
        try:
            run(message)
        finally:
            connection.close()

    threads = [threading.Thread(target=carry) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outside.heard == [str(message.id)]
    assert again(message).attempts == 1

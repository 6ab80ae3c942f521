"""Keys are exchanged while people work: nothing is lost, nothing stays under the old key, and codes go on matching."""

from __future__ import annotations

import base64
import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from cafes.models import ReturnContent
from cafes.references import digest_of, reference_key
from providers.models import Provider
from sutg.audit.models import ProviderEvent
from sutg.privacy import rotation
from sutg.privacy.envelope import CannotOpen, key_id_of
from sutg.privacy.keys import read_ring
from sutg.privacy.models import ProviderKey
from sutg.tenancy.scope import Actor
from tests.factories import make_cafe, make_provider, make_provider_key, make_return_content
from tests.factories.scoped import acting_for

OLD, NEW = (f"{key_id}:{base64.b64encode(byte * 32).decode()}" for key_id, byte in (("old", b"o"), ("new", b"n")))
BEFORE, DURING, AFTER = read_ring(OLD), read_ring(f"{NEW},{OLD}"), read_ring(NEW)
BY = Actor.job("tests")


def key_ids(provider: Provider) -> set[str | None]:
    with acting_for(provider):
        columns = [
            ReturnContent.objects.values_list("content", flat=True),
            ProviderKey.objects.values_list("key", flat=True),
        ]
        return {key_id_of(value.value) for column in columns for value in column}


@pytest.mark.django_db
def test_rotation_brings_every_value_of_every_provider_under_the_new_key() -> None:
    one, other = make_provider(), make_provider()
    with override_settings(FIELD_KEYS=BEFORE):
        rows = [make_return_content(provider=provider, content=provider.slug.encode()) for provider in (one, other)]
        make_provider_key(provider=one)

    with override_settings(FIELD_KEYS=DURING):
        done = rotation.rotate_everything(by=BY)

    assert (done.exchanged, done.overtaken, done.unopened) == (3, 0, [])
    with override_settings(FIELD_KEYS=AFTER):
        assert key_ids(one) == key_ids(other) == {"new"}
        for provider, row in zip((one, other), rows, strict=True):
            with acting_for(provider):
                assert ReturnContent.objects.get(id=row.id).content.open() == provider.slug.encode()


@pytest.mark.django_db
def test_rotation_again_changes_nothing_and_records_nothing() -> None:
    provider = make_provider()
    with override_settings(FIELD_KEYS=BEFORE):
        make_return_content(provider=provider)

    with override_settings(FIELD_KEYS=DURING):
        rotation.rotate_everything(by=BY)
        again = rotation.rotate_everything(by=BY)

    assert again.exchanged == 0
    with acting_for(provider):
        events = ProviderEvent.objects.filter(name="field_keys_rotated")
        assert [event.detail for event in events] == [{"key_id": "new", "values": 1, "unopened": 0}]


@pytest.mark.django_db
def test_rotation_broken_off_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = make_provider()
    monkeypatch.setattr(rotation, "BATCH_ROWS", 2)
    with override_settings(FIELD_KEYS=BEFORE):
        for number in range(5):
            make_provider_key(provider=provider, key=bytes([number]) * 32)
    (column,) = [column for column in rotation.encrypted_columns() if column.table == "privacy_providerkey"]

    with override_settings(FIELD_KEYS=DURING):
        with acting_for(provider):
            first = list(rotation._next_batch(column, provider.id, provider.id.__class__(int=0)))
            rotation._exchange(column, provider.id, first)
        half = rotation.count_waiting()
        done = rotation.rotate_everything(by=BY)

    assert (len(first), half, done.exchanged) == (2, 3, 3)
    with override_settings(FIELD_KEYS=AFTER), acting_for(provider):
        assert {key.key.open() for key in ProviderKey.objects.all()} == {bytes([n]) * 32 for n in range(5)}


@pytest.mark.django_db
def test_rotation_of_large_files_takes_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = make_provider()
    monkeypatch.setattr(rotation, "BATCH_BYTES", 100)
    with override_settings(FIELD_KEYS=BEFORE):
        for _ in range(3):
            make_return_content(provider=provider, content=b"x" * 300)
    (column,) = [column for column in rotation.encrypted_columns() if column.table == "cafes_returncontent"]

    with override_settings(FIELD_KEYS=DURING):
        with acting_for(provider):
            batch = list(rotation._next_batch(column, provider.id, provider.id.__class__(int=0)))
        done = rotation.rotate_everything(by=BY)

    assert (len(batch), done.exchanged) == (1, 3)


@pytest.mark.django_db
def test_rotation_leaves_what_somebody_wrote_meanwhile() -> None:
    provider = make_provider()
    with override_settings(FIELD_KEYS=BEFORE):
        row = make_return_content(provider=provider, content=b"before")
    (column,) = [column for column in rotation.encrypted_columns() if column.table == "cafes_returncontent"]

    with override_settings(FIELD_KEYS=DURING), acting_for(provider):
        batch = list(rotation._next_batch(column, provider.id, provider.id.__class__(int=0)))
        row.content = b"written meanwhile"
        row.save()
        done = rotation._exchange(column, provider.id, batch)
        kept = ReturnContent.objects.get(id=row.id).content.open()

    assert (done.exchanged, done.overtaken) == (0, 1)
    assert kept == b"written meanwhile"


@pytest.mark.django_db
def test_row_read_before_the_rotation_and_saved_after_it_comes_under_the_new_key() -> None:
    provider = make_provider()
    with override_settings(FIELD_KEYS=BEFORE):
        row = make_return_content(provider=provider, content=b"words")
        with acting_for(provider):
            stale = ReturnContent.objects.get(id=row.id)

    with override_settings(FIELD_KEYS=DURING):
        rotation.rotate_everything(by=BY)
        with acting_for(provider):
            stale.save()

    assert key_ids(provider) == {"new"}


@pytest.mark.django_db
def test_value_that_does_not_open_is_named_and_left_and_keeps_the_key_in_the_ring() -> None:
    provider = make_provider()
    with override_settings(FIELD_KEYS=BEFORE):
        whole, broken = (make_return_content(provider=provider, content=b"words") for _ in range(2))
        with acting_for(provider), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE cafes_returncontent SET content = set_byte(content, length(content) - 1, "
                "get_byte(content, length(content) - 1) # 1) WHERE id = %s",
                [broken.id],
            )
    out, err = StringIO(), StringIO()

    with override_settings(FIELD_KEYS=DURING), pytest.raises(CommandError, match="1 values are not under the key new"):
        call_command("rotate_field_keys", stdout=out, stderr=err)

    assert str(broken.id) in err.getvalue()
    assert str(whole.id) not in err.getvalue()


@pytest.mark.django_db
def test_command_says_which_keys_may_leave_the_ring() -> None:
    provider = make_provider()
    with override_settings(FIELD_KEYS=BEFORE):
        make_return_content(provider=provider)
    out = StringIO()

    with override_settings(FIELD_KEYS=DURING):
        call_command("rotate_field_keys", stdout=out)

    assert "1 values sealed anew under the key new" in out.getvalue()
    assert "old may leave the ring" in out.getvalue()


@pytest.mark.django_db
def test_return_code_goes_on_matching_when_the_old_key_is_gone() -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider)

    with override_settings(FIELD_KEYS=BEFORE), acting_for(provider):
        before = digest_of(reference_key(provider.id), cafe.id, "owl 12")
    with override_settings(FIELD_KEYS=DURING):
        rotation.rotate_everything(by=BY)
    with override_settings(FIELD_KEYS=AFTER), acting_for(provider):
        after = digest_of(reference_key(provider.id), cafe.id, " OWL  12")

    assert before == after


@pytest.mark.django_db
def test_return_code_of_another_provider_has_another_digest() -> None:
    one, other = make_provider(), make_provider()
    cafe = make_cafe(provider=one)

    digests = set()
    for provider in (one, other):
        with acting_for(provider):
            digests.add(digest_of(reference_key(provider.id), cafe.id, "OWL 12"))

    assert len(digests) == 2


@pytest.mark.django_db
def test_key_taken_away_too_early_makes_a_value_unreadable_and_says_so() -> None:
    provider = make_provider()
    with override_settings(FIELD_KEYS=BEFORE):
        row = make_return_content(provider=provider)

    with override_settings(FIELD_KEYS=AFTER), acting_for(provider):
        content = ReturnContent.objects.get(id=row.id).content
        with pytest.raises(CannotOpen, match="old, which is not in the ring"):
            content.open()


@pytest.mark.usefixtures("committed_db")
def test_rotation_while_people_write_loses_no_write(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = make_provider()
    monkeypatch.setattr(rotation, "BATCH_ROWS", 3)
    with override_settings(FIELD_KEYS=BEFORE):
        rows = [make_return_content(provider=provider, content=b"0") for _ in range(12)]
    last: dict[object, bytes] = {}
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            row = rows[number * 5 % len(rows)]
            with acting_for(provider):
                mine = ReturnContent.objects.select_for_update().get(id=row.id)
                mine.content = str(number).encode()
                mine.save()
            last[row.id] = str(number).encode()
        connection.close()

    with override_settings(FIELD_KEYS=DURING):
        writer = threading.Thread(target=write)
        writer.start()
        try:
            for _ in range(5):
                rotation.rotate_everything(by=BY)
        finally:
            stop.set()
            writer.join()
        rotation.rotate_everything(by=BY)
        waiting = rotation.count_waiting()

    assert last
    assert waiting == 0
    with override_settings(FIELD_KEYS=AFTER), acting_for(provider):
        kept = {row.id: row.content.open() for row in ReturnContent.objects.all()}
    assert kept == {row.id: last.get(row.id, b"0") for row in rows}

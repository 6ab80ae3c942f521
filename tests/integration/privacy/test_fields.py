"""An encrypted field of a real row: ReturnContent.content and ProviderKey.key."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, models

from cafes.models import ReturnContent
from providers.models import Provider
from sutg.privacy.envelope import CannotOpen
from sutg.privacy.fields import EncryptedBytesField, EncryptedTextField
from sutg.privacy.models import ProviderKey
from tests.factories import make_provider, make_provider_key, make_return_content
from tests.factories.scoped import acting_for

pytestmark = pytest.mark.django_db

WORDS = b"Ada Lovelace, 12 St James's Square"


@pytest.fixture
def provider() -> Provider:
    return make_provider()


def stored(provider: Provider, row: ReturnContent) -> bytes:
    with acting_for(provider), connection.cursor() as cursor:
        cursor.execute("SELECT content FROM cafes_returncontent WHERE id = %s", [row.id])
        return bytes(cursor.fetchone()[0])


def test_value_saved_lies_sealed_in_the_database_and_opens_again(provider: Provider) -> None:
    row = make_return_content(provider=provider, content=WORDS)

    with acting_for(provider):
        again = ReturnContent.objects.get(id=row.id)

    assert WORDS[:10] not in stored(provider, row)
    assert again.content.open() == WORDS
    assert row.content.open() == WORDS


def test_value_of_a_row_in_hand_shows_in_no_text_of_it(provider: Provider) -> None:
    fresh = ReturnContent(provider=provider, content=WORDS)

    shown = [repr(fresh.content), str(fresh.content), f"{fresh.content}", repr(fresh.__dict__), repr(vars(fresh))]

    assert all("Ada" not in text for text in shown)
    assert repr(fresh.content) == "‹sealed›"


def test_value_unopened_has_no_truth(provider: Provider) -> None:
    fresh = ReturnContent(provider=provider, content=b"")

    with pytest.raises(TypeError, match="until it is opened"):
        bool(fresh.content)


def test_rows_whose_values_were_swapped_do_not_open(provider: Provider) -> None:
    one, other = (make_return_content(provider=provider, content=text) for text in (b"one", b"other"))

    with acting_for(provider), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cafes_returncontent a SET content = b.content FROM cafes_returncontent b WHERE a.id <> b.id"
        )
    with acting_for(provider):
        swapped = [ReturnContent.objects.get(id=row.id) for row in (one, other)]

    for row in swapped:
        with pytest.raises(CannotOpen, match=str(row.id)):
            row.content.open()


def test_value_assigned_from_another_row_is_refused(provider: Provider) -> None:
    one, other = (make_return_content(provider=provider, content=text) for text in (b"one", b"other"))

    with pytest.raises(TypeError, match="belongs to its own row"):
        one.content = other.content


def test_row_saved_under_another_id_is_refused_before_it_is_lost(provider: Provider) -> None:
    row = make_return_content(provider=provider, content=WORDS)
    with acting_for(provider):
        again = ReturnContent.objects.get(id=row.id)
        again.id = make_provider().id

        with pytest.raises(CannotOpen):
            again.save(force_insert=True)


def test_value_deferred_or_refreshed_is_the_stored_one(provider: Provider) -> None:
    row = make_return_content(provider=provider, content=WORDS)

    with acting_for(provider):
        deferred = ReturnContent.objects.defer("content").get(id=row.id)
        opened = deferred.content.open()
        row.content = b"changed and not saved"
        row.refresh_from_db()

    assert opened == WORDS
    assert row.content.open() == WORDS


def test_values_written_in_bulk_are_sealed_each_for_its_row(provider: Provider) -> None:
    rows = [ProviderKey(provider=provider, purpose=str(n), key=bytes([n]) * 32) for n in range(3)]

    with acting_for(provider):
        ProviderKey.objects.bulk_create(rows)
        read = list(ProviderKey.objects.order_by("purpose"))
        for row in read:
            row.key = row.key.open()[::-1] + b"!"
        ProviderKey.objects.bulk_update(read, ["key"])
        changed = [row.key.open() for row in ProviderKey.objects.order_by("purpose")]

    assert changed == [bytes([n]) * 32 + b"!" for n in range(3)]


def test_value_written_without_its_row_is_refused(provider: Provider) -> None:
    make_provider_key(provider=provider)

    with acting_for(provider), pytest.raises(TypeError, match="sealed for its row"):
        ProviderKey.objects.update(key=b"x" * 32)


def test_value_read_without_its_row_stays_sealed(provider: Provider) -> None:
    make_return_content(provider=provider, content=WORDS)

    with acting_for(provider):
        (value,) = ReturnContent.objects.values_list("content", flat=True)

    assert repr(value) == "‹sealed›"
    assert not hasattr(value, "open")


@pytest.mark.parametrize("asked", ["content", "content__exact", "content__in", "content__contains", "content__gt"])
def test_query_by_an_encrypted_value_is_refused(provider: Provider, asked: str) -> None:
    with acting_for(provider), pytest.raises(FieldError):
        list(ReturnContent.objects.filter(**{asked: b"x"}))


def test_query_whether_there_is_a_value_is_answered(provider: Provider) -> None:
    make_return_content(provider=provider)

    with acting_for(provider):
        counts = [ReturnContent.objects.filter(content__isnull=null).count() for null in (True, False)]

    assert counts == [0, 1]


@pytest.mark.parametrize("name", ["content", "-content"])
def test_order_by_an_encrypted_value_is_refused(provider: Provider, name: str) -> None:
    with acting_for(provider), pytest.raises(FieldError, match="cannot be sorted"):
        ReturnContent.objects.order_by("id", name)


def test_row_pickled_and_back_opens_as_before(provider: Provider) -> None:
    row = make_return_content(provider=provider, content=WORDS)

    assert pickle.loads(pickle.dumps(row)).content.open() == WORDS  # noqa: S301  our own bytes


@pytest.mark.parametrize(
    ("field", "value"), [(EncryptedTextField(), b"bytes"), (EncryptedTextField(), 5), (EncryptedBytesField(), "text")]
)
def test_value_of_the_wrong_kind_is_refused(field: Any, value: Any) -> None:
    field.name = "field"

    with pytest.raises(TypeError, match="field takes"):
        field.as_bytes(value)


def test_text_beyond_its_length_is_refused_by_full_clean() -> None:
    field = EncryptedTextField(max_length=3)

    assert field.clean("abc", None) == "abc"
    with pytest.raises(ValidationError):
        field.clean("abcd", None)


def test_text_field_gives_back_the_text_it_took() -> None:
    field = EncryptedTextField()

    assert field.from_bytes(field.as_bytes("Zoë 🧡")) == "Zoë 🧡"


def test_migration_of_a_field_rebuilds_it() -> None:
    _, path, args, kwargs = EncryptedTextField(max_length=9, null=True).deconstruct()

    assert path == "sutg.privacy.fields.EncryptedTextField"
    assert (args, kwargs) == ([], {"max_length": 9, "null": True})


def test_model_that_cannot_rotate_its_field_is_found_by_the_check() -> None:
    class Loose(models.Model):
        words = EncryptedTextField(unique=True)

        class Meta:
            app_label = "tests_privacy"
            managed = False

    found = [message.id for message in Loose._meta.get_field("words").check()]

    assert found == ["privacy.E001", "privacy.E002"]

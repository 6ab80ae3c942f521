"""What was stored before fields were sealed: opened by the same code afterwards, and matched by the same codes."""

from __future__ import annotations

import hashlib
import hmac
import importlib

import pytest
from django.conf import settings
from django.db import NotSupportedError, connection, connections

from cafes.models import ReturnContent
from cafes.references import reference_key
from sutg.tenancy.catalogue import find_faults
from sutg.tenancy.operations import every_tenants_rows
from tests.factories import make_provider, make_return_content, make_visitor_reference
from tests.factories.scoped import acting_for

migration = importlib.import_module("cafes.migrations.0004_seal_what_is_stored")
pytestmark = pytest.mark.usefixtures("committed_db")


def test_files_stored_plain_are_sealed_and_unsealed_again_by_the_migration() -> None:
    provider = make_provider()
    row = make_return_content(provider=provider)
    with acting_for(provider), connection.cursor() as cursor:
        cursor.execute("UPDATE cafes_returncontent SET content = %s", [b"as it came"])

    with connections["owner"].schema_editor() as editor:
        migration.seal_contents(None, editor)
    with acting_for(provider):
        opened = ReturnContent.objects.get(id=row.id).content.open()
    with connections["owner"].schema_editor() as editor:
        migration.unseal_contents(None, editor)
    with acting_for(provider), connection.cursor() as cursor:
        cursor.execute("SELECT content FROM cafes_returncontent")
        plain = bytes(cursor.fetchone()[0])

    assert opened == plain == b"as it came"
    assert find_faults(connection) == []


def test_references_hashed_before_go_on_matching_by_the_key_kept() -> None:
    known, newcomer = make_provider(), make_provider()
    make_visitor_reference(provider=known)

    with connections["owner"].schema_editor() as editor:
        migration.keep_reference_keys(None, editor)
    with acting_for(known):
        kept = reference_key(known.id)
    with acting_for(newcomer):
        fresh = reference_key(newcomer.id)

    def derived(provider_id: object) -> bytes:
        info = b"visitor reference" + provider_id.bytes + b"\x01"  # type: ignore[attr-defined]
        return hmac.digest(settings.FIELD_KEYS.keys["0"], info, hashlib.sha256)

    assert kept == derived(known.id)
    assert fresh != derived(newcomer.id)


def test_owner_sees_rows_of_tenants_in_a_transaction_alone() -> None:
    editor = connections["owner"].schema_editor(atomic=False)

    with pytest.raises(NotSupportedError), every_tenants_rows(editor, "cafes_returncontent"):
        pass

"""Whoever is shown an identified record leaves a trace of it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from sutg.audit.models import ProviderEvent
from sutg.audit.services import record_read
from tests.factories import make_provider, make_return_content
from tests.factories.scoped import TESTS, acting_for

pytestmark = pytest.mark.django_db


def test_read_of_a_named_record_is_kept_with_who_and_why() -> None:
    provider = make_provider()
    row = make_return_content(provider=provider, content=b"Ada")

    with acting_for(provider):
        record_read(row, by=TESTS, purpose="support_plan")
        event = ProviderEvent.objects.get(name="record_read")

    assert (event.actor, event.subject) == ("job:tests", row.id)
    assert event.detail == {"table": "cafes_returncontent", "purpose": "support_plan"}


def test_read_recorded_for_another_provider_is_refused() -> None:
    row = make_return_content(provider=make_provider())

    with pytest.raises(DatabaseError), acting_for(make_provider()), transaction.atomic():
        record_read(row, by=TESTS, purpose="support_plan")

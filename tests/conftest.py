"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from tests.support.database import empty_all_tables


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database in which transactions really commit; emptied afterwards, but for the reference data.

    Django's own transactional fixture empties tables by TRUNCATE as the application, which may not.
    """
    with django_db_blocker.unblock():
        yield
        for connection in connections.all(initialized_only=True):
            connection.close()
        empty_all_tables()
        connections["owner"].close()

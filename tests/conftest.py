"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.signals import user_logged_in
from django.db import connections
from django.dispatch import receiver
from django.test.utils import setup_databases, teardown_databases

from tests.support.database import empty_all_tables


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long runs out unless ``-m`` or the command line asks for them."""
    if "soak" in config.option.markexpr:
        return
    long_runs = [item for item in items if item.get_closest_marker("soak")]
    if long_runs:
        config.hook.pytest_deselected(items=long_runs)
        items[:] = [item for item in items if item not in long_runs]


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_keepdb: bool,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """The test database, whatever tests were chosen.

    pytest-django's own creates none when no chosen test is marked ``django_db``: a test on ``committed_db`` alone would
    then have emptied the database that it was started from.
    """
    with django_db_blocker.unblock():
        configuration = setup_databases(
            verbosity=0, interactive=False, aliases={"default"}, serialized_aliases=set(), keepdb=django_db_keepdb
        )
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(configuration, verbosity=0)


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


@receiver(user_logged_in, dispatch_uid="tests.second_factor")
def signed_in_with_a_second_factor(request: Any, user: Any, **_: Any) -> None:
    """``force_login`` stands for somebody who has signed in whole. A real sign-in has a request with an address."""
    from accounts.factors import record_second_factor  # models are not loaded when this file is

    if "REMOTE_ADDR" not in request.META:
        record_second_factor(request, user, kind="test")

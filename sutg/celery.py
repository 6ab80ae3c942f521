"""The Celery application. Tasks live in each app's ``tasks`` module and run inside a scope (sutg.tenancy.tasks)."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_init, setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sutg.settings")

app = Celery("sutg", task_cls="sutg.tenancy.tasks:ScopedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Celery would replace the structured handlers of settings.LOGGING with its own."""


@celeryd_init.connect
def refuse_weak_locks(**_: Any) -> None:
    """A worker does not start on a database whose tenancy locks are open."""
    from sutg.tenancy.startup import refuse_weak_locks as refuse

    refuse()

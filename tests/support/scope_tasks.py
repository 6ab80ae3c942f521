"""Tasks that tell under which scope a real worker ran them; loaded by the worker that tests start."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from celery import shared_task
from django.db import connection, transaction

from cafes.models import Cafe
from sutg.tenancy import scope as scopes


def _note(path: str, **facts: Any) -> None:
    scope = scopes.current()
    line = {"provider": str(scope.provider_id) if scope and scope.provider_id else None, "pid": os.getpid(), **facts}
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


@shared_task
def tell(path: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT name FROM cafes_cafe")
        raw = sorted(name for (name,) in cursor.fetchall())
        by_manager = sorted(Cafe.objects.values_list("name", flat=True))
    _note(path, task="tell", raw=raw, by_manager=by_manager)


@shared_task
def fail(path: str) -> None:
    _note(path, task="fail")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


@shared_task(scope_free=True)
def tell_of_nobody(path: str) -> None:
    _note(path, task="tell_of_nobody")

from typing import Any

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db import connections
from django.db.models.signals import post_migrate


class TenancyConfig(AppConfig):
    name = "sutg.tenancy"
    label = "tenancy"
    verbose_name = "Tenancy"

    def ready(self) -> None:
        from sutg.tenancy.checks import check_locks

        register(check_locks, Tags.database)
        post_migrate.connect(_apply_grants, sender=self)


def _apply_grants(*, using: str, **_: Any) -> None:
    from sutg.tenancy.shared import apply_grants

    apply_grants(connections[using])

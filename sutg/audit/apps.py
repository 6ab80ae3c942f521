from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from sutg.tenancy.roles import ScopeRole
from sutg.tenancy.shared import register_shared_table

_READERS = frozenset({ScopeRole.TRUST})


class AuditConfig(AppConfig):
    name = "sutg.audit"
    label = "audit"
    verbose_name = "Audit"

    def ready(self) -> None:
        from sutg.audit.capture import faults_of_capture
        from sutg.tenancy.catalogue import register_guard

        register_shared_table(
            "audit_trustevent",
            "what happened to what belongs to no provider; a trigger refuses change",
            login="SELECT, INSERT, UPDATE",
            scopes="INSERT",
            readers=_READERS,
        )
        register_shared_table(
            "audit_trustblock",
            "seals on the trust's events; a trigger refuses change",
            login="SELECT, INSERT",
            scopes="",
            readers=_READERS,
        )
        register_guard(faults_of_capture)
        post_migrate.connect(_apply_capture, sender=self)


def _apply_capture(*, using: str, **_: Any) -> None:
    from sutg.audit.capture import apply_capture

    apply_capture(connections[using])

from django.apps import AppConfig

from sutg.tenancy.shared import register_shared_table


class AuditConfig(AppConfig):
    name = "sutg.audit"
    label = "audit"
    verbose_name = "Audit"

    def ready(self) -> None:
        register_shared_table(
            "audit_trustevent",
            "what happened to what belongs to no provider; a trigger refuses change",
            login="SELECT, INSERT",
            scopes="INSERT",
        )

from django.apps import AppConfig

from sutg.tenancy.roles import ScopeRole
from sutg.tenancy.shared import register_shared_table


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        register_shared_table(
            "accounts_user",
            "who may sign in; the trust's and every provider's people alike, found before an organisation is known",
            login="SELECT, INSERT, UPDATE",
            writers=frozenset({ScopeRole.TRUST}),
        )
        register_shared_table(
            "accounts_appointment",
            "roles held for the trust or a team: no provider's",
            login="SELECT",
            writers=frozenset({ScopeRole.TRUST}),
        )

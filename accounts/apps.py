from django.apps import AppConfig

from sutg.audit.watched import keep_quiet, watch_shared
from sutg.tenancy.roles import ScopeRole
from sutg.tenancy.shared import register_shared_table


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        watch_shared("accounts_user", "decides who may sign in")
        watch_shared("accounts_appointment", "decides what a person may do for the trust or a team")
        keep_quiet("accounts_user", {"last_login": "written at each sign-in, before the person is known"})
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

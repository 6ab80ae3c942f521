from django.apps import AppConfig

from sutg.tenancy.roles import ScopeRole
from sutg.tenancy.shared import NOTHING, READ, register_shared_table


class PrivacyConfig(AppConfig):
    name = "sutg.privacy"
    label = "privacy"
    verbose_name = "Privacy"

    def ready(self) -> None:
        trust = frozenset({ScopeRole.TRUST})
        for name, reason, scopes in (
            ("privacy_retentionperiod", "for how long each class of records is kept: one rule for everybody", READ),
            ("privacy_retentionhold", "what is held, of whose: information governance and the job know it", NOTHING),
            ("privacy_retentionforecast", "what will be erased, of whose: for information governance", NOTHING),
        ):
            register_shared_table(name, reason, login=NOTHING, scopes=scopes, writers=trust)

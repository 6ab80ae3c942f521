from django.apps import AppConfig

from sutg.audit.watched import keep_quiet, watch_shared
from sutg.tenancy.roles import ScopeRole
from sutg.tenancy.shared import register_shared_table


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
        from django.contrib.auth.signals import user_logged_in

        from accounts.events import describe
        from accounts.leaving import register_on_leaving
        from accounts.navigation import register_tasks
        from accounts.programs import describe_programs, end_programs
        from accounts.receivers import note_new_factor, note_removed_factor, note_reset_factor, take_up_hat
        from accounts.services.factors import count_under_other_keys, reseal_secrets
        from accounts.standing import may_still_act
        from accounts.to_do import audit_to_do
        from sutg.privacy.rotation import register_sealed_elsewhere
        from sutg.tenancy.tasks import register_scope_check

        describe()
        register_tasks(audit_to_do)
        register_scope_check(may_still_act)
        register_on_leaving(describe=describe_programs, end=end_programs)
        watch_shared("accounts_user", "decides who may sign in")
        watch_shared("accounts_appointment", "decides what a person may do for the trust or a team")
        keep_quiet("accounts_user", {"last_login": "written at each sign-in, before the person is known"})
        authenticator_added.connect(note_new_factor, dispatch_uid="accounts.note_new_factor")
        authenticator_removed.connect(note_removed_factor, dispatch_uid="accounts.note_removed_factor")
        authenticator_reset.connect(note_reset_factor, dispatch_uid="accounts.note_reset_factor")
        user_logged_in.connect(take_up_hat, dispatch_uid="accounts.take_up_hat")
        register_sealed_elsewhere(reseal=reseal_secrets, waiting=count_under_other_keys)
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

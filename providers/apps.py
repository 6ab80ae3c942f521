from django.apps import AppConfig

from sutg.audit.watched import watch_shared
from sutg.tenancy.roles import ScopeRole
from sutg.tenancy.shared import register_shared_table


class ProvidersConfig(AppConfig):
    name = "providers"
    verbose_name = "Providers"

    def ready(self) -> None:
        from providers.events import describe

        describe()
        from accounts.hats import register_hat_source
        from accounts.leaving import register_on_leaving
        from accounts.navigation import register_section, register_tasks
        from providers.hats import hats_of_leads, hats_of_memberships
        from providers.open_invitations import describe_invitations, end_invitations
        from providers.permissions import (
            INVITE_OWN_PEOPLE,
            INVITE_TRUST_PEOPLE,
            KEEP_ANY_ACCESS,
            KEEP_OWN_ACCESS,
            SEE_ANY_PROFILE,
            SEE_OWN_PROFILE,
        )
        from providers.reminders import remind
        from providers.services.assurance import REMIND
        from providers.services.staff import REMIND_OF_CHECK
        from providers.staff_reminders import remind_of_check
        from providers.to_do import (
            assurance_to_do,
            invitations_to_do,
            providers_to_do,
            reviews_to_do,
            safeguarding_to_do,
            staff_to_do,
        )
        from sutg.outbox.delivery import register_handler

        register_section("Invitations", "providers:invitations", INVITE_OWN_PEOPLE, INVITE_TRUST_PEOPLE, order=60)
        register_section("People and access", "providers:access", KEEP_OWN_ACCESS, order=59)
        register_section("People and access", "providers:everybody", KEEP_ANY_ACCESS, order=59)
        register_section("Your organisation", "providers:own_profile", SEE_OWN_PROFILE, order=55)
        register_section("Providers", "providers:providers", SEE_ANY_PROFILE, order=55)
        register_tasks(invitations_to_do)
        register_tasks(reviews_to_do)
        register_tasks(safeguarding_to_do)
        register_tasks(assurance_to_do)
        register_tasks(staff_to_do)
        register_tasks(providers_to_do)
        register_handler(REMIND, remind)
        register_handler(REMIND_OF_CHECK, remind_of_check)
        register_on_leaving(describe=describe_invitations, end=end_invitations)
        register_hat_source(hats_of_memberships)
        register_hat_source(hats_of_leads)
        watch_shared("providers_provider", "the tenants themselves")
        watch_shared("providers_trustaccessreview", "who was found to need which role of the trust")
        watch_shared("providers_neighbourhoodlead", "decides whose figures a person may see")
        trust = frozenset({ScopeRole.TRUST})
        register_shared_table(
            "providers_provider", "the tenants themselves; a provider's name is public", writers=trust
        )
        register_shared_table("providers_place", "reference geography")
        register_shared_table("providers_localauthority", "reference geography")
        register_shared_table("providers_neighbourhood", "reference geography")
        register_shared_table("providers_neighbourhood_local_authorities", "reference geography")
        register_shared_table(
            "providers_trustaccessreview",
            "what the service administrator signed about roles that are no provider's",
            login="",
            scopes="",
            adders=trust,
        )
        register_shared_table(
            "providers_trustinvitation",
            "whom the service administrator invited: no provider's; an address is nobody else's business",
            login="",
            scopes="",
            writers=trust,
        )
        register_shared_table(
            "providers_neighbourhoodlead", "roles of trust and council staff: no provider's", writers=trust
        )

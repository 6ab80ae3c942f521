from django.apps import AppConfig

from sutg.audit.watched import keep_quiet
from sutg.tenancy.roles import ScopeRole
from sutg.tenancy.shared import register_shared_table


class CafesConfig(AppConfig):
    name = "cafes"
    verbose_name = "Cafés"

    def ready(self) -> None:
        from cafes.events import describe

        describe()
        keep_quiet(
            "cafes_returnfile",
            dict.fromkeys(("rows_done", "rows_total", "lease_until"), "how far a job is, written twice a second"),
        )
        keep_quiet(
            "cafes_tablet",
            dict.fromkeys(
                (
                    *("last_seen_at", "app_version", "is_persistent", "last_number", "accounted_to", "missing", "held"),
                    "oldest_held_at",
                ),
                "what a tablet says of itself at every sending; what arrived is an event of the service",
            ),
        )
        from accounts.leaving import register_on_leaving
        from accounts.navigation import register_section, register_tasks
        from cafes.permissions import (
            KEEP_TABLETS,
            LOAD_ANY_RETURN,
            LOAD_OWN_RETURN,
            RAISE_INCIDENT,
            RECORD_VISITS,
            SEE_ANY_CAFE,
            SEE_OWN_CAFES,
            SEE_SERVICES,
        )
        from cafes.selectors.cafes import cafe_ids_by_name
        from cafes.services.incidents import REMIND, TELL
        from cafes.services.tablet_alarms import SILENT
        from cafes.tablet_links import describe_tablet_links, end_tablet_links
        from cafes.tasks.incidents import remind, tell
        from cafes.tasks.tablets import tell_of_silence
        from cafes.to_do import (
            cafes_to_do,
            incidents_to_do,
            returns_to_do,
            services_to_check,
            sessions_to_do,
            tablets_to_do,
        )
        from providers.cafe_names import register_cafe_source
        from sutg.outbox.delivery import register_handler

        register_cafe_source(cafe_ids_by_name)
        register_on_leaving(describe=describe_tablet_links, end=end_tablet_links)
        register_section("Cafés", "cafes:cafes", SEE_OWN_CAFES, SEE_ANY_CAFE, order=10)
        register_section("Tablets", "cafes:tablets", KEEP_TABLETS, order=12)
        register_section("Sessions", "cafes:sessions", RECORD_VISITS, order=5)
        register_section("Returns", "cafes:returns", LOAD_OWN_RETURN, LOAD_ANY_RETURN, order=20)
        register_section("Community services", "cafes:services", SEE_SERVICES, order=25)
        register_section("Incidents", "cafes:incidents", RAISE_INCIDENT, order=26)
        register_tasks(incidents_to_do)
        register_tasks(tablets_to_do)
        register_tasks(cafes_to_do)
        register_tasks(sessions_to_do)
        register_tasks(returns_to_do)
        register_tasks(services_to_check)
        register_handler(TELL, tell)
        register_handler(REMIND, remind)
        register_handler(SILENT, tell_of_silence)
        register_shared_table(
            "cafes_sharedservice",
            "community services that every café may point people to: public facts, kept by the trust",
            writers=frozenset({ScopeRole.TRUST}),
        )

from django.apps import AppConfig


class CafesConfig(AppConfig):
    name = "cafes"
    verbose_name = "Cafés"

    def ready(self) -> None:
        from accounts.navigation import register_section, register_tasks
        from cafes.permissions import LOAD_ANY_RETURN, LOAD_OWN_RETURN
        from cafes.to_do import returns_to_do

        register_section("Returns", "cafes:returns", LOAD_OWN_RETURN, LOAD_ANY_RETURN, order=20)
        register_tasks(returns_to_do)

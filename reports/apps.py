from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        from accounts.navigation import register_section, register_tasks
        from cafes.refreshers import register_refresher
        from reports.permissions import SEE_FIGURES, SEE_OWN_FIGURES
        from reports.services.figures import refresh_figures
        from reports.to_do import figures_to_see

        register_refresher(refresh_figures)
        register_section("Figures", "reports:figures", SEE_OWN_FIGURES, SEE_FIGURES, order=30)
        register_tasks(figures_to_see)

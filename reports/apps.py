from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        from cafes.refreshers import register_refresher
        from reports.services.figures import refresh_figures

        register_refresher(refresh_figures)

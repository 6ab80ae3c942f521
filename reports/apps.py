from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        from reports.events import describe

        describe()
        from accounts.navigation import register_section, register_tasks
        from cafes.locked_months import register_lock_source
        from cafes.refreshers import register_refresher
        from reports.permissions import (
            LOCK_OVERDUE_MONTHS,
            LOCK_OWN_MONTHS,
            SEE_COVERAGE,
            SEE_FIGURES,
            SEE_OWN_FIGURES,
        )
        from reports.selectors.months import locked_months_of
        from reports.services.figures import refresh_figures
        from reports.to_do import figures_to_see, months_to_lock
        from sutg.audit.watched import leave_out

        leave_out("reports_figure", "derived: counted anew, whole, from visits whose changes are noted")
        register_refresher(refresh_figures)
        register_lock_source(locked_months_of)
        register_section("Figures", "reports:figures", SEE_OWN_FIGURES, SEE_FIGURES, order=30)
        register_section("Coverage", "reports:coverage", SEE_COVERAGE, order=30)
        register_section("Months", "reports:months", LOCK_OWN_MONTHS, LOCK_OVERDUE_MONTHS, order=31)
        register_tasks(months_to_lock)
        register_tasks(figures_to_see)

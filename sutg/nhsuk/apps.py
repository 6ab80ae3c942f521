"""The design system as a Django app, so that its templates are found."""

from django.apps import AppConfig


class NhsukConfig(AppConfig):
    """Has templates and no tables."""

    name = "sutg.nhsuk"
    label = "nhsuk"
    verbose_name = "NHS.UK design system"

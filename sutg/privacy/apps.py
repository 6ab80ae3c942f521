from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "sutg.privacy"
    label = "privacy"
    verbose_name = "Privacy"

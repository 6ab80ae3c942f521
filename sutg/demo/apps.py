from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class DemoConfig(AppConfig):
    name = "sutg.demo"
    label = "demo"
    verbose_name = "Demo"

    def ready(self) -> None:
        if settings.SUTG_ENV == "production":
            msg = "sutg.demo signs anybody in with one click; it must not be installed in production."
            raise ImproperlyConfigured(msg)

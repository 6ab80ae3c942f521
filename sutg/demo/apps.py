from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured


class DemoConfig(AppConfig):
    name = "sutg.demo"
    label = "demo"
    verbose_name = "Demo"

    def ready(self) -> None:
        if settings.SUTG_ENV == "production":
            msg = "sutg.demo signs anybody in with one click; it must not be installed in production."
            raise ImproperlyConfigured(msg)
        register(refuse_deployment, Tags.security, deploy=True)


def refuse_deployment(**_: Any) -> list[CheckMessage]:
    """``manage.py check --deploy`` never passes with the demo's one-click sign-in."""
    return [Error("The demo signs anybody in with one click. Set SUTG_ENV=production.", id="demo.E001")]

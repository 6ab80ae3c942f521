from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "sutg.outbox"
    label = "outbox"
    verbose_name = "Outbox"

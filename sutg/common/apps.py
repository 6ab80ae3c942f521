from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "sutg.common"
    label = "common"
    verbose_name = "Common"

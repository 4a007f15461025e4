from django.apps import AppConfig
from django.core import checks


class CamConfig(AppConfig):
    name = "apps.cam"
    verbose_name = "Client acquisition"

    def ready(self) -> None:
        from apps.shared.gateways import llm

        checks.register(llm.say_what_is_missing)

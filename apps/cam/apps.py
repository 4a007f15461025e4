from django.apps import AppConfig


class CamConfig(AppConfig):
    name = "apps.cam"
    verbose_name = "Client acquisition"

from django.apps import AppConfig


class QcConfig(AppConfig):
    name = "apps.qc"
    verbose_name = "Quality control"

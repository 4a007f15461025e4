from django.apps import AppConfig


class ProbeConfig(AppConfig):
    name = "bench.probe"
    verbose_name = "Probe workflows"

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "apps.strategy"
    verbose_name = "Strategy"

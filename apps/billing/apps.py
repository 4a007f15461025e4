from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "apps.billing"
    verbose_name = "Billing"

    def ready(self) -> None:
        from apps.billing import queries
        from apps.shared.telemetry import offer_metrics

        offer_metrics(queries.measure_books)

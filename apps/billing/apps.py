from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "apps.billing"
    verbose_name = "Billing"

    def ready(self) -> None:
        from apps.billing import queries, tasks
        from apps.billing.services import quote_letters
        from apps.shared.telemetry import offer_metrics

        quote_letters.register_bell(tasks.send_quote_letter.delay)
        offer_metrics(queries.measure_books)

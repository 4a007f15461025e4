from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "apps.billing"
    verbose_name = "Billing"

    def ready(self) -> None:
        from apps.billing import tasks
        from apps.billing.services import quote_letters

        quote_letters.register_bell(tasks.send_quote_letter.delay)

from django.apps import AppConfig
from django.core import checks


class BillingConfig(AppConfig):
    name = "apps.billing"
    verbose_name = "Billing"

    def ready(self) -> None:
        from apps.billing import queries, tasks
        from apps.billing.services import parties, quote_letters, reminders
        from apps.shared.gateways import cards
        from apps.shared.telemetry import offer_metrics

        checks.register(cards.say_what_is_missing)
        quote_letters.register_bell(tasks.send_quote_letter.delay)
        reminders.register_bell(tasks.send_reminder_letter.delay)
        offer_metrics(queries.measure_books)
        offer_metrics(queries.measure_cards)
        checks.register(parties.say_what_e_invoices_lack)
        checks.register(parties.say_without_e_invoices, deploy=True)

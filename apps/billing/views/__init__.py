"""The portal's pages of quotes and invoices, and what they have to say on its first page."""

from django.http import HttpRequest

from apps.billing.views import invoices, quotes
from apps.shared.portal import Card

__all__ = ["cards", "invoices", "quotes"]


def cards(request: HttpRequest) -> list[Card]:
    """Return what waits for an answer, and what is to be paid."""
    return [*quotes.cards_to_decide(request), *invoices.cards_to_pay(request)]

"""How the portal's pages write money."""

from decimal import Decimal

from babel.numbers import format_currency
from django.utils.translation import get_language

from apps.billing.models import Invoice, Quote


def money(amount: Decimal, row: Invoice | Quote) -> str:
    """Return an amount in a row's currency, as the language of the page writes it."""
    return format_currency(amount, row.currency, locale=get_language() or "en")

"""What bank lines may pay, and which of them are known."""

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from apps.billing.models import BankLine, Invoice
from apps.billing.rules.bank import OpenInvoice


def open_by_number(numbers: Collection[str]) -> dict[str, OpenInvoice]:
    """Return the invoices of these numbers that went out, with what is open of each."""
    found = Invoice.objects.filter(number__in=numbers)
    return {
        each.number: OpenInvoice(each.number, each.currency, each.still_open if each.is_unpaid else Decimal(0))
        for each in found
    }


def ids_of_numbers(numbers: Collection[str]) -> dict[str, UUID]:
    """Return the ids of the invoices of these numbers."""
    return dict(Invoice.objects.filter(number__in=numbers).values_list("number", "pk"))


def known_lines(keys: Collection[str]) -> set[str]:
    """Return which of these keys are those of lines that are here."""
    return set(BankLine.objects.filter(key__in=keys).values_list("key", flat=True))

"""Invoices and quotes as documents: what is issued, with what was paid and credited of it; and what is offered."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.billing import queries, rules
from apps.billing.models import Invoice, InvoiceLine, Quote, QuoteLine
from apps.billing.services.quotes import local_day
from apps.shared.gateways.typst import fit_for_print, typeset
from apps.shared.text import clean, one_line
from apps.shared.workflow import StepRefused, TransientFailure

TEMPLATE = Path(__file__).resolve().parents[3] / "templates" / "documents" / "invoice" / "invoice.typ"
SECONDS = 10
"""Somebody waits for it at a page; 200 lines take one."""

CATEGORIES = {
    "STANDARD": gettext_noop("Standard rate"),
    "REDUCED": gettext_noop("Reduced rate"),
    "ZERO": gettext_noop("Zero rate"),
    "EXEMPT": gettext_noop("Exempt from tax"),
    "REVERSE_CHARGE": gettext_noop("Reverse charge"),
}


class DocumentUnavailable(Exception):
    """The document cannot be made right now; the message, which says why, is the agency's affair."""


def invoice_pdf(invoice: Invoice, *, language: str, on: date) -> bytes:
    """Return an issued invoice as a PDF, as it stands on a day: the same bytes for the same state and day.

    Raises DocumentUnavailable when it cannot be set.
    """
    with translation.override(language):
        document = _document(invoice, language, on)
    return _typeset(f"{invoice.number}.pdf", document, invoice.issue_date)


def quote_pdf(quote: Quote, *, language: str) -> bytes:
    """Return a quote that was sent as a PDF: the same bytes for the same state.

    Raises DocumentUnavailable when it cannot be set.
    """
    with translation.override(language):
        document = _quote_document(quote, language)
    return _typeset(f"{quote.number}.pdf", document, quote.issue_date)


def _typeset(name: str, document: dict[str, Any], day: date) -> bytes:
    at = datetime.combine(day, time(), UTC)
    try:
        return typeset(name, TEMPLATE, {"invoice": fit_for_print(document)}, at=at, seconds=SECONDS)
    except (StepRefused, TransientFailure) as failure:
        raise DocumentUnavailable(str(failure)) from failure


def _document(invoice: Invoice, language: str, on: date) -> dict[str, Any]:
    lines, say = list(invoice.lines.all()), partial(_amount, currency=invoice.currency, language=language)
    day = partial(format_date, format="long", locale=language)
    return {
        "title": _("Invoice %(number)s") % {"number": invoice.number},
        "mark": _("VOID") if invoice.state == Invoice.State.VOID else "",
        "to_label": _("Invoice to"),
        "facts": [
            (_("Invoice number"), invoice.number),
            (_("Issued on"), day(invoice.issue_date)),
            (_("Due on"), day(invoice.due_date)),
        ],
        "sums": list(_sums(invoice, say, day(on))),
        "notes": list(_notes(invoice, lines)),
        **_frame(invoice, lines, language),
    }


def _quote_document(quote: Quote, language: str) -> dict[str, Any]:
    lines, say = list(quote.lines.all()), partial(_amount, currency=quote.currency, language=language)
    day = partial(format_date, format="long", locale=language)
    return {
        "title": _("Quote %(number)s") % {"number": quote.number},
        "mark": _("WITHDRAWN") if quote.state == Quote.State.WITHDRAWN else "",
        "to_label": _("Quote for"),
        "facts": [
            (_("Quote number"), quote.number),
            (_("Issued on"), day(quote.issue_date)),
            (_("Valid until"), day(quote.valid_until_date)),
        ],
        "sums": [
            _sum(_("Net"), say(quote.subtotal)),
            _sum(_("Tax"), say(quote.tax)),
            _sum(_("Total"), say(quote.total), is_strong=True),
        ],
        "notes": list(_notes_of_quote(quote, lines, say, day)),
        **_frame(quote, lines, language),
    }


def _frame(row: Invoice | Quote, lines: list[Any], language: str) -> dict[str, Any]:
    """Return what invoices and quotes have in common."""
    say = partial(_amount, currency=row.currency, language=language)
    return {
        "language": language,
        "number": row.number,
        "agency": _agency(),
        "client": {
            "name": one_line(row.client.name),
            "country": Locale(language).territories.get(row.client.country, row.client.country),
        },
        "lines": {
            "head": (_("No."), _("What"), _("Quantity"), _("Price"), _("Tax"), _("Net")),
            "rows": [_line(line, row.currency, language) for line in lines],
        },
        "taxes": {
            "head": (_("Tax"), _("Net"), _("Tax")),
            "rows": [_share(share, say, language) for share in rules.tax_table(lines)],
        },
    }


def _agency() -> dict[str, Any]:
    """Return who bills, with those legal details that the settings give."""
    vat = [_("VAT ID %(id)s") % {"id": settings.AGENCY_VAT_ID}] if settings.AGENCY_VAT_ID else []
    iban = [f"IBAN {settings.AGENCY_IBAN}"] if settings.AGENCY_IBAN else []
    return {
        "name": settings.AGENCY_NAME,
        "address": [part.strip() for part in settings.AGENCY_ADDRESS.split(";") if part.strip()],
        "legal": vat + iban,
    }


def _line(line: InvoiceLine | QuoteLine, currency: str, language: str) -> dict[str, Any]:
    digits = rules.digits_of(currency)
    price = "#,##0." + "0" * digits + "#" * (rules.PLACES_OF_PRICE - digits)
    return {
        "position": str(line.position),
        "description": [clean(part) for part in line.description.splitlines()],
        "quantity": format_decimal(line.quantity, "#,##0." + "#" * rules.PLACES_OF_QUANTITY, locale=language),
        "price": format_decimal(line.unit_price, price, locale=language),
        "rate": _percent(line.tax_percent, language),
        "net": _amount(line.net, currency=currency, language=language),
    }


def _share(share: rules.TaxShare, say: Callable[[Decimal], str], language: str) -> tuple[str, str, str]:
    rate = f"{_percent(share.percent, language)} · {_(CATEGORIES[share.category])}"
    return rate, say(share.net), say(share.tax)


def _sums(invoice: Invoice, say: Callable[[Decimal], str], day: str) -> Iterator[dict[str, Any]]:
    """Give the sums, the last of them what is to be paid; what was paid and credited only where something was."""
    yield _sum(_("Net"), say(invoice.subtotal))
    yield _sum(_("Tax"), say(invoice.tax))
    yield _sum(_("Total"), say(invoice.total), is_strong=True)
    if invoice.paid:
        yield _sum(_("Paid up to %(day)s") % {"day": day}, say(invoice.paid))
    if invoice.credited:
        yield _sum(_("Credited up to %(day)s") % {"day": day}, say(invoice.credited))
    if invoice.paid or invoice.credited:
        yield _sum(_("To be paid"), say(invoice.still_open), is_strong=True)


def _sum(label: str, amount: str, *, is_strong: bool = False) -> dict[str, Any]:
    return {"label": label, "amount": amount, "is_strong": is_strong}


def _notes_of_quote(
    quote: Quote, lines: list[QuoteLine], say: Callable[[Decimal], str], day: Callable[[date], str]
) -> Iterator[str]:
    yield from _tax_notes(lines)
    if quote.has_deposit:
        told = {"deposit": say(queries.deposit_of_quote(quote))}
        yield _("A deposit of %(deposit)s before tax is billed once you have accepted, the rest with the work.") % told
    else:
        yield _("The whole is billed once you have accepted.")
    if quote.decided_at and quote.state == Quote.State.ACCEPTED:
        told = {"day": day(local_day(quote.client, quote.decided_at)), "name": one_line(quote.signed_name)}
        yield _("Accepted on %(day)s, signed by %(name)s.") % told
    yield from (clean(part) for part in quote.terms.splitlines() if part.strip())


def _tax_notes(lines: list[Any]) -> Iterator[str]:
    if any(line.tax_category == "REVERSE_CHARGE" for line in lines):
        yield _("Reverse charge: the recipient of the services owes the tax.")


def _notes(invoice: Invoice, lines: list[InvoiceLine]) -> Iterator[str]:
    yield from _tax_notes(lines)
    if invoice.is_unpaid and settings.AGENCY_IBAN:
        told = {"iban": settings.AGENCY_IBAN, "number": invoice.number}
        yield _("Please pay to IBAN %(iban)s, naming %(number)s.") % told


def _amount(amount: Decimal, *, currency: str, language: str) -> str:
    digits = rules.digits_of(currency)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return f"{format_decimal(amount, pattern, locale=language)} {currency}"


def _percent(percent: Decimal, language: str) -> str:
    return f"{format_decimal(percent, locale=language)} %"

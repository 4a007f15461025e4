"""Invoices, credit notes and quotes as documents: what is issued, with what was paid of it, and what is offered.

What was issued with an e-invoice is PDF/A-3 and has it attached: Factur-X, also called ZUGFeRD.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from apps.billing import queries, rules
from apps.billing.models import (
    CreditNote,
    CreditNoteLine,
    Invoice,
    InvoiceLine,
    IssuedDocument,
    Quote,
    QuotedRetainer,
    QuoteLine,
)
from apps.billing.services.factur_x import with_metadata
from apps.billing.services.parties import Buyer, Seller, seller_now
from apps.billing.services.quotes import local_day
from apps.identity.models import Client
from apps.shared.gateways.typst import NotSet, fit_for_print, typeset_for_page
from apps.shared.text import clean, one_line

TEMPLATE = Path(__file__).resolve().parents[3] / "templates" / "documents" / "invoice" / "invoice.typ"
PDF_A = "a-3b"

CATEGORIES = {
    "STANDARD": gettext_noop("Standard rate"),
    "REDUCED": gettext_noop("Reduced rate"),
    "ZERO": gettext_noop("Zero rate"),
    "EXEMPT": gettext_noop("Exempt from tax"),
    "REVERSE_CHARGE": gettext_noop("Reverse charge"),
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Parties:
    """Who sells, who buys, and the e-invoice where there is one."""

    seller: Seller
    buyer: Buyer
    xml: str = ""
    is_kept: bool = False

    @classmethod
    def of(cls, kept: IssuedDocument | None, client: Client) -> "_Parties":
        """Return what was kept; what was issued before any was kept says how both are called now."""
        if kept is None:
            return cls(seller_now(), Buyer(name=client.name, country=client.country))
        return cls(Seller.of(kept.seller), Buyer.of(kept.buyer), kept.xml, is_kept=True)


@dataclass(frozen=True)
class _CreditedLine:
    """What of a line goes back, as the line it is on paper."""

    position: int
    description: str
    unit_price: Decimal
    tax_percent: Decimal
    tax_category: str
    net: Decimal
    tax: Decimal
    quantity: Decimal = Decimal(1)


def invoice_pdf(invoice: Invoice, *, language: str, on: date) -> bytes:
    """Return an issued invoice as a PDF, as it stands on a day: the same bytes for the same state and day.

    Raises DocumentUnavailable when it cannot be set.
    """
    parties = _Parties.of(queries.document_of(invoice), invoice.client)
    with translation.override(language):
        document = _document(invoice, parties, language, on)
    return _typeset(f"{invoice.number}.pdf", document, invoice.issue_date, parties.xml)


def credit_note_pdf(note: CreditNote, *, language: str) -> bytes:
    """Return a credit note as a PDF, always the same bytes in a language.

    Raises DocumentUnavailable when it cannot be set.
    """
    parties = _Parties.of(queries.document_of(note), note.client)
    with translation.override(language):
        document = _credit_document(note, parties, language)
    return _typeset(f"{note.number}.pdf", document, note.issue_date, parties.xml)


def quote_pdf(quote: Quote, *, language: str) -> bytes:
    """Return a quote that was sent as a PDF: the same bytes for the same state.

    Raises DocumentUnavailable when it cannot be set.
    """
    with translation.override(language):
        document = _quote_document(quote, language)
    return _typeset(f"{quote.number}.pdf", document, quote.issue_date)


def _typeset(name: str, document: dict[str, Any], day: date, xml: str = "") -> bytes:
    inputs, at = {"invoice": fit_for_print(document), "e-invoice": xml}, datetime.combine(day, time(), UTC)
    setting = partial(typeset_for_page, name, TEMPLATE, inputs, at=at)
    return _hybrid(setting, name) if xml else setting()


def _hybrid(setting: Callable[..., bytes], name: str) -> bytes:
    """Return it as PDF/A-3; with a letter that no font has, as a PDF that has the e-invoice attached all the same."""
    try:
        return with_metadata(setting(standard=PDF_A))
    except NotSet:
        log.warning("%s is no PDF/A-3: it has a letter that no font here has", name)
        return setting()


def _document(invoice: Invoice, parties: _Parties, language: str, on: date) -> dict[str, Any]:
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
            *_reference(parties.buyer),
        ],
        "sums": list(_sums(invoice, say, day(on))),
        "notes": list(_notes(invoice, lines, parties.seller)),
        **_frame(invoice, lines, language, parties),
    }


def _credit_document(note: CreditNote, parties: _Parties, language: str) -> dict[str, Any]:
    lines = [_credited(line) for line in note.lines.select_related("invoice_line")]
    say, invoice = partial(_amount, currency=note.currency, language=language), note.invoice
    day = partial(format_date, format="long", locale=language)
    terms = _("Nothing is to be paid: it is set off against invoice %(number)s, or kept as your credit.")
    return {
        "title": _("Credit note %(number)s") % {"number": note.number},
        "mark": "",
        "to_label": _("Credit to"),
        "facts": [
            (_("Credit note number"), note.number),
            (_("Issued on"), day(note.issue_date)),
            (_("Of invoice"), invoice.number),
            (_("Invoiced on"), day(invoice.issue_date)),
            *_reference(parties.buyer),
        ],
        "sums": [
            _sum(_("Net"), say(note.net)),
            _sum(_("Tax"), say(note.tax)),
            _sum(_("Total credited"), say(note.amount), is_strong=True),
        ],
        "notes": [*_tax_notes(lines), terms % {"number": invoice.number}, *(_why(note) if parties.is_kept else ())],
        **_frame(note, lines, language, parties),
    }


def _why(note: CreditNote) -> list[str]:
    """Return the reason, of those that were written to be read by the client."""
    return [clean(part) for part in note.reason.splitlines() if part.strip()]


def _credited(credit: CreditNoteLine) -> _CreditedLine:
    line = credit.invoice_line
    return _CreditedLine(
        position=line.position,
        description=line.description,
        unit_price=credit.net,
        tax_percent=line.tax_percent or Decimal(0),
        tax_category=line.tax_category,
        net=credit.net,
        tax=credit.tax,
    )


def _reference(buyer: Buyer) -> list[tuple[str, str]]:
    return [(_("Your reference"), one_line(buyer.reference))] if buyer.reference else []


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
        "sums": list(_sums_of_quote(quote, say, language)),
        "notes": list(_notes_of_quote(quote, lines, say, day)),
        **_frame(quote, lines, language),
    }


def _frame(
    row: Invoice | CreditNote | Quote, lines: list[Any], language: str, parties: _Parties | None = None
) -> dict[str, Any]:
    """Return what all documents have in common."""
    say = partial(_amount, currency=row.currency, language=language)
    both = parties or _Parties.of(None, row.client)
    return {
        "language": language,
        "number": row.number,
        "agency": _agency(both.seller),
        "client": {"name": one_line(both.buyer.name), "address": list(_address(both.buyer, language))},
        "lines": {
            "head": (_("No."), _("What"), _("Quantity"), _("Price"), _("Tax"), _("Net")),
            "rows": [_line(line, row.currency, language) for line in lines],
        },
        "taxes": {
            "head": (_("Tax"), _("Net"), _("Tax")),
            "rows": [_share(share, say, language) for share in rules.tax_table(lines)],
        },
    }


def _address(buyer: Buyer, language: str) -> Iterator[str]:
    yield from buyer.address
    yield Locale(language).territories.get(buyer.country, buyer.country)
    if buyer.vat_id:
        yield _("VAT ID %(id)s") % {"id": buyer.vat_id}


def _agency(seller: Seller) -> dict[str, Any]:
    """Return who bills, with those legal details that the settings give."""
    legal = (
        _("VAT ID %(id)s") % {"id": seller.vat_id} if seller.vat_id else "",
        _("Tax number %(number)s") % {"number": seller.tax_number} if seller.tax_number else "",
        _("Register number %(number)s") % {"number": seller.register_id} if seller.register_id else "",
        f"IBAN {seller.iban}" if seller.iban else "",
        f"BIC {seller.bic}" if seller.bic else "",
    )
    return {"name": seller.name, "address": seller.address, "legal": [each for each in legal if each]}


def _line(line: InvoiceLine | QuoteLine | _CreditedLine, currency: str, language: str) -> dict[str, Any]:
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


def _sums_of_quote(quote: Quote, say: Callable[[Decimal], str], language: str) -> Iterator[dict[str, Any]]:
    monthly = queries.find_monthly(quote)
    if quote.subtotal or not monthly:
        yield _sum(_("Net"), say(quote.subtotal))
        yield _sum(_("Tax"), say(quote.tax))
        yield _sum(_("Total"), say(quote.total), is_strong=True)
    if monthly:
        yield _sum(_("A month, net"), say(monthly.price))
        yield _sum(f"{_('Tax')} {_percent(monthly.tax_percent, language)}", say(monthly.tax))
        yield _sum(_("A month, with tax"), say(monthly.price + monthly.tax), is_strong=True)


def _note_of_month(monthly: QuotedRetainer, day: Callable[[date], str]) -> str:
    told = {"what": one_line(monthly.description), "begins": day(monthly.start_date), "months": monthly.months}
    if monthly.months is None:
        return _("Month by month from %(begins)s until one of us gives notice: %(what)s") % told
    said = ngettext(
        "For %(months)d month from %(begins)s: %(what)s",
        "Month by month for %(months)d months from %(begins)s: %(what)s",
        monthly.months,
    )
    return said % told


def _notes_of_quote(
    quote: Quote, lines: list[QuoteLine], say: Callable[[Decimal], str], day: Callable[[date], str]
) -> Iterator[str]:
    monthly = queries.find_monthly(quote)
    yield from _tax_notes([*lines, monthly] if monthly else lines)
    if quote.has_deposit:
        told = {"deposit": say(queries.deposit_of_quote(quote))}
        yield _("A deposit of %(deposit)s before tax is billed once you have accepted, the rest with the work.") % told
    elif lines:
        yield _("The whole is billed once you have accepted.")
    if monthly:
        yield _note_of_month(monthly, day)
    if quote.decided_at and quote.state == Quote.State.ACCEPTED:
        told = {"day": day(local_day(quote.client, quote.decided_at)), "name": one_line(quote.signed_name)}
        yield _("Accepted on %(day)s, signed by %(name)s.") % told
    yield from (clean(part) for part in quote.terms.splitlines() if part.strip())


def _tax_notes(lines: list[Any]) -> Iterator[str]:
    if any(line.tax_category == "REVERSE_CHARGE" for line in lines):
        yield _("Reverse charge: the recipient of the services owes the tax.")


def _notes(invoice: Invoice, lines: list[InvoiceLine], seller: Seller) -> Iterator[str]:
    yield from _tax_notes(lines)
    if invoice.is_unpaid and seller.iban:
        told = {"iban": seller.iban, "number": invoice.number}
        yield _("Please pay to IBAN %(iban)s, naming %(number)s.") % told


def _amount(amount: Decimal, *, currency: str, language: str) -> str:
    digits = rules.digits_of(currency)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return f"{format_decimal(amount, pattern, locale=language)} {currency}"


def _percent(percent: Decimal, language: str) -> str:
    return f"{format_decimal(percent, locale=language)} %"

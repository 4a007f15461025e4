"""What an invoice or a credit note says of both sides, and its e-invoice, kept in the breath in which it is issued."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from apps.billing import queries
from apps.billing.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine, IssuedDocument
from apps.billing.rules import BillingRefused
from apps.billing.services.e_invoices import (
    CREDIT_NOTE,
    INVOICE,
    Billed,
    Item,
    e_invoice,
    require_reverse_charge,
    why_plain,
)
from apps.billing.services.parties import Buyer, Seller, buyer_now, require_seller, seller_now


def keep_invoice(invoice: Invoice) -> IssuedDocument:
    """Store what an invoice says from now on; of its issue a part, so that one cannot be without the other.

    Raises BillingRefused where its e-invoice would not be valid, and for a reverse charge that the client's VAT ID does
    not bear.
    """
    billed, seller, buyer = _said(invoice, str(invoice.number), _day(invoice.issue_date))
    require_reverse_charge(billed.items, seller, buyer)
    plain = why_plain(billed, seller)
    return IssuedDocument.objects.create(
        client_id=invoice.client_id,
        invoice=invoice,
        seller=seller.as_kept(),
        buyer=buyer.as_kept(),
        xml="" if plain else e_invoice(billed, seller, buyer),
        plain_because=plain,
    )


def foresee(invoice: Invoice, *, on: date) -> str:
    """Return what is to be known of a draft before it is issued: why it would be refused, or be a plain PDF."""
    billed, seller, buyer = _said(invoice, "DRAFT", on)
    try:
        require_reverse_charge(billed.items, seller, buyer)
        if plain := why_plain(billed, seller):
            return f"It will be a plain PDF, no e-invoice: {plain}"
        e_invoice(billed, seller, buyer)
    except BillingRefused as refusal:
        return f"Not yet: {refusal}"
    return ""


def _said(invoice: Invoice, number: str, day: date) -> tuple[Billed, Seller, Buyer]:
    billed = Billed(
        type_code=INVOICE,
        number=number,
        issue_date=day,
        due_date=day + timedelta(days=invoice.payment_days),
        currency=invoice.currency,
        items=tuple(_item(line) for line in invoice.lines.select_related("tax_rate")),
        preceding=_deposit(invoice),
    )
    return billed, seller_now(), buyer_now(invoice.client)


def keep_credit_note(note: CreditNote) -> IssuedDocument:
    """Store what a credit note says from now on: to whom its invoice was written.

    What is wrong with the lines of an invoice that is out cannot be mended: then there is no e-invoice. Raises
    BillingRefused for what is wrong with the agency's own details.
    """
    seller, buyer = seller_now(), _buyer_of(note.invoice)
    plain, xml = "", ""
    billed = _credit(note, buyer)
    if seller.country:
        require_seller(seller)
    try:
        plain = why_plain(billed, seller)
        if not plain:
            require_reverse_charge(billed.items, seller, buyer)
            xml = e_invoice(billed, seller, buyer)
    except BillingRefused as refusal:
        plain = str(refusal)
    return IssuedDocument.objects.create(
        client_id=note.client_id,
        credit_note=note,
        seller=seller.as_kept(),
        buyer=buyer.as_kept(),
        xml=xml,
        plain_because=plain,
    )


def _buyer_of(invoice: Invoice) -> Buyer:
    """Return to whom an invoice was written; where none was kept, to whom it would be now."""
    kept = queries.document_of(invoice)
    return Buyer.of(kept.buyer) if kept else buyer_now(invoice.client)


def _credit(note: CreditNote, buyer: Buyer) -> Billed:
    with translation.override(buyer.language or "en"):
        terms = _("Nothing is to be paid: it is set off against invoice %(number)s, or kept as your credit.")
        terms %= {"number": note.invoice.number}
    return Billed(
        type_code=CREDIT_NOTE,
        number=note.number,
        issue_date=note.issue_date,
        currency=note.currency,
        items=tuple(_credited(line) for line in note.lines.select_related("invoice_line__tax_rate")),
        terms=terms,
        note=note.reason,
        preceding=(str(note.invoice.number), _day(note.invoice.issue_date)),
    )


def _item(line: InvoiceLine) -> Item:
    if line.tax_rate is None or line.unit_price is None or line.tax_percent is None:
        raise ValueError("A line without a price or a rate is not issued.")
    return Item(
        position=line.position,
        description=line.description,
        quantity=line.quantity,
        price=line.unit_price,
        net=line.net,
        tax=line.tax,
        category=line.tax_category,
        percent=line.tax_percent,
        rate=line.tax_rate.name,
    )


def _credited(credit: CreditNoteLine) -> Item:
    """Return what of a line goes back: one, at what is credited of it."""
    of_line = _item(credit.invoice_line)
    changed = {"quantity": Decimal(1), "price": credit.net, "net": credit.net, "tax": credit.tax}
    return Item(**{**vars(of_line), **changed})


def _deposit(invoice: Invoice) -> tuple[str, date] | None:
    """Return the invoice of the deposit, for that of the rest of a quote: what was asked for first is named."""
    if invoice.quote_part != Invoice.QuotePart.REST:
        return None
    first = Invoice.objects.issued().filter(quote_id=invoice.quote_id, quote_part=Invoice.QuotePart.DEPOSIT).first()
    return (str(first.number), _day(first.issue_date)) if first else None


def _day(day: date | None) -> date:
    if day is None:
        raise ValueError("What is issued has a date.")
    return day

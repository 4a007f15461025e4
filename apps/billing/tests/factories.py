"""Invoices, payments and rates for tests, made by the verbs that make them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import factory
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.billing.api.dtos import LineItem, MonthlyOffer, Offer, PaymentNotice
from apps.billing.models import BankLine, BillingAddress, Invoice, Payment, Quote, Retainer, TaxRate, VendorEvent
from apps.billing.rules.bank import Reading
from apps.billing.services import answers, bank, drafts, issuing, payments, quotes, retainers, vendor_events
from apps.billing.services.retainers import RetainerTerms
from apps.delivery.api.dtos import Artifact, Package
from apps.identity.models import Client
from apps.production.api.dtos import Draft
from apps.shared.dtos import Money
from apps.shared.gateways.cards import CardEvent
from apps.shared.workflow import RunContext

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


class TaxRateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TaxRate

    name = factory.Sequence(lambda n: f"VAT {n}")
    country = "IE"
    category = "STANDARD"
    percent = Decimal(23)
    valid_from = date(2020, 1, 1)


def line(price: str | int | None = 100, rate: TaxRate | None = None, currency: str = "EUR", **fields: Any) -> LineItem:
    """Return something to be billed, at a rate where one is given."""
    unit_price = None if price is None else Money(amount=Decimal(price), currency=currency)
    fields = {"description": "Campaign work", "tax_rate_id": rate.pk if rate else None} | fields
    return LineItem(unit_price=unit_price, **fields)


def a_draft(client: Client, *lines: LineItem, **fields: Any) -> Invoice:
    """Store a draft; without lines, one of 100.00 at 23 %."""
    return drafts.draft_invoice(client, lines or [line(rate=TaxRateFactory(), currency=client.currency)], **fields)


def an_invoice(client: Client, *lines: LineItem, at: datetime = AT, **fields: Any) -> Invoice:
    """Store an issued invoice; without lines, of 123.00."""
    return issuing.issue_invoice(a_draft(client, *lines, **fields).pk, by=None, at=at)


def an_overdue_invoice(client: Client, *lines: LineItem) -> Invoice:
    """Store an invoice that was due a month ago."""
    invoice = an_invoice(client, *lines)
    issuing.mark_overdue(at=AT + timedelta(days=45))
    return Invoice.objects.get(pk=invoice.pk)


def an_offer(*lines: LineItem, days: int = 30, currency: str = "EUR", **fields: Any) -> Offer:
    """Return what a quote is to say; without lines or anything monthly, 1,000.00 at 23 %."""
    said = lines if lines or "monthly" in fields else (line(1000, TaxRateFactory(), currency),)
    return Offer(lines=said, valid_until_date=(AT + timedelta(days=days)).date(), **fields)


def a_draft_quote(client: Client, *lines: LineItem, **fields: Any) -> Quote:
    """Store the draft of a quote."""
    return quotes.draft_quote(client, an_offer(*lines, currency=client.currency, **fields), by=None)


def a_quote(client: Client, *lines: LineItem, at: datetime = AT, **fields: Any) -> Quote:
    """Store a quote that is in front of its client."""
    return quotes.send_quote(a_draft_quote(client, *lines, **fields).pk, by=None, at=at)


def a_current_quote(client: Client, *lines: LineItem, days: int = 9, **fields: Any) -> Quote:
    """Store a quote that was sent this moment, and is valid for some days more where its client is."""
    moment = timezone.now()
    days += (quotes.local_day(client, moment) - AT.date()).days
    return a_quote(client, *lines, at=moment, days=days, **fields)


def accepted(quote: Quote, by: UUID, at: datetime = AT) -> Quote:
    """Let an approver of the client accept a quote."""
    return answers.accept_quote(quote.pk, sha256=quote.sha256, signed_name="Anna Approver", by=by, at=at)


def address_of(client: Client, **fields: Any) -> BillingAddress:
    """Store to whom a client's invoices are written: a company in Cologne."""
    known = {"legal_name": "Acme GmbH & Co. KG", "street": "Hauptstraße 1", "postcode": "50667", "city": "Köln"}
    return BillingAddress.objects.create(client=client, **{**known, "country": "DE", **fields})


def terms(rate: TaxRate, **changed: Any) -> RetainerTerms:
    """Return 500 a month from the first on, in advance."""
    said = {
        "description": "Social media care",
        "price": Decimal(500),
        "tax_rate_id": rate.pk,
        "every_months": 1,
        "day": 1,
        "start_date": AT.date(),
        "end_date": None,
        "is_in_advance": True,
        "is_issued_by_itself": False,
        "uses_credit": False,
        "payment_days": 14,
    }
    return RetainerTerms(**said | changed)


def a_retainer(client: Client, rate: TaxRate | None = None, *, at: datetime = AT, **changed: Any) -> Retainer:
    """Start a retainer."""
    return retainers.start_retainer(client, terms(rate or TaxRateFactory(), **changed), by=None, at=at)


def monthly(rate: TaxRate, **changed: Any) -> MonthlyOffer:
    """Return what a quote offers month by month: 500 from April on, until notice."""
    said = {"description": "Social media care", "price": Decimal(500), "start_date": date(2026, 4, 1)}
    return MonthlyOffer(tax_rate_id=rate.pk, **said | changed)


def notice(amount: str | int, key: str = "", currency: str = "EUR", **fields: Any) -> PaymentNotice:
    """Return what a bank says of money that came in."""
    fields = {"provider": "BANK", "method": "TRANSFER", "paid_at": AT} | fields
    return PaymentNotice(
        transaction_id=key or str(uuid7()), amount=Money(amount=Decimal(amount), currency=currency), **fields
    )


def pay(invoice: Invoice, amount: str | int, key: str = "", **fields: Any) -> Payment:
    """Record a payment for an invoice, in its currency."""
    told = notice(amount, key, invoice.currency, **fields)
    return payments.record_payment(invoice.pk, told, by=None, at=max(AT, told.paid_at))


def vendor_event(invoice: Invoice | None, *, handled_by: UUID | None = None, **fields: Any) -> VendorEvent:
    """Store that money for an invoice went back by the card service, and that somebody has dealt with it if so."""
    facts = {"event_id": f"evt_{uuid7()}", "type": "charge.refunded", "kind": "REFUNDED", "occurred_at": AT}
    facts |= {"transaction_id": f"pi_{uuid7()}", "amount": Decimal(5), "currency": "EUR"}
    facts |= {"invoice_id": invoice.pk if invoice else None} | fields
    row = vendor_events.receive_event(CardEvent(**facts), sha256="0" * 64, at=AT)
    if handled_by is not None:
        vendor_events.close_event(row.pk, reason="Credited by hand.", by=handled_by, at=AT)
    return row


def card_payment(invoice: Invoice | None, **fields: Any) -> VendorEvent:
    """Store that the card service told of a payment, for an invoice that it names or for none."""
    return vendor_event(invoice, type="checkout.session.completed", kind="PAID", **fields)


def a_bank_line(invoice: Invoice | None = None) -> BankLine:
    """Take in a statement of one line that pays an invoice, and book it; without one, of money that nobody knows."""
    said = f"2026-03-02,Somebody,thanks for {uuid7()},5.00,EUR"
    if invoice is not None:
        said = f"2026-03-02,{invoice.client},{invoice.number},{invoice.still_open:.2f},{invoice.currency}"
    sheet = bank.read_sheet(f"date,payer,purpose,amount,currency\n{said}".encode())
    columns = {name: place for place, name in enumerate(("booking_date", "payer", "purpose", "amount", "currency"))}
    reading = Reading(columns=columns, date_order="YMD", decimal_mark=".", currency="")
    confirmed = {1: str(invoice.number)} if invoice else {}
    taken, _ = bank.import_statement(sheet, reading, file_name="m.csv", confirmed=confirmed, by=None, at=AT)
    return taken.lines.get()


def run_context(client_id: UUID) -> RunContext:
    """Return a run that works for a client."""
    return RunContext(id=uuid7(), client_id=client_id, position=5, round=1, at=AT)


def delivered(client_id: UUID) -> dict[str, Any]:
    """Return the package of a client as delivery gives it, and the draft it was made from."""
    draft = Draft(
        id=uuid7(),
        client_id=client_id,
        brief_id=uuid7(),
        strategy_id=uuid7(),
        round=1,
        pack="quick_social_basic",
        pack_title="Quick social, basic",
        provider="offline",
        sections=(),
        calendar=(),
    )
    file = {"format": "PDF", "bytes": 1, "sha256": "0" * 64}
    files = tuple(Artifact(id=uuid7(), name=f"{n}.pdf", path=f"{n}.pdf", position=n, **file) for n in (1, 2))
    package = Package(id=uuid7(), draft_id=draft.id, client_id=client_id, manifest_sha256="0" * 64, artifacts=files)
    return {"package": package, "draft": draft}

"""Invoices, payments and rates for tests, made by the verbs that make them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import factory
from uuid_utils.compat import uuid7

from apps.billing.api.dtos import LineItem, Offer, PaymentNotice
from apps.billing.models import Invoice, Payment, Quote, TaxRate
from apps.billing.services import answers, drafts, issuing, payments, quotes
from apps.delivery.api.dtos import Artifact, Package
from apps.identity.models import Client
from apps.production.api.dtos import Draft
from apps.shared.dtos import Money
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
    """Return what a quote is to say; without lines, 1,000.00 at 23 %."""
    said = lines or (line(1000, TaxRateFactory(), currency),)
    return Offer(lines=said, valid_until_date=(AT + timedelta(days=days)).date(), **fields)


def a_draft_quote(client: Client, *lines: LineItem, **fields: Any) -> Quote:
    """Store the draft of a quote."""
    return quotes.draft_quote(client, an_offer(*lines, currency=client.currency, **fields), by=None)


def a_quote(client: Client, *lines: LineItem, at: datetime = AT, **fields: Any) -> Quote:
    """Store a quote that is in front of its client."""
    return quotes.send_quote(a_draft_quote(client, *lines, **fields).pk, by=None, at=at)


def accepted(quote: Quote, by: UUID, at: datetime = AT) -> Quote:
    """Let an approver of the client accept a quote."""
    return answers.accept_quote(quote.pk, sha256=quote.sha256, signed_name="Anna Approver", by=by, at=at)


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

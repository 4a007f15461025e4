"""Invoices, what was paid and credited of them, the rates in force, and what a client owes or has to its credit."""

from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth

from apps.billing import models
from apps.billing.api import dtos
from apps.shared.dtos import Money

MOST_DEPOSITS = 20
"""Of a client that are looked at: the work of the others has long begun."""


def get_invoice(invoice_id: UUID) -> dtos.Invoice:
    """Return an invoice with its lines. Raises models.Invoice.DoesNotExist."""
    row = models.Invoice.objects.prefetch_related("lines").get(pk=invoice_id)
    amounts = {name: as_money(getattr(row, name), row) for name in ("subtotal", "tax", "total", "paid", "credited")}
    names = ("id", "client_id", "package_id", "number", "state", "issue_date", "due_date")
    lines = tuple(as_line(line, row) for line in row.lines.all())
    return dtos.Invoice(lines=lines, **{name: getattr(row, name) for name in names}, **amounts)


def payment_of(row: models.Payment) -> dtos.Payment:
    """Return a payment as others see it."""
    names = ("id", "invoice_id", "provider", "transaction_id", "method", "paid_at")
    facts = {name: getattr(row, name) for name in names}
    return dtos.Payment(**facts, amount=as_money(row.amount, row), credit=as_money(credit_of(row), row))


def credit_note_of(row: models.CreditNote) -> dtos.CreditNote:
    """Return a credit note as others see it."""
    facts = {name: getattr(row, name) for name in ("id", "invoice_id", "number", "reason", "issue_date")}
    return dtos.CreditNote(**facts, **{name: as_money(getattr(row, name), row) for name in ("net", "tax", "amount")})


def get_billing_status(client_id: UUID) -> dtos.BillingStatus:
    """Return what a client owes and has in credit, per currency; nought of either is left out."""
    unpaid = models.Invoice.objects.filter(client_id=client_id).unpaid()
    owed = unpaid.with_open().values("currency").annotate(amount=Sum("open")).order_by("currency")
    payments = models.Payment.objects.filter(client_id=client_id)
    return dtos.BillingStatus(
        client_id=client_id,
        outstanding=tuple(Money(amount=each["amount"], currency=each["currency"]) for each in owed),
        credit=credit_of_client(client_id),
        overdue_count=unpaid.filter(state=models.Invoice.State.OVERDUE).count(),
        last_payment_at=payments.filter(reversal=None).aggregate(last=Max("paid_at"))["last"],
    )


def credit_of(payment: models.Payment) -> Decimal:
    """Return what of a payment is put to no invoice, and went not back; of one that was reversed, nothing."""
    put = payment.allocations.aggregate(put=Sum("amount", default=Decimal(0)))["put"]
    reversed_ = models.Reversal.objects.filter(payment=payment).aggregate(sum=Sum("amount", default=Decimal(0)))["sum"]
    return payment.amount - put - refunded_of(payment) - reversed_


def refunded_of(payment: models.Payment) -> Decimal:
    """Return what of a payment went back to who paid it."""
    return payment.refunds.aggregate(back=Sum("amount", default=Decimal(0)))["back"]


def credit_of_client(client_id: UUID) -> tuple[Money, ...]:
    """Return what a client has in credit, per currency."""
    sums: dict[str, Decimal] = {}
    for payment in with_credit(models.Payment.objects.filter(client_id=client_id)):
        sums[payment.currency] = sums.get(payment.currency, Decimal(0)) + payment.credit
    return tuple(Money(amount=amount, currency=currency) for currency, amount in sorted(sums.items()) if amount)


def with_credit(payments: QuerySet[models.Payment]) -> QuerySet[models.Payment]:
    """Add `credit` to payments: what of each is put to no invoice, and went not back."""
    gone = _sum_of(models.Refund) + _sum_of(models.Reversal)
    return payments.annotate(credit=F("amount") - _sum_of(models.Allocation) - gone)


def _sum_of(rows: type[models.Allocation | models.Refund | models.Reversal]) -> Coalesce:
    """Return as SQL what the rows of a payment sum to."""
    of_payment = rows.objects.filter(payment=OuterRef("pk")).order_by().values("payment")
    return Coalesce(Subquery(of_payment.annotate(sum=Sum("amount")).values("sum")), Decimal(0))


def credit_to_put(client_id: UUID, currency: str, *, but_for: UUID) -> QuerySet[models.Payment]:
    """Return a client's payments that may be put to an invoice: those put to it already are left out."""
    return models.Payment.objects.filter(client_id=client_id, currency=currency).exclude(
        allocations__in=models.Allocation.objects.filter(invoice_id=but_for, credit_note=None)
    )


def lock_credit(client_id: UUID, currency: str, *, but_for: UUID) -> list[tuple[models.Payment, Decimal]]:
    """Return a client's payments with credit, locked, the oldest first; those put to an invoice already left out."""
    payments = credit_to_put(client_id, currency, but_for=but_for)
    locked = list(payments.order_by("pk").select_for_update(of=("self",)))
    return [(payment, credit) for payment in locked if (credit := credit_of(payment)) > 0]


def is_paid_from_credit(invoice_id: UUID) -> bool:
    """Tell whether an invoice bills a retainer that takes what the client has in credit first."""
    return models.RetainerPeriod.objects.filter(invoice_id=invoice_id, retainer__uses_credit=True).exists()


def payments_put_to(invoice_id: UUID) -> list[tuple[models.Payment, Decimal]]:
    """Return the payments put to an invoice, locked, the oldest first, with what each holds of it."""
    held = {
        each["payment"]: each["held"]
        for each in models.Allocation.objects.filter(invoice_id=invoice_id)
        .order_by()
        .values("payment")
        .annotate(held=Sum("amount"))
    }
    payments = models.Payment.objects.filter(pk__in=held).order_by("pk").select_for_update()
    return [(payment, held[payment.pk]) for payment in payments]


def last_recording(provider: str, transaction_id: str) -> models.Payment | None:
    """Return what a provider's transaction was last recorded as, if it ever was."""
    payments = models.Payment.objects.filter(provider=provider, transaction_id=transaction_id)
    return payments.select_related("reversal").order_by("-recording").first()


def held_by_invoices(payment: models.Payment) -> list[tuple[UUID, Decimal]]:
    """Return the invoices that hold some of a payment, with how much."""
    by_invoice = payment.allocations.order_by("invoice_id").values("invoice_id").annotate(held=Sum("amount"))
    return [(each["invoice_id"], each["held"]) for each in by_invoice if each["held"]]


def is_told_by_cards(payment_id: UUID) -> bool:
    """Tell whether the card service's word stands behind a payment."""
    events = models.VendorEvent.objects.filter(Q(payment=payment_id) | Q(handling__payment=payment_id))
    return events.exists()


def credited_of_lines(invoice_id: UUID) -> dict[UUID, tuple[Decimal, Decimal]]:
    """Return of each line of an invoice that was credited before, how much of its net and tax was."""
    rows = models.CreditNoteLine.objects.filter(invoice_line__invoice_id=invoice_id).order_by()
    sums = rows.values("invoice_line").annotate(net_sum=Sum("net"), tax_sum=Sum("tax"))
    return {each["invoice_line"]: (each["net_sum"], each["tax_sum"]) for each in sums}


def left_of_lines(invoice: models.Invoice) -> list[tuple[models.InvoiceLine, Decimal]]:
    """Return the lines of which something can be credited yet, with how much before tax."""
    credited = credited_of_lines(invoice.pk)
    left = ((line, line.net - credited.get(line.pk, (Decimal(0),))[0]) for line in invoice.lines.all())
    return [(line, net) for line, net in left if net > 0]


def is_contract_billed(client_id: UUID) -> bool:
    """Tell whether some invoice for delivered work of a client, not void, has a price already."""
    invoices = models.Invoice.objects.filter(client_id=client_id, package_id__isnull=False, subtotal__gt=0)
    return invoices.exclude(state=models.Invoice.State.VOID).exists()


def deposit_billed(client_id: UUID) -> Decimal:
    """Return what a client was billed before the work began, before tax, less what of it was credited."""
    deposits = models.Invoice.objects.filter(
        client_id=client_id, deal_id__isnull=False, currency=F("client__currency")
    ).exclude(state=models.Invoice.State.VOID)
    credited = models.CreditNote.objects.filter(invoice__in=deposits)
    billed = deposits.aggregate(sum=Sum("subtotal", default=Decimal(0)))["sum"]
    return billed - credited.aggregate(sum=Sum("net", default=Decimal(0)))["sum"]


def deposits_of(client_id: UUID) -> list[models.Invoice]:
    """Return what a client was asked for before its work begins, the newest first; what was voided is left out."""
    of_deposit = Q(deal_id__isnull=False) | Q(quote_part=models.Invoice.QuotePart.DEPOSIT)
    deposits = models.Invoice.objects.filter(of_deposit, client_id=client_id)
    return list(deposits.exclude(state=models.Invoice.State.VOID).order_by("-pk")[:MOST_DEPOSITS])


def rate_in_force(rate: models.TaxRate, day: date) -> models.TaxRate:
    """Return the rate of the same country and name that holds on a day."""
    same = models.TaxRate.objects.filter(country=rate.country, name=rate.name, valid_from__lte=day)
    return same.order_by("-valid_from").first() or rate


def rates_in_force(day: date) -> QuerySet[models.TaxRate]:
    """Return the rates that lines can be written at on a day: of each country and name the newest."""
    began = models.TaxRate.objects.filter(valid_from__lte=day).order_by("country", "name", "-valid_from")
    newest = began.distinct("country", "name").values("pk")
    return models.TaxRate.objects.filter(pk__in=newest).order_by("country", "name")


def cash_in(payments: QuerySet[models.Payment], since: datetime, zone: tzinfo) -> dict[str, dict[date, Decimal]]:
    """Return what came in, and was not reversed, by currency and month (its first day) since a moment."""
    by_month = (
        payments.filter(paid_at__gte=since, reversal=None).order_by().annotate(month=TruncMonth("paid_at", tzinfo=zone))
    )
    found: dict[str, dict[date, Decimal]] = {}
    for each in by_month.values("currency", "month").annotate(sum=Sum("amount")):
        found.setdefault(each["currency"], {})[each["month"].date()] = each["sum"]
    return found


def as_money(amount: Decimal, row: Any) -> Money:
    """Return an amount in its row's currency."""
    return Money(amount=amount, currency=row.currency)


def as_line(line: models.InvoiceLine | models.QuoteLine, invoice: models.Invoice | models.Quote) -> dtos.InvoiceLine:
    """Return a line of a document as others see it."""
    return dtos.InvoiceLine(
        position=line.position,
        description=line.description,
        quantity=line.quantity,
        unit_price=None if line.unit_price is None else as_money(line.unit_price, invoice),
        tax_rate_pct=line.tax_percent,
        tax_category=line.tax_category or None,
        net=as_money(line.net, invoice),
        tax=as_money(line.tax, invoice),
    )

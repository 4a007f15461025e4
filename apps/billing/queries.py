"""Reads of billing, and the invariants of the books."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth

from apps.billing import models, rules
from apps.billing.api import dtos
from apps.identity.models import Membership
from apps.shared.dtos import Money

BREACHES = {
    "an invoice's sums are not those of its lines": """
        SELECT i.id, i.number FROM billing_invoice i
        LEFT JOIN (SELECT invoice_id, SUM(net) AS net, SUM(tax) AS tax FROM billing_invoiceline GROUP BY 1) l
          ON l.invoice_id = i.id
        WHERE i.subtotal <> COALESCE(l.net, 0) OR i.tax <> COALESCE(l.tax, 0) OR i.total <> i.subtotal + i.tax""",
    "an invoice is paid by other than what was put to it": """
        SELECT i.id, i.number FROM billing_invoice i
        LEFT JOIN (SELECT invoice_id, SUM(amount) AS amount FROM billing_allocation GROUP BY 1) a ON a.invoice_id = i.id
        WHERE i.paid <> COALESCE(a.amount, 0)""",
    "an invoice is credited by other than its credit notes": """
        SELECT i.id, i.number FROM billing_invoice i
        LEFT JOIN (SELECT invoice_id, SUM(amount) AS amount FROM billing_creditnote GROUP BY 1) c ON c.invoice_id = i.id
        WHERE i.credited <> COALESCE(c.amount, 0)""",
    "more is paid and credited of an invoice than its total": """
        SELECT id, number FROM billing_invoice WHERE paid + credited > total OR paid < 0 OR credited < 0""",
    "an invoice's state is not what was paid of it": """
        SELECT id, number FROM billing_invoice WHERE NOT CASE state
          WHEN 'DRAFT' THEN number IS NULL AND paid = 0 AND credited = 0
          WHEN 'ISSUED' THEN paid = 0 AND credited < total
          WHEN 'PARTIALLY_PAID' THEN paid > 0 AND paid + credited < total
          WHEN 'OVERDUE' THEN paid + credited < total
          WHEN 'PAID' THEN paid > 0 AND paid + credited = total
          ELSE paid = 0 AND (number IS NULL OR credited = total) END""",
    "more of a payment is put to invoices than came, or less than nothing": """
        SELECT p.id, p.transaction_id FROM billing_payment p
        JOIN (SELECT payment_id, SUM(amount) AS amount FROM billing_allocation GROUP BY 1) a ON a.payment_id = p.id
        WHERE a.amount > p.amount OR a.amount < 0""",
    "a payment is put to an invoice of another client or currency": """
        SELECT a.id, i.number FROM billing_allocation a JOIN billing_payment p ON p.id = a.payment_id
        JOIN billing_invoice i ON i.id = a.invoice_id WHERE p.client_id <> i.client_id OR p.currency <> i.currency""",
    "a credit note's sums are not those of its lines": """
        SELECT c.id, c.number FROM billing_creditnote c
        LEFT JOIN (SELECT credit_note_id, SUM(net) AS net, SUM(tax) AS tax FROM billing_creditnoteline GROUP BY 1) l
          ON l.credit_note_id = c.id
        WHERE c.net <> COALESCE(l.net, 0) OR c.tax <> COALESCE(l.tax, 0) OR c.amount <> c.net + c.tax""",
    "more of a line is credited than it says": """
        SELECT l.id, l.description FROM billing_invoiceline l
        JOIN (SELECT invoice_line_id, SUM(net) AS net, SUM(tax) AS tax FROM billing_creditnoteline GROUP BY 1) c
          ON c.invoice_line_id = l.id
        WHERE c.net > l.net OR c.tax > l.tax""",
    "a credit note is of another client or currency than its invoice": """
        SELECT c.id, c.number FROM billing_creditnote c JOIN billing_invoice i ON i.id = c.invoice_id
        WHERE c.client_id <> i.client_id OR c.currency <> i.currency""",
    "a quote's sums are not those of its lines": """
        SELECT q.id, q.number FROM billing_quote q
        LEFT JOIN (SELECT quote_id, SUM(net) AS net, SUM(tax) AS tax FROM billing_quoteline GROUP BY 1) l
          ON l.quote_id = q.id
        WHERE q.subtotal <> COALESCE(l.net, 0) OR q.tax <> COALESCE(l.tax, 0) OR q.total <> q.subtotal + q.tax""",
    "an invoice bills a quote that its client did not accept, or another client's": """
        SELECT i.id, i.number FROM billing_invoice i JOIN billing_quote q ON q.id = i.quote_id
        WHERE q.state <> 'ACCEPTED' OR q.client_id <> i.client_id OR q.currency <> i.currency""",
    "the numbers of a year are not 1, 2, 3 … to the last one given": """
        WITH given AS (
          SELECT 'INVOICE' AS kind, EXTRACT(year FROM issue_date)::integer AS year, sequence FROM billing_invoice
            WHERE number IS NOT NULL
          UNION ALL SELECT 'CREDIT_NOTE', EXTRACT(year FROM issue_date)::integer, sequence FROM billing_creditnote
          UNION ALL SELECT 'QUOTE', EXTRACT(year FROM issue_date)::integer, sequence FROM billing_quote
            WHERE number IS NOT NULL),
        counted AS (
          SELECT kind, year, COUNT(DISTINCT sequence) AS different, COUNT(*) AS n, MIN(sequence) AS first,
            MAX(sequence) AS highest FROM given GROUP BY 1, 2)
        SELECT kind, year FROM counted c
        FULL JOIN (SELECT kind::text, year::integer, last FROM billing_numberseries) s USING (kind, year)
        WHERE (c.different = c.n AND c.first = 1 AND c.highest = c.n AND s.last = c.highest) IS NOT TRUE""",
    "a later number has an earlier date": """
        SELECT id, number FROM (
          SELECT id, number, issue_date, LAG(issue_date) OVER (
            PARTITION BY EXTRACT(year FROM issue_date) ORDER BY sequence) AS before
          FROM billing_invoice WHERE number IS NOT NULL) numbered WHERE issue_date < before""",
}
"""What must never be found, each as SQL that gives the id and the name of every row that breaks it."""


@dataclass(frozen=True)
class Breach:
    """A row of the books that is not as it must be."""

    check: str
    subject: str
    detail: str


def list_breaches() -> list[Breach]:
    """Return everything in the books that breaks an invariant; reads all of them."""
    found = []
    with connection.cursor() as cursor:
        for check, sql in BREACHES.items():
            cursor.execute(sql)
            found += [Breach(check, str(subject), str(detail or "")) for subject, detail in cursor.fetchall()]
    return found


def get_invoice(invoice_id: UUID) -> dtos.Invoice:
    """Return an invoice with its lines. Raises models.Invoice.DoesNotExist."""
    row = models.Invoice.objects.prefetch_related("lines").get(pk=invoice_id)
    amounts = {name: _money(getattr(row, name), row) for name in ("subtotal", "tax", "total", "paid", "credited")}
    names = ("id", "client_id", "package_id", "number", "state", "issue_date", "due_date")
    lines = tuple(_line(line, row) for line in row.lines.all())
    return dtos.Invoice(lines=lines, **{name: getattr(row, name) for name in names}, **amounts)


def get_quote(quote_id: UUID) -> dtos.Quote:
    """Return a quote with its lines. Raises models.Quote.DoesNotExist."""
    row = models.Quote.objects.prefetch_related("lines").get(pk=quote_id)
    amounts = {name: _money(getattr(row, name), row) for name in ("subtotal", "tax", "total")}
    names = ("id", "client_id", "version", "number", "state", "valid_until_date", "sha256")
    return dtos.Quote(
        lines=tuple(_line(line, row) for line in row.lines.all()),
        deposit=_money(deposit_of_quote(row), row) if row.has_deposit else None,
        **{name: getattr(row, name) for name in names},
        **amounts,
    )


def find_later(quote: models.Quote) -> models.Quote | None:
    """Return the version that replaces a quote, or is being written to; one that was put aside unsent is none."""
    later = quote.later.filter(Q(state=models.Quote.State.DRAFT) | Q(number__isnull=False))
    return later.order_by("-pk").first()


def deposit_of_quote(quote: models.Quote) -> Decimal:
    """Return what a quote asks for before the work begins, before tax; nought where it asks for nothing."""
    return rules.deposit_of(quote.deposit_percent, quote.deposit_amount, quote.subtotal, quote.currency)


def quotes_with_rest(client_id: UUID) -> list[UUID]:
    """Return a client's accepted quotes that ask for a deposit and of which no rest is billed, the oldest first."""
    rests = models.Invoice.objects.filter(quote_part=models.Invoice.QuotePart.REST)
    rests = rests.exclude(state=models.Invoice.State.VOID).values("quote")
    accepted = models.Quote.objects.filter(client_id=client_id, state=models.Quote.State.ACCEPTED)
    asking = accepted.exclude(deposit_percent=None, deposit_amount=None).exclude(pk__in=rests)
    return list(asking.order_by("decided_at", "pk").values_list("pk", flat=True))


def has_accepted(client_id: UUID) -> bool:
    """Tell whether a client ever accepted a quote."""
    return models.Quote.objects.filter(client_id=client_id, state=models.Quote.State.ACCEPTED).exists()


def parts_billed(invoice: models.Invoice) -> list[rules.Part] | None:
    """Return what an invoice bills, less what of it was credited, by rate; None where some of it has no rate yet."""
    if invoice.state == models.Invoice.State.VOID:
        return []
    lines = list(invoice.lines.all())
    if rules.open_questions(lines):
        return None
    credited = credited_of_lines(invoice.pk)
    found = []
    for line in lines:
        net, tax = credited.get(line.pk, (Decimal(0), Decimal(0)))
        found.append(rules.Part(line.tax_rate_id, line.tax_percent, line.net - net, line.tax - tax))
    return found


def payers_of(client_id: UUID) -> list[UUID]:
    """List the people of a client who may see its money, and accept what costs some."""
    people = Membership.objects.filter(client_id=client_id, role=Membership.Role.APPROVER, user__is_active=True)
    return list(people.order_by("user_id").values_list("user_id", flat=True))


def may_accept(user_id: UUID, client_id: UUID) -> bool:
    """Tell whether a person may say yes or no to a quote for a client."""
    return user_id in payers_of(client_id)


def payment_of(row: models.Payment) -> dtos.Payment:
    """Return a payment as others see it."""
    names = ("id", "invoice_id", "provider", "transaction_id", "method", "paid_at")
    facts = {name: getattr(row, name) for name in names}
    return dtos.Payment(**facts, amount=_money(row.amount, row), credit=_money(credit_of(row), row))


def credit_note_of(row: models.CreditNote) -> dtos.CreditNote:
    """Return a credit note as others see it."""
    facts = {name: getattr(row, name) for name in ("id", "invoice_id", "number", "reason", "issue_date")}
    return dtos.CreditNote(**facts, **{name: _money(getattr(row, name), row) for name in ("net", "tax", "amount")})


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
        last_payment_at=payments.aggregate(last=Max("paid_at"))["last"],
    )


def credit_of(payment: models.Payment) -> Decimal:
    """Return what of a payment is put to no invoice."""
    return payment.amount - (payment.allocations.aggregate(put=Sum("amount"))["put"] or 0)


def credit_of_client(client_id: UUID) -> tuple[Money, ...]:
    """Return what a client has in credit, per currency."""
    sums: dict[str, Decimal] = {}
    for payment in with_credit(models.Payment.objects.filter(client_id=client_id)):
        sums[payment.currency] = sums.get(payment.currency, Decimal(0)) + payment.credit
    return tuple(Money(amount=amount, currency=currency) for currency, amount in sorted(sums.items()) if amount)


def with_credit(payments: QuerySet[models.Payment]) -> QuerySet[models.Payment]:
    """Add `credit` to payments: what of each is put to no invoice."""
    put = models.Allocation.objects.filter(payment=OuterRef("pk")).order_by().values("payment")
    put = put.annotate(sum=Sum("amount")).values("sum")
    return payments.annotate(credit=F("amount") - Coalesce(Subquery(put), Decimal(0)))


def lock_credit(client_id: UUID, currency: str, *, but_for: UUID) -> list[tuple[models.Payment, Decimal]]:
    """Return a client's payments with credit, locked, the oldest first; those put to an invoice already left out."""
    payments = models.Payment.objects.filter(client_id=client_id, currency=currency).exclude(
        allocations__in=models.Allocation.objects.filter(invoice_id=but_for, credit_note=None)
    )
    locked = list(payments.order_by("pk").select_for_update(of=("self",)))
    return [(payment, credit) for payment in locked if (credit := credit_of(payment)) > 0]


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
    """Return what came in by currency and month (its first day) since a moment."""
    by_month = payments.filter(paid_at__gte=since).order_by().annotate(month=TruncMonth("paid_at", tzinfo=zone))
    found: dict[str, dict[date, Decimal]] = {}
    for each in by_month.values("currency", "month").annotate(sum=Sum("amount")):
        found.setdefault(each["currency"], {})[each["month"].date()] = each["sum"]
    return found


def _money(amount: Decimal, row: Any) -> Money:
    return Money(amount=amount, currency=row.currency)


def _line(line: models.InvoiceLine | models.QuoteLine, invoice: models.Invoice | models.Quote) -> dtos.InvoiceLine:
    return dtos.InvoiceLine(
        position=line.position,
        description=line.description,
        quantity=line.quantity,
        unit_price=None if line.unit_price is None else _money(line.unit_price, invoice),
        tax_rate_pct=line.tax_percent,
        tax_category=line.tax_category or None,
        net=_money(line.net, invoice),
        tax=_money(line.tax, invoice),
    )

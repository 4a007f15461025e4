"""What billing offers to the desk's first page: what is overdue, what waits to be issued, and what came in."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from apps.billing import rules
from apps.billing.models import Invoice, Payment
from apps.billing.queries import cash_in
from apps.shared.admin import short_id
from apps.shared.desk import Bar, Chart, Entry, Need, Part, list_of, page_link

MONTHS_OF_THE_CHART = 12
PARTS = {"WHOLE": "all of", "DEPOSIT": "the deposit of", "REST": "what is left of"}


def invoice_name(invoice: Invoice) -> str:
    """Return an invoice's number; a draft has none yet."""
    return invoice.number or f"Draft {short_id(invoice.pk)}"


def _why_overdue(invoice: Invoice) -> str:
    open_amount = rules.say(invoice.still_open, invoice.currency)
    part = f" of {rules.say(invoice.total, invoice.currency)}" if invoice.still_open != invoice.total else ""
    return f"{open_amount}{part} was due on {invoice.due_date:%-d %b %Y}."


def _why_to_issue(invoice: Invoice) -> str:
    if not invoice.total:
        return "No price is set yet."
    part = PARTS.get(invoice.quote_part, "")
    of_quote = f", {part} quote {invoice.quote}, which was accepted" if part else ""
    return f"{rules.say(invoice.total, invoice.currency)}{of_quote}, to be looked over and issued."


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


OVERDUE = Need(
    key="overdue",
    title="Overdue invoices",
    permissions=("billing.record_payment",),
    narrow=lambda invoices: (
        invoices.filter(state=Invoice.State.OVERDUE).select_related("client").order_by("due_date", "pk")
    ),
    name=invoice_name,
    why=_why_overdue,
    since=lambda invoice: _midnight(invoice.due_date),
)
TO_ISSUE = Need(
    key="issue",
    title="Invoices to issue",
    permissions=("billing.issue_invoice",),
    narrow=lambda invoices: invoices.filter(state=Invoice.State.DRAFT).select_related("client", "quote").order_by("pk"),
    name=invoice_name,
    why=_why_to_issue,
)


def next_due(invoices: QuerySet[Invoice]) -> Entry | None:
    """Return the unpaid invoice that is due next: by the end of its day."""
    unpaid = invoices.unpaid().filter(due_date__gte=timezone.localdate()).select_related("client")
    invoice = unpaid.order_by("due_date", "pk").first()
    if invoice is None:
        return None
    why = f"{rules.say(invoice.still_open, invoice.currency)} is to be paid."
    by_then = _midnight(invoice.due_date + timedelta(days=1))
    return Entry(page_link(invoice, invoice_name(invoice)), str(invoice.client), why, by_then)


def charts_of_cash(payments: QuerySet[Payment]) -> list[Chart]:
    """Return what came in by month, one chart for each currency: euros and yen are never added up."""
    months = _months(timezone.localdate())
    came = cash_in(payments, _midnight(months[0]), timezone.get_current_timezone())
    return [_chart(currency, by_month, months) for currency, by_month in sorted(came.items())]


def _months(today: date) -> list[date]:
    """Return the first days of the last months, this one last."""
    ends = range(today.year * 12 + today.month - MONTHS_OF_THE_CHART, today.year * 12 + today.month)
    return [date(month // 12, month % 12 + 1, 1) for month in ends]


def _chart(currency: str, by_month: dict[date, Decimal], months: list[date]) -> Chart:
    ends = [*months[1:], _months(date(months[-1].year + 1, months[-1].month, 1))[0]]
    bars = [
        _bar(currency, month, end, by_month.get(month, Decimal(0))) for month, end in zip(months, ends, strict=True)
    ]
    return Chart(f"Cash in, {currency}", "Came in", bars)


def _bar(currency: str, month: date, end: date, amount: Decimal) -> Bar:
    of_the_month = {"paid_at__gte": _midnight(month).isoformat(), "paid_at__lt": _midnight(end).isoformat()}
    url = list_of(Payment, currency=currency, **of_the_month)
    part = Part("came in", amount, "success", url, rules.say(amount, currency))
    return Bar(f"{month:%b %y}", [part], _short(amount))


def _short(amount: Decimal) -> str:
    """Return an amount in the few letters that fit above a bar; the table below has all of them."""
    for least, unit, name in ((10**9, 10**9, "G"), (10**6, 10**6, "M"), (10**4, 10**3, "k")):
        if amount >= least:
            return f"{amount / unit:,.1f}".removesuffix(".0") + name
    return f"{amount:,.0f}"

"""What billing's desks share, and offer to the first page: what is overdue, waits to be issued, and came in."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from apps.billing import rules
from apps.billing.models import Invoice, Payment
from apps.billing.queries import cash_in, deposits_of
from apps.identity.models import User
from apps.shared.admin import short_id
from apps.shared.desk import Bar, Chart, Deed, Entry, Need, Part, list_of, of_clients_called, page_link

MONTHS_OF_THE_CHART = 12
PARTS = {"WHOLE": "all of", "DEPOSIT": "the deposit of", "REST": "what is left of"}


def invoice_name(invoice: Invoice) -> str:
    """Return an invoice's number; a draft has none yet."""
    return invoice.number or f"Draft {short_id(invoice.pk)}"


def find_documents(rows: QuerySet[Any], term: str, user: User, *, prefix: str) -> QuerySet[Any]:
    """Return the documents whose number begins like the term; or the one of this id, or the newest of a client."""
    rows, number = rows.select_related("client"), term.upper()
    if number.startswith(prefix):
        return rows.filter(number__startswith=number).order_by("-number")
    return of_clients_called(rows, term, user).order_by("-pk")


def deed_of_audit(request: HttpRequest, row: Model) -> Iterator[tuple[str, str]]:
    """Give the page of who did what to a row, to who may see it."""
    if request.user.has_perm("observability.view_auditentry"):
        yield "Who did what", f"{reverse('admin:observability_auditentry_changelist')}?q={row.pk}"


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


def deeds_of_deposits(row: Model) -> list[Deed]:
    """Return whether a client's work may start, on its page and that of its workspace: what waits for its deposit."""
    client_id = {"identity.client": row.pk, "onboarding.workspace": getattr(row, "client_id", None)}.get(
        row._meta.label_lower
    )
    deposits = deposits_of(client_id) if client_id else []
    waiting = [each for each in deposits if each.state != Invoice.State.PAID]
    if waiting:
        return [Deed("Waits for the deposit", " ".join(map(_why_waiting, waiting)))]
    return [Deed("Deposit paid: work may start", f"{deposits[0]} is paid.")] if deposits else []


def _why_waiting(invoice: Invoice) -> str:
    if invoice.is_draft:
        return f"{rules.say(invoice.total, invoice.currency)} is drafted and not yet issued."
    return (
        f"{rules.say(invoice.still_open, invoice.currency)} of {invoice} is to be paid by {invoice.due_date:%-d %b %Y}."
    )


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

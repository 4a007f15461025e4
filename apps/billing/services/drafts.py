"""Drafting: what is to be billed, by a run or by a person, and how its lines change until it is issued."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from apps.billing import queries, rules
from apps.billing.api import events
from apps.billing.api.dtos import Deposit, LineItem
from apps.billing.models import Invoice, InvoiceLine, TaxRate
from apps.billing.rules import BillingRefused
from apps.billing.services.records import lock_invoice, lock_name, money, require_reason, tell
from apps.delivery.api.dtos import Package
from apps.identity.models import Client
from apps.production.api.dtos import Draft
from apps.shared.dtos import Money
from apps.shared.events import AuditNote
from apps.shared.models import snapshot
from apps.shared.workflow import Irreversible, RunContext

NO_CONTRACT_VALUE = "The client's profile names no contract value: finance sets the price."
PAID_AHEAD = "The client's deposit is all of its contract value: finance sets the price of what is above that."
BILLED_ALREADY = "The client's contract value is billed on another invoice already: finance sets the price."


@transaction.atomic
def draft_invoice(
    client: Client,
    lines: Sequence[LineItem],
    *,
    by: UUID | None = None,
    run_id: UUID | None = None,
    package_id: UUID | None = None,
    deal_id: UUID | None = None,
    payment_days: int | None = None,
) -> Invoice:
    """Store a draft in the client's currency; it has no number, and its lines may change until it is issued.

    Raises BillingRefused for no line, too many, and one that cannot be billed.
    """
    rules.require_currency(client.currency)
    if not 1 <= len(lines) <= rules.MOST_LINES:
        raise BillingRefused("lines", f"there are {len(lines)}; an invoice has 1 to {rules.MOST_LINES}.")
    invoice = Invoice.objects.create(
        client=client,
        run_id=run_id,
        package_id=package_id,
        deal_id=deal_id,
        currency=client.currency,
        payment_days=settings.PAYMENT_DAYS if payment_days is None else payment_days,
    )
    InvoiceLine.objects.bulk_create(_new_line(invoice, position, line) for position, line in enumerate(lines, 1))
    _sum_up(invoice)
    tell(
        events.InvoiceDrafted,
        invoice,
        AuditNote(actor_id=by, after=with_lines(invoice)),
        total=money(invoice, invoice.total),
    )
    return invoice


@transaction.atomic
def draft_deposit(client_id: UUID, deposit: Deposit, *, by: UUID | None) -> Invoice:
    """Draft what a client agreed to pay before the work begins, once for its deal; finance issues it.

    Raises Client.DoesNotExist, and BillingRefused for an amount that cannot be billed or in another currency than the
    client's.
    """
    lock_name(f"billing.deposit:{deposit.deal_id}")
    known = Invoice.objects.filter(deal_id=deposit.deal_id).first()
    if known is not None:
        return known
    line = LineItem(description=_words_of(deposit), unit_price=deposit.amount)
    return draft_invoice(Client.objects.get(pk=client_id), [line], deal_id=deposit.deal_id, by=by)


def _words_of(deposit: Deposit) -> str:
    whole = rules.say(deposit.of.amount, deposit.of.currency)
    with translation.override(deposit.language or settings.LANGUAGE_CODE):
        if deposit.percent is None:
            return _("Deposit on the agreed %(whole)s") % {"whole": whole}
        percent = f"{deposit.percent.normalize():f}"
        return _("Deposit of %(percent)s %% on the agreed %(whole)s") % {"percent": percent, "whole": whole}


@transaction.atomic
def draft_for_package(package: Package, draft: Draft, *, run: RunContext) -> Invoice:
    """Draft the invoice for what a run delivered, at the client's contract value.

    The value is billed once, less the deposit that was billed of it. Where it is unknown, or billed already, the line
    has no price, and says why. No rate is chosen either: which tax is due is finance's decision.
    """
    client = Client.objects.get(pk=package.client_id)
    lock_name(f"billing.contract:{client.pk}")
    deposit = queries.deposit_billed(client.pk)
    price, question = _contract_price(client, deposit)
    less = f", less the deposit of {rules.say(deposit, client.currency)}" if deposit and price else ""
    line = LineItem(
        description=f"{draft.pack_title}: package of {len(package.artifacts)} files{less}",
        unit_price=price,
        question=question,
    )
    return draft_invoice(client, [line], run_id=run.id, package_id=package.id)


@transaction.atomic
def add_line(invoice_id: UUID, line: LineItem, *, reason: str, by: UUID | None) -> Invoice:
    """Add a line at the end of a draft. Raises BillingRefused once it is issued, and for a line that cannot be."""
    invoice, reason = _lock_draft(invoice_id), require_reason(reason)
    count = invoice.lines.count()
    if count >= rules.MOST_LINES:
        raise BillingRefused("lines", f"an invoice has at most {rules.MOST_LINES}; draft another one.")
    before = with_lines(invoice)
    _new_line(invoice, count + 1, line).save()
    return _tell_revised(invoice, before, reason, by)


@transaction.atomic
def change_line(invoice_id: UUID, position: int, line: LineItem, *, reason: str, by: UUID | None) -> Invoice:
    """Write a draft's line anew. Raises BillingRefused once it is issued, and for a line that cannot be billed."""
    invoice, reason = _lock_draft(invoice_id), require_reason(reason)
    before = with_lines(invoice)
    old = _line_at(invoice, position)
    changed = _new_line(invoice, position, line)
    changed.pk, changed.created_at = old.pk, old.created_at
    changed.save(force_update=True)
    return _tell_revised(invoice, before, reason, by)


@transaction.atomic
def remove_line(invoice_id: UUID, position: int, *, reason: str, by: UUID | None) -> Invoice:
    """Remove a draft's line; those after it move up. Raises BillingRefused once it is issued, and for the last one."""
    invoice, reason = _lock_draft(invoice_id), require_reason(reason)
    before = with_lines(invoice)
    line = _line_at(invoice, position)
    if invoice.lines.count() == 1:
        raise BillingRefused("lines", "this is the only one; change it, or void the draft.")
    line.delete()
    invoice.lines.filter(position__gt=position).update(position=F("position") - 1)
    return _tell_revised(invoice, before, reason, by)


@transaction.atomic
def withdraw_invoice(*, run: RunContext) -> tuple[Irreversible, ...]:
    """Remove the draft a run made, and nothing else; an issued one stays, and is the run's no more.

    Returns what a person must do about the one that stays. A second call finds nothing to do.
    """
    left = []
    for invoice in Invoice.objects.of_run(run.id).select_for_update().order_by("pk"):
        if invoice.number is not None:
            left.append(_leave(invoice))
            continue
        note = AuditNote(reason="The run was taken back.", before=with_lines(invoice))
        tell(events.InvoiceWithdrawn, invoice, note)
        invoice.delete()
    return tuple(left)


def with_lines(invoice: Invoice) -> dict[str, Any]:
    """Return an invoice with its lines, for the audit."""
    return {**snapshot(invoice), "lines": [snapshot(line) for line in invoice.lines.all()]}


def _contract_price(client: Client, deposit: Decimal) -> tuple[Money | None, str]:
    if not client.contract_value:
        return None, NO_CONTRACT_VALUE
    if queries.is_contract_billed(client.pk):
        return None, BILLED_ALREADY
    left = rules.rounded(client.contract_value - deposit, client.currency)
    if left <= 0:
        return None, PAID_AHEAD
    return Money(amount=left, currency=client.currency), ""


def _leave(invoice: Invoice) -> Irreversible:
    note = AuditNote(reason="The run was taken back.", before={"run_id": str(invoice.run_id)}, after={"run_id": None})
    tell(events.InvoiceRunWithdrawn, invoice, note, number=invoice.number)
    invoice.run_id = None
    invoice.save(update_fields=["run_id", "updated_at"])
    return Irreversible(
        what=f"Invoice {invoice.number} is issued and stands.",
        todo=f"Void or credit invoice {invoice.number} if its work is not to be paid.",
    )


def _lock_draft(invoice_id: UUID) -> Invoice:
    invoice = lock_invoice(invoice_id)
    if not invoice.is_draft:
        raise BillingRefused("invoice", f"{invoice} is {invoice.state} and does not change; write a credit note.")
    return invoice


def _line_at(invoice: Invoice, position: int) -> InvoiceLine:
    line = invoice.lines.filter(position=position).first()
    if line is None:
        raise BillingRefused("line", f"there is none at position {position} any more; look at the invoice again.")
    return line


def _new_line(invoice: Invoice, position: int, line: LineItem) -> InvoiceLine:
    """Make a line with its amounts; stores nothing."""
    rules.check_line(line, invoice.currency)
    rate = _rate(line.tax_rate_id)
    price: Decimal | None = None if line.unit_price is None else line.unit_price.amount
    net, tax = rules.line_amounts(line.quantity, price, rate.percent if rate else None, invoice.currency)
    return InvoiceLine(
        invoice=invoice,
        position=position,
        description=line.description,
        quantity=line.quantity,
        unit_price=price,
        tax_rate=rate,
        tax_percent=rate.percent if rate else None,
        tax_category=rate.category if rate else "",
        net=net,
        tax=tax,
        question="" if price is not None else line.question,
    )


def _rate(tax_rate_id: UUID | None) -> TaxRate | None:
    if tax_rate_id is None:
        return None
    rate = TaxRate.objects.filter(pk=tax_rate_id).first()
    if rate is None:
        raise BillingRefused("tax_rate_id", "names no tax rate; choose one of the list.")
    return rate


def _sum_up(invoice: Invoice) -> None:
    lines = list(invoice.lines.all())
    invoice.subtotal = sum((line.net for line in lines), Decimal(0))
    invoice.tax = sum((line.tax for line in lines), Decimal(0))
    invoice.total = invoice.subtotal + invoice.tax
    invoice.save(update_fields=["subtotal", "tax", "total", "updated_at"])


def _tell_revised(invoice: Invoice, before: dict[str, Any], reason: str, by: UUID | None) -> Invoice:
    _sum_up(invoice)
    note = AuditNote(actor_id=by, reason=reason, before=before, after=with_lines(invoice))
    tell(events.InvoiceRevised, invoice, note, total=money(invoice, invoice.total))
    return invoice

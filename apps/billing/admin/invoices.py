"""Invoices at the desk: read as the document they are, issued, paid, credited and voided."""

from collections.abc import Iterator
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from unfold.contrib.filters.admin import RangeDateFilter

from apps.billing import rules
from apps.billing.admin.aging import AgeFilter, AgingPages
from apps.billing.admin.deeds import InvoiceDeeds
from apps.billing.admin.desk import (
    OVERDUE,
    TO_ISSUE,
    deed_of_audit,
    deeds_of_deposits,
    find_documents,
    invoice_name,
    next_due,
)
from apps.billing.admin.reminders import IN_VAIN, REMIND, said_of_reminders
from apps.billing.models import BillingAddress, Invoice, InvoiceLine, IssuedDocument, QuoteLine
from apps.billing.queries import credit_of_client, document_of, usable_credit
from apps.billing.rules import BillingRefused
from apps.billing.services import issuing, payments
from apps.billing.services.issued import foresee
from apps.billing.services.parties import Buyer
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    NOTHING,
    Button,
    DocumentAdmin,
    TransitionAdmin,
    admin_link,
    badge,
    client_link,
    link_column,
    run_link,
    state_column,
    words,
)
from apps.shared.desk import Deed, Entry, needs_filter, page_of
from apps.shared.dtos import Money


def _issue(invoice: Invoice, *, by: UUID, reason: str) -> Invoice:
    return issuing.issue_invoice(invoice.pk, by=by, at=timezone.now())


def _void(invoice: Invoice, *, by: UUID, reason: str) -> Invoice:
    return issuing.void_invoice(invoice.pk, reason=reason, by=by, at=timezone.now())


def _use_credit(invoice: Invoice, *, by: UUID, reason: str) -> Invoice:
    return payments.use_credit(invoice.pk, by=by)


def _what_issuing_does(invoice: Invoice) -> str:
    problems = rules.open_questions(invoice.lines.all())
    if problems:
        return f"Not yet: {'; '.join(problems)}."
    amount = rules.say(invoice.total, invoice.currency)
    asked = f"{invoice.client} is asked for {amount}, due in {invoice.payment_days} days."
    credit = usable_credit(invoice)
    said = f"It has {_said(invoice, credit)} in credit for it, to be used once it is issued." if credit else ""
    return " ".join(filter(None, (asked, said, foresee(invoice, on=timezone.localdate()))))


def _issued(invoice: Invoice) -> str:
    credit = usable_credit(invoice)
    offered = f" {_said(invoice, credit)} of it can be paid from the client's credit: Use credit." if credit else ""
    return f"it is {invoice.number}.{offered}"


def _what_credit_pays(invoice: Invoice) -> str:
    credit = usable_credit(invoice)
    left = _said(invoice, invoice.still_open - credit)
    return f"{_said(invoice, credit)} is put to it; {left} is still open then."


def _said(invoice: Invoice, amount: Any) -> str:
    return rules.say(amount, invoice.currency)


def _money(money: Money) -> str:
    return rules.say(money.amount, money.currency)


def said_rate(category: str, percent: Any) -> str:
    """Return a tax rate as the pages name it."""
    if percent is None:
        return "to be set"
    return f"{percent.normalize():f} %" + ("" if category == "STANDARD" else f", {words(category.lower()).lower()}")


def shown_line(line: InvoiceLine | QuoteLine, currency: str) -> dict[str, Any]:
    """Return a line of an invoice or a quote as their pages show it."""
    return {
        "line": line,
        "quantity": f"{line.quantity.normalize():,f}",
        "price": "to be set" if line.unit_price is None else _price(line.unit_price, currency),
        "rate": said_rate(line.tax_category, line.tax_percent),
        "net": NOTHING if line.unit_price is None else rules.say(line.net, currency),
    }


def shown_taxes(lines: list[Any], currency: str) -> list[tuple[str, str, str]]:
    """Return what is taxed at which rate, as the pages show it."""
    return [
        (said_rate(each.category, each.percent), rules.say(each.net, currency), rules.say(each.tax, currency))
        for each in rules.tax_table(lines)
    ]


def _line(invoice: Invoice, line: InvoiceLine, *, may_change: bool) -> dict[str, Any]:
    url = reverse("admin:billing_invoice_change_line", args=[invoice.pk, line.position])
    return {**shown_line(line, invoice.currency), "change_url": url if may_change else ""}


def _price(price: Any, currency: str) -> str:
    """Return a price with all its decimals: that of one click may be less than a coin."""
    if price == rules.rounded(price, currency):
        return rules.say(price, currency)
    return f"{price.normalize():,f} {currency}"


def _address_page(invoice: Invoice) -> str:
    address = BillingAddress.objects.filter(client_id=invoice.client_id).first()
    return page_of(address) if address else f"{reverse('admin:billing_billingaddress_add')}?client={invoice.client_id}"


def _credit_page(request: HttpRequest, invoice: Invoice) -> str:
    may_see = request.user.has_perm("billing.view_payment")
    return reverse("admin:billing_payment_credit", args=[invoice.client_id]) if may_see else ""


def _deeds(request: HttpRequest, invoice: Invoice, kept: IssuedDocument | None) -> Iterator[tuple[str, str]]:
    """Give the pages that take something in for an invoice as it is now, to who may, and the document."""
    offered = {
        "add_line": ("Add a line", "draft_invoice", invoice.is_draft),
        "record_payment": ("Record a payment", "record_payment", invoice.is_unpaid),
        "hold": ("Hold reminders", "hold_reminders", invoice.is_unpaid),
        "credit": ("Credit", "credit_invoice", invoice.is_unpaid or invoice.state == Invoice.State.PAID),
    }
    for name, (label, permission, is_possible) in offered.items():
        if is_possible and request.user.has_perm(f"billing.{permission}"):
            yield label, reverse(f"admin:billing_invoice_{name}", args=[invoice.pk])
    if invoice.is_draft and request.user.has_perm("billing.change_billingaddress"):
        yield "Billing address", _address_page(invoice)
    if invoice.number:
        yield "Download as PDF", reverse("admin:billing_invoice_pdf", args=[invoice.pk])
    if kept and kept.xml:
        yield "Download as XML", reverse("admin:billing_invoice_xml", args=[invoice.pk])
    yield from deed_of_audit(request, invoice)


@admin.register(Invoice)
class InvoiceAdmin(AgingPages, InvoiceDeeds, DocumentAdmin, TransitionAdmin):
    empty_says = "One comes with each package that its client has approved, or is written by hand."
    empty_leads_to = ("New invoice", "admin:billing_invoice_new", "billing.draft_invoice")
    list_display = ("name", client_link, state_column(), "total_said", "open_said", "issue_date", "due_date")
    needs = (IN_VAIN, OVERDUE, TO_ISSUE)
    client_tab = "Invoices"
    list_filter = (
        "state",
        needs_filter(needs),
        AgeFilter,
        ("due_date", RangeDateFilter),
        CLIENT_FILTER,
        CREATED_FILTER,
    )
    list_select_related = ("client",)
    search_fields = ("number", "client__name")
    id_fields = ("pk", "run_id", "package_id", "deal_id", "quote_id", "client_id")
    change_form_before_template = "admin/billing/invoice.html"
    fieldsets = (
        (
            "Links",
            {
                "fields": (
                    *(
                        client_link,
                        link_column("delivery.package", "package_id"),
                        link_column("cam.deal", "deal_id"),
                        link_column("billing.quote", "quote_id"),
                        run_link,
                    ),
                    *("created_at", "updated_at"),
                )
            },
        ),
    )
    buttons: ClassVar = (
        Button(
            name="issue",
            label="Issue",
            service=_issue,
            permission="billing.issue_invoice",
            offered=lambda invoice: invoice.is_draft,
            explanation="It gets its number and its dates. After that nothing of it changes.",
            preview=_what_issuing_does,
            in_bulk=True,
            explains=True,
            refusals=(BillingRefused,),
            outcome=_issued,
        ),
        Button(
            name="use_credit",
            label="Use credit",
            service=_use_credit,
            permission="billing.record_payment",
            offered=lambda invoice: invoice.is_unpaid and usable_credit(invoice) > 0,
            preview=_what_credit_pays,
            explanation="What the client paid above earlier invoices is put to this one, the oldest money first.",
            explains=True,
            refusals=(BillingRefused,),
            outcome=lambda invoice: f"{_said(invoice, invoice.still_open)} is still open.",
        ),
        REMIND,
        Button(
            name="void",
            label="Void",
            service=_void,
            permission="billing.void_invoice",
            offered=lambda invoice: invoice.state != Invoice.State.VOID,
            explanation="A draft is put aside. One that is issued is credited with all that is left of it; the credit "
            "note, which the client reads, says why.",
            asks_reason=True,
            explains=True,
            refusals=(BillingRefused,),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invoice]:
        return super().get_queryset(request).select_related("client")  # of a page as of a list

    @admin.display(description="invoice", ordering="number")
    def name(self, invoice: Invoice) -> str:
        return invoice_name(invoice)

    @admin.display(description="total", ordering="total")
    def total_said(self, invoice: Invoice) -> str:
        return _said(invoice, invoice.total)

    @admin.display(description="open")
    def open_said(self, invoice: Invoice) -> str:
        return _said(invoice, invoice.still_open) if invoice.is_unpaid else NOTHING

    def desk_next(self, request: HttpRequest) -> Entry | None:
        """Return the invoice that is to be paid next."""
        return next_due(self.get_queryset(request))

    def desk_deeds(self, request: HttpRequest, row: Model) -> list[Deed]:
        """Return whether the work of a client may start, as far as its deposit goes."""
        return deeds_of_deposits(row)

    def desk_find(self, request: HttpRequest, term: str) -> QuerySet[Invoice]:
        return find_documents(self.get_queryset(request), term, request.user, prefix="INV-")

    def page(self, request: HttpRequest, row: Invoice) -> dict[str, Any]:
        """Show the document, what was paid and credited of it, and what can be done."""
        lines, is_to_pay = list(row.lines.all()), row.is_draft or row.is_unpaid
        may_change = row.is_draft and request.user.has_perm("billing.draft_invoice")
        said, kept = partial(_said, row), document_of(row)
        allocations = row.allocations.select_related("payment", "credit_note")
        return {
            "invoice": row,
            "name": invoice_name(row),
            "state": badge(row.state),
            "open_questions": rules.open_questions(lines) if row.is_draft else [],
            "lines": [_line(row, line, may_change=may_change) for line in lines],
            "taxes": shown_taxes(lines, row.currency),
            "sums": {name: said(getattr(row, name)) for name in ("subtotal", "tax", "total", "paid", "credited")},
            "open": said(row.still_open) if row.is_unpaid else "",
            "credit": [_money(each) for each in credit_of_client(row.client_id)] if is_to_pay else [],
            "credit_url": _credit_page(request, row),
            "allocations": [
                (admin_link("billing.payment", each.payment_id, each.payment.transaction_id), each, said(each.amount))
                for each in allocations
            ],
            "credit_notes": [
                (admin_link("billing.creditnote", note.pk, note.number), note, said(note.amount))
                for note in row.credit_notes.order_by("pk")
            ],
            **said_of_reminders(row),
            "buyer": Buyer.of(kept.buyer) if kept else None,
            "plain_because": kept.plain_because if kept else "",
            "deeds": list(_deeds(request, row, kept)),
        }

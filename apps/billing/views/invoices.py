"""The portal's pages of invoices."""

from functools import partial
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from apps.billing.models import Invoice
from apps.billing.queries import credit_of_client, e_invoice_of
from apps.billing.services.checkouts import can_pay
from apps.billing.services.documents import invoice_pdf
from apps.billing.views.money import money
from apps.shared.portal import Card, page, send_pdf
from apps.shared.rest.files import as_download_if_any
from apps.shared.rest.views import of_client

ON_A_PAGE = 50
STATES = {
    "ISSUED": gettext_noop("To be paid"),
    "PARTIALLY_PAID": gettext_noop("Partly paid"),
    "OVERDUE": gettext_noop("Overdue"),
    "PAID": gettext_noop("Paid"),
    "VOID": gettext_noop("Void"),
}


def cards_to_pay(request: HttpRequest) -> list[Card]:
    """Return what is to be paid, for the portal's first page."""
    if "billing" not in request.access.scopes:
        return []
    return [
        Card(
            section="pay",
            title=_("Invoice %(number)s") % {"number": invoice.number},
            text=f"{money(invoice.still_open, invoice)} · {_(STATES[invoice.state])}",
            url=reverse("portal-invoice", args=[invoice.pk]),
        )
        for invoice in _of(request).unpaid().order_by("due_date")
    ]


def _of(request: HttpRequest) -> QuerySet[Invoice]:
    return of_client(Invoice.objects.issued(), request.access.client_id)


def _sums(invoice: Invoice) -> dict[str, str]:
    names = ("subtotal", "tax", "total", "paid", "credited", "still_open")
    return {name: money(getattr(invoice, name), invoice) for name in names}


@require_safe
@page("billing")
def invoices(request: HttpRequest) -> HttpResponse:
    """List the client's invoices, the newest first."""
    found = [
        {"row": each, "total": money(each.total, each), "state": _(STATES[each.state])}
        for each in _of(request)[:ON_A_PAGE]
    ]
    credit = [money(each.amount, each) for each in credit_of_client(request.access.client_id)]
    return render(request, "portal/invoices.html", {"invoices": found, "credit": credit})


@require_safe
@page("billing")
def invoice(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Show one invoice with its lines, and what is still to be paid."""
    found = get_object_or_404(_of(request), pk=invoice_id)
    lines = [
        {"row": line, "price": money(line.unit_price, found), "net": money(line.net, found)}
        for line in found.lines.all()
    ]
    notes = [
        {"row": note, "amount": money(note.amount, found), "has_xml": bool(note.document_xml)}
        for note in found.credit_notes.annotate(document_xml=F("document__xml")).order_by("pk")
    ]
    context = {
        "invoice": found,
        "lines": lines,
        "sums": _sums(found),
        "state": _(STATES[found.state]),
        "credit_notes": notes,
        "has_xml": bool(e_invoice_of(found)),
        "takes_cards": can_pay(found),
        "is_card_refused": "card" in request.GET,
    }
    response = render(request, "portal/invoice.html", context)
    response.leads_to = (settings.STRIPE_PAGES,) if context["takes_cards"] else ()  # type: ignore[attr-defined]
    return response


@require_safe
@page("billing")
def download(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Send an invoice as a PDF, in the language of the page."""
    found = get_object_or_404(_of(request).select_related("client"), pk=invoice_id)
    write = partial(invoice_pdf, found, on=timezone.localdate())
    return send_pdf(request, found, f"{found.number}.pdf", write)


@require_safe
@page("billing")
def download_xml(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Send an invoice as an e-invoice, for the client's own programs."""
    found = get_object_or_404(_of(request), pk=invoice_id)
    return as_download_if_any(e_invoice_of(found), f"{found.number}.xml", "application/xml")

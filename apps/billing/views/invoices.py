"""The portal's pages of invoices."""

import logging
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.billing.models import Invoice
from apps.billing.services.documents import DocumentUnavailable, invoice_pdf
from apps.billing.views.money import money
from apps.shared.portal import Card, page
from apps.shared.rest.files import as_download
from apps.shared.rest.views import of_client

log = logging.getLogger(__name__)

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
    return render(request, "portal/invoices.html", {"invoices": found})


@require_safe
@page("billing")
def invoice(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Show one invoice with its lines, and what is still to be paid."""
    found = get_object_or_404(_of(request), pk=invoice_id)
    lines = [
        {"row": line, "price": money(line.unit_price, found), "net": money(line.net, found)}
        for line in found.lines.all()
    ]
    context = {"invoice": found, "lines": lines, "sums": _sums(found), "state": _(STATES[found.state])}
    return render(request, "portal/invoice.html", context)


@require_safe
@page("billing")
def download(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Send an invoice as a PDF, in the language of the page."""
    found = get_object_or_404(_of(request).select_related("client"), pk=invoice_id)
    try:
        content = invoice_pdf(found, language=get_language() or "en", on=timezone.localdate())
    except DocumentUnavailable:
        log.exception("A client could not be given an invoice")
        context = {"what": _("This file cannot be sent right now. We have been told; please ask your contact.")}
        return render(request, "portal/refused.html", context, status=503)
    return as_download(content, f"{found.number}.pdf", "application/pdf")

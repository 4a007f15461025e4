"""The portal's credit notes, which the pages of their invoices name."""

from functools import partial
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from apps.billing.models import CreditNote
from apps.billing.queries import e_invoice_of
from apps.billing.services.documents import credit_note_pdf
from apps.shared.portal import page, send_pdf
from apps.shared.rest.files import as_download_if_any
from apps.shared.rest.views import of_client


def _of(request: HttpRequest) -> QuerySet[CreditNote]:
    return of_client(CreditNote.objects.all(), request.access.client_id).select_related("client", "invoice")


@require_safe
@page("billing")
def download(request: HttpRequest, credit_note_id: UUID) -> HttpResponse:
    """Send a credit note as a PDF, in the language of the page."""
    found = get_object_or_404(_of(request), pk=credit_note_id)
    return send_pdf(request, found, f"{found.number}.pdf", partial(credit_note_pdf, found))


@require_safe
@page("billing")
def download_xml(request: HttpRequest, credit_note_id: UUID) -> HttpResponse:
    """Send a credit note as an e-invoice."""
    found = get_object_or_404(_of(request), pk=credit_note_id)
    return as_download_if_any(e_invoice_of(found), f"{found.number}.xml", "application/xml")

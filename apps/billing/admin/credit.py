"""A client's credit at the desk: what came that no invoice took, what it was put to, and what is left."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from apps.billing import rules
from apps.billing.models import Allocation, Payment
from apps.billing.queries import CreditedPayment, CreditLedger, ledgers_of_client
from apps.identity.models import Client
from apps.shared.admin import ReadOnlyAdmin, admin_link
from apps.shared.desk import list_of_client, page_of
from apps.shared.scope import in_scope


class CreditPage(ReadOnlyAdmin):
    """Adds to the pages of payments that of a client's credit."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.credit)
        return [path("credit/<uuid:client_id>/", view, name="billing_payment_credit"), *super().get_urls()]

    def credit(self, request: HttpRequest, client_id: UUID) -> HttpResponse:
        """Show of each payment that is or was a client's credit what it was put to, and what is left."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        client = get_object_or_404(in_scope(Client.objects.all(), request.user), pk=client_id)
        desk = {**self.admin_site.each_context(request), "opts": self.opts}
        context = {
            "title": f"{client}: credit",
            "client": client,
            "client_url": page_of(client),
            "ledgers": [_ledger(each) for each in ledgers_of_client(client.pk)],
            "payments_url": list_of_client(Payment, client.pk),
        }
        return TemplateResponse(request, "admin/billing/credit.html", {**desk, **context})

    def client_links(self, request: HttpRequest, client_id: UUID) -> list[tuple[str, str]]:
        """Return the page about a client's credit, for the tab that lists its payments."""
        return [("Credit", reverse("admin:billing_payment_credit", args=[client_id]))]


def _ledger(ledger: CreditLedger) -> dict[str, Any]:
    currency = ledger.left.currency
    return {
        "currency": currency,
        "left": rules.say(ledger.left.amount, currency),
        "rows": [_row(each, currency) for each in ledger.payments],
    }


def _taken_by(use: Allocation) -> str:
    """Return by what some of a payment was taken from an invoice again; nothing where it was put there."""
    if use.credit_note_id:
        return admin_link("billing.creditnote", use.credit_note_id, str(use.credit_note))
    return "the reversal" if use.reversal_id else ""


def _row(row: CreditedPayment, currency: str) -> dict[str, Any]:
    payment = row.payment
    uses = [
        (
            rules.say(abs(each.amount), currency),
            admin_link("billing.invoice", each.invoice_id, str(each.invoice)),
            _taken_by(each),
        )
        for each in row.uses
    ]
    return {
        "payment": payment,
        "link": admin_link("billing.payment", payment.pk, payment.transaction_id),
        "amount": rules.say(payment.amount, currency),
        "uses": uses,
        "refunds": [(rules.say(each.amount, currency), each.refunded_at) for each in row.refunds],
        "left": rules.say(row.left, currency),
    }

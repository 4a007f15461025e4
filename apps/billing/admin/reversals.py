"""A payment at the desk: what it was put to, and the page on which it is reversed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from apps.billing import rules
from apps.billing.admin.desk import deed_of_audit
from apps.billing.forms import ReversalForm
from apps.billing.models import BankMatch, Invoice, Payment, Reversal
from apps.billing.queries import credit_of, held_by_invoices
from apps.billing.rules import BillingRefused
from apps.billing.services.reversals import reverse_payment
from apps.shared.admin import DocumentAdmin, admin_link
from apps.shared.desk import page_of

MAY_REVERSE = "billing.reverse_payment"


class ReversalPage(DocumentAdmin):
    """Adds to a payment's page what became of it, and how it is reversed."""

    change_form_before_template = "admin/billing/payment.html"

    def page(self, request: HttpRequest, row: Payment) -> dict[str, Any]:
        reversal = Reversal.objects.filter(payment=row).select_related("by").first()
        match = BankMatch.objects.filter(payment=row).select_related("line").first()
        may = reversal is None and request.user.has_perm(MAY_REVERSE)
        return {
            "reversal": reversal,
            "reverse_url": reverse("admin:billing_payment_reverse", args=[row.pk]) if may else "",
            "line": admin_link("billing.bankline", match.line_id, "The line of the bank") if match else "",
            "allocations": [
                (
                    admin_link("billing.invoice", each.invoice_id, str(each.invoice)),
                    each,
                    rules.say(each.amount, row.currency),
                )
                for each in row.allocations.select_related("invoice", "credit_note")
            ],
            "deeds": list(deed_of_audit(request, row)),
        }

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.reverse)
        return [path("<uuid:pk>/reverse/", view, name="billing_payment_reverse"), *super().get_urls()]

    def reverse(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Say what a reversal would lead to, take in which kind it is and why, and do it."""
        if not self.has_view_permission(request) or not request.user.has_perm(MAY_REVERSE):
            raise PermissionDenied
        payment = get_object_or_404(self.get_queryset(request).select_related("client"), pk=pk)
        form = ReversalForm(request.POST or None)
        if form.is_bound and form.is_valid() and self._reversed(request, payment, form):
            return HttpResponseRedirect(page_of(payment))
        held, credit = held_by_invoices(payment), credit_of(payment)
        invoices = Invoice.objects.in_bulk([invoice_id for invoice_id, _ in held])
        context = {
            "title": f"Reverse {payment}",
            "payment": payment,
            "form": form,
            "deed": "Reverse the payment",
            "amount": rules.say(payment.amount, payment.currency),
            "put_to": [(rules.say(part, payment.currency), invoices[invoice_id]) for invoice_id, part in held],
            "credit": rules.say(credit, payment.currency) if credit else "",
        }
        desk = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, "admin/billing/reverse.html", {**desk, **context})

    def _reversed(self, request: HttpRequest, payment: Payment, form: ReversalForm) -> bool:
        """Do it, or say beside the fields why not."""
        try:
            reverse_payment(payment.pk, **form.cleaned_data, by=request.user.pk, at=timezone.now())
        except BillingRefused as refusal:
            form.refuse(refusal)
            return False
        messages.success(request, "The payment is reversed; its invoices ask for the money again.")
        return True

"""The pages of an invoice that take something in: a new one, a line of a draft, a payment, a credit note.

What was typed stays where billing refuses it, and the refusal stands beside its field.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from apps.billing import rules
from apps.billing.forms import (
    CreditForm,
    HoldForm,
    NewInvoiceForm,
    PaymentForm,
    ReasonedLineForm,
    RemovalForm,
    items_of,
    line_forms,
    rate_choices,
)
from apps.billing.models import Invoice
from apps.billing.queries import e_invoice_of, left_of_lines
from apps.billing.rules import BillingRefused
from apps.billing.services import drafts, issuing, payments, reminders
from apps.billing.services.documents import invoice_pdf
from apps.identity.models import Client
from apps.shared.admin import ReadOnlyAdmin
from apps.shared.desk import page_of, send_pdf
from apps.shared.rest.files import as_download_if_any


class InvoiceDeeds(ReadOnlyAdmin):
    """An invoice's pages with forms; each calls the service of its name."""

    def get_urls(self) -> list[URLPattern]:
        views = (
            ("new/", self.draft, "new"),
            ("<uuid:pk>/lines/add/", self.add_line, "add_line"),
            ("<uuid:pk>/lines/<int:position>/", self.change_line, "change_line"),
            ("<uuid:pk>/lines/<int:position>/remove/", self.remove_line, "remove_line"),
            ("<uuid:pk>/payment/", self.record_payment, "record_payment"),
            ("<uuid:pk>/credit/", self.credit, "credit"),
            ("<uuid:pk>/hold/", self.hold, "hold"),
            ("<uuid:pk>/pdf/", self.download, "pdf"),
            ("<uuid:pk>/xml/", self.download_xml, "xml"),
        )
        ours = [
            path(route, self.admin_site.admin_view(view), name=f"billing_invoice_{name}") for route, view, name in views
        ]
        return [*ours, *super().get_urls()]

    def draft(self, request: HttpRequest) -> HttpResponse:
        """Take in who is billed for what, and store it as a draft."""
        _require(request, "draft_invoice")
        sent = request.POST or None
        chosen = {"client": request.GET.get("client"), "payment_days": settings.PAYMENT_DAYS}
        form = NewInvoiceForm(sent, initial=chosen, user=request.user)
        lines = line_forms(sent, timezone.localdate())
        is_whole = sent is not None and all((form.is_valid(), lines.is_valid()))  # all that is wrong is said at once
        if is_whole and (invoice := _draft(request, form, lines)):
            messages.success(request, "The draft is stored. Look it over, then issue it.")
            return HttpResponseRedirect(page_of(invoice))
        context = {"title": "New invoice", "form": form, "lines": lines, "media": form.media}
        return self._show(request, "admin/billing/new.html", context)

    def add_line(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Take in a further line of a draft."""
        invoice = self._invoice(request, pk, "draft_invoice")
        form = ReasonedLineForm(request.POST or None, rates=rate_choices(timezone.localdate()))

        def add() -> None:
            if line := form.item(invoice.currency):
                drafts.add_line(invoice.pk, line, reason=form.cleaned_data["reason"], by=request.user.pk)

        return self._take_in(request, invoice, form, add, title="Add a line", deed="Add the line")

    def change_line(self, request: HttpRequest, pk: UUID, position: int) -> HttpResponse:
        """Take in a draft's line anew."""
        invoice = self._invoice(request, pk, "draft_invoice")
        line = get_object_or_404(invoice.lines, position=position)
        shown = ReasonedLineForm.of(line)
        form = ReasonedLineForm(request.POST or None, initial=shown, rates=rate_choices(timezone.localdate()))

        def change() -> None:
            if item := form.item(invoice.currency):
                reason = form.cleaned_data["reason"]
                drafts.change_line(invoice.pk, position, item, reason=reason, by=request.user.pk)

        more = {"said": line.question, "remove_url": reverse("admin:billing_invoice_remove_line", args=[pk, position])}
        return self._take_in(
            request, invoice, form, change, title=f"Change line {position}", deed="Change the line", **more
        )

    def remove_line(self, request: HttpRequest, pk: UUID, position: int) -> HttpResponse:
        """Take in why a draft's line goes."""
        invoice = self._invoice(request, pk, "draft_invoice")
        line = get_object_or_404(invoice.lines, position=position)
        form = RemovalForm(request.POST or None)

        def remove() -> None:
            drafts.remove_line(invoice.pk, position, reason=form.cleaned_data["reason"], by=request.user.pk)

        more = {"said": line.description}
        return self._take_in(
            request, invoice, form, remove, title=f"Remove line {position}", deed="Remove the line", **more
        )

    def record_payment(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Take in money that came for an invoice."""
        invoice = self._invoice(request, pk, "record_payment")
        initial = {
            "amount": f"{rules.rounded(invoice.still_open, invoice.currency):f}",
            "paid_at": timezone.localdate(),
        }
        form = PaymentForm(request.POST or None, initial=initial)

        def record() -> None:
            notice = form.notice(invoice.currency)
            payments.record_payment(invoice.pk, notice, by=request.user.pk, at=timezone.now())

        said = (
            f"{rules.say(invoice.still_open, invoice.currency)} is open. What comes above that is the client's credit."
        )
        return self._take_in(
            request, invoice, form, record, title="Record a payment", deed="Record the payment", said=said
        )

    def credit(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Take in how much of an issued invoice goes back, and why."""
        invoice = self._invoice(request, pk, "credit_invoice")
        form = CreditForm(left_of_lines(invoice), invoice.currency, request.POST or None)

        def credit() -> None:
            reason, at = form.cleaned_data["reason"], timezone.now()
            issuing.credit_invoice(invoice.pk, form.parts, reason=reason, by=request.user.pk, at=at)

        said = "A credit note with a number of its own. What was paid of it becomes the client's credit."
        return self._take_in(request, invoice, form, credit, title="Credit", deed="Write the credit note", said=said)

    def hold(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Take in until when the reminders of an invoice, or of its client, are kept back, and why."""
        invoice = self._invoice(request, pk, "hold_reminders")
        form = HoldForm(request.POST or None)

        def hold() -> None:
            said, of = form.cleaned_data, None if form.cleaned_data["everything"] else invoice.pk
            by, at = request.user.pk, timezone.now()
            until, reason = said["until_date"], said["reason"]
            reminders.hold_reminders(invoice.client, invoice_id=of, until_date=until, reason=reason, by=by, at=at)

        said = "None goes out before that day has passed where the client is, or somebody releases them."
        return self._take_in(request, invoice, form, hold, title="Hold reminders", deed="Hold them", said=said)

    def download(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Send an issued invoice as a PDF, in the desk's English."""
        _require(request, "view_invoice")
        invoice = get_object_or_404(self.get_queryset(request).issued().select_related("client"), pk=pk)
        write = partial(invoice_pdf, invoice, on=timezone.localdate())
        return send_pdf(request, invoice, f"{invoice.number}.pdf", write)

    def download_xml(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Send an issued invoice as its e-invoice."""
        _require(request, "view_invoice")
        invoice = get_object_or_404(self.get_queryset(request).issued(), pk=pk)
        return as_download_if_any(e_invoice_of(invoice), f"{invoice.number}.xml", "application/xml")

    def _invoice(self, request: HttpRequest, pk: UUID, permission: str) -> Invoice:
        _require(request, permission)
        return get_object_or_404(self.get_queryset(request).select_related("client"), pk=pk)

    def _take_in(
        self, request: HttpRequest, invoice: Invoice, form: Any, do: Callable[[], None], *, deed: str, **shown: Any
    ) -> HttpResponse:
        """Do it and go back to the invoice, or show the form with what billing refuses."""
        if form.is_bound and form.is_valid():
            try:
                do()
            except BillingRefused as refusal:
                form.refuse(refusal)
            if form.is_valid():
                messages.success(request, f"{deed}: done.")
                return HttpResponseRedirect(page_of(invoice))
        context = {"invoice": invoice, "form": form, "deed": deed, **shown}
        return self._show(request, "admin/billing/deed.html", context)

    def _show(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        desk = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, template, {**desk, **context})


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm("billing.view_invoice") or not request.user.has_perm(f"billing.{permission}"):
        raise PermissionDenied


def _draft(request: HttpRequest, form: NewInvoiceForm, lines: Any) -> Invoice | None:
    """Store the draft, or say beside the fields why not."""
    client: Client = form.cleaned_data["client"]
    items = items_of(lines, client.currency)
    if items is None:
        return None
    try:
        days = form.cleaned_data["payment_days"]
        return drafts.draft_invoice(client, items, by=request.user.pk, payment_days=days)
    except BillingRefused as refusal:
        form.refuse(refusal)
        return None

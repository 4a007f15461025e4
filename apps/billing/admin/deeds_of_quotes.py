"""The pages of a quote that take something in: a new one, and a draft anew; what was typed stays when refused."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from apps.billing.forms import NewQuoteForm, QuoteForm, ReasonedLineForm, items_of, line_forms
from apps.billing.models import Quote
from apps.billing.rules import BillingRefused
from apps.billing.services import quotes
from apps.billing.services.documents import quote_pdf
from apps.identity.models import Client
from apps.shared.admin import ReadOnlyAdmin
from apps.shared.desk import page_of, send_pdf


class QuoteDeeds(ReadOnlyAdmin):
    """A quote's pages with forms; each calls the service of its name."""

    def get_urls(self) -> list[URLPattern]:
        views = (
            ("new/", self.draft, "new"),
            ("<uuid:pk>/edit/", self.edit, "edit"),
            ("<uuid:pk>/pdf/", self.download, "pdf"),
        )
        ours = [
            path(route, self.admin_site.admin_view(view), name=f"billing_quote_{name}") for route, view, name in views
        ]
        return [*ours, *super().get_urls()]

    def draft(self, request: HttpRequest) -> HttpResponse:
        """Take in who is offered what, and store it as a draft."""
        _require(request, "draft_quote")
        sent = request.POST or None
        today = timezone.localdate()
        form = NewQuoteForm(sent, initial={"client": request.GET.get("client")}, user=request.user, today=today)
        return self._take_in(request, form, line_forms(sent, today), quote=None, title="New quote")

    def edit(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Take in anew what a draft says."""
        _require(request, "draft_quote")
        quote = get_object_or_404(self.get_queryset(request).select_related("client"), pk=pk)
        if not quote.is_draft:
            messages.error(request, f"{quote} is {quote.state.lower()} and does not change. Revise it.")
            return HttpResponseRedirect(page_of(quote))
        sent = request.POST or None
        form = QuoteForm(sent, initial=QuoteForm.of(quote), today=timezone.localdate())
        shown = [ReasonedLineForm.of(line) for line in quote.lines.all()]
        lines = line_forms(sent, timezone.localdate(), shown)
        return self._take_in(request, form, lines, quote=quote, title=f"Change the quote for {quote.client}")

    def download(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Send a quote that went out as a PDF, in the desk's English."""
        _require(request, "view_quote")
        quote = get_object_or_404(self.get_queryset(request).sent().select_related("client"), pk=pk)
        return send_pdf(request, quote, f"{quote.number}.pdf", partial(quote_pdf, quote))

    def _take_in(self, request: HttpRequest, form: Any, lines: Any, *, quote: Quote | None, title: str) -> HttpResponse:
        is_whole = form.is_bound and all((form.is_valid(), lines.is_valid()))  # all that is wrong is said at once
        if is_whole and (stored := _store(request, form, lines, quote)):
            messages.success(request, "The draft is stored. Look it over, then send it.")
            return HttpResponseRedirect(page_of(stored))
        shown = {"title": title, "form": form, "lines": lines, "quote": quote, "media": form.media}
        desk = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, "admin/billing/quote_form.html", desk | shown)


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm("billing.view_quote") or not request.user.has_perm(f"billing.{permission}"):
        raise PermissionDenied


def _store(request: HttpRequest, form: QuoteForm, lines: Any, quote: Quote | None) -> Quote | None:
    """Store the draft, or say beside the fields why not."""
    client: Client = quote.client if quote else form.cleaned_data["client"]
    items = items_of(lines, quote.currency if quote else client.currency)
    if items is None:
        return None
    try:
        offer = form.offer(items)
        if quote is None:
            return quotes.draft_quote(client, offer, by=request.user.pk)
        return quotes.change_quote(quote.pk, offer, by=request.user.pk)
    except BillingRefused as refusal:
        form.refuse(refusal)
        return None

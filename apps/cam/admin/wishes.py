"""Wishes at the desk: who must not be written to, and on what ground others may be."""

from datetime import UTC, datetime, time
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from apps.cam.admin.leads import is_id
from apps.cam.admin.replies import lead_link
from apps.cam.forms import ConsentForm, SuppressionForm
from apps.cam.models import Consent, Lead, Suppression
from apps.cam.models.hashes import address_hash, domain_hash
from apps.cam.rules.addresses import AddressRefused
from apps.cam.services import wishes
from apps.cam.services.wishes import WishRefused
from apps.shared.admin import CREATED_FILTER, Button, ReadOnlyAdmin, TransitionAdmin, state_column
from apps.shared.desk import list_of, page_of


def _now(service: Any, row: Any, **arguments: Any) -> Any:
    return service(row, at=timezone.now(), **arguments)


@admin.register(Suppression)
class SuppressionAdmin(TransitionAdmin):
    empty_says = "Nobody has asked to be left alone."
    empty_leads_to = ("Suppress an address or a domain", "admin:cam_suppression_add_one", "cam.suppress")
    list_display = ("__str__", "kind", state_column("reason"), "note", "made_by", "created_at", "lifted_at")
    list_filter = ("kind", "reason", ("lifted_at", admin.EmptyFieldListFilter), CREATED_FILTER)
    list_select_related = ("made_by", "lifted_by")
    sortable_by = ()
    search_fields = ("shown",)
    search_help_text = "An id, a whole address or a domain"
    list_before_template = "admin/cam/suppression_list.html"
    fields = ("shown", "kind", "reason", "note", "made_by", "created_at", "lifted_at", "lifted_by", "lift_note")
    buttons: ClassVar = (
        Button(
            name="lift",
            label="Lift",
            service=partial(_now, wishes.lift_suppression),
            permission="cam.lift_suppression",
            offered=lambda row: row.reason == Suppression.Reason.MANUAL and row.lifted_at is None,
            explanation="It may be written to again, where nothing else forbids it.",
            asks_reason=True,
            refusals=(WishRefused,),
        ),
    )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Look an address or a domain up by its hash, as the sender does."""
        term = search_term.strip()
        if not term or is_id(term):
            return super().get_search_results(request, queryset, search_term)
        hashes = [address_hash(term), domain_hash(term.rpartition("@")[2])]
        return queryset.filter(key_hash__in=hashes), False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.suppress)
        return [path("new/", view, name="cam_suppression_add_one"), *super().get_urls()]

    def suppress(self, request: HttpRequest) -> HttpResponse:
        """Take in an address or a domain that nobody may write to."""
        if not request.user.has_perm("cam.suppress"):
            raise PermissionDenied
        form = SuppressionForm(request.POST or None)
        if form.is_valid():
            whom = form.cleaned_data["whom"].strip()
            is_address = "@" in whom.removeprefix("@")
            service = wishes.suppress_address if is_address else wishes.suppress_domain
            try:
                row = service(whom, at=timezone.now(), by=request.user.pk, note=form.cleaned_data["note"])
            except AddressRefused as refusal:
                form.add_error("whom", f"It {refusal}.")
            except WishRefused as refusal:
                form.add_error("note", str(refusal))
            else:
                messages.success(request, f"Nobody writes to {row} any more.")
                return HttpResponseRedirect(page_of(row))
        return _form_page(self, request, "Suppress an address or a domain", form, "Suppress", list_of(Suppression))


@admin.register(Consent)
class ConsentAdmin(TransitionAdmin):
    empty_says = "Each is recorded on the page of its lead."
    empty_leads_to = ("Leads", "admin:cam_lead_changelist", "cam.view_lead")
    list_display = ("__str__", lead_link, "basis", "source", "given_at", "withdrawn_at")
    list_filter = ("basis", ("withdrawn_at", admin.EmptyFieldListFilter), CREATED_FILTER)
    list_select_related = ("lead",)
    sortable_by = ()
    search_fields = ("source",)
    id_fields = ("pk", "lead_id")
    fields = (lead_link, "basis", "source", "words", "given_at", "withdrawn_at", "created_at")
    buttons: ClassVar = (
        Button(
            name="withdraw",
            label="Withdrawn",
            service=partial(_now, wishes.withdraw_consent),
            permission="cam.record_consent",
            offered=lambda consent: consent.withdrawn_at is None,
            explanation="What it carried is held back from now on.",
            asks_reason=True,
            refusals=(WishRefused,),
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.record)
        return [path("of/<uuid:lead_id>/", view, name="cam_consent_record"), *super().get_urls()]

    def record(self, request: HttpRequest, lead_id: UUID) -> HttpResponse:
        """Take in on what ground a lead may be written to."""
        if not request.user.has_perms(["cam.record_consent", "cam.view_lead"]):
            raise PermissionDenied
        lead = get_object_or_404(Lead, pk=lead_id)
        form = ConsentForm(request.POST or None)
        if form.is_valid():
            said = form.cleaned_data
            given_at = datetime.combine(said.pop("given_on"), time(), UTC)
            try:
                wishes.record_consent(lead, given_at=given_at, at=timezone.now(), by=request.user.pk, **said)
            except WishRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "It is recorded.")
                return HttpResponseRedirect(page_of(lead))
        return _form_page(self, request, f"Consent of {lead}", form, "Record", page_of(lead))


def _form_page(
    page: ReadOnlyAdmin, request: HttpRequest, title: str, form: Any, submit: str, back_url: str
) -> HttpResponse:
    context = {"title": title, "form": form, "submit": submit, "back_url": back_url}
    return TemplateResponse(request, "admin/cam/form.html", {**page.admin_site.each_context(request), **context})

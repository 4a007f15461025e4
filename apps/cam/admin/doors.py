"""Web forms, keys of other systems, and what came in by them, at the desk."""

from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from apps.cam.admin.leads import campaign_link
from apps.cam.models import LeadForm, LeadKey, LeadSubmission
from apps.cam.services import doors
from apps.shared.admin import (
    CREATED_FILTER,
    NOTHING,
    Button,
    DocumentAdmin,
    TransitionAdmin,
    admin_link,
    badge,
    json_column,
)
from apps.shared.desk import list_of


def _now(service: Any, row: Any, **arguments: Any) -> Any:
    return service(row, at=timezone.now(), **arguments)


@admin.display(description="state", ordering="closed_at")
def openness(form: LeadForm) -> SafeString:
    """Show whether a form takes leads in."""
    return badge("OPEN" if form.is_open else "CLOSED")


@admin.register(LeadForm)
class LeadFormAdmin(DocumentAdmin, TransitionAdmin):
    list_display = ("name", campaign_link, openness, "made_by", "created_at")
    list_filter = ("campaign",)
    list_select_related = ("campaign", "made_by")
    search_fields = ("name",)
    id_fields = ("pk", "campaign_id")
    empty_says = "A web form lets people become leads of a campaign by themselves."
    empty_leads_to = ("New web form", "new-lead-form", "cam.open_form")
    list_before_template = "admin/cam/door_list.html"
    change_form_before_template = "admin/cam/lead_form.html"
    fieldsets = (
        (None, {"fields": (campaign_link, openness, "intro", "consent_words", "thanks")}),
        ("Standing", {"fields": ("made_by", "created_at", "closed_at")}),
    )
    buttons: ClassVar = (
        Button(
            name="close",
            label="Close",
            service=partial(_now, doors.close_form),
            permission="cam.open_form",
            offered=lambda form: form.closed_at is None,
            explanation="The form takes no more leads; who opens it reads so. What came in stays.",
        ),
    )

    def page(self, request: HttpRequest, row: LeadForm) -> dict[str, Any]:
        address = settings.BASE_URL + reverse("lead-form", args=[row.token])
        return {
            "lead_form": row,
            "state": openness(row),
            "address": address,
            "submissions_url": list_of(LeadSubmission, form__id__exact=row.pk),
        }


@admin.display(description="state", ordering="revoked_at")
def validity(key: LeadKey) -> SafeString:
    """Show whether a key opens anything."""
    return badge("REVOKED" if key.revoked_at else "ACTIVE")


@admin.register(LeadKey)
class LeadKeyAdmin(TransitionAdmin):
    list_display = ("name", campaign_link, "hint", validity, "last_used_at", "created_at")
    list_filter = ("campaign",)
    list_select_related = ("campaign", "made_by")
    search_fields = ("name", "hint")
    id_fields = ("pk", "campaign_id")
    empty_says = "A key lets another system send leads of a campaign."
    empty_leads_to = ("New key", "new-lead-key", "cam.make_key")
    list_before_template = "admin/cam/door_list.html"
    fieldsets = (
        (None, {"fields": ("name", campaign_link, "hint", validity)}),
        ("Standing", {"fields": ("made_by", "created_at", "last_used_at", "revoked_at")}),
    )
    buttons: ClassVar = (
        Button(
            name="revoke",
            label="Revoke",
            service=partial(_now, doors.revoke_key),
            permission="cam.make_key",
            offered=lambda key: key.revoked_at is None,
            explanation="The system that has it can send no more leads, from this moment.",
            asks_reason=True,
            is_optional=True,
        ),
    )


@admin.display(description="lead")
def lead_link(submission: LeadSubmission) -> str:
    """Link to the lead that it is of."""
    return admin_link("cam.lead", submission.lead_id, f"{submission.lead} ({submission.lead.email})")


@admin.display(description="by")
def door(submission: LeadSubmission) -> str:
    """Link to the form or the key by which it came."""
    if submission.form_id:
        return admin_link("cam.leadform", submission.form_id, str(submission.form))
    return admin_link("cam.leadkey", submission.key_id, str(submission.key))


@admin.register(LeadSubmission)
class LeadSubmissionAdmin(DocumentAdmin, TransitionAdmin):
    list_display = ("__str__", lead_link, door, "is_new", "has_consent", "created_at")
    list_filter = ("form", "key", "is_new", CREATED_FILTER)
    list_select_related = ("lead", "form", "key", "consent")
    search_fields = ("lead__email_key", "message")
    id_fields = ("pk", "lead_id", "form_id", "key_id")
    empty_says = "What people send by web forms, and systems by keys, comes here."
    empty_leads_to = ("New web form", "new-lead-form", "cam.open_form")
    list_before_template = "admin/cam/door_list.html"
    change_form_before_template = "admin/cam/submission.html"
    fieldsets = (
        (None, {"fields": (lead_link, door, "is_new", "language", json_column("said", "said"), "created_at")}),
        ("Consent", {"fields": ("agreed_to", "agreed_at")}),
    )

    def page(self, request: HttpRequest, row: LeadSubmission) -> dict[str, Any]:
        return {"submission": row}

    @admin.display(description="consent", boolean=True)
    def has_consent(self, submission: LeadSubmission) -> bool:
        return submission.consent_id is not None

    @admin.display(description="words")
    def agreed_to(self, submission: LeadSubmission) -> str:
        return submission.consent.words if submission.consent else NOTHING

    @admin.display(description="at")
    def agreed_at(self, submission: LeadSubmission) -> Any:
        return submission.consent.given_at if submission.consent else NOTHING

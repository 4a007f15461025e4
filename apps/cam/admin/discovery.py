"""Looking for leads at the desk: where, how far, who was found, and what became of them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from apps.cam.admin.leads import campaign_link
from apps.cam.models import DiscoveredProfile, DiscoveryJob, DiscoverySource
from apps.cam.services import discovery
from apps.cam.services.discovery import DiscoveryRefused
from apps.shared.admin import (
    NOTHING,
    Button,
    DocumentAdmin,
    ReadOnlyAdmin,
    TransitionAdmin,
    admin_link,
    badge,
    bullets,
    json_column,
    state_column,
)
from apps.shared.desk import Need, list_of, needs_filter

_MAY = "cam.start_discovery"
_REFUSALS = (TransitionNotAllowed, ConcurrentTransition, DiscoveryRefused)


def _is_open(profile: DiscoveredProfile) -> bool:
    return profile.state == DiscoveredProfile.State.NEW


@admin.display(description="source")
def source_link(row: DiscoveryJob | DiscoveredProfile) -> str:
    """Link to where somebody was looked for."""
    return admin_link("cam.discoverysource", row.source_id, str(row.source))


@admin.register(DiscoverySource)
class DiscoverySourceAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "made_by", "created_at")
    list_filter = ("kind",)
    list_select_related = ("made_by",)
    search_fields = ("name",)
    empty_says = "A source is somewhere to look for leads: a file, or an address that answers in JSON."
    empty_leads_to = ("New source", "new-discovery-source", "cam.make_source")
    list_before_template = "admin/cam/discovery_list.html"
    fieldsets = ((None, {"fields": ("name", "kind", json_column("config", "how"), "made_by", "created_at")}),)


STOPPED = Need(
    key="stopped",
    title="Discoveries that stopped",
    permissions=(_MAY,),
    narrow=lambda rows: (
        rows.filter(state=DiscoveryJob.State.FAILED).select_related("campaign", "source").order_by("pk")
    ),
    client=campaign_link,
    why=lambda job: job.error[:200],
)


@admin.register(DiscoveryJob)
class DiscoveryJobAdmin(DocumentAdmin, TransitionAdmin):
    needs = (STOPPED,)
    list_display = ("__str__", source_link, campaign_link, state_column(), "found", "new", "ingested", "created_at")
    list_filter = ("state", needs_filter(needs), "source", "campaign")
    list_select_related = ("campaign", "source", "started_by")
    search_fields = ("source__name", "campaign__name")
    id_fields = ("pk", "campaign_id", "source_id")
    empty_says = "Nobody has looked for leads yet."
    empty_leads_to = ("Start a discovery", "new-discovery", _MAY)
    list_before_template = "admin/cam/discovery_list.html"
    change_form_before_template = "admin/cam/discovery_job.html"
    fieldsets = (
        (None, {"fields": (source_link, campaign_link, json_column("criteria", "looked for"), "takes_all")}),
        ("Standing", {"fields": ("pages", "started_by", "created_at", "finished_at")}),
    )
    buttons: ClassVar = (
        Button(
            name="retry",
            label="Go on",
            service=discovery.retry_discovery,
            permission=_MAY,
            offered=lambda job: job.state == DiscoveryJob.State.FAILED,
            explanation="It goes on where it stopped; whom it found stays.",
            refusals=_REFUSALS,
        ),
    )

    def page(self, request: HttpRequest, row: DiscoveryJob) -> dict[str, Any]:
        return {
            "job": row,
            "state": badge(row.state),
            "profiles_url": list_of(DiscoveredProfile, job__id__exact=row.pk),
            "is_under_way": row.state in (DiscoveryJob.State.PENDING, DiscoveryJob.State.RUNNING),
        }


@admin.register(DiscoveredProfile)
class DiscoveredProfileAdmin(DocumentAdmin, TransitionAdmin):
    list_display = ("__str__", "title", "company", "address", source_link, state_column(), "created_at")
    list_filter = ("state", ("email", admin.EmptyFieldListFilter), "source", "job")
    list_select_related = ("source", "job__campaign", "lead", "decided_by")
    sortable_by = ()
    search_fields = ("full_name", "company", "external_id")
    id_fields = ("pk", "job_id", "lead_id")
    empty_says = "Whom a discovery finds comes here."
    empty_leads_to = ("Start a discovery", "new-discovery", _MAY)
    list_before_template = "admin/cam/discovery_list.html"
    change_form_before_template = "admin/cam/profile.html"
    fieldsets = (
        ("Person", {"fields": ("full_name", "title", "address", "phone", "linkedin_url")}),
        ("Company", {"fields": ("company", "country", "page_link")}),
        ("Origin", {"fields": (source_link, "external_id", "why", json_column("raw", "also said"), "created_at")}),
        ("Decision", {"fields": (state_column(), "problem", "of_lead", "decided_by")}),
    )
    buttons: ClassVar = (
        Button(
            name="accept",
            label="Make a lead",
            service=discovery.accept_profile,
            permission=_MAY,
            offered=lambda profile: _is_open(profile) and bool(profile.email),
            explanation="They become a lead of the campaign that they were looked for.",
            in_bulk=True,
            refusals=_REFUSALS,
        ),
        Button(
            name="ignore",
            label="Ignore",
            service=discovery.ignore_profile,
            permission=_MAY,
            offered=_is_open,
            explanation="They are left alone, and not found again in this source.",
            asks_reason=True,
            is_optional=True,
            in_bulk=True,
            refusals=_REFUSALS,
        ),
    )

    def page(self, request: HttpRequest, row: DiscoveredProfile) -> dict[str, Any]:
        return {"profile": row, "state": badge(row.state)}

    @admin.display(description="address")
    def address(self, profile: DiscoveredProfile) -> str:
        return profile.email or "No address"

    @admin.display(description="page")
    def page_link(self, profile: DiscoveredProfile) -> SafeString | str:
        return _outward(profile.url)

    @admin.display(description="found because")
    def why(self, profile: DiscoveredProfile) -> SafeString | str:
        return bullets(profile.reasons or ())

    @admin.display(description="lead")
    def of_lead(self, profile: DiscoveredProfile) -> str:
        return admin_link("cam.lead", profile.lead_id, str(profile.lead)) if profile.lead_id else NOTHING


def _outward(url: str) -> SafeString | str:
    """Show an address as a link where it is one of the web: a source may say anything."""
    if not url.lower().startswith(("http://", "https://")):
        return url or NOTHING
    return format_html('<a class="desk-link" href="{}" rel="noreferrer noopener">{}</a>', url, url)

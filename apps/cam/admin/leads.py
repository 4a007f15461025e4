"""Leads at the desk: found, read with their conversation, and moved on."""

from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.filters import ChoicesFieldListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from apps.cam import queries
from apps.cam.models import Lead
from apps.cam.rules.moves import MOVES, Move
from apps.cam.services import leads
from apps.shared.admin import (
    CREATED_FILTER,
    NOTHING,
    Button,
    DocumentAdmin,
    TransitionAdmin,
    admin_link,
    badge,
    bullets,
    json_column,
    state_column,
)
from apps.shared.desk import Need, needs_filter, page_link

SHOWN = 20
"""Of a lead's mails, and of those that became part of it."""
_CONCURRENT = (TransitionNotAllowed, ConcurrentTransition, ValueError)


def _move(lead: Lead, *, by: Any, reason: str, verb: str) -> Lead:
    return leads.advance_lead(lead, verb, by=by, reason=reason, at=timezone.now())


def _is_legal(move: Move, lead: Lead) -> bool:
    return not lead.merged_into_id and lead.state in move.sources and (lead.is_contactable or not move.reaches_out)


def _button(move: Move) -> Button:
    return Button(
        name=move.verb,
        label=move.label,
        service=partial(_move, verb=move.verb),
        permission="cam.advance_lead",
        offered=partial(_is_legal, move),
        explanation=move.explanation,
        asks_reason=True,
        is_optional=not move.asks_reason,
        in_bulk=move.in_bulk,
        refusals=_CONCURRENT,
    )


@admin.display(description="campaign")
def campaign_link(lead: Lead) -> str:
    """Link to the campaign of a lead, which the page's query has loaded along."""
    return admin_link("cam.campaign", lead.campaign_id, str(lead.campaign))


@admin.display(description="contact", ordering="contactability")
def contactability(lead: Lead) -> SafeString | str:
    """Show whether a lead may be contacted where that is not a matter of course."""
    return NOTHING if lead.is_contactable else badge(lead.contactability)


TO_REVIEW = Need(
    key="review",
    title="Leads to decide on",
    permissions=("cam.advance_lead",),
    narrow=lambda rows: (
        rows.single().filter(state="MANUAL_REVIEW").select_related("campaign").defer("raw").order_by("pk")
    ),
    client=campaign_link,
    why=lambda lead: "; ".join(map(str, lead.reasons or ())) or "Nobody has said why.",
)


class MergedFilter(admin.SimpleListFilter):
    """Leaves out the leads that became part of another, unless somebody asks for them."""

    title = "merged leads"
    parameter_name = "merged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("only", "Merged into another"), ("along", "All leads")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "along":
            return queryset
        return queryset.filter(merged_into__isnull=False) if self.value() == "only" else queryset.single()


@admin.register(Lead)
class LeadAdmin(DocumentAdmin, TransitionAdmin):
    needs = (TO_REVIEW,)
    list_display = ("__str__", "email", "company", campaign_link, state_column(), "grade", contactability, "created_at")
    list_filter = (
        "state",
        needs_filter(needs),
        "grade",
        "contactability",
        "campaign",
        MergedFilter,
        ("campaign__state", ChoicesFieldListFilter),
        CREATED_FILTER,
    )
    list_select_related = ("campaign",)
    sortable_by = ()  # a million leads are narrowed down: sorting them by company would read them all
    search_fields = ("full_name",)
    search_help_text = "An id, or how words of the address, name or company begin"
    id_fields = ("pk", "run_id", "campaign_id", "import_batch_id")
    list_before_template = "admin/cam/lead_list.html"
    change_form_before_template = "admin/cam/lead.html"
    fieldsets = (
        ("Person", {"fields": ("full_name", "email", "title", "phone", "linkedin_page")}),
        ("Company", {"fields": ("company", "country")}),
        ("Score", {"fields": ("score", "grade", "why")}),
        ("Origin", {"fields": (campaign_link, "source", "of_import", json_column("raw", "also said"), "created_at")}),
    )
    buttons: ClassVar = (
        *map(_button, MOVES),
        Button(
            name="stop_contact",
            label="Do not contact",
            service=leads.stop_contact,
            permission="cam.stop_contact",
            offered=lambda lead: lead.is_contactable,
            explanation="Nobody may write to this person any more, whatever becomes of the lead.",
            asks_reason=True,
            in_bulk=True,
            refusals=_CONCURRENT,
        ),
        Button(
            name="unsubscribe",
            label="Unsubscribed",
            service=partial(leads.stop_contact, to=Lead.Contactability.UNSUBSCRIBED),
            permission="cam.stop_contact",
            offered=lambda lead: lead.contactability in ("OK", "DO_NOT_CONTACT"),
            explanation="The person asked us to stop. This cannot be taken back here.",
            asks_reason=True,
            refusals=_CONCURRENT,
        ),
        Button(
            name="allow_contact",
            label="Allow contact",
            service=leads.allow_contact,
            permission="cam.stop_contact",
            offered=lambda lead: not lead.merged_into_id and lead.contactability in leads.LIFTED,
            explanation="The lead may be written to again.",
            asks_reason=True,
            refusals=_CONCURRENT,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        return super().get_queryset(request).defer("raw")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet[Lead], bool]:
        """Search the index of words; Django's own search would read the whole table."""
        if not search_term.strip() or _is_id(search_term):
            return super().get_search_results(request, queryset, search_term)
        return queryset.called(search_term), False

    def page(self, request: HttpRequest, row: Lead) -> dict[str, Any]:
        may = request.user.has_perm
        history = f"{reverse('admin:observability_auditentry_changelist')}?q={row.pk}"
        return {
            "lead": row,
            "state": badge(row.state),
            "contact": badge(row.contactability),
            "mails": [(mail, page_link(mail, str(mail))) for mail in queries.mails_of(row)[:SHOWN]],
            "submissions": queries.submissions_of(row)[:SHOWN],
            "board_url": reverse("admin:cam_campaign_board", args=[row.campaign_id]),
            "living": queries.living(row) if row.merged_into_id else None,
            "merges": queries.merged_into(row)[:SHOWN],
            "suspicions": queries.suspicions_of(row) if may("cam.merge_leads") else [],
            "history_url": history if may("observability.view_auditentry") else "",
        }

    def desk_find(self, request: HttpRequest, term: str) -> QuerySet[Lead]:
        """Return the leads in whose names, companies or addresses words begin so."""
        return self.get_search_results(request, self.get_queryset(request).single(), term)[0]

    @admin.display(description="LinkedIn")
    def linkedin_page(self, lead: Lead) -> SafeString | str:
        url = lead.linkedin_url
        if not url:
            return NOTHING
        address = url if url.lower().startswith(("http://", "https://")) else f"https://{url}"
        return format_html('<a class="desk-link" href="{}" rel="noreferrer noopener">{}</a>', address, url)

    @admin.display(description="why")
    def why(self, lead: Lead) -> SafeString | str:
        return bullets(lead.reasons or ())

    @admin.display(description="import")
    def of_import(self, lead: Lead) -> str:
        return NOTHING if lead.import_batch_id is None else admin_link("cam.importbatch", lead.import_batch_id)


def _is_id(term: str) -> bool:
    try:
        UUID(term.strip())
    except ValueError:
        return False
    return True

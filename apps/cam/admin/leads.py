"""Leads at the desk: found, read with their conversation, and moved on."""

from decimal import Decimal
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.filters import ChoicesFieldListFilter
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from apps.cam import queries
from apps.cam.admin.reviewing import review_leads
from apps.cam.models import Lead, OutboundEmail
from apps.cam.rules.moves import MOVES, Move
from apps.cam.rules.rulebooks import percent
from apps.cam.rules.scoring import span
from apps.cam.services import leads, outreach, wishes
from apps.cam.services.deals import OPENED_IN
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

_CONCURRENT = (TransitionNotAllowed, ConcurrentTransition, ValueError)


def _move(lead: Lead, *, by: Any, reason: str, verb: str) -> Lead:
    return leads.advance_lead(lead, verb, by=by, reason=reason, at=timezone.now())


def _now(service: Any, lead: Lead, **arguments: Any) -> Lead:
    return service(lead, at=timezone.now(), **arguments)


def _unsubscribe(lead: Lead, *, by: Any, reason: str) -> Lead:
    if not reason.strip():
        raise ValueError("reason is empty: say when and how they asked.")
    wishes.unsubscribe(lead.email, at=timezone.now(), by=by, note=reason)
    return lead


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


def rating_of(lead: Lead) -> dict[str, Any] | None:
    """Return what a lead was scored by, to be shown as a table; None where it was not."""
    if not lead.rating:
        return None
    parts = [
        {"name": part["name"], "value": _percent(part["value"]), "factors": [_factor(each) for each in part["factors"]]}
        for part in lead.rating["parts"]
    ]
    return {
        "parts": parts,
        "score": _percent(lead.score),
        "tier": lead.rating["tier"].lower(),
        "derived": lead.rating["derived"],
        "route_reasons": lead.rating["route_reasons"],
    }


def _factor(said: dict[str, Any]) -> dict[str, Any]:
    shares = {name: _percent(said[name]) for name in ("weight", "value", "points")}
    return {**said, **shares} if said["value"] is not None else {**said, **dict.fromkeys(shares, NOTHING)}


def _percent(value: Any) -> str:
    return NOTHING if value is None else percent(Decimal(value))


TO_REVIEW = Need(
    key="review",
    title="Leads to decide on",
    permissions=("cam.advance_lead",),
    narrow=lambda rows: (
        rows.single().filter(state="MANUAL_REVIEW").select_related("campaign").defer("raw", "rating").order_by("pk")
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


HALTED = Need(
    key="halted",
    title="Leads whose sequence stands still",
    permissions=("cam.advance_lead",),
    narrow=lambda rows: rows.halted().select_related("campaign").defer("raw").order_by("pk"),
    client=campaign_link,
    why=lambda lead: lead.halted_because,
)


@admin.register(Lead)
class LeadAdmin(DocumentAdmin, TransitionAdmin):
    needs = (TO_REVIEW, HALTED)
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
        (
            "Company",
            {"fields": ("company", "industry", "people", "turnover", "city", "region", "country", "website_said")},
        ),
        ("Score", {"fields": ("score", "grade", "why", "route_name", "seniority", json_column("signals", "signals"))}),
        ("Origin", {"fields": (campaign_link, "source", "of_import", json_column("raw", "also said"), "created_at")}),
    )
    buttons: ClassVar = (
        *(_button(move) for move in MOVES if not move.by_deal),
        Button(
            name="halt_outreach",
            label="Halt",
            service=partial(_now, outreach.halt_outreach),
            permission="cam.advance_lead",
            offered=lambda lead: lead.sequence_id is not None and not lead.halted_because,
            explanation="Nothing more is sent until somebody lets it go on; what waits is cancelled.",
            asks_reason=True,
            in_bulk=True,
            refusals=_CONCURRENT,
        ),
        Button(
            name="resume_outreach",
            label="Let it go on",
            service=partial(_now, outreach.resume_outreach),
            permission="cam.advance_lead",
            offered=lambda lead: bool(lead.halted_because),
            explanation="The sequence goes on behind its last message.",
            preview=lambda lead: f"It stands still because: {lead.halted_because}",
            asks_reason=True,
            is_optional=True,
            in_bulk=True,
            refusals=_CONCURRENT,
        ),
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
            service=_unsubscribe,
            permission="cam.stop_contact",
            offered=lambda lead: lead.contactability != "UNSUBSCRIBED",
            explanation="The person asked us to stop: in every campaign, for good. This cannot be taken back.",
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
        """Return the leads, for a list without what only a page shows."""
        rows = super().get_queryset(request)
        is_page = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        return rows if is_page else rows.defer("raw", "rating")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.review)
        return [path("review/", view, name="cam_lead_review"), *super().get_urls()]

    def review(self, request: HttpRequest) -> HttpResponse:
        """Show the leads that wait for a person one after the other."""
        return review_leads(self, request, rating_of)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet[Lead], bool]:
        """Search the index of words; Django's own search would read the whole table."""
        if not search_term.strip() or is_id(search_term):
            return super().get_search_results(request, queryset, search_term)
        return queryset.called(search_term), False

    def page(self, request: HttpRequest, row: Lead) -> dict[str, Any]:
        may = request.user.has_perm
        deals = list(queries.deals_of(row)[:20])
        history = f"{reverse('admin:observability_auditentry_changelist')}?q={row.pk}"
        return {
            "lead": row,
            "state": badge(row.state),
            "contact": badge(row.contactability),
            "mails": [
                (mail, page_link(mail, str(mail)), badge(mail.state) if isinstance(mail, OutboundEmail) else "")
                for mail in queries.conversation_of(row)
            ],
            "proof_url": f"{reverse('admin:cam_outboundemail_proof')}?{urlencode({'q': row.email})}",
            "consent_url": reverse("admin:cam_consent_record", args=[row.pk]),
            "may_answer": may("cam.answer_reply") and row.is_contactable,
            "rating": rating_of(row),
            "board_url": reverse("admin:cam_campaign_board", args=[row.campaign_id]),
            "deals": [(deal, page_link(deal, str(deal)), badge(deal.state)) for deal in deals],
            "may_open_deal": may("cam.open_deal")
            and row.state in OPENED_IN
            and not any(deal.is_open for deal in deals),
            "submissions": queries.submissions_of(row)[:SHOWN],
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

    @admin.display(description="people")
    def people(self, lead: Lead) -> str:
        return NOTHING if lead.employees is None else span(lead.employees, lead.employees_most)

    @admin.display(description="revenue")
    def turnover(self, lead: Lead) -> str:
        if lead.revenue is None:
            return NOTHING
        return f"{lead.revenue:,.0f} {lead.revenue_currency or '(currency not said)'}"

    @admin.display(description="website")
    def website_said(self, lead: Lead) -> str:
        return lead.website or NOTHING

    @admin.display(description="why")
    def why(self, lead: Lead) -> SafeString | str:
        return bullets(lead.reasons or ())

    @admin.display(description="import")
    def of_import(self, lead: Lead) -> str:
        return NOTHING if lead.import_batch_id is None else admin_link("cam.importbatch", lead.import_batch_id)


def is_id(term: str) -> bool:
    """Tell whether somebody searches for an id."""
    try:
        UUID(term.strip())
    except ValueError:
        return False
    return True


SHOWN = 20
"""Of a lead's mails, and of those that became part of it."""

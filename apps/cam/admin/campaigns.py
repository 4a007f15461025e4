"""Campaigns at the desk: how they stand, their boards, and the funnel on the first page."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from apps.cam import queries
from apps.cam.admin.board import show_board
from apps.cam.admin.deals import totals_said
from apps.cam.admin.rulebooks import edit_profile
from apps.cam.models import Campaign, Deal, ImportBatch, Lead
from apps.cam.rules.moves import STATES
from apps.cam.rules.rulebooks import told
from apps.cam.services import campaigns, ratings
from apps.cam.services.rehearsal import rehearse
from apps.shared.admin import Button, DocumentAdmin, TransitionAdmin, badge, list_link, state_column, words
from apps.shared.desk import Bar, Chart, Part, list_of, page_of

_SHORT = {
    "MANUAL_REVIEW": "Review",
    "QUALIFIED": "Fit",
    "ENRICHED": "Known",
    "CONTACTED": "Sent",
    "PROPOSAL": "Offer",
    "DISQUALIFIED": "Out",
}
"""What fits under a bar."""


def _of_active(state: str) -> str:
    return list_of(Lead, state__exact=state, campaign__state__exact=Campaign.State.ACTIVE)


def _board_url(campaign: Campaign) -> str:
    return reverse("admin:cam_campaign_board", args=[campaign.pk])


@admin.display(description="board")
def board_link(campaign: Campaign) -> SafeString:
    """Link to a campaign's board."""
    return list_link(_board_url(campaign), "Board")


def leads_of(campaign: Campaign, state: str) -> str:
    """Return the address of the list of a campaign's leads in a state."""
    return list_of(Lead, campaign__id__exact=campaign.pk, state__exact=state)


def _rehearsed(campaign: Campaign) -> str:
    """Say what would happen at once."""
    return rehearse(campaign, at=timezone.now()).summary


def _now(service: Callable[..., Counter[str]], campaign: Campaign, **arguments: Any) -> tuple[Campaign, Counter[str]]:
    return campaign, service(campaign, at=timezone.now(), **arguments)


def _scored(result: tuple[Campaign, Counter[str]]) -> str:
    """Tell what became of the leads that were scored at once."""
    campaign, verdicts = result
    counts = [f"{count} {words(verdict).lower()}" for verdict, count in verdicts.most_common()]
    more = " The others follow within minutes." if campaign.scoring_asked_at else ""
    return f"{', '.join(counts) or 'there are no such leads'}.{more}"


def _ask_first(campaign: Campaign) -> str:
    if queries.profile_of(campaign).asks:
        return ""
    return "The campaign does not say whom it looks for: all of them would go to a person."


@admin.register(Campaign)
class CampaignAdmin(DocumentAdmin, TransitionAdmin):
    list_display = ("name", state_column(), board_link, "mode", "daily_cap", "time_zone", "created_at")
    list_filter = ("state", "mode")
    search_fields = ("name", "niche")
    list_before_template = "admin/cam/campaign_list.html"
    change_form_before_template = "admin/cam/campaign.html"
    fieldsets = (
        (None, {"fields": ("niche", "goal", "mode", "mailbox")}),
        (
            "Pace",
            {
                "fields": (
                    *("daily_cap", "hourly_cap", "cool_down_hours"),
                    *("window_opens", "window_closes", "time_zone", "on_weekends"),
                )
            },
        ),
        ("Standing", {"fields": (state_column(), "pause_reason", "created_at", "updated_at")}),
    )
    buttons: ClassVar = (
        Button(
            name="score",
            label="Score new leads",
            service=partial(_now, ratings.score_leads),
            permission="cam.advance_lead",
            offered=lambda campaign: campaign.state != Campaign.State.COMPLETED,
            explanation="New leads are compared with whom the campaign looks for: taken, left out, or left to you.",
            preview=_ask_first,
            outcome=_scored,
            refusals=(ValueError,),
        ),
        Button(
            name="score_again",
            label="Score those to decide on again",
            service=partial(_now, ratings.score_again),
            permission="cam.advance_lead",
            offered=lambda campaign: campaign.state != Campaign.State.COMPLETED,
            explanation=f"Up to {ratings.SLICE} leads that wait for you are scored by the rules and profile of now.",
            asks_reason=True,
            is_optional=True,
            outcome=_scored,
            refusals=(ValueError,),
        ),
        Button(
            name="activate",
            label="Activate",
            service=campaigns.activate_campaign,
            permission="cam.run_campaign",
            offered=lambda campaign: campaign.state == Campaign.State.DRAFT,
            explanation="The campaign begins: from now on it writes to its leads.",
            preview=_rehearsed,
            refusals=(TransitionNotAllowed, ConcurrentTransition),
        ),
        Button(
            name="pause",
            label="Pause",
            service=campaigns.pause_campaign,
            permission="cam.run_campaign",
            offered=lambda campaign: campaign.state == Campaign.State.ACTIVE,
            explanation="Nothing is sent until somebody resumes it.",
            asks_reason=True,
            refusals=(TransitionNotAllowed, ConcurrentTransition, ValueError),
        ),
        Button(
            name="resume",
            label="Resume",
            service=campaigns.resume_campaign,
            permission="cam.run_campaign",
            offered=lambda campaign: campaign.state == Campaign.State.PAUSED,
            explanation="The campaign goes on.",
            preview=lambda campaign: f"It was paused because: {campaign.pause_reason}",
            refusals=(TransitionNotAllowed, ConcurrentTransition),
        ),
        Button(
            name="complete",
            label="Complete",
            service=campaigns.complete_campaign,
            permission="cam.run_campaign",
            offered=lambda campaign: campaign.state in (Campaign.State.ACTIVE, Campaign.State.PAUSED),
            explanation="The campaign ends for good; it takes no more leads.",
            refusals=(TransitionNotAllowed, ConcurrentTransition),
        ),
    )

    def page(self, request: HttpRequest, row: Campaign) -> dict[str, Any]:
        status = queries.get_campaign_status(row.pk, at=timezone.now())
        counts = status.leads_by_state
        return {
            "campaign": row,
            "state": badge(row.state),
            "status": status,
            "board_url": _board_url(row),
            "rehearsal_url": reverse("admin:cam_campaign_rehearsal", args=[row.pk]),
            "columns": [(badge(state), counts.get(state, 0), leads_of(row, state)) for state in STATES],
            "pipeline": totals_said(Deal.objects.open().filter(lead__campaign=row)),
            "won": totals_said(Deal.objects.filter(state=Deal.State.WON, lead__campaign=row)),
            "imports": ImportBatch.objects.filter(campaign=row).order_by("-id")[:5],
            "profile": [(title, text.splitlines()) for title, text in told(queries.profile_of(row)).items() if text],
            "asks": queries.profile_of(row).asks,
            "review_url": f"{reverse('admin:cam_lead_review')}?campaign={row.pk}",
            "has_to_review": counts.get("MANUAL_REVIEW", 0) > 0,
            "profile_url": reverse("admin:cam_campaign_profile", args=[row.pk]),
            "imports_url": list_of(ImportBatch, campaign__id__exact=row.pk),
        }

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.board)
        rehearsal = self.admin_site.admin_view(self.rehearsal)
        return [
            path("<uuid:pk>/board/", view, name="cam_campaign_board"),
            path("<uuid:pk>/rehearsal/", rehearsal, name="cam_campaign_rehearsal"),
            *super().get_urls(),
        ]

    def rehearsal(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show what the campaign would send now, to whom, and what would be held back and why."""
        campaign = get_object_or_404(self.get_queryset(request).select_related("mailbox"), pk=pk)
        if not self.has_view_permission(request, campaign):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"Rehearsal of {campaign}",
            "campaign": campaign,
            "rehearsal": rehearse(campaign, at=timezone.now()),
            "back_url": page_of(campaign),
        }
        return TemplateResponse(request, "admin/cam/rehearsal.html", context)
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/board/", wrap(self.board), name="cam_campaign_board"),
            path("<uuid:pk>/profile/", wrap(self.profile), name="cam_campaign_profile"),
            *super().get_urls(),
        ]

    def profile(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show and store whom a campaign looks for."""
        return edit_profile(self, request, pk)

    def board(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show the leads of a campaign in columns by state, and move one."""
        return show_board(self, request, pk)

    def desk_find(self, request: HttpRequest, term: str) -> QuerySet[Campaign]:
        """Return the campaigns that are called so."""
        return self.get_search_results(request, self.get_queryset(request), term)[0]

    def desk_charts(self, request: HttpRequest) -> list[Chart]:
        """Return how many leads of the active campaigns are in each state.

        Counted exactly, by one look through an index of seven bytes a lead: docs/growth.md has what that takes.
        Counters kept up to date would be quicker to read, and make any two people who move leads wait for each other.
        """
        active = Campaign.objects.filter(state=Campaign.State.ACTIVE).values_list("pk", flat=True)
        counts = queries.count_by_state(active) if active else {}
        if not any(counts.values()):
            return []
        bars = [
            Bar(_SHORT.get(state, words(state)), [Part("leads", count, "info", _of_active(state))])
            for state, count in counts.items()
        ]
        return [Chart("Leads of the active campaigns", "State", bars)]

"""Clients at the desk: who may leave and why, and what is done about it."""

from datetime import date
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RangeDateFilter

from apps.retention import queries, services
from apps.retention.admin.buttons import button, now
from apps.retention.admin.drawing import CLIENTS, TAB, factors_of, percent, today
from apps.retention.admin.opportunities import confidence_of, value_of
from apps.retention.admin.plays import STARTS, risk_after, risk_before
from apps.retention.models import HealthScore, Lifecycle, Opportunity
from apps.retention.rules import PLAYBOOKS
from apps.shared.admin import (
    CLIENT_FILTER,
    NOTHING,
    DocumentAdmin,
    TransitionAdmin,
    badge,
    client_link,
    state_column,
)
from apps.shared.desk import page_link


def _assess(row: Lifecycle, *, by: UUID, reason: str) -> HealthScore:
    return services.assess_renewal_risk(row.client_id, by=by, at=timezone.now())


def _detect(row: Lifecycle, *, by: UUID, reason: str) -> list[Opportunity]:
    return services.detect_opportunities(row.client_id, by=by, at=timezone.now())


def _send_survey(row: Lifecycle, *, by: UUID, reason: str) -> int:
    return services.send_survey(row.client_id, by=by, at=timezone.now())


@admin.display(description="risk")
def newest_score(row: Lifecycle) -> str:
    """Show the newest score of a client."""
    return percent(row.score)


@admin.display(description="level")
def newest_level(row: Lifecycle) -> SafeString | str:
    """Show the level of the newest score of a client."""
    return badge(row.level) if row.level else NOTHING


@admin.display(description="contract ends", ordering="client__contract_end_date")
def contract_end(row: Lifecycle) -> date | None:
    """Show when the client's contract ends."""
    return row.client.contract_end_date


@admin.register(Lifecycle)
class LifecycleAdmin(DocumentAdmin, TransitionAdmin):
    empty_says = (
        "A client is looked after from the day it is opened; the daily check finds those that were there before."
    )
    empty_leads_to = CLIENTS
    list_display = (client_link, state_column("stage"), newest_level, newest_score, contract_end, "advanced_at")
    client_tab = TAB
    list_filter = ("stage", ("client__contract_end_date", RangeDateFilter), CLIENT_FILTER)
    list_select_related = ("client",)
    search_fields = ("client__name",)
    id_fields = ("pk", "client_id")
    change_form_before_template = "admin/retention/lifecycle.html"
    fieldsets = (("Stage", {"fields": (client_link, "reason", "advanced_at", "created_at", "updated_at")}),)
    buttons: ClassVar = (
        button(
            "assess_renewal_risk",
            "Assess now",
            _assess,
            lambda row: row.stage != Lifecycle.Stage.CHURNED,
            "Freezes this week's score of the client, unless it is frozen already: then that one stays.",
            outcome=lambda score: f"{score.level.lower()}, {percent(score.score)}.",
        ),
        button(
            "send_survey",
            "Ask for a recommendation",
            _send_survey,
            lambda row: row.stage != Lifecycle.Stage.CHURNED,
            "Each of the client's people who was not asked within three months gets one letter, with a link that "
            "can be answered for thirty days.",
            outcome=lambda count: f"{count} asked.",
        ),
        button(
            "activate_lifecycle",
            "End the onboarding",
            partial(now, services.activate_lifecycle),
            lambda row: row.stage == Lifecycle.Stage.ONBOARDING,
            "The first delivery does it by itself; press this where the work began elsewhere.",
            asks_reason=True,
        ),
        button(
            "detect_opportunities",
            "Look for opportunities",
            _detect,
            lambda row: row.stage != Lifecycle.Stage.CHURNED,
            "Reads what more the client could buy from what was seen. The daily check does so, too.",
            outcome=lambda found: f"{len(found)} new.",
        ),
        *STARTS,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_newest()

    def page(self, request: HttpRequest, row: Lifecycle) -> dict[str, Any]:
        """Show the newest score factor by factor, the weeks before it, what is done about it, and what people said."""
        scores = queries.scores_of(row.client_id)
        day = today()
        return {
            "lifecycle": row,
            "stage": badge(row.stage),
            "weeks": [(page_link(each, f"{each.week_start_date:%d %b %Y}"), each, _said(each)) for each in scores],
            "renewals": [
                (page_link(each, f"{each.contract_end_date:%d %b %Y}"), each, badge(each.state), each.days_left(day))
                for each in queries.renewals_of(row.client_id)
            ],
            "surveys": [(page_link(each, each.email), each) for each in queries.surveys_of(row.client_id)],
            "opportunities": [
                (page_link(each, str(each)), each, badge(each.state), confidence_of(each), value_of(each))
                for each in queries.opportunities_of(row.client_id)
            ],
            "plays": [
                (
                    page_link(each, each.get_playbook_display()),
                    each,
                    badge(each.state),
                    risk_before(each),
                    risk_after(each),
                )
                for each in queries.plays_of(row.client_id)
            ],
            "advised": [PLAYBOOKS[name].title for name in queries.advised_for(scores[0] if scores else None)],
            **factors_of(scores[0] if scores else None),
        }


def _said(row: HealthScore) -> SafeString:
    return format_html("{} {}", badge(row.level), percent(row.score))

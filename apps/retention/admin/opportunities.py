"""Opportunities at the desk: what more clients could buy, what says so, and what became of it."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateTimeFilter

from apps.retention import queries, services
from apps.retention.admin.buttons import button, now
from apps.retention.admin.drawing import TAB, percent
from apps.retention.models import Opportunity
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    NOTHING,
    DocumentAdmin,
    TransitionAdmin,
    badge,
    client_link,
    state_column,
)
from apps.shared.desk import Need, needs_filter, page_link
from apps.shared.dtos import Money


@admin.display(description="a quarter's value")
def value_of(row: Opportunity) -> str:
    """Show what an opportunity would bring in a quarter."""
    return NOTHING if row.value is None else str(Money(amount=row.value, currency=row.currency))


@admin.display(description="confidence", ordering="confidence")
def confidence_of(row: Opportunity) -> str:
    """Show how much was seen, of the need."""
    return percent(row.confidence)


def _is_open(row: Opportunity) -> bool:
    return row.state == Opportunity.State.OPEN


FOUND = Need(
    key="open",
    title="What clients could buy more",
    permissions=("retention.win_opportunity",),
    narrow=lambda rows: rows.undecided().select_related("client").order_by("-confidence", "pk"),
    why=lambda row: row.why,
    since=lambda row: row.found_at,
)


@admin.register(Opportunity)
class OpportunityAdmin(DocumentAdmin, TransitionAdmin):
    empty_says = "The daily check reads them from deliveries, rounds, reports and answers. Nothing suggests one yet."
    empty_leads_to = ("Clients", "admin:retention_lifecycle_changelist", "retention.detect_opportunities")
    list_display = ("kind", client_link, state_column(), confidence_of, value_of, "found_at")
    needs = (FOUND,)
    client_tab = TAB
    list_filter = (
        "state",
        "kind",
        needs_filter(needs),
        ("found_at", RangeDateTimeFilter),
        CLIENT_FILTER,
        CREATED_FILTER,
    )
    list_select_related = ("client",)
    search_fields = ("client__name",)
    id_fields = ("pk", "client_id")
    change_form_before_template = "admin/retention/opportunity.html"
    fieldsets = (
        ("Outcome", {"fields": (client_link, "reason", "decided_by", "decided_at", "created_at", "updated_at")}),
    )
    buttons: ClassVar = (
        button(
            "win_opportunity",
            "Taken up",
            partial(now, services.win_opportunity),
            _is_open,
            "The client wants it. Draft the quote from the client's page.",
            asks_reason=True,
            question="What was agreed?",
        ),
        button(
            "decline_opportunity",
            "Nothing becomes of it",
            partial(now, services.decline_opportunity),
            _is_open,
            "It is not brought up again for half a year, and then only if something new is seen.",
            asks_reason=True,
            question="Why not?",
        ),
    )

    def page(self, request: HttpRequest, row: Opportunity) -> dict[str, Any]:
        """Show what an opportunity was read from, signal by signal."""
        return {
            "opportunity": row,
            "state": badge(row.state),
            "confidence": confidence_of(row),
            "value": value_of(row),
            "signals": [(page_link(each, str(each)), each) for each in queries.signals_behind(row)],
        }

"""Renewals at the desk: whose contract ends, what is to be done, and how it went."""

from datetime import datetime
from functools import partial
from typing import ClassVar
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import RangeDateFilter, RangeDateTimeFilter

from apps.retention import services
from apps.retention.admin.buttons import button, now
from apps.retention.admin.drawing import CLIENTS, TAB, today
from apps.retention.models import Renewal, RenewalTask
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    ReadOnlyTabularInline,
    TransitionAdmin,
    admin_link,
    client_link,
    state_column,
)
from apps.shared.desk import Entry, Need, needs_filter, page_link


def _take(row: Renewal, *, by: UUID, reason: str) -> Renewal:
    return services.take_renewal(row, by=by)


def _is_open(row: Renewal) -> bool:
    return row.state == Renewal.State.OPEN


def _how_long(row: Renewal) -> str:
    days = row.days_left(today())
    return f"Ends in {days} days" if days >= 0 else f"Ended {-days} days ago"


def _why_due(row: Renewal) -> str:
    to_do = row.open_tasks[0].title if row.open_tasks else "Record whether the client stays"
    return f"{_how_long(row)}. {to_do}. Seen to by {row.owner or 'nobody'}."


DUE = Need(
    key="due",
    title="Contracts that end",
    permissions=("retention.renew_renewal",),
    narrow=lambda rows: (
        rows.undecided().select_related("client", "owner").with_open_tasks().order_by("contract_end_date", "pk")
    ),
    name=lambda row: f"{row.contract_end_date:%d %b %Y}",
    why=_why_due,
)


class TaskInline(ReadOnlyTabularInline):
    model = RenewalTask
    fields = ("mark", "title", "completed_at", "completed_by", "note")
    ordering = ("-mark",)
    show_change_link = True


@admin.display(description="ends in days")
def days_left(row: Renewal) -> str:
    """Say how many days a contract has left."""
    return _how_long(row)


@admin.register(Renewal)
class RenewalAdmin(TransitionAdmin):
    empty_says = "One is opened ninety days before the contract of a client ends. The end stands on the client's page."
    empty_leads_to = CLIENTS
    list_display = ("contract_end_date", client_link, state_column(), "owner", days_left, "decided_at")
    needs = (DUE,)
    client_tab = TAB
    list_filter = ("state", needs_filter(needs), ("contract_end_date", RangeDateFilter), CLIENT_FILTER)
    list_select_related = ("client", "owner")
    search_fields = ("client__name",)
    id_fields = ("pk", "client_id")
    inlines = (TaskInline,)
    fieldsets = (
        (None, {"fields": (client_link, "contract_end_date", days_left, state_column(), "owner")}),
        ("Outcome", {"fields": ("reason", "decided_by", "decided_at", "created_at", "updated_at")}),
    )
    buttons: ClassVar = (
        button(
            "renew_renewal",
            "Renewed",
            partial(now, services.renew_renewal),
            _is_open,
            "The client goes on with us. Write the new end of the contract on the client's page afterwards.",
            asks_reason=True,
            question="What was agreed, and why do they stay?",
        ),
        button(
            "lose_renewal",
            "Lost",
            partial(now, services.lose_renewal),
            _is_open,
            "The client leaves. Nothing is assessed of it from now on.",
            asks_reason=True,
            question="Why do they leave?",
        ),
        button(
            "take_renewal",
            "See to it",
            _take,
            _is_open,
            "The renewal is yours to see to from now on.",
        ),
    )

    def desk_next(self, request: HttpRequest) -> Entry | None:
        """Return the contract that ends next."""
        rows = self.get_queryset(request).undecided().filter(contract_end_date__gte=today()).select_related("client")
        row = rows.order_by("contract_end_date", "pk").first()
        if row is None:
            return None
        ends = timezone.make_aware(datetime.combine(row.contract_end_date, datetime.min.time()))
        return Entry(page_link(row, f"{row.contract_end_date:%d %b %Y}"), client_link(row), "The contract ends.", ends)


@admin.display(description="renewal")
def renewal_link(row: RenewalTask) -> str:
    """Link to the renewal of a task, which the page's query has loaded along."""
    return admin_link("retention.renewal", row.renewal_id, str(row.renewal))


@admin.register(RenewalTask)
class RenewalTaskAdmin(TransitionAdmin):
    empty_says = "They come with renewals, at 90, 60 and 30 days."
    empty_leads_to = ("Renewals", "admin:retention_renewal_changelist", "retention.view_renewal")
    list_display = ("title", renewal_link, "mark", "completed_at", "completed_by")
    list_filter = (("completed_at", RangeDateTimeFilter), CREATED_FILTER)
    list_select_related = ("renewal__client", "completed_by")
    search_fields = ("title", "renewal__client__name")
    id_fields = ("pk", "renewal_id")
    fields = ("title", renewal_link, "mark", "completed_at", "completed_by", "note", "created_at")
    buttons: ClassVar = (
        button(
            "complete_renewaltask",
            "Done",
            partial(now, services.complete_task),
            lambda row: row.completed_at is None,
            "The task is done. What came of it stays with the renewal.",
            asks_reason=True,
            question="What came of it?",
        ),
    )

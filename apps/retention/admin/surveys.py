"""Surveys at the desk: whom we asked, what they said, and who talked to them."""

from functools import partial
from typing import ClassVar

from django.contrib import admin
from unfold.contrib.filters.admin import RangeDateTimeFilter

from apps.retention import services
from apps.retention.admin.buttons import button, now
from apps.retention.admin.drawing import TAB
from apps.retention.models import Survey
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    TransitionAdmin,
    client_link,
    state_column,
)
from apps.shared.desk import Need, needs_filter

UNHEARD = Need(
    key="unheard",
    title="Who would not recommend us",
    permissions=("retention.follow_up_survey",),
    narrow=lambda rows: rows.unheard().select_related("client").order_by("answered_at", "pk"),
    name=lambda row: row.name or row.email,
    why=lambda row: f"{row.score} of 10. {row.comment[:200] or 'Nothing was said beside it.'}",
    since=lambda row: row.answered_at,
)


@admin.register(Survey)
class SurveyAdmin(TransitionAdmin):
    empty_says = "They are sent from a client's page of retention."
    empty_leads_to = ("Clients", "admin:retention_lifecycle_changelist", "retention.send_survey")
    list_display = ("email", client_link, "score", "answered_at", state_column(), "followed_up_at")
    needs = (UNHEARD,)
    client_tab = TAB
    list_filter = ("state", needs_filter(needs), ("answered_at", RangeDateTimeFilter), CLIENT_FILTER, CREATED_FILTER)
    list_select_related = ("client",)
    search_fields = ("email", "client__name")
    id_fields = ("pk", "client_id")
    fieldsets = (
        (None, {"fields": (client_link, "email", "name", "score", "comment", "answered_at")}),
        ("Talked to", {"fields": ("followed_up_at", "followed_up_by", "note")}),
        ("Letter", {"fields": (state_column(), "begun_at", "ended_at", "expires_at", "asked_by", "created_at")}),
    )
    buttons: ClassVar = (
        button(
            "follow_up_survey",
            "Talked to them",
            partial(now, services.follow_up_survey),
            lambda row: row.answered_at is not None and row.followed_up_at is None,
            "Closes the loop: somebody talked to the person who answered.",
            asks_reason=True,
            question="What came of it?",
        ),
    )

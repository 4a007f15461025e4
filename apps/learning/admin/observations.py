"""The desk's pages of what was seen."""

from typing import ClassVar

from django.contrib import admin
from unfold.contrib.filters.admin import RangeDateTimeFilter

from apps.learning.models import LearningEvent
from apps.shared.admin import CLIENT_FILTER, ReadOnlyAdmin, client_link, json_column, state_column


@admin.register(LearningEvent)
class LearningEventAdmin(ReadOnlyAdmin):
    empty_says = "What people decide about finished work is noted here."
    list_display = ("kind", state_column("outcome"), client_link, "observed_at")
    list_filter = ("outcome", ("observed_at", RangeDateTimeFilter), CLIENT_FILTER)
    list_select_related = ("client",)
    search_fields = ("kind", "client__name")
    search_help_text = "An id (of the observation, the event it was seen by or the client), or words"
    id_fields = ("pk", "source_event_id", "client_id")
    fieldsets: ClassVar = [
        (None, {"fields": ("kind", state_column("outcome"), client_link, "source_event_id", "observed_at")}),
        ("What was seen", {"fields": (json_column("context", ""),)}),
    ]

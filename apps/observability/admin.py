"""The audit at the desk: read, searched, never changed."""

import json
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from unfold.contrib.filters.admin import RangeDateTimeFilter

from apps.identity.models import Client, User
from apps.observability.models import AuditEntry
from apps.shared.admin import ReadOnlyAdmin, admin_link
from apps.shared.events import Event


class ActionFilter(admin.SimpleListFilter):
    """Offers the events the code knows: asking the table for its distinct values would read all of it."""

    title = "action"
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(name, name) for name in sorted(kind.__name__ for kind in Event.__subclasses__())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("occurred_at", "action", "object", "client", "actor", "reason")
    list_filter = (ActionFilter, ("occurred_at", RangeDateTimeFilter))
    list_filter_submit = True
    ordering = ("-occurred_at", "-id")
    search_fields = ("action", "reason")
    search_help_text = "An id (of the row, the client, the person, the run or the event), or words of the reason"
    fields = (
        ("occurred_at", "action"),
        ("object", "object_type"),
        ("client", "run"),
        ("actor", "request_id"),
        "reason",
        "facts_as_text",
        "before_as_text",
        "after_as_text",
    )
    readonly_fields = ("object", "client", "run", "actor", "facts_as_text", "before_as_text", "after_as_text")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry], search_term: str
    ) -> tuple[QuerySet[AuditEntry], bool]:
        try:
            wanted = UUID(search_term.strip())
        except ValueError:
            return super().get_search_results(request, queryset, search_term)
        columns = ("object_id", "client_id", "actor_id", "run_id", "event_id")
        return queryset.filter(Q(*((column, wanted) for column in columns), _connector=Q.OR)), False

    @admin.display(description="object")
    def object(self, entry: AuditEntry) -> str:
        return admin_link(entry.object_type, entry.object_id)

    @admin.display(description="client")
    def client(self, entry: AuditEntry) -> str:
        return admin_link(Client._meta.label_lower, entry.client_id)

    @admin.display(description="run")
    def run(self, entry: AuditEntry) -> str:
        return admin_link("orchestration.workflowrun", entry.run_id)

    @admin.display(description="actor")
    def actor(self, entry: AuditEntry) -> str:
        return admin_link(User._meta.label_lower, entry.actor_id)

    @admin.display(description="facts")
    def facts_as_text(self, entry: AuditEntry) -> str:
        return _pretty(entry.facts)

    @admin.display(description="before")
    def before_as_text(self, entry: AuditEntry) -> str:
        return _pretty(entry.before)

    @admin.display(description="after")
    def after_as_text(self, entry: AuditEntry) -> str:
        return _pretty(entry.after)


def _pretty(document: dict[str, Any] | None) -> str:
    if not document:
        return "–"
    return format_html('<pre class="whitespace-pre-wrap">{}</pre>', json.dumps(document, indent=2, ensure_ascii=False))

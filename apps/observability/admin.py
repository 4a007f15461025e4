"""The audit at the desk: read, searched, never changed. And the workers: who is at work, and who fell silent."""

from typing import Any

from django.contrib import admin
from django.db.models import CharField, Model, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.identity.models import Client, User
from apps.observability import queries
from apps.observability.models import AuditEntry, WorkerHeartbeat, WorkerHeartbeatQuerySet
from apps.observability.rules import SILENT_AFTER
from apps.shared.admin import (
    NOTHING,
    ReadOnlyAdmin,
    SpanFilter,
    admin_link,
    badge,
    json_column,
    readable,
    row_link,
    run_link,
    words,
)
from apps.shared.desk import LastChange
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
    empty_says = "Every change leaves one."
    list_display = ("occurred_at", "action", "object", "client", run_link, "actor", "reason")
    client_tab = "Audit"
    list_filter = (ActionFilter, ("occurred_at", SpanFilter))
    ordering = ("-occurred_at", "-id")
    search_fields = ("action", "reason")
    search_help_text = "An id (of the row, the client, the person, the run or the event), or words of the reason"
    id_fields = ("pk", "object_id", "client_id", "actor_id", "run_id", "event_id")
    fieldsets = (
        (None, {"fields": ("occurred_at", "action", "object", "client", run_link, "actor", "request_id", "reason")}),
        ("Facts", {"fields": (json_column("facts", ""),)}),
        ("Before and after", {"fields": ("changes",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        """Look names up for the rows of the page alone: an entry keeps plain ids, for it outlives what they name."""
        client = Client.objects.filter(pk=OuterRef("client_id")).values("name")
        name = Coalesce(NullIf("full_name", Value("")), "email", output_field=CharField())
        actor = User.objects.filter(pk=OuterRef("actor_id")).values_list(name)
        return super().get_queryset(request).annotate(client_name=Subquery(client), actor_name=Subquery(actor))

    def last_change(self, row: Model) -> LastChange | None:
        """Return who changed a row last, and when, for the desk to tell whoever comes too late."""
        entry = queries.entries_of_object(row._meta.label_lower, row.pk).last()
        if entry is None:
            return None
        person = User.objects.filter(pk=entry.actor_id).first()
        return LastChange(by=str(person or "the engine"), at=entry.occurred_at)

    @admin.display(description="object")
    def object(self, entry: AuditEntry) -> str:
        return row_link(entry.object_type, entry.object_id)

    @admin.display(description="client")
    def client(self, entry: Any) -> str:
        return admin_link(Client._meta.label_lower, entry.client_id, entry.client_name or "")

    @admin.display(description="actor")
    def actor(self, entry: Any) -> str:
        return admin_link(User._meta.label_lower, entry.actor_id, entry.actor_name or "")

    @admin.display(description="")
    def changes(self, entry: AuditEntry) -> SafeString | str:
        """Show each column before and after, what changed marked."""
        before, after = entry.before or {}, entry.after or {}
        lines = [
            {"name": words(name), "before": readable(before.get(name)), "after": readable(after.get(name))}
            for name in {**before, **after}
        ]
        return render_to_string("admin/observability/changes.html", {"lines": lines}) if lines else NOTHING


@admin.register(WorkerHeartbeat)
class WorkerHeartbeatAdmin(ReadOnlyAdmin):
    """The workers. One that ended in order is not here any more; one that is silent died, or cannot reach us."""

    empty_says = "No work moves until one is started: `make run`, or the workers of the Procfile."
    empty_leads_to = None
    list_display = ("name", "state", "served", "concurrency", "release", "started_at", "last_seen_at")
    search_fields = ("name", "host", "release")
    search_help_text = "A name, a host or a release"
    fields = ("name", "state", "host", "pid", "served", "concurrency", "release", "started_at", "last_seen_at")

    def get_queryset(self, request: HttpRequest) -> WorkerHeartbeatQuerySet:
        return super().get_queryset(request).with_silence()

    @admin.display(description="state", ordering="-last_seen_at")
    def state(self, worker: Any) -> SafeString:
        return badge("SILENT" if worker.silence > SILENT_AFTER else "RUNNING")

    @admin.display(description="queues")
    def served(self, worker: WorkerHeartbeat) -> str:
        return ", ".join(worker.queues)

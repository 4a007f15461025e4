"""Events on their way, and the dead letters among them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django_fsm import TransitionNotAllowed
from unfold.enums import ActionVariant

from apps.orchestration.admin.desk import DEAD_LETTERS
from apps.orchestration.models import EventReceipt, OutboxEvent
from apps.orchestration.services.outbox import ReactionUnknown, retry_reaction
from apps.shared.admin import (
    NOTHING,
    Button,
    ReadOnlyAdmin,
    ReadOnlyTabularInline,
    TransitionAdmin,
    admin_link,
    declared_filter,
    json_column,
    row_link,
    run_link,
    state_column,
    words,
)
from apps.shared.desk import needs_filter
from apps.shared.events import list_event_names


@admin.display(description="error")
def first_words(receipt: EventReceipt) -> str:
    """Show the beginning of what went wrong."""
    return receipt.error[:80]


class ReceiptInline(ReadOnlyTabularInline):
    model = EventReceipt
    verbose_name_plural = "What followed from it"
    fields = ("followed", state_column(), "attempts", first_words, "done_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventReceipt]:
        return super().get_queryset(request).defer("trace")

    @admin.display(description="reaction")
    def followed(self, receipt: EventReceipt) -> str:
        return admin_link("orchestration.eventreceipt", receipt.pk, words(receipt.reaction))


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    empty_says = "Every step of a run tells what it did."
    list_display = ("name", "about", run_link, "occurred_at", "dispatched_at")
    list_filter = (declared_filter("name", list_event_names, "event"),)
    search_fields = ("name", "aggregate")
    search_help_text = "The id of a run, a row or a client, or the name of an event"
    id_fields = ("pk", "run_id", "aggregate_id", "client_id")
    fields = ("name", "about", run_link, "of_client", "occurred_at", "dispatched_at", json_column("payload"))
    inlines: ClassVar = [ReceiptInline]

    @admin.display(description="about")
    def about(self, event: OutboxEvent) -> str:
        return row_link(event.aggregate, event.aggregate_id)

    @admin.display(description="client")
    def of_client(self, event: OutboxEvent) -> str:
        return NOTHING if event.client_id is None else row_link("identity.client", event.client_id)


@admin.register(EventReceipt)
class EventReceiptAdmin(TransitionAdmin):
    empty_says = "What follows from an event is noted here."
    list_display = ("name", state_column(), "to_event", "about", "attempts", first_words, "created_at", "done_at")
    needs = (DEAD_LETTERS,)
    list_filter = ("state", needs_filter(needs))
    list_select_related = ("event",)
    search_fields = ("reaction", "error", "event__name")
    search_help_text = "The id of a receipt, an event or a run, or words: the reaction, the event, the error"
    id_fields = ("pk", "event_id", "event__run_id", "event__aggregate_id")
    fieldsets = (
        (None, {"fields": ("name", state_column(), "to_event", "about", "attempts", "error", "created_at", "done_at")}),
        ("Trace of the error", {"classes": ("collapse",), "fields": ("trace_as_written",)}),
    )
    buttons = (
        Button(
            name="retry_reaction",
            label="Try again",
            service=retry_reaction,
            permission="orchestration.retry_reaction",
            offered=lambda receipt: receipt.state == EventReceipt.State.DEAD,
            in_bulk=True,
            explanation="The reaction is called again with the event, with all its attempts anew. What other "
            "reactions did with the event is not done again. Mend the cause first.",
            asks_reason=True,
            question="What did you mend?",
            refusals=(TransitionNotAllowed, ReactionUnknown),
            explains=True,
            variant=ActionVariant.PRIMARY,
        ),
    )

    @admin.display(description="reaction", ordering="reaction")
    def name(self, receipt: EventReceipt) -> str:
        return words(receipt.reaction)

    @admin.display(description="to event")
    def to_event(self, receipt: EventReceipt) -> str:
        return admin_link("orchestration.outboxevent", receipt.event_id, receipt.event.name)

    @admin.display(description="about")
    def about(self, receipt: EventReceipt) -> str:
        return row_link(receipt.event.aggregate, receipt.event.aggregate_id)

    @admin.display(description="trace")
    def trace_as_written(self, receipt: EventReceipt) -> Any:
        return format_html('<pre class="desk-code">{}</pre>', receipt.trace) if receipt.trace else NOTHING

"""Message templates and sequences at the desk: what is said when, to whom it would be, and what is at work."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from apps.cam import queries
from apps.cam.models import MessageTemplate, Sequence
from apps.cam.services import sequences
from apps.shared.admin import Button, DocumentAdmin, TransitionAdmin, admin_link, badge, state_column

_REFUSALS = (TransitionNotAllowed, ConcurrentTransition, ValueError)


@admin.display(description="campaign")
def campaign_link(sequence: Sequence) -> str:
    """Link to the campaign of a sequence, which the page's query has loaded along."""
    return admin_link("cam.campaign", sequence.campaign_id, str(sequence.campaign))


def _what_it_replaces(sequence: Sequence) -> str:
    """Say who is in the middle of the version that would make room."""
    old = queries.sequence_at_work(sequence)
    if old is None:
        return "It is the first of its route."
    waiting = sum(queries.leads_midway(old).values())
    return f"{old} retires; {waiting} of its leads wait for their next message."


@admin.register(MessageTemplate)
class MessageTemplateAdmin(DocumentAdmin):
    list_display = ("name", "version", "subject", "created_at")
    search_fields = ("name", "subject")
    list_before_template = "admin/cam/template_list.html"
    change_form_before_template = "admin/cam/template.html"
    fieldsets = ((None, {"fields": ("version", "created_at")}),)

    def page(self, request: HttpRequest, row: MessageTemplate) -> dict[str, Any]:
        return {"template": row, "is_newest": MessageTemplate.objects.newest().filter(pk=row.pk).exists()}


@admin.register(Sequence)
class SequenceAdmin(DocumentAdmin, TransitionAdmin):
    list_display = ("__str__", state_column(), campaign_link, "created_at")
    list_filter = ("state", "campaign")
    list_select_related = ("campaign",)
    search_fields = ("name",)
    list_before_template = "admin/cam/sequence_list.html"
    change_form_before_template = "admin/cam/sequence.html"
    fieldsets = ((None, {"fields": (campaign_link, "name", "version", "created_at", "updated_at")}),)
    buttons: ClassVar = (
        Button(
            name="start",
            label="Start",
            service=sequences.start_sequence,
            permission="cam.write_sequence",
            offered=lambda sequence: sequence.state == Sequence.State.DRAFT,
            explanation="New leads of its route get it. Who is in the middle of the version before stays with that.",
            preview=_what_it_replaces,
            refusals=_REFUSALS,
        ),
        Button(
            name="start_and_move",
            label="Start and take leads along",
            service=partial(sequences.start_sequence, moves_leads=True),
            permission="cam.write_sequence",
            offered=lambda sequence: sequence.state == Sequence.State.DRAFT and sequence.version > 1,
            explanation="Who is in the middle of the version before gets the next message from this one.",
            preview=_what_it_replaces,
            refusals=_REFUSALS,
        ),
        Button(
            name="retire",
            label="Retire",
            service=sequences.retire_sequence,
            permission="cam.write_sequence",
            offered=lambda sequence: sequence.state != Sequence.State.RETIRED,
            explanation="It takes no new leads. Who is in the middle of it goes through.",
            asks_reason=True,
            refusals=_REFUSALS,
        ),
    )

    def page(self, request: HttpRequest, row: Sequence) -> dict[str, Any]:
        lead, steps = queries.sequence_as_read(row)
        return {
            "sequence": row,
            "state": badge(row.state),
            "campaign": campaign_link(row),
            "midway": queries.leads_midway(row).items(),
            "lead": lead,
            "steps": steps,
        }

"""Replies at the desk: those that wait for an answer, read as text, and what was done about them."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from apps.cam import queries
from apps.cam.models import InboundEmail
from apps.cam.services import opinions, replies
from apps.cam.services.replies import ReplyRefused
from apps.shared.admin import CREATED_FILTER, NOTHING, Button, DocumentAdmin, TransitionAdmin, admin_link, badge
from apps.shared.desk import Need, needs_filter


def _now(service: Any, reply: InboundEmail, **arguments: Any) -> InboundEmail:
    return service(reply, at=timezone.now(), **arguments)


def _has_opinion(reply: InboundEmail) -> bool:
    opinion = queries.find_opinion(reply) if _is_open(reply) else None
    return opinion is not None and opinion.is_of_use and not opinion.settled_as


def _is_open(reply: InboundEmail) -> bool:
    return reply.answered_at is None


@admin.display(description="lead")
def lead_link(reply: InboundEmail) -> str:
    """Link to the lead of a reply, which the page's query has loaded along."""
    return admin_link("cam.lead", reply.lead_id, str(reply.lead)) if reply.lead_id else NOTHING


@admin.display(description="answer", ordering="answered_at")
def answer(reply: InboundEmail) -> SafeString:
    """Show what was done about a reply."""
    return badge(reply.answer or "WAITING")


def _why(reply: InboundEmail) -> str:
    beginning = " ".join(reply.text[:300].split())
    return beginning[:140] or "It has no text."


TO_ANSWER = Need(
    key="answer",
    title="Replies to answer",
    permissions=("cam.answer_reply",),
    narrow=lambda rows: rows.unanswered().select_related("lead").defer("html", "headers", "raw").order_by("pk"),
    client=lead_link,
    why=_why,
)


@admin.register(InboundEmail)
class InboundEmailAdmin(DocumentAdmin, TransitionAdmin):
    needs = (TO_ANSWER,)
    list_display = ("__str__", "from_address", lead_link, "classification", answer, "sent_at", "created_at")
    list_filter = (needs_filter(needs), CREATED_FILTER)
    list_select_related = ("lead", "answered_by")
    search_fields = ("from_address", "subject")
    id_fields = ("pk", "lead_id")
    list_before_template = "admin/cam/reply_list.html"
    change_form_before_template = "admin/cam/reply.html"
    fieldsets = (
        ("Answer", {"fields": (answer, "answer_note", "answered_by", "answered_at")}),
        (
            "Mail",
            {"fields": ("sent_at", "from_name", "from_address", lead_link, "matched_by", "message_id", "created_at")},
        ),
    )
    buttons: ClassVar = (
        Button(
            name="answer",
            label="Answered",
            service=partial(_now, replies.answer_reply),
            permission="cam.answer_reply",
            offered=_is_open,
            explanation="Say how you answered, and what: by mail, by telephone, at a meeting.",
            asks_reason=True,
            question="How, and what",
            refusals=(ReplyRefused,),
        ),
        Button(
            name="dismiss",
            label="Needs no answer",
            service=partial(_now, replies.dismiss_reply),
            permission="cam.answer_reply",
            offered=_is_open,
            explanation="Say why nobody has to answer.",
            asks_reason=True,
            in_bulk=True,
            refusals=(ReplyRefused,),
        ),
        Button(
            name="accept",
            label="It means that",
            service=partial(_now, opinions.accept_opinion),
            permission="cam.answer_reply",
            offered=_has_opinion,
            explanation="You have read it, and it means what the language model says. What follows from that is done.",
            refusals=(ReplyRefused,),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[InboundEmail]:
        return super().get_queryset(request).defer("html")

    def page(self, request: HttpRequest, row: InboundEmail) -> dict[str, Any]:
        shown = {"mail": row, "answer": answer(row), "lead": lead_link(row), "has_html": bool(row.html and row.text)}
        return {**shown, "opinion": queries.find_opinion(row)}

"""Reminders at the desk: which went out, what keeps them back, and the page that does so."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, linebreaks

from apps.billing import rules
from apps.billing.admin.bookings import TO_INVOICES, of_invoice
from apps.billing.models import Invoice, Reminder, ReminderHold, ReminderLetter
from apps.billing.queries import find_hold, in_doubt, reminded_in_vain
from apps.billing.rules import BillingRefused
from apps.billing.services import reminders
from apps.billing.services.quotes import local_day
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    NOTHING,
    Button,
    ReadOnlyTabularInline,
    TransitionAdmin,
    client_link,
)
from apps.shared.desk import Need, needs_filter


def _why_in_vain(invoice: Invoice) -> str:
    amount = rules.say(invoice.still_open, invoice.currency)
    return f"{amount} was due on {invoice.due_date:%-d %b %Y}; three reminders went out. Call, or agree on something."


IN_VAIN = Need(
    key="in_vain",
    title="Reminded three times and not paid",
    permissions=("billing.remind_client",),
    narrow=lambda invoices: reminded_in_vain(invoices).select_related("client").order_by("due_date", "pk"),
    name=str,
    why=_why_in_vain,
    since=lambda invoice: invoice.reminders.latest("level").created_at,
)


def _remind(invoice: Invoice, *, by: UUID, reason: str) -> Reminder:
    return reminders.remind_now(invoice.pk, by=by, at=timezone.now())


def _letter_of(invoice: Invoice) -> str:
    day = local_day(invoice.client, timezone.now())
    if why := reminders.why_not_reminded(invoice, day):
        return f"Not now: {why}"
    letter = reminders.preview_of(invoice, day)
    return format_html("<strong>{}</strong>{}", letter.subject, linebreaks(letter.text, autoescape=True))


def _why_in_doubt(reminder: Reminder) -> str:
    doubtful = (each for each in reminder.letters.all() if each.is_in_doubt)
    whose = ", ".join(f"{each.user} ({each.get_state_display().lower()})" for each in doubtful)
    return f"The mail to {whose} may not have arrived. Ask by telephone, or send it again."


IN_DOUBT = Need(
    key="doubt",
    title="Reminders that may not have arrived",
    permissions=("billing.remind_client",),
    narrow=lambda reminders: (
        in_doubt(reminders).select_related("client", "invoice").prefetch_related("letters__user").order_by("pk")
    ),
    why=_why_in_doubt,
)


def _send_again(reminder: Reminder, *, by: UUID, reason: str) -> Reminder:
    return reminders.send_again(reminder.pk, by=by, at=timezone.now())


def _confirm(reminder: Reminder, *, by: UUID, reason: str) -> Reminder:
    return reminders.confirm_arrival(reminder.pk, reason=reason, by=by, at=timezone.now())


def _has_doubt(reminder: Reminder) -> bool:
    return reminder.letters.filter(state__in=ReminderLetter.IN_DOUBT).exists()


REMIND = Button(
    name="remind",
    label="Remind now",
    service=_remind,
    permission="billing.remind_client",
    offered=lambda invoice: invoice.state == Invoice.State.OVERDUE,
    explanation="The next reminder goes by mail to the client's people who may see its invoices. No fee is charged.",
    preview=_letter_of,
    explains=True,
    refusals=(BillingRefused,),
    outcome=lambda reminder: f"reminder {reminder.level} is on its way.",
)


def said_of_reminders(invoice: Invoice) -> dict[str, Any]:
    """Return what an invoice's page says of its reminders, and of what keeps them back."""
    return {
        "reminders": list(invoice.reminders.order_by("level").select_related("by").prefetch_related("letters__user")),
        "hold": find_hold(invoice, local_day(invoice.client, timezone.now())) if invoice.is_unpaid else None,
    }


class LetterInline(ReadOnlyTabularInline):
    model = ReminderLetter
    fields = ("user", "state", "ended_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReminderLetter]:
        return super().get_queryset(request).select_related("user")


class LevelFilter(admin.SimpleListFilter):
    """Narrows to one of the three: Django's own would read the whole table for the levels that there are."""

    title = parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(level), str(level)) for level in range(1, len(rules.REMINDED_AFTER) + 1)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Reminder]) -> QuerySet[Reminder]:
        asked = self.value()
        return queryset.filter(level=asked) if asked in dict(self.lookup_choices) else queryset


@admin.register(Reminder)
class ReminderAdmin(TransitionAdmin):
    empty_says = "They go out by themselves 3, 10 and 21 days after an invoice was due; no late fee is charged."
    empty_leads_to = TO_INVOICES
    list_display = ("level", of_invoice, client_link, "day", "open_said", "sent_by")
    client_tab = "Invoices"
    needs = (IN_DOUBT,)
    list_filter = (LevelFilter, needs_filter(needs), CLIENT_FILTER, CREATED_FILTER)
    list_select_related = ("client", "invoice", "by")
    search_fields = ("invoice__number", "client__name")
    id_fields = ("pk", "invoice_id", "client_id")
    fields = (*list_display, "created_at")
    inlines: ClassVar = [LetterInline]
    buttons: ClassVar = (
        Button(
            name="send_again",
            label="Send again",
            service=_send_again,
            permission="billing.remind_client",
            offered=_has_doubt,
            explanation="To those whom its mail may not have reached. Where it did, they get it twice. Of an address "
            "that the mail server refused, correct it first.",
            explains=True,
            refusals=(BillingRefused,),
            outcome=lambda reminder: "it is on its way again.",
        ),
        Button(
            name="confirm",
            label="It arrived",
            service=_confirm,
            permission="billing.remind_client",
            offered=_has_doubt,
            explanation="The client has it, by mail or because you told them. Nobody needs to look after it then.",
            asks_reason=True,
            question="How do you know?",
            explains=True,
            refusals=(BillingRefused,),
        ),
    )

    @admin.display(description="open then")
    def open_said(self, reminder: Reminder) -> str:
        return rules.say(reminder.open, reminder.invoice.currency)

    @admin.display(description="sent by")
    def sent_by(self, reminder: Reminder) -> str:
        return str(reminder.by or "the schedule")


def _release(hold: ReminderHold, *, by: UUID, reason: str) -> ReminderHold:
    return reminders.release_reminders(hold.pk, reason=reason, by=by, at=timezone.now())


@admin.register(ReminderHold)
class ReminderHoldAdmin(TransitionAdmin):
    empty_says = "Nothing keeps reminders back. The page of an invoice holds its own, or all of its client's."
    empty_leads_to = TO_INVOICES
    list_display = ("__str__", client_link, "reason", "held_by", "until_date", "released_at")
    list_filter = (("released_at", admin.EmptyFieldListFilter), CLIENT_FILTER, CREATED_FILTER)
    list_select_related = ("client", "invoice", "by")
    search_fields = ("client__name", "invoice__number")
    id_fields = ("pk", "invoice_id", "client_id")
    fields = (client_link, of_invoice, "until_date", "reason", "held_by", "released_at", "created_at")
    buttons: ClassVar = (
        Button(
            name="release",
            label="Release",
            service=_release,
            permission="billing.hold_reminders",
            offered=lambda hold: hold.released_at is None,
            explanation="Reminders that are due go out again, the next one when the schedule comes by.",
            asks_reason=True,
            explains=True,
            refusals=(BillingRefused,),
        ),
    )

    @admin.display(description="held by")
    def held_by(self, hold: ReminderHold) -> str:
        return str(hold.by) if hold.by_id else NOTHING

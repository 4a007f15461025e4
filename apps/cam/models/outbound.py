"""Mails that go out: one row for each message of each lead, made before anything is sent."""

import secrets
from datetime import datetime
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from apps.cam.models.campaigns import Campaign
from apps.cam.models.leads import Lead
from apps.cam.models.mailboxes import Mailbox
from apps.cam.models.sequences import SequenceStep
from apps.identity.models import User
from apps.shared.models import OfRunQuerySet, StateModel, UuidModel

_LEGAL = (
    ("QUEUED", "SENDING"),
    ("QUEUED", "CANCELLED"),
    ("SENDING", "SENT"),
    ("SENDING", "FAILED"),
    ("SENDING", "UNKNOWN"),
    ("SENDING", "QUEUED"),
    ("UNKNOWN", "SENT"),
    ("UNKNOWN", "QUEUED"),
    ("UNKNOWN", "CANCELLED"),
    ("SENT", "BOUNCED"),
)
_PAIRS = ", ".join(f"('{source}', '{target}')" for source, target in _LEGAL)
_LEGAL_MOVES = f"""
    IF (OLD.state, NEW.state) NOT IN ({_PAIRS}) THEN
        RAISE EXCEPTION 'Mail % cannot go from % to %.', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'outbound_moves_legally';
    END IF;
    RETURN NEW;
"""
_WORDS_STAY = """
    IF OLD.state <> 'QUEUED' AND (OLD.lead_id, OLD.number, OLD.to_address, OLD.subject, OLD.text, OLD.message_id)
        IS DISTINCT FROM (NEW.lead_id, NEW.number, NEW.to_address, NEW.subject, NEW.text, NEW.message_id) THEN
        RAISE EXCEPTION 'Mail % may have been sent: what it said stays.', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'outbound_words_stay';
    END IF;
    RETURN NEW;
"""


NOT_SAID = ("FAILED", "CANCELLED")
"""States of messages that nobody got: an answer in one of them leaves its reply unanswered."""


class OutboundEmailQuerySet(OfRunQuerySet):
    """Messages, and whether a sequence says them or a person."""

    def of_sequences(self) -> Self:
        """Leave out the answers that people wrote."""
        return self.filter(answers=None)


def new_token() -> str:
    """Return what an unsubscribe link is known by: 256 random bits."""
    return secrets.token_urlsafe(32)


class OutboundEmail(StateModel, UuidModel):
    """One message to one lead, the `number`th: that pair is the reservation which makes a second one impossible.

    A step of a sequence says it, or it `answers` a mail that came in and a person wrote it.
    QUEUED until everything allows it, SENDING while a mail server has it, UNKNOWN where nobody can tell whether the
    server took it: SMTP has no key that makes a second try harmless, so such a mail waits for a person.
    """

    class State(models.TextChoices):
        QUEUED = "QUEUED"
        SENDING = "SENDING"
        SENT = "SENT"
        FAILED = "FAILED"
        UNKNOWN = "UNKNOWN"
        BOUNCED = "BOUNCED"
        CANCELLED = "CANCELLED"

    class Variant(models.TextChoices):
        A = "A", "A"
        B = "B", "B"

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="sent_mails", db_index=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="+", db_index=False)
    step = models.ForeignKey(
        SequenceStep, null=True, blank=True, on_delete=models.PROTECT, related_name="mails", db_index=False
    )
    answers = models.ForeignKey(
        "cam.InboundEmail",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="answers",
        db_index=False,
        help_text="The reply that a person answers with it",
    )
    written_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.PositiveIntegerField(help_text="1 is the lead's first message")
    variant = models.CharField(max_length=1, choices=Variant, default=Variant.A)
    to_address = models.CharField(max_length=254)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    message_id = models.CharField(max_length=255, unique=True)
    unsubscribe_token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    due_at = models.DateTimeField(help_text="Not before")
    state = FSMField(choices=State.choices, default=State.QUEUED, protected=True)
    attempts = models.PositiveIntegerField(default=0)
    fence = models.PositiveBigIntegerField(default=0, editable=False, help_text="Whose hands it was in")
    reserved_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When it was handed to the mail server")
    is_proof = models.BooleanField(default=False, help_text="It was written to a file instead of being sent")
    held_because = models.CharField(max_length=300, blank=True, help_text="Why it was not sent when last looked at")
    answer = models.TextField(blank=True, help_text="What the mail server said, or why it was cancelled")
    run_id = models.UUIDField(null=True, blank=True, editable=False)

    objects = OutboundEmailQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = "message"
        permissions: ClassVar = [("settle_mail", "Can say whether a mail went out")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lead", "number"], name="outbound_once_per_lead_and_number"),
            models.UniqueConstraint(
                fields=["answers"],
                condition=Q(answers__isnull=False) & ~Q(state__in=NOT_SAID),
                name="outbound_answers_once",
            ),
            models.CheckConstraint(
                condition=Q(step__isnull=False, answers=None, written_by=None)
                | Q(step=None, answers__isnull=False, written_by__isnull=False),
                name="outbound_is_a_step_or_an_answer",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="outbound_numbers_count_from_one"),
            models.CheckConstraint(
                condition=Q(state__in=["QUEUED", "SENDING", "SENT", "FAILED", "UNKNOWN", "BOUNCED", "CANCELLED"]),
                name="outbound_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["SENT", "BOUNCED"]) | Q(sent_at__isnull=False), name="outbound_sent_says_when"
            ),
            models.CheckConstraint(
                condition=~Q(state="SENDING") | Q(reserved_at__isnull=False, fence__gte=1),
                name="outbound_sending_says_who",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["mailbox", "due_at", "id"], name="outbound_due", condition=Q(state="QUEUED")),
            models.Index(
                fields=["reserved_at"],
                name="outbound_in_doubt",
                condition=Q(state__in=["SENDING", "UNKNOWN", "CANCELLED"], reserved_at__isnull=False),
            ),
            models.Index(
                fields=["mailbox", "fence"], name="outbound_in_hands", condition=Q(state__in=["SENDING", "UNKNOWN"])
            ),
            models.Index(fields=["mailbox", "sent_at"], name="outbound_sent", condition=Q(sent_at__isnull=False)),
            models.Index(
                fields=["campaign", "sent_at"], name="outbound_of_campaign", condition=Q(sent_at__isnull=False)
            ),
            models.Index(fields=["step", "variant", "state"], name="outbound_of_step"),
            models.Index(fields=["campaign", "state"], name="outbound_counted"),
            models.Index(fields=["run_id"], name="outbound_of_run", condition=Q(run_id__isnull=False)),
            models.Index(fields=["answers"], name="outbound_of_reply", condition=Q(answers__isnull=False)),
            models.Index(fields=["written_by"], name="outbound_of_writer", condition=Q(written_by__isnull=False)),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="legal_moves",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func=_LEGAL_MOVES,
            ),
            pgtrigger.Trigger(
                name="words_stay",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_WORDS_STAY,
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_answer(self) -> bool:
        """Whether a person wrote it to answer a reply."""
        return self.answers_id is not None

    @property
    def said_at(self) -> datetime | None:
        """When it came into the conversation, None where it still waits."""
        return self.sent_at or self.reserved_at

    @transition(field=state, source=State.QUEUED, target=State.SENDING)
    def take(self) -> None:
        """Be given to the mail server."""

    @transition(field=state, source=(State.SENDING, State.UNKNOWN), target=State.SENT)
    def arrive(self) -> None:
        """Have been taken by the mail server."""

    @transition(field=state, source=State.SENDING, target=State.FAILED)
    def fail(self) -> None:
        """Have been refused by the mail server for good."""

    @transition(field=state, source=State.SENDING, target=State.UNKNOWN)
    def lose_sight(self) -> None:
        """Have been sent, or not: nobody can tell."""

    @transition(field=state, source=(State.SENDING, State.UNKNOWN), target=State.QUEUED)
    def requeue(self) -> None:
        """Wait again: the server surely does not have it."""

    @transition(field=state, source=(State.QUEUED, State.UNKNOWN), target=State.CANCELLED)
    def cancel(self) -> None:
        """Not be sent any more."""

    @transition(field=state, source=State.SENT, target=State.BOUNCED)
    def bounce(self) -> None:
        """Have come back."""

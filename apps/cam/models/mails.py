"""Mails that came in, and what was done about them."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from apps.cam.models.leads import Lead
from apps.cam.models.outbound import OutboundEmail
from apps.identity.models import User
from apps.shared.models import UuidModel

UPLOADED = "UPLOADED"
"""The mailbox of mails that people brought as files: its ids are theirs, or their content's."""

CLOSED = ("NEGATIVE", "OUT_OF_OFFICE", "BOUNCE", "UNSUBSCRIBE")
"""What follows from a mail of these classes is done by itself for its lead; nobody waits for an answer."""
CLOSED_FOR_ANYBODY = ("OUT_OF_OFFICE", "BOUNCE")
"""Nothing follows from these where nobody knows whose they are; whoever refuses us is looked for."""


class InboundEmailQuerySet(models.QuerySet):
    """Mails, and which of them wait for an answer."""

    def unanswered(self) -> Self:
        """Narrow to mails that a person has to see to: nobody has, and what they are does not close them by itself."""
        is_closed = Q(classification__in=CLOSED, lead__isnull=False) | Q(classification__in=CLOSED_FOR_ANYBODY)
        return self.filter(answered_at=None).exclude(is_closed)


class InboundEmail(UuidModel):
    """One mail that came in. What it says never changes; what was done about it is written down once.

    `html` is evidence only and never shown as HTML. `lead` is empty where nobody we know wrote it.
    """

    class MatchedBy(models.TextChoices):
        REFERENCE = "REFERENCE", "What it answers"
        ADDRESS = "ADDRESS", "Its sender's address"
        PERSON = "PERSON", "A person"
        NOTHING = "NOTHING", "Nothing"

    class Answer(models.TextChoices):
        ANSWERED = "ANSWERED"
        NOT_NEEDED = "NOT_NEEDED"

    mailbox = models.CharField(max_length=254)
    provider_uid = models.CharField(max_length=255)
    message_id = models.CharField(max_length=255, blank=True)
    references = models.JSONField(default=list, help_text="Message-IDs it answers, from In-Reply-To and References")
    lead = models.ForeignKey(
        Lead, null=True, blank=True, on_delete=models.PROTECT, related_name="mails", db_index=False
    )
    matched_by = models.CharField(max_length=12, choices=MatchedBy)
    from_address = models.CharField(max_length=254)
    from_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="As the sender says")
    headers = models.JSONField(help_text="All headers as they came, in their order")
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    raw = models.BinaryField(null=True, help_text="The mail as it came, or how it begins")
    in_reply_to = models.ForeignKey(
        OutboundEmail,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replies",
        db_index=False,
        help_text="What it answers, of what we sent",
    )
    classification = models.CharField(max_length=16, null=True, blank=True)
    confidence = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    reason = models.TextField(blank=True, help_text="Why it was classified so")
    bounce = models.CharField(max_length=4, blank=True, help_text="hard or soft, where it came back")
    return_date = models.DateField(null=True, blank=True, help_text="When somebody is back, as they say")
    processed_at = models.DateTimeField(null=True, blank=True, help_text="When what follows from it was done")
    process_error = models.TextField(blank=True, help_text="Why what follows from it could not be done")
    answer = models.CharField(max_length=12, choices=Answer, blank=True)
    answer_note = models.TextField(blank=True, help_text="How it was answered, or why it needs no answer")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = InboundEmailQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = "reply"
        verbose_name_plural = "replies"
        permissions: ClassVar = [
            ("receive_reply", "Can add a reply from a file"),
            ("answer_reply", "Can say what was done about a reply"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailbox", "provider_uid"], name="mail_once_per_mailbox"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False, answer__in=["ANSWERED", "NOT_NEEDED"]),
                name="mail_answer_names_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(lead=None, matched_by="NOTHING") | Q(lead__isnull=False) & ~Q(matched_by="NOTHING"),
                name="mail_says_how_its_lead_is_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="mail_unprocessed", condition=Q(processed_at=None)),
            models.Index(fields=["in_reply_to", "id"], name="mail_in_reply_to", condition=Q(in_reply_to__isnull=False)),
            models.Index(fields=["id"], name="mail_unanswered", condition=Q(answered_at=None)),
            models.Index(fields=["lead", "-id"], name="mail_of_lead"),
            models.Index(fields=["-id"], name="mail_positive", condition=Q(classification="POSITIVE")),
            models.Index(fields=["message_id"], name="mail_by_message_id", condition=~Q(message_id="")),
        ]

    @property
    def said_at(self) -> datetime:
        """When it came into the conversation."""
        return self.sent_at or self.created_at

    @property
    def thread(self) -> tuple[str, ...]:
        """The Message-IDs that an answer to it follows on, its own the last: what it answers stands first in them."""
        ids = [*self.references[1:], *self.references[:1], self.message_id]
        return tuple(each for each in ids if each)

    def __str__(self) -> str:
        return self.subject or f"Mail from {self.from_address}"

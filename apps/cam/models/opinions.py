"""What a language model says of replies that the rules would not judge."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apps.cam.models.mails import InboundEmail
from apps.shared.models import UuidModel


class ReplyOpinion(UuidModel):
    """A language model's opinion of one reply, or why there is none: shown to people, and nothing follows from it.

    `quote` are words of the mail. `settled_as` is what a person said instead of it, or with it.
    """

    class Outcome(models.TextChoices):
        ASKING = "ASKING", "Being asked"
        GIVEN = "GIVEN"
        THROWN_AWAY = "THROWN_AWAY", "Thrown away"
        REFUSED = "REFUSED"
        GIVEN_UP = "GIVEN_UP", "Given up"

    class Kind(models.TextChoices):
        POSITIVE = "POSITIVE", "a yes"
        NEGATIVE = "NEGATIVE", "a no"
        OUT_OF_OFFICE = "OUT_OF_OFFICE", "an absence"
        UNSUBSCRIBE = "UNSUBSCRIBE", "a wish for no more mail"
        NEUTRAL = "NEUTRAL", "none of these"

    reply = models.OneToOneField(InboundEmail, on_delete=models.CASCADE, related_name="opinion")
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.ASKING)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(help_text="When it was asked for the last time")
    next_at = models.DateTimeField(help_text="When it may be asked for again, where that failed")
    kind = models.CharField(max_length=16, choices=Kind, blank=True)
    quote = models.TextField(blank=True, help_text="The words of the mail that decided")
    problem = models.TextField(blank=True, help_text="Why there is none, or none yet")
    model = models.CharField(max_length=120, blank=True)
    prompt_version = models.PositiveSmallIntegerField(null=True)
    took_ms = models.PositiveIntegerField(null=True)
    tokens_in = models.PositiveIntegerField(null=True, help_text="Where the model's server tells")
    tokens_out = models.PositiveIntegerField(null=True, help_text="Where the model's server tells")
    settled_as = models.CharField(max_length=16, blank=True, help_text="What a person said that the reply means")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "opinion"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="GIVEN", model__gt="", quote__gt="")
                & Q(kind__in=["POSITIVE", "NEGATIVE", "OUT_OF_OFFICE", "UNSUBSCRIBE", "NEUTRAL"])
                | Q(outcome__in=["ASKING", "THROWN_AWAY", "REFUSED", "GIVEN_UP"], kind="", quote="", settled_as=""),
                name="opinion_has_words_of_the_mail",
            ),
            models.CheckConstraint(
                condition=Q(settled_as="", settled_at=None) | ~Q(settled_as="") & Q(settled_at__isnull=False),
                name="opinion_settled_says_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], name="opinion_by_day"),
            models.Index(fields=["settled_at"], name="opinion_settled", condition=~Q(settled_as="")),
        ]

    @property
    def is_given(self) -> bool:
        """Whether there is one to read."""
        return self.outcome == self.Outcome.GIVEN

    @property
    def is_of_use(self) -> bool:
        """Whether one can go by it: it says more than that it cannot be told."""
        return self.is_given and self.kind != self.Kind.NEUTRAL

    def __str__(self) -> str:
        return f"Opinion of {self.reply_id}"

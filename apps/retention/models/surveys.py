"""Whom we asked whether they recommend us, and what they said."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from apps.identity.models import Client, User
from apps.retention.rules import DETRACTOR_UP_TO
from apps.shared.models import PostedModel


class SurveyQuerySet(models.QuerySet["Survey"]):
    """Surveys, and who has to be talked to."""

    def unheard(self) -> Self:
        """Narrow to answers of detractors to whom nobody has talked yet."""
        return self.filter(score__lte=DETRACTOR_UP_TO, followed_up_at=None)


class Survey(PostedModel):
    """One person of a client's asked once, by one letter, whether they recommend us; and what they said.

    Only the hash of the link's secret is stored. The letter may go out twice where the connection to the mail server
    breaks; both copies hold the same link.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, blank=True)
    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    expires_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 10")
    comment = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    followed_up_at = models.DateTimeField(null=True, blank=True)
    followed_up_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True, help_text="What came of talking to them")

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("send_survey", "Can ask a client whether they recommend us"),
            ("follow_up_survey", "Can note that somebody talked to who would not recommend us"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="survey_token_once"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__range=(0, 10)), name="survey_score_0_to_10"),
            models.CheckConstraint(
                condition=Q(score=None, answered_at=None) | Q(score__isnull=False, answered_at__isnull=False),
                name="survey_answer_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(followed_up_at=None, followed_up_by=None)
                | Q(followed_up_at__isnull=False, followed_up_by__isnull=False) & ~Q(note=""),
                name="survey_follow_up_says_what_came",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="survey_to_send", condition=Q(state__in=("WAITING", "SENDING"))),
            models.Index(
                fields=["answered_at"], name="survey_unheard", condition=Q(score__lte=6, followed_up_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"Survey of {self.name or self.email}"

    def is_open(self, at: datetime) -> bool:
        """Tell whether it can be answered."""
        return self.answered_at is None and at < self.expires_at

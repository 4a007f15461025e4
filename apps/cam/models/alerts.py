"""Alerts: what somebody must know now, told once by mail and at the desk."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from apps.cam.models.campaigns import Campaign
from apps.cam.models.leads import Lead
from apps.identity.models import User
from apps.shared.models import StateModel, UuidModel


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts, and those that nobody has seen."""

    def unseen(self) -> Self:
        """Narrow to alerts that nobody has said to have seen."""
        return self.filter(seen_at=None)


class Alert(StateModel, UuidModel):
    """One thing that people are told of. Its key is that thing's: whoever raises it again adds nothing.

    `told` are those of the `recipients` whose mail the server has taken. A worker that dies with a mail in its hands
    leaves it to the next, who sends it under the same Message-ID.
    """

    class Kind(models.TextChoices):
        POSITIVE_REPLY = "POSITIVE_REPLY"
        CAMPAIGN_PAUSED = "CAMPAIGN_PAUSED"
        STEP_FAILING = "STEP_FAILING"
        MAIL_UNKNOWN = "MAIL_UNKNOWN"
        MAILBOX_ILL = "MAILBOX_ILL"

    class State(models.TextChoices):
        PENDING = "PENDING"
        SENT = "SENT"
        FAILED = "FAILED"

    key = models.CharField(max_length=200, unique=True, help_text="What it is about, once")
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=200)
    message = models.TextField()
    campaign = models.ForeignKey(Campaign, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey(Lead, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    subject_id = models.UUIDField(null=True, blank=True, help_text="The row it is about, of whatever kind")
    recipients = models.JSONField(default=list)
    told = models.JSONField(default=list)
    state = FSMField(choices=State.choices, default=State.PENDING, protected=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(help_text="When it is sent (again); while it is being sent, a lease")
    error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [("see_alert", "Can say that an alert was seen, and have it sent again")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=["PENDING", "SENT", "FAILED"]), name="alert_state_is_known"),
            models.CheckConstraint(condition=~Q(state="SENT") | Q(sent_at__isnull=False), name="alert_sent_says_when"),
            models.CheckConstraint(condition=~Q(state="FAILED") | ~Q(error=""), name="alert_failed_says_why"),
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="alert_seen_names_who_and_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="alert_due", condition=Q(state="PENDING")),
            models.Index(fields=["id"], name="alert_unseen", condition=Q(seen_at=None)),
        ]

    def __str__(self) -> str:
        return self.title

    @transition(field=state, source=State.PENDING, target=State.SENT)
    def arrive(self) -> None:
        """Have been told to all who can be told."""

    @transition(field=state, source=State.PENDING, target=State.FAILED)
    def give_up(self) -> None:
        """Reach nobody."""

    @transition(field=state, source=State.FAILED, target=State.PENDING)
    def send_again(self) -> None:
        """Be tried anew: somebody mended the cause."""

"""Webhooks: where a client's own systems want to hear of events, and what was sent there."""

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from apps.identity.models import Client
from apps.orchestration.models.clock import StatementTimestamp
from apps.shared.models import StateModel, UuidModel


class WebhookEndpoint(UuidModel):
    """An address of a client's that is told of events of some types.

    It has two secrets for a while after one was rotated, both stored encrypted. `failing_since` is the first failure
    since the last success, `failure_count` how many there were; after a few the endpoint rests between two tries.
    """

    class DisabledBy(models.TextChoices):
        CLIENT = "CLIENT", "by the client"
        STAFF = "STAFF", "at the desk"
        FAILURES = "FAILURES", "because nothing arrived for a day"
        GONE = "GONE", "because it answered 410 Gone"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    url = models.CharField("address", max_length=2048)
    description = models.CharField(max_length=200, blank=True)
    types = ArrayField(models.CharField(max_length=80))
    secret = models.TextField(editable=False)
    previous_secret = models.TextField(blank=True, editable=False)
    previous_secret_until = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    disabled_by = models.CharField(max_length=16, choices=DisabledBy, blank=True)
    disabled_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failure_count = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("disable_webhook", "Can switch a webhook off"),
            ("enable_webhook", "Can switch a webhook on again"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(types__len__gt=0), name="webhook_hears_something"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-id"], name="webhook_given_up", condition=Q(disabled_by="FAILURES")),
        ]

    def __str__(self) -> str:
        return self.url

    def sealed_secrets(self, at: datetime) -> list[str]:
        """Return the secrets that are live, the newest first, encrypted as they are stored."""
        is_previous_live = self.previous_secret_until is not None and at < self.previous_secret_until
        return [self.secret, self.previous_secret] if is_previous_live else [self.secret]


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    """Messages to endpoints, and which of them are to be sent."""

    def due(self) -> Self:
        """Narrow to those whose time has come, at endpoints that are on and do not rest."""
        now = StatementTimestamp()
        may_be_asked = Q(endpoint__rests_until=None) | Q(endpoint__rests_until__lt=now)
        return self.filter(may_be_asked, state="PENDING", next_at__lt=now, endpoint__is_active=True)


class WebhookDelivery(StateModel, UuidModel):
    """One event on its way to one endpoint, sent at least once and under the same id each time.

    `attempts` counts those since it was last asked for, `fence` all there ever were: an answer that comes after the
    lease ran out belongs to an older one and is not taken. `body` is what is signed, byte by byte.
    """

    class State(models.TextChoices):
        PENDING = "PENDING"
        DELIVERED = "DELIVERED"
        FAILED = "FAILED"

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.UUIDField(help_text="The id that the receiver sees, the same each time.")
    type = models.CharField(max_length=80)
    body = models.TextField()
    state = FSMField(default=State.PENDING, choices=State, protected=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, help_text="When it is tried (again); a lease while it is being sent.")
    attempted_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True, help_text="The HTTP status of the last answer.")
    milliseconds = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)
    excerpt = models.TextField(blank=True, help_text="How the last answer begins.")

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [("redeliver_webhook", "Can have a webhook's message sent again")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["endpoint", "event_id"], name="webhook_event_once")]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="webhook_due", condition=Q(state="PENDING")),
            models.Index(fields=["endpoint", "-id"], name="webhook_log"),
        ]
        verbose_name_plural = "webhook deliveries"

    def __str__(self) -> str:
        return self.type

    @transition(state, source=State.PENDING, target=State.DELIVERED)
    def arrive(self) -> None:
        """The receiver said that it has it."""

    @transition(state, source=State.PENDING, target=State.FAILED)
    def give_up(self) -> None:
        """It failed too often, or its endpoint was switched off."""

    @transition(
        state,
        source=[State.DELIVERED, State.FAILED],
        target=State.PENDING,
        permission="orchestration.redeliver_webhook",
    )
    def redeliver(self) -> None:
        """Somebody wants it sent again."""

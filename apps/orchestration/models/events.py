"""Events on their way to the reactions."""

from typing import ClassVar

from django.db import models
from django.db.models import Func, Q
from django_fsm import FSMField, transition

from apps.shared.models import StateModel, UuidModel


class NextInOutbox(Func):
    """The next place in the order of all events; gaps and late commits are its nature."""

    template = "nextval('orchestration_outbox_sequence')"
    output_field = models.BigIntegerField()
    arity = 0


class OutboxEvent(models.Model):
    """An event that committed with the change it tells of.

    `dispatched_at` is empty until every reaction to it is done, or was given up; an event without reactions is
    dispatched as it is written. `sequence` orders the events of one row: whoever changes the row holds its lock.
    """

    id = models.UUIDField(primary_key=True, help_text="The event's own id.")
    sequence = models.BigIntegerField(db_default=NextInOutbox(), editable=False)
    name = models.CharField(max_length=80)
    aggregate = models.CharField(max_length=80)
    aggregate_id = models.UUIDField()
    client_id = models.UUIDField(null=True)
    run_id = models.UUIDField(null=True)
    payload = models.JSONField()
    occurred_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    wake_at = models.DateTimeField(null=True, help_text="When its reactions are tried next, after a failure.")

    class Meta:
        ordering = ("-id",)
        indexes: ClassVar = [
            models.Index(fields=["sequence"], name="outbox_undispatched", condition=Q(dispatched_at=None)),
            models.Index(fields=["aggregate_id", "sequence"], name="outbox_before", condition=Q(dispatched_at=None)),
            models.Index(fields=["aggregate_id"], name="outbox_of_aggregate"),
            models.Index(fields=["run_id"], name="outbox_of_run"),
        ]

    def __str__(self) -> str:
        return self.name


class EventReceipt(StateModel, UuidModel):
    """One reaction to one event: done exactly once, or what went wrong with it."""

    class State(models.TextChoices):
        RETRYING = "RETRYING"
        DONE = "DONE"
        DEAD = "DEAD"

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="receipts")
    reaction = models.CharField(max_length=80)
    state = FSMField(default=State.RETRYING, choices=State, protected=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    trace = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [("retry_reaction", "Can have a dead letter tried again")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "reaction"], name="reaction_once")]
        indexes: ClassVar = [models.Index(fields=["-id"], name="dead_letters", condition=Q(state="DEAD"))]

    def __str__(self) -> str:
        return f"{self.reaction} to {self.event}"

    @transition(state, source=State.RETRYING, target=State.DONE)
    def finish(self) -> None:
        """What it wrote is committed with this."""

    @transition(state, source=State.RETRYING, target=State.DEAD)
    def give_up(self) -> None:
        """It failed too often: a person has to look."""

    @transition(state, source=State.DEAD, target=State.RETRYING, permission="orchestration.retry_reaction")
    def retry_reaction(self) -> None:
        """A person mended the cause."""

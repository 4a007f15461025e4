"""Contracts that end, and what is done about it."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Prefetch, Q
from django_fsm import FSMField, transition

from apps.identity.models import Client, User
from apps.retention.rules import MARKS
from apps.shared.models import StateModel, UuidModel


class RenewalQuerySet(models.QuerySet["Renewal"]):
    """Contracts that end."""

    def undecided(self) -> Self:
        """Narrow to those of which nobody has said yet whether the client stays."""
        return self.filter(state=Renewal.State.OPEN)

    def standing(self) -> Self:
        """Narrow to those that are about the contract as it is; one dropped stays so though its day comes back."""
        return self.exclude(state=Renewal.State.DROPPED)

    def outdated(self) -> Self:
        """Narrow to open ones whose client's contract ends on another day now, or on none."""
        is_same = Q(contract_end_date=F("client__contract_end_date"), client__contract_end_date__isnull=False)
        return self.undecided().exclude(is_same)

    def with_open_tasks(self) -> Self:
        """Load what is to be done for each, as `open_tasks`."""
        undone = RenewalTask.objects.filter(completed_at=None).order_by("-mark")
        return self.prefetch_related(Prefetch("tasks", undone, to_attr="open_tasks"))


class Renewal(StateModel, UuidModel):
    """The end of one contract, from ninety days before on: somebody's to see to, until it is said how it went."""

    class State(models.TextChoices):
        OPEN = "OPEN"
        RENEWED = "RENEWED"
        LOST = "LOST"
        DROPPED = "DROPPED"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    contract_end_date = models.DateField()
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = FSMField(choices=State.choices, default=State.OPEN, protected=True)
    reason = models.TextField(blank=True, help_text="Why the client stays, or leaves")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = RenewalQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("take_renewal", "Can take a renewal over"),
            ("renew_renewal", "Can record that a client goes on with us"),
            ("lose_renewal", "Can record that a client leaves"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "contract_end_date"], name="renewal_once_per_end", condition=~Q(state="DROPPED")
            ),
            models.CheckConstraint(
                condition=Q(state__in=("OPEN", "DROPPED"), decided_at=None, decided_by=None)
                | Q(state__in=("RENEWED", "LOST"), decided_at__isnull=False, decided_by__isnull=False) & ~Q(reason=""),
                name="renewal_outcome_says_who_and_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["contract_end_date", "id"], name="renewal_open", condition=Q(state="OPEN"))
        ]

    def __str__(self) -> str:
        return f"Renewal of {self.client}, {self.contract_end_date}"

    def days_left(self, today: date) -> int:
        """Return how many days the contract still has; below nought it has ended."""
        return (self.contract_end_date - today).days

    @transition(field=state, source=State.OPEN, target=State.RENEWED)
    def renew(self) -> None:
        """The client goes on with us."""

    @transition(field=state, source=State.OPEN, target=State.LOST)
    def lose(self) -> None:
        """The client leaves."""

    @transition(field=state, source=State.OPEN, target=State.DROPPED)
    def drop(self) -> None:
        """The contract ends on another day now."""


class RenewalTask(UuidModel):
    """What is to be done from one mark of a renewal on: 90, 60 or 30 days before the contract ends."""

    renewal = models.ForeignKey(Renewal, on_delete=models.CASCADE, related_name="tasks")
    mark = models.PositiveSmallIntegerField(help_text="Days before the end")
    title = models.CharField(max_length=200)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True, help_text="What came of it")

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [("complete_renewaltask", "Can say that a task of a renewal is done")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["renewal", "mark"], name="renewal_mark_once"),
            models.CheckConstraint(condition=Q(mark__in=MARKS), name="renewal_mark_is_known"),
            models.CheckConstraint(
                condition=Q(completed_at=None, completed_by=None)
                | Q(completed_at__isnull=False, completed_by__isnull=False) & ~Q(note=""),
                name="renewal_task_done_says_what_came",
            ),
        ]

    def __str__(self) -> str:
        return self.title

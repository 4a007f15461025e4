"""Playbooks at work: what a person set going for a client, task by task."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Prefetch, Q
from django_fsm import FSMField, transition

from apps.identity.models import Client, User
from apps.retention.models.lifecycles import HealthScore
from apps.retention.rules import PLAYBOOKS
from apps.shared.models import StateModel, UuidModel


class PlayQuerySet(models.QuerySet["Play"]):
    """Plays."""

    def with_open_tasks(self) -> Self:
        """Load what is to be done for each, as `open_tasks`, what is due first before the rest."""
        undone = PlayTask.objects.filter(completed_at=None).order_by("due_date", "position")
        return self.prefetch_related(Prefetch("tasks", undone, to_attr="open_tasks"))


class Play(StateModel, UuidModel):
    """One playbook at work for one client, from the day a person started it until they say what came of it.

    Its tasks are those that the playbook had on that day.
    """

    class State(models.TextChoices):
        RUNNING = "RUNNING"
        FINISHED = "FINISHED"
        STOPPED = "STOPPED"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    playbook = models.CharField(max_length=20, choices=[(name, known.title) for name, known in PLAYBOOKS.items()])
    state = FSMField(choices=State.choices, default=State.RUNNING, protected=True)
    reason = models.TextField(help_text="Why it was started")
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    score_before = models.ForeignKey(
        HealthScore, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="The newest then"
    )
    outcome = models.TextField(blank=True, help_text="What came of it")
    score_after = models.ForeignKey(
        HealthScore,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The newest at its end",
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = PlayQuerySet.as_manager()

    class Meta:
        verbose_name = "playbook"
        ordering = ("-id",)
        permissions: ClassVar = [
            ("start_play", "Can start a playbook for a client"),
            ("finish_play", "Can say what came of a playbook"),
            ("stop_play", "Can stop a playbook"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "playbook"], name="play_running_once", condition=Q(state="RUNNING")
            ),
            models.CheckConstraint(
                condition=Q(state="RUNNING", ended_at=None, ended_by=None)
                | ~Q(state="RUNNING") & Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(outcome=""),
                name="play_ended_says_who_and_what_came",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_playbook_display()} for {self.client}"

    @transition(field=state, source=State.RUNNING, target=State.FINISHED)
    def finish(self) -> None:
        """It was played to its end."""

    @transition(field=state, source=State.RUNNING, target=State.STOPPED)
    def stop(self) -> None:
        """It is not gone on with."""


class PlayTaskQuerySet(models.QuerySet["PlayTask"]):
    """Tasks of plays, and which have to be done now."""

    def due(self, today: date) -> Self:
        """Narrow to what was to be done by today and is not, while its play is running."""
        return self.filter(completed_at=None, due_date__lte=today, play__state=Play.State.RUNNING)


class PlayTask(UuidModel):
    """What is to be done in a play, by a day."""

    play = models.ForeignKey(Play, on_delete=models.CASCADE, related_name="tasks")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    due_date = models.DateField()
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True, help_text="What came of it")

    objects = PlayTaskQuerySet.as_manager()

    class Meta:
        verbose_name = "task of a playbook"
        verbose_name_plural = "tasks of playbooks"
        ordering = ("-id",)
        permissions: ClassVar = [("complete_playtask", "Can say that a task of a playbook is done")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["play", "position"], name="play_task_once_a_position"),
            models.CheckConstraint(
                condition=Q(completed_at=None, completed_by=None)
                | Q(completed_at__isnull=False, completed_by__isnull=False) & ~Q(note=""),
                name="play_task_done_says_what_came",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_date", "id"], name="play_task_open", condition=Q(completed_at=None))
        ]

    def __str__(self) -> str:
        return self.title

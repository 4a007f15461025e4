"""Lessons: what the observations suggest, and what a person made of the suggestion."""

from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from apps.identity.models import Client, User
from apps.learning.models.observations import JudgedSection
from apps.shared.models import StateModel, UuidModel


class LessonQuerySet(models.QuerySet["Lesson"]):
    """Lessons, and which of them do something."""

    def proposed(self) -> Self:
        """Narrow to those that wait for a person."""
        return self.filter(state=Lesson.State.PROPOSED)

    def in_force(self, client_id: UUID) -> Self:
        """Narrow to those that change a client's drafts and their checks, in a fixed order."""
        return self.filter(client_id=client_id, state=Lesson.State.ACTIVE).order_by("pk")

    def tried(self, client_id: UUID) -> Self:
        """Narrow to those that are tried on a client's drafts and change nothing."""
        return self.filter(client_id=client_id, state=Lesson.State.SHADOW).order_by("pk")


class Lesson(StateModel, UuidModel):
    """A rule that a client's decisions suggest, with how it would have done so far. A person puts it into effect.

    Its content never changes: the same rule, suggested again by other decisions, is the next version.
    """

    class Family(models.TextChoices):
        BANNED_WORDS = "BANNED_WORDS"

    class State(models.TextChoices):
        PROPOSED = "PROPOSED"
        SHADOW = "SHADOW"
        ACTIVE = "ACTIVE"
        RETIRED = "RETIRED"
        DISMISSED = "DISMISSED"

    OPEN = (State.PROPOSED, State.SHADOW, State.ACTIVE)

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    family = models.CharField(max_length=16, choices=Family)
    subject = models.CharField(max_length=100, help_text="What the rule is about: the words to leave out")
    version = models.PositiveSmallIntegerField(help_text="How often the rule was proposed for this client")
    claim = models.TextField()
    sample_size = models.PositiveIntegerField(help_text="Sections that the client had judged")
    refused = models.PositiveIntegerField(help_text="Of these, objected to")
    named = models.PositiveIntegerField(help_text="Objected to with the very words")
    caught = models.PositiveIntegerField(help_text="Objected to, and the rule would have found them")
    false_alarms = models.PositiveIntegerField(help_text="Accepted, though the rule would have found them")
    confidence = models.DecimalField(max_digits=5, decimal_places=4, help_text="0 to 1: see rules/replay.py")
    state = FSMField(choices=State.choices, default=State.PROPOSED, protected=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="Why it was last decided so")

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("activate_lesson", "Can put a lesson into effect"),
            ("shadow_lesson", "Can have a lesson tried without effect"),
            ("retire_lesson", "Can take a lesson out of effect"),
            ("dismiss_lesson", "Can turn a proposed lesson down"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "family", "subject", "version"], name="lesson_version_once"),
            models.UniqueConstraint(
                fields=["client", "family", "subject"],
                condition=Q(state__in=("PROPOSED", "SHADOW", "ACTIVE")),
                name="lesson_open_once",
            ),
            models.CheckConstraint(condition=Q(confidence__range=(0, 1)), name="lesson_confidence_0_to_1"),
            models.CheckConstraint(condition=Q(version__gte=1), name="lesson_version_from_1"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "state"], name="lesson_by_client"),
            models.Index(fields=["id"], name="lesson_to_decide", condition=Q(state="PROPOSED")),
        ]

    def __str__(self) -> str:
        return f"Leave out “{self.subject}” (version {self.version})"

    @transition(field=state, source=(State.PROPOSED, State.SHADOW), target=State.ACTIVE)
    def activate(self) -> None:
        """Change drafts and checks that begin from now on."""

    @transition(field=state, source=(State.PROPOSED, State.ACTIVE), target=State.SHADOW)
    def shadow(self) -> None:
        """Be tried on new drafts, and change nothing any more."""

    @transition(field=state, source=(State.SHADOW, State.ACTIVE), target=State.RETIRED)
    def retire(self) -> None:
        """Change nothing any more."""

    @transition(field=state, source=State.PROPOSED, target=State.DISMISSED)
    def dismiss(self) -> None:
        """Never come again for the same evidence."""


class LessonEvidence(models.Model):
    """A judged section that a lesson stands on, or that speaks against it."""

    class Kind(models.TextChoices):
        NAMED = "NAMED", "Objected to with these words"
        CAUGHT = "CAUGHT", "Objected to, would have been caught"
        FALSE_ALARM = "FALSE_ALARM", "Accepted: a false alarm"

    id = models.BigAutoField(primary_key=True)
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="evidence")
    judged = models.ForeignKey(JudgedSection, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=11, choices=Kind)

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["lesson", "judged"], name="evidence_once")]

    def __str__(self) -> str:
        return self.get_kind_display()


class LessonTrial(models.Model):
    """What a lesson that is only tried would have found in one draft."""

    id = models.BigAutoField(primary_key=True)
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="trials")
    draft_id = models.UUIDField()
    sections = models.JSONField(help_text="The keys of the sections in which it would have found something")
    tried_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["lesson", "draft_id"], name="trial_once")]

    def __str__(self) -> str:
        return f"{len(self.sections)} sections"

"""Packs, the drafts written from them, and the bundles of assets that belong to drafts."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from apps.identity.models import Client, User
from apps.shared.models import OfRunQuerySet, RunModel, StateModel, UuidModel


class Pack(UuidModel):
    """Something a client can order: a set of sections in a fixed order."""

    key = models.SlugField(max_length=64, unique=True)
    title = models.CharField(max_length=120)
    description = models.TextField()
    is_active = models.BooleanField(default=True, help_text="Unset: no new drafts, old ones stay.")

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.title


class PackSection(UuidModel):
    """One section of a pack: who writes it, by which prompt, and what it must measure."""

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=64)
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=120)
    renderer = models.SlugField(max_length=64, help_text="The section writer of the offline composer")
    prompt = models.CharField(max_length=200, help_text="Path of the prompt template for a language model")
    prompt_version = models.CharField(max_length=16)
    benchmark = models.JSONField(help_text="Words, bullets, headings, form, labels: see the Benchmark DTO")

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pack", "key"], name="packsection_key_once"),
            models.UniqueConstraint(fields=["pack", "position"], name="packsection_position_once"),
        ]

    def __str__(self) -> str:
        return self.heading


class DraftQuerySet(OfRunQuerySet):
    """Drafts: which of them somebody should have checked, and which of them clients may see."""

    def edited_and_unchecked(self) -> Self:
        """Narrow to drafts that hold as a person wrote them, and that quality control has not seen."""
        return self.filter(state=Draft.State.READY, author__isnull=False, checked_at=None)

    def shown(self) -> Self:
        """Narrow to what was shown to its client: sent for review, or delivered."""
        return self.filter(shown_at__isnull=False)


class Draft(RunModel, StateModel):
    """One round of a pack written for a strategy; its content never changes, a revision is a new round."""

    class State(models.TextChoices):
        READY = "READY"
        SUPERSEDED = "SUPERSEDED"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    brief_id = models.UUIDField(db_index=True)
    strategy_id = models.UUIDField(db_index=True)
    pack = models.CharField(max_length=64)
    pack_title = models.CharField(max_length=120)
    provider = models.CharField(max_length=64, help_text="Who wrote it; “offline” for the built-in composer")
    round = models.PositiveSmallIntegerField()
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, help_text="Why the round before was revised; empty for one written anew")
    checked_at = models.DateTimeField(
        null=True, blank=True, help_text="When quality control judged what a person had written; a run checks its own"
    )
    lessons = models.JSONField(
        default=list, db_default=[], blank=True, help_text="The lessons it was written by, as they stood then"
    )
    state = FSMField(choices=State.choices, default=State.READY, protected=True)
    shown_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Since when the client may see it: sent for review, or delivered",
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                name="draft_edited_unchecked",
                condition=Q(state="READY", author__isnull=False, checked_at=None),
            )
        ]
        permissions: ClassVar = [("revise_draft", "Can write sections of drafts anew")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy_id", "pack", "round"], name="draft_round_once"),
            models.UniqueConstraint(
                fields=["strategy_id", "pack"], condition=Q(state="READY"), name="draft_one_ready_per_strategy_and_pack"
            ),
            models.CheckConstraint(condition=Q(round__gte=1), name="draft_round_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.pack_title}, round {self.round}"

    @property
    def is_edited_and_unchecked(self) -> bool:
        """Tell whether it holds as a person wrote it, and quality control has not seen that."""
        return self.state == self.State.READY and self.author_id is not None and self.checked_at is None

    @transition(field=state, source=State.READY, target=State.SUPERSEDED)
    def supersede(self) -> None:
        """Give way to a later round."""

    @transition(field=state, source=State.SUPERSEDED, target=State.READY)
    def reinstate(self) -> None:
        """Hold again, because the round that replaced it was taken back."""


class DraftSection(UuidModel):
    """One section of a draft as it was written, with the benchmark it was written to."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=64)
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=120)
    markdown = models.TextField()
    provider = models.CharField(max_length=64)
    prompt_version = models.CharField(max_length=16)
    tokens = models.PositiveIntegerField(default=0)
    benchmark = models.JSONField()

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "key"], name="draftsection_key_once"),
            models.UniqueConstraint(fields=["draft", "position"], name="draftsection_position_once"),
        ]

    def __str__(self) -> str:
        return self.heading


class CalendarItem(UuidModel):
    """What a draft plans for one day."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="calendar")
    date = models.DateField()
    platform = models.CharField(max_length=120)
    theme = models.CharField(max_length=120)
    format = models.CharField(max_length=60)
    hook = models.TextField()
    caption = models.TextField()
    call_to_action = models.CharField(max_length=200)

    class Meta:
        ordering = ("date",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "date"], name="calendaritem_day_once")]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.platform}"


class Bundle(RunModel):
    """The creative assets of a draft; it carries the draft's run, and goes with it."""

    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="bundle")

    def __str__(self) -> str:
        return f"Assets of {self.draft}"


class BundleAsset(UuidModel):
    """The specification of one visual, or the visual itself once somebody has made it."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="assets")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=200)
    spec = models.TextField()
    file = models.FileField(upload_to="production/assets/%Y/%m/", blank=True)
    sha256 = models.CharField(max_length=64, help_text="Of the specification's UTF-8 bytes")

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bundle", "position"], name="bundleasset_position_once"),
            models.UniqueConstraint(fields=["bundle", "name"], name="bundleasset_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

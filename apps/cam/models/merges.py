"""Leads that may be one person, and leads that were made one."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from apps.cam.models.leads import Lead
from apps.identity.models import User
from apps.shared.models import StateModel, UuidModel


class DuplicatePair(StateModel, UuidModel):
    """Two leads that may be the same person; `lead` is the one that came first. Judged once, it is not asked again."""

    class State(models.TextChoices):
        OPEN = "OPEN"
        MERGED = "MERGED"
        DISMISSED = "DISMISSED", "Two people"

    class Reason(models.TextChoices):
        ADDRESS = "ADDRESS", "the same address"
        PROFILE = "PROFILE", "the same page at LinkedIn"
        PHONE = "PHONE", "the same telephone number"
        COLLEAGUE = "COLLEAGUE", "the same name in the same company"

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="+", db_index=False)
    other = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="+")
    reasons = models.JSONField(help_text="What they share")
    state = FSMField(choices=State.choices, default=State.OPEN, protected=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-id",)
        verbose_name = "suspected duplicate"
        permissions: ClassVar = [("merge_leads", "Can merge leads, take that back, and say that two are two people")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lead", "other"], name="duplicate_suspected_once"),
            models.CheckConstraint(condition=Q(lead__lt=F("other")), name="duplicate_pair_has_one_order"),
            models.CheckConstraint(
                condition=Q(state__in=["OPEN", "MERGED", "DISMISSED"]), name="duplicate_state_is_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["id"], name="duplicate_open", condition=Q(state="OPEN"))]

    def __str__(self) -> str:
        return f"{self.lead} and {self.other}"

    @property
    def shares(self) -> str:
        """What they share, in words."""
        return ", ".join(str(self.Reason(reason).label) for reason in self.reasons)

    @transition(field=state, source=State.OPEN, target=State.MERGED)
    def merge(self) -> None:
        """Be one person."""

    @transition(field=state, source=State.MERGED, target=State.OPEN)
    def reopen(self) -> None:
        """Be two again, and in question."""

    @transition(field=state, source=State.OPEN, target=State.DISMISSED)
    def dismiss(self) -> None:
        """Be two people."""


class LeadMerge(UuidModel):
    """One lead became part of another. `before` and `after` hold both rows as they were: what taking it back needs."""

    survivor = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="+")
    chosen = models.JSONField(help_text="Of which lead the survivor has each field")
    before = models.JSONField()
    after = models.JSONField()
    moved = models.JSONField(help_text="The keys of the rows that went over to the survivor, by table")
    reason = models.TextField(blank=True)
    merged_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-id",)
        verbose_name = "merge"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merged"], condition=Q(undone_at=None), name="lead_merged_once"),
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="lead_is_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.merged} into {self.survivor}"

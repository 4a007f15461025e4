"""How campaigns do, day by day, and what stops them."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from apps.cam.models.campaigns import Campaign
from apps.cam.models.sequences import SequenceStep
from apps.shared.models import UuidModel

COUNTED = (
    *("sent", "contacted", "bounced_hard", "bounced_soft", "replied", "positive", "negative", "neutral"),
    *("out_of_office", "unsubscribed"),
)
"""What mails add up to, of a campaign and of each step and variant."""


class Counts(UuidModel):
    """Counts of mails. `contacted` are first messages, `replied` leads that answered: not machines, and each once."""

    sent = models.PositiveIntegerField(default=0)
    contacted = models.PositiveIntegerField(default=0)
    bounced_hard = models.PositiveIntegerField(default=0)
    bounced_soft = models.PositiveIntegerField(default=0)
    replied = models.PositiveIntegerField(default=0)
    positive = models.PositiveIntegerField(default=0)
    negative = models.PositiveIntegerField(default=0)
    neutral = models.PositiveIntegerField(default=0)
    out_of_office = models.PositiveIntegerField(default=0)
    unsubscribed = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class CampaignSnapshotQuerySet(models.QuerySet["CampaignSnapshot"]):
    """Snapshots, and which of them to count on from."""

    def of(self, campaign: Campaign) -> Self:
        """Narrow to a campaign's, the latest first."""
        return self.filter(campaign=campaign).order_by("-day")


class CampaignSnapshot(Counts):
    """How a campaign stood at the end of a day, counted from its beginning; that of today follows the cycles.

    `counted_at` and `mark` are up to which moment, and which key of a row, it counts: later ones count on from there.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="snapshots", db_index=False)
    day = models.DateField(help_text="In UTC")
    complaints = models.PositiveIntegerField(default=0)
    opted_out = models.PositiveIntegerField(default=0, help_text="Leads that were written to, and want no more")
    qualified = models.PositiveIntegerField(default=0, help_text="Leads that ever were worth writing to, at dawn")
    meetings = models.PositiveIntegerField(default=0, help_text="Leads that are at a meeting or beyond")
    won = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField()
    mark = models.UUIDField(editable=False)

    objects = CampaignSnapshotQuerySet.as_manager()

    class Meta:
        ordering = ("-day", "campaign")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "day"], name="snapshot_once_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}, {self.day:%Y-%m-%d}"


class VariantSnapshot(Counts):
    """The part of a snapshot that one step of a sequence has in it, with one of its two subjects."""

    snapshot = models.ForeignKey(CampaignSnapshot, on_delete=models.CASCADE, related_name="parts", db_index=False)
    step = models.ForeignKey(SequenceStep, on_delete=models.CASCADE, related_name="+", db_index=False)
    variant = models.CharField(max_length=1)

    class Meta:
        ordering = ("snapshot", "step", "variant")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["snapshot", "step", "variant"], name="variant_once_per_snapshot"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.variant}"


class PauseRule(UuidModel):
    """What pauses a campaign by itself. What it fired on is settled: once resumed, it is counted on from there."""

    class Kind(models.TextChoices):
        BOUNCES = "BOUNCES", "Too many mails bounce"
        COMPLAINTS = "COMPLAINTS", "Too many call it spam"
        FEW_REPLIES = "FEW_REPLIES", "Too few answer"
        POSITIVE_TARGET = "POSITIVE_TARGET", "Its target of positive replies is reached"
        MEETING_TARGET = "MEETING_TARGET", "Its target of meetings is reached"
        LOST = "LOST", "Too many leads are lost"
        NOBODY_NEW = "NOBODY_NEW", "No lead has qualified for long"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="pause_rules", db_index=False)
    kind = models.CharField(max_length=16, choices=Kind)
    is_on = models.BooleanField(default=True)
    limit = models.DecimalField(
        max_digits=8, decimal_places=4, help_text="A share (0.05), a number of meetings or positive replies, or days"
    )
    after = models.PositiveIntegerField(default=0, help_text="Mails, or leads, before it is looked at")
    fired_at = models.DateTimeField(null=True, blank=True)
    fired_on = models.JSONField(default=dict, help_text="The counts it fired on: they are not held against it again")

    class Meta:
        ordering = ("campaign", "kind")
        permissions: ClassVar = [("set_pause_rule", "Can set what pauses a campaign by itself")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "kind"], name="pause_rule_once"),
            models.CheckConstraint(condition=Q(limit__gt=0), name="pause_rule_has_a_limit"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

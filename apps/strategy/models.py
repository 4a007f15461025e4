"""Strategies: the versions worked out for a brief, and what each consists of."""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from apps.identity.models import Client, User
from apps.shared.models import OfRunQuerySet, RunModel, StateModel, UuidModel

_SHARES_SUM_TO_100 = """
    -- A strategy that goes takes its channels with it: then there is nothing left to sum.
    IF NOT EXISTS (SELECT 1 FROM strategy_strategy WHERE id = of_strategy) THEN
        RETURN NULL;
    END IF;
    SELECT COALESCE(SUM(budget_share_pct), 0) INTO total FROM strategy_channelplan WHERE strategy_id = of_strategy;
    IF ABS(total - 100) > 0.5 THEN
        RAISE EXCEPTION 'Budget shares of strategy % sum to % percent; they must sum to 100 (within 0.5).',
            of_strategy, total USING ERRCODE = 'check_violation', CONSTRAINT = 'channelplan_shares_sum_to_100';
    END IF;
    RETURN NULL;
"""
_OF_STRATEGY = "uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.strategy_id ELSE NEW.strategy_id END"


class StrategyQuerySet(OfRunQuerySet):
    """Strategies, and which of them wait for a decision."""

    def undecided(self) -> Self:
        """Narrow to versions that nobody has approved or rejected yet."""
        return self.filter(state=Strategy.State.DRAFT)


class Strategy(RunModel, StateModel):
    """One version of the strategy for a brief; its content never changes, only its state."""

    class State(models.TextChoices):
        DRAFT = "DRAFT"
        APPROVED = "APPROVED"
        REJECTED = "REJECTED"
        SUPERSEDED = "SUPERSEDED"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    brief_id = models.UUIDField(db_index=True)
    version = models.PositiveIntegerField()
    preset = models.CharField(max_length=32)
    executive_summary = models.TextField()
    layers = models.JSONField()
    budget_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    budget_currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217, empty without a budget")
    start_date = models.DateField()
    end_date = models.DateField()
    state = FSMField(choices=State.choices, default=State.DRAFT, protected=True)
    approved_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="Why it was approved or rejected")

    objects = StrategyQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        verbose_name_plural = "strategies"
        permissions: ClassVar = [
            ("approve_strategy", "Can approve a strategy"),
            ("reject_strategy", "Can reject a strategy"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brief_id", "version"], name="strategy_version_once_per_brief"),
            models.UniqueConstraint(
                fields=["brief_id"], condition=Q(state="APPROVED"), name="strategy_one_approved_per_brief"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="strategy_version_from_1"),
            models.CheckConstraint(condition=Q(end_date__gte=F("start_date")), name="strategy_ends_after_start"),
            models.CheckConstraint(
                condition=Q(budget_amount__isnull=True, budget_currency="")
                | (Q(budget_amount__gte=0) & ~Q(budget_currency="")),
                name="strategy_budget_has_currency",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["APPROVED", "SUPERSEDED"])
                | Q(approved_by__isnull=False, decided_at__isnull=False),
                name="strategy_approval_names_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="REJECTED") | (Q(decided_at__isnull=False) & ~Q(reason="")),
                name="strategy_rejection_says_why",
            ),
        ]
        indexes: ClassVar = [
            # The desk's first page asks for the few of them, whatever number was decided before.
            models.Index(fields=["id"], name="strategy_undecided", condition=Q(state="DRAFT")),
        ]

    def __str__(self) -> str:
        return f"Strategy v{self.version}"

    @transition(field=state, source=State.DRAFT, target=State.APPROVED)
    def approve(self) -> None:
        """Accept this version as the one to work by."""

    @transition(field=state, source=State.DRAFT, target=State.REJECTED)
    def reject(self) -> None:
        """Turn this version down."""

    @transition(field=state, source=State.APPROVED, target=State.SUPERSEDED)
    def supersede(self) -> None:
        """Give way to a newer approved version."""


class Kpi(UuidModel):
    """A number the strategy is measured by; without a target where the brief gave none."""

    class Stage(models.TextChoices):
        AWARENESS = "AWARENESS"
        ENGAGEMENT = "ENGAGEMENT"
        CONVERSION = "CONVERSION"
        RETENTION = "RETENTION"

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="kpis")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    stage = models.CharField(max_length=16, choices=Stage)
    target = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    baseline = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=120, blank=True)
    days = models.PositiveIntegerField(help_text="Days the target is counted over")
    source = models.TextField(help_text="Where the number comes from, or how it will be found")

    class Meta:
        ordering = ("position",)
        verbose_name = "KPI"
        constraints: ClassVar = [models.UniqueConstraint(fields=["strategy", "position"], name="kpi_position_once")]

    def __str__(self) -> str:
        return self.name


class ChannelPlan(UuidModel):
    """A channel of the strategy: its share of the budget, its role and what is done there."""

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="channels")
    position = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=80)
    budget_share_pct = models.DecimalField(max_digits=5, decimal_places=2)
    budget_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    role = models.TextField()
    tactics = models.JSONField()
    posts_per_week = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "position"], name="channelplan_position_once"),
            models.UniqueConstraint(fields=["strategy", "channel"], name="channelplan_channel_once"),
            models.CheckConstraint(
                condition=Q(budget_share_pct__gte=0, budget_share_pct__lte=100), name="channelplan_share_is_percent"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="shares_sum_to_100",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                timing=pgtrigger.Deferred,  # rows come one by one: only the whole can be right
                func=_SHARES_SUM_TO_100,
                declare=[("of_strategy", _OF_STRATEGY), ("total", "numeric")],
            )
        ]

    def __str__(self) -> str:
        return self.channel


class Milestone(UuidModel):
    """Something that must be true by the end of a week (1 = the first)."""

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    week = models.PositiveSmallIntegerField()
    date = models.DateField()
    name = models.TextField()

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "position"], name="milestone_position_once"),
            models.CheckConstraint(condition=Q(week__gte=1), name="milestone_week_from_1"),
        ]

    def __str__(self) -> str:
        return f"Week {self.week}: {self.name}"

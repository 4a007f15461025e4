"""Where clients stand with us, and how likely they are to leave."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django_fsm import FSMField, transition
from uuid_utils.compat import uuid7

from apps.identity.models import Client
from apps.retention.rules import NEWEST
from apps.shared.models import StateModel, UuidModel

MOVERS_SHOWN_FOR = timedelta(days=14)


class LifecycleQuerySet(models.QuerySet["Lifecycle"]):
    """Clients that are looked after."""

    def watched(self) -> Self:
        """Narrow to clients who are still with us."""
        return self.filter(client__status=Client.Status.ACTIVE).exclude(stage=Lifecycle.Stage.CHURNED)

    def with_newest(self) -> Self:
        """Say beside each how it stands: the newest score and its level."""
        newest = HealthScore.objects.filter(client_id=OuterRef("client_id")).order_by("-week_start_date")
        return self.annotate(score=Subquery(newest.values("score")[:1]), level=Subquery(newest.values("level")[:1]))


class Lifecycle(StateModel, UuidModel):
    """Where one client stands with us. A person says who was renewed and who left; the score says who is at risk."""

    class Stage(models.TextChoices):
        ONBOARDING = "ONBOARDING"
        ACTIVE = "ACTIVE"
        AT_RISK = "AT_RISK"
        RENEWED = "RENEWED"
        CHURNED = "CHURNED"

    WITH_US = (Stage.ONBOARDING, Stage.ACTIVE, Stage.AT_RISK, Stage.RENEWED)

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="+")
    stage = FSMField(choices=Stage.choices, default=Stage.ONBOARDING, protected=True)
    advanced_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="Why the client is at this stage")

    objects = LifecycleQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("activate_lifecycle", "Can end a client's onboarding by hand"),
            ("assess_renewal_risk", "Can have a client's score computed before its time"),
        ]

    def __str__(self) -> str:
        return f"{self.client}"

    @transition(field=stage, source=(Stage.ONBOARDING, Stage.AT_RISK), target=Stage.ACTIVE)
    def activate(self) -> None:
        """The work has begun, or the danger is over."""

    @transition(field=stage, source=(Stage.ONBOARDING, Stage.ACTIVE, Stage.RENEWED), target=Stage.AT_RISK)
    def endanger(self) -> None:
        """The score says that the client may leave."""

    @transition(field=stage, source=WITH_US, target=Stage.RENEWED)
    def renew(self) -> None:
        """The client goes on with us."""

    @transition(field=stage, source=WITH_US, target=Stage.CHURNED)
    def churn(self) -> None:
        """The client has left."""


class HealthScoreQuerySet(models.QuerySet["HealthScore"]):
    """Scores, week by week."""

    def movers(self, at: datetime) -> Self:
        """Narrow to those that rose into a higher level lately, the worst first."""
        since = (at - MOVERS_SHOWN_FOR).date()
        return self.filter(is_rise=True, week_start_date__gte=since).order_by("-score", "pk")


class HealthScore(models.Model):
    """How likely a client was to leave in one ISO week: frozen with its inputs and weights, never computed anew."""

    class Level(models.TextChoices):
        UNMEASURED = "UNMEASURED"
        LOW = "LOW"
        MEDIUM = "MEDIUM"
        HIGH = "HIGH"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    week_start_date = models.DateField(help_text="The Monday of its ISO week")
    score = models.DecimalField(max_digits=5, decimal_places=4, null=True, help_text="0 will stay, 1 will leave")
    level = models.CharField(max_length=10, choices=Level)
    level_before = models.CharField(max_length=10, choices=Level, blank=True, help_text="The last one known before")
    is_rise = models.BooleanField(default=False, help_text="It rose into a higher level of risk this week")
    measured_weight = models.DecimalField(max_digits=4, decimal_places=3, help_text="Of 1: how much was measured")
    formula_version = models.PositiveSmallIntegerField(default=NEWEST)
    inputs = models.JSONField(help_text="What each factor saw, null where nothing was measured")
    weights = models.JSONField()
    assessed_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = HealthScoreQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "week_start_date"], name="health_score_once_a_week"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__range=(0, 1)), name="health_score_0_to_1"),
            models.CheckConstraint(condition=Q(week_start_date__iso_week_day=1), name="health_score_on_mondays"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["week_start_date", "-score"], name="health_score_rose", condition=Q(is_rise=True))
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.client}, week of {self.week_start_date}"

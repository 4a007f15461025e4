"""Where clients stand with us, what was seen of them, how likely they are to leave, and what is done about it."""

from datetime import date, datetime, timedelta
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, OuterRef, Prefetch, Q, Subquery
from django_fsm import FSMField, transition
from uuid_utils.compat import uuid7

from apps.identity.models import Client, User
from apps.retention.rules import DETRACTOR_UP_TO, MARKS, NEWEST
from apps.shared.models import PostedModel, StateModel, UuidModel

ENGAGEMENTS = ("INTAKE_SENT", "REVIEW_DECIDED", "COMMENTED", "SURVEY_ANSWERED")
"""What somebody of the client's did; what we did for them is no engagement of theirs."""
MOVERS_SHOWN_FOR = timedelta(days=14)


class Signal(models.Model):
    """What one event of another module tells of a client. It never changes: what counts no more, TAKEN_BACK tells."""

    class Kind(models.TextChoices):
        DELIVERED = "DELIVERED"
        INTAKE_SENT = "INTAKE_SENT"
        REVIEW_DECIDED = "REVIEW_DECIDED"
        COMMENTED = "COMMENTED"
        SURVEY_ANSWERED = "SURVEY_ANSWERED"
        ROUND_PLANNED = "ROUND_PLANNED"
        QC_PASSED = "QC_PASSED"
        QC_FAILED = "QC_FAILED"
        INVOICE_ISSUED = "INVOICE_ISSUED"
        INVOICE_OVERDUE = "INVOICE_OVERDUE"
        INVOICE_SETTLED = "INVOICE_SETTLED"
        REPORT_PUBLISHED = "REPORT_PUBLISHED"
        TAKEN_BACK = "TAKEN_BACK"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind)
    about_id = models.UUIDField(help_text="The row it is about")
    value = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    source_event_id = models.UUIDField(unique=True, help_text="The event it was seen by: one event, one signal")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        indexes: ClassVar = [models.Index(fields=["client", "kind", "at"], name="signals_of_client")]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.get_kind_display().replace("_", " ").capitalize()


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


class SurveyQuerySet(models.QuerySet["Survey"]):
    """Surveys, and who has to be talked to."""

    def unheard(self) -> Self:
        """Narrow to answers of detractors to whom nobody has talked yet."""
        return self.filter(score__lte=DETRACTOR_UP_TO, followed_up_at=None)


class Survey(PostedModel):
    """One person of a client's asked once, by one letter, whether they recommend us; and what they said.

    Only the hash of the link's secret is stored. The letter may go out twice where the connection to the mail server
    breaks; both copies hold the same link.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, blank=True)
    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    expires_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 10")
    comment = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    followed_up_at = models.DateTimeField(null=True, blank=True)
    followed_up_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True, help_text="What came of talking to them")

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("send_survey", "Can ask a client whether they recommend us"),
            ("follow_up_survey", "Can note that somebody talked to who would not recommend us"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="survey_token_once"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__range=(0, 10)), name="survey_score_0_to_10"),
            models.CheckConstraint(
                condition=Q(score=None, answered_at=None) | Q(score__isnull=False, answered_at__isnull=False),
                name="survey_answer_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(followed_up_at=None, followed_up_by=None)
                | Q(followed_up_at__isnull=False, followed_up_by__isnull=False) & ~Q(note=""),
                name="survey_follow_up_says_what_came",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="survey_to_send", condition=Q(state__in=("WAITING", "SENDING"))),
            models.Index(
                fields=["answered_at"], name="survey_unheard", condition=Q(score__lte=6, followed_up_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"Survey of {self.name or self.email}"

    def is_open(self, at: datetime) -> bool:
        """Tell whether it can be answered."""
        return self.answered_at is None and at < self.expires_at
